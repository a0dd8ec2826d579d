"""Valves and equipment as resistances of a network, with flows in m3/s and heads in metres."""

from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from engine.errors import OutOfRange
from engine.plant import Floats
from engine.ranges import bounded
from engine.units import STANDARD_GRAVITY_M_S2

PA_PER_BAR: Final = 1e5
SECONDS_PER_HOUR: Final = 3600.0
KV_DENSITY_KG_M3: Final = 1000.0


def valve_loss_pa(flow_m3_s: ArrayLike, kv_m3_h: ArrayLike, density_kg_m3: float) -> Floats:
    r"""Pressure lost in a valve.

    Parameters
    ----------
    flow_m3_s : array
        Flow. [m3/s]
    kv_m3_h : array
        Flow coefficient at its opening, > 0. [m3/h at 1 bar]
    density_kg_m3 : float
        Density, > 0. [kg/m3]

    Returns
    -------
    array
        Loss, signed as the flow. [Pa]

    Raises
    ------
    OutOfRange
        If a flow coefficient is not positive.

    Notes
    -----
    :math:`\Delta p = (\rho/1000)\,(Q/K_v)^2` bar [1]_; turbulent, without cavitation.

    References
    ----------
    .. [1] IEC 60534-2-1:2011, "Industrial-process control valves", eq. (1).
    """
    kv = _positive(kv_m3_h, "flow coefficient")
    per_hour = bounded("The flow", flow_m3_s, unit="m3/s") * SECONDS_PER_HOUR / kv
    density = _positive(density_kg_m3, "density")
    return np.asarray(PA_PER_BAR * density / KV_DENSITY_KG_M3 * per_hour * np.abs(per_hour))


def valve_resistance(kv_m3_h: ArrayLike) -> Floats:
    r"""Resistance of a valve for a network, exponent 2.

    Parameters
    ----------
    kv_m3_h : array
        Flow coefficient at its opening, > 0. [m3/h at 1 bar]

    Returns
    -------
    array
        Head over flow squared. [m/(m3/s)2]

    Raises
    ------
    OutOfRange
        If a flow coefficient is not positive.

    Notes
    -----
    Definition. `valve_loss_pa` over :math:`\rho g`: the density cancels.
    """
    kv = _positive(kv_m3_h, "flow coefficient") / SECONDS_PER_HOUR
    return np.asarray(PA_PER_BAR / (KV_DENSITY_KG_M3 * STANDARD_GRAVITY_M_S2) / kv**2)


def opening_kv_m3_h(
    kv_open_m3_h: ArrayLike, opening: ArrayLike, rangeability: float = 50.0
) -> Floats:
    r"""Flow coefficient of an equal-percentage valve part open.

    Parameters
    ----------
    kv_open_m3_h : array
        Fully open, > 0. [m3/h at 1 bar]
    opening : array
        Share of the stroke, 0 to 1. [1]
    rangeability : float
        Largest over smallest controllable coefficient, > 1. [1]

    Returns
    -------
    array
        Flow coefficient. [m3/h at 1 bar]

    Raises
    ------
    OutOfRange
        If an opening lies outside 0 to 1, or the rangeability is not above one.

    Notes
    -----
    :math:`K_v = K_{vs} R^{x-1}` [1]_. A shut valve still passes :math:`K_{vs}/R`: close its link
    for none.

    References
    ----------
    .. [1] IEC 60534-2-4:2009, "Inherent flow characteristics and rangeability".
    """
    share = bounded("The opening", opening, 0.0, 1.0)
    widest = bounded("The rangeability", rangeability, 1.0, above_low=True)
    return np.asarray(_positive(kv_open_m3_h, "flow coefficient") * widest ** (share - 1.0))


def valve_authority(valve_loss: ArrayLike, rest_loss: ArrayLike) -> Floats:
    r"""Share of a branch's loss that its open valve takes at full flow.

    Parameters
    ----------
    valve_loss, rest_loss : array
        Losses of the open valve and of the rest of its branch, >= 0; one unit for both.

    Returns
    -------
    array
        0 to 1; below 0.3 the valve controls poorly. [1]

    Raises
    ------
    OutOfRange
        If neither loses anything.

    Notes
    -----
    Definition. :math:`\Delta p_v / (\Delta p_v + \Delta p_r)`.
    """
    own = bounded("The loss of the valve", valve_loss, 0.0)
    total = own + bounded("The loss of the rest", rest_loss, 0.0)
    if not np.all(total > 0.0):
        raise OutOfRange("A branch without any loss has no authority to speak of.")
    return np.asarray(own / total)


def equipment_resistance(
    loss_pa: ArrayLike, flow_m3_s: ArrayLike, density_kg_m3: float, exponent: ArrayLike = 2.0
) -> Floats:
    r"""Resistance of equipment whose loss is known at one flow.

    Parameters
    ----------
    loss_pa : array
        Loss at the known flow, > 0; times a fouling factor of 1 to 2 for strainers. [Pa]
    flow_m3_s : array
        That flow, > 0. [m3/s]
    density_kg_m3 : float
        Density that it was measured at, > 0. [kg/m3]
    exponent : array
        1.75 (smooth, turbulent) to 2 (fittings), the same as in the network. [1]

    Returns
    -------
    array
        Head over flow to the exponent. [m/(m3/s)^n]

    Raises
    ------
    OutOfRange
        If a loss, flow or density is not positive.

    Notes
    -----
    Definition. :math:`r = \Delta p / (\rho g\, Q^n)`.
    """
    loss, flow = _positive(loss_pa, "loss"), _positive(flow_m3_s, "flow")
    weight = _positive(density_kg_m3, "density") * STANDARD_GRAVITY_M_S2
    return np.asarray(loss / weight / flow ** bounded("The exponent", exponent, 1.0, 3.0))


def balancing_loss_pa(branch_loss_pa: ArrayLike, header_loss_pa: ArrayLike) -> Floats:
    r"""Loss that a balancing valve must add to each branch so that all get their flow.

    Parameters
    ----------
    branch_loss_pa : array, shape (n_branches,)
        Loss of each branch at its wanted flow. [Pa]
    header_loss_pa : array, shape (n_branches,)
        Loss of supply and return headers up to each. [Pa]

    Returns
    -------
    array, shape (n_branches,)
        Loss to add; zero for the worst branch. [Pa]

    Raises
    ------
    OutOfRange
        If a loss is not finite.

    Notes
    -----
    Definition. Each branch is brought to the greatest sum.
    """
    total = bounded("The loss of a branch", branch_loss_pa, unit="Pa") + bounded(
        "The loss of the headers", header_loss_pa, unit="Pa"
    )
    return np.asarray(np.max(total, initial=0.0) - total)


def _positive(value: ArrayLike, what: str) -> Floats:
    return bounded(f"The {what}", value, 0.0, above_low=True)
