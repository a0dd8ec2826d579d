"""Making, opening and revoking share links."""

import hmac
import secrets
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts import permissions
from accounts.auth import digest_of
from accounts.models import User
from accounts.permissions import Visitor
from analysis.assemble import assemble
from analysis.drawing import extent
from audit.services import record
from layouts.document import Document, Element
from layouts.models import Design
from layouts.selectors import document_at, products_of
from layouts.services import checked_name
from notices.models import Notice
from notices.services import notify
from reviews import threads
from reviews.errors import CommentInvalid
from reviews.models import Comment, Thread
from sharing.errors import LinkInvalid, LinkRefused
from sharing.models import ShareLink

KEY_BYTES = 32
MAX_DAYS = 90
MAX_COMMENTS = 100


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


@transaction.atomic
def say(
    *, visitor: Visitor, link: ShareLink, name: str, text: str, place: str = "", thread_id: str = ""
) -> Thread:
    """Comment through a link, under a name of one's own; or answer what was said through it.

    A new comment is pinned to the element with the tag `place`, else to the middle of the plan.

    Raises
    ------
    LinkInvalid
        If the name cannot be used, or the link holds as many comments as it may.
    CommentInvalid
        If there are no words, or no such place.
    """
    permissions.require(visitor, "comment", link.design)
    said = Comment.objects.filter(thread__in=link.threads.all()).count()
    if said >= MAX_COMMENTS:
        raise LinkInvalid(f"A link holds {MAX_COMMENTS} comments at most.", field="text")
    known = f"{checked_name(name)[:80]} (link {link.name})"
    actor = replace(visitor, name=known)
    thread = next((each for each in link.threads.all() if str(each.pk) == thread_id), None)
    if thread is not None:
        threads.reply(actor=actor, thread=thread, text=text)
        return thread
    document = document_at(link.design, link.revision)
    anchor: dict[str, Any] = {"type": "point"}
    point: tuple[float, float] | None = None
    if place.strip():
        element = _tagged(document, place)
        if element is None:
            raise CommentInvalid(f"Nothing on this plan is called {place.strip()[:60]!r}.")
        anchor = {"type": "element", "id": element["id"]}
    else:
        plant, _ = assemble(document, products_of(link.design))
        x0, y0, x1, y1 = extent(plant, document)
        point = (x0 + x1) / 2, (y0 + y1) / 2
    thread = threads.open_thread(
        actor=actor,
        design=link.design,
        anchor=anchor,
        text=text,
        point=point,
        revision=link.revision,
    )
    link.threads.add(thread)
    if link.made_by is not None:
        notify(
            [link.made_by],
            kind=Notice.Kind.SHARED,
            text=f"{known} comments on {link.design.name}: {thread.title}",
            url=f"/designs/{link.design_id}/comments/#thread-{thread.number}",
            about=thread,
        )
    return thread


def _tagged(document: Document, tag: str) -> Element | None:
    wanted = tag.strip().casefold()
    for element in document.in_order():
        identity = element.get("identity", {})
        if wanted in (
            str(identity.get("tag", "")).casefold(),
            str(identity.get("name", "")).casefold(),
        ):
            return element
    return None
