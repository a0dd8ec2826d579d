"""Design days and extremes out of a year of weather."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from engine.climate.weather import WeatherYear
from engine.errors import OutOfRange

DESIGN_PERCENT: Final = 0.4
EULER: Final = 0.5772156649015329


@dataclass(frozen=True, slots=True, kw_only=True)
class DesignConditions:
    """What a plant is sized for, out of one year."""

    dry_bulb_c: float  # exceeded in 0.4 % of the hours
    coincident_wet_bulb_c: float  # mean in the hours at that dry bulb
    wet_bulb_c: float  # exceeded in 0.4 % of the hours
    dew_point_c: float  # exceeded in 0.4 % of the hours
    cold_dry_bulb_c: float  # exceeded in 99.6 % of the hours
    mean_dry_bulb_c: float
    extreme_20_years_c: float
    extreme_50_years_c: float


def exceeded(values: ArrayLike, percent: float) -> float:
    """Value that a share of all hours exceeds.

    Parameters
    ----------
    values : array_like
        One per hour.
    percent : float
        Of the hours, above 0 to below 100; 0.4 for a design day. [%]

    Returns
    -------
    float
        In the unit of the values.

    Raises
    ------
    OutOfRange
        If the percentage lies outside its range, or there are no values.

    Notes
    -----
    Annual cumulative frequency of occurrence [1]_, by linear interpolation between hours.

    References
    ----------
    .. [1] ASHRAE Handbook, "Fundamentals", 2017, ch. 14, sec. "Climatic Design Conditions".
    """
    array = np.asarray(values, dtype=np.float64)
    if not (0.0 < percent < 100.0 and array.size and np.all(np.isfinite(array))):
        raise OutOfRange(
            "An exceedance needs finite values and a percentage above 0 and below 100.",
            percent=percent,
        )
    return float(np.quantile(array, 1.0 - percent / 100.0))


def return_period_extreme_c(mean_c: float, sd_k: float, years: float) -> float:
    r"""Hottest hour to expect once in a number of years.

    Parameters
    ----------
    mean_c : float
        Mean of the yearly maxima. [°C]
    sd_k : float
        Standard deviation of the yearly maxima, >= 0. [K]
    years : float
        Return period, > 1. [years]

    Returns
    -------
    float
        Dry bulb. [°C]

    Raises
    ------
    OutOfRange
        If a number lies outside its range.

    Notes
    -----
    Gumbel's distribution, :math:`T_n = M - \frac{\sqrt6}{\pi}\left(0.5772 + \ln\ln
    \frac{n}{n-1}\right) s` [1]_.

    References
    ----------
    .. [1] ASHRAE Handbook, "Fundamentals", 2017, ch. 14, eq. (1).
    """
    if not (math.isfinite(mean_c) and math.isfinite(sd_k) and sd_k >= 0.0 and years > 1.0):
        raise OutOfRange("A return period needs finite numbers, a spread >= 0, and years above 1.")
    factor = -math.sqrt(6.0) / math.pi * (EULER + math.log(math.log(years / (years - 1.0))))
    return mean_c + factor * sd_k


def design_conditions(year: WeatherYear, extreme_sd_k: float) -> DesignConditions:
    """Design days and extremes of a year.

    Parameters
    ----------
    year : WeatherYear
        Every hour.
    extreme_sd_k : float
        Standard deviation of the yearly maxima; one year does not show it. [K]

    Returns
    -------
    DesignConditions
        The 0.4 % conditions, and the extremes of 20 and 50 years.

    Raises
    ------
    OutOfRange
        If the standard deviation is negative.

    Notes
    -----
    Definition. The year's own maximum stands for the mean of the yearly maxima.
    """
    dry, wet = year.dry_bulb_c, year.wet_bulb_c
    design = exceeded(dry, DESIGN_PERCENT)
    near = np.abs(dry - design) <= 0.5 + np.min(np.abs(dry - design))
    hottest = float(dry.max())
    return DesignConditions(
        dry_bulb_c=design,
        coincident_wet_bulb_c=float(wet[near].mean()),
        wet_bulb_c=exceeded(wet, DESIGN_PERCENT),
        dew_point_c=exceeded(year.dew_point_c, DESIGN_PERCENT),
        cold_dry_bulb_c=exceeded(dry, 100.0 - DESIGN_PERCENT),
        mean_dry_bulb_c=float(dry.mean()),
        extreme_20_years_c=return_period_extreme_c(hottest, extreme_sd_k, 20.0),
        extreme_50_years_c=return_period_extreme_c(hottest, extreme_sd_k, 50.0),
    )
