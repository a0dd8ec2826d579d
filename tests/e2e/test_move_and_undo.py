"""Journey 1: move racks about the sample pod, and find the same millimetre everywhere."""

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from tests.e2e.plan import Plan, Point, plain

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("e2e")]

AT_ONCE_MS = 2000


def test_a_rack_on_its_neighbour_is_found_at_once_and_undone(plan: Plan):
    plan.make("Overlap", sample="pod").evaluated()
    expect(plan.findings("SPC-OVERLAP")).to_have_count(0)

    # R01-03 stands at 4,800 and its neighbour at 5,400.
    plan.drag(Point(5100, 3750), Point(5600, 3750))

    expect(plan.findings("SPC-OVERLAP").first).to_be_visible(timeout=AT_ONCE_MS)
    plan.evaluated()
    assert plan.element("R01-03")["placement"]["x_mm"] > 4800
    assert "R01-0" in plan.findings("SPC-OVERLAP").first.inner_text()

    plan.press("Control+z")

    expect(plan.findings("SPC-OVERLAP")).to_have_count(0, timeout=AT_ONCE_MS)
    plan.evaluated()
    assert plan.element("R01-03")["placement"]["x_mm"] == 4800


def test_a_drag_says_why_it_snaps_and_one_millimetre_is_the_same_everywhere(
    plan: Plan, tmp_path: Path
):
    plan.make("Snapping", sample="pod").evaluated()

    # Across the hall, to a place that no grid line holds.
    plan.drag(Point(8100, 3750), Point(7130, 6910), drop=False)
    written = plan.written()
    plan.page.mouse.up()

    assert re.search(r"edge|corner|grid|tile|gap|middle|in line", written), written
    plan.ready()
    dropped = plan.element("R01-08")["placement"]
    # Equal gaps and middles lie on halves of the grid too.
    assert (dropped["x_mm"] % 50, dropped["y_mm"] % 50) == (0, 0), dropped

    plan.type_into("X", "7200")

    plan.evaluated()
    expect(plan.status.locator(".corner")).to_contain_text(re.compile(r"x 7\s?200 mm"))
    assert plain(plan.field("X").input_value()) == "7200"
    assert plan.element("R01-08")["placement"]["x_mm"] == 7200
    rows = list(
        csv.DictReader(io.StringIO(_written(plan, "csv-racks", tmp_path).read_text("utf-8-sig")))
    )
    assert [float(row["x_mm"]) for row in rows if row["tag"] == "R01-08"] == [7200]
    assert " 7200 " in _line(_written(plan, "pdf", tmp_path), "R01-08")


def _written(plan: Plan, form: str, folder: Path) -> Path:
    """Order a report of the newest revision and download it."""
    plan.page.goto(f"/designs/{plan.design}/report/")
    plan.page.get_by_label("File").select_option(form)
    plan.page.get_by_role("button", name="Write report").click()
    with plan.page.expect_download() as download:
        # Newest first, below the heading.
        plan.page.get_by_role("row").nth(1).get_by_role("link", name="Download").click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def _line(path: Path, tag: str) -> str:
    """The line of the report's rack list that begins with a tag, as plain text."""
    pages = [page.extract_text() for page in PdfReader(path).pages]
    racks = next(page for page in pages if page.startswith("Rack list"))
    return next(line for line in plain(racks).splitlines() if line.startswith(f"{tag} "))
