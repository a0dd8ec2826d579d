"""Loops as they are drawn: where pipes do not meet there are two, and spares do not help across."""

from dataclasses import replace

import numpy as np
import pytest

from engine import evaluate
from engine.assumptions import Assumptions
from engine.cooling.parts import loops_as_drawn
from tests.engine.test_drawn_pipes import with_runs
from tests.engine.test_loop_flows import hall

LINES = Assumptions.load()
FIRST = [[-1600.0, 600.0], [5500.0, 600.0]]
SECOND = [[-1600.0, 4600.0], [5500.0, 4600.0]]
HEADER = [[5000.0, 600.0], [5000.0, 4600.0]]


def two_rows(*more, cdus=2, lpm=2400.0):
    """Two rows of eight racks; the CDUs beside the rows, by turns."""
    plant = hall(rows=2, per_row=8, cdus=cdus, cdu_lpm=lpm, kw=60.0, head_kpa=250.0)
    corners = np.array(plant.boxes.corners_mm)
    for unit in range(cdus):
        at = [-2000.0 - 900.0 * (unit // 2), 4000.0 * (unit % 2)]
        corners[16 + unit] += at - corners[16 + unit, 0]
    plant = replace(
        plant,
        boxes=replace(plant.boxes, corners_mm=corners),
        cdus=replace(plant.cdus, capacity_kw=np.full(cdus, 1000.0)),
    )
    return with_runs(plant, FIRST, SECOND, *more)


def rules_of(plant):
    return [found.rule for found in evaluate(plant, LINES, "edit").findings]


def test_pipes_that_do_not_meet_are_two_loops_with_their_own_racks_and_cdus():
    plant = loops_as_drawn(two_rows(), LINES)

    assert plant.loops.id == ("TCS-0 at C0", "TCS-0 at C1")
    assert plant.loops.part_of == ("TCS-0", "TCS-0")
    assert plant.cdus.loop.tolist() == [0, 1]
    assert plant.racks.loop.tolist() == [0] * 8 + [1] * 8
    assert plant.pipes.loop.tolist() == [0, 1]
    assert plant.loops.redundancy.tolist() == [1, 1]


def test_a_header_that_is_drawn_makes_them_one_again():
    plant = two_rows(HEADER)

    assert loops_as_drawn(plant, LINES) is plant


def test_the_engine_follows_the_drawing_and_names_the_header_that_is_missing():
    # 864 kW of coolant heat on two CDUs of 1,000 kW: one of them is enough for both rows.
    apart, joined = (
        evaluate(loops_as_drawn(plant, LINES), LINES, "edit")
        for plant in (two_rows(), two_rows(HEADER))
    )

    assert [loop.n_plus_1 for loop in apart.cooling.loops] == [False, False]
    assert [loop.heat_kw for loop in apart.cooling.loops] == pytest.approx([432.0, 432.0])
    assert [loop.n_plus_1 for loop in joined.cooling.loops] == [True]
    [found] = [each for each in apart.findings if each.rule == "COOL-HEADER"]
    assert set(found.element_ids) == {"c0", "c1", "p0", "p1"}
    assert "COOL-N1" not in {each.rule for each in apart.findings}
    assert "COOL-HEADER" not in {each.rule for each in joined.findings}


def test_where_no_header_would_help_the_missing_cdu_is_found_instead():
    plant = two_rows()
    weak = replace(plant, cdus=replace(plant.cdus, capacity_kw=np.full(2, 700.0)))

    found = rules_of(loops_as_drawn(weak, LINES))

    assert "COOL-HEADER" not in found
    assert found.count("COOL-N1") == 2


def test_parts_with_a_spare_of_their_own_need_no_header():
    assert "COOL-HEADER" not in rules_of(loops_as_drawn(two_rows(cdus=4), LINES))


def test_a_rack_that_no_pipe_reaches_is_of_the_part_whose_cdu_stands_nearest():
    plant = two_rows()
    short = [[-1600.0, 600.0], [1400.0, 600.0]]
    cut = with_runs(plant, short, SECOND)

    assert loops_as_drawn(cut, LINES).racks.loop.tolist() == [0] * 8 + [1] * 8


def test_a_loop_of_which_nothing_is_drawn_stays_whole():
    plant = replace(two_rows(), pipes=two_rows().pipes.__class__())

    assert loops_as_drawn(plant, LINES) is plant
