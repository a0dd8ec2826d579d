"""What a plant holds in reserve: topologies, standby, swings, and availability by load."""

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from engine.assumptions import Assumptions
from engine.cooling.design_day import DesignDay
from engine.cooling.rejection import Weather
from engine.faults.redundancy import study_of
from engine.plant import HeatRejectionUnits, PowerNodes, Site
from engine.reserves.availability import availability_of_loads
from engine.reserves.cooling import cooling_reserves
from engine.reserves.levels import System, levels_of
from engine.reserves.power import power_reserves
from engine.reserves.standby import generator_sets, site_factor
from engine.reserves.swings import spread, swing
from engine.reserves.topologies import schemes, system_state
from tests.strategies import empty_hall, pod

LINES = Assumptions.load()


def system(pairs, power_kw, *, sources, rating_kw=1000.0):
    share = np.zeros((len(pairs), sources))
    for row, pair in enumerate(pairs):
        share[row, list(pair)] = 1.0 / len(pair)
    return System(
        nodes=np.arange(sources),
        rating_kw=np.full(sources, rating_kw),
        power_kw=np.asarray(power_kw, dtype=float),
        share=share,
        has_other=False,
    )


def test_four_systems_loaded_in_all_pairs_may_use_three_quarters():
    pairs = list(combinations(range(4), 2))

    state = system_state(system(pairs, [300.0] * 6, sources=4))

    assert state.scheme == "4N/3"
    assert state.limit_fraction == pytest.approx(0.75)
    assert state.normal_kw == pytest.approx([450.0] * 4)
    assert state.worst_kw == pytest.approx([600.0] * 4)
    # One out and one more lost: the pair of both is dropped, the others carry the rest.
    assert state.maintenance_kw == pytest.approx([750.0] * 4)
    assert state.maintenance_dropped_kw == pytest.approx(300.0) and state.dropped_kw == 0.0
    assert state.is_maintainable.all() and state.trips == 0


def test_loads_on_one_source_are_n_and_may_use_all_of_it():
    state = system_state(system([(0,), (1,)], [400.0, 500.0], sources=2))

    assert state.scheme == "N" and state.dropped_kw == pytest.approx(500.0)
    assert state.limit_fraction == pytest.approx(0.9)  # the fuller one binds
    assert not state.is_maintainable.any()


def test_an_overload_after_a_loss_trips_the_other_side():
    state = system_state(system([(0, 1)], [1500.0], sources=2))

    assert state.scheme == "2N" and state.usable_kw == pytest.approx(1000.0)
    assert state.trips == 1 and state.cascade_kw == pytest.approx(1500.0)
    x = 1.5 / 1.05
    assert state.first_trip_s == pytest.approx(600.0 * np.log(x**2 / (x**2 - 1.0)))


def test_loads_all_on_one_pair_are_paired_better():
    state = system_state(system([(0, 1)] * 3, [300.0] * 3, sources=2))
    uneven = system_state(system([(0, 1), (0, 1), (1, 2)], [300.0] * 3, sources=3))

    assert state.pairing_fraction is None  # two sources make one pair
    assert uneven.worst_kw.max() == pytest.approx(750.0)
    assert uneven.pairing_fraction == pytest.approx(0.45)


def test_what_cannot_be_judged_has_no_state():
    assert system_state(system([(0, 1)], [0.0], sources=2)) is None
    assert system_state(system([(0, 1)], [10.0], sources=2, rating_kw=0.0)) is None


def test_other_schemes_say_what_they_need():
    found = {each.name: each for each in schemes(2700.0, 1000.0, 8)}

    assert {name: each.needed for name, each in found.items()} == {
        "N": 3, "N+1": 4, "2N": 6, "2(N+1)": 8, "3N/2": 6, "4N/3": 4, "N+1, catcher": 4,
    }  # fmt: skip
    assert found["3N/2"].sources == 6 and found["2(N+1)"].limit_fraction == pytest.approx(3 / 8)
    assert not found["N"].keeps_one and found["2(N+1)"].keeps_in_maintenance
    assert not found["N+1"].keeps_in_maintenance


def test_levels_follow_the_supply_and_carry_what_it_carries():
    plant = pod()
    below = plant.power_nodes
    nodes = PowerNodes(
        id=(*below.id, "ups-a", "ups-b"),
        kind=(*below.kind, "ups", "ups"),
        side=(*below.side, "A", "B"),
        parent=[2, 3, -1, -1],
        rating_kw=[2000.0, 2000.0, 1500.0, 1500.0],
        loss_c=[0.02, 0.02, 0.0, 0.0],
    )
    study = study_of(replace(plant, power_nodes=nodes), LINES)

    ups, busway = levels_of(study)

    assert (ups.kind, busway.kind) == ("ups", "busway")
    (pair,) = ups.systems
    carried = pair.power_kw @ pair.share
    assert carried == pytest.approx(study.operation.power.nodes.normal_kw[2:])
    assert carried.sum() > busway.systems[0].power_kw.sum()  # the losses below


def test_a_feed_that_passes_a_level_by_takes_over():
    plant = pod()
    below = plant.power_nodes
    nodes = PowerNodes(
        id=(*below.id, "ups-a"),
        kind=(*below.kind, "ups"),
        side=(*below.side, "A"),
        parent=[2, -1, -1],
        rating_kw=[2000.0, 2000.0, 1500.0],
    )

    ups = levels_of(study_of(replace(plant, power_nodes=nodes), LINES))[0]

    state = system_state(ups.systems[0])
    assert state.scheme == "one side of 2N" and state.dropped_kw == 0.0
    assert ups.systems[0].share == pytest.approx(np.array([[0.5]]))


def test_a_generator_gives_less_where_it_is_high_and_hot():
    day = DesignDay(
        weather=Weather(dry_bulb_c=48.0, wet_bulb_c=20.0), elevation_m=2000.0, inputs=()
    )

    site = site_factor(day, LINES)  # 2 K are drawn back in
    sets = generator_sets(np.array([1000.0]), np.array([700.0]), site, LINES)

    assert site.factor == pytest.approx((1 - 0.03 * 2) * (1 - 0.03 * 2))
    assert sets.run_h == pytest.approx(3200.0 * 0.95 / (700.0 * 0.255))
    assert dict(sets.kept) == {
        "rating": True, "mean_load": True, "step": False, "least_load": True,
    }  # fmt: skip


def test_a_training_step_asks_for_storage_and_ramps_too_fast():
    lines = LINES.with_values({"swing.storage_round_trip": 1.0})

    found = swing(1000.0, 1200.0, lines)

    assert found.grid_kw == pytest.approx(0.75 * 1000.0 + 0.25 * 400.0)
    assert found.storage_kwh == pytest.approx((1000.0 - 850.0) * 0.75 * 2.0 / 3600.0)
    assert found.ramp_kw_s == pytest.approx(600.0 / 0.05) and found.ramp_limit_kw_s == 60.0
    # All of a square wave at 0.5 Hz but its mean lies in the band: 600 sqrt(d (1 - d)).
    assert found.in_band_kw == pytest.approx(600.0 * np.sqrt(0.75 * 0.25), rel=0.02)
    assert found.in_band_after_kw < found.in_band_kw / 5.0


def test_peaks_of_racks_coincide_as_far_as_they_move_together():
    racks = np.full(100, 100.0)
    alone = LINES.with_values({"swing.rack_correlation": 0.0})
    group = np.repeat([0, 1], 50)

    together, apart = spread(racks, group, LINES), spread(racks, group, alone)

    assert apart.peak.coincidence < together.peak.coincidence < 1.0
    assert apart.sampled.at(99.0) == pytest.approx(apart.peak.quantile_kw, rel=2e-3)
    assert together.racks.sum() == 100 and together.edges_kw[-1] > 100.0


def availability(plant, lines=LINES):
    found = availability_of_loads(plant, lines)
    return found, found["loads"][0]


def test_a_load_on_one_feed_is_the_product_of_all_it_hangs_on():
    plant = pod()
    one = replace(plant, racks=replace(plant.racks, feed_b=[-1] * 8))

    _, load = availability(one)

    blocks = {block["name"]: block["works"] for block in load["blocks"]}
    assert load["scheme"] == "N" and load["availability"] == pytest.approx(
        np.prod(list(blocks.values())), rel=1e-12
    )
    assert load["cuts"][0]["kinds"] == ["utility"]
    assert load["availability"] < availability(plant)[1]["availability"]


def test_cuts_add_up_to_what_the_paths_say():
    _, load = availability(pod())

    assert load["cut_unavailability"] == pytest.approx(1.0 - load["availability"], rel=1e-3)
    shares = [cut["share"] for cut in load["cuts"]]
    assert shares == sorted(shares, reverse=True)
    assert sum(len(cut["names"]) == 1 and cut["common"] for cut in load["cuts"]) == 2


def test_weaker_cdus_leave_fewer_to_spare():
    def cdus(plant):
        return next(each for each in availability(plant)[0]["groups"] if each["kind"] == "cdu")

    strong, weak = cdus(pod()), cdus(pod(cdu_kw=150.0))

    assert strong["needed"] < weak["needed"] <= 3
    assert weak["availability"] < strong["availability"]


def test_a_node_that_alone_feeds_the_cdus_is_a_cut_of_its_own():
    plant = pod()
    one_sided = replace(plant, cdus=replace(plant.cdus, feed_b=[-1, -1, -1]))

    _, load = availability(one_sided)

    alone = [cut["ids"] for cut in load["cuts"] if not cut["common"] and len(cut["names"]) == 1]
    assert ["busway-a"] in alone
    assert load["availability"] < availability(plant)[1]["availability"]


def test_a_job_on_all_racks_stops_more_often_than_any_of_them():
    found, load = availability(pod())

    job = found["job"]
    assert job["gpus"] == 576 and job["mean_h"] < 8766.0 / (576 * 0.173)
    assert job["plant_stops_per_year"] >= load["failures_per_year"] * 0.999
    assert 0.9 < job["goodput"] < job["efficiency"]


def test_the_pumps_left_are_read_off_their_curve():
    (loop,) = cooling_reserves(pod(), LINES)["loops"]

    pumps = loop["pumps"]
    half_static = 0.5 * pumps["rated_kpa"]
    k = (pumps["head_kpa"] - half_static) / pumps["flow_lpm"] ** 2
    # Two of three: 1.25 H - 0.25 H (3 Q / 2 R)^2 = H / 2 + k Q^2.
    fall = 0.25 * pumps["rated_kpa"] * (1.5 / pumps["rated_lpm"]) ** 2
    assert pumps["left_lpm"] == pytest.approx(np.sqrt(0.75 * pumps["rated_kpa"] / (k + fall)))
    assert pumps["cube_kw"] == pytest.approx(pumps["power_kw"] / 8.0)
    assert pumps["half_kw"] > pumps["cube_kw"]  # a pressure set-point breaks the cube


def test_a_loop_without_heat_sink_warms_by_its_content():
    loop = cooling_reserves(pod(), LINES)["loops"][0]

    time = loop["time"]
    assert time["throttle_s"] == pytest.approx(
        (time["limit_c"] - time["return_c"]) / time["rate_k_s"], rel=1e-6
    )
    assert loop["cdus"]["left"]["load_kw"] == pytest.approx(loop["heat_kw"] / 2.0, rel=0.01)


def test_chillers_run_in_the_number_that_draws_least_and_bears_a_loss():
    site = Site(heat_rejection="chiller", fws_supply_c=9.0, tcs_supply_c=20.0)
    units = HeatRejectionUnits(
        id=("ch-1", "ch-2", "ch-3", "ch-4"), kind=("chiller",) * 4, capacity_kw=[600.0] * 4
    )

    found = cooling_reserves(replace(pod(site=site), heat_rejection=units), LINES)["rejection"]

    stages = found["chillers"]["stages"]
    assert [stage["running"] for stage in stages] == sorted(stage["running"] for stage in stages)
    assert all(stage["running"] >= 2 for stage in stages) and found["chillers"]["is_fitted"]
    assert stages[-1]["power_kw"] > stages[0]["power_kw"]


def test_a_tower_says_what_water_it_gives_and_takes():
    site = Site(heat_rejection="tower", fws_supply_c=30.0)

    found = cooling_reserves(pod(site=site), LINES)["rejection"]

    outlets = [row["outlet_c"] for row in found["circuits"][0]["tower"]]
    assert outlets == sorted(outlets) and outlets[-1] > found["wet_bulb_c"]
    water = found["water"]
    assert water["make_up_l"] == pytest.approx(water["evaporation_l"] + water["blowdown_l"])


def test_coils_take_less_of_warmer_water():
    coils = cooling_reserves(pod(), LINES)["fans"]["coils"]["rows"]

    kw = [row["capacity_kw"] for row in coils]
    assert kw == sorted(kw, reverse=True) and kw[0] > kw[-1]


def test_an_empty_hall_has_nothing_in_reserve():
    power, loads = power_reserves(empty_hall(), LINES), availability_of_loads(empty_hall(), LINES)
    cooling = cooling_reserves(empty_hall(), LINES)

    assert power["levels"] == [] and power["racks"] is None and power["swing"] is None
    assert loads["loads"] == [] and loads["job"] is None
    assert cooling["loops"] == [] and cooling["fans"] is None


def test_the_range_of_time_lost_holds_the_middle_and_names_its_causes():
    found, load = availability(pod())

    hours = found["range"]["hours"]
    assert hours["p10"] < load["down_h"] < hours["p90"]
    assert found["range"]["bound_runs"] == 59
    assert hours["p50"] < found["range"]["bound_h"]
    assert found["range"]["causes"][0]["kind"] == load["cuts"][0]["kinds"][0]

    sure, _ = availability(pod(), LINES.with_values({"availability.rate_factor": 1.0}))
    assert sure["range"]["hours"]["p10"] == pytest.approx(sure["range"]["hours"]["p90"])
