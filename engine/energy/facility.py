"""Power of the whole site on its design day, and what follows: PUE and WUE."""

from dataclasses import dataclass, replace

import numpy as np

from engine.assumptions import Assumptions
from engine.cooling.air import air_density_kg_m3, airflow_m3_s, fan_power_kw
from engine.cooling.circuits import pump_power_kw
from engine.cooling.coolants import coolant_at
from engine.cooling.design_day import DesignDay, design_day
from engine.cooling.rejection import (
    Circuit,
    Coolers,
    Rejected,
    at_weather,
    chiller_method,
    circuit_of,
)
from engine.energy.metrics import power_usage_effectiveness
from engine.evaluation import CoolingResult, EnergyResult, Input, PowerResult, Working
from engine.findings import Finding, apart
from engine.plant import HeatRejectionKind, Plant
from engine.provenance import cited, computed, stated

BOUNDARY = "design day"
LEAST_CHILLED_WATER_C = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteLoads:
    """What the weather does not change, and the two circuits that it does."""

    fan_kw: float  # air handlers, drawn and assumed
    pump_kw: float
    other_kw: float
    fws: Circuit
    coils: Circuit
    loss_to_room: float  # share of electrical losses that the coils take


@dataclass(frozen=True, slots=True, kw_only=True)
class Balanced:
    """Power of one site at given electrical losses."""

    loads: SiteLoads
    fws: Rejected
    coils: Rejected
    rejection_kw: float
    chiller_kw: float
    cooling_kw: float
    facility_kw: float

    @property
    def water_l_per_h(self) -> float:
        """Make-up water of both circuits. [L/h]"""
        return float(self.fws.water_l_per_h + self.coils.water_l_per_h)


class Balance:
    """What the energy of one site rests on, so that finding it at other losses is cheap."""

    def __init__(
        self,
        plant: Plant,
        it_kw: float,
        cooling: CoolingResult,
        assumptions: Assumptions,
        day: DesignDay,
    ) -> None:
        value, site, pipes = assumptions.value, plant.site, cooling.facility
        self.plant, self.it_kw, self.cooling = plant, it_kw, cooling
        self.assumptions, self.day = assumptions, day
        self.loss_to_room = value("cooling.loss_to_room_fraction")
        self.m3_s_per_kw = airflow_m3_s(
            1.0, value("cooling.air_rise_k"), air_density_kg_m3(day.elevation_m, site.air_supply_c)
        )
        self.fans_kw = cooling.air_handler_fan_kw.sum()
        unpumped_lpm = max(cooling.flow_lpm - float(cooling.cdus.flow_lpm.sum()), 0.0)
        undrawn_pumps = pump_power_kw(
            unpumped_lpm, value("cooling.tcs_head_kpa"), value("cooling.pump_efficiency")
        )
        self.tcs_pumps_kw = float(cooling.cdu_pump_kw.sum() + undrawn_pumps)
        coil_c = site.air_supply_c - value("cooling.air_coil_approach_k")
        self.coil_water_c = max(coil_c, LEAST_CHILLED_WATER_C)
        fws_head, self.coil_head = (
            (pipes.cdu_head_kpa, pipes.coil_head_kpa) if pipes else (None, None)
        )
        heat = cooling.liquid_kw + self.tcs_pumps_kw
        self.fws_pumps_kw = _water_pumps_kw(heat, site.fws_supply_c, fws_head, assumptions)
        self.fws = circuit_of(
            heat + self.fws_pumps_kw,
            site.fws_supply_c,
            site.heat_rejection,
            _drawn_coolers(plant, cooling, heat + self.fws_pumps_kw, assumptions),
            assumptions,
        )
        self.fws_rejected = at_weather(self.fws, *self._outdoor)

    @property
    def _outdoor(self) -> tuple[float, float]:
        return self.day.weather.dry_bulb_c, self.day.weather.wet_bulb_c

    def loads(self, loss_kw: float) -> SiteLoads:
        """Heat of the two water circuits, pumps and fans at these electrical losses."""
        assumptions, kind = self.assumptions, self.plant.site.heat_rejection
        loss_heat = loss_kw * self.loss_to_room
        assumed_fans = fan_power_kw(
            (self.cooling.air_unserved_kw + loss_heat) * self.m3_s_per_kw,
            assumptions.value("cooling.fan_dp_pa"),
            assumptions.value("cooling.fan_efficiency"),
        )
        fans = float(self.fans_kw + assumed_fans)
        heat = self.cooling.air_kw + loss_heat + fans
        coil_pumps = _water_pumps_kw(heat, self.coil_water_c, self.coil_head, assumptions)
        heat += coil_pumps
        return SiteLoads(
            fan_kw=fans,
            pump_kw=self.tcs_pumps_kw + self.fws_pumps_kw + coil_pumps,
            other_kw=self.it_kw * assumptions.value("rejection.other_load_fraction"),
            fws=self.fws,
            coils=circuit_of(
                heat,
                self.coil_water_c,
                kind,
                _assumed_coolers(kind, heat, assumptions),
                assumptions,
            ),
            loss_to_room=self.loss_to_room,
        )

    def at(self, loss_kw: float) -> "Balanced":
        """The site at these electrical losses."""
        loads = self.loads(loss_kw)
        fws, coils = self.fws_rejected, at_weather(loads.coils, *self._outdoor)
        rejection_kw = float(fws.fan_kw + coils.fan_kw)
        chiller_kw = float(fws.chiller_kw + coils.chiller_kw)
        cooling_kw = loads.pump_kw + loads.fan_kw + rejection_kw + chiller_kw
        return Balanced(
            loads=loads,
            fws=fws,
            coils=coils,
            rejection_kw=rejection_kw,
            chiller_kw=chiller_kw,
            cooling_kw=cooling_kw,
            facility_kw=self.it_kw + loss_kw + cooling_kw + loads.other_kw,
        )

    def result(self, power: PowerResult) -> EnergyResult:
        """The energy step's answer, at the losses of a power flow."""
        found = self.at(power.loss_kw)
        has_it = power.it_kw > 0.0
        result = EnergyResult(
            pue=power_usage_effectiveness(found.facility_kw, power.it_kw) if has_it else None,
            boundary=BOUNDARY,
            facility_kw=found.facility_kw,
            cooling_kw=found.cooling_kw,
            other_kw=found.loads.other_kw,
            pump_kw=found.loads.pump_kw,
            fan_kw=found.loads.fan_kw,
            chiller_kw=found.chiller_kw,
            heat_rejection_kw=found.rejection_kw,
            wue_l_per_kwh=found.water_l_per_h / power.it_kw if has_it else None,
            itue=power.it_kw / power.compute_kw if has_it else None,
            tue=found.facility_kw / power.compute_kw if has_it else None,
            reason=None if has_it else "No PUE yet: there is no IT load.",
            findings=_findings(self.plant, self.cooling, found.fws, found.coils) if has_it else (),
        )
        working = _working(
            result,
            (self.plant, power, self.cooling),
            self.assumptions,
            self.day,
            (found.fws, found.coils),
            loads=found.loads,
        )
        return replace(result, working=working)


def site_loads(
    plant: Plant,
    power: PowerResult,
    cooling: CoolingResult,
    assumptions: Assumptions,
    day: DesignDay,
) -> SiteLoads:
    """Heat of the two water circuits, and the pumps and fans that run in any weather.

    Parameters
    ----------
    plant : Plant
        Set-points and heat rejection.
    power : PowerResult
        IT power and electrical losses.
    cooling : CoolingResult
        Heat and flow, pumps and fans that are drawn.
    assumptions : Assumptions
        Lines ``cooling.*`` and ``rejection.*``.
    day : DesignDay
        Whose height counts.

    Returns
    -------
    SiteLoads
        The coolant's heat goes to the facility water at its set-point, the air's heat to
        colder water for the coils.

    Notes
    -----
    Definition. Equipment that is not drawn is assumed, so that a half-drawn design does not
    look thrifty.
    """
    return Balance(plant, power.it_kw, cooling, assumptions, day).loads(power.loss_kw)


def facility(
    plant: Plant,
    power: PowerResult,
    cooling: CoolingResult,
    assumptions: Assumptions,
    day: DesignDay | None = None,
) -> EnergyResult:
    """Power of pumps, fans, heat rejection and chillers, and of the whole site.

    Parameters
    ----------
    plant : Plant
        Set-points, heat rejection and site.
    power : PowerResult
        IT power and electrical losses.
    cooling : CoolingResult
        Heat and flow, pumps and fans that are drawn.
    assumptions : Assumptions
        Lines ``cooling.*``, ``rejection.*`` and ``site.*``.
    day : DesignDay, optional
        Other weather than that of the design day.

    Returns
    -------
    EnergyResult
        On the design day; PUE is None without IT load.

    Notes
    -----
    Definition. The coolant's heat goes to the facility water at its set-point,
    the air's heat to colder water for the coils. Equipment that is not drawn
    is assumed, so that a half-drawn design does not look thrifty. Losses inside
    the rooms are part of the air's heat: `Balance` finds the power at other losses
    until both agree.
    """
    day = day or design_day(plant, assumptions)
    return Balance(plant, power.it_kw, cooling, assumptions, day).result(power)


def _water_pumps_kw(
    heat_kw: float, supply_c: float, head_kpa: float | None, assumptions: Assumptions
) -> float:
    """Pumps against the head of the pipes, or the assumed one where there are none."""
    rise = assumptions.value("cooling.fws_rise_k")
    water = coolant_at("water", supply_c + rise / 2.0)
    head = assumptions.value("cooling.fws_head_kpa") if head_kpa is None else head_kpa
    return float(
        pump_power_kw(
            heat_kw * 60.0 / (water.kj_per_litre_k * rise),
            head,
            assumptions.value("cooling.pump_efficiency"),
        )
    )


def _heads(cooling: CoolingResult) -> tuple[Input, ...]:
    """What the water is pumped against, where pipes say so."""
    pipes = cooling.facility
    if pipes is None:
        return ()
    named = (("CDUs", pipes.cdu_head_kpa), ("air handlers", pipes.coil_head_kpa))
    return tuple(
        computed(f"head of facility water, {name}", head, "kPa")
        for name, head in named
        if head is not None
    )


def _assumed_coolers(kind: HeatRejectionKind, heat_kw: float, assumptions: Assumptions) -> Coolers:
    machine = "tower" if kind == "tower" else "dry_cooler"
    return Coolers(
        capacity_kw=heat_kw,
        approach_k=assumptions.value(f"rejection.{machine}_approach_k"),
        fan_kw=heat_kw * assumptions.value(f"rejection.{machine}_fan_kw_per_kw"),
        is_drawn=False,
    )


def _drawn_coolers(
    plant: Plant, cooling: CoolingResult, heat_kw: float, assumptions: Assumptions
) -> Coolers:
    """Those that pipes join to a unit, where pipes are drawn."""
    units = plant.heat_rejection
    is_dry = (np.array(units.kind, dtype=object) == "dry_cooler") & (
        cooling.networks.of_cooler >= 0
    )
    each_kw = np.where(is_dry, units.capacity_kw, 0.0)
    capacity = float(each_kw.sum())
    kind = plant.site.heat_rejection
    if capacity <= 0.0 or kind == "tower":
        return _assumed_coolers(kind, heat_kw, assumptions)
    by_heat = each_kw * assumptions.value("rejection.dry_cooler_fan_kw_per_kw")
    fans_kw = np.where(is_dry & (units.fan_kw > 0.0), units.fan_kw, by_heat)
    return Coolers(
        capacity_kw=capacity,
        approach_k=float((units.approach_k * each_kw).sum() / capacity),
        fan_kw=float(fans_kw.sum()),
        is_drawn=True,
    )


def _findings(
    plant: Plant, cooling: CoolingResult, fws: Rejected, coils: Rejected
) -> tuple[Finding, ...]:
    units, found = plant.heat_rejection, []
    reach_c, mechanical_kw = float(fws.reach_c), float(fws.mechanical_kw)
    chillers = [
        i
        for i, (kind, network) in enumerate(
            zip(units.kind, cooling.networks.of_cooler.tolist(), strict=True)
        )
        if kind == "chiller" and network >= 0
    ]
    capacity = float(units.capacity_kw[chillers].sum())
    set_c = plant.site.fws_supply_c
    if mechanical_kw > 0.0 and not chillers:
        reached, wanted = apart(reach_c, set_c)
        found.append(
            Finding(
                rule="COOL-FWS-REACH",
                severity="warning" if len(units) else "note",
                discipline="cooling",
                title="The facility water cannot be held on the design day without a chiller",
                detail=(
                    f"The coolers reach {reached:.1f} °C against a set-point of {wanted:.1f} °C; "
                    f"{mechanical_kw:,.0f} kW of chiller are assumed and none is drawn."
                ),
                source="Dry-cooler approach on the design day",
                measured=reach_c,
                required=set_c,
                unit="°C",
                element_ids=tuple(units.id),
            )
        )
    needed = mechanical_kw + float(coils.mechanical_kw)
    if chillers and needed > capacity * (1.0 + 1e-9):
        asked, given = apart(needed, capacity)
        found.append(
            Finding(
                rule="COOL-CHILLER-CAP",
                severity="blocking",
                discipline="cooling",
                title="The chillers cannot take their heat on the design day",
                detail=f"{asked:,.0f} kW against {given:,.0f} kW of {len(chillers)} chillers.",
                source="Heat balance on the design day",
                measured=needed,
                required=capacity,
                unit="kW",
                element_ids=tuple(units.id[i] for i in chillers),
            )
        )
    return tuple(found)


def _working(
    result: EnergyResult,
    given: tuple[Plant, PowerResult, CoolingResult],
    assumptions: Assumptions,
    day: DesignDay,
    circuits: tuple[Rejected, Rejected],
    *,
    loads: SiteLoads,
) -> tuple[Working, ...]:
    plant, power, cooling = given
    fws, coils = circuits
    it = computed("power.it_kw", power.it_kw, "kW")
    loss = computed("power.loss_kw", power.loss_kw, "kW")
    parts = (
        computed("energy.pump_kw", result.pump_kw, "kW"),
        computed("energy.fan_kw", result.fan_kw, "kW"),
        computed("energy.heat_rejection_kw", result.heat_rejection_kw, "kW"),
        computed("energy.chiller_kw", result.chiller_kw, "kW"),
    )
    other = cited(assumptions, "rejection.other_load_fraction")
    fws_set = stated("fws_supply_c", plant.site.fws_supply_c, "°C")
    heats = (
        computed("heat to the facility water", float(fws.heat_kw), "kW"),
        computed("heat to the coils", float(coils.heat_kw), "kW"),
    )
    ashrae = 'ASHRAE Handbook, "HVAC Systems and Equipment", 2020, ch. 39'
    return (
        Working(
            figure="power.facility_kw",
            formula_id="site-power",
            formula="IT + electrical losses + cooling + other loads",
            function="engine.energy.facility.facility",
            reference="Definition",
            inputs=(it, loss, *parts, *other),
        ),
        Working(
            figure="energy.pue",
            formula_id="pue",
            formula="site power / IT power, at the design hour",
            function="engine.energy.metrics.power_usage_effectiveness",
            reference="ISO/IEC 30134-2:2016, cl. 5",
            inputs=(computed("power.facility_kw", result.facility_kw, "kW"), it),
        ),
        Working(
            figure="energy.tue",
            formula_id="tue",
            formula="site power / power that reaches the chips = PUE x ITUE, at the design hour",
            function="engine.power.direct.compute_kw",
            reference="M. K. Patterson et al., TUE, a new energy-efficiency metric, 2013",
            inputs=(
                computed("power.facility_kw", result.facility_kw, "kW"),
                computed("power that reaches the chips", power.compute_kw, "kW"),
                *cited(
                    assumptions,
                    "energy.compute_fraction",
                    "power.rack_shelf.efficiency",
                    "power.rack_converter.efficiency",
                ),
            ),
        ),
        Working(
            figure="energy.cooling_kw",
            formula_id="cooling-power",
            formula="pumps + fans + heat rejection + chillers",
            function="engine.energy.facility.facility",
            reference="Definition",
            inputs=parts,
        ),
        Working(
            figure="energy.other_kw",
            formula_id="other-power",
            formula="IT power x share of lighting, controls and offices",
            function="engine.energy.facility.facility",
            reference="Definition",
            inputs=(it, *other),
        ),
        Working(
            figure="energy.pump_kw",
            formula_id="pump-power",
            formula="CDU pumps at their flow + V dp/eta of the water circuits",
            function="engine.cooling.circuits.pump_power_kw",
            reference="Definition",
            inputs=(
                computed("CDU pumps", float(cooling.cdu_pump_kw.sum()), "kW"),
                *heats,
                *_heads(cooling),
                *cited(
                    assumptions,
                    "cooling.fws_rise_k",
                    "cooling.fws_head_kpa",
                    "cooling.tcs_head_kpa",
                    "cooling.pump_efficiency",
                    "cooling.pump_static_share",
                ),
            ),
        ),
        Working(
            figure="energy.fan_kw",
            formula_id="fan-power",
            formula="air handlers by the cube of speed + V dp/eta for heat without an air handler",
            function="engine.cooling.air.air_side",
            reference="Definition",
            inputs=(
                computed("air handler fans", float(cooling.air_handler_fan_kw.sum()), "kW"),
                loss,
                *cited(
                    assumptions,
                    "cooling.fan_dp_pa",
                    "cooling.fan_efficiency",
                    "cooling.fan_min_speed",
                    "cooling.loss_to_room_fraction",
                ),
            ),
        ),
        Working(
            figure="energy.heat_rejection_kw",
            formula_id="dry-cooler",
            formula="fans by the cube of r, r = (A0 q/(T_set - T_db))^(1/m)",
            function="engine.cooling.rejection.fan_ratio",
            reference=ashrae,
            inputs=(
                fws_set,
                *day.inputs,
                *heats,
                computed("water that the coolers reach", float(fws.reach_c), "°C"),
                *cited(
                    assumptions,
                    "rejection.dry_cooler_approach_k",
                    "rejection.dry_cooler_fan_kw_per_kw",
                    "rejection.flow_exponent",
                    "rejection.recirculation_k",
                    "rejection.adiabatic_effectiveness",
                ),
            ),
        ),
        Working(
            figure="energy.chiller_kw",
            formula_id="chiller-trim",
            formula="mechanical heat / COP",
            function="engine.cooling.rejection.at_weather",
            reference="EnergyPlus Engineering Reference; outside its fit the reversible COP",
            inputs=(
                computed("mechanical heat, facility water", float(fws.mechanical_kw), "kW"),
                computed("mechanical heat, coils", float(coils.mechanical_kw), "kW"),
                computed("method, facility water", chiller_method(loads.fws, fws)),
                computed("method, coils", chiller_method(loads.coils, coils)),
                *cited(
                    assumptions,
                    "rejection.chiller_carnot_fraction",
                    "rejection.chiller_evaporator_approach_k",
                    "rejection.chiller_condenser_approach_k",
                    "rejection.chiller_least_lift_k",
                ),
            ),
        ),
        Working(
            figure="energy.wue_l_per_kwh",
            formula_id="wue",
            formula="make-up water / IT energy, at the design hour",
            function="engine.cooling.rejection.at_weather",
            reference="ISO/IEC 30134-9",
            inputs=(
                computed("water", float(fws.water_l_per_h + coils.water_l_per_h), "L/h"),
                it,
                *cited(
                    assumptions,
                    "rejection.coil_air_rise_k",
                    "rejection.latent_heat_kj_kg",
                    "rejection.cycles_of_concentration",
                ),
            ),
        ),
    )
