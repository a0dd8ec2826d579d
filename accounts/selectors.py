"""What is known about people and their rights."""

from django.db.models import QuerySet

from accounts.models import ApiToken, Membership, Organisation, User


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
