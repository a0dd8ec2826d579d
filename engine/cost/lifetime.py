"""Factors of a whole life, for numbers and for arrays of samples: paying, buying again, selling.

Steps are months. Nothing here knows a plant: `levelised` and the sheet of a calculation share it.
"""

from typing import Final

import numpy as np

from engine.plant import Floats

Value = float | Floats

MONTHS: Final = 12
SOFTWARE_STEPS: Final = (1.0, 0.25 / 0.6, 0.1 / 0.6, 0.05 / 0.6)
# Gain of the years after the first, over that of the first: 0.60, 0.25, 0.10, 0.05.
STEADY: Final = 5.0  # the S-curve is at 99 % of the contracted load when the ramp ends
NO_INTEREST: Final = 1e-12
ROWS: Final = 128  # samples at a time: their months fit the processor's cache


def level_payment(rate: Value, years: Value) -> Value:
    r"""Payment a year, in monthly parts, that repays one dollar over a life.

    Parameters
    ----------
    rate : float or array, shape (n,)
        Cost of capital, real. [1/yr]
    years : float or array, shape (n,)
        Life, rounded to months. [yr]

    Returns
    -------
    float or array, shape (n,)
        Payment for one dollar. [1/yr]

    Notes
    -----
    :math:`12\,(\sqrt[12]{1+r}-1)/(1-(1+r)^{-n})` [1]_; without interest one over the life.

    References
    ----------
    .. [1] ISO 15686-5:2017, "Life-cycle costing", annex B.
    """
    rates, whole = np.asarray(rate, dtype=np.float64), _months(years) / MONTHS
    safe = np.log1p(np.maximum(rates, NO_INTEREST))
    repaid = MONTHS * np.expm1(safe / MONTHS) / -np.expm1(-whole * safe)
    return _like(np.where(rates < NO_INTEREST, 1.0 / whole, repaid), rate, years)


def purchases(rate: Value, life: Value, end: Value, residual: Value) -> Value:
    r"""Present cost of a dollar of hardware that is bought again whenever it is worn out.

    Parameters
    ----------
    rate : float or array, shape (n,)
        Cost of capital, real. [1/yr]
    life : float or array, shape (n,)
        Life of the hardware, > 0. [yr]
    end : float or array, shape (n,)
        Life of the plant, > 0. [yr]
    residual : float or array, shape (n,)
        What the last hardware is worth at the end besides what is not worn. [1]

    Returns
    -------
    float or array, shape (n,)
        Present cost over the price of one purchase. [1]

    Notes
    -----
    Definition. :math:`\sum_k (1+r)^{-kn}` for every purchase before the end, less what the
    last one is worth then: its unworn share, straight-line, and the residual.
    """
    rates, lives, ends, left = (
        np.asarray(each, dtype=np.float64) for each in (rate, life, end, residual)
    )
    count = np.ceil(ends / lives - 1e-9)
    safe = np.log1p(np.maximum(rates, NO_INTEREST))
    bought = np.where(
        rates < NO_INTEREST, count, np.expm1(-safe * lives * count) / np.expm1(-safe * lives)
    )
    unworn = left + np.maximum(count * lives - ends, 0.0) / lives
    return _like(bought - unworn * np.exp(-ends * np.log1p(rates)), rate, life, end, residual)


def sold_over_life(  # noqa: PLR0917 - arguments of a formula of the sheet, in its order
    rate: Value, life: Value, end: Value, ramp: Value, gain: Value, wear: Value, progress: Value
) -> Value:
    """Discounted tokens of a life over those of as many steady years.

    Parameters
    ----------
    rate : float or array, shape (n,)
        Cost of capital, real. [1/yr]
    life, end : float or array, shape (n,)
        Life of the hardware and of the plant, > 0. [yr]
    ramp : float or array, shape (n,)
        Until the contracted load is there. [yr]
    gain : float or array, shape (n,)
        What software gains in the first year; later years gain less. [1]
    wear : float or array, shape (n,)
        Degradation. [1/yr]
    progress : float or array, shape (n,)
        Price-performance of new hardware, decades a year. [1/yr]

    Returns
    -------
    float or array, shape (n,)
        Ratio. [1]

    Notes
    -----
    Definition. The middle of each month counts. The ramp is a logistic curve; gains and wear
    start anew with each purchase, which gives ten to the progress of the years since.
    """
    given = (rate, life, end, ramp, gain, wear, progress)
    columns = np.broadcast_arrays(*(np.atleast_1d(np.asarray(each, float)) for each in given))
    found = np.empty(columns[0].shape)
    for first in range(0, found.size, ROWS):
        part = slice(first, first + ROWS)
        found[part] = _sold(*(column[part, None] for column in columns))
    return _like(found, *given)


def growth(
    middle: Floats, life: Floats, ramp: Floats, yearly: tuple[Floats, Floats, Floats]
) -> Floats:
    """Tokens of a month over those of a steady one; `yearly`: gain, wear, progress.

    Notes
    -----
    Definition. See `sold_over_life`.
    """
    gain, wear, progress = yearly
    generation = np.floor(middle / life)
    age = middle - generation * life
    logs = age * np.log1p(-wear) + generation * (life * progress * np.log(10.0))
    for year, share in enumerate(SOFTWARE_STEPS):
        logs += np.log1p(gain * share) * np.minimum(np.maximum(age - year, 0.0), 1.0)
    reached = np.exp(logs)
    if not np.any(ramp > 0.0):
        return np.asarray(reached)
    some = np.maximum(ramp, 1e-6)
    late = np.exp(np.minimum(-2.0 * STEADY / some * (middle - 0.5 * some), 700.0))
    return np.asarray(np.where(ramp > 0.0, reached / (1.0 + late), reached))


def _sold(  # noqa: PLR0917 - as above
    rate: Floats, life: Floats, end: Floats, ramp: Floats, gain: Floats, wear: Floats,
    progress: Floats,
) -> Floats:  # fmt: skip
    count = _months(end)
    month = np.arange(1.0, float(count.max()) + 1.0)[None, :]
    discount = np.exp(month * (-np.log1p(rate) / MONTHS)) * (month <= count)
    sold = growth((month - 0.5) / MONTHS, life, ramp, (gain, wear, progress))
    return np.asarray((sold * discount).sum(axis=1) / discount.sum(axis=1))


def _months(years: Value) -> Floats:
    return np.maximum(np.rint(np.asarray(years, dtype=np.float64) * MONTHS), 1.0)


def _like(found: Floats, *given: Value) -> Value:
    """A number for numbers, an array as soon as one argument is an array."""
    if any(isinstance(each, np.ndarray) for each in given):
        return np.asarray(found, dtype=np.float64)
    return float(np.asarray(found).reshape(-1)[0])
