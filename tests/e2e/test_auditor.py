"""Somebody who may see everything and change nothing, and the trail that says they tried."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from accounts.permissions import ALLOWED
from tests.analysis.design_files import eight_racks
from tests.e2e.proposing import branch, id_in, propose
from tests.e2e.team import Person, Team
from tests.planner.policy import POLICY, Rule
from tests.planner.world import CONVERTER
from tests.weather.files import epw

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]

SEEING = ("view", "audit")
FORBIDDEN = 403
PAGES = (
    "projects/{project_id}/",
    "projects/{project_id}/designs/",
    "projects/{project_id}/proposals/",
    "designs/{design_id}/lifecycle/",
    "designs/{design_id}/branches/",
    "designs/{design_id}/compare/",
    "designs/{design_id}/comments/",
    "designs/{design_id}/report/",
    "proposals/{proposal_id}/",
    "accounts/organisations/{organisation_id}/trail/",
)


def _writing() -> Iterator[tuple[str, str, Rule]]:
    """Every route that changes something that belongs to an organisation."""
    for route, rule in POLICY.items():
        method, _, path = route.partition(" ")
        if method != "GET" and rule.access in ALLOWED and rule.access not in SEEING:
            yield method, path, rule
    yield "POST", "projects/", POLICY["POST projects/"]


def _made(ada: Person, path: str, body: dict[str, Any]) -> Any:
    answer = ada.ask("POST", path, body)
    assert answer.ok, answer.text()
    return answer.json()


def _in_page(ada: Person, path: str, pattern: str) -> str:
    found = re.search(pattern, ada.page.request.get(path).text())
    assert found is not None, (path, pattern)
    return found[1]


def _furnished(team: Team) -> dict[str, str]:
    """One of everything that a route may name, by what the routes call it."""
    ada, author = team.admin, team.invite("erin", "editor")
    address = team.project("Audited")
    design = team.bring(address, eight_racks(), "Row")
    project = id_in(address)
    proposal = propose(author.page, branch(author.page, design, "side"), "A proposal").id
    organisation = _in_page(ada, "/accounts/me/", r"/organisations/([0-9a-f-]{36})/members/")
    home = f"/accounts/organisations/{organisation}"
    asked = {"revision": 1}
    ids = {
        "organisation_id": organisation,
        "project_id": project,
        "design_id": design,
        "proposal_id": proposal,
        "kind": "points",
        "evaluation_id": _made(ada, f"/api/designs/{design}/evaluations", asked)["id"],
        "study_id": _made(ada, f"/api/designs/{design}/studies", {**asked, "kind": "lose-one"})[
            "id"
        ],
        "report_id": _made(ada, f"/api/designs/{design}/reports", asked)["id"],
        "thread_id": _made(
            ada, f"/api/designs/{design}/threads", {"anchor": {"type": "point"}, "text": "Why?"}
        )["id"],
    }
    ada.ask("POST", f"{home}/teams/make/", {"name": "Auditing"}, is_form=True)
    ids["team_id"] = _in_page(ada, f"{home}/teams/", r"/teams/([0-9a-f-]{36})/delete/")
    ids["member_id"] = _in_page(ada, f"{home}/members/", r"/members/(\d+)/suspend/")
    given = {"holder": f"team:{ids['team_id']}", "role": "viewer"}
    ada.ask("POST", f"{address}people/give/", given, is_form=True)
    ids["role_id"] = _in_page(ada, f"{address}people/", r"/people/(\d+)/take/")
    who = {"discipline": "space", "who": f"team:{ids['team_id']}"}
    ada.ask("POST", f"{address}approvers/", who, is_form=True)
    ids["approver_id"] = _in_page(ada, f"{address}proposals/", r"/approvers/(\d+)/remove/")
    link = {"name": "Client", "revision": "1", "allows": "view", "days": "7"}
    ada.ask("POST", f"/designs/{design}/links/make/", link, is_form=True)
    ids["link_id"] = _in_page(ada, f"/designs/{design}/links/", r"/links/([0-9a-f-]{36})/revoke/")
    page = ada.page
    page.goto("/weather/")
    page.locator("input[type=file]").first.set_input_files(
        {"name": "a.epw", "mimeType": "text/plain", "buffer": epw()}
    )
    page.get_by_role("button", name="Upload").first.click()
    expect(page.get_by_text("Testville").first).to_be_visible()
    ids["file_id"] = _in_page(ada, "/weather/", r"/weather/([0-9a-f-]{36})/remove/")
    return ids


def test_an_auditor_sees_everything_and_changes_nothing(team: Team):
    ids = _furnished(team)
    auditor = team.invite("audra", "auditor")
    before = team.admin.read(f"/api/designs/{ids['design_id']}")

    for path in PAGES:
        auditor.page.goto("/" + path.format(**ids))
        expect(auditor.page.locator("h1")).to_be_visible()
        offered = auditor.page.locator("main form[method=post] button:enabled")
        assert offered.all_inner_texts() == [], path
    plan = auditor.plan.open(ids["design_id"])
    plan.select("R03")
    expect(plan.field("X")).not_to_be_editable()

    tried = list(_writing())
    for method, path, rule in tried:
        body = rule.body(ids) if rule.body else {}
        url = "/" + path.format(**ids)
        answer = auditor.ask(method, url, _plain(body), is_form=rule.is_form)
        assert answer.status == FORBIDDEN, (method, path, answer.status, answer.text()[:300])

    assert team.admin.read(f"/api/designs/{ids['design_id']}") == before
    trail = auditor.page.request.get(
        f"/accounts/organisations/{ids['organisation_id']}/trail.jsonl?result=refused"
    ).text()
    refused = {
        (detail["method"], CONVERTER.sub(r"{\1}", detail["route"]))
        for row in (json.loads(json.loads(line)["content"]) for line in trail.splitlines())
        if row["actor_name"] == "audra"
        for detail in [json.loads(row["detail"])]
    }
    assert {(method, path) for method, path, _ in tried} - refused == set()


def _plain(body: dict[str, Any]) -> dict[str, Any]:
    """A body as a browser sends it."""
    if "file" in body:
        return {"file": {"name": "a.epw", "mimeType": "text/plain", "buffer": b"no weather"}}
    return {
        name: value for name, value in body.items() if isinstance(value, str | int | list | dict)
    }
