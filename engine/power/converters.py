"""Converters (UPS, rectifier, power supply, static switch): three-parameter loss curves."""

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import ArrayLike

from engine.errors import Invalid
from engine.plant import Floats
from engine.ranges import bounded

STEPS = 60  # Gauss-Newton settles in less than ten
SETTLED = 1e-13


class CurveUnfit(Invalid):
    """No loss curve goes through the points given."""

    code = "curve-unfit"
    title = "These points give no loss curve"


@dataclass(frozen=True, slots=True, kw_only=True)
class LossCurve:
    """Loss over rating = a + b x + c x^2 at load fraction x, and how well it fits its points."""

    a: float
    b: float
    c: float
    max_abs_error: float  # of efficiency
    rms_error: float


def converter_loss_kw(
    output_kw: ArrayLike, rating_kw: ArrayLike, a: ArrayLike, b: ArrayLike, c: ArrayLike
) -> Floats:
    """Loss of converters that deliver a power.

    Parameters
    ----------
    output_kw : array_like
        Power delivered, >= 0. [kW]
    rating_kw : array_like
        Rated output, > 0. [kW]
    a, b, c : array_like
        Constant, proportional and square part of the loss over the rating, >= 0. [-]

    Returns
    -------
    array
        Loss; the constant part also without load. [kW]

    Raises
    ------
    OutOfRange
        If a figure is out of its range.

    Notes
    -----
    r (a + b x + c x^2), x = P / r [1]_. Fitted curves hold from 5 to 120 % load.

    References
    ----------
    .. [1] N. Rasmussen, "Electrical efficiency modeling for data centers," White Paper 113,
       Schneider Electric, 2011: no-load, proportional and square-law losses.
    """
    output = bounded("The converter's output", output_kw, 0.0, unit="kW")
    rating = bounded("The converter's rating", rating_kw, 0.0, unit="kW", above_low=True)
    parts = [bounded(f"Loss part {n}", v, 0.0) for n, v in zip("abc", (a, b, c), strict=True)]
    x = output / rating
    return np.asarray(rating * (parts[0] + parts[1] * x + parts[2] * x**2))


def converter_efficiency(
    load_fraction: ArrayLike, a: ArrayLike, b: ArrayLike, c: ArrayLike
) -> Floats:
    """Efficiency of converters at a load.

    Parameters
    ----------
    load_fraction : array_like
        Output over rating, >= 0. [-]
    a, b, c : array_like
        Parts of the loss over the rating, >= 0. [-]

    Returns
    -------
    array
        Output over input; 0 without load. [-]

    Raises
    ------
    OutOfRange
        If a figure is negative.

    Notes
    -----
    Definition. x / (x + a + b x + c x^2).
    """
    x = bounded("The load fraction", load_fraction, 0.0)
    parts = [bounded(f"Loss part {n}", v, 0.0) for n, v in zip("abc", (a, b, c), strict=True)]
    loss = parts[0] + parts[1] * x + parts[2] * x**2
    return np.asarray(np.where(x > 0.0, x / np.where(x > 0.0, x + loss, 1.0), 0.0))


def best_load_fraction(a: ArrayLike, c: ArrayLike) -> Floats:
    """Load at which a converter is most efficient.

    Parameters
    ----------
    a : array_like
        Constant part of the loss over the rating, >= 0. [-]
    c : array_like
        Square part, > 0. [-]

    Returns
    -------
    array
        Output over rating; it may exceed 1, then the converter is best at full load. [-]

    Raises
    ------
    OutOfRange
        If ``a`` is negative or ``c`` not positive.

    Notes
    -----
    Definition. d(loss/x)/dx = 0 at x = sqrt(a / c).
    """
    constant = bounded("Loss part a", a, 0.0)
    square = bounded("Loss part c", c, 0.0, above_low=True)
    return np.asarray(np.sqrt(constant / square))


def fit_loss_curve(load_fraction: ArrayLike, efficiency: ArrayLike) -> LossCurve:
    """The loss curve that comes closest to published efficiencies.

    Parameters
    ----------
    load_fraction : array_like, shape (n,)
        Output over rating at each point, in (0, 2]; at least three different. [-]
    efficiency : array_like, shape (n,)
        Efficiency at each point, in (0, 1). [-]

    Returns
    -------
    LossCurve
        Parts that are zero or more, and the error of the fit.

    Raises
    ------
    CurveUnfit
        If there are fewer than three different loads, or the columns differ in length.
    OutOfRange
        If a figure is out of its range.

    Notes
    -----
    Least squares on efficiency by Gauss-Newton from the linear fit of the loss [1]_. A part that
    would be negative is left out, so that no load gives a negative loss: of the fits with some
    parts left out, the closest one without a negative part counts.

    References
    ----------
    .. [1] J. Nocedal and S. J. Wright, "Numerical Optimization," 2nd ed., Springer, 2006, ch. 10.
    """
    x = bounded("The load fraction", load_fraction, 0.0, 2.0, above_low=True)
    eta = bounded("The efficiency", efficiency, 0.0, 1.0, above_low=True)
    if x.ndim != 1 or x.shape != eta.shape or len(np.unique(x)) < 3:
        raise CurveUnfit(
            "A loss curve needs an efficiency at each of at least three different loads.",
            points=int(x.size),
        )
    powers = np.stack([np.ones_like(x), x, x**2], axis=1)
    best: tuple[float, Floats] | None = None
    for size in (3, 2, 1):
        for kept in combinations(range(3), size):
            parts = np.zeros(3)
            parts[list(kept)] = _gauss_newton(powers[:, kept], x, eta)
            if (parts < 0.0).any():
                continue
            error = float(np.sum((x / (x + powers @ parts) - eta) ** 2))
            if best is None or error < best[0]:
                best = (error, parts)
        if size == 3 and best is not None:
            break
    if best is None:
        raise CurveUnfit("The efficiencies exceed what any loss allows. Check the table.")
    off = np.abs(x / (x + powers @ best[1]) - eta)
    a, b, c = map(float, best[1])
    return LossCurve(
        a=a,
        b=b,
        c=c,
        max_abs_error=float(off.max()),
        rms_error=float(np.sqrt(np.mean(off**2))),
    )


def _gauss_newton(powers: Floats, x: Floats, eta: Floats) -> Floats:
    """Parts that minimise the squared error of efficiency; steps that make it worse are halved."""
    parts: Floats = np.linalg.lstsq(powers, x / eta - x, rcond=None)[0].astype(np.float64)
    reached = x / (x + powers @ parts)
    error = float(np.sum((reached - eta) ** 2))
    for _ in range(STEPS):
        slope = -(reached**2 / x)[:, None] * powers
        step: Floats = np.linalg.lstsq(slope, eta - reached, rcond=None)[0].astype(np.float64)
        while np.abs(step).max() > SETTLED:
            trial = x / (x + powers @ (parts + step))
            gained = error - float(np.sum((trial - eta) ** 2))
            if gained >= 0.0:
                break
            step = step / 2.0
        else:
            break
        parts, reached, error = parts + step, trial, error - gained
    return parts
