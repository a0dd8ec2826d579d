"""Facility water where nobody drew its pipes: a main at the coolers, and branches from it."""

import numpy as np

from engine.cooling.headers import Headers, no_ties
from engine.plant import Bools, Floats, Ints

TENTHS_PER_M = 10_000.0  # of a millimetre
BLOCK = 65_536  # pairs looked at together: few enough to stay near the processor


def nearest_giver(taker_m: Floats, giver_m: Floats) -> Ints:
    """The giver nearest to each taker, parallel to the walls.

    Parameters
    ----------
    taker_m, giver_m : array, shape (n, 2)
        Middles; at least one giver. [m]

    Returns
    -------
    array of int, shape (n_takers,)
        The first of those equally near.

    Notes
    -----
    Definition.
    """
    # A tenth of a millimetre is what places are stated to: nearer is the same.
    places = [np.rint(at_m * TENTHS_PER_M) for at_m in (taker_m, giver_m)]
    widest = max((float(np.abs(place).max(initial=0.0)) for place in places), default=0.0)
    # Short numbers where the plan is less than 50 km wide: twice as many fit a register.
    whole = np.int32 if widest < np.iinfo(np.int32).max / 4 else np.int64
    taker, giver = (np.ascontiguousarray(place.T, dtype=whole) for place in places)
    found = np.zeros(len(taker_m), dtype=np.int64)
    step = max(BLOCK // max(len(giver_m), 1), 1)
    for start in range(0, len(taker_m), step):
        block = slice(start, start + step)
        x, y = (np.abs(np.subtract.outer(taker[axis][block], giver[axis])) for axis in (0, 1))
        x += y
        found[block] = x.argmin(axis=1)
    return found


def assumed_ways(taker_m: Floats, giver_m: Floats, loop: Ints) -> Headers:
    """Ways from the nearest giver to each taker: along x at the giver, then along y.

    Parameters
    ----------
    taker_m, giver_m : array, shape (n, 2)
        Middles. [m]
    loop : array of int, shape (n_givers,)
        Number of the network that each giver feeds, all different.

    Returns
    -------
    Headers
        ``rack`` and ``source`` are places among takers and givers; what several takers have in
        common is one pipe.

    Notes
    -----
    Definition.
    """
    giver = nearest_giver(taker_m, giver_m)
    along = np.round(taker_m[:, 0] - giver_m[giver, 0], 3)
    across = taker_m[:, 1] - giver_m[giver, 1]
    arm = np.where(along > 0.0, 1, np.where(along < 0.0, 2, 0))
    is_down = across < 0.0
    along, across = np.abs(along), np.abs(across)
    order = np.lexsort((np.arange(giver.size), across, is_down, along, arm, loop[giver]))
    giver, arm, is_down = giver[order], arm[order], is_down[order]
    along, across = along[order], across[order]
    opens_arm = _changes(giver) | _changes(arm)
    opens_tooth = opens_arm | _changes(along)
    opens_side = opens_tooth | _changes(is_down)
    # A joint stands at the foot of each tooth, before the first that hangs on it.
    tooth = np.flatnonzero(opens_tooth & (arm > 0))
    at = np.arange(giver.size) + np.cumsum(opens_tooth & (arm > 0))
    foot = at[tooth] - 1
    before = at - 1
    before[opens_side & (arm == 0)] = -1
    turned = np.flatnonzero(opens_side & (arm > 0))
    before[turned] = foot[np.searchsorted(tooth, turned, side="right") - 1]
    starts = opens_arm[tooth]
    pieces = giver.size + tooth.size
    rack, source = np.full(pieces, -1), np.full(pieces, -1)
    before_, last, loop_ = (
        np.full(pieces, -1),
        np.zeros(pieces, dtype=np.int64),
        np.zeros_like(rack),
    )
    length = np.zeros(pieces)
    rack[at] = order
    before_[at], before_[foot] = before, np.where(starts, -1, np.roll(foot, 1))
    length[at] = across - np.where(opens_side, 0.0, np.roll(across, 1))
    length[foot] = along[tooth] - np.where(starts, 0.0, np.roll(along[tooth], 1))
    last[at], last[foot] = at[_ends(opens_side)], at[_ends(opens_arm)][tooth]
    loop_[at], loop_[foot] = loop[giver], loop[giver[tooth]]
    source[at], source[foot] = giver, giver[tooth]
    source[before_ >= 0] = -1
    nothing = np.zeros(pieces)
    return Headers(
        rack=rack,
        loop=loop_,
        before=before_,
        last=last,
        source=source,
        run=np.full(pieces, -1),
        length_m=length,
        home_m=length,
        reach_m=nothing,
        bore_m=nothing,
        factor=np.ones(pieces),
        bends_k=nothing,
        ties=no_ties(),
    )


def _changes(values: Floats | Ints | Bools) -> Bools:
    """Where a column differs from the row before; the first row does."""
    return np.append(True, values[1:] != values[:-1])[: values.size]


def _ends(opens: Bools) -> Ints:
    """The last row of the group that each row is in."""
    first = np.flatnonzero(opens)
    return np.repeat(
        np.append(first[1:], opens.size)[: first.size] - 1, np.diff(first, append=opens.size)
    )
