"""Making accounts, members and API tokens."""

from uuid import UUID

from accounts.auth import digest_of, new_token
from accounts.errors import TokenNotFound
from accounts.models import ApiToken, User


def create_token(*, user: User, name: str, scope: str) -> tuple[ApiToken, str]:
    """Make an API token; the secret is returned once and not kept."""
    secret = new_token()
    token = ApiToken.objects.create(user=user, name=name, scope=scope, digest=digest_of(secret))
    return token, secret


def revoke_token(*, user: User, token_id: UUID) -> None:
    """Delete one of a person's own tokens.

    Raises
    ------
    TokenNotFound
        If the person has no such token.
    """
    deleted, _ = ApiToken.objects.filter(user=user, pk=token_id).delete()
    if not deleted:
        raise TokenNotFound()
