"""Branches, versions, differences and proposals for programs: the gates of the screen."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Router, Schema, Status

from accounts.auth import UserRequest
from analysis.comparison import figure_rows
from analysis.models import State
from analysis.selectors import evaluation_at, result_of
from audit import services as audit
from layouts import branches
from layouts.models import Design, Version
from layouts.selectors import design_for, designs_in, project_for
from reviews import policy, selectors, services, signing
from reviews.examination import Examination, examine
from reviews.models import Approval, Proposal
from reviews.rollup import roll_up

router = Router(tags=["reviews"])


class BranchIn(Schema):
    """A branch to make; without a revision it starts from the newest."""

    name: str
    revision: int | None = None


class BranchOut(Schema):
    """A line around a design."""

    id: UUID
    name: str
    head: int
    parent: UUID | None
    parent_revision: int | None
    is_protected: bool
    changed_at: datetime


class VersionIn(Schema):
    """A name for a revision; without a number it is the newest."""

    name: str
    revision: int | None = None
    note: str = ""


class VersionOut(Schema):
    """A named revision."""

    name: str
    revision: int
    state_hash: str
    note: str
    author: str | None
    at: datetime


class ProtectionIn(Schema):
    """Whether a design changes by merges only."""

    is_protected: bool


class LineOut(Schema):
    """One line of a list of differences."""

    key: str
    how: str
    title: str
    detail: str
    count: int
    element_ids: list[str]
    disciplines: list[str]


class DifferenceOut(Schema):
    """What differs between two states; figures once both are evaluated."""

    old: str
    new: str
    changes: list[LineOut]
    disciplines: list[str]
    figures: list[dict[str, Any]] | None
    findings_opened: list[dict[str, Any]] | None
    findings_closed: list[dict[str, Any]] | None


class ProposalIn(Schema):
    """A proposal to merge a branch into the line it comes from."""

    title: str
    description: str = ""


class ReasonIn(Schema):
    """A move, and why."""

    reason: str = ""


class JudgementIn(Schema):
    """A decision for one discipline, on the candidate with this hash."""

    discipline: Literal["space", "power", "cooling", "network", "cost"]
    verdict: Literal["approved", "changes"]
    candidate_hash: str
    reason: str = ""


class RetractIn(Schema):
    """The approval to take back."""

    approval: UUID


class ResolveIn(Schema):
    """The answer to one conflict."""

    key: str
    side: Literal["ours", "theirs"]


class WaiverIn(Schema):
    """A finding to waive, or a waiver on the branch to sign."""

    finding: str | None = None
    element: str | None = None
    reason: str = ""
    expires_on: date | None = None


class MergeIn(Schema):
    """The candidate that is to be merged, by its hash."""

    candidate_hash: str


class ApprovalOut(Schema):
    """What an approver said of which content."""

    id: UUID
    discipline: str
    verdict: str
    approver: str
    reason: str
    source_revision: int
    candidate_hash: str
    evaluation_key: str
    rules: str
    at: datetime
    retracted_at: datetime | None


class ProposalOut(Schema):
    """A proposal in a list."""

    id: UUID
    number: int
    title: str
    state: str
    author: str | None
    source: UUID
    target: UUID
    opened_at: datetime
    changed_at: datetime


class ExaminedOut(ProposalOut):
    """A proposal with all that a decision about it rests on."""

    description: str
    is_current: bool
    source_revision: int
    target_revision: int
    merged_revision: int | None
    candidate: UUID | None
    candidate_revision: int | None
    candidate_hash: str
    rules: str
    evaluation_key: str | None
    conflicts: list[dict[str, Any]]
    changes: list[LineOut]
    disciplines: list[str]
    standings: dict[str, str]
    approvals: list[ApprovalOut]
    checks: list[dict[str, Any]]
    report: dict[str, Any] | None


def _branch_out(design: Design) -> BranchOut:
    return BranchOut(
        id=design.pk,
        name=design.name,
        head=design.head,
        parent=design.parent_id,
        parent_revision=design.parent_revision,
        is_protected=design.is_protected,
        changed_at=design.changed_at,
    )


def _version_out(version: Version) -> VersionOut:
    return VersionOut(
        name=version.name,
        revision=version.number,
        state_hash=version.state_hash,
        note=version.note,
        author=version.author.username if version.author else None,
        at=version.at,
    )


def _listed(proposal: Proposal) -> dict[str, Any]:
    return {
        "id": proposal.pk,
        "number": proposal.number,
        "title": proposal.title,
        "state": proposal.state,
        "author": proposal.author.username if proposal.author else None,
        "source": proposal.source_id,
        "target": proposal.target_id,
        "opened_at": proposal.opened_at,
        "changed_at": proposal.changed_at,
    }


def _approval_out(approval: Approval) -> ApprovalOut:
    return ApprovalOut(
        id=approval.pk,
        discipline=approval.discipline,
        verdict=approval.verdict,
        approver=approval.approver.username,
        reason=approval.reason,
        source_revision=approval.source_revision,
        candidate_hash=approval.candidate_hash,
        evaluation_key=approval.evaluation_key,
        rules=approval.rules,
        at=approval.at,
        retracted_at=approval.retracted_at,
    )


def _examined(proposal: Proposal) -> ExaminedOut:
    proposal = Proposal.objects.select_related("source", "target", "candidate", "author").get(
        pk=proposal.pk
    )
    found: Examination = examine(proposal)
    return ExaminedOut(
        **_listed(proposal),
        description=proposal.description,
        is_current=found.is_current,
        source_revision=proposal.source_revision,
        target_revision=proposal.target_revision,
        merged_revision=proposal.merged_revision,
        candidate=proposal.candidate_id,
        candidate_revision=proposal.candidate_revision,
        candidate_hash=found.candidate_hash,
        rules=found.rules,
        evaluation_key=found.evaluation.key if found.evaluation else None,
        conflicts=proposal.conflicts,
        changes=[LineOut(**line.to_json()) for line in found.lines],
        disciplines=list(found.disciplines),
        standings={review.discipline: review.standing for review in found.reviews},
        approvals=[
            _approval_out(each)
            for each in proposal.approvals.select_related("approver").order_by("at")
        ],
        checks=[check.to_json() for check in found.checks],
        report=proposal.report,
    )


# --- Lines ----------------------------------------------------------------------------------


@router.get("/designs/{uuid:design_id}/branches", response=list[BranchOut])
def list_branches(request: UserRequest, design_id: UUID) -> list[BranchOut]:
    """The branches of a design, the one changed last first."""
    design = design_for(request.user, design_id)
    return [_branch_out(each) for each in designs_in(design.project).filter(parent=design)]


@router.post("/designs/{uuid:design_id}/branches", response={201: BranchOut})
def post_branch(request: UserRequest, design_id: UUID, body: BranchIn) -> Status[BranchOut]:
    """Make a branch of a revision."""
    source = design_for(request.user, design_id, "create")
    number = source.head if body.revision is None else body.revision
    branch = branches.fork_design(source=source, number=number, name=body.name, author=request.user)
    audit.record(
        actor=request.user,
        action="design.fork",
        obj=branch,
        detail={"source": str(source.pk), "revision": number},
    )
    return Status(201, _branch_out(branch))


@router.get("/designs/{uuid:design_id}/versions", response=list[VersionOut])
def list_versions(request: UserRequest, design_id: UUID) -> list[VersionOut]:
    """The named revisions of a design, newest first."""
    design = design_for(request.user, design_id)
    return [_version_out(each) for each in design.versions.select_related("author")]


@router.post("/designs/{uuid:design_id}/versions", response={201: VersionOut})
def post_version(request: UserRequest, design_id: UUID, body: VersionIn) -> Status[VersionOut]:
    """Give a revision a name; 409 `version-name-taken` if another carries it."""
    design = design_for(request.user, design_id, "edit")
    version = branches.freeze(
        design=design,
        number=design.head if body.revision is None else body.revision,
        name=body.name,
        note=body.note,
        author=request.user,
    )
    audit.record(
        actor=request.user,
        action="design.freeze",
        obj=design,
        detail={"version": version.name, "revision": version.number},
    )
    return Status(201, _version_out(version))


@router.put("/designs/{uuid:design_id}/protection", response=BranchOut)
def put_protection(request: UserRequest, design_id: UUID, body: ProtectionIn) -> BranchOut:
    """Protect a design from direct edits, or open it again."""
    design = design_for(request.user, design_id, "manage")
    branches.protect(design=design, is_protected=body.is_protected)
    audit.record(
        actor=request.user,
        action="design.protect" if body.is_protected else "design.unprotect",
        obj=design,
    )
    return _branch_out(design_for(request.user, design_id))


@router.get("/designs/{uuid:design_id}/difference", response=DifferenceOut)
def get_difference(
    request: UserRequest, design_id: UUID, a: str = "0", b: str = "head"
) -> DifferenceOut:
    """What differs between two revisions, versions or branches (`id@revision`, `id@name`)."""
    design = design_for(request.user, design_id)
    old = selectors.point_at(request.user, design, a)
    new = selectors.point_at(request.user, design, b)
    lines = roll_up(old.document, new.document)
    jobs = evaluation_at(old.design, old.revision), evaluation_at(new.design, new.revision)
    results = [result_of(job) for job in jobs if job is not None and job.state == State.DONE]
    had, has = (
        ({each["id"] for each in result["findings"]} for result in results)
        if len(results) == 2
        else (set(), set())
    )
    both = len(results) == 2
    return DifferenceOut(
        old=old.label,
        new=new.label,
        changes=[LineOut(**line.to_json()) for line in lines],
        disciplines=[
            each for each in policy.DISCIPLINES if any(each in line.disciplines for line in lines)
        ],
        figures=figure_rows(*results) if both else None,
        findings_opened=[each for each in results[1]["findings"] if each["id"] not in had]
        if both
        else None,
        findings_closed=[each for each in results[0]["findings"] if each["id"] not in has]
        if both
        else None,
    )


# --- Proposals ------------------------------------------------------------------------------


@router.get("/projects/{uuid:project_id}/proposals", response=list[ProposalOut])
def list_proposals(request: UserRequest, project_id: UUID) -> list[ProposalOut]:
    """The proposals of a project, the one moved last first."""
    project = project_for(request.user, project_id)
    return [ProposalOut(**_listed(each)) for each in selectors.proposals_in(project)]


@router.post("/designs/{uuid:design_id}/proposals", response={201: ExaminedOut})
def post_proposal(request: UserRequest, design_id: UUID, body: ProposalIn) -> Status[ExaminedOut]:
    """Propose a branch; it starts as a draft."""
    source = design_for(request.user, design_id, "propose")
    made = services.open_proposal(
        actor=request.user, source=source, title=body.title, description=body.description
    )
    return Status(201, _examined(made))


@router.get("/proposals/{uuid:proposal_id}", response=ExaminedOut)
def get_proposal(request: UserRequest, proposal_id: UUID) -> ExaminedOut:
    """A proposal: what it changes, who must agree, what stands in the way."""
    return _examined(selectors.proposal_for(request.user, proposal_id))


@router.post("/proposals/{uuid:proposal_id}/refresh", response=ExaminedOut)
def post_refresh(request: UserRequest, proposal_id: UUID) -> ExaminedOut:
    """Make the candidate again of both lines as they are now, and ask for its evaluation."""
    proposal = selectors.proposal_for(request.user, proposal_id, "propose")
    return _examined(services.refresh(actor=request.user, proposal=proposal))


def _moved(request: UserRequest, proposal_id: UUID, move: policy.Move, reason: str) -> ExaminedOut:
    action = policy.TRANSITIONS[move].action
    proposal = selectors.proposal_for(request.user, proposal_id, action)
    return _examined(services.move(actor=request.user, proposal=proposal, move=move, reason=reason))


@router.post("/proposals/{uuid:proposal_id}/submit", response=ExaminedOut)
def post_submit(request: UserRequest, proposal_id: UUID, body: ReasonIn) -> ExaminedOut:
    """Ask for review."""
    return _moved(request, proposal_id, "submit", body.reason)


@router.post("/proposals/{uuid:proposal_id}/withdraw", response=ExaminedOut)
def post_withdraw(request: UserRequest, proposal_id: UUID, body: ReasonIn) -> ExaminedOut:
    """Take the proposal back."""
    return _moved(request, proposal_id, "withdraw", body.reason)


@router.post("/proposals/{uuid:proposal_id}/reopen", response=ExaminedOut)
def post_reopen(request: UserRequest, proposal_id: UUID, body: ReasonIn) -> ExaminedOut:
    """Make a withdrawn or declined proposal a draft again."""
    return _moved(request, proposal_id, "reopen", body.reason)


@router.post("/proposals/{uuid:proposal_id}/decline", response=ExaminedOut)
def post_decline(request: UserRequest, proposal_id: UUID, body: ReasonIn) -> ExaminedOut:
    """Decline the proposal as a whole, with a reason."""
    return _moved(request, proposal_id, "decline", body.reason)


@router.post("/proposals/{uuid:proposal_id}/judgements", response={201: ApprovalOut})
def post_judgement(
    request: UserRequest, proposal_id: UUID, body: JudgementIn
) -> Status[ApprovalOut]:
    """Approve or ask for changes; 409 `proposal-moved` if the candidate is another by now."""
    proposal = selectors.proposal_for(request.user, proposal_id, "approve")
    approval = services.judge(
        actor=request.user,
        proposal=proposal,
        discipline=body.discipline,
        verdict=body.verdict,
        candidate_hash=body.candidate_hash,
        reason=body.reason,
    )
    return Status(201, _approval_out(approval))


@router.post("/proposals/{uuid:proposal_id}/retract", response=ExaminedOut)
def post_retract(request: UserRequest, proposal_id: UUID, body: RetractIn) -> ExaminedOut:
    """Take one's own approval back."""
    proposal = selectors.proposal_for(request.user, proposal_id, "approve")
    return _examined(
        services.retract(actor=request.user, proposal=proposal, approval_id=body.approval)
    )


@router.post("/proposals/{uuid:proposal_id}/resolutions", response=ExaminedOut)
def post_resolution(request: UserRequest, proposal_id: UUID, body: ResolveIn) -> ExaminedOut:
    """Answer one conflict."""
    proposal = selectors.proposal_for(request.user, proposal_id, "edit")
    return _examined(
        services.resolve(actor=request.user, proposal=proposal, key=body.key, side=body.side)
    )


@router.post("/proposals/{uuid:proposal_id}/waivers", response=ExaminedOut)
def post_waiver(request: UserRequest, proposal_id: UUID, body: WaiverIn) -> ExaminedOut:
    """Waive a finding of the candidate, or sign a waiver that the branch brings."""
    proposal = selectors.proposal_for(request.user, proposal_id, "waive")
    if body.element is not None:
        made = signing.sign_waiver(actor=request.user, proposal=proposal, element_id=body.element)
    else:
        made = signing.waive(
            actor=request.user,
            proposal=proposal,
            finding_id=body.finding or "",
            reason=body.reason,
            expires_on=body.expires_on or date.min,
        )
    return _examined(made)


@router.post("/proposals/{uuid:proposal_id}/merge", response=ExaminedOut)
def post_merge(request: UserRequest, proposal_id: UUID, body: MergeIn) -> ExaminedOut:
    """Merge; 409 `checks-failed` names everything that still stands in the way."""
    proposal = selectors.proposal_for(request.user, proposal_id, "merge")
    return _examined(
        services.merge_proposal(
            actor=request.user, proposal=proposal, candidate_hash=body.candidate_hash
        )
    )
