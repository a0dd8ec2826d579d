"""Proposals for programs: the gates of the screen."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from ninja import Router, Schema, Status

from accounts.auth import UserRequest
from layouts.selectors import design_for, project_for
from reviews import policy, selectors, services, signing
from reviews.examination import Examination, examine
from reviews.line_api import LineOut, lines_out
from reviews.models import Approval, Proposal

router = Router(tags=["reviews"])


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
        changes=lines_out(found.lines),
        disciplines=list(found.disciplines),
        standings={review.discipline: review.standing for review in found.reviews},
        approvals=[
            _approval_out(each)
            for each in proposal.approvals.select_related("approver").order_by("at")
        ],
        checks=[check.to_json() for check in found.checks],
        report=proposal.report,
    )


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
