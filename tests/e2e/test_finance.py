"""Journey: what a token costs in Finland and in Johannesburg, at two lives, and what moves it."""

import re
import time
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.plan import Plan

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]

PATIENT_READER_S = 180.0
SITES = {"fi-hel": "Helsinki", "za-jnb": "Johannesburg"}
LIVES = ("4", "5")


def test_three_clicks_answer_a_finance_user_and_give_the_sheet(plan: Plan, tmp_path: Path):
    page = plan.make("Token cost", sample="hall").evaluated().page
    plan.tab("Results")
    expect(plan.details).to_contain_text("blended 8 : 1 input to output, annuity, PUE")
    start = time.monotonic()

    # From the number in the top bar to the economics, and everything asked for is there.
    page.locator(".ed-kpis").get_by_role("button", name=re.compile("Cost per million")).click()
    page.get_by_role("dialog").get_by_role("link", name=re.compile("^Economics")).click()
    page.locator(".eco-grid").wait_for()
    expect(page.locator("#f-model option:checked")).to_contain_text("deepseek-r1")
    expect(page.locator("#f-u")).to_have_attribute("placeholder", "60")
    expect(page.locator(".eco-big")).to_contain_text("blended 8 : 1 input to output")
    table = {site: _costs(page, name) for site, name in SITES.items()}
    strongest = page.locator("[data-swap=swings] tbody tr th").all_text_contents()
    download_link = page.get_by_role("link", name="Spreadsheet with live formulas")
    with page.expect_download() as download:
        download_link.click()
    assert time.monotonic() - start < PATIENT_READER_S

    assert set(strongest[:5]) >= {"Interactivity", "Precision", "Load factor"}
    assert "Electricity" in strongest
    for costs in table.values():
        assert costs["4"] > costs["5"] > 0.0
    assert table["za-jnb"]["5"] > table["fi-hel"]["5"]
    target = tmp_path / "tokens.xlsx"
    download.value.save_as(target)
    book = openpyxl.load_workbook(BytesIO(target.read_bytes()))
    cells = {row[7].value: row[1].value for row in book["Result"].iter_rows(min_row=4)}
    assert str(cells["cost.usd_per_mtok"]).startswith("=")

    _the_form_says_the_same(page, table)


def _costs(page: Page, name: str) -> dict[str, float]:
    """The costs of a site by how long its IT is kept, from the table of sites."""
    heads = page.locator(".eco-places thead th").all_inner_texts()
    cells = page.locator(".eco-places tbody tr", has_text=name).locator("th, td").all_inner_texts()
    found = {}
    for head, cell in zip(heads, cells, strict=True):
        if kept := re.search(r"IT kept\s+(\d+) yr", head):
            found[kept[1]] = float(cell)
    return found


def _the_form_says_the_same(page: Page, table: dict[str, dict[str, float]]) -> None:
    """The same four figures, one after the other, as the one big number."""
    for site, costs in table.items():
        page.locator("#f-site").select_option(site)
        for life in LIVES:
            page.locator("#f-life").fill(life)
            expect(page.locator(".eco-big b")).to_have_text(f"${costs[life]:.3f}")
