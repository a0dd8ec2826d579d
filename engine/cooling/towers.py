"""Evaporative cooling towers by Merkel's equation."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from engine.climate.psychrometrics import (
    SEA_LEVEL_PA,
    enthalpy_j_kg,
    saturation_humidity_ratio,
    within,
)
from engine.errors import OutOfRange
from engine.plant import Bools, Floats

WATER_J_KG_K: Final = 4186.0
STATIONS: Final = (0.1, 0.4, 0.6, 0.9)  # of the range, for Chebyshev's four points
LEAST_APPROACH_K: Final = 1e-3
HALVINGS: Final = 48  # of 60 K: to the last digit
# Where `tower_approaches_k` looks: heat over rated heat, air over full air, wet bulbs.
LOADS: Final = np.array([0.0, 0.1, 0.25, 0.4, 0.55, 0.7, 0.85, 1.0, 1.2])
AIRS: Final = np.array([0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0])
WET_BULBS_C: Final = np.arange(-20.0, 46.0)
OUT_OF_REACH_K: Final = 1e3


@dataclass(frozen=True, slots=True, kw_only=True)
class Tower:
    """A tower by its characteristic KaV/L = c (L/G)^-n and its design ratio of flows."""

    coefficient: float
    exponent: float
    liquid_to_gas: float  # mass of water over mass of dry air at full fan


def merkel_number(
    hot_c: ArrayLike,
    cold_c: ArrayLike,
    wet_bulb: ArrayLike,
    liquid_to_gas: ArrayLike,
    pressure_pa: ArrayLike = SEA_LEVEL_PA,
) -> Floats:
    r"""Transfer that a tower must have for a duty.

    Parameters
    ----------
    hot_c, cold_c : array_like
        Water in and out, hot above cold, 0 to 90. [°C]
    wet_bulb : array_like
        Wet bulb of the air that enters, below the cold water. [°C]
    liquid_to_gas : array_like
        Mass flow of water over that of dry air, > 0. [1]
    pressure_pa : array_like
        Pressure of the air. [Pa]

    Returns
    -------
    array
        KaV/L. Infinite where the air line would cross saturation: no tower can do it. [1]

    Raises
    ------
    OutOfRange
        If the temperatures stand in the wrong order.

    Notes
    -----
    :math:`KaV/L = \int c_{pw}\,dT/(h_{sat}(T) - h_{air})` with the air line :math:`h_{air} =
    h_{in} + (L/G)\,c_{pw}(T - T_{cold})`, by Chebyshev's four points at 0.1, 0.4, 0.6 and 0.9
    of the range [1]_. The air's enthalpy is that of saturation at its wet bulb.

    References
    ----------
    .. [1] Cooling Technology Institute, "ATC-105: Acceptance Test Code for Water Cooling
       Towers", appendix on the Merkel equation.
    """
    hot, cold, wet, ratio = _duty(hot_c, cold_c, wet_bulb, liquid_to_gas)
    return _merkel(hot, cold, _saturated_enthalpy(wet, pressure_pa), ratio, pressure_pa)


def tower_from_design(
    hot_c: float,
    cold_c: float,
    wet_bulb: float,
    liquid_to_gas: float,
    *,
    exponent: float = 0.6,
    pressure_pa: float = SEA_LEVEL_PA,
) -> Tower:
    """The tower that just does its design duty.

    Parameters
    ----------
    hot_c, cold_c, wet_bulb : float
        As for `merkel_number`. [°C]
    liquid_to_gas : float
        Water over dry air at full fan, > 0. [1]
    exponent : float
        n of the characteristic, 0.3 to 1; about 0.6. [1]
    pressure_pa : float
        Pressure of the air. [Pa]

    Returns
    -------
    Tower
        Its characteristic goes through the duty.

    Raises
    ------
    OutOfRange
        If no tower can do the duty.

    Notes
    -----
    Definition.
    """
    number = float(merkel_number(hot_c, cold_c, wet_bulb, liquid_to_gas, pressure_pa))
    if not np.isfinite(number):
        raise OutOfRange(
            "No tower does this duty: the air would be saturated before the water is cold. "
            "Give it more air (a lower liquid_to_gas) or a greater approach.",
            quantity="liquid_to_gas",
        )
    power = float(within("exponent", exponent, 0.3, 1.0, "1"))
    return Tower(
        coefficient=number * liquid_to_gas**power, exponent=power, liquid_to_gas=liquid_to_gas
    )


def tower_outlet_c(
    tower: Tower,
    wet_bulb: ArrayLike,
    range_k: ArrayLike,
    *,
    water_ratio: ArrayLike = 1.0,
    air_ratio: ArrayLike = 1.0,
    pressure_pa: ArrayLike = SEA_LEVEL_PA,
) -> Floats:
    r"""Water that leaves a tower.

    Parameters
    ----------
    tower : Tower
        Its characteristic.
    wet_bulb : array_like
        Of the air that enters, -20 to 45. [°C]
    range_k : array_like
        Water in less water out, > 0. [K]
    water_ratio, air_ratio : array_like
        Flow over design flow, 0.05 to 2. [1]
    pressure_pa : array_like
        Pressure of the air. [Pa]

    Returns
    -------
    array
        Temperature, above the wet bulb. [°C]

    Raises
    ------
    OutOfRange
        If a number lies outside its range, or the water would leave above 80 °C.

    Notes
    -----
    Where demand, `merkel_number`, meets supply, :math:`c (L/G)^{-n}`: the demand falls as the
    water gets warmer, so halving the interval finds the one answer [1]_.

    References
    ----------
    .. [1] Cooling Technology Institute, "ATC-105: Acceptance Test Code for Water Cooling
       Towers", appendix on the Merkel equation.
    """
    wet, span, water, air, pressure = np.broadcast_arrays(
        within("wet_bulb", wet_bulb, -20.0, 45.0, "°C"),
        within("range_k", range_k, 1e-6, 40.0, "K"),
        within("water_ratio", water_ratio, 0.05, 2.0, "1"),
        within("air_ratio", air_ratio, 0.05, 2.0, "1"),
        np.asarray(pressure_pa, dtype=np.float64),
    )
    outlet, is_too_small = _outlet(tower, wet, span, tower.liquid_to_gas * water / air, pressure)
    if np.any(is_too_small):
        raise OutOfRange(
            "The tower is too small for this heat: its water would come in near boiling, or "
            "leave more than 60 K above the wet bulb. Give it more air or less heat.",
            quantity="range_k",
        )
    return outlet


def tower_approaches_k(tower: Tower, range_k: float) -> Floats:
    r"""Approach of a tower to the wet bulb at part load and part air, for looking up.

    Parameters
    ----------
    tower : Tower
        Its characteristic.
    range_k : float
        Water in less water out at full load, > 0. [K]

    Returns
    -------
    array, shape (len(LOADS), len(AIRS), len(WET_BULBS_C))
        Water out less wet bulb; `OUT_OF_REACH_K` where the air is too little. [K]

    Raises
    ------
    OutOfRange
        If the range lies outside 0 to 33 K.

    Notes
    -----
    Definition. `tower_outlet_c` with the range in proportion to the load, at sea level.
    """
    span = float(within("range_k", range_k, 1e-3, 33.0, "K"))
    load, air, wet = np.meshgrid(LOADS[1:], AIRS, WET_BULBS_C, indexing="ij")
    outlet, is_too_small = _outlet(
        tower, wet, span * load, tower.liquid_to_gas / air, np.asarray(SEA_LEVEL_PA)
    )
    found = np.zeros((len(LOADS), len(AIRS), len(WET_BULBS_C)))
    found[1:] = np.where(is_too_small, OUT_OF_REACH_K, outlet - wet)
    return found


def _outlet(
    tower: Tower, wet: Floats, span: Floats, ratio: Floats, pressure: Floats
) -> tuple[Floats, Bools]:
    """Water out, and where even the warmest that is looked at is too cold for the tower."""
    supply = tower.coefficient * ratio**-tower.exponent
    entering = _saturated_enthalpy(wet, pressure)
    low = np.array(wet + LEAST_APPROACH_K)
    high = np.minimum(np.minimum(wet + 60.0, 80.0), 95.0 - span)
    is_too_small = np.asarray(_merkel(high + span, high, entering, ratio, pressure) > supply)
    for _ in range(HALVINGS):
        middle = 0.5 * (low + high)
        too_cold = _merkel(middle + span, middle, entering, ratio, pressure) > supply
        low, high = np.where(too_cold, middle, low), np.where(too_cold, high, middle)
    return np.asarray(0.5 * (low + high)), is_too_small


def _duty(
    hot_c: ArrayLike, cold_c: ArrayLike, wet_bulb: ArrayLike, liquid_to_gas: ArrayLike
) -> tuple[Floats, Floats, Floats, Floats]:
    hot = within("hot_c", hot_c, 0.0, 99.0, "°C")
    cold = within("cold_c", cold_c, 0.0, 90.0, "°C")
    wet = within("wet_bulb", wet_bulb, -40.0, 60.0, "°C")
    ratio = within("liquid_to_gas", liquid_to_gas, 1e-3, 20.0, "1")
    if np.any(cold >= hot) or np.any(wet >= cold):
        raise OutOfRange(
            "A tower cools hot water to cold water above the wet bulb: give hot > cold > wet bulb.",
            quantity="cold_c",
        )
    return hot, cold, wet, ratio


def _saturated_enthalpy(temp_c: Floats, pressure_pa: ArrayLike) -> Floats:
    return enthalpy_j_kg(temp_c, saturation_humidity_ratio(temp_c, pressure_pa))


def _merkel(
    hot: Floats, cold: Floats, entering: Floats, ratio: Floats, pressure_pa: ArrayLike
) -> Floats:
    span = hot - cold
    total = np.zeros(np.broadcast_shapes(span.shape, entering.shape, ratio.shape))
    for share in STATIONS:
        temp = cold + share * span
        air = entering + ratio * WATER_J_KG_K * share * span
        force = _saturated_enthalpy(temp, pressure_pa) - air
        total = total + np.where(force > 0.0, 1.0 / np.where(force > 0.0, force, 1.0), np.inf)
    return np.asarray(WATER_J_KG_K * span * total / len(STATIONS))
