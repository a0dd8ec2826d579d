"""Lines drawn on the plan: pipes, trays and feeders as segments, and what lies along them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from engine.plant import Floats, Ints

MM_PER_M: Final = 1000.0
STRAIGHT_COS: Final = 0.98  # bends of less than about 10 degrees need no fitting
_BLOCK: Final = 250_000  # pairs of a point and a segment that are looked at together


@dataclass(frozen=True, slots=True, kw_only=True)
class Segments:
    """The straight pieces of all runs of one kind, run by run."""

    run: Ints
    start_m: Floats  # shape (n, 2)
    along_m: Floats  # shape (n, 2), start to end
    length_m: Floats
    before_m: Floats  # from the beginning of the run
    run_length_m: Floats  # per run
    run_first: Ints  # per run: its first segment
    bend_run: Ints  # corners, in the order of the runs
    bend_at_m: Floats

    def bends_before(self, run: Ints, at_m: Floats) -> Ints:
        """Corners of each run before a place on it, counted from the first run on."""
        stride = 2.0 * float(self.run_length_m.max(initial=0.0)) + 1.0
        keys = self.bend_run * stride + self.bend_at_m
        return np.searchsorted(keys, run * stride + at_m)


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Places on runs, one for each point and each run of its group, by point and run."""

    point: Ints
    run: Ints
    at_m: Floats  # along the run
    apart_m: Floats


def segments_of(points_mm: Sequence[Floats]) -> Segments:
    """The segments of some runs.

    Parameters
    ----------
    points_mm : sequence of array, shape (n_points, 2)
        Each run, at least two points. [mm]

    Returns
    -------
    Segments
        In metres.

    Notes
    -----
    Definition.
    """
    count = np.fromiter(map(len, points_mm), np.int64, len(points_mm))
    points = np.concatenate([np.zeros((0, 2)), *points_mm]) / MM_PER_M
    of_point = np.repeat(np.arange(len(count)), count)
    inner = np.flatnonzero(of_point[1:] == of_point[:-1])
    along = points[inner + 1] - points[inner]
    length = np.hypot(along[:, 0], along[:, 1])
    run = of_point[inner]
    total = np.bincount(run, length, len(count)).astype(np.float64)
    first = np.cumsum(count - 1) - (count - 1)
    ahead = np.cumsum(length) - length
    before = ahead - ahead[first][run] if len(run) else ahead
    same = np.flatnonzero(run[1:] == run[:-1])
    cos = (along[same] * along[same + 1]).sum(axis=1)
    bent = same[cos < STRAIGHT_COS * length[same] * length[same + 1]]
    return Segments(
        run=run,
        start_m=points[inner],
        along_m=along,
        length_m=length,
        before_m=before,
        run_length_m=total,
        run_first=first,
        bend_run=run[bent + 1],
        bend_at_m=before[bent + 1],
    )


def ends_m(segments: Segments) -> Floats:
    """First and last point of each run, shape (n_runs, 2, 2). [m]

    Notes
    -----
    Definition.
    """
    last = np.append(segments.run_first[1:], len(segments.run)) - 1
    first = segments.start_m[segments.run_first]
    return np.stack([first, segments.start_m[last] + segments.along_m[last]], axis=1)


def nearest(near: Beside) -> Ints:
    """The row of each point's nearest run, the first of several as near.

    Notes
    -----
    Definition.
    """
    point = near.point
    if not point.size:
        return np.zeros(0, dtype=np.int64)
    begins = np.flatnonzero(np.append(True, point[1:] != point[:-1]))
    least = np.minimum.reduceat(near.apart_m, begins)
    size = np.diff(np.append(begins, point.size))
    hits = np.flatnonzero(near.apart_m == np.repeat(least, size))
    return np.asarray(hits[np.searchsorted(hits, begins)])


def beside(points_m: Floats, group: Ints, segments: Segments, run_group: Ints) -> Beside:
    """Where each point lies nearest to each run of its group.

    Parameters
    ----------
    points_m : array, shape (n, 2)
        Points. [m]
    group : array of int, shape (n,)
        Group of each point, >= 0.
    segments : Segments
        Of the runs.
    run_group : array of int, shape (n_runs,)
        Group of each run, >= 0.

    Returns
    -------
    Beside
        No entry for a point whose group has no run.

    Notes
    -----
    Definition. Of places equally near the first along the run.
    """
    groups = int(max(group.max(initial=-1), run_group.max(initial=-1))) + 1
    of_segment = run_group[segments.run]
    by_group = np.argsort(of_segment, kind="stable")
    first = np.searchsorted(of_segment[by_group], np.arange(groups + 1))
    pieces = _Pieces.of(segments, by_group)
    count = np.diff(first)[group]
    asked = np.flatnonzero(count)
    before = np.append(0, np.cumsum(count[asked]))
    found: list[tuple[Ints, Ints, Floats, Floats]] = []
    start = 0
    while start < asked.size:
        stop = max(int(np.searchsorted(before, before[start] + _BLOCK, "right")) - 1, start + 1)
        block, many = asked[start:stop], count[asked[start:stop]]
        skip = np.repeat(first[group[block]] - (before[start:stop] - before[start]), many)
        found.append(pieces.nearest(points_m, block, many, np.arange(skip.size) + skip))
        start = stop
    if not found:
        none, nowhere = np.zeros(0, dtype=np.int64), np.zeros(0)
        return Beside(point=none, run=none, at_m=nowhere, apart_m=nowhere)
    point, run, at, apart = (np.concatenate(column) for column in zip(*found, strict=True))
    return Beside(point=point, run=run, at_m=at, apart_m=apart)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pieces:
    """Segments by group. One axis at a time: rows of two are slow to pick."""

    run: Ints
    x: Floats
    y: Floats
    dx: Floats  # over the length
    dy: Floats
    length: Floats
    before: Floats

    @classmethod
    def of(cls, segments: Segments, order: Ints) -> "_Pieces":
        length = segments.length_m[order]
        dx, dy = (segments.along_m[order, axis] / length for axis in (0, 1))
        x, y = (segments.start_m[order, axis] for axis in (0, 1))
        run, before = segments.run[order], segments.before_m[order]
        return cls(run=run, x=x, y=y, dx=dx, dy=dy, length=length, before=before)

    def nearest(
        self, points_m: Floats, asked: Ints, many: Ints, piece: Ints
    ) -> tuple[Ints, Ints, Floats, Floats]:
        """Of some points and as many pieces each, the nearest place on each run."""
        x = np.repeat(points_m[asked, 0], many) - self.x[piece]
        y = np.repeat(points_m[asked, 1], many) - self.y[piece]
        dx, dy = self.dx[piece], self.dy[piece]
        at = np.minimum(np.maximum(x * dx + y * dy, 0.0), self.length[piece])
        x -= at * dx
        y -= at * dy
        apart = x * x + y * y
        run = self.run[piece]
        new = np.empty(piece.size, dtype=bool)
        np.not_equal(run[1:], run[:-1], out=new[1:])
        new[np.cumsum(many) - many] = True
        begins = np.flatnonzero(new)
        least = np.minimum.reduceat(apart, begins)
        size = np.diff(np.append(begins, piece.size))
        hits = np.flatnonzero(apart == np.repeat(least, size))
        if hits.size > begins.size:  # two pieces as near, such as beside a corner
            hits = hits[np.searchsorted(hits, begins)]
        point = np.repeat(asked, np.add.reduceat(new, np.cumsum(many) - many, dtype=np.int64))
        return point, run[begins], at[hits] + self.before[piece[hits]], np.sqrt(least)
