"""The browsers in which a person is signed in, and ending the sessions of any of them."""

from datetime import timedelta
from functools import partial
from typing import Final
from uuid import UUID

from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts import live
from accounts.errors import SessionNotFound
from accounts.models import BrowserSession, User
from audit.services import record

# A session in steady use costs one write in five minutes, not one a request.
SEEN_GRAIN: Final = timedelta(minutes=5)


def begin(request: HttpRequest, user: User) -> None:
    """Keep what a person needs to recognise the browser they just signed in with."""
    if not request.session.session_key:
        request.session.save()
    now = timezone.now()
    BrowserSession.objects.update_or_create(
        session_key=request.session.session_key,
        defaults={
            "user": user,
            "browser": request.headers.get("User-Agent", "")[:200],
            "address": request.META.get("REMOTE_ADDR") or None,
            "created_at": now,
            "seen_at": now,
        },
    )


def seen(request: HttpRequest) -> None:
    """Note that a session is in use."""
    key = request.session.session_key
    if key and cache.add(f"session-seen:{live.session_mark(key)}", 1, SEEN_GRAIN.total_seconds()):
        BrowserSession.objects.filter(session_key=key).update(seen_at=timezone.now())


@transaction.atomic
def end(*, user: User, session_id: UUID) -> None:
    """Sign one of a person's browsers out.

    Raises
    ------
    SessionNotFound
        If the person has no such session.
    """
    found = BrowserSession.objects.filter(user=user, pk=session_id).first()
    if found is None:
        raise SessionNotFound()
    _end([found])
    record(actor=user, action="session.end", obj=found)


@transaction.atomic
def end_others(*, user: User, but: str | None) -> int:
    """Sign a person out everywhere but in the browser they ask from; says how many ended."""
    others = list(BrowserSession.objects.filter(user=user).exclude(session_key=but or ""))
    _end(others)
    record(actor=user, action="session.end-others", obj=user, detail={"count": len(others)})
    return len(others)


def forget(session_key: str) -> None:
    """Drop a session from the list, because its browser signed out."""
    found = BrowserSession.objects.filter(session_key=session_key).first()
    if found is not None:
        found.delete()
        live.session_ended(found.user_id, session_key)


def _end(sessions: list[BrowserSession]) -> None:
    keys = [each.session_key for each in sessions]
    Session.objects.filter(session_key__in=keys).delete()
    BrowserSession.objects.filter(session_key__in=keys).delete()
    for each in sessions:
        transaction.on_commit(partial(live.session_ended, each.user_id, each.session_key))
