"""Heat exchangers by effectiveness and transfer units: plates and coils, also off design."""

from typing import Final, Literal

import numpy as np
from numpy.typing import ArrayLike

from engine.errors import OutOfRange
from engine.plant import Floats
from engine.ranges import bounded

Arrangement = Literal["counterflow", "crossflow", "crossflow_mixed_max", "crossflow_mixed_min"]

EQUAL: Final = 1e-6  # capacity rates that differ by less count as equal
MOST_NTU: Final = 1e3


def effectiveness(
    ntu: ArrayLike, capacity_ratio: ArrayLike, arrangement: Arrangement = "counterflow"
) -> Floats:
    r"""Share of the greatest possible heat that an exchanger moves.

    Parameters
    ----------
    ntu : array
        Transfer units, UA over the smaller capacity rate, >= 0. [1]
    capacity_ratio : array
        Smaller over larger capacity rate, 0 to 1. [1]
    arrangement : str
        "counterflow" (plates), "crossflow" (both streams unmixed: finned coils), or crossflow with
        the stream of the larger or the smaller rate mixed.

    Returns
    -------
    array
        0 to 1. [1]

    Raises
    ------
    OutOfRange
        If transfer units are negative or the ratio lies outside 0 to 1.

    Notes
    -----
    Counterflow :math:`\varepsilon = (1 - e^{-N(1-C)})/(1 - C e^{-N(1-C)})`, :math:`N/(1+N)` for
    equal rates; crossflow unmixed :math:`1 - \exp((e^{-C N^{0.78}} - 1) N^{0.22}/C)`, within 2 %
    of the exact series for N up to 5; mixed ones exact [1]_.

    References
    ----------
    .. [1] F. P. Incropera et al., "Fundamentals of Heat and Mass Transfer", 7th ed., Wiley, 2011,
       table 11.3.
    """
    n, c = np.broadcast_arrays(
        np.asarray(ntu, dtype=np.float64), np.asarray(capacity_ratio, dtype=np.float64)
    )
    if not np.all(n >= 0.0):
        raise OutOfRange("Transfer units are not negative.", ntu=float(np.min(n)))
    if not np.all((c >= 0.0) & (c <= 1.0)):
        raise OutOfRange(
            "The capacity ratio is the smaller over the larger rate, 0 to 1.",
            capacity_ratio=float(c.ravel()[np.argmax(np.abs(c - 0.5))]),
        )
    n = np.minimum(n, MOST_NTU)
    if arrangement == "counterflow":
        return counterflow(n, c)
    one_stream = -np.expm1(-n)
    still = c < EQUAL
    c_safe = np.where(still, 1.0, c)
    if arrangement == "crossflow":
        n_safe = np.where(n > 0.0, n, 1.0)
        crossed = -np.expm1(np.expm1(-c_safe * n_safe**0.78) * n_safe**0.22 / c_safe)
        crossed = np.where(n > 0.0, crossed, 0.0)
    elif arrangement == "crossflow_mixed_max":
        crossed = -np.expm1(-c_safe * one_stream) / c_safe
    else:
        crossed = -np.expm1(np.expm1(-n * c_safe) / c_safe)
    return np.where(still, one_stream, crossed)


def counterflow(n: Floats, c: Floats) -> Floats:
    """Effectiveness in counterflow, of transfer units and a capacity ratio that are in range.

    Notes
    -----
    Definition. See `effectiveness`.
    """
    # Written with expm1 it loses no digit as the rates come to equal each other.
    apart = 1.0 - c
    gone = -np.expm1(-n * apart)
    equal = apart <= 0.0
    unequal = gone / np.where(equal, 1.0, apart + c * gone)
    return np.where(equal, n / (1.0 + n), np.where(n > 0.0, unequal, 0.0))


def transfer_units(effect: ArrayLike, capacity_ratio: ArrayLike) -> Floats:
    r"""Transfer units of a counterflow exchanger of known effectiveness.

    Parameters
    ----------
    effect : array
        Effectiveness, 0 to below 1. [1]
    capacity_ratio : array
        Smaller over larger capacity rate, 0 to 1. [1]

    Returns
    -------
    array
        UA over the smaller capacity rate. [1]

    Raises
    ------
    OutOfRange
        If the effectiveness lies outside 0 to below 1, or the ratio outside 0 to 1.

    Notes
    -----
    :math:`N = \ln((1 - \varepsilon C)/(1 - \varepsilon))/(1 - C)`, and
    :math:`\varepsilon/(1-\varepsilon)` for equal rates [1]_.

    References
    ----------
    .. [1] F. P. Incropera et al., "Fundamentals of Heat and Mass Transfer", 7th ed., Wiley, 2011,
       table 11.4.
    """
    e, c = np.broadcast_arrays(
        np.asarray(effect, dtype=np.float64), np.asarray(capacity_ratio, dtype=np.float64)
    )
    if not np.all((e >= 0.0) & (e < 1.0)):
        raise OutOfRange(
            "An effectiveness lies between 0 and below 1: allow a larger approach or more flow.",
            effectiveness=float(np.max(e)),
        )
    bounded("The capacity ratio", c, 0.0, 1.0)
    apart = 1.0 - c
    equal = apart <= 0.0
    unequal = np.log1p(e * apart / (1.0 - e)) / np.where(equal, 1.0, apart)
    return np.where(equal, e / (1.0 - e), unequal)


def exchanged_kw(
    ua_kw_k: ArrayLike,
    hot_kw_k: ArrayLike,
    cold_kw_k: ArrayLike,
    inlet_difference_k: ArrayLike,
    arrangement: Arrangement = "counterflow",
) -> Floats:
    r"""Heat that an exchanger moves between two streams of known inlets.

    Parameters
    ----------
    ua_kw_k : array
        Conductance, >= 0. [kW/K]
    hot_kw_k, cold_kw_k : array
        Capacity rates of the streams, >= 0. [kW/K]
    inlet_difference_k : array
        Hot inlet less cold inlet; below zero nothing is moved the wanted way. [K]
    arrangement : str
        As in `effectiveness`; the mixed ones name the stream by its rate.

    Returns
    -------
    array
        Heat, zero without flow. [kW]

    Raises
    ------
    OutOfRange
        If a conductance or rate is negative, or the difference not finite.

    Notes
    -----
    Definition. :math:`Q = \varepsilon\, C_{min} (T_{h,in} - T_{c,in})`.
    """
    ua, hot, cold, difference = np.broadcast_arrays(
        *(
            np.asarray(value, dtype=np.float64)
            for value in (ua_kw_k, hot_kw_k, cold_kw_k, inlet_difference_k)
        )
    )
    if not np.all((ua >= 0.0) & (hot >= 0.0) & (cold >= 0.0) & np.isfinite(difference)):
        raise OutOfRange(
            "A conductance or capacity rate is a number of zero or more, "
            "and the difference of the inlets is a number."
        )
    least, most = np.minimum(hot, cold), np.maximum(hot, cold)
    flows = least > 0.0
    ntu = ua / np.where(flows, least, 1.0)
    ratio = least / np.where(most > 0.0, most, 1.0)
    effect = effectiveness(ntu, ratio, arrangement)
    return np.where(flows, effect * least * np.maximum(difference, 0.0), 0.0)


def log_mean_difference_k(first_k: ArrayLike, second_k: ArrayLike) -> Floats:
    r"""Logarithmic mean of the temperature differences at both ends.

    Parameters
    ----------
    first_k, second_k : array
        Differences at the two ends, > 0. [K]

    Returns
    -------
    array
        Mean difference. [K]

    Raises
    ------
    OutOfRange
        If a difference is not positive: the streams would cross.

    Notes
    -----
    Definition. :math:`(a - b)/\ln(a/b)`, and :math:`a` where both are equal.
    """
    a, b = np.broadcast_arrays(
        np.asarray(first_k, dtype=np.float64), np.asarray(second_k, dtype=np.float64)
    )
    if not np.all((a > 0.0) & (b > 0.0)):
        raise OutOfRange(
            "The streams cross: the hot one must stay above the cold one at both ends.",
            first_k=float(np.min(a)),
            second_k=float(np.min(b)),
        )
    ratio = a / b
    near = np.abs(ratio - 1.0) < EQUAL
    apart = (a - b) / np.log(np.where(near, 2.0, ratio))
    mean: Floats = np.where(near, (a + b) / 2.0, apart)
    return mean


def conductance_kw_k(
    rated_kw_k: ArrayLike,
    first_ratio: ArrayLike,
    second_ratio: ArrayLike,
    *,
    exponent: float = 0.7,
    first_share: float = 0.5,
    fouling_factor: float = 1.0,
) -> Floats:
    r"""Conductance of an exchanger at other flows than its rated ones.

    Parameters
    ----------
    rated_kw_k : array
        At rated flows. [kW/K]
    first_ratio, second_ratio : array
        Flow over rated flow on each side, >= 0. [1]
    exponent : float
        Of the film coefficients against flow: 0.7 for plates. [1]
    first_share : float
        Share of the rated thermal resistance on the first side, 0 to 1. [1]
    fouling_factor : float
        Left of the clean conductance, above 0 to 1. [1]

    Returns
    -------
    array
        Conductance, zero without flow on either side. [kW/K]

    Raises
    ------
    OutOfRange
        If a conductance or ratio is negative, or a share lies outside its range.

    Notes
    -----
    :math:`UA = F\,UA_0 / (w\,r_1^{-n} + (1-w)\,r_2^{-n})` [1]_: two films in series, wall
    neglected. Range: turbulent plates, about 0.3 to 1.3 of rated flow.

    References
    ----------
    .. [1] W. M. Kays and A. L. London, "Compact Heat Exchangers", 3rd ed., McGraw-Hill,
       1984, ch. 2.
    """
    a, b = np.broadcast_arrays(
        np.asarray(first_ratio, dtype=np.float64), np.asarray(second_ratio, dtype=np.float64)
    )
    rated = np.asarray(rated_kw_k, dtype=np.float64)
    if not (np.all((a >= 0.0) & (b >= 0.0)) and np.all((rated >= 0.0) & np.isfinite(rated))):
        raise OutOfRange("A conductance and a flow ratio are numbers of zero or more.")
    if not 0.0 <= first_share <= 1.0 or not 0.0 < fouling_factor <= 1.0 or not exponent >= 0.0:
        raise OutOfRange(
            "The share and the fouling factor lie between 0 and 1, the exponent at 0 or above.",
            first_share=first_share,
            fouling_factor=fouling_factor,
            exponent=exponent,
        )
    flows = (a > 0.0) & (b > 0.0)
    films = (
        first_share * np.where(flows, a, 1.0) ** -exponent
        + (1.0 - first_share) * np.where(flows, b, 1.0) ** -exponent
    )
    return np.where(flows, fouling_factor * rated / films, 0.0)


def coil_capacity_kw(
    ua_kw_k: ArrayLike,
    air_kw_k: ArrayLike,
    water_kw_k: ArrayLike,
    air_in_c: ArrayLike,
    water_in_c: ArrayLike,
) -> Floats:
    r"""Heat that a dry finned coil takes from air: rear doors and fan walls.

    Parameters
    ----------
    ua_kw_k : array
        Conductance, >= 0. [kW/K]
    air_kw_k, water_kw_k : array
        Capacity rates, >= 0. [kW/K]
    air_in_c, water_in_c : array
        Entering temperatures; warmer water takes less. [°C]

    Returns
    -------
    array
        Sensible heat. [kW]

    Raises
    ------
    OutOfRange
        If a conductance or rate is negative, or a temperature not finite.

    Notes
    -----
    Definition. `exchanged_kw` in crossflow, both streams unmixed, no condensation: keep the
    water above the dew point.
    """
    difference = np.asarray(air_in_c, dtype=np.float64) - np.asarray(water_in_c, dtype=np.float64)
    return exchanged_kw(ua_kw_k, air_kw_k, water_kw_k, difference, "crossflow")
