"""What is wrong with the cooling of a design, as findings that name the racks."""

from collections.abc import Iterator

import numpy as np

from engine.assumptions import Assumptions
from engine.cooling.air import AirSide
from engine.cooling.air_findings import air_findings
from engine.cooling.loop_findings import loop_findings
from engine.evaluation import LoopState
from engine.findings import Finding, apart
from engine.plant import Floats, Plant
from engine.provenance import listing

Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]


def cooling_findings(
    plant: Plant,
    assumptions: Assumptions,
    loops: tuple[LoopState, ...],
    rooms: AirSide,
    *,
    returns: Floats,
    liquid_kw: Floats,
    flows: Mask,
) -> tuple[Finding, ...]:
    """Findings of the liquid and the air side, in the order of the rules.

    Parameters
    ----------
    plant : Plant
        Racks, loops and set-points.
    assumptions : Assumptions
        Dew point and its margin, limits of flow and velocity.
    loops : tuple of LoopState
        Demand and capacity of each loop.
    rooms : AirSide
        Demand and capacity of each hall's air.
    returns : array, shape (n_racks,)
        Coolant return temperature of each rack. [°C]
    liquid_kw : array, shape (n_racks,)
        Heat each rack gives to the coolant. [kW]
    flows : array of bool, shape (n_racks,)
        Whether the supply lies outside the rack's flow curve.

    Returns
    -------
    tuple of Finding
        Empty when nothing is wrong.

    Notes
    -----
    Definition. Over capacity in normal operation blocks; capacity that fails
    with one unit lost warns.
    """
    return (
        *loop_findings(plant, assumptions, loops),
        *_rack_findings(plant, returns=returns, liquid_kw=liquid_kw, off_curve=flows),
        *_dew_findings(plant, assumptions, wet=liquid_kw > 0.0),
        *air_findings(plant, rooms),
    )


def _rack_findings(
    plant: Plant, *, returns: Floats, liquid_kw: Floats, off_curve: Mask
) -> Iterator[Finding]:
    racks, supply = plant.racks, plant.site.tcs_supply_c
    wet = liquid_kw > 0.0
    homeless = wet & (racks.loop < 0)
    if homeless.any():
        ids, tags = _chosen(plant, homeless)
        yield Finding(
            rule="COOL-NOLOOP",
            severity="blocking",
            discipline="cooling",
            title="Liquid-cooled racks stand on no coolant loop",
            detail=f"{liquid_kw[homeless].sum():,.0f} kW have nowhere to go: {listing(tags)}.",
            source="Heat balance of the rack",
            measured=float(liquid_kw[homeless].sum()),
            required=0.0,
            unit="kW",
            element_ids=ids,
        )
    too_warm = wet & (supply > racks.tcs_supply_max_c)
    if too_warm.any():
        ids, tags = _chosen(plant, too_warm)
        limit = float(racks.tcs_supply_max_c[too_warm].min())
        yield Finding(
            rule="COOL-TCS-MAX",
            severity="blocking",
            discipline="cooling",
            title="The coolant is supplied warmer than racks allow",
            detail=f"{supply:g} °C against {limit:g} °C at most: {listing(tags)}.",
            source="Limit of the rack's record",
            measured=supply,
            required=limit,
            unit="°C",
            element_ids=ids,
        )
    too_hot = wet & (returns > racks.tcs_return_max_c)
    if too_hot.any():
        ids, tags = _chosen(plant, too_hot)
        limit = float(racks.tcs_return_max_c[too_hot].min())
        warmest, _ = apart(float(returns[too_hot].max()), limit)
        yield Finding(
            rule="COOL-TCS-RETURN",
            severity="warning",
            discipline="cooling",
            title="The coolant leaves racks warmer than they allow",
            detail=f"Up to {warmest:.1f} °C: {listing(tags)}. More flow is needed.",
            source="Limit of the rack's record",
            measured=float(returns[too_hot].max()),
            required=limit,
            unit="°C",
            element_ids=ids,
        )
    for number, curve in enumerate(plant.flow_curves):
        outside = off_curve & (racks.flow_curve == number)
        if outside.any():
            ids, tags = _chosen(plant, outside)
            yield Finding(
                rule="COOL-CURVE-RANGE",
                severity="warning",
                discipline="cooling",
                title=f"No published flow for {curve.product or 'these racks'} at this temperature",
                detail=(
                    f"The curve runs from {curve.x[0]:g} to {curve.x[-1]:g} °C, the supply is at "
                    f"{supply:g} °C; the flow at the nearer end is used: {listing(tags)}."
                ),
                source=curve.source,
                measured=supply,
                required=curve.x[-1] if supply > curve.x[-1] else curve.x[0],
                unit="°C",
                element_ids=ids,
            )


def _dew_findings(plant: Plant, assumptions: Assumptions, *, wet: Mask) -> Iterator[Finding]:
    dew_point = assumptions.value("cooling.room_dew_point_c")
    least = dew_point + assumptions.value("cooling.dew_point_margin_k")
    supply = plant.site.tcs_supply_c
    if supply >= least or not wet.any():
        return
    ids, _ = _chosen(plant, wet)
    yield Finding(
        rule="COOL-DEW",
        severity="blocking" if supply < dew_point else "warning",
        discipline="cooling",
        title="The coolant is supplied too near the dew point of the room",
        detail=(
            f"{supply:g} °C against a dew point of {dew_point:g} °C and "
            f"{least - dew_point:g} K of margin: water would condense on hoses and manifolds."
        ),
        source=assumptions["cooling.dew_point_margin_k"].source,
        measured=supply,
        required=least,
        unit="°C",
        element_ids=ids,
    )


def _chosen(plant: Plant, mask: Mask) -> tuple[tuple[str, ...], tuple[str, ...]]:
    rows = np.flatnonzero(mask).tolist()
    ids = tuple(plant.racks.id[i] for i in rows)
    return ids, tuple(plant.racks.tag[i] or plant.racks.id[i] for i in rows)
