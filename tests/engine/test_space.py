from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.assumptions import Assumptions
from engine.plant import OVERHEAD, ZONE, Doors, Halls, Keepouts, Plant
from engine.rules import load_rules
from engine.space.check import check_space
from engine.space.walls import through_walls
from tests.strategies import boxes_of, empty_hall, large_hall, plants, pod, racks_on, rectangle

LINES = Assumptions.load()
NEC = load_rules("us-nec")
HALL = Halls(id=("hall",), name=("Hall 1",), outline_mm=(rectangle(0, 0, 20_000, 20_000),))
FREE = {"x": 6000.0, "y": 6000.0}


def hall_with(*rows, **parts):
    """A large hall with these boxes in it; boxes of kind rack are racks."""
    boxes = boxes_of(*({"hall": 0, **row} for row in rows))
    return Plant(boxes=boxes, racks=racks_on(boxes), halls=HALL, **parts)


def found(plant, code, rules=NEC):
    findings = check_space(plant, rules, LINES).findings
    return [finding for finding in findings if finding.rule == code]


def codes(plant, rules=NEC):
    return {finding.rule for finding in check_space(plant, rules, LINES).findings}


def test_a_good_pod_has_no_findings():
    assert check_space(pod(), NEC, LINES).findings == ()


def test_a_good_campus_has_no_findings():
    assert check_space(large_hall(160), NEC, LINES).findings == ()


def test_an_empty_hall_is_measured():
    geometry = check_space(empty_hall(), NEC, LINES)

    assert geometry.hall_area_m2 == 140.0
    assert geometry.findings == ()


def test_a_rack_moved_onto_its_neighbour_overlaps():
    plant = hall_with({"id": "a", **FREE}, {"id": "b", "x": 6500.0, "y": 6000.0})

    (finding,) = found(plant, "SPC-OVERLAP")

    assert finding.is_blocking
    assert finding.element_ids == ("a", "b")
    assert finding.measured == pytest.approx(100.0)


def test_a_rack_flush_with_its_neighbour_does_not():
    assert not codes(hall_with({"id": "a", **FREE}, {"id": "b", "x": 6600.0, "y": 6000.0}))


def test_a_heap_of_copies_is_told_in_bounds():
    plant = hall_with(*({"id": f"r{n:03}", **FREE} for n in range(60)))

    overlaps = found(plant, "SPC-OVERLAP")

    assert len(overlaps) == 501
    assert "more things" in overlaps[-1].detail


@pytest.mark.parametrize("level", [OVERHEAD, ZONE])
def test_what_hangs_or_only_marks_a_zone_collides_with_nothing(level):
    over = {"id": "b", "kind": "busway", "level": level, **FREE}

    assert not codes(hall_with({"id": "a", **FREE}, over))


def test_a_rack_in_a_column_is_named_first():
    column = {"id": "c", "kind": "column", "width": 400.0, "depth": 400.0, **FREE}

    (finding,) = found(hall_with(column, {"id": "a", **FREE}), "SPC-COLUMN")

    assert finding.element_ids == ("a", "c")


@pytest.mark.parametrize("hall", [0, -1])
def test_a_rack_through_the_wall_is_outside(hall):
    plant = hall_with({"id": "a", "x": -200.0, "y": 6000.0, "hall": hall})

    (finding,) = found(plant, "SPC-OUTSIDE")

    assert finding.measured == pytest.approx(200.0)


@pytest.mark.parametrize(
    ("y", "rules"), [(-1000.0, {"SPC-WALL"}), (-1200.0, set()), (-1199.99, set())]
)
def test_a_cooler_that_stands_through_a_wall_is_found(y, rules):
    cooler = {"id": "dc", "kind": "dry_cooler", "x": 1000.0, "y": y, "hall": -1}
    plant = hall_with({"id": "a", "x": 4000.0, "y": 4000.0}, cooler)

    walls = list(through_walls(plant, NEC))

    assert {each.rule for each in walls} == rules
    assert not found(plant, "SPC-OUTSIDE")
    if walls:
        assert walls[0].element_ids[0] == "dc"
        assert walls[0].measured == pytest.approx(0.6 * 0.2, rel=1e-6)


@pytest.mark.parametrize(("x", "rules"), [(-250_000.0, {"SPC-FAR"}), (-150_000.0, set())])
def test_plant_far_beyond_every_hall_is_noted(x, rules):
    plant = hall_with({"id": "far", "kind": "switchboard", "x": x, "y": 1000.0, "hall": -1})

    far = list(through_walls(plant, NEC))

    assert {each.rule for each in far} == rules
    if far:
        assert far[0].severity == "note" and far[0].element_ids == ("far",)
        assert 200_000.0 < far[0].measured < 250_000.0


def test_a_hall_with_a_corner_cut_out_is_followed():
    outline = np.array(
        [[0, 0], [9000, 0], [9000, 4000], [4000, 4000], [4000, 9000], [0, 9000]], dtype=float
    )
    inside = hall_with({"id": "a", "x": 1000.0, "y": 2000.0})
    halls = replace(HALL, outline_mm=(outline,))
    across = hall_with({"id": "a", "x": 3700.0, "y": 5000.0})

    assert not found(replace(inside, halls=halls), "SPC-OUTSIDE")
    assert found(replace(across, halls=halls), "SPC-OUTSIDE")[0].measured == pytest.approx(300.0)


def test_equipment_that_belongs_outdoors_is_left_alone():
    plant = hall_with({"id": "a", "kind": "dry_cooler", "x": 30_000.0, "y": 0.0, "hall": -1})

    assert not codes(plant)


def test_a_keepout_is_kept():
    zone = Keepouts(id=("k",), name=("duct",), outline_mm=(rectangle(6300, 6000, 2000, 600),))

    (finding,) = found(hall_with({"id": "a", **FREE}, keepouts=zone), "SPC-KEEPOUT")

    assert finding.measured == pytest.approx(0.3 * 0.6)


@pytest.mark.parametrize(
    ("swing", "hits"), [("left", True), ("double", False), ("right", False), ("sliding", False)]
)
def test_a_door_needs_its_swing(swing, hits):
    doors = Doors(id=("d",), origin_mm=[[6000, 5000]], width_mm=[1200], swing=(swing,))
    box = {"id": "a", "x": 5900.0, "y": 5700.0, "width": 300.0, "depth": 300.0}

    assert bool(found(hall_with(box, doors=doors), "SPC-DOOR")) is hits


def test_a_narrow_door_is_found():
    doors = Doors(id=("d",), origin_mm=[[0, 0]], width_mm=[900])

    assert found(hall_with(doors=doors), "DOOR-WIDTH")[0].measured == 900.0


def facing_rows(aisle_mm, turn):
    """Two rows of three; ``turn`` 180 and 0 face each other, 0 and 180 stand back to back."""
    front = [{"id": f"a{n}", "x": 6000.0 + 600 * n, "y": 4000.0} for n in range(3)]
    far = 4000.0 + 1200.0 + aisle_mm
    back = [{"id": f"b{n}", "x": 6000.0 + 600 * n, "y": far} for n in range(3)]
    for row, rotation in ((front, turn), (back, (turn + 180.0) % 360.0)):
        for rack in row:
            rack["rotation"] = rotation
            if rotation == 180.0:
                rack["x"] += 600.0
                rack["y"] += 1200.0
    return hall_with(*front, *back)


def test_a_cold_aisle_that_is_too_narrow_is_one_finding_for_both_rows():
    (finding,) = check_space(facing_rows(1100.0, 180.0), NEC, LINES).findings

    assert finding.rule == "AISLE-COLD"
    assert (finding.measured, finding.required) == (pytest.approx(1100.0), 1200.0)
    assert finding.element_ids == ("a0", "a1", "a2", "b0", "b1", "b2")


def test_a_hot_aisle_that_is_too_narrow_is_found():
    assert codes(facing_rows(800.0, 0.0)) == {"AISLE-HOT"}


@pytest.mark.parametrize(("aisle", "turn"), [(1200.0, 180.0), (900.0, 0.0)])
def test_an_aisle_of_exactly_the_required_width_passes(aisle, turn):
    assert not codes(facing_rows(aisle, turn))


def test_the_designs_own_aisle_width_is_used():
    assert not codes(facing_rows(1100.0, 180.0), NEC.with_values({"AISLE-COLD": 1100.0}))


def test_a_product_may_ask_for_a_wider_aisle():
    plant = facing_rows(1300.0, 180.0)
    boxes = replace(plant.boxes, clearance_front_mm=np.full(6, 1500.0))

    assert codes(replace(plant, boxes=boxes)) == {"AISLE-COLD"}


@pytest.mark.parametrize(("y", "code"), [(900.0, "CLR-FRONT"), (18_300.0, "CLR-REAR")])
def test_a_wall_too_near_is_found(y, code):
    assert codes(hall_with({"id": "a", "x": 6000.0, "y": y})) == {code}


def test_a_column_behind_a_rack_is_found():
    column = {"id": "c", "kind": "column", "x": 6100.0, "y": 7500.0, "width": 300.0, "depth": 300.0}

    (finding,) = check_space(hall_with({"id": "a", **FREE}, column), NEC, LINES).findings

    assert finding.rule == "CLR-REAR"
    assert finding.measured == pytest.approx(300.0)
    assert finding.element_ids == ("a", "c")


def test_side_clearance_counts_only_where_the_product_asks():
    asks = {"id": "a", "clearance_side_mm": 500.0, **FREE}
    beside = {"id": "b", "x": 6900.0, "y": 6000.0, "clearance_side_mm": -1.0}

    (finding,) = check_space(hall_with(asks, beside), NEC, LINES).findings

    assert finding.rule == "CLR-SIDE"
    assert finding.measured == pytest.approx(300.0)


def test_two_that_stand_in_each_others_way_have_a_finding_each():
    asks = {"id": "a", "kind": "cdu", "clearance_side_mm": 500.0, **FREE}
    beside = asks | {"id": "b", "x": 6900.0}

    findings = found(hall_with(asks, beside), "CLR-SIDE")

    assert {finding.element_ids for finding in findings} == {("a", "b"), ("b", "a")}
    assert len({finding.id for finding in findings}) == 2


def switchboard(gap_mm, opposite="wall", volts=277.0):
    board = {"id": "s", "tag": "SWB-A", "kind": "switchboard", "width": 900.0, "depth": 900.0}
    board |= {"x": 6000.0, "y": gap_mm, "voltage_to_ground_v": volts}
    if opposite == "wall":
        return hall_with(board)
    board["y"] = 6000.0 + gap_mm
    other = {"id": "o", "kind": opposite, "x": 6000.0, "y": 4800.0}
    live = 277.0 if opposite == "panel" else 0.0
    return hall_with(board, other | {"voltage_to_ground_v": live, "clearance_rear_mm": 0.0})


def test_a_switchboard_before_a_wall_breaks_condition_2():
    """480Y/277 at 1,000 mm: NEC 110.26(A)(1), 151-600 V, condition 2 asks for 1,067 mm."""
    (finding,) = check_space(switchboard(1000.0), NEC, LINES).findings

    assert finding.rule == "NEC-110.26"
    assert finding.detail.startswith("NEC 110.26(A)(1), 151-600 V, condition 2: 1000 < 1067 mm")
    assert finding.is_blocking


def test_moving_it_67_mm_clears_it():
    assert not codes(switchboard(1067.0))


@pytest.mark.parametrize(
    ("gap", "opposite", "volts", "required"),
    [
        (900.0, "wall", 120.0, 914.0),
        (1150.0, "panel", 277.0, 1219.0),
        (1000.0, "cdu", 277.0, 1067.0),
        (1200.0, "wall", 800.0, 1219.0),
        (1400.0, "panel", 800.0, 1524.0),
    ],
)
def test_working_space_by_voltage_and_condition(gap, opposite, volts, required):
    board = [
        finding
        for finding in found(switchboard(gap, opposite, volts), "NEC-110.26")
        if finding.element_ids[0] == "s"
    ]

    assert [finding.required for finding in board] == [required]


def test_the_iec_set_asks_for_its_own_depth():
    iec = load_rules("iec")

    assert not codes(switchboard(750.0), iec)
    assert codes(switchboard(650.0), iec) == {"IEC-729"}


def test_floor_load_of_a_liquid_cooled_rack():
    """1,360 kg on 0.6 x 1.2 m with 1.5 m of aisle: 18.52 kPa on the foot, 839.5 kg/m2 spread."""
    lines = Assumptions.load({"space.aisle_share_mm": 1500.0})
    plant = hall_with({"id": "a", "mass_kg": 1360.0, **FREE})

    geometry = check_space(plant, NEC, lines)

    assert geometry.floor_footprint_kpa[0] == pytest.approx(18.523672, rel=1e-6)
    assert geometry.floor_spread_kpa[0] / 9.80665e-3 == pytest.approx(839.50617, rel=1e-6)


def test_a_floor_that_states_its_limit_blocks():
    plant = hall_with({"id": "a", "mass_kg": 1360.0, **FREE})
    weak = replace(plant, halls=replace(HALL, floor_load_limit_kpa=[5.0]))

    assert not codes(plant)
    assert found(weak, "FLOOR-LOAD")[0].is_blocking


def test_a_row_of_21_is_too_long_and_a_gap_breaks_it():
    row = [{"id": f"r{n:02}", "x": 2000.0 + 600 * n, "y": 6000.0} for n in range(21)]

    assert found(hall_with(*row), "ROW-LENGTH")[0].measured == 21.0
    for rack in row[10:]:
        rack["x"] += 1200.0
    assert not codes(hall_with(*row))


def test_a_row_is_named_by_its_leftmost_rack():
    row = [{"id": f"r{n}", "x": 6000.0 + 600 * (2 - n), "y": 6000.0} for n in range(3)]

    assert check_space(hall_with(*row), NEC, LINES).rows.ids == ("row:r2",)


def test_one_tag_on_two_things_is_found_and_empty_tags_are_not():
    twice = hall_with(
        {"id": "a", "tag": "R1", **FREE}, {"id": "b", "tag": "R1", "x": 9000.0, "y": 6000.0}
    )

    assert found(twice, "TAG-DUP")[0].element_ids == ("a", "b")
    assert not codes(hall_with({"id": "a", **FREE}, {"id": "b", "x": 9000.0, "y": 6000.0}))


def turned(plant, mirror):
    """The plant turned by a quarter, or moved far away."""
    if mirror:
        shift = np.array([123_400.0, -56_700.0])
        move = lambda points: points + shift  # noqa: E731
    else:
        quarter = np.array([[0.0, 1.0], [-1.0, 0.0]])
        move = lambda points: points @ quarter  # noqa: E731
    return replace(
        plant,
        boxes=replace(plant.boxes, corners_mm=move(plant.boxes.corners_mm)),
        halls=replace(plant.halls, outline_mm=tuple(map(move, plant.halls.outline_mm))),
    )


@settings(max_examples=25, deadline=None)
@given(plant=plants(), shifted=st.booleans())
def test_turning_or_moving_the_layout_changes_no_finding(plant, shifted):
    here, there = check_space(plant, NEC, LINES), check_space(turned(plant, shifted), NEC, LINES)

    assert [finding.id for finding in here.findings] == [finding.id for finding in there.findings]
    assert there.hall_area_m2 == pytest.approx(here.hall_area_m2)
    np.testing.assert_allclose(there.pitch_m2, here.pitch_m2, rtol=1e-6)
