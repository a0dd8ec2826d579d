"""Classes of coolant by the highest temperature that it is supplied at."""

from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.climate.psychrometrics import within
from engine.errors import NotFound

FACILITY_WATER: Final = ("W17", "W27", "W32", "W40", "W45", "W+")
FACILITY_LIMITS_C: Final = (17.0, 27.0, 32.0, 40.0, 45.0)
TECHNOLOGY_COOLING: Final = ("S30", "S40", "S45", "S50", "S+")
TECHNOLOGY_LIMITS_C: Final = (30.0, 40.0, 45.0, 50.0)
COLDEST_C, HOTTEST_C = 0.0, 100.0


class UnknownClass(NotFound):
    """There is no water class of this name."""

    code = "unknown-class"
    title = "There is no such class"


def facility_water_class(max_supply_c: ArrayLike) -> NDArray[np.str_]:
    """Class of a facility water system.

    Parameters
    ----------
    max_supply_c : array_like
        Highest supply temperature in the year, 0 to 100. [°C]

    Returns
    -------
    array of str
        W17, W27, W32, W40, W45, or W+ above 45 °C.

    Raises
    ------
    OutOfRange
        If a temperature is not one of liquid water.

    Notes
    -----
    The smallest class whose number is not below the temperature [1]_.

    References
    ----------
    .. [1] ASHRAE TC 9.9, "Water-Cooled Servers: Common Designs, Components, and Processes",
       2019, table 1.
    """
    return _class_of(max_supply_c, FACILITY_WATER, FACILITY_LIMITS_C)


def technology_cooling_class(max_supply_c: ArrayLike) -> NDArray[np.str_]:
    """Class of a technology cooling system.

    Parameters
    ----------
    max_supply_c : array_like
        Highest supply temperature to the racks, 0 to 100. [°C]

    Returns
    -------
    array of str
        S30, S40, S45, S50, or S+ above 50 °C.

    Raises
    ------
    OutOfRange
        If a temperature is not one of liquid water.

    Notes
    -----
    The smallest class whose number is not below the temperature [1]_.

    References
    ----------
    .. [1] ASHRAE TC 9.9, "Emergence and Expansion of Liquid Cooling in Mainstream Data
       Centers", 2021.
    """
    return _class_of(max_supply_c, TECHNOLOGY_COOLING, TECHNOLOGY_LIMITS_C)


def class_limit_c(name: str) -> float | None:
    """Highest supply temperature of a class; None for a class without a limit.

    Parameters
    ----------
    name : str
        e.g. "W32" or "S45".

    Returns
    -------
    float or None
        Temperature. [°C]

    Raises
    ------
    UnknownClass
        If there is no such class.

    Notes
    -----
    Definition.
    """
    for names, limits in (
        (FACILITY_WATER, FACILITY_LIMITS_C),
        (TECHNOLOGY_COOLING, TECHNOLOGY_LIMITS_C),
    ):
        if name in names:
            at = names.index(name)
            return limits[at] if at < len(limits) else None
    raise UnknownClass(f"There is no class {name}; use {', '.join(FACILITY_WATER)} or an S class.")


def _class_of(
    temps_c: ArrayLike, names: tuple[str, ...], limits_c: tuple[float, ...]
) -> NDArray[np.str_]:
    temps = within("max_supply_c", temps_c, COLDEST_C, HOTTEST_C, "°C")
    return np.asarray(names)[np.searchsorted(limits_c, temps - 1e-9)]
