"""Temperatures of every rack and loop, second by second, after a loss of pumps or heat sink.

Coolant leaves the CDU, runs along the supply pipe, warms in the racks, and runs back. Pipes are
plug flow: what enters leaves after their volume has passed. Racks and cold plates are well mixed.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from engine.errors import OutOfRange
from engine.faults.transients import (
    NEVER,
    coasting_flow_fraction,
    mixed_step_c,
    throttled_fraction,
)
from engine.plant import Bools, Floats, Ints

LONGEST_S: Final = 24 * 3600.0
MOST_STEPS: Final = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Circuits:
    """TCS loops and the racks on them, one entry per rack or per loop."""

    loop: Ints  # of each rack
    heat_kw: Floats  # per rack, into the coolant
    flow_kw_k: Floats  # per rack, capacity rate at full flow
    rack_kj_k: Floats  # per rack: coolant and cold plates that warm with it
    throttle_c: Floats  # per rack: coolant return where chips begin to slow down
    trip_c: Floats  # per rack: coolant return where the rack switches off
    pipe_kj_k: Floats  # per loop, of supply and return pipe each
    supply_c: Floats  # per loop, set-point
    fws_supply_c: Floats  # per loop
    effect: Floats  # per loop: share of return less FWS that the CDU can take out of the coolant
    fws_kj_k: Floats  # per loop: facility water that is its own, 0: none to ride on


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """What stops, and when it is back; time zero is the loss."""

    pumps_stop: bool = False
    left: Floats | None = None  # per rack: share of its flow that stays; None: nothing
    pumps_back_s: float = NEVER
    coast_s: float = 5.0
    handed_over: float = 0.0  # share of the flow that other pumps take over while they speed up
    ramp_s: float = 10.0  # time constant in which they do
    heat_sink_stops: bool = False
    heat_sink_back_s: float = NEVER
    sink_left: float = 0.0  # share of the heat before that can still be rejected meanwhile
    set_point_rise_k: float = 0.0  # by which the TCS supply is held too warm
    is_off: Bools | None = None  # racks without power from the start; None: all run

    def flow_fraction(self, time_s: Floats) -> Floats:
        """What the pumps still add to the flow that stays, over what they added."""
        if not self.pumps_stop:
            return np.ones_like(time_s)
        coasting = coasting_flow_fraction(time_s, self.coast_s)
        return np.where(time_s >= self.pumps_back_s, 1.0, coasting)

    def dip_fraction(self, time_s: Floats) -> Floats:
        r"""Share of its flow that a loop lacks until other pumps have sped up.

        Notes
        -----
        Definition. What runs out as :math:`1/(1 + t/\tau)` is made good as :math:`e^{-t/\tau_r}`.
        """
        if self.handed_over <= 0.0:
            return np.zeros_like(time_s)
        coasting = coasting_flow_fraction(time_s, self.coast_s)
        missing = np.exp(-time_s / self.ramp_s) - coasting
        return np.asarray(self.handed_over * np.maximum(missing, 0.0))

    def sink_fraction(self, time_s: Floats) -> Floats:
        """Share of the heat sink that works at each time."""
        if not self.heat_sink_stops:
            return np.ones_like(time_s)
        return np.where(time_s >= self.heat_sink_back_s, 1.0, self.sink_left)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ride:
    """What happens after a loss. Times are infinite where it does not come to it."""

    time_s: Floats  # shape (n_steps,)
    supply_c: Floats  # shape (n_steps, n_loops), at the CDU's outlet
    return_c: Floats  # shape (n_steps, n_racks), at each rack's outlet
    flow_fraction: Floats  # shape (n_steps, n_loops), of the flow before
    power_fraction: Floats  # shape (n_steps, n_racks)
    alarm_s: Floats  # per loop
    throttle_s: Floats  # per rack
    trip_s: Floats  # per rack
    first_rack: int  # the one that trips first, else throttles first, else -1


def ride_through(
    circuits: Circuits,
    outage: Outage,
    *,
    length_s: float = 900.0,
    step_s: float = 1.0,
    alarm_rise_k: float = 3.0,
    throttle_per_k: float = 0.1,
    on_progress: Callable[[float], None] | None = None,
) -> Ride:
    r"""Temperatures, slowing and switching off of every rack after a loss.

    Parameters
    ----------
    circuits : Circuits
        Loops and racks in steady operation.
    outage : Outage
        What stops.
    length_s, step_s : float
        Time that is followed, and its step. [s]
    alarm_rise_k : float
        TCS supply above its set-point at which the alarm goes. [K]
    throttle_per_k : float
        Power given up per kelvin above each rack's limit, >= 0. [1/K]
    on_progress : callable or None
        Called with the share done, now and then.

    Returns
    -------
    Ride
        Curves, and the times to alarm, throttle and trip.

    Raises
    ------
    OutOfRange
        If a length or step is not positive, a day is passed, or the steps are too many.

    Notes
    -----
    Each step is exact for steady inlets: racks :math:`C\dot T = Q + W(T_i - T)`, pipes plug
    flow by the volume that has passed, the CDU :math:`T_s = \max(T_{set}, T_r - e (T_r - T_f))`
    with the part of the heat sink that works, the facility water :math:`C_f \dot T_f = Q - Q_s`
    while its sink takes only :math:`Q_s` [1]_. A rack that has tripped stays off.

    References
    ----------
    .. [1] F. P. Incropera et al., "Fundamentals of Heat and Mass Transfer", 7th ed., Wiley, 2011,
       ch. 5 (lumped capacitance).
    """
    if not 0.0 < step_s <= length_s <= LONGEST_S or length_s / step_s > MOST_STEPS:
        raise OutOfRange(
            f"Follow up to a day in at most {MOST_STEPS:,} steps.", length_s=length_s, step_s=step_s
        )
    state = _Ride(circuits, outage, np.arange(0.0, length_s + step_s / 2.0, step_s))
    for i in range(1, state.time.size):
        state.advance(i, step_s, throttle_per_k)
        if on_progress is not None and i % 100 == 0:
            on_progress(i / state.time.size)
    return state.result(alarm_rise_k)


class _Ride:
    """The running state of `ride_through`."""

    def __init__(self, circuits: Circuits, outage: Outage, time: Floats) -> None:
        self.c, self.time = circuits, time
        self.loops = circuits.supply_c.size
        self.coast, self.sink = outage.flow_fraction(time), outage.sink_fraction(time)
        self.whole = 1.0 - outage.dip_fraction(time)
        self.hold_c = circuits.supply_c + outage.set_point_rise_k
        self.runs = np.ones(circuits.loop.size) if outage.is_off is None else 1.0 - outage.is_off
        flow = np.bincount(circuits.loop, circuits.flow_kw_k, self.loops)
        self.flow = np.where(flow > 0.0, flow, 1.0)
        self.heat = np.bincount(circuits.loop, circuits.heat_kw, self.loops)
        self.left = np.zeros(circuits.loop.size) if outage.left is None else outage.left
        stays = np.bincount(circuits.loop, circuits.flow_kw_k * self.left, self.loops)
        self.stays = stays / self.flow
        steps = np.diff(time, prepend=0.0)
        coasted = np.cumsum(self.whole * self.coast * steps)[:, None]
        # Full-flow seconds of each loop.
        self.passed = coasted + (np.cumsum(self.whole * steps)[:, None] - coasted) * self.stays
        self.entered = np.zeros(self.loops, dtype=np.int64)  # step at which it entered the pipe
        self.delay = circuits.pipe_kj_k / self.flow
        wet = circuits.flow_kw_k > 0.0
        rise = np.where(wet, circuits.heat_kw / np.where(wet, circuits.flow_kw_k, 1.0), 0.0)
        shape = (time.size, self.loops)
        self.supply = np.broadcast_to(circuits.supply_c, shape).astype(np.float64)
        self.gathered = np.empty(shape)
        self.returns = np.empty((time.size, circuits.loop.size))
        self.returns[0] = circuits.supply_c[circuits.loop] + rise
        self.power = np.ones_like(self.returns)
        self.gathered[0] = self._mixed(self.returns[0], 1.0)
        self.facility = circuits.fws_supply_c.astype(np.float64)
        self.tripped = np.full(circuits.loop.size, NEVER)
        self.throttled = np.full(circuits.loop.size, NEVER)

    def _mixed(self, rack_c: Floats, share: Floats | float) -> Floats:
        """Return of each loop from the flows of its racks."""
        flow = self.c.flow_kw_k * share
        total = np.bincount(self.c.loop, flow * rack_c, self.loops)
        by = np.bincount(self.c.loop, flow, self.loops)
        return np.divide(total, by, out=np.zeros(self.loops), where=by > 0.0)

    def _delayed(self, history: Floats, i: int) -> Floats:
        """What entered the pipe when one pipe volume less had passed, between steps."""
        since = np.maximum(self.passed[i] - self.delay, 0.0)
        column = np.arange(self.loops)
        while True:  # what leaves the pipe never entered before what left it last
            later = np.minimum(self.entered + 1, i)
            moves = (self.passed[later, column] <= since) & (later > self.entered)
            if not moves.any():
                break
            self.entered = np.where(moves, later, self.entered)
        low = np.minimum(self.entered, i - 1)
        before = self.passed[low, column]
        span = self.passed[low + 1, column] - before
        share = np.divide(since - before, span, out=np.zeros(self.loops), where=span > 0.0)
        late = (
            history[low, column] * (1.0 - share)
            + history[np.minimum(low + 1, i - 1), column] * share
        )
        return np.asarray(late)

    def advance(self, i: int, step_s: float, throttle_per_k: float) -> None:
        c, now = self.c, self.time[i]
        coast = self.coast[i]
        share, of_loop = (
            self.whole[i] * (coast + (1.0 - coast) * self.left),
            self.whole[i] * (coast + (1.0 - coast) * self.stays),
        )
        on = (self.tripped == NEVER) * self.runs
        power = throttled_fraction(self.returns[i - 1], c.throttle_c, throttle_per_k) * on
        inlet = self._delayed(self.supply, i)[c.loop]
        self.returns[i] = mixed_step_c(
            self.returns[i - 1],
            inlet,
            flow_kw_k=share * c.flow_kw_k,
            heat_kw=power * c.heat_kw,
            content_kj_k=c.rack_kj_k,
            step_s=step_s,
        )
        self.power[i] = power
        self.gathered[i] = self._mixed(self.returns[i], share)
        arriving = self._delayed(self.gathered, i)
        rides = (c.fws_kj_k > 0.0) | (self.sink[i] > 0.0)
        coldest = arriving - c.effect * np.maximum(arriving - self.facility, 0.0)
        cooled = np.where(rides, np.maximum(coldest, np.minimum(self.hold_c, arriving)), arriving)
        self.supply[i] = cooled
        moved = of_loop * self.flow * (arriving - cooled)
        # What is left of the heat sink takes its share of the heat before the loss, no more.
        kept = np.where(c.fws_kj_k > 0.0, (moved - self.sink[i] * self.heat) * step_s, 0.0)
        warmed = self.facility + kept / np.where(c.fws_kj_k > 0.0, c.fws_kj_k, 1.0)
        self.facility = np.where(
            self.sink[i] >= 1.0, c.fws_supply_c, np.maximum(warmed, c.fws_supply_c)
        )
        hot = (self.returns[i] > c.throttle_c) & (self.throttled == NEVER)
        self.throttled[hot] = now
        out = (self.returns[i] > c.trip_c) & (self.tripped == NEVER)
        self.tripped[out] = now

    def result(self, alarm_rise_k: float) -> Ride:
        over = self.supply > self.c.supply_c + alarm_rise_k
        alarm = np.where(over.any(axis=0), self.time[np.argmax(over, axis=0)], NEVER)
        first = -1
        for times in (self.tripped, self.throttled):
            if times.size and np.isfinite(times).any():
                first = int(np.argmin(times))
                break
        return Ride(
            time_s=self.time,
            supply_c=self.supply,
            return_c=self.returns,
            flow_fraction=self.whole[:, None]
            * (self.coast[:, None] + (1.0 - self.coast[:, None]) * self.stays),
            power_fraction=self.power,
            alarm_s=alarm,
            throttle_s=self.throttled,
            trip_s=self.tripped,
            first_rack=first,
        )
