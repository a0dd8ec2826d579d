"""A gate is green when the design is, and says by name what it still wants."""

import copy

import pytest

from analysis.assemble import assemble
from analysis.board import board
from analysis.design_file import open_design
from analysis.lifecycle import schedules, simulate_gates
from catalog.selectors import shipped_products
from engine.evaluate import evaluate
from engine.studies import lose_one
from layouts.samples import sample_file

WAIVER = {
    "id": "01890000-0000-7000-8000-0000000000aa",
    "kind": "waiver",
    "waiver": {
        "rule": "POW-SOURCE",
        "element_ids": [],
        "reason": "The utility hands over at 400 V",
        "expires_on": "2099-01-01",
        "granted_by": "Ada",
    },
}


@pytest.fixture
def pod():
    return copy.deepcopy(sample_file("pod"))


def of_kinds(content, *kinds):
    return [element for element in content["elements"] if element["kind"] in kinds]


def without(content, *kinds):
    """The design without some kinds; what they fed begins with itself."""
    gone = {element["id"] for element in of_kinds(content, *kinds)}
    content["elements"] = [each for each in content["elements"] if each["id"] not in gone]
    for element in content["elements"]:
        if element.get("upstream", {}).get("source") in gone:
            element["upstream"]["source"] = None
    return content


def seen(content):
    opened = open_design(content, shipped_products())
    plant, assumptions = assemble(opened.document, opened.products)
    result = evaluate(plant, assumptions, "edit").to_json()
    plans = schedules(opened.document, plant, result, opened.products)
    losses = lose_one(plant, assumptions)
    return plant, result, plans, losses


def phases_of(content):
    _, result, plans, losses = seen(content)
    return {p["name"]: p for p in board(result, plans, has_sweep=True, losses=losses)}


def gates_of(phase):
    return {gate["label"]: (gate["state"], gate["detail"]) for gate in phase["gates"]}


def test_the_sample_passes_every_gate(pod):
    assert {name: phase["state"] for name, phase in phases_of(pod).items()} == {
        "Design": "done",
        "Simulate": "done",
        "Deploy": "done",
    }


def test_a_hall_fed_by_nothing_does_not_pass(pod):
    phases = phases_of(without(pod, "ups", "switchboard", "transformer", "dry_cooler"))
    design = gates_of(phases["Design"])

    assert phases["Design"]["state"] == "active"
    state, tops = design["Side A: a transformer or generator above"]
    assert (state, "-A" in tops) == ("open", True), tops
    assert design["Side B: a transformer or generator above"][0] == "open"
    assert design["Dry coolers or chillers for"][0] == "open"
    assert phases["Deploy"]["state"] != "done"
    waits = gates_of(phases["Simulate"])["Waits for Design"][1]
    assert waits.endswith("above, Dry coolers or chillers.")


def test_a_waived_source_counts_as_one(pod):
    without(pod, "transformer")
    plant, *_ = seen(pod)
    tops = [i for i, p in zip(plant.power_nodes.id, plant.power_nodes.parent, strict=True) if p < 0]
    waiver = copy.deepcopy(WAIVER)
    waiver["waiver"]["element_ids"] = tops
    pod["elements"].append(waiver)

    design = gates_of(phases_of(pod)["Design"])

    assert design["Side A feeds every rack from a source"][0] == "done"


def test_a_rack_without_any_feed_fails_the_design(pod):
    rack = of_kinds(pod, "rack")[0]
    rack["feeds"] = {"a": None, "b": None}

    phase = phases_of(pod)["Design"]

    assert phase["state"] == "failed"
    assert gates_of(phase)["No feed at all:"] == ("failed", rack["identity"]["tag"])


def test_a_loss_that_stops_it_fails_the_gate_that_ran_it(pod):
    rack = of_kinds(pod, "rack")[0]
    rack["feeds"] = {**rack["feeds"], "b": None}
    _, result, _, losses = seen(pod)

    gates = gates_of({"gates": simulate_gates(result, has_sweep=True, losses=losses)})

    state, tags = gates["IT stops with the loss of"]
    assert (state, bool(tags)) == ("failed", True)
    assert "No single piece of equipment stops IT" not in gates


def test_a_loss_that_leaves_racks_short_of_coolant_fails_the_gate_and_is_no_overload(pod):
    _, result, _, losses = seen(pod)
    case = next(case for case in losses["cases"] if case["kind"] == "cdu")
    case["severity"] = "warning"
    case["cooling"] |= {"starved_rack_ids": ["rack"], "is_strained": True}

    gates = gates_of({"gates": simulate_gates(result, has_sweep=True, losses=losses)})

    state, words = gates["Racks are short of coolant with the loss of"]
    assert (state, words) == ("failed", f"{case['tag']}: up to 1 at once")
    assert "No single piece of equipment stops IT" not in gates
    assert gates["Every loop is N+1 by heat, rated flow and pipes"][0] == "done"


def test_a_phase_waits_for_the_one_before_it(pod):
    _, result, plans, _ = seen(pod)

    phases = board(result, plans, has_sweep=True, losses=None)

    assert [phase["state"] for phase in phases] == ["done", "active", "waiting"]
    assert phases[2]["gates"][0] == {
        "state": "open",
        "label": "Waits for Simulate",
        "detail": "Every single loss.",
    }


def test_figures_of_a_plant_that_starves_racks_say_so_beside_themselves(pod):
    _, result, plans, _ = seen(pod)
    starved = {**result, "shortfall": {"note": "8 racks lack coolant."}}

    held, short = (
        [phase["note"] for phase in board(each, plans, has_sweep=True, losses=None)]
        for each in (result, starved)
    )

    assert held == [None, None, None]
    assert short == [None, "8 racks lack coolant.", None]


def test_rack_power_counts_by_the_confidence_of_its_record(pod):
    deploy = gates_of(phases_of(pod)["Deploy"])

    state, detail = deploy["Rack power published or quoted"]
    assert (state, "GB300" in detail) == ("done", True)

    site = of_kinds(pod, "site")[0]
    site["power"] = {**site.get("power", {}), "basis": "tdp"}
    deploy = gates_of(phases_of(pod)["Deploy"])
    assert deploy["Rack power published by the makers"][0] == "done"


def test_the_rest_of_a_trade_is_not_called_undrawn(pod):
    """Switchboards, transformers and busways are drawn; only UPSs have a line of their own."""
    _, result, _, _ = seen(pod)

    labels = [line["label"] for line in result["cost"]["capex"]]

    assert "Electrical plant besides UPS" in labels
    assert "Mechanical plant besides CDUs, dry coolers" in labels
