"""Journey 2: eight racks of 132 kW on three CDUs of 500 kW, and the day they need more."""

import json
import re

import pytest
from playwright.sync_api import expect

from tests.analysis.design_files import eight_racks
from tests.e2e.plan import Plan

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]

SOON_MS = 2000


def test_eight_racks_keep_a_spare_cdu_until_they_are_raised(plan: Plan):
    plan.bring(json.dumps(eight_racks()).encode()).evaluated()
    plan.tab("Results")

    assert plan.figure("IT power") == "1056 kW"
    assert plan.figure("Heat to liquid") == "920 kW"
    assert plan.figure("Heat to air") == "136 kW"
    loop = plan.details.locator(".meter", has_text="TCS-1")
    expect(loop).to_contain_text(re.compile(r"✓ TCS-1.*920 kW of 1\s?000 kW", re.DOTALL))
    expect(plan.findings("COOL-N1")).to_have_count(0)

    plan.press("Control+a")
    plan.tab("Inspector")
    plan.details.get_by_role("button", name="8 racks").click()
    plan.type_into("To liquid", "130")

    broken = plan.findings("COOL-N1").first
    expect(broken).to_be_visible(timeout=SOON_MS)
    plan.evaluated()
    plan.tab("Results")
    expect(loop).to_contain_text(re.compile(r"✕ TCS-1.*1\s?040 kW of 1\s?000 kW", re.DOTALL))
    said = broken.locator(".what button")
    expect(said).to_have_attribute("title", re.compile("R01.*R08"))
    said.click()
    expect(plan.status).to_contain_text("8 racks")
