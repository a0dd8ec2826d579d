"""What air handlers, coils and heat rejection hold in reserve on the design day."""

from typing import Any

import numpy as np

from engine.assumptions import Assumptions
from engine.climate.classes import class_limit_c, facility_water_class
from engine.climate.psychrometrics import pressure_at_elevation_pa
from engine.cooling.air import fans_after_loss
from engine.cooling.chillers import CENTRIFUGAL, fitted_chiller, reversible_cop, staged
from engine.cooling.design_day import DesignDay
from engine.cooling.economizer import free_share
from engine.cooling.exchangers import (
    coil_capacity_kw,
    log_mean_difference_k,
    transfer_units,
)
from engine.cooling.rejection import Circuit, Rejected
from engine.cooling.towers import tower_from_design, tower_outlet_c
from engine.cooling.water import water_use
from engine.energy.facility import Balance
from engine.faults.redundancy import Study
from engine.faults.transients import tank_m3
from engine.plain import number

LOADS = (0.4, 0.6, 0.8, 1.0)
WARMER_K = (0.0, 2.0, 5.0, 8.0)
WATER_KJ_M3_K = 4180.0
LEAST_RANGE_K = 0.5


def fans_told(study: Study, assumptions: Assumptions) -> dict[str, Any] | None:
    """Air handlers with one lost: speed and power of those left, and their coils in warmer water.

    Parameters
    ----------
    study : Study
        The plant in steady operation.
    assumptions : Assumptions
        Lines ``cooling.*``.

    Returns
    -------
    dict or None
        None without air handlers.

    Raises
    ------
    OutOfRange
        If a figure is out of its range.

    Notes
    -----
    Definition. Units taken as equal. A coil's conductance is that which moves its rated heat with
    the water of the design; `engine.cooling.exchangers.coil_capacity_kw` says what warmer water
    leaves of it.
    """
    plant, cooling = study.plant, study.operation.cooling
    units = plant.air_handlers
    count = len(units)
    if not count or cooling.air_kw <= 0.0:
        return None
    capacity, fan_kw = float(units.capacity_kw.mean()), float(cooling.air_handler_fan_kw.mean())
    load = cooling.air_kw / count
    least = assumptions.value("cooling.fan_min_speed")
    speed = float(np.clip(load / capacity if capacity > 0.0 else 1.0, least, 1.0))
    told: dict[str, Any] = {
        "count": count,
        "ids": list(units.id[:200]),
        "heat_kw": number(cooling.air_kw),
        "capacity_kw": number(capacity),
        "speed": number(speed),
        "fan_kw": number(fan_kw),
        "left": None,
        "coils": _coils(study, capacity, load, assumptions),
    }
    if count > 1:
        # At the least speed more air moves than is needed: what is lost there costs nothing.
        needed = max(load / capacity, 1e-9) if capacity > 0.0 else 1.0
        reached, power, given = fans_after_loss(fan_kw, min(needed, 1.0), count)
        told["left"] = {
            "speed": number(max(float(reached), least)),
            "fan_kw": number(float(power) if float(reached) > least else fan_kw),
            "given": number(float(given)),
        }
    return told


def _coils(
    study: Study, capacity_kw: float, load_kw: float, assumptions: Assumptions
) -> dict[str, Any] | None:
    value, site = assumptions.value, study.plant.site
    air_rise, water_rise = value("cooling.air_rise_k"), value("cooling.fws_rise_k")
    approach = value("cooling.air_coil_approach_k")
    if capacity_kw <= 0.0:
        return None
    air_in, water_in = site.air_supply_c + air_rise, site.air_supply_c - approach
    air_rate, water_rate = capacity_kw / air_rise, capacity_kw / water_rise
    least = min(air_rate, water_rate)
    effect = min(capacity_kw / (least * (air_in - water_in)), 0.99)
    ua = float(transfer_units(effect, least / max(air_rate, water_rate))) * least
    water = [water_in + warmer for warmer in WARMER_K]
    base = float(coil_capacity_kw(ua, air_rate, water_rate, air_in, water_in))
    return {
        "ua_kw_k": number(ua),
        "lmtd_k": number(
            float(log_mean_difference_k(air_in - water_in - water_rise, approach))
            if air_in - water_in > water_rise
            else 0.0
        ),
        "air_in_c": number(air_in),
        "load_kw": number(load_kw),
        "rows": [
            {
                "water_c": number(each),
                "capacity_kw": number(
                    capacity_kw
                    * float(coil_capacity_kw(ua, air_rate, water_rate, air_in, each))
                    / base
                    if each < air_in
                    else 0.0
                ),
            }
            for each in water
        ],
    }


def rejection_told(study: Study, day: DesignDay, assumptions: Assumptions) -> dict[str, Any]:
    """Heat rejection on the design day: how much of it is free, and what is left over.

    Parameters
    ----------
    study : Study
        The plant in steady operation.
    day : DesignDay
        Outdoor air and height.
    assumptions : Assumptions
        Lines ``rejection.*``, ``transient.*`` and ``reserve.*``.

    Returns
    -------
    dict
        The two water circuits, chillers by stage, make-up water, and the tank that a restart asks
        for.

    Raises
    ------
    OutOfRange
        If a figure is out of its range.

    Notes
    -----
    Definition. Circuits of `engine.energy.facility.Balance`.
    """
    operation = study.operation
    balance = Balance(study.plant, operation.power.it_kw, operation.cooling, assumptions, day).at(
        operation.power.loss_kw
    )
    circuits = [
        _circuit(name, (circuit, rejected), day, assumptions)
        for name, circuit, rejected in (
            ("facility water of the CDUs", balance.loads.fws, balance.fws),
            ("water of the air handlers", balance.loads.coils, balance.coils),
        )
        if float(np.max(circuit.heat_kw)) > 0.0
    ]
    return {
        "dry_bulb_c": number(day.weather.dry_bulb_c),
        "wet_bulb_c": number(day.weather.wet_bulb_c),
        "circuits": circuits,
        "chillers": _chillers(study, balance.loads.fws, balance.loads.coils, day),
        "water": _water((balance.loads.fws, balance.loads.coils), assumptions),
        "tank": _tank(study, assumptions),
    }


def _circuit(
    name: str, water: tuple[Circuit, Rejected], day: DesignDay, assumptions: Assumptions
) -> dict[str, Any]:
    circuit, rejected = water
    heat, set_c = float(np.max(circuit.heat_kw)), float(np.max(circuit.set_c))
    water_class = str(facility_water_class(set_c))
    reach = float(rejected.reach_c)
    free = float(free_share(set_c + circuit.rise_k, set_c, reach))
    told: dict[str, Any] = {
        "name": name,
        "kind": circuit.kind,
        "heat_kw": number(heat),
        "set_c": number(set_c),
        "class": water_class,
        "class_limit_c": class_limit_c(water_class),
        "return_c": number(set_c + circuit.rise_k),
        "reach_c": number(reach),
        "free": number(free),
        "capacity_kw": number(circuit.capacity_kw),
        "load_fraction": number(heat / circuit.capacity_kw) if circuit.capacity_kw else None,
        "fan_kw": number(float(rejected.fan_kw)),
        "chiller_kw": number(float(rejected.chiller_kw)),
        "tower": None,
    }
    if circuit.kind == "tower":
        told["tower"] = _tower(circuit, day, assumptions)
    return told


def _tower(circuit: Circuit, day: DesignDay, assumptions: Assumptions) -> list[dict[str, Any]]:
    """Water out of the tower by load, by Merkel's equation."""
    wet = day.weather.wet_bulb_c
    cold = wet + float(np.max(circuit.approach_k))
    pressure = float(pressure_at_elevation_pa(day.elevation_m))
    tower = tower_from_design(
        cold + circuit.rise_k,
        cold,
        wet,
        assumptions.value("rejection.tower_liquid_to_gas"),
        exponent=assumptions.value("rejection.tower_exponent"),
        pressure_pa=pressure,
    )
    ranges = [max(circuit.rise_k * load, LEAST_RANGE_K) for load in LOADS]
    out = tower_outlet_c(tower, wet, np.array(ranges), pressure_pa=pressure)
    return [
        {"load": number(load), "range_k": number(span), "outlet_c": number(each)}
        for load, span, each in zip(LOADS, ranges, np.asarray(out).tolist(), strict=True)
    ]


def _chillers(study: Study, fws: Circuit, coils: Circuit, day: DesignDay) -> dict[str, Any] | None:
    """How many of the drawn chillers to run at each load, and what they draw."""
    units = study.plant.heat_rejection
    rows = [row for row, kind in enumerate(units.kind) if kind == "chiller"]
    if not rows:
        return None
    serves = fws if fws.kind == "chiller" else coils
    rated = float(units.capacity_kw[rows].mean())
    heat, set_c = float(np.max(serves.heat_kw)), float(np.max(serves.set_c))
    air = day.weather.dry_bulb_c + float(np.max(serves.recirculation_k))
    loads = heat * np.array(LOADS)
    spare = 1 if len(rows) > 1 else 0
    running, power = staged(loads, rated, len(rows), set_c, air, spare=spare)
    one = fitted_chiller(loads / np.maximum(running, 1), rated, set_c, air)
    cop = reversible_cop(
        set_c - serves.evaporator_approach_k,
        air + serves.condenser_approach_k,
        serves.carnot_share,
        serves.least_lift_k,
    )
    low, high = CENTRIFUGAL.leaving_range_c
    return {
        "count": len(rows),
        "ids": [units.id[row] for row in rows][:200],
        "rated_kw": number(rated),
        "set_c": number(set_c),
        "air_c": number(air),
        "spare": spare,
        "is_fitted": bool(low <= set_c <= high),
        "reversible_cop": number(float(np.max(cop))),
        "stages": [
            {
                "load": number(share),
                "heat_kw": number(load),
                "running": int(run),
                "part_load": number(part),
                "power_kw": number(kw),
                "cop": number(load / kw) if kw > 0.0 else None,
                "over": bool(over),
            }
            for share, load, run, part, kw, over in zip(
                LOADS, loads.tolist(), running.tolist(), one.part_load.tolist(),
                power.tolist(), np.broadcast_to(one.overloaded, loads.shape).tolist(), strict=True,
            )
        ],
    }  # fmt: skip


def _water(circuits: tuple[Circuit, ...], assumptions: Assumptions) -> dict[str, Any] | None:
    """Make-up of towers at full load on the design day, by the hour."""
    heat = sum(float(np.max(each.heat_kw)) for each in circuits if each.kind == "tower")
    if heat <= 0.0:
        return None
    used = water_use(
        heat,
        latent_heat_kj_kg=assumptions.value("rejection.latent_heat_kj_kg"),
        cycles=assumptions.value("rejection.cycles_of_concentration"),
        evaporative_fraction=circuits[0].tower_evaporation,
    )
    return {
        "evaporation_l": number(float(used.evaporation_l)),
        "blowdown_l": number(float(used.blowdown_l)),
        "make_up_l": number(float(used.make_up_l)),
    }


def _tank(study: Study, assumptions: Assumptions) -> dict[str, Any]:
    """Facility water that carries the heat until its coolers are back after a loss of power."""
    value, cooling = assumptions.value, study.operation.cooling
    kinds = set(study.plant.heat_rejection.kind)
    heat = cooling.liquid_kw + float(study.operation.mechanical.cdu_kw.sum())
    has_chillers = "chiller" in kinds or study.plant.site.heat_rejection == "chiller"
    restart = value("transient.chiller_restart_s" if has_chillers else "transient.pump_restart_s")
    away = value("transient.generator_start_s") + restart
    pipes = cooling.facility.pipe_litres / 1000.0 if cooling.facility else 0.0
    rise = value("reserve.tank_rise_k")
    return {
        "away_s": number(away),
        "rise_k": number(rise),
        "pipes_m3": number(pipes),
        "m3": number(float(tank_m3(heat, away, rise, WATER_KJ_M3_K, pipes))),
        "heat_kw": number(heat),
    }
