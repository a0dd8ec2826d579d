"""Uncertainty without sampling: first order, around the means."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from engine.errors import OutOfRange
from engine.plant import Floats
from engine.risk.distributions import Distribution

Model = Callable[[Mapping[str, Floats]], Floats]


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstOrder:
    """Mean and spread of an output, and whose doing the spread is."""

    mean: float
    sd: float
    shares: dict[str, float]  # of the variance, greatest first; they sum to 1


def relative_sd(sd_rel: Mapping[str, float], exponents: Mapping[str, float] | None = None) -> float:
    r"""Relative standard deviation of a product of powers of independent factors.

    Parameters
    ----------
    sd_rel : mapping of str to float
        Relative standard deviation of each factor, >= 0. [1]
    exponents : mapping of str to float, optional
        Power of each factor; 1 or -1 count alike, 1 where none is given. [1]

    Returns
    -------
    float
        Relative standard deviation of the product. [1]

    Raises
    ------
    OutOfRange
        If one is negative or not finite.

    Notes
    -----
    :math:`(s_y/y)^2 = \sum_i (e_i s_i/x_i)^2`, good while each is small against 1 [1]_.

    References
    ----------
    .. [1] JCGM 100:2008, "Guide to the expression of uncertainty in measurement," 5.1.6.
    """
    total = 0.0
    for name, share in sd_rel.items():
        if not (np.isfinite(share) and share >= 0.0):
            raise OutOfRange(
                f"The relative standard deviation of {name} is {share:g}; it cannot be negative.",
                quantity=name,
            )
        total += ((exponents or {}).get(name, 1.0) * share) ** 2
    return float(np.sqrt(total))


def first_order(
    model: Model, inputs: Mapping[str, Distribution], step_sd: float = 0.1
) -> FirstOrder:
    r"""Mean and standard deviation of a model's output, by its slopes at the means.

    Parameters
    ----------
    model : callable
        Takes one array per input, all of one length, and gives an array of that length.
    inputs : mapping of str to Distribution
        Independent of each other.
    step_sd : float
        Step of the central differences, in standard deviations of the input, > 0. [1]

    Returns
    -------
    FirstOrder
        Mean of the output at the means, its standard deviation, and shares of its variance.

    Raises
    ------
    OutOfRange
        If the model gives something that is not finite.

    Notes
    -----
    :math:`s_y^2 = \sum_i (\partial f/\partial x_i)^2 s_i^2` [1]_. The model is called once,
    with two points per input and one at the means.

    References
    ----------
    .. [1] JCGM 100:2008, "Guide to the expression of uncertainty in measurement," 5.1.2.
    """
    names = [name for name, given in inputs.items() if given.sd > 0.0]
    points = 1 + 2 * len(names)
    at = {name: np.full(points, given.mean) for name, given in inputs.items()}
    for i, name in enumerate(names):
        by = step_sd * inputs[name].sd
        at[name][1 + 2 * i] += by
        at[name][2 + 2 * i] -= by
    values = np.broadcast_to(np.asarray(model(at), dtype=np.float64), (points,))
    if not np.all(np.isfinite(values)):
        raise OutOfRange("The model has no finite value around the means of its inputs.")
    spread = (values[1::2] - values[2::2]) / (2.0 * step_sd)
    variance = float((spread**2).sum())
    shares = {
        name: float(part**2) / variance if variance > 0.0 else 0.0
        for name, part in zip(names, spread, strict=True)
    }
    return FirstOrder(
        mean=float(values[0]),
        sd=float(np.sqrt(variance)),
        shares=dict(sorted(shares.items(), key=lambda item: -item[1])),
    )
