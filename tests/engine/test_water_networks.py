"""Coolers and the pipes that they hang on: who carries whose heat, and what a loss leaves."""

from dataclasses import replace

import numpy as np
import pytest

from engine import evaluate
from engine.assumptions import Assumptions
from engine.faults.loss_rides import ride_study
from engine.plant import AirHandlers, Boxes, HeatRejectionUnits, Site
from engine.studies import lose_one
from engine.systems import system_views
from tests.engine.test_drawn_pipes import runs
from tests.engine.test_facility_water import square
from tests.engine.test_loop_flows import hall

LINES = Assumptions.load()
MAIN = [[-1600, 0], [-1600, 22_000]]  # past three CDUs to the coolers D0 at 15 m and D1 at 20 m
FAR = [[-11_600, 15_000], [-11_600, 22_000]]


def plant(
    *pipes, coolers=((-1.6, 15.0), (-1.6, 20.0), (-11.6, 20.0)), kw=2000.0, handlers=(), **at
):
    """Eight racks of 120 kW, three CDUs, coolers and perhaps air handlers on these pipes."""
    bare = hall()
    boxes, n = bare.boxes, len(bare.boxes)
    places = [square(*middle, 2.0) for middle in (*coolers, *handlers)]
    kinds = ("dry_cooler",) * len(coolers) + ("air_handler",) * len(handlers)
    return replace(
        bare,
        site=Site(**{"tcs_supply_c": 44.0, "fws_supply_c": 40.0, **at}),
        boxes=Boxes(
            id=(*boxes.id, *(f"x{i}" for i in range(len(places)))),
            kind=(*boxes.kind, *kinds),
            corners_mm=np.concatenate([boxes.corners_mm, places]),
        ),
        heat_rejection=HeatRejectionUnits(
            id=tuple(f"d{i}" for i in range(len(coolers))),
            tag=tuple(f"D{i}" for i in range(len(coolers))),
            box=n + np.arange(len(coolers)),
            capacity_kw=np.full(len(coolers), kw),
        ),
        air_handlers=AirHandlers(
            id=tuple(f"a{i}" for i in range(len(handlers))),
            tag=tuple(f"A{i}" for i in range(len(handlers))),
            box=n + len(coolers) + np.arange(len(handlers)),
            capacity_kw=np.full(len(handlers), 500.0),
        ),
        facility_pipes=runs(*pipes, loop=np.zeros(len(pipes), dtype=int)),
        facility_loops=("FWS",) if pipes else (),
    )


def lost(design, id_):
    (found,) = lose_one(design, LINES, id_)["cases"]
    return found


def rules(design):
    return {each.rule: each for each in evaluate(design, LINES).findings}


def test_the_only_cooler_on_the_pipes_takes_every_rack_along():
    alone = plant([[-1600, 0], [-1600, 15_000]], [[-1600, 30_000], [-11_600, 30_000]])

    found = lost(alone, "d0")

    assert found["severity"] == "blocking"
    assert found["lost_kw"] == pytest.approx(8 * 120.0)
    assert found["rejection_left_kw"] == 0.0
    assert len(found["cooling"]["slowed_rack_ids"]) == 8
    ride = next(each for each in ride_study(alone, LINES)["losses"] if each["id"] == "d0")
    assert ride["alarm_s"] is not None and len(ride["loops"]) == 1


def test_coolers_on_the_same_pipes_carry_the_heat_of_a_lost_one():
    cool = Assumptions.load({"site.dry_bulb_design_c": 30.0})

    (found,) = lose_one(plant(MAIN), cool, "d0")["cases"]

    assert found["rejection_left_kw"] == 2000.0 and found["lost_kw"] == 0.0
    assert found["severity"] == "none"


def test_the_approach_of_the_coolers_left_rises_with_their_load_and_warms_the_coolant():
    warm = plant(MAIN, coolers=((-1.6, 15.0), (-1.6, 20.0)), kw=1000.0, fws_supply_c=42.0)
    lines = {"site.dry_bulb_design_c": 34.0, "rejection.recirculation_k": 0.0}

    (found,) = lose_one(warm, Assumptions.load(lines), "d0")["cases"]

    # 0.9 x 960 kW and the pumps on 1,000 kW: 34 + 10 x 0.87 = 42.7 against 42 of the set-point.
    cooling = found["cooling"]
    assert found["lost_kw"] == 0.0
    assert cooling is not None
    (cooler,) = lose_one(warm, Assumptions.load({**lines, "site.dry_bulb_design_c": 40.0}), "d0")[
        "cases"
    ]
    assert cooler["severity"] == "warning"
    assert cooler["cooling"]["supply_c"] > cooling["supply_c"] >= 44.0


def test_a_cooler_on_other_pipes_helps_nobody():
    split = plant([[-1600, 0], [-1600, 15_000]], FAR, coolers=((-1.6, 15.0), (-11.6, 20.0)))

    assert lost(split, "d0")["severity"] == "blocking"
    assert lost(split, "d1")["severity"] == "none"


def test_a_cooler_without_a_pipe_is_found_and_its_capacity_does_not_count():
    idle, joined = plant(MAIN), plant(MAIN, FAR, [[-11_600, 20_000], [-1600, 20_000]])

    finding = rules(idle)["COOL-FWS-IDLE"]
    assert finding.element_ids == ("d2",) and "2,000 kW" in finding.detail
    assert "COOL-FWS-IDLE" not in rules(joined)
    assert "COOL-FWS-IDLE" not in rules(plant())
    # Three coolers blow less air each than two for the same heat.
    fans = [evaluate(each, LINES).energy.heat_rejection_kw for each in (idle, joined)]
    assert fans[0] > fans[1]
    units = system_views(idle, LINES)["facility"]["units"]
    assert [unit["is_joined"] for unit in units] == [True, True, False]


def test_coils_on_water_warmer_than_their_air_are_found():
    on_main = {"handlers": ((-1.6, 9.0),), "coolers": ((-1.6, 15.0),), "air_supply_c": 25.0}

    finding = rules(plant(MAIN, fws_supply_c=40.0, **on_main))["COOL-COIL-WARM"]

    assert finding.element_ids == ("a0",)
    assert finding.measured == 40.0 and finding.required == pytest.approx(19.0)
    cold = plant(MAIN, fws_supply_c=19.0, **on_main)
    assert "COOL-COIL-WARM" not in rules(cold)
    assert "COOL-COIL-WARM" not in rules(plant(**on_main))


def test_coils_on_pipes_of_a_chiller_alone_have_cold_water():
    design = plant(
        MAIN,
        FAR,
        coolers=((-1.6, 15.0), (-11.6, 20.0)),
        handlers=((-11.6, 16.0),),
        air_supply_c=25.0,
    )
    chilled = replace(design.heat_rejection, kind=("dry_cooler", "chiller"))

    assert "COOL-COIL-WARM" in rules(design)
    assert "COOL-COIL-WARM" not in rules(replace(design, heat_rejection=chilled))
