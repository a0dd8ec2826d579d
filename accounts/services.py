"""The first account, the ways in by a one-time key, and API tokens."""

from uuid import UUID

from django.db import transaction

from accounts.auth import digest_of, new_token
from accounts.errors import AlreadySetUp, KeyRefused, TokenNotFound
from accounts.keys import KEY_LIFE, make_key, matching, use_up
from accounts.models import ApiToken, EntryKey, Membership, Organisation, Role, User
from accounts.naming import choose_password, named
from audit.services import record


def make_setup_key() -> str:
    """A one-time key that makes the first account; earlier ones stop working."""
    return make_key(EntryKey.Purpose.SETUP, None, KEY_LIFE)


def make_enter_key(*, user: User) -> str:
    """A one-time key that signs a person in; earlier ones stop working."""
    return make_key(EntryKey.Purpose.ENTER, user, KEY_LIFE)


def create_first_account(*, key: str, name: str, password: str) -> tuple[User, Organisation]:
    """Make the one account that may exist without an invitation, and its organisation.

    Raises
    ------
    KeyRefused
        If the key does not open the set-up; a wrong one costs a try.
    AlreadySetUp
        If somebody was first.
    AccountInvalid
        If the name or the password cannot be used; the key stays good.
    """
    with transaction.atomic():
        found = matching(EntryKey.Purpose.SETUP, key)
        if found is not None:
            if User.objects.exists():
                raise AlreadySetUp("Sign in instead.")
            user = named(name)
            choose_password(user, password)
            user.is_superuser = True
            user.save()
            organisation = Organisation.objects.create(name=f"{user.username}'s organisation")
            Membership.objects.create(user=user, organisation=organisation, role=Role.ADMIN)
            use_up(found)
            record(actor=user, action="organisation.set-up", obj=organisation)
            return user, organisation
    raise KeyRefused("Start Plenum again for a fresh link.")


def enter(*, key: str) -> User:
    """The person whom a one-time key signs in.

    Raises
    ------
    KeyRefused
        If the key signs nobody in; a wrong one costs a try.
    """
    with transaction.atomic():
        found = matching(EntryKey.Purpose.ENTER, key)
        if found is not None and found.user is not None and found.user.is_active:
            use_up(found)
            return found.user
    raise KeyRefused("Sign in with your password, or start Plenum again for a fresh link.")


def join(*, key: str, password: str) -> User:
    """Set the password of whoever the key invites.

    Raises
    ------
    KeyRefused
        If the key invites nobody, or no longer.
    AccountInvalid
        If the password cannot be used; the key stays good.
    """
    with transaction.atomic():
        found = matching(EntryKey.Purpose.JOIN, key)
        if found is not None and found.user is not None:
            choose_password(found.user, password)
            found.user.save(update_fields=["password"])
            use_up(found)
            record(actor=found.user, action="password.choose", obj=found.user)
            return found.user
    raise KeyRefused("Ask an admin for a new link.")


@transaction.atomic
def create_token(*, user: User, name: str, scope: str) -> tuple[ApiToken, str]:
    """Make an API token; the secret is returned once and not kept."""
    secret = new_token()
    token = ApiToken.objects.create(user=user, name=name, scope=scope, digest=digest_of(secret))
    record(actor=user, action="token.make", obj=token, detail={"scope": scope})
    return token, secret


@transaction.atomic
def revoke_token(*, user: User, token_id: UUID) -> None:
    """Delete one of a person's own tokens.

    Raises
    ------
    TokenNotFound
        If the person has no such token.
    """
    token = ApiToken.objects.filter(user=user, pk=token_id).first()
    if token is None:
        raise TokenNotFound()
    record(actor=user, action="token.revoke", obj=token)
    token.delete()
