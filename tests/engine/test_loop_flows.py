"""Racks in rows, their headers, and what pumps give them."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import evaluate
from engine.assumptions import Assumptions
from engine.cooling.circuits import cool
from engine.cooling.pipework import headers_of
from engine.plant import Boxes, Cdus, Loops, Plant, Racks, Site, box_corners
from tests.engine.plants import power_of

LINES = Assumptions.load()


def hall(
    *,
    rows=1,
    per_row=8,
    pitch_mm=600.0,
    loops=1,
    kw=120.0,
    cdus=3,
    cdu_lpm=900.0,
    head_kpa=200.0,
    turn_deg=0.0,
    redundancy=1,
    dp_kpa=90.0,
):
    """Rows of racks behind one another; each loop has its own rows, CDUs at the left end."""
    racks, units, number = [], [], rows * per_row
    for loop in range(loops):
        for row in range(rows):
            y = 4000.0 * row + 20_000.0 * loop
            racks += [((1000.0 + pitch_mm * i, y), 180.0 * (row % 2)) for i in range(per_row)]
        units += [((-2000.0, 20_000.0 * loop + 1500.0 * k), 0.0) for k in range(cdus)]
    turn = np.radians(turn_deg)
    spin = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])

    def corners(things, width, depth):
        origin = np.array([at for at, _ in things])
        half = np.array([rotation for _, rotation in things]) > 0.0
        origin = origin + np.where(half[:, None], [width, depth], [0.0, 0.0])
        turned = [rotation + turn_deg for _, rotation in things]
        size = np.full(len(things), width), np.full(len(things), depth)
        return box_corners(origin @ spin.T, turned, *size)

    n, m = len(racks), len(units)
    return Plant(
        site=Site(tcs_supply_c=40.0, fws_supply_c=34.0),
        boxes=Boxes(
            id=tuple(f"b{i}" for i in range(n + m)),
            kind=("rack",) * n + ("cdu",) * m,
            corners_mm=np.concatenate(
                [corners(racks, 600.0, 1200.0), corners(units, 800.0, 1200.0)]
            ),
        ),
        racks=Racks(
            id=tuple(f"r{i:03}" for i in range(n)),
            tag=tuple(f"R{i:03}" for i in range(n)),
            box=range(n),
            sustained_kw=np.full(n, kw),
            tdp_kw=np.full(n, kw),
            liquid_fraction=np.full(n, 0.9),
            flow_lpm_per_kw=np.full(n, 1.5),
            pressure_drop_kpa=np.full(n, dp_kpa),
            loop=np.arange(n) // number,
        ),
        cdus=Cdus(
            id=tuple(f"c{i}" for i in range(m)),
            tag=tuple(f"C{i}" for i in range(m)),
            box=range(n, n + m),
            capacity_kw=np.full(m, 600.0),
            flow_lpm=np.full(m, cdu_lpm),
            head_kpa=np.full(m, head_kpa),
            loop=np.arange(m) // cdus,
        ),
        loops=Loops(
            id=tuple(f"TCS-{i}" for i in range(loops)), redundancy=np.full(loops, redundancy)
        ),
    )


def cooled(plant, **overrides):
    lines = Assumptions.load({name.replace("__", "."): v for name, v in overrides.items()})
    return cool(plant, power_of(plant).rack_kw, lines)


def rules(result):
    return {finding.rule for finding in result.findings}


def test_headers_run_along_the_row_from_the_end_near_the_cdus():
    headers = headers_of(hall(rows=2, per_row=5), np.ones(10, dtype=bool), LINES).headers

    assert headers.rack.tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
    assert headers.begins.tolist() == ([True] + [False] * 4) * 2
    assert headers.last.tolist() == [4] * 5 + [9] * 5
    assert headers.length_m[1:5] == pytest.approx(np.full(4, 0.6))
    offset = LINES.value("tcs.row_offset_m")
    # The nearest CDU of the first row stands in line with it, 2.9 m to the left.
    assert headers.length_m[0] == pytest.approx(2.9 + offset)
    assert headers.home_m[4] == pytest.approx(2.9 + 4 * 0.6 + offset)


@pytest.mark.parametrize("turn_deg", [30.0, 90.0, 180.0, 271.5])
def test_turning_the_hall_changes_no_length(turn_deg):
    wet = np.ones(16, dtype=bool)
    plain = headers_of(hall(rows=2), wet, LINES).headers
    turned = headers_of(hall(rows=2, turn_deg=turn_deg), wet, LINES).headers

    assert sorted(turned.length_m) == pytest.approx(sorted(plain.length_m), abs=1e-6)
    by_rack = turned.length_m[np.argsort(turned.rack)]
    assert by_rack == pytest.approx(plain.length_m[np.argsort(plain.rack)], abs=1e-6)


def test_control_valves_give_each_rack_its_flow_at_less_than_full_speed():
    result = cooled(hall())
    (loop,) = result.loops
    pipes = loop.hydraulics

    assert result.rack_given_lpm == pytest.approx(result.rack_flow_lpm)
    assert pipes.worst_deficit_fraction == 0.0 and pipes.imbalance == pytest.approx(1.0)
    assert pipes.worst_rack_id == "r007"
    assert 100.0 < pipes.required_kpa < pipes.available_kpa
    assert pipes.held_kpa == pytest.approx(pipes.required_kpa)
    assert 0.5 < pipes.pump_speed_fraction < 1.0
    assert {"COOL-HEAD", "COOL-HEAD-N1", "COOL-PIPE"}.isdisjoint(rules(result))


def test_racks_without_valves_take_more_near_the_pumps():
    plant = hall(per_row=14, cdus=4, dp_kpa=20.0)
    direct = cooled(plant, tcs__control_valves=0.0)
    reverse = cooled(plant, tcs__control_valves=0.0, tcs__reverse_return=1.0)

    assert direct.rack_given_lpm[0] > direct.rack_given_lpm[-1]
    assert direct.rack_given_lpm.sum() == pytest.approx(direct.rack_flow_lpm.sum())
    assert reverse.loops[0].hydraulics.return_kind == "reverse"
    even, uneven = (r.loops[0].hydraulics.imbalance for r in (reverse, direct))
    assert 1.0 < even < uneven
    # A rack that gets less returns warmer coolant.
    assert direct.rack_return_c[-1] > direct.rack_return_c[0]


def test_weak_pumps_starve_the_far_racks_and_say_so():
    result = cooled(hall(per_row=12, head_kpa=85.0))
    pipes = result.loops[0].hydraulics

    assert "COOL-HEAD" in rules(result)
    assert pipes.pump_speed_fraction == pytest.approx(1.0, rel=1e-3)
    assert result.rack_given_lpm[-1] < 0.95 * result.rack_flow_lpm[-1]
    assert np.all(result.rack_given_lpm <= result.rack_flow_lpm * (1 + 1e-6))
    assert np.all(np.diff(result.rack_given_lpm) <= 1e-3)
    (finding,) = [f for f in result.findings if f.rule == "COOL-HEAD"]
    assert "R011" in finding.detail


def test_pumps_give_their_rated_flow_at_most_and_the_finding_says_the_same():
    result = cooled(hall(cdus=2, cdu_lpm=400.0, head_kpa=400.0))
    (loop,) = result.loops

    assert "COOL-FLOW" in rules(result)
    assert result.rack_flow_lpm.sum() > 800.0
    assert result.rack_given_lpm.sum() == pytest.approx(800.0)
    asked = float(result.rack_flow_lpm.sum())
    assert loop.hydraulics.worst_deficit_fraction == pytest.approx(1.0 - 800.0 / asked)
    assert loop.hydraulics.lost_one_deficit_fraction >= 1.0 - 400.0 / asked


def test_a_lost_cdu_can_leave_flow_enough_but_too_little_head():
    result = cooled(hall(cdu_lpm=660.0, head_kpa=115.0), tcs__deficit_warn_fraction=0.01)
    (loop,) = result.loops

    assert loop.is_rated_n_plus_1 and not loop.n_plus_1 and loop.binds == "pipes"
    assert loop.starved_rack_ids == loop.hydraulics.lost_one_short_rack_ids
    assert loop.hydraulics.worst_deficit_fraction == 0.0
    assert loop.hydraulics.lost_one_deficit_fraction > 0.01
    assert "COOL-HEAD-N1" in rules(result)
    accepted = hall(cdu_lpm=660.0, head_kpa=115.0, redundancy=0)
    assert "COOL-HEAD-N1" not in rules(cooled(accepted, tcs__deficit_warn_fraction=0.01))


def test_a_row_beyond_the_largest_pipe_is_found():
    result = cooled(hall(per_row=60, cdus=30, kw=1000.0, cdu_lpm=4000.0))

    assert "COOL-PIPE" in rules(result)


def test_equal_loops_get_equal_flows():
    result = cooled(hall(loops=3, head_kpa=105.0))

    flows = result.rack_given_lpm.reshape(3, -1)
    assert flows[1] == pytest.approx(flows[0], rel=1e-9)
    assert flows[2] == pytest.approx(flows[0], rel=1e-9)


def test_doubling_the_loss_of_the_racks_asks_for_more_head():
    once, twice = cooled(hall(dp_kpa=60.0)), cooled(hall(dp_kpa=120.0))
    a, b = once.loops[0].hydraulics, twice.loops[0].hydraulics

    assert b.required_kpa == pytest.approx(a.required_kpa + 60.0)
    assert twice.cdu_pump_kw.sum() > once.cdu_pump_kw.sum()


def test_warm_coolant_binds_by_flow_before_heat():
    plant = hall(cdu_lpm=460.0)
    result = cooled(dataclasses.replace(plant, site=Site(tcs_supply_c=45.0, fws_supply_c=37.0)))

    assert set(result.cdus.binds) == {"flow"}
    assert result.cdus.margin_fraction == pytest.approx(1380.0 / result.flow_lpm - 1.0, rel=1e-9)


def test_pump_power_is_that_of_the_duty():
    result = cooled(hall())
    pipes = result.loops[0].hydraulics
    expected = pipes.pump_flow_lpm / 60_000.0 * pipes.held_kpa

    assert pipes.pump_hydraulic_kw == pytest.approx(expected)
    assert result.cdu_pump_kw.sum() == pytest.approx(
        expected / LINES.value("cooling.pump_efficiency")
    )


def test_a_loop_without_cdus_keeps_its_demand_and_is_found():
    plant = hall()
    bare = dataclasses.replace(plant, cdus=Cdus())
    result = cooled(bare)

    assert result.loops[0].hydraulics is None
    assert result.pipes is None
    assert "COOL-CAP" in rules(result)
    assert result.rack_given_lpm == pytest.approx(result.rack_flow_lpm)


@given(
    st.fixed_dictionaries(
        {
            "rows": st.integers(1, 3),
            "per_row": st.integers(1, 9),
            "kw": st.floats(20.0, 250.0),
            "cdu_lpm": st.floats(200.0, 1500.0),
            "head_kpa": st.floats(40.0, 300.0),
        }
    ),
    st.sampled_from([0.0, 1.0]),
    st.sampled_from([0.0, 1.0]),
)
@settings(deadline=None, max_examples=40)
def test_any_hall_gives_finite_flows_and_nobody_more_than_asked(figures, valves, reverse):
    plant = hall(**figures)
    lines = Assumptions.load({"tcs.control_valves": valves, "tcs.reverse_return": reverse})

    result = cool(plant, power_of(plant).rack_kw, lines)

    assert np.isfinite(result.rack_given_lpm).all()
    if valves:
        assert np.all(result.rack_given_lpm <= result.rack_flow_lpm * (1 + 1e-6))
    total, asked = result.rack_given_lpm.sum(), result.rack_flow_lpm.sum()
    assert total <= asked * (1 + 1e-6)


def test_the_result_explains_pipes_and_pumps():
    evaluation = evaluate(hall(), LINES).to_json()

    assert evaluation["cooling"]["loops"][0]["hydraulics"]["control_valves"] is True
    for figure in (
        "cooling.pipes.required_kpa",
        "cooling.pipes.available_kpa",
        "cooling.pipes.worst_deficit_fraction",
        "cooling.cdus.limit_kw",
        "cooling.cdus.pump_head_kpa",
    ):
        assert evaluation["provenance"][figure]["inputs"]
