"""Darcy friction factor over all regimes, and what follows from it in one pipe."""

import math
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from engine.errors import OutOfRange
from engine.plant import Floats
from engine.ranges import bounded
from engine.units import STANDARD_GRAVITY_M_S2

LAMINAR_BELOW: Final = 2000.0
TURBULENT_ABOVE: Final = 4000.0
ROUGHNESS_DIVISOR: Final = 3.7  # Colebrook's own; 3.71 moves f by up to 1.3e-3 in very rough pipe
SMOOTH_TERM: Final = 2.51
NEWTON_STEPS: Final = 2  # from Haaland's start, within 1.4e-12 over Re 4e3 to 1e8
ROUGHEST: Final = 0.1  # roughness over bore
_C: Final = 2.0 / math.log(10.0)


def friction_factor(reynolds: ArrayLike, relative_roughness: ArrayLike = 0.0) -> Floats:
    r"""Darcy friction factor, laminar to fully rough.

    Parameters
    ----------
    reynolds : array
        Reynolds number, > 0. [1]
    relative_roughness : array, broadcastable to ``reynolds``
        Roughness over bore, 0 to 0.1. [1]

    Returns
    -------
    array
        Darcy friction factor, four times Fanning's. [1]

    Raises
    ------
    OutOfRange
        If a Reynolds number is not positive or a roughness lies outside its range.

    Notes
    -----
    Below Re 2,000 :math:`64/Re`; above 4,000 the root of
    :math:`1/\sqrt f = -2\log_{10}(\epsilon/3.7D + 2.51/(Re\sqrt f))` [1]_ to 2e-12, from
    Haaland's start; between them a cubic in Re with the values and slopes of both ends.
    Range: Re up to 1e8, roughness over bore up to 0.05 (0.1 by extrapolation).

    References
    ----------
    .. [1] C. F. Colebrook, "Turbulent flow in pipes", J. Inst. Civ. Eng., vol. 11,
       pp. 133-156, 1939, doi:10.1680/ijoti.1939.13150.
    """
    re = np.asarray(reynolds, dtype=np.float64)
    rough = np.asarray(relative_roughness, dtype=np.float64)
    if not np.all(re > 0.0) or not np.all(np.isfinite(re)):
        raise OutOfRange(
            "The Reynolds number must be positive: give a velocity, bore and viscosity above zero.",
            reynolds=float(np.min(re)),
        )
    if not np.all((rough >= 0.0) & (rough <= ROUGHEST)):
        raise OutOfRange(
            f"Roughness over bore must lie between 0 and {ROUGHEST:g}.",
            relative_roughness=float(rough.ravel()[np.argmax(np.abs(rough - ROUGHEST / 2))]),
        )
    factor, _ = factor_and_slope(re, rough)
    return factor


def factor_and_slope(reynolds: Floats, relative_roughness: Floats) -> tuple[Floats, Floats]:
    r"""Friction factor with its logarithmic slope, for Newton's method.

    Parameters
    ----------
    reynolds : array
        Reynolds number, > 0. [1]
    relative_roughness : array, broadcastable to ``reynolds``
        Roughness over bore, >= 0. [1]

    Returns
    -------
    tuple of array
        Darcy friction factor, and :math:`d\ln f/d\ln Re`. [1]

    Notes
    -----
    Definition. As `friction_factor`, whose range it shares; the slope is exact in
    each regime and continuous over all of them.
    """
    re, rough = np.broadcast_arrays(reynolds, relative_roughness)
    factor, slope = _colebrook(np.maximum(re, TURBULENT_ABOVE), rough)
    if re.size == 0 or re.min() > TURBULENT_ABOVE:
        return factor, slope
    # The cubic on 0 <= x <= 1 that leaves 64/Re and meets Colebrook, each with its slope.
    r = re / LAMINAR_BELOW
    x = r - 1.0
    start = 64.0 / LAMINAR_BELOW
    cubic = factor * slope / 2.0 + start - 2.0 * factor
    square = factor - cubic
    blend = start + x * (-start + x * (square + x * cubic))
    blend_slope = (-start + x * (2.0 * square + 3.0 * x * cubic)) * r / blend
    between = re <= TURBULENT_ABOVE
    laminar = re < LAMINAR_BELOW
    factor = np.where(between, blend, factor)
    slope = np.where(between, blend_slope, slope)
    factor = np.where(laminar, 64.0 / re, factor)
    slope = np.where(laminar, -1.0, slope)
    return factor, slope


def _colebrook(re: Floats, rough: Floats) -> tuple[Floats, Floats]:
    relative = rough / ROUGHNESS_DIVISOR
    x = -1.8 * np.log10(relative**1.11 + 6.9 / re)
    smooth = SMOOTH_TERM / re
    for _ in range(NEWTON_STEPS):
        inside = relative + smooth * x
        x = x - (x + _C * np.log(inside)) / (1.0 + _C * smooth / inside)
    share = _C * smooth / (relative + smooth * x)
    return 1.0 / x**2, -2.0 * share / (1.0 + share)


def velocity_m_s(flow_m3_s: ArrayLike, bore_m: ArrayLike) -> Floats:
    r"""Mean velocity in a round pipe.

    Parameters
    ----------
    flow_m3_s : array
        Volume flow. [m3/s]
    bore_m : array, broadcastable to ``flow_m3_s``
        Inner diameter, > 0. [m]

    Returns
    -------
    array
        Velocity. [m/s]

    Raises
    ------
    OutOfRange
        If a bore is not positive.

    Notes
    -----
    Definition. :math:`v = 4 \dot V / (\pi D^2)`.
    """
    flow = bounded("The flow", flow_m3_s, unit="m3/s")
    return np.asarray(flow * (4.0 / math.pi) / _bore(bore_m) ** 2)


def reynolds_number(
    flow_m3_s: ArrayLike, bore_m: ArrayLike, kinematic_viscosity_m2_s: ArrayLike
) -> Floats:
    r"""Reynolds number of the flow in a round pipe.

    Parameters
    ----------
    flow_m3_s : array
        Volume flow; its direction does not count. [m3/s]
    bore_m : array
        Inner diameter, > 0. [m]
    kinematic_viscosity_m2_s : array
        Viscosity over density, > 0. [m2/s]

    Returns
    -------
    array
        Reynolds number. [1]

    Raises
    ------
    OutOfRange
        If a bore or viscosity is not positive.

    Notes
    -----
    Definition. :math:`Re = v D / \nu`.
    """
    viscosity = bounded(
        "The viscosity", kinematic_viscosity_m2_s, 0.0, unit="m2/s", above_low=True,
        remedy="Divide Pa s by kg/m3.",
    )  # fmt: skip
    speed = np.abs(velocity_m_s(flow_m3_s, bore_m))
    return np.asarray(speed * np.asarray(bore_m, dtype=np.float64) / viscosity)


def pressure_gradient_pa_m(
    flow_m3_s: ArrayLike,
    bore_m: ArrayLike,
    roughness_m: ArrayLike,
    density_kg_m3: float,
    viscosity_pa_s: float,
) -> Floats:
    r"""Pressure lost per metre of straight round pipe.

    Parameters
    ----------
    flow_m3_s : array
        Volume flow, >= 0. [m3/s]
    bore_m, roughness_m : array, broadcastable to ``flow_m3_s``
        Inner diameter, > 0, and roughness, >= 0. [m]
    density_kg_m3, viscosity_pa_s : float
        Of the liquid, > 0. [kg/m3], [Pa s]

    Returns
    -------
    array
        Loss, zero without flow. [Pa/m]

    Raises
    ------
    OutOfRange
        If a figure lies outside its range.

    Notes
    -----
    Darcy-Weisbach :math:`\Delta p/L = f \rho v^2 / (2 D)` [1]_ with `friction_factor`.

    References
    ----------
    .. [1] F. M. White, "Fluid Mechanics", 8th ed., McGraw-Hill, 2016, sec. 6.4.
    """
    _density(density_kg_m3)
    re = reynolds_number(flow_m3_s, bore_m, viscosity_pa_s / density_kg_m3)
    bore = _bore(bore_m)
    speed = velocity_m_s(flow_m3_s, bore_m)
    rough = bounded("The roughness", roughness_m, 0.0, unit="m", remedy="Give 0 for smooth.") / bore
    laminar = re < LAMINAR_BELOW
    # 64/Re times the square of a speed: written out, it stays exact down to no flow at all.
    slow = 32.0 * viscosity_pa_s * np.abs(speed) / bore**2
    factor = friction_factor(np.where(laminar, LAMINAR_BELOW, re), rough)
    return np.where(laminar, slow, factor * density_kg_m3 * speed**2 / (2.0 * bore))


def minor_loss_pa(
    flow_m3_s: ArrayLike, bore_m: ArrayLike, minor_k: ArrayLike, density_kg_m3: float
) -> Floats:
    r"""Pressure lost in fittings.

    Parameters
    ----------
    flow_m3_s : array
        Volume flow. [m3/s]
    bore_m : array
        Inner diameter that the coefficients refer to, > 0. [m]
    minor_k : array
        Sum of the loss coefficients, >= 0. [1]
    density_kg_m3 : float
        Density. [kg/m3]

    Returns
    -------
    array
        Loss. [Pa]

    Raises
    ------
    OutOfRange
        If a bore or the density is not positive, or a coefficient negative.

    Notes
    -----
    Definition. :math:`\Delta p = K \rho v^2 / 2`.
    """
    k = bounded("The loss coefficient", minor_k, 0.0)
    speed = velocity_m_s(flow_m3_s, bore_m)
    return np.asarray(k * _density(density_kg_m3) * speed**2 / 2.0)


def head_m(pressure_pa: ArrayLike, density_kg_m3: float) -> Floats:
    r"""Pressure as the height of a column of the liquid.

    Parameters
    ----------
    pressure_pa : array
        Pressure. [Pa]
    density_kg_m3 : float
        Density, > 0. [kg/m3]

    Returns
    -------
    array
        Head. [m]

    Raises
    ------
    OutOfRange
        If the density is not positive.

    Notes
    -----
    Definition. :math:`H = p / (\rho g)` at standard gravity.
    """
    pressure = bounded("The pressure", pressure_pa, unit="Pa")
    return np.asarray(pressure / (_density(density_kg_m3) * STANDARD_GRAVITY_M_S2))


def _bore(bore_m: ArrayLike) -> Floats:
    return bounded("The bore", bore_m, 0.0, unit="m", above_low=True)


def _density(density_kg_m3: ArrayLike) -> Floats:
    return bounded("The density", density_kg_m3, 0.0, unit="kg/m3", above_low=True)
