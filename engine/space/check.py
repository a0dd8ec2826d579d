"""Geometry of a design: what stands where, what it collides with, what the floor carries."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from engine.assumptions import Assumptions
from engine.evaluation import FloorLoad
from engine.findings import Finding
from engine.memory import NO_MEMORY, Memory, kept
from engine.plant import FLOOR, UNSTATED, Bools, Boxes, Doors, Floats, Ints, Plant, box_corners
from engine.rules import RuleSet
from engine.space.clearances import Clearances, check_clearances, name_of
from engine.space.floor import load_kpa
from engine.space.geometry import (
    TOUCH_MM,
    Neighbours,
    by_corner_count,
    envelopes,
    least,
    overlap_depth_mm,
    polygon_area_m2,
    project,
)
from engine.space.rows import Rows, find_rows
from engine.units import MM2_PER_M2

INDOORS = frozenset({"rack", "cdu", "air_handler"})  # belong in a hall whenever there is one
MOST_OVERLAPS = 500  # told one by one; a heap of copies is told as one
LEAST_AREA_M2 = 1e-4  # a square centimetre of contact is not a collision
ARC_STEPS = 8  # a door leaf's quarter circle, as chords


@dataclass(frozen=True, slots=True, kw_only=True)
class Geometry:
    """What the later steps need to know of the layout; arrays have one entry per rack."""

    hall_area_m2: float
    footprint_m2: Floats
    pitch_m2: Floats  # footprint and half of the aisles before and behind
    floor_footprint_kpa: Floats
    floor_spread_kpa: Floats
    floor_load: FloorLoad
    rows: Rows
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What follows from where things stand, whatever they weigh."""

    rows: Rows
    clearances: Clearances
    findings: tuple[Finding, ...]


def check_space(
    plant: Plant, rules: RuleSet, assumptions: Assumptions, memory: Memory | None = None
) -> Geometry:
    """Areas, floor load and every rule of space against a layout.

    Parameters
    ----------
    plant : Plant
        The layout; ``boxes.hall`` says which hall a box stands in.
    rules : RuleSet
        What is required.
    assumptions : Assumptions
        Line ``space.aisle_share_mm`` is used.
    memory : Memory or None
        As for `engine.evaluate.evaluate`.

    Returns
    -------
    Geometry
        Areas per rack and the findings.

    Notes
    -----
    Definition. Floor load is m g / A: on the footprint, and spread over the pitch area, which is
    the footprint with half of the aisle in front and half of the aisle behind.
    """
    layout = kept(memory, _layout, plant, rules, memory)
    footprint, pitch = _areas(plant, layout.clearances, assumptions.value("space.aisle_share_mm"))
    mass = plant.boxes.mass_kg[plant.racks.box]
    on_foot, spread = (
        load_kpa(np.divide(mass, area, out=np.zeros_like(area), where=area > 0.0))
        for area in (footprint, pitch)
    )
    findings = [
        *layout.findings,
        *_overloaded_floor(plant, spread, rules),
        *kept(memory, _duplicate_tags, plant, rules),
    ]
    stated = [float(limit) for limit in plant.halls.floor_load_limit_kpa if limit >= 0.0]
    return Geometry(
        hall_area_m2=kept(memory, _area_m2, plant.halls.outline_mm),
        footprint_m2=footprint,
        pitch_m2=pitch,
        floor_footprint_kpa=on_foot,
        floor_spread_kpa=spread,
        floor_load=FloorLoad(
            max_footprint_kpa=float(on_foot.max(initial=0.0)),
            max_spread_kpa=float(spread.max(initial=0.0)),
            limit_kpa=min(stated, default=rules["FLOOR-LOAD"].value),
            rule_kpa=rules["FLOOR-LOAD"].value,
            rule_source=rules["FLOOR-LOAD"].source,
        ),
        rows=layout.rows,
        findings=tuple(findings),
    )


def _area_m2(outlines_mm: tuple[Floats, ...]) -> float:
    return sum((polygon_area_m2(outline) for outline in outlines_mm), 0.0)


def _layout(plant: Plant, rules: RuleSet, memory: Memory | None = None) -> Layout:
    neighbours = Neighbours(plant.boxes.corners_mm, np.flatnonzero(plant.boxes.level == FLOOR))
    rows = find_rows(plant, memory)
    clearances = check_clearances(plant, rows, rules, neighbours, memory)
    findings = (
        *_overlaps(plant, rules, neighbours),
        *_outside(plant, rules, memory or NO_MEMORY),
        *_keepouts(plant, rules, neighbours),
        *_doors(plant, rules, neighbours),
        *clearances.findings,
        *_long_rows(plant, rows, rules),
    )
    return Layout(rows=rows, clearances=clearances, findings=findings)


def _areas(plant: Plant, clearances: Clearances, open_aisle_mm: float) -> tuple[Floats, Floats]:
    corners = plant.rack_corners_mm
    across, back = corners[:, 1] - corners[:, 0], corners[:, 3] - corners[:, 0]
    width, depth = np.hypot(across[:, 0], across[:, 1]), np.hypot(back[:, 0], back[:, 1])
    aisles = [
        np.where(np.isfinite(gap), gap, open_aisle_mm)
        for gap in (clearances.front_gap_mm, clearances.rear_gap_mm)
    ]
    pitch = width * (depth + (aisles[0] + aisles[1]) / 2.0)
    return width * depth / MM2_PER_M2, pitch / MM2_PER_M2


def _overlaps(plant: Plant, rules: RuleSet, neighbours: Neighbours) -> Iterable[Finding]:
    boxes = plant.boxes
    one, other = neighbours.near_each_other()
    depth = overlap_depth_mm(boxes.corners_mm[one], boxes.corners_mm[other])
    found = [
        (int(one[i]), int(other[i]), float(depth[i])) for i in np.flatnonzero(depth > TOUCH_MM)
    ]
    for first, second, by_mm in found[:MOST_OVERLAPS]:
        kinds = boxes.kind[first], boxes.kind[second]
        if kinds == ("column", "column"):
            continue  # the building's own business
        subject, obstacle = (second, first) if kinds[0] == "column" else (first, second)
        x, y = boxes.corners_mm[[first, second]].mean(axis=(0, 1))
        yield rules["SPC-COLUMN" if "column" in kinds else "SPC-OVERLAP"].finding(
            element_ids=[boxes.id[subject], boxes.id[obstacle]],
            measured=by_mm,
            at_mm=(float(x), float(y)),
            subject=name_of(plant, subject),
            other=name_of(plant, obstacle),
        )
    if rest := found[MOST_OVERLAPS:]:
        members = sorted({box for pair in rest for box in pair[:2]})
        x, y = boxes.corners_mm[members].mean(axis=(0, 1))
        yield rules["SPC-OVERLAP"].finding(
            element_ids=[boxes.id[box] for box in members],
            measured=max(pair[2] for pair in rest),
            at_mm=(float(x), float(y)),
            subject=f"{len(members)} more things",
            other="each other",
        )


def _outside(plant: Plant, rules: RuleSet, memory: Memory) -> Iterable[Finding]:
    boxes, halls = plant.boxes, plant.halls
    if len(halls) == 0:
        return
    indoors = memory.zone("indoors", Boxes.is_kind, boxes, *sorted(INDOORS))
    column = memory.zone("column", Boxes.is_kind, boxes, "column")
    out = indoors & (boxes.hall < 0)
    stands = (boxes.level == FLOOR) & ~column & (boxes.hall >= 0)
    placed = np.flatnonzero(stands)
    for here, shapes, place in by_corner_count(halls.outline_mm, boxes.hall[placed]):
        held, is_convex = placed[here], _are_convex(shapes)
        simple = np.flatnonzero(is_convex[place])
        columns = place[simple], boxes.corners_mm[held[simple]]
        out[held[simple]] = ~memory.columns(_within, columns, shapes)[0]
        for shape in np.flatnonzero(~is_convex).tolist():
            inside = held[place == shape]
            out[inside] = ~_covers(shapes[shape], boxes.corners_mm[inside])
    rooms = [shapely.Polygon(outline) for outline in halls.outline_mm] if out.any() else []
    for box in np.flatnonzero(out).tolist():
        corners = boxes.corners_mm[box]
        hall = int(boxes.hall[box])
        if hall < 0:
            hall = int(np.argmin(shapely.distance(rooms, shapely.Point(corners.mean(axis=0)))))
        reach = float(shapely.distance(rooms[hall], shapely.points(corners)).max())
        x, y = corners.mean(axis=0)
        yield rules["SPC-OUTSIDE"].finding(
            element_ids=[boxes.id[box], halls.id[hall]],
            measured=reach,
            at_mm=(float(x), float(y)),
            subject=name_of(plant, box),
            other=halls.name[hall] or "the hall",
        )


def _are_convex(outlines_mm: Floats) -> Bools:
    """Whether each outline, of those with as many corners, turns one way only."""
    side = np.roll(outlines_mm, -1, axis=1) - outlines_mm
    turns = _turns(side)
    return np.asarray((turns >= 0.0).all(axis=1) | (turns <= 0.0).all(axis=1))


def _turns(side_mm: Floats) -> Floats:
    """How much each side turns into the next, as a cross product."""
    following = np.roll(side_mm, -1, axis=1)
    turns: Floats = side_mm[:, :, 0] * following[:, :, 1] - side_mm[:, :, 1] * following[:, :, 0]
    return turns


def _within(which: Ints, corners_mm: Floats, outlines_mm: Floats) -> tuple[Bools]:
    """Whether each rectangle lies within its convex outline, give or take contact.

    A test by sides, many outlines of as many corners at once: much faster than the general one.
    """
    side = np.roll(outlines_mm, -1, axis=1) - outlines_mm
    length = np.maximum(np.hypot(side[:, :, 0], side[:, :, 1]), TOUCH_MM)
    normal = np.stack([-side[:, :, 1], side[:, :, 0]], axis=2) / length[:, :, None]
    normal *= np.where(_turns(side).sum(axis=1) >= 0.0, 1.0, -1.0)[:, None, None]
    border = (outlines_mm * normal).sum(axis=2)
    inside = np.ones(len(which), dtype=bool)
    for edge in range(outlines_mm.shape[1]):
        depth = least(project(corners_mm, normal[which, edge]))
        inside &= depth - border[which, edge] > -TOUCH_MM
    return (inside,)


def _covers(outline_mm: Floats, corners_mm: Floats) -> Bools:
    """Whether each rectangle lies within an outline of any shape, give or take contact."""
    room = shapely.buffer(shapely.Polygon(outline_mm), TOUCH_MM, join_style="mitre")
    shapely.prepare(room)
    covered: Bools = shapely.covers(room, shapely.polygons(corners_mm))
    return covered


def _keepouts(plant: Plant, rules: RuleSet, neighbours: Neighbours) -> Iterable[Finding]:
    for zone, box, area in _area_hits(plant, neighbours, plant.keepouts.outline_mm):
        x, y = plant.boxes.corners_mm[box].mean(axis=0)
        yield rules["SPC-KEEPOUT"].finding(
            element_ids=[plant.boxes.id[box], plant.keepouts.id[zone]],
            measured=area,
            at_mm=(float(x), float(y)),
            subject=name_of(plant, box),
            other=plant.keepouts.name[zone] or "without a name",
        )


def _doors(plant: Plant, rules: RuleSet, neighbours: Neighbours) -> Iterable[Finding]:
    doors, narrow = plant.doors, rules["DOOR-WIDTH"]
    for door in np.flatnonzero(doors.width_mm < narrow.value - TOUCH_MM).tolist():
        x, y = doors.origin_mm[door]
        yield narrow.finding(
            element_ids=[doors.id[door]],
            measured=float(doors.width_mm[door]),
            at_mm=(float(x), float(y)),
            subject=doors.tag[door] or "The door",
        )
    is_double = np.array([swing == "double" for swing in doors.swing], dtype=bool)
    depth = np.where(is_double, doors.width_mm / 2.0, doors.width_mm)
    around = box_corners(doors.origin_mm, doors.rotation_deg, doors.width_mm, depth)
    swept = np.unique(neighbours.near(envelopes(around))[0]).tolist()
    leaves = [(door, leaf) for door in swept for leaf in door_leaves(doors, door)]
    hits: dict[tuple[int, int], float] = {}
    for index, box, area in _area_hits(plant, neighbours, [leaf for _, leaf in leaves]):
        pair = leaves[index][0], box
        hits[pair] = hits.get(pair, 0.0) + area
    for (door, box), area in hits.items():
        x, y = doors.origin_mm[door]
        yield rules["SPC-DOOR"].finding(
            element_ids=[plant.boxes.id[box], doors.id[door]],
            measured=area,
            at_mm=(float(x), float(y)),
            subject=name_of(plant, box),
            other=doors.tag[door] or "a door",
        )


def door_leaves(doors: Doors, door: int) -> tuple[Floats, ...]:
    """Outlines of the floor that each leaf of a door sweeps; none for a sliding door.

    Notes
    -----
    Definition.
    """
    width, swing = float(doors.width_mm[door]), doors.swing[door]
    if swing == "sliding" or width <= 0.0:
        return ()
    quarter = np.linspace(0.0, np.pi / 2.0, ARC_STEPS + 1)
    radius = width / 2.0 if swing == "double" else width
    arc = radius * np.stack([np.cos(quarter), np.sin(quarter)], axis=1)
    left = np.concatenate([[[0.0, 0.0]], arc])
    right = left * [-1.0, 1.0] + [width, 0.0]
    leaves = {"left": (left,), "right": (right,)}.get(swing, (left, right))
    angle = np.deg2rad(doors.rotation_deg[door])
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return tuple(leaf @ turn + doors.origin_mm[door] for leaf in leaves)


def _area_hits(
    plant: Plant, neighbours: Neighbours, outlines_mm: Sequence[Floats]
) -> Iterable[tuple[int, int, float]]:
    """Outline, box and shared area for every thing on the floor that reaches into an outline."""
    if not outlines_mm:
        return
    boxes = plant.boxes
    around = np.array([[*outline.min(axis=0), *outline.max(axis=0)] for outline in outlines_mm])
    for zone, box in zip(*(pair.tolist() for pair in neighbours.near(around)), strict=True):
        if boxes.kind[box] == "column":
            continue
        outline, shape = (
            shapely.Polygon(points) for points in (outlines_mm[zone], boxes.corners_mm[box])
        )
        area = float(shapely.area(shapely.intersection(outline, shape))) / MM2_PER_M2
        if area > LEAST_AREA_M2:
            yield zone, box, area


def _long_rows(plant: Plant, rows: Rows, rules: RuleSet) -> Iterable[Finding]:
    rule, racks = rules["ROW-LENGTH"], plant.racks
    for members in rows.members:
        if len(members) > rule.value:
            x, y = plant.rack_corners_mm[list(members)].mean(axis=(0, 1))
            yield rule.finding(
                element_ids=[racks.id[rack] for rack in members],
                measured=float(len(members)),
                at_mm=(float(x), float(y)),
                subject=name_of(plant, int(racks.box[members[0]])),
                other=name_of(plant, int(racks.box[members[-1]])),
            )


def _overloaded_floor(plant: Plant, spread_kpa: Floats, rules: RuleSet) -> Iterable[Finding]:
    rule, racks = rules["FLOOR-LOAD"], plant.racks
    hall = plant.rack_hall
    stated = np.append(plant.halls.floor_load_limit_kpa, UNSTATED)[hall]
    limit = np.where(stated >= 0.0, stated, rule.value)
    over = spread_kpa > limit + 1e-9
    for index in np.unique(hall[over]).tolist():
        here: Ints = np.flatnonzero(over & (hall == index))
        worst = int(here[np.argmax(spread_kpa[here])])
        x, y = plant.rack_corners_mm[worst].mean(axis=0)
        count = "" if len(here) == 1 else f" and {len(here) - 1} more"
        yield rule.finding(
            element_ids=[racks.id[rack] for rack in here.tolist()],
            measured=float(spread_kpa[worst]),
            required=float(limit[worst]),
            at_mm=(float(x), float(y)),
            severity="blocking" if stated[worst] >= 0.0 else None,
            subject=name_of(plant, int(racks.box[worst])) + count,
            other=(plant.halls.name[index] if index >= 0 else "") or "the hall",
        )


def _duplicate_tags(plant: Plant, rules: RuleSet) -> Iterable[Finding]:
    boxes = plant.boxes
    if len(set(boxes.tag)) == len(boxes):
        return
    by_tag: dict[str, list[int]] = {}
    for box, tag in enumerate(boxes.tag):
        if tag and boxes.kind[box] != "column":
            by_tag.setdefault(tag, []).append(box)
    for tag, members in by_tag.items():
        if len(members) > 1:
            x, y = boxes.corners_mm[members[-1]].mean(axis=0)
            yield rules["TAG-DUP"].finding(
                element_ids=[boxes.id[box] for box in members],
                measured=float(len(members)),
                at_mm=(float(x), float(y)),
                subject=tag,
            )
