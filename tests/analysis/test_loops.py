"""The schematic of the loops: where things stand, what is drawn once, and the page around it."""

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from analysis.loop_diagram import alike, band, schematic
from analysis.loop_view import loop_page
from engine.assumptions import Assumptions
from engine.systems import system_views
from tests.engine.test_loop_flows import hall

LINES = Assumptions.load()


def rack(name, *, asked=100.0, given=100.0, return_c=55.0):
    return {
        "id": name,
        "tag": name.upper(),
        "asked_lpm": asked,
        "given_lpm": given,
        "heat_kw": 100.0,
        "return_c": return_c,
        "return_max_c": 65.0,
        "path_kpa": 120.0,
    }


def loop_of(cdus, rows, *, given=100.0, name="TCS"):
    return {
        "id": name,
        "heat_kw": 1000.0,
        "flow_lpm": 1000.0,
        "binds": "flow",
        "cdus": [{"id": f"{name}-c{i}", "load_kw": 100.0, "binds": "flow"} for i in range(cdus)],
        "headers": [
            {
                "pipe_id": "",
                "resistance_factor": 1.0,
                "racks": [rack(f"{name}-r{row}-{i}", given=given) for i in range(count)],
            }
            for row, count in enumerate(rows)
        ],
    }


@given(st.integers(0, 8), st.lists(st.integers(1, 60), max_size=6))
def test_nothing_overlaps_and_racks_stand_in_order(cdus, rows):
    drawn = schematic(loop_of(cdus, rows))

    solid = [spot for spot in drawn.spots if spot.kind != "row"]
    for i, a in enumerate(solid):
        assert a.x >= 0.0 and a.x + a.width <= drawn.width
        assert a.y >= 0.0 and a.y + a.height <= drawn.height
        assert not a.x < drawn.supply_x < a.x + a.width
        assert not a.x < drawn.return_x < a.x + a.width
        for b in solid[i + 1 :]:
            assert (
                a.x + a.width <= b.x
                or b.x + b.width <= a.x
                or a.y + a.height <= b.y
                or b.y + b.height <= a.y
            )
    for row in range(len(rows)):
        places = [
            (spot.y, spot.x) for spot in drawn.spots if spot.kind == "rack" and spot.row == row
        ]
        assert places == sorted(places) and len(places) == rows[row]


def test_loops_alike_are_drawn_once_and_the_one_looked_for_comes_first():
    loops = [loop_of(2, [4], name=f"L{i}") for i in range(5)]
    loops.append(loop_of(2, [4], given=80.0, name="L5"))

    assert alike(loops) == [[0, 1, 2, 3, 4], [5]]
    assert alike(loops, "L3-c1") == [[3], [0, 1, 2, 4], [5]]
    assert alike(loops, "L2-r0-1")[0] == [2]


@pytest.mark.parametrize(
    ("given_lpm", "return_c", "name"),
    [(100.0, 55.0, "ok"), (96.0, 55.0, "ok"), (90.0, 55.0, "short"), (100.0, 66.0, "hot")],
)
def test_racks_are_marked_by_flow_and_warmth(given_lpm, return_c, name):
    assert band(rack("r", given=given_lpm, return_c=return_c)) == name


def test_a_resistance_factor_is_named_and_never_reads_as_a_count():
    (loop,) = system_views(hall(), LINES)["loops"]
    loop["headers"][0] |= {"resistance_factor": 2.0}
    answer = system_views(hall(), LINES) | {"loops": [loop]}

    (row,) = loop_page(answer)["loops"][0]["rows"]

    assert row["factor"] == "resistance factor 2" and row["pipe"].endswith("resistance factor 2")
    assert "×" not in row["factor"] + row["pipe"] + row["flow"]


def test_a_starved_row_is_said_in_words():
    plant = hall(rows=2, per_row=7, cdus=2, cdu_lpm=500.0)

    (loop,) = loop_page(system_views(plant, LINES))["loops"]

    assert loop["short"] > 0
    assert any("worst −" in row["flow"] for row in loop["rows"])
    assert [row["text"] for row in loop["rows"]] == ["R000 to R006", "R007 to R013"]
    assert loop["cdus"][0]["binds"] in {"flow binds", "heat binds"}
    assert all(each["inputs"] for each in loop_page(system_views(plant, LINES))["working"])


@pytest.mark.django_db
def test_the_page_starts_empty_and_fills(design, editor, client_of, work_off):
    browser = client_of(editor)
    address = reverse("loops", args=[design.pk])

    before = browser.get(address).content.decode()
    browser.post(reverse("run-loops", args=[design.pk]))
    waiting = browser.get(address).content.decode()
    browser.post(reverse("cancel-loops", args=[design.pk]))
    browser.post(reverse("run-loops", args=[design.pk]))
    work_off()
    after = browser.get(address).content.decode()

    assert "No schematic yet" in before and "Cancel" in waiting
    for words in (
        "TCS-1",
        "CDU-01",
        "R01-08",
        "#sym-cdu",
        "kPa",
        "DC-01 and 1 alike",
        "flow binds",
    ):
        assert words in after
    assert "?select=" in after and "<script>" not in after
