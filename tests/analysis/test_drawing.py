"""The plan in strokes: pipes stand in pairs, wherever a plan is drawn."""

import re

import numpy as np
import pytest

from analysis.assemble import assemble
from analysis.comparison import Side, compare
from analysis.design_file import open_design
from analysis.drawing import PIPE_APART_MM, draw_plan, pipe_offset_mm
from analysis.pen import Frame, Pen, beside
from catalog.selectors import shipped_products
from engine.evaluate import evaluate
from layouts.samples import sample_file
from reports.formats.plan_svg import PAPER
from reviews.overlay import THEMED, outline_of


def opened(sample="pod"):
    design = open_design(sample_file(sample), shipped_products())
    plant, lines = assemble(design.document, design.products)
    return design.document, plant, lines


@pytest.mark.parametrize("by", [75.0, -75.0])
def test_a_line_moved_sideways_keeps_its_distance(by):
    line = np.array([[0.0, 0.0], [6000.0, 0.0], [6000.0, 3000.0], [9000.0, 3000.0]])

    moved = beside(line, by)

    assert moved[0].tolist() == [0.0, by]
    assert moved[1] == pytest.approx([6000.0 - by, by])
    assert moved[-1] == pytest.approx([9000.0, 3000.0 + by])


def test_a_line_that_turns_back_is_cut_and_points_that_repeat_are_one():
    back = beside(np.array([[0.0, 0.0], [1000.0, 0.0], [1000.0, 0.0], [0.0, 0.0]]), 10.0)

    assert back.tolist() == [[0.0, 10.0], [1000.0, 10.0], [1000.0, -10.0], [0.0, -10.0]]


@pytest.mark.parametrize("paint", [PAPER, THEMED], ids=["paper", "screen"])
def test_every_pipe_is_drawn_as_supply_and_return(paint):
    document, plant, _ = opened()
    names = {style: f'data-style="{style}"' for style in paint}
    pen = Pen(Frame(x0=-1e5, y0=-1e5, x1=1e5, y1=1e5, scale=50.0), names)

    draw_plan(pen, plant, document)

    drawn = dict(re.findall(r'<path data-style="([\w-]+)" d="([^"]+)"', pen.strokes()))
    assert len(plant.pipes) > 0
    assert drawn["pipe"].count("M") == drawn["pipe-return"].count("M") == len(plant.pipes)
    assert drawn["pipe"] != drawn["pipe-return"]
    assert {"facility-pipe", "facility-pipe-return"} <= paint.keys()


def test_pipes_stay_apart_on_the_smallest_plan_and_wide_ones_stand_wider():
    assert pipe_offset_mm(0.0, 50.0) == PIPE_APART_MM
    assert pipe_offset_mm(0.2, 50.0) == pytest.approx(150.0)
    assert pipe_offset_mm(0.0, 1000.0) > PIPE_APART_MM


def test_a_changed_pipe_is_marked_as_the_band_that_it_takes():
    path = {"points_mm": [[0, 0], [1000, 0]]}

    assert outline_of(
        {"id": "p", "kind": "pipe", "path": path, "pipe": {"loop": "TCS-1"}}
    ).tolist() == [
        [0.0, 75.0],
        [1000.0, 75.0],
        [1000.0, -75.0],
        [0.0, -75.0],
    ]


def test_the_comparison_draws_pipes_in_pairs():
    document, plant, lines = opened()
    side = Side(document=document, plant=plant, result=evaluate(plant, lines, "edit").to_json())

    plan = compare(side, side)["plan"]

    (path,) = re.findall(r'<path [^>]*stroke="var\(--line2\)" stroke-width="0.2" d="([^"]+)"', plan)
    assert path.count("M") == 2 * len(plant.pipes)
