"""Ways along drawn pipes from CDUs to racks: one way out for each rack, and what closes rings."""

import heapq
from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from engine.plant import Bools, Floats, Ints

SAME_PLACE_DIGITS: Final = 6  # of a metre
Key = tuple[int, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hung:
    """Racks, CDUs or ends of runs, and the places on runs that they hang on."""

    point: Ints
    run: Ints
    at_m: Floats  # along the run
    apart_m: Floats  # from the run

    def of(self, mask: Bools) -> "Hung":
        """Some of them."""
        return Hung(
            point=self.point[mask],
            run=self.run[mask],
            at_m=self.at_m[mask],
            apart_m=self.apart_m[mask],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Joint:
    """The end of one run on another."""

    end: Key
    on: Key


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """Pieces of pipe from the CDUs outward, each behind the one that it comes from."""

    point: Ints  # rack at its end; -1: a joint
    run: Ints
    from_m: Floats  # along the run
    to_m: Floats
    before: Ints  # -1: a CDU
    last: Ints  # last piece that hangs on it
    source: Ints  # CDU that it comes from; -1: another piece
    tie_start: Ints  # piece; -1: a CDU
    tie_end: Ints
    tie_source: Ints  # CDU at its end without a piece; -1: none
    tie_run: Ints
    tie_from_m: Floats
    tie_to_m: Floats


def ways_along_runs(racks: Hung, cdus: Hung, group: Ints) -> Ways:
    """Ways along runs of which none joins another.

    Parameters
    ----------
    racks, cdus : Hung
        Where racks and CDUs lie on runs.
    group : array of int, shape (n_runs,)
        Pieces come out in the order of the groups of their runs.

    Returns
    -------
    Ways
        Racks on runs without a CDU are left out.

    Notes
    -----
    Definition. Each rack is fed from the CDU that is nearest along its run.
    """
    point = np.concatenate([racks.point, np.full(cdus.point.size, -1)])
    unit = np.concatenate([np.full(racks.point.size, -1), cdus.point])
    run, at = np.concatenate([racks.run, cdus.run]), np.concatenate([racks.at_m, cdus.at_m])
    order = np.lexsort((at, run))
    point, run, at, unit = point[order], run[order], at[order], unit[order]
    number, n = np.arange(run.size), run.size
    is_cdu = point < 0
    left = np.maximum.accumulate(np.where(is_cdu, number, -1))
    right = np.minimum.accumulate(np.where(is_cdu, number, n)[::-1])[::-1]
    behind, ahead = np.maximum(left, 0), np.minimum(right, n - 1)
    low = np.where((left >= 0) & (run[behind] == run), at - at[behind], np.inf)
    high = np.where((right < n) & (run[ahead] == run), at[ahead] - at, np.inf)
    is_up = low <= high
    source = np.where(is_up, behind, ahead)
    away = np.minimum(low, high)
    fed = np.flatnonzero(np.isfinite(away) & ~is_cdu)
    # Along a chain places count up or down from its source: one key sorts by group, chain, place.
    along = np.where(is_up, number, 2 * source - number)[fed]
    chain = (group[run[fed]] * n + source[fed]) * 2 + ~is_up[fed]
    fed = fed[np.argsort(chain * (2 * n) + along)]
    begins = np.ones(fed.size, dtype=bool)
    begins[1:] = (np.diff(source[fed]) != 0) | (np.diff(is_up[fed].astype(np.int64)) != 0)
    first = np.flatnonzero(begins)
    place = np.full(n, -1)
    place[fed] = np.arange(fed.size)
    tie = np.flatnonzero(
        (run[1:] == run[:-1]) & (place[1:] >= 0) & (place[:-1] >= 0) & is_up[:-1] & ~is_up[1:]
    )
    ends = np.append(first[1:], fed.size) - 1
    return Ways(
        point=point[fed],
        run=run[fed],
        from_m=np.where(begins, at[source[fed]], np.append(0.0, at[fed])[:-1]),
        to_m=at[fed],
        before=np.where(begins, -1, np.arange(fed.size) - 1),
        last=ends[np.cumsum(begins) - 1] if fed.size else fed,
        source=np.where(begins, unit[source[fed]], -1),
        tie_start=place[tie],
        tie_end=place[tie + 1],
        tie_source=np.full(tie.size, -1),
        tie_run=run[tie],
        tie_from_m=at[tie],
        tie_to_m=at[tie + 1],
    )


def ways_in_graph(racks: Hung, cdus: Hung, joints: list[Joint]) -> Ways:
    """Ways along runs that join each other.

    Parameters
    ----------
    racks, cdus : Hung
        Where racks and CDUs lie on runs.
    joints : list of Joint
        Which places are one.

    Returns
    -------
    Ways
        Racks that no way leads to are left out.

    Notes
    -----
    Dijkstra's shortest paths from all CDUs at once [1]_; what is on none of them is a tie, and
    dead ends without racks are left out.

    References
    ----------
    .. [1] E. W. Dijkstra, "A note on two problems in connexion with graphs," Numer. Math.,
       vol. 1, pp. 269-271, 1959. doi:10.1007/BF01386390
    """
    graph = _Graph(joints)
    sources: dict[int, int] = {}
    for unit, (run, at) in zip(cdus.point.tolist(), _on(cdus), strict=True):
        sources.setdefault(graph.node(_key(run, at)), unit)
    points: dict[int, int] = {}
    for point, (run, at) in zip(racks.point.tolist(), _on(racks), strict=True):
        points[graph.alone(run, at)] = point
    edges = graph.edges()
    parent = _shortest(edges, set(sources))
    kept = _without_dead_ends(edges, parent, points, set(sources))
    return _written(edges, parent, kept, points, sources)


@dataclass(frozen=True, slots=True)
class _Edge:
    a: int
    b: int
    run: int
    at_a: float
    at_b: float


class _Graph:
    """Nodes of a network of runs, with places that are one made one."""

    def __init__(self, joints: list[Joint]) -> None:
        self.same: dict[Key, Key] = {}
        self.number: dict[Key, int] = {}
        self.on_run: dict[int, set[tuple[float, int]]] = defaultdict(set)
        for joint in joints:
            end, on = self._top(joint.end), self._top(joint.on)
            self.same[max(end, on)] = min(end, on)
        for joint in joints:
            for key in (joint.end, joint.on):
                self.node(key)

    def _top(self, key: Key) -> Key:
        while (above := self.same.get(key, key)) != key:
            key = above
        return key

    def node(self, key: Key) -> int:
        """The node at a place, shared by all that lie there."""
        found = self.number.setdefault(self._top(key), len(self.number))
        self.on_run[key[0]].add((key[1], found))
        return found

    def alone(self, run: int, at_m: float) -> int:
        """A node of its own."""
        found = self.number.setdefault((-1, float(len(self.number))), len(self.number))
        self.on_run[run].add((at_m, found))
        return found

    def edges(self) -> list[_Edge]:
        """Pieces between neighbours on each run."""
        found = []
        for run, places in sorted(self.on_run.items()):
            row = sorted(places)
            for (at_a, a), (at_b, b) in pairwise(row):
                if a != b:
                    found.append(_Edge(a, b, run, at_a, at_b))
        return found


def _key(run: int, at_m: float) -> Key:
    return run, round(at_m, SAME_PLACE_DIGITS)


def _on(places: Hung) -> list[Key]:
    return list(zip(places.run.tolist(), places.at_m.tolist(), strict=True))


def joint(end_run: int, end_m: float, on_run: int, on_m: float) -> Joint:
    """The end of a run that lies on another.

    Notes
    -----
    Definition.
    """
    return Joint(end=_key(end_run, end_m), on=_key(on_run, on_m))


def _shortest(edges: list[_Edge], sources: set[int]) -> dict[int, int]:
    """The edge by which each node that can be reached is reached."""
    beside: dict[int, list[tuple[int, int, float]]] = defaultdict(list)
    for number, edge in enumerate(edges):
        length = edge.at_b - edge.at_a
        beside[edge.a].append((number, edge.b, length))
        beside[edge.b].append((number, edge.a, length))
    parent: dict[int, int] = {}
    done: set[int] = set()
    heap = [(0.0, -1, node) for node in sorted(sources)]
    while heap:
        away, by, node = heapq.heappop(heap)
        if node in done:
            continue
        done.add(node)
        if by >= 0:
            parent[node] = by
        for number, other, length in beside[node]:
            if other not in done:
                heapq.heappush(heap, (away + length, number, other))
    return parent


def _without_dead_ends(
    edges: list[_Edge], parent: dict[int, int], points: dict[int, int], sources: set[int]
) -> list[int]:
    """Edges that lead somewhere: to a rack, or round to another way."""
    reached = sources | parent.keys()
    kept = {
        number
        for number, edge in enumerate(edges)
        if edge.a in reached and not (edge.a in sources and edge.b in sources)
    }
    meets: dict[int, set[int]] = defaultdict(set)
    for number in kept:
        meets[edges[number].a].add(number)
        meets[edges[number].b].add(number)
    idle = [node for node in meets if node not in points and node not in sources]
    while idle:
        node = idle.pop()
        if len(meets[node]) != 1:
            continue
        number = meets[node].pop()
        kept.discard(number)
        edge = edges[number]
        other = edge.b if edge.a == node else edge.a
        meets[other].discard(number)
        if other not in points and other not in sources:
            idle.append(other)
    return sorted(kept)


def _written(
    edges: list[_Edge],
    parent: dict[int, int],
    kept: list[int],
    points: dict[int, int],
    sources: dict[int, int],
) -> Ways:
    children: dict[int, list[tuple[int, int]]] = defaultdict(list)
    in_tree = {parent[node]: node for node in parent}
    for number in kept:
        if (node := in_tree.get(number)) is not None:
            edge = edges[number]
            children[edge.b if edge.a == node else edge.a].append((node, number))
    pieces: list[tuple[int, int, float, float, int, int]] = []
    last: list[int] = []
    place: dict[int, int] = dict.fromkeys(sources, -1)
    stack = [(node, number, -1) for s in sorted(sources) for node, number in children[s]][::-1]
    while stack:
        node, number, before = stack.pop()
        edge = edges[number]
        start, end = (edge.at_a, edge.at_b) if edge.b == node else (edge.at_b, edge.at_a)
        place[node] = len(pieces)
        near = edge.a if edge.b == node else edge.b
        unit = sources[near] if before < 0 else -1
        pieces.append((points.get(node, -1), edge.run, start, end, before, unit))
        last.append(place[node])
        stack += [(child, by, place[node]) for child, by in children[node][::-1]]
    for number in range(len(pieces) - 1, -1, -1):
        before = pieces[number][4]
        if before >= 0:
            last[before] = max(last[before], last[number])
    ties = [
        (
            place[edge.a],
            place[edge.b],
            edge.run,
            edge.at_a,
            edge.at_b,
            sources.get(edge.a, sources.get(edge.b, -1)),
        )
        for edge in (edges[number] for number in kept if number not in in_tree)
    ]
    point, run, start_m, end_m, before_, unit_ = np.array(pieces, dtype=np.float64).reshape(-1, 6).T
    a, b, tie_run, tie_from, tie_to, tie_unit = np.array(ties, dtype=np.float64).reshape(-1, 6).T
    return Ways(
        point=point.astype(np.int64),
        run=run.astype(np.int64),
        from_m=start_m,
        to_m=end_m,
        before=before_.astype(np.int64),
        last=np.array(last, dtype=np.int64),
        source=unit_.astype(np.int64),
        tie_start=a.astype(np.int64),
        tie_end=b.astype(np.int64),
        tie_source=tie_unit.astype(np.int64),
        tie_run=tie_run.astype(np.int64),
        tie_from_m=tie_from,
        tie_to_m=tie_to,
    )
