from dataclasses import replace

import pytest

from engine.assumptions import Assumptions
from engine.faults.redundancy import NothingToLose
from engine.plant import PowerNodes, Racks
from engine.studies import heat_load_sweep, lose_one
from tests.strategies import empty_hall, pod

LINES = Assumptions.load()


def case(plant, element_id):
    (found,) = lose_one(plant, LINES, element_id)["cases"]
    return found


def test_a_pod_that_is_n_plus_1_loses_a_cdu_without_harm():
    lost = case(pod(), "cdu-0")

    assert lost["severity"] == "none"
    assert lost["cooling"]["capacity_left_kw"] == 1000.0
    assert lost["cooling"]["heat_kw"] == pytest.approx(920.0)


def test_more_liquid_heat_than_two_cdus_carry_names_the_racks():
    lost = case(pod(liquid_kw=130.0), "cdu-1")

    assert lost["severity"] == "blocking"
    assert lost["cooling"]["starved_rack_ids"] == [f"rack-{n:02}" for n in range(8)]
    assert lost["cooling"]["liquid_lost_kw"] == pytest.approx(40.0)


def test_losing_a_busway_moves_everything_to_the_other():
    lost = case(pod(busway_kw=1200.0), "busway-a")

    assert lost["power"]["racks_on_one_side"] == 8
    assert lost["power"]["nodes_over"] == ["busway-b"]
    assert lost["power"]["it_lost_kw"] == 0.0
    assert lost["severity"] == "warning"


def test_a_rack_on_one_side_goes_dark_with_it():
    plant = pod()
    racks: Racks = replace(plant.racks, feed_b=[-1, *[1] * 7])

    lost = case(replace(plant, racks=racks), "busway-a")

    assert lost["power"]["dark_rack_ids"] == ["rack-00"]
    assert lost["power"]["it_lost_kw"] == pytest.approx(132.0)
    assert lost["severity"] == "blocking"


def test_a_node_takes_the_cdus_along_that_only_it_feeds():
    plant = pod()
    cdus = replace(plant.cdus, feed_b=[-1, -1, -1])

    lost = case(replace(plant, cdus=cdus), "busway-a")

    assert lost["cooling"]["capacity_left_kw"] == 0.0
    assert len(lost["cooling"]["starved_rack_ids"]) == 8


def test_a_lost_ups_takes_the_busway_below_it_along():
    plant = pod()
    below = plant.power_nodes
    nodes = PowerNodes(
        id=(*below.id, "ups-a"),
        tag=(*below.tag, "UPS-A"),
        kind=(*below.kind, "ups"),
        side=(*below.side, "A"),
        parent=[2, -1, -1],
        rating_kw=[2000.0, 1200.0, 2000.0],
    )

    lost = case(replace(plant, power_nodes=nodes), "ups-a")

    assert lost["power"]["racks_on_one_side"] == 8
    assert lost["power"]["nodes_over"] == ["busway-b"]


def test_every_piece_is_lost_once_worst_first():
    cases = lose_one(pod(liquid_kw=130.0), LINES)["cases"]

    assert {c["id"] for c in cases} == {
        "busway-a", "busway-b", "cdu-0", "cdu-1", "cdu-2", "fan-wall",
    }  # fmt: skip
    order = [["blocking", "warning", "none"].index(c["severity"]) for c in cases]
    assert order == sorted(order)


def test_an_empty_hall_has_nothing_to_lose():
    assert lose_one(empty_hall(), LINES) == {"cases": []}
    with pytest.raises(NothingToLose):
        lose_one(pod(), LINES, "rack-00")


def test_the_sweep_follows_the_load():
    sweep = heat_load_sweep(pod(), LINES)

    it_kw = [row["it_kw"] for row in sweep["rows"]]
    assert it_kw == pytest.approx([1056.0 * fraction for fraction in sweep["fractions"]])
    facility = [row["facility_kw"] for row in sweep["rows"]]
    assert facility == sorted(facility)
    assert all(row["pue"] >= 1.0 for row in sweep["rows"])
