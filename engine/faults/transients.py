"""How fast a circuit warms that nothing cools, and what pumps, pipes and chips do meanwhile."""

from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from engine.errors import OutOfRange
from engine.plant import Floats
from engine.ranges import bounded

NEVER: Final = np.inf


def rise_rate_k_s(
    heat_kw: ArrayLike, coolant_kj_k: ArrayLike, metal_kj_k: ArrayLike = 0.0
) -> Floats:
    r"""How fast a circuit warms that nothing cools, pumps on.

    Parameters
    ----------
    heat_kw : array
        Heat into it, >= 0. [kW]
    coolant_kj_k : array
        Density times specific heat times volume, > 0. [kJ/K]
    metal_kj_k : array
        Heat capacity of what warms along, >= 0. [kJ/K]

    Returns
    -------
    array
        Rate. [K/s]

    Raises
    ------
    OutOfRange
        If there is no coolant, or a figure is negative.

    Notes
    -----
    Definition. :math:`dT/dt = Q / (\sum \rho c_p V + \sum m c)`.
    """
    heat = bounded("The heat", heat_kw, 0.0, unit="kW")
    coolant = bounded(
        "The heat capacity of the coolant", coolant_kj_k, 0.0, unit="kJ/K", above_low=True,
        remedy="A circuit needs coolant in it.",
    )  # fmt: skip
    metal = bounded("The heat capacity of the metal", metal_kj_k, 0.0, unit="kJ/K")
    return np.asarray(heat / (coolant + metal))


def time_to_rise_s(rate_k_s: ArrayLike, rise_k: ArrayLike) -> Floats:
    """Time until a steady rate has given a rise; infinite where nothing warms.

    Parameters
    ----------
    rate_k_s : array
        Rate, >= 0. [K/s]
    rise_k : array
        Allowed rise, >= 0. [K]

    Returns
    -------
    array
        Time. [s]

    Raises
    ------
    OutOfRange
        If a figure is negative or not finite.

    Notes
    -----
    Definition. Rise over rate.
    """
    rate = bounded("The rate", rate_k_s, 0.0, unit="K/s")
    rise = bounded("The allowed rise", rise_k, 0.0, unit="K")
    warms = rate > 0.0
    return np.where(warms, rise / np.where(warms, rate, 1.0), NEVER)


def coasting_flow_fraction(time_s: ArrayLike, coast_s: float) -> Floats:
    r"""Flow over full flow of a pump that runs out without power.

    Parameters
    ----------
    time_s : array
        Since the loss, >= 0. [s]
    coast_s : float
        Time constant :math:`I\omega^2/(2 P_h)`, 2 to 10. [s]

    Returns
    -------
    array
        1 falling towards 0. [1]

    Raises
    ------
    OutOfRange
        If the time constant is not positive, or a time negative.

    Notes
    -----
    :math:`1/(1 + t/\tau)`: the hydraulic power falls with the cube of speed and feeds on the
    rotor's energy [1]_. Turbulent circuit, no static head.

    References
    ----------
    .. [1] N. E. Todreas and M. S. Kazimi, "Nuclear Systems II", Taylor and Francis, 2001, sec. 3.
    """
    constant = bounded("The coast-down time", coast_s, 0.0, unit="s", above_low=True)
    return np.asarray(1.0 / (1.0 + bounded("The time", time_s, 0.0, unit="s") / constant))


def coasting_time_to_rise_s(first_rise_k: ArrayLike, limit_k: ArrayLike, coast_s: float) -> Floats:
    r"""Time until the rise over a cold plate reaches a limit while its pump runs out.

    Parameters
    ----------
    first_rise_k : array
        Rise at full flow, > 0. [K]
    limit_k : array
        Rise that is allowed. [K]
    coast_s : float
        Time constant of the run-out, > 0. [s]

    Returns
    -------
    array
        Time, zero where the limit is passed already. [s]

    Raises
    ------
    OutOfRange
        If the first rise or the time constant is not positive, or the limit not finite.

    Notes
    -----
    Definition. Quasi-steady :math:`\Delta T = \Delta T_0 (1 + t/\tau)`, solved for t; single phase.
    """
    first = bounded("The rise at full flow", first_rise_k, 0.0, unit="K", above_low=True)
    limit = bounded("The allowed rise", limit_k, unit="K")
    constant = bounded("The coast-down time", coast_s, 0.0, unit="s", above_low=True)
    return np.maximum(constant * (limit / first - 1.0), 0.0)


def throttled_fraction(temp_c: ArrayLike, limit_c: ArrayLike, per_k: float) -> Floats:
    r"""Power over full power of chips that slow down above a limit.

    Parameters
    ----------
    temp_c : array
        Coolant temperature that the limit refers to. [°C]
    limit_c : array
        Where slowing begins. [°C]
    per_k : float
        Power given up per kelvin, >= 0. [1/K]

    Returns
    -------
    array
        0 to 1. [1]

    Raises
    ------
    OutOfRange
        If the slope is negative, or a temperature no number.

    Notes
    -----
    Definition. :math:`\max(0, 1 - g (T - T_l))`, 1 below the limit.
    """
    over = np.maximum(np.asarray(temp_c, dtype=np.float64) - np.asarray(limit_c), 0.0)
    left: Floats = np.maximum(1.0 - per_k * over, 0.0)
    # One look at the result, as this runs in every step: what is no number stays none.
    if not per_k >= 0.0 or np.isnan(left).any():
        raise OutOfRange(
            "Throttling needs temperatures, and a power given up per kelvin of zero or more.",
            per_k=per_k,
        )
    return left


def tank_m3(
    heat_kw: ArrayLike,
    time_s: ArrayLike,
    rise_k: ArrayLike,
    kj_per_m3_k: ArrayLike,
    in_pipes_m3: ArrayLike = 0.0,
) -> Floats:
    r"""Volume of the tank that carries a heat over a time.

    Parameters
    ----------
    heat_kw : array
        Heat, >= 0. [kW]
    time_s : array
        Until the plant is back, >= 0. [s]
    rise_k : array
        Rise that is allowed, > 0. [K]
    kj_per_m3_k : array
        Density times specific heat, > 0. [kJ/(m3 K)]
    in_pipes_m3 : array
        What the pipes hold already, >= 0. [m3]

    Returns
    -------
    array
        Volume, zero where the pipes suffice. [m3]

    Raises
    ------
    OutOfRange
        If a rise or property is not positive, or a figure negative.

    Notes
    -----
    Definition. :math:`V = Q t/(\rho c_p \Delta T) - V_p`.
    """
    heat = bounded("The heat", heat_kw, 0.0, unit="kW")
    time = bounded("The time", time_s, 0.0, unit="s")
    rise = bounded("The allowed rise", rise_k, 0.0, unit="K", above_low=True)
    content = bounded("The heat of a volume", kj_per_m3_k, 0.0, unit="kJ/(m3 K)", above_low=True)
    held = bounded("The volume of the pipes", in_pipes_m3, 0.0, unit="m3")
    return np.maximum(heat * time / (content * rise) - held, 0.0)


def transport_delay_s(volume_m3: ArrayLike, flow_m3_s: ArrayLike) -> Floats:
    """Time that liquid takes through a pipe in plug flow; infinite without flow.

    Parameters
    ----------
    volume_m3 : array
        Volume of the pipe, >= 0. [m3]
    flow_m3_s : array
        Flow, >= 0. [m3/s]

    Returns
    -------
    array
        Delay. [s]

    Raises
    ------
    OutOfRange
        If a figure is negative or not finite.

    Notes
    -----
    Definition. V/Q.
    """
    volume = bounded("The volume", volume_m3, 0.0, unit="m3")
    flow = bounded("The flow", flow_m3_s, 0.0, unit="m3/s")
    runs = flow > 0.0
    return np.where(runs, volume / np.where(runs, flow, 1.0), NEVER)


def mixed_step_c(
    temp_c: ArrayLike,
    inlet_c: ArrayLike,
    *,
    flow_kw_k: ArrayLike,
    heat_kw: ArrayLike,
    content_kj_k: ArrayLike,
    step_s: float,
) -> Floats:
    r"""Temperature of a well-mixed volume after a step of steady inlet, flow and heat.

    Parameters
    ----------
    temp_c, inlet_c : array
        Temperature at the start, and of what flows in. [°C]
    flow_kw_k : array
        Capacity rate through it, >= 0. [kW/K]
    heat_kw : array
        Heat into it. [kW]
    content_kj_k : array
        Its heat capacity, > 0. [kJ/K]
    step_s : float
        Length of the step, >= 0. [s]

    Returns
    -------
    array
        Temperature at the end. [°C]

    Raises
    ------
    OutOfRange
        If a figure is no number, or the content not positive.

    Notes
    -----
    Definition. Exact solution of :math:`C\dot T = Q + W (T_i - T)`, also without flow.
    """
    start, inlet, flow, heat, content = (
        np.asarray(value, dtype=np.float64)
        for value in (temp_c, inlet_c, flow_kw_k, heat_kw, content_kj_k)
    )
    if not np.all(content > 0.0) or not step_s >= 0.0:
        raise OutOfRange("A volume needs a heat capacity above zero, and a step a length.")
    x = step_s * flow / content
    small = x < 1e-9
    share = np.where(small, 1.0, -np.expm1(-x) / np.where(small, 1.0, x))
    end = np.asarray(start + share * step_s / content * (heat + flow * (inlet - start)))
    # One look at the result, as this runs in every step: what is no number stays none.
    if not np.isfinite(end).all():
        raise OutOfRange("Temperatures, flow and heat of a mixed volume must be numbers.")
    return end
