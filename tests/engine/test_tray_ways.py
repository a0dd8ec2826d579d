"""Cables along drawn trays: lengths, joints and fill, against routes drawn up by hand."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.assumptions import Assumptions
from engine.fabric.tray_ways import Leg, along_trays
from engine.plant import TrayRuns

LINES = Assumptions.load()
REACH = {"reach_m": 2.0, "join_m": 0.3, "cable_mm2": 40.0}


def trays(*points_mm, width_mm=600.0):
    n = len(points_mm)
    return TrayRuns(
        id=tuple(f"t{i}" for i in range(n)),
        tag=tuple(f"T{i}" for i in range(n)),
        points_mm=tuple(np.array(points, dtype=float) for points in points_mm),
        width_mm=np.full(n, width_mm),
        depth_mm=np.full(n, 100.0),
    )


def leg(*pairs, links=1):
    start, end = (np.array(side, dtype=float) for side in zip(*pairs, strict=True))
    return Leg(start_m=start, end_m=end, links=np.full(len(pairs), links))


def test_a_cable_follows_the_tray_round_its_corner():
    corner = trays([[0, 0], [10_000, 0], [10_000, 5_000]])

    found = along_trays(
        corner,
        (
            leg(
                ((1.0, 0.5), (10.5, 4.0)),
            ),
        ),
        **REACH,
    )

    assert found.length_m[0] == pytest.approx([0.5 + 9.0 + 4.0 + 0.5])
    assert found.cables.tolist() == [1]
    assert found.fill_fraction == pytest.approx([40.0 / 60_000.0])


def test_trays_join_where_an_end_lies_on_another():
    tee = trays([[0, 0], [10_000, 0]], [[4_000, 100], [4_000, 6_000]])
    apart = trays([[0, 0], [10_000, 0]], [[4_000, 900], [4_000, 6_000]])
    cable = (leg(((1.0, 0.0), (4.0, 5.0))),)

    assert along_trays(tee, cable, **REACH).length_m[0] == pytest.approx([3.0 + 0.1 + 4.9])
    assert np.isinf(along_trays(apart, cable, **REACH).length_m[0]).all()


def test_what_stands_out_of_reach_runs_on_no_tray():
    line = trays([[0, 0], [10_000, 0]])

    found = along_trays(
        line,
        (
            leg(
                ((1.0, 3.0), (5.0, 0.0)),
                ((2.0, 1.0), (5.0, 0.0)),
            ),
        ),
        **REACH,
    )

    assert np.isfinite(found.length_m[0]).tolist() == [False, True]


def test_fill_is_that_of_the_fullest_place():
    line = trays([[0, 0], [10_000, 0]])
    cables = leg(((1.0, 0.0), (5.0, 0.0)), ((4.0, 0.0), (9.0, 0.0)), links=300)

    found = along_trays(line, (cables,), **REACH)

    assert found.cables.tolist() == [600]
    assert found.fill_fraction == pytest.approx([600 * 40.0 / 60_000.0])


def test_without_trays_nothing_runs_on_them():
    found = along_trays(trays(), (leg(((0.0, 0.0), (1.0, 1.0))),), **REACH)

    assert np.isinf(found.length_m[0]).all()


@given(st.lists(st.floats(0.0, 10.0), min_size=2, max_size=8))
def test_along_a_straight_tray_a_cable_is_as_long_as_its_ends_are_apart(places):
    line = trays([[0, 0], [10_000, 0]])
    pairs = [((a, 0.0), (b, 0.0)) for a, b in pairwise(places)]

    found = along_trays(line, (leg(*pairs),), **REACH)

    apart = [abs(a - b) for (a, _), (b, _) in pairs]
    assert found.length_m[0] == pytest.approx(apart, abs=1e-3)
