"""What is wrong with the pipes of the facility water, and how their figures came about."""

from collections.abc import Iterator

import numpy as np

from engine.assumptions import Assumptions
from engine.cooling.facility_water import FacilityWater
from engine.evaluation import Working
from engine.findings import Finding
from engine.plant import Plant
from engine.provenance import cited, computed, listing

SLACK_K = 1e-9
WHITE = 'F. M. White, "Fluid Mechanics", 8th ed., sec. 6.4-6.9; C. F. Colebrook, 1939'
LINES = (
    "cooling.fws_rise_k",
    "cooling.fws_equipment_kpa",
    "cooling.fws_head_kpa",
    "cooling.fws_branch_reach_m",
    "tcs.pipe_join_m",
    "pipes.roughness_mm",
    "pipes.gradient_max_pa_m",
)


def facility_findings(
    plant: Plant, water: FacilityWater, assumptions: Assumptions
) -> Iterator[Finding]:
    """What drawn pipes of facility water leave out, and water too warm for the coils on them.

    Parameters
    ----------
    plant : Plant
        Pipes of facility water.
    water : FacilityWater
        What hangs on what.
    assumptions : Assumptions
        Lines ``cooling.fws_branch_reach_m``, ``cooling.air_coil_approach_k`` and
        ``tcs.pipe_join_m``.

    Yields
    ------
    Finding
        At most one of each kind; none where no pipe of facility water is drawn.

    Notes
    -----
    Definition. Warnings: the figures assume what is missing, and count no idle cooler. Coils on one
    water with CDUs, or with dry coolers alone, get it at the set-point of the facility water.
    """
    reach = assumptions.value("cooling.fws_branch_reach_m")
    units = [water.units[row] for row in water.unpiped.tolist()]
    if units:
        ids = tuple(id_ for id_, _ in units)
        has_coolers = bool(len(plant.heat_rejection))
        yield Finding(
            rule="COOL-FWS-UNPIPED",
            severity="warning",
            discipline="cooling",
            title="Facility water is drawn, and does not reach every CDU and air handler",
            detail=(
                f"{listing(tuple(tag or id_ for id_, tag in units))} "
                f"{'stands' if len(ids) == 1 else 'stand'} more than {reach:g} m from the pipes "
                "of facility water, or on pipes that lead to no cooler or chiller. The figures "
                + (
                    "assume a way along the walls; draw a pipe that goes there."
                    if has_coolers
                    else "assume the customary head; place the cooler that the pipes lead to."
                )
            ),
            source="The pipes that are drawn",
            measured=float(len(ids)),
            required=0.0,
            element_ids=ids,
        )
    yield from _idle_coolers(plant, water, reach)
    yield from _warm_coils(plant, water, assumptions)
    runs, loose = plant.facility_pipes, water.loose.tolist()
    if loose:
        x, y = runs.points_mm[loose[0]][0].tolist()
        named = tuple(runs.tag[run] for run in loose)
        yield Finding(
            rule="COOL-FWS-LOOSE",
            severity="warning",
            discipline="cooling",
            title="A pipe of facility water joins nothing",
            detail=(
                f"{listing(named)} {'meets' if len(named) == 1 else 'meet'} no CDU, air handler, "
                "cooler or chiller, nor another pipe of the same loop. Nothing flows there: lead "
                "an end to one of them."
            ),
            source="The pipes that are drawn",
            measured=float(len(named)),
            required=0.0,
            element_ids=tuple(runs.id[run] for run in loose),
            at_mm=(x, y),
        )


def _idle_coolers(plant: Plant, water: FacilityWater, reach_m: float) -> Iterator[Finding]:
    """Coolers and chillers beside drawn pipes that lead from them to nothing."""
    units = plant.heat_rejection
    idle = np.flatnonzero(water.networks.of_cooler < 0).tolist()
    if not idle:
        return
    names = tuple(units.tag[row] or units.id[row] for row in idle)
    kw = float(units.capacity_kw[idle].sum())
    yield Finding(
        rule="COOL-FWS-IDLE",
        severity="warning",
        discipline="cooling",
        title="A cooler or chiller is joined to nothing that it could cool",
        detail=(
            f"No drawn pipe of facility water leads from {listing(names)} to a CDU or air handler "
            f"(a pipe joins a cooler within {reach_m:g} m of its box). Its {kw:,.0f} kW do not "
            "count: lead a pipe from it to the others, or delete it."
        ),
        source="The pipes that are drawn",
        measured=float(len(idle)),
        required=0.0,
        element_ids=tuple(units.id[row] for row in idle),
    )


def _warm_coils(plant: Plant, water: FacilityWater, assumptions: Assumptions) -> Iterator[Finding]:
    """Air handlers on drawn pipes whose water is warmer than their coils can do with."""
    if not water.networks.is_drawn or not len(plant.air_handlers):
        return
    approach = assumptions["cooling.air_coil_approach_k"]
    air_c, water_c = plant.site.air_supply_c, plant.site.fws_supply_c
    most_c = air_c - approach.value
    if water_c <= most_c + SLACK_K:
        return
    of_cdu, of_coil = np.split(water.networks.of_unit, [len(plant.cdus)])
    chilled = np.array([kind == "chiller" for kind in plant.heat_rejection.kind], dtype=bool)
    own = np.setdiff1d(water.networks.of_cooler[chilled], of_cdu)
    is_piped = np.ones(of_coil.size, dtype=bool)
    is_piped[water.unpiped[water.unpiped >= len(plant.cdus)] - len(plant.cdus)] = False
    rows = np.flatnonzero(is_piped & (of_coil >= 0) & ~np.isin(of_coil, own)).tolist()
    if rows:
        handlers = plant.air_handlers
        names = tuple(handlers.tag[row] or handlers.id[row] for row in rows)
        warmer = "warmer than the air" if water_c >= air_c else "too warm for the coils"
        yield Finding(
            rule="COOL-COIL-WARM",
            severity="warning",
            discipline="cooling",
            title="Air handlers hang on facility water that is too warm for their coils",
            detail=(
                f"{listing(names)} {'is' if len(rows) == 1 else 'are'} piped to facility water of "
                f"{water_c:.1f} °C and supply air of {air_c:.1f} °C: the water is {warmer}, and "
                f"has to be {approach.value:g} K colder, {most_c:.1f} °C at most. The figures "
                "assume chilled water of their own. Give them a loop with a chiller, colder "
                "facility water, or warmer supply air."
            ),
            source=approach.source,
            measured=water_c,
            required=most_c,
            unit="°C",
            element_ids=tuple(handlers.id[row] for row in rows),
        )


def facility_working(water: FacilityWater, assumptions: Assumptions) -> tuple[Working, ...]:
    """How length, loss and head of the facility water were reached.

    Parameters
    ----------
    water : FacilityWater
        Pipes.
    assumptions : Assumptions
        Lines that were used.

    Returns
    -------
    tuple of Working
        Empty without pipes.

    Notes
    -----
    Definition.
    """
    pipes = water.pipes
    if pipes is None:
        return ()
    length = computed("pipes of facility water, there and back", pipes.pipe_m, "m")
    worst = computed("pipes of the worst unit", float(pipes.units.path_kpa.max(initial=0.0)), "kPa")
    return (
        Working(
            figure="cooling.facility.pipe_m",
            formula_id="fws-length",
            formula="along drawn pipes, else from the nearest cooler along x, then along y; shared",
            function="engine.cooling.facility_water.facility_water",
            reference="Definition",
            inputs=(computed("units", len(pipes.units.id)), *cited(assumptions, *LINES[3:5])),
        ),
        Working(
            figure="cooling.facility.cdu_head_kpa",
            formula_id="fws-head",
            formula="equipment + 2 (f L/D + K) rho v^2/2 to the worst unit of each network",
            function="engine.cooling.facility_water.facility_water",
            reference=WHITE,
            inputs=(length, worst, *cited(assumptions, *LINES)),
        ),
    )
