"""A merge that costs the spare CDU: nobody gets it approved, by screen or by API."""

import pytest
from playwright.sync_api import expect

from tests.analysis.design_files import eight_racks, id_of
from tests.e2e.browser import Watch
from tests.e2e.proposing import ProposalPage, branch, propose
from tests.e2e.team import Team

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]

REFUSED, FORBIDDEN = 409, 403


def test_what_costs_the_spare_cdu_is_approved_by_nobody(team: Team, watch: Watch):
    author, reviewer = team.invite("eva", "editor"), team.invite("rolf", "reviewer")
    main = team.bring(team.project("Spare"), eight_racks(), "Row with a spare")
    team.protect(main)
    hot = branch(author.page, main, "hot")
    plan = author.plan.open(hot)
    plan.press("Control+a")
    plan.details.get_by_role("button", name="8 racks").click()
    plan.type_into("To liquid", "130")
    plan.ready()
    made = propose(author.page, hot, "More to liquid")

    seen = ProposalPage(reviewer.page, made.id).open()
    broken = seen.check("COOL-N1").or_(seen.page.locator('.gates li[data-state="failed"]'))
    expect(broken.first).to_be_visible()
    expect(seen.merging).to_be_disabled()
    expect(seen.page.get_by_text("Cannot merge yet:")).to_be_visible()
    with watch.expecting(REFUSED):
        seen.decide()
        seen.page.get_by_label("For", exact=True).select_option("cooling")
        seen.page.get_by_role("button", name="Approve").click()
        expect(seen.page.get_by_role("alert")).to_be_visible()
    expect(seen.standing("Cooling")).to_have_text("waiting")

    shown = reviewer.read(f"/api/proposals/{made.id}")
    said = {"candidate_hash": shown["candidate_hash"]}
    word = {**said, "discipline": "cooling", "verdict": "approved", "reason": "It will do."}
    for person, path, body in (
        (reviewer, f"/api/proposals/{made.id}/judgements", word),
        (author, f"/api/proposals/{made.id}/merge", said),
        (team.admin, f"/api/proposals/{made.id}/merge", said),
    ):
        answer = person.ask("POST", path, body)
        assert answer.status == REFUSED, answer.text()
        assert answer.json()["code"] == "checks-failed"
        assert "redundancy" in {each["gate"] for each in answer.json()["checks"]}
    for person, path, body in (
        (reviewer, f"/proposals/{made.id}/judge/", word),
        (author, f"/proposals/{made.id}/merge/", said),
    ):
        assert person.ask("POST", path, body, is_form=True).status == REFUSED

    # Nor does the line take it directly.
    assert author.read(f"/api/designs/{main}")["head"] == 1
    edit = {"type": "move", "set": [id_of(1)], "dx_mm": 100, "dy_mm": 0}
    push = {"base": 1, "request_id": made.id, "label": "Move", "edits": [edit]}
    pushed = author.ask("POST", f"/api/designs/{main}/edits", push)
    assert pushed.status in {REFUSED, FORBIDDEN}
    assert pushed.json()["code"] == "design-protected"
