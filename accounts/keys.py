"""One-time keys: made once, opened once, out of date or out of tries soon."""

import hmac
import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.auth import digest_of
from accounts.models import EntryKey, Organisation, User
from audit.services import Result, record

KEY_BYTES = 16
KEY_TRIES = 5
KEY_LIFE = timedelta(minutes=15)
INVITATION_LIFE = timedelta(days=7)


@transaction.atomic
def make_key(
    purpose: EntryKey.Purpose,
    user: User | None,
    life: timedelta,
    *,
    organisation: Organisation | None = None,
    role: str = "",
) -> str:
    """A key that opens one thing; earlier ones stop working."""
    EntryKey.objects.filter(
        purpose=purpose, user=user, organisation=organisation, used_at=None
    ).delete()
    secret = secrets.token_urlsafe(KEY_BYTES)
    EntryKey.objects.create(
        purpose=purpose,
        user=user,
        organisation=organisation,
        role=role,
        digest=digest_of(secret),
        expires_at=timezone.now() + life,
        tries_left=KEY_TRIES,
    )
    return secret


def matching(purpose: EntryKey.Purpose, secret: str) -> EntryKey | None:
    """The live key that a secret is, held until the transaction ends; a wrong one costs a try."""
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
    if found is None and purpose not in {EntryKey.Purpose.JOIN, EntryKey.Purpose.INVITE}:
        EntryKey.objects.filter(pk__in=[key.pk for key in live]).update(
            tries_left=F("tries_left") - 1
        )
        if live:
            record(
                actor=None,
                action=f"key.{purpose}",
                obj=live[0].user,
                result=Result.FAILED,
                detail={"tries_left": live[0].tries_left - 1},
            )
    return found


def use_up(key: EntryKey) -> None:
    """Let a key open nothing more."""
    key.used_at = timezone.now()
    key.save(update_fields=["used_at"])
