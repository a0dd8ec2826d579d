"""Properties of the liquids in the loops, by temperature.

Glycol is sold by volume and tabulated by mass, and the two differ by 0.4 % in
density: a coolant therefore names its basis and there is no plain "PG25".
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal, TypeVar, assert_never

import numpy as np
from numpy.typing import ArrayLike

from engine.errors import OutOfRange
from engine.plant import Floats

CoolantName = Literal["pg25_volume", "pg25_mass", "water"]

COOLANT_NAMES: Final[tuple[CoolantName, ...]] = ("pg25_volume", "pg25_mass", "water")

T = TypeVar("T", float, Floats)

MIN_C: Final = 5.0
MAX_C: Final = 75.0
# The fits below were made over 5 to 75 °C at 1 to 10 bar.

FREEZING_C: Final[Mapping[CoolantName, float]] = MappingProxyType(
    {"pg25_volume": -9.6, "pg25_mass": -9.8, "water": 0.0}
)
# By volume: Airedale DeltaChill manual, p. 53. By mass: Melinder, as carried by CoolProp 8.0.0.


@dataclass(frozen=True, slots=True, kw_only=True)
class Coolant:
    """Properties of one liquid at one temperature."""

    name: CoolantName
    temp_c: float
    density_kg_m3: float
    heat_capacity_kj_kg_k: float
    viscosity_pa_s: float
    conductivity_w_m_k: float

    @property
    def freezing_c(self) -> float:
        """Where ice begins to form. [°C]"""
        return FREEZING_C[self.name]

    @property
    def kj_per_litre_k(self) -> float:
        """Heat that one litre carries per kelvin. [kJ/(L K)]"""
        return self.density_kg_m3 * self.heat_capacity_kj_kg_k / 1000.0


def coolant_at(name: CoolantName, temp_c: float) -> Coolant:
    r"""Properties of a coolant at a temperature.

    Parameters
    ----------
    name : {"pg25_volume", "pg25_mass", "water"}
        Liquid: 25 % propylene glycol by volume (inhibited), the same by mass,
        or water.
    temp_c : float
        Temperature, 5 to 75. [°C]

    Returns
    -------
    Coolant
        Density, specific heat, dynamic viscosity and conductivity.

    Raises
    ------
    OutOfRange
        If the temperature lies outside the range of the fits.

    Notes
    -----
    Polynomials in temperature, :math:`\mu = \exp(\sum a_i T^i)` for the
    viscosity. 25 % by volume is exact against the ASHRAE table [1]_, by mass
    within 2.4e-4 of the Melinder correlation [2]_, water within 7e-5 in
    density, 4e-4 in specific heat and 6e-4 in viscosity. Valid 5 to 75 °C,
    1 to 10 bar.

    References
    ----------
    .. [1] ASHRAE Handbook, "Fundamentals", 2017, ch. 31 (inhibited propylene
       glycol), as carried by CoolProp 8.0.0, mixture "APG".
    .. [2] Å. Melinder, "Properties of Secondary Working Fluids for Indirect
       Systems", IIR, 2010, as carried by CoolProp 8.0.0, mixture "MPG".
    """
    if not MIN_C <= temp_c <= MAX_C:
        raise OutOfRange(
            f"Coolant properties are known from {MIN_C:g} to {MAX_C:g} °C, not at {temp_c:g} °C. "
            "Choose a set-point whose supply and return lie between.",
            temp_c=temp_c,
            coolant=name,
        )
    density, heat_capacity, log_viscosity, conductivity = _polynomials(name, temp_c)
    return Coolant(
        name=name,
        temp_c=temp_c,
        density_kg_m3=density,
        heat_capacity_kj_kg_k=heat_capacity / 1000.0,
        viscosity_pa_s=float(np.exp(log_viscosity)),
        conductivity_w_m_k=conductivity,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CoolantTable:
    """Properties of one liquid at many temperatures."""

    temp_c: Floats
    density_kg_m3: Floats
    heat_capacity_kj_kg_k: Floats
    viscosity_pa_s: Floats
    conductivity_w_m_k: Floats


def coolant_table(name: CoolantName, temp_c: ArrayLike) -> CoolantTable:
    """Properties of a coolant at many temperatures at once.

    Parameters
    ----------
    name : {"pg25_volume", "pg25_mass", "water"}
        Liquid, as in `coolant_at`.
    temp_c : array
        Temperatures, 5 to 75. [°C]

    Returns
    -------
    CoolantTable
        One entry per temperature.

    Raises
    ------
    OutOfRange
        If a temperature lies outside the range of the fits.

    Notes
    -----
    Definition. The fits of `coolant_at`.
    """
    temps = np.asarray(temp_c, dtype=np.float64)
    if not np.all((temps >= MIN_C) & (temps <= MAX_C)):
        raise OutOfRange(
            f"Coolant properties are known from {MIN_C:g} to {MAX_C:g} °C.",
            temp_c=float(temps.ravel()[np.argmax(np.abs(temps - (MIN_C + MAX_C) / 2.0))]),
            coolant=name,
        )
    density, heat_capacity, log_viscosity, conductivity = _polynomials(name, temps)
    return CoolantTable(
        temp_c=temps,
        density_kg_m3=density,
        heat_capacity_kj_kg_k=heat_capacity / 1000.0,
        viscosity_pa_s=np.exp(log_viscosity),
        conductivity_w_m_k=conductivity,
    )


def _polynomials(name: CoolantName, t: T) -> tuple[T, T, T, T]:
    """Density, specific heat [J/(kg K)], logarithm of the viscosity and conductivity."""
    match name:
        case "pg25_volume":
            density = 1031.24 - 0.317684 * t - 0.00253698 * t**2
            heat_capacity = 3863.51 + 2.46785 * t
            log_viscosity = -5.21794 - 0.045099 * t + 3.07117e-4 * t**2 - 1.00182e-6 * t**3
            conductivity = 0.442917 + 1.36650e-3 * t - 6.55329e-6 * t**2
        case "pg25_mass":
            density = 1026.3036 - 0.302658 * t - 0.00267993 * t**2
            heat_capacity = 3871.447 + 2.486227 * t - 1.40398e-3 * t**2
            log_viscosity = -5.200273 - 0.04724096 * t + 3.545811e-4 * t**2 - 1.2943746e-6 * t**3
            conductivity = 0.449331 + 9.4389e-4 * t - 7.794e-7 * t**2
        case "water":
            density = 1000.18 + 0.0215798 * t - 0.00622386 * t**2 + 1.94185e-5 * t**3
            heat_capacity = 4212.21 - 2.15239 * t + 0.0414112 * t**2 - 2.18154e-4 * t**3
            log_viscosity = (
                -6.32797 - 0.0340492 * t + 2.9807e-4 * t**2 - 2.22708e-6 * t**3 + 8.311e-9 * t**4
            )
            conductivity = 0.558459 + 2.16855e-3 * t - 1.0332e-5 * t**2
        case _:
            assert_never(name)
    return density, heat_capacity, log_viscosity, conductivity
