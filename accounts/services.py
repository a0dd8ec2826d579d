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
from accounts.errors import (
    AccountInvalid,
    AlreadySetUp,
    BelongsElsewhere,
    KeyRefused,
    LastAdmin,
    TokenNotFound,
)
from accounts.models import ApiToken, EntryKey, Membership, Organisation, Role, User

KEY_BYTES = 16
KEY_TRIES = 5
KEY_LIFE = timedelta(minutes=15)
INVITATION_LIFE = timedelta(days=7)


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
            user = _named(name)
            _choose_password(user, password)
            user.is_superuser = True
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
    # A stranger's wrong guess must not cost invited people their link.
    if found is None and purpose != EntryKey.Purpose.JOIN:
        EntryKey.objects.filter(pk__in=[key.pk for key in live]).update(
            tries_left=F("tries_left") - 1
        )
    return found


def _use_up(key: EntryKey) -> None:
    key.used_at = timezone.now()
    key.save(update_fields=["used_at"])


def _named(name: str) -> User:
    user = User(username=User.normalize_username(" ".join(name.split())))
    try:
        user.full_clean(exclude=["password"])
    except ValidationError as error:
        raise _refused("name", error) from error
    return user


def _choose_password(user: User, password: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise _refused("password", error) from error
    user.set_password(password)


def _refused(path: str, error: ValidationError) -> AccountInvalid:
    return AccountInvalid(
        " ".join(error.messages),
        errors=[{"path": path, "message": message} for message in error.messages],
    )


@transaction.atomic
def invite_member(*, organisation: Organisation, name: str, role: str) -> tuple[User, str]:
    """Make an account without a password, and the key that lets its person choose one.

    Raises
    ------
    AccountInvalid
        If the name cannot be used.
    """
    user = _named(name)
    user.set_unusable_password()
    user.save()
    Membership.objects.create(user=user, organisation=organisation, role=role)
    return user, _make_key(EntryKey.Purpose.JOIN, user, INVITATION_LIFE)


def renew_invitation(*, member: Membership) -> str:
    """A key with which a member chooses a new password.

    Raises
    ------
    BelongsElsewhere
        If the person is in another organisation too, whose things it would open.
    """
    if Membership.objects.filter(user=member.user).exclude(pk=member.pk).exists():
        raise BelongsElsewhere("Ask them to change their password themselves.")
    return _make_key(EntryKey.Purpose.JOIN, member.user, INVITATION_LIFE)


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
        found = _matching(EntryKey.Purpose.JOIN, key)
        if found is not None and found.user is not None:
            _choose_password(found.user, password)
            found.user.save(update_fields=["password"])
            _use_up(found)
            return found.user
    raise KeyRefused("Ask an admin for a new link.")


@transaction.atomic
def change_role(*, member: Membership, role: str) -> None:
    """Give a member another role.

    Raises
    ------
    LastAdmin
        If no admin would be left.
    """
    _lock(member)
    if role != Role.ADMIN:
        _keep_an_admin_besides(member)
    member.role = role
    member.save(update_fields=["role"])


@transaction.atomic
def suspend_member(*, member: Membership) -> None:
    """Take all access away, keeping the member's name on what they did.

    Raises
    ------
    LastAdmin
        If no admin would be left.
    """
    _lock(member)
    _keep_an_admin_besides(member)
    member.is_suspended = True
    member.save(update_fields=["is_suspended"])


def reinstate_member(*, member: Membership) -> None:
    """Give a suspended member their access back."""
    member.is_suspended = False
    member.save(update_fields=["is_suspended"])


def _lock(member: Membership) -> None:
    # Two admins who remove each other at once must take turns.
    Organisation.objects.select_for_update().get(pk=member.organisation_id)


def _keep_an_admin_besides(member: Membership) -> None:
    others = Membership.objects.filter(
        organisation=member.organisation_id, role=Role.ADMIN, is_suspended=False
    ).exclude(pk=member.pk)
    if not others.exists():
        raise LastAdmin("Make somebody else an admin first.")


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
