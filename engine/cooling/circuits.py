"""Where the heat of the racks goes: coolant, CDUs and room air."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from engine.assumptions import Assumptions
from engine.cooling.air import AirSide, air_side
from engine.cooling.coolants import Coolant, coolant_at
from engine.cooling.design_day import design_day
from engine.cooling.facility_findings import facility_findings, facility_working
from engine.cooling.facility_water import facility_water
from engine.cooling.findings import cooling_findings
from engine.cooling.inlets import inlet_findings
from engine.cooling.loop_flows import LoopFlows, loop_flows, pipes_in_all
from engine.cooling.loops import LoopArrays, loop_arrays, loop_states
from engine.cooling.pipe_findings import pipe_findings
from engine.cooling.pipe_sizes import pipe_sizes, pipe_states
from engine.cooling.pipe_working import pipe_working
from engine.errors import OutOfRange
from engine.evaluation import CduLoads, CoolingResult, Working
from engine.memory import Memory, kept
from engine.plant import Bools, Floats, Plant
from engine.provenance import cited, computed, read_off, stated
from engine.ranges import bounded

SECONDS_PER_MINUTE = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class RackFlows:
    """Coolant flow of each rack and where it was found."""

    flow_lpm: Floats
    off_curve: np.ndarray[tuple[int], np.dtype[np.bool_]]  # supply outside the rack's curve


def required_flow_lpm(heat_kw: Floats, rise_k: float, coolant: Coolant) -> Floats:
    r"""Coolant flow that carries away the heat of each rack.

    Parameters
    ----------
    heat_kw : array, shape (n_racks,)
        Heat each rack gives to the TCS loop, >= 0. [kW]
    rise_k : float
        TCS return minus supply temperature, > 0. [K]
    coolant : Coolant
        Properties at the mean loop temperature.

    Returns
    -------
    array, shape (n_racks,)
        Volumetric flow of each rack. [L/min]

    Raises
    ------
    OutOfRange
        If ``rise_k`` is not positive.

    Notes
    -----
    Steady sensible heat :math:`\dot V = Q / (\rho\, c_p\, \Delta T)` [1]_:
    single phase, no loss to room air.

    References
    ----------
    .. [1] F. P. Incropera et al., "Fundamentals of Heat and Mass Transfer",
       7th ed., Wiley, 2011, sec. 8.3.
    """
    if rise_k <= 0.0:
        raise OutOfRange("The temperature rise must be positive.", rise_k=rise_k)
    return np.asarray(heat_kw * (SECONDS_PER_MINUTE / (coolant.kj_per_litre_k * rise_k)))


def coolant_rise_k(heat_kw: Floats, flow_lpm: Floats, coolant: Coolant) -> Floats:
    r"""Temperature rise of the coolant through each rack; zero without flow.

    Parameters
    ----------
    heat_kw : array, shape (n_racks,)
        Heat given to the coolant. [kW]
    flow_lpm : array, shape (n_racks,)
        Coolant flow, >= 0. [L/min]
    coolant : Coolant
        Properties at the mean loop temperature.

    Returns
    -------
    array, shape (n_racks,)
        Return minus supply temperature. [K]

    Notes
    -----
    Definition. :math:`\Delta T = Q / (\rho\, c_p\, \dot V)`.
    """
    return np.divide(
        heat_kw * SECONDS_PER_MINUTE,
        coolant.kj_per_litre_k * flow_lpm,
        out=np.zeros(heat_kw.shape),
        where=flow_lpm > 0.0,
    )


def pump_power_kw(flow_lpm: ArrayLike, head_kpa: ArrayLike, efficiency: ArrayLike) -> Floats:
    r"""Electrical power of a pump.

    Parameters
    ----------
    flow_lpm : array
        Flow, >= 0. [L/min]
    head_kpa : array
        Pressure rise, >= 0. [kPa]
    efficiency : array
        Wire to water, above 0 to 1. [1]

    Returns
    -------
    array
        Electrical input. [kW]

    Raises
    ------
    OutOfRange
        If a figure lies outside its range.

    Notes
    -----
    Definition. :math:`P = \dot V\, \Delta p / \eta`.
    """
    flow = bounded("The flow of the pump", flow_lpm, 0.0, unit="L/min")
    head = bounded("The head of the pump", head_kpa, 0.0, unit="kPa")
    share = bounded("The efficiency of the pump", efficiency, 0.0, 1.0, above_low=True)
    return np.asarray(flow / 60_000.0 * head / share)


def rack_flows(
    plant: Plant, liquid_kw: Floats, coolant: Coolant, assumptions: Assumptions
) -> RackFlows:
    """Coolant flow that each rack asks for.

    Parameters
    ----------
    plant : Plant
        Racks, their flow curves and the TCS supply temperature.
    liquid_kw : array, shape (n_racks,)
        Heat each rack gives to the coolant. [kW]
    coolant : Coolant
        Properties at the mean loop temperature.
    assumptions : Assumptions
        Rise for racks that state neither a curve nor a specific flow.

    Returns
    -------
    RackFlows
        Flow, and which racks are fed outside the range of their curve.

    Notes
    -----
    Definition. The rack's own curve against supply temperature, linear between
    its points and held at its ends with a finding; else its flow per kW; else
    the flow of the assumed rise. A curve holds for the rack, not per kW: with
    more heat the return gets warmer.
    """
    racks = plant.racks
    by_rise = required_flow_lpm(liquid_kw, assumptions.value("cooling.tcs_rise_k"), coolant)
    specific = racks.flow_lpm_per_kw
    flow = np.where(specific > 0.0, specific * liquid_kw, by_rise)
    off_curve = np.zeros(len(racks), dtype=bool)
    wet = liquid_kw > 0.0
    supply = plant.site.tcs_supply_c
    for number, curve in enumerate(plant.flow_curves):
        on_it = (racks.flow_curve == number) & wet
        flow[on_it] = np.interp(supply, curve.x, curve.y)
        if not curve.x[0] <= supply <= curve.x[-1]:
            off_curve |= on_it
    return RackFlows(flow_lpm=flow, off_curve=off_curve)


def cool(
    plant: Plant, rack_kw: Floats, assumptions: Assumptions, memory: Memory | None = None
) -> CoolingResult:
    """Heat, flow and capacity of the liquid and the air side.

    Parameters
    ----------
    plant : Plant
        Racks, CDUs, loops, air handlers and set-points.
    rack_kw : array, shape (n_racks,)
        IT power of each rack. [kW]
    assumptions : Assumptions
        Lines ``cooling.*`` and ``site.*``.
    memory : Memory or None
        As for `engine.evaluate.evaluate`.

    Returns
    -------
    CoolingResult
        Per rack, per CDU, per loop and in total, with findings.

    Raises
    ------
    OutOfRange
        If the TCS supply temperature lies outside the coolant's range.

    Notes
    -----
    Definition. All IT power becomes heat; the liquid share goes to the rack's
    loop and the rest to room air. Coolant properties are taken at the supply
    temperature plus half the assumed rise.
    """
    site, racks = plant.site, plant.racks
    rise = assumptions.value("cooling.tcs_rise_k")
    coolant = coolant_at(site.coolant, site.tcs_supply_c + rise / 2.0)
    liquid = rack_kw * np.clip(racks.liquid_fraction, 0.0, 1.0)
    air = rack_kw - liquid
    flows = rack_flows(plant, liquid, coolant, assumptions)
    arrays = loop_arrays(
        racks,
        plant.cdus,
        plant.loops,
        liquid_kw=liquid,
        flow_lpm=flows.flow_lpm,
        available_approach_k=site.tcs_supply_c - site.fws_supply_c,
    )
    pipes = loop_flows(plant, flows.flow_lpm, arrays, coolant, assumptions, memory=memory)
    given = pipes.given_lpm
    returns = site.tcs_supply_c + coolant_rise_k(liquid, given, coolant)
    loops = loop_states(plant, arrays, liquid, pipes.loops, memory)
    elevation = design_day(plant, assumptions).elevation_m
    rooms = air_side(plant, air, elevation, assumptions)
    water = facility_water(
        plant,
        arrays.cdu_load_kw + pipes.pump_kw,
        rooms.unit_kw + rooms.unit_fan_kw,
        assumptions,
        memory,
    )
    total_flow = float(flows.flow_lpm.sum())
    total_given = float(given.sum())
    wet = given > 0.0
    return CoolingResult(
        coolant=site.coolant,
        liquid_kw=float(liquid.sum()),
        air_kw=float(air.sum()),
        flow_lpm=total_flow,
        tcs_supply_c=site.tcs_supply_c,
        tcs_return_c=float((returns * given).sum() / total_given) if total_given else None,
        air_capacity_kw=float(plant.air_handlers.capacity_kw.sum()),
        airflow_m3_h=rooms.airflow_m3_h,
        loops=loops,
        pipes=pipes_in_all(pipes.loops),
        cdus=_cdu_loads(plant, arrays, pipes),
        rack_liquid_kw=liquid,
        rack_air_kw=air,
        rack_flow_lpm=flows.flow_lpm,
        rack_given_lpm=given,
        rack_path_kpa=pipes.path_kpa,
        rack_lacks_air=(air > 0.0) & rooms.zone_is_short[rooms.rack_zone],
        rack_return_c=_where(wet, returns),
        air_unserved_kw=rooms.unserved_kw,
        cdu_pump_kw=pipes.pump_kw,
        air_handler_fan_kw=rooms.unit_fan_kw,
        networks=water.networks,
        pipe_sizes=kept(memory, pipe_sizes, pipes.pipes),
        runs=kept(memory, pipe_states, pipes.pipes, coolant),
        facility=water.pipes,
        facility_pipe_sizes=water.sizes,
        findings=(
            *cooling_findings(
                plant,
                assumptions,
                loops,
                rooms,
                returns=returns,
                liquid_kw=liquid,
                flows=flows.off_curve,
            ),
            *inlet_findings(plant, air, elevation, assumptions),
            *kept(memory, pipe_findings, plant, pipes.pipes.piping, assumptions),
            *facility_findings(plant, water, assumptions),
        ),
        working=(
            *_working(plant, assumptions, coolant, (liquid, air, total_given), rooms),
            *pipe_working(plant, pipes, assumptions, total_flow),
            *facility_working(water, assumptions),
        ),
    )


def _where(has: Bools, values: Floats) -> tuple[float | None, ...]:
    """The values of those that have one, None for the rest."""
    found = values.astype(object)
    found[~has] = None
    return tuple(found.tolist())


def _cdu_loads(plant: Plant, arrays: LoopArrays, pipes: LoopFlows) -> CduLoads:
    cdus, states = plant.cdus, pipes.states

    def column(values: Floats) -> Floats:
        out = np.zeros(len(cdus))
        out[pipes.stated] = values
        return out

    binds = np.full(len(cdus), "none", dtype=object)
    binds[pipes.stated] = states.binds
    return CduLoads(
        id=cdus.id,
        tag=cdus.tag,
        loop=tuple(plant.loops.id[i] if i >= 0 else "" for i in cdus.loop.tolist()),
        load_kw=arrays.cdu_load_kw,
        capacity_kw=arrays.cdu_capacity_kw,
        flow_lpm=arrays.cdu_flow_lpm,
        load_fraction=arrays.cdu_load_fraction,
        lost_one_fraction=arrays.cdu_lost_one_fraction,
        limit_kw=column(states.capacity_kw),
        binds=tuple(binds.tolist()),
        margin_fraction=column(states.margin_fraction),
        supply_c=column(states.supply_c),
        approach_k=column(states.approach_k),
        valve_fraction=column(states.valve_fraction),
        pump_head_kpa=pipes.head_kpa,
        pump_speed_fraction=pipes.speed,
    )


def _working(
    plant: Plant,
    assumptions: Assumptions,
    coolant: Coolant,
    sums: tuple[Floats, Floats, float],
    rooms: AirSide,
) -> tuple[Working, ...]:
    site = plant.site
    supply = stated("tcs_supply_c", site.tcs_supply_c, "°C")
    fws = stated("fws_supply_c", site.fws_supply_c, "°C")
    properties = (
        computed(f"density of {site.coolant}", coolant.density_kg_m3, "kg/m3"),
        computed(f"specific heat of {site.coolant}", coolant.heat_capacity_kj_kg_k, "kJ/(kg K)"),
    )
    used = sorted({i for i in plant.racks.flow_curve.tolist() if i >= 0})
    curves = tuple(
        read_off(
            plant.flow_curves[i],
            float(np.interp(site.tcs_supply_c, plant.flow_curves[i].x, plant.flow_curves[i].y)),
            "L/min",
        )
        for i in used
    )
    liquid, air, given_lpm = sums
    heat = computed("cooling.liquid_kw", float(liquid.sum()), "kW")
    incropera = 'F. P. Incropera et al., "Fundamentals of Heat and Mass Transfer", 7th ed., 8.3'
    return (
        Working(
            figure="cooling.liquid_kw",
            formula_id="heat-split",
            formula="sum of rack power times liquid share",
            function="engine.cooling.circuits.cool",
            reference="Definition",
            inputs=(computed("power.rack_kw, sum", float(liquid.sum() + air.sum()), "kW"),),
        ),
        Working(
            figure="cooling.air_kw",
            formula_id="heat-split",
            formula="sum of rack power less heat to the coolant",
            function="engine.cooling.circuits.cool",
            reference="Definition",
            inputs=(computed("power.rack_kw, sum", float(liquid.sum() + air.sum()), "kW"), heat),
        ),
        Working(
            figure="cooling.flow_lpm",
            formula_id="coolant-flow",
            formula="the rack's curve at the supply temperature, else per kW, else Q/(rho cp dT)",
            function="engine.cooling.circuits.rack_flows",
            reference=incropera,
            inputs=(supply, heat, *curves, *properties, *cited(assumptions, "cooling.tcs_rise_k")),
        ),
        Working(
            figure="cooling.tcs_return_c",
            formula_id="coolant-rise",
            formula="supply + Q/(rho cp V) of the flow that reaches each rack, weighted by it",
            function="engine.cooling.circuits.coolant_rise_k",
            reference=incropera,
            inputs=(
                supply,
                heat,
                computed("flow that reaches the racks", given_lpm, "L/min"),
                *properties,
            ),
        ),
        Working(
            figure="cooling.loops",
            formula_id="lose-one",
            formula="capacity at the approach there is, less the largest spares, against the heat",
            function="engine.cooling.loops.loop_arrays",
            reference='W. M. Kays and A. L. London, "Compact Heat Exchangers", 3rd ed., ch. 2',
            inputs=(supply, fws, heat),
        ),
        Working(
            figure="cooling.airflow_m3_h",
            formula_id="air-flow",
            formula="Q/(rho cp dT)",
            function="engine.cooling.air.airflow_m3_s",
            reference='ASHRAE Handbook, "Fundamentals", 2017, ch. 1',
            inputs=(
                computed("cooling.air_kw", float(air.sum()), "kW"),
                stated("air_supply_c", site.air_supply_c, "°C"),
                *cited(assumptions, "cooling.air_rise_k"),
            ),
        ),
        Working(
            figure="cooling.air_capacity_kw",
            formula_id="air-capacity",
            formula="sum of the air handlers' capacity",
            function="engine.cooling.air.air_side",
            reference="Definition",
            inputs=(
                computed("air handlers", len(plant.air_handlers)),
                computed("heat without an air handler", rooms.unserved_kw, "kW"),
            ),
        ),
    )
