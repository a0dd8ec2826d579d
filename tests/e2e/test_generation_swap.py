"""Journey 3: the next generation of racks in the sample hall, and what it changes."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.plan import Plan, plain

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]

# 128 racks; MaxP draws 227 kW sustained where a GB300 draws 142.
FIGURES = ("IT power", "Heat to liquid", "Heat to air", "Flow", "Owner's cost")


def test_one_step_swaps_the_generation_of_a_whole_hall(plan: Plan):
    plan.make("Generations", sample="hall").evaluated()
    plan.tab("Results")
    before = {label: plan.figure(label) for label in FIGURES}
    cost_before = plan.details.locator(".hero").inner_text()
    findings_before = plan.dock.get_by_role("tab", name="Findings").inner_text()
    revision = plan.revision

    plan.command("Swap racks everywhere")
    dialog = plan.page.get_by_role("dialog")
    expect(dialog.get_by_label("Every", exact=True)).to_contain_text("GB300 NVL72 (128)")
    dialog.get_by_label("becomes", exact=True).select_option(label="Vera Rubin NVL72 MaxP")
    dialog.get_by_role("button", name="Swap racks everywhere").click()

    expect(plan.save).to_contain_text(f"rev {revision + 1}")
    plan.evaluated()
    after = {label: plan.figure(label) for label in FIGURES}
    assert before["IT power"] == "18.2 MW"
    assert after["IT power"] == "29.1 MW"
    assert [label for label in FIGURES if after[label] == before[label]] == []
    assert plan.details.locator(".hero").inner_text() != cost_before
    assert plan.dock.get_by_role("tab", name="Findings").inner_text() != findings_before
    said = plan.findings("COOL-").first.locator(".what button").get_attribute("title") or ""
    assert re.search(r"It takes [4-9]\d* and 1 spare of its CDUs, and has 3", said), said

    _compare_with(plan, revision)


def _compare_with(plan: Plan, revision: int) -> None:
    """The former revision on the compare page, figure by figure."""
    plan.page.goto(f"/designs/{plan.design}/lifecycle/")
    plan.page.get_by_role("link", name="Compare").first.click()
    old = plan.page.get_by_label("Old")
    wanted = old.locator("option", has_text=re.compile(rf"\b{revision}\b")).first
    old.select_option(value=wanted.get_attribute("value"))
    plan.page.get_by_role("button", name="Compare").click()
    figures = plan.page.get_by_role("region", name="Figures")
    for label, old_value, new_value in (("IT power kW", 18176, 29056),):
        header = plan.page.get_by_role("rowheader", name=label, exact=True)
        row = plain(figures.get_by_role("row").filter(has=header).inner_text())
        assert (str(old_value) in row, str(new_value) in row) == (True, True), row
    costs = figures.get_by_role("row").filter(has_text=re.compile("per million tokens", re.I))
    expect(costs.first.get_by_text(re.compile("better|worse")).last).to_be_visible()
