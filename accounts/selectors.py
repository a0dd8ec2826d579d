"""What is known about people and their rights."""

from django.db.models import QuerySet

from accounts.models import ApiToken, Membership, Organisation, Role, User


def tokens_of(user: User) -> QuerySet[ApiToken]:
    """A person's API tokens, newest first."""
    return user.api_tokens.order_by("-created_at", "id")


def members_of(organisation: Organisation) -> QuerySet[Membership]:
    """Everyone in an organisation, suspended ones too, by name."""
    return organisation.memberships.select_related("user").order_by("user__username")


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
