"""A grid of power smoothed by a Gaussian that keeps its sum, and stops at walls."""

from dataclasses import dataclass

import numpy as np

from engine.errors import OutOfRange
from engine.memory import Memory, NoMemory
from engine.plant import Bools, Floats, Ints

SLAB_ROWS = 128
KERNEL_REACH = 4.0  # sigmas; what lies beyond is 6e-5 of the power and is put back by normalising


def smooth_gaussian(power_kw: Floats, sigma_cells: float) -> Floats:
    """The grid convolved with a normalised Gaussian, reflected at the border.

    Parameters
    ----------
    power_kw : array, shape (..., rows, columns)
        Power per cell, of one grid or of several alike. [kW]
    sigma_cells : float
        Standard deviation, >= 0. [cells]

    Returns
    -------
    array, shape (..., rows, columns)
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
    return _convolve(_convolve(power_kw, kernel, -2), kernel, -1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The rectangle of cells around one zone."""

    zone: int
    rows: tuple[int, int]  # from, to
    columns: tuple[int, int]
    mine: Bools  # cells of the rectangle that belong to the zone

    @property
    def block(self) -> tuple[slice, slice]:
        """Its place in the grid."""
        return slice(*self.rows), slice(*self.columns)


def windows(zone: Ints) -> tuple[Window, ...]:
    """The rectangle around each zone of a grid.

    Parameters
    ----------
    zone : array of int, shape (rows, columns)
        Zone of each cell, -1 and up.

    Returns
    -------
    tuple of Window
        In the order of the zones; one without cells has none.

    Notes
    -----
    Definition.
    """
    outside = zone < 0
    cell = np.flatnonzero(~outside)
    number_of = zone.ravel()[cell]
    row, column = np.divmod(cell, zone.shape[1])
    zones = int(number_of.max(initial=-1)) + 1
    in_row, in_column = (np.zeros((zones, size), dtype=bool) for size in zone.shape)
    in_row[number_of, row] = in_column[number_of, column] = True
    either = np.logical_or.reduce(outside, axis=1), np.logical_or.reduce(outside, axis=0)
    sides = [either, *zip(in_row, in_column, strict=True)]
    found = []
    for number, (rows, columns) in enumerate(sides, start=-1):
        if rows.any():
            y, x = _span(rows), _span(columns)
            mine = zone[slice(*y), slice(*x)] == number
            found.append(Window(zone=number, rows=y, columns=x, mine=mine))
    return tuple(found)


def _span(here: Bools) -> tuple[int, int]:
    """From the first that is true to behind the last."""
    return int(here.argmax()), here.size - int(here[::-1].argmax())


def smooth_within(
    power_kw: Floats, sigma_cells: float, zone: Ints, memory: Memory | None = None
) -> Floats:
    """The grid smoothed zone by zone: nothing crosses from one zone into another.

    Parameters
    ----------
    power_kw : array, shape (rows, columns)
        Power per cell. [kW]
    sigma_cells : float
        Standard deviation of the Gaussian, >= 0. [cells]
    zone : array of int, shape (rows, columns)
        Zone of each cell, -1 and up.
    memory : Memory or None
        As for `engine.evaluate.evaluate`: zones of one size are a step.

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
    memory = NoMemory() if memory is None else memory
    found = np.zeros_like(power_kw)
    alike: dict[tuple[int, ...], list[Window]] = {}
    for window in memory.step(windows, zone):
        here = power_kw[window.block]
        if window.mine.all():
            alike.setdefault(here.shape, []).append(window)
        elif (here[window.mine] != 0.0).any():
            found[window.block] += memory.zone(window.zone, _smoothed, here, window, sigma_cells)
    for shape, full in alike.items():  # the halls of a campus, mostly: all at once
        here = np.stack([power_kw[window.block] for window in full])
        for window, smooth in zip(
            full, memory.zone(shape, smooth_gaussian, here, sigma_cells), strict=True
        ):
            found[window.block] += smooth
    return found


def _smoothed(here_kw: Floats, window: Window, sigma_cells: float) -> Floats:
    """A window that its zone does not fill."""
    mine = window.mine
    held = np.where(mine, here_kw, 0.0)
    within = smooth_gaussian(mine.astype(np.float64), sigma_cells)
    given = np.divide(held, within, out=np.zeros_like(held), where=mine)
    return np.where(mine, smooth_gaussian(given, sigma_cells), 0.0)


def _convolve(values: Floats, kernel: Floats, axis: int) -> Floats:
    """Along the last axis (-1) or the one before it (-2)."""
    reach = len(kernel) // 2
    pad = [(0, 0)] * values.ndim
    pad[axis] = (reach, reach)
    padded = np.pad(values, pad, mode="symmetric")
    rows, columns = values.shape[-2:]
    result = np.empty_like(values)
    for start in range(0, rows, SLAB_ROWS):  # small enough to stay in the cache
        slab = result[..., start : start + SLAB_ROWS, :]
        stop = start + slab.shape[-2]
        if axis == -2:
            shifts = [padded[..., start + step : stop + step, :] for step in range(len(kernel))]
        else:
            shifts = [padded[..., start:stop, step : step + columns] for step in range(len(kernel))]
        np.multiply(shifts[reach], kernel[reach], out=slab)
        part = np.empty_like(slab)
        for step in range(reach):  # the kernel is even: two shifts share one weight
            np.add(shifts[step], shifts[-1 - step], out=part)
            part *= kernel[step]
            slab += part
    return result
