"""Placing, moving and undoing without a pointer."""

import pytest
from playwright.sync_api import expect

from tests.e2e.plan import Plan

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]


def test_a_rack_is_placed_moved_and_undone_by_keys_alone(plan: Plan):
    plan.make("By keys", sample="pod").evaluated()
    keys = plan.page.keyboard
    keys.press("r")
    expect(plan.page.locator(".stage-hint")).to_contain_text("type X and Y")
    keys.type("1800")
    keys.press("Tab")
    keys.type("1200")
    keys.press("Enter")
    keys.press("Escape")
    plan.ready()
    tag = plan.details.get_by_role("heading").first.inner_text()
    assert plan.element(tag)["placement"] == {"x_mm": 1800, "y_mm": 1200, "rotation_deg": 0}

    keys.press("Shift+ArrowRight")
    keys.press("ArrowUp")
    plan.ready()
    assert plan.element(tag)["placement"] == {"x_mm": 2800, "y_mm": 1300, "rotation_deg": 0}
    plan.shows("X", "2800")

    keys.press("Control+z")
    plan.shows("Y", "1200")
    keys.press("Control+z")
    plan.shows("X", "1800")
    keys.press("Control+z")
    expect(plan.details.get_by_text("Nothing is selected.")).to_be_visible()
    plan.ready()
    assert tag not in {one.get("identity", {}).get("tag") for one in plan.file()["elements"]}
