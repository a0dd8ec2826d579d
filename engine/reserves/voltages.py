"""The supply as a network with voltages: a load flow beside the sum of loads and losses."""

from dataclasses import dataclass

import numpy as np

from engine.assumptions import Assumptions
from engine.faults.redundancy import Study
from engine.plant import Bools, Floats, Ints
from engine.power.direct import direct_nodes
from engine.power.feeders import RESTARTS, FeederLines, feeder_lines
from engine.power.lines import ambient_factor, continuous_power_kw, line_current_a
from engine.power.load_flow import LoadFlow, dc_load_flow, radial_load_flow
from engine.power.supply import carry
from engine.power.transformers import transformer_circuit

CONVERTS = RESTARTS - {"transformer"}  # their loss is not that of conductors
WARM_C = (40.0, 45.0, 50.0, 55.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Voltages:
    """What a load flow says of one kind of current in normal operation."""

    current: str  # "AC" or "DC"
    nodes: int
    lowest_pu: float
    lowest: int  # node
    conductors_kw: float  # heat of lines, busways and transformer windings
    booked_kw: float  # that the loss curves of the same nodes book under load
    sweeps: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WarmBusways:
    """Busways in the air around them."""

    air_c: float
    factor: float
    nodes: Ints
    rated_a: Floats
    limit_kw: Floats  # for ever, in that air
    worst_kw: Floats


def voltages(study: Study, assumptions: Assumptions) -> tuple[Voltages, ...]:
    """Voltages and heat of the conductors of a plant in normal operation.

    Parameters
    ----------
    study : Study
        The plant in steady operation.
    assumptions : Assumptions
        Lines ``power.feeder.*`` and ``power.transformer.short_circuit_fraction``.

    Returns
    -------
    tuple of Voltages
        Alternating current, then direct current, where there are nodes of it.

    Raises
    ------
    VoltageCollapse
        If the load has no steady state; names the node.

    Notes
    -----
    Definition. `engine.power.load_flow`; UPSs, rectifiers and generators hold nominal voltage at
    their output and draw their load and loss from the node above, transformers are the series
    branch of their nameplate.
    """
    nodes = study.plant.power_nodes
    if not len(nodes):
        return ()
    held = np.array([kind in CONVERTS for kind in nodes.kind])
    held |= study.tree.parent < 0
    direct = direct_nodes(nodes)
    lines = feeder_lines(study.plant, study.tree, assumptions)
    load = _own_load_kw(study, held)
    found = []
    for mine in (~direct, direct):
        if mine.any():
            found.append(_solved(study, mine, held, lines, load))
    return tuple(found)


def _own_load_kw(study: Study, held: Bools) -> Floats:
    """What hangs on each node itself: consumers, and the input of nodes that hold their voltage."""
    nodes, tree = study.plant.power_nodes, study.tree
    flow = carry(nodes, tree, study.consumers, np.zeros(len(nodes), dtype=bool))
    load = np.zeros(len(nodes))
    consumers = study.consumers
    for feed, kw in ((consumers.feed_a, flow.on_a_kw), (consumers.feed_b, flow.on_b_kw)):
        load += np.bincount(feed[feed >= 0], kw[feed >= 0], len(nodes))
    fed = np.flatnonzero(held & (tree.parent >= 0))
    return load + np.bincount(tree.parent[fed], (flow.load_kw + flow.loss_kw)[fed], len(nodes))


def _solved(study: Study, mine: Bools, held: Bools, lines: FeederLines, load: Floats) -> Voltages:
    rows, assumptions = np.flatnonzero(mine), study.assumptions
    name = "DC" if direct_nodes(study.plant.power_nodes)[rows[0]] else "AC"
    nodes, tree = study.plant.power_nodes, study.tree
    factor = study.plant.site.power_factor
    place = np.full(len(nodes) + 1, -1, dtype=np.int64)
    place[rows] = np.arange(len(rows))
    parent = np.where(held[rows], -1, place[tree.parent[rows]])
    r = np.where(held, 0.0, lines.ohm)[rows]
    x = np.where(held, 0.0, lines.reactance_ohm)[rows]
    kinds = np.array(nodes.kind, dtype=object)
    units = np.flatnonzero((kinds[rows] == "transformer") & (nodes.rating_kw[rows] > 0.0))
    if units.size:
        of = rows[units]
        circuit = transformer_circuit(
            nodes.rating_kw[of] / factor,
            nodes.voltage_v[of],
            short_circuit_fraction=assumptions.value("power.transformer.short_circuit_fraction"),
            load_loss_kw=nodes.loss_c[of] * nodes.rating_kw[of],
        )
        r[units], x[units] = r[units] + circuit.resistance_ohm, x[units] + circuit.reactance_ohm
    names = [nodes.tag[row] or nodes.id[row] for row in rows.tolist()]
    volts = nodes.voltage_v[rows]
    flow: LoadFlow
    if name == "DC":
        flow = dc_load_flow(
            parent, loop_resistance_ohm=2.0 * r, load_kw=load[rows], nominal_v=volts, ids=names
        )
    else:
        flow = radial_load_flow(
            parent,
            resistance_ohm=r,
            reactance_ohm=x,
            load_kw=load[rows],
            load_kvar=load[rows] * np.tan(np.arccos(factor)),
            nominal_v=volts,
            ids=names,
        )
    weakest = int(flow.weakest)
    passive = np.array([nodes.kind[row] not in CONVERTS for row in rows.tolist()])
    no_load = nodes.loss_a[rows] * nodes.rating_kw[rows]
    return Voltages(
        current=name,
        nodes=len(rows),
        lowest_pu=float(flow.voltage_pu[weakest]),
        lowest=int(rows[weakest]),
        conductors_kw=float(flow.loss_kw.sum()),
        booked_kw=float((study.operation.power.nodes.loss_kw[rows] - no_load)[passive].sum()),
        sweeps=flow.sweeps,
    )


def warm_busways(study: Study, assumptions: Assumptions) -> WarmBusways | None:
    """What busways may carry in the air that racks warm around them.

    Parameters
    ----------
    study : Study
        The plant in steady operation.
    assumptions : Assumptions
        Lines ``busway.*`` and ``cooling.air_rise_k``.

    Returns
    -------
    WarmBusways or None
        None without rated busways of alternating current.

    Raises
    ------
    OutOfRange
        If the air is warmer than 55 degrees.

    Notes
    -----
    Definition. Air as it leaves the racks; see `engine.power.lines.ambient_factor` and
    `engine.power.lines.continuous_power_kw`.
    """
    plant = study.plant
    nodes, factor = plant.power_nodes, plant.site.power_factor
    is_busway = np.array([kind == "busway" for kind in nodes.kind], dtype=bool)
    rows = np.flatnonzero(is_busway & (study.limit_kw > 0.0) & ~direct_nodes(nodes))
    if not rows.size:
        return None
    air = plant.site.air_supply_c + assumptions.value("cooling.air_rise_k")
    share = ambient_factor(
        air, WARM_C, [assumptions.value(f"busway.factor_{c:.0f}c") for c in WARM_C]
    )
    rated = line_current_a(nodes.rating_kw[rows], nodes.voltage_v[rows], factor)
    return WarmBusways(
        air_c=air,
        factor=float(share),
        nodes=rows,
        rated_a=rated,
        limit_kw=continuous_power_kw(
            rated,
            nodes.voltage_v[rows],
            factor,
            continuous_fraction=study.limit_kw[rows] / nodes.rating_kw[rows],
            ambient_factor=share,
        ),
        worst_kw=study.operation.power.nodes.worst_kw[rows],
    )
