"""Questions asked of a plant beyond its one nominal state."""

from collections.abc import Sequence
from typing import Any

from engine.assumptions import Assumptions
from engine.faults.exposure import Cut, Exposure, exposure
from engine.faults.redundancy import Loss, Study, single_losses, study_of
from engine.operation import Operation, at_heat_load, operate
from engine.plain import number
from engine.plant import Plant
from engine.power.flow import feed_limit_finding
from engine.rules import RuleSet, load_rules

FRACTIONS = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0)


def heat_load_sweep(
    plant: Plant, assumptions: Assumptions, fractions: Sequence[float] = FRACTIONS
) -> dict[str, Any]:
    """Key figures of a plant over a range of heat loads.

    Parameters
    ----------
    plant : Plant
        The plant; its own heat load fraction is replaced.
    assumptions : Assumptions
        As for an evaluation.
    fractions : sequence of float
        Shares of the rack power on the basis, 0 to 2. [-]

    Returns
    -------
    dict
        ``fractions`` and ``rows``, one row of figures per fraction; ``blocking`` counts the
        blocking findings of power and cooling, waivers aside.

    Raises
    ------
    Invalid
        If a fraction lies outside 0 to 2.

    Notes
    -----
    Definition. Each row is a steady state of its own: losses, pumps and fans follow the load.
    """
    rules = rules_of(plant, assumptions)
    rows = []
    for fraction in fractions:
        state = operate(at_heat_load(plant, fraction), rules, assumptions)
        rows.append(_sweep_row(plant, rules, fraction, state))
    return {"fractions": list(fractions), "rows": rows}


def lose_one(
    plant: Plant, assumptions: Assumptions, element_id: str | None = None
) -> dict[str, Any]:
    """What follows when one piece of equipment is lost, for each piece in turn.

    Parameters
    ----------
    plant : Plant
        The plant.
    assumptions : Assumptions
        As for an evaluation.
    element_id : str or None
        The one element to lose; None: all that carries power or heat, each in turn.

    Returns
    -------
    dict
        ``cases``, by power lost x duration x how often; with all of them ``exposure``: the
        availability of full IT power and of 90 %, and the energy expected to be lost.

    Raises
    ------
    NothingToLose
        If ``element_id`` names nothing that can be lost.

    Notes
    -----
    Definition. See `engine.faults.redundancy.single_losses` and `engine.faults.exposure.exposure`.
    """
    if element_id is not None:
        rules = rules_of(plant, assumptions)
        state = operate(plant, rules, assumptions)
        found = single_losses(plant, rules, state, assumptions, element_id)
        return {"cases": [_case(loss) for loss in found], "exposure": None}
    return losses_of(study_of(plant, assumptions))


def losses_of(study: Study) -> dict[str, Any]:
    """The same as `lose_one` for everything, of a plant whose steady state is known already.

    Parameters
    ----------
    study : Study
        The plant in steady operation.

    Returns
    -------
    dict
        As `lose_one`.

    Notes
    -----
    Definition.
    """
    losses = study.ranked(study.lose(case) for case in study.cases())
    return {
        "cases": [_case(loss) for loss in losses],
        "exposure": _exposure(exposure(study, losses)) if len(study.plant.racks) else None,
    }


def rules_of(plant: Plant, assumptions: Assumptions) -> RuleSet:
    """The plant's rule set with the design's own values.

    Notes
    -----
    Definition.
    """
    return load_rules(plant.rule_set).with_values(assumptions.rule_values)


def _sweep_row(plant: Plant, rules: RuleSet, fraction: float, state: Operation) -> dict[str, Any]:
    power, cooling, energy = state.power, state.cooling, state.energy
    findings = (
        *power.findings,
        *feed_limit_finding(plant, rules, energy.facility_kw),
        *cooling.findings,
        *energy.findings,
    )
    return {
        "heat_load_fraction": fraction,
        "it_kw": number(power.it_kw),
        "liquid_kw": number(cooling.liquid_kw),
        "air_kw": number(cooling.air_kw),
        "flow_lpm": number(cooling.flow_lpm),
        "facility_kw": number(energy.facility_kw),
        "pue": None if energy.pue is None else number(energy.pue),
        "loss_kw": number(power.loss_kw),
        "cooling_kw": number(energy.cooling_kw),
        "other_kw": number(energy.other_kw),
        "tcs_return_c": None if cooling.tcs_return_c is None else number(cooling.tcs_return_c),
        "blocking": sum(finding.is_blocking for finding in findings),
    }


def _case(loss: Loss) -> dict[str, Any]:
    power, cooling = loss.power, loss.cooling
    return {
        "id": loss.id,
        "tag": loss.tag,
        "kind": loss.kind,
        "power": {
            "racks_without_feed": len(power.dark_rack_ids),
            "dark_rack_ids": list(power.dark_rack_ids),
            "racks_on_one_side": power.racks_on_one_side,
            "nodes_over": list(power.nodes_over),
            "tripped": list(power.tripped),
            "cascade_kw": number(power.cascade_kw),
            "it_lost_kw": number(power.it_lost_kw),
            "worst_fraction": None
            if power.worst_fraction is None
            else number(power.worst_fraction),
        },
        "cooling": None
        if cooling is None
        else {
            "loop": cooling.loop,
            "starved_rack_ids": list(cooling.starved_rack_ids),
            "slowed_rack_ids": list(cooling.slowed_rack_ids),
            "heat_kw": number(cooling.heat_kw),
            "capacity_left_kw": number(cooling.capacity_left_kw),
            "flow_left_lpm": number(cooling.flow_left_lpm),
            "supply_c": number(cooling.supply_c),
            "supply_set_c": number(cooling.supply_set_c),
            "supply_allowed_c": number(cooling.supply_allowed_c),
            "return_c": number(cooling.return_c),
            "return_allowed_c": number(cooling.return_allowed_c),
            "liquid_lost_kw": number(cooling.liquid_lost_kw),
            "is_strained": cooling.is_strained,
        },
        "air_left_kw": number(loss.air_left_kw),
        "rejection_left_kw": None
        if loss.rejection_left_kw is None
        else number(loss.rejection_left_kw),
        "lost_kw": number(loss.lost_kw),
        "failures_per_year": number(loss.failures_per_year),
        "repair_h": number(loss.repair_h),
        "kwh_per_year": number(loss.kwh_per_year),
        "severity": loss.severity,
    }


def _exposure(found: Exposure) -> dict[str, Any]:
    return {
        "it_kw": number(found.it_kw),
        "full_availability": number(found.full_availability),
        "most_availability": number(found.most_availability),
        "kwh_lost_per_year": number(found.kwh_lost_per_year),
        "events_per_year": number(found.events_per_year),
        "common_cause_fraction": number(found.common_cause_fraction),
        "cuts": found.cuts,
        "worst": [_cut(cut) for cut in found.worst],
    }


def _cut(cut: Cut) -> dict[str, Any]:
    return {
        "tags": list(cut.tags),
        "kinds": list(cut.kinds),
        "lost_kw": number(cut.lost_kw),
        "unavailability": number(cut.unavailability),
        "failures_per_year": number(cut.failures_per_year),
        "kwh_per_year": number(cut.kwh_per_year),
    }
