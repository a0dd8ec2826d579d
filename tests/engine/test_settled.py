"""Where a loss of CDUs ends, and that the ride through it ends there too."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.assumptions import Assumptions
from engine.faults.loss_rides import ride_study
from engine.faults.redundancy import Study
from engine.faults.ride_through import Circuits, Outage, ride_through
from engine.faults.settled import settle
from engine.operation import operate
from engine.rules import load_rules
from engine.studies import lose_one
from tests.engine.test_loop_flows import hall

LINES = Assumptions.load({"transient.watch_s": 7200.0})
WEAK = {
    "little heat capacity": {"capacity": 0.35},
    "little flow": {"flow": 0.6},
    "little of both": {"capacity": 0.4, "flow": 0.5},
    "ample": {},
}


def loop(supply_c=40.0, **changes):
    """Four racks of 100 kW that ask for 10 kW/K each."""
    figures = {
        "loop": np.zeros(4, dtype=np.int64),
        "heat_kw": np.full(4, 100.0),
        "flow_kw_k": np.full(4, 10.0),
        "rack_kj_k": np.full(4, 100.0),
        "throttle_c": np.full(4, 60.0),
        "trip_c": np.full(4, 70.0),
        "pipe_kj_k": np.array([500.0]),
        "supply_c": np.array([supply_c]),
        "fws_supply_c": np.array([34]),
        "effect": np.array([0.7]),
        "fws_kj_k": np.zeros(1),
    }
    return Circuits(**(figures | changes))


def of_cdus(plant, capacity=1.0, flow=1.0):
    cdus = plant.cdus
    return replace(
        plant,
        cdus=replace(cdus, capacity_kw=capacity * cdus.capacity_kw, flow_lpm=flow * cdus.flow_lpm),
    )


@pytest.mark.parametrize("weakness", WEAK, ids=str)
def test_balance_and_ride_say_the_same_of_every_lost_cdu(weakness):
    plant = of_cdus(hall(cdus=2, cdu_lpm=1300.0), **WEAK[weakness])

    cases = {each["id"]: each for each in lose_one(plant, LINES)["cases"]}
    losses = [each for each in ride_study(plant, LINES)["losses"] if each["kind"] == "cdu"]

    assert len(losses) == 2
    for loss in losses:
        case = cases[loss["id"]]
        assert case["lost_kw"] == pytest.approx(loss["lost_kw"], rel=0.01)
        assert len(case["cooling"]["starved_rack_ids"]) == loss["racks_short"]
        assert len(case["cooling"]["slowed_rack_ids"]) == loss["racks_throttled"]
        assert (case["lost_kw"] > 0.0) == (loss["throttle_s"] is not None)


def test_the_pumps_left_give_their_rated_flow_at_most_where_the_head_is_easily_held():
    plant = hall(cdus=2, cdu_lpm=1000.0, head_kpa=900.0, dp_kpa=20.0)
    rules = load_rules("us-nec")
    study = Study(plant, rules, operate(plant, rules, LINES), LINES)

    left = study.shortage.remaining.given_lpm(np.array([True, False]))

    asked = study.operation.cooling.rack_given_lpm
    assert asked.sum() > 1200.0
    assert left.sum() == pytest.approx(1000.0)
    assert left / asked == pytest.approx(np.full(8, 1000.0 / asked.sum()))


def test_a_set_point_in_whole_degrees_does_not_round_what_follows():
    outage = Outage(pumps_stop=True, left=np.full(4, 0.7), coast_s=5.0)
    whole = replace(loop(), supply_c=np.array([40]))

    fine, rough = (ride_through(each, outage, length_s=3600.0) for each in (loop(), whole))

    assert rough.supply_c.dtype == np.float64
    np.testing.assert_array_equal(fine.supply_c, rough.supply_c)


@pytest.mark.parametrize("left", [1.0, 0.8, 0.6, 0.45])
@pytest.mark.parametrize("effect", [0.3, 0.6, 0.9])
def test_the_ride_runs_towards_the_settled_state(left, effect):
    circuits = loop(effect=np.array([effect]))
    kept = left * np.array([1.0, 0.95, 0.9, 0.85])

    ride = ride_through(
        circuits,
        Outage(pumps_stop=True, left=kept, coast_s=1.0),
        length_s=40_000.0,
        throttle_per_k=0.2,
    )
    ends = settle(circuits, kept, throttle_per_k=0.2)

    assert ends.power_fraction == pytest.approx(ride.power_fraction[-1], abs=2e-3)
    assert ends.return_c == pytest.approx(ride.return_c[-1], abs=0.05)
    assert ends.supply_c == pytest.approx(ride.supply_c[-1], abs=0.05)


def test_a_rack_without_flow_is_off_and_the_others_are_none_the_worse():
    ends = settle(loop(), np.array([0.0, 1.0, 1.0, 1.0]), throttle_per_k=0.1)

    assert ends.trips.tolist() == [True, False, False, False]
    assert ends.power_fraction.tolist() == [0.0, 1.0, 1.0, 1.0]


@given(
    left=st.lists(st.floats(0.05, 1.0), min_size=4, max_size=4),
    less=st.floats(0.3, 1.0),
    effect=st.floats(0.05, 0.95),
)
def test_less_flow_never_leaves_more_power(left, less, effect):
    circuits, kept = loop(effect=np.array([effect])), np.array(left)

    more, fewer = (
        settle(circuits, share * kept, throttle_per_k=0.05).power_fraction.sum()
        for share in (1.0, less)
    )

    assert fewer <= more + 1e-6
