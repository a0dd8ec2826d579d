"""What every move of a proposal rests on: its locks, its rights, its gates, its trace."""

from collections.abc import Mapping
from functools import partial

from django.db import transaction
from django.utils import timezone

from accounts import permissions
from accounts.models import User
from layouts import live
from layouts import log as design_log
from layouts.models import Design
from reviews import policy, selectors
from reviews.errors import (
    ChecksFailed,
    MoveRefused,
    NotAnApprover,
    NotTheAuthor,
    OwnWork,
    ProposalInvalid,
    ProposalMoved,
)
from reviews.examination import Examination
from reviews.models import Proposal, Step


def locked(proposal: Proposal) -> Proposal:
    """The proposal and both its lines as they are now, held until the transaction ends."""
    held = Proposal.objects.select_for_update().get(pk=proposal.pk)
    lines = {
        pk: design_log.locked(Design(pk=pk)) for pk in sorted((held.source_id, held.target_id))
    }
    held.source, held.target = lines[held.source_id], lines[held.target_id]
    if held.candidate_id is not None:
        held.candidate = design_log.locked(Design(pk=held.candidate_id))
    return held


def allowed(actor: User, proposal: Proposal, name: policy.Move, reason: str) -> policy.Transition:
    """The row of the table for a move, if this person may make it now."""
    transition = policy.TRANSITIONS[name]
    permissions.require(actor, transition.action, proposal)
    if proposal.state not in transition.sources:
        raise refused(proposal, _PAST[name])
    is_author = proposal.author_id == actor.pk or permissions.can(actor, "manage", proposal)
    if transition.who == "author" and not is_author:
        raise NotTheAuthor(f"{proposal.author} opened this proposal.")
    if transition.needs_reason and not reason:
        raise ProposalInvalid("Say why, so that the author knows what to do.")
    return transition


_PAST: Mapping[policy.Move, str] = {
    "submit": "submitted",
    "approve": "approved",
    "request_changes": "judged",
    "retract": "judged",
    "decline": "declined",
    "withdraw": "withdrawn",
    "reopen": "reopened",
    "merge": "merged",
}


def refused(proposal: Proposal, done: str) -> MoveRefused:
    """The refusal of a move that the state does not allow."""
    state = proposal.get_state_display().lower()
    return MoveRefused(f"It is {state} and cannot be {done}.", state=proposal.state)


def check_approver(
    actor: User, proposal: Proposal, disciplines: tuple[str, ...], *, some: bool = False
) -> None:
    """Stop who worked on a proposal, and who is not asked for these disciplines."""
    if selectors.worked_on(actor, proposal):
        raise OwnWork("You opened this proposal or drew a part of it.")
    asked = [each for each in disciplines if selectors.is_approver(actor, proposal, each)]
    if len(asked) < (1 if some else len(disciplines)):
        raise NotAnApprover(f"Others are asked for {', '.join(disciplines)} in this project.")


def hold(found: Examination, candidate_hash: str, transition: policy.Transition) -> None:
    """Stop unless what was looked at is what is there, and every gate of the move passes."""
    if not found.is_current:
        raise ProposalMoved("A line has a newer revision; the candidate must be made again.")
    failing = found.failing([gate for gate in transition.gates if gate != "current"])
    if failing:
        words = "; ".join(check.label for check in failing)
        raise ChecksFailed(f"{words}.", checks=[check.to_json() for check in failing])
    if candidate_hash != found.candidate_hash:
        raise ProposalMoved("This is not the candidate you looked at; look at it again.")


def step(
    proposal: Proposal,
    name: str,
    actor: User,
    *,
    before: str,
    detail: str = "",
    reason: str = "",
) -> None:
    """Keep a trace of a move."""
    now = timezone.now()
    Step.objects.create(
        proposal=proposal,
        move=name,
        actor=actor,
        at=now,
        before=before,
        after=proposal.state,
        detail=detail,
        reason=reason,
    )
    proposal.changed_at = now
    proposal.save(update_fields=["changed_at"])


def announce(proposal: Proposal) -> None:
    """Tell everybody who looks at one of the lines."""
    message = {"type": "proposal", "proposal": str(proposal.pk), "state": proposal.state}
    for design_id in (proposal.source_id, proposal.target_id):
        transaction.on_commit(partial(live.publish, design_id, message))
