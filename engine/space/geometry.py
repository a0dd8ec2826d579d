"""Plane geometry on arrays of placed rectangles. Lengths in millimetres."""

import functools
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import shapely

from engine.plant import Floats, Ints

TOUCH_MM = 0.05  # half the grid of the document: closer than this is contact, not overlap
MAX_PAIRS = 500_000  # far more than a site has on which things do not lie in a heap
CELL_MM = 2000.0  # about a rack with its share of the aisle
_STRIDE = 1 << 31  # more cells than a plan is wide
_BLOCK = 500_000  # candidates looked at together


def envelopes(corners_mm: Floats) -> Floats:
    """Bounding boxes, shape (n, 4): least x, least y, greatest x, greatest y. [mm]

    Notes
    -----
    Definition. Column by column in memory, as those who compare them read them.
    """
    found = np.empty((len(corners_mm), 4), order="F")
    for axis in (0, 1):
        along = [corners_mm[:, corner, axis] for corner in range(corners_mm.shape[1])]
        found[:, axis] = functools.reduce(np.minimum, along)
        found[:, axis + 2] = functools.reduce(np.maximum, along)
    return found


def least(values: Floats) -> Floats:
    """Smallest entry along the second axis; corner by corner, which beats numpy's own reduction.

    Notes
    -----
    Definition.
    """
    return functools.reduce(np.minimum, [values[:, i] for i in range(values.shape[1])])


def greatest(values: Floats) -> Floats:
    """Largest entry along the second axis.

    Notes
    -----
    Definition.
    """
    return functools.reduce(np.maximum, [values[:, i] for i in range(values.shape[1])])


def polygon_area_m2(points_mm: Floats) -> float:
    """Area of a simple polygon, any direction of turn. [m2]

    Notes
    -----
    Definition.
    """
    x, y = points_mm[:, 0], points_mm[:, 1]
    closing = x[-1] * y[0] - y[-1] * x[0]
    return abs(float(np.dot(x[:-1], y[1:]) - np.dot(y[:-1], x[1:]) + closing)) / 2e6


class Neighbours:
    """Finds which of some rectangles may touch, by their bounding boxes.

    Boxes are hashed to square cells, all in arrays: a tree of geometry objects costs more to fill
    than the search saves. ``rows``, the rectangles to look among, rise.
    """

    def __init__(self, corners_mm: Floats, rows: Ints) -> None:
        self._rows = rows
        self._boxes = envelopes(corners_mm[rows])
        self._origin = [float(self._boxes[:, axis].min()) if len(rows) else 0.0 for axis in (0, 1)]
        first, last = self._cells(self._boxes)
        self._span = [int(cells.max(initial=-1)) for cells in last]
        owner, key = _covered(first, last)
        order = np.argsort(key, kind="stable")
        key = key[order]
        begins = np.flatnonzero(np.diff(key, prepend=-1))
        self._owner, self._key = owner[order], key[begins]
        self._start = np.append(begins, len(key))

    def near(self, envelopes_mm: Floats) -> tuple[Ints, Ints]:
        """Pairs (index into the argument, row of the rectangle), ordered by the first."""
        first, last = self._cells(envelopes_mm)
        asker, key = _covered(
            [np.maximum(cells, 0) for cells in first],
            [np.minimum(cells, most) for cells, most in zip(last, self._span, strict=True)],
        )
        place = np.searchsorted(self._key, key)
        place[place == len(self._key)] = 0
        used = np.flatnonzero(self._key[place] == key)
        asker, key, place = asker[used], key[used], place[used]
        one, other = self._pairs(
            envelopes_mm, asker, key, self._start[place], self._start[place + 1]
        )
        return one, self._rows[other]

    def near_each_other(self) -> tuple[Ints, Ints]:
        """Pairs of rows whose boxes do more than touch, the smaller row first, ordered."""
        inset = np.array([TOUCH_MM, TOUCH_MM, -TOUCH_MM, -TOUCH_MM])
        size = np.diff(self._start)
        crowded = np.repeat(size > 1, size)
        entry = np.flatnonzero(crowded)
        one, other = self._pairs(
            self._boxes + inset,
            self._owner[entry],
            np.repeat(self._key, size)[entry],
            entry + 1,  # within a cell the owners rise
            np.repeat(self._start[1:], size)[entry],
        )
        return self._rows[one], self._rows[other]

    def _pairs(
        self, boxes: Floats, asker: Ints, key: Ints, start: Ints, stop: Ints
    ) -> tuple[Ints, Ints]:
        """Askers and entries from start to stop of their cell whose boxes meet, ordered.

        Stops past `MAX_PAIRS`: then so much is wrong that the rest adds nothing.
        """
        before = np.append(0, np.cumsum(stop - start))
        blocks = np.searchsorted(before, np.arange(0, before[-1], _BLOCK), "right") - 1
        asked, found, total = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)], 0
        for block in (slice(*ends) for ends in pairwise([*blocks.tolist(), len(asker)])):
            candidate, entry = _ranges(start[block], stop[block])
            one, other = self._meet(boxes, asker[block], key[block], candidate, self._owner[entry])
            asked.append(one)
            found.append(other)
            total += len(one)
            if total > MAX_PAIRS:
                break
        one, other = np.concatenate(asked), np.concatenate(found)
        # Askers rise already, but for what lies in several blocks: a merge has little to do.
        order = np.argsort(one * max(len(self._rows), 1) + other, kind="stable")
        return one[order], other[order]

    def _cells(self, boxes: Floats) -> tuple[list[Ints], list[Ints]]:
        """First and last cell of each box, along x and along y."""
        cells = [self._cell(boxes[:, side], side % 2) for side in range(4)]
        return cells[:2], cells[2:]

    def _cell(self, at_mm: Floats, axis: int) -> Ints:
        return np.floor((at_mm - self._origin[axis]) / CELL_MM).astype(np.int64)

    def _meet(
        self, boxes: Floats, asker: Ints, key: Ints, candidate: Ints, other: Ints
    ) -> tuple[Ints, Ints]:
        """Those of the candidates whose bounding boxes meet, each once."""
        one = asker[candidate]
        for axis in (0, 1):
            meets = np.flatnonzero(
                (boxes[:, axis][one] <= self._boxes[:, axis + 2][other])
                & (boxes[:, axis + 2][one] >= self._boxes[:, axis][other])
            )
            one, candidate, other = one[meets], candidate[meets], other[meets]
        # Two boxes share many cells; the one with the lower corner of what they share counts.
        column, row = (
            self._cell(np.maximum(boxes[:, axis][one], self._boxes[:, axis][other]), axis)
            for axis in (0, 1)
        )
        once = np.flatnonzero(column * _STRIDE + row == key[candidate])
        return one[once], other[once]


def _covered(first: Sequence[Ints], last: Sequence[Ints]) -> tuple[Ints, Ints]:
    """The key of every cell of each block of cells, with the block it belongs to."""
    wide, high = (np.maximum(end - begin + 1, 0) for begin, end in zip(first, last, strict=True))
    owner, column = _ranges(first[0], first[0] + wide)
    lowest = column * _STRIDE + first[1][owner]
    of_column, key = _ranges(lowest, lowest + high[owner])
    return owner[of_column], key


def _ranges(start: Ints, stop: Ints) -> tuple[Ints, Ints]:
    """start, start + 1, ... of each range, one after the other, with the range's number."""
    count = stop - start
    owner = np.repeat(np.arange(len(start)), count)
    return owner, np.arange(len(owner)) + (start - (np.cumsum(count) - count))[owner]


def overlap_depth_mm(one_mm: Floats, other_mm: Floats) -> Floats:
    """How far pairs of rectangles reach into each other.

    Parameters
    ----------
    one_mm, other_mm : array, shape (n, 4, 2)
        Corners of rectangles in any rotation. [mm]

    Returns
    -------
    array, shape (n,)
        The shortest shift that parts each pair; 0 when they only touch, negative when a gap
        is left along some side's direction. [mm]

    Notes
    -----
    Separating axis theorem: two convex shapes are apart exactly if some side's normal parts
    their shadows [1]_. Valid for rectangles; a negative value is a bound on the gap, not the gap.

    References
    ----------
    .. [1] S. Gottschalk, M. C. Lin, D. Manocha, "OBBTree: a hierarchical structure for rapid
       interference detection," SIGGRAPH 1996, doi:10.1145/237170.237244.
    """
    depth = np.full(len(one_mm), np.inf)
    for shape in (one_mm, other_mm):
        for side in (0, 1):
            axis = shape[:, side + 1] - shape[:, side]
            length = np.hypot(axis[:, 0], axis[:, 1])
            axis = axis / np.where(length > 0.0, length, 1.0)[:, None]
            one, other = project(one_mm, axis), project(other_mm, axis)
            shared = np.minimum(greatest(one), greatest(other))
            shared -= np.maximum(least(one), least(other))
            depth = np.minimum(depth, np.where(length > 0.0, shared, np.inf))
    return depth


def project(points_mm: Floats, axis: Floats) -> Floats:
    """Points along one unit vector per row, shape (n, k). [mm]

    Notes
    -----
    Definition.
    """
    along: Floats = points_mm[..., 0] * axis[:, 0, None] + points_mm[..., 1] * axis[:, 1, None]
    return along


def forward_gap_mm(face_mm: Floats, outline_mm: Floats) -> Floats:
    """Free depth in front of a face, measured square to it, to an outline.

    Parameters
    ----------
    face_mm : array, shape (n, 2, 2)
        Two ends of each face, with the free side on the right when going from the first to the
        second. [mm]
    outline_mm : array, shape (n, k, 2) or (1, k, 2)
        Closed polygon that may stand in the way of each face. [mm]

    Returns
    -------
    array, shape (n,)
        Distance to the nearest part of the outline within the face's width, 0 when it reaches
        across the face, infinity when nothing stands in the way. [mm]

    Notes
    -----
    Definition. The edges are clipped to the strip in front of the face; on a clipped edge the
    distance is least at one of its ends. Contact along the strip's border does not count.
    """
    start = face_mm[:, None, 0]
    along = face_mm[:, 1] - face_mm[:, 0]
    width = np.hypot(along[:, 0], along[:, 1])
    along = along / width[:, None]
    out = np.stack([along[:, 1], -along[:, 0]], axis=1)
    relative = outline_mm - start
    across, ahead = project(relative, along), project(relative, out)
    following = np.roll(np.arange(relative.shape[1]), -1)
    next_across, next_ahead = across[:, following], ahead[:, following]

    edge = TOUCH_MM
    low = np.maximum(np.minimum(across, next_across), edge)
    high = np.minimum(np.maximum(across, next_across), (width - edge)[:, None])
    inside = high > low
    run = np.where(inside, next_across - across, 1.0)
    slope = np.where(inside, next_ahead - ahead, 0.0) / run
    at_low = ahead + slope * (low - across)
    at_high = ahead + slope * (high - across)
    nearest, farthest = np.minimum(at_low, at_high), np.maximum(at_low, at_high)
    counts = inside & (farthest > -edge)
    gaps = np.where(counts, np.maximum(nearest, 0.0), np.inf)
    return least(gaps)


def strip_in_front(face_mm: Floats, depth_mm: Floats | float) -> Floats:
    """Rectangles that reach ``depth_mm`` from each face, clear of what only touches it.

    Parameters
    ----------
    face_mm : array, shape (n, 2, 2)
        Two ends of each face, free side on the right. [mm]
    depth_mm : float or array, shape (n,)
        Reach, > 0. [mm]

    Returns
    -------
    array, shape (n, 4, 2)
        Corners. [mm]

    Notes
    -----
    Definition. Drawn in by 1 mm on every side, so that neighbours in a row are not met.
    """
    along = face_mm[:, 1] - face_mm[:, 0]
    along = along / np.hypot(along[:, 0], along[:, 1])[:, None]
    out = np.stack([along[:, 1], -along[:, 0]], axis=1)
    reach = np.broadcast_to(np.asarray(depth_mm, dtype=np.float64), (len(face_mm),))[:, None]
    near_first = face_mm[:, 0] + along + out
    near_second = face_mm[:, 1] - along + out
    deep = out * (reach - 1.0)
    return np.stack(
        [near_first, near_second, face_mm[:, 1] - along + deep, face_mm[:, 0] + along + deep],
        axis=1,
    )


def faces(corners_mm: Floats, side: str) -> Floats:
    """One face of each rectangle, free side on the right: front, right, rear or left.

    Notes
    -----
    Definition.
    """
    first = {"front": 0, "right": 1, "rear": 2, "left": 3}[side]
    result: Floats = corners_mm[:, [first, (first + 1) % 4]]
    return result


def by_corner_count(
    outlines_mm: Sequence[Floats], which: Ints
) -> Iterator[tuple[Ints, Floats, Ints]]:
    """Things in outlines of as many corners, so that they can be worked out together.

    Parameters
    ----------
    outlines_mm : sequence of array, shape (k, 2)
        Simple polygons. [mm]
    which : array of int, shape (n,)
        Outline of each thing; -1 for none, and it is left out.

    Yields
    ------
    tuple of array
        Rows of ``which``, the outlines of one count of corners, shape (m, k, 2), and the place of
        each row's outline among them.

    Notes
    -----
    Definition.
    """
    corners = np.array([*map(len, outlines_mm), 0])[which]  # the last entry is for none
    for count in np.unique(corners[corners > 0]).tolist():
        alike = [index for index, outline in enumerate(outlines_mm) if len(outline) == count]
        here = np.flatnonzero(corners == count)
        shapes = np.stack([outlines_mm[index] for index in alike])
        yield here, shapes, np.searchsorted(alike, which[here])


def containing(points_mm: Floats, outlines_mm: Sequence[Floats]) -> Ints:
    """The first outline that contains each point.

    Parameters
    ----------
    points_mm : array, shape (n, 2)
        Points. [mm]
    outlines_mm : sequence of array, shape (k, 2)
        Simple polygons. [mm]

    Returns
    -------
    array, shape (n,)
        Index of the outline, -1 for none.

    Notes
    -----
    Definition. The assembler uses it to tell which hall a box stands in, by its centre.
    """
    found = np.full(len(points_mm), -1, dtype=np.int64)
    for index in reversed(range(len(outlines_mm))):
        polygon = shapely.Polygon(outlines_mm[index])
        shapely.prepare(polygon)
        inside = shapely.intersects_xy(polygon, points_mm[:, 0], points_mm[:, 1])
        found[inside] = index
    return found
