"""CDUs away from their rating: what they move, what holds them back, and how far the valve opens.

A CDU is a counterflow plate exchanger with pumps on the TCS side and a control valve on the FWS
side. Its rating (heat, approach, flows) gives the conductance; everything else follows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike

from engine.cooling.exchangers import MOST_NTU, counterflow, transfer_units
from engine.errors import OutOfRange
from engine.plant import Floats
from engine.ranges import bounded

Limit = Literal["heat", "flow", "valve", "facility water", "none"]
LIMITS: Final[tuple[Limit, ...]] = ("heat", "flow", "valve", "facility water")

NARROWINGS: Final = 12
MOST_HEAT: Final = 1e3  # times the rating: beyond it a figure says nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratings:
    """Rated points of some CDUs, one entry each."""

    capacity_kw: Floats
    approach_k: Floats  # TCS supply less FWS supply at the capacity
    tcs_kw_k: Floats  # capacity rate of the TCS side at rated flow
    fws_kw_k: Floats  # the same of the FWS side, valve open
    ua_kw_k: Floats  # conductance at rated flows
    exponent: float
    tcs_share: float
    fouling_factor: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CduStates:
    """What some CDUs do at a load, one entry each."""

    load_kw: Floats  # asked for
    moved_kw: Floats  # given: never above the load
    capacity_kw: Floats  # the least of the limits
    heat_limit_kw: Floats  # exchanger at full primary flow
    flow_limit_kw: Floats  # pumps
    valve_limit_kw: Floats
    facility_limit_kw: Floats  # the share of the facility water
    binds: tuple[Limit, ...]  # which limit is the least; "none" without a load
    supply_c: Floats  # TCS supply that is held
    approach_k: Floats  # TCS supply less FWS supply, valve fully open
    valve_fraction: Floats  # FWS flow over what the open valve lets through
    fws_return_c: Floats
    margin_fraction: Floats  # capacity over load less one; 0 without a load


def ratings(
    capacity_kw: ArrayLike,
    approach_k: ArrayLike,
    tcs_kw_k: ArrayLike,
    fws_kw_k: ArrayLike,
    *,
    exponent: float = 0.7,
    tcs_share: float = 0.5,
    fouling_factor: float = 1.0,
) -> Ratings:
    r"""Conductance of CDUs from their rated points.

    Parameters
    ----------
    capacity_kw, approach_k : array, shape (n,)
        Heat moved and TCS supply less FWS supply there, > 0. [kW], [K]
    tcs_kw_k, fws_kw_k : array, shape (n,)
        Capacity rates of both sides at the rated flows, > 0. [kW/K]
    exponent, tcs_share, fouling_factor : float
        As in `engine.cooling.exchangers.conductance_kw_k`; the rating is of the clean exchanger.

    Returns
    -------
    Ratings
        With the conductance that gives the capacity at the approach.

    Raises
    ------
    OutOfRange
        If a figure is not positive, a share lies outside its range, or the FWS would leave warmer
        than the TCS comes.

    Notes
    -----
    The return lies :math:`Q/C_s` above the supply, so :math:`\varepsilon = Q/(C_{min}(a + Q/C_s))`
    and UA follows from the transfer units [1]_.

    References
    ----------
    .. [1] W. M. Kays and A. L. London, "Compact Heat Exchangers", 3rd ed., McGraw-Hill,
       1984, ch. 2.
    """
    q, a, s, f = np.broadcast_arrays(
        *(
            np.atleast_1d(np.asarray(value, dtype=np.float64))
            for value in (capacity_kw, approach_k, tcs_kw_k, fws_kw_k)
        )
    )
    for name, values in (("capacity", q), ("approach", a), ("TCS flow", s), ("FWS flow", f)):
        if not np.all(values > 0.0) or not np.all(np.isfinite(values)):
            raise OutOfRange(f"A CDU needs a positive {name}.", value=float(np.min(values)))
    bounded("The exponent", exponent, 0.0, 2.0)
    bounded("The share of the TCS side", tcs_share, 0.0, 1.0)
    bounded("The fouling factor", fouling_factor, 0.0, 1.0, above_low=True)
    least = np.minimum(s, f)
    effect = q / (least * (a + q / s))
    if np.any(effect >= 1.0):
        i = int(np.argmax(effect))
        raise OutOfRange(
            "No exchanger moves this heat at this approach and facility water flow: "
            "give it more facility water.",
            capacity_kw=float(q[i]),
            approach_k=float(a[i]),
        )
    ua = transfer_units(effect, least / np.maximum(s, f)) * least
    return Ratings(
        capacity_kw=q,
        approach_k=a,
        tcs_kw_k=s,
        fws_kw_k=f,
        ua_kw_k=ua,
        exponent=exponent,
        tcs_share=tcs_share,
        fouling_factor=fouling_factor,
    )


def guarded_supply_c(set_point_c: ArrayLike, dew_point_c: ArrayLike, margin_k: float) -> Floats:
    """TCS supply that is held: the set-point, and never nearer to the dew point than the margin.

    Parameters
    ----------
    set_point_c : array
        Wanted supply temperature. [°C]
    dew_point_c : array
        Dew point of the room that the pipes pass. [°C]
    margin_k : float
        Least distance, >= 0. [K]

    Returns
    -------
    array
        Supply temperature. [°C]

    Raises
    ------
    OutOfRange
        If the margin is negative, or a temperature not finite.

    Notes
    -----
    Definition. max(set-point, dew point + margin).
    """
    margin = bounded("The margin above the dew point", margin_k, 0.0, unit="K")
    wanted = bounded("The set-point", set_point_c, unit="°C")
    return np.maximum(wanted, bounded("The dew point", dew_point_c, unit="°C") + margin)


def heat_at_set_point_kw(
    rated: Ratings, tcs_kw_k: ArrayLike, fws_kw_k: ArrayLike, approach_k: ArrayLike
) -> Floats:
    r"""Heat that the exchanger moves while it holds a TCS supply temperature.

    Parameters
    ----------
    rated : Ratings
        The CDUs.
    tcs_kw_k, fws_kw_k : array, shape (n,)
        Capacity rates now, >= 0. [kW/K]
    approach_k : array, shape (n,)
        TCS supply less FWS supply. [K]

    Returns
    -------
    array, shape (n,)
        Heat; zero without an approach or flow. [kW]

    Raises
    ------
    OutOfRange
        If a rate is negative, or the approach not finite.

    Notes
    -----
    The return lies :math:`Q/C_s` above the supply:
    :math:`Q = \varepsilon C_{min}\,a / (1 - \varepsilon C_{min}/C_s)` [1]_, linear in the approach.

    References
    ----------
    .. [1] W. M. Kays and A. L. London, "Compact Heat Exchangers", 3rd ed., McGraw-Hill,
       1984, ch. 2.
    """
    fws = bounded("The capacity rate of the facility water", fws_kw_k, 0.0, unit="kW/K")
    return _heat_by_fws(rated, tcs_kw_k, approach_k)(fws)


def _heat_by_fws(
    rated: Ratings, tcs_kw_k: ArrayLike, approach_k: ArrayLike
) -> Callable[[Floats], Floats]:
    """Heat at a coolant flow by that of the facility water: what both need is worked out once.

    The formulas are those of `exchangers.conductance_kw_k` and `exchangers.exchanged_kw`.
    """
    s = bounded("The capacity rate of the coolant", tcs_kw_k, 0.0, unit="kW/K")
    approach = np.maximum(bounded("The approach", approach_k, unit="K"), 0.0)
    runs, most = s > 0.0, MOST_HEAT * rated.capacity_kw
    share, clean = rated.tcs_share, rated.fouling_factor * rated.ua_kw_k
    film = share * np.where(runs, s / rated.tcs_kw_k, 1.0) ** -rated.exponent
    per_s = np.where(runs, s, 1.0)

    def heat_kw(f: Floats) -> Floats:
        flows = runs & (f > 0.0)
        other = (1.0 - share) * np.where(flows, f / rated.fws_kw_k, 1.0) ** -rated.exponent
        least, larger = np.minimum(s, f), np.maximum(s, f)
        units = np.minimum(clean / (film + other) / np.where(flows, least, 1.0), MOST_NTU)
        effect = counterflow(units, least / np.where(larger > 0.0, larger, 1.0))
        per_k = np.where(flows, effect * least, 0.0)
        return np.minimum(per_k * approach / np.maximum(1.0 - per_k / per_s, 1e-12), most)

    return heat_kw


def cdu_states(
    rated: Ratings,
    load_kw: ArrayLike,
    tcs_kw_k: ArrayLike,
    *,
    set_point_c: ArrayLike,
    fws_supply_c: ArrayLike,
    pump_kw_k: ArrayLike,
    valve_kw_k: ArrayLike | None = None,
    facility_kw_k: ArrayLike | None = None,
) -> CduStates:
    r"""What CDUs do at a load: capacity and what binds it, approach, valve and margin.

    Parameters
    ----------
    rated : Ratings
        The CDUs, shape (n,).
    load_kw : array, shape (n,)
        Heat that the racks give to each. [kW]
    tcs_kw_k : array, shape (n,)
        Capacity rate that the racks ask for. [kW/K]
    set_point_c, fws_supply_c : array, shape (n,)
        TCS supply that is wanted (see `guarded_supply_c`) and FWS supply. [°C]
    pump_kw_k : array, shape (n,)
        Capacity rate that the pumps can give. [kW/K]
    valve_kw_k : array, shape (n,), or None
        FWS capacity rate through the open valve; None: the rated one. [kW/K]
    facility_kw_k : array, shape (n,), or None
        FWS capacity rate allotted to each; None: as much as the valve lets through. [kW/K]

    Returns
    -------
    CduStates
        A load above the capacity warms the supply until the exchanger moves it, unless the pumps
        bind.

    Raises
    ------
    OutOfRange
        If a load or rate is negative.

    Notes
    -----
    Capacity is the least of four: the exchanger at rated FWS flow, the pumps (the load times the
    flow they have over the flow it needs), the exchanger at the valve's flow, and at the
    allotted share of the facility water. Flow may bind before heat: at a warm supply the
    racks ask for more of it. The valve's opening is found by halving, as heat rises with flow [1]_.

    References
    ----------
    .. [1] W. M. Kays and A. L. London, "Compact Heat Exchangers", 3rd ed., McGraw-Hill,
       1984, ch. 2.
    """
    n = rated.capacity_kw.shape
    load, asked, wanted, fws, pump = (
        np.broadcast_to(np.asarray(value, dtype=np.float64), n)
        for value in (load_kw, tcs_kw_k, set_point_c, fws_supply_c, pump_kw_k)
    )
    bounded("The load of a CDU", load, 0.0, unit="kW")
    bounded("The capacity rate that the racks ask for", asked, 0.0, unit="kW/K")
    bounded("The capacity rate of the pumps", pump, 0.0, unit="kW/K")
    valve = rated.fws_kw_k if valve_kw_k is None else np.broadcast_to(valve_kw_k, n)
    share = valve if facility_kw_k is None else np.broadcast_to(facility_kw_k, n)
    flow = np.minimum(asked, pump)
    approach = wanted - fws
    open_fws = bounded("The capacity rate of a valve", np.minimum(share, valve), 0.0, unit="kW/K")
    heat_kw = _heat_by_fws(rated, flow, approach)
    heat_limit, facility_limit = heat_kw(rated.fws_kw_k), heat_kw(open_fws)
    valve_limit = facility_limit if share is valve else heat_kw(valve)
    pump_share = pump / np.where(asked > 0.0, asked, 1.0)
    flow_limit = np.where(asked > 0.0, load * pump_share, np.inf)
    limits = np.stack([heat_limit, flow_limit, valve_limit, facility_limit])
    capacity = limits.min(axis=0)
    first = np.argmin(limits, axis=0)
    runs = load > 0.0
    moved = np.minimum(load, np.where(runs, capacity, 0.0))
    per_k = heat_at_set_point_kw(rated, flow, open_fws, 1.0)
    open_approach = np.where(runs, load * np.minimum(pump_share, 1.0), 0.0) / np.where(
        per_k > 0.0, per_k, 1.0
    )
    open_approach = np.where(per_k > 0.0, open_approach, 0.0)
    held = np.maximum(wanted, fws + open_approach)
    opening = _opening(heat_kw, open_fws, facility_limit, moved)
    used = opening * open_fws
    return CduStates(
        load_kw=load,
        moved_kw=moved,
        capacity_kw=np.where(np.isfinite(capacity), capacity, heat_limit),
        heat_limit_kw=heat_limit,
        flow_limit_kw=np.where(np.isfinite(flow_limit), flow_limit, heat_limit),
        valve_limit_kw=valve_limit,
        facility_limit_kw=facility_limit,
        binds=tuple(
            LIMITS[i] if on else "none" for i, on in zip(first.tolist(), runs.tolist(), strict=True)
        ),
        supply_c=held,
        approach_k=open_approach,
        valve_fraction=opening * open_fws / np.where(valve > 0.0, valve, 1.0),
        fws_return_c=fws + moved / np.where(used > 0.0, used, np.inf),
        margin_fraction=np.where(runs, capacity / np.where(runs, load, 1.0) - 1.0, 0.0),
    )


def _opening(
    heat_kw: Callable[[Floats], Floats], open_fws: Floats, most_kw: Floats, moved: Floats
) -> Floats:
    """Share of the open valve's flow at which the exchanger moves just this heat.

    False position (Illinois): heat rises steadily with flow, and an end that is kept twice
    running counts half, so that both ends close in.
    """
    low, high = np.zeros_like(moved), np.ones_like(moved)
    scale = np.where(moved > 0.0, moved, 1.0)
    below = -np.ones_like(moved)
    above = np.maximum(most_kw / scale - 1.0, 0.0)
    side = np.zeros_like(moved)
    for _ in range(NARROWINGS):
        apart = above - below
        share = low - below * (high - low) / np.where(apart > 0.0, apart, 1.0)
        over = heat_kw(share * open_fws) / scale - 1.0
        enough = over >= 0.0
        low, high = np.where(enough, low, share), np.where(enough, share, high)
        below = np.where(enough, np.where(side > 0.0, below / 2.0, below), over)
        above = np.where(enough, over, np.where(side < 0.0, above / 2.0, above))
        side = np.where(enough, 1.0, -1.0)
    return np.where(moved > 0.0, high, 0.0)


def after_loss(
    load_kw: ArrayLike, tcs_kw_k: ArrayLike, units: int, lost: int = 1
) -> tuple[Floats, Floats]:
    r"""Heat and flow of each remaining CDU of a group on a common header.

    Parameters
    ----------
    load_kw : array
        Heat of one while all run. [kW]
    tcs_kw_k : array
        Capacity rate of one while all run. [kW/K]
    units : int
        How many there are, > ``lost``.
    lost : int
        How many fail, >= 0.

    Returns
    -------
    tuple of array
        Heat and capacity rate of each that is left, for `cdu_states`.

    Raises
    ------
    OutOfRange
        If none is left.

    Notes
    -----
    Definition. Each takes :math:`n/(n-k)`.
    """
    if not 0 <= lost < units:
        raise OutOfRange("At least one CDU of a group must be left.", units=units, lost=lost)
    times = units / (units - lost)
    return (
        np.asarray(bounded("The load of a CDU", load_kw, 0.0, unit="kW") * times),
        np.asarray(bounded("The capacity rate of a CDU", tcs_kw_k, 0.0, unit="kW/K") * times),
    )
