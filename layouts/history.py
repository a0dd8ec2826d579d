"""Ways back through the log: undo and redo per person, and restoring a revision."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef

from accounts.models import User
from layouts import log, selectors
from layouts.changes import Reversal, difference, reversal, touched_ids
from layouts.edits import replay
from layouts.errors import NothingToRedo, NothingToUndo
from layouts.models import Design, Revision
from layouts.wire import stored_edit

UNDOABLE = (Revision.Kind.EDIT, Revision.Kind.REDO, Revision.Kind.RESTORE)
FRESH = (Revision.Kind.EDIT, Revision.Kind.RESTORE)


@transaction.atomic
def undo(*, design: Design, author: User, request_id: UUID) -> log.Outcome:
    """Take the author's latest change back, where nobody changed the same thing since.

    Raises
    ------
    NothingToUndo
        If every change of the author is undone already.
    """
    design = log.locked(design)
    if already := log.answered(design, request_id):
        return already
    taken_back = Revision.objects.filter(
        design=design, undo_of=OuterRef("number"), kind=Revision.Kind.UNDO
    )
    target = (
        design.revisions.filter(~Exists(taken_back), author=author, kind__in=UNDOABLE)
        .order_by("-number")
        .first()
    )
    if target is None:
        raise NothingToUndo("You have no change in this design that is not undone already.")
    return _reverse(
        design,
        target,
        kind=Revision.Kind.UNDO,
        label=f"Undo: {target.label.removeprefix('Redo: ')}",
        author=author,
        request_id=request_id,
    )


@transaction.atomic
def redo(*, design: Design, author: User, request_id: UUID) -> log.Outcome:
    """Bring back what the author's latest undo took away, where nobody changed it since.

    Raises
    ------
    NothingToRedo
        If the author has undone nothing since their last change.
    """
    design = log.locked(design)
    if already := log.answered(design, request_id):
        return already
    own = design.revisions.filter(author=author)
    newest = own.filter(kind__in=FRESH).order_by("-number").values_list("number", flat=True).first()
    brought_back = Revision.objects.filter(
        design=design, undo_of=OuterRef("number"), kind=Revision.Kind.REDO
    )
    target = (
        own.filter(~Exists(brought_back), kind=Revision.Kind.UNDO, number__gt=newest or 0)
        .order_by("-number")
        .first()
    )
    if target is None:
        raise NothingToRedo("You have undone nothing since your last change.")
    return _reverse(
        design,
        target,
        kind=Revision.Kind.REDO,
        label=f"Redo: {target.label.removeprefix('Undo: ')}",
        author=author,
        request_id=request_id,
    )


@transaction.atomic
def restore(*, design: Design, number: int, author: User, request_id: UUID) -> log.Outcome:
    """Append the revision that makes the design what it was at revision `number`.

    Raises
    ------
    RevisionNotFound
        If there is no such revision.
    """
    design = log.locked(design)
    if already := log.answered(design, request_id):
        return already
    target = selectors.document_at(design, number)
    head = selectors.document_at(design, design.head)
    edits = difference(head, target)
    return log.append(
        design,
        target,
        edits,
        log.Entry(
            kind=Revision.Kind.RESTORE,
            base=design.head,
            label=f"Restore revision {number}",
            author=author,
            request_id=request_id,
        ),
    )


def _reverse(
    design: Design,
    target: Revision,
    *,
    kind: Revision.Kind,
    label: str,
    author: User,
    request_id: UUID,
) -> log.Outcome:
    before = selectors.document_at(design, target.number - 1)
    after = selectors.document_at(design, target.number)
    head = selectors.document_at(design, design.head)
    ids = touched_ids(before, after, [stored_edit(edit) for edit in target.edits])
    way = reversal(before=before, after=after, head=head, ids=ids)
    return log.append(
        design,
        replay(head, way.edits),
        way.edits,
        log.Entry(
            kind=kind,
            base=design.head,
            label=label[:200],
            author=author,
            request_id=request_id,
            answer={"skipped": _in_words(design, target, way)},
            undo_of=target.number,
        ),
    )


def _in_words(design: Design, target: Revision, way: Reversal) -> list[dict[str, Any]]:
    """What an undo left alone, and who is the reason."""
    if not way.skipped:
        return []
    names = _last_authors(design, target.number, {each.id for each in way.skipped})
    return [
        {
            "id": each.id,
            "group": each.group,
            "reason": f"{each.reason} by {names[each.id]} since"
            if each.reason in ("changed", "deleted") and each.id in names
            else each.reason,
        }
        for each in way.skipped
    ]


def _last_authors(design: Design, after: int, ids: set[str]) -> dict[str, str]:
    """Who last touched each element after a revision."""
    found: dict[str, str] = {}
    rows = design.revisions.filter(number__gt=after, author__isnull=False).order_by("-number")
    for name, edits in rows.values_list("author__username", "edits").iterator(chunk_size=50):
        for id_ in ids - found.keys():
            if any(_mentions(edit, id_) for edit in edits):
                found[id_] = name
        if len(found) == len(ids):
            break
    return found


def _mentions(edit: Mapping[str, Any], id_: str) -> bool:
    if edit["type"] == "create":
        return bool(edit["element"]["id"] == id_)
    if edit["type"] == "move":
        return any(
            item == id_ if isinstance(item, str) else item[0] <= id_ <= item[1]
            for item in edit["set"]
        )
    return bool(edit["id"] == id_)
