"""Where a loss ends: the steady state that the temperatures after it run towards."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from engine.faults.ride_through import Circuits
from engine.faults.transients import throttled_fraction
from engine.plant import Bools, Floats

HALVINGS: Final = 50  # of a range of some ten kelvins
ALIKE_K: Final = 1e-6  # racks as warm as that trip together


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """Temperatures and powers when nothing changes any more."""

    supply_c: Floats  # per loop
    return_c: Floats  # per rack; without flow as warm as where it trips
    power_fraction: Floats  # per rack
    trips: Bools  # per rack


def settle(
    circuits: Circuits, left: Floats, *, throttle_per_k: float, is_off: Bools | None = None
) -> Settled:
    r"""Temperatures and powers long after a loss.

    Parameters
    ----------
    circuits : Circuits
        Loops and racks, with the effectiveness of the CDUs that are left.
    left : array, shape (n_racks,)
        Share of its flow that each rack keeps. [1]
    throttle_per_k : float
        Power given up per kelvin above each rack's limit, >= 0. [1/K]
    is_off : array of bool, shape (n_racks,), or None
        Racks without power; None: all run.

    Returns
    -------
    Settled
        Per loop and per rack.

    Raises
    ------
    OutOfRange
        If the slope is negative.

    Notes
    -----
    Definition. The steady state of `engine.faults.transients.ride_through`:
    :math:`T_s = \max(T_{set}, T_r - e (T_r - T_f))` with :math:`T_r` mixed from the racks'
    :math:`T_i = T_s + p_i Q_i / W_i`, and the power :math:`p_i = 1 - g (T_i - T_l)` above the
    limit; found by halving, because what comes back never rises faster than what was sent. The
    warmest rack beyond its trip limit is off, and the rest settles anew.
    """
    flow = circuits.flow_kw_k * left
    runs = np.ones(flow.size, dtype=bool) if is_off is None else ~is_off
    trips = runs & (flow <= 0.0)
    while True:
        on = runs & ~trips
        supply = _supply_c(circuits, flow, on, throttle_per_k)
        returns, power = _racks(circuits, flow, on, supply, throttle_per_k)
        over = np.where(on, returns - circuits.trip_c, -np.inf)
        worst = float(over.max(initial=-np.inf))
        if worst <= 0.0:
            break
        trips |= over >= worst - ALIKE_K
    return Settled(
        supply_c=supply,
        return_c=np.where(trips, circuits.trip_c, returns),
        power_fraction=power,
        trips=trips,
    )


def _supply_c(c: Circuits, flow: Floats, on: Bools, per_k: float) -> Floats:
    """What the CDUs send out when as much heat leaves as comes in."""
    loops = c.supply_c.size
    total = np.bincount(c.loop, flow, loops)
    low = c.supply_c.astype(np.float64)
    high = low.copy()
    np.maximum.at(high, c.loop, c.trip_c)
    for halving in range(HALVINGS + 1):
        # Most often the set-point holds, and the first look says so.
        supply = low if halving == 0 else (low + high) / 2.0
        returns, _ = _racks(c, flow, on, supply, per_k)
        mixed = np.bincount(c.loop, flow * returns, loops)
        mixed = np.divide(mixed, total, out=supply.copy(), where=total > 0.0)
        coldest = mixed - c.effect * np.maximum(mixed - c.fws_supply_c, 0.0)
        holds = coldest <= supply
        if halving == 0 and holds.all():
            return low
        high = np.where(holds, supply, high)
        low = low if halving == 0 else np.where(holds, low, supply)
    return high


def _racks(
    c: Circuits, flow: Floats, on: Bools, supply_c: Floats, per_k: float
) -> tuple[Floats, Floats]:
    """Return and power of each rack at a supply temperature."""
    wet = flow > 0.0
    rise = np.where(wet, c.heat_kw / np.where(wet, flow, 1.0), 0.0)
    inlet = supply_c[c.loop]
    full = throttled_fraction(inlet + rise, c.throttle_c, per_k)
    # Where it slows down: p = 1 - g (T_s + p Q/W - T_l), solved for p.
    slowed = (1.0 - per_k * (inlet - c.throttle_c)) / (1.0 + per_k * rise)
    power = np.where(full < 1.0, np.clip(slowed, 0.0, 1.0), 1.0) * (on & wet)
    return inlet + power * rise, power
