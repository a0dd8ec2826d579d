"""What the floor carries under equipment: on its footprint, over its pitch, and under its feet."""

import math
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from engine.errors import OutOfRange
from engine.plant import Floats
from engine.units import STANDARD_GRAVITY_M_S2

PA_PER_MPA: Final = 1e6


def area_load_kg_m2(mass_kg: ArrayLike, width_m: ArrayLike, depth_m: ArrayLike) -> Floats:
    r"""Mass per area under equipment.

    Parameters
    ----------
    mass_kg : array
        Mass with coolant, cables and pipes, >= 0. [kg]
    width_m, depth_m : array
        Of the footprint, or of the pitch with its share of the aisles, > 0. [m]

    Returns
    -------
    array
        Load. [kg/m2]

    Raises
    ------
    OutOfRange
        If a side is not positive.

    Notes
    -----
    Definition. :math:`m/(w d)`.
    """
    width, depth = np.asarray(width_m, dtype=np.float64), np.asarray(depth_m, dtype=np.float64)
    if not np.all(width > 0.0) or not np.all(depth > 0.0):
        raise OutOfRange(
            "Equipment on a floor needs width and depth.", width_m=float(np.min(width))
        )
    return np.asarray(np.asarray(mass_kg, dtype=np.float64) / (width * depth))


def load_kpa(load_kg_m2: ArrayLike) -> Floats:
    r"""Load as pressure.

    Parameters
    ----------
    load_kg_m2 : array
        Mass per area. [kg/m2]

    Returns
    -------
    array
        Pressure. [kPa]

    Notes
    -----
    Definition. :math:`m g` at standard gravity.
    """
    return np.asarray(np.asarray(load_kg_m2, dtype=np.float64) * STANDARD_GRAVITY_M_S2 / 1000.0)


def foot_pressure_mpa(mass_kg: ArrayLike, feet: int, foot_diameter_m: float) -> Floats:
    r"""Pressure under each round foot, all carrying alike.

    Parameters
    ----------
    mass_kg : array
        Mass, >= 0. [kg]
    feet : int
        How many, >= 1.
    foot_diameter_m : float
        Of one foot, > 0. [m]

    Returns
    -------
    array
        Pressure. [MPa]

    Raises
    ------
    OutOfRange
        If there is no foot or it has no area.

    Notes
    -----
    Definition. :math:`m g / (n\, \pi/4\, d^2)`; while rolling, half of the feet may carry all.
    """
    if feet < 1 or not foot_diameter_m > 0.0:
        raise OutOfRange("Equipment needs at least one foot of some size.", feet=feet)
    area = feet * math.pi / 4.0 * foot_diameter_m**2
    weight = np.asarray(mass_kg, dtype=np.float64) * STANDARD_GRAVITY_M_S2
    return np.asarray(weight / area / PA_PER_MPA)
