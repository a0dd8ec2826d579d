"""Reading projects, designs and their log. Everything starts from what an actor may see."""

import json
import zlib
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from accounts.models import Organisation, User
from accounts.permissions import (
    Action,
    asked_once,
    can,
    organisations_of,
    require,
    role_in,
    visible_projects,
)
from catalog.loader import read_products
from catalog.schema import Product
from catalog.selectors import shipped_products
from engine.rules import load_rules
from layouts.canonical import canonical
from layouts.design_file import design_file_text
from layouts.document import EMPTY, Document, Draft
from layouts.edits import replay_edit
from layouts.errors import (
    DesignNotFound,
    DocumentDamaged,
    OrganisationNotFound,
    ProjectNotFound,
    RevisionNotFound,
)
from layouts.models import EMPTY_HASH, Design, Project, Revision, Snapshot
from layouts.wire import stored_edit

DEFAULT_RULES = "us-nec"
RECENT_ELEMENTS = 400_000
MAX_REVISIONS = 200
MAX_REVISIONS_BYTES = 2_000_000


class RecentDocuments:
    """The documents used last, by state hash: a hit can never be the wrong one.

    Documents of one design share their elements, so that many revisions cost little
    more than one.
    """

    def __init__(self, most_elements: int) -> None:
        self._most = most_elements
        self._held = 0
        self._documents: OrderedDict[str, Document] = OrderedDict()
        self._lock = Lock()

    def get(self, state_hash: str) -> Document | None:
        """The document with this state, if it was used lately."""
        with self._lock:
            found = self._documents.get(state_hash)
            if found is not None:
                self._documents.move_to_end(state_hash)
            return found

    def add(self, document: Document) -> None:
        """Remember a document, forgetting those used longest ago."""
        with self._lock:
            if document.state_hash in self._documents:
                return
            self._documents[document.state_hash] = document
            self._held += len(document.elements)
            while self._held > self._most and len(self._documents) > 1:
                _, forgotten = self._documents.popitem(last=False)
                self._held -= len(forgotten.elements)

    def clear(self) -> None:
        """Forget all documents, as a fresh process has."""
        with self._lock:
            self._documents.clear()
            self._held = 0


recent = RecentDocuments(RECENT_ELEMENTS)


def projects_of(user: User) -> QuerySet[Project]:
    """The projects a person may see, newest first."""
    return Project.objects.filter(visible_projects(user)).select_related("organisation")


def design_counts(user: User) -> dict[UUID, int]:
    """How many designs each project holds; projects without any are left out."""
    designs = Design.objects.filter(visible_projects(user, "project"), is_candidate=False)
    counted = designs.order_by().values_list("project").annotate(Count("pk"))
    return dict(counted)


def project_for(user: User, project_id: UUID, action: Action = "view") -> Project:
    """A project, if the person may do this to it.

    Raises
    ------
    ProjectNotFound
        If there is none, or none that the person may know of.
    Forbidden
        If the person may see it but may not do this.
    """
    project = projects_of(user).filter(pk=project_id).first()
    if project is None:
        raise ProjectNotFound("There is no such project, or you have no access to it.")
    require(user, action, project)
    return project


def organisation_to_create_in(user: User, organisation_id: UUID | None) -> Organisation:
    """The organisation that a new project goes to: the named one, else the first that allows it.

    Raises
    ------
    OrganisationNotFound
        If the person belongs to no such organisation.
    Forbidden
        If the person may not make projects there.
    """
    visible = organisations_of(user).order_by("created_at", "pk")
    if organisation_id is not None:
        visible = visible.filter(pk=organisation_id)
    candidates = list(visible)
    if not candidates:
        raise OrganisationNotFound("There is no such organisation, or you have no access to it.")
    open_ones = [each for each in candidates if can(user, "create", each)]
    chosen = open_ones[0] if open_ones else candidates[0]
    require(user, "create", chosen)
    return chosen


def can_create_anywhere(user: User) -> bool:
    """Whether the person may make projects in one of their organisations."""
    return any(can(user, "create", each) for each in organisations_of(user))


def designs_in(project: Project) -> QuerySet[Design]:
    """The designs of a project, the one changed last first."""
    return project.designs.filter(is_candidate=False).select_related("project__organisation")


def design_for(user: User, design_id: UUID, action: Action = "view") -> Design:
    """A design, if the person may do this to it.

    Raises
    ------
    DesignNotFound
        If there is none, or none that the person may know of.
    Forbidden
        If the person may see it but may not do this.
    """
    design = (
        Design.objects.filter(visible_projects(user, "project"), pk=design_id)
        .select_related("project__organisation")
        .first()
    )
    if design is None:
        raise DesignNotFound("There is no such design, or you have no access to it.")
    require(user, action, design)
    return design


def products_of(design: Design) -> Mapping[str, Product]:
    """The products a design may place: the shipped ones, and those its file brought."""
    if not design.products:
        return shipped_products()
    own = read_products((f"products.{id_}", raw) for id_, raw in design.products.items())
    return {**shipped_products(), **own}


def document_at(design: Design, number: int) -> Document:
    """The document at a revision, from memory or from the nearest snapshot and the log.

    Raises
    ------
    RevisionNotFound
        If the design has no such revision.
    DocumentDamaged
        If the log does not lead to the recorded state hash.
    """
    state_hash = state_hash_at(design, number)
    found = recent.get(state_hash)
    if found is not None:
        return found
    start, document = _nearest(design, number)
    draft = Draft(document)
    tail = design.revisions.filter(number__gt=start, number__lte=number).order_by("number")
    for edits in tail.values_list("edits", flat=True).iterator(chunk_size=50):
        for edit in edits:
            replay_edit(draft, stored_edit(edit))
    document = draft.document()
    if document.state_hash != state_hash:
        raise DocumentDamaged(
            f"Revision {number} does not add up to its recorded state.", revision=number
        )
    recent.add(document)
    return document


def document_text(design: Design, number: int) -> str:
    """The document at a revision as the editor loads it."""
    document = document_at(design, number)
    elements = ",\n".join(map(canonical, document.in_order()))
    return f'{{"number":{number},"state_hash":"{document.state_hash}","elements":[\n{elements}\n]}}'


def state_hash_at(design: Design, number: int) -> str:
    """The recorded state hash of a revision."""
    if number == design.head:
        return design.head_hash
    if number == 0:
        return EMPTY_HASH
    found = design.revisions.filter(number=number).values_list("state_hash", flat=True).first()
    if found is None:
        raise RevisionNotFound(f"This design has no revision {number}.", revision=number)
    return found


def _nearest(design: Design, number: int) -> tuple[int, Document]:
    """The latest state up to a revision that need not be folded."""
    snapshot = (
        Snapshot.objects.filter(design=design, number__lte=number)
        .order_by("-number")
        .defer("content")
        .first()
    )
    floor = snapshot.number if snapshot is not None else 0
    between = design.revisions.filter(number__gt=floor, number__lt=number).order_by("-number")
    for known, state_hash in between.values_list("number", "state_hash")[:MAX_REVISIONS]:
        found = recent.get(state_hash)
        if found is not None:
            return known, found
    if snapshot is None:
        return 0, EMPTY
    found = recent.get(snapshot.state_hash)
    return floor, found or Document.of(json.loads(zlib.decompress(snapshot.content)))


def design_file(design: Design, number: int) -> str:
    """The design file of a revision: the document, the products it uses, its rule set."""
    document = document_at(design, number)
    site = next(iter(document.of_kind("site")), {})
    rules = load_rules(site.get("rules", {}).get("set", DEFAULT_RULES))
    return design_file_text(
        name=design.name,
        revision=number,
        document=document,
        products={id_: product.to_json() for id_, product in products_of(design).items()},
        rules={"set": rules.name, "version": rules.version},
    )


def packed(document: Document) -> bytes:
    """A document as the content of a snapshot."""
    return zlib.compress(canonical(document.in_order()).encode(), level=1)


def revisions_after(design: Design, number: int, limit: int) -> Sequence[Revision]:
    """Revisions that follow a number, in order: at most `limit`, and not more than 2 MB."""
    page: list[Revision] = []
    size = 0
    following = design.revisions.filter(number__gt=number).select_related("author")
    for revision in following[: min(limit, MAX_REVISIONS)].iterator(chunk_size=20):
        size += len(canonical(revision.edits))
        if page and size > MAX_REVISIONS_BYTES:
            break
        page.append(revision)
    return page


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """One line of the history list."""

    number: int
    kind: str
    label: str
    author: str | None
    author_id: UUID | None
    at: Any
    undo_of: int | None


def history_before(design: Design, number: int | None, limit: int) -> list[HistoryEntry]:
    """Revisions before a number, newest first, without their edits."""
    rows = design.revisions.order_by("-number")
    if number is not None:
        rows = rows.filter(number__lt=number)
    fields = ("number", "kind", "label", "author__username", "author_id", "at", "undo_of")
    return [
        HistoryEntry(
            number=row[0],
            kind=row[1],
            label=row[2],
            author=row[3],
            author_id=row[4],
            at=row[5],
            undo_of=row[6],
        )
        for row in rows.values_list(*fields)[: min(limit, MAX_REVISIONS)]
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Footing:
    """What a person's browser must know of a design that is open there."""

    head: int
    role: str
    may: tuple[str, ...]  # of what the editor offers
    is_protected: bool

    def to_json(self) -> dict[str, Any]:
        """What is said of the person's rights."""
        return {"role": self.role, "may": list(self.may), "is_protected": self.is_protected}


def footing_of(user: User, design_id: UUID) -> Footing:
    """Where the log of a design stands, and what the person may do there now."""
    with asked_once():
        design = design_for(user, design_id)
        return Footing(
            head=design.head,
            role=role_of(user, design.project),
            may=may_do(user, design),
            is_protected=design.is_protected,
        )


def may_do(user: User, design: Design) -> tuple[str, ...]:
    """What the editor may offer: nobody edits a protected design directly."""
    offered: tuple[Action, ...] = ("evaluate", "comment", "edit")
    return tuple(
        each
        for each in offered
        if can(user, each, design) and not (each == "edit" and design.is_protected)
    )


def role_of(user: User, project: Project) -> str:
    """The person's role in a project; empty for strangers."""
    return role_in(user, project.organisation_id, project.pk) or ""
