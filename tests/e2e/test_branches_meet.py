"""Two branches of one row: what both may change without a question, and what is asked."""

import pytest
from playwright.sync_api import expect

from tests.analysis.design_files import eight_racks, id_of
from tests.e2e.proposing import ProposalPage, branch, propose
from tests.e2e.team import Person, Team

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]

RACK = id_of(3)


def _change(person: Person, design: str, tag: str, label: str, value: str) -> None:
    plan = person.plan.open(design)
    plan.select(tag)
    plan.type_into(label, value)
    plan.ready()


def _land(reviewer: Person, author: Person, proposal: str, *disciplines: str) -> None:
    ProposalPage(reviewer.page, proposal).open().approve(*disciplines)
    ProposalPage(author.page, proposal).open().merge()


def _rack(person: Person, design: str) -> dict[str, dict[str, float]]:
    elements = person.read(f"/api/designs/{design}/file")["elements"]
    return next(dict(each) for each in elements if each["id"] == RACK)


def test_power_and_place_of_one_rack_merge_without_a_question(team: Team):
    pia, liam, ada = team.invite("pia", "editor"), team.invite("liam", "editor"), team.admin
    main = team.bring(team.project("Power and place"), eight_racks(), "Row")
    power, place = branch(pia.page, main, "power"), branch(liam.page, main, "place")
    _change(pia, power, "R03", "Sustained", "130")
    _change(liam, place, "R03", "Y", "3700")
    first = propose(pia.page, power, "Less power")
    _land(ada, pia, first.id, "Power", "Cooling")

    second = propose(liam.page, place, "Another place").open()
    expect(second.check("No conflicts")).to_have_attribute("data-state", "done")
    expect(second.page.get_by_role("heading", name="To decide")).to_have_count(0)
    _land(ada, liam, second.id, "Space")

    rack = _rack(ada, main)
    assert rack["load"]["sustained_kw"] == 130
    assert rack["placement"]["y_mm"] == 3700


def test_two_places_of_one_rack_are_asked_about_once(team: Team):
    nora, otto, ada = team.invite("nora", "editor"), team.invite("otto", "editor"), team.admin
    main = team.bring(team.project("Two places"), eight_racks(), "Row")
    north, south = branch(nora.page, main, "north"), branch(otto.page, main, "south")
    _change(nora, north, "R03", "Y", "3700")
    _change(otto, south, "R03", "Y", "3500")
    first = propose(nora.page, north, "To the north")
    _land(ada, nora, first.id, "Space")

    second = propose(otto.page, south, "To the south")
    question = second.page.locator(".conflict")
    expect(question).to_have_count(1)
    for words in ("R03", "3600", "3700", "3500"):
        expect(question).to_contain_text(words)
    expect(second.merging).to_be_disabled()
    question.get_by_role("button", name="Take south").click()
    expect(second.page.locator(".conflict")).to_have_count(0)

    # Nothing is asked again, whoever looks and however often.
    second.open()
    second.page.reload()
    expect(second.page.get_by_role("heading", name="To decide")).to_have_count(0)
    _land(ada, otto, second.id, "Space")
    assert _rack(ada, main)["placement"]["y_mm"] == 3500
