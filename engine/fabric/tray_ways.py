"""Cables along the trays that are drawn: which ends hang on which tray, and the ways between."""

from dataclasses import dataclass

import numpy as np

from engine.fabric.trays import route_cables
from engine.plant import Floats, Ints, TrayRuns
from engine.space.runs import Beside, Segments, beside, ends_m, nearest, segments_of

LEAST_M = 1e-6  # a graph has no edges of length zero


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """Cables from one kind of place to another, one entry per run of cables."""

    start_m: Floats  # shape (n, 2)
    end_m: Floats
    links: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class OnTrays:
    """What the drawn trays carry."""

    length_m: tuple[Floats, ...]  # per leg, tray and the way to it; inf where none leads there
    fill_fraction: Floats  # per tray, at its fullest place
    cables: Ints  # per tray, at its fullest place


def along_trays(
    trays: TrayRuns, legs: tuple[Leg, ...], *, reach_m: float, join_m: float, cable_mm2: float
) -> OnTrays:
    """The ways of cables along drawn trays, and how full these get.

    Parameters
    ----------
    trays : TrayRuns
        Drawn trays.
    legs : tuple of Leg
        Cables and their ends.
    reach_m : float
        From an end to the tray above or beside it, >= 0. [m]
    join_m : float
        Ends of trays that lie so near another tray join it, >= 0. [m]
    cable_mm2 : float
        Cross-section of a cable, > 0. [mm2]

    Returns
    -------
    OnTrays
        Without trays every length is infinite.

    Raises
    ------
    OutOfRange
        If the cross-section is not positive.

    Notes
    -----
    Shortest paths [1]_ over the trays as a graph; the ends of a run of cables hang on the tray
    nearest to them.

    References
    ----------
    .. [1] E. W. Dijkstra, "A note on two problems in connexion with graphs," Numer. Math.,
       vol. 1, pp. 269-271, 1959. doi:10.1007/BF01386390
    """
    nowhere = tuple(np.full(len(leg.links), np.inf) for leg in legs)
    idle = np.zeros(len(trays))
    if not len(trays) or not legs:
        return OnTrays(length_m=nowhere, fill_fraction=idle, cables=idle.astype(np.int64))
    segments = segments_of(trays.points_mm)
    ends = np.concatenate([part for leg in legs for part in (leg.start_m, leg.end_m)])
    points, of_end = np.unique(np.round(ends, 4), axis=0, return_inverse=True)
    graph = _Graph(segments, points, reach_m, join_m)
    length, start = [], 0
    pairs, links, rows = [], [], []
    for number, leg in enumerate(legs):
        n = len(leg.links)
        one, other = of_end[start : start + n], of_end[start + n : start + 2 * n]
        start += 2 * n
        joined = np.flatnonzero(graph.joins(one, other) & (leg.links > 0))
        beside_m = graph.apart_m[one] + graph.apart_m[other]
        length.append(nowhere[number].copy())
        length[number][joined] = beside_m[joined]
        joined = joined[one[joined] != other[joined]]
        # From the end that many share: one search serves all that lead there.
        pairs.append(np.stack([graph.node[other[joined]], graph.node[one[joined]]], axis=1))
        links.append(leg.links[joined])
        rows.append(joined)
    routed = route_cables(
        graph.edges,
        graph.edge_m,
        ends=np.concatenate(pairs),
        count=np.concatenate(links),
        cable_mm2=cable_mm2,
    )
    done = 0
    for number, joined in enumerate(rows):
        length[number][joined] += routed.length_m[done : done + joined.size]
        done += joined.size
    cables = np.zeros(len(trays), dtype=np.int64)
    inner = graph.edge_run >= 0
    np.maximum.at(cables, graph.edge_run[inner], routed.cables[inner])
    fill = cables * cable_mm2 / (trays.width_mm * trays.depth_mm)
    return OnTrays(length_m=tuple(length), fill_fraction=np.asarray(fill), cables=cables)


class _Graph:
    """Trays as nodes and edges: ends of cables, joints, and the pieces of tray between."""

    def __init__(self, segments: Segments, points_m: Floats, reach_m: float, join_m: float) -> None:
        runs = len(segments.run_length_m)
        tips = ends_m(segments).reshape(-1, 2)
        together = np.concatenate([points_m, tips])
        group = np.zeros(len(together), dtype=np.int64)
        near = beside(together, group, segments, np.zeros(runs, dtype=np.int64))
        hung = nearest(near)
        hung = hung[(near.point[hung] < len(points_m)) & (near.apart_m[hung] <= reach_m)]
        tip = near.point - len(points_m)
        joint = np.flatnonzero((tip >= 0) & (near.run != tip // 2) & (near.apart_m <= join_m))
        self.node = np.full(len(points_m), -1)
        self.node[near.point[hung]] = np.arange(hung.size)
        self.apart_m = np.zeros(len(points_m))
        self.apart_m[near.point[hung]] = near.apart_m[hung]
        self._connect(segments, near, hung, (tip[joint], joint))

    def _connect(
        self, segments: Segments, near: Beside, hung: Ints, joints: tuple[Ints, Ints]
    ) -> None:
        tip, joint = joints
        own = tip // 2
        own_m = np.where(tip % 2 == 1, segments.run_length_m[own], 0.0)
        run = np.concatenate([near.run[hung], own, near.run[joint]])
        at = np.concatenate([near.at_m[hung], own_m, near.at_m[joint]])
        order = np.lexsort((at, run))
        along = np.flatnonzero(run[order][1:] == run[order][:-1])
        pieces = np.stack([order[along], order[along + 1]], axis=1)
        first = hung.size + np.arange(tip.size)
        across = np.stack([first, first + tip.size], axis=1)
        self.edges = np.concatenate([pieces, across])
        piece_m = at[order[along + 1]] - at[order[along]]
        self.edge_m = np.maximum(np.concatenate([piece_m, near.apart_m[joint]]), LEAST_M)
        self.edge_run = np.concatenate([run[order[along]], np.full(tip.size, -1)])
        self._part = _parts(run.size, self.edges)

    def joins(self, one: Ints, other: Ints) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Whether trays lead from one point to another, for pairs of points."""
        a, b = self.node[one], self.node[other]
        part = np.append(self._part, -1)
        return np.asarray((a >= 0) & (b >= 0) & (part[a] == part[b]))


def _parts(nodes: int, edges: Ints) -> Ints:
    """The connected part that each node belongs to."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    weight = np.ones(len(edges))
    graph = coo_array((weight, (edges[:, 0], edges[:, 1])), shape=(nodes, nodes))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)
