import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from engine.plant import box_corners
from engine.space.geometry import (
    Neighbours,
    containing,
    envelopes,
    faces,
    forward_gap_mm,
    overlap_depth_mm,
    polygon_area_m2,
)
from tests.strategies import rectangle

lengths = st.floats(min_value=100.0, max_value=5000.0)
places = st.floats(min_value=-5000.0, max_value=5000.0)
angles = st.floats(min_value=0.0, max_value=359.0)
rectangles = st.tuples(places, places, angles, lengths, lengths).map(
    lambda r: box_corners([[r[0], r[1]]], [r[2]], [r[3]], [r[4]])
)


@given(one=rectangles, other=rectangles)
def test_overlap_agrees_with_polygon_intersection(one, other):
    depth = overlap_depth_mm(one, other)[0]

    shared = shapely.area(shapely.intersection(*map(shapely.Polygon, (one[0], other[0]))))

    assert depth == pytest.approx(overlap_depth_mm(other, one)[0], abs=1e-6)
    if depth > 0.01:
        assert shared > 0.0
    if depth < -0.01:
        assert shared == pytest.approx(0.0, abs=1e-3)


def test_racks_side_by_side_only_touch():
    row = box_corners([[0, 0], [600, 0]], [0, 0], [600, 600], [1200, 1200])

    assert overlap_depth_mm(row[:1], row[1:])[0] == 0.0


@given(turn=angles, gap=st.floats(min_value=1.0, max_value=4000.0))
def test_gap_in_front_is_the_distance_whatever_the_rotation(turn, gap):
    pair = box_corners([[0, 0], [600, -gap]], [0, 180], [600, 600], [1200, 1200])
    radians = np.deg2rad(turn)
    rotation = np.array([[np.cos(radians), np.sin(radians)], [-np.sin(radians), np.cos(radians)]])
    pair = pair @ rotation

    measured = forward_gap_mm(faces(pair[:1], "front"), pair[1:])

    assert measured[0] == pytest.approx(gap, abs=1e-6)


def test_what_stands_beside_or_behind_is_not_in_front():
    rack = box_corners([[0, 0]], [0], [600], [1200])
    beside = box_corners([[600, -2000]], [0], [600], [1200])
    behind = box_corners([[0, 2000]], [0], [600], [1200])

    for other in (beside, behind):
        assert forward_gap_mm(faces(rack, "front"), other)[0] == np.inf


def test_the_wall_in_front_is_seen_from_inside():
    rack = box_corners([[1000, 1500]], [0], [600], [1200])

    gap = forward_gap_mm(faces(rack, "front"), rectangle(0, 0, 8000, 6000)[None])

    assert gap[0] == pytest.approx(1500.0)


def test_area_does_not_depend_on_the_direction_of_turn():
    outline = rectangle(1000, 2000, 3000, 4000)

    assert polygon_area_m2(outline) == polygon_area_m2(outline[::-1]) == 12.0


def test_a_point_finds_the_first_outline_around_it():
    outlines = [rectangle(0, 0, 100, 100), rectangle(50, 0, 100, 100)]
    points = np.array([[10.0, 10.0], [60.0, 10.0], [140.0, 10.0], [200.0, 10.0]])

    assert containing(points, outlines).tolist() == [0, 0, 1, -1]


@given(found=st.lists(rectangles, min_size=1, max_size=30), asked=st.lists(rectangles, max_size=10))
def test_neighbours_are_exactly_those_whose_bounding_boxes_meet(found, asked):
    tree, probe = np.concatenate(found), np.concatenate([*asked, found[0]])

    pairs = Neighbours(tree, np.arange(len(tree))).near(envelopes(probe))

    boxes, others = envelopes(probe), envelopes(tree)
    meets = (boxes[:, None, :2] <= others[None, :, 2:]).all(axis=2)
    meets &= (others[None, :, :2] <= boxes[:, None, 2:]).all(axis=2)
    assert np.array_equal(np.stack(pairs), np.stack(np.nonzero(meets)))


def test_a_heap_is_listed_only_so_far():
    count = 5000
    heap = box_corners([[0, 0]] * count, [0] * count, [600] * count, [1200] * count)

    one, other = Neighbours(heap, np.arange(count)).near_each_other()

    assert 0 < len(one) < count * (count - 1) / 2
    assert (one < other).all()


def test_neighbours_are_found_by_row():
    corners = box_corners([[0, 0], [600, 0], [9000, 0]], [0] * 3, [600] * 3, [1200] * 3)

    one, other = Neighbours(corners, np.array([0, 2])).near(np.array([[-10.0, -10.0, 700.0, 10.0]]))

    assert (one.tolist(), other.tolist()) == ([0], [0])
