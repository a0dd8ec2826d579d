"""Who may do what: one table, one question.

Everything that belongs to an organisation is reached through a path of owners that ends
at it. A person acts there with the role of their membership, or with the role that a
project gives them or one of their teams; an admin of the organisation is one everywhere.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, Q, QuerySet, Value

from accounts.errors import NotAllowed
from accounts.models import Membership, Organisation, ProjectRole, Role, User
from audit.owners import owner_of
from engine.errors import NotFound

Action = Literal[
    "view",
    "evaluate",
    "report",
    "comment",
    "create",
    "edit",
    "cancel",
    "share",
    "propose",
    "merge",
    "approve",
    "waive",
    "audit",
    "manage",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Somebody without an account who holds a share link to one design."""

    name: str
    organisation_id: UUID
    design_id: UUID
    actions: frozenset[Action]  # none once the link has ended

    def __str__(self) -> str:
        return self.name

    def may(self, action: Action, obj: Model) -> bool:
        """Whether the link allows this to the design, or to something in it."""
        is_design = obj._meta.model_name == "design"
        design_id = obj.pk if is_design else getattr(obj, "design_id", None)
        return action in self.actions and design_id == self.design_id


Actor = User | AnonymousUser | Visitor

_LOOKS = frozenset({Role.AUDITOR, Role.VIEWER, Role.EDITOR, Role.REVIEWER, Role.ADMIN})
_ASKS = _LOOKS - {Role.AUDITOR}
_DRAWS = _ASKS - {Role.VIEWER}
_JUDGES = frozenset({Role.REVIEWER, Role.ADMIN})

# The roles that may do each thing. An auditor sees all of it and changes nothing.
ALLOWED: Mapping[Action, frozenset[Role]] = {
    "view": _LOOKS,
    "evaluate": _ASKS,
    "report": _ASKS,
    "comment": _ASKS,
    "create": _DRAWS,
    "edit": _DRAWS,
    "cancel": _DRAWS,
    "share": _DRAWS,
    "propose": _DRAWS,
    "merge": _DRAWS,
    "approve": _JUDGES,
    "waive": _JUDGES,
    "audit": frozenset({Role.AUDITOR, Role.ADMIN}),
    "manage": frozenset({Role.ADMIN}),
}
STRENGTH: Mapping[str, int] = {role.value: rank for rank, role in enumerate(Role)}


def can(actor: Actor, action: Action, obj: Model) -> bool:
    """Whether the actor may do this to an organisation, a project or anything they own."""
    if isinstance(actor, Visitor):
        return actor.may(action, obj)
    owner = owner_of(obj)
    return role_in(actor, owner.organisation_id, owner.project_id) in ALLOWED[action]


def require(actor: Actor, action: Action, obj: Model) -> None:
    """Stop an actor who may not do this.

    Raises
    ------
    NotFound
        If the actor may not even know that it exists.
    NotAllowed
        If the actor may see it, but may not do this.
    """
    if can(actor, action, obj):
        return
    if action == "view" or not can(actor, "view", obj):
        raise NotFound(f"There is no such {obj._meta.verbose_name}, or you have no access to it.")
    raise NotAllowed(f"This needs the role {_roles(action)}.", action=action, about=obj)


def _roles(action: Action) -> str:
    *others, last = [role.label.lower() for role in Role if role in ALLOWED[action]]
    return f"{', '.join(others)} or {last}" if others else last


def organisations_of(actor: Actor) -> QuerySet[Organisation]:
    """The organisations all of whose things the actor may see."""
    return Organisation.objects.filter(_open_to(actor))


def visible_projects(actor: Actor, path: str = "") -> Q:
    """What every list of projects, or of things in projects, is limited to.

    `path` leads from the listed things to their project: ``"project"`` for designs.
    """
    begin = f"{path}__" if path else ""
    return Q(**{f"{begin}organisation__in": organisations_of(actor)}) | Q(
        **{f"{begin}pk__in": _given_to(actor)}
    )


def visible_project_ids(actor: Actor) -> QuerySet[ProjectRole, UUID]:
    """The projects that give the actor a role of their own."""
    return _given_to(actor)


# Roles by person, organisation and project, while somebody only reads one page.
_asked: ContextVar[dict[tuple[UUID, UUID, UUID | None], str | None] | None] = ContextVar(
    "roles asked", default=None
)


@contextmanager
def asked_once() -> Iterator[None]:
    """Ask the database for each role only once; for requests that change nothing."""
    token = _asked.set({})
    try:
        yield
    finally:
        _asked.reset(token)


def role_in(actor: Actor, organisation_id: UUID, project_id: UUID | None = None) -> str | None:
    """The actor's role in an organisation, or in one of its projects.

    None for strangers and suspended members, whatever a project says.
    """
    if isinstance(actor, Visitor) or not (actor.is_authenticated and actor.is_active):
        return None
    known = _asked.get()
    if known is None:
        return _role_in(actor, organisation_id, project_id)
    key = actor.pk, organisation_id, project_id
    if key not in known:
        known[key] = _role_in(actor, organisation_id, project_id)
    return known[key]


def _role_in(actor: User, organisation_id: UUID, project_id: UUID | None) -> str | None:
    held = Membership.objects.filter(
        user=actor, organisation_id=organisation_id, is_suspended=False
    ).values_list("role", Value(value=False))
    if project_id is not None:
        given = ProjectRole.objects.filter(
            _holds(actor), organisation_id=organisation_id, project_id=project_id
        ).values_list("role", Value(value=True))
        # One query: this is asked for every request.
        held = held.union(given)
    roles: list[tuple[str, bool]] = list(held)
    own = next((role for role, is_given in roles if not is_given), None)
    if own is None or own == Role.ADMIN:
        return own
    in_project = [role for role, is_given in roles if is_given]
    return max(in_project, key=STRENGTH.__getitem__, default=own)


def _holds(actor: User) -> Q:
    return Q(user=actor) | Q(team__members=actor)


def _open_to(actor: Actor) -> Q:
    if isinstance(actor, Visitor) or not (actor.is_authenticated and actor.is_active):
        return Q(pk__in=[])
    memberships = Membership.objects.filter(
        user=actor, is_suspended=False, role__in=ALLOWED["view"]
    )
    return Q(pk__in=memberships.values("organisation_id"))


def _given_to(actor: Actor) -> QuerySet[ProjectRole, UUID]:
    if isinstance(actor, Visitor) or not (actor.is_authenticated and actor.is_active):
        return ProjectRole.objects.none().values_list("project_id", flat=True)
    memberships = Membership.objects.filter(user=actor, is_suspended=False)
    return ProjectRole.objects.filter(
        _holds(actor), organisation_id__in=memberships.values("organisation_id")
    ).values_list("project_id", flat=True)
