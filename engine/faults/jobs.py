"""How often a large job stops, what is left of its time, and how many spares it wants."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from engine.plant import Floats, Ints
from engine.ranges import bounded

HOURS_PER_YEAR = 365.25 * 24.0  # rates per GPU are stated per Julian year


@dataclass(frozen=True, slots=True, kw_only=True)
class Interruptions:
    """What a record of interruptions says."""

    mean_time_h: Floats
    gpu_h_each: Floats
    per_gpu_year: Floats


def interruptions(count: ArrayLike, days: ArrayLike, gpus: ArrayLike) -> Interruptions:
    """Mean time between interruptions and rate per GPU of an observed job.

    Parameters
    ----------
    count : array_like
        Interruptions, > 0.
    days : array_like
        Length of the record, > 0. [d]
    gpus : array_like
        GPUs of the job, > 0.

    Returns
    -------
    Interruptions
        Mean time, GPU-hours each, rate per GPU and year.

    Raises
    ------
    OutOfRange
        If a figure is not positive.

    Notes
    -----
    Definition. A year has 365.25 days.
    """
    events = bounded("The number of interruptions", count, 0.0, above_low=True)
    hours = 24.0 * bounded("The length of the record", days, 0.0, unit="d", above_low=True)
    size = bounded("The number of GPUs", gpus, 0.0, above_low=True)
    mean = hours / events
    return Interruptions(
        mean_time_h=np.asarray(mean),
        gpu_h_each=np.asarray(mean * size),
        per_gpu_year=np.asarray(HOURS_PER_YEAR / (mean * size)),
    )


def job_mean_time_h(
    gpus: ArrayLike, per_gpu_year: ArrayLike, infrastructure_per_year: ArrayLike = 0.0
) -> Floats:
    """Mean time between stops of a job, its machines and its site taken together.

    Parameters
    ----------
    gpus : array_like
        GPUs of the job, >= 1.
    per_gpu_year : array_like
        Interruptions per GPU and year, >= 0. [1/a]
    infrastructure_per_year : array_like
        Stops by power, cooling or network, >= 0. [1/a]

    Returns
    -------
    array
        Mean time. [h]

    Raises
    ------
    OutOfRange
        If a figure is out of its range, or nothing ever fails.

    Notes
    -----
    Definition. Rates of independent causes add.
    """
    size = bounded("The number of GPUs", gpus, 1.0)
    each = bounded("The rate per GPU", per_gpu_year, 0.0, unit="1/a")
    site = bounded("The rate of the site", infrastructure_per_year, 0.0, unit="1/a")
    rate = bounded(
        "The rate of stops", size * each + site, 0.0, unit="1/a", above_low=True,
        remedy="State a failure rate: a job that never stops needs no checkpoint.",
    )  # fmt: skip
    return np.asarray(HOURS_PER_YEAR / rate)


def spares_needed(needed: int, availability_each: ArrayLike, confidence: ArrayLike = 0.99) -> Ints:
    """Spare racks with which a job of a size finds its racks.

    Parameters
    ----------
    needed : int
        Racks of the job, >= 1.
    availability_each : array_like
        Share of time that a rack works, in (0, 1]. [-]
    confidence : array_like
        Share of time that enough of them must work, in [0, 1). [-]

    Returns
    -------
    array of int
        Spares.

    Raises
    ------
    OutOfRange
        If a figure is out of its range.

    Notes
    -----
    Definition. The smallest s with P(at least n of n + s work) >= confidence, binomial.
    """
    from scipy.stats import nbinom

    size = int(bounded("The number of racks", needed, 1.0))
    works = bounded("The availability", availability_each, 0.0, 1.0, above_low=True)
    wanted = bounded("The confidence", confidence, 0.0, 1.0 - 1e-12)
    # n of n + s work exactly when fewer than s + 1 fail before the n-th that works.
    return np.asarray(np.maximum(nbinom.ppf(wanted, size, works), 0.0)).astype(np.int64)


def fleet_goodput(
    efficiency: ArrayLike, available: ArrayLike, throttled_fraction: ArrayLike = 0.0
) -> Floats:
    """Share of installed compute that becomes progress.

    Parameters
    ----------
    efficiency : array_like
        Share of a job's time that is progress, 0 to 1. [-]
    available : array_like
        Share of time with power, cooling and network, 0 to 1. [-]
    throttled_fraction : array_like
        Loss of speed by throttling, 0 to 1. [-]

    Returns
    -------
    array
        In 0 to 1. [-]

    Raises
    ------
    OutOfRange
        If a share lies outside 0 to 1.

    Notes
    -----
    Definition. f A (1 - loss).
    """
    f = bounded("The efficiency", efficiency, 0.0, 1.0)
    a = bounded("The availability", available, 0.0, 1.0)
    loss = bounded("The loss by throttling", throttled_fraction, 0.0, 1.0)
    return np.asarray(f * a * (1.0 - loss))
