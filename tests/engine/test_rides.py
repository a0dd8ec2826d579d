import dataclasses
import json

import numpy as np
import pytest

from engine.assumptions import Assumptions
from engine.faults.rides import ride_study
from engine.plant import Plant
from tests.engine.test_loop_flows import hall

LINES = Assumptions.load()


def study(plant, **overrides):
    return ride_study(
        plant, Assumptions.load({k.replace("__", "."): v for k, v in overrides.items()})
    )


def event(found, name):
    (one,) = [e for e in found["events"] if e["event"] == name]
    return one


def test_three_losses_are_followed_and_fit_into_json():
    found = study(hall(loops=2))

    assert [e["event"] for e in found["events"]] == ["pumps", "heat_sink", "utility"]
    assert all(len(e["loops"]) == 2 for e in found["events"])
    json.dumps(found, allow_nan=False)
    assert {item["name"] for item in found["inputs"]} >= {"transient.chiller_restart_s"}


def test_a_heat_sink_that_stays_away_trips_racks_and_one_that_is_soon_back_does_not():
    gone = event(
        study(
            hall(),
            transient__chiller_restart_s=3600.0,
            transient__throttle_per_k=0.02,
            transient__fws_litres_per_kw=1.0,
        ),
        "heat_sink",
    )
    soon = event(study(hall(), transient__chiller_restart_s=5.0), "heat_sink")

    assert not gone["rides_through"] and gone["racks_tripped"] > 0
    assert gone["alarm_s"] < gone["throttle_s"] < gone["trip_s"]
    assert soon["rides_through"] and soon["trip_s"] is None


def test_pumps_off_the_ups_make_a_lost_utility_worse():
    lean = {"transient__plate_litres_per_kw": 0.05, "transient__metal_kj_k_per_kw": 0.2}
    on = event(study(hall(), **lean), "utility")
    off = event(study(hall(), **lean, transient__pumps_on_ups=0.0), "utility")

    assert on["pumps_back_s"] is None and off["pumps_back_s"] == 22.0
    assert on["rides_through"] and not off["rides_through"]
    assert off["throttle_s"] < off["pumps_back_s"]


def test_more_coolant_buys_time():
    little = event(study(hall(), transient__loop_litres_per_kw=1.0), "heat_sink")
    much = event(study(hall(), transient__loop_litres_per_kw=10.0), "heat_sink")

    assert much["alarm_s"] > little["alarm_s"]


def test_the_worst_loop_comes_first_with_its_curves():
    plant = hall(loops=2)
    heat = np.where(plant.racks.loop == 1, 150.0, 60.0)
    flow = np.where(plant.racks.loop == 1, 0.9, 1.5)
    racks = dataclasses.replace(plant.racks, sustained_kw=heat, tdp_kw=heat, flow_lpm_per_kw=flow)
    uneven = dataclasses.replace(plant, racks=racks)

    found = event(study(uneven, transient__chiller_restart_s=3600.0), "heat_sink")

    assert found["loops"][0]["loop"] == "TCS-1"
    assert found["loops"][0]["throttle_s"] < found["loops"][1]["throttle_s"]
    assert len(found["curves"]["time_s"]) == len(found["curves"]["return_c"])
    assert found["curves"]["supply_c"][0] == pytest.approx(40.0)


def test_a_plant_without_liquid_racks_says_so():
    assert study(Plant())["reason"]
