"""Several people at work: each invited, each with a browser of their own."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import APIResponse, BrowserContext, FilePayload, Page, expect

from tests.e2e.browser import go
from tests.e2e.plan import Plan

PASSWORD = "seven quiet copper pumps"
NewBrowser = Callable[[], BrowserContext]
LINK = re.compile(r"/join#\S+")


@dataclass
class Person:
    """Somebody at their own browser, with one page open."""

    name: str
    page: Page

    @property
    def plan(self) -> Plan:
        """Their page as the editor."""
        return Plan(self.page)

    def ask(
        self, method: str, path: str, body: dict[str, Any], *, is_form: bool = False
    ) -> APIResponse:
        """Send a request of one's own making, with the rights of this browser."""
        cookies = self.page.context.cookies()
        token = next(each["value"] for each in cookies if "csrf" in each["name"])
        holds_file = any(isinstance(value, dict) and "buffer" in value for value in body.values())
        content = {"multipart" if holds_file else "form" if is_form else "data": body}
        return self.page.request.fetch(
            path, method=method, headers={"X-CSRFToken": token}, max_redirects=0, **content
        )

    def read(self, path: str) -> Any:
        """What the API answers to a question."""
        answer = self.page.request.get(path)
        assert answer.ok, answer.text()
        return answer.json()


@dataclass
class Team:
    """The people of one journey, and the project that they work on."""

    admin: Person
    new_browser: NewBrowser

    def invite(self, name: str, role: str) -> Person:
        """Invite somebody, who opens the link in their own browser and chooses a password."""
        page = self.admin.page
        go(page, "/accounts/me/")
        page.get_by_role("link", name="Members").first.click()
        page.get_by_label("Name", exact=True).fill(name)
        page.get_by_label("Role", exact=True).select_option(role)
        page.get_by_role("button", name="Make an invitation").click()
        link = page.locator("#invitation").inner_text()
        found = LINK.search(link)
        assert found is not None, link
        guest = self.new_browser().new_page()
        guest.goto(found[0])
        guest.get_by_label("A password").fill(PASSWORD)
        guest.get_by_role("button", name="Join").click()
        expect(guest.get_by_role("heading", name="Projects")).to_be_visible()
        return Person(name, guest)

    def project(self, name: str) -> str:
        """Make a project; its address."""
        page = self.admin.page
        go(page, "/")
        page.get_by_label("Name", exact=True).fill(name)
        page.get_by_role("button", name="Make project").click()
        page.get_by_role("link", name="Designs", exact=True).click()
        expect(page.get_by_text("No design in this project yet.")).to_be_visible()
        return page.url.removesuffix("designs/")

    def bring(self, project: str, file: dict[str, Any], name: str) -> str:
        """Import a design file into a project; the id of the design."""
        page = self.admin.page
        go(page, f"{project}designs/")
        content = json.dumps({**file, "name": name}).encode()
        upload: FilePayload = {"name": "a.json", "mimeType": "application/json", "buffer": content}
        page.get_by_label("JSON file").set_input_files(upload)
        page.get_by_role("button", name="Import").click()
        return Plan(page).ready().design

    def protect(self, design: str) -> None:
        """From now on a design changes by approved proposals only."""
        page = self.admin.page
        go(page, f"/designs/{design}/branches/")
        page.get_by_role("button", name="Protect").click()
        expect(page.get_by_role("button", name="Lift protection")).to_be_visible()

    def ask_for(self, project: str, discipline: str, person: Person) -> None:
        """Have one person asked for a discipline from now on."""
        page = self.admin.page
        go(page, f"{project}proposals/")
        page.get_by_label("Discipline").select_option(discipline)
        page.get_by_label("Who", exact=True).select_option(person.name)
        page.get_by_role("button", name="Ask from now on").click()
        row = page.get_by_role("row").filter(has_text=discipline.capitalize())
        expect(row).to_contain_text(person.name)
