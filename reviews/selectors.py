"""Reading proposals, and examining one: what it changes, who must agree, what stands in the way."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from accounts.models import User
from accounts.permissions import Action, can, require, visible_projects
from engine.rules import load_rules
from layouts.canonical import element_hash, hash_text
from layouts.document import Document, Element
from layouts.models import Design, Project, Revision
from layouts.selectors import DEFAULT_RULES, design_for, document_at, state_hash_at
from reviews.errors import ProposalNotFound, SideNotFound
from reviews.models import Approver, Proposal
from reviews.policy import DISCIPLINES, Discipline

HANDMADE = (
    Revision.Kind.EDIT,
    Revision.Kind.UNDO,
    Revision.Kind.REDO,
    Revision.Kind.RESTORE,
)


# --- Sides of a comparison ------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One revision of one design, as an address names it."""

    design: Design
    revision: int
    reference: str
    name: str

    @property
    def label(self) -> str:
        """The design, and the version or revision."""
        return f"{self.design.name}, {self.name}"

    @property
    def document(self) -> Document:
        """What is drawn there."""
        return document_at(self.design, self.revision)


def point_at(user: User, design: Design, reference: str) -> Point:
    """What a reference names: `12`, `head` or the name of a version; of another design `id@…`.

    Raises
    ------
    SideNotFound
        If it names nothing that the person may see.
    """
    owner, _, name = reference.rpartition("@")
    try:
        found = design_for(user, UUID(owner)) if owner else design
    except ValueError:
        raise SideNotFound(
            "Name a revision or a version, of another design as id@name.", reference=reference[:200]
        ) from None
    if name in ("", "head"):
        revision, words = found.head, f"revision {found.head}"
    elif name.isdecimal() and len(name) < 10:
        revision, words = int(name), f"revision {int(name)}"
        state_hash_at(found, revision)
    else:
        version = found.versions.filter(name=name).first()
        if version is None:
            raise SideNotFound(f"{found.name} has no version {name}.", reference=reference[:200])
        revision, words = version.number, f"version {name}"
    return Point(design=found, revision=revision, reference=reference, name=words)


def rules_of(document: Document) -> str:
    """The rule set that a document is judged by, with its version."""
    site = next(iter(document.of_kind("site")), {})
    rules = load_rules(site.get("rules", {}).get("set", DEFAULT_RULES))
    return f"{rules.name} {rules.version}"


# --- Proposals ------------------------------------------------------------------------------


def proposal_for(user: User, proposal_id: UUID, action: Action = "view") -> Proposal:
    """A proposal, if the person may do this to it.

    Raises
    ------
    ProposalNotFound
        If there is none, or none that the person may know of.
    Forbidden
        If the person may see it but may not do this.
    """
    proposal = (
        Proposal.objects.filter(visible_projects(user, "project"), pk=proposal_id)
        .select_related("project__organisation", "source", "target", "candidate", "author")
        .first()
    )
    if proposal is None:
        raise ProposalNotFound("There is no such proposal, or you have no access to it.")
    require(user, action, proposal)
    return proposal


def proposals_in(project: Project) -> QuerySet[Proposal]:
    """The proposals of a project, the one moved last first."""
    return project.proposals.select_related("author", "source", "target")


def open_proposal_of(design: Design) -> Proposal | None:
    """The proposal that a branch is judged under, if there is one."""
    return design.proposals.filter(state__in=("draft", "in_review")).first()


def approvers_of(project: Project) -> dict[Discipline, list[Approver]]:
    """Who is asked in a project, by discipline; nobody listed means everybody who may approve."""
    found: dict[Discipline, list[Approver]] = {each: [] for each in DISCIPLINES}
    rows = Approver.objects.filter(project=project).select_related("user", "team")
    for row in rows:
        discipline: Discipline = row.discipline  # type: ignore[assignment]
        found[discipline].append(row)
    return found


def is_approver(user: User, proposal: Proposal, discipline: str) -> bool:
    """Whether a person is asked for a discipline of a proposal."""
    if not can(user, "approve", proposal):
        return False
    named = Approver.objects.filter(project=proposal.project_id, discipline=discipline)
    return not named.exists() or named.filter(Q(user=user) | Q(team__members=user)).exists()


def worked_on(user: User, proposal: Proposal) -> bool:
    """Whether a person opened a proposal, or drew a part of what it brings.

    Adding a waiver is signing, not drawing.
    """
    if proposal.author_id == user.pk:
        return True
    last = proposal.target.revisions.filter(merged=proposal.source).order_by("-number").first()
    own = proposal.source.revisions.filter(
        author=user, kind__in=HANDMADE, number__gt=(last.merged_number or 0) if last else 0
    )
    return any(
        not all(
            edit["type"] == "create" and edit["element"]["kind"] == "waiver"
            for edit in revision.edits
        )
        for revision in own.iterator(chunk_size=50)
    )


def waiver_hash(element: Element) -> str:
    """A digest of a waiver's words, for the signature under it."""
    return hash_text(element_hash({"id": element["id"], "waiver": element["waiver"]}))
