"""Facility water where nobody drew its pipes: a main at the coolers, and branches from it."""

from collections import defaultdict

import numpy as np

from engine.cooling.headers import Headers, no_ties
from engine.plant import Floats, Ints

TENTHS_PER_M = 10_000.0  # of a millimetre
BLOCK = 4_000_000  # pairs looked at together


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
    taker, giver = (np.rint(at_m * TENTHS_PER_M).astype(np.int64) for at_m in (taker_m, giver_m))
    found = np.zeros(len(taker), dtype=np.int64)
    step = max(BLOCK // max(len(giver), 1), 1)
    for start in range(0, len(taker), step):
        block = taker[start : start + step]
        x, y = (np.abs(block[:, None, axis] - giver[None, :, axis]) for axis in (0, 1))
        found[start : start + step] = np.argmin(x + y, axis=1)
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
    own: dict[int, list[int]] = defaultdict(list)
    for taker, giver in enumerate(nearest_giver(taker_m, giver_m).tolist()):
        own[giver].append(taker)
    pieces: list[tuple[int, int, int, int, float]] = []
    last: list[int] = []
    for giver in sorted(own, key=lambda each: int(loop[each])):
        first = len(pieces)
        for taker, before, source, length_m in _comb(taker_m, giver_m[giver], own[giver]):
            place = before + first if before >= 0 else -1
            pieces.append((taker, place, giver if source else -1, int(loop[giver]), length_m))
        last += _last_of([piece[1] for piece in pieces[first:]], first)
    rack, before_, source_, loop_, length = np.array(pieces, dtype=np.float64).reshape(-1, 5).T
    n, nothing = len(pieces), np.zeros(len(pieces))
    return Headers(
        rack=rack.astype(np.int64),
        loop=loop_.astype(np.int64),
        before=before_.astype(np.int64),
        last=np.array(last, dtype=np.int64),
        source=source_.astype(np.int64),
        run=np.full(n, -1),
        length_m=length,
        home_m=length,
        reach_m=nothing,
        bore_m=nothing,
        factor=np.ones(n),
        bends_k=nothing,
        ties=no_ties(),
    )


def _comb(
    taker_m: Floats, giver_m: Floats, takers: list[int]
) -> list[tuple[int, int, bool, float]]:
    """Pieces of one giver: taker (-1: a joint), the piece before, whether it begins, length."""
    x0, y0 = giver_m.tolist()
    teeth: dict[float, list[tuple[float, int]]] = defaultdict(list)
    for taker in takers:
        x, y = taker_m[taker].tolist()
        teeth[round(x - x0, 3)].append((y - y0, taker))
    pieces: list[tuple[int, int, bool, float]] = []

    def branch(tooth: list[tuple[float, int]], at: int) -> None:
        for sign in (1.0, -1.0):
            before, reached = at, 0.0
            side = [(sign * y, taker) for y, taker in tooth if y * sign > 0 or (y == 0 < sign)]
            for y, taker in sorted(side):
                pieces.append((taker, before, before < 0, y - reached))
                before, reached = len(pieces) - 1, y

    if 0.0 in teeth:
        branch(teeth[0.0], -1)
    for sign in (1.0, -1.0):
        before, reached = -1, 0.0
        for x in sorted((x for x in teeth if x * sign > 0), key=abs):
            pieces.append((-1, before, before < 0, abs(x) - reached))
            before, reached = len(pieces) - 1, abs(x)
            branch(teeth[x], before)
    return pieces


def _last_of(before: list[int], first: int) -> list[int]:
    """The last piece that hangs on each."""
    last = list(range(first, first + len(before)))
    for place in range(len(before) - 1, -1, -1):
        if before[place] >= 0:
            above = before[place] - first
            last[above] = max(last[above], last[place])
    return last
