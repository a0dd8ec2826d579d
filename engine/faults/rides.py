"""Losing the pumps, the heat sink or the utility: who gets too warm, when, and is help in time."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from engine.assumptions import Assumptions
from engine.cooling.coolants import Coolant, coolant_at
from engine.evaluation import CoolingResult, Input, number
from engine.faults.transients import NEVER, Circuits, Outage, Ride, ride_through
from engine.operation import operate
from engine.plant import Floats, Plant
from engine.provenance import cited
from engine.rules import load_rules

SECONDS_PER_MINUTE: Final = 60.0
WATER_KJ_PER_LITRE_K: Final = 4.17
LEAST_KJ_K: Final = 1e-3  # so that a rack that gives hardly any heat has a temperature
UNSTATED: Final = 0.7  # effectiveness of CDUs that state no flow or capacity
CURVE_STEP: Final = 5  # every fifth second is drawn
LINES: Final = (
    "transient.loop_litres_per_kw",
    "transient.plate_litres_per_kw",
    "transient.metal_kj_k_per_kw",
    "transient.fws_litres_per_kw",
    "transient.pump_coast_s",
    "transient.pump_restart_s",
    "transient.chiller_restart_s",
    "transient.generator_start_s",
    "transient.pumps_on_ups",
    "transient.alarm_rise_k",
    "transient.throttle_return_c",
    "transient.trip_return_c",
    "transient.throttle_per_k",
    "transient.watch_s",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One loss, in words and as an outage."""

    id: str
    title: str
    outage: Outage


def events_of(assumptions: Assumptions) -> tuple[Event, ...]:
    """The three losses that every plant is asked about.

    Parameters
    ----------
    assumptions : Assumptions
        Lines ``transient.*``.

    Returns
    -------
    tuple of Event
        Pumps, heat sink, utility.

    Notes
    -----
    Definition. Without the utility the coolers wait for the generators and restart; the pumps do
    too, unless they hang on the UPS. The racks always do.
    """
    value = assumptions.value
    coast, pumps = value("transient.pump_coast_s"), value("transient.pump_restart_s")
    chiller, start = value("transient.chiller_restart_s"), value("transient.generator_start_s")
    stopped = value("transient.pumps_on_ups") < 0.5
    return (
        Event(
            id="pumps",
            title="The CDU pumps stop",
            outage=Outage(pumps_stop=True, pumps_back_s=pumps, coast_s=coast),
        ),
        Event(
            id="heat_sink",
            title="Heat rejection stops",
            outage=Outage(heat_sink_stops=True, heat_sink_back_s=chiller),
        ),
        Event(
            id="utility",
            title="The utility fails",
            outage=Outage(
                pumps_stop=stopped,
                pumps_back_s=start + pumps,
                coast_s=coast,
                heat_sink_stops=True,
                heat_sink_back_s=start + chiller,
            ),
        ),
    )


def ride_study(plant: Plant, assumptions: Assumptions) -> dict[str, Any]:
    """Time to alarm, throttle and trip after each loss, loop by loop.

    Parameters
    ----------
    plant : Plant
        The plant, in steady operation before.
    assumptions : Assumptions
        As for an evaluation, with the lines ``transient.*``.

    Returns
    -------
    dict
        ``events`` with their loops, the worst first, and the curves of the worst; ``inputs``.
        A time is None where it does not come to it within the time that is followed.

    Raises
    ------
    OutOfRange
        If a line is impossible, such as a time of zero to follow.

    Notes
    -----
    Definition. See `engine.faults.transients.ride_through`.
    """
    rules = load_rules(plant.rule_set).with_values(assumptions.rule_values)
    cooling = operate(plant, rules, assumptions).cooling
    wet = np.flatnonzero((cooling.rack_given_lpm > 0.0) & (plant.racks.loop >= 0))
    if not wet.size:
        return {"events": [], "inputs": [], "reason": "No rack on a loop takes coolant."}
    circuits = circuits_of(plant, cooling, assumptions)
    return {
        "events": [
            _event(plant, assumptions, event, circuits, wet) for event in events_of(assumptions)
        ],
        "inputs": [_plain(item) for item in cited(assumptions, *LINES)],
        "reason": None,
    }


def circuits_of(plant: Plant, cooling: CoolingResult, assumptions: Assumptions) -> Circuits:
    """Loops and racks with coolant as the transient needs them.

    Parameters
    ----------
    plant : Plant
        Racks, CDUs and loops.
    cooling : CoolingResult
        Steady heat and flow.
    assumptions : Assumptions
        Contents, limits.

    Returns
    -------
    Circuits
        One entry per rack with flow, and per loop.

    Notes
    -----
    Definition. Cold plates hold coolant of their own; the rest of a loop's is on its way through
    pipes and CDUs, half there and half back, at least what the pipes of the plan hold. A rack slows
    down at its own greatest return temperature and trips as far above it as the assumed limits
    lie apart. The CDU's effectiveness is that of its rating.
    """
    racks, site, value = plant.racks, plant.site, assumptions.value
    loops = len(plant.loops)
    coolant = coolant_at(site.coolant, site.tcs_supply_c + value("cooling.tcs_rise_k") / 2.0)
    wet = np.flatnonzero((cooling.rack_given_lpm > 0.0) & (racks.loop >= 0))
    loop, heat = racks.loop[wet], cooling.rack_liquid_kw[wet]
    of_loop = np.bincount(loop, heat, loops)
    pipes = np.array(
        [state.hydraulics.pipe_litres if state.hydraulics else 0.0 for state in cooling.loops]
    )
    in_plates = value("transient.plate_litres_per_kw")
    on_the_way = np.maximum(value("transient.loop_litres_per_kw") - in_plates, 0.0) * of_loop
    per_kw = in_plates * coolant.kj_per_litre_k + value("transient.metal_kj_k_per_kw")
    apart = value("transient.trip_return_c") - value("transient.throttle_return_c")
    limit = np.minimum(racks.tcs_return_max_c[wet], value("transient.throttle_return_c"))
    return Circuits(
        loop=loop,
        heat_kw=heat,
        flow_kw_k=cooling.rack_given_lpm[wet] * coolant.kj_per_litre_k / SECONDS_PER_MINUTE,
        rack_kj_k=np.maximum(per_kw * heat, LEAST_KJ_K),
        throttle_c=limit,
        trip_c=limit + apart,
        pipe_kj_k=np.maximum(on_the_way, pipes) / 2.0 * coolant.kj_per_litre_k,
        supply_c=np.full(loops, site.tcs_supply_c),
        fws_supply_c=np.full(loops, min(site.fws_supply_c, site.tcs_supply_c)),
        effect=_effect(plant, coolant),
        fws_kj_k=np.asarray(
            value("transient.fws_litres_per_kw") * WATER_KJ_PER_LITRE_K * of_loop, dtype=np.float64
        ),
    )


def _effect(plant: Plant, coolant: Coolant) -> Floats:
    """Share of return less FWS that each loop's CDUs can take out, by capacity."""
    cdus, loops = plant.cdus, len(plant.loops)
    rated = (cdus.loop >= 0) & (cdus.capacity_kw > 0.0) & (cdus.flow_lpm > 0.0)
    member, capacity = cdus.loop[rated], cdus.capacity_kw[rated]
    rise = capacity * SECONDS_PER_MINUTE / (cdus.flow_lpm[rated] * coolant.kj_per_litre_k)
    total = np.bincount(member, capacity, loops)
    taken = np.bincount(member, capacity * rise / (rise + cdus.approach_k[rated]), loops)
    share: Floats = np.divide(taken, total, out=np.full(loops, UNSTATED), where=total > 0.0)
    return share


def _event(
    plant: Plant,
    assumptions: Assumptions,
    event: Event,
    circuits: Circuits,
    wet: np.ndarray[tuple[int], np.dtype[np.int64]],
) -> dict[str, Any]:
    value = assumptions.value
    ride = ride_through(
        circuits,
        event.outage,
        length_s=value("transient.watch_s"),
        alarm_rise_k=value("transient.alarm_rise_k"),
        throttle_per_k=value("transient.throttle_per_k"),
    )
    order = np.lexsort((ride.throttle_s, ride.trip_s))
    order = order[np.argsort(circuits.loop[order], kind="stable")]
    first = order[np.searchsorted(circuits.loop[order], np.unique(circuits.loop))]
    rows = [
        {
            "loop": plant.loops.id[int(circuits.loop[i])],
            "alarm_s": _time(ride.alarm_s[circuits.loop[i]]),
            "throttle_s": _time(ride.throttle_s[i]),
            "trip_s": _time(ride.trip_s[i]),
            "first_rack_id": plant.racks.id[int(wet[i])],
            "first_rack_tag": plant.racks.tag[int(wet[i])],
            "racks_throttled": int(
                np.isfinite(ride.throttle_s[circuits.loop == circuits.loop[i]]).sum()
            ),
            "racks_tripped": int(np.isfinite(ride.trip_s[circuits.loop == circuits.loop[i]]).sum()),
        }
        for i in first.tolist()
    ]
    ranked = sorted(range(len(rows)), key=lambda k: _rank(ride, int(first[k]), circuits))
    worst = int(first[ranked[0]])
    outage = event.outage
    return {
        "event": event.id,
        "title": event.title,
        "pumps_back_s": _time(outage.pumps_back_s) if outage.pumps_stop else None,
        "heat_sink_back_s": _time(outage.heat_sink_back_s) if outage.heat_sink_stops else None,
        "alarm_s": _time(float(ride.alarm_s.min())),
        "throttle_s": _time(float(ride.throttle_s.min())),
        "trip_s": _time(float(ride.trip_s.min())),
        "rides_through": bool(np.all(ride.throttle_s == NEVER) and np.all(ride.trip_s == NEVER)),
        "racks_throttled": int(np.isfinite(ride.throttle_s).sum()),
        "racks_tripped": int(np.isfinite(ride.trip_s).sum()),
        "it_tripped_kw": number(float(circuits.heat_kw[np.isfinite(ride.trip_s)].sum())),
        "loops": [rows[k] for k in ranked],
        "curves": _curves(ride, worst, circuits),
    }


def _rank(ride: Ride, rack: int, circuits: Circuits) -> tuple[float, float, float]:
    loop = circuits.loop[rack]
    return float(ride.trip_s[rack]), float(ride.throttle_s[rack]), float(ride.alarm_s[loop])


def _curves(ride: Ride, rack: int, circuits: Circuits) -> dict[str, list[float]]:
    every = slice(None, None, CURVE_STEP)
    return {
        "time_s": ride.time_s[every].tolist(),
        "supply_c": np.round(ride.supply_c[every, circuits.loop[rack]], 3).tolist(),
        "return_c": np.round(ride.return_c[every, rack], 3).tolist(),
        "power_fraction": np.round(ride.power_fraction[every, rack], 4).tolist(),
    }


def _time(seconds: float) -> float | None:
    return float(seconds) if np.isfinite(seconds) else None


def _plain(item: Input) -> dict[str, Any]:
    return {
        "name": item.name,
        "value": item.value,
        "unit": item.unit,
        "source": item.source,
        "confidence": item.confidence,
    }
