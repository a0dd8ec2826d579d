"""The economics view and the organisation's own figures, as a signed-in person meets them."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from analysis.models import OwnTable, Study
from analysis.own_data import OwnDataInvalid, own_data, read_rows, template
from analysis.selectors import result_key
from layouts import services as layouts
from layouts.models import Design

pytestmark = pytest.mark.django_db


@pytest.fixture
def computed(design, editor, client_of, work_off):
    """A browser with the economics of the pod computed."""
    browser = client_of(editor)
    browser.post(reverse("run-economics", args=[design.pk]))
    work_off()
    return browser


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
    assert browser.get(reverse("fixed-feed", args=[design.pk])).status_code == 200
    sheet = browser.get(reverse("economics-spreadsheet", args=[design.pk]))
    assert sheet.status_code == 404


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
        "Cost of a year / Tokens sold in a year"
        in computed.get(f"{address}?figure=cost.usd_per_mtok").content.decode()
    )
    assert "no such figure" in computed.get(f"{address}?figure=nonsense").content.decode()


def test_more_racks_fit_a_feed_with_every_policy(computed, design):
    text = computed.get(
        reverse("fixed-feed", args=[design.pk]) + "?feed=100&cap=0.8"
    ).content.decode()

    for words in ("Nameplate provisioning", "Power capping at 80%", "co-packaged", "warmer water"):
        assert words in text


# Own figures

LINES = b"line,value,source,low,high,notes\nop.elec,0.2,contract,0.19,0.21,\n"


def upload(browser, organisation, kind, content):
    return browser.post(
        reverse("import-data", args=[organisation.pk, kind]),
        {"file": SimpleUploadedFile("own.csv", content, "text/csv")},
    )


def test_own_lines_stand_over_the_shipped_ones_until_removed(
    computed, design, organisation, work_off
):
    before = api(computed, design)["figures"]["op.it_maint_frac"]["value"]
    old_key = result_key(design, design.head, "economics")

    own = b"line,value,source\nop.it_maint_frac,0.045,service contract\n"
    answer = upload(computed, organisation, "lines", own)
    new_key = result_key(Design.objects.get(pk=design.pk), design.head, "economics")
    computed.post(reverse("run-economics", args=[design.pk]))
    work_off()
    after = api(computed, design)["figures"]["op.it_maint_frac"]["value"]
    computed.post(reverse("remove-data", args=[organisation.pk, "lines"]))

    assert answer.status_code == 302 and old_key != new_key
    assert (before, after) == (0.02, 0.045)
    assert result_key(Design.objects.get(pk=design.pk), design.head, "economics") == old_key


def test_a_bad_file_changes_nothing_and_names_its_lines(computed, organisation):
    bad = b"line,value,source\nop.elec,cheap,contract\nop.nothing,1,x\nop.water,2,\n"
    answer = upload(computed, organisation, "lines", bad)
    text = answer.content.decode()

    assert answer.status_code == 422 and not OwnTable.objects.exists()
    for words in (
        "line 2: value must be a number",
        "line 3: there is no assumption line",
        "line 4: the source is missing",
    ):
        assert words in text  # fmt: skip


@pytest.mark.parametrize(
    "content",
    [b"", b"\xff\xfe\x00", b"a" * 9_000_000, b'line,value,source\n"open', b"x" * 50_000],
)
def test_what_is_no_table_is_refused_in_words(computed, organisation, content):
    answer = upload(computed, organisation, "lines", content)

    assert answer.status_code in (302, 422) and not OwnTable.objects.exists()


def test_viewers_import_nothing(organisation, client_of):
    from tests import factories

    viewer = factories.member(organisation, "viewer")

    assert upload(client_of(viewer), organisation, "lines", LINES).status_code == 403
    assert not OwnTable.objects.exists()


def test_own_points_override_the_configuration_that_they_measure():
    header = template("points").splitlines()[0]
    rows = read_rows("points", [header.split(","), template("points").splitlines()[1].split(",")])
    found = own_data({"points": rows})

    assert found.points[0].tok_s_per_gpu == 15_000 and found.points[0].provenance == "own"
    with pytest.raises(OwnDataInvalid) as refused:
        read_rows("points", [header.split(","), ["x"] * len(header.split(","))])
    assert {problem["path"] for problem in refused.value.context["errors"]} == {"line 2"}
    with pytest.raises(OwnDataInvalid):
        read_rows("lines", [["line", "price"], ["op.elec", "1"]])


# Data pages


def test_every_table_can_be_read_and_reconstructed_points_left_out(client_of, editor):
    browser = client_of(editor)
    listing = browser.get(reverse("data-tables")).content.decode()

    for name in ("benchmark-points", "cost-lines", "sites", "models", "gpu-systems", "hardware"):
        assert reverse("data-table", args=[name]) in listing
        assert browser.get(reverse("data-table", args=[name])).status_code == 200
    points = reverse("data-table", args=["benchmark-points"])
    assert "9487 of 9487" in browser.get(points).content.decode()
    direct = browser.get(f"{points}?points=direct").content.decode()
    assert "2848 of 9487" in direct and ">reconstructed</span>" not in direct
    assert browser.get(f"{points}?q=vr200&page=99999").status_code == 200
    assert browser.get(reverse("data-table", args=["nothing"])).status_code == 404


def test_a_stranger_sees_no_economics(computed, design, client_of):
    from tests import factories

    stranger = client_of(factories.member(factories.organisation(), "admin"))

    for name in ("economics", "economics-working", "fixed-feed", "economics-spreadsheet"):
        assert stranger.get(reverse(name, args=[design.pk])).status_code == 404
    assert stranger.get(f"/api/designs/{design.pk}/economics").status_code == 404
    assert Study.objects.count() == 1
