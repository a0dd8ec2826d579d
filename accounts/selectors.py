"""What is known about people and their rights."""

from uuid import UUID

from django.db.models import QuerySet

from accounts.errors import MemberNotFound
from accounts.models import ApiToken, Membership, Organisation, Role, User
from accounts.permissions import can, organisations_of, require
from engine.errors import NotFound


def tokens_of(user: User) -> QuerySet[ApiToken]:
    """A person's API tokens, newest first."""
    return user.api_tokens.order_by("-created_at", "id")


def members_of(organisation: Organisation) -> QuerySet[Membership]:
    """Everyone in an organisation, suspended ones too, by name."""
    return organisation.memberships.select_related("user").order_by("user__username")


def managed_by(user: User) -> list[Organisation]:
    """The organisations whose members a person manages."""
    return [each for each in organisations_of(user) if can(user, "manage", each)]


def organisation_to_manage(organisation_id: UUID, actor: User) -> Organisation:
    """An organisation whose members the actor manages.

    Raises
    ------
    NotFound
        If there is none that the actor may know of.
    Forbidden
        If the actor is a member but no admin.
    """
    organisation = Organisation.objects.filter(pk=organisation_id).first()
    if organisation is None:
        raise NotFound("There is no such organisation, or you have no access to it.")
    require(actor, "manage", organisation)
    return organisation


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
