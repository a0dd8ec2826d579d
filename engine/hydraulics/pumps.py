"""Centrifugal pumps at speed, alone and side by side, and what holds them at a set-point."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from engine.errors import OutOfRange
from engine.plant import Floats
from engine.ranges import bounded
from engine.units import STANDARD_GRAVITY_M_S2

LEAST_EFFICIENCY: Final = 0.01  # keeps the power finite far from the best point


@dataclass(frozen=True, slots=True, kw_only=True)
class PumpCurve:
    """Head of one pump at full speed, ``shutoff_m - slope Q - bend Q^2``, falling."""

    shutoff_m: float
    slope_s_m2: float = 0.0  # m per m3/s
    bend_s2_m5: float = 0.0  # m per (m3/s)^2

    def __post_init__(self) -> None:
        falls = self.slope_s_m2 >= 0.0 and self.bend_s2_m5 >= 0.0
        if not 0.0 < self.shutoff_m < math.inf or not falls:
            raise OutOfRange(
                "A pump needs a positive head at no flow that falls as the flow grows.",
                shutoff_m=self.shutoff_m,
            )

    def at(self, *, speed: float, units: int) -> tuple[float, float, float]:
        """The three coefficients of equal pumps side by side at a speed, for their whole flow."""
        return (
            self.shutoff_m * speed**2,
            self.slope_s_m2 * speed / units,
            self.bend_s2_m5 / units**2,
        )

    @staticmethod
    def through(flow_m3_s: float, head_m: float, *, shutoff_ratio: float = 1.25) -> "PumpCurve":
        """A parabola through one rated point with a shut-off head of its own ratio."""
        if not flow_m3_s > 0.0 or not head_m > 0.0 or not shutoff_ratio > 1.0:
            raise OutOfRange(
                "A rated point needs flow and head above zero and a shut-off ratio above one.",
                flow_m3_s=flow_m3_s,
                head_m=head_m,
            )
        return PumpCurve(
            shutoff_m=shutoff_ratio * head_m,
            bend_s2_m5=(shutoff_ratio - 1.0) * head_m / flow_m3_s**2,
        )


def pump_head_m(
    curve: PumpCurve, flow_m3_s: ArrayLike, speed: ArrayLike = 1.0, units: ArrayLike = 1
) -> Floats:
    r"""Head of equal pumps side by side.

    Parameters
    ----------
    curve : PumpCurve
        Of one pump at full speed.
    flow_m3_s : array
        Flow of all of them, >= 0. [m3/s]
    speed : array, broadcastable
        Speed over full speed, > 0. [1]
    units : array, broadcastable
        How many run, >= 1.

    Returns
    -------
    array
        Head; negative beyond the flow at which the pump gives none. [m]

    Raises
    ------
    OutOfRange
        If a flow is negative, or nothing runs.

    Notes
    -----
    :math:`H = h_0 s^2 - h_1 s q - h_2 q^2` with :math:`q = Q/n` [1]_: the affinity laws.
    Range: speeds of 0.3 to 1, where efficiency and slip hardly shift the curve.

    References
    ----------
    .. [1] I. J. Karassik et al., "Pump Handbook", 4th ed., McGraw-Hill, 2008, sec. 2.3.
    """
    s, n = _running(speed, units)
    q = bounded("The flow", flow_m3_s, 0.0, unit="m3/s") / n
    return np.asarray(curve.shutoff_m * s**2 - curve.slope_s_m2 * s * q - curve.bend_s2_m5 * q * q)


def at_speed(
    flow_m3_s: ArrayLike, head_m: ArrayLike, power_kw: ArrayLike, speed_ratio: ArrayLike
) -> tuple[Floats, Floats, Floats]:
    r"""Flow, head and power of a duty point of pumps or fans carried to another speed.

    Parameters
    ----------
    flow_m3_s, head_m, power_kw : array
        Duty at the first speed; any unit of flow, head and power comes back as given.
    speed_ratio : array, broadcastable
        New speed over the first, > 0. [1]

    Returns
    -------
    tuple of array
        Flow, head, power at the new speed.

    Raises
    ------
    OutOfRange
        If a ratio is not positive.

    Notes
    -----
    :math:`Q \propto n,\; H \propto n^2,\; P \propto n^3` [1]_. Only along a system curve
    through the origin: with a pressure set-point use `set_point_power_kw`.

    References
    ----------
    .. [1] I. J. Karassik et al., "Pump Handbook", 4th ed., McGraw-Hill, 2008, sec. 2.3.
    """
    ratio = bounded("The speed ratio", speed_ratio, 0.0, above_low=True)
    return (
        np.asarray(bounded("The flow", flow_m3_s) * ratio),
        np.asarray(bounded("The head", head_m) * ratio**2),
        np.asarray(bounded("The power", power_kw) * ratio**3),
    )


def duty_flow_m3_s(
    curve: PumpCurve,
    system_s2_m5: ArrayLike,
    *,
    static_m: ArrayLike = 0.0,
    speed: ArrayLike = 1.0,
    units: ArrayLike = 1,
) -> Floats:
    r"""Flow at which equal pumps meet a system curve.

    Parameters
    ----------
    curve : PumpCurve
        Of one pump at full speed.
    system_s2_m5 : array
        Head over flow squared of the system, > 0. [m/(m3/s)2]
    static_m : array
        Head that the system asks for without flow. [m]
    speed : array
        Speed over full speed, > 0. [1]
    units : array
        How many run, >= 1.

    Returns
    -------
    array
        Flow of all of them; zero where they do not reach the static head. [m3/s]

    Raises
    ------
    OutOfRange
        If the system curve does not rise, or there is no pump.

    Notes
    -----
    Positive root of :math:`(k + h_2/n^2) Q^2 + (h_1 s/n) Q = h_0 s^2 - H_s` [1]_. Losing one of
    several leaves the rest on the same system curve with fewer ``units``.

    References
    ----------
    .. [1] I. J. Karassik et al., "Pump Handbook", 4th ed., McGraw-Hill, 2008, sec. 2.3.
    """
    k = bounded(
        "The system curve", system_s2_m5, 0.0, unit="m/(m3/s)2", above_low=True,
        remedy="A system without resistance has no duty point.",
    )  # fmt: skip
    s, n = _running(speed, units)
    a = k + curve.bend_s2_m5 / n**2
    b = curve.slope_s_m2 * s / n
    c = np.maximum(curve.shutoff_m * s**2 - bounded("The static head", static_m, unit="m"), 0.0)
    return np.asarray(2.0 * c / (b + np.sqrt(b * b + 4.0 * a * c) + (c == 0.0)))


def speed_for_duty(
    curve: PumpCurve, flow_m3_s: ArrayLike, head_m: ArrayLike, units: ArrayLike = 1
) -> Floats:
    r"""Speed at which equal pumps give a head at a flow.

    Parameters
    ----------
    curve : PumpCurve
        Of one pump at full speed.
    flow_m3_s : array
        Flow of all of them, >= 0. [m3/s]
    head_m : array
        Head that is held, > 0. [m]
    units : array
        How many run, >= 1.

    Returns
    -------
    array
        Speed over full speed; above one the duty is out of reach. [1]

    Raises
    ------
    OutOfRange
        If a flow is negative, a head not positive or nothing runs.

    Notes
    -----
    Definition. Positive root of :math:`h_0 s^2 - h_1 q s - (h_2 q^2 + H) = 0`, :math:`q = Q/n`.
    """
    _, n = _running(1.0, units)
    q = bounded("The flow", flow_m3_s, 0.0, unit="m3/s") / n
    held = bounded("The head", head_m, 0.0, unit="m", above_low=True)
    rest = curve.bend_s2_m5 * q * q + held
    half = curve.slope_s_m2 * q / (2.0 * curve.shutoff_m)
    return np.asarray(half + np.sqrt(half * half + rest / curve.shutoff_m))


def pump_efficiency(
    flow_m3_s: ArrayLike,
    *,
    best_flow_m3_s: float,
    best_efficiency: float,
    curvature: float = 1.0,
    speed: ArrayLike = 1.0,
    units: ArrayLike = 1,
    drive_efficiency: float = 1.0,
) -> Floats:
    r"""Efficiency of a pump away from its best point.

    Parameters
    ----------
    flow_m3_s : array
        Flow of all pumps, >= 0. [m3/s]
    best_flow_m3_s : float
        Flow of one at its best efficiency and full speed, > 0. [m3/s]
    best_efficiency : float
        There, in (0, 1]. [1]
    curvature : float
        How fast it falls off, 0 to 1. [1]
    speed, units : array
        Speed over full speed, how many run.
    drive_efficiency : float
        Of motor and drive together, in (0, 1]: 0.96 times 0.97 is usual. [1]

    Returns
    -------
    array
        Wire to water, at least 0.01 so that power stays finite. [1]

    Raises
    ------
    OutOfRange
        If an efficiency or a flow lies outside its range, or nothing runs.

    Notes
    -----
    :math:`\eta = \eta_{max}\,(1 - c\,(q/(s q_0) - 1)^2)\,\eta_d` [1]_. Range: half to
    one and a half times the best flow.

    References
    ----------
    .. [1] I. J. Karassik et al., "Pump Handbook", 4th ed., McGraw-Hill, 2008, sec. 2.3.
    """
    best = bounded("The best efficiency", best_efficiency, 0.0, 1.0, above_low=True)
    drive = bounded("The efficiency of motor and drive", drive_efficiency, 0.0, 1.0, above_low=True)
    bend = bounded("The curvature", curvature, 0.0, 1.0)
    s, n = _running(speed, units)
    rated = bounded("The best flow", best_flow_m3_s, 0.0, unit="m3/s", above_low=True)
    share = bounded("The flow", flow_m3_s, 0.0, unit="m3/s") / (n * s * rated)
    return np.maximum(best * (1.0 - bend * (share - 1.0) ** 2) * drive, LEAST_EFFICIENCY)


def shaft_power_kw(
    flow_m3_s: ArrayLike, head_m: ArrayLike, efficiency: ArrayLike, density_kg_m3: float
) -> Floats:
    r"""Power that a flow at a head takes.

    Parameters
    ----------
    flow_m3_s : array
        Flow. [m3/s]
    head_m : array
        Head. [m]
    efficiency : array
        Wire to water for electrical, pump alone for shaft power, in (0, 1]. [1]
    density_kg_m3 : float
        Density, > 0. [kg/m3]

    Returns
    -------
    array
        Power. [kW]

    Raises
    ------
    OutOfRange
        If an efficiency lies outside (0, 1] or the density is not positive.

    Notes
    -----
    Definition. :math:`P = \rho g Q H / \eta`.
    """
    eta = bounded("The efficiency", efficiency, 0.0, 1.0, above_low=True)
    weight = bounded("The density", density_kg_m3, 0.0, unit="kg/m3", above_low=True)
    flow = bounded("The flow", flow_m3_s, unit="m3/s")
    head = bounded("The head", head_m, unit="m")
    return np.asarray(weight * STANDARD_GRAVITY_M_S2 * flow * head / eta / 1000.0)


def set_point_power_kw(
    flow_fraction: ArrayLike,
    full_power_kw: ArrayLike,
    static_share: float,
    min_speed: float = 0.0,
) -> Floats:
    r"""Power of a pump that holds a differential pressure at part flow.

    Parameters
    ----------
    flow_fraction : array
        Flow over full flow, 0 to 1. [1]
    full_power_kw : array
        At full flow. [kW]
    static_share : float
        Share of the head that the set-point holds without flow, 0 to 1. [1]
    min_speed : float
        Lowest speed of the drive, 0 to 1. [1]

    Returns
    -------
    array
        Power. [kW]

    Raises
    ------
    OutOfRange
        If a share lies outside 0 to 1.

    Notes
    -----
    :math:`P = P_0 s (a + (1 - a) s^2)`, :math:`s` the flow fraction and never below the lowest
    speed [1]_: the cube law holds for :math:`a = 0` alone.

    References
    ----------
    .. [1] I. J. Karassik et al., "Pump Handbook", 4th ed., McGraw-Hill, 2008, ch. 9.
    """
    held = bounded("The share of the set-point", static_share, 0.0, 1.0)
    slowest = bounded("The lowest speed", min_speed, 0.0, 1.0)
    full = bounded("The full power", full_power_kw, 0.0, unit="kW")
    s = np.clip(bounded("The flow fraction", flow_fraction, 0.0), slowest, 1.0)
    return np.asarray(full * s * (held + (1.0 - held) * s * s))


def net_positive_suction_head_m(
    suction_pressure_pa: float,
    vapour_pressure_pa: float,
    density_kg_m3: float,
    *,
    lift_m: float = 0.0,
    loss_m: float = 0.0,
) -> float:
    r"""Head above boiling at the pump's inlet.

    Parameters
    ----------
    suction_pressure_pa : float
        Absolute pressure at the vessel or tank. [Pa]
    vapour_pressure_pa : float
        Of the liquid at its temperature. [Pa]
    density_kg_m3 : float
        Density, > 0. [kg/m3]
    lift_m : float
        Height of the pump above the level there; negative when it lies below. [m]
    loss_m : float
        Head lost on the way. [m]

    Returns
    -------
    float
        NPSH available; compare it with what the pump requires. [m]

    Raises
    ------
    OutOfRange
        If the density is not positive.

    Notes
    -----
    Definition. :math:`(p - p_v)/(\rho g) - z - h`.
    """
    suction = bounded("The pressure at the vessel", suction_pressure_pa, 0.0, unit="Pa")
    vapour = bounded("The vapour pressure", vapour_pressure_pa, 0.0, unit="Pa")
    density = bounded("The density", density_kg_m3, 0.0, unit="kg/m3", above_low=True)
    lift = bounded("The height of the pump", lift_m, unit="m")
    lost = bounded("The head lost on the way", loss_m, 0.0, unit="m")
    return float((suction - vapour) / (density * STANDARD_GRAVITY_M_S2) - lift - lost)


def _running(speed: ArrayLike, units: ArrayLike) -> tuple[Floats, Floats]:
    s = bounded("The speed", speed, 0.0, above_low=True, remedy="Leave out pumps that stand.")
    return s, bounded("The number of pumps", units, 1.0)
