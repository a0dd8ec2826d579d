"""The only orchestrator: plant in, evaluation out."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from engine.assumptions import Assumptions
from engine.climate.weather import WeatherYear
from engine.cost.waterfall import cost
from engine.evaluation import (
    Elements,
    Evaluation,
    Level,
    ModuleTable,
    PowerResult,
    RackTable,
    Row,
    SpaceResult,
    Working,
)
from engine.findings import SEVERITIES
from engine.memory import Memory, OneEvaluation
from engine.operation import Operation, operate
from engine.plant import Floats, Names, Plant
from engine.power.drawn_feeders import drawn_feeder_findings
from engine.power.flow import feed_limit_finding
from engine.provenance import cited, computed, stated
from engine.rules import apply_waivers
from engine.shortfall import shortfall
from engine.space.check import Geometry, check_space
from engine.space.dedicated import pipes_over_equipment
from engine.space.density import densities, power_map
from engine.space.walls import through_walls
from engine.studies import rules_of
from engine.tokens.compute import throughput
from engine.undrawn import marked, undrawn, undrawn_findings
from engine.yearly import NO_WEATHER, through_the_year


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What an evaluation is given."""

    plant: Plant
    assumptions: Assumptions

    @property
    def both(self) -> tuple[Plant, Assumptions]:
        return self.plant, self.assumptions


def evaluate(
    plant: Plant,
    assumptions: Assumptions,
    level: Level = "study",
    *,
    as_of: date | None = None,
    weather: WeatherYear | None = None,
    why_no_weather: str = NO_WEATHER,
    on_progress: Callable[[float], None] | None = None,
    memory: Memory | None = None,
) -> Evaluation:
    """Everything the engine says about a plant.

    Parameters
    ----------
    plant : Plant
        The design, assembled.
    assumptions : Assumptions
        Default numbers and the design's own in their place.
    level : {"edit", "study", "risk"}
        "edit" leaves out the cells of the heat map and the year; "risk" adds ranges to the year.
    as_of : date or None
        The day that waivers are judged by. None: none counts as expired.
    weather : WeatherYear or None
        The hours of the year; None: the design day alone.
    why_no_weather : str
        What the year says where there is no weather.
    on_progress : callable or None
        Told how far the samples are, 0 to 1; may raise to stop.
    memory : Memory or None
        What is left of an earlier evaluation, of a similar plant at best: steps that read nothing
        new keep their answers. None: everything is worked out.

    Returns
    -------
    Evaluation
        Equal input gives equal bytes. A plant without racks gives a complete result with reasons.

    Raises
    ------
    OutOfRange
        If a number lies outside what a formula is valid for.

    Notes
    -----
    Definition. Space, power, cooling, energy, compute, the year, cost, findings: in this order.
    A cost rests on the PUE of the year where there is one, else on that of the mean day.
    """
    memory = OneEvaluation() if memory is None else memory
    step = memory.step
    plant, assumptions = memory.begin(Given(plant=plant, assumptions=assumptions)).both
    rules = step(rules_of, plant, assumptions)
    geometry = step(check_space, plant, rules, assumptions, memory)
    state = step(operate, plant, rules, assumptions, memory)
    power, cooling, energy = state.power, state.cooling, state.energy
    space = step(_space, plant, geometry, power, assumptions, level, memory=memory)
    compute = step(throughput, plant, power, energy, assumptions)
    missing = step(undrawn, plant, cooling, memory)
    yearly = through_the_year(
        plant,
        rules,
        assumptions,
        state,
        weather,
        level=level,
        hall_area_m2=space.hall_area_m2,
        why_not=why_no_weather,
        on_progress=on_progress,
    )
    money = step(cost, plant, power, cooling, energy, compute, assumptions, yearly.year)

    found = (
        *space.findings,
        *step(pipes_over_equipment, plant, rules, memory),
        *step(through_walls, plant, rules, memory),
        *power.findings,
        *step(feed_limit_finding, plant, rules, energy.facility_kw),
        *step(drawn_feeder_findings, plant, rules, memory),
        *cooling.findings,
        *energy.findings,
        *compute.findings,
        *money.findings,
        *step(undrawn_findings, plant, rules, cooling, money, missing, memory=memory),
        *yearly.findings,
    )
    findings = sorted(
        apply_waivers(found, plant.waivers, as_of),
        key=lambda finding: SEVERITIES.index(finding.severity),
    )
    short = shortfall(plant, power, cooling, (compute, money), assumptions, memory)
    memory.end()
    return Evaluation(
        level=level,
        design_name=plant.name,
        state_hash=plant.state_hash,
        space=space,
        power=power,
        cooling=cooling,
        energy=energy,
        compute=compute,
        cost=money,
        shortfall=short,
        elements=_elements(plant, geometry, space, state),
        findings=tuple(findings),
        working=(
            *space.working,
            *power.working,
            *cooling.working,
            *energy.working,
            *compute.working,
            *marked(money.working, missing),
            *yearly.working,
        ),
        year=yearly.year,
        ranges=yearly.ranges,
    )


def _space(
    plant: Plant,
    geometry: Geometry,
    power: PowerResult,
    assumptions: Assumptions,
    level: Level,
    *,
    memory: Memory,
) -> SpaceResult:
    heat_map = power_map(
        plant,
        power.rack_kw,
        assumptions.value("space.heat_map_cell_mm"),
        assumptions.value("space.heat_map_sigma_m"),
        memory,
    )
    areas = (geometry.footprint_m2, geometry.pitch_m2, geometry.hall_area_m2)
    placed = geometry.rows
    row_kw = np.bincount(placed.of_rack, power.rack_kw, len(placed.ids))
    rows = memory.rows(_rows, (placed.ids, placed.members, row_kw), plant.racks.id)
    result = SpaceResult(
        hall_area_m2=geometry.hall_area_m2,
        racks=len(plant.racks),
        rack_footprint_m2=float(geometry.footprint_m2.sum()),
        density=densities(plant, power.rack_kw, areas, heat_map, memory),
        floor_load=geometry.floor_load,
        heat_map=heat_map if level != "edit" else None,
        rows=rows,
        rack_density_kw_m2=_over(power.rack_kw, geometry.pitch_m2),
        rack_floor_kpa=geometry.floor_spread_kpa,
        findings=geometry.findings,
    )
    return replace(result, working=_working(result, geometry, power, assumptions))


def _rows(
    ids: Names, members: tuple[tuple[int, ...], ...], it_kw: Floats, names: Names
) -> Iterator[Row]:
    for name, racks, kw in zip(ids, members, it_kw.tolist(), strict=True):
        yield Row(id=name, rack_ids=tuple(map(names.__getitem__, racks)), it_kw=kw)


def _elements(plant: Plant, geometry: Geometry, space: SpaceResult, state: Operation) -> Elements:
    racks, modules = plant.racks, plant.modules
    power, cooling = state.power, state.cooling
    of_rack, count = plant.rack_module, len(modules)
    inside = of_rack >= 0
    boxed = plant.boxes.module >= 0

    def per_module(values: Floats) -> Floats:
        return np.bincount(of_rack[inside], values[inside], count).astype(np.float64)

    return Elements(
        racks=RackTable(
            id=racks.id,
            tag=racks.tag,
            it_kw=power.rack_kw,
            liquid_kw=cooling.rack_liquid_kw,
            air_kw=cooling.rack_air_kw,
            flow_lpm=cooling.rack_flow_lpm,
            given_flow_lpm=cooling.rack_given_lpm,
            path_kpa=cooling.rack_path_kpa,
            return_c=cooling.rack_return_c,
            density_kw_m2=space.rack_density_kw_m2,
            liquid_fraction=_over(cooling.rack_liquid_kw, power.rack_kw),
            floor_kpa=geometry.floor_spread_kpa,
        ),
        rows=space.rows,
        modules=ModuleTable(
            id=modules.id,
            tag=modules.tag,
            it_kw=per_module(power.rack_kw),
            liquid_kw=per_module(cooling.rack_liquid_kw),
            flow_lpm=per_module(cooling.rack_flow_lpm),
            racks=np.bincount(of_rack[inside], minlength=count),
            mass_kg=np.bincount(
                plant.boxes.module[boxed], plant.boxes.mass_kg[boxed], count
            ).astype(np.float64),
        ),
    )


def _over(values: Floats, by: Floats) -> Floats:
    return np.divide(values, by, out=np.zeros_like(values), where=by > 0.0)


def _working(
    result: SpaceResult, geometry: Geometry, power: PowerResult, assumptions: Assumptions
) -> tuple[Working, ...]:
    it = computed("power.it_kw", power.it_kw, "kW")
    footprint = computed("footprints", result.rack_footprint_m2, "m2")
    pitch = computed("pitch areas", float(geometry.pitch_m2.sum()), "m2")
    hall = computed("space.hall_area_m2", result.hall_area_m2, "m2")
    map_lines = cited(assumptions, "space.heat_map_cell_mm", "space.heat_map_sigma_m")
    aisle = cited(assumptions, "space.aisle_share_mm")
    figures = (
        ("space.hall_area_m2", "SPC-AREA", "sum over halls of the outline's area",
         "engine.space.geometry.polygon_area_m2", (stated("hall outlines", "as drawn"),)),
        ("space.rack_footprint_m2", "SPC-FOOT", "sum over racks of width x depth",
         "engine.space.check.check_space", (stated("racks", result.racks),)),
        ("space.density.footprint_kw_m2", "DEN-FOOT", "IT power / footprints of the racks",
         "engine.space.density.densities", (it, footprint)),
        ("space.density.pitch_kw_m2", "DEN-PITCH",
         "IT power / sum of width x (depth + half of both aisles)",
         "engine.space.density.densities", (it, pitch, *aisle)),
        ("space.density.gross_kw_m2", "DEN-GROSS", "IT power / area of the halls",
         "engine.space.density.densities", (it, hall)),
        ("space.density.map_max_kw_m2", "DEN-MAP",
         "greatest cell of the power map, smoothed by a normalised Gaussian",
         "engine.space.density.power_map", (it, *map_lines)),
        ("space.density.map_p95_kw_m2", "DEN-P95",
         "95th percentile of the power map over the cells in halls",
         "engine.space.density.power_map", (it, *map_lines)),
        ("space.floor_load.max_footprint_kpa", "FLR-FOOT", "greatest m g / (width x depth)",
         "engine.space.check.check_space", (footprint,)),
        ("space.floor_load.max_spread_kpa", "FLR-SPREAD", "greatest m g / pitch area",
         "engine.space.check.check_space", (pitch, *aisle)),
    )  # fmt: skip
    return tuple(
        Working(
            figure=figure,
            formula_id=formula_id,
            formula=formula,
            function=function,
            reference="Definition",
            inputs=inputs,
        )
        for figure, formula_id, formula, function, inputs in figures
    )
