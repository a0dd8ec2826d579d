"""Distributions of an uncertain number, each as its quantile function.

Sampling needs nothing else: a uniform number goes in, a value comes out, and the same
uniform number gives the neighbouring value of a neighbouring distribution.
"""

import math
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np

from engine.assumptions import Quantity
from engine.errors import OutOfRange
from engine.plant import Floats

Z_95: Final = 1.6448536269514722


class Distribution(Protocol):
    """What is known of one number."""

    @property
    def mean(self) -> float:
        """Expected value."""
        ...

    @property
    def sd(self) -> float:
        """Standard deviation."""
        ...

    def quantile(self, share: Floats) -> Floats:
        """Value below which a share of all values lies, 0 < share < 1."""
        ...


@dataclass(frozen=True, slots=True)
class Exact:
    """A number known exactly."""

    value: float

    def __post_init__(self) -> None:
        _finite("Exact", self.value)

    @property
    def mean(self) -> float:
        """Expected value."""
        return self.value

    @property
    def sd(self) -> float:
        """Standard deviation."""
        return 0.0

    def quantile(self, share: Floats) -> Floats:
        """The value, whatever the share."""
        return np.full(np.shape(share), self.value)


@dataclass(frozen=True, slots=True)
class Normal:
    """A sum of many small causes."""

    mean: float
    sd: float

    def __post_init__(self) -> None:
        _finite("Normal", self.mean, self.sd)
        _at_least("Normal", "sd", self.sd, 0.0)

    def quantile(self, share: Floats) -> Floats:
        """Value below which a share of all values lies."""
        return self.mean + self.sd * normal_quantile(share)


@dataclass(frozen=True, slots=True)
class LogNormal:
    """A product of many causes; never negative. Given by its median and the sd of its logarithm."""

    median: float
    sd_log: float

    def __post_init__(self) -> None:
        _finite("LogNormal", self.median, self.sd_log)
        if self.median <= 0.0:
            raise OutOfRange("The median of a lognormal number must be above 0.", quantity="median")
        _at_least("LogNormal", "sd_log", self.sd_log, 0.0)

    @classmethod
    def from_factor(cls, median: float, factor: float) -> "LogNormal":
        """From the factor between the median and the 95th percentile, as failure rates state it.

        Raises
        ------
        OutOfRange
            If the factor is below 1.
        """
        _finite("LogNormal", factor)
        _at_least("LogNormal", "factor", factor, 1.0)
        return cls(median, math.log(factor) / Z_95)

    @property
    def mean(self) -> float:
        """Expected value."""
        return self.median * math.exp(0.5 * self.sd_log**2)

    @property
    def sd(self) -> float:
        """Standard deviation."""
        return self.mean * math.sqrt(math.expm1(self.sd_log**2))

    def quantile(self, share: Floats) -> Floats:
        """Value below which a share of all values lies."""
        return np.asarray(self.median * np.exp(self.sd_log * normal_quantile(share)))


@dataclass(frozen=True, slots=True)
class Uniform:
    """Anything between two bounds."""

    low: float
    high: float

    def __post_init__(self) -> None:
        _finite("Uniform", self.low, self.high)
        _ordered("Uniform", self.low, self.high)

    @property
    def mean(self) -> float:
        """Expected value."""
        return 0.5 * (self.low + self.high)

    @property
    def sd(self) -> float:
        """Standard deviation."""
        return (self.high - self.low) / math.sqrt(12.0)

    def quantile(self, share: Floats) -> Floats:
        """Value below which a share of all values lies."""
        return self.low + (self.high - self.low) * np.asarray(share)


@dataclass(frozen=True, slots=True)
class Triangular:
    """A most likely value between two bounds."""

    low: float
    mode: float
    high: float

    def __post_init__(self) -> None:
        _finite("Triangular", self.low, self.mode, self.high)
        _ordered("Triangular", self.low, self.mode, self.high)

    @property
    def mean(self) -> float:
        """Expected value."""
        return (self.low + self.mode + self.high) / 3.0

    @property
    def sd(self) -> float:
        """Standard deviation."""
        a, b, c = self.low, self.mode, self.high
        return math.sqrt(max(a * a + b * b + c * c - a * b - a * c - b * c, 0.0) / 18.0)

    def quantile(self, share: Floats) -> Floats:
        """Value below which a share of all values lies."""
        width = self.high - self.low
        if width <= 0.0:
            return np.full(np.shape(share), self.mode)
        below = (self.mode - self.low) / width
        rising = self.low + np.sqrt(share * (width * (self.mode - self.low)))
        falling = self.high - np.sqrt((1.0 - share) * (width * (self.high - self.mode)))
        return np.where(share <= below, rising, falling)


@dataclass(frozen=True, slots=True)
class Empirical:
    """Values that were seen, each as likely as the next; between them a straight line."""

    values: tuple[float, ...]

    def __post_init__(self) -> None:
        if not self.values:
            raise OutOfRange("An empirical distribution needs at least one value.")
        _finite("Empirical", *self.values)
        object.__setattr__(self, "values", tuple(sorted(self.values)))

    @property
    def mean(self) -> float:
        """Expected value."""
        return float(np.mean(self.quantile(_MIDDLES)))

    @property
    def sd(self) -> float:
        """Standard deviation."""
        return float(np.std(self.quantile(_MIDDLES)))

    def quantile(self, share: Floats) -> Floats:
        """Value below which a share of all values lies."""
        return np.asarray(np.quantile(np.asarray(self.values), share))


_MIDDLES: Final = (np.arange(20_000) + 0.5) / 20_000


def of_quantity(quantity: Quantity) -> Distribution:
    """What an assumption line says of its number.

    Parameters
    ----------
    quantity : Quantity
        Value, and its low and high where the data state them.

    Returns
    -------
    Distribution
        Triangular between low and high with the value as its peak; exact where there is no
        range, where the value is the user's own, or where it lies outside the range.

    Notes
    -----
    Definition. A range in the data is a bound, not a percentile: samples never leave it.
    """
    low, value, high = quantity.low, quantity.value, quantity.high
    if low is None or high is None or quantity.confidence == "user" or not low <= value <= high:
        return Exact(value)
    return Triangular(low, value, high)


def normal_quantile(share: Floats) -> Floats:
    """Quantiles of the standard normal distribution, 0 < share < 1.

    Notes
    -----
    Definition. The inverse of the error function, as scipy has it.
    """
    from scipy.special import ndtri

    return np.asarray(ndtri(share), dtype=np.float64)


def _finite(name: str, *values: float) -> None:
    if not all(map(math.isfinite, values)):
        raise OutOfRange(f"{name} needs finite numbers.", values=list(map(str, values)))


def _at_least(name: str, quantity: str, value: float, least: float) -> None:
    if value < least:
        raise OutOfRange(
            f"{quantity} of {name} is {value:g} and must be at least {least:g}.", quantity=quantity
        )


def _ordered(name: str, *values: float) -> None:
    if list(values) != sorted(values):
        shown = ", ".join(f"{value:g}" for value in values)
        raise OutOfRange(f"The bounds of {name} must not fall: {shown}.")
