"""Reading the trail: searching it, and checking that nothing in it was touched."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from uuid import UUID

from django.db import connection
from django.db.models import Q, QuerySet

from audit import witness
from audit.chain import Fault, faults
from audit.models import Event, Head

GUARDS = ("audit_event_is_never_changed", "audit_event_is_never_deleted")


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What somebody looks for; empty fields let everything pass."""

    text: str = ""
    action: str = ""
    result: str = ""
    from_on: date | None = None
    to_on: date | None = None

    def condition(self) -> Q:
        """The search as a condition on rows."""
        found = Q()
        for word in self.text.split():
            found &= (
                Q(actor_name__icontains=word)
                | Q(object_name__icontains=word)
                | Q(object_kind__icontains=word)
                | Q(action__icontains=word)
                | Q(detail__icontains=word)
            )
        if self.action:
            found &= Q(action=self.action)
        if self.result:
            found &= Q(result=self.result)
        if self.from_on:
            found &= Q(at__gte=_midnight(self.from_on))
        if self.to_on:
            found &= Q(at__lt=_midnight(self.to_on + timedelta(days=1)))
        return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)


def events_of(organisation_id: UUID, member_ids: Iterable[UUID], search: Search) -> QuerySet[Event]:
    """The rows of an organisation and of its members themselves, newest first."""
    own = Q(organisation_id=organisation_id)
    personal = Q(organisation_id=None, actor_id__in=list(member_ids))
    return Event.objects.filter(own | personal, search.condition()).order_by("-number")


def actions_of(organisation_id: UUID, member_ids: Iterable[UUID]) -> list[str]:
    """The kinds of action that these rows tell about, in order."""
    rows = events_of(organisation_id, member_ids, Search()).order_by("action")
    return list(rows.values_list("action", flat=True).distinct())


def check(witness_path: Path) -> Iterator[Fault]:
    """Everything that shows that the trail was touched: rows, its head, its guards."""
    yield from faults(
        (event.link for event in Event.objects.order_by("number").iterator(chunk_size=2000)),
        witness.read(witness_path),
    )
    head = Head.objects.filter(pk=1).first()
    last = Event.objects.order_by("-number").values_list("number", "digest").first()
    if head is None or (last or (0, head.digest)) != (head.number, head.digest):
        number = head.number if head is not None else 0
        yield Fault(
            kind="cut",
            first=number,
            last=number,
            detail=f"The last row is not number {number}, which the head of the trail names.",
        )
    for guard in GUARDS:
        if not _has_trigger(guard):
            yield Fault(
                kind="rewritten",
                first=0,
                last=0,
                detail=f"The database's guard {guard} is gone: rows could be changed unseen.",
            )


def _has_trigger(name: str) -> bool:
    catalogue = {
        "sqlite": "SELECT 1 FROM sqlite_master WHERE type = 'trigger' AND name = %s",
        "postgresql": "SELECT 1 FROM pg_trigger WHERE tgname = %s AND tgenabled <> 'D'",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(catalogue, [name])
        return cursor.fetchone() is not None
