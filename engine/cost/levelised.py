"""Cost per token over the whole life of a plant: building, ramp, gains, refresh, residual."""

import math
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from engine.cost.case import Answer
from engine.cost.lifetime import growth
from engine.errors import OutOfRange
from engine.plant import Floats

LIVES: Final = (3, 4, 5, 6, 7, 8)
COST: Final = "cost.usd_per_mtok"
INTEREST: Final = "capex.fac.construction_interest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """What a plant costs and sells over its life. Money is real, of the base year."""

    it_usd: float  # bought when the plant opens, and again at every refresh
    facility_usd: float  # spent evenly while building
    opex_usd_per_year: float
    mtok_per_year: float
    rate: float  # cost of capital, real. [1/yr]
    it_life_years: float
    facility_life_years: float
    build_years: float = 0.0
    ramp_years: float = 0.0
    software_gain: float = 0.0  # of the first year; later years gain less
    degradation_per_year: float = 0.0
    progress_oom_per_year: float = 0.0  # price-performance of new hardware, decades a year
    residual_fraction: float = 0.0  # of the last IT at the end of the plant
    opex_growth_per_year: float = 0.0
    tax_fraction: float = 0.0
    revenue_usd_per_mtok: float = 0.0  # only the tax needs it


@dataclass(frozen=True, slots=True, kw_only=True)
class Levelised:
    """The cost per token that pays everything over the life, and its parts."""

    usd_per_mtok: float
    present_cost_usd: float
    present_mtok: float
    years: Floats  # of every step
    cost_usd: Floats
    mtok: Floats


def levelised(flow: Flow, steps_per_year: int = 12) -> Levelised:
    r"""Cost per million tokens that pays a plant over its life, all discounted.

    Parameters
    ----------
    flow : Flow
        Costs, tokens, lives and growth.
    steps_per_year : int
        12 for months, 1 for years.

    Returns
    -------
    Levelised
        In money of the base year, discounted to the opening.

    Raises
    ------
    OutOfRange
        If a life is not positive or no token is sold.

    Notes
    -----
    :math:`LCOT = \sum c_t (1+r)^{-t} / \sum k_t (1+r)^{-t}` [1]_. Payments fall at the end of
    a step, IT is bought at the opening and at each end of its life for the same money, and
    then gives :math:`10^{g n}` times the tokens after n years; software gains start anew with
    it. The ramp is a logistic curve. Tax falls on revenue less expenses less straight-line
    wear, never below zero.

    References
    ----------
    .. [1] ISO 15686-5:2017, "Life-cycle costing", annex B; IEA, "Projected Costs of
       Generating Electricity," 2020, sec. 2 (the same ratio for a kilowatt-hour).
    """
    if min(flow.it_life_years, flow.facility_life_years) <= 0.0 or flow.mtok_per_year <= 0.0:
        raise OutOfRange("A levelised cost needs lives and tokens above zero.")
    count = max(round(flow.facility_life_years * steps_per_year), 1)
    step = 1.0 / steps_per_year
    years = step * np.arange(1, count + 1, dtype=np.float64)
    mtok = flow.mtok_per_year * step * _growth(flow, years - 0.5 * step)
    cost = flow.opex_usd_per_year * step * (1.0 + flow.opex_growth_per_year) ** (years - step)
    bought = flow.it_life_years * np.arange(
        math.ceil(flow.facility_life_years / flow.it_life_years - 1e-9)
    )
    left = float(bought[-1] + flow.it_life_years - flow.facility_life_years)
    wear = flow.it_usd / flow.it_life_years + flow.facility_usd / flow.facility_life_years
    taxable = flow.revenue_usd_per_mtok * mtok - cost - wear * step
    cost = cost + flow.tax_fraction * np.maximum(taxable, 0.0)
    discount = (1.0 + flow.rate) ** -years
    present = float((cost * discount).sum())
    present += flow.it_usd * float(((1.0 + flow.rate) ** -bought).sum())
    # The last hardware is not worn out when the plant ends.
    unworn = flow.it_usd * (flow.residual_fraction + max(left, 0.0) / flow.it_life_years)
    present -= unworn * (1.0 + flow.rate) ** -flow.facility_life_years
    present += flow.facility_usd * (1.0 + flow.rate) ** (flow.build_years / 2.0)
    tokens = float((mtok * discount).sum())
    return Levelised(
        usd_per_mtok=present / tokens,
        present_cost_usd=present,
        present_mtok=tokens,
        years=years,
        cost_usd=cost,
        mtok=mtok,
    )


def _growth(flow: Flow, at: Floats) -> Floats:
    """Tokens of a step over those of a steady year's share."""
    life, ramp, gain, wear, progress = (
        np.array(each)
        for each in (
            flow.it_life_years,
            flow.ramp_years,
            flow.software_gain,
            flow.degradation_per_year,
            flow.progress_oom_per_year,
        )
    )
    return growth(at, life, ramp, (gain, wear, progress))


def residual_usd(paid_usd: float, age_years: float, decay_oom_per_year: float) -> float:
    r"""What hardware is worth after some years.

    Parameters
    ----------
    paid_usd : float
        New. [USD]
    age_years : float
        Age, >= 0. [yr]
    decay_oom_per_year : float
        Decades a year that price-performance moves. [1/yr]

    Returns
    -------
    float
        Economic value, for an early sale; the book value is another figure. [USD]

    Notes
    -----
    :math:`V_0\,10^{-g t}` [1]_.

    References
    ----------
    .. [1] Epoch AI, trends of price-performance of machine-learning hardware (CC-BY).
    """
    return float(paid_usd * 10.0 ** (-decay_oom_per_year * age_years))


def best_refresh(flow: Flow, lives: tuple[int, ...] = LIVES) -> dict[int, float]:
    """Levelised cost by how long the hardware is kept.

    Parameters
    ----------
    flow : Flow
        The plant; its own IT life is replaced.
    lives : tuple of int
        Lives tried. [yr]

    Returns
    -------
    dict of int to float
        Cost by life, in the order tried; the least is where to refresh. [USD/Mtok]

    Raises
    ------
    OutOfRange
        If a life is not positive.

    Notes
    -----
    Definition. A search over whole years: a refresh falls on a budget.
    """
    return {
        life: levelised(replace(flow, it_life_years=float(life))).usd_per_mtok for life in lives
    }


def flow_of(answer: Answer, *, with_gains: bool = False) -> Flow | None:
    """The flows of a case; None when no token is sold.

    Parameters
    ----------
    answer : Answer
        The case.
    with_gains : bool
        Whether software gain and newer hardware at each refresh count; ramp and wear always do.

    Returns
    -------
    Flow or None
        What is bought again at a refresh is IT and network.

    Raises
    ------
    UnknownAssumption
        If a line is missing.

    Notes
    -----
    Definition. Land comes back at the end and so costs its interest, as an expense.
    """
    found, value = answer.economics, answer.case.assumptions.value
    sheet = found.sheet
    if not found.has_tokens:
        return None
    it = sum(sheet[f"capex.{item.name}"] for item in found.bought if item.name.startswith("it."))
    land, rate = sheet["capex.fac.land"], sheet["term.rate"]
    build_years = value("fin.construction_months") / 12.0
    built = sheet["capex.total"] - it - land
    if INTEREST in sheet:  # `levelised` adds it again
        built /= (1.0 + rate) ** (build_years / 2.0)
    return Flow(
        it_usd=it,
        facility_usd=built,
        opex_usd_per_year=sheet["annual.opex"] + land * rate,
        mtok_per_year=sheet["tokens.mtok_per_year"],
        rate=rate,
        it_life_years=sheet["term.it_life"],
        facility_life_years=sheet["term.facility_life"],
        build_years=build_years,
        ramp_years=value("ops.ramp_months") / 12.0,
        software_gain=value("ops.software_gain_yr1") if with_gains else 0.0,
        degradation_per_year=value("ops.degradation_per_yr"),
        progress_oom_per_year=value("resid.it_decay_oom") if with_gains else 0.0,
        residual_fraction=value("resid.it_book_frac"),
    )


def cost_by_life(answer: Answer, lives: tuple[int, ...] = LIVES) -> dict[int, float]:
    """Blended cost by the finance mode of a case, for several lives of IT.

    Parameters
    ----------
    answer : Answer
        The case.
    lives : tuple of int
        Lives. [yr]

    Returns
    -------
    dict of int to float
        Empty where no token is sold. [USD/Mtok]

    Raises
    ------
    UnknownAssumption
        If a line is missing.

    Notes
    -----
    Definition. Everything else stays.
    """
    sheet = answer.economics.sheet
    if COST not in sheet:
        return {}
    return {
        life: float(sheet.with_values({"term.it_life": float(life)}, (COST,))[COST])
        for life in lives
    }


def internal_return(paid_usd: float, yearly_usd: Floats) -> float | None:
    r"""Rate at which yearly surpluses just repay an investment; None when they never do.

    Parameters
    ----------
    paid_usd : float
        Investment at the start, > 0. [USD]
    yearly_usd : array, shape (n,)
        Surplus of each year. [USD]

    Returns
    -------
    float or None
        Rate, between -0.99 and 10. [1/yr]

    Raises
    ------
    OutOfRange
        If nothing was paid.

    Notes
    -----
    Definition. The root of the net present value, by bisection: surpluses are taken to make
    it fall with the rate.
    """
    if paid_usd <= 0.0:
        raise OutOfRange("A return needs an investment.")
    years = np.arange(1, len(yearly_usd) + 1)

    def net(rate: float) -> float:
        return float((yearly_usd / (1.0 + rate) ** years).sum()) - paid_usd

    low, high = -0.99, 10.0
    if net(low) < 0.0 or net(high) > 0.0:
        return None
    for _ in range(200):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if net(middle) > 0.0 else (low, middle)
    return 0.5 * (low + high)
