"""Drawn pipes that stop short of everything, and what stands nearest to each.

A hose is assumed from a pipe to equipment within reach, so figures do not tell that a pipe ends in
the air beside a CDU; only the places of both do.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from shapely.geometry import LineString, Point, Polygon

from engine.plant import Ints, Plant
from engine.space.runs import MM_PER_M, beside, segments_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Short:
    """A pipe that meets nothing."""

    run: int
    nearest: str  # tag of a pipe or CDU; empty where there is neither
    apart_mm: float
    at_mm: tuple[float, float]  # its end that comes nearest


def short_of_all(plant: Plant, unjoined: Ints, join_m: float) -> Iterator[Short]:
    """Runs that meet neither another pipe nor the box of a CDU of their loop.

    Parameters
    ----------
    plant : Plant
        Pipes, CDUs and where they stand.
    unjoined : array of int
        Runs on which no other ends and that end on no other.
    join_m : float
        What comes so near is met. [m]

    Yields
    ------
    Short
        With the nearest CDU or pipe of the loop; of any loop where the pipe's own has neither.

    Notes
    -----
    Definition. Distances between drawn lines and the outlines of boxes.
    """
    runs, cdus = plant.pipes, plant.cdus
    stands = cdus.box >= 0
    for run in _far_from_cdus(plant, unjoined, join_m).tolist():
        loop = int(runs.loop[run])
        units = np.flatnonzero(stands & (cdus.loop == loop)) if loop >= 0 else np.zeros(0, int)
        others = np.flatnonzero(runs.loop == loop) if loop >= 0 else np.zeros(0, int)
        if not units.size and others.size <= 1:
            units, others = np.flatnonzero(stands), np.arange(len(runs))
        found = _nearest(plant, run, units, others[others != run])
        if found.apart_mm > MM_PER_M * join_m or loop < 0:
            yield found


def _far_from_cdus(plant: Plant, unjoined: Ints, join_m: float) -> Ints:
    """Runs whose place nearest to the middle of a CDU lies in no box: most do, and are done."""
    runs, cdus = plant.pipes, plant.cdus
    if not unjoined.size:
        return unjoined
    unit = np.flatnonzero((cdus.box >= 0) & (cdus.loop >= 0))
    corners = plant.boxes.corners_mm[cdus.box[unit]] / MM_PER_M
    middle = (corners[:, 0] + corners[:, 2]) / 2.0
    groups = len(plant.loops)
    segments = segments_of(runs.points_mm)
    group = np.where(runs.loop >= 0, runs.loop, groups)
    near = beside(middle, cdus.loop[unit], segments, group)
    before = segments.before_m + 0.0
    stride = 2.0 * float(segments.run_length_m.max(initial=0.0)) + 1.0
    piece = np.searchsorted(segments.run * stride + before, near.run * stride + near.at_m, "right")
    piece = np.maximum(piece - 1, segments.run_first[near.run])
    along = (near.at_m - before[piece]) / segments.length_m[piece]
    place = segments.start_m[piece] + along[:, None] * segments.along_m[piece]
    apart = np.zeros(near.point.size)
    for one in (1, 3):
        side = corners[near.point, one] - corners[near.point, 0]
        length = np.hypot(side[:, 0], side[:, 1])
        at = ((place - corners[near.point, 0]) * side).sum(axis=1) / length
        apart = np.maximum(apart, np.maximum(-at, at - length))
    return np.setdiff1d(unjoined, near.run[apart <= join_m])


def _nearest(plant: Plant, run: int, units: Ints, others: Ints) -> Short:
    """The CDU or pipe that a run comes nearest to, and with which of its ends."""
    runs, cdus = plant.pipes, plant.cdus
    line = LineString(runs.points_mm[run])
    ends = [Point(runs.points_mm[run][i]) for i in (0, -1)]
    things = [
        (cdus.tag[row] or cdus.id[row], Polygon(plant.boxes.corners_mm[cdus.box[row]]), True)
        for row in units.tolist()
    ]
    things += [
        (runs.tag[row] or runs.id[row], LineString(runs.points_mm[row]), False)
        for row in others.tolist()
    ]
    nearest, apart, at = "", np.inf, ends[0]
    for tag, shape, is_unit in things:
        # Two pipes that cross meet nowhere: one has to end on the other.
        away = shape.distance(line) if is_unit else _ends_apart(line, shape)
        if away < apart:
            nearest, apart, at = tag, away, min(ends, key=shape.distance)
    return Short(run=run, nearest=nearest, apart_mm=float(apart), at_mm=(at.x, at.y))


def _ends_apart(one: LineString, other: LineString) -> float:
    """Least distance from an end of either line to the other line."""
    pairs = ((one, other), (other, one))
    return float(min(b.distance(Point(a.coords[i])) for a, b in pairs for i in (0, -1)))
