"""Direct current: what hangs behind rectifiers, what racks draw there, and what a fault brings."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import numpy as np

from engine.assumptions import Assumptions
from engine.findings import Finding
from engine.plant import Bools, Floats, Ints, Plant, PowerNodes
from engine.power.transformers import short_circuit_current_ka
from engine.provenance import listing
from engine.rules import RuleSet

PASSES_ON: Final = frozenset({"panel", "busway", "switchboard"})  # give what they are fed with
BRIDGE: Final = 3.0 * np.sqrt(2.0) / np.pi  # direct over three-phase short-circuit current


def direct_nodes(nodes: PowerNodes) -> Bools:
    """Power nodes that give direct current.

    Parameters
    ----------
    nodes : PowerNodes
        The supply.

    Returns
    -------
    array of bool, shape (n_nodes,)
        Rectifiers, and panels, busways and switchboards behind them.

    Notes
    -----
    Definition.
    """
    kinds = np.array(nodes.kind, dtype=object)
    direct = np.asarray(kinds == "rectifier", dtype=bool)
    if not direct.any():
        return direct
    passes = np.isin(kinds, list(PASSES_ON)) & (nodes.parent >= 0)
    while True:
        more = direct | (passes & direct[nodes.parent])
        if (more == direct).all():
            return direct
        direct = more


def on_direct_current(plant: Plant, assumptions: Assumptions) -> Plant:
    """The plant with racks behind rectifiers drawing what they draw there.

    Parameters
    ----------
    plant : Plant
        Racks with the power that they draw from alternating current.
    assumptions : Assumptions
        Lines ``power.rack_shelf.efficiency`` and ``power.rack_converter.efficiency``.

    Returns
    -------
    Plant
        The same where no rack has direct current on all its feeds.

    Notes
    -----
    Definition. A converter from 800 V to 50 V takes the place of the power shelf: power times
    shelf over converter efficiency. The coolant takes what it took; the difference was air's.
    """
    racks, direct = plant.racks, np.append(direct_nodes(plant.power_nodes), False)
    a, b = racks.feed_a, racks.feed_b
    is_direct = (direct[a] | direct[b]) & (direct[a] | (a < 0)) & (direct[b] | (b < 0))
    if not is_direct.any():
        return plant
    ratio = np.where(is_direct, shelf_over_converter(assumptions), 1.0)
    figures = ("nameplate_kw", "tdp_kw", "sustained_kw", "peak_kw", "idle_kw")
    return replace(
        plant,
        racks=replace(
            racks,
            **{name: getattr(racks, name) * ratio for name in figures},
            liquid_fraction=np.where(
                is_direct, np.minimum(racks.liquid_fraction / ratio, 1.0), racks.liquid_fraction
            ),
            is_direct=is_direct,
        ),
    )


def shelf_over_converter(assumptions: Assumptions) -> float:
    """Power that a rack draws from direct current, over what it draws from alternating current.

    Notes
    -----
    Definition. Efficiency of the power shelf over that of the converter.
    """
    value = assumptions.value
    return value("power.rack_shelf.efficiency") / value("power.rack_converter.efficiency")


def compute_kw(plant: Plant, rack_kw: Floats, assumptions: Assumptions) -> float:
    """Power that reaches the chips of all racks, after fans and conversions in the rack.

    Parameters
    ----------
    plant : Plant
        Racks.
    rack_kw : array, shape (n_racks,)
        Power of each at its input. [kW]
    assumptions : Assumptions
        Line ``energy.compute_fraction``, for racks on alternating current.

    Returns
    -------
    float
        Power. [kW]

    Notes
    -----
    Definition. The same chips get the same power whichever way it comes.
    """
    share = assumptions.value("energy.compute_fraction")
    factor = np.where(plant.racks.is_direct, share / shelf_over_converter(assumptions), share)
    return float((rack_kw * np.minimum(factor, 1.0)).sum())


def fault_ka(plant: Plant, loop_ohm: Floats, levels: tuple[Ints, ...], vk: float) -> Floats:
    r"""Short-circuit current between the poles at each node that gives direct current.

    Parameters
    ----------
    plant : Plant
        Power nodes.
    loop_ohm : array, shape (n_nodes,)
        Resistance of both conductors of the line into each node, its own length included. [ohm]
    levels : tuple of array of int
        Nodes from the sources down.
    vk : float
        Short-circuit voltage of the transformer above, over rated voltage. [-]

    Returns
    -------
    array, shape (n_nodes,)
        Greatest current; 0 where none is known: alternating current, or no transformer above. [kA]

    Notes
    -----
    At a rectifier :math:`\frac{3\sqrt 2}{\pi} I''_k` of the transformer above, at the terminals of
    a stiff supply [1]_: an upper bound that lines before the rectifier, its reactors and a limit
    of its own lower. Behind it :math:`1 / (1/I + R/U)`. What capacitors discharge in the first
    milliseconds is not counted.

    References
    ----------
    .. [1] IEC 61660-1:1997, clause 2.2 (quasi steady-state current of a rectifier, lambda = 1).
    """
    nodes = plant.power_nodes
    direct = direct_nodes(nodes)
    found = np.zeros(len(nodes))
    if not direct.any():
        return found
    behind = np.zeros(len(nodes))  # of the transformer above, alternating
    for level in levels:
        for node in level.tolist():
            above = int(nodes.parent[node])
            if nodes.kind[node] == "transformer" and nodes.rating_kw[node] > 0.0:
                kva = nodes.rating_kw[node] / plant.site.power_factor
                behind[node] = float(short_circuit_current_ka(kva, nodes.voltage_v[node], vk))
            elif above >= 0:
                behind[node] = behind[above]
            if nodes.kind[node] == "rectifier":
                found[node] = BRIDGE * behind[node]
            elif direct[node] and above >= 0 and found[above] > 0.0:
                found[node] = 1.0 / (
                    1.0 / found[above] + 1e3 * loop_ohm[node] / nodes.voltage_v[node]
                )
    return found


def direct_findings(plant: Plant, rules: RuleSet, fault: Floats) -> Iterator[Finding]:
    """What does not go together where direct current is drawn.

    Parameters
    ----------
    plant : Plant
        Power nodes, racks and what else hangs on them.
    rules : RuleSet
        POW-DC-VOLTAGE, POW-DC-MIXED and POW-FAULT.
    fault : array, shape (n_nodes,)
        From `fault_ka`. [kA]

    Yields
    ------
    Finding
        None without a rectifier.

    Notes
    -----
    Definition.
    """
    nodes = plant.power_nodes
    direct = direct_nodes(nodes)
    yield from _voltages(plant, rules, direct)
    if not direct.any():
        return
    yield from _mixed(plant, rules, np.append(direct, False))
    rule = rules["POW-FAULT"]
    for node in np.flatnonzero((nodes.fault_ka > 0.0) & (fault > nodes.fault_ka)).tolist():
        yield rule.finding(
            element_ids=[nodes.id[node]],
            measured=float(fault[node]),
            required=float(nodes.fault_ka[node]),
            subject=nodes.tag[node] or nodes.kind[node],
        )


def _voltages(plant: Plant, rules: RuleSet, direct: Bools) -> Iterator[Finding]:
    """Gear that is made for another voltage than it is fed with."""
    nodes, rule = plant.power_nodes, rules["POW-DC-VOLTAGE"]
    passes = np.isin(np.array(nodes.kind, dtype=object), list(PASSES_ON)) & (nodes.parent >= 0)
    source = nodes.voltage_v[nodes.parent]
    off = np.abs(nodes.voltage_v - source) > rule.value * source
    for node in np.flatnonzero(passes & direct & off).tolist():
        parent = int(nodes.parent[node])
        yield rule.finding(
            element_ids=[nodes.id[node]],
            measured=float(nodes.voltage_v[node]),
            required=float(source[node]),
            subject=nodes.tag[node] or nodes.kind[node],
            other=nodes.tag[parent] or nodes.kind[parent],
        )


def _mixed(plant: Plant, rules: RuleSet, direct: Bools) -> Iterator[Finding]:
    """Racks with one feed of each current, and motors on direct current."""
    rule, racks = rules["POW-DC-MIXED"], plant.racks
    a, b = racks.feed_a, racks.feed_b
    rows = np.flatnonzero((direct[a] | direct[b]) & ~racks.is_direct).tolist()
    named = [(racks.id[row], racks.tag[row] or racks.id[row]) for row in rows]
    if named:
        yield rule.finding(
            element_ids=[id_ for id_, _ in named],
            measured=float(len(named)),
            subject=listing(tuple(tag for _, tag in named)),
            fault="one feed of direct and one of alternating current: a rack takes one of both",
        )
    motors = [
        (table.id[row], table.tag[row] or table.id[row])
        for table in (plant.cdus, plant.air_handlers)
        for row in np.flatnonzero(direct[table.feed_a] | direct[table.feed_b]).tolist()
    ]
    if motors:
        yield rule.finding(
            element_ids=[id_ for id_, _ in motors],
            measured=float(len(motors)),
            subject=listing(tuple(tag for _, tag in motors)),
            fault="a feed of direct current: CDUs and air handlers run on alternating current",
        )
