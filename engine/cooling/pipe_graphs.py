"""Many networks of pipes at once: of those that are alike one is worked out."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any, Final, Literal

import numpy as np

from engine.cooling.pipe_graph import SAME_PLACE_DIGITS, Hung, Joint, Ways, joint, ways_in_graph
from engine.plant import Floats, Ints

SIDES: Final[tuple[Literal["left", "right"], ...]] = ("left", "right")


def ways_in_graphs(
    taken: Hung, given: Hung, joints: Hung, of_run: Ints, run_length_m: Floats
) -> Ways:
    """Ways along the pipes of every group that has joints and something that feeds it.

    Parameters
    ----------
    taken, given : Hung
        Takers and givers on pipes.
    joints : Hung
        Ends of pipes on other pipes: two points for each pipe.
    of_run : array of int, shape (n_runs,)
        Group of each pipe.
    run_length_m : array, shape (n_runs,)
        Lengths. [m]

    Returns
    -------
    Ways
        By group.

    Notes
    -----
    Definition. See `engine.cooling.pipe_graph.ways_in_graph`; lengths are equal to a thousandth of
    a millimetre.
    """
    groups = np.intersect1d(of_run[given.run], of_run[joints.run])
    order = np.argsort(of_run, kind="stable")
    in_order = of_run[order]
    local = np.empty(of_run.size, dtype=np.int64)  # place of each pipe in its group
    local[order] = np.arange(of_run.size) - np.searchsorted(in_order, in_order)
    takers, givers = (_Grouped(each, of_run, groups, local) for each in (taken, given))
    ends = _Ends(joints, of_run, groups, local, run_length_m)
    kinds: dict[bytes, int] = {}
    distinct: list[Ways] = []
    kind = np.zeros(groups.size, dtype=np.int64)
    for place in range(groups.size):
        key = b"|".join((takers.key(place), givers.key(place), ends.key(place)))
        if key not in kinds:
            kinds[key] = len(distinct)
            distinct.append(ways_in_graph(takers.of(place), givers.of(place), ends.of(place)))
        kind[place] = kinds[key]
    pipes = order, np.searchsorted(in_order, groups)
    return _together(distinct, kind, (takers, givers), pipes)


class _Grouped:
    """Who hangs on pipes, group by group, with pipes counted within their group."""

    def __init__(self, hung: Hung, of_run: Ints, groups: Ints, local: Ints) -> None:
        group = of_run[hung.run]
        order = np.argsort(group, kind="stable")
        self.first, self.last = (np.searchsorted(group[order], groups, s) for s in SIDES)
        self.point, self.run = hung.point[order], local[hung.run[order]]
        self.at_m, self.apart_m = hung.at_m[order], hung.apart_m[order]
        self._rounded = np.round(self.at_m, SAME_PLACE_DIGITS)

    def key(self, place: int) -> bytes:
        """What makes those of one group like those of another."""
        mine = slice(self.first[place], self.last[place])
        return self.run[mine].tobytes() + self._rounded[mine].tobytes()

    def of(self, place: int) -> Hung:
        """Those of one group, counted from 0."""
        mine = slice(self.first[place], self.last[place])
        run = self.run[mine]
        return Hung(
            point=np.arange(run.size), run=run, at_m=self.at_m[mine], apart_m=self.apart_m[mine]
        )


class _Ends:
    """Joints by both their places, group by group."""

    def __init__(
        self, joints: Hung, of_run: Ints, groups: Ints, local: Ints, run_length_m: Floats
    ) -> None:
        grouped = _Grouped(joints, of_run, groups, local)
        run = grouped.point // 2
        self._ends = local[run], np.where(grouped.point % 2 == 1, run_length_m[run], 0.0)
        self._on = grouped.run, grouped.at_m
        self._first, self._last = grouped.first, grouped.last
        self._rows = np.round(np.stack([*self._ends, *self._on], axis=1), SAME_PLACE_DIGITS)

    def key(self, place: int) -> bytes:
        """What makes those of one group like those of another."""
        return self._rows[self._first[place] : self._last[place]].tobytes()

    def of(self, place: int) -> list[Joint]:
        """Those of one group."""
        mine = slice(self._first[place], self._last[place])
        columns = (column[mine].tolist() for column in (*self._ends, *self._on))
        return [joint(*row) for row in zip(*columns, strict=True)]


def _together(
    distinct: Sequence[Ways], kind: Ints, hung: tuple[_Grouped, _Grouped], pipes: tuple[Ints, Ints]
) -> Ways:
    """The ways of all groups, with pieces, pipes, takers and givers counted over all."""
    columns: dict[str, Any] = {item.name: np.zeros(0, dtype=np.int64) for item in fields(Ways)}
    if not distinct:
        return Ways(**columns)
    pieces, piece_rows = _repeated([part.point.size for part in distinct], kind)
    ties, tie_rows = _repeated([part.tie_run.size for part in distinct], kind)
    for name in columns:
        rows = tie_rows if name.startswith("tie") else piece_rows
        columns[name] = np.concatenate([getattr(part, name) for part in distinct])[rows]
    order, first_run = pipes
    takers, givers = hung
    before = np.cumsum(pieces) - pieces
    everyone = {
        **dict.fromkeys(("before", "last", "tie_start", "tie_end"), (before, None)),
        **dict.fromkeys(("run", "tie_run"), (first_run, order)),
        **dict.fromkeys(("source", "tie_source"), (givers.first, givers.point)),
        "point": (takers.first, takers.point),
    }
    for name, (start, names) in everyone.items():
        within = columns[name]
        overall = within + np.repeat(start, ties if name.startswith("tie") else pieces)
        named = (
            overall if names is None else np.append(names, -1)[np.where(within < 0, -1, overall)]
        )
        columns[name] = np.where(within < 0, -1, named)
    return Ways(**columns)


def _repeated(sizes: Sequence[int], kind: Ints) -> tuple[Ints, Ints]:
    """How many rows each group has, and which rows of the distinct parts, one behind another."""
    size = np.array(sizes)
    mine = size[kind]
    first = (np.cumsum(size) - size)[kind]
    return mine, np.repeat(first - (np.cumsum(mine) - mine), mine) + np.arange(mine.sum())
