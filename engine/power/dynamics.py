"""Loads that move: storage that smooths them, ramps, and the peak of many together."""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike

from engine.errors import Invalid
from engine.plant import Floats
from engine.ranges import bounded

# Torsional modes of turbine shafts and controls of generators answer in this band.
MODE_BAND_HZ = (0.1, 20.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class SquareWave:
    """What smooths a load that jumps between two powers."""

    mean_kw: Floats  # of the load
    grid_kw: Floats  # that the grid gives steadily: the mean and the losses of the storage
    swing_kw: Floats
    storage_kwh: Floats  # delivered in each period
    storage_kw: Floats  # greatest power into or out of it
    frequency_hz: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Smoothed:
    """A load behind storage that limits the ramp of the grid."""

    grid_kw: Floats
    storage_kwh: Floats  # between the fullest and the emptiest state
    storage_kw: Floats
    steepest_kw_per_s: Floats  # of the load itself


@dataclass(frozen=True, slots=True, kw_only=True)
class AggregatePeak:
    """Power of many racks together."""

    mean_kw: float
    sd_kw: float
    quantile_kw: float
    coincidence: float  # the quantile of the sum over the sum of the quantiles


def square_wave_storage(
    high_kw: ArrayLike,
    low_kw: ArrayLike,
    period_s: ArrayLike,
    duty: ArrayLike,
    *,
    round_trip: ArrayLike = 1.0,
) -> SquareWave:
    """Storage that holds the grid still while a load jumps between two powers.

    Parameters
    ----------
    high_kw, low_kw : array_like
        The two powers, high >= low. [kW]
    period_s : array_like
        Length of one cycle, > 0. [s]
    duty : array_like
        Share of the cycle at high power, 0 to 1. [-]
    round_trip : array_like
        Energy out over energy in of the storage, in (0, 1]. [-]

    Returns
    -------
    SquareWave
        Mean, grid power and storage.

    Raises
    ------
    OutOfRange
        If a figure is out of its range or the low power above the high.

    Notes
    -----
    Definition. mean = d Ph + (1 - d) Pl; what is stored while low, times the round trip, is what
    is delivered while high: G = (d Ph + e (1 - d) Pl) / (d + e (1 - d)), E = (Ph - G) d T.
    """
    high = bounded("The high power", high_kw, unit="kW")
    low = bounded("The low power", low_kw, unit="kW")
    swing = bounded("The swing from low to high", high - low, 0.0, unit="kW")
    period = bounded("The period", period_s, 0.0, unit="s", above_low=True)
    share = bounded("The duty", duty, 0.0, 1.0)
    kept = bounded("The round trip", round_trip, 0.0, 1.0, above_low=True)
    rest = 1.0 - share
    mean = share * high + rest * low
    grid = (share * high + kept * rest * low) / (share + kept * rest)
    return SquareWave(
        mean_kw=np.asarray(mean),
        grid_kw=np.asarray(grid),
        swing_kw=np.asarray(swing),
        storage_kwh=np.asarray((high - grid) * share * period / 3600.0),
        storage_kw=np.asarray(np.maximum(high - grid, grid - low)),
        frequency_hz=np.asarray(1.0 / period),
    )


def limit_ramp(power_kw: ArrayLike, step_s: float, ramp_kw_per_s: float) -> Smoothed:
    """The grid's power when it may change only so fast, and the storage that makes up for it.

    Parameters
    ----------
    power_kw : array_like, shape (..., n)
        Load over time; leading axes are scenarios. [kW]
    step_s : float
        Time between two values, > 0. [s]
    ramp_kw_per_s : float
        Fastest change of the grid's power, > 0. [kW/s]

    Returns
    -------
    Smoothed
        ``storage_kwh`` and ``storage_kw`` per scenario.

    Raises
    ------
    OutOfRange
        If a figure is out of its range.
    Invalid
        If there are fewer than two values.

    Notes
    -----
    Definition. From its first value on the grid follows the load as fast as it may; the storage
    gives the difference, and its size is the range of the running integral.
    """
    power = bounded("The load", power_kw, unit="kW")
    step = float(bounded("The time step", step_s, 0.0, unit="s", above_low=True))
    ramp = float(bounded("The ramp limit", ramp_kw_per_s, 0.0, unit="kW/s", above_low=True))
    if power.ndim == 0 or power.shape[-1] < 2:
        raise Invalid("A ramp needs a load at two times at least.")
    grid = np.array(power)
    for now in range(1, power.shape[-1]):
        before = grid[..., now - 1]
        grid[..., now] = np.clip(power[..., now], before - ramp * step, before + ramp * step)
    given = power - grid
    stored = np.cumsum(given, axis=-1) * step / 3600.0
    full = np.maximum(stored.max(axis=-1), 0.0) - np.minimum(stored.min(axis=-1), 0.0)
    return Smoothed(
        grid_kw=grid,
        storage_kwh=np.asarray(full),
        storage_kw=np.asarray(np.abs(given).max(axis=-1)),
        steepest_kw_per_s=np.asarray(np.abs(np.diff(power, axis=-1)).max(axis=-1) / step),
    )


def swing_in_band_kw(
    power_kw: ArrayLike, step_s: float, band_hz: tuple[float, float] = MODE_BAND_HZ
) -> Floats:
    """How much a load swings at frequencies that a grid minds.

    Parameters
    ----------
    power_kw : array_like, shape (..., n)
        Load over time; leading axes are scenarios. [kW]
    step_s : float
        Time between two values, > 0. [s]
    band_hz : tuple of float
        Lowest and highest frequency. [Hz]

    Returns
    -------
    array, shape (...)
        Root mean square of the part of the load inside the band. [kW]

    Raises
    ------
    OutOfRange
        If a figure is out of its range.

    Notes
    -----
    Definition. By the discrete Fourier transform (Parseval); frequencies above half the sampling
    rate cannot be seen.
    """
    power = bounded("The load", power_kw, unit="kW")
    step = float(bounded("The time step", step_s, 0.0, unit="s", above_low=True))
    count = power.shape[-1]
    tones = np.fft.rfft(power, axis=-1) / count
    frequency = np.fft.rfftfreq(count, step)
    weight = np.where((frequency == 0.0) | (2 * np.arange(len(frequency)) == count), 1.0, 2.0)
    inside = (frequency >= band_hz[0]) & (frequency <= band_hz[1]) & (frequency > 0.0)
    return np.asarray(np.sqrt((np.abs(tones[..., inside]) ** 2 * weight[inside]).sum(axis=-1)))


def aggregate_peak(
    mean_kw: ArrayLike,
    sd_kw: ArrayLike,
    correlation: float,
    *,
    quantile: float = 0.99,
    count: int = 1,
) -> AggregatePeak:
    """Peak of many racks whose loads move partly together.

    Parameters
    ----------
    mean_kw, sd_kw : array_like, scalar or shape (n,)
        Mean and standard deviation of each rack, >= 0. [kW]
    correlation : float
        Of any two racks, between -1/(n-1) and 1; training 0.6-0.95, inference 0.05-0.3. [-]
    quantile : float
        Of the peak, in (0, 1). [-]
    count : int
        Racks of each kind given, >= 1.

    Returns
    -------
    AggregatePeak
        Quantile of the sum, and its ratio to the sum of the quantiles.

    Raises
    ------
    OutOfRange
        If a figure is out of its range.

    Notes
    -----
    Normal theory: var = (1 - r) sum s^2 + r (sum s)^2, for equal racks n s^2 (1 + (n - 1) r)
    [1]_.

    References
    ----------
    .. [1] A. Papoulis and S. U. Pillai, "Probability, Random Variables and Stochastic Processes,"
       4th ed., McGraw-Hill, 2002, section 7-1.
    """
    means, deviations = np.broadcast_arrays(
        bounded("The mean power", mean_kw, 0.0, unit="kW"),
        bounded("The standard deviation", sd_kw, 0.0, unit="kW"),
    )
    each = int(bounded("The number of racks", count, 1.0))
    racks = each * means.size
    least = -1.0 / (racks - 1) if racks > 1 else -1.0
    r = float(bounded("The correlation", correlation, least, 1.0))
    share = float(bounded("The quantile", quantile, 1e-12, 1.0 - 1e-12))
    z = NormalDist().inv_cdf(share)
    mean, sd_sum = each * float(means.sum()), each * float(deviations.sum())
    variance = (1.0 - r) * each * float((deviations**2).sum()) + r * sd_sum**2
    sd = float(np.sqrt(max(variance, 0.0)))
    together, apart = mean + z * sd, mean + z * sd_sum
    return AggregatePeak(
        mean_kw=mean,
        sd_kw=sd,
        quantile_kw=together,
        coincidence=together / apart if apart > 0.0 else 1.0,
    )
