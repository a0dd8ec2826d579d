import json

import numpy as np
import pytest

from engine.assumptions import Assumptions
from engine.plant import Plant
from engine.systems import system_views
from tests.engine.test_loop_flows import hall
from tests.strategies import pod

LINES = Assumptions.load()


def test_every_consumer_hangs_on_its_two_feeds():
    found = system_views(pod(), LINES)["power"]

    racks = [load for load in found["loads"] if load["kind"] == "rack"]
    assert sum(len(load["ids"]) for load in racks) == 8
    kinds = {found["nodes"]["kind"][load["feed_a"]] for load in racks}
    assert kinds == {"busway"}
    assert {found["nodes"]["side"][load["feed_b"]] for load in racks} == {"B"}


def test_racks_stand_in_the_order_of_their_header():
    (loop,) = system_views(hall(rows=2, per_row=4), LINES)["loops"]

    assert [[rack["tag"] for rack in row["racks"]] for row in loop["headers"]] == [
        ["R000", "R001", "R002", "R003"],
        ["R004", "R005", "R006", "R007"],
    ]
    assert all(row["bore_mm"] > 0.0 and row["length_m"] > 0.0 for row in loop["headers"])
    assert sum(cdu["load_kw"] for cdu in loop["cdus"]) == pytest.approx(loop["heat_kw"])


def test_the_facility_water_carries_the_heat():
    facility = system_views(hall(), LINES)["facility"]

    carried = facility["flow_lpm"] / 60.0 * 4.17 * (facility["return_c"] - facility["supply_c"])
    assert carried == pytest.approx(facility["heat_kw"])


@pytest.mark.parametrize("plant", [Plant(name="empty"), pod(), hall(loops=2)])
def test_any_plant_fits_into_json(plant):
    found = system_views(plant, LINES)

    json.dumps(found, allow_nan=False)
    assert len(found["loops"]) == len(plant.loops)
    assert np.isfinite(found["facility"]["flow_lpm"])
