"""The one-line diagram: what is folded, where it stands, and the page around it."""

from dataclasses import replace

import numpy as np
import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from analysis.assemble import assemble
from analysis.design_file import open_design
from analysis.figures import number
from analysis.one_line import MARGIN, OPENED, band, diagrams
from analysis.one_line_view import one_line
from catalog.selectors import shipped_products
from engine.assumptions import Assumptions
from engine.evaluate import evaluate
from engine.systems import system_views
from layouts.samples import sample_file
from tests.strategies import pod

KINDS = ("transformer", "switchboard", "ups", "panel", "busway", "generator")


def power_of(parents, *, kinds=None, limits=None, loads=(), sides=None):
    """A table of nodes by the place of their parent."""
    count = len(parents)
    column = [0.0] * count
    return {
        "nodes": {
            "id": [f"n{i}" for i in range(count)],
            "tag": [f"N{i}" for i in range(count)],
            "kind": list(kinds or ["panel"] * count),
            "product": [""] * count,
            "side": list(sides or ["A"] * count),
            "parent": list(parents),
            "rating_kw": [100.0] * count,
            "limit_kw": list(limits or [100.0] * count),
            "voltage_v": [415.0] * count,
            "normal_kw": [40.0] * count,
            "worst_kw": [75.0] * count,
            "loss_kw": column,
            "length_m": column,
            "drop_fraction": column,
            "total_drop_fraction": column,
        },
        "loads": list(loads),
        "beside": [],
        "facility_kw": 0.0,
    }


def racks(feed_a, feed_b, count=8, first=0):
    return {
        "kind": "rack",
        "feed_a": feed_a,
        "feed_b": feed_b,
        "ids": [f"r{first + i}" for i in range(count)],
        "tags": [f"R{first + i}" for i in range(count)],
        "kw": 10.0 * count,
    }


@st.composite
def forests(draw):
    count = draw(st.integers(1, 40))
    parents = [draw(st.integers(-1, i - 1)) for i in range(count)]
    kinds = [draw(st.sampled_from(KINDS)) for _ in parents]
    limits = [draw(st.sampled_from((0.0, 50.0, 80.0, 200.0))) for _ in parents]
    fed = draw(st.lists(st.integers(0, count - 1), max_size=10))
    loads = [racks(row, -1, count=2, first=10 * i) for i, row in enumerate(fed)]
    opened = draw(st.sets(st.sampled_from([f"n{i}" for i in range(count)]), max_size=3))
    return power_of(parents, kinds=kinds, limits=limits, loads=loads), opened


@given(forests())
def test_nothing_overlaps_and_parents_stand_above_their_children(case):
    power, opened = case

    for diagram in diagrams(power, opened):
        cells = diagram.cells
        for i, a in enumerate(cells):
            assert a.x >= MARGIN and a.x + a.width <= diagram.width
            assert a.y >= MARGIN and a.y + a.height <= diagram.height
            for b in cells[i + 1 :]:
                apart = (
                    a.x + a.width <= b.x
                    or b.x + b.width <= a.x
                    or a.y + a.height <= b.y
                    or b.y + b.height <= a.y
                )
                assert apart, (a, b)
        for wire in diagram.wires:
            assert wire.y0 < wire.bend_y < wire.y1


@given(forests())
def test_every_node_and_every_rack_is_drawn_once(case):
    power, opened = case

    (diagram,) = diagrams(power, opened)

    drawn = [row for cell in diagram.cells if not cell.is_load for row in cell.branch.rows]
    hung = [id_ for cell in diagram.cells if cell.is_load for load in cell.branch.loads
            for id_ in load.ids]  # fmt: skip
    assert sorted(drawn) == list(range(len(power["nodes"]["id"])))
    assert sorted(hung) == sorted(id_ for load in power["loads"] for id_ in load["ids"])


def fold_of(count):
    """A panel that feeds so many busways of eight racks each."""
    loads = [racks(1 + i, -1, first=8 * i) for i in range(count)]
    kinds = ["panel"] + ["busway"] * count
    return power_of([-1] + [0] * count, kinds=kinds, loads=loads)


def busways(power, *more):
    (diagram,) = diagrams(power, *more)
    return [
        cell.branch for cell in diagram.cells if cell.branch.kind == "busway" and not cell.is_load
    ]


def test_seven_hundred_busways_alike_are_one():
    (one,) = busways(fold_of(700))

    assert len(one.rows) == 700
    assert len(one.loads[0].ids) == 5600


def test_an_opened_fold_shows_some_and_folds_the_rest():
    power = fold_of(700)

    first = busways(power, ["n1"])
    second = busways(power, ["n1", f"n{1 + OPENED}"])

    assert [len(branch.rows) for branch in first] == [1] * OPENED + [700 - OPENED]
    assert [len(branch.rows) for branch in second] == [1] * 2 * OPENED + [700 - 2 * OPENED]


def test_what_is_looked_for_stands_by_itself():
    found = busways(fold_of(20), (), "n7")
    by_rack = busways(fold_of(20), (), "r17")

    assert sorted(len(branch.rows) for branch in found) == [1, 19]
    assert next(branch for branch in found if len(branch.rows) == 1).key == "n7"
    assert next(branch for branch in by_rack if len(branch.rows) == 1).key == "n3"


def test_an_overloaded_branch_is_never_folded_into_those_that_hold():
    power = fold_of(6)
    power["nodes"]["worst_kw"][4] = 120.0

    found = busways(power)

    assert sorted(len(branch.rows) for branch in found) == [1, 5]


@pytest.mark.parametrize(
    ("fraction", "name"),
    [(None, "unrated"), (0.5, "ok"), (0.8, "ok"), (0.9, "warm"), (1.0, "warm"), (1.2, "over")],
)
def test_bands_follow_the_limit(fraction, name):
    assert band(fraction) == name


def test_a_generator_is_a_source_beside_the_utility():
    (diagram,) = diagrams(power_of([-1, -1], kinds=["transformer", "generator"]))

    tops = [cell.branch.kind for cell in diagram.cells if cell.depth == 0]
    assert tops == ["utility", "generator"]


def test_the_pod_is_drawn_with_its_loads_and_drops():
    answer = system_views(pod(), Assumptions.load())

    found = one_line(answer)

    assert [side["name"] for side in found["sides"]] == ["Side A", "Side B", "Not drawn"]
    rows = found["sides"][0]["rows"]
    assert [row["kind"] for row in rows] == ["utility", "busway"]
    assert rows[1]["rating"] == "2\u202f000 kW" and rows[1]["band"] in {"ok", "warm"}
    texts = [load["text"] for cell in found["sides"][0]["cells"] if cell["is_load"]
             for load in cell["loads"]]  # fmt: skip
    assert any(text.startswith("8 racks") for text in texts)
    assert found["working"]


@pytest.mark.parametrize("sample", ["pod", "hall"])
def test_the_sources_add_up_to_the_facility_power_of_the_evaluation(sample):
    design = open_design(sample_file(sample), shipped_products())
    plant, lines = assemble(design.document, design.products, rule_set=design.rule_set)
    power = evaluate(plant, lines, "edit").to_json()["power"]
    facility_kw = power["facility_kw"]

    found = one_line(system_views(plant, lines))

    tops = [row["source_kw"] for side in found["sides"] for row in side["rows"] if not row["depth"]]
    assert sum(tops) == pytest.approx(facility_kw, abs=0.01)
    total = [float(each["text"].replace("\u202f", "")) for each in found["total"]]
    assert total[0] == pytest.approx(facility_kw, abs=0.05)
    assert sum(total[1:]) == pytest.approx(total[0], abs=1e-6)
    at_feeds = number(power["sides"]["a"]["normal_kw"], 1)
    assert found["sides"][0]["feeds"].startswith(f"at the feeds (busway and panel) {at_feeds} kW")
    texts = [load["text"] for cell in found["sides"][-1]["cells"] if cell["is_load"]
             for load in cell["loads"]]  # fmt: skip
    assert any(text.startswith("Heat rejection, ") for text in texts)
    assert any(text.startswith("Water pumps, ") for text in texts)


def test_what_has_no_feed_is_counted_beside_the_nodes():
    plant = pod()
    alone = replace(plant.racks, feed_a=np.full(8, -1), feed_b=np.array([-1] * 4 + [1] * 4))

    power = system_views(replace(plant, racks=alone), Assumptions.load())["power"]

    parts = {each["what"]: each["kw"] for each in power["beside"]}
    assert parts["equipment without a feed"] == pytest.approx(4 * 132.0)


@pytest.mark.django_db
def test_the_page_starts_empty_and_fills(design, editor, client_of, work_off):
    browser = client_of(editor)
    address = reverse("one-line", args=[design.pk])

    before = browser.get(address).content.decode()
    browser.post(reverse("run-one-line", args=[design.pk]))
    waiting = browser.get(address).content.decode()
    work_off()
    after = browser.get(address).content.decode()

    assert "have not been computed" in before and "No diagram yet" in before
    assert "Cancel" in waiting
    for words in ("Utility A", "UPS-A1", "BW-B-01", "8 racks", "#sym-transformer", "ΔU"):
        assert words in after
    assert "?select=" in after and "<script>" not in after


@pytest.mark.django_db
def test_the_editor_leads_to_one_node(design, editor, client_of, work_off):
    browser = client_of(editor)
    browser.post(reverse("run-one-line", args=[design.pk]))
    work_off()
    address = reverse("one-line", args=[design.pk])
    page = browser.get(address).content.decode()
    id_ = page.split("?select=")[1].split('"')[0].split("%2C")[0]

    marked = browser.get(f"{address}?at={id_}").content.decode()

    assert 'id="at"' not in page and marked.count('id="at"') == 1


def test_direct_current_is_marked_with_its_voltage_and_its_fault_current():
    power = power_of([-1, 0, 1], kinds=["transformer", "rectifier", "busway"])
    power["nodes"] |= {
        "is_direct": [False, True, True],
        "fault_ka": [0.0, 78.3456, 60.0],
        "voltage_v": [415.0, 800.0, 800.0],
    }

    told, kept = (
        one_line({"power": {**power, "nodes": nodes}, "working": []})
        for nodes in (
            power["nodes"],
            {k: v for k, v in power["nodes"].items() if k not in ("is_direct", "fault_ka")},
        )
    )

    marks = {row["kind"]: (row["direct"], row["fault"]) for row in told["sides"][0]["rows"]
             if row["kind"] != "utility"}  # fmt: skip
    assert marks == {
        "transformer": ("", ""),
        "rectifier": ("800 V DC", "78.3 kA"),
        "busway": ("800 V DC", "60.0 kA"),
    }
    assert not any(row.get("direct") for row in kept["sides"][0]["rows"])
