"""Journey 5: the worker dies in the middle of the 1 GW campus."""

import os
import signal
import time
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.plan import Plan
from tests.e2e.server import Server

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]

CAMPUS_MS = 60_000


@pytest.mark.skipif(not Path("/proc").exists(), reason="processes are found in /proc")
def test_a_killed_worker_s_evaluation_completes_once(plan: Plan, server: Server):
    asked: list[dict[str, Any]] = []
    plan.page.on(
        "response",
        lambda answer: (
            asked.append(answer.json())
            if answer.url.endswith("/evaluations") and answer.request.method == "POST"
            else None
        ),
    )
    plan.make("Killed", sample="campus")
    while not asked:
        plan.page.wait_for_timeout(20)
    running = _when_running(plan, asked[0]["id"])
    killed = server.worker()

    os.kill(killed, signal.SIGKILL)

    assert running["state"] == "running"
    plan.evaluated(within_ms=CAMPUS_MS)
    done = _row(plan, asked[0]["id"])
    assert (done["state"], done["attempts"]) == ("done", 2)
    assert server.worker() != killed
    assert "The worker ended" in server.listen()
    # Whoever asks again gets this one row, not a second run.
    assert _asked_again(plan)["id"] == done["id"]
    plan.tab("Results")
    assert plan.figure("IT power").endswith("MW")
    expect(plan.dock).not_to_contain_text("not evaluated")


def _row(plan: Plan, evaluation: str) -> dict[str, Any]:
    answer = plan.page.request.get(f"/api/evaluations/{evaluation}")
    assert answer.ok, answer.text()
    return dict(answer.json())


def _asked_again(plan: Plan) -> dict[str, Any]:
    """What the page's own request would get, if it asked once more."""
    home = "/".join(plan.page.url.split("/")[:3])
    cookies = plan.page.context.cookies(home)
    token = next(one["value"] for one in cookies if "csrf" in one["name"])
    answer = plan.page.request.post(
        f"/api/designs/{plan.design}/evaluations",
        data={"revision": plan.revision, "level": "edit"},
        headers={"X-CSRFToken": token, "Referer": plan.page.url},
    )
    assert answer.ok, answer.text()
    return dict(answer.json())


def _when_running(plan: Plan, evaluation: str) -> dict[str, Any]:
    deadline = time.monotonic() + CAMPUS_MS / 1000
    while time.monotonic() < deadline:
        row = _row(plan, evaluation)
        if row["state"] != "queued":
            return row
    raise AssertionError("no worker took the evaluation")
