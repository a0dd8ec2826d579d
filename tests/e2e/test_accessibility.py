"""What axe says of the main pages, light and dark: nothing that keeps somebody out."""

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect

from tests.analysis.design_files import eight_racks
from tests.e2e.browser import go
from tests.e2e.proposing import ProposalPage, branch, propose
from tests.e2e.team import Team

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]

AXE = "frontend/node_modules/axe-core/axe.min.js"
KEEPS_OUT = frozenset({"serious", "critical"})
# Only colours differ by theme.
THEMES: Mapping[Literal["light", "dark"], str] = {
    "light": "",
    "dark": '{runOnly: ["color-contrast", "link-in-text-block"]}',
}
PHONE = {"width": 390, "height": 844}
TABS = ("Inspector", "Results", "Site", "Comments")


@cache
def _axe() -> str:
    path = Path(settings.BASE_DIR) / AXE
    assert path.exists(), "axe-core is not installed: `npm ci` in frontend/ does it"
    return path.read_text()


def _barriers(page: Page, where: str) -> Iterator[str]:
    """What axe finds on a page as it is now, in both themes."""
    for theme, options in THEMES.items():
        page.emulate_media(color_scheme=theme)
        # Halfway from one theme to the other no contrast holds.
        page.evaluate("Promise.allSettled(document.getAnimations().map((each) => each.finished))")
        # A page whose evaluation ends shows itself anew.
        expect(page.locator("[data-pending=true], [data-run-on-open]")).to_have_count(0)
        found: dict[str, Any] = page.evaluate(f"{_axe()};axe.run({options})")
        assert found["passes"] or found["incomplete"], f"axe saw nothing of {where}"
        for rule in found["violations"]:
            if rule["impact"] in KEEPS_OUT:
                nodes = "; ".join(str(node["target"][0]) for node in rule["nodes"][:5])
                yield f"{where}, {theme}: {rule['id']} ({rule['impact']}) at {nodes}"


def test_axe_finds_no_barrier_on_the_main_pages(team: Team):
    page = team.admin.page
    project = team.project("For everybody")
    design = team.bring(project, eight_racks(), "Row")
    line = branch(page, design, "wider")
    plan = team.admin.plan.open(line)
    plan.select("R03")
    plan.type_into("Sustained", "120")
    plan.evaluated()
    asked = {"anchor": {"type": "element", "id": plan.element("R03")["id"]}, "text": "So much?"}
    assert team.admin.ask("POST", f"/api/designs/{line}/threads", asked).ok
    proposal = propose(page, line, "Raise one rack")
    barriers: list[str] = []

    for address in (
        "/",
        project,
        f"{project}designs/",
        f"{project}proposals/",
        f"{project}people/",
        f"/designs/{line}/branches/",
        f"/designs/{line}/compare/",
        f"/designs/{line}/comments/",
        f"/designs/{line}/lifecycle/",
        f"/designs/{line}/economics/",
        f"/designs/{line}/lose-one/",
        f"/designs/{line}/loops/",
        f"/designs/{line}/one-line/",
        f"/designs/{line}/report/",
        f"/designs/{line}/links/",
        "/accounts/me/",
        "/accounts/me/sessions/",
        "/accounts/2fa/",
        "/notices/",
        "/catalog/",
    ):
        go(page, address)
        expect(page.locator("h1")).to_be_visible()
        barriers += _barriers(page, address)

    ProposalPage(page, proposal.id).open()
    barriers += _barriers(page, "proposal")
    page.set_viewport_size(PHONE)
    barriers += _barriers(page, "proposal on a phone")
    page.set_viewport_size({"width": 1440, "height": 900})

    plan.open(line).evaluated()
    plan.select("R03")
    for tab in TABS:
        plan.tab(tab)
        barriers += _barriers(page, f"editor, {tab}")
    # A comment on a figure, and from it back to the working of the figure.
    plan.tab("Results")
    plan.details.get_by_role("button", name="Comment on PUE").click()
    plan.details.get_by_label("What you want to say").fill("Why so high?")
    plan.details.get_by_role("button", name="Pin comment").click()
    barriers += _barriers(page, "editor, a comment on a figure")
    plan.details.get_by_role("button", name="figure PUE, design day").click()
    expect(page.get_by_role("dialog")).to_contain_text("the working")
    barriers += _barriers(page, "editor, the working of a figure")
    assert barriers == []


def test_axe_finds_no_barrier_at_the_door(team: Team):
    stranger = team.new_browser().new_page()
    stranger.goto("/")
    expect(stranger.get_by_label("Password")).to_be_visible()

    assert list(_barriers(stranger, "sign-in")) == []
