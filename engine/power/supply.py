"""The supply tree: what each power node carries when some of them are dead."""

from dataclasses import dataclass

import numpy as np

from engine.plant import Bools, Floats, Ints, Plant, PowerNodes

CURVE_END = 2.0  # load over rating


@dataclass(frozen=True, slots=True, kw_only=True)
class Consumers:
    """Everything that hangs on power nodes: racks, then CDUs, then air handlers."""

    load_kw: Floats
    feed_a: Ints
    feed_b: Ints

    @property
    def is_fed(self) -> Bools:
        """Whether a consumer has a feed at all, shape (n,)."""
        fed: Bools = (self.feed_a >= 0) | (self.feed_b >= 0)
        return fed


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """Power nodes by depth, with cycles cut open."""

    parent: Ints
    levels: tuple[Ints, ...]  # node indices, from the sources down
    side: tuple[str, ...]  # "A", "B" or "" (serves both, or nothing)
    cycles: tuple[tuple[int, ...], ...]  # nodes that fed themselves


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """What flows when some nodes are dead."""

    load_kw: Floats  # at the output of each node
    loss_kw: Floats  # in each node
    on_a_kw: Floats  # that each consumer draws through its A feed
    on_b_kw: Floats
    is_dark: Bools  # consumers that have feeds, all of them dead


def consumers_of(plant: Plant, rack_kw: Floats, cdu_kw: Floats, fan_kw: Floats) -> Consumers:
    """The plant's consumers with their loads, in the order racks, CDUs, air handlers.

    Notes
    -----
    Definition.
    """
    tables = (plant.racks, plant.cdus, plant.air_handlers)
    return Consumers(
        load_kw=np.concatenate([rack_kw, cdu_kw, fan_kw]),
        feed_a=np.concatenate([table.feed_a for table in tables]),
        feed_b=np.concatenate([table.feed_b for table in tables]),
    )


def supply_tree(nodes: PowerNodes, consumers: Consumers) -> Tree:
    """The nodes in order of supply.

    Parameters
    ----------
    nodes : PowerNodes
        ``parent`` may contain cycles.
    consumers : Consumers
        Their feeds tell the side of a node that names none.

    Returns
    -------
    Tree
        Each cycle is cut at its first node, which then counts as fed by the utility.

    Notes
    -----
    Definition. A node's side is its own, else that of the nearest node above that names one, else
    the side of the feeds that hang below it when these are all of one side.
    """
    parent = np.array(nodes.parent)
    cycles = _cut_cycles(parent)
    depth = np.zeros(len(nodes), dtype=np.int64)
    above = parent.copy()
    while (above >= 0).any():
        depth += above >= 0
        above = np.where(above >= 0, parent[above], -1)
    levels = tuple(
        np.flatnonzero(depth == level) for level in range(int(depth.max(initial=-1)) + 1)
    )
    return Tree(
        parent=parent, levels=levels, side=_sides(nodes, parent, levels, consumers), cycles=cycles
    )


def tree_of(plant: Plant) -> Tree:
    """The power nodes of a plant in order of supply, whatever they carry.

    Notes
    -----
    Definition. See `supply_tree`.
    """
    tables = (plant.racks, plant.cdus, plant.air_handlers)
    return supply_tree(plant.power_nodes, consumers_of(plant, *(np.zeros(len(t)) for t in tables)))


def dead_below(tree: Tree, lost: Bools) -> Bools:
    """The lost nodes and everything that only they feed.

    Parameters
    ----------
    tree : Tree
        Supply order.
    lost : array, shape (n_nodes,)
        Nodes that fail.

    Returns
    -------
    array, shape (n_nodes,)
        Nodes without supply.

    Notes
    -----
    Definition. A node has one source; it is dead when that is dead.
    """
    dead = lost.copy()
    for level in tree.levels[1:]:
        dead[level] |= dead[tree.parent[level]]
    return dead


def carry(nodes: PowerNodes, tree: Tree, consumers: Consumers, dead: Bools) -> Flow:
    """Load and loss of every node when the dead ones are gone.

    Parameters
    ----------
    nodes : PowerNodes
        Ratings and loss curves.
    tree : Tree
        Supply order of the same nodes.
    consumers : Consumers
        What draws power.
    dead : array, shape (n_nodes,)
        From `dead_below`.

    Returns
    -------
    Flow
        Loads in kW.

    Notes
    -----
    A consumer with two live feeds draws half from each, with one live feed everything from it.
    The tree is summed from the leaves up; a node draws its load and its loss
    r (a + b x + c x^2) with x = load / rating r [1]_. Real power at fixed voltage; a dead node
    loses nothing; a node without a rating loses nothing. The curve holds to twice the rating;
    above, the loss grows in proportion, so that a gross overload is a finding and not an overflow.

    References
    ----------
    .. [1] N. Rasmussen, "Electrical efficiency modeling for data centers," White Paper 113,
       Schneider Electric, 2011: no-load, proportional and square-law losses.
    """
    live_a = (consumers.feed_a >= 0) & ~_at(dead, consumers.feed_a)
    live_b = (consumers.feed_b >= 0) & ~_at(dead, consumers.feed_b)
    share = np.where(live_a & live_b, 0.5, 1.0)
    on_a = np.where(live_a, share, 0.0) * consumers.load_kw
    on_b = np.where(live_b, share, 0.0) * consumers.load_kw
    load = np.zeros(len(nodes))
    for feed, drawn in ((consumers.feed_a, on_a), (consumers.feed_b, on_b)):
        fed = feed >= 0
        load += np.bincount(feed[fed], drawn[fed], minlength=len(nodes))
    loss = np.zeros(len(nodes))
    for level in reversed(tree.levels):
        carried = load[level]
        loss[level] = np.where(dead[level], 0.0, node_loss_kw(nodes, level, carried))
        above = tree.parent[level]
        fed = above >= 0
        load += np.bincount(above[fed], (carried + loss[level])[fed], minlength=len(nodes))
    return Flow(
        load_kw=load,
        loss_kw=loss,
        on_a_kw=on_a,
        on_b_kw=on_b,
        is_dark=consumers.is_fed & ~live_a & ~live_b,
    )


def node_loss_kw(nodes: PowerNodes, rows: Ints, load_kw: Floats) -> Floats:
    """Loss of some power nodes at a load.

    Parameters
    ----------
    nodes : PowerNodes
        Ratings and loss curves.
    rows : array of int, shape (n,)
        Which nodes; one may stand several times.
    load_kw : array, shape (n,)
        Load of each, >= 0. [kW]

    Returns
    -------
    array, shape (n,)
        Loss; 0 without a rating. [kW]

    Notes
    -----
    Definition. The curve of `carry`, to twice the rating and in proportion above.
    """
    rating = nodes.rating_kw[rows]
    x = np.divide(load_kw, rating, out=np.zeros_like(load_kw), where=rating > 0.0)
    held = np.minimum(x, CURVE_END)
    curve = nodes.loss_a[rows] + nodes.loss_b[rows] * held + nodes.loss_c[rows] * held**2
    return np.asarray(rating * curve * np.maximum(x / CURVE_END, 1.0))


def _at(flags: Bools, index: Ints) -> Bools:
    """Flags by index, False where the index is -1."""
    picked: Bools = np.append(flags, False)[index]
    return picked


def _cut_cycles(parent: Ints) -> tuple[tuple[int, ...], ...]:
    """Make ``parent`` a forest in place; returns the nodes of each cycle, lowest first."""
    above = parent.copy()
    for _ in range(int(np.ceil(np.log2(len(parent) + 1))) + 1):
        above = np.where(above >= 0, np.append(above, -1)[above], -1)
    cycles: list[tuple[int, ...]] = []
    on_cycle: set[int] = set()
    for start in np.unique(above[above >= 0]).tolist():
        if start in on_cycle:
            continue
        members = [start]
        while (node := int(parent[members[-1]])) != start:
            members.append(node)
        on_cycle.update(members)
        cycles.append(tuple(sorted(members)))
    for cycle in cycles:
        parent[cycle[0]] = -1
    return tuple(sorted(cycles))


def _sides(
    nodes: PowerNodes, parent: Ints, levels: tuple[Ints, ...], consumers: Consumers
) -> tuple[str, ...]:
    side = list(nodes.side)
    for level in levels[1:]:
        for node in level.tolist():
            side[node] = side[node] or side[int(parent[node])]
    if all(side):
        return tuple(side)
    below = {}
    for name, feed in (("A", consumers.feed_a), ("B", consumers.feed_b)):
        count = np.bincount(feed[feed >= 0], minlength=len(nodes))
        for level in reversed(levels):
            fed = parent[level] >= 0
            count += np.bincount(
                parent[level][fed], count[level][fed], minlength=len(nodes)
            ).astype(np.int64)
        below[name] = count > 0
    for node, name in enumerate(side):
        if not name and below["A"][node] != below["B"][node]:
            side[node] = "A" if below["A"][node] else "B"
    return tuple(side)
