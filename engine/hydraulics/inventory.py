"""What the pipes hold: volume, weight, and the vessel that takes its expansion."""

import math
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from engine.errors import OutOfRange
from engine.plant import Floats
from engine.ranges import bounded

STEEL_KG_M3: Final = 7850.0


def inventory_m3(length_m: ArrayLike, bore_m: ArrayLike) -> float:
    r"""Volume that round pipes hold.

    Parameters
    ----------
    length_m : array, shape (n_pipes,)
        Lengths, >= 0. [m]
    bore_m : array, shape (n_pipes,)
        Inner diameters, >= 0. [m]

    Returns
    -------
    float
        Volume. [m3]

    Raises
    ------
    OutOfRange
        If a length or bore is negative.

    Notes
    -----
    Definition. :math:`\sum \pi/4\, D^2 L`.
    """
    length = bounded("The length of a pipe", length_m, 0.0, unit="m")
    bore = bounded("The bore", bore_m, 0.0, unit="m")
    return float(np.sum(math.pi / 4.0 * bore**2 * length))


def filled_pipe_kg_m(
    bore_m: ArrayLike,
    wall_m: ArrayLike,
    density_kg_m3: ArrayLike,
    wall_density_kg_m3: ArrayLike = STEEL_KG_M3,
) -> Floats:
    r"""Mass of a filled pipe per metre, for what carries it.

    Parameters
    ----------
    bore_m : array
        Inner diameter, > 0. [m]
    wall_m : array
        Thickness of the wall, >= 0. [m]
    density_kg_m3 : array
        Of the liquid, >= 0: an empty pipe holds none. [kg/m3]
    wall_density_kg_m3 : array
        Of the wall, steel by default. [kg/m3]

    Returns
    -------
    array
        Mass per length. [kg/m]

    Raises
    ------
    OutOfRange
        If a bore is not positive, or a wall or density negative.

    Notes
    -----
    Definition. :math:`\pi/4\,D^2 \rho + \pi (D + t)\,t\,\rho_w`.
    """
    bore = bounded("The bore", bore_m, 0.0, unit="m", above_low=True)
    wall = bounded("The wall of the pipe", wall_m, 0.0, unit="m")
    liquid = bounded("The density of the liquid", density_kg_m3, 0.0, unit="kg/m3")
    metal = bounded("The density of the wall", wall_density_kg_m3, 0.0, unit="kg/m3")
    return np.asarray(math.pi / 4.0 * bore**2 * liquid + math.pi * (bore + wall) * wall * metal)


def expansion_vessel_m3(
    volume_m3: float,
    density_cold_kg_m3: float,
    density_hot_kg_m3: float,
    fill_pressure_pa: float,
    highest_pressure_pa: float,
) -> float:
    r"""Volume of the membrane vessel that a closed circuit needs.

    Parameters
    ----------
    volume_m3 : float
        What the circuit holds, >= 0. [m3]
    density_cold_kg_m3, density_hot_kg_m3 : float
        Of the liquid when filled and at its warmest, cold not below hot. [kg/m3]
    fill_pressure_pa, highest_pressure_pa : float
        Absolute pressures at the vessel, rising. [Pa]

    Returns
    -------
    float
        Volume of the vessel. [m3]

    Raises
    ------
    OutOfRange
        If the liquid shrinks when warm, or the pressure does not rise.

    Notes
    -----
    :math:`V_e = V(\rho_c/\rho_h - 1) / (1 - p_1/p_2)` [1]_, gas at constant temperature.

    References
    ----------
    .. [1] ASHRAE Handbook, "HVAC Systems and Equipment", 2020, ch. 13, eq. (11).
    """
    volume = float(bounded("The volume of the circuit", volume_m3, 0.0, unit="m3"))
    if not 0.0 < density_hot_kg_m3 <= density_cold_kg_m3:
        raise OutOfRange(
            "The circuit's liquid must not be denser hot than cold.",
            density_cold_kg_m3=density_cold_kg_m3,
            density_hot_kg_m3=density_hot_kg_m3,
        )
    if not 0.0 < fill_pressure_pa < highest_pressure_pa < math.inf:
        raise OutOfRange(
            "The highest pressure must lie above the filling pressure, both absolute.",
            fill_pressure_pa=fill_pressure_pa,
            highest_pressure_pa=highest_pressure_pa,
        )
    swell = volume * (density_cold_kg_m3 / density_hot_kg_m3 - 1.0)
    return swell / (1.0 - fill_pressure_pa / highest_pressure_pa)
