"""Journey 8: lead a pipe from a cooling unit along a row, by hand and by numbers."""

import json

import pytest
from playwright.sync_api import expect

from layouts.samples import sample_file
from tests.e2e.plan import Plan, Point

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]

UNIT = Point(3200, 4200)  # the middle of CDU-01 of the sample pod


def test_a_pipe_is_drawn_along_a_row_undone_and_redone(plan: Plan):
    plan.bring(_without_runs()).evaluated()
    view = plan.view()

    plan.press("p")
    # Beside the middle: the unit draws the pointer to itself.
    plan.click(Point(3240, 4160), view=view)
    plan.page.mouse.move(*view.to_page(Point(3220, 5600)))
    plan.page.keyboard.type("900")
    plan.page.keyboard.press("Enter")
    plan.page.mouse.move(*view.to_page(Point(8000, 5120)))
    plan.page.keyboard.type("6m")
    plan.page.keyboard.press("Enter")
    expect(plan.page.locator(".hud")).to_contain_text("in all")
    plan.page.keyboard.press("Enter")

    expect(plan.details.get_by_role("heading", name="P01", exact=True)).to_be_visible()
    assert plan.figure("Length") == "6.9 m"
    assert plan.figure("From") == "CDU-01"
    expect(plan.status).to_contain_text("6.9 m")
    plan.ready()
    drawn = plan.element("P01")
    assert drawn["path"]["points_mm"] == [[UNIT.x, UNIT.y], [3200, 5100], [9200, 5100]]
    assert drawn["pipe"] == {"loop": "TCS-1"}

    plan.press("Control+z")
    plan.ready()
    assert _runs(plan) == []

    plan.press("Control+y")
    plan.ready()
    assert _runs(plan) == [drawn]


def test_a_point_of_a_pipe_is_dragged_and_its_length_follows(plan: Plan):
    plan.bring(_without_runs()).evaluated()
    view = plan.view()
    plan.press("p")
    plan.click(UNIT, view=view)
    for typed in ("@0,1200", "@5800,0"):
        plan.page.keyboard.type(typed)
        plan.page.keyboard.press("Enter")
    plan.page.keyboard.press("Enter")
    assert plan.figure("Length") == "7 m"

    plan.drag(Point(9000, 5400), Point(8000, 5400))

    plan.ready()
    x, y = plan.element("P01")["path"]["points_mm"][-1]
    assert y == 5400
    assert 7500 < x < 8500
    assert plan.figure("Length") == f"{(1200 + x - UNIT.x) / 1000:g} m"


def _without_runs() -> bytes:
    """The sample pod, before anybody drew pipes and trays."""
    pod = sample_file("pod")
    left = [each for each in pod["elements"] if each["kind"] not in {"pipe", "tray", "feeder"}]
    return json.dumps({**pod, "elements": left}).encode()


def _runs(plan: Plan) -> list[dict[str, object]]:
    return [element for element in plan.file()["elements"] if element["kind"] == "pipe"]
