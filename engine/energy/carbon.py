"""Carbon of a year's operation and of what was built."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from engine.climate.psychrometrics import within
from engine.errors import OutOfRange

DIESEL_KG_PER_L: Final = 2.68


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbodiedItem:
    """Something built: how much of it, what a unit of it cost the climate, how long it stays."""

    name: str
    amount: float  # kg, m2, kW or pieces
    kg_per_unit: float
    life_years: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Embodied:
    """Carbon of what was built."""

    total_kg: float
    yearly_kg: float
    by_item_kg: dict[str, float]


def operational_carbon_kg(energy_kwh: ArrayLike, intensity_kg_per_kwh: ArrayLike) -> float:
    r"""Carbon dioxide equivalent of the electricity used.

    Parameters
    ----------
    energy_kwh : array_like
        By hour, or of the whole period, >= 0. [kWh]
    intensity_kg_per_kwh : array_like
        Of the grid (location based) or of what is bought (market based), one number or one
        for each energy, >= 0. [kg/kWh]

    Returns
    -------
    float
        Emissions. [kg]

    Raises
    ------
    OutOfRange
        If a number is negative or not finite, or the hours do not match.

    Notes
    -----
    :math:`\sum_h E_h\,i_h` [1]_.

    References
    ----------
    .. [1] World Resources Institute, "GHG Protocol Scope 2 Guidance", 2015, ch. 6.
    """
    energy = within("energy_kwh", energy_kwh, 0.0, np.inf, "kWh")
    intensity = within("intensity_kg_per_kwh", intensity_kg_per_kwh, 0.0, 100.0, "kg/kWh")
    if intensity.ndim and intensity.shape != energy.shape:
        raise OutOfRange(
            f"{energy.size:,} energies and {intensity.size:,} intensities do not match: give one "
            "intensity, or one for each energy.",
            quantity="intensity_kg_per_kwh",
        )
    return float(np.sum(energy * intensity))


def fuel_carbon_kg(litres: ArrayLike, kg_per_l: float = DIESEL_KG_PER_L) -> float:
    """Carbon dioxide of burnt fuel.

    Parameters
    ----------
    litres : array_like
        Fuel burnt, >= 0. [L]
    kg_per_l : float
        2.68 for diesel. [kg/L]

    Returns
    -------
    float
        Emissions. [kg]

    Raises
    ------
    OutOfRange
        If a number is negative or not finite.

    Notes
    -----
    Definition.
    """
    factor = within("kg_per_l", kg_per_l, 0.0, 10.0, "kg/L")
    return float(np.sum(within("litres", litres, 0.0, np.inf, "L")) * factor)


def refrigerant_carbon_kg(
    charge_kg: ArrayLike, warming_potential: ArrayLike, leak_fraction: ArrayLike
) -> float:
    """Carbon dioxide equivalent of refrigerant that leaks in a year.

    Parameters
    ----------
    charge_kg : array_like
        Refrigerant in the machines, >= 0. [kg]
    warming_potential : array_like
        Over 100 years, against carbon dioxide, >= 0. [kg/kg]
    leak_fraction : array_like
        Of the charge in a year, 0 to 1; 0.01 to 0.03 is usual. [1/year]

    Returns
    -------
    float
        Emissions. [kg/year]

    Raises
    ------
    OutOfRange
        If a number lies outside its range.

    Notes
    -----
    Definition.
    """
    charge = within("charge_kg", charge_kg, 0.0, np.inf, "kg")
    potential = within("warming_potential", warming_potential, 0.0, 30_000.0, "kg/kg")
    leak = within("leak_fraction", leak_fraction, 0.0, 1.0, "as a share of 1")
    return float(np.sum(charge * potential * leak))


def embodied_carbon(items: Iterable[EmbodiedItem]) -> Embodied:
    """Carbon of what was built, at once and spread over its life.

    Parameters
    ----------
    items : iterable of EmbodiedItem
        Amounts and factors >= 0, lives above 0.

    Returns
    -------
    Embodied
        Total and yearly. [kg, kg/year]

    Raises
    ------
    OutOfRange
        If an amount or a factor is negative, or a life is not above 0; the message names it.

    Notes
    -----
    Product footprints or mass times factor, straight over the life [1]_.

    References
    ----------
    .. [1] EN 15978:2011, "Sustainability of construction works", modules A1 to A5.
    """
    by_item: dict[str, float] = {}
    yearly = 0.0
    for item in items:
        numbers = (item.amount, item.kg_per_unit, item.life_years)
        if not all(np.isfinite(numbers)) or min(numbers) < 0.0 or item.life_years <= 0.0:
            raise OutOfRange(
                f"{item.name} needs an amount and a factor of at least 0 and a life above 0.",
                quantity=item.name,
            )
        carbon = item.amount * item.kg_per_unit
        by_item[item.name] = by_item.get(item.name, 0.0) + carbon
        yearly += carbon / item.life_years
    return Embodied(total_kg=sum(by_item.values()), yearly_kg=yearly, by_item_kg=by_item)
