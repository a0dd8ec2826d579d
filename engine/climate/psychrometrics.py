"""States of moist air: saturation, dew point, wet bulb, enthalpy and pressure at a height."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from engine.errors import OutOfRange
from engine.plant import Bools, Floats

ZERO_C_IN_K: Final = 273.15
TRIPLE_POINT_C: Final = 0.01
MASS_RATIO: Final = 0.621945  # water over dry air
GAS_CONSTANT_J_KG_K: Final = 287.042
SEA_LEVEL_PA: Final = 101_325.0
COLDEST_C, HOTTEST_C = -100.0, 200.0
LOWEST_M, HIGHEST_M = -5_000.0, 11_000.0
SETTLED_K: Final = 1e-8
MAX_STEPS: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Phase:
    """What a wet bulb is wetted with: saturation by 1/T, 1, T, T², T³, T⁴, ln T, and heats."""

    saturation: tuple[float, ...]
    latent: float  # kJ/kg
    falling: float  # of the latent heat less the vapour's own, by the wet bulb
    rising: float  # of the water's heat, by the wet bulb

    def log_pressure(self, temp_c: Floats) -> tuple[Floats, Floats]:
        """Logarithm of the saturation pressure in Pa, and its slope by temperature."""
        c1, c2, c3, c4, c5, c6, c7 = self.saturation
        t = temp_c + ZERO_C_IN_K
        over = 1.0 / t
        value = c1 * over + c2 + t * (c3 + t * (c4 + t * (c5 + t * c6))) + c7 * np.log(t)
        slope = over * (c7 - c1 * over) + c3 + t * (2.0 * c4 + t * (3.0 * c5 + t * 4.0 * c6))
        return value, slope


ICE: Final = Phase(
    saturation=(
        -5.6745359e3,
        6.3925247,
        -9.677843e-3,
        6.2215701e-7,
        2.0747825e-9,
        -9.484024e-13,
        4.1635019,
    ),
    latent=2830.0,
    falling=0.24,
    rising=2.1,
)
WATER: Final = Phase(
    saturation=(-5.8002206e3, 1.3914993, -4.8640239e-2, 4.1764768e-5, -1.4452093e-8, 0, 6.5459673),
    latent=2501.0,
    falling=2.326,
    rising=4.186,
)


def pressure_at_elevation_pa(elevation_m: ArrayLike) -> Floats:
    r"""Pressure of the standard atmosphere.

    Parameters
    ----------
    elevation_m : array_like
        Height above the sea, -5,000 to 11,000. [m]

    Returns
    -------
    array
        Pressure. [Pa]

    Raises
    ------
    OutOfRange
        If a height lies outside the range.

    Notes
    -----
    :math:`p = 101325\,(1 - 2.25577\cdot10^{-5} z)^{5.2559}` [1]_.

    References
    ----------
    .. [1] ASHRAE Handbook, "Fundamentals", 2017, ch. 1, eq. (3).
    """
    height = within("elevation_m", elevation_m, LOWEST_M, HIGHEST_M, "m")
    return np.asarray(SEA_LEVEL_PA * (1.0 - 2.25577e-5 * height) ** 5.2559)


def saturation_pressure_pa(temp_c: ArrayLike) -> Floats:
    r"""Pressure of water vapour at saturation, over ice up to the triple point, then over water.

    Parameters
    ----------
    temp_c : array_like
        Temperature, -100 to 200. [°C]

    Returns
    -------
    array
        Saturation pressure. [Pa]

    Raises
    ------
    OutOfRange
        If a temperature lies outside the range.

    Notes
    -----
    :math:`\ln p = c_1/T + c_2 + c_3 T + c_4 T^2 + c_5 T^3 + c_6 T^4 + c_7 \ln T` in kelvin,
    with one set of constants for ice and one for water [1]_.

    References
    ----------
    .. [1] ASHRAE Handbook, "Fundamentals", 2017, ch. 1, eqs. (5) and (6).
    """
    temp = within("temp_c", temp_c, COLDEST_C, HOTTEST_C, "°C")
    return np.exp(_log_by_phase(temp)[0])


def vapour_pressure_pa(humidity_ratio: ArrayLike, pressure_pa: ArrayLike) -> Floats:
    r"""Partial pressure of the water vapour.

    Parameters
    ----------
    humidity_ratio : array_like
        Water over dry air, >= 0. [kg/kg]
    pressure_pa : array_like
        Pressure of the air, > 0. [Pa]

    Returns
    -------
    array
        Partial pressure. [Pa]

    Raises
    ------
    OutOfRange
        If a number lies outside its range.

    Notes
    -----
    :math:`p_w = p\,W/(0.621945 + W)` [1]_.

    References
    ----------
    .. [1] ASHRAE Handbook, "Fundamentals", 2017, ch. 1, eq. (20).
    """
    ratio = within("humidity_ratio", humidity_ratio, 0.0, 10.0, "kg/kg")
    pressure = checked_pressure(pressure_pa)
    return np.asarray(pressure * ratio / (MASS_RATIO + ratio))


def humidity_ratio(vapour_pressure: ArrayLike, pressure_pa: ArrayLike) -> Floats:
    r"""Water over dry air, by mass.

    Parameters
    ----------
    vapour_pressure : array_like
        Partial pressure of the vapour, >= 0 and below that of the air. [Pa]
    pressure_pa : array_like
        Pressure of the air, > 0. [Pa]

    Returns
    -------
    array
        Humidity ratio. [kg/kg]

    Raises
    ------
    OutOfRange
        If the vapour would fill the whole pressure.

    Notes
    -----
    :math:`W = 0.621945\,p_w/(p - p_w)` [1]_.

    References
    ----------
    .. [1] ASHRAE Handbook, "Fundamentals", 2017, ch. 1, eq. (20).
    """
    pressure = checked_pressure(pressure_pa)
    vapour = within("vapour_pressure", vapour_pressure, 0.0, np.inf, "Pa")
    if np.any(vapour >= pressure):
        raise OutOfRange(
            "At this temperature and pressure water boils: the vapour pressure must stay below "
            "the pressure of the air. Check the units of temperature and pressure.",
            quantity="vapour_pressure",
        )
    return np.asarray(MASS_RATIO * vapour / (pressure - vapour))


def saturation_humidity_ratio(temp_c: ArrayLike, pressure_pa: ArrayLike) -> Floats:
    """Humidity ratio of saturated air.

    Parameters
    ----------
    temp_c : array_like
        Temperature, -100 to 200 and below boiling. [°C]
    pressure_pa : array_like
        Pressure of the air, > 0. [Pa]

    Returns
    -------
    array
        Humidity ratio. [kg/kg]

    Raises
    ------
    OutOfRange
        If a number lies outside its range.

    Notes
    -----
    Definition. `humidity_ratio` of `saturation_pressure_pa`.
    """
    return humidity_ratio(saturation_pressure_pa(temp_c), pressure_pa)


def dew_point_c(vapour_pressure: ArrayLike) -> Floats:
    """Temperature at which vapour of a partial pressure saturates; below 0 °C the frost point.

    Parameters
    ----------
    vapour_pressure : array_like
        Partial pressure, 0.0014 to 1.55e6. [Pa]

    Returns
    -------
    array
        Dew point, -100 to 200. [°C]

    Raises
    ------
    OutOfRange
        If a pressure has no dew point in the range, e.g. in completely dry air.

    Notes
    -----
    The inverse of `saturation_pressure_pa` by Newton's method on the logarithm of the
    pressure, to 1e-8 K [1]_.

    References
    ----------
    .. [1] ASHRAE Handbook, "Fundamentals", 2017, ch. 1, sec. "Thermodynamic Dew-Point
       Temperature".
    """
    lowest, highest = np.exp(_log_by_phase(np.array([COLDEST_C, HOTTEST_C]))[0])
    wanted = np.log(within("vapour_pressure", vapour_pressure, lowest, highest, "Pa"))
    ice = wanted <= _log_by_phase(np.array(TRIPLE_POINT_C))[0]
    # Magnus' formula is within a kelvin of the answer.
    magnus = wanted - np.log(611.2)
    temp = np.where(ice, 272.62 * magnus / (22.46 - magnus), 243.12 * magnus / (17.62 - magnus))
    for _ in range(MAX_STEPS):
        logarithm, slope = _log_by_phase_given(temp, ice)
        step = (logarithm - wanted) / slope
        temp = np.clip(temp - step, COLDEST_C - 1.0, HOTTEST_C + 1.0)
        if np.all(np.abs(step) <= SETTLED_K):
            break
    return np.asarray(temp)


def dew_point_from_relative_humidity_c(
    dry_bulb_c: ArrayLike, relative_humidity: ArrayLike
) -> Floats:
    """Dew point of air of a relative humidity.

    Parameters
    ----------
    dry_bulb_c : array_like
        Dry bulb, -100 to 200. [°C]
    relative_humidity : array_like
        Vapour pressure over its value at saturation, above 0 to 1. [1]

    Returns
    -------
    array
        Dew point. [°C]

    Raises
    ------
    OutOfRange
        If a number lies outside its range.

    Notes
    -----
    Definition. `dew_point_c` of the relative humidity times `saturation_pressure_pa`.
    """
    share = within("relative_humidity", relative_humidity, 0.0, 1.0, "as a share of 1")
    return dew_point_c(share * saturation_pressure_pa(dry_bulb_c))


def relative_humidity(
    dry_bulb_c: ArrayLike, ratio: ArrayLike, pressure_pa: ArrayLike = SEA_LEVEL_PA
) -> Floats:
    """Vapour pressure over its value at saturation.

    Parameters
    ----------
    dry_bulb_c : array_like
        Dry bulb, -100 to 200. [°C]
    ratio : array_like
        Humidity ratio, >= 0. [kg/kg]
    pressure_pa : array_like
        Pressure of the air, > 0. [Pa]

    Returns
    -------
    array
        Relative humidity. [1]

    Raises
    ------
    OutOfRange
        If a number lies outside its range.

    Notes
    -----
    Definition.
    """
    return np.asarray(vapour_pressure_pa(ratio, pressure_pa) / saturation_pressure_pa(dry_bulb_c))


def enthalpy_j_kg(dry_bulb_c: ArrayLike, ratio: ArrayLike) -> Floats:
    r"""Enthalpy of moist air per kilogram of dry air.

    Parameters
    ----------
    dry_bulb_c : array_like
        Dry bulb, -100 to 200. [°C]
    ratio : array_like
        Humidity ratio, >= 0. [kg/kg]

    Returns
    -------
    array
        Enthalpy, 0 for dry air at 0 °C. [J/kg]

    Raises
    ------
    OutOfRange
        If a number lies outside its range.

    Notes
    -----
    :math:`h = 1006\,t + W (2501000 + 1860\,t)` [1]_.

    References
    ----------
    .. [1] ASHRAE Handbook, "Fundamentals", 2017, ch. 1, eq. (30).
    """
    dry = within("dry_bulb_c", dry_bulb_c, COLDEST_C, HOTTEST_C, "°C")
    water = within("humidity_ratio", ratio, 0.0, 10.0, "kg/kg")
    return np.asarray(1006.0 * dry + water * (2_501_000.0 + 1860.0 * dry))


def specific_volume_m3_kg(
    dry_bulb_c: ArrayLike, ratio: ArrayLike, pressure_pa: ArrayLike = SEA_LEVEL_PA
) -> Floats:
    r"""Volume of moist air per kilogram of dry air.

    Parameters
    ----------
    dry_bulb_c : array_like
        Dry bulb, -100 to 200. [°C]
    ratio : array_like
        Humidity ratio, >= 0. [kg/kg]
    pressure_pa : array_like
        Pressure of the air, > 0. [Pa]

    Returns
    -------
    array
        Volume. [m3/kg]

    Raises
    ------
    OutOfRange
        If a number lies outside its range.

    Notes
    -----
    :math:`v = 287.042\,T (1 + 1.607858\,W)/p` [1]_.

    References
    ----------
    .. [1] ASHRAE Handbook, "Fundamentals", 2017, ch. 1, eq. (26).
    """
    kelvin = within("dry_bulb_c", dry_bulb_c, COLDEST_C, HOTTEST_C, "°C") + ZERO_C_IN_K
    water = within("humidity_ratio", ratio, 0.0, 10.0, "kg/kg")
    wetness = 1.0 + 1.607858 * water
    return np.asarray(GAS_CONSTANT_J_KG_K * kelvin * wetness / checked_pressure(pressure_pa))


def moist_air_density_kg_m3(
    dry_bulb_c: ArrayLike, ratio: ArrayLike, pressure_pa: ArrayLike = SEA_LEVEL_PA
) -> Floats:
    """Mass of moist air, water included, per volume.

    Parameters
    ----------
    dry_bulb_c : array_like
        Dry bulb, -100 to 200. [°C]
    ratio : array_like
        Humidity ratio, >= 0. [kg/kg]
    pressure_pa : array_like
        Pressure of the air, > 0. [Pa]

    Returns
    -------
    array
        Density. [kg/m3]

    Raises
    ------
    OutOfRange
        If a number lies outside its range.

    Notes
    -----
    Definition. (1 + W) over `specific_volume_m3_kg`.
    """
    volume = specific_volume_m3_kg(dry_bulb_c, ratio, pressure_pa)
    return np.asarray((1.0 + np.asarray(ratio, dtype=np.float64)) / volume)


def within(quantity: str, values: ArrayLike, low: float, high: float, unit: str) -> Floats:
    """The values as an array, when all are finite and inside the range of a formula.

    Raises
    ------
    OutOfRange
        If one is not, naming the first.

    Notes
    -----
    Definition.
    """
    array = np.asarray(values, dtype=np.float64)
    good = np.isfinite(array) & (array >= low) & (array <= high)
    if not np.all(good):
        at = int(np.flatnonzero(~good.ravel())[0])
        raise OutOfRange(
            f"{quantity} is {array.ravel()[at]:g} {unit}; the formula holds from {low:g} to "
            f"{high:g}. Check the value and its unit.",
            quantity=quantity,
            position=at,
        )
    return array


def checked_pressure(pressure_pa: ArrayLike) -> Floats:
    """A pressure of air, 1 to 1,000 kPa: one given in kilopascal is refused. [Pa]

    Raises
    ------
    OutOfRange
        If it lies outside.

    Notes
    -----
    Definition.
    """
    return within("pressure_pa", pressure_pa, 1_000.0, 1_000_000.0, "Pa")


def _log_by_phase(temp_c: Floats) -> tuple[Floats, Floats]:
    return _log_by_phase_given(temp_c, temp_c <= TRIPLE_POINT_C)


def _log_by_phase_given(temp_c: Floats, ice: Bools) -> tuple[Floats, Floats]:
    """Logarithm of the saturation pressure and its slope by temperature."""
    some, every = bool(np.any(ice)), bool(np.all(ice))
    if not some or every:
        return (ICE if every else WATER).log_pressure(temp_c)
    cold, warm = ICE.log_pressure(temp_c), WATER.log_pressure(temp_c)
    return np.where(ice, cold[0], warm[0]), np.where(ice, cold[1], warm[1])
