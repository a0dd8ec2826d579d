"""The wet bulb of moist air, over water and over ice."""

from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from engine.climate.psychrometrics import (
    COLDEST_C,
    HOTTEST_C,
    ICE,
    MASS_RATIO,
    MAX_STEPS,
    SEA_LEVEL_PA,
    SETTLED_K,
    WATER,
    Phase,
    checked_pressure,
    dew_point_c,
    humidity_ratio,
    saturation_humidity_ratio,
    saturation_pressure_pa,
    within,
)
from engine.errors import OutOfRange
from engine.plant import Bools, Floats

DRIEST: Final = 1e-7  # humidity ratio; below it a wet bulb means nothing


def humidity_ratio_from_wet_bulb(
    dry_bulb_c: ArrayLike, wet_bulb: ArrayLike, pressure_pa: ArrayLike = SEA_LEVEL_PA
) -> Floats:
    r"""Humidity ratio from a psychrometer's two readings.

    Parameters
    ----------
    dry_bulb_c, wet_bulb : array_like
        Dry bulb, and wet bulb at or below it. [°C]
    pressure_pa : array_like
        Pressure of the air, > 0. [Pa]

    Returns
    -------
    array
        Humidity ratio, at least 1e-7. [kg/kg]

    Raises
    ------
    OutOfRange
        If a wet bulb lies above its dry bulb.

    Notes
    -----
    Over water (wet bulb >= 0 °C) :math:`W = \frac{(2501 - 2.326 t^*) W_s^* - 1.006 (t - t^*)}
    {2501 + 1.86 t - 4.186 t^*}`; over ice :math:`W = \frac{(2830 - 0.24 t^*) W_s^* - 1.006
    (t - t^*)}{2830 + 1.86 t - 2.1 t^*}` [1]_.

    References
    ----------
    .. [1] ASHRAE Handbook, "Fundamentals", 2017, ch. 1, eqs. (33) and (35).
    """
    dry = within("dry_bulb_c", dry_bulb_c, COLDEST_C, HOTTEST_C, "°C")
    wet = within("wet_bulb", wet_bulb, COLDEST_C, HOTTEST_C, "°C")
    if np.any(wet > dry):
        raise OutOfRange(
            "A wet bulb lies above its dry bulb; exchange them, or correct the reading.",
            quantity="wet_bulb",
        )
    saturated = saturation_humidity_ratio(wet, pressure_pa)
    return np.maximum(_ratio_at_wet_bulb(dry, wet, saturated, wet < 0.0), DRIEST)


def wet_bulb_c(
    dry_bulb_c: ArrayLike, ratio: ArrayLike, pressure_pa: ArrayLike = SEA_LEVEL_PA
) -> Floats:
    """Thermodynamic wet bulb.

    Parameters
    ----------
    dry_bulb_c : array_like
        Dry bulb, -100 to 200. [°C]
    ratio : array_like
        Humidity ratio, 0 to saturation; above it the air counts as saturated. [kg/kg]
    pressure_pa : array_like
        Pressure of the air, > 0. [Pa]

    Returns
    -------
    array
        Wet bulb, at most the dry bulb. [°C]

    Raises
    ------
    OutOfRange
        If a number lies outside its range.

    Notes
    -----
    Newton's method on `humidity_ratio_from_wet_bulb` from the dry bulb down. The relation is
    convex, so every step stays above the answer and no bracket is needed [1]_. Within about
    1 K of freezing there is an answer over ice and one over water: the one over water is
    taken when it is not below 0 °C.

    References
    ----------
    .. [1] ASHRAE Handbook, "Fundamentals", 2017, ch. 1, eqs. (33) and (35).
    """
    dry, given, pressure = np.broadcast_arrays(
        within("dry_bulb_c", dry_bulb_c, COLDEST_C, HOTTEST_C, "°C"),
        np.maximum(within("humidity_ratio", ratio, 0.0, 10.0, "kg/kg"), DRIEST),
        checked_pressure(pressure_pa),
    )
    shape = dry.shape
    dry, given, pressure = dry.ravel(), given.ravel(), pressure.ravel()
    # Saturated air would boil at the top: the wet bulb is always well below that.
    top = np.minimum(dry, dew_point_c(0.9 * pressure))
    wet = _newton(dry, given, pressure, top, WATER)
    frozen = wet < 0.0
    if np.any(frozen):
        start = np.minimum(top[frozen], 1.0)
        wet[frozen] = _newton(dry[frozen], given[frozen], pressure[frozen], start, ICE)
    return np.asarray(np.minimum(wet, dry).reshape(shape))


def wet_bulb_from_dew_point_c(
    dry_bulb_c: ArrayLike, dew_point: ArrayLike, pressure_pa: ArrayLike = SEA_LEVEL_PA
) -> Floats:
    """Wet bulb of air whose dew point is known.

    Parameters
    ----------
    dry_bulb_c, dew_point : array_like
        Dry bulb and dew point; a dew point above its dry bulb counts as saturation. [°C]
    pressure_pa : array_like
        Pressure of the air, > 0. [Pa]

    Returns
    -------
    array
        Wet bulb. [°C]

    Raises
    ------
    OutOfRange
        If a number lies outside its range.

    Notes
    -----
    Definition. Raw weather files hold dew points a little above the dry bulb, by rounding.
    """
    dew = np.minimum(dew_point, dry_bulb_c)
    return wet_bulb_c(dry_bulb_c, saturation_humidity_ratio(dew, pressure_pa), pressure_pa)


def wet_bulb_from_relative_humidity_c(
    dry_bulb_c: ArrayLike, relative_humidity: ArrayLike, pressure_pa: ArrayLike = SEA_LEVEL_PA
) -> Floats:
    """Wet bulb of air whose relative humidity is known.

    Parameters
    ----------
    dry_bulb_c : array_like
        Dry bulb, -100 to 200. [°C]
    relative_humidity : array_like
        Vapour pressure over its value at saturation, 0 to 1. [1]
    pressure_pa : array_like
        Pressure of the air, > 0. [Pa]

    Returns
    -------
    array
        Wet bulb. [°C]

    Raises
    ------
    OutOfRange
        If a number lies outside its range.

    Notes
    -----
    Definition. `wet_bulb_c` at the humidity ratio of that vapour pressure.
    """
    share = within("relative_humidity", relative_humidity, 0.0, 1.0, "as a share of 1")
    vapour = share * saturation_pressure_pa(dry_bulb_c)
    return wet_bulb_c(dry_bulb_c, humidity_ratio(vapour, pressure_pa), pressure_pa)


def _ratio_at_wet_bulb(dry: Floats, wet: Floats, saturated: Floats, ice: Bools) -> Floats:
    latent = np.where(ice, ICE.latent, WATER.latent)
    falling = np.where(ice, ICE.falling, WATER.falling)
    rising = np.where(ice, ICE.rising, WATER.rising)
    top = (latent - falling * wet) * saturated - 1.006 * (dry - wet)
    return np.asarray(top / (latent + 1.86 * dry - rising * wet))


def _newton(dry: Floats, given: Floats, pressure: Floats, start: Floats, phase: Phase) -> Floats:
    latent, falling, rising = phase.latent, phase.falling, phase.rising
    wet = start.copy()
    for _ in range(MAX_STEPS):
        logarithm, log_slope = phase.log_pressure(wet)
        vapour = np.exp(logarithm)
        rest = pressure - vapour
        saturated = MASS_RATIO * vapour / rest
        saturated_slope = saturated * log_slope * pressure / rest
        heat = latent - falling * wet
        under = latent + 1.86 * dry - rising * wet
        value = (heat * saturated - 1.006 * (dry - wet)) / under
        slope = (heat * saturated_slope - falling * saturated + 1.006 + rising * value) / under
        step = (value - given) / slope
        wet = np.clip(wet - step, COLDEST_C, start)
        if np.all(np.abs(step) <= SETTLED_K):
            break
    return wet
