"""From the facility water to the weather: what one circuit of it does in any hour.

A circuit is described once (`Circuit`); `at_weather` then works on any number of hours, and
on any number of samples of the circuit's numbers, as long as the arrays broadcast.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from engine.assumptions import Assumptions
from engine.climate.psychrometrics import ZERO_C_IN_K
from engine.cooling.chillers import CENTRIFUGAL, biquadratic
from engine.cooling.towers import (
    AIRS,
    LOADS,
    WET_BULBS_C,
    tower_approaches_k,
    tower_from_design,
)
from engine.cooling.water import KJ_PER_KWH
from engine.plant import Bools, Floats, HeatRejectionKind
from engine.ranges import bounded

Number = float | Floats
ChillerMethod = Literal["fitted curve", "share of the reversible COP", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather:
    """Outdoor air at the hour that is looked at."""

    dry_bulb_c: float
    wet_bulb_c: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Coolers:
    """Dry coolers, or towers, of one circuit taken together."""

    capacity_kw: float
    approach_k: float  # water out less air in (less wet bulb, for a tower) at full load and fan
    fan_kw: float  # at full fan
    is_drawn: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Circuit:
    """One water circuit and the machines that cool it. Numbers may be arrays of samples."""

    heat_kw: Number
    set_c: Number
    rise_k: float
    kind: HeatRejectionKind
    capacity_kw: float
    approach_k: Number
    fan_kw: Number
    fan_exponent: float
    condenser_fan_kw_per_kw: Number
    recirculation_k: Number
    pad_effectiveness: Number
    pad_air_rise_k: float
    pad_from_c: float  # dry bulb above which the pads are wetted
    carnot_share: Number
    evaporator_approach_k: float
    condenser_approach_k: float
    least_lift_k: float
    latent_heat_kj_kg: float
    cycles: Number
    tower_evaporation: float
    tower_freezing_c: float
    tower_factors: Floats | None = None  # by wet bulb: of the approach, and of the fans' power

    @property
    def is_fitted(self) -> bool:
        """Whether the chiller's fitted curves reach this set-point."""
        low, high = CENTRIFUGAL.leaving_range_c
        return bool(
            np.all(np.asarray(self.set_c) >= low) and np.all(np.asarray(self.set_c) <= high)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Air:
    """Air as a circuit's coolers meet it, hour by hour; the same for every sample but a shift."""

    entering_c: Floats
    wetted_k: Floats  # by which a pad or a tower's film lies below the dry bulb
    approach_factor: Floats  # of the approach, against its value at design
    fan_factor: Floats  # of the fans' power, against the law of dry coolers


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """How one circuit gives off its heat, hour by hour."""

    heat_kw: Floats
    free_share: Floats
    free_kw: Floats
    mechanical_kw: Floats
    fan_kw: Floats
    chiller_kw: Floats
    reach_c: Floats  # water that the coolers alone would make at full fan
    water_l_per_h: Floats
    outside_fit: Bools  # the chiller's curves were held at the edge of their fit


def fan_ratio(
    approach_k: ArrayLike, load_fraction: ArrayLike, available_k: ArrayLike, exponent: float
) -> Floats:
    r"""Air flow that a dry cooler needs, as a share of full flow.

    Parameters
    ----------
    approach_k : array_like
        Approach at full load and full fan. [K]
    load_fraction : array_like
        Heat over rated heat, >= 0. [1]
    available_k : array_like
        Water set-point less air temperature. [K]
    exponent : float
        Of the approach against air flow, > 0. [1]

    Returns
    -------
    array
        0 to 1; 1 also where the set-point cannot be reached.

    Raises
    ------
    OutOfRange
        If a figure lies outside its range or is not finite.

    Notes
    -----
    :math:`A = A_0\,q\,r^{-m}`, hence :math:`r = (A_0 q/(T_{set}-T_{db}))^{1/m}`
    [1]_. Range: finned coils, m 0.6 to 0.7.

    References
    ----------
    .. [1] ASHRAE Handbook, "HVAC Systems and Equipment", 2020, ch. 39 (exponent by
       the air-side heat transfer of finned coils).
    """
    bounded("The exponent", exponent, 0.0, above_low=True)
    needed = bounded("The approach", approach_k, 0.0, unit="K") * bounded(
        "The load fraction", load_fraction, 0.0
    )
    available = bounded("The difference to the set-point", available_k, unit="K")
    enough = available > needed
    share = np.divide(
        needed,
        available,
        out=np.ones(np.broadcast_shapes(needed.shape, available.shape)),
        where=enough,
    )
    return np.asarray(share ** (1.0 / exponent))


def circuit_of(
    heat_kw: float,
    set_c: float,
    kind: HeatRejectionKind,
    coolers: Coolers,
    assumptions: Assumptions,
) -> Circuit:
    """A circuit with the numbers that the assumptions give it.

    Parameters
    ----------
    heat_kw : float
        Heat of the circuit, >= 0. [kW]
    set_c : float
        Supply temperature to hold. [°C]
    kind : {"dry_cooler", "adiabatic", "tower", "chiller"}
        What the site rejects its heat with; "chiller" has no free cooling.
    coolers : Coolers
        Of the circuit.
    assumptions : Assumptions
        Lines ``rejection.*`` and ``cooling.fws_rise_k``.

    Returns
    -------
    Circuit
        One sample.

    Raises
    ------
    OutOfRange
        If no tower does the design duty that the assumptions describe.

    Notes
    -----
    Definition. A tower's approach and the air that it needs come from Merkel's equation, by wet
    bulb at the circuit's load. Pads assist:
    they are wetted in air too warm for the dry coils to hold the set-point, and never near
    freezing.
    """
    value = assumptions.value
    rise = value("cooling.fws_rise_k")
    freezing = value("rejection.tower_freezing_c")
    load = heat_kw / coolers.capacity_kw if coolers.capacity_kw > 0.0 else 0.0
    factors = None
    if kind == "tower":
        approaches = _tower_approaches_k(
            value("rejection.tower_design_wet_bulb_c"),
            coolers.approach_k,
            rise,
            value("rejection.tower_liquid_to_gas"),
            value("rejection.tower_exponent"),
        )
        exponent = value("rejection.flow_exponent")
        factors = _tower_factors(approaches, coolers.approach_k, load, set_c, exponent)
    return Circuit(
        heat_kw=heat_kw,
        set_c=set_c,
        rise_k=rise,
        kind=kind,
        capacity_kw=coolers.capacity_kw,
        approach_k=coolers.approach_k,
        fan_kw=coolers.fan_kw,
        fan_exponent=value("rejection.flow_exponent"),
        condenser_fan_kw_per_kw=value("rejection.dry_cooler_fan_kw_per_kw"),
        recirculation_k=value("rejection.recirculation_k"),
        pad_effectiveness=value("rejection.adiabatic_effectiveness"),
        pad_air_rise_k=value("rejection.coil_air_rise_k"),
        pad_from_c=max(set_c - coolers.approach_k * load, freezing),
        carnot_share=value("rejection.chiller_carnot_fraction"),
        evaporator_approach_k=value("rejection.chiller_evaporator_approach_k"),
        condenser_approach_k=value("rejection.chiller_condenser_approach_k"),
        least_lift_k=value("rejection.chiller_least_lift_k"),
        latent_heat_kj_kg=value("rejection.latent_heat_kj_kg"),
        cycles=value("rejection.cycles_of_concentration"),
        tower_evaporation=value("rejection.tower_evaporation_fraction"),
        tower_freezing_c=freezing,
        tower_factors=factors,
    )


@lru_cache(maxsize=32)
def _tower_approaches_k(
    design_wet_bulb_c: float, approach_k: float, rise_k: float, ratio: float, exponent: float
) -> Floats:
    """Approaches of the tower of a design; the same tower is asked for many times."""
    cold = design_wet_bulb_c + approach_k
    tower = tower_from_design(cold + rise_k, cold, design_wet_bulb_c, ratio, exponent=exponent)
    table = tower_approaches_k(tower, rise_k)
    table.setflags(write=False)
    return table


def _tower_factors(
    approaches_k: Floats, approach_k: float, load: float, set_c: float, exponent: float
) -> Floats:
    """What a tower does otherwise than a dry cooler with its design approach, by wet bulb.

    The first row holds the approach at full air over what the design approach gives in proportion
    to the load; the second the power of the fans that hold the set-point over `fan_ratio` cubed.
    """
    if load <= 0.0:
        return np.ones((2, len(WET_BULBS_C)))
    held = min(load, float(LOADS[-1]))
    above = min(int(np.searchsorted(LOADS, held)), len(LOADS) - 1)
    share = (held - LOADS[above - 1]) / (LOADS[above] - LOADS[above - 1])
    at_load = approaches_k[above - 1] * (1.0 - share) + approaches_k[above] * share
    full = at_load[-1] * load / held
    available = set_c - WET_BULBS_C
    # The more air, the smaller the approach: read backwards, it rises.
    air = np.array(
        [np.interp(k, at_load[::-1, w], AIRS[::-1]) for w, k in enumerate(available.tolist())]
    )
    by_law = fan_ratio(full, 1.0, available, exponent)
    return np.stack([full / (approach_k * load), np.where(by_law < 1.0, air / by_law, 1.0) ** 3])


def air_at(circuit: Circuit, dry_bulb_c: ArrayLike, wet_bulb_c: ArrayLike) -> Air:
    """The air that a circuit's coolers draw in.

    Parameters
    ----------
    circuit : Circuit
        Kind and recirculation.
    dry_bulb_c, wet_bulb_c : array_like
        Outdoor air. [°C]

    Returns
    -------
    Air
        Of the broadcast shape.

    Notes
    -----
    Definition. A pad that is wetted lowers the dry bulb by its effectiveness times the
    depression; in cooler air it stays dry and takes no water. A tower works against the wet
    bulb, and as a dry cooler near freezing. Air drawn back in adds the recirculation to either.
    """
    outdoor = np.asarray(dry_bulb_c, dtype=np.float64) + circuit.recirculation_k
    wet = np.asarray(wet_bulb_c, dtype=np.float64)
    wetted = np.zeros(np.broadcast_shapes(outdoor.shape, wet.shape))
    factor, fans = np.ones(wetted.shape), np.ones(wetted.shape)
    if circuit.kind == "adiabatic":
        runs_wet = np.broadcast_to(outdoor, wetted.shape) > circuit.pad_from_c
        depression = np.maximum(circuit.pad_effectiveness * (outdoor - wet), 0.0)
        wetted = np.where(runs_wet, depression, 0.0)
    elif circuit.kind == "tower" and circuit.tower_factors is not None:
        runs_wet = np.broadcast_to(dry_bulb_c, wetted.shape) > circuit.tower_freezing_c
        depression = np.maximum(np.asarray(dry_bulb_c, dtype=np.float64) - wet, 0.0)
        wetted = np.where(runs_wet, depression, 0.0)
        factor, fans = (
            np.interp(outdoor - wetted, WET_BULBS_C, column) for column in circuit.tower_factors
        )
    return Air(
        entering_c=np.asarray(outdoor - wetted),
        wetted_k=np.asarray(wetted),
        approach_factor=factor,
        fan_factor=fans,
    )


def at_weather(circuit: Circuit, dry_bulb_c: ArrayLike, wet_bulb_c: ArrayLike) -> Rejected:
    """Free and mechanical share of one water circuit, and what they draw, at any weather.

    Parameters
    ----------
    circuit : Circuit
        Its numbers; arrays of samples broadcast against the hours.
    dry_bulb_c, wet_bulb_c : array_like
        Outdoor air, -60 to 60. [°C]

    Returns
    -------
    Rejected
        Heat, power and water of each hour.

    Notes
    -----
    Definition. Coolers come first; where they cannot reach the set-point at full fan, a chiller
    behind them lowers the rest of the way: free share (return - reach)/(return - set-point),
    held to 0 to 1. Chillers reject to coolers of their own. Fan power follows the cube of air
    flow; a tower's air is what Merkel's equation asks for.
    """
    air = air_at(circuit, dry_bulb_c, wet_bulb_c)
    heat = np.asarray(circuit.heat_kw, dtype=np.float64)
    set_c = np.asarray(circuit.set_c, dtype=np.float64)
    load = heat / circuit.capacity_kw if circuit.capacity_kw > 0.0 else np.zeros_like(heat)
    approach = circuit.approach_k * air.approach_factor * load
    reach = air.entering_c + approach
    free = np.clip((set_c + circuit.rise_k - reach) / circuit.rise_k, 0.0, 1.0)
    free = np.where((circuit.kind != "chiller") & (heat > 0.0), free, 0.0)
    ratio = fan_ratio(approach, 1.0, set_c - air.entering_c, circuit.fan_exponent)
    running = np.minimum(ratio**3 * air.fan_factor, 1.0)
    mechanical = (1.0 - free) * heat
    per_kw, outside = chiller_input_per_kw(circuit, air.entering_c)
    chiller = mechanical * per_kw
    condenser_fans = (mechanical + chiller) * circuit.condenser_fan_kw_per_kw
    evaporated = free * heat * air.wetted_k / circuit.pad_air_rise_k
    if circuit.kind == "tower":
        evaporated = np.where(air.wetted_k > 0.0, free * heat * circuit.tower_evaporation, 0.0)
    litres = evaporated * KJ_PER_KWH / circuit.latent_heat_kj_kg
    return Rejected(
        heat_kw=np.asarray(heat + np.zeros_like(free)),
        free_share=free,
        free_kw=free * heat,
        mechanical_kw=mechanical,
        fan_kw=np.where(free > 0.0, circuit.fan_kw * running, 0.0) + condenser_fans,
        chiller_kw=chiller,
        reach_c=reach,
        water_l_per_h=np.asarray(litres * (1.0 + 1.0 / (np.asarray(circuit.cycles) - 1.0))),
        outside_fit=outside & (mechanical > 0.0),
    )


def chiller_input_per_kw(circuit: Circuit, entering_c: Floats) -> tuple[Floats, Bools]:
    """Electrical input of the circuit's chillers per kilowatt of heat taken up.

    Parameters
    ----------
    circuit : Circuit
        Set-point, approaches and lift.
    entering_c : array
        Air at the condensers. [°C]

    Returns
    -------
    input : array
        [kW/kW]
    outside : array of bool
        Where the fitted curves were held at the edge of their fit.

    Notes
    -----
    Definition. Within the fit's leaving temperatures the fitted curves of
    `engine.cooling.chillers.CENTRIFUGAL`, at the load they are chosen for, with the
    condenser's water an approach above the air; outside, a share of the reversible COP.
    """
    set_c = np.asarray(circuit.set_c, dtype=np.float64)
    if circuit.is_fitted:
        low, high = CENTRIFUGAL.condenser_range_c
        given = entering_c + circuit.approach_k
        condenser = np.clip(given, low, high)
        capacity = biquadratic(CENTRIFUGAL.capacity_by_temp, set_c, condenser)
        c1, c2, c3 = CENTRIFUGAL.input_by_load
        by_load = c1 * capacity + c2 + c3 / capacity
        by_temp = biquadratic(CENTRIFUGAL.input_by_temp, set_c, condenser)
        return by_temp * by_load / CENTRIFUGAL.reference_cop, np.asarray(condenser != given)
    cold = set_c - circuit.evaporator_approach_k
    lift = np.maximum(entering_c + circuit.condenser_approach_k - cold, circuit.least_lift_k)
    per_kw = lift / (np.asarray(circuit.carnot_share) * (cold + ZERO_C_IN_K))
    return np.asarray(per_kw), np.zeros(per_kw.shape, dtype=bool)


def chiller_method(circuit: Circuit, rejected: Rejected) -> ChillerMethod:
    """Which model gave the chillers' input.

    Notes
    -----
    Definition.
    """
    if not np.any(rejected.mechanical_kw > 0.0):
        return "none"
    return "fitted curve" if circuit.is_fitted else "share of the reversible COP"
