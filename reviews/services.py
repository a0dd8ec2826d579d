"""Moving proposals: opening, making the candidate, judging, signing, merging.

Every move asks the one table of `policy` and the examination that the page shows, under the
locks that a push of edits takes too: what is approved is what is there.
"""

from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from accounts import permissions
from accounts.models import Team, User
from analysis.services import request_evaluation
from audit import services as audit
from layouts import branches
from layouts.models import Design, Project
from layouts.selectors import document_at
from reviews import moves, news, policy, selectors
from reviews.errors import (
    AlreadyProposed,
    NotABranch,
    ProposalInvalid,
    ProposalMoved,
)
from reviews.examination import examine
from reviews.merge import Answers, Merge, merge
from reviews.merge_report import merge_report
from reviews.models import (
    Approval,
    Approver,
    Proposal,
    Resolution,
    Verdict,
)

MAX_WORDS = 20_000


@transaction.atomic
def open_proposal(*, actor: User, source: Design, title: str, description: str = "") -> Proposal:
    """Propose to bring a branch back to the line it comes from; it starts as a draft.

    Raises
    ------
    NotABranch
        If the design was not forked.
    AlreadyProposed
        If the branch has an open proposal.
    """
    permissions.require(actor, "propose", source)
    target = source.parent
    if target is None or source.is_candidate:
        raise NotABranch(f"{source.name} was not forked from another design.")
    title = " ".join(title.split())[:200]
    if not title:
        raise ProposalInvalid("Say in a few words what the proposal does.")
    project = Project.objects.select_for_update().get(pk=source.project_id)
    if already := selectors.open_proposal_of(source):
        raise AlreadyProposed(f"It is {already}.", proposal=str(already.pk))
    last = project.proposals.aggregate(last=Max("number"))["last"] or 0
    proposal = Proposal.objects.create(
        project=project,
        number=last + 1,
        source=source,
        target=target,
        title=title,
        description=description.strip()[:MAX_WORDS],
        author=actor,
    )
    moves.step(proposal, "open", actor, before="")
    refresh(actor=actor, proposal=proposal)
    audit.record(actor=actor, action="proposal.open", obj=proposal)
    return proposal


@transaction.atomic
def refresh(*, actor: User, proposal: Proposal) -> Proposal:
    """Make the candidate of both lines as they are now, and ask for its evaluation.

    The same merge that `merge_proposal` makes, written to a design of its own. While
    questions are open there is no candidate, and what it was is no longer shown.
    """
    proposal = moves.locked(proposal)
    if proposal.state not in policy.OPEN_STATES:
        return proposal
    made = _made(proposal)
    proposal.source_revision, proposal.target_revision = proposal.source.head, proposal.target.head
    proposal.conflicts = [conflict.to_json() for conflict in made.open]
    proposal.candidate_revision = _keep(actor, proposal, made) if made.is_clean else None
    proposal.save()
    if proposal.candidate is not None and proposal.candidate_revision is not None:
        request_evaluation(
            actor=actor, design=proposal.candidate, revision=proposal.candidate_revision
        )
    request_evaluation(actor=actor, design=proposal.target, revision=proposal.target_revision)
    moves.announce(proposal)
    return proposal


def _made(proposal: Proposal) -> Merge:
    """The merge of both heads, with the answers that were given."""
    owner, number = branches.merge_base(proposal.target, proposal.source)
    answers: Answers = {
        each.key: (each.fingerprint, each.side)  # type: ignore[misc]
        for each in proposal.resolutions.all()
    }
    return merge(
        document_at(owner, number),
        document_at(proposal.target, proposal.target.head),
        document_at(proposal.source, proposal.source.head),
        answers,
    )


def _keep(actor: User, proposal: Proposal, made: Merge) -> int:
    """Write what a merge came to into the candidate, unless it is there already."""
    if proposal.candidate is None:
        proposal.candidate = branches.open_candidate(
            target=proposal.target, name=f"Candidate of #{proposal.number}", author=actor
        )
    candidate = proposal.candidate
    products = {**proposal.source.products, **proposal.target.products}
    if candidate.products != products:
        candidate.products = products
        candidate.save(update_fields=["products"])
    if candidate.head_hash != made.document.state_hash:
        branches.append_merge(
            design=candidate,
            document=made.document,
            source=proposal.source,
            source_number=proposal.source.head,
            author=actor,
            label=f"{proposal.source.name}, revision {proposal.source.head}",
        )
        candidate.refresh_from_db()
    return candidate.head


@transaction.atomic
def resolve(*, actor: User, proposal: Proposal, key: str, side: str) -> Proposal:
    """Answer one conflict, for one side; the answer counts while the values stand.

    Raises
    ------
    ProposalInvalid
        If there is no such question, or that side is not offered.
    """
    permissions.require(actor, "edit", proposal)
    proposal = moves.locked(proposal)
    if proposal.state not in policy.OPEN_STATES:
        raise moves.refused(proposal, "answered")
    asked = next((each for each in _made(proposal).open if each.key == key), None)
    if asked is None or side not in asked.choices:
        raise ProposalInvalid("There is no such question any more; look at the proposal again.")
    Resolution.objects.update_or_create(
        proposal=proposal,
        key=key,
        defaults={
            "fingerprint": asked.fingerprint,
            "side": side,
            "author": actor,
            "at": timezone.now(),
        },
    )
    return refresh(actor=actor, proposal=proposal)


@transaction.atomic
def move(*, actor: User, proposal: Proposal, move: policy.Move, reason: str = "") -> Proposal:
    """Submit, withdraw, decline or reopen a proposal, as the table of moves allows.

    Raises
    ------
    MoveRefused
        If the state does not allow it.
    """
    proposal = moves.locked(proposal)
    reason = reason.strip()[:MAX_WORDS]
    transition = moves.allowed(actor, proposal, move, reason)
    if transition.who == "approver":
        moves.check_approver(actor, proposal, policy.DISCIPLINES, some=True)
    if move == "reopen" and (other := selectors.open_proposal_of(proposal.source)):
        raise AlreadyProposed(f"It is {other}.", proposal=str(other.pk))
    before = proposal.state
    proposal.state = transition.target or proposal.state
    proposal.save()
    moves.step(proposal, move, actor, before=before, reason=reason)
    if proposal.state in policy.OPEN_STATES:
        proposal = refresh(actor=actor, proposal=proposal)
    moves.announce(proposal)
    news.of_move(actor, proposal, move)
    audit.record(
        actor=actor, action=f"proposal.{move}", obj=proposal, detail={"reason": reason[:500]}
    )
    return proposal


@transaction.atomic
def judge(
    *,
    actor: User,
    proposal: Proposal,
    discipline: str,
    verdict: str,
    candidate_hash: str,
    reason: str = "",
) -> Approval:
    """Approve, or ask for changes, for one discipline: of the content with this hash.

    Raises
    ------
    ProposalMoved
        If the candidate is not what the actor looked at, or a line moved on.
    ChecksFailed
        If it may not be approved yet.
    OwnWork
        If the actor opened the proposal or drew a part of it.
    """
    proposal = moves.locked(proposal)
    reason = reason.strip()[:MAX_WORDS]
    name: policy.Move = "approve" if verdict == Verdict.APPROVED else "request_changes"
    transition = moves.allowed(actor, proposal, name, reason)
    if discipline not in policy.DISCIPLINES or verdict not in Verdict.values:
        raise ProposalInvalid("Name one of the disciplines, and approve or ask for changes.")
    moves.check_approver(actor, proposal, (discipline,))
    found = examine(proposal)
    if discipline not in found.disciplines:
        raise ProposalInvalid(f"The proposal touches nothing of {discipline}.")
    moves.hold(found, candidate_hash, transition)
    approval = Approval.objects.create(
        proposal=proposal,
        discipline=discipline,
        verdict=verdict,
        reason=reason,
        approver=actor,
        author_of_proposal=proposal.author,
        source_revision=proposal.source_revision,
        target_revision=proposal.target_revision,
        candidate_revision=proposal.candidate_revision or 0,
        candidate_hash=found.candidate_hash,
        evaluation_key=found.evaluation.key if found.evaluation else "",
        rules=found.rules,
        at=timezone.now(),
    )
    moves.step(proposal, name, actor, before=proposal.state, detail=discipline, reason=reason)
    moves.announce(proposal)
    news.of_verdict(actor, proposal, approval)
    audit.record(
        actor=actor,
        action=f"proposal.{name}",
        obj=proposal,
        detail={
            "discipline": discipline,
            "candidate_hash": found.candidate_hash,
            "evaluation_key": approval.evaluation_key,
            "rules": found.rules,
        },
    )
    return approval


@transaction.atomic
def retract(*, actor: User, proposal: Proposal, approval_id: UUID) -> Proposal:
    """Take one's own approval, or request for changes, back.

    Raises
    ------
    ProposalInvalid
        If the actor holds no such approval.
    """
    proposal = moves.locked(proposal)
    moves.allowed(actor, proposal, "retract", "")
    approval = proposal.approvals.filter(pk=approval_id, approver=actor, retracted_at=None).first()
    if approval is None:
        raise ProposalInvalid("You hold no such approval.")
    approval.retracted_at = timezone.now()
    approval.save(update_fields=["retracted_at"])
    moves.step(proposal, "retract", actor, before=proposal.state, detail=approval.discipline)
    moves.announce(proposal)
    audit.record(
        actor=actor,
        action="proposal.retract",
        obj=proposal,
        detail={"discipline": approval.discipline},
    )
    return proposal


@transaction.atomic
def merge_proposal(*, actor: User, proposal: Proposal, candidate_hash: str) -> Proposal:
    """Bring the branch back: one revision with two parents, and a report of what it did.

    Raises
    ------
    ProposalMoved
        If the candidate is not what the actor looked at, or a line moved on.
    ChecksFailed
        If anything still stands in the way.
    """
    proposal = moves.locked(proposal)
    transition = moves.allowed(actor, proposal, "merge", "")
    found = examine(proposal)
    moves.hold(found, candidate_hash, transition)
    base = branches.merge_base(proposal.target, proposal.source)
    made = _made(proposal)
    if not made.is_clean or made.document.state_hash != found.candidate_hash:
        raise ProposalMoved("The merge would not make what was approved; look at it again.")
    outcome = branches.append_merge(
        design=proposal.target,
        document=made.document,
        source=proposal.source,
        source_number=proposal.source_revision,
        author=actor,
        label=f"Merge #{proposal.number}: {proposal.title}",
        request_id=proposal.pk,
    )
    before = proposal.state
    proposal.state = Proposal.State.MERGED
    proposal.merged_revision = outcome.number
    proposal.report = merge_report(
        actor=actor, proposal=proposal, found=found, made=made, base=base
    )
    proposal.save()
    proposal.target.refresh_from_db()
    request_evaluation(actor=actor, design=proposal.target, revision=outcome.number)
    moves.step(proposal, "merge", actor, before=before, detail=f"revision {outcome.number}")
    moves.announce(proposal)
    news.of_move(actor, proposal, "merge")
    audit.record(
        actor=actor,
        action="proposal.merge",
        obj=proposal,
        detail={"revision": outcome.number, "state_hash": outcome.state_hash},
    )
    return proposal


def add_approver(
    *, actor: User, project: Project, discipline: str, user: User | None, team: Team | None
) -> Approver:
    """Ask a person, or a team, for a discipline in a project.

    Raises
    ------
    ProposalInvalid
        If the discipline is none, or nobody or both are named.
    """
    permissions.require(actor, "manage", project)
    if discipline not in policy.DISCIPLINES or (user is None) == (team is None):
        raise ProposalInvalid("Name a discipline, and one person or one team.")
    approver, _ = Approver.objects.get_or_create(
        project=project, discipline=discipline, user=user, team=team
    )
    audit.record(
        actor=actor,
        action="approver.add",
        obj=project,
        detail={"discipline": discipline, "approver": str(user or team)},
    )
    return approver


def remove_approver(*, actor: User, project: Project, approver_id: int) -> None:
    """No longer ask somebody for a discipline."""
    permissions.require(actor, "manage", project)
    Approver.objects.filter(project=project, pk=approver_id).delete()
    audit.record(actor=actor, action="approver.remove", obj=project)
