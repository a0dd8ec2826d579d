"""The log of a design: who may write to it next, and how a revision gets in.

Everything here runs inside the transaction of a service that holds the design's lock.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import UUID

from django.db import DatabaseError, transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from audit.services import record
from layouts import live, selectors
from layouts.canonical import canonical
from layouts.document import Document
from layouts.edits import Primitive
from layouts.errors import DesignProtected
from layouts.models import Design, RefusedRequest, Revision, Snapshot
from layouts.waivers import waiver_acts

logger = logging.getLogger(__name__)

SNAPSHOT_REVISIONS = 200
SNAPSHOT_BYTES = 2_000_000
MAX_LIVE_BYTES = 64_000
"""Larger revisions are announced by number; the browsers pull them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a request did, the same for its first try and every retry."""

    number: int
    effective: Sequence[Mapping[str, Any]]
    refused: Sequence[Mapping[str, Any]] = ()
    skipped: Sequence[Mapping[str, Any]] = ()
    state_hash: str
    duplicate: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A revision about to be written."""

    kind: Revision.Kind
    base: int
    label: str
    author: User
    request_id: UUID
    answer: Mapping[str, Any] = field(default_factory=dict)
    undo_of: int | None = None
    merged: Design | None = None
    merged_number: int | None = None


def locked(design: Design) -> Design:
    """The design's row as it is now, held until the transaction ends.

    SQLite knows no row locks: there the transaction itself is the only writer.
    """
    return Design.objects.select_for_update().get(pk=design.pk)


def answered(design: Design, request_id: UUID) -> Outcome | None:
    """What the first try of a request was told, if there was one."""
    revision = design.revisions.filter(request_id=request_id).first()
    if revision is not None:
        return Outcome(
            number=revision.number,
            effective=revision.edits,
            refused=revision.answer.get("refused", []),
            skipped=revision.answer.get("skipped", []),
            state_hash=revision.state_hash,
            duplicate=True,
        )
    refusal = design.refused_requests.filter(request_id=request_id).first()
    if refusal is not None:
        return Outcome(
            number=refusal.number,
            effective=[],
            refused=refusal.answer["refused"],
            state_hash=refusal.state_hash,
            duplicate=True,
        )
    return None


def refuse(design: Design, request_id: UUID, refused: list[dict[str, Any]]) -> Outcome:
    """Keep the answer to a request of which nothing could be applied."""
    RefusedRequest.objects.create(
        design=design,
        request_id=request_id,
        number=design.head,
        state_hash=design.head_hash,
        answer={"refused": refused},
        at=timezone.now(),
    )
    return Outcome(number=design.head, effective=[], refused=refused, state_hash=design.head_hash)


def append(design: Design, document: Document, edits: Sequence[Primitive], entry: Entry) -> Outcome:
    """Write the next revision of a locked design and announce it after the commit.

    Raises
    ------
    DesignProtected
        If the design changes by merges only, and this is none.
    """
    if design.is_protected and entry.merged is None:
        raise DesignProtected("Make a branch, change that, and propose to merge it.")
    effective = [edit.to_json() for edit in edits]
    before = selectors.document_at(design, design.head)
    size = len(canonical(effective))
    now = timezone.now()
    number = design.head + 1
    design.head, design.head_hash, design.changed_at = number, document.state_hash, now
    design.log_bytes += size
    design.save(update_fields=["head", "head_hash", "changed_at", "log_bytes"])
    Revision.objects.create(
        design=design,
        number=number,
        base=entry.base,
        kind=entry.kind,
        label=entry.label,
        author=entry.author,
        at=now,
        request_id=entry.request_id,
        edits=effective,
        answer=entry.answer,
        state_hash=document.state_hash,
        undo_of=entry.undo_of,
        merged=entry.merged,
        merged_number=entry.merged_number,
    )
    message = {
        "type": "revision",
        "number": number,
        "author": entry.author.username,
        "author_id": str(entry.author.pk),
        "label": entry.label,
        "effective": effective if size <= MAX_LIVE_BYTES else None,
        "state_hash": document.state_hash,
        "request_id": str(entry.request_id),
    }
    for action, detail in waiver_acts(before.elements, edits):
        record(actor=entry.author, action=action, obj=design, detail={**detail, "revision": number})
    transaction.on_commit(partial(selectors.recent.add, document))
    transaction.on_commit(partial(live.publish, design.pk, message))
    if number - design.log_from >= SNAPSHOT_REVISIONS or design.log_bytes >= SNAPSHOT_BYTES:
        transaction.on_commit(partial(_take_snapshot, design, document))
    return Outcome(
        number=number,
        effective=effective,
        refused=entry.answer.get("refused", ()),
        skipped=entry.answer.get("skipped", ()),
        state_hash=document.state_hash,
    )


def _take_snapshot(design: Design, document: Document) -> None:
    """Store the state of the revision just committed, so that later reads start there.

    The revision stands whether this works or not; the next one tries again.
    """
    try:
        with transaction.atomic():
            Snapshot.objects.bulk_create(
                [
                    Snapshot(
                        design=design,
                        number=design.head,
                        state_hash=document.state_hash,
                        content=selectors.packed(document),
                    )
                ],
                ignore_conflicts=True,
            )
            Design.objects.filter(pk=design.pk, log_from__lt=design.head).update(
                log_from=design.head, log_bytes=F("log_bytes") - design.log_bytes
            )
    except DatabaseError:
        logger.exception("no snapshot of design %s at %s", design.pk, design.head)
