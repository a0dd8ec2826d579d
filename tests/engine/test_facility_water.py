"""Facility water: ways from coolers to units, what they lose, and what joins nothing."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import evaluate
from engine.assumptions import Assumptions
from engine.cooling.assumed_water import assumed_ways
from engine.cooling.facility_water import facility_water
from engine.cooling.headers import beyond, from_cdu
from engine.evaluation import Evaluation
from engine.plant import AirHandlers, Boxes, Cdus, HeatRejectionUnits, Plant, Site
from engine.systems import system_views
from tests.engine.test_drawn_pipes import runs
from tests.engine.test_loop_flows import hall

LINES = Assumptions.load()


def square(x_m, y_m, side_m=1.0):
    x, y, half = 1000.0 * x_m, 1000.0 * y_m, 500.0 * side_m
    return [[x - half, y - half], [x + half, y - half], [x + half, y + half], [x - half, y + half]]


def site(cdus=(), handlers=(), coolers=(), pipes=None, loops=("FWS-1",)):
    """Units and coolers with these middles. [m]"""
    places = [*cdus, *handlers, *coolers]
    n, m, k = len(cdus), len(handlers), len(coolers)
    return Plant(
        site=Site(fws_supply_c=34.0),
        boxes=Boxes(
            id=tuple(f"b{i}" for i in range(len(places))),
            corners_mm=[square(*place) for place in places],
        ),
        cdus=Cdus(id=tuple(f"cdu{i}" for i in range(n)), box=range(n)),
        air_handlers=AirHandlers(id=tuple(f"air{i}" for i in range(m)), box=range(n, n + m)),
        heat_rejection=HeatRejectionUnits(
            id=tuple(f"dc{i}" for i in range(k)), box=range(n + m, n + m + k)
        ),
        **(
            {}
            if pipes is None
            else {"facility_pipes": runs(*pipes[0], **pipes[1]), "facility_loops": loops}
        ),
    )


def water(plant, kw=600.0, **overrides):
    lines = Assumptions.load({name.replace("__", "."): v for name, v in overrides.items()})
    cdus, handlers = np.full(len(plant.cdus), kw), np.full(len(plant.air_handlers), kw)
    return facility_water(plant, cdus, handlers, lines)


def drawn(*points_mm, **columns):
    return points_mm, columns


def test_loss_and_flow_of_one_pipe_are_those_of_a_calculation_by_hand():
    plant = site(
        cdus=[(50.0, 0.0)],
        coolers=[(0.0, 0.0)],
        pipes=drawn([[0, 0], [50_000, 0]], bore_m=[0.1], resistance_factor=[1.0]),
    )

    found = water(plant).pipes

    # Water at 39 C (steam tables): 992.6 kg/m3, 4.179 kJ/kg K, 0.666 mPa s.
    flow = 600.0 / (992.6 * 4.179 * 10.0)
    speed = flow / (math.pi * 0.05**2)
    reynolds = 992.6 * speed * 0.1 / 0.666e-3
    root = 8.0
    for _ in range(30):
        root = -2.0 * math.log10(0.02e-3 / 0.1 / 3.7 + 2.51 * root / reynolds)
    dynamic = 992.6 * speed**2 / 2.0
    pipes = 2.0 * (50.0 / 0.1 / root**2 + 0.2) * dynamic
    branch_speed = flow / (math.pi * (found_bore(plant) / 2.0) ** 2)
    branch = 2.0 * (1.0 + 0.05 + 2.0 * 0.3) * 992.6 * branch_speed**2 / 2.0
    assert found.units.flow_lpm == pytest.approx([60_000.0 * flow], rel=2e-3)
    assert found.units.way_m == pytest.approx([50.0])
    assert found.units.path_kpa == pytest.approx([(pipes + branch) / 1000.0], rel=0.01)
    assert found.cdu_head_kpa == pytest.approx(190.0 + (pipes + branch) / 1000.0, rel=0.01)
    assert found.pipe_litres == pytest.approx(2.0 * 50.0 * math.pi * 0.05**2 * 1000.0)


def found_bore(plant):
    """The bore that the rules choose for the unit's flow: 14.5 L/s below 2.4 m/s, 250 Pa/m."""
    bare = replace(plant, facility_pipes=replace(plant.facility_pipes, bore_m=[0.0]))
    return water(bare).sizes[0].bore_mm / 1000.0


def test_without_pipes_units_share_a_main_along_x_and_branches_along_y():
    plant = site(cdus=[(10.0, 5.0), (10.0, 8.0), (14.0, -6.0)], coolers=[(0.0, 0.0)])

    found = water(plant).pipes

    assert found.units.way_m == pytest.approx([15.0, 18.0, 20.0])
    assert found.units.route == ("assumed",) * 3
    # 10 + 4 m of main, 5 + 3 m up and 6 m down, there and back.
    assert found.pipe_m == pytest.approx(2.0 * 28.0)


places = st.lists(
    st.tuples(st.integers(-40, 40), st.integers(-40, 40)), min_size=1, max_size=12, unique=True
)


@settings(max_examples=60, deadline=None)
@given(takers=places, givers=places)
def test_an_assumed_way_is_as_long_as_the_walls_make_it_and_carries_what_hangs_on_it(
    takers, givers
):
    at, sources = np.array(takers, dtype=float), np.array(givers, dtype=float)
    headers = assumed_ways(at, sources, np.arange(len(givers)))
    ends = np.flatnonzero(headers.rack >= 0)

    apart = np.abs(at[:, None] - sources[None]).sum(axis=2).min(axis=1)
    carried = beyond(np.where(headers.rack >= 0, 1.0, 0.0), headers)

    assert sorted(headers.rack[ends].tolist()) == list(range(len(takers)))
    assert from_cdu(headers.length_m, headers)[ends] == pytest.approx(apart[headers.rack[ends]])
    assert carried[headers.begins].sum() == len(takers)
    assert (headers.length_m >= 0.0).all()


def test_a_drawn_pipe_like_the_assumed_way_gives_the_same_head():
    plant = site(cdus=[(20.0, 9.0)], handlers=[(20.0, 15.0)], coolers=[(0.0, 0.0)])
    path = [[0, 0], [20_000, 0], [20_000, 15_000]]
    piped = replace(plant, facility_pipes=runs(path, loop=[0]), facility_loops=("FWS-1",))

    assumed, along = (water(each, pipes__k_elbow=0.0, pipes__k_tee_through=0.0)
                      for each in (plant, piped))  # fmt: skip

    assert along.pipes.cdu_head_kpa == pytest.approx(assumed.pipes.cdu_head_kpa, rel=1e-9)
    assert along.pipes.coil_head_kpa == pytest.approx(assumed.pipes.coil_head_kpa, rel=1e-9)
    assert along.pipes.pipe_m == pytest.approx(assumed.pipes.pipe_m)
    assert along.pipes.units.route == ("drawn", "drawn")
    assert [each.use for each in along.sizes] == ["drawn"] * len(along.sizes)


def test_doubling_the_resistance_factor_doubles_the_loss_along_the_pipe():
    path = [[0, 0], [50_000, 0]]
    once, twice, none = (
        water(
            site(
                cdus=[(50.0, 0.0)],
                coolers=[(0.0, 0.0)],
                pipes=drawn(path, bore_m=[0.08], resistance_factor=[factor]),
            )
        ).pipes.units.path_kpa[0]
        for factor in (1.0, 2.0, 1e-9)
    )

    assert twice - none == pytest.approx(2.0 * (once - none), rel=1e-6)


def test_a_unit_that_no_drawn_pipe_reaches_is_found_and_piped_along_the_walls():
    plant = site(
        cdus=[(20.0, 0.0), (20.0, 30.0)],
        coolers=[(0.0, 0.0)],
        pipes=drawn([[0, 0], [20_000, 0]]),
    )

    found = water(plant)

    assert [found.units[row][0] for row in found.unpiped.tolist()] == ["cdu1"]
    assert found.pipes.units.route == ("drawn", "assumed")
    assert found.pipes.units.way_m == pytest.approx([20.0, 50.0])


def test_pipes_that_lead_to_no_cooler_feed_nothing():
    plant = site(cdus=[(20.0, 0.0)], coolers=[(0.0, 90.0)], pipes=drawn([[5_000, 0], [20_000, 0]]))

    found = water(plant)

    assert found.unpiped.tolist() == [0]
    assert found.pipes.units.route == ("assumed",)
    assert found.loose.tolist() == []


def test_a_pipe_that_joins_nothing_is_loose_and_one_on_another_pipe_is_not():
    plant = site(
        cdus=[(20.0, 0.0)],
        coolers=[(0.0, 0.0)],
        pipes=drawn(
            [[0, 0], [20_000, 0]], [[10_000, 0], [10_000, 9_000]], [[0, 60_000], [9_000, 60_000]]
        ),
    )

    assert water(plant).loose.tolist() == [2]


def test_pipes_of_two_loops_that_touch_do_not_join():
    crossing = drawn(
        [[0, 0], [20_000, 0]], [[20_000, 0], [40_000, 0]], loop=[0, 1]
    )  # fmt: skip
    plant = site(cdus=[(40.0, 0.0)], coolers=[(0.0, 0.0)], pipes=crossing, loops=("FWS-1", "FWS-2"))

    assert water(plant).unpiped.tolist() == [0]
    joined = replace(
        plant, facility_pipes=replace(plant.facility_pipes, loop=[0, 0]), facility_loops=("F",)
    )
    assert water(joined).pipes.units.way_m == pytest.approx([40.0])


def test_longer_pipes_cost_pump_power_and_so_pue():
    def at(distance_mm) -> Evaluation:
        plant = hall()
        boxes = plant.boxes
        corner = [[0.0, distance_mm], [2000.0, distance_mm], [2000.0, distance_mm + 2000.0],
                  [0.0, distance_mm + 2000.0]]  # fmt: skip
        return evaluate(
            replace(
                plant,
                boxes=Boxes(
                    id=(*boxes.id, "dc"),
                    kind=(*boxes.kind, "dry_cooler"),
                    corners_mm=np.concatenate([boxes.corners_mm, [corner]]),
                ),
                heat_rejection=HeatRejectionUnits(
                    id=("dc",), box=[len(boxes)], capacity_kw=[3000.0]
                ),
            ),
            LINES,
        )

    near, far = at(20_000.0), at(220_000.0)

    metres = far.cooling.facility.units.way_m - near.cooling.facility.units.way_m
    assert metres == pytest.approx(np.full(3, 200.0))
    more_kpa = far.cooling.facility.cdu_head_kpa - near.cooling.facility.cdu_head_kpa
    assert 200.0 * 2.0 * 0.05 < more_kpa < 200.0 * 2.0 * 0.25
    # 960 kW of coolant heat at 10 K is 23 L/s; at 0.65 a kilopascal more is 36 W more.
    flow_m3_s = far.cooling.facility.units.flow_lpm.sum() / 60_000.0
    assert far.energy.pump_kw - near.energy.pump_kw == pytest.approx(
        flow_m3_s * more_kpa / 0.65, rel=0.01
    )
    assert far.energy.pue > near.energy.pue


def test_the_loop_schematic_says_what_facility_water_flows_through():
    plant = site(cdus=[(20.0, 9.0)], coolers=[(0.0, 0.0)])

    pipes = system_views(plant, LINES)["facility"]["pipes"]

    assert pipes["worst"]["id"] == "cdu0"
    assert pipes["routes"] == {"drawn": [], "assumed": ["cdu0"], "none": []}


def test_without_a_cooler_there_is_no_way_and_the_customary_head_counts():
    assert water(site(cdus=[(20.0, 9.0)])).pipes is None
