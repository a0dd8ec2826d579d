"""Who gets too warm after each loss of cooling, and when: equal loops are followed once."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Final

import numpy as np

from engine.assumptions import Assumptions
from engine.cooling.coolants import coolant_at
from engine.evaluation import Input
from engine.faults.outages import CoolingOutage, cooling_outages
from engine.faults.redundancy import Study, study_of
from engine.faults.ride_through import Circuits, Outage, Ride, ride_through
from engine.faults.rides import (
    LINES,
    circuits_key,
    circuits_of,
    cooler_effect,
    events_of,
    one_loop,
)
from engine.faults.shortage import is_short
from engine.faults.transients import NEVER
from engine.plain import number
from engine.plant import Bools, Floats, Ints, Plant
from engine.provenance import cited

DRAWN: Final = 4  # racks whose curves are kept, the first to get too warm first
FINE_S: Final = 60.0  # every step up to here is kept for the curves
COARSE_S: Final = 10.0  # then one in so many seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """One distinct loss of one distinct loop; racks in the order of the loop."""

    ride: Ride
    left: Floats  # share of its flow that each rack keeps
    alarm_s: float
    heat_kw: Floats


class Follower:
    """Rides of loops through outages, each distinct one once."""

    def __init__(self, study: Study) -> None:
        cooling, plant = study.operation.cooling, study.plant
        self.study, self.assumptions = study, study.assumptions
        rise = study.assumptions.value("cooling.tcs_rise_k")
        self.coolant = coolant_at(plant.site.coolant, plant.site.tcs_supply_c + rise / 2.0)
        self.circuits = circuits_of(plant, cooling, study.assumptions)
        self.wet = np.flatnonzero((cooling.rack_given_lpm > 0.0) & (plant.racks.loop >= 0))
        order = np.argsort(self.circuits.loop, kind="stable")
        bounds = np.searchsorted(self.circuits.loop[order], np.arange(len(plant.loops) + 1))
        self.members = [order[a:b] for a, b in pairwise(bounds.tolist())]
        self.rides: list[Followed] = []
        self._known: dict[bytes, int] = {}

    def follow(self, loss: CoolingOutage, loop: int) -> int:
        """Number of the ride of one loop through a loss."""
        circuits, outage = self._part(loss, loop)
        key = _key(circuits, outage)
        if key not in self._known:
            self._known[key] = len(self.rides)
            self.rides.append(self._followed(circuits, outage))
        return self._known[key]

    def _part(self, loss: CoolingOutage, loop: int) -> tuple[Circuits, Outage]:
        mine = self.members[loop]
        part = one_loop(self.circuits, loop, mine)
        if loss.gone.any():
            effect = cooler_effect(self.study.plant, self.coolant, loss.gone)
            part = replace(part, effect=effect[loop : loop + 1])
        if loss.is_dry:
            part = replace(part, fws_kj_k=np.zeros(1))
        rows, outage = self.wet[mine], loss.outage
        return part, replace(
            outage,
            left=None if outage.left is None else outage.left[rows],
            is_off=None if outage.is_off is None else outage.is_off[rows],
        )

    def _followed(self, circuits: Circuits, outage: Outage) -> Followed:
        value = self.assumptions.value
        ride = ride_through(
            circuits,
            outage,
            length_s=value("transient.watch_s"),
            alarm_rise_k=value("transient.alarm_rise_k"),
            throttle_per_k=value("transient.throttle_per_k"),
        )
        left = np.zeros(circuits.loop.size) if outage.left is None else outage.left
        left = left if outage.pumps_stop else np.ones(circuits.loop.size)
        runs = np.ones(left.size, dtype=bool) if outage.is_off is None else ~outage.is_off
        by_flow = flow_alarm_s(left[runs], outage, value("transient.alarm_flow_fraction"))
        return Followed(
            ride=ride,
            left=left,
            alarm_s=min(float(ride.alarm_s.min(initial=NEVER)), by_flow),
            heat_kw=circuits.heat_kw,
        )


def ride_study(
    plant: Plant,
    assumptions: Assumptions,
    on_progress: Callable[[float], None] | None = None,
) -> dict[str, Any]:
    """Who gets too warm, and when, after each single loss of cooling.

    Parameters
    ----------
    plant : Plant
        The plant, in steady operation before.
    assumptions : Assumptions
        As for an evaluation, with the lines ``transient.*``.
    on_progress : callable or None
        Called with the share done; may raise to stop.

    Returns
    -------
    dict
        As `followed_losses`, with ``inputs``; ``reason`` says why there are none.

    Raises
    ------
    OutOfRange
        If a line is impossible, such as a time of zero to follow.

    Notes
    -----
    Definition. See `engine.faults.outages.cooling_outages` and `site_outages`.
    """
    return rides_of(study_of(plant, assumptions), on_progress)


def rides_of(study: Study, on_progress: Callable[[float], None] | None = None) -> dict[str, Any]:
    """The same as `ride_study`, of a plant whose steady state is known already.

    Parameters
    ----------
    study : Study
        The plant in steady operation.
    on_progress : callable or None
        Called with the share done; may raise to stop.

    Returns
    -------
    dict
        As `ride_study`.

    Raises
    ------
    OutOfRange
        If a line is impossible.

    Notes
    -----
    Definition.
    """
    inputs = [_input(item) for item in cited(study.assumptions, *LINES)]
    flows = study.operation.cooling.rack_given_lpm > 0.0
    if not (flows & (study.plant.racks.loop >= 0)).any():
        why = "No rack on a loop takes coolant."
        return {"losses": [], "rides": [], "rack_tags": {}, "inputs": inputs, "reason": why}
    outages = (*site_outages(study), *cooling_outages(study))
    found = followed_losses(study, outages, on_progress)
    return {**found, "inputs": inputs, "reason": None}


def flow_alarm_s(left: Floats, outage: Outage, alarm_fraction: float) -> float:
    r"""Time until the first rack's flow falls below the share at which an alarm is raised.

    Parameters
    ----------
    left : array, shape (n_racks,)
        Share of its flow that each rack keeps. [1]
    outage : Outage
        How fast the rest runs out, and when it is back.
    alarm_fraction : float
        Share of the flow, from 0 to 1. [1]

    Returns
    -------
    float
        Infinite where it does not come to it. [s]

    Notes
    -----
    Definition. :math:`l + (1 - l)/(1 + t/\tau) = a`, solved for t.
    """
    least = float(left.min(initial=1.0))
    if not outage.pumps_stop or least >= alarm_fraction:
        return NEVER
    when = outage.coast_s * ((1.0 - least) / (alarm_fraction - least) - 1.0)
    return when if when < outage.pumps_back_s else NEVER


def site_outages(study: Study) -> tuple[CoolingOutage, ...]:
    """The losses that reach every loop at once, as outages of cooling.

    Parameters
    ----------
    study : Study
        The plant in steady operation.

    Returns
    -------
    tuple of CoolingOutage
        Pumps, heat sink, utility.

    Notes
    -----
    Definition. See `engine.faults.rides.events_of`.
    """
    given = study.operation.cooling.rack_given_lpm > 0.0
    loops = np.unique(study.plant.racks.loop[given])
    return tuple(
        CoolingOutage(
            id=f"site:{event.id}",
            tag=event.tag,
            kind="site",
            title=event.title,
            loops=loops[loops >= 0],
            outage=event.outage,
            gone=np.zeros(len(study.plant.cdus), dtype=bool),
        )
        for event in events_of(study.assumptions)
    )


def followed_losses(
    study: Study,
    outages: Iterable[CoolingOutage],
    on_progress: Callable[[float], None] | None = None,
) -> dict[str, Any]:
    """Time to alarm, throttle and trip of every rack after each loss of cooling.

    Parameters
    ----------
    study : Study
        The plant in steady operation.
    outages : iterable of CoolingOutage
        What stops.
    on_progress : callable or None
        Called with the share done; may raise to stop.

    Returns
    -------
    dict
        ``losses``, the one that costs most IT power first, each with its loops and the number of
        the ride of each; ``rides`` with the curves; ``rack_tags`` by id. A time is None where it
        does not come to it within the time that is followed.

    Notes
    -----
    Definition. See `engine.faults.ride_through`; IT power is lost by the share that the
    racks have given up at the end of the time that is followed.
    """
    follower, rows = Follower(study), []
    asked = list(outages)
    for done, loss in enumerate(asked):
        parts = [(loop, follower.follow(loss, loop)) for loop in loss.loops.tolist()]
        parts = [(loop, ride) for loop, ride in parts if follower.members[loop].size]
        if parts:
            rows.append(_loss(follower, loss, parts))
        percent = 100 * (done + 1) // len(asked)
        if on_progress is not None and percent > 100 * done // len(asked):
            on_progress((done + 1) / len(asked))
    racks = study.plant.racks
    rows.sort(key=lambda row: (-row["lost_kw"], row["trip_s"] or NEVER, row["throttle_s"] or NEVER))
    return {
        "losses": rows,
        "rides": [_ride(study, each) for each in follower.rides],
        "rack_tags": {racks.id[i]: racks.tag[i] for i in follower.wet.tolist()},
    }


def _loss(follower: Follower, loss: CoolingOutage, parts: list[tuple[int, int]]) -> dict[str, Any]:
    study, loops = follower.study, []
    racks, it_kw = study.plant.racks, study.operation.power.rack_kw
    lost, firsts = 0.0, []
    allowed = 1.0 - study.assumptions.value("tcs.deficit_warn_fraction")
    counts = np.zeros(3, dtype=np.int64)
    for loop, index in parts:
        rows, found = follower.wet[follower.members[loop]], follower.rides[index]
        ride, runs = found.ride, _runs(loss.outage, rows)
        lost += float(it_kw[rows] @ np.where(runs, 1.0 - ride.power_fraction[-1], 0.0))
        hot = np.isfinite(ride.throttle_s) & runs, np.isfinite(ride.trip_s) & runs
        short = runs & is_short(study.operation.cooling, rows, found.left, allowed)
        counts += [short.sum(), hot[0].sum(), hot[1].sum()]
        first = int(np.lexsort((found.left, ride.throttle_s, ride.trip_s))[0])
        times = (found.alarm_s, float(ride.throttle_s.min()), float(ride.trip_s.min()))
        firsts.append((times[2], times[1], times[0], racks.id[int(rows[first])]))
        loops.append(
            {
                "loop": study.plant.loops.id[loop],
                "rack_ids": [racks.id[i] for i in rows.tolist()],
                "ride": index,
            }
        )
    rate, hours = study.rates(loss.fails) if loss.fails else (None, None)
    return {
        "id": loss.id,
        "tag": loss.tag,
        "kind": loss.kind,
        "failures_per_year": None if rate is None else number(loss.parts * rate),
        "repair_h": hours,
        "title": loss.title,
        "loops": loops,
        "alarm_s": _time(min(each[2] for each in firsts)),
        "throttle_s": _time(min(each[1] for each in firsts)),
        "trip_s": _time(min(each[0] for each in firsts)),
        "first_rack_id": min(firsts)[3],
        "racks_short": int(counts[0]),
        "racks_throttled": int(counts[1]),
        "racks_tripped": int(counts[2]),
        "lost_kw": number(lost),
        "least_flow_fraction": number(_least_flow(follower, loss, parts)),
        "head_kpa": None if loss.head_kpa is None else [number(each) for each in loss.head_kpa],
        "pumps_back_s": _time(loss.outage.pumps_back_s) if loss.outage.pumps_stop else None,
        "heat_sink_back_s": _time(loss.outage.heat_sink_back_s)
        if loss.outage.heat_sink_stops
        else None,
    }


def _least_flow(follower: Follower, loss: CoolingOutage, parts: list[tuple[int, int]]) -> float:
    """Least share of its flow that a loop has while other pumps take over; 1 where none do."""
    if loss.outage.handed_over <= 0.0:
        return 1.0
    return min(float(follower.rides[index].ride.flow_fraction.min()) for _, index in parts)


def _runs(outage: Outage, rows: Ints) -> Bools:
    if outage.is_off is None:
        return np.ones(rows.size, dtype=bool)
    return np.asarray(~outage.is_off[rows])


def _ride(study: Study, found: Followed) -> dict[str, Any]:
    ride = found.ride
    time = ride.time_s
    drawn = np.lexsort((found.left, ride.throttle_s, ride.trip_s))[:DRAWN].tolist()
    turns = np.isin(time, [*ride.throttle_s[drawn], *ride.trip_s[drawn]])
    kept = np.flatnonzero((time <= FINE_S) | (np.mod(time, COARSE_S) == 0.0) | turns)
    return {
        "left_fraction": np.round(found.left, 4).tolist(),
        "alarm_s": _time(found.alarm_s),
        "throttle_s": [_time(each) for each in ride.throttle_s.tolist()],
        "trip_s": [_time(each) for each in ride.trip_s.tolist()],
        "last_c": np.round(ride.return_c[-1], 2).tolist(),
        "most_c": np.round(ride.return_c.max(axis=0), 2).tolist(),
        "power_fraction": np.round(ride.power_fraction[-1], 4).tolist(),
        "curves": {
            "time_s": time[kept].tolist(),
            "supply_c": np.round(ride.supply_c[kept, 0], 2).tolist(),
            "flow_percent": np.round(100.0 * ride.flow_fraction[kept, 0], 1).tolist(),
            "racks": [
                {"rack": i, "return_c": np.round(ride.return_c[kept, i], 2).tolist()} for i in drawn
            ],
        },
    }


def _key(circuits: Circuits, outage: Outage) -> bytes:
    columns = [circuits_key(circuits)]
    rates = (
        outage.pumps_stop,
        outage.pumps_back_s,
        outage.coast_s,
        outage.heat_sink_stops,
        outage.heat_sink_back_s,
        outage.sink_left,
        outage.set_point_rise_k,
        round(outage.handed_over, 6),
        outage.ramp_s,
    )
    for each in (outage.left, outage.is_off):
        columns.append(b"-" if each is None else np.round(each.astype(np.float64), 6).tobytes())
    return b"|".join((*columns, repr(rates).encode()))


def _input(item: Input) -> dict[str, Any]:
    return {name: getattr(item, name) for name in Input.__slots__}


def _time(seconds: float) -> float | None:
    return float(seconds) if np.isfinite(seconds) else None
