"""Cables along drawn trays: shortest routes and how full each tray gets."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from engine.errors import Invalid
from engine.plant import Floats, Ints
from engine.ranges import bounded


class Unreachable(Invalid):
    """No tray leads from one end of a cable to the other."""

    code = "tray-unreachable"
    title = "No tray leads there"


@dataclass(frozen=True, slots=True, kw_only=True)
class Routed:
    """Cables laid along trays."""

    length_m: Floats  # shape (cables,)
    cables: Ints  # shape (trays,): cables in each tray
    fill_fraction: Floats  # shape (trays,)


def route_cables(
    trays: ArrayLike,
    tray_length_m: ArrayLike,
    *,
    ends: ArrayLike,
    count: ArrayLike = 1,
    cable_mm2: ArrayLike = 40.0,
    tray_mm2: ArrayLike = 60_000.0,
) -> Routed:
    """The shortest route of every cable, and the fill of every tray.

    Parameters
    ----------
    trays : array_like of int, shape (trays, 2)
        Nodes that each tray joins, numbered from 0.
    tray_length_m : array_like, shape (trays,)
        Length of each tray, > 0. [m]
    ends : array_like of int, shape (cables, 2)
        Nodes that each cable joins.
    count : array_like of int
        How many cables of each, >= 0.
    cable_mm2 : array_like
        Cross-section that a cable takes, > 0. [mm2]
    tray_mm2 : array_like
        Cross-section of a tray, > 0; not to be filled beyond 40 to 50 %. [mm2]

    Returns
    -------
    Routed
        Length per cable; cables and fill per tray.

    Raises
    ------
    Unreachable
        If no tray leads from one end of a cable to the other.
    OutOfRange
        If a figure is out of its range.

    Notes
    -----
    Dijkstra's shortest paths [1]_, one search per distinct first end.

    References
    ----------
    .. [1] E. W. Dijkstra, "A note on two problems in connexion with graphs," Numer. Math.,
       vol. 1, pp. 269-271, 1959. doi:10.1007/BF01386390
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    joins = np.asarray(trays, dtype=np.int64).reshape(-1, 2)
    pairs = np.asarray(ends, dtype=np.int64).reshape(-1, 2)
    length = np.broadcast_to(
        bounded("The length of a tray", tray_length_m, 0.0, unit="m", above_low=True), len(joins)
    )
    each = bounded("The cross-section of a cable", cable_mm2, 0.0, unit="mm2", above_low=True)
    room = bounded("The cross-section of a tray", tray_mm2, 0.0, unit="mm2", above_low=True)
    many = np.broadcast_to(np.asarray(count, dtype=np.int64), len(pairs))
    nodes = int(max(joins.max(initial=-1), pairs.max(initial=-1))) + 1
    if min(joins.min(initial=0), pairs.min(initial=0)) < 0:
        raise Invalid("Nodes of trays are numbered from 0.")
    # Of several trays between the same nodes the shortest is used: a matrix would add them up.
    low, high = joins.min(axis=1), joins.max(axis=1)
    order = np.lexsort((length, low * nodes + high))
    keys = (low * nodes + high)[order]
    kept = order[np.append(True, np.diff(keys) > 0)] if len(order) else order
    graph = csr_array((length[kept], (low[kept], high[kept])), shape=(nodes, nodes))
    tray_of = dict(zip((low[kept] * nodes + high[kept]).tolist(), kept.tolist(), strict=True))
    found = np.zeros(len(pairs))
    cables = np.zeros(len(joins), dtype=np.int64)
    for start in np.unique(pairs[:, 0]).tolist():
        reach, before = dijkstra(graph, directed=False, indices=start, return_predecessors=True)
        mine = np.flatnonzero(pairs[:, 0] == start)
        found[mine] = reach[pairs[mine, 1]]
        lost = mine[~np.isfinite(found[mine])]
        if lost.size:
            raise Unreachable(
                f"No tray leads from node {start} to node {pairs[lost[0], 1]}. "
                "Draw the missing tray.",
                start=start,
                end=int(pairs[lost[0], 1]),
            )
        wanted = np.bincount(pairs[mine, 1], many[mine], nodes).astype(np.int64)
        for node, above, laid in _laid(wanted, reach, before):
            cables[tray_of[min(node, above) * nodes + max(node, above)]] += laid
    return Routed(length_m=found, cables=cables, fill_fraction=np.asarray(cables * each / room))


def _laid(wanted: Ints, reach: Floats, before: Ints) -> Iterator[tuple[int, int, int]]:
    """Node, the node before it, and the cables between, from the far end of the routes in."""
    through = wanted.astype(np.int64)
    for node in np.argsort(-np.where(np.isfinite(reach), reach, -1.0), kind="stable").tolist():
        above = int(before[node])
        if above >= 0 and through[node]:
            through[above] += through[node]
            yield node, above, int(through[node])
