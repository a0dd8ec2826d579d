"""Every single loss of a power node at once, by what it moves from one node to another.

A loss touches few nodes: those above it shed its load, and those above the partner feeds take it.
Only these changes are carried up the tree; all other nodes keep their normal load.
"""

from dataclasses import dataclass

import numpy as np

from engine.plant import Bools, Floats, Ints, PowerNodes
from engine.power.radial import radial
from engine.power.supply import Consumers, Flow, Tree, carry, node_loss_kw

SLACK_KW = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfers:
    """One scenario per node lost; pairs as two arrays of equal length."""

    dark_loss: Ints  # scenario of each consumer that goes dark
    dark_consumer: Ints
    one_side: Ints  # consumers of two feeds with one left, per scenario
    over_loss: Ints  # scenario of each node over its limit
    over_node: Ints
    worst_fraction: Floats  # highest load over limit per scenario; -1 without limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """Consumers that hang on the same two feeds."""

    of_consumer: Ints  # -1: hangs on nothing
    feed_a: Ints
    feed_b: Ints
    on_a: Ints  # shape (groups, depth): the A feed and all above it, -1 padded
    on_b: Ints
    a_is_shared: Bools  # which of ``on_a`` feed the B side as well
    b_is_shared: Bools


def group_feeds(tree: Tree, consumers: Consumers) -> Groups:
    """Consumers by their pair of feeds, with every node above either.

    Parameters
    ----------
    tree : Tree
        Supply order.
    consumers : Consumers
        What draws power.

    Returns
    -------
    Groups
        One row per pair of feeds.

    Notes
    -----
    Definition.
    """
    count, depth = len(tree.parent), max(len(tree.levels), 1)
    above = np.full((count + 1, depth), -1, dtype=np.int64)
    for level in tree.levels:
        above[level, 0] = level
        above[level, 1:] = above[tree.parent[level], :-1]
    above[count] = -1
    key = (consumers.feed_a + 1) * (count + 1) + consumers.feed_b + 1
    keys, of_consumer = np.unique(key, return_inverse=True)
    feed_a, feed_b = keys // (count + 1) - 1, keys % (count + 1) - 1
    on_a, on_b = above[feed_a], above[feed_b]
    same = (on_a[:, :, None] == on_b[:, None, :]) & (on_a[:, :, None] >= 0)
    return Groups(
        of_consumer=np.where(consumers.is_fed, of_consumer, -1),
        feed_a=feed_a,
        feed_b=feed_b,
        on_a=on_a,
        on_b=on_b,
        a_is_shared=np.asarray(same.any(axis=2)),
        b_is_shared=np.asarray(same.any(axis=1)),
    )


def single_transfers(
    nodes: PowerNodes, tree: Tree, consumers: Consumers, limit_kw: Floats
) -> Transfers:
    """What the loss of each power node does, all of them in one pass.

    Parameters
    ----------
    nodes : PowerNodes
        Ratings and loss curves.
    tree : Tree
        Supply order of the same nodes.
    consumers : Consumers
        What draws power.
    limit_kw : array, shape (n_nodes,)
        What each node may carry for hours; 0: no limit. [kW]

    Returns
    -------
    Transfers
        Equal to `engine.power.supply.carry` with each node dead in turn.

    Notes
    -----
    Definition. A consumer of two feeds that loses one draws all from the other; losses follow each
    node's own curve. The cost grows with the number of pairs of nodes above the same consumers,
    not with nodes times nodes.
    """
    groups = group_feeds(tree, consumers)
    flow = carry(nodes, tree, consumers, np.zeros(len(nodes), dtype=bool))
    fed = groups.of_consumer >= 0
    of, load = groups.of_consumer[fed], consumers.load_kw[fed]
    members = np.bincount(of, minlength=len(groups.feed_a))
    group_kw = np.bincount(of, load, minlength=len(groups.feed_a))
    is_dual = (groups.feed_a >= 0) & (groups.feed_b >= 0)
    moved = []
    one_side = np.zeros(len(nodes), dtype=np.int64)
    for mine, shared, partner in (
        (groups.on_a, groups.a_is_shared, groups.feed_b),
        (groups.on_b, groups.b_is_shared, groups.feed_a),
    ):
        group, place = np.nonzero((mine >= 0) & ~shared & is_dual[:, None])
        lost = mine[group, place]
        moved.append((lost, partner[group], group_kw[group] / 2.0))
        one_side += np.bincount(lost, members[group], minlength=len(nodes)).astype(np.int64)
    own = np.arange(len(nodes))
    shed = tree.parent >= 0
    moved.append((own[shed], tree.parent[shed], -(flow.load_kw + flow.loss_kw)[shed]))
    over, worst = _carried(nodes, tree, flow, limit_kw, moved)
    dark_loss, dark_consumer = _dark(groups, is_dual)
    return Transfers(
        dark_loss=dark_loss,
        dark_consumer=dark_consumer,
        one_side=one_side,
        over_loss=over[0],
        over_node=over[1],
        worst_fraction=worst,
    )


def _dark(groups: Groups, is_dual: Bools) -> tuple[Ints, Ints]:
    """Losses and the consumers that each leaves without a feed."""
    found = []
    for mine, shared, only in (
        (groups.on_a, groups.a_is_shared, groups.feed_b < 0),
        (groups.on_b, groups.b_is_shared & ~is_dual[:, None], groups.feed_a < 0),
    ):
        group, place = np.nonzero((mine >= 0) & (shared | only[:, None]))
        found.append((mine[group, place], group))
    lost, group = (np.concatenate(part) for part in zip(*found, strict=True))
    order = np.argsort(groups.of_consumer, kind="stable")
    sorted_of = groups.of_consumer[order]
    first = np.searchsorted(sorted_of, group, side="left")
    size = np.searchsorted(sorted_of, group, side="right") - first
    within = np.arange(int(size.sum())) - np.repeat(np.cumsum(size) - size, size)
    return np.repeat(lost, size), order[np.repeat(first, size) + within]


def _carried(
    nodes: PowerNodes,
    tree: Tree,
    flow: Flow,
    limit_kw: Floats,
    moved: list[tuple[Ints, Ints, Floats]],
) -> tuple[tuple[Ints, Ints], Floats]:
    """Carry changes up the tree; pairs that are over, and the fullest node per loss."""
    count = len(nodes)
    lost, node, change = (np.concatenate(part) for part in zip(*moved, strict=True))
    depth = np.zeros(count, dtype=np.int64)
    for index, members in enumerate(tree.levels):
        depth[members] = index
    at = depth[node]
    has_limit = limit_kw > 0.0
    normal = np.divide(flow.load_kw, limit_kw, out=np.full(count, -1.0), where=has_limit)
    worst = _untouched(tree, normal)
    over_loss, over_node = [lost[:0]], [lost[:0]]
    rising: tuple[Ints, Ints, Floats] = (node[:0], node[:0], change[:0])
    for level in range(len(tree.levels) - 1, -1, -1):
        here = at == level
        key = np.concatenate([lost[here] * count + node[here], rising[0] * count + rising[1]])
        keys, place = np.unique(key, return_inverse=True)
        gained = np.bincount(place, np.concatenate([change[here], rising[2]]), len(keys))
        scenario, mine = keys // count, keys % count
        load = np.maximum(flow.load_kw[mine] + gained, 0.0)
        limited = has_limit[mine]
        np.maximum.at(worst, scenario[limited], load[limited] / limit_kw[mine[limited]])
        is_over = limited & (load > limit_kw[mine] + SLACK_KW)
        over_loss.append(scenario[is_over])
        over_node.append(mine[is_over])
        input_change = gained + node_loss_kw(nodes, mine, load) - flow.loss_kw[mine]
        up = tree.parent[mine] >= 0
        rising = (scenario[up], tree.parent[mine[up]], input_change[up])
    # Nodes over in normal operation stay over in every loss that leaves them as they are.
    for j in np.flatnonzero(has_limit & (flow.load_kw > limit_kw + SLACK_KW)).tolist():
        kept = np.flatnonzero(~_touched(tree, lost, node, j))
        over_loss.append(kept)
        over_node.append(np.full(len(kept), j))
    return (np.concatenate(over_loss), np.concatenate(over_node)), worst


def _touched(tree: Tree, lost: Ints, node: Ints, j: int) -> Bools:
    """Losses that change the load of node ``j``, or take it along."""
    is_below = np.zeros(len(tree.parent), dtype=bool)
    is_below[j] = True
    for level in tree.levels[1:]:
        is_below[level] |= is_below[tree.parent[level]]
    touched = np.zeros(len(tree.parent), dtype=bool)
    touched[lost[is_below[node]]] = True
    while j >= 0:
        touched[j] = True
        j = int(tree.parent[j])
    return touched


def _untouched(tree: Tree, normal: Floats) -> Floats:
    """For each node lost, the greatest normal value away from what is below and above it."""
    order = radial(tree.parent)
    by_place = normal[order.order]
    count = len(by_place)
    table = [by_place]
    while 2 ** len(table) <= count:
        half = 2 ** (len(table) - 1)
        table.append(np.maximum(table[-1][:-half], table[-1][half:]))
    worst: Floats = np.full(count, -1.0)
    own = np.arange(count)
    # The gaps between a node, the nodes above it, and the two ends of the order.
    upper, lower = order.place[own], order.end[order.place[own]]
    node = own
    for _ in tree.levels:
        parent = tree.parent[node]
        has = parent >= 0
        place = order.place[np.maximum(parent, 0)]
        low, high = np.where(has, place + 1, 0), np.where(has, order.end[place], count)
        worst = np.maximum(worst, _greatest(table, low, upper))
        worst = np.maximum(worst, _greatest(table, lower, high))
        # Above a root the gaps are empty from here on.
        upper, lower = np.where(has, place, 0), high
        node = np.where(has, parent, node)
    return worst


def _greatest(table: list[Floats], low: Ints, high: Ints) -> Floats:
    """Greatest value in each range [low, high); -1 for an empty one."""
    found = np.full(len(low), -1.0)
    size = high - low
    for power, row in enumerate(table):
        mine = (size >= 2**power) & (size < 2 ** (power + 1))
        first, last = low[mine], high[mine] - 2**power
        found[mine] = np.maximum(row[first], row[last])
    return found
