"""The levels of a supply: which sources stand side by side, and which loads share them."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from engine.faults.redundancy import Study
from engine.plant import Floats, Ints
from engine.power.supply import Tree

MOST_TOGETHER = 64  # sources of one system whose pairs of losses are gone through


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """Power nodes of one kind at one depth of it, and the loads that come through them."""

    kind: str
    depth: int  # nodes of the same kind above
    nodes: Ints
    systems: tuple["System", ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """Sources that share loads, directly or through others; nothing else shares theirs."""

    nodes: Ints
    rating_kw: Floats  # that each may carry for ever; shape (sources,)
    power_kw: Floats  # of each group of loads, the losses below included; shape (groups,)
    share: Floats  # of each group on each source, shape (groups, sources), rows sum to 1 or less
    has_other: bool  # some loads have a feed that passes this level by

    @property
    def is_rated(self) -> bool:
        """Whether every source states what it may carry."""
        return bool((self.rating_kw > 0.0).all())

    @property
    def signature(self) -> tuple[object, ...]:
        """What systems alike have in common."""
        return (
            tuple(np.round(self.rating_kw, 3).tolist()),
            tuple(np.round(self.power_kw, 3).tolist()),
            tuple(np.round(self.share, 6).ravel().tolist()),
        )


def levels_of(study: Study) -> tuple[Level, ...]:
    """Every level of the supply of a plant, from the sources down.

    Parameters
    ----------
    study : Study
        The plant in steady operation.

    Returns
    -------
    tuple of Level
        Nodes of a kind below nodes of the same kind make a level of their own.

    Notes
    -----
    Definition. Loads with the same two nodes of a level form one group; each node carries half of
    a group with two, and all of a group with one. Where the other feed of a load has no node of
    the level, half of it comes past the level. A group's power is that of its racks, CDUs and air
    handlers, raised by the losses between them and the level in normal operation.
    """
    nodes, tree = study.plant.power_nodes, study.tree
    depth = _depth_of_kind(nodes.kind, tree)
    kinds = sorted(
        {(kind, int(each)) for kind, each in zip(nodes.kind, depth.tolist(), strict=True)},
        key=lambda key: _rank(study, key, depth),
    )
    return tuple(_level(study, kind, each, depth) for kind, each in kinds)


def _rank(study: Study, key: tuple[str, int], depth: Ints) -> tuple[float, str, int]:
    """Levels stand in the order of the mean distance of their nodes from the source."""
    from_source = np.zeros(len(depth))
    for number, level in enumerate(study.tree.levels):
        from_source[level] = number
    mine = _of(study, *key, depth)
    return (float(from_source[mine].mean()), *key)


def _of(study: Study, kind: str, each: int, depth: Ints) -> Ints:
    is_kind = np.array(study.plant.power_nodes.kind, dtype=object) == kind
    return np.flatnonzero(is_kind & (depth == each))


def _depth_of_kind(kinds: tuple[str, ...], tree: Tree) -> Ints:
    """How many nodes of its own kind each node has above it."""
    depth = np.zeros(len(kinds), dtype=np.int64)
    above: list[dict[str, int]] = [{} for _ in kinds]
    for level in tree.levels:
        for node in level.tolist():
            parent = int(tree.parent[node])
            seen = {} if parent < 0 else above[parent]
            depth[node] = seen.get(kinds[node], 0)
            above[node] = {**seen, kinds[node]: int(depth[node]) + 1}
    return depth


def _level(study: Study, kind: str, each: int, depth: Ints) -> Level:
    rows = _of(study, kind, each, depth)
    above = _nearest(study.tree, rows, len(depth))
    consumers = study.consumers
    on_a, on_b = (np.append(above, -1)[feed] for feed in (consumers.feed_a, consumers.feed_b))
    return Level(
        kind=kind, depth=each, nodes=rows, systems=tuple(_systems(study, rows, on_a, on_b))
    )


def _nearest(tree: Tree, rows: Ints, count: int) -> Ints:
    """The node of a level that each node hangs on or is; -1 where there is none."""
    above = np.full(count, -1, dtype=np.int64)
    above[rows] = rows
    for level in tree.levels[1:]:
        empty = level[above[level] < 0]
        above[empty] = above[tree.parent[empty]]
    return above


def _systems(study: Study, rows: Ints, on_a: Ints, on_b: Ints) -> Iterator[System]:
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    consumers, place = study.consumers, {int(row): i for i, row in enumerate(rows)}
    used = (on_a >= 0) | (on_b >= 0)
    pairs, group = np.unique(np.column_stack([on_a, on_b])[used], axis=0, return_inverse=True)
    power = np.bincount(group.ravel(), consumers.load_kw[used], len(pairs))
    has_a, has_b = consumers.feed_a >= 0, consumers.feed_b >= 0
    past = used & ((has_a & (on_a < 0)) | (has_b & (on_b < 0)))
    past_kw = np.bincount(group.ravel(), (consumers.load_kw * past)[used], len(pairs))
    passing = np.divide(past_kw, power, out=np.zeros_like(power), where=power > 0.0)
    share = np.zeros((len(pairs), len(rows)))
    for g, (one, other) in enumerate(pairs.tolist()):
        for node in (one, other):
            if node >= 0:
                alone = one < 0 or other < 0
                share[g, place[node]] += 1.0 - 0.5 * passing[g] if alone else 0.5
    carried = power @ share
    lifted = np.divide(
        study.operation.power.nodes.normal_kw[rows],
        carried,
        out=np.ones(len(rows)),
        where=carried > 0.0,
    )
    total = share.sum(axis=1)
    power = power * np.divide(share @ lifted, total, out=np.ones(len(pairs)), where=total > 0.0)
    both = pairs[(pairs >= 0).all(axis=1)]
    one, other = (np.array([place[node] for node in both[:, i].tolist()], int) for i in (0, 1))
    links = coo_array((np.ones(len(both)), (one, other)), shape=(len(rows), len(rows)))
    count, of_node = connected_components(links, directed=False)
    of_group = of_node[share.argmax(axis=1)] if len(pairs) else np.zeros(0, dtype=np.int64)
    for system in range(count):
        mine, theirs = np.flatnonzero(of_node == system), np.flatnonzero(of_group == system)
        yield System(
            nodes=rows[mine],
            rating_kw=study.limit_kw[rows[mine]],
            power_kw=power[theirs],
            share=share[np.ix_(theirs, mine)],
            has_other=bool((passing[theirs] > 0.0).any()),
        )
