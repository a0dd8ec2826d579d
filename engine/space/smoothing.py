"""A grid of power smoothed by a Gaussian that keeps its sum, and stops at walls."""

import numpy as np

from engine.errors import OutOfRange
from engine.plant import Floats, Ints

SLAB_ROWS = 128
KERNEL_REACH = 4.0  # sigmas; what lies beyond is 6e-5 of the power and is put back by normalising


def smooth_gaussian(power_kw: Floats, sigma_cells: float) -> Floats:
    """The grid convolved with a normalised Gaussian, reflected at the border.

    Parameters
    ----------
    power_kw : array, shape (rows, columns)
        Power per cell. [kW]
    sigma_cells : float
        Standard deviation, >= 0. [cells]

    Returns
    -------
    array, shape (rows, columns)
        Smoothed power with the same sum. [kW]

    Notes
    -----
    Definition. The kernel is sampled at cell centres, cut at 4 sigma and normalised; the two
    directions are convolved one after the other. Sampling needs sigma of at least about one cell;
    below 0.3 cells nothing is smoothed.
    """
    if sigma_cells < 0.0:
        raise OutOfRange("The spread must not be negative.", sigma_cells=sigma_cells)
    reach = int(np.ceil(KERNEL_REACH * sigma_cells))
    if sigma_cells < 0.3:
        return power_kw
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma_cells) ** 2)
    kernel /= kernel.sum()
    return _convolve(_convolve(power_kw, kernel, 0), kernel, 1)


def smooth_within(power_kw: Floats, sigma_cells: float, zone: Ints) -> Floats:
    """The grid smoothed zone by zone: nothing crosses from one zone into another.

    Parameters
    ----------
    power_kw : array, shape (rows, columns)
        Power per cell. [kW]
    sigma_cells : float
        Standard deviation of the Gaussian, >= 0. [cells]
    zone : array of int, shape (rows, columns)
        Zone of each cell, -1 and up.

    Returns
    -------
    array, shape (rows, columns)
        Smoothed power; the sum of each zone is its sum before. [kW]

    Raises
    ------
    OutOfRange
        If the spread is negative.

    Notes
    -----
    Definition. `smooth_gaussian` over the rectangle around each zone. Where the zone does not fill
    it, each cell gives all its power to the zone's cells: its kernel is divided by the part of it
    that lies within the zone.
    """
    found = np.zeros_like(power_kw)
    for number in range(-1, int(zone.max(initial=-1)) + 1):
        member = zone == number
        rows, columns = (np.flatnonzero(member.any(axis=axis)) for axis in (1, 0))
        if not rows.size:
            continue
        block = np.s_[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
        mine = member[block]
        held = np.where(mine, power_kw[block], 0.0)
        if mine.all():
            found[block] += smooth_gaussian(held, sigma_cells)
        elif held.any():
            within = smooth_gaussian(mine.astype(np.float64), sigma_cells)
            given = np.divide(held, within, out=np.zeros_like(held), where=mine)
            found[block] += np.where(mine, smooth_gaussian(given, sigma_cells), 0.0)
    return found


def _convolve(values: Floats, kernel: Floats, axis: int) -> Floats:
    reach = len(kernel) // 2
    pad = [(0, 0), (0, 0)]
    pad[axis] = (reach, reach)
    padded = np.pad(values, pad, mode="symmetric")
    result = np.empty_like(values)
    for start in range(0, len(values), SLAB_ROWS):  # small enough to stay in the cache
        slab = result[start : start + SLAB_ROWS]
        stop = start + len(slab)
        if axis == 0:
            shifts = [padded[start + step : stop + step] for step in range(len(kernel))]
        else:
            columns = values.shape[1]
            shifts = [padded[start:stop, step : step + columns] for step in range(len(kernel))]
        np.multiply(shifts[reach], kernel[reach], out=slab)
        part = np.empty_like(slab)
        for step in range(reach):  # the kernel is even: two shifts share one weight
            np.add(shifts[step], shifts[-1 - step], out=part)
            part *= kernel[step]
            slab += part
    return result
