"""Journey 4: two browsers on one design, and one of them without a network for a while."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.e2e.browser import Watch
from tests.e2e.plan import Plan

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]

A_SECOND_MS = 1000


def test_two_browsers_see_each_other_and_offline_work_is_not_lost(
    new_browser: Callable[[], BrowserContext], watch: Watch
):
    first, second = (Plan(new_browser().new_page()) for _ in range(2))
    first.make("Together", sample="pod").evaluated()
    second.open(first.design).evaluated()
    first.select("R01-01")
    second.select("R01-01")

    first.type_into("Y", "1200")
    second.shows("Y", "1200", within_ms=A_SECOND_MS)
    second.type_into("Y", "2400")
    first.shows("Y", "2400", within_ms=A_SECOND_MS)

    with watch.cut_off(first.page.context):
        first.type_into("X", "1300")
        expect(first.page.get_by_text("The server cannot be reached.")).to_be_visible()
        first.type_into("Rotation", "90")
        expect(first.save).to_contain_text("2 kept")
        # Meanwhile the other browser goes on, with the same rack.
        second.type_into("Tag", "R01-01b")
        expect(second.save).to_contain_text("saved")
        second.shows("X", "3600")

    expect(first.save).to_contain_text("saved")
    expect(first.field("Tag")).to_have_value("R01-01b")
    second.shows("X", "1300")
    second.shows("Rotation", "90")
    for plan in (first, second):
        plan.evaluated()
        rack = plan.element("R01-01b")
        assert rack["placement"] == {"x_mm": 1300, "y_mm": 2400, "rotation_deg": 90}
    assert first.revision == second.revision
