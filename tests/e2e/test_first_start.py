"""From nothing to the sample by one link, and back to it on the second start."""

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.browser import DESKTOP, Watch, first_visit
from tests.e2e.plan import Plan
from tests.e2e.server import Server

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]


def test_one_link_makes_the_account_and_the_second_start_asks_nothing(
    browser: Browser, watch: Watch, tmp_path_factory: pytest.TempPathFactory
):
    server = Server(tmp_path_factory.mktemp("first"))
    context = browser.new_context(viewport=DESKTOP)
    watch.over(context)
    page = context.new_page()
    try:
        server.start()
        assert "/setup#" in server.link
        first_visit(page, server.link, name="grace", password="seven quiet copper pumps")

        plan = Plan(page).evaluated()
        expect(page.get_by_role("heading", name="GB300 pod, 8 racks")).to_be_visible()
        plan.select("R01-04")
        plan.type_into("X", "5450")
        plan.ready()
        design, key = plan.design, server.link
        context.close()
        assert server.stop() == 0

        server.start()
        assert "/enter#" in server.link
        fresh = browser.new_context(viewport=DESKTOP, base_url=server.home)
        watch.over(fresh)
        plan = Plan(fresh.new_page())
        plan.page.goto(server.link)
        expect(plan.page.get_by_text("You are signed in.")).to_be_visible()
        plan.open(design)
        assert plan.element("R01-04")["placement"]["x_mm"] == 5450
        # The key of the first link is spent, and set-up is over.
        plan.page.goto(f"{server.home}/setup#{key.partition('#')[2]}")
        expect(plan.page.get_by_role("heading", name="Projects")).to_be_visible()
    finally:
        server.stop()
