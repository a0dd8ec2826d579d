"""Power of many racks that vary, added up to what feeds them."""

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.errors import OutOfRange
from engine.plant import Floats, Ints
from engine.risk.sampling import generator

BLOCK_BYTES: Final = 64 * 1024 * 1024
LOWEST: Final = -0.999  # a factor 1 + s z stays above 0


def summed_rack_power_kw(
    rack_kw: ArrayLike,
    group: ArrayLike,
    *,
    sd_rel: float,
    count: int,
    purpose: str,
    correlation: float = 0.0,
) -> NDArray[np.float32]:
    r"""Samples of the power of groups of racks, each rack drawn by itself.

    Parameters
    ----------
    rack_kw : array_like, shape (n_racks,)
        Mean power of each rack, >= 0. [kW]
    group : array_like, shape (n_racks,)
        Which busway, panel or CDU each rack belongs to, 0 to n_groups - 1.
    sd_rel : float
        Standard deviation of a rack over its mean, 0 to 0.5. [1]
    count : int
        Samples, >= 1.
    purpose : str
        Names the random numbers.
    correlation : float
        Between any two racks, 0 to 1: 0.6 to 0.95 in training, 0.05 to 0.3 in inference. [1]

    Returns
    -------
    array, shape (count, n_groups), of 32-bit floats
        Power of each group. [kW]

    Raises
    ------
    OutOfRange
        If a number lies outside its range.

    Notes
    -----
    :math:`P_i = \mu_i (1 + s(\sqrt{r}\,z_0 + \sqrt{1-r}\,z_i))`, whose sum has
    :math:`\sigma^2 = s^2 (r (\sum\mu)^2 + (1-r) \sum\mu^2)`. Definition. Racks are drawn in
    blocks of at most 64 MB.
    """
    mean, of_group = _checked(rack_kw, group, sd_rel, correlation)
    if not count >= 1:
        raise OutOfRange("Draw one sample at least.", count=count)
    order = np.argsort(of_group, kind="stable")
    ordered = of_group[order]
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    spread = (mean[order] * sd_rel * np.sqrt(1.0 - correlation)).astype(np.float32)
    groups = int(of_group.max()) + 1
    together = np.bincount(of_group, mean, groups)
    random = generator(purpose)
    shared = np.float32(sd_rel * np.sqrt(correlation)) * random.standard_normal(
        count, dtype=np.float32
    )
    common = np.maximum(shared, np.float32(LOWEST)) + np.float32(1.0)
    found: NDArray[np.float32] = np.multiply.outer(common, together.astype(np.float32))
    rows = max(1, BLOCK_BYTES // (4 * len(mean)))
    block = np.empty((min(rows, count), len(mean)), dtype=np.float32)
    for start in range(0, count, rows):
        drawn = block[: min(rows, count - start)]
        random.standard_normal(out=drawn, dtype=np.float32)
        drawn *= spread
        found[start : start + len(drawn), ordered[starts]] += np.add.reduceat(drawn, starts, axis=1)
    return found


def summed_moments_kw(
    rack_kw: ArrayLike, group: ArrayLike, *, sd_rel: float, correlation: float = 0.0
) -> tuple[Floats, Floats]:
    r"""Mean and standard deviation of the power of groups of racks, without sampling.

    Parameters
    ----------
    rack_kw, group, sd_rel, correlation
        As for `summed_rack_power_kw`.

    Returns
    -------
    mean, sd : array, shape (n_groups,)
        Sums of many racks are nearly normal. [kW]

    Raises
    ------
    OutOfRange
        If a number lies outside its range.

    Notes
    -----
    :math:`\sigma^2 = s^2 (r (\sum\mu)^2 + (1-r) \sum\mu^2)`. Definition.
    """
    mean, of_group = _checked(rack_kw, group, sd_rel, correlation)
    groups = int(of_group.max()) + 1
    total = np.bincount(of_group, mean, groups).astype(np.float64)
    squares = np.bincount(of_group, mean * mean, groups)
    variance = correlation * total * total + (1.0 - correlation) * squares
    return total, sd_rel * np.sqrt(variance)


def _checked(
    rack_kw: ArrayLike, group: ArrayLike, sd_rel: float, correlation: float
) -> tuple[Floats, Ints]:
    if not (0.0 <= sd_rel <= 0.5 and 0.0 <= correlation <= 1.0):
        raise OutOfRange("A spread is 0 to 0.5, and a correlation 0 to 1.", sd_rel=sd_rel)
    mean, of_group = np.asarray(rack_kw, dtype=np.float64), np.asarray(group, dtype=np.int64)
    if not len(mean) or mean.shape != of_group.shape or of_group.min() < 0:
        raise OutOfRange("Each rack needs a power and a group, counted from 0.")
    if not np.all(np.isfinite(mean)) or mean.min() < 0.0:
        raise OutOfRange("A rack's power must be finite and not negative.", quantity="rack_kw")
    return mean, of_group
