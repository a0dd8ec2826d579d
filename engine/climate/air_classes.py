"""Air that air-cooled equipment may take in, by class and height above the sea."""

from dataclasses import dataclass
from typing import Final

from engine.errors import NotFound
from engine.ranges import bounded

RECOMMENDED_C: Final = (18.0, 27.0)
DERATED_ABOVE_M: Final = 900.0
HIGHEST_M: Final = 3050.0


class UnknownAirClass(NotFound):
    """There is no class of air inlet of this name."""

    code = "unknown-air-class"
    title = "There is no such class of air inlet"


@dataclass(frozen=True, slots=True, kw_only=True)
class AirClass:
    """Dry bulb at the inlet that equipment of a class stands."""

    low_c: float
    high_c: float
    m_per_k: float  # of height above 900 m that takes one kelvin off the upper end


AIR_CLASSES: Final = {
    "A1": AirClass(low_c=15.0, high_c=32.0, m_per_k=300.0),
    "A2": AirClass(low_c=10.0, high_c=35.0, m_per_k=300.0),
    "A3": AirClass(low_c=5.0, high_c=40.0, m_per_k=175.0),
    "A4": AirClass(low_c=5.0, high_c=45.0, m_per_k=125.0),
}


def allowable_inlet_c(name: str, elevation_m: float = 0.0) -> tuple[float, float]:
    """Lowest and highest inlet temperature that equipment of a class stands.

    Parameters
    ----------
    name : {"A1", "A2", "A3", "A4"}
        Class.
    elevation_m : float
        Height of the site, -500 to 3,050. [m]

    Returns
    -------
    tuple of float
        Lowest and highest dry bulb. [°C]

    Raises
    ------
    UnknownAirClass
        If there is no such class.
    OutOfRange
        If the height lies outside its range.

    Notes
    -----
    A1 15 to 32 °C, A2 10 to 35, A3 5 to 40, A4 5 to 45. Thin air cools less: above 900 m the upper
    end falls by 1 K in 300 m (A1, A2), 175 m (A3) or 125 m (A4) [1]_.

    References
    ----------
    .. [1] ASHRAE TC 9.9, "Thermal Guidelines for Data Processing Environments", 5th ed., 2021,
       table 2.1 and its notes on altitude.
    """
    if name not in AIR_CLASSES:
        raise UnknownAirClass(
            f"There is no air inlet class {name}; use {', '.join(AIR_CLASSES)}.", name=name
        )
    found = AIR_CLASSES[name]
    height = float(bounded("The height of the site", elevation_m, -500.0, HIGHEST_M, unit="m"))
    return found.low_c, found.high_c - max(height - DERATED_ABOVE_M, 0.0) / found.m_per_k
