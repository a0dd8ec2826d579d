"""Making, opening and revoking share links."""

import hmac
import secrets
from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts import permissions
from accounts.auth import digest_of
from accounts.models import User
from audit.services import record
from layouts.models import Design
from layouts.services import checked_name
from sharing.errors import LinkInvalid, LinkRefused
from sharing.models import ShareLink

KEY_BYTES = 32
MAX_DAYS = 90


@transaction.atomic
def make_link(
    *, actor: User, design: Design, revision: int, name: str, allows: str, days: int
) -> tuple[ShareLink, str]:
    """A link to one revision, and its secret: shown once, kept nowhere.

    Raises
    ------
    LinkInvalid
        If a field cannot be used.
    """
    permissions.require(actor, "share", design)
    if allows not in ShareLink.Allows.values:
        raise LinkInvalid(f"A link allows {' or '.join(ShareLink.Allows.values)}.", field="allows")
    if not 1 <= days <= MAX_DAYS:
        raise LinkInvalid(f"A link lives for 1 to {MAX_DAYS} days.", field="days")
    if not 0 <= revision <= design.head:
        raise LinkInvalid(f"The design has the revisions 0 to {design.head}.", field="revision")
    secret = secrets.token_urlsafe(KEY_BYTES)
    now = timezone.now()
    link = ShareLink.objects.create(
        design=design,
        revision=revision,
        name=checked_name(name)[:100],
        allows=allows,
        digest=digest_of(secret),
        made_by=actor,
        made_at=now,
        expires_at=now + timedelta(days=days),
    )
    detail = {"allows": allows, "revision": revision, "days": days, "design": design.name}
    record(actor=actor, action="share.make", obj=link, detail=detail)
    return link, secret


@transaction.atomic
def revoke_link(*, actor: User, link: ShareLink) -> ShareLink:
    """End a link now; revoking one that has ended changes nothing."""
    permissions.require(actor, "share", link.design)
    if link.revoked_at is None:
        link.revoked_at = timezone.now()
        link.save(update_fields=["revoked_at"])
        record(actor=actor, action="share.revoke", obj=link)
    return link


@transaction.atomic
def open_link(*, secret: str) -> ShareLink:
    """The live link that a secret opens; counts the use.

    Raises
    ------
    LinkRefused
        If the secret opens nothing, or no longer.
    """
    digest = digest_of(secret)
    link = ShareLink.objects.filter(digest=digest).select_related("design").first()
    if link is None or not hmac.compare_digest(link.digest, digest) or not link.is_live:
        raise LinkRefused("Ask whoever sent it for a new link.")
    now = timezone.now()
    ShareLink.objects.filter(pk=link.pk).update(use_count=F("use_count") + 1, used_at=now)
    record(actor=None, actor_name=f"holder of {link.name}", action="share.open", obj=link)
    return link
