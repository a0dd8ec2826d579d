"""Feeders as drawn: their length and conductors count, and loose ends are named."""

from dataclasses import replace

import numpy as np
import pytest

from engine.assumptions import Assumptions
from engine.plant import FeederRuns, PipeRuns
from engine.power.lines import line_current_a, voltage_drop_v
from engine.rules import load_rules
from engine.space.dedicated import pipes_over_equipment
from tests.engine.test_feeder_states import feeders_of, with_source
from tests.strategies import pod

LINES = Assumptions.load()
RISERS_M = 2.0 * LINES.value("power.feeder.riser_m")


def middle(plant, node):
    return plant.boxes.corners_mm[plant.power_nodes.box[node]].mean(axis=0)


def drawn(plant, *lines, **columns):
    """The plant with feeders along these points, each to the node of its number."""
    nodes, points = zip(*lines, strict=True)
    n = len(nodes)
    runs = FeederRuns(
        id=tuple(f"f{i}" for i in range(n)),
        tag=tuple(f"F{i}" for i in range(n)),
        points_mm=tuple(np.array(each, dtype=float) for each in points),
        node=np.array(nodes),
        **columns,
    )
    return replace(plant, feeders=runs)


def loose(plant):
    _, found = feeders_of(plant)
    return [finding for finding in found if finding.rule == "POW-FEEDER-LOOSE"]


def test_a_drawn_feeder_is_as_long_as_it_is_drawn():
    plant = with_source(pod(), at_m=20.0)
    start, end = middle(plant, 2), middle(plant, 0)
    detour = [start, np.add(start, [5000.0, 0.0]), np.add(end, [5000.0, 0.0]), end]

    feeders, _ = feeders_of(drawn(plant, (0, detour)))
    length_m = (10_000.0 + abs(end - start).max()) / 1000.0

    assert feeders.length_m[0] == pytest.approx(length_m + RISERS_M)
    assert feeders.length_m[1] == feeders_of(plant)[0].length_m[1]
    assert loose(drawn(plant, (0, detour))) == []
    assert loose(drawn(plant, (0, detour[::-1]))) == []


def test_stated_conductors_make_the_impedance():
    plant = with_source(pod(), at_m=20.0)
    line = [middle(plant, 2), middle(plant, 0)]
    thin, thick = (
        feeders_of(drawn(plant, (0, line), conductor_mm2=[240.0], sets=[sets]))[0]
        for sets in (2, 4)
    )
    nodes, factor = plant.power_nodes, plant.site.power_factor
    current = line_current_a(1.0, nodes.voltage_v[0], factor)
    length = thin.length_m[0]
    along = [
        voltage_drop_v(current, 0.0225 / 240.0 / n * length, 8e-5 / n * length, factor)
        for n in (2, 4)
    ]

    # What the busway itself drops is the same in both.
    per_kw = (thin.drop_fraction[0] - thick.drop_fraction[0]) * nodes.voltage_v[0]
    kw = feeders_kw(plant)
    assert per_kw / kw == pytest.approx(float(along[0] - along[1]), rel=1e-9)


def feeders_kw(plant):
    """The load that the drop of the first busway is told for."""
    plain, _ = feeders_of(plant)
    rating = plant.power_nodes.rating_kw[0]
    longer, _ = feeders_of(with_source(pod(), at_m=120.0))
    per_m = (longer.drop_fraction[0] - plain.drop_fraction[0]) / 100.0
    rated = line_current_a(rating, plant.power_nodes.voltage_v[0], plant.site.power_factor)
    r, x = (LINES.value(f"power.feeder.{part}_v_per_m") for part in ("resistance", "reactance"))
    full = voltage_drop_v(rated, r / rated, x / rated, plant.site.power_factor)
    return per_m / (float(full) / plant.power_nodes.voltage_v[0] / rating)


@pytest.mark.parametrize(
    ("node", "ends", "words"),
    [
        (-1, "both", "leads to nothing"),
        (2, "both", "begins at nothing"),
        (0, "far", "mm from the boxes"),
    ],
)
def test_a_loose_feeder_says_what_is_wrong(node, ends, words):
    plant = with_source(pod(), at_m=20.0)
    start, end = middle(plant, 2), middle(plant, 0)
    if ends == "far":
        end = np.add(end, [0.0, -9000.0])

    (found,) = loose(drawn(plant, (node, [start, end])))

    assert words in found.detail
    assert found.element_ids == ("f0",)


def test_a_second_feeder_to_one_node_counts_for_nothing():
    plant = with_source(pod(), at_m=20.0)
    line = [middle(plant, 2), middle(plant, 0)]
    twice = drawn(plant, (0, line), (0, [line[0], np.add(line[0], [0.0, 90_000.0]), line[1]]))

    (found,) = loose(twice)

    assert found.element_ids == ("f1",)
    assert feeders_of(twice)[0].length_m[0] == feeders_of(drawn(plant, (0, line)))[0].length_m[0]


def test_a_rack_beside_the_busway_that_feeds_it_is_named():
    plant = pod()
    corners = np.array(plant.boxes.corners_mm)
    corners[plant.racks.box[0]] += [0.0, -6000.0]
    moved = replace(plant, boxes=replace(plant.boxes, corners_mm=corners))

    _, none = feeders_of(plant)
    _, found = feeders_of(moved)

    assert "POW-TAP-REACH" not in {finding.rule for finding in none}
    reach = [finding for finding in found if finding.rule == "POW-TAP-REACH"]
    assert [finding.element_ids[0] for finding in reach] == [plant.racks.id[0]] * 2
    assert 4000.0 < reach[0].measured < 6000.0


@pytest.mark.parametrize(("elevation_mm", "is_found"), [(0.0, True), (1500.0, True), (9e3, False)])
def test_a_pipe_over_a_switchboard_breaks_the_dedicated_space(elevation_mm, is_found):
    plant = with_source(pod(), kind="switchboard")
    x, y = middle(plant, 2)
    pipe = PipeRuns(
        id=("p",),
        tag=("P",),
        points_mm=(np.array([[x - 9000.0, y], [x + 9000.0, y]]),),
        elevation_mm=[elevation_mm],
    )
    crossing = replace(plant, pipes=pipe)

    found = list(pipes_over_equipment(crossing, load_rules("us-nec")))

    assert [finding.element_ids for finding in found] == [("p", "source")] * is_found
    assert list(pipes_over_equipment(crossing, load_rules("iec"))) == []
