from dataclasses import replace

import numpy as np
import pytest

from engine.assumptions import Assumptions
from engine.faults.redundancy import NothingToLose
from engine.plant import HeatRejectionUnits, PowerNodes, Racks, Site
from engine.studies import heat_load_sweep, lose_one
from tests.strategies import empty_hall, pod

LINES = Assumptions.load()


def case(plant, element_id):
    (found,) = lose_one(plant, LINES, element_id)["cases"]
    return found


def test_a_pod_that_is_n_plus_1_loses_a_cdu_without_harm():
    cool = Site(tcs_supply_c=40.0, fws_supply_c=35.0)
    lost = case(replace(pod(), site=cool), "cdu-0")

    assert lost["severity"] == "none"
    assert lost["cooling"]["capacity_left_kw"] == 1000.0
    assert lost["cooling"]["heat_kw"] == pytest.approx(920.0)


def test_heat_beyond_the_rating_of_two_cdus_settles_warmer_and_costs_nothing():
    lost = case(weak(pod(liquid_kw=130.0), 300.0), "cdu-1")

    cooling = lost["cooling"]
    assert cooling["heat_kw"] == pytest.approx(1040.0) and cooling["capacity_left_kw"] == 600.0
    assert cooling["supply_c"] > cooling["supply_set_c"] + 0.1
    assert cooling["return_c"] < cooling["return_allowed_c"]
    assert cooling["slowed_rack_ids"] == [] and lost["lost_kw"] == 0.0
    assert lost["severity"] == "warning"


def weak(plant, capacity_kw=100.0):
    """The same with CDUs two of which leave the racks above their limit."""
    few = np.full(len(plant.cdus), capacity_kw)
    return replace(plant, cdus=replace(plant.cdus, capacity_kw=few))


def test_heat_that_two_cdus_cannot_hold_within_limits_names_the_racks():
    lost = case(weak(pod(liquid_kw=130.0)), "cdu-1")

    assert lost["severity"] == "blocking"
    assert lost["cooling"]["slowed_rack_ids"] == [f"rack-{n:02}" for n in range(8)]
    assert lost["cooling"]["return_c"] > lost["cooling"]["return_allowed_c"]
    assert 0.0 < lost["cooling"]["liquid_lost_kw"] < 1040.0


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
        "utility-A", "utility-B",
    }  # fmt: skip
    order = [["blocking", "warning", "none"].index(c["severity"]) for c in cases]
    assert order == sorted(order)


def test_an_empty_hall_has_nothing_to_lose():
    assert lose_one(empty_hall(), LINES) == {"cases": [], "exposure": None}
    with pytest.raises(NothingToLose):
        lose_one(pod(), LINES, "rack-00")


def test_the_sweep_follows_the_load():
    sweep = heat_load_sweep(pod(), LINES)

    it_kw = [row["it_kw"] for row in sweep["rows"]]
    assert it_kw == pytest.approx([1056.0 * fraction for fraction in sweep["fractions"]])
    facility = [row["facility_kw"] for row in sweep["rows"]]
    assert facility == sorted(facility)
    assert all(row["pue"] >= 1.0 for row in sweep["rows"])


def exposure(plant, lines=LINES):
    return lose_one(plant, lines)["exposure"]


def test_cases_are_ranked_by_power_times_duration_times_how_often():
    plant = weak(pod(liquid_kw=130.0))
    racks: Racks = replace(plant.racks, feed_b=[-1, *[1] * 7])

    cases = lose_one(replace(plant, racks=racks), LINES)["cases"]

    ranks = [row["lost_kw"] * row["repair_h"] * row["failures_per_year"] for row in cases]
    assert ranks == sorted(ranks, reverse=True)
    assert ranks == pytest.approx([row["kwh_per_year"] for row in cases])
    assert ranks[0] > 0.0


def test_racks_above_their_limit_count_by_the_power_that_they_give_up():
    lost = case(weak(pod(liquid_kw=130.0)), "cdu-1")

    given_up = lost["cooling"]["liquid_lost_kw"] / 1040.0
    assert lost["lost_kw"] == pytest.approx(8 * 132.0 * given_up)
    over_k = lost["cooling"]["return_c"] - lost["cooling"]["return_allowed_c"]
    assert given_up == pytest.approx(LINES.value("transient.throttle_per_k") * over_k, rel=1e-6)


def test_a_rack_that_is_dark_and_uncooled_counts_once():
    plant = pod()
    cdus = replace(plant.cdus, feed_b=[-1, -1, -1])
    racks = replace(plant.racks, feed_b=[-1, *[1] * 7])

    lost = case(replace(plant, racks=racks, cdus=cdus), "busway-a")

    assert lost["lost_kw"] == pytest.approx(8 * 132.0)


def test_losing_a_utility_feed_takes_all_that_hangs_on_it():
    plant = pod()
    racks: Racks = replace(plant.racks, feed_b=[-1, *[1] * 7])

    lost = case(replace(plant, racks=racks), "utility-A")

    assert lost["power"]["dark_rack_ids"] == ["rack-00"]
    assert lost["power"]["racks_on_one_side"] == 7


def test_a_cooler_that_leaves_too_little_costs_power():
    units = HeatRejectionUnits(
        id=("dc-1", "dc-2"), kind=("dry_cooler",) * 2, capacity_kw=(600.0, 600.0)
    )

    lost = case(replace(pod(), heat_rejection=units), "dc-1")

    assert lost["rejection_left_kw"] == 600.0
    assert 0.0 < lost["lost_kw"] < 8 * 132.0
    assert lost["severity"] == "blocking"


def test_availability_of_ninety_percent_is_never_below_that_of_all():
    for plant in (pod(), pod(liquid_kw=130.0), pod(busway_kw=1200.0)):
        found = exposure(plant)

        assert 0.0 <= found["full_availability"] <= found["most_availability"] <= 1.0


def test_a_leak_shuts_the_pipe_off_and_counts():
    plant = pod()
    line = "reliability.quick_disconnect.per_year"
    tight, leaky = (exposure(plant, Assumptions.load({line: rate})) for rate in (0.0, 0.001))

    # Two quick disconnects at each rack, and all racks stand behind one header or another.
    more = leaky["events_per_year"] - tight["events_per_year"]
    assert more == pytest.approx(2 * len(plant.racks) * 0.001)
    assert leaky["kwh_lost_per_year"] > tight["kwh_lost_per_year"]
    assert leaky["full_availability"] < tight["full_availability"]


def test_one_more_cdu_never_lowers_availability():
    few, more = exposure(pod(cdus=2)), exposure(pod(cdus=3))

    assert few["full_availability"] < more["full_availability"]
    assert few["kwh_lost_per_year"] > more["kwh_lost_per_year"]


def test_a_second_feed_never_lowers_availability():
    plant = pod()
    single = replace(plant, racks=replace(plant.racks, feed_b=[-1] * 8))

    assert exposure(single)["full_availability"] < exposure(plant)["full_availability"]


def test_common_cause_lowers_availability():
    calm = Assumptions.load({"reliability.common_cause_fraction": 0.0})

    assert exposure(pod(), calm)["full_availability"] > exposure(pod())["full_availability"]


def test_a_generator_stands_in_for_the_utility():
    plant = pod()
    nodes = plant.power_nodes
    backed = PowerNodes(
        id=(*nodes.id, "genset"),
        kind=(*nodes.kind, "generator"),
        side=(*nodes.side, ""),
        rating_kw=[*nodes.rating_kw, 3000.0],
    )

    without = case(plant, "utility-A")["failures_per_year"]
    backed_up = case(replace(plant, power_nodes=backed), "utility-A")["failures_per_year"]

    assert backed_up == pytest.approx(without * LINES.value("reliability.generator.fails_to_start"))


def test_every_kind_of_equipment_has_a_failure_rate():
    kinds = ("transformer", "switchboard", "ups", "panel", "busway", "generator", "cdu", "tower")

    for kind in (*kinds, "air_handler", "dry_cooler", "chiller", "utility"):
        assert LINES.value(f"reliability.{kind}.per_year") > 0.0
        assert LINES.value(f"reliability.{kind}.repair_h") > 0.0


def test_an_overload_beyond_the_rating_cascades():
    lost = case(pod(busway_kw=800.0), "busway-a")

    assert lost["power"]["tripped"] == ["busway-b"]
    assert lost["power"]["cascade_kw"] == pytest.approx(8 * 132.0)
    assert lost["power"]["it_lost_kw"] == 0.0


def test_an_overload_within_the_rating_trips_nothing():
    lost = case(pod(busway_kw=1200.0), "busway-a")

    assert lost["power"]["nodes_over"] == ["busway-b"]
    assert lost["power"]["tripped"] == []
    assert lost["power"]["cascade_kw"] == 0.0
