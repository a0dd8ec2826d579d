"""Flows and heads of a whole network at once, by the global gradient method."""

from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any, Final

import numpy as np

from engine.hydraulics.elimination import elimination_of
from engine.hydraulics.errors import Disconnected, NotConverged, NothingDrives
from engine.hydraulics.gradient import (
    Ended,
    Pattern,
    System,
    balance_nodes,
    careful_steps,
    whole_steps,
)
from engine.hydraulics.kernels import ROUNDING
from engine.hydraulics.laws import Laws, laws_of, loss_and_slope
from engine.hydraulics.network import Network
from engine.plant import Bools, Floats, Ints, Names

TOLERANCE: Final = 1e-9  # sum of changes still to come over sum of flows


@dataclass(frozen=True, slots=True, kw_only=True)
class Flows:
    """The steady state of a network."""

    flow_m3_s: Floats  # per link, positive from start to end
    head_m: Floats  # per node; 0 where dry
    loss_m: Floats  # per link, head at the start less that at the end
    dry_nodes: Names  # cut off by closed links: no flow reaches them
    iterations: int
    change: float  # still to come, over the sum of flows
    imbalance: float  # greatest error of mass at a node, over the greatest flow


def pattern_of(network: Network) -> Pattern:
    """The shape of a network, ready for many solutions.

    Parameters
    ----------
    network : Network
        Nodes and links; closed links are left out.

    Returns
    -------
    Pattern
        For `solve`.

    Raises
    ------
    Disconnected
        If a node is joined to no fixed head, even with every link open.

    Notes
    -----
    Definition. Nodes that only closed links join to a fixed head fall dry.
    """
    lost, pattern = _pattern(
        network.start.tobytes(),
        network.end.tobytes(),
        network.is_closed.tobytes(),
        network.is_fixed.tobytes(),
    )
    if lost.size:
        names = [network.node_id[i] for i in lost[:5]]
        raise Disconnected(
            f"Node {names[0]!r} is joined to no node of known pressure: connect it, or give its "
            "circuit an expansion vessel.",
            nodes=names,
            count=int(lost.size),
        )
    return pattern


@lru_cache(maxsize=64)  # loops of one shape are many, and stay through most edits
def _pattern(starts: bytes, ends: bytes, closed: bytes, fixed: bytes) -> tuple[Ints, Pattern]:
    """Nodes that no link joins to a fixed head, and the pattern, of ends as they lie in memory."""
    start, end = (np.frombuffer(each, dtype=np.int64) for each in (starts, ends))
    is_closed, is_fixed = (np.frombuffer(each, dtype=bool) for each in (closed, fixed))
    part, wet = _parts(start, end, is_fixed)
    lost = np.flatnonzero(~wet)
    if is_closed.any():
        part, wet = _parts(start[~is_closed], end[~is_closed], is_fixed)
    live = np.flatnonzero(~is_closed & wet[start] & wet[end])
    seeking = wet & ~is_fixed
    free = np.flatnonzero(seeking)
    number = np.full(seeking.size, -1, dtype=np.int64)
    number[free] = np.arange(free.size)
    a, b = number[start[live]], number[end[live]]
    both = (a >= 0) & (b >= 0)
    program = elimination_of(free.size, a[both], b[both])
    place = np.full(free.size + 1, -1, dtype=np.int64)
    place[program.order] = np.arange(free.size)
    entry = np.full(live.size, -1, dtype=np.int64)
    entry[both] = program.entry
    return lost, Pattern(
        live=live,
        free=free[program.order],
        dry=np.flatnonzero(~wet),
        part=part,
        first=place[a],
        second=place[b],
        program=program,
        entry=entry,
    )


def solve(
    network: Network,
    *,
    pattern: Pattern | None = None,
    start_m3_s: Floats | None = None,
    tolerance: float = TOLERANCE,
) -> Flows:
    r"""Flow in every link and head at every node.

    Parameters
    ----------
    network : Network
        Pipes, valves and pumps.
    pattern : Pattern or None
        Its shape, when known from before.
    start_m3_s : array, shape (n_links,), or None
        Flows to start from, such as those before a small change. [m3/s]
    tolerance : float
        Sum of changes still to come over sum of flows at which it ends. [1]

    Returns
    -------
    Flows
        Mass balanced at each node to 1e-9 of the greatest flow.

    Raises
    ------
    Disconnected
        If a node is joined to no fixed head.
    NothingDrives
        If a part has neither pump, nor demand, nor two heads.
    NotConverged
        If the flows do not settle.

    Notes
    -----
    Global gradient method of Todini and Pilati [1]_ with exact slopes; where whole steps do not
    settle, each is shortened to the least energy along its line, which always does for
    losses that grow with flow.

    References
    ----------
    .. [1] E. Todini and S. Pilati, "A gradient algorithm for the analysis of pipe networks",
       in Computer Applications in Water Supply, vol. 1, Wiley, 1988, pp. 1-20.
    """
    shape = pattern or pattern_of(network)
    _check_drive(network, shape)
    laws = laws_of(network)
    flow = np.array(laws.start if start_m3_s is None else start_m3_s, dtype=np.float64)
    live = shape.live
    known = np.where(network.is_fixed, network.fixed_head_m, 0.0)
    system = System(
        shape=shape,
        laws=_of_links(laws, live),
        demand=network.demand_m3_s[shape.free],
        lift=known[network.start[live]] - known[network.end[live]],
        tolerance=tolerance,
    )
    q, head = flow[live], np.zeros(shape.free.size)
    ended = whole_steps(system, q, head)
    if not ended.change < max(tolerance, ROUNDING):
        q = flow[live]
        ended = careful_steps(system, q, head)
    if not ended.change < max(tolerance, ROUNDING) or not np.isfinite(q).all():
        raise _not_settled(network, system, q)
    balance_nodes(system, q)
    return _result(network, shape, q, head, ended)


def head_residual(network: Network, flows: Flows) -> float:
    r"""How far the heads of a solution are from the losses of its links.

    Parameters
    ----------
    network : Network
        What was solved.
    flows : Flows
        The solution.

    Returns
    -------
    float
        Greatest difference over the greatest head along a link. [1]

    Notes
    -----
    Definition. Links that are closed or dry do not count, nor valves that hold or shut: there the
    last digit of the flow is worth metres.
    """
    laws = laws_of(network)
    loss, slope = loss_and_slope(laws, flows.flow_m3_s)
    live = pattern_of(network).live
    live = live[slope[live] < laws.steep]
    most = float(np.abs(flows.loss_m[live]).max(initial=0.0))
    apart = float(np.abs(loss[live] - flows.loss_m[live]).max(initial=0.0))
    return apart / most if most > 0.0 else apart


def _parts(start: Ints, end: Ints, is_fixed: Bools) -> tuple[Ints, Bools]:
    """Part of each node when only these links join them, and which nodes reach a fixed head."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    count = is_fixed.size
    graph = coo_array((np.ones(start.size, dtype=np.int8), (start, end)), shape=(count, count))
    parts, part = connected_components(graph, directed=False)
    anchored = np.zeros(parts, dtype=bool)
    anchored[part[is_fixed]] = True
    return part.astype(np.int64), anchored[part]


def _check_drive(network: Network, shape: Pattern) -> None:
    """Refuse a circuit in which nothing can move."""
    live, part = shape.live, shape.part
    if not live.size:
        raise NothingDrives("The network has no open link: open one.", links=len(network))
    start, fixed = network.start[live], network.is_fixed
    driven = np.zeros(int(part.max()) + 1, dtype=bool)
    driven[part[start[network.pump_0[live] > 0.0]]] = True
    driven[part[network.demand_m3_s != 0.0]] = True
    lowest, highest = np.full(driven.size, np.inf), np.full(driven.size, -np.inf)
    np.minimum.at(lowest, part[fixed], network.fixed_head_m[fixed])
    np.maximum.at(highest, part[fixed], network.fixed_head_m[fixed])
    still = ~(driven | (highest > lowest))[part[start]]
    if still.any():
        name = network.link_id[int(live[np.argmax(still)])]
        raise NothingDrives(
            f"Nothing drives the circuit of {name!r}: add a pump, a demand or a second pressure.",
            element=name,
        )


def _of_links(laws: Laws, live: Ints) -> Laws:
    if live.size == laws.start.size:
        return laws
    columns: dict[str, Any] = {}
    for item in fields(laws):
        value = getattr(laws, item.name)
        columns[item.name] = value if isinstance(value, float) else value[live]
    return Laws(**columns)


def _not_settled(network: Network, system: System, flow: Floats) -> NotConverged:
    loss, slope = loss_and_slope(system.laws, np.nan_to_num(flow))
    worst = int(
        system.shape.live[int(np.argmax(np.abs(loss) + slope * np.abs(np.nan_to_num(flow))))]
    )
    name = network.link_id[worst]
    return NotConverged(
        f"The flows do not settle, worst at {name!r}: check its bore, length and resistance.",
        element=name,
    )


def _result(network: Network, shape: Pattern, flow: Floats, head: Floats, ended: Ended) -> Flows:
    heads = np.where(network.is_fixed, network.fixed_head_m, 0.0)
    heads[shape.free] = head
    flows, losses = np.zeros(len(network)), np.zeros(len(network))
    flows[shape.live] = flow
    losses[shape.live] = heads[network.start[shape.live]] - heads[network.end[shape.live]]
    net = np.bincount(network.start, flows, heads.size) - np.bincount(
        network.end, flows, heads.size
    )
    astray = np.abs(net + network.demand_m3_s)[shape.free]
    most = max(float(np.abs(flow).max(initial=0.0)), 1e-300)
    return Flows(
        flow_m3_s=flows,
        head_m=heads,
        loss_m=losses,
        dry_nodes=tuple(network.node_id[i] for i in shape.dry),
        iterations=ended.iterations,
        change=ended.change,
        imbalance=float(astray.max(initial=0.0)) / most,
    )
