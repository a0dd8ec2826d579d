"""Availability of parts and of simple arrangements: series, parallel, k of n, common cause."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from engine.errors import OutOfRange
from engine.plant import Floats
from engine.ranges import bounded

HOURS_PER_YEAR = 8760.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Repairable:
    """Steady state of identical units that fail and are repaired."""

    availability: float  # at least ``needed`` units work
    unavailability: float  # the same, without cancellation
    failures_per_year: float  # how often it falls below
    down_h: float  # mean time below, each time
    working: Floats  # probability of 0, 1, ... n working units


def availability(mtbf_h: ArrayLike, mttr_h: ArrayLike) -> Floats:
    """Share of time that a part works.

    Parameters
    ----------
    mtbf_h : array_like
        Mean time that it works between failures, > 0. [h]
    mttr_h : array_like
        Mean time to repair, >= 0. [h]

    Returns
    -------
    array
        Availability, in (0, 1]. [-]

    Raises
    ------
    OutOfRange
        If a time is out of its range.

    Notes
    -----
    MTBF / (MTBF + MTTR) [1]_.

    References
    ----------
    .. [1] IEEE Std 493-2007, clause 8.
    """
    works = bounded("The time between failures", mtbf_h, 0.0, unit="h", above_low=True)
    repair = bounded("The time to repair", mttr_h, 0.0, unit="h")
    return np.asarray(works / (works + repair))


def unavailability(failures_per_year: ArrayLike, repair_h: ArrayLike) -> Floats:
    """Share of time that a part is down.

    Parameters
    ----------
    failures_per_year : array_like
        Failures per year of work, >= 0. [1/a]
    repair_h : array_like
        Mean time to repair, >= 0. [h]

    Returns
    -------
    array
        Unavailability, in [0, 1). [-]

    Raises
    ------
    OutOfRange
        If a figure is negative.

    Notes
    -----
    Definition. l r / (8760 + l r): the complement of `availability`, without cancellation.
    """
    rate = bounded("The failure rate", failures_per_year, 0.0, unit="1/a")
    repair = bounded("The time to repair", repair_h, 0.0, unit="h")
    return np.asarray(rate * repair / (HOURS_PER_YEAR + rate * repair))


def series(parts: ArrayLike) -> Floats:
    """Availability of parts that must all work.

    Parameters
    ----------
    parts : array_like, shape (..., n)
        Availabilities, 0 to 1. [-]

    Returns
    -------
    array, shape (...)
        Availability; 1 without parts. [-]

    Raises
    ------
    OutOfRange
        If a figure lies outside 0 to 1.

    Notes
    -----
    Definition. Product; parts fail independently.
    """
    return np.asarray(bounded("The availability", parts, 0.0, 1.0).prod(axis=-1))


def parallel(parts: ArrayLike) -> Floats:
    """Availability of parts of which one must work.

    Parameters
    ----------
    parts : array_like, shape (..., n)
        Availabilities, 0 to 1. [-]

    Returns
    -------
    array, shape (...)
        Availability; 0 without parts. [-]

    Raises
    ------
    OutOfRange
        If a figure lies outside 0 to 1.

    Notes
    -----
    Definition. 1 - product of unavailabilities; parts fail independently.
    """
    return np.asarray(1.0 - (1.0 - bounded("The availability", parts, 0.0, 1.0)).prod(axis=-1))


def k_of_n(needed: int, parts: ArrayLike) -> Floats:
    """Availability of a group of which some must work.

    Parameters
    ----------
    needed : int
        Parts that must work, >= 0.
    parts : array_like, shape (..., n)
        Availability of each part, 0 to 1; they may differ. [-]

    Returns
    -------
    array, shape (...)
        Availability; 0 when more are needed than there are. [-]

    Raises
    ------
    OutOfRange
        If a figure is out of its range.

    Notes
    -----
    Definition. The distribution of the number that works, part by part; for equal parts it is
    the binomial.
    """
    each = bounded("The availability", parts, 0.0, 1.0)
    least = int(bounded("The number needed", needed, 0.0))
    count = each.shape[-1]
    working = np.zeros((*each.shape[:-1], count + 1))
    working[..., 0] = 1.0
    for part in range(count):
        works = each[..., part, None]
        working[..., 1:] = working[..., 1:] * (1.0 - works) + working[..., :-1] * works
        working[..., 0] *= 1.0 - works[..., 0]
    return np.asarray(np.clip(working[..., least:].sum(axis=-1), 0.0, 1.0))


def downtime_h(available: ArrayLike) -> Floats:
    """Hours a year that something is down.

    Parameters
    ----------
    available : array_like
        Availability, 0 to 1. [-]

    Returns
    -------
    array
        Hours of a year of 8,760. [h]

    Raises
    ------
    OutOfRange
        If a figure lies outside 0 to 1.

    Notes
    -----
    Definition.
    """
    return np.asarray(HOURS_PER_YEAR * (1.0 - bounded("The availability", available, 0.0, 1.0)))


def common_cause_unavailability(down: ArrayLike, units: int, beta: ArrayLike = 0.05) -> Floats:
    """Unavailability of redundant units of which one must work, common cause included.

    Parameters
    ----------
    down : array_like
        Unavailability of one unit, 0 to 1. [-]
    units : int
        Identical units, >= 1.
    beta : array_like
        Share of failures that take all units at once, 0 to 1. [-]

    Returns
    -------
    array
        Unavailability, 0 to 1. [-]

    Raises
    ------
    OutOfRange
        If a figure is out of its range.

    Notes
    -----
    ((1 - b) q)^n + b q, the beta-factor model [1]_; one unit alone has q. The second term sets
    the floor under any number of nines.

    References
    ----------
    .. [1] IEC 61508-6:2010, annex D.
    """
    q = bounded("The unavailability", down, 0.0, 1.0)
    share = bounded("The common-cause share", beta, 0.0, 1.0)
    count = int(bounded("The number of units", units, 1.0))
    if count == 1:
        return np.asarray(q * np.ones_like(share))
    return np.asarray(np.minimum(((1.0 - share) * q) ** count + share * q, 1.0))


def repairable_group(
    needed: int, units: int, failures_per_year: float, repair_h: float, crews: int
) -> Repairable:
    """Steady state of identical repairable units with a number of repair crews.

    Parameters
    ----------
    needed : int
        Units that must work, 1 to ``units``.
    units : int
        Units in all, >= 1; those that work all run.
    failures_per_year : float
        Of one unit at work, >= 0. [1/a]
    repair_h : float
        Mean time of one repair, > 0. [h]
    crews : int
        Repairs that can go on at once, >= 1.

    Returns
    -------
    Repairable
        Availability, frequency and duration of falling below what is needed.

    Raises
    ------
    OutOfRange
        If a figure is out of its range.

    Notes
    -----
    Birth-death process: with j units down, failures at (n - j) l and repairs at min(j, crews) m
    [1]_. Two units and one crew give 2 l^2 / (m^2 + 2 l m + 2 l^2) for both down, about twice the
    value of independent repair.

    References
    ----------
    .. [1] R. Billinton and R. N. Allan, "Reliability Evaluation of Engineering Systems," 2nd ed.,
       Plenum Press, 1992, ch. 9.
    """
    count = int(bounded("The number of units", units, 1.0))
    least = int(bounded("The number needed", needed, 1.0, float(count)))
    rate = float(bounded("The failure rate", failures_per_year, 0.0, unit="1/a")) / HOURS_PER_YEAR
    mend = 1.0 / float(bounded("The time to repair", repair_h, 0.0, unit="h", above_low=True))
    hands = int(bounded("The number of crews", crews, 1.0))
    down = np.ones(count + 1)
    for j in range(1, count + 1):
        down[j] = down[j - 1] * (count - j + 1) * rate / (min(j, hands) * mend)
    if not np.isfinite(down).all():
        raise OutOfRange(
            "Failures outrun repairs beyond what can be calculated. Check rate and repair time.",
            failures_per_year=failures_per_year,
        )
    down /= down.sum()
    below = float(down[count - least + 1 :].sum())
    falling = float(down[count - least]) * least * rate
    return Repairable(
        availability=min(float(down[: count - least + 1].sum()), 1.0),
        unavailability=below,
        failures_per_year=falling * HOURS_PER_YEAR,
        down_h=below / falling if falling > 0.0 else 0.0,
        working=down[::-1].copy(),
    )
