"""Branches and proposals as a person meets them: their pages, step by step."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.e2e.browser import PATIENCE_MS, go

ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def branch(page: Page, design: str, name: str) -> str:
    """Make a branch of the newest revision; the id of the branch."""
    go(page, f"/designs/{design}/branches/")
    form = page.locator("form", has=page.get_by_role("button", name="Make branch"))
    form.get_by_label("Name").fill(name)
    form.get_by_role("button", name="Make branch").click()
    expect(page.get_by_text(f"{name} starts from revision")).to_be_visible()
    return id_in(page.url)


def propose(page: Page, design: str, title: str) -> "ProposalPage":
    """Propose a branch and submit it for review."""
    go(page, f"/designs/{design}/branches/")
    page.get_by_label("Title").fill(title)
    page.get_by_role("button", name="Propose to merge").click()
    page.get_by_role("button", name="Submit for review").click()
    found = ProposalPage(page, id_in(page.url))
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    return found


def id_in(url: str) -> str:
    """The one id in an address."""
    found = ID.search(url)
    assert found is not None, url
    return found[0]


class ProposalPage:
    """The page of one proposal in somebody's browser."""

    def __init__(self, page: Page, proposal: str) -> None:
        self.page = page
        self.id = proposal

    def open(self) -> "ProposalPage":
        """Look at it now, once what is shown is evaluated."""
        go(self.page, f"/proposals/{self.id}/")
        expect(self.check("Candidate evaluated")).to_have_attribute(
            "data-state", "done", timeout=PATIENCE_MS
        )
        return self

    def check(self, label: str) -> Locator:
        """One of the checks that must pass."""
        return self.page.locator(".gates li").filter(has_text=label)

    def standing(self, discipline: str) -> Locator:
        """Where a discipline stands."""
        row = self.page.locator(".approvals li").filter(has_text=discipline)
        return row.locator(".standing")

    def approve(self, *disciplines: str, reason: str = "") -> None:
        """Say yes for some disciplines, one after the other."""
        for discipline in disciplines:
            self.decide()
            self.page.get_by_label("For", exact=True).select_option(discipline.lower())
            self.page.get_by_label("Reason", exact=True).fill(reason)
            self.page.get_by_role("button", name="Approve").click()
            expect(self.standing(discipline)).to_have_text("approved")

    def decide(self) -> None:
        """Have the form of a judgement open; for whom one waits it is."""
        form = self.page.locator("details.act", has_text="Decide")
        if form.get_attribute("open") is None:
            form.locator("summary").click()

    @property
    def merging(self) -> Locator:
        """The button that merges."""
        return self.page.get_by_role("button", name="Merge into")

    def merge(self) -> None:
        """Bring it in."""
        expect(self.merging).to_be_enabled()
        self.merging.click()
        expect(self.page.get_by_text("Merged as revision")).to_be_visible()
