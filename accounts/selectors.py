"""What is known about people and their rights."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib.sessions.models import Session
from django.db.models import F, Model, QuerySet
from django.utils import timezone

from accounts.errors import MemberNotFound, TeamNotFound
from accounts.models import (
    ApiToken,
    BrowserSession,
    Membership,
    Organisation,
    ProjectRole,
    Role,
    Team,
    User,
)
from accounts.permissions import Action, can, organisations_of, require
from audit.owners import owner_of
from engine.errors import NotFound


def tokens_of(user: User) -> QuerySet[ApiToken]:
    """A person's API tokens, newest first."""
    return user.api_tokens.order_by("-created_at", "id")


def members_of(organisation: Organisation) -> QuerySet[Membership]:
    """Everyone in an organisation, suspended ones too, by name."""
    return organisation.memberships.select_related("user").order_by("user__username")


def member_ids_of(organisation: Organisation) -> QuerySet[Membership, UUID]:
    """The people in an organisation, suspended ones too."""
    return organisation.memberships.values_list("user_id", flat=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tab:
    """An organisation whose pages a person may open, and which of them."""

    organisation: Organisation
    is_managed: bool
    is_audited: bool


def tabs_of(user: User) -> list[Tab]:
    """The organisations that a person manages or audits."""
    found = [
        Tab(
            organisation=each,
            is_managed=can(user, "manage", each),
            is_audited=can(user, "audit", each),
        )
        for each in organisations_of(user).order_by("name")
    ]
    return [each for each in found if each.is_managed or each.is_audited]


def sessions_of(user: User) -> list[BrowserSession]:
    """Where a person is signed in now, the browser used last first."""
    now = timezone.now()
    live = Session.objects.filter(expire_date__gt=now).values("session_key")
    return list(user.browser_sessions.filter(session_key__in=live))


def people_who(action: Action, obj: Model) -> list[User]:
    """Everybody who may do this to a thing, by name: whom to ask, or to tell."""
    owner = owner_of(obj)
    members = Membership.objects.filter(
        organisation_id=owner.organisation_id, is_suspended=False, user__is_active=True
    )
    people = members.select_related("user").order_by("user__username")
    return [member.user for member in people if can(member.user, action, obj)]


def project_roles_in(project_id: UUID) -> QuerySet[ProjectRole]:
    """The roles that a project gives, to teams first."""
    return (
        ProjectRole.objects.filter(project_id=project_id)
        .select_related("user", "team")
        .order_by(F("team__name").asc(nulls_last=True), "user__username")
    )


def organisation_to_audit(organisation_id: UUID, actor: User) -> Organisation:
    """An organisation whose trail the actor may read.

    Raises
    ------
    NotFound
        If there is none that the actor may know of.
    NotAllowed
        If the actor is a member but neither auditor nor admin.
    """
    return _organisation_to("audit", organisation_id, actor)


def organisation_to_manage(organisation_id: UUID, actor: User) -> Organisation:
    """An organisation whose members the actor manages.

    Raises
    ------
    NotFound
        If there is none that the actor may know of.
    Forbidden
        If the actor is a member but no admin.
    """
    return _organisation_to("manage", organisation_id, actor)


def _organisation_to(action: Action, organisation_id: UUID, actor: User) -> Organisation:
    organisation = Organisation.objects.filter(pk=organisation_id).first()
    if organisation is None:
        raise NotFound("There is no such organisation, or you have no access to it.")
    require(actor, action, organisation)
    return organisation


def team_to_manage(organisation_id: UUID, team_id: UUID, actor: User) -> Team:
    """A team that the actor manages.

    Raises
    ------
    TeamNotFound
        If the organisation has no such team.
    """
    organisation = organisation_to_manage(organisation_id, actor)
    team = organisation.teams.filter(pk=team_id).first()
    if team is None:
        raise TeamNotFound()
    return team


def member_to_manage(organisation_id: UUID, member_id: int, actor: User) -> Membership:
    """A member whom the actor manages.

    Raises
    ------
    MemberNotFound
        If the organisation has no such member.
    """
    organisation = organisation_to_manage(organisation_id, actor)
    member = members_of(organisation).filter(pk=member_id).first()
    if member is None:
        raise MemberNotFound()
    return member


def is_set_up() -> bool:
    """Whether the first account exists."""
    return User.objects.exists()


def memberships_of(user: User) -> QuerySet[Membership]:
    """A person's organisations and roles."""
    return user.memberships.select_related("organisation").order_by("organisation__name")


def first_admin() -> User | None:
    """Whoever set Plenum up, or else the longest-standing active admin."""
    membership = (
        Membership.objects.filter(role=Role.ADMIN, is_suspended=False, user__is_active=True)
        .select_related("user")
        .order_by("-user__is_superuser", "created_at", "pk")
        .first()
    )
    return membership.user if membership else None
