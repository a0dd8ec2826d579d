"""Power density by a moving window, and how many racks have how much power."""

import numpy as np
from numpy.typing import ArrayLike

from engine.errors import OutOfRange
from engine.plant import Floats, Ints


def moving_window(values: ArrayLike, reach_cells: int) -> Floats:
    r"""Mean over the square of cells around each cell.

    Parameters
    ----------
    values : array_like, shape (rows, columns)
        One number per cell, e.g. kW/m2.
    reach_cells : int
        Cells to each side: the window is 2 reach + 1 cells wide, >= 0.

    Returns
    -------
    array, shape (rows, columns)
        At walls the mean over the cells that there are. Away from them the sum is kept.

    Raises
    ------
    OutOfRange
        If the values are no grid of finite numbers, or the reach is negative.

    Notes
    -----
    By a table of sums over rectangles, whatever the window's size [1]_.

    References
    ----------
    .. [1] F. C. Crow, "Summed-area tables for texture mapping," SIGGRAPH '84, pp. 207-212,
       1984, doi:10.1145/800031.808600.
    """
    grid = np.asarray(values, dtype=np.float64)
    if grid.ndim != 2 or not np.all(np.isfinite(grid)) or reach_cells < 0:
        raise OutOfRange("A moving window needs a grid of finite numbers and a reach of 0 or more.")
    sums = np.zeros((grid.shape[0] + 1, grid.shape[1] + 1))
    np.cumsum(np.cumsum(grid, axis=0), axis=1, out=sums[1:, 1:])
    (low_y, high_y), (low_x, high_x) = (_edges(size, reach_cells) for size in grid.shape)
    inside = (
        sums[np.ix_(high_y, high_x)]
        - sums[np.ix_(low_y, high_x)]
        - sums[np.ix_(high_y, low_x)]
        + sums[np.ix_(low_y, low_x)]
    )
    return np.asarray(inside / np.outer(high_y - low_y, high_x - low_x))


def power_histogram(rack_kw: ArrayLike, width_kw: float) -> tuple[Floats, Ints]:
    """How many racks have how much power.

    Parameters
    ----------
    rack_kw : array_like, shape (n_racks,)
        Power of each rack, >= 0. [kW]
    width_kw : float
        Of a class, > 0; a rack on an edge belongs to the class above. [kW]

    Returns
    -------
    edges : array, shape (n + 1,)
        From 0, in steps of the width. [kW]
    count : array of int, shape (n,)
        They sum to the racks.

    Raises
    ------
    OutOfRange
        If a power is negative or not finite, or the width not above 0.

    Notes
    -----
    Definition.
    """
    power = np.asarray(rack_kw, dtype=np.float64)
    if not (width_kw > 0.0 and np.all(np.isfinite(power)) and np.all(power >= 0.0)):
        raise OutOfRange("A histogram needs powers of 0 or more and a width above 0.")
    at = np.floor(power / width_kw).astype(np.int64)
    count = np.bincount(at, minlength=1).astype(np.int64)
    return np.arange(len(count) + 1, dtype=np.float64) * width_kw, count


def _edges(size: int, reach: int) -> tuple[Ints, Ints]:
    at = np.arange(size)
    return np.maximum(at - reach, 0), np.minimum(at + reach + 1, size)
