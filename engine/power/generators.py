"""Standby generators: site rating, fuel and limits of use."""

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from engine.errors import Invalid
from engine.plant import Bools, Floats, Ints
from engine.ranges import bounded

RatingClass = Literal["ESP", "PRP", "COP", "DCP"]
# Permitted mean load over 24 hours, ISO 8528-1:2018 clause 14 (DCP: no limit stated there).
MEAN_LOAD_LIMIT: Mapping[RatingClass, float] = {"ESP": 0.7, "PRP": 0.7, "COP": 1.0, "DCP": 1.0}


def derating_by_table(
    altitude_m: ArrayLike,
    ambient_c: ArrayLike,
    *,
    table_altitude_m: Sequence[float],
    table_ambient_c: Sequence[float],
    table_fraction: ArrayLike,
) -> Floats:
    """Share of its rating that a generator gives at a site, from the maker's table.

    Parameters
    ----------
    altitude_m : array_like
        Height of the site above the sea. [m]
    ambient_c : array_like
        Temperature of the intake air. [C]
    table_altitude_m : sequence of float, shape (m,)
        Altitudes of the table, rising. [m]
    table_ambient_c : sequence of float, shape (n,)
        Temperatures of the table, rising. [C]
    table_fraction : array_like, shape (m, n)
        Share of the rating at each altitude and temperature, in (0, 1]. [-]

    Returns
    -------
    array
        Share of the rating; below the table's first altitude or temperature its first value. [-]

    Raises
    ------
    OutOfRange
        If the site is higher or hotter than the table reaches.
    Invalid
        If the table does not rise or does not fit its axes.

    Notes
    -----
    Definition. Bilinear interpolation, without extrapolation upwards.
    """
    heights = _axis("altitudes", table_altitude_m)
    temperatures = _axis("temperatures", table_ambient_c)
    table = bounded("The table's share", table_fraction, 0.0, 1.5, above_low=True)
    if table.shape != (len(heights), len(temperatures)):
        raise Invalid(
            "A derating table needs a row per altitude and a column per temperature.",
            rows=len(heights),
            columns=len(temperatures),
        )
    remedy = "Ask the maker for a rating at this site."
    height = bounded(
        "The altitude", altitude_m, -500.0, float(heights[-1]), unit="m", remedy=remedy
    )
    air = bounded(
        "The ambient temperature", ambient_c, -60.0, float(temperatures[-1]), unit="C",
        remedy=remedy,
    )  # fmt: skip
    row, up = _between(heights, height)
    column, right = _between(temperatures, air)
    above, after = (
        np.minimum(row + 1, len(heights) - 1),
        np.minimum(column + 1, len(temperatures) - 1),
    )
    low = table[row, column] * (1.0 - right) + table[row, after] * right
    high = table[above, column] * (1.0 - right) + table[above, after] * right
    return np.asarray(low * (1.0 - up) + high * up)


def derating_by_rule(
    altitude_m: ArrayLike,
    ambient_c: ArrayLike,
    *,
    per_500_m: float = 0.03,
    above_m: float = 1000.0,
    per_5_k: float = 0.03,
    above_c: float = 40.0,
) -> Floats:
    """Share of its rating that a generator gives at a site, by a rule of thumb.

    Parameters
    ----------
    altitude_m : array_like
        Height of the site above the sea, -500 to 5000. [m]
    ambient_c : array_like
        Temperature of the intake air, -60 to 60. [C]
    per_500_m, above_m : float
        Share lost per 500 m, and the altitude from which on. [-, m]
    per_5_k, above_c : float
        Share lost per 5 K, and the temperature from which on. [-, C]

    Returns
    -------
    array
        Share of the rating, 0 to 1. [-]

    Raises
    ------
    OutOfRange
        If a figure is out of its range.

    Notes
    -----
    Two factors, linear in altitude and temperature, multiplied; the defaults are a maker's [1]_.
    A table of the engine itself goes before this rule.

    References
    ----------
    .. [1] Wacker Neuson, operator's manuals of mobile generators: 3 % per 500 m above 1,000 m and
       3 % per 5 K above 40 C.
    """
    height = bounded("The altitude", altitude_m, -500.0, 5000.0, unit="m")
    air = bounded("The ambient temperature", ambient_c, -60.0, 60.0, unit="C")
    high = np.maximum(height - bounded("The altitude without derating", above_m, unit="m"), 0.0)
    warm = np.maximum(air - bounded("The temperature without derating", above_c, unit="C"), 0.0)
    thin = 1.0 - bounded("The share lost per 500 m", per_500_m, 0.0, 1.0) * high / 500.0
    hot = 1.0 - bounded("The share lost per 5 K", per_5_k, 0.0, 1.0) * warm / 5.0
    return np.asarray(np.maximum(thin, 0.0) * np.maximum(hot, 0.0))


def fuel_run_time_h(
    tank_l: ArrayLike,
    load_kw: ArrayLike,
    *,
    l_per_kwh: ArrayLike = 0.255,
    usable_fraction: ArrayLike = 0.95,
) -> Floats:
    """Hours that a tank lasts.

    Parameters
    ----------
    tank_l : array_like
        Volume of the tank, >= 0. [L]
    load_kw : array_like
        Electrical load, > 0. [kW]
    l_per_kwh : array_like
        Fuel per energy, > 0; 0.24 to 0.27 for diesel at 75 to 100 % load. [L/kWh]
    usable_fraction : array_like
        Share of the tank that can be drawn, in (0, 1]. [-]

    Returns
    -------
    array
        Run time. [h]

    Raises
    ------
    OutOfRange
        If a figure is out of its range.

    Notes
    -----
    Definition. V u / (P f).
    """
    tank = bounded("The tank", tank_l, 0.0, unit="L")
    load = bounded("The load", load_kw, 0.0, unit="kW", above_low=True)
    burn = bounded("The fuel per energy", l_per_kwh, 0.0, unit="L/kWh", above_low=True)
    usable = bounded("The usable share", usable_fraction, 0.0, 1.0, above_low=True)
    return np.asarray(tank * usable / (load * burn))


def generator_limits(
    load_kw: ArrayLike,
    step_kw: ArrayLike,
    rating_kw: ArrayLike,
    *,
    rating_class: RatingClass = "DCP",
    step_fraction: ArrayLike = 0.6,
    least_fraction: ArrayLike = 0.3,
) -> dict[str, Bools]:
    """Which limits of use each generator keeps.

    Parameters
    ----------
    load_kw : array_like
        Load over the outage. [kW]
    step_kw : array_like
        Largest load taken at once. [kW]
    rating_kw : array_like
        Rating at the site, > 0. [kW]
    rating_class : {"ESP", "PRP", "COP", "DCP"}
        Emergency standby, prime, continuous or data-centre power.
    step_fraction : array_like
        Share of the rating that is accepted at once, 0.5 to 0.7 for diesel. [-]
    least_fraction : array_like
        Load below which a diesel soots. [-]

    Returns
    -------
    dict of array of bool
        ``rating``, ``mean_load``, ``step`` and ``least_load``: True where the limit is kept.

    Raises
    ------
    OutOfRange
        If a figure is out of its range.

    Notes
    -----
    Load over rating, over the mean load that the class permits in 24 hours, and against step and
    least load [1]_.

    References
    ----------
    .. [1] ISO 8528-1:2018, clause 14; ISO 8528-5:2022, clause 7.
    """
    load = bounded("The load", load_kw, 0.0, unit="kW")
    step = bounded("The load step", step_kw, 0.0, unit="kW")
    rating = bounded("The generator's rating", rating_kw, 0.0, unit="kW", above_low=True)
    accepted = bounded("The accepted step", step_fraction, 0.0, 1.0)
    least = bounded("The least load", least_fraction, 0.0, 1.0)
    return {
        "rating": np.asarray(load <= rating),
        "mean_load": np.asarray(load <= MEAN_LOAD_LIMIT[rating_class] * rating),
        "step": np.asarray(step <= accepted * rating),
        "least_load": np.asarray(load >= least * rating),
    }


def _axis(what: str, values: Sequence[float]) -> Floats:
    axis = bounded(f"The table's {what}", values)
    if axis.ndim != 1 or not len(axis) or (np.diff(axis) <= 0.0).any():
        raise Invalid(f"The {what} of a derating table must rise.")
    return axis


def _between(axis: Floats, values: Floats) -> tuple[Ints, Floats]:
    """Index of the knot below each value, and how far it is to the next."""
    held = np.clip(values, axis[0], axis[-1])
    below = np.clip(np.searchsorted(axis, held, side="right") - 1, 0, max(len(axis) - 2, 0))
    if len(axis) == 1:
        return below, np.zeros_like(held)
    return below, np.asarray((held - axis[below]) / (axis[below + 1] - axis[below]))
