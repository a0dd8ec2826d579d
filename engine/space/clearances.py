"""Room in front of, behind and beside things: aisles, clearances, electrical working space."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from engine.findings import Finding
from engine.memory import NO_MEMORY, Memory
from engine.plant import FLOOR, Bools, Floats, Ints, Plant
from engine.rules import Rule, RuleSet
from engine.space.geometry import (
    TOUCH_MM,
    Neighbours,
    by_corner_count,
    envelopes,
    faces,
    forward_gap_mm,
    overlap_depth_mm,
    strip_in_front,
)
from engine.space.rows import Rows

SEARCH_MM = 2400.0  # an aisle wider than this is open floor
FACING = -0.99  # cosine between two faces that look at each other
WALL, NOTHING = -2, -1  # what `Ahead.box` says when it is no box


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """The nearest obstacle in front of one face of each subject."""

    gap_mm: Floats  # infinity: nothing within reach
    box: Ints  # index into Plant.boxes, WALL or NOTHING


@dataclass(frozen=True, slots=True, kw_only=True)
class Clearances:
    """Findings, and the free depth at each rack's front and rear for its pitch area."""

    front_gap_mm: Floats  # shape (n_racks,); infinity: open floor
    rear_gap_mm: Floats
    findings: tuple[Finding, ...]


class Surroundings:
    """What stands around every box, asked face by face."""

    def __init__(self, plant: Plant, neighbours: Neighbours) -> None:
        self.plant = plant
        self.corners = plant.boxes.corners_mm
        self.envelopes = envelopes(self.corners)
        self.neighbours = neighbours

    def pairs(self, subject: Ints, face: Floats, reach_mm: Floats) -> tuple[Ints, Ints, Floats]:
        """Subjects (as position in ``subject``), obstacles (box) and the gap between, in order."""
        one, box = self.neighbours.near(envelopes(strip_in_front(face, reach_mm)))
        keep = subject[one] != box
        one, box = one[keep], box[keep]
        gap = forward_gap_mm(face[one], self.corners[box])
        keep = gap < reach_mm[one]
        one, box, gap = one[keep], box[keep], gap[keep]
        apart = self._are_apart(subject[one], box)
        return one[apart], box[apart], gap[apart]

    def _are_apart(self, one: Ints, other: Ints) -> Bools:
        """Whether pairs of boxes do no more than touch."""
        here, there = self.envelopes[one], self.envelopes[other]
        shared = np.minimum(here[:, 2:], there[:, 2:]) - np.maximum(here[:, :2], there[:, :2])
        apart = (shared[:, 0] <= TOUCH_MM) | (shared[:, 1] <= TOUCH_MM)
        close = np.flatnonzero(~apart)
        depth = overlap_depth_mm(self.corners[one[close]], self.corners[other[close]])
        apart[close] = depth <= TOUCH_MM
        return apart

    def wall_gap_mm(self, subject: Ints, face: Floats, reach_mm: Floats) -> Floats:
        """Free depth to the outline of the subject's own hall; infinity where none is in reach."""
        gap = np.full(len(subject), np.inf)
        hall = self.plant.boxes.hall[subject]
        for here, shapes, place in by_corner_count(self.plant.halls.outline_mm, hall):
            near = _may_reach(face[here], reach_mm[here], shapes, place)
            gap[here[near]] = forward_gap_mm(face[here[near]], shapes[place[near]])
        return gap

    def nearest(self, subject: Ints, face: Floats, reach_mm: Floats) -> Ahead:
        """The nearest obstacle of each subject; of equals, the first in the plant."""
        gap = np.full(len(subject), np.inf)
        box = np.full(len(subject), NOTHING, dtype=np.int64)
        one, other, distance = self.pairs(subject, face, reach_mm)
        if one.size:
            starts = np.flatnonzero(np.diff(one, prepend=-1))
            apart = np.round(distance, 3)
            least = np.repeat(np.minimum.reduceat(apart, starts), np.diff(starts, append=one.size))
            ties = np.flatnonzero(apart == least)
            first = ties[np.flatnonzero(np.diff(one[ties], prepend=-1))]
            gap[one[first]], box[one[first]] = distance[first], other[first]
        wall = self.wall_gap_mm(subject, face, reach_mm)
        nearer = (wall < gap) & (wall < reach_mm)
        gap[nearer], box[nearer] = wall[nearer], WALL
        return Ahead(gap_mm=gap, box=box)


def _may_reach(face: Floats, reach_mm: Floats, outlines_mm: Floats, which: Ints) -> Ints:
    """Faces that some side of their outline may be in reach of, told from bounding boxes."""
    ends = outlines_mm, np.roll(outlines_mm, -1, axis=1)
    low, high = np.minimum(*ends), np.maximum(*ends)
    box = envelopes(face)
    first, last = box[:, :2] - reach_mm[:, None], box[:, 2:] + reach_mm[:, None]
    meets = np.zeros(len(face), dtype=bool)
    for edge in range(outlines_mm.shape[1]):
        may = np.ones(len(face), dtype=bool)
        for axis in (0, 1):
            may &= first[:, axis] <= high[:, edge, axis][which]
            may &= last[:, axis] >= low[:, edge, axis][which]
        meets |= may
    return np.flatnonzero(meets)


def check_clearances(
    plant: Plant,
    rows: Rows,
    rules: RuleSet,
    neighbours: Neighbours,
    memory: Memory | None = None,
) -> Clearances:
    """Aisles, clearances and electrical working space against the rules.

    Parameters
    ----------
    plant : Plant
        Boxes with their halls.
    rows : Rows
        Rows of the same plant.
    rules : RuleSet
        What is required.
    neighbours : Neighbours
        Index over the boxes that stand on the floor.
    memory : Memory or None
        As for `engine.evaluate.evaluate`.

    Returns
    -------
    Clearances
        One finding per row (or single thing) and obstacle.

    Notes
    -----
    Definition. Depth is measured square to a face, over its width, to the nearest thing that
    stands on the floor or to the hall's outline. Where two rack faces look at each other, the
    aisle rule takes the place of the clearance rule. Things that overlap are left to SPC-OVERLAP.
    """
    boxes, around = plant.boxes, Surroundings(plant, neighbours)
    row_of_box = np.full(len(boxes), -1, dtype=np.int64)
    row_of_box[plant.racks.box] = rows.of_rack
    findings: list[Finding] = []
    gaps: dict[str, Floats] = {}
    for side, clear, aisle, stated in (
        ("front", rules["CLR-FRONT"], rules["AISLE-COLD"], boxes.clearance_front_mm),
        ("rear", rules["CLR-REAR"], rules["AISLE-HOT"], boxes.clearance_rear_mm),
    ):
        required = (memory or NO_MEMORY).zone(side, _required, plant, clear, stated)
        is_rack = row_of_box >= 0
        subject = np.flatnonzero((boxes.level == FLOOR) & ((required > 0.0) | is_rack))
        reach = np.where(is_rack[subject], SEARCH_MM, 0.0)
        reach = np.maximum(reach, np.maximum(required[subject], aisle.value) + 1.0)
        ahead = around.nearest(subject, faces(boxes.corners_mm[subject], side), reach)
        across = _is_across(boxes.corners_mm, subject, ahead.box, side) & is_rack[subject]
        across &= is_rack[np.maximum(ahead.box, 0)]
        needs = np.where(across, np.maximum(aisle.value, stated[subject]), required[subject])
        short = np.flatnonzero(ahead.gap_mm < needs - TOUCH_MM)
        found = [
            _Short(
                subject=int(subject[i]),
                other=int(ahead.box[i]),
                gap_mm=float(ahead.gap_mm[i]),
                required_mm=float(needs[i]),
                rule=aisle if across[i] else clear,
            )
            for i in short
        ]
        findings += _grouped(plant, found, row_of_box)
        by_box = np.full(len(boxes), np.inf)
        by_box[subject] = ahead.gap_mm
        gaps[side] = by_box[plant.racks.box]
    findings += _beside(plant, rules["CLR-SIDE"], around, row_of_box)
    findings += _working_space(plant, rules.for_check("working-space"), around)
    return Clearances(
        front_gap_mm=gaps["front"], rear_gap_mm=gaps["rear"], findings=tuple(findings)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Short:
    """One face without enough room."""

    subject: int
    other: int
    gap_mm: float
    required_mm: float
    rule: Rule


def _required(plant: Plant, rule: Rule, stated_mm: Floats) -> Floats:
    by_rule = plant.boxes.is_kind(*rule.applies_to)
    return np.where(stated_mm >= 0.0, stated_mm, np.where(by_rule, rule.value, 0.0))


def _is_across(corners_mm: Floats, subject: Ints, other: Ints, side: str) -> Bools:
    """Whether the obstacle shows the same side: front to front, rear to rear."""
    face = faces(corners_mm[subject], side)
    opposite = faces(corners_mm[np.maximum(other, 0)], side)
    one, two = face[:, 1] - face[:, 0], opposite[:, 1] - opposite[:, 0]
    length = np.hypot(one[:, 0], one[:, 1]) * np.hypot(two[:, 0], two[:, 1])
    cosine = np.einsum("nc,nc->n", one, two) / np.where(length > 0.0, length, 1.0)
    across: Bools = (other >= 0) & (cosine < FACING)
    return across


def _grouped(plant: Plant, found: Sequence[_Short], row_of_box: Ints) -> Iterable[Finding]:
    """One finding per rule, row and obstacle, at its worst place."""
    groups: dict[tuple[str, str, str], list[_Short]] = {}
    for short in found:
        here = _group_name(short.subject, row_of_box)
        there = "wall" if short.other == WALL else _group_name(short.other, row_of_box)
        if short.rule.code.startswith("AISLE"):
            here, there = min(here, there), max(here, there)
        groups.setdefault((short.rule.code, here, there), []).append(short)
    for members in groups.values():
        worst = min(members, key=lambda short: (short.gap_mm - short.required_mm, short.subject))
        # Subjects first: of two rows face to face, each has a finding with an id of its own.
        subjects = sorted({short.subject for short in members})
        others = sorted({short.other for short in members if short.other >= 0} - {*subjects})
        yield worst.rule.finding(
            element_ids=[plant.boxes.id[index] for index in (*subjects, *others)],
            measured=worst.gap_mm,
            required=worst.required_mm,
            at_mm=_centre(plant, worst.subject),
            subject=name_of(plant, worst.subject),
            other=_obstacle(plant, worst.subject, worst.other),
        )


def _group_name(box: int, row_of_box: Ints) -> str:
    return f"row {row_of_box[box]}" if row_of_box[box] >= 0 else f"box {box}"


def _beside(plant: Plant, rule: Rule, around: Surroundings, row_of_box: Ints) -> Iterable[Finding]:
    boxes = plant.boxes
    required = np.maximum(boxes.clearance_side_mm, rule.value)
    subject = np.flatnonzero((boxes.level == FLOOR) & (boxes.clearance_side_mm > 0.0))
    found = []
    for side in ("left", "right"):
        ahead = around.nearest(
            subject, faces(boxes.corners_mm[subject], side), required[subject] + 1.0
        )
        found += [
            _Short(
                subject=int(subject[i]),
                other=int(ahead.box[i]),
                gap_mm=float(ahead.gap_mm[i]),
                required_mm=float(required[subject[i]]),
                rule=rule,
            )
            for i in np.flatnonzero(ahead.gap_mm < required[subject] - TOUCH_MM)
        ]
    return _grouped(plant, found, row_of_box)


def _working_space(plant: Plant, rule: Rule, around: Surroundings) -> Iterable[Finding]:
    boxes = plant.boxes
    subject = np.flatnonzero((boxes.level == FLOOR) & (boxes.voltage_to_ground_v > 0.0))
    if subject.size == 0:
        return
    voltages, which = np.unique(boxes.voltage_to_ground_v[subject], return_inverse=True)
    bands = [rule.band(voltage) for voltage in voltages.tolist()]
    reach = np.array([max(band.depth_mm) + 1.0 for band in bands])[which]
    face = _at_least(faces(boxes.corners_mm[subject], "front"), rule.minimum_width_mm)
    one, other, gap = around.pairs(subject, face, reach)
    wall = around.wall_gap_mm(subject, face, reach)
    against = [
        *zip(one.tolist(), other.tolist(), gap.tolist(), strict=True),
        *((i, WALL, float(wall[i])) for i in np.flatnonzero(wall < reach)),
    ]
    for i, obstacle, distance in sorted(against):
        is_live = obstacle >= 0 and boxes.voltage_to_ground_v[obstacle] > 0.0
        condition = 3 if is_live else 2
        band = bands[which[i]]
        required = band.depth_mm[condition - 1]
        if distance >= required - TOUCH_MM:
            continue
        box = int(subject[i])
        yield rule.finding(
            element_ids=[boxes.id[box]] + ([boxes.id[obstacle]] if obstacle >= 0 else []),
            measured=distance,
            required=required,
            at_mm=_centre(plant, box),
            subject=name_of(plant, box),
            other=_obstacle(plant, box, obstacle),
            band=band.label,
            band_clause=band.clause or rule.clause,
            condition=condition,
        )


def _at_least(face_mm: Floats, width_mm: float) -> Floats:
    """Faces widened about their middle where they are narrower than ``width_mm``."""
    along = face_mm[:, 1] - face_mm[:, 0]
    length = np.hypot(along[:, 0], along[:, 1])
    grow = np.maximum(width_mm - length, 0.0) / (2.0 * length)
    shift = along * grow[:, None]
    return np.stack([face_mm[:, 0] - shift, face_mm[:, 1] + shift], axis=1)


def name_of(plant: Plant, box: int) -> str:
    """What a person calls it: its tag, else its kind and id.

    Notes
    -----
    Definition.
    """
    boxes = plant.boxes
    return boxes.tag[box] or f"{boxes.kind[box].replace('_', ' ')} {boxes.id[box][-6:]}"


def _obstacle(plant: Plant, subject: int, other: int) -> str:
    if other == WALL:
        hall = int(plant.boxes.hall[subject])
        return f"the wall of {plant.halls.name[hall] or 'the hall'}"
    return name_of(plant, other)


def _centre(plant: Plant, box: int) -> tuple[float, float]:
    x, y = plant.boxes.corners_mm[box].mean(axis=0)
    return float(x), float(y)
