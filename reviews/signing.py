"""Waiving findings in a review: a reason, a day on which it ends, and a name under it."""

from datetime import date
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from accounts import permissions
from accounts.models import User
from audit import services as audit
from layouts import services as designs
from layouts.selectors import document_at
from reviews import moves, policy, selectors
from reviews.errors import ProposalInvalid
from reviews.examination import examine
from reviews.models import Proposal, Signature
from reviews.services import refresh


@transaction.atomic
def waive(
    *, actor: User, proposal: Proposal, finding_id: str, reason: str, expires_on: date
) -> Proposal:
    """Waive one finding of the candidate on the branch, with the actor's name under it.

    Raises
    ------
    ProposalInvalid
        If the finding is not there, the reason is missing, or the day is past.
    OwnWork
        If the actor opened the proposal or drew a part of it.
    """
    proposal = moves.locked(proposal)
    if proposal.state not in policy.OPEN_STATES:
        raise moves.refused(proposal, "given a waiver")
    found = examine(proposal)
    finding = next(
        (each for each in (found.result or {}).get("findings", ()) if each["id"] == finding_id),
        None,
    )
    reason = reason.strip()[:2000]
    if finding is None or not reason or expires_on <= timezone.now().date():
        raise ProposalInvalid("A waiver needs a finding, a reason and a day to come.")
    _check_signer(actor, proposal, finding["rule"])
    id_ = str(uuid4())
    element = {
        "id": id_,
        "kind": "waiver",
        "waiver": {
            "rule": finding["rule"],
            "element_ids": list(finding["element_ids"]),
            "reason": reason,
            "expires_on": expires_on.isoformat(),
            "granted_by": actor.username[:200],
        },
    }
    designs.append_edits(
        design=proposal.source,
        base=proposal.source.head,
        edits=[{"type": "create", "element": element}],
        author=actor,
        request_id=uuid4(),
        label=f"Waive {finding['rule']}",
    )
    proposal = refresh(actor=actor, proposal=proposal)
    return sign_waiver(actor=actor, proposal=proposal, element_id=id_)


@transaction.atomic
def sign_waiver(*, actor: User, proposal: Proposal, element_id: str) -> Proposal:
    """Put the actor's name under a waiver that the branch brings.

    Raises
    ------
    ProposalInvalid
        If the branch brings no such waiver.
    """
    proposal = moves.locked(proposal)
    if proposal.state not in policy.OPEN_STATES:
        raise moves.refused(proposal, "signed")
    document = document_at(proposal.source, proposal.source.head)
    element = document.elements.get(element_id)
    if element is None or element["kind"] != "waiver":
        raise ProposalInvalid("The branch brings no such waiver.")
    words = element["waiver"]
    _check_signer(actor, proposal, words["rule"])
    Signature.objects.get_or_create(
        proposal=proposal,
        waiver_hash=selectors.waiver_hash(element),
        defaults={
            "element_id": element_id,
            "rule": words["rule"],
            "reason": words["reason"],
            "expires_on": date.fromisoformat(words["expires_on"]),
            "signer": actor,
            "at": timezone.now(),
        },
    )
    moves.step(
        proposal,
        "sign",
        actor,
        before=proposal.state,
        detail=words["rule"],
        reason=words["reason"],
    )
    moves.announce(proposal)
    audit.record(
        actor=actor,
        action="proposal.waive",
        obj=proposal,
        detail={"rule": words["rule"], "expires_on": words["expires_on"]},
    )
    return proposal


def _check_signer(actor: User, proposal: Proposal, rule: str) -> None:
    permissions.require(actor, "waive", proposal)
    concerned = policy.of_rule(rule)
    asked = tuple(each for each in policy.DISCIPLINES if each in concerned)
    moves.check_approver(actor, proposal, asked, some=True)
