"""A team decides: a row is changed, argued about, approved twice and merged."""

import re

import pytest
from playwright.sync_api import expect

from tests.analysis.design_files import eight_racks
from tests.e2e.plan import Plan, plain
from tests.e2e.proposing import ProposalPage, branch, propose
from tests.e2e.team import Team

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]

SAID, ANSWERED = "@ed is 900 mm in front of it enough?", "@cora it moved 300 mm."


def _pin(plan: Plan, words: str) -> tuple[float, float]:
    """Where the pin of a comment is drawn. [px on the page]"""
    box = plan.page.get_by_role("button", name=re.compile(words)).first.bounding_box()
    assert box is not None
    return box["x"], box["y"]


def test_a_row_is_changed_argued_about_approved_and_merged(team: Team):
    author = team.invite("ed", "editor")
    cooling, power = team.invite("cora", "reviewer"), team.invite("paul", "reviewer")
    project = team.project("Review")
    main = team.bring(project, eight_racks(), "Row of eight")
    team.protect(main)
    team.ask_for(project, "cooling", cooling)
    team.ask_for(project, "power", power)

    # The author branches and changes the row.
    warm = branch(author.page, main, "warm")
    plan = author.plan.open(warm)
    plan.press("Control+a")
    plan.details.get_by_role("button", name="8 racks").click()
    plan.type_into("Sustained", "134")
    plan.ready()
    proposal = propose(author.page, warm, "Raise the row to 134 kW")

    # Cooling asks about a CDU, on the plan, and agrees; power and space agree too.
    theirs = cooling.plan.open(warm)
    theirs.select("CDU-2")
    theirs.press("c")
    theirs.details.get_by_label("What you want to say").fill(SAID)
    theirs.details.get_by_role("button", name="Pin comment").click()
    expect(theirs.details.get_by_role("button", name="CDU-2")).to_be_visible()
    before = _pin(theirs, "900 mm in front")
    judged = ProposalPage(cooling.page, proposal.id).open()
    comments = judged.page.get_by_role("region", name="Comments")
    expect(comments.get_by_text(SAID).first).to_be_visible()
    judged.approve("Cooling")
    ProposalPage(power.page, proposal.id).open().approve("Power", reason="88 % of the feed.")

    # The author reads it, answers and moves the CDU; the pin goes along.
    plan = author.plan.open(warm)
    plan.select("CDU-2")
    author.page.get_by_role("button", name=re.compile("900 mm in front")).first.click()
    plan.details.get_by_label("Answer").fill(ANSWERED)
    plan.details.get_by_role("button", name="Answer", exact=True).click()
    expect(plan.details.get_by_text(ANSWERED)).to_be_visible()
    plan.tab("Inspector")
    plan.type_into("X", "10500")
    plan.evaluated()
    theirs = cooling.plan.open(warm)
    expect(theirs.details).to_be_visible()
    assert _pin(theirs, "900 mm in front")[0] > before[0]
    thread = author.read(f"/api/designs/{warm}/threads")[0]
    assert "CDU-2" in thread["where"]
    assert [each["author"] for each in thread["comments"]] == ["cora", "ed"]

    # What cooling agreed to is no more what is there; what power agreed to still is.
    mine = ProposalPage(author.page, proposal.id).open()
    expect(mine.standing("Cooling")).to_have_text("stale")
    expect(mine.standing("Power")).to_have_text("approved")
    expect(mine.page.get_by_text("still holds")).to_be_visible()
    expect(mine.merging).to_be_disabled()
    judged = ProposalPage(cooling.page, proposal.id).open()
    judged.approve("Cooling", "Space")

    ProposalPage(author.page, proposal.id).open().merge()

    # On the line: the row, the CDU, and what was said about it.
    merged = author.read(f"/api/designs/{main}/file")["elements"]
    racks = [each for each in merged if each["kind"] == "rack"]
    assert {rack["load"]["sustained_kw"] for rack in racks} == {134}
    cdu = next(each for each in merged if each["identity"].get("tag") == "CDU-2")
    assert cdu["placement"]["x_mm"] == 10500
    [on_main] = author.read(f"/api/designs/{main}/threads")
    assert (on_main["number"], on_main["x_mm"]) == (thread["number"], thread["x_mm"])
    author.page.get_by_role("link", name="Merge report").click()
    report = plain(author.page.get_by_role("main").inner_text())
    for words in ("cora", "paul", "88 % of the feed."):
        assert words in report, report
