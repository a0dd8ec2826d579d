"""One check of a number's range, so that every refusal names what, where and what to do."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from engine.errors import Invalid, OutOfRange
from engine.plant import Bools, Floats


def bounded(
    quantity: str,
    values: ArrayLike,
    low: float = -np.inf,
    high: float = np.inf,
    *,
    unit: str = "",
    above_low: bool = False,
    ids: Sequence[str] = (),
    remedy: str = "",
) -> Floats:
    """The values as floats, when each is finite and within its range.

    Parameters
    ----------
    quantity : str
        What the values are, for the message.
    values : array_like
        Numbers of any shape.
    low, high : float
        The range, both ends included.
    unit : str
        Unit of values and range, for the message.
    above_low : bool
        Whether ``low`` itself is outside.
    ids : sequence of str
        Names of the elements along the last axis.
    remedy : str
        What the caller can do about it.

    Returns
    -------
    array
        ``values`` as float64.

    Raises
    ------
    Invalid
        If a value is no number.
    OutOfRange
        If a value is not finite or lies outside; it names the first one and its element.

    Notes
    -----
    Definition.
    """
    single: object = values
    if isinstance(single, float) and _lie_within(single, single, low, high, above_low=above_low):
        return np.asarray(single)
    try:
        found = np.asarray(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise Invalid(f"{quantity} must be a number.", quantity=quantity) from error
    if found.size and _lie_within(found.min(), found.max(), low, high, above_low=above_low):
        return found
    bad: Bools = ~np.isfinite(found) | (found > high)
    bad |= (found <= low) if above_low else (found < low)
    if bad.any():
        first = int(np.flatnonzero(bad)[0])
        value = float(found.reshape(-1)[first])
        where = {"element": ids[first % found.shape[-1]]} if ids and found.ndim else {}
        subject = f"{quantity} of {where['element']}" if where else quantity
        limits = [f"{'above' if above_low else 'at least'} {low:g}"] if np.isfinite(low) else []
        limits += [f"at most {high:g}"] if np.isfinite(high) else []
        detail = f"{subject} is {f'{value:g} {unit}'.rstrip()}; it must be "
        detail += f"{' and '.join(limits) or 'finite'}. {remedy}"
        raise OutOfRange(detail.rstrip(), quantity=quantity, value=str(value), **where)
    return found


def _lie_within(least: float, most: float, low: float, high: float, *, above_low: bool) -> bool:
    """Whether the least and the most of some values do, and are finite; never for no number."""
    if not (-math.inf < least and most < math.inf and most <= high):
        return False
    return bool(least > low or (least == low and not above_low))
