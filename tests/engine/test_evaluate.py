import json
import math
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings

from engine import Assumptions, Plant, evaluate
from engine.plant import Waiver
from tests.strategies import empty_hall, large_hall, plants, pod

LINES = Assumptions.load()
TOP = [
    "schema", "engine", "level", "design", "space", "power", "cooling", "energy", "compute",
    "cost", "shortfall", "year", "ranges", "elements", "findings", "provenance",
]  # fmt: skip
PARTS = {
    "space": {"hall_area_m2", "racks", "rack_footprint_m2", "density", "floor_load", "heat_map"},
    "power": {"basis", "it_kw", "facility_kw", "loss_kw", "sides", "nodes", "chain", "feeders"},
    "cooling": {
        "coolant", "liquid_kw", "air_kw", "flow_lpm", "tcs_supply_c", "tcs_return_c",
        "air_capacity_kw", "airflow_m3_h", "loops", "pipes", "cdus", "pipe_sizes", "facility",
        "facility_pipe_sizes", "runs",
    },
    "elements": {"racks", "rows", "modules"},
}  # fmt: skip
HEADLINES = (
    "space.hall_area_m2", "space.density.footprint_kw_m2", "space.density.pitch_kw_m2",
    "space.density.gross_kw_m2", "space.density.map_max_kw_m2", "space.floor_load.max_spread_kpa",
    "power.it_kw", "power.loss_kw", "power.facility_kw", "cooling.liquid_kw", "cooling.air_kw",
    "cooling.flow_lpm", "cooling.pipes.required_kpa", "energy.pue",
    "compute.tokens_per_s", "cost.usd_per_mtok",
)  # fmt: skip


def result(plant, level="study"):
    return evaluate(plant, LINES, level).to_json()


def text(plant):
    return json.dumps(result(plant), allow_nan=False)


def test_the_result_has_the_published_keys():
    found = result(pod())

    assert list(found) == TOP
    for part, keys in PARTS.items():
        assert set(found[part]) == keys


def test_a_pod_of_eight_racks_end_to_end():
    found = result(pod())

    assert found["power"]["it_kw"] == 1056.0
    assert found["cooling"]["liquid_kw"] == 920.0
    assert found["cooling"]["air_kw"] == 136.0
    assert found["cooling"]["loops"][0]["n_plus_1"] is True
    assert found["cooling"]["loops"][0]["lost_one_capacity_kw"] == 1000.0
    assert found["compute"]["gpus"] == 576
    assert found["elements"]["modules"]["it_kw"] == [1056.0]
    assert found["elements"]["rows"][0]["rack_ids"] == [f"rack-{n:02}" for n in range(8)]


def test_more_liquid_heat_is_no_longer_n_plus_1():
    (loop,) = result(pod(liquid_kw=130.0))["cooling"]["loops"]

    assert loop["n_plus_1"] is False
    assert len(loop["starved_rack_ids"]) == 8


@pytest.mark.parametrize("plant", [Plant(), empty_hall(), pod(0)], ids=["void", "hall", "pod"])
def test_without_racks_the_result_is_complete_and_gives_reasons(plant):
    found = result(plant)

    assert list(found) == TOP
    assert found["power"]["it_kw"] == 0.0
    assert found["energy"]["pue"] is None
    assert found["compute"]["reason"]
    assert found["cost"]["usd_per_mtok"] is None
    assert found["cost"]["reason"]
    assert found["space"]["heat_map"] is None
    json.dumps(found, allow_nan=False)


@pytest.mark.parametrize("figure", HEADLINES)
def test_every_headline_shows_its_working(figure):
    entry = result(pod())["provenance"][figure]

    assert entry["formula"]
    assert entry["function"].startswith("engine.")
    assert entry["reference"]
    assert entry["inputs"]


def test_provenance_points_at_figures_that_are_there():
    found = result(pod())
    for path in found["provenance"]:
        value = found
        for key in path.split("."):
            value = value[key]


def test_provenance_names_functions_that_are_there():
    import importlib

    for entry in result(pod())["provenance"].values():
        module, _, name = entry["function"].rpartition(".")
        assert callable(getattr(importlib.import_module(module), name))


def test_the_edit_level_differs_only_by_the_map_and_the_year():
    study, edit = result(pod()), result(pod(), "edit")

    assert study["space"].pop("heat_map")["kw_m2"]
    assert edit["space"].pop("heat_map") is None
    assert study.pop("year") and edit.pop("year") is None
    assert {**study, "level": ""} == {**edit, "level": ""}


def test_evaluating_twice_gives_equal_bytes():
    assert text(pod()) == text(pod())
    assert text(large_hall(320)) == text(large_hall(320))


@settings(max_examples=25, deadline=None)
@given(plant=plants())
def test_any_plant_gives_finite_figures_that_balance(plant):
    found = json.loads(text(plant))

    power, cooling, energy = found["power"], found["cooling"], found["energy"]
    assert cooling["liquid_kw"] + cooling["air_kw"] == pytest.approx(power["it_kw"], rel=1e-9)
    assert power["chain"][0]["in_kw"] == pytest.approx(power["facility_kw"], rel=1e-6, abs=1e-6)
    assert sum(found["elements"]["racks"]["it_kw"]) == pytest.approx(power["it_kw"], abs=1e-4)
    assert sum(row["it_kw"] for row in found["elements"]["rows"]) == pytest.approx(
        power["it_kw"], rel=1e-9
    )
    if energy["pue"] is not None:
        assert energy["pue"] >= 1.0
        assert math.isfinite(energy["pue"])


@settings(max_examples=15, deadline=None)
@given(plant=plants())
def test_the_order_of_racks_changes_no_total(plant):
    order = np.arange(len(plant.racks))[::-1]
    racks = plant.racks
    columns = {
        name: tuple(np.array(getattr(racks, name), dtype=object)[order])
        if isinstance(getattr(racks, name), tuple)
        else getattr(racks, name)[order]
        for name in racks.__dataclass_fields__
    }
    turned = replace(plant, racks=replace(racks, **columns))

    here, there = result(plant), result(turned)

    assert there["power"]["facility_kw"] == pytest.approx(here["power"]["facility_kw"], rel=1e-9)
    assert {f["rule"] for f in there["findings"]} == {f["rule"] for f in here["findings"]}


def test_a_feed_limit_is_judged_by_the_whole_site():
    plant = pod()
    facility = evaluate(plant, LINES).facility_kw
    limited = replace(plant, site=replace(plant.site, feed_limit_kw=facility - 1.0))
    enough = replace(plant, site=replace(plant.site, feed_limit_kw=facility + 1.0))

    (finding,) = [f for f in evaluate(limited, LINES).findings if f.rule == "POW-FEED-LIMIT"]
    assert finding.is_blocking
    assert finding.measured == pytest.approx(facility)
    assert "POW-FEED-LIMIT" not in {f.rule for f in evaluate(enough, LINES).findings}


def test_a_waiver_lasts_to_its_day_and_the_finding_stays():
    waiver = Waiver(
        id="w", rule="POW-SIDE-LOST", element_ids=("busway-a",), reason="second busway in May",
        expires_on=date(2027, 5, 31), granted_by="Lead",
    )  # fmt: skip
    plant = replace(pod(busway_kw=1200.0), waivers=(waiver,))

    def waived(as_of):
        findings = evaluate(plant, LINES, as_of=as_of).findings
        return [f.waiver.in_force for f in findings if f.element_ids == ("busway-a",)]

    assert waived(date(2027, 5, 31)) == [True]
    assert waived(date(2027, 6, 1)) == [False]


def test_blocking_findings_come_first():
    crowded = pod(busway_kw=500.0)
    severities = [finding.severity for finding in evaluate(crowded, LINES).findings]

    rank = ["blocking", "warning", "note"]
    assert severities == sorted(severities, key=rank.index)
    assert severities[0] == "blocking"


def test_the_designs_own_rule_value_reaches_the_findings():
    lines = Assumptions.load({"rule.FLOOR-LOAD": 5.0})

    assert "FLOOR-LOAD" in {finding.rule for finding in evaluate(pod(), lines).findings}
    assert "FLOOR-LOAD" not in {finding.rule for finding in evaluate(pod(), LINES).findings}
