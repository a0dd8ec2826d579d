"""Whether the air that is supplied suits the equipment that takes it in."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from engine.assumptions import Assumptions
from engine.climate.air_classes import AIR_CLASSES, HIGHEST_M, RECOMMENDED_C, allowable_inlet_c
from engine.findings import Finding
from engine.plant import UNSTATED, Floats, Plant
from engine.ranges import bounded

COMMON: Final[Mapping[str, Any]] = MappingProxyType(
    {
        "rule": "COOL-INLET",
        "discipline": "cooling",
        "clause": "table 2.1",
        "source": "ASHRAE TC 9.9, Thermal Guidelines, 5th ed., 2021",
        "unit": "°C",
    }
)


def inlet_findings(
    plant: Plant, rack_air_kw: Floats, elevation_m: float, assumptions: Assumptions
) -> Iterator[Finding]:
    """Findings where supply air lies outside what racks allow, or what is recommended.

    Parameters
    ----------
    plant : Plant
        Racks with the inlet temperatures that their makers state, and the supply air.
    rack_air_kw : array, shape (n_racks,)
        Heat that each rack gives to air; one that gives none takes none in. [kW]
    elevation_m : float
        Height of the site. [m]
    assumptions : Assumptions
        Line ``cooling.air_inlet_class`` for racks whose maker states nothing.

    Yields
    ------
    Finding
        ``COOL-INLET``: blocking outside the allowable range, a warning outside the recommended.

    Raises
    ------
    OutOfRange
        If the class is not 1 to 4.

    Notes
    -----
    Definition. A maker's own range goes before the class's; it is taken as it stands at any height.
    """
    supply = plant.site.air_supply_c
    number = bounded(
        "The air inlet class", assumptions.value("cooling.air_inlet_class"), 1.0, 4.0,
        remedy="Give 1 to 4 for A1 to A4.",
    )  # fmt: skip
    name = tuple(AIR_CLASSES)[round(float(number)) - 1]
    # Beyond its height the class says nothing: the strictest that it does say holds.
    of_class = allowable_inlet_c(name, min(elevation_m, HIGHEST_M))
    racks = plant.racks
    breathes = rack_air_kw > 0.0
    least, most = (
        np.where(stated > UNSTATED, stated, held)
        for stated, held in zip(
            (racks.air_inlet_min_c, racks.air_inlet_max_c), of_class, strict=True
        )
    )
    outside = breathes & ((supply > most) | (supply < least))
    crossed = np.where(supply > most, most, least)
    for limit in np.unique(crossed[outside]).tolist():
        mine = np.flatnonzero(outside & (crossed == limit)).tolist()
        whose = f"class {name} allows" if limit in of_class else "their makers allow"
        yield Finding(
            severity="blocking",
            title=f"Supply air is {_side(supply, limit)} than racks allow at their inlet",
            detail=(
                f"{supply:g} °C, and {limit:.3g} °C is what {whose} at {elevation_m:,.0f} m: "
                f"{len(mine)} racks may slow down or stop."
            ),
            required=limit,
            element_ids=tuple(racks.id[i] for i in mine),
            measured=supply,
            **COMMON,
        )
    coldest, warmest = RECOMMENDED_C
    if breathes.any() and not outside.any() and not coldest <= supply <= warmest:
        limit = warmest if supply > warmest else coldest
        price = "with faster fans and more failures" if supply > warmest else "at a cost in power"
        yield Finding(
            severity="warning",
            title=f"Supply air is {_side(supply, limit)} than recommended",
            detail=(
                f"{supply:g} °C against {coldest:g} to {warmest:g} °C: the racks stand it, {price}."
            ),
            required=limit,
            element_ids=tuple(racks.id[i] for i in np.flatnonzero(breathes).tolist()),
            measured=supply,
            **COMMON,
        )


def _side(supply_c: float, limit_c: float) -> str:
    return "warmer" if supply_c > limit_c else "colder"
