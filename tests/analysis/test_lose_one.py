"""The page of losses, as a signed-in person meets it, and its words."""

import re
from dataclasses import replace
from html import unescape
from uuid import uuid4

import numpy as np
import pytest
from django.urls import reverse

from analysis import losses_view
from analysis.assemble import assemble
from analysis.design_file import open_design
from analysis.losses_chart import curves
from analysis.models import Study
from catalog.selectors import shipped_products
from engine.assumptions import Assumptions
from engine.cooling.headers import beyond
from engine.evaluate import evaluate
from engine.faults.loss_rides import ride_study
from engine.faults.redundancy import study_of
from engine.studies import lose_one
from layouts import services as layouts
from layouts.samples import sample_file
from layouts.selectors import document_at, products_of
from tests.engine.test_loop_flows import hall
from tests.strategies import pod

LINES = Assumptions.load({"transient.watch_s": 120.0})


def answers(plant):
    return evaluate(plant, LINES).to_json(), lose_one(plant, LINES), ride_study(plant, LINES)


@pytest.fixture(scope="module")
def short():
    """Two CDUs that a row of 14 racks cannot spare."""
    return answers(hall(per_row=14, cdus=2, cdu_lpm=1200.0))


def row_of(found, key):
    (row,) = [each for each in losses_view.merged(*found) if each["id"] == key]
    return row


@pytest.mark.django_db
def test_the_page_starts_empty_and_fills(design, editor, client_of, work_off):
    browser = client_of(editor)
    address = reverse("lose-one", args=[design.pk])

    before = browser.get(address).content.decode()
    nothing_started = not Study.objects.exists()
    browser.post(reverse("run-lose-one", args=[design.pk]))
    waiting = browser.get(address).content.decode()
    work_off()
    after = browser.get(address).content.decode()

    assert "have not been computed" in before and "starve" in before
    assert nothing_started
    assert "Cancel" in waiting
    for words in ("CDU-01", "coolant pipe", "FWS pump", "Sensor of", "All CDU pumps", "Trips"):
        assert words in after
    assert "transient.pump_coast_s" in after


@pytest.mark.django_db
def test_one_click_says_which_racks_starve_and_by_when(design, editor, client_of, work_off):
    browser = client_of(editor)
    browser.post(reverse("run-lose-one", args=[design.pk]))
    work_off()
    address = reverse("lose-one", args=[design.pk])
    (pipe,) = document_at(design, design.head).of_kind("pipe")

    page = browser.get(address, {"lost": pipe["id"]}).content.decode()

    assert "Which racks starve, and by when" in page
    assert 'id="chart-loss"' in page
    assert "?select=" in page and page.count("50 s") >= 8


@pytest.mark.django_db
def test_what_was_asked_about_is_still_asked_about_once_it_is_computed(
    design, editor, client_of, work_off
):
    browser = client_of(editor)
    (pipe,) = document_at(design, design.head).of_kind("pipe")
    address = reverse("lose-one", args=[design.pk])

    page = browser.get(address, {"lost": pipe["id"]}).content.decode()
    (action,) = re.findall(r'action="([^"]+/lose-one/run/[^"]*)"', page)
    answer = browser.post(unescape(action))
    work_off()
    after = browser.get(answer.url).content.decode()

    assert answer.url == f"{address}?lost={pipe['id']}"
    assert "Which racks starve, and by when" in after


@pytest.mark.django_db
def test_running_losses_can_be_cancelled(design, editor, client_of):
    browser = client_of(editor)
    browser.post(reverse("run-lose-one", args=[design.pk]))

    browser.post(reverse("cancel-lose-one", args=[design.pk]))

    assert set(Study.objects.values_list("state", flat=True)) == {"cancelled"}


def test_the_lost_cdu_names_the_racks_that_starve(short):
    found = losses_view.detail(row_of(short, "c0"), short[0], short[2])

    assert found["is_hit"] and found["select"] == "c0"
    assert found["racks"][0]["tag"] == "R013"  # the farthest from the pumps
    shares = [float(each["percent"]) for each in found["racks"]]
    assert shares == sorted(shares) and shares[-1] < 100.0


def test_a_header_selects_the_racks_behind_it(short):
    found = losses_view.detail(row_of(short, "header:r000"), short[0], short[2])

    assert found["select"].split(",")[0].startswith("r0") and found["select"].count(",") == 13


def test_power_and_cooling_stand_in_one_list_the_worst_first():
    found = answers(pod())

    rows = losses_view.merged(*found)

    assert len(rows) == len({row["id"] for row in rows})
    assert {row["is_power"] for row in rows} == {True, False}
    lost = [row["lost_kw"] for row in rows]
    assert lost == sorted(lost, reverse=True) and lost[0] > 0.0
    both = next(row for row in rows if row["kind"] == "cdu")
    assert both["kwh_per_year"] is not None and both["is_followed"]


@pytest.mark.parametrize(
    ("capacity", "flow"), [(1.0, 1.0), (0.35, 1.0), (1.0, 0.6), (0.4, 0.5), (0.2, 1.0)]
)
def test_a_row_tells_one_story(capacity, flow):
    plant = hall(cdus=2, cdu_lpm=1300.0)
    cdus = replace(
        plant.cdus,
        capacity_kw=capacity * plant.cdus.capacity_kw,
        flow_lpm=flow * plant.cdus.flow_lpm,
    )

    rows = losses_view.merged(*answers(replace(plant, cdus=cdus)))

    cdu_rows = [row for row in rows if row["kind"] == "cdu"]
    assert len(cdu_rows) == 2
    for row in cdu_rows:
        (said,) = losses_view.folded([row], {})
        assert (row["lost_kw"] > 0.0) == (said["throttle"] != "never")
        assert said["holds"] == said["effect"].endswith("speed up, all racks run on")
        if row["short"] and not row["lost_kw"]:
            assert "no rack slows down" in said["effect"]


def test_racks_that_slow_down_later_than_is_followed_say_so():
    plant = hall(cdus=2, cdu_lpm=1300.0)
    weak = replace(plant, cdus=replace(plant.cdus, capacity_kw=np.full(2, 150.0)))
    lines = Assumptions.load({"transient.watch_s": 30.0})

    found = evaluate(weak, lines).to_json(), lose_one(weak, lines), ride_study(weak, lines)

    (said,) = losses_view.folded([row_of(found, "c0")], {})
    assert said["throttle"] == "after 30 s" and said["trip"] == "never"
    assert "in the long run" in said["effect"] and said["lost"] != "0"


def test_losses_alike_stand_in_one_row():
    result, losses, rides = answers(hall(loops=3))

    rows = losses_view.folded(losses_view.merged(result, losses, rides), {})

    (headers,) = [row for row in rows if row["kind"] == "row header"]
    assert headers["more"] == 2 and len(headers["alike"]) == 2
    assert "8 racks short of coolant; 8 racks trip" in headers["effect"]


def test_the_hall_sample_spares_any_cdu_of_a_unit():
    """A unit's header carries nothing until a CDU is lost, and is wide enough then."""
    opened = open_design(sample_file("hall"), shipped_products())
    plant, lines = assemble(opened.document, opened.products)
    study = study_of(plant, lines)
    pipes = study.shortage.remaining.pipes
    asked = study.operation.cooling.rack_flow_lpm

    idle = np.flatnonzero(beyond(pipes.flow_m3_s, pipes.headers) <= 0.0)
    assert idle.size
    assert (pipes.supply_bore_m[idle] >= pipes.supply_bore_m[pipes.headers.before[idle]]).all()
    for cdu in range(3):
        left = study.shortage.remaining.given_lpm(np.arange(len(plant.cdus)) == cdu)
        assert left == pytest.approx(asked)


def test_a_row_of_twice_the_resistance_starves_first():
    """Two rows on one loop, one of racks that resist more: lose a CDU and read who lacks what."""
    plant = hall(rows=2, per_row=7, cdus=2, cdu_lpm=1200.0)
    hard = np.where(np.arange(14) < 7, 90.0, 160.0)
    found = answers(replace(plant, racks=replace(plant.racks, pressure_drop_kpa=hard)))

    racks = losses_view.detail(row_of(found, "c0"), found[0], found[2])["racks"]

    assert [each["tag"] for each in racks[:7]] == [f"R{i:03}" for i in range(13, 6, -1)]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(None, "never"), (1.25, "1.2 s"), (50.0, "50 s"), (60.0, "1 min"), (133.0, "2 min 13 s")],
)
def test_times_are_said_in_words(seconds, text):
    assert losses_view.clock(seconds) == text


def test_the_chart_marks_who_trips_first():
    found = answers(hall())
    one = losses_view.detail(row_of(found, "header:r000"), found[0], found[2])

    chart = curves(one["charted"], found[2]["rack_tags"], losses_view.inputs_of(found[2]))

    *lines, marks = chart["data"]
    assert [line["name"] for line in lines] == ["supply", "return of R000", "flow of the loop, %"]
    assert marks["text"] == ["alarm", "R000 slows down", "R000 trips"]
    assert marks["x"] == sorted(marks["x"])
    assert marks["y"][2] == pytest.approx(75.0, abs=0.5)


def test_words_and_kinds_choose_rows():
    rows = losses_view.merged(*answers(hall()))

    assert {row["kind"] for row in losses_view.chosen(rows, "", "cdu")} == {"cdu"}
    assert [row["tag"] for row in losses_view.chosen(rows, "c1", "")] == ["C1"]
    assert losses_view.chosen(rows, "", "power") == []


@pytest.mark.django_db
def test_a_drawn_pipe_of_more_resistance_starves_its_own_row(project, editor):
    """The hall, one row's pipe choked, its CDU lost."""
    design = layouts.create_sample(project=project, sample="hall", author=editor)
    (unit,) = [
        each
        for each in document_at(design, design.head).of_kind("module")
        if each["identity"]["tag"] == "H1-SU1"
    ]
    pipe = {"loop": "TCS-H1-SU1", "resistance_factor": 60}
    overrides = {**unit.get("overrides", {}), "pipe-1": {"pipe": pipe}}
    layouts.append_edits(
        design=design,
        base=design.head,
        edits=[{"type": "set", "id": unit["id"], "group": "overrides", "value": overrides}],
        author=editor,
        request_id=uuid4(),
    )
    design.refresh_from_db()
    plant, _ = assemble(document_at(design, design.head), products_of(design))
    found = answers(plant)

    row = row_of(found, f"{unit['id']}/cdu-1")
    racks = losses_view.detail(row, found[0], found[2])["racks"]

    assert row["short"] == len(racks) > 0
    assert all(each["tag"].startswith("H1-SU1-R1-") for each in racks)
    assert row["head_kpa"] is None  # the row is fed from its other end: no one path to compare


def test_tokens_lost_are_of_those_that_are_sold(short):
    compute = {**short[0]["compute"], "tokens_per_s": 8e6, "sold_tokens_per_s": 4e6}
    result = {**short[0], "compute": compute, "shortfall": {"racks": 0}}
    rows = losses_view.merged(result, *short[1:])

    assert max(row["lost_kw"] for row in rows) > 0.0
    for row in rows:
        share = row["lost_kw"] / result["power"]["it_kw"]
        assert row["tokens_per_s"] == pytest.approx(share * 4e6)
