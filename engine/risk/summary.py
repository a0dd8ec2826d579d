"""What samples say: mean, percentiles with their errors, bounds, and the top contributors."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from engine.errors import OutOfRange
from engine.plant import Floats

PERCENTS: Final = (5.0, 10.0, 50.0, 90.0, 95.0)
TOP: Final = 5
FEWEST: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Percentile:
    """One percentile of a sample, and how well the sample knows it."""

    percent: float
    value: float
    standard_error: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A sample in a few numbers."""

    count: int
    mean: float
    mean_error: float
    sd: float
    sd_error: float
    percentiles: tuple[Percentile, ...]

    def at(self, percent: float) -> float:
        """The value of one of the percentiles.

        Raises
        ------
        OutOfRange
            If it is none of them.
        """
        for found in self.percentiles:
            if found.percent == percent:
                return found.value
        raise OutOfRange(f"The summary holds no percentile {percent:g}.", percent=percent)


def summarise(values: ArrayLike, percents: tuple[float, ...] = PERCENTS) -> Summary:
    r"""Mean, spread and percentiles of a sample, each with its standard error.

    Parameters
    ----------
    values : array_like
        At least 2 samples, finite.
    percents : tuple of float
        Which percentiles, above 0 to below 100. [%]

    Returns
    -------
    Summary
        In the unit of the values.

    Raises
    ------
    OutOfRange
        If there are fewer than two values, or one is not finite.

    Notes
    -----
    :math:`s_{mean} = s/\sqrt{n}`, :math:`s_{sd} = s\sqrt{(k - 1)/(4 n)}` with kurtosis k. A
    percentile's error is half the distance of the order statistics one binomial standard
    deviation, :math:`\sqrt{n p (1-p)}`, to either side [1]_. Latin hypercube samples are
    known better than these errors say.

    References
    ----------
    .. [1] H. A. David and H. N. Nagaraja, "Order Statistics," 3rd ed., Wiley, 2003, sec. 7.1.
    """
    sample = _finite(values)
    count = len(sample)
    ordered = np.sort(sample)
    sd = float(sample.std(ddof=1))
    kurtosis = float(np.mean((sample - sample.mean()) ** 4)) / sd**4 if sd > 0.0 else 1.0
    found = []
    for percent in percents:
        if not 0.0 < percent < 100.0:
            raise OutOfRange(f"{percent:g} is not a percentile above 0 and below 100.")
        share = percent / 100.0
        half = math.sqrt(count * share * (1.0 - share))
        low = max(math.floor(count * share - half), 0)
        high = min(math.ceil(count * share + half), count - 1)
        error = 0.5 * float(ordered[high] - ordered[min(low, high)])
        value = float(np.quantile(ordered, share))
        found.append(Percentile(percent=percent, value=value, standard_error=error))
    return Summary(
        count=count,
        mean=float(sample.mean()),
        mean_error=sd / math.sqrt(count),
        sd=sd,
        sd_error=sd * math.sqrt(max(kurtosis - 1.0, 0.0) / (4.0 * count)),
        percentiles=tuple(found),
    )


def wilks_runs(coverage: float, confidence: float, order: int = 1) -> int:
    r"""Runs after which the order-th greatest value bounds a share of all values.

    Parameters
    ----------
    coverage : float
        Share of all values below the bound, above 0 to below 1. [1]
    confidence : float
        Of the statement, above 0 to below 1. [1]
    order : int
        1: the greatest value is the bound, 2: the second greatest, and so on, >= 1.

    Returns
    -------
    int
        Smallest number of runs.

    Raises
    ------
    OutOfRange
        If a number lies outside its range.

    Notes
    -----
    Smallest n with :math:`\sum_{k<order} \binom{n}{k} (1-\gamma)^k \gamma^{n-k} \le
    1-\beta` [1]_: 59 for 95 % at 95 %.

    References
    ----------
    .. [1] S. S. Wilks, "Determination of sample sizes for setting tolerance limits," Ann.
       Math. Stat., vol. 12, pp. 91-96, 1941, doi:10.1214/aoms/1177731788.
    """
    if not (0.0 < coverage < 1.0 and 0.0 < confidence < 1.0):
        raise OutOfRange("Coverage and confidence must lie above 0 and below 1, as shares.")
    if order < 1:
        raise OutOfRange("The order counts from 1: the greatest value.")
    too_few, enough = order - 1, order
    while _missed(enough, coverage, order) > 1.0 - confidence:
        too_few, enough = enough, 2 * enough
    while enough - too_few > 1:
        middle = (too_few + enough) // 2
        if _missed(middle, coverage, order) > 1.0 - confidence:
            too_few = middle
        else:
            enough = middle
    return enough


def _missed(runs: int, coverage: float, order: int) -> float:
    return sum(
        math.comb(runs, k) * (1.0 - coverage) ** k * coverage ** (runs - k) for k in range(order)
    )


def contributors(
    inputs: Mapping[str, Floats], values: ArrayLike, top: int = TOP
) -> dict[str, float]:
    r"""Which inputs the spread of an output comes from.

    Parameters
    ----------
    inputs : mapping of str to array, shape (n,)
        Samples of each input.
    values : array_like, shape (n,)
        The output for them.
    top : int
        How many to name.

    Returns
    -------
    dict of str to float
        Share of the output's variance that one input explains alone, greatest first. [1]

    Raises
    ------
    OutOfRange
        If there are fewer than two values, or one is not finite.

    Notes
    -----
    Squared correlation, the first-order index of a linear model [1]_. With correlated inputs
    a share is that of the input and all that moves with it.

    References
    ----------
    .. [1] A. Saltelli et al., "Global Sensitivity Analysis: The Primer," Wiley, 2008,
       sec. 1.2.5.
    """
    output = _finite(values)
    centred = output - output.mean()
    power = float(centred @ centred)
    shares = {}
    for name, column in inputs.items():
        moved = column - column.mean()
        strength = float(moved @ moved)
        if strength > 0.0 and power > 0.0:
            shares[name] = float(moved @ centred) ** 2 / (strength * power)
    return dict(sorted(shares.items(), key=lambda item: -item[1])[:top])


def _finite(values: ArrayLike) -> Floats:
    sample = np.asarray(values, dtype=np.float64).ravel()
    if len(sample) < FEWEST:
        raise OutOfRange(f"{len(sample)} samples say nothing about a spread; give at least two.")
    if not np.all(np.isfinite(sample)):
        bad = int(np.flatnonzero(~np.isfinite(sample))[0])
        raise OutOfRange(f"Sample {bad} has no finite value.", position=bad)
    return sample
