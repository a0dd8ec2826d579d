"""Loads that move together: the peak of many racks, and what a training step asks of a supply."""

from dataclasses import dataclass

import numpy as np

from engine.assumptions import Assumptions
from engine.plant import Floats, Ints
from engine.power.dynamics import (
    AggregatePeak,
    aggregate_peak,
    limit_ramp,
    square_wave_storage,
    swing_in_band_kw,
)
from engine.risk.aggregate import summed_moments_kw, summed_rack_power_kw
from engine.risk.summary import Summary, summarise
from engine.space.window import power_histogram

SAMPLES = 10_000
MOST_DRAWN = 20_000_000  # rack samples; above, fewer samples are drawn
FEWEST_SAMPLES = 1_000
QUANTILE = 0.99
PERCENTS = (1.0, 50.0, 99.0)
CLASSES = 12  # of a histogram, about
STEPS_PER_CYCLE = 40
CYCLES = 16
NICE = (1.0, 2.0, 5.0, 10.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Power of the racks of a design, one by one and together."""

    edges_kw: Floats  # classes of rack power
    racks: Ints  # in each class
    peak: AggregatePeak
    sampled: Summary  # of the sum, each rack drawn by itself
    group_mean_kw: Floats  # per group of racks
    group_peak_kw: Floats  # that a group passes in one hour of a hundred


@dataclass(frozen=True, slots=True, kw_only=True)
class Swing:
    """A training step of all racks at once, and what keeps it from the supply."""

    high_kw: float
    low_kw: float
    frequency_hz: float
    grid_kw: float  # that storage takes from the supply, steadily
    storage_kw: float
    storage_kwh: float  # a step
    ramp_limit_kw_s: float
    ramp_kw_s: float  # without storage, over one sampled step
    ramp_storage_kwh: float
    ramp_storage_kw: float
    band_hz: tuple[float, float]
    in_band_kw: float  # root mean square
    band_limit_kw: float
    in_band_after_kw: float  # with the ramp limited


def spread(rack_kw: Floats, group: Ints, assumptions: Assumptions) -> Spread:
    """The power of racks one by one, and how far their peaks coincide.

    Parameters
    ----------
    rack_kw : array, shape (n_racks,)
        Mean power of each, at least one rack. [kW]
    group : array of int, shape (n_racks,)
        Which group each belongs to, 0 to n_groups - 1.
    assumptions : Assumptions
        Lines ``swing.rack_*``.

    Returns
    -------
    Spread
        Classes of a round width; the coincidence is the peak of the sum over the sum of peaks.

    Raises
    ------
    OutOfRange
        If a power is negative.

    Notes
    -----
    Definition. See `engine.power.dynamics.aggregate_peak` for the closed form, and
    `engine.risk.aggregate.summed_rack_power_kw` for the samples that it is held against.
    """
    sd = assumptions.value("swing.rack_sd_fraction")
    correlation = assumptions.value("swing.rack_correlation")
    edges, racks = power_histogram(rack_kw, _nice(float(rack_kw.max()) / CLASSES))
    count = int(np.clip(MOST_DRAWN // len(rack_kw), FEWEST_SAMPLES, SAMPLES))
    drawn = summed_rack_power_kw(
        rack_kw,
        np.zeros(len(rack_kw), dtype=np.int64),
        sd_rel=sd,
        count=count,
        purpose="coincidence of racks",
        correlation=correlation,
    )
    peak = aggregate_peak(rack_kw, sd * rack_kw, correlation, quantile=QUANTILE)
    mean, deviation = summed_moments_kw(rack_kw, group, sd_rel=sd, correlation=correlation)
    score = (peak.quantile_kw - peak.mean_kw) / peak.sd_kw if peak.sd_kw > 0.0 else 0.0
    return Spread(
        edges_kw=edges,
        racks=racks,
        peak=peak,
        sampled=summarise(drawn[:, 0].astype(np.float64), PERCENTS),
        group_mean_kw=mean,
        group_peak_kw=mean + score * deviation,
    )


def _nice(width: float) -> float:
    """The next round width: 1, 2 or 5 times a power of ten."""
    if width <= 0.0:
        return 1.0
    ten = 10.0 ** np.floor(np.log10(width))
    return float(next(ten * step for step in NICE if ten * step >= width * (1.0 - 1e-9)))


def swing(it_kw: float, facility_kw: float, assumptions: Assumptions) -> Swing:
    """What a synchronous training step of all racks asks of the supply.

    Parameters
    ----------
    it_kw : float
        IT power at work, > 0. [kW]
    facility_kw : float
        Facility power that the limits are shares of, > 0. [kW]
    assumptions : Assumptions
        Lines ``swing.*``.

    Returns
    -------
    Swing
        Storage that holds the supply still, storage that keeps the ramp limit, and the swing in
        the band of generators and shafts.

    Raises
    ------
    OutOfRange
        If a figure is out of its range.

    Notes
    -----
    Definition. A square wave; see `engine.power.dynamics`. Cooling and losses follow too slowly to
    count. The steepest change is that over one of forty samples of a step: the jump itself has no
    end.
    """
    value = assumptions.value
    low = it_kw * value("swing.low_fraction")
    period, duty = value("swing.period_s"), value("swing.duty_fraction")
    held = square_wave_storage(
        it_kw, low, period, duty, round_trip=value("swing.storage_round_trip")
    )
    step = period / STEPS_PER_CYCLE
    at = (np.arange(STEPS_PER_CYCLE) + 0.5) / STEPS_PER_CYCLE
    wave = np.tile(np.where(at < duty, it_kw, low), CYCLES)
    limit = facility_kw * value("swing.ramp_limit_per_s")
    ramped = limit_ramp(wave, step, limit)
    band = (value("swing.band_low_hz"), value("swing.band_high_hz"))
    settled = np.asarray(ramped.grid_kw)[len(wave) // 2 :]
    return Swing(
        high_kw=it_kw,
        low_kw=low,
        frequency_hz=float(held.frequency_hz),
        grid_kw=float(held.grid_kw),
        storage_kw=float(held.storage_kw),
        storage_kwh=float(held.storage_kwh),
        ramp_limit_kw_s=limit,
        ramp_kw_s=float(ramped.steepest_kw_per_s),
        ramp_storage_kwh=float(ramped.storage_kwh),
        ramp_storage_kw=float(ramped.storage_kw),
        band_hz=band,
        in_band_kw=float(swing_in_band_kw(wave, step, band)),
        band_limit_kw=facility_kw * value("swing.band_limit_fraction"),
        in_band_after_kw=float(swing_in_band_kw(settled, step, band)),
    )
