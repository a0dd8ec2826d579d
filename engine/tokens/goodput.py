"""Failures: how often, how long, and how much work they cost."""

import math
from typing import Final

from engine.errors import OutOfRange
from engine.ranges import bounded
from engine.tokens.checkpoints import daly_efficiency, daly_interval_h

HOURS_PER_DAY: Final = 24.0
DAYS_PER_YEAR: Final = 365.0
HOURS_PER_YEAR: Final = 8760.0
LONG_AGAINST_CHECKPOINT: Final = 10.0


def mean_time_between_h(events: float, days: float) -> float:
    """Hours between failures of a cluster.

    Parameters
    ----------
    events : float
        Failures seen, > 0.
    days : float
        Time watched. [d]

    Returns
    -------
    float
        Hours. [h]

    Raises
    ------
    OutOfRange
        If nothing failed.

    Notes
    -----
    Definition.
    """
    if events <= 0.0:
        raise OutOfRange("Without a failure there is no mean time between failures.")
    return days * HOURS_PER_DAY / events


def failures_per_gpu_year(events: float, days: float, gpus: float) -> float:
    """Failures of one GPU and its share of everything, in a year.

    Parameters
    ----------
    events : float
        Failures seen.
    days : float
        Time watched, > 0. [d]
    gpus : float
        GPUs watched, > 0.

    Returns
    -------
    float
        Rate. [1/(GPU yr)]

    Raises
    ------
    OutOfRange
        If a number lies outside its range.

    Notes
    -----
    Definition. A year of 365 days.
    """
    bounded("The time watched", days, 0.0, above_low=True, unit="d")
    bounded("The number of GPUs", gpus, 0.0, above_low=True)
    return events / gpus * DAYS_PER_YEAR / days


def cluster_mtbf_h(rate_per_gpu_year: float, gpus: float) -> float:
    """Hours between failures of a job on so many GPUs.

    Parameters
    ----------
    rate_per_gpu_year : float
        Failures of one GPU in a year, > 0. [1/(GPU yr)]
    gpus : float
        GPUs of the job, > 0.

    Returns
    -------
    float
        Hours. [h]

    Raises
    ------
    OutOfRange
        If a number lies outside its range.

    Notes
    -----
    Definition. Any failure stops the job.
    """
    bounded("The failure rate", rate_per_gpu_year, 0.0, above_low=True, unit="1/(GPU yr)")
    bounded("The number of GPUs", gpus, 0.0, above_low=True)
    return HOURS_PER_YEAR / (rate_per_gpu_year * gpus)


def checkpoint_interval_h(write_h: float, mtbf_h: float) -> float:
    r"""Time between checkpoints that loses least.

    Parameters
    ----------
    write_h : float
        Time to write one, > 0. [h]
    mtbf_h : float
        Time between failures, > 0. [h]

    Returns
    -------
    float
        Interval. [h]

    Raises
    ------
    OutOfRange
        If a number lies outside its range.

    Notes
    -----
    :math:`\sqrt{2\delta M}` [1]_ while failures are rare; Daly's third-order form [2]_
    up to :math:`\delta = 2M`, and :math:`M` beyond.

    References
    ----------
    .. [1] J. W. Young, "A first order approximation to the optimum checkpoint interval,"
       Commun. ACM, vol. 17, pp. 530-531, 1974, doi:10.1145/361147.361115.
    .. [2] J. T. Daly, "A higher order estimate of the optimum checkpoint interval for
       restart dumps," Future Gener. Comput. Syst., vol. 22, pp. 303-312, 2006,
       doi:10.1016/j.future.2004.11.016.
    """
    bounded("The time to write a checkpoint", write_h, 0.0, above_low=True, unit="h")
    bounded("The time between failures", mtbf_h, 0.0, above_low=True, unit="h")
    young = math.sqrt(2.0 * write_h * mtbf_h)
    if mtbf_h >= LONG_AGAINST_CHECKPOINT * young:
        return young
    return float(daly_interval_h(write_h, mtbf_h))


def training_goodput(interval_h: float, write_h: float, restart_h: float, mtbf_h: float) -> float:
    r"""Share of a training job's time that becomes progress.

    Parameters
    ----------
    interval_h : float
        Work between checkpoints, > 0. [h]
    write_h, restart_h : float
        Time to write one, and to start again from one. [h]
    mtbf_h : float
        Time between failures, > 0. [h]

    Returns
    -------
    float
        0 to 1. [1]

    Raises
    ------
    OutOfRange
        If a time is negative, or interval or MTBF are not positive.

    Notes
    -----
    :math:`1-\delta/\tau-(\tau/2+R)/M` while :math:`M > 10\tau > 100\delta`, else Daly's
    complete form :math:`\tau / [M e^{R/M}(e^{(\tau+\delta)/M}-1)]` [1]_, for failures that
    come at random.

    References
    ----------
    .. [1] J. T. Daly, Future Gener. Comput. Syst., vol. 22, pp. 303-312, 2006, eq. 20,
       doi:10.1016/j.future.2004.11.016.
    """
    if interval_h <= 0.0 or mtbf_h <= 0.0 or min(write_h, restart_h) < 0.0:
        raise OutOfRange("Interval and MTBF must be positive, other times not negative.")
    is_rare = mtbf_h >= LONG_AGAINST_CHECKPOINT * interval_h
    if is_rare and interval_h >= LONG_AGAINST_CHECKPOINT * write_h:
        lost = write_h / interval_h + (interval_h / 2.0 + restart_h) / mtbf_h
        return max(1.0 - lost, 0.0)
    return float(daly_efficiency(interval_h, write_h, restart_h, mtbf_h))


def available_share(mtbf_h: float, mttr_h: float, needed: int, present: int) -> float:
    r"""Share of the wanted replicas that is up, spares standing in.

    Parameters
    ----------
    mtbf_h, mttr_h : float
        Of one replica, > 0 and >= 0. [h]
    needed, present : int
        Replicas wanted, and replicas there are; the difference are spares.

    Returns
    -------
    float
        Expected replicas up, at most those wanted, over those wanted. [1]

    Raises
    ------
    OutOfRange
        If fewer are present than needed, or none.

    Notes
    -----
    Definition. Binomial, replicas independent:
    :math:`E[\min(X,k)]/k`, :math:`X\sim B(n, M/(M+R))`.
    """
    if not 1 <= needed <= present:
        raise OutOfRange("At least as many replicas as are wanted must be present.")
    from scipy.stats import binom

    up = mtbf_h / (mtbf_h + mttr_h)
    count = range(needed)
    short = sum((needed - k) * float(binom.pmf(k, present, up)) for k in count)
    return 1.0 - short / needed


def throttled_share(supply_c: float, limit_c: float, hours: float) -> float:
    """Share of a year's tokens that is lost to warm coolant.

    Parameters
    ----------
    supply_c, limit_c : float
        Coolant while it is too warm, and its limit. [°C]
    hours : float
        How long in a year. [h]

    Returns
    -------
    float
        0 to 1. [1]

    Notes
    -----
    Definition. Clocks fall by 1.5 % per kelvin, a prior from memory.
    """
    slower = min(max(0.015 * (supply_c - limit_c), 0.0), 1.0)
    return slower * hours / HOURS_PER_YEAR
