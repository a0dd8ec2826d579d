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
from engine.ranges import bounded

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
        total: Numbers = sums.take(self.end, axis=-1)
        total -= sums[..., :-1]
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


def radial_sum_kw(
    tree: Radial,
    load_kw: ArrayLike,
    *,
    rating_kw: ArrayLike,
    loss_a: ArrayLike,
    loss_b: ArrayLike,
    loss_c: ArrayLike,
    rounds: int = 3,
) -> tuple[Floats, Floats]:
    """Power at the output of every node and its loss, at fixed voltage.

    Parameters
    ----------
    tree : Radial
        Order of the nodes.
    load_kw : array_like, shape (..., n)
        Load of each node; leading axes are scenarios. [kW]
    rating_kw : array_like, shape (n,)
        Rating of each node, > 0. [kW]
    loss_a, loss_b, loss_c : array_like, shape (n,) or scalar
        Loss over rating = a + b x + c x^2 at load x of the rating. [-]
    rounds : int
        Repetitions; each adds the losses of losses to one order more.

    Returns
    -------
    tuple of array, shape (..., n)
        Output and loss of each node. [kW, kW]

    Raises
    ------
    OutOfRange
        If a load or loss is negative, or a rating not positive.

    Notes
    -----
    Definition. Sums of loads and losses below each node; with losses of a few percent three rounds
    are exact to about 1e-6. It leaves out reactive power: on a site of three voltage levels the
    loss comes out some 5 % low, 0.06 % of the load.
    """
    load = bounded("The load", load_kw, 0.0, unit="kW").take(tree.order, axis=-1)
    count = load.shape[-1:]
    rated = bounded("The rating", rating_kw, 0.0, unit="kW", above_low=True)
    named = {"a": loss_a, "b": loss_b, "c": loss_c}
    parts = (bounded(f"Loss part {name}", part, 0.0) for name, part in named.items())
    rating, a, b, c = (
        # What is the same for all nodes has no order.
        each if each.ndim == 0 else np.broadcast_to(each, count).take(tree.order)
        for each in (rated, *parts)
    )
    below = tree.below(load).real
    out, loss = below, np.zeros_like(load)
    for _ in range(rounds):
        x = out / rating
        loss = rating * (a + (b + c * x) * x)
        # The node's own loss is beside its output.
        out = below + tree.below(loss).real - loss
    return out.take(tree.place, axis=-1), loss.take(tree.place, axis=-1)
