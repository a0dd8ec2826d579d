"""Capital as a yearly cost, and cost per token."""

import math
from typing import Final, Literal

from engine.ranges import bounded

Mode = Literal["straight_line", "annuity"]

HOURS_PER_YEAR: Final = 8760.0
SECONDS_PER_YEAR: Final = 31_536_000.0
SECONDS_PER_HOUR: Final = 3600.0
TOKENS_PER_MTOK: Final = 1e6


def capital_recovery(rate: float, years: float) -> float:
    r"""Share of an investment that is paid each year to repay it with interest.

    Parameters
    ----------
    rate : float
        Interest, above -1; real rates may lie below 0. [1/yr]
    years : float
        Life, > 0. [yr]

    Returns
    -------
    float
        Yearly payment over investment. [1/yr]

    Raises
    ------
    OutOfRange
        If a number lies outside its range.

    Notes
    -----
    :math:`r/(1-(1+r)^{-n})`, and :math:`1/n` without interest [1]_.

    References
    ----------
    .. [1] ISO 15686-5:2017, "Life-cycle costing", annex B.
    """
    bounded("The life", years, 0.0, above_low=True, unit="yr")
    bounded("The rate", rate, -1.0, above_low=True, unit="1/yr")
    if abs(rate) < 1e-15:
        return 1.0 / years
    # 1 - (1 + r)^-n loses its digits for a small rate.
    return rate / -math.expm1(-years * math.log1p(rate))


def annual_charge(usd: float, years: float | None, rate: float, mode: Mode) -> float:
    """What an investment costs each year.

    Parameters
    ----------
    usd : float
        Investment. [USD]
    years : float or None
        Life; None for what is not used up, such as land. [yr]
    rate : float
        Cost of capital. [1/yr]
    mode : {"straight_line", "annuity"}
        Without or with the cost of capital.

    Returns
    -------
    float
        Yearly cost. [USD/yr]

    Raises
    ------
    OutOfRange
        If a number lies outside its range.

    Notes
    -----
    Definition. What is not used up costs its interest alone.
    """
    if years is None:
        return 0.0 if mode == "straight_line" else usd * rate
    if mode == "straight_line":
        return usd / float(bounded("The life", years, 0.0, above_low=True, unit="yr"))
    return usd * capital_recovery(rate, years)


def interest_during_construction(usd: float, rate: float, months: float) -> float:
    """Interest on money spent evenly before the plant runs.

    Parameters
    ----------
    usd : float
        Money spent over the construction. [USD]
    rate : float
        Cost of capital. [1/yr]
    months : float
        Construction time. [month]

    Returns
    -------
    float
        Interest up to the start. [USD]

    Notes
    -----
    Definition. Even spending counts as spent half-way.
    """
    return float(usd * ((1.0 + rate) ** (months / 24.0) - 1.0))


def usd_per_mtok(usd_per_h: float, tok_s: float) -> float:
    r"""Cost of a million tokens from the cost of an hour.

    Parameters
    ----------
    usd_per_h : float
        Cost of a GPU, or of a plant. [USD/h]
    tok_s : float
        Tokens per second of the same, of the class that is meant, > 0. [tok/s]

    Returns
    -------
    float
        Cost. [USD/Mtok]

    Raises
    ------
    OutOfRange
        If a number lies outside its range.

    Notes
    -----
    Definition. :math:`C = 10^6 c_h/(3600\,x)`.
    """
    bounded("The throughput", tok_s, 0.0, above_low=True, unit="tok/s")
    return usd_per_h * TOKENS_PER_MTOK / (SECONDS_PER_HOUR * tok_s)


def energy_usd_per_year(mean_kw: float, usd_per_kwh: float, hours: float = HOURS_PER_YEAR) -> float:
    """Yearly cost of a mean power.

    Parameters
    ----------
    mean_kw : float
        Mean over the year. [kW]
    usd_per_kwh : float
        Tariff. [USD/kWh]
    hours : float
        Hours of the year, 8,760 unless a source counts otherwise. [h]

    Returns
    -------
    float
        Cost. [USD/yr]

    Notes
    -----
    Definition.
    """
    return mean_kw * hours * usd_per_kwh
