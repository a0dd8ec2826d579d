"""What a floor carries: footprint, pitch and feet."""

import numpy as np
from numpy.typing import ArrayLike

from engine.plant import Floats
from engine.ranges import bounded
from engine.units import STANDARD_GRAVITY_M_S2


def area_load_kg_m2(mass_kg: ArrayLike, width_m: ArrayLike, depth_m: ArrayLike) -> Floats:
    r"""Mass per area under equipment.

    Parameters
    ----------
    mass_kg : array_like
        Mass with coolant, cables and pipes, >= 0. [kg]
    width_m, depth_m : array_like
        Of the footprint, or of the pitch with its share of the aisles, > 0. [m]

    Returns
    -------
    array
        Load. [kg/m2]

    Raises
    ------
    OutOfRange
        If a figure is out of its range.

    Notes
    -----
    Definition. :math:`m/(w d)`.
    """
    mass = bounded("The mass", mass_kg, 0.0, unit="kg")
    width = bounded("The width", width_m, 0.0, unit="m", above_low=True)
    depth = bounded("The depth", depth_m, 0.0, unit="m", above_low=True)
    return np.asarray(mass / (width * depth))


def load_kpa(load_kg_m2: ArrayLike) -> Floats:
    r"""Load as pressure.

    Parameters
    ----------
    load_kg_m2 : array_like
        Mass per area. [kg/m2]

    Returns
    -------
    array
        Pressure. [kPa]

    Raises
    ------
    OutOfRange
        If a load is negative.

    Notes
    -----
    Definition. :math:`m g` at standard gravity.
    """
    load = bounded("The load", load_kg_m2, 0.0, unit="kg/m2")
    return np.asarray(load * STANDARD_GRAVITY_M_S2 / 1000.0)


def foot_pressure_mpa(mass_kg: ArrayLike, feet: ArrayLike, diameter_m: ArrayLike) -> Floats:
    """Pressure under the round feet of a rack that stands level.

    Parameters
    ----------
    mass_kg : array_like
        Mass, >= 0. [kg]
    feet : array_like
        Feet that share it equally, >= 1.
    diameter_m : array_like
        Of one foot, > 0. [m]

    Returns
    -------
    array
        Pressure. [MPa]

    Raises
    ------
    OutOfRange
        If a figure is out of its range.

    Notes
    -----
    Definition. m g / (n pi d^2 / 4).
    """
    mass = bounded("The mass", mass_kg, 0.0, unit="kg")
    count = bounded("The number of feet", feet, 1.0)
    diameter = bounded("The diameter of a foot", diameter_m, 0.0, unit="m", above_low=True)
    area = np.pi / 4.0 * diameter**2
    return np.asarray(mass * STANDARD_GRAVITY_M_S2 / (count * area) / 1e6)
