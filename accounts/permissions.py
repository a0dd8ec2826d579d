"""Who may do what: one table, one question.

Everything that belongs to an organisation is reached through a path of owners
that ends at it. A person acts there with the role of their membership.
"""

from collections.abc import Mapping
from typing import Literal
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Model, Q, QuerySet

from accounts.models import Membership, Organisation, Role, User
from engine.errors import Forbidden, NotFound

Action = Literal[
    "view",
    "evaluate",
    "report",
    "create",
    "edit",
    "cancel",
    "comment",
    "propose",
    "merge",
    "approve",
    "protect",
    "manage",
]
Actor = User | AnonymousUser

# The weakest role that may do each thing.
MINIMAL_ROLE: Mapping[Action, Role] = {
    "view": Role.VIEWER,
    "evaluate": Role.VIEWER,
    "report": Role.VIEWER,
    "create": Role.EDITOR,
    "edit": Role.EDITOR,
    "cancel": Role.EDITOR,
    "comment": Role.EDITOR,
    "propose": Role.EDITOR,
    "merge": Role.EDITOR,
    "approve": Role.REVIEWER,
    "protect": Role.ADMIN,
    "manage": Role.ADMIN,
}
STRENGTH: Mapping[str, int] = {role.value: rank for rank, role in enumerate(Role)}

# The names under which a thing knows its owner, nearest first.
OWNERS = ("project", "design", "evaluation")


def can(actor: Actor, action: Action, obj: Model) -> bool:
    """Whether the actor may do this to a project, a design or anything they own."""
    role = role_in(actor, organisation_id_of(obj))
    return role is not None and STRENGTH[role] >= STRENGTH[MINIMAL_ROLE[action]]


def require(actor: Actor, action: Action, obj: Model) -> None:
    """Stop an actor who may not do this.

    Raises
    ------
    NotFound
        If the actor may not even know that it exists.
    Forbidden
        If the actor may see it, but may not do this.
    """
    if can(actor, action, obj):
        return
    if action == "view" or not can(actor, "view", obj):
        raise NotFound(f"There is no such {obj._meta.verbose_name}, or you have no access to it.")
    raise Forbidden(
        f"This needs the role {MINIMAL_ROLE[action].label.lower()} or above.", action=action
    )


def organisations_of(actor: Actor) -> QuerySet[Organisation]:
    """The organisations whose things the actor may see: what every list is limited to."""
    return Organisation.objects.filter(_open_to(actor))


def role_in(actor: Actor, organisation_id: UUID) -> str | None:
    """The actor's role in an organisation; None for strangers and suspended members."""
    if not (actor.is_authenticated and actor.is_active):
        return None
    return (
        Membership.objects.filter(user=actor, organisation_id=organisation_id, is_suspended=False)
        .values_list("role", flat=True)
        .first()
    )


def organisation_id_of(obj: Model) -> UUID:
    """The organisation that a thing belongs to, through its owners."""
    if isinstance(obj, Organisation):
        return obj.pk
    direct: UUID | None = getattr(obj, "organisation_id", None)
    if direct is not None:
        return direct
    for name in OWNERS:
        owner = getattr(obj, name, None)
        if owner is not None:
            return organisation_id_of(owner)
    raise TypeError(f"{type(obj).__name__} does not lead to an organisation")


def _open_to(actor: Actor) -> Q:
    if not (actor.is_authenticated and actor.is_active):
        return Q(pk__in=[])
    return Q(
        pk__in=Membership.objects.filter(user=actor, is_suspended=False).values("organisation_id")
    )
