"""Lines of a design: branches, frozen versions, protection, and the way back by merging."""

from functools import partial
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import User
from audit.services import record
from layouts import live, log, selectors, services
from layouts.changes import difference
from layouts.document import Document
from layouts.errors import VersionNameTaken, VersionNotFound
from layouts.models import Design, Revision, Version


@transaction.atomic
def fork_design(*, source: Design, number: int, name: str, author: User) -> Design:
    """Make a branch: a design that starts from a revision of another and remembers it.

    Raises
    ------
    RevisionNotFound
        If the source has no such revision.
    """
    branch = _forked(source=source, number=number, name=name, author=author)
    record(
        actor=author,
        action="design.branch",
        obj=branch,
        detail={"from": source.name, "revision": number},
    )
    return branch


def _forked(*, source: Design, number: int, name: str, author: User) -> Design:
    document = selectors.document_at(source, number)
    branch = services.make_design(
        project=source.project,
        name=name,
        author=author,
        elements=document.in_order(),
        products=source.products,
        label=f"Branch of {source.name}, revision {number}"[:200],
    )
    branch.parent, branch.parent_revision = source, number
    branch.save(update_fields=["parent", "parent_revision"])
    return branch


@transaction.atomic
def open_candidate(*, target: Design, name: str, author: User) -> Design:
    """Make the design that holds what a merge into `target` would make; it takes merges only."""
    candidate = _forked(source=target, number=target.head, name=name, author=author)
    candidate.is_candidate = candidate.is_protected = True
    candidate.save(update_fields=["is_candidate", "is_protected"])
    return candidate


def freeze(*, design: Design, number: int, name: str, author: User, note: str = "") -> Version:
    """Give a revision a name that stays with it.

    Raises
    ------
    RevisionNotFound
        If the design has no such revision.
    VersionNameTaken
        If another revision carries the name.
    """
    state_hash = selectors.state_hash_at(design, number)
    try:
        with transaction.atomic():
            return Version.objects.create(
                design=design,
                number=number,
                state_hash=state_hash,
                name=services.checked_name(name),
                note=note.strip()[:2000],
                author=author,
                at=timezone.now(),
            )
    except IntegrityError:
        raise VersionNameTaken("Choose another name: versions never move.") from None


def version_named(design: Design, name: str) -> Version:
    """The version of a design by its name.

    Raises
    ------
    VersionNotFound
        If it has none of that name.
    """
    found = design.versions.filter(name=name).first()
    if found is None:
        raise VersionNotFound(f"{design.name} has no version {name}.", name=name)
    return found


@transaction.atomic
def protect(*, design: Design, is_protected: bool) -> Design:
    """Let a design change by merges only, or by anybody who may edit again."""
    design = log.locked(design)
    design.is_protected = is_protected
    design.save(update_fields=["is_protected"])
    transaction.on_commit(partial(live.rights_changed, design.pk))
    return design


@transaction.atomic
def append_merge(
    *,
    design: Design,
    document: Document,
    source: Design,
    source_number: int,
    author: User,
    label: str,
    request_id: UUID | None = None,
) -> log.Outcome:
    """Append the one revision that makes a design what a merge came to.

    Who decided that this may happen is the caller's business; the document was checked there.
    """
    design = log.locked(design)
    request_id = request_id or uuid4()
    if already := log.answered(design, request_id):
        return already
    head = selectors.document_at(design, design.head)
    if new := {id_: raw for id_, raw in source.products.items() if id_ not in design.products}:
        design.products = {**design.products, **new}
        design.save(update_fields=["products"])
    return log.append(
        design,
        document,
        difference(head, document),
        log.Entry(
            kind=Revision.Kind.MERGE,
            base=design.head,
            label=label[:200],
            author=author,
            request_id=request_id,
            merged=source,
            merged_number=source_number,
        ),
    )


def merge_base(target: Design, source: Design) -> tuple[Design, int]:
    """The state that two lines last had in common: where one forked, or was merged, last.

    Each merge is of both heads, so the youngest of these states is an ancestor of both.
    """
    merges = [
        (revision.at, owner, revision.merged_number)
        for into, owner in ((target, source), (source, target))
        for revision in into.revisions.filter(merged=owner).order_by("-number")[:1]
    ]
    if merges:
        _, owner, number = max(merges, key=lambda merge: merge[0])
        return owner, number or 0
    if source.parent_id == target.pk:
        return target, source.parent_revision or 0
    if target.parent_id == source.pk:
        return source, target.parent_revision or 0
    return target, 0
