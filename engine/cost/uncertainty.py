"""What is uncertain about a cost, how much, and what moves together."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from engine.cost.case import Answer
from engine.cost.sheet import Cell
from engine.errors import OutOfRange
from engine.plant import Floats
from engine.risk.distributions import (
    Distribution,
    LogNormal,
    Normal,
    Triangular,
    normal_quantile,
)
from engine.risk.sampling import Group

PERT_LAMBDA: Final = 4.0
TABLE: Final = 1025
SOFTWARE_SIGMA: Final = 0.15
BUILD_SIGMA: Final = 0.15
ELECTRICITY_SIGMA: Final = 0.15
DELAY_MEDIAN_MONTHS: Final = 6.0
DELAY_SIGMA: Final = 0.7
PUE_SD: Final = 0.02
LEAST_PUE: Final = 1.03
DOWNTIME_SIGMA: Final = 0.6
FACTOR_SD: Final = 0.08
RECORD_RANGE: Final = 0.15
RATE_RANGE: Final = (0.015, 0.02)
LIFE_STEPS: Final = ((-2.0, 0.1), (-1.0, 0.25), (0.0, 0.4), (1.0, 0.2), (2.0, 0.05))
# How far an estimate of the IT's life misses it, with probabilities.


@dataclass(frozen=True, slots=True)
class Beta:
    """A share between two bounds, by its mean and standard deviation."""

    low: float
    high: float
    mean: float
    sd: float

    def __post_init__(self) -> None:
        if not self.low < self.mean < self.high or self.sd <= 0.0:
            raise OutOfRange("The mean of a beta number lies between its bounds.", mean=self.mean)

    def quantile(self, share: Floats) -> Floats:
        """Value below which a share of all values lies."""
        width = self.high - self.low
        p = (self.mean - self.low) / width
        spread = max(p * (1.0 - p) * (width / self.sd) ** 2 - 1.0, 0.5)
        return self.low + width * _beta_quantile(p * spread, (1.0 - p) * spread, share)


@dataclass(frozen=True, slots=True)
class Pert:
    """A most likely value between two bounds, four times as heavy as a bound."""

    low: float
    mode: float
    high: float

    def __post_init__(self) -> None:
        if not self.low <= self.mode <= self.high:
            raise OutOfRange("The bounds of a PERT number must not fall.", mode=self.mode)

    @property
    def mean(self) -> float:
        """Expected value."""
        return (self.low + PERT_LAMBDA * self.mode + self.high) / (PERT_LAMBDA + 2.0)

    @property
    def sd(self) -> float:
        """Standard deviation."""
        return math.sqrt((self.mean - self.low) * (self.high - self.mean) / (PERT_LAMBDA + 3.0))

    def quantile(self, share: Floats) -> Floats:
        """Value below which a share of all values lies."""
        width = self.high - self.low
        if width <= 0.0:
            return np.full(np.shape(share), self.mode)
        rising = 1.0 + PERT_LAMBDA * (self.mode - self.low) / width
        falling = 1.0 + PERT_LAMBDA * (self.high - self.mode) / width
        return self.low + width * _beta_quantile(rising, falling, share)


@dataclass(frozen=True, slots=True)
class Steps:
    """One of a few values, each with its probability."""

    values: tuple[float, ...]
    shares: tuple[float, ...]

    @property
    def mean(self) -> float:
        """Expected value."""
        return float(np.dot(self.values, self.shares))

    @property
    def sd(self) -> float:
        """Standard deviation."""
        return math.sqrt(float(np.dot((np.array(self.values) - self.mean) ** 2, self.shares)))

    def quantile(self, share: Floats) -> Floats:
        """Value below which a share of all values lies."""
        place = np.searchsorted(np.cumsum(self.shares)[:-1], share, side="right")
        return np.asarray(np.array(self.values)[place], dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Complement:
    """One less a lognormal share, such as what downtime leaves."""

    lost: LogNormal

    @property
    def mean(self) -> float:
        """Expected value."""
        return 1.0 - self.lost.mean

    @property
    def sd(self) -> float:
        """Standard deviation."""
        return self.lost.sd

    def quantile(self, share: Floats) -> Floats:
        """Value below which a share of all values lies."""
        return np.maximum(1.0 - self.lost.quantile(1.0 - share), 0.0)


@dataclass(frozen=True, slots=True)
class AtLeast:
    """A normal number that cannot fall below a floor."""

    inner: Normal
    floor: float

    @property
    def mean(self) -> float:
        """Expected value without the floor."""
        return self.inner.mean

    @property
    def sd(self) -> float:
        """Standard deviation without the floor."""
        return self.inner.sd

    def quantile(self, share: Floats) -> Floats:
        """Value below which a share of all values lies."""
        return np.maximum(self.inner.quantile(share), self.floor)


@dataclass(frozen=True, slots=True)
class Opposed:
    """A number that falls when those of its group rise."""

    inner: Distribution

    @property
    def mean(self) -> float:
        """Expected value."""
        return self.inner.mean

    @property
    def sd(self) -> float:
        """Standard deviation."""
        return self.inner.sd

    def quantile(self, share: Floats) -> Floats:
        """Value above which a share of all values lies."""
        return self.inner.quantile(1.0 - share)


@lru_cache(maxsize=256)
def _table(a: float, b: float) -> tuple[Floats, Floats]:
    from scipy.special import betaincinv, ndtr

    scores = np.linspace(-7.0, 7.0, TABLE)
    return scores, np.asarray(betaincinv(a, b, ndtr(scores)), dtype=np.float64)


def _beta_quantile(a: float, b: float, share: Floats) -> Floats:
    """Quantiles of the standard beta distribution, interpolated in normal scores."""
    scores, values = _table(round(a, 6), round(b, 6))
    return np.interp(normal_quantile(share), scores, values)


def uncertain_inputs(answer: Answer, figure: str = "annual.total") -> dict[str, Distribution]:
    """What is known of every input that a figure of a case rests on.

    Parameters
    ----------
    answer : Answer
        The case with its sheet.
    figure : str
        A cell of the sheet.

    Returns
    -------
    dict of str to Distribution
        By cell. Inputs that are counted, drawn or computed are not among them.

    Raises
    ------
    KeyError
        If the figure is no cell.

    Notes
    -----
    Definition. Throughput: lognormal with the error of its tier; software gain: lognormal
    0.15; production derate and load factor: beta; availability: one less a lognormal loss;
    rack prices and the cost of capital: triangular; building cost and electricity:
    lognormal 0.15; delay: lognormal, median 6 months; PUE: normal 0.02, at least 1.03; IT
    life: steps of a year. Every other line with a range: PERT between its bounds, never
    narrowed. A line that the user set is known exactly.
    """
    sigmas = {group.gpu: group.sigma or 0.0 for group in answer.compute.groups}
    found: dict[str, Distribution] = {}
    for cell in answer.economics.sheet.inputs_of(figure):
        known = _known(cell, sigmas)
        if known is not None:
            found[cell.name] = known
    return found


def _known(cell: Cell, sigmas: Mapping[str, float]) -> Distribution | None:
    name, value = cell.name, cell.value
    special = _special(name, value)
    if special is not None:
        return special
    if name.startswith("tok_s_per_gpu."):
        return LogNormal(value, sigmas[name.removeprefix("tok_s_per_gpu.")])
    if name.startswith(("price.rack.", "price.gpu.")):
        return Triangular((1.0 - RECORD_RANGE) * value, value, (1.0 + RECORD_RANGE) * value)
    return _ranged(cell)


def _ranged(cell: Cell) -> Distribution | None:
    """A line with a range of its own; None for one that is exact or the user's."""
    low, value, high = cell.low, cell.value, cell.high
    is_own = cell.origin is not None and cell.origin.confidence == "user"
    if is_own or low is None or high is None or not low <= value <= high or low == high:
        return None
    kind = Triangular if cell.name.startswith(("it.rack.", "it.server.")) else Pert
    return kind(low, value, high)


def _special(name: str, value: float) -> Distribution | None:
    found: Distribution | None = None
    if name == "software_gain":
        found = LogNormal(value, SOFTWARE_SIGMA)
    elif name == "use.derate":
        found = _share(0.5, value, 1.0)
    elif name == "use.load_factor":
        found = _share(0.25, value, 0.95)
    elif name == "use.slo":
        usable = _share(0.5, value, 1.0)
        found = None if usable is None else Opposed(usable)
    elif name == "use.availability" and value < 1.0:
        found = Complement(LogNormal(1.0 - value, DOWNTIME_SIGMA))
    elif name == "price.build":
        found = LogNormal(value, BUILD_SIGMA)
    elif name == "price.electricity":
        found = LogNormal(value, ELECTRICITY_SIGMA)
    elif name == "schedule.delay_months":
        found = LogNormal(DELAY_MEDIAN_MONTHS, DELAY_SIGMA)
    elif name == "energy.pue_mean":
        found = AtLeast(Normal(value, PUE_SD), min(LEAST_PUE, value))
    elif name == "term.rate":
        below, above = RATE_RANGE
        found = Triangular(max(value - below, 0.0), value, value + above)
    elif name == "term.it_life":
        lives = tuple(max(value + step, 1.0) for step, _ in LIFE_STEPS)
        found = Opposed(Steps(lives, tuple(share for _, share in LIFE_STEPS)))
    return found


def _share(low: float, mean: float, high: float) -> Distribution | None:
    """A beta number around a mean, its bounds widened where the mean lies outside them."""
    if not 0.0 < mean < 1.0:
        return None
    return Beta(min(low, 0.5 * mean), max(high, 0.5 * (1.0 + mean)), mean, FACTOR_SD)


def groups(inputs: Mapping[str, Distribution]) -> tuple[Group, ...]:
    """Which of the inputs move together, and how closely.

    Parameters
    ----------
    inputs : mapping of str to Distribution
        As `uncertain_inputs` gives them.

    Returns
    -------
    tuple of Group
        Throughput on the same hardware 0.6, rack prices 0.7, building cost and delay 0.4,
        electricity and carbon 0.5, cost of capital and country 0.3, derate against headroom
        -0.3, life against the progress of software and hardware -0.5.

    Notes
    -----
    Definition. A negative correlation is a group of which one member is `Opposed`.
    """

    def members(*starts: str) -> tuple[str, ...]:
        return tuple(name for name in inputs if name.startswith(starts))

    found = (
        Group(name="throughput", members=members("tok_s_per_gpu."), correlation=0.6),
        Group(
            name="rack-price",
            members=members("it.rack.", "it.server.", "price.rack.", "price.gpu."),
            correlation=0.7,
        ),
        Group(
            name="building",
            members=members("price.build", "schedule.delay_months"),
            correlation=0.4,
        ),
        Group(
            name="energy-price",
            members=members("price.electricity", "op.carbon_price"),
            correlation=0.5,
        ),
        Group(
            name="capital",
            members=members("term.rate", "fin.wacc_hyperscaler", "fin.country_risk"),
            correlation=0.3,
        ),
        Group(name="peak", members=members("use.derate", "use.slo"), correlation=0.3),
        Group(
            name="progress",
            members=members(
                "term.it_life", "software_gain", "ops.software_gain_yr1", "resid.it_decay_oom"
            ),
            correlation=0.5,
        ),
    )
    return tuple(group for group in found if len(group.members) > 1)
