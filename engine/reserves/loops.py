"""What a coolant loop holds in reserve: its pumps, its valves, its mass, and the time it gives."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.assumptions import Assumptions
from engine.cooling.cdus import after_loss
from engine.cooling.coolants import Coolant, coolant_at
from engine.cooling.filling import filling
from engine.cooling.loop_flows import loop_pipes, pumping_of, rated_pumps
from engine.evaluation import LoopHydraulics, LoopState
from engine.faults.redundancy import Study
from engine.faults.transients import (
    coasting_time_to_rise_s,
    rise_rate_k_s,
    time_to_rise_s,
    transport_delay_s,
)
from engine.hydraulics.inventory import filled_pipe_kg_m
from engine.hydraulics.pumps import (
    PumpCurve,
    at_speed,
    duty_flow_m3_s,
    pump_efficiency,
    pump_head_m,
    set_point_power_kw,
    shaft_power_kw,
    speed_for_duty,
)
from engine.hydraulics.valves import (
    balancing_loss_pa,
    opening_kv_m3_h,
    valve_authority,
    valve_loss_pa,
)
from engine.plain import number
from engine.plant import Floats

GRAVITY = 9.80665
LPM_PER_M3_S = 60_000.0
M3_H_PER_M3_S = 3600.0
PA_PER_KPA = 1000.0
PA_PER_BAR = 1e5
POINTS = 13
WIDEST = 1.2  # of the rated flow, on the chart
HALF = 0.5
NEVER_S = 1e9


@dataclass(frozen=True, slots=True, kw_only=True)
class _Loop:
    place: int
    state: LoopState
    pipes: LoopHydraulics
    coolant: Coolant
    units: int


def loops_told(study: Study, assumptions: Assumptions) -> list[dict[str, Any]]:
    """Every loop with pipes and CDUs: pumps, CDUs after a loss, valves, pipes, time.

    Parameters
    ----------
    study : Study
        The plant in steady operation.
    assumptions : Assumptions
        Lines ``tcs.*``, ``transient.*``, ``cooling.*`` and ``reserve.*``.

    Returns
    -------
    list of dict
        Loops alike once, with how many there are.

    Raises
    ------
    OutOfRange
        If a figure is out of its range.

    Notes
    -----
    Definition. Equations of `engine.hydraulics.pumps`, `engine.hydraulics.valves` and
    `engine.faults.transients` at the steady state.
    """
    plant, cooling = study.plant, study.operation.cooling
    rise = assumptions.value("cooling.tcs_rise_k")
    coolant = coolant_at(plant.site.coolant, plant.site.tcs_supply_c + rise / 2.0)
    pumping = pumping_of(plant, *rated_pumps(plant, coolant, assumptions))
    pipes = loop_pipes(plant, cooling.rack_flow_lpm, coolant, assumptions)
    told: dict[tuple[float, ...], dict[str, Any]] = {}
    for place, state in enumerate(cooling.loops):
        units = len(state.cdu_ids)
        rated = float(pumping.rated_m3_s[place])
        if state.hydraulics is None or not units or rated <= 0.0 or state.flow_lpm <= 0.0:
            continue
        key = (
            float(units),
            *(round(each, 2) for each in (state.heat_kw, state.flow_lpm)),
            *(round(each, 1) for each in (state.hydraulics.held_kpa, state.hydraulics.pipe_m)),
        )
        if key in told:
            told[key]["alike"] += 1
            continue
        loop = _Loop(place=place, state=state, pipes=state.hydraulics, coolant=coolant, units=units)
        mine = pipes.headers.loop == place
        told[key] = {
            "id": state.loop,
            "cdu_ids": list(state.cdu_ids),
            "alike": 1,
            "units": units,
            "heat_kw": number(state.heat_kw),
            "pumps": _pumps(loop, rated, float(pumping.rated_pa[place]), assumptions),
            "cdus": _cdus(study, loop),
            "valves": _valves(study, loop, assumptions),
            "time": _time(study, loop, assumptions),
            "pipes": _pipe_weights(
                pipes.headers.length_m[mine], pipes.supply_bore_m[mine], coolant, assumptions
            ),
        }
    return list(told.values())


def _pumps(
    loop: _Loop, rated_m3_s: float, rated_pa: float, assumptions: Assumptions
) -> dict[str, Any]:
    """Curves, the duty point, and what is left with one CDU lost."""
    value, density, units = assumptions.value, loop.coolant.density_kg_m3, loop.units
    metre = density * GRAVITY
    curve = PumpCurve.through(
        rated_m3_s / units, rated_pa / metre, shutoff_ratio=value("tcs.pump_shutoff_ratio")
    )
    flow, head = loop.pipes.pump_flow_lpm / LPM_PER_M3_S, loop.pipes.held_kpa * PA_PER_KPA / metre
    static = min(value("cooling.pump_static_share") * rated_pa / metre, 0.999 * head)
    system = (head - static) / flow**2
    speed = float(speed_for_duty(curve, flow, head, units))
    efficiency = pump_efficiency(
        flow,
        best_flow_m3_s=rated_m3_s / units,
        best_efficiency=value("cooling.pump_efficiency") / value("reserve.pump_drive_efficiency"),
        curvature=value("reserve.pump_efficiency_curvature"),
        speed=max(speed, value("tcs.pump_min_speed")),
        units=units,
        drive_efficiency=value("reserve.pump_drive_efficiency"),
    )
    power = float(shaft_power_kw(flow, head, efficiency, density))
    left = (
        float(duty_flow_m3_s(curve, system, static_m=static, units=units - 1)) if units > 1 else 0.0
    )
    share = value("cooling.pump_static_share")
    half = float(set_point_power_kw(HALF, power, share, value("tcs.pump_min_speed")))
    slow_flow, slow_head, slow_power = at_speed(flow, head, power, HALF)
    flows = np.linspace(0.0, WIDEST * rated_m3_s, POINTS)
    return {
        "flow_lpm": number(flow * LPM_PER_M3_S),
        "head_kpa": number(head * metre / PA_PER_KPA),
        "rated_lpm": number(rated_m3_s * LPM_PER_M3_S),
        "rated_kpa": number(rated_pa / PA_PER_KPA),
        "speed": number(speed),
        "efficiency": number(float(efficiency)),
        "power_kw": number(power),
        "left_lpm": number(left * LPM_PER_M3_S),
        "left_share": number(min(left / flow, 1.0)),
        "half_kw": number(half),
        "cube_kw": number(float(slow_power)),
        "cube_kpa": number(float(slow_head) * metre / PA_PER_KPA),
        "cube_lpm": number(float(slow_flow) * LPM_PER_M3_S),
        "flows_lpm": _row(flows * LPM_PER_M3_S),
        "full_kpa": _heads(curve, flows, 1.0, units, metre),
        "held_kpa": _heads(curve, flows, speed, units, metre),
        "lost_kpa": _heads(curve, flows, 1.0, units - 1, metre) if units > 1 else [],
        "system_kpa": _row((static + system * flows**2) * metre / PA_PER_KPA),
    }


def _heads(
    curve: PumpCurve, flows: Floats, speed: float, units: int, metre: float
) -> list[float | int]:
    head = pump_head_m(curve, flows, speed, units) * metre / PA_PER_KPA
    return _row(np.maximum(head, 0.0))


def _row(values: Floats) -> list[float | int]:
    return [number(each) for each in np.round(values, 3).tolist()]


def _cdus(study: Study, loop: _Loop) -> dict[str, Any]:
    """Heat and flow of each CDU of equal ones, all at work and with one lost."""
    cooling = study.operation.cooling
    rows = np.flatnonzero(study.plant.cdus.loop == loop.place)
    load = float(cooling.cdus.load_kw[rows].max())
    flow = loop.state.flow_lpm / loop.units
    rate = flow / LPM_PER_M3_S * loop.coolant.density_kg_m3 * loop.coolant.heat_capacity_kj_kg_k
    capacity = float(cooling.cdus.capacity_kw[rows].max())
    told: dict[str, Any] = {
        "load_kw": number(load),
        "capacity_kw": number(capacity),
        "flow_lpm": number(flow),
        "approach_k": number(float(cooling.cdus.approach_k[rows].max())),
        "left": None,
    }
    if loop.units > 1:
        heat, kw_k = after_loss(load, rate, loop.units)
        told["left"] = {
            "load_kw": number(float(heat)),
            "flow_lpm": number(float(kw_k) / rate * flow),
            "fraction": number(float(heat) / capacity) if capacity > 0.0 else 0.0,
        }
    return told


def _valves(study: Study, loop: _Loop, assumptions: Assumptions) -> dict[str, Any]:
    """Control valves of the racks: what they take, what they would have to, and their authority."""
    plant, cooling = study.plant, study.operation.cooling
    value, density = assumptions.value, loop.coolant.density_kg_m3
    mine = np.flatnonzero((plant.racks.loop == loop.place) & (cooling.rack_flow_lpm > 0.0))
    path = cooling.rack_path_kpa[mine] * PA_PER_KPA
    flow = cooling.rack_flow_lpm[mine] / LPM_PER_M3_S
    least = value("tcs.picv_dp_min_kpa") * PA_PER_KPA if loop.pipes.control_valves else 0.0
    burnt = np.asarray(balancing_loss_pa(path, np.zeros(len(path))))
    worst, nearest = int(np.argmax(path)), int(np.argmin(path))
    own = least + burnt if loop.pipes.control_valves else np.maximum(burnt, 0.0)
    rest = np.maximum(path - least, 1.0)
    authority = valve_authority(own, rest)
    # The flow coefficient whose loss at the rack's flow is what the valve must take.
    unit = valve_loss_pa(flow, np.ones(len(flow)), density)
    kv = np.sqrt(unit / np.maximum(own, 1.0))
    shut = opening_kv_m3_h(kv, 0.0, value("reserve.valve_rangeability"))
    return {
        "control": loop.pipes.control_valves,
        "racks": len(mine),
        "least_kpa": number(least / PA_PER_KPA),
        "worst": _valve(study, int(mine[worst]), own[worst], authority[worst], kv[worst]),
        "nearest": _valve(study, int(mine[nearest]), own[nearest], authority[nearest], kv[nearest]),
        "most_balancing_kpa": number(float(burnt.max()) / PA_PER_KPA),
        "poor": int((authority < value("reserve.valve_authority_min")).sum())
        if loop.pipes.control_valves
        else 0,
        "authority_min": number(value("reserve.valve_authority_min")),
        "least_flow_fraction": number(float((shut / kv).max())),
    }


def _valve(study: Study, rack: int, loss: float, authority: float, kv: float) -> dict[str, Any]:
    racks = study.plant.racks
    return {
        "id": racks.id[rack],
        "tag": racks.tag[rack] or racks.id[rack],
        "loss_kpa": number(float(loss) / PA_PER_KPA),
        "authority": number(float(authority)),
        "kv_m3_h": number(float(kv)),
    }


def _time(study: Study, loop: _Loop, assumptions: Assumptions) -> dict[str, Any]:
    """How long the loop goes on without its heat sink, and without its pumps."""
    value, site = assumptions.value, study.plant.site
    returned = study.operation.cooling.tcs_return_c or site.tcs_supply_c
    held = filling(
        site.coolant,
        pipe_litres=loop.pipes.pipe_litres,
        heat_kw=loop.state.heat_kw,
        return_c=returned,
        assumptions=assumptions,
    )
    volume = held.litres / 1000.0
    content = volume * loop.coolant.density_kg_m3 * loop.coolant.heat_capacity_kj_kg_k
    metal = value("transient.metal_kj_k_per_kw") * loop.state.heat_kw
    rate = float(rise_rate_k_s(loop.state.heat_kw, content, metal))
    flow = loop.state.flow_lpm / LPM_PER_M3_S
    limit = value("transient.throttle_return_c")
    margin, rise = limit - returned, max(returned - site.tcs_supply_c, 1e-3)
    pumps = coasting_time_to_rise_s(
        rise, max(limit - site.tcs_supply_c, 0.0), value("transient.pump_coast_s")
    )
    alarm = value("transient.alarm_rise_k")
    return {
        "litres": number(held.litres),
        "rate_k_s": number(rate),
        "alarm_s": number(float(time_to_rise_s(rate, alarm))),
        "throttle_s": number(min(float(time_to_rise_s(rate, max(margin, 0.0))), NEVER_S)),
        "limit_c": number(limit),
        "return_c": number(returned),
        "pumps_s": number(min(float(pumps), NEVER_S)),
        "round_s": number(float(transport_delay_s(volume, flow))),
    }


def _pipe_weights(
    length_m: Floats, bore_m: Floats, coolant: Coolant, assumptions: Assumptions
) -> list[dict[str, Any]]:
    """Headers by bore, supply and return: metres, and what a filled metre weighs."""
    wall = assumptions.value("reserve.pipe_wall_mm") / 1000.0
    told = []
    for bore in np.unique(np.round(bore_m[bore_m > 0.0], 4)).tolist():
        metres = 2.0 * float(length_m[np.isclose(bore_m, bore, atol=5e-5)].sum())
        weight = float(filled_pipe_kg_m(bore, wall, coolant.density_kg_m3))
        told.append(
            {
                "bore_mm": number(1000.0 * bore),
                "metres": number(metres),
                "kg_m": number(weight),
                "kg": number(metres * weight),
            }
        )
    return told
