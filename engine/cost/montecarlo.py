"""How sure a cost is: samples, percentiles, and what the spread comes from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from engine.cost.case import Answer
from engine.cost.formulas import Value
from engine.cost.sheet import Sheet
from engine.cost.uncertainty import groups, uncertain_inputs
from engine.errors import OutOfRange
from engine.plant import Floats
from engine.risk.distributions import Distribution
from engine.risk.sampling import sample
from engine.risk.summary import Summary, summarise

SAMPLES: Final = 4096
PURPOSE: Final = "economics"
SOBOL_SAMPLES: Final = 512
FIGURES: Final = (
    "cost.usd_per_mtok",
    "cost.usd_per_mtok_output",
    "cost.usd_per_gpu_h",
    "annual.total",
    "capex.total",
    "tokens.sold",
    "energy.j_per_token_facility_mean",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Samples of a case: inputs, figures and their summaries."""

    purpose: str
    count: int
    inputs: Mapping[str, Floats]
    figures: Mapping[str, Floats]
    summaries: Mapping[str, Summary]

    def below(self, figure: str, target: float) -> float:
        """Probability that a figure stays below a target. [1]

        Raises
        ------
        KeyError
            If the figure was not sampled.
        """
        return float(np.mean(self.figures[figure] < target))

    def histogram(self, figure: str, bins: int = 24) -> tuple[Floats, Floats]:
        """Counts and edges between the 0.5th and the 99.5th percentile.

        Raises
        ------
        KeyError
            If the figure was not sampled.
        """
        values = self.figures[figure]
        low, high = np.quantile(values, (0.005, 0.995))
        counts, edges = np.histogram(np.clip(values, low, high), bins)
        return counts.astype(np.float64), np.asarray(edges, dtype=np.float64)

    def ranks(self, figure: str) -> dict[str, float]:
        """Spearman's rank correlation of every input with a figure, strongest first.

        Raises
        ------
        KeyError
            If the figure was not sampled.
        """
        wanted = _centred_ranks(self.figures[figure])
        found = {}
        for name, values in self.inputs.items():
            own = _centred_ranks(values)
            power = float(np.sqrt((own @ own) * (wanted @ wanted)))
            if power > 0.0:
                found[name] = float(own @ wanted) / power
        return dict(sorted(found.items(), key=lambda item: -abs(item[1])))


def spread(answer: Answer, *, count: int = SAMPLES, purpose: str = PURPOSE) -> Spread:
    """A case many times over, its inputs drawn from what is known of them.

    Parameters
    ----------
    answer : Answer
        The case.
    count : int
        Samples, 2 to 1,000,000.
    purpose : str
        Key of the random numbers: equal purposes, equal numbers, so that two designs are
        compared on the same luck.

    Returns
    -------
    Spread
        The same in every run.

    Raises
    ------
    OutOfRange
        If the count lies outside its range.

    Notes
    -----
    Definition. Latin hypercube with groups of correlated inputs, through the formulas of the
    sheet, all samples at once. Throughput at saturation carries the error of throughput at
    the speed asked for.
    """
    if count < 2:
        raise OutOfRange("A spread needs at least two samples.", count=count)
    sheet = answer.economics.sheet
    wanted = tuple(name for name in FIGURES if name in sheet)
    inputs: dict[str, Distribution] = {}
    for name in wanted:
        inputs |= uncertain_inputs(answer, name)
    drawn = sample(inputs, purpose=purpose, count=count, groups=groups(inputs))
    figures = figures_of(sheet, drawn, wanted, count)
    return Spread(
        purpose=purpose,
        count=count,
        inputs=drawn,
        figures=figures,
        summaries={name: summarise(values) for name, values in figures.items()},
    )


def figures_of(
    sheet: Sheet, drawn: Mapping[str, Floats], wanted: tuple[str, ...], count: int
) -> dict[str, Floats]:
    """Figures for samples of the inputs.

    Parameters
    ----------
    sheet : Sheet
        The calculation.
    drawn : mapping of str to array, shape (count,)
        Samples by input cell.
    wanted : tuple of str
        Cells asked for.
    count : int
        Samples.

    Returns
    -------
    dict of str to array, shape (count,)
        Each in its own unit.

    Raises
    ------
    KeyError
        If a name is no cell.

    Notes
    -----
    Definition. See `Sheet.with_values`.
    """
    changes: dict[str, Value] = dict(drawn)
    for name, values in drawn.items():
        most = name.replace("tok_s_per_gpu.", "tok_s_per_gpu_most.")
        if most != name and most in sheet:
            changes[most] = sheet[most] / sheet[name] * values
    found = sheet.with_values(changes, wanted)
    return {
        name: np.broadcast_to(np.asarray(values, dtype=np.float64), (count,))
        for name, values in found.items()
    }


def leanings(answer: Answer, luck: Spread, figure: str) -> dict[str, float]:
    """How far the middle of each input moves a figure from its nominal, most upward first.

    Parameters
    ----------
    answer : Answer
        The case.
    luck : Spread
        Its samples.
    figure : str
        A cell of the sheet.

    Returns
    -------
    dict of str to float
        By input, over the nominal. [1]

    Raises
    ------
    KeyError
        If the figure is no cell.

    Notes
    -----
    Definition. One input at its median, the others as stated: what is symmetric about its
    stated value moves nothing.
    """
    sheet = answer.economics.sheet
    found = {}
    for name, values in luck.inputs.items():
        middle = {name: np.array([np.median(values)])}
        found[name] = float(figures_of(sheet, middle, (figure,), 1)[figure][0]) / sheet[figure] - 1
    return dict(sorted(found.items(), key=lambda item: -item[1]))


def first_order(
    answer: Answer, figure: str, *, count: int = SOBOL_SAMPLES, purpose: str = PURPOSE
) -> dict[str, tuple[float, float]]:
    r"""Shares of a figure's variance by input: alone, and with all it interacts with.

    Parameters
    ----------
    answer : Answer
        The case.
    figure : str
        A cell of the sheet.
    count : int
        Samples of each of the matrices, 2 to 1,000,000.
    purpose : str
        Key of the random numbers.

    Returns
    -------
    dict of str to (float, float)
        First-order and total index, greatest total first. [1]

    Raises
    ------
    KeyError
        If the figure is no cell.
    OutOfRange
        If the count lies outside its range.

    Notes
    -----
    Variance-based indices, inputs independent: :math:`S_i` by Saltelli's and :math:`S_{Ti}`
    by Jansen's estimator [1]_.

    References
    ----------
    .. [1] A. Saltelli et al., "Variance based sensitivity analysis of model output,"
       Comput. Phys. Commun., vol. 181, pp. 259-270, 2010, doi:10.1016/j.cpc.2009.09.018.
    """
    inputs = uncertain_inputs(answer, figure)
    one = sample(inputs, purpose=f"{purpose}/one", count=count)
    other = sample(inputs, purpose=f"{purpose}/other", count=count)
    names = tuple(inputs)
    # All matrices in one pass: A, B, and A with one column of B after the other.
    stacked = {
        name: np.concatenate(
            [
                one[name],
                other[name],
                *(other[name] if name == changed else one[name] for changed in names),
            ]
        )
        for name in names
    }
    total = count * (len(names) + 2)
    values = figures_of(answer.economics.sheet, stacked, (figure,), total)[figure]
    base, mixed = values[:count], values[count : 2 * count]
    variance = float(np.var(values[: 2 * count]))
    found = {}
    for place, name in enumerate(names):
        swapped = values[(place + 2) * count : (place + 3) * count]
        if variance <= 0.0:
            found[name] = (0.0, 0.0)
            continue
        alone = float(np.mean(mixed * (swapped - base))) / variance
        with_all = float(np.mean((base - swapped) ** 2)) / (2.0 * variance)
        found[name] = (alone, with_all)
    return dict(sorted(found.items(), key=lambda item: -item[1][1]))


def _centred_ranks(values: Floats) -> Floats:
    """Ranks about their middle, equal values sharing one."""
    _, place, size = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(size)
    middle = ends - 0.5 * (size + 1)
    ranks = middle[place]
    return np.asarray(ranks - ranks.mean(), dtype=np.float64)
