"""A forest of feeders in depth-first order, where both sweeps are prefix sums.

In that order the buses that a branch feeds are neighbours. What it carries is then the difference
of two prefix sums, and so is what is dropped between the source and a bus: no loop over levels.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.plant import Floats, Ints
from engine.power.errors import CyclicFeeder

Numbers = Floats | NDArray[np.complex128]


@dataclass(frozen=True, slots=True, kw_only=True)
class Radial:
    """Buses in depth-first order: position k holds bus ``order[k]``."""

    order: Ints
    place: Ints  # position of each bus
    end: Ints  # by position: one past the last bus below
    by_end: Ints  # positions sorted by ``end``
    ended: Ints  # by position: how many subtrees have ended before it
    roots: Ints  # positions of the buses that hang on the source

    def below(self, values: Numbers) -> Numbers:
        """Sum over each bus and all that it feeds; last axis, by position."""
        sums = _from_zero(values)
        total: Numbers = sums[..., self.end] - sums[..., :-1]
        return total

    def above(self, values: Numbers) -> Numbers:
        """Sum over each bus and all that feed it; last axis, by position."""
        left = _from_zero(values[..., self.by_end])
        sums = _from_zero(values)[..., 1:]
        total: Numbers = sums - left[..., self.ended]
        return total


def radial(parent: ArrayLike, ids: Sequence[str] = ()) -> Radial:
    """The depth-first order of a forest.

    Parameters
    ----------
    parent : array_like of int, shape (n,)
        Bus that feeds each bus; -1: the source.
    ids : sequence of str, shape (n,)
        Names for messages; the numbers of the buses if left out.

    Returns
    -------
    Radial
        Order and subtree ends.

    Raises
    ------
    CyclicFeeder
        If a bus feeds itself, or names a bus that does not exist.

    Notes
    -----
    Definition. A subtree is contiguous in depth-first order.
    """
    above = np.asarray(parent, dtype=np.int64)
    count = len(above)
    names = ids or tuple(map(str, range(count)))
    beyond = np.flatnonzero((above < -1) | (above >= count))
    if beyond.size:
        bus = int(beyond[0])
        raise CyclicFeeder(
            f"Bus {names[bus]} is fed by bus number {above[bus]}, which does not exist. "
            "Connect it to one of the buses or to the source.",
            element=names[bus],
        )
    order = _depth_first(above, names)
    place = np.empty(count, dtype=np.int64)
    place[order] = np.arange(count)
    size = np.ones(count, dtype=np.int64)
    for bus in reversed(order.tolist()):
        if above[bus] >= 0:
            size[above[bus]] += size[bus]
    end = np.arange(count) + size[order]
    by_end = np.argsort(end, kind="stable")
    ended = np.searchsorted(end[by_end], np.arange(count), side="right")
    return Radial(
        order=order,
        place=place,
        end=end,
        by_end=by_end,
        ended=ended,
        roots=np.flatnonzero(above[order] < 0),
    )


def _depth_first(parent: Ints, names: Sequence[str]) -> Ints:
    below: dict[int, list[int]] = {}
    for bus, source in enumerate(parent.tolist()):
        below.setdefault(source, []).append(bus)
    order: list[int] = []
    stack = below.get(-1, [])[::-1]
    while stack:
        bus = stack.pop()
        order.append(bus)
        stack.extend(reversed(below.get(bus, ())))
    if len(order) < len(parent):
        reached = set(order)
        bus = next(bus for bus in range(len(parent)) if bus not in reached)
        seen: list[int] = []
        while bus not in seen:
            seen.append(bus)
            bus = int(parent[bus])
        ring = [names[member] for member in seen[seen.index(bus) :]]
        raise CyclicFeeder(
            f"These buses feed each other in a circle: {', '.join(ring[:12])}. "
            "Disconnect one of them from the bus that feeds it, and feed it from the source.",
            element=ring[0],
            elements=ring,
        )
    return np.array(order, dtype=np.int64)


def _from_zero(values: Numbers) -> Numbers:
    """Prefix sums along the last axis, beginning with zero."""
    sums: Numbers = np.zeros((*values.shape[:-1], values.shape[-1] + 1), dtype=values.dtype)
    np.cumsum(values, axis=-1, out=sums[..., 1:])
    return sums
