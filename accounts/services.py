"""Making accounts, members, one-time keys and API tokens."""

import hmac
import secrets
from datetime import timedelta
from uuid import UUID

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.auth import digest_of, new_token
from accounts.errors import AccountInvalid, AlreadySetUp, KeyRefused, TokenNotFound
from accounts.models import ApiToken, EntryKey, Membership, Organisation, Role, User

KEY_BYTES = 16
KEY_TRIES = 5
KEY_LIFE = timedelta(minutes=15)


def make_setup_key() -> str:
    """A one-time key that makes the first account; earlier ones stop working."""
    return _make_key(EntryKey.Purpose.SETUP, None, KEY_LIFE)


def make_enter_key(*, user: User) -> str:
    """A one-time key that signs a person in; earlier ones stop working."""
    return _make_key(EntryKey.Purpose.ENTER, user, KEY_LIFE)


@transaction.atomic
def _make_key(purpose: EntryKey.Purpose, user: User | None, life: timedelta) -> str:
    EntryKey.objects.filter(purpose=purpose, user=user, used_at=None).delete()
    secret = secrets.token_urlsafe(KEY_BYTES)
    EntryKey.objects.create(
        purpose=purpose,
        user=user,
        digest=digest_of(secret),
        expires_at=timezone.now() + life,
        tries_left=KEY_TRIES,
    )
    return secret


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
        found = _matching(EntryKey.Purpose.SETUP, key)
        if found is not None:
            if User.objects.exists():
                raise AlreadySetUp("Sign in instead.")
            user = _new_user(name, password)
            user.is_superuser = user.is_staff = True
            user.save()
            organisation = Organisation.objects.create(name=f"{user.username}'s organisation")
            Membership.objects.create(user=user, organisation=organisation, role=Role.ADMIN)
            _use_up(found)
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
        found = _matching(EntryKey.Purpose.ENTER, key)
        if found is not None and found.user is not None and found.user.is_active:
            _use_up(found)
            return found.user
    raise KeyRefused("Sign in with your password, or start Plenum again for a fresh link.")


def _matching(purpose: EntryKey.Purpose, secret: str) -> EntryKey | None:
    # Locks the candidates, so that a key opens once however many ask at the same moment.
    live = list(
        EntryKey.objects.select_for_update().filter(
            purpose=purpose, used_at=None, expires_at__gt=timezone.now(), tries_left__gt=0
        )
    )
    digest = digest_of(secret)
    found = None
    for candidate in live:
        if hmac.compare_digest(candidate.digest, digest):
            found = candidate
    if found is None:
        EntryKey.objects.filter(pk__in=[key.pk for key in live]).update(
            tries_left=F("tries_left") - 1
        )
    return found


def _use_up(key: EntryKey) -> None:
    key.used_at = timezone.now()
    key.save(update_fields=["used_at"])


def _new_user(name: str, password: str) -> User:
    user = User(username=User.normalize_username(" ".join(name.split())))
    errors: list[dict[str, str]] = []
    try:
        user.full_clean(exclude=["password"])
    except ValidationError as error:
        errors += [{"path": "name", "message": message} for message in error.messages]
    try:
        validate_password(password, user)
    except ValidationError as error:
        errors += [{"path": "password", "message": message} for message in error.messages]
    if errors:
        raise AccountInvalid(" ".join(each["message"] for each in errors), errors=errors)
    user.set_password(password)
    return user


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
