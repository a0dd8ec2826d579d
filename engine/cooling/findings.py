"""What is wrong with the cooling of a design, as findings that name the racks."""

import math
from collections.abc import Iterator, Mapping

import numpy as np

from engine.assumptions import Assumptions, Quantity
from engine.cooling.air import AirSide
from engine.cooling.header_findings import header_findings, missing_headers
from engine.evaluation import LoopHydraulics, LoopState
from engine.findings import Finding, apart
from engine.plant import Floats, Plant
from engine.provenance import listing

Mask = np.ndarray[tuple[int], np.dtype[np.bool_]]
SLACK = 1e-9


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
        *_loop_findings(plant, assumptions, loops),
        *_rack_findings(plant, returns=returns, liquid_kw=liquid_kw, off_curve=flows),
        *_dew_findings(plant, assumptions, wet=liquid_kw > 0.0),
        *_air_findings(plant, rooms),
    )


def _loop_findings(
    plant: Plant, assumptions: Assumptions, loops: tuple[LoopState, ...]
) -> Iterator[Finding]:
    tags = dict(zip(plant.racks.id, plant.racks.tag, strict=True))
    without_flow = np.unique(plant.cdus.loop[plant.cdus.flow_lpm <= 0.0]).tolist()
    approach = plant.site.tcs_supply_c - plant.site.fws_supply_c
    allowed = assumptions.value("tcs.deficit_warn_fraction")
    fastest = assumptions["pipes.velocity_max_above_m_s"]
    yield from header_findings(plant, loops)
    unjoined = {number for rows in missing_headers(plant, loops) for number in rows}
    for number, loop in enumerate(loops):
        if loop.heat_kw <= 0.0:
            continue
        # A header that is missing has a finding of its own.
        spares = 0 if number in unjoined else int(plant.loops.redundancy[number])
        has_flow = bool(loop.cdu_ids) and number not in without_flow
        if not loop.n_plus_1:
            racks = listing(tuple(tags[i] or i for i in loop.starved_rack_ids))
            yield from _capacity_findings(loop, approach, spares, racks, has_flow=has_flow)
        pipes = loop.hydraulics
        if has_flow and pipes is not None:
            if max(pipes.worst_deficit_fraction, pipes.lost_one_deficit_fraction) > allowed:
                yield from _flow_findings(loop, pipes, allowed, tags, spares)
            if pipes.velocity_max_m_s > fastest.value * (1.0 + SLACK):
                yield _pipe_finding(loop, pipes, fastest)


def _capacity_findings(
    loop: LoopState, approach_k: float, spares: int, racks: str, *, has_flow: bool
) -> Iterator[Finding]:
    """Findings of a loop that is not N+1: its CDUs do not carry it, whole or with spares lost."""
    ids = loop.rack_ids
    wanted = _cdus_wanted(loop, spares, has_flow=has_flow)
    over = False
    if loop.heat_kw > loop.capacity_kw * (1.0 + SLACK):
        over = True
        heat, capacity = apart(loop.heat_kw, loop.capacity_kw)
        yield Finding(
            rule="COOL-CAP",
            severity="blocking",
            discipline="cooling",
            title=f"Loop {loop.loop} gives off more heat than its CDUs can move",
            detail=(
                f"{heat:,.0f} kW against {capacity:,.0f} kW of "
                f"{len(loop.cdu_ids)} CDUs with {approach_k:g} K between facility water and "
                f"coolant.{wanted} Short of cooling: {racks}."
            ),
            source="Heat balance of the loop",
            measured=loop.heat_kw,
            required=loop.capacity_kw,
            unit="kW",
            element_ids=(*ids, *loop.cdu_ids),
        )
    if has_flow and loop.flow_lpm > loop.flow_capacity_lpm * (1.0 + SLACK):
        over = True
        asked, given = apart(loop.flow_lpm, loop.flow_capacity_lpm)
        yield Finding(
            rule="COOL-FLOW",
            severity="blocking",
            discipline="cooling",
            title=f"The racks on loop {loop.loop} ask for more flow than its CDUs give",
            detail=(
                f"{asked:,.0f} L/min against {given:,.0f} L/min.{wanted} Short of flow: {racks}."
            ),
            source="Flow balance of the loop",
            measured=loop.flow_lpm,
            required=loop.flow_capacity_lpm,
            unit="L/min",
            element_ids=(*ids, *loop.cdu_ids),
        )
    if not over and spares >= 1:
        yield _not_n_plus_1(loop, spares, racks, wanted)


def _flow_findings(
    loop: LoopState,
    pipes: LoopHydraulics,
    allowed: float,
    tags: Mapping[str, str],
    spares: int,
) -> Iterator[Finding]:
    flow_fits = loop.flow_lpm <= loop.flow_capacity_lpm * (1.0 + SLACK)
    worst = tags[pipes.worst_rack_id] or pipes.worst_rack_id
    if flow_fits and pipes.worst_deficit_fraction > allowed:
        needed, held = apart(pipes.required_kpa, pipes.available_kpa)
        yield Finding(
            rule="COOL-HEAD",
            severity="warning",
            discipline="cooling",
            title=f"The pumps of loop {loop.loop} do not push enough through its pipes",
            detail=(
                f"The worst-off rack lacks {100.0 * pipes.worst_deficit_fraction:.0f} % of its "
                f"flow. {worst} needs {needed:,.0f} kPa; at full speed the pumps give "
                f"{held:,.0f} kPa."
            ),
            source="Flow through the pipes of the loop",
            measured=pipes.required_kpa,
            required=pipes.available_kpa,
            unit="kPa",
            element_ids=(*loop.rack_ids, *loop.cdu_ids),
        )
    elif loop.n_plus_1 and spares >= 1 and pipes.lost_one_short_rack_ids:
        short = listing(tuple(tags[i] or i for i in pipes.lost_one_short_rack_ids))
        yield Finding(
            rule="COOL-HEAD-N1",
            severity="warning",
            discipline="cooling",
            title=f"With a CDU lost, the pumps of loop {loop.loop} do not reach all racks",
            detail=(
                f"Up to {100.0 * pipes.lost_one_deficit_fraction:.0f} % of the flow is missing at "
                f"{short}, though capacity and rated flow would do. The CDUs left count as one "
                "pump; Lose one follows each CDU by its place on the pipes."
            ),
            clause="lose one",
            source="Flow through the pipes of the loop",
            measured=100.0 * pipes.lost_one_deficit_fraction,
            required=100.0 * allowed,
            unit="%",
            element_ids=(*pipes.lost_one_short_rack_ids, *loop.cdu_ids),
        )


def _pipe_finding(loop: LoopState, pipes: LoopHydraulics, fastest: Quantity) -> Finding:
    return Finding(
        rule="COOL-PIPE",
        severity="warning",
        discipline="cooling",
        title=f"No single pipe is large enough for a row of loop {loop.loop}",
        detail=(
            f"{pipes.velocity_max_m_s:.1f} m/s in the largest pipe against {fastest.value:g} m/s "
            "at most: split the row over two headers or loops."
        ),
        source=fastest.source,
        measured=pipes.velocity_max_m_s,
        required=fastest.value,
        unit="m/s",
        element_ids=(*loop.rack_ids, *loop.cdu_ids),
    )


def _not_n_plus_1(loop: LoopState, spares: int, racks: str, wanted: str) -> Finding:
    by_flow = loop.binds == "flow"
    have = loop.lost_one_flow_lpm if by_flow else loop.lost_one_capacity_kw
    need = loop.flow_lpm if by_flow else loop.heat_kw
    unit = "L/min" if by_flow else "kW"
    lost = "one CDU" if spares == 1 else f"{spares} CDUs"
    left, asked = apart(have, need)
    return Finding(
        rule="COOL-N1",
        severity="warning",
        discipline="cooling",
        title=f"Loop {loop.loop} is not N+{spares}",
        detail=(
            f"With {lost} lost {left:,.0f} {unit} remain against {asked:,.0f} {unit}.{wanted} "
            f"Racks that cannot all be served: {racks}."
        ),
        clause="lose one",
        source="Capacity with the largest units lost",
        measured=need,
        required=have,
        unit=unit,
        element_ids=(*loop.starved_rack_ids, *loop.cdu_ids),
    )


def _cdus_wanted(loop: LoopState, spares: int, *, has_flow: bool) -> str:
    """A sentence on how many CDUs like these the loop needs; empty when there are none to go by."""
    count = len(loop.cdu_ids)
    shares = [loop.heat_kw / loop.capacity_kw] if loop.capacity_kw > 0.0 else []
    if has_flow:
        shares.append(loop.flow_lpm / loop.flow_capacity_lpm)
    if not shares:
        return ""
    duty = math.ceil(max(shares) * count * (1.0 - SLACK))
    spare = f" and {spares} spare" if spares else ""
    return f" It takes {duty}{spare} of its CDUs, and has {count}."


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


def _air_findings(plant: Plant, rooms: AirSide) -> Iterator[Finding]:
    for zone, heat in enumerate(rooms.zone_heat_kw.tolist()):
        if heat <= 0.0:
            continue
        capacity, left = float(rooms.zone_capacity_kw[zone]), float(rooms.zone_left_kw[zone])
        units = int(rooms.zone_units[zone])
        place = _place(plant, rooms, zone)
        if heat > capacity * (1.0 + SLACK):
            asked, given = apart(heat, capacity)
            yield Finding(
                rule="COOL-AIR-CAP",
                severity="blocking" if units else "warning",
                discipline="cooling",
                title=f"{place} gives more heat to the air than its air handlers take",
                detail=(
                    f"{asked:,.0f} kW against {given:,.0f} kW of {units} air handlers."
                    if units
                    else f"{heat:,.0f} kW go to room air and no air handler is drawn."
                ),
                source="Heat balance of the room",
                measured=heat,
                required=capacity,
                unit="kW",
                element_ids=_zone_ids(plant, rooms, zone),
            )
        elif heat > left * (1.0 + SLACK):
            asked, given = apart(heat, left)
            yield Finding(
                rule="COOL-AIR-N1",
                severity="warning",
                discipline="cooling",
                title=f"The air handlers of {place} are not N+1",
                detail=f"With the largest one lost {given:,.0f} kW remain against {asked:,.0f} kW.",
                clause="lose one",
                source="Capacity with the largest unit lost",
                measured=heat,
                required=left,
                unit="kW",
                element_ids=_zone_ids(plant, rooms, zone),
            )


def _place(plant: Plant, rooms: AirSide, zone: int) -> str:
    if rooms.zone_heat_kw.size == 1:
        return "The design" if len(plant.halls) != 1 else plant.halls.name[0] or "The hall"
    if zone == len(plant.halls):
        return "The area outside every hall"
    return plant.halls.name[zone] or plant.halls.id[zone]


def _zone_ids(plant: Plant, rooms: AirSide, zone: int) -> tuple[str, ...]:
    units = np.flatnonzero(rooms.unit_zone == zone).tolist()
    if units:
        return tuple(plant.air_handlers.id[i] for i in units)
    return tuple(plant.racks.id[i] for i in np.flatnonzero(rooms.rack_zone == zone).tolist())


def _chosen(plant: Plant, mask: Mask) -> tuple[tuple[str, ...], tuple[str, ...]]:
    rows = np.flatnonzero(mask).tolist()
    ids = tuple(plant.racks.id[i] for i in rows)
    return ids, tuple(plant.racks.tag[i] or plant.racks.id[i] for i in rows)
