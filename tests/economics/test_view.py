"""The economics view, as a signed-in person meets it."""

import io
import json
import re
from uuid import uuid4

import openpyxl
import pytest
from django.urls import reverse

from analysis.assemble import assemble
from analysis.models import Study
from engine.confidence import CONFIDENCES
from engine.evaluate import evaluate
from engine.tables import sites
from layouts import services as layouts
from layouts.models import Design
from layouts.selectors import document_at, products_of

pytestmark = pytest.mark.django_db


def empty_reason(design):
    """What an evaluation, and with it the editor and the report, says of the cost."""
    plant, lines = assemble(document_at(design, design.head), products_of(design))
    return evaluate(plant, lines, "edit").to_json()["cost"]["reason"]


def page(browser, design, query=""):
    return browser.get(reverse("economics", args=[design.pk]) + query).content.decode()


def api(browser, design, path="", query=""):
    return browser.get(f"/api/designs/{design.pk}/economics{path}{query}").json()


def test_the_view_starts_empty_and_fills(design, editor, client_of, work_off):
    browser = client_of(editor)

    before = page(browser, design)
    browser.post(reverse("run-economics", args=[design.pk]))
    during = page(browser, design)
    work_off()
    after = page(browser, design)

    assert "No figures yet" in before and "data-run-on-open" in before
    assert "Computing the economics" in during
    for words in ("per million", "P10", "What moves it", "Where tokens go", "elsewhere"):
        assert words in after


def test_a_case_changes_with_what_is_asked_and_names_its_faults(computed, design):
    plain = api(computed, design)
    shorter = api(computed, design, query="?life=4")
    moved = api(computed, design, query="?site=za-jnb")
    wrong = page(computed, design, "?life=minus&gpu=abacus&u=-3")

    assert shorter["usd_per_mtok_by_class"]["blended"] > plain["usd_per_mtok_by_class"]["blended"]
    assert shorter["changed"] == ["life"]
    carbon = "energy.carbon_g_per_mtok"
    assert moved["figures"][carbon]["value"] > 0 and "site" in moved["changed"]
    assert "IT life must be a number from 1 to 30" in wrong
    assert "There is no gpu" in wrong


def test_a_speed_out_of_reach_says_so_everywhere(computed, design):
    text = page(computed, design, "?u=1900")
    answer = api(computed, design, query="?u=1900")

    assert "No throughput yet" in text
    assert answer["reason"].startswith("No throughput yet")
    assert answer["usd_per_mtok_by_class"] == {}
    for word in ("NaN", "Infinity", "nan %", "$nan"):
        assert word not in text
    for path in ("/range", "/tornado", "/sweep", "/map"):
        json.dumps(api(computed, design, path, "?u=1900"), allow_nan=False)


def test_a_design_without_gpus_has_no_throughput_and_no_empty_chart(
    project, editor, client_of, work_off
):
    empty = layouts.create_design(project=project, name="Empty", author=editor)
    design = Design.objects.get(pk=empty.pk)
    browser = client_of(editor)
    browser.post(reverse("run-economics", args=[design.pk]))
    work_off()

    text = page(browser, design)

    assert "No throughput yet" in text and 'data-plotly="chart-frontier"' not in text
    feed = browser.get(reverse("fixed-feed", args=[design.pk]))
    assert feed.status_code == 200 and "No throughput yet" in feed.content.decode()
    for address in (
        reverse("economics-spreadsheet", args=[design.pk]), f"/api/designs/{design.pk}/economics",
    ):  # fmt: skip
        refused = browser.get(address)
        assert refused.status_code == 404 and "No throughput yet" in refused.content.decode()
    assert empty_reason(design) == "No throughput yet: there is no IT load."


def test_the_api_gives_ranges_swings_sweeps_and_workings(computed, design):
    luck = api(computed, design, "/range", "?count=64&purpose=a")
    again = api(computed, design, "/range", "?count=64&purpose=a")
    cost = luck["figures"]["cost.usd_per_mtok"]

    assert luck == again
    assert cost["p10"] < cost["p50"] < cost["p90"]
    assert api(computed, design, "/tornado")["levers"][0]["size"] > 0
    assert len(api(computed, design, "/sweep")["usd_per_mtok"]) > 10
    assert api(computed, design, "/map", "?x=wacc&y=build")["x_name"] == "wacc"
    assert computed.get(f"/api/designs/{design.pk}/economics/map?x=wacc&y=wacc").status_code == 422
    working = api(computed, design, "/working", "?figure=cost.usd_per_mtok")
    assert working["inputs"] and all(item["source"] for item in working["inputs"])


def test_each_figure_opens_its_working(computed, design):
    address = reverse("economics-working", args=[design.pk])

    assert (
        "Cost of a year ÷ Tokens sold in a year"
        in computed.get(f"{address}?figure=cost.usd_per_mtok").content.decode()
    )
    assert "no such figure" in computed.get(f"{address}?figure=nonsense").content.decode()


def test_more_racks_fit_a_feed_with_every_policy(computed, design):
    text = computed.get(
        reverse("fixed-feed", args=[design.pk]) + "?feed=100&cap=0.8"
    ).content.decode()

    for words in ("Nameplate provisioning", "Power capping at 80%", "co-packaged", "warmer water"):
        assert words in text


def test_every_site_stands_side_by_side_the_cheapest_first(computed, design):
    text = computed.get(reverse("economics", args=[design.pk]) + "?places=all").content.decode()
    table = text[text.index("eco-places") :]
    costs = [float(found) for found in re.findall(r"<td class=\"num\"><b>([0-9.]+)</b><p", table)]

    assert len(costs) == len(sites())
    assert costs[1:] == sorted(costs[1:])  # the design's own stands on top
    assert 'name="places" value="all"' in text


def test_a_stranger_sees_no_economics(computed, design, client_of):
    from tests import factories

    stranger = client_of(factories.member(factories.organisation(), "admin"))

    for name in ("economics", "economics-working", "fixed-feed", "economics-spreadsheet"):
        assert stranger.get(reverse(name, args=[design.pk])).status_code == 404
    assert stranger.get(f"/api/designs/{design.pk}/economics").status_code == 404
    assert Study.objects.count() == 1


def test_racks_without_gpus_draw_power_and_sell_nothing(project, editor, client_of, work_off):
    made = layouts.create_design(project=project, name="Stores", author=editor)
    rack = {
        "id": "0198f000-0000-7000-8000-0000000000a1", "kind": "rack",
        "placement": {"x_mm": 0, "y_mm": 0, "rotation_deg": 0}, "identity": {"tag": "S1"},
        "product": {"product_id": "generic-storage-rack"},
    }  # fmt: skip
    streams = {"chat": {"share_fraction": 0.5}, "batch": {}, "training": {"share_fraction": 0.1}}
    site = {
        "id": "0198f000-0000-7000-8000-0000000000a2", "kind": "site",
        "location": {"site_id": "fi-hel"}, "streams": streams, "finance": {"mode": "levelised"},
    }  # fmt: skip
    layouts.append_edits(
        design=made, base=made.head, author=editor, request_id=uuid4(), label="Draw",
        edits=[{"type": "create", "element": each} for each in (rack, site)],
    )  # fmt: skip
    design = Design.objects.get(pk=made.pk)
    browser = client_of(editor)
    browser.post(reverse("run-economics", args=[design.pk]))
    work_off()

    text = page(browser, design)
    answer = api(browser, design)
    feed = browser.get(reverse("fixed-feed", args=[design.pk])).content.decode()

    assert "No throughput yet" in text and 'data-plotly="chart-tokens"' not in text
    assert "No throughput yet" in feed
    assert answer["usd_per_mtok_by_class"] == {} and answer["usd_per_mtok_levelised"] is None
    assert answer["figures"]["capex.total"]["value"] > 0
    assert api(browser, design, "/streams") == {"streams": []}
    for path in ("/range", "/tornado", "/sweep", "/map"):
        json.dumps(api(browser, design, path), allow_nan=False)
    file = browser.get(reverse("economics-spreadsheet", args=[design.pk])).content
    book = openpyxl.load_workbook(io.BytesIO(file))
    for page_name in ("Result", "Notes"):
        words = [cell.value for row in book[page_name].iter_rows() for cell in row]
        assert any("No throughput yet" in str(each) for each in words), page_name
    assert empty_reason(design).startswith("No throughput yet")


def test_the_working_groups_what_a_cost_rests_on_in_words(computed, design):
    text = computed.get(
        reverse("economics-working", args=[design.pk]) + "?figure=cost.usd_per_mtok"
    ).content.decode()
    working = api(computed, design, "/working", "?figure=cost.usd_per_mtok")
    groups = [group["label"] for group in working["groups"]]

    assert groups == ["Throughput", "Capital", "Energy and water", "Running cost", "Finance"]
    for group in groups:
        assert f"<caption>{group}</caption>" in text
    for row in working["inputs"]:
        assert row["name"][0].isupper() and "_" not in row["name"], row
        assert row["source"].lower() != "from memory", row
        assert row["confidence"] in CONFIDENCES, row
    names = [row["name"] for row in working["inputs"]]
    assert len(set(names)) == len(names)
    # Every part leads to its own working.
    for part in working["parts"]:
        inner = api(computed, design, "/working", f"?figure={part['cell']}")
        assert inner["label"] == part["label"] and inner["inputs"]
