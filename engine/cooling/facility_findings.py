"""What is wrong with the pipes of the facility water, and how their figures came about."""

from collections.abc import Iterator

from engine.assumptions import Assumptions
from engine.cooling.facility_water import FacilityWater
from engine.evaluation import Working
from engine.findings import Finding
from engine.plant import Plant
from engine.provenance import cited, computed, listing

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
    """Units that no drawn pipe of facility water reaches, and pipes that join nothing.

    Parameters
    ----------
    plant : Plant
        Pipes of facility water.
    water : FacilityWater
        What hangs on what.
    assumptions : Assumptions
        Lines ``cooling.fws_branch_reach_m`` and ``tcs.pipe_join_m``.

    Yields
    ------
    Finding
        At most one of each kind; none where no pipe of facility water is drawn.

    Notes
    -----
    Definition. Warnings: the figures assume what is missing.
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
