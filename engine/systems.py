"""The systems of a plant as they hang together: the supply tree, and the loops of coolant."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from engine.assumptions import Assumptions
from engine.cooling.coolants import coolant_at
from engine.cooling.filling import filling
from engine.cooling.loop_flows import loop_pipes
from engine.cooling.pipework import Pipes
from engine.evaluation import FacilityPipes, Input, LoopHydraulics, LoopState, Working
from engine.faults.rides import SECONDS_PER_MINUTE, WATER_KJ_PER_LITRE_K
from engine.operation import Operation, operate
from engine.plain import number
from engine.plant import Floats, Plant
from engine.power.direct import direct_nodes
from engine.power.supply import Consumers, consumers_of, supply_tree
from engine.rules import load_rules

MM_PER_M = 1000.0
DIGITS = 4
LEAST_BESIDE_KW = 1e-3


def system_views(plant: Plant, assumptions: Assumptions) -> dict[str, Any]:
    """What a one-line diagram and a loop schematic show of a plant.

    Parameters
    ----------
    plant : Plant
        The plant.
    assumptions : Assumptions
        As for an evaluation.

    Returns
    -------
    dict
        ``power``: nodes as columns, ``parent`` by place, what hangs on them by pair of feeds, and
        what of ``facility_kw`` no drawn node feeds;
        ``loops``: CDUs, headers and racks in order; ``facility``: the water between the CDUs and
        the weather; ``working`` of the figures.

    Notes
    -----
    Definition. The steady state of `engine.operation.operate`. Facility water flows by the assumed
    rise; racks stand in the order of their header, from the CDUs outwards.
    """
    rules = load_rules(plant.rule_set).with_values(assumptions.rule_values)
    return views_of(plant, operate(plant, rules, assumptions), assumptions)


def views_of(plant: Plant, state: Operation, assumptions: Assumptions) -> dict[str, Any]:
    """The same as `system_views`, of a steady state that is known already.

    Parameters
    ----------
    plant : Plant
        The plant.
    state : Operation
        Its steady state.
    assumptions : Assumptions
        As for an evaluation.

    Returns
    -------
    dict
        As `system_views`.

    Notes
    -----
    Definition.
    """
    return {
        "power": _power(plant, state),
        "loops": _loops(plant, state, assumptions),
        "facility": _facility(plant, state, assumptions),
        "working": [_working(each) for each in (*state.power.working, *state.cooling.working)],
    }


def _power(plant: Plant, state: Operation) -> dict[str, Any]:
    nodes, loads, feeders = plant.power_nodes, state.power.nodes, state.power.feeders
    consumers = consumers_of(
        plant, state.power.rack_kw, state.mechanical.cdu_kw, state.mechanical.fan_kw
    )
    tree = supply_tree(nodes, consumers)
    none = np.zeros(len(nodes))
    return {
        "nodes": {
            "id": list(nodes.id),
            "tag": list(nodes.tag),
            "kind": list(nodes.kind),
            "product": list(nodes.product),
            "side": list(tree.side),
            "parent": tree.parent.tolist(),
            "rating_kw": _plain(nodes.rating_kw),
            "limit_kw": _plain(loads.limit_kw),
            "voltage_v": _plain(nodes.voltage_v),
            "is_direct": direct_nodes(nodes).tolist(),
            "fault_ka": _plain(feeders.fault_ka if feeders else none),
            "normal_kw": _plain(loads.normal_kw),
            "worst_kw": _plain(loads.worst_kw),
            "loss_kw": _plain(loads.loss_kw),
            "length_m": _plain(feeders.length_m if feeders else none),
            "drop_fraction": _plain(feeders.drop_fraction if feeders else none, 6),
            "total_drop_fraction": _plain(feeders.total_drop_fraction if feeders else none, 6),
        },
        "loads": _consumer_groups(plant, consumers.load_kw),
        "beside": _beside(state, consumers),
        "facility_kw": number(state.energy.facility_kw),
    }


def _beside(state: Operation, consumers: Consumers) -> list[dict[str, Any]]:
    """The part of the facility power that no drawn node feeds: with the sources it is all of it."""
    power, energy, drawn = state.power, state.energy, state.mechanical
    parts = {
        "heat rejection": energy.heat_rejection_kw + energy.chiller_kw,
        "water pumps": energy.pump_kw - float(drawn.cdu_kw.sum()),
        "air movement": energy.fan_kw - float(drawn.fan_kw.sum()),
        "equipment without a feed": float(consumers.load_kw[~consumers.is_fed].sum()),
        "losses not drawn": power.loss_kw - float(power.nodes.loss_kw.sum()),
        "rest of the site": energy.facility_kw - power.it_kw - power.loss_kw - energy.cooling_kw,
    }
    return [
        {"what": what, "kw": number(kw)} for what, kw in parts.items() if abs(kw) >= LEAST_BESIDE_KW
    ]


def _consumer_groups(plant: Plant, load_kw: Floats) -> list[dict[str, Any]]:
    """Racks, CDUs and air handlers that hang on the same two nodes."""
    groups: dict[tuple[str, int, int], list[tuple[str, str, float]]] = {}
    start = 0
    for kind, table in (
        ("rack", plant.racks),
        ("cdu", plant.cdus),
        ("air_handler", plant.air_handlers),
    ):
        kw = load_kw[start : start + len(table)].tolist()
        rows = zip(
            table.feed_a.tolist(), table.feed_b.tolist(), table.id, table.tag, kw, strict=True
        )
        for a, b, id_, tag, each in rows:
            if a >= 0 or b >= 0:
                groups.setdefault((kind, a, b), []).append((id_, tag, each))
        start += len(table)
    return [
        {
            "kind": kind,
            "feed_a": a,
            "feed_b": b,
            "ids": [row[0] for row in rows],
            "tags": [row[1] for row in rows],
            "kw": number(sum(row[2] for row in rows)),
        }
        for (kind, a, b), rows in groups.items()
    ]


def _loops(plant: Plant, state: Operation, assumptions: Assumptions) -> list[dict[str, Any]]:
    cooling = state.cooling
    rise = assumptions.value("cooling.tcs_rise_k")
    coolant = coolant_at(plant.site.coolant, plant.site.tcs_supply_c + rise / 2.0)
    pipes = loop_pipes(plant, cooling.rack_flow_lpm, coolant, assumptions)
    start = np.searchsorted(pipes.headers.loop, np.arange(len(plant.loops) + 1))
    return [
        {
            **_loop(loop),
            "filling": _filling(plant, state, loop, assumptions),
            "cdus": _cdus(plant, state, place),
            "headers": _headers(
                plant, state, pipes, slice(int(start[place]), int(start[place + 1]))
            ),
        }
        for place, loop in enumerate(cooling.loops)
    ]


def _loop(loop: LoopState) -> dict[str, Any]:
    return {
        "id": loop.loop,
        "heat_kw": number(loop.heat_kw),
        "flow_lpm": number(loop.flow_lpm),
        "capacity_kw": number(loop.capacity_kw),
        "lost_one_capacity_kw": number(loop.lost_one_capacity_kw),
        "n_plus_1": loop.n_plus_1,
        "binds": loop.binds,
        "margin_fraction": None if loop.margin_fraction is None else number(loop.margin_fraction),
        "hydraulics": _hydraulics(loop.hydraulics),
    }


def _filling(
    plant: Plant, state: Operation, loop: LoopState, assumptions: Assumptions
) -> dict[str, Any] | None:
    warmest = state.cooling.tcs_return_c
    if loop.hydraulics is None or warmest is None:
        return None
    found = filling(
        plant.site.coolant,
        pipe_litres=loop.hydraulics.pipe_litres,
        heat_kw=loop.heat_kw,
        return_c=warmest,
        assumptions=assumptions,
    )
    return {name: number(getattr(found, name)) for name in ("litres", "vessel_litres", "npsh_m")}


def _hydraulics(found: LoopHydraulics | None) -> dict[str, Any] | None:
    if found is None:
        return None
    names = (
        "required_kpa",
        "available_kpa",
        "held_kpa",
        "pump_flow_lpm",
        "pump_speed_fraction",
        "velocity_max_m_s",
        "pipe_m",
        "pipe_litres",
        "worst_deficit_fraction",
        "lost_one_deficit_fraction",
    )
    return {
        "return_kind": found.return_kind,
        "control_valves": found.control_valves,
        "worst_rack_id": found.worst_rack_id,
        **{name: number(getattr(found, name)) for name in names},
    }


def _cdus(plant: Plant, state: Operation, loop: int) -> list[dict[str, Any]]:
    found = state.cooling.cdus
    columns = (
        "load_kw",
        "capacity_kw",
        "limit_kw",
        "flow_lpm",
        "load_fraction",
        "lost_one_fraction",
        "supply_c",
        "approach_k",
        "valve_fraction",
        "pump_head_kpa",
        "pump_speed_fraction",
    )
    return [
        {
            "id": found.id[row],
            "tag": found.tag[row],
            "binds": found.binds[row],
            **{name: number(float(getattr(found, name)[row])) for name in columns},
        }
        for row in np.flatnonzero(plant.cdus.loop == loop).tolist()
    ]


def _headers(plant: Plant, state: Operation, pipes: Pipes, places: slice) -> list[dict[str, Any]]:
    """The pipes of a loop that racks hang on, each with its racks from the CDUs outwards."""
    h, runs = pipes.headers, plant.pipes
    rows: list[dict[str, Any]] = []
    row_of: dict[int, dict[str, Any]] = {}
    for place in range(places.start, places.stop):
        run, before = int(h.run[place]), int(h.before[place])
        is_new = before < 0 or int(h.run[before]) != run
        if is_new:
            rows.append(
                {
                    "pipe_id": runs.id[run] if run >= 0 else "",
                    "pipe_tag": runs.tag[run] if run >= 0 else "",
                    "resistance_factor": number(float(h.factor[place])),
                    "length_m": 0.0,
                    "bore_mm": number(round(MM_PER_M * float(pipes.supply_bore_m[place]), 1)),
                    "racks": [],
                }
            )
        row = row_of[place] = rows[-1] if is_new else row_of[before]
        row["length_m"] = number(row["length_m"] + float(h.length_m[place]))
        if h.rack[place] >= 0:
            row["racks"].append(_rack(plant, state, int(h.rack[place])))
    return [row for row in rows if row["racks"]]


def _rack(plant: Plant, state: Operation, rack: int) -> dict[str, Any]:
    racks, cooling = plant.racks, state.cooling
    returns = cooling.rack_return_c[rack]
    return {
        "id": racks.id[rack],
        "tag": racks.tag[rack],
        "asked_lpm": number(float(cooling.rack_flow_lpm[rack])),
        "given_lpm": number(float(cooling.rack_given_lpm[rack])),
        "heat_kw": number(float(cooling.rack_liquid_kw[rack])),
        "return_c": None if returns is None else number(returns),
        "return_max_c": number(float(racks.tcs_return_max_c[rack])),
        "path_kpa": number(float(cooling.rack_path_kpa[rack])),
    }


def _facility(plant: Plant, state: Operation, assumptions: Assumptions) -> dict[str, Any]:
    rise = assumptions.value("cooling.fws_rise_k")
    heat = state.cooling.liquid_kw + float(state.mechanical.cdu_kw.sum())
    units = plant.heat_rejection
    return {
        "tcs_supply_c": number(plant.site.tcs_supply_c),
        "tcs_return_c": state.cooling.tcs_return_c,
        "supply_c": number(plant.site.fws_supply_c),
        "return_c": number(plant.site.fws_supply_c + rise),
        "heat_kw": number(heat),
        "flow_lpm": number(heat * SECONDS_PER_MINUTE / (WATER_KJ_PER_LITRE_K * rise)),
        "coolant": plant.site.coolant,
        "pipes": _facility_pipes(state.cooling.facility),
        "units": [
            {
                "id": id_,
                "tag": tag,
                "kind": kind,
                "capacity_kw": number(capacity),
                "is_joined": network >= 0,
            }
            for id_, tag, kind, capacity, network in zip(
                units.id,
                units.tag,
                units.kind,
                units.capacity_kw.tolist(),
                state.cooling.networks.of_cooler.tolist(),
                strict=True,
            )
        ],
    }


def _facility_pipes(found: FacilityPipes | None) -> dict[str, Any] | None:
    """What the facility water flows through, and the unit behind the greatest loss."""
    if found is None:
        return None
    units = found.units
    heads = (found.cdu_head_kpa, found.coil_head_kpa)
    worst = int(np.argmax(units.path_kpa))
    return {
        "pipe_m": number(found.pipe_m),
        "pipe_litres": number(found.pipe_litres),
        "velocity_max_m_s": number(found.velocity_max_m_s),
        "cdu_head_kpa": None if heads[0] is None else number(heads[0]),
        "coil_head_kpa": None if heads[1] is None else number(heads[1]),
        "worst": {
            "id": units.id[worst],
            "tag": units.tag[worst],
            "way_m": number(float(units.way_m[worst])),
            "path_kpa": number(float(units.path_kpa[worst])),
        },
        "routes": {
            route: [id_ for id_, each in zip(units.id, units.route, strict=True) if each == route]
            for route in ("drawn", "assumed", "none")
        },
    }


def _working(entry: Working) -> dict[str, Any]:
    return {
        "figure": entry.figure,
        "formula": entry.formula,
        "reference": entry.reference,
        "inputs": [_input(item) for item in entry.inputs],
    }


def _input(item: Input) -> dict[str, Any]:
    return {name: getattr(item, name) for name in Input.__slots__}


def _plain(values: Floats | Sequence[float], digits: int = DIGITS) -> list[float]:
    return [float(value) for value in (np.round(values, digits) + 0.0).tolist()]
