"""What is wrong with the TCS loops: capacity, flow and pipes, whole and with CDUs lost."""

import math
from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np

from engine.assumptions import Assumptions, Quantity
from engine.cooling.header_findings import header_findings, missing_headers
from engine.evaluation import LoopHydraulics, LoopState
from engine.findings import Finding, apart
from engine.plant import Plant
from engine.provenance import listing

SLACK: Final = 1e-9
NAMED: Final = 3  # CDUs whose loss is told at length


def loop_findings(
    plant: Plant, assumptions: Assumptions, loops: tuple[LoopState, ...]
) -> Iterator[Finding]:
    """Loops that do not carry their racks, whole or with CDUs lost.

    Parameters
    ----------
    plant : Plant
        Racks, CDUs, loops and set-points.
    assumptions : Assumptions
        Limits of flow and velocity.
    loops : tuple of LoopState
        Demand and capacity of each loop.

    Yields
    ------
    Finding
        Those of missing headers first, then loop by loop.

    Notes
    -----
    Definition. Over capacity in normal operation blocks; what fails with CDUs lost warns.
    """
    tags = dict(
        zip((*plant.racks.id, *plant.cdus.id), (*plant.racks.tag, *plant.cdus.tag), strict=True)
    )
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
        if not loop.is_rated_n_plus_1:
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
        if loop.capacity_kw <= 0.0 and loop.cdu_ids:
            wanted = (
                " No number of them helps: the coolant supply must lie above the facility water "
                "by the approach of the CDUs."
            )
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
    elif loop.is_rated_n_plus_1 and spares >= 1 and pipes.lost_one_short_rack_ids:
        yield _short_with_one_lost(loop, pipes, allowed, tags)


def _short_with_one_lost(
    loop: LoopState, pipes: LoopHydraulics, allowed: float, tags: Mapping[str, str]
) -> Finding:
    """Which CDU's loss starves which racks, by its place on the pipes."""
    words = [
        f"With {tags[each.cdu_id] or each.cdu_id} lost up to {_percent(each.deficit_fraction)} of "
        f"the flow is missing at {_racks(each.short_rack_ids, tags)}."
        for each in pipes.starving
    ] or [
        f"Up to {_percent(pipes.lost_one_deficit_fraction)} of the flow is missing at "
        f"{_racks(pipes.lost_one_short_rack_ids, tags)}."
    ]
    return Finding(
        rule="COOL-HEAD-N1",
        severity="warning",
        discipline="cooling",
        title=f"With a CDU lost, the pumps of loop {loop.loop} do not reach all racks",
        detail=(
            " ".join(words[:NAMED])
            + (f" {len(words) - NAMED} more CDUs do the like." if len(words) > NAMED else "")
            + " Heat and rated flow of those that are left would do. Lose one says by when."
        ),
        clause="lose one",
        source="Flow through the pipes of the loop, each CDU lost in its place",
        measured=100.0 * pipes.lost_one_deficit_fraction,
        required=100.0 * allowed,
        unit="%",
        element_ids=(*pipes.lost_one_short_rack_ids, *loop.cdu_ids),
    )


def _percent(fraction: float) -> str:
    return f"{100.0 * fraction:.0f} %"


def _racks(ids: tuple[str, ...], tags: Mapping[str, str]) -> str:
    count = f"{len(ids)} racks" if len(ids) > 1 else "1 rack"
    return f"{count}: {listing(tuple(tags[id_] or id_ for id_ in ids))}"


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
