"""Loops as the transients need them, and the losses that reach all of them at once."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from engine.assumptions import Assumptions
from engine.cooling.coolants import Coolant, coolant_at
from engine.evaluation import CoolingResult
from engine.faults.ride_through import Circuits, Outage
from engine.plant import Bools, Floats, Ints, Plant

SECONDS_PER_MINUTE: Final = 60.0
WATER_KJ_PER_LITRE_K: Final = 4.17
LEAST_KJ_K: Final = 1e-3  # so that a rack that gives hardly any heat has a temperature
DIGITS: Final = 9  # of figures that count as equal
UNSTATED: Final = 0.7  # effectiveness of CDUs that state no flow or capacity
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
    "transient.valve_close_s",
    "transient.sensor_drift_k",
    "transient.fws_standby",
    "transient.alarm_flow_fraction",
    "tcs.deficit_warn_fraction",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One loss, in words and as an outage."""

    id: str
    tag: str
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
            tag="All CDU pumps",
            title="The CDU pumps stop",
            outage=Outage(pumps_stop=True, pumps_back_s=pumps, coast_s=coast),
        ),
        Event(
            id="heat_sink",
            tag="Heat rejection",
            title="Heat rejection stops",
            outage=Outage(heat_sink_stops=True, heat_sink_back_s=chiller),
        ),
        Event(
            id="utility",
            tag="Utility",
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
    pipes and CDUs, half there and half back, at least what the pipes of the plan hold; facility
    water likewise. A rack slows down at its own greatest return temperature and trips as far above
    it as the assumed limits lie apart. The CDU's effectiveness is that of its rating.
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
    in_pipes = cooling.facility.pipe_litres if cooling.facility else 0.0
    water_l_per_kw = max(
        value("transient.fws_litres_per_kw"), in_pipes / max(float(of_loop.sum()), LEAST_KJ_K)
    )
    return Circuits(
        loop=loop,
        heat_kw=heat,
        flow_kw_k=cooling.rack_given_lpm[wet] * coolant.kj_per_litre_k / SECONDS_PER_MINUTE,
        rack_kj_k=np.maximum(per_kw * heat, LEAST_KJ_K),
        throttle_c=limit,
        trip_c=limit + apart,
        pipe_kj_k=np.maximum(on_the_way, pipes) / 2.0 * coolant.kj_per_litre_k,
        supply_c=np.full(loops, site.tcs_supply_c, dtype=np.float64),
        fws_supply_c=np.full(loops, min(site.fws_supply_c, site.tcs_supply_c), dtype=np.float64),
        effect=cooler_effect(plant, coolant),
        fws_kj_k=np.asarray(water_l_per_kw * WATER_KJ_PER_LITRE_K * of_loop, dtype=np.float64),
    )


def cooler_effect(plant: Plant, coolant: Coolant, gone: Bools | None = None) -> Floats:
    """Share of return less facility water that the CDUs of each loop can take out.

    Parameters
    ----------
    plant : Plant
        CDUs with their ratings.
    coolant : Coolant
        Properties at the mean loop temperature.
    gone : array of bool, shape (n_cdus,), or None
        CDUs that are lost; None: all work.

    Returns
    -------
    array, shape (n_loops,)
        That of the ratings, weighted by capacity; 0.7 where none is stated. [1]

    Notes
    -----
    Definition. Rise over rise plus approach, at the rated flow.
    """
    cdus, loops = plant.cdus, len(plant.loops)
    rated = (cdus.loop >= 0) & (cdus.capacity_kw > 0.0) & (cdus.flow_lpm > 0.0)
    if gone is not None:
        rated &= ~gone
    member, capacity = cdus.loop[rated], cdus.capacity_kw[rated]
    rise = capacity * SECONDS_PER_MINUTE / (cdus.flow_lpm[rated] * coolant.kj_per_litre_k)
    total = np.bincount(member, capacity, loops)
    taken = np.bincount(member, capacity * rise / (rise + cdus.approach_k[rated]), loops)
    share: Floats = np.divide(taken, total, out=np.full(loops, UNSTATED), where=total > 0.0)
    return share


def one_loop(circuits: Circuits, loop: int, racks: Ints) -> Circuits:
    """One loop of several, with its racks.

    Parameters
    ----------
    circuits : Circuits
        Several loops.
    loop : int
        Which.
    racks : array of int
        Places of its racks in ``circuits``.

    Returns
    -------
    Circuits
        That loop as the only one.

    Notes
    -----
    Definition.
    """
    c, one = circuits, slice(loop, loop + 1)
    return replace(
        c,
        loop=np.zeros(racks.size, dtype=np.int64),
        heat_kw=c.heat_kw[racks],
        flow_kw_k=c.flow_kw_k[racks],
        rack_kj_k=c.rack_kj_k[racks],
        throttle_c=c.throttle_c[racks],
        trip_c=c.trip_c[racks],
        pipe_kj_k=c.pipe_kj_k[one],
        supply_c=c.supply_c[one],
        fws_supply_c=c.fws_supply_c[one],
        effect=c.effect[one],
        fws_kj_k=c.fws_kj_k[one],
    )


def circuits_key(circuits: Circuits) -> bytes:
    """The same for circuits that are equal in all that counts.

    Parameters
    ----------
    circuits : Circuits
        Loops and racks.

    Returns
    -------
    bytes
        To look up what is known of them.

    Notes
    -----
    Definition.
    """
    columns = (np.asarray(getattr(circuits, name), np.float64) for name in Circuits.__slots__)
    return b"|".join(np.round(column, DIGITS).tobytes() for column in columns)
