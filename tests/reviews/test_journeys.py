"""What a team does with a branch, from the first change to the merge."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Membership
from layouts import branches
from layouts.errors import DesignProtected
from layouts.models import Revision
from layouts.selectors import document_at
from reviews import services, signing
from reviews.errors import (
    ChecksFailed,
    MoveRefused,
    NotAnApprover,
    NotTheAuthor,
    OwnWork,
    ProposalInvalid,
    ProposalMoved,
)
from reviews.examination import examine
from reviews.models import Approval, Verdict
from tests import factories
from tests.reviews.conftest import moved, of_kind, push, put

pytestmark = pytest.mark.django_db


def proposed(branch, author):
    proposal = services.open_proposal(actor=author, source=branch, title="Raise the load")
    return services.move(actor=author, proposal=proposal, move="submit")


def approve(proposal, actor, *disciplines):
    for discipline in disciplines or examine(proposal).disciplines:
        services.judge(
            actor=actor,
            proposal=proposal,
            discipline=discipline,
            verdict=Verdict.APPROVED,
            candidate_hash=examine(proposal).candidate_hash,
        )


def standings(proposal):
    proposal.refresh_from_db()
    return {review.discipline: review.standing for review in examine(proposal).reviews}


def check(proposal, gate):
    proposal.refresh_from_db()
    return next(each for each in examine(proposal).checks if each.gate == gate)


def merge(proposal, actor):
    return services.merge_proposal(
        actor=actor, proposal=proposal, candidate_hash=examine(proposal).candidate_hash
    )


def test_from_branch_to_merge(main, branch, author, reviewer, work_off):
    rack, cdu = of_kind(branch, "rack")[0], of_kind(branch, "cdu")[0]
    push(branch, author, put(rack, "load", {"tdp_kw": 100, "sustained_kw": 95}))
    push(branch, author, moved(cdu, dy=100))
    proposal = proposed(branch, author)
    work_off()
    approve(proposal, reviewer)
    assert set(standings(proposal).values()) == {"approved"}

    push(branch, author, moved(cdu, dy=-50))
    assert check(proposal, "current").state == "open"
    with pytest.raises(ProposalMoved):
        merge(proposal, author)
    proposal = services.refresh(actor=author, proposal=proposal)
    work_off()

    assert standings(proposal) == {"space": "stale", "power": "approved", "cooling": "stale"}
    with pytest.raises(ChecksFailed):
        merge(proposal, author)
    approve(proposal, reviewer, "space", "cooling")
    merged = merge(proposal, author)

    main.refresh_from_db()
    revision = main.revisions.get(number=main.head)
    assert merged.state == "merged"
    assert revision.kind == Revision.Kind.MERGE
    assert (revision.merged, revision.merged_number) == (branch, branch.head)
    assert document_at(main, main.head) == document_at(branch, branch.head)
    assert [each["approver"] for each in merged.report["approvals"]] == ["Rui"] * 3
    assert merged.report["target"]["after"] == main.head
    assert {line["how"] for line in merged.report["changes"]} == {"moved", "changed"}


def test_power_and_place_of_one_rack_merge_without_a_question(
    *, main, branch, author, reviewer, admin, work_off
):
    other = branches.fork_design(source=main, number=main.head, name="Other", author=admin)
    rack = of_kind(main, "rack")[0]
    push(other, admin, moved(rack, dy=50))
    first = proposed(other, admin)
    work_off()
    approve(first, reviewer)
    merge(first, admin)
    push(branch, author, put(rack, "load", {"tdp_kw": 100, "sustained_kw": 95}))

    second = proposed(branch, author)
    work_off()

    assert check(second, "no_conflicts").state == "done"
    approve(second, reviewer)
    merge(second, author)
    main.refresh_from_db()
    result = document_at(main, main.head).elements[rack["id"]]
    assert result["load"]["tdp_kw"] == 100
    assert result["placement"]["y_mm"] == rack["placement"]["y_mm"] + 50


def test_both_moved_one_rack_and_it_is_asked_once(
    *, main, branch, author, reviewer, admin, work_off
):
    other = branches.fork_design(source=main, number=main.head, name="Other", author=admin)
    rack = of_kind(main, "rack")[0]
    push(other, admin, moved(rack, dy=50))
    first = proposed(other, admin)
    work_off()
    approve(first, reviewer)
    merge(first, admin)
    push(branch, author, moved(rack, dy=100))

    second = proposed(branch, author)

    assert [each["key"] for each in second.conflicts] == [f"{rack['id']}.placement"]
    assert check(second, "no_conflicts").state == "failed"
    with pytest.raises(ChecksFailed):
        approve(second, reviewer, "space")
    with pytest.raises(ProposalInvalid):
        services.resolve(actor=author, proposal=second, key="nonsense", side="theirs")
    second = services.resolve(
        actor=author, proposal=second, key=second.conflicts[0]["key"], side="theirs"
    )
    work_off()
    assert check(second, "no_conflicts").state == "done"
    approve(second, reviewer)
    merged = merge(second, author)
    main.refresh_from_db()
    place = document_at(main, main.head).elements[rack["id"]]["placement"]
    assert place["y_mm"] == rack["placement"]["y_mm"] + 100
    assert [(each["side"], each["by"]) for each in merged.report["conflicts"]] == [
        ("theirs", "Ana")
    ]


def test_a_merge_that_loses_redundancy_cannot_be_approved(branch, author, reviewer, work_off):
    push(branch, author, {"type": "delete", "id": of_kind(branch, "cdu")[0]["id"]})
    proposal = proposed(branch, author)
    work_off()

    assert check(proposal, "redundancy").state == "failed"
    with pytest.raises(ChecksFailed) as refusal:
        approve(proposal, reviewer, "cooling")

    assert "redundancy" in [each["gate"] for each in refusal.value.context["checks"]]
    assert not Approval.objects.exists()


def test_a_waived_finding_does_not_stop_a_merge(branch, author, reviewer, work_off, today):
    push(branch, author, {"type": "delete", "id": of_kind(branch, "cdu")[0]["id"]})
    proposal = proposed(branch, author)
    work_off()
    finding = check(proposal, "redundancy").findings[0]

    with pytest.raises(OwnWork):
        author.memberships.update(role="reviewer")
        signing.waive(
            actor=author,
            proposal=proposal,
            finding_id=finding["id"],
            reason="Only for the pilot",
            expires_on=today.replace(year=today.year + 1),
        )
    proposal = signing.waive(
        actor=reviewer,
        proposal=proposal,
        finding_id=finding["id"],
        reason="Only for the pilot",
        expires_on=today.replace(year=today.year + 1),
    )
    work_off()

    assert check(proposal, "redundancy").state == "done"
    assert check(proposal, "waivers").label == "1 waiver signed"
    approve(proposal, reviewer)
    merged = merge(proposal, author)
    assert [(each["signer"], each["reason"]) for each in merged.report["waivers"]] == [
        ("Rui", "Only for the pilot")
    ]


def test_a_waiver_that_nobody_signed_stops_a_merge(branch, author, reviewer, work_off):
    waiver = {
        "id": "0198f000-0000-7000-8000-0000000000aa",
        "kind": "waiver",
        "waiver": {
            "rule": "COOL-N1",
            "element_ids": [],
            "reason": "Because",
            "expires_on": "2099-01-01",
            "granted_by": "Somebody",
        },
    }
    push(branch, author, {"type": "create", "element": waiver})
    proposal = proposed(branch, author)
    work_off()

    assert check(proposal, "waivers").state == "failed"
    with pytest.raises(ChecksFailed):
        approve(proposal, reviewer, "cooling")
    signing.sign_waiver(actor=reviewer, proposal=proposal, element_id=waiver["id"])
    approve(proposal, reviewer, "cooling")


def test_nobody_approves_their_own_work(branch, author, reviewer, organisation, work_off):
    helper = factories.member(organisation, "reviewer", name="Helper")
    rack = of_kind(branch, "rack")[0]
    push(branch, author, moved(rack, dy=50))
    push(branch, helper, moved(rack, dy=50))
    proposal = proposed(branch, author)
    work_off()
    Membership.objects.filter(user=author).update(role="admin")

    for person in (author, helper):
        with pytest.raises(OwnWork):
            approve(proposal, person, "space")
    approve(proposal, reviewer, "space")

    assert [each.approver for each in Approval.objects.all()] == [reviewer]


def test_only_those_who_are_asked_approve(
    *, branch, author, reviewer, admin, organisation, work_off
):
    asked = factories.member(organisation, "reviewer")
    push(branch, author, moved(of_kind(branch, "rack")[0], dy=50))
    proposal = proposed(branch, author)
    services.add_approver(
        actor=admin, project=branch.project, discipline="space", user=asked, team=None
    )
    work_off()

    with pytest.raises(NotAnApprover):
        approve(proposal, reviewer, "space")
    approve(proposal, asked, "space")

    assert standings(proposal) == {"space": "approved"}


def test_a_request_for_changes_stands_until_its_approver_is_content(
    branch, author, reviewer, organisation, work_off
):
    second = factories.member(organisation, "reviewer")
    push(branch, author, moved(of_kind(branch, "rack")[0], dy=50))
    proposal = proposed(branch, author)
    work_off()
    found = examine(proposal)
    asked = {"proposal": proposal, "discipline": "space", "candidate_hash": found.candidate_hash}

    with pytest.raises(ProposalInvalid):
        services.judge(actor=reviewer, verdict=Verdict.CHANGES, **asked)
    services.judge(actor=reviewer, verdict=Verdict.CHANGES, reason="Too near", **asked)
    approve(proposal, second, "space")
    assert standings(proposal) == {"space": "changes"}
    with pytest.raises(ChecksFailed):
        merge(proposal, author)
    approve(proposal, reviewer, "space")

    assert standings(proposal) == {"space": "approved"}


def test_an_approval_taken_back_counts_no_more(branch, author, reviewer, work_off):
    push(branch, author, moved(of_kind(branch, "rack")[0], dy=50))
    proposal = proposed(branch, author)
    work_off()
    approve(proposal, reviewer, "space")

    with pytest.raises(ProposalInvalid):
        services.retract(
            actor=factories.member(branch.project.organisation, "reviewer"),
            proposal=proposal,
            approval_id=Approval.objects.get().pk,
        )
    services.retract(actor=reviewer, proposal=proposal, approval_id=Approval.objects.get().pk)

    assert standings(proposal) == {"space": "waiting"}


def test_the_approver_of_other_bytes_is_told(branch, author, reviewer, work_off):
    rack = of_kind(branch, "rack")[0]
    push(branch, author, moved(rack, dy=50))
    proposal = proposed(branch, author)
    work_off()
    seen = examine(proposal).candidate_hash
    push(branch, author, moved(rack, dy=50))
    services.refresh(actor=author, proposal=proposal)
    work_off()

    with pytest.raises(ProposalMoved):
        services.judge(
            actor=reviewer,
            proposal=proposal,
            discipline="space",
            verdict=Verdict.APPROVED,
            candidate_hash=seen,
        )


def test_the_states_and_who_moves_them(branch, author, reviewer, work_off):
    push(branch, author, moved(of_kind(branch, "rack")[0], dy=50))
    proposal = services.open_proposal(actor=author, source=branch, title="Move")
    with pytest.raises(NotTheAuthor):
        services.move(actor=reviewer, proposal=proposal, move="submit")
    with pytest.raises(MoveRefused):
        services.move(actor=reviewer, proposal=proposal, move="decline", reason="No")
    proposal = services.move(actor=author, proposal=proposal, move="submit")
    with pytest.raises(ProposalInvalid):
        services.move(actor=reviewer, proposal=proposal, move="decline")
    proposal = services.move(actor=reviewer, proposal=proposal, move="decline", reason="Not now")
    work_off()
    with pytest.raises(MoveRefused):
        approve(proposal, reviewer, "space")
    proposal = services.move(actor=author, proposal=proposal, move="reopen")
    proposal = services.move(actor=author, proposal=proposal, move="withdraw")

    assert [(step.move, step.after, step.reason) for step in proposal.steps.all()] == [
        ("open", "draft", ""),
        ("submit", "in_review", ""),
        ("decline", "declined", "Not now"),
        ("reopen", "draft", ""),
        ("withdraw", "withdrawn", ""),
    ]


def test_the_main_line_changes_by_proposals_only(main, admin):
    with pytest.raises(DesignProtected):
        push(main, admin, moved(of_kind(main, "rack")[0], dy=50))


def test_the_database_refuses_an_approval_by_the_author(branch, author):
    push(branch, author, moved(of_kind(branch, "rack")[0], dy=50))
    proposal = proposed(branch, author)

    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.create(
            proposal=proposal,
            discipline="space",
            verdict=Verdict.APPROVED,
            approver=author,
            author_of_proposal=author,
            source_revision=1,
            target_revision=1,
            candidate_revision=1,
            candidate_hash="x",
            evaluation_key="x",
            rules="x",
            at=timezone.now(),
        )
