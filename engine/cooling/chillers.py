"""Chillers: fitted curves with their range, a share of the reversible COP, and staging."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from engine.climate.psychrometrics import within
from engine.errors import OutOfRange
from engine.plant import Bools, Floats, Ints

ZERO_C_IN_K: Final = 273.15
Six = tuple[float, float, float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChillerCurves:
    """A chiller fitted by what leaves its evaporator (x) and enters its condenser (y).

    `capacity_by_temp` and `input_by_temp` are c1 + c2 x + c3 x² + c4 y + c5 y² + c6 x y,
    `input_by_load` is c1 + c2 p + c3 p²; each range is what the fit was made from.
    """

    reference_cop: float
    capacity_by_temp: Six
    input_by_temp: Six
    input_by_load: tuple[float, float, float]
    leaving_range_c: tuple[float, float]
    condenser_range_c: tuple[float, float]
    load_range: tuple[float, float] = (0.1, 1.0)


CENTRIFUGAL: Final = ChillerCurves(
    reference_cop=5.5,
    capacity_by_temp=(0.257896, 0.0389016, -0.00021708, 0.0468684, -0.00094284, -0.00034344),
    input_by_temp=(0.933884, -0.058212, 0.00450036, 0.00243, 0.000486, -0.001215),
    input_by_load=(0.222903, 0.313387, 0.46371),
    leaving_range_c=(5.0, 10.0),
    condenser_range_c=(24.0, 35.0),
)
"""The "DOE-2 Centrifugal/5.50COP" set of the EnergyPlus data, public domain."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChillerState:
    """What a chiller does at each of many points, and where the fit did not reach."""

    capacity_kw: Floats
    part_load: Floats  # of the capacity at these temperatures, as asked
    power_kw: Floats
    cop: Floats  # 0 where there is no load
    outside_fit: Bools  # a temperature or the load was held at the edge of the fit
    overloaded: Bools  # more was asked than the capacity: the rest is not cooled


def biquadratic(coefficients: Six, x: ArrayLike, y: ArrayLike) -> Floats:
    """Value of c1 + c2 x + c3 x² + c4 y + c5 y² + c6 x y.

    Notes
    -----
    Definition.
    """
    c1, c2, c3, c4, c5, c6 = coefficients
    x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    return np.asarray(c1 + x * (c2 + c3 * x) + y * (c4 + c5 * y) + c6 * x * y)


def fitted_chiller(
    load_kw: ArrayLike,
    rated_kw: ArrayLike,
    leaving_c: ArrayLike,
    condenser_c: ArrayLike,
    curves: ChillerCurves = CENTRIFUGAL,
) -> ChillerState:
    r"""Capacity and electrical input of a chiller by fitted curves.

    Parameters
    ----------
    load_kw : array_like
        Heat asked to be taken from the water, >= 0. [kW]
    rated_kw : array_like
        Capacity at the reference temperatures, > 0. [kW]
    leaving_c : array_like
        Chilled water leaving, -20 to 60. [°C]
    condenser_c : array_like
        Water (or air) entering the condenser, -40 to 80. [°C]
    curves : ChillerCurves
        The fit.

    Returns
    -------
    ChillerState
        Arrays of the broadcast shape.

    Raises
    ------
    OutOfRange
        If a number is not finite or no such state exists.

    Notes
    -----
    :math:`Q_{av} = Q_{ref}\, C(x,y)`, :math:`p = Q/Q_{av}` and :math:`P = Q_{av}\, E_T(x,y)\,
    E_L(p) / COP_{ref}` [1]_. x, y and p are held at the edges of the fit and flagged: a fit of
    5 to 10 °C says nothing of warm water. Below the least p the machine cycles, so its input
    falls in proportion to the load.

    References
    ----------
    .. [1] U.S. Department of Energy, "EnergyPlus Engineering Reference", Electric Chiller
       Model Based on Condenser Entering Temperature.
    """
    load = within("load_kw", load_kw, 0.0, np.inf, "kW")
    rated = within("rated_kw", rated_kw, 1e-9, np.inf, "kW")
    x_given = within("leaving_c", leaving_c, -20.0, 60.0, "°C")
    y_given = within("condenser_c", condenser_c, -40.0, 80.0, "°C")
    x, y = np.clip(x_given, *curves.leaving_range_c), np.clip(y_given, *curves.condenser_range_c)
    capacity = rated * np.maximum(biquadratic(curves.capacity_by_temp, x, y), 1e-9)
    part = load / capacity
    least, most = curves.load_range
    held = np.clip(part, least, most)
    c1, c2, c3 = curves.input_by_load
    cycling = np.minimum(part / least, 1.0) if least > 0.0 else np.ones_like(part)
    by_load = (c1 + held * (c2 + c3 * held)) * cycling
    power = capacity * biquadratic(curves.input_by_temp, x, y) * by_load / curves.reference_cop
    cooled = np.minimum(load, capacity)
    return ChillerState(
        capacity_kw=capacity,
        part_load=part,
        power_kw=power,
        cop=np.divide(cooled, power, out=np.zeros_like(power), where=power > 0.0),
        outside_fit=np.asarray((x != x_given) | (y != y_given) | ((part != held) & (load > 0.0))),
        overloaded=np.asarray(part > most * (1.0 + 1e-9)),
    )


def reversible_cop(
    evaporating_c: ArrayLike, condensing_c: ArrayLike, share: ArrayLike, least_lift_k: float
) -> Floats:
    r"""Coefficient of performance as a share of the reversible one.

    Parameters
    ----------
    evaporating_c, condensing_c : array_like
        Temperatures of the refrigerant. [°C]
    share : array_like
        Share of the reversible value, 0 to 1; 0.55 to 0.62 for good machines. [1]
    least_lift_k : float
        Least lift that the compressor holds, > 0. [K]

    Returns
    -------
    array
        Heat taken up over electrical input. [1]

    Raises
    ------
    OutOfRange
        If a figure lies outside its range.

    Notes
    -----
    :math:`COP = k\,T_e/(T_c - T_e)` in kelvin [1]_.

    References
    ----------
    .. [1] S. Carnot's limit, e.g. M. J. Moran et al., "Fundamentals of Engineering
       Thermodynamics", 8th ed., Wiley, 2014, sec. 10.1.
    """
    cold = within("evaporating_c", evaporating_c, -60.0, 80.0, "°C")
    warm = within("condensing_c", condensing_c, -60.0, 120.0, "°C")
    least = float(within("least_lift_k", least_lift_k, 1e-6, 100.0, "K"))
    part = within("share", share, 0.0, 1.0, "as a share of 1")
    return np.asarray(part * (cold + ZERO_C_IN_K) / np.maximum(warm - cold, least))


def staged(
    load_kw: ArrayLike,
    unit_rated_kw: float,
    units: int,
    leaving_c: ArrayLike,
    condenser_c: ArrayLike,
    *,
    spare: int = 0,
    curves: ChillerCurves = CENTRIFUGAL,
) -> tuple[Ints, Floats]:
    """How many of several equal chillers to run, and what they draw together.

    Parameters
    ----------
    load_kw : array_like
        Heat of all of them, >= 0. [kW]
    unit_rated_kw : float
        Capacity of one at the reference temperatures, > 0. [kW]
    units : int
        How many there are, >= 1.
    leaving_c, condenser_c : array_like
        As for `fitted_chiller`. [°C]
    spare : int
        Units whose loss the running ones must bear at once; 1 for N+1.
    curves : ChillerCurves
        The fit.

    Returns
    -------
    running : array of int
        The number of running units with the least power that carries the load, with `spare`
        of them lost; all units where none does; 0 without load.
    power_kw : array
        Their input. [kW]

    Raises
    ------
    OutOfRange
        If there are no units, or none left without the spares.

    Notes
    -----
    Definition. Running units share the load equally.
    """
    if not 0 <= spare < units:
        raise OutOfRange(
            f"{units} chillers with {spare} to spare leave none to run.", quantity="units"
        )
    load, x, y = np.broadcast_arrays(
        *(np.asarray(each, dtype=np.float64) for each in (load_kw, leaving_c, condenser_c))
    )
    best = np.full(load.shape, units, dtype=np.int64)
    power = np.full(load.shape, np.inf)
    for running in range(1 + spare, units + 1):
        state = fitted_chiller(load / running, unit_rated_kw, x, y, curves)
        enough = load <= state.capacity_kw * (running - spare) * (1.0 + 1e-9)
        total = running * state.power_kw
        better = (enough | (running == units)) & (total < power)
        best, power = np.where(better, running, best), np.where(better, total, power)
    idle = load <= 0.0
    return np.where(idle, 0, best), np.where(idle, 0.0, power)
