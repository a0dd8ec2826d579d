"""What the supply of a plant holds in reserve: the study behind the page of power."""

from collections.abc import Iterable
from typing import Any

from engine.assumptions import Assumptions
from engine.cooling.design_day import design_day
from engine.evaluation import Input
from engine.faults.redundancy import Study, study_of
from engine.plain import number
from engine.plant import Floats, Plant
from engine.provenance import cited, computed, stated
from engine.reserves.levels import MOST_TOGETHER, Level, System, levels_of
from engine.reserves.supply_told import (
    batteries_told,
    busways_told,
    efficiency_told,
    generators_told,
    node_name,
    racks_told,
    swing_told,
)
from engine.reserves.topologies import SystemState, schemes, system_state
from engine.reserves.voltages import voltages
from engine.reserves.words import entry

SYSTEMS_TOLD = 40  # unlike systems of a level
ALIKE_TOLD = 200


def power_reserves(plant: Plant, assumptions: Assumptions) -> dict[str, Any]:
    """Redundancy, load swings, standby and voltages of the supply of a plant.

    Parameters
    ----------
    plant : Plant
        The plant.
    assumptions : Assumptions
        As for an evaluation.

    Returns
    -------
    dict
        ``levels`` of the supply with their systems and other schemes; ``racks``, ``swing``,
        ``generators``, ``batteries``, ``voltages``, ``busways``, ``efficiency``, ``working``.

    Raises
    ------
    NotSettled
        If losses and cooling do not come together.
    VoltageCollapse
        If the load has no steady state.

    Notes
    -----
    Definition. The steady state of `engine.operation.operate`, on the site's power basis.
    """
    return power_of(study_of(plant, assumptions))


def power_of(study: Study) -> dict[str, Any]:
    """The same as `power_reserves`, of a plant whose steady state is known already.

    Parameters
    ----------
    study : Study
        The plant in steady operation.

    Returns
    -------
    dict
        As `power_reserves`.

    Notes
    -----
    Definition.
    """
    plant, assumptions = study.plant, study.assumptions
    it_kw, facility_kw = study.operation.power.it_kw, study.operation.energy.facility_kw
    return {
        "it_kw": number(it_kw),
        "facility_kw": number(facility_kw),
        "basis": plant.site.basis,
        "levels": [_level(study, level) for level in levels_of(study)],
        "racks": racks_told(study, assumptions),
        "swing": swing_told(it_kw, facility_kw, assumptions),
        "generators": generators_told(study, facility_kw, assumptions),
        "batteries": batteries_told(study, assumptions),
        "voltages": [
            {
                "current": each.current,
                "nodes": each.nodes,
                "lowest_pu": number(each.lowest_pu),
                "lowest": node_name(study, each.lowest),
                "conductors_kw": number(each.conductors_kw),
                "booked_kw": number(each.booked_kw),
                "sweeps": each.sweeps,
            }
            for each in voltages(study, assumptions)
        ],
        "busways": busways_told(study, assumptions),
        "efficiency": efficiency_told(study, assumptions),
        "working": _working(study, assumptions),
    }


def _level(study: Study, level: Level) -> dict[str, Any]:
    alike: dict[tuple[object, ...], list[System]] = {}
    for system in level.systems:
        alike.setdefault(system.signature, []).append(system)
    told = list(alike.values())
    rating = study.limit_kw[level.nodes]
    load = float(study.operation.power.nodes.normal_kw[level.nodes].sum())
    rated = rating > 0.0
    return {
        "kind": level.kind,
        "depth": level.depth,
        "sources": len(level.nodes),
        "unrated": int((~rated).sum()),
        "rating_kw": number(float(rating.sum())),
        "load_kw": number(load),
        "systems": [_system(study, each) for each in told[:SYSTEMS_TOLD]],
        "left_out": len(told[SYSTEMS_TOLD:]),
        "schemes": _schemes(load, rating) if rated.all() and load > 0.0 else [],
    }


def _schemes(load_kw: float, rating_kw: Floats) -> list[dict[str, Any]]:
    return [
        {
            "name": each.name,
            "sources": each.sources,
            "limit_fraction": number(each.limit_fraction),
            "usable_kw": number(each.usable_kw),
            "needed": each.needed,
            "keeps_one": each.keeps_one,
            "keeps_in_maintenance": each.keeps_in_maintenance,
        }
        for each in schemes(load_kw, float(rating_kw.mean()), len(rating_kw))
    ]


def _system(study: Study, alike: list[System]) -> dict[str, Any]:
    first = alike[0]
    state = system_state(first)
    told = {
        "alike": len(alike),
        "others": [node_name(study, int(row)) for each in alike[1:] for row in each.nodes][
            :ALIKE_TOLD
        ],
        "reason": "" if state else _reason(first),
    }
    if state is None:
        rows = first.nodes.tolist()[:MOST_TOGETHER]
        return {**told, "state": None, "sources": [node_name(study, row) for row in rows]}
    return {**told, "state": _state(study, first, state), "sources": _sources(study, first, state)}


def _reason(system: System) -> str:
    if system.power_kw.sum() <= 0.0:
        return "no load"
    if not system.is_rated:
        return "no rating stated"
    return f"more than {MOST_TOGETHER} sources share loads"


def _state(study: Study, system: System, state: SystemState) -> dict[str, Any]:
    return {
        "scheme": state.scheme,
        "limit_fraction": number(state.limit_fraction),
        "usable_kw": number(state.usable_kw),
        "load_kw": number(state.load_kw),
        "dropped_kw": number(state.dropped_kw),
        "maintenance_dropped_kw": number(state.maintenance_dropped_kw),
        "is_maintainable": bool(state.is_maintainable.all()),
        "binding": node_name(study, int(system.nodes[min(state.binding, len(system.nodes) - 1)])),
        "trips": state.trips,
        "first_trip_s": number(state.first_trip_s),
        "cascade_kw": number(state.cascade_kw),
        "pairing_fraction": None
        if state.pairing_fraction is None
        else number(state.pairing_fraction),
        "groups": len(system.power_kw),
    }


def _sources(study: Study, system: System, state: SystemState) -> list[dict[str, Any]]:
    columns = (system.rating_kw, state.normal_kw, state.worst_kw, state.maintenance_kw)
    return [
        {
            **node_name(study, row),
            "rating_kw": number(rating),
            "normal_kw": number(normal),
            "worst_kw": number(worst),
            "maintenance_kw": number(kept),
        }
        for row, rating, normal, worst, kept in zip(
            system.nodes.tolist(), *(each.tolist() for each in columns), strict=True
        )
    ]


def _working(study: Study, assumptions: Assumptions) -> list[dict[str, Any]]:
    def lines(prefix: str) -> tuple[Input, ...]:
        return cited(assumptions, *(line for line in assumptions if line.startswith(prefix)))

    day = design_day(study.plant, assumptions)
    it = computed("power.it_kw", number(study.operation.power.it_kw), "kW")
    site = computed("energy.facility_kw", number(study.operation.energy.facility_kw), "kW")
    basis = stated("site.basis", study.plant.site.basis)
    entries: Iterable[dict[str, Any]] = (
        entry("Utilisation limit", "least of rating / load over the failure sets, times the load; "
              "N 1, N+1 (n-1)/n, 2N 1/2, 2(N+1) (n-1)/2n, k systems (k-1)/k, catcher n/(n+1)",
              "ANSI/TIA-942-C-2024, annex F; EN 50600-2-2:2019", (it, basis)),
        entry("Trips", "t = τ ln((x² - p²)/(x² - 1)) with x = load / 1.05 rating, τ = 600 s, from "
              "rest; the fullest source trips first, its loads move on",
              "IEC 60255-149:2013, clause 4.4", ()),
        entry("Coincidence", "peak of the sum over the sum of peaks at 99 %: "
              "σ² = (1 - r) Σs² + r (Σs)²",
              "A. Papoulis and S. U. Pillai, 4th ed., McGraw-Hill, 2002, section 7-1",
              (it, *lines("swing.rack_"))),
        entry("Training step", "mean held by storage: G = (d Ph + e (1-d) Pl)/(d + e (1-d)), "
              "E = (Ph - G) d T; ramp limited: storage = range of the running integral; swing in "
              "the band: root mean square by Fourier transform", "Definition",
              (it, site, *(each for each in lines("swing.") if ".rack_" not in each.name))),
        entry("Generators at the site", "rating × (1 - a max(h - h0, 0)/500 m) × "
              "(1 - b max(T - T0, 0)/5 K); run time = tank × usable / (load × fuel)",
              "ISO 8528-1:2018, clause 14; ISO 8528-5:2022, clause 7",
              (*day.inputs, *cited(assumptions, "rejection.recirculation_k"),
               *(each for each in lines("standby.") if "battery" not in each.name))),
        entry("Battery", "t = E u η / P (Pr / P)^(k - 1)", "W. Peukert, ETZ, vol. 20, 1897",
              (*lines("standby.battery_"), *cited(assumptions, "transient.generator_start_s"))),
        entry("Load flow", "backward and forward sweep: currents conj(S/V) summed to the source, "
              "drops Z I to the ends", "Shirmohammadi et al., IEEE Trans. Power Syst. 3(2), 1988",
              (*lines("power.feeder."),
               *cited(assumptions, "power.transformer.short_circuit_fraction"))),
        entry("Busways in warm air", "√3 U I cos φ × continuous share × factor of the air",
              "NFPA 70-2023, 210.20(A) and 215.3",
              (stated("air supply", study.plant.site.air_supply_c, "°C"),
               *cited(assumptions, "cooling.air_rise_k"), *lines("busway."))),
        entry("Efficiency", "η = x / (x + a + b x + c x²), best at x = √(a/c)",
              "N. Rasmussen, White Paper 113, Schneider Electric, 2011",
              (*lines("power.ups."), *lines("power.rectifier."), *lines("power.transformer."))),
    )  # fmt: skip
    return list(entries)
