"""What the cooling of a plant holds in reserve: the study behind the page of cooling."""

from typing import Any

from engine.assumptions import Assumptions
from engine.cooling.coolants import coolant_at, coolant_table
from engine.cooling.design_day import design_day
from engine.evaluation import Input
from engine.faults.redundancy import Study, study_of
from engine.plain import number
from engine.plant import Plant
from engine.provenance import cited, stated
from engine.reserves.heat import fans_told, rejection_told
from engine.reserves.loops import loops_told
from engine.reserves.words import entry


def cooling_reserves(plant: Plant, assumptions: Assumptions) -> dict[str, Any]:
    """Pumps, valves, fans, coils, heat rejection and time of a plant, on its design day.

    Parameters
    ----------
    plant : Plant
        The plant.
    assumptions : Assumptions
        As for an evaluation.

    Returns
    -------
    dict
        ``loops``, those alike once; ``fans``, ``rejection``, ``coolant`` and ``working``.

    Raises
    ------
    NotSettled
        If losses and cooling do not come together.

    Notes
    -----
    Definition. The steady state of `engine.operation.operate`.
    """
    return cooling_of(study_of(plant, assumptions))


def cooling_of(study: Study) -> dict[str, Any]:
    """The same as `cooling_reserves`, of a plant whose steady state is known already.

    Parameters
    ----------
    study : Study
        The plant in steady operation.

    Returns
    -------
    dict
        As `cooling_reserves`.

    Notes
    -----
    Definition.
    """
    plant, assumptions = study.plant, study.assumptions
    day = design_day(plant, assumptions)
    return {
        "heat_kw": number(study.operation.cooling.liquid_kw),
        "air_kw": number(study.operation.cooling.air_kw),
        "loops": loops_told(study, assumptions),
        "fans": fans_told(study, assumptions),
        "rejection": rejection_told(study, day, assumptions),
        "coolant": _coolant(study),
        "working": _working(study, day.inputs, assumptions),
    }


def _coolant(study: Study) -> dict[str, Any]:
    """Properties of the coolant where it enters and leaves the racks, and between."""
    site = study.plant.site
    warm = study.operation.cooling.tcs_return_c or site.tcs_supply_c
    temps = [site.tcs_supply_c, (site.tcs_supply_c + warm) / 2.0, warm]
    table = coolant_table(site.coolant, temps)
    names = ("density_kg_m3", "heat_capacity_kj_kg_k", "viscosity_pa_s", "conductivity_w_m_k")
    return {
        "name": site.coolant,
        "freezing_c": number(coolant_at(site.coolant, temps[1]).freezing_c),
        "rows": [
            {"temp_c": number(temp)}
            | {name: number(float(getattr(table, name)[place])) for name in names}
            for place, temp in enumerate(temps)
        ],
    }


def _working(
    study: Study, climate: tuple[Input, ...], assumptions: Assumptions
) -> list[dict[str, Any]]:
    def lines(*names: str) -> tuple[Input, ...]:
        return cited(assumptions, *names)

    site = study.plant.site
    return [
        entry("Pumps", "H = h0 s² - h2 Q² through the rated point; system H = p0 + k Q²; speed and "
              "flow where both meet; P = ρ g Q H / η(Q/s), η = η_max (1 - c (Q/(s Q_bep) - 1)²)",
              "I. J. Karassik et al., Pump Handbook, 4th ed., 2008",
              lines("tcs.pump_shutoff_ratio", "cooling.pump_static_share",
                    "cooling.pump_efficiency", "reserve.pump_drive_efficiency",
                    "reserve.pump_efficiency_curvature", "tcs.pump_min_speed")),
        entry("CDUs after the loss of one", "each of those left takes n/(n - 1)", "Definition", ()),
        entry("Control valves", "authority Δp_v/(Δp_v + Δp_rest); Kv = Q √(ρ/1000/Δp); a valve "
              "burns what the worst rack's way loses more than its own",
              "IEC 60534-2-1:2011; IEC 60534-2-4:2009",
              lines("tcs.picv_dp_min_kpa", "tcs.control_valves", "reserve.valve_authority_min",
                    "reserve.valve_rangeability")),
        entry("Time without heat sink or pumps", "dT/dt = Q/(ρ c V + m c); pumps run out as "
              "1/(1 + t/τ), the rise over a cold plate grows as 1 + t/τ",
              "physical balance; Pump Handbook, sec. 2.3",
              lines("transient.loop_litres_per_kw", "transient.plate_litres_per_kw",
                    "transient.metal_kj_k_per_kw", "transient.pump_coast_s",
                    "transient.throttle_return_c", "transient.alarm_rise_k")),
        entry("Fans after the loss of one", "speed n/(n - 1) up to full speed, power with its cube",
              "fan laws", lines("cooling.fan_min_speed")),
        entry("Coils in warmer water", "Q = ε C_min (T_air - T_water), crossflow, both unmixed",
              "VDI Heat Atlas, 2nd ed., part C1",
              (stated("air supply", site.air_supply_c, "°C"),
               *lines("cooling.air_rise_k", "cooling.fws_rise_k", "cooling.air_coil_approach_k"))),
        entry("Heat rejection on the design day", "free share = (T_ret - T_reach)/(T_ret - T_set); "
              "towers by Merkel; chillers Q C(x,y), E_T(x,y), E_L(p) with the number of units that "
              "draws least and bears the loss of one",
              "EnergyPlus Engineering Reference; Merkel 1925",
              (*climate, *lines("rejection.recirculation_k", "rejection.chiller_carnot_fraction",
                                "rejection.cycles_of_concentration",
                                "rejection.latent_heat_kj_kg"))),
        entry("Tank of facility water", "V = Q t/(ρ c ΔT) - V_pipes", "Definition",
              lines("transient.generator_start_s", "transient.chiller_restart_s",
                    "transient.pump_restart_s", "reserve.tank_rise_k")),
        entry("Weight of a filled pipe", "π/4 D² ρ + π (D + s) s ρ_steel", "Definition",
              lines("reserve.pipe_wall_mm")),
    ]  # fmt: skip
