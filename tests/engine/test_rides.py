import json
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from engine.assumptions import Assumptions
from engine.faults.loss_rides import ride_study
from engine.plant import HeatRejectionUnits, Plant
from tests.engine.test_loop_flows import hall
from tests.strategies import pod

LINES = Assumptions.load()


def study(plant, **overrides):
    lines = {"transient__watch_s": 300.0, **overrides}
    return ride_study(plant, Assumptions.load({k.replace("__", "."): v for k, v in lines.items()}))


def loss(found, name):
    (one,) = [each for each in found["losses"] if each["id"] == name]
    return one


def racks(found, name):
    """Rack id to its share of flow left and its time to trip, over all loops of a loss."""
    rows = {}
    for part in loss(found, name)["loops"]:
        ride = found["rides"][part["ride"]]
        rows |= dict(
            zip(part["rack_ids"], zip(ride["left_fraction"], ride["trip_s"], strict=True),
                strict=True)
        )  # fmt: skip
    return rows


def test_every_kind_of_loss_is_named_and_fits_into_json():
    found = study(hall(loops=2, rows=2))

    kinds = [each["kind"] for each in found["losses"]]
    assert kinds.count("cdu") == 6 and kinds.count("header") == 4
    assert kinds.count("valve") == 32 and kinds.count("sensor") == 2
    assert kinds.count("site") == 3 and kinds.count("fws_pump") == 1
    json.dumps(found, allow_nan=False)
    assert {item["name"] for item in found["inputs"]} >= {"transient.chiller_restart_s"}


def test_equal_loops_are_followed_once():
    one, four = study(hall()), study(hall(loops=4))

    assert len(four["losses"]) > 2 * len(one["losses"])
    assert len(four["rides"]) == len(one["rides"])


def test_a_heat_sink_that_stays_away_trips_racks_and_one_that_is_soon_back_does_not():
    gone = loss(
        study(
            hall(),
            transient__chiller_restart_s=3600.0,
            transient__throttle_per_k=0.02,
            transient__fws_litres_per_kw=1.0,
            transient__watch_s=900.0,
        ),
        "site:heat_sink",
    )
    soon = loss(study(hall(), transient__chiller_restart_s=5.0), "site:heat_sink")

    assert gone["racks_tripped"] > 0
    assert gone["alarm_s"] < gone["throttle_s"] < gone["trip_s"]
    assert soon["throttle_s"] is None and soon["trip_s"] is None


def test_pumps_off_the_ups_make_a_lost_utility_worse():
    lean = {"transient__plate_litres_per_kw": 0.05, "transient__metal_kj_k_per_kw": 0.2}
    on = loss(study(hall(), **lean), "site:utility")
    off = loss(study(hall(), **lean, transient__pumps_on_ups=0.0), "site:utility")

    assert on["pumps_back_s"] is None and off["pumps_back_s"] == 22.0
    assert on["throttle_s"] is None
    assert off["throttle_s"] < off["pumps_back_s"]


def test_a_header_that_is_shut_off_takes_its_own_row_alone():
    found = study(hall(rows=2, per_row=4))

    rows = racks(found, "header:r000")

    assert [rows[f"r{i:03}"][0] for i in range(8)] == [0.0] * 4 + [1.0] * 4
    assert all(rows[f"r{i:03}"][1] is not None for i in range(4))
    assert all(rows[f"r{i:03}"][1] is None for i in range(4, 8))
    assert loss(found, "header:r000")["lost_kw"] == pytest.approx(4 * 120.0)


def test_a_valve_that_sticks_takes_one_rack():
    found = study(hall())

    assert loss(found, "valve:r000")["racks_tripped"] == 1
    assert "valve:r000" not in {
        each["id"] for each in study(hall(), tcs__control_valves=0.0)["losses"]
    }


def test_without_a_spare_the_racks_far_from_the_pumps_get_least():
    rows = racks(study(hall(per_row=14, cdus=2, cdu_lpm=1200.0)), "c0")

    left = [rows[f"r{i:03}"][0] for i in range(14)]
    assert all(near >= far for near, far in pairwise(left))
    assert left[-1] < left[0] - 0.01 < 0.95


def test_the_only_cdu_gone_leaves_nothing():
    found = study(hall(cdus=1, cdu_lpm=3000.0))

    case = loss(found, "c0")

    assert case["racks_short"] == case["racks_tripped"] == 8
    assert case["alarm_s"] < case["throttle_s"] < case["trip_s"]


def test_facility_water_without_a_standby_stays_away():
    held = loss(study(hall()), "fws-pump")
    gone = loss(study(hall(), transient__fws_standby=0.0), "fws-pump")

    assert held["heat_sink_back_s"] == 10.0 and held["throttle_s"] is None
    assert gone["heat_sink_back_s"] is None and gone["throttle_s"] is not None


def test_a_sensor_that_reads_low_warms_every_rack_by_its_error():
    found = study(hall(), transient__sensor_drift_k=4.0)
    case = loss(found, "sensor:TCS-0")
    ride = found["rides"][case["loops"][0]["ride"]]
    calm = found["rides"][loss(found, "valve:r000")["loops"][0]["ride"]]

    assert case["alarm_s"] is not None
    assert ride["last_c"][3] == pytest.approx(calm["last_c"][3] + 4.0, abs=0.01)


def test_a_plant_without_coolant_says_so():
    found = study(Plant(name="empty"))

    assert found["losses"] == [] and "coolant" in found["reason"]


def test_a_rack_that_states_its_limit_slows_down_there():
    plant = hall()
    strict = replace(plant, racks=replace(plant.racks, tcs_return_max_c=np.full(8, 52.0)))

    usual, sooner = (loss(study(each), "header:r000") for each in (plant, strict))

    assert sooner["throttle_s"] < usual["throttle_s"]


def test_progress_is_told_up_to_the_end():
    told = []

    ride_study(hall(), LINES, told.append)

    assert told == sorted(told) and told[-1] == 1.0


def test_a_feed_that_takes_a_cdu_along_is_followed_and_dark_racks_give_no_heat():
    plant = pod()
    one_sided = replace(
        plant,
        cdus=replace(plant.cdus, feed_b=np.full(len(plant.cdus), -1)),
        racks=replace(plant.racks, feed_b=np.where(np.arange(8) < 4, -1, plant.racks.feed_b)),
    )

    found = study(one_sided)
    busway = plant.power_nodes.id[int(plant.cdus.feed_a[0])]
    case = loss(found, busway)

    assert case["title"] == "3 CDUs stop" and case["racks_short"] == 4
    ride = found["rides"][case["loops"][0]["ride"]]
    trips = [trip is not None for trip in ride["trip_s"]]
    assert trips == [False] * 4 + [True] * 4


def test_a_cooler_that_the_others_cannot_replace_warms_the_water_slowly():
    plant = hall()
    heat = 8 * 120.0 * 0.9

    def with_coolers(each_kw):
        units = HeatRejectionUnits(
            id=("d0", "d1"), tag=("D0", "D1"), capacity_kw=np.full(2, each_kw)
        )
        return study(replace(plant, heat_rejection=units), transient__fws_litres_per_kw=1.0)

    tight, ample = with_coolers(0.8 * heat), with_coolers(2.0 * heat)

    assert loss(tight, "d0")["alarm_s"] > loss(tight, "site:heat_sink")["alarm_s"]
    assert "d0" not in {each["id"] for each in ample["losses"]}


def test_a_lost_cdu_says_what_head_is_left():
    asked, held = loss(study(hall()), "c0")["head_kpa"]
    one, none = loss(study(hall(cdus=1, cdu_lpm=3000.0)), "c0")["head_kpa"]

    assert held > asked > 0.0
    assert one > 0.0 and none == 0.0
