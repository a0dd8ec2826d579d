"""Pipes as drawn: what hangs on them, how they join, and what flows through them."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.assumptions import Assumptions
from engine.cooling.coolants import coolant_at
from engine.cooling.distribution import Pumping, distribute
from engine.cooling.headers import beyond, from_cdu
from engine.cooling.pipework import headers_of, lay_pipes
from engine.evaluate import evaluate
from engine.faults.outages import cooling_outages
from engine.faults.redundancy import Study, study_of
from engine.hydraulics.errors import NotConverged
from engine.hydraulics.network import Draft
from engine.hydraulics.solve import solve
from engine.operation import operate
from engine.plant import PipeRuns
from engine.rules import load_rules
from engine.studies import losses_of
from engine.systems import system_views
from engine.units import STANDARD_GRAVITY_M_S2
from tests.engine.test_loop_flows import LINES, cooled, hall, rules

STRAIGHT = {"tcs__row_offset_m": 0.0}


def runs(*points_mm, **columns):
    n = len(points_mm)
    columns = {"loop": np.zeros(n, dtype=int), **columns}
    return PipeRuns(
        id=tuple(f"p{i}" for i in range(n)),
        tag=tuple(f"P{i}" for i in range(n)),
        points_mm=tuple(np.array(points, dtype=float) for points in points_mm),
        **columns,
    )


def with_runs(plant, *points_mm, **columns):
    return replace(plant, pipes=runs(*points_mm, **columns))


def assumed(**overrides):
    return Assumptions.load({name.replace("__", "."): v for name, v in overrides.items()})


def pieces(plant, **overrides):
    return headers_of(plant, np.ones(len(plant.racks), dtype=bool), assumed(**overrides))


# The hall's row: middles of racks at x = 1300, 1900, ... and y = 600; its CDU's at (-1600, 600).
ROW = [[-1600.0, 600.0], [5500.0, 600.0]]


@settings(max_examples=15, deadline=None)
@given(
    per_row=st.integers(1, 10),
    pitch_mm=st.floats(600.0, 1500.0),
    head_kpa=st.floats(60.0, 260.0),
    valves=st.sampled_from([0.0, 1.0]),
)
def test_a_drawn_header_like_the_assumed_one_gives_the_same_flows(
    per_row, pitch_mm, head_kpa, valves
):
    plant = hall(per_row=per_row, pitch_mm=pitch_mm, cdus=1, cdu_lpm=2700.0, head_kpa=head_kpa)
    drawn = with_runs(plant, [[-1600.0, 600.0], [1300.0 + pitch_mm * (per_row - 1) + 1.0, 600.0]])

    assumed, along = (
        cooled(each, tcs__control_valves=valves, **STRAIGHT) for each in (plant, drawn)
    )

    assert along.rack_given_lpm == pytest.approx(assumed.rack_given_lpm, rel=1e-6)
    assert along.rack_path_kpa == pytest.approx(assumed.rack_path_kpa, rel=1e-9)
    assert along.pipes.pipe_m == pytest.approx(assumed.pipes.pipe_m)
    assert along.pipes.pipe_litres == pytest.approx(assumed.pipes.pipe_litres)


@settings(max_examples=15, deadline=None)
@given(factor=st.floats(0.05, 20.0), at=st.integers(0, 7))
def test_the_resistance_factor_multiplies_the_loss_along_its_run(factor, at):
    plant = with_runs(hall(cdus=1, cdu_lpm=2700.0), ROW)
    thicker = with_runs(plant, ROW, resistance_factor=[factor])
    bare = with_runs(plant, ROW, resistance_factor=[1e-9])

    plain, more, none = (cooled(each).rack_path_kpa for each in (plant, thicker, bare))

    along = plain[at] - none[at]
    assert more[at] - none[at] == pytest.approx(factor * along, rel=1e-6)


def test_doubling_the_resistance_of_a_row_starves_it_and_not_the_other():
    plant = hall(rows=2, per_row=8, cdus=3, head_kpa=200.0, cdu_lpm=1300.0)
    first = [[-1600.0, 600.0], [5500.0, 600.0]]
    second = [[-1600.0, 2100.0], [-1600.0, 4600.0], [5500.0, 4600.0]]
    drawn = with_runs(plant, first, second, bore_m=[0.07, 0.07])
    doubled = with_runs(plant, first, second, bore_m=[0.07, 0.07], resistance_factor=[1.0, 2.0])

    before, after = cooled(drawn).loops[0].hydraulics, cooled(doubled).loops[0].hydraulics

    assert after.required_kpa > before.required_kpa
    short = set(after.lost_one_short_rack_ids) - set(before.lost_one_short_rack_ids)
    assert short
    assert all(int(name[1:]) >= 8 for name in short)


def test_racks_hang_on_the_nearest_run_within_reach_and_the_way_lengthens_their_hose():
    found = pieces(with_runs(hall(per_row=3, cdus=1), [[-1600.0, 600.0], [2500.0, 600.0]]))
    behind = pieces(
        with_runs(hall(per_row=3, cdus=1), [[-1600.0, 600.0], [-1600.0, 1350.0], [2500.0, 1350.0]])
    )

    assert found.headers.rack.tolist() == behind.headers.rack.tolist() == [0, 1, 2]
    assert found.headers.length_m == pytest.approx([2.9, 0.6, 0.6])
    assert found.headers.reach_m == pytest.approx(np.zeros(3))
    # Racks are 600 x 1200 mm: 750 mm from the middle is 150 mm from the box.
    assert behind.headers.reach_m == pytest.approx(np.full(3, 0.15))
    assert behind.headers.length_m == pytest.approx([0.75 + 2.9, 0.6, 0.6])
    assert behind.headers.bends_k == pytest.approx([LINES.value("pipes.k_elbow"), 0.0, 0.0])


def test_a_run_fed_at_both_ends_serves_each_rack_from_the_nearer_one():
    plant = hall(per_row=4, cdus=2)
    corners = np.array(plant.boxes.corners_mm)
    corners[5] += np.array([6400.0, -1500.0])  # the second CDU to the right end of the row
    plant = replace(plant, boxes=replace(plant.boxes, corners_mm=corners))
    both = with_runs(plant, [[-1600.0, 600.0], [4800.0, 600.0]])

    headers = pieces(both).headers

    assert headers.rack.tolist() == [0, 3, 2, 1]
    assert headers.before.tolist() == [-1, -1, 1, 2]
    assert headers.last.tolist() == [0, 3, 3, 3]
    assert headers.length_m == pytest.approx([2.9, 1.7, 0.6, 0.6])
    assert (headers.ties.start.tolist(), headers.ties.end.tolist()) == ([0], [3])
    assert headers.ties.length_m == pytest.approx([0.6])


def test_a_main_carries_the_sum_of_the_headers_that_join_it():
    plant = hall(rows=2, per_row=4, cdus=1)
    main = [[-1600.0, 600.0], [-500.0, 600.0], [-500.0, 4600.0]]
    drawn = with_runs(
        plant, main, [[-500.0, 600.0], [3500.0, 600.0]], [[-480.0, 4650.0], [3500.0, 4650.0]]
    )
    headers = pieces(drawn).headers
    flow = np.where(headers.rack >= 0, 1.0, 0.0)

    assert sorted(headers.rack[headers.rack >= 0].tolist()) == list(range(8))
    carried = dict(zip(headers.rack.tolist(), beyond(flow, headers).tolist(), strict=True))
    first = int(np.flatnonzero(headers.begins)[0])
    assert headers.begins.sum() == 1
    assert beyond(flow, headers)[first] == 8.0
    assert carried[0] == carried[4] == 4.0
    assert carried[3] == carried[7] == 1.0
    to_last = from_cdu(headers.length_m, headers)[headers.rack.tolist().index(7)]
    assert to_last == pytest.approx(1.1 + 4.0 + 3.6 - 0.02, abs=0.06)


@settings(max_examples=10, deadline=None)
@given(cuts=st.lists(st.integers(4, 22), min_size=1, max_size=4, unique=True))
def test_a_run_drawn_in_pieces_is_the_run_drawn_at_once(cuts):
    plant = hall(per_row=8, cdus=1, cdu_lpm=2700.0, head_kpa=120.0)
    x = [-1600.0, *sorted(-1500.0 + 300.0 * cut for cut in cuts), 5500.0]
    once = with_runs(plant, ROW)
    parts = with_runs(plant, *([[a, 600.0], [b, 600.0]] for a, b in pairwise(x)))

    whole, joined = (cooled(each, pipes__k_tee_through=0.0) for each in (once, parts))

    assert joined.rack_given_lpm == pytest.approx(whole.rack_given_lpm, rel=1e-6)
    assert joined.rack_path_kpa == pytest.approx(whole.rack_path_kpa, rel=1e-9)


def test_a_ring_of_drawn_pipes_shares_the_flow_as_the_same_loop_drawn_up_by_name():
    plant = hall(per_row=3, cdus=1)
    upper = [[-1600.0, 600.0], [4000.0, 600.0]]
    lower = [[-1600.0, 600.0], [-1600.0, 1900.0], [3600.0, 1900.0], [3600.0, 600.0]]
    drawn = with_runs(plant, upper, lower, bore_m=[0.04, 0.03], resistance_factor=[1.0, 0.2])
    lines = assumed(tcs__control_valves=0.0)
    piping = pieces(drawn, tcs__control_valves=0.0)
    headers = piping.headers
    asked = np.where(headers.rack >= 0, 0.003, 0.0)
    rack_pa = np.where(headers.rack >= 0, 2e4, 0.0)
    coolant = coolant_at("pg25_volume", 45.0)
    pipes = lay_pipes(piping, asked, rack_pa, coolant, lines)
    strong = np.array([0.02])
    pumping = Pumping(rated_m3_s=strong, rated_pa=np.array([1e6]), left_m3_s=strong)

    given = distribute(pipes, pumping, coolant, lines).given_m3_s

    weight = coolant.density_kg_m3 * STANDARD_GRAVITY_M_S2
    tee, elbow = lines.value("pipes.k_tee_through"), lines.value("pipes.k_elbow")
    draft = Draft()
    draft.node("s", demand_m3_s=-0.009)
    draft.node("r", head_m=0.0)
    for name in ("s0", "s1", "s2", "sj", "r0", "r1", "r2", "rj", "m0", "m1", "m2"):
        draft.node(name)
    ring = (
        ("", "0", 2.9, 0.04, tee), ("0", "1", 0.6, 0.04, tee), ("1", "2", 0.6, 0.04, tee),
        ("2", "j", 1.1, 0.04, tee), ("", "j", 0.2 * 7.8, 0.03, 0.2 * (tee + 2.0 * elbow)),
    )  # fmt: skip
    for side in "sr":
        for number, (start, end, length_m, bore_m, k) in enumerate(ring):
            draft.pipe(
                f"{side}{number}", side + start, side + end,
                length_m=length_m, bore_m=bore_m, roughness_m=pipes.roughness_m, minor_k=k,
            )  # fmt: skip
    for at, rack in enumerate(headers.rack.tolist()):
        if rack >= 0:
            draft.pipe(
                f"hose{rack}", f"s{rack}", f"m{rack}", length_m=lines.value("tcs.rack_hose_m"),
                bore_m=float(pipes.branch_bore_m[at]), roughness_m=pipes.roughness_m,
                minor_k=pipes.branch_k,
            )  # fmt: skip
            loss = 2e4 / weight / 0.003**pipes.exponent
            draft.resistance(
                f"rack{rack}", f"m{rack}", f"r{rack}", resistance=loss, exponent=pipes.exponent
            )
    viscosity = coolant.viscosity_pa_s / coolant.density_kg_m3
    network = draft.build(kinematic_viscosity_m2_s=viscosity)
    found = dict(zip(network.link_id, solve(network).flow_m3_s.tolist(), strict=True))
    assert headers.ties.run.size == 1
    for at, rack in enumerate(headers.rack.tolist()):
        if rack >= 0:
            assert given[at] == pytest.approx(found[f"rack{rack}"], rel=1e-6)
    assert abs(found["s4"]) > 0.001


def test_racks_out_of_reach_are_named_and_hang_on_an_assumed_header():
    plant = hall(rows=2, per_row=4)
    drawn = with_runs(plant, [[-1600.0, 600.0], [3500.0, 600.0]])

    piping = pieces(drawn)
    result = cooled(drawn)

    assert piping.unpiped.tolist() == [4, 5, 6, 7]
    assert sorted(piping.headers.rack.tolist()) == list(range(8))
    assert (piping.headers.run >= 0).sum() == 4
    assert "COOL-UNPIPED" in rules(result)


def test_each_pipe_that_carries_something_says_bore_velocity_and_loss_per_metre():
    drawn = with_runs(
        hall(per_row=8, cdus=1, cdu_lpm=2700.0), ROW, [[0.0, 9000.0], [900.0, 9000.0]]
    )
    twice = replace(drawn, pipes=replace(drawn.pipes, resistance_factor=np.array([2.0, 1.0])))

    found, doubled = cooled(drawn), cooled(twice)

    assert found.runs.id == ("p0",)
    flow_m3_s = found.runs.flow_lpm[0] / 60_000.0
    assert found.runs.flow_lpm[0] == pytest.approx(found.flow_lpm)
    area = np.pi / 4.0 * (found.runs.bore_mm[0] / 1e3) ** 2
    assert found.runs.velocity_m_s[0] == pytest.approx(flow_m3_s / area)
    assert found.runs.bore_least_mm[0] < found.runs.bore_mm[0] <= found.runs.bore_most_mm[0]
    assert 0.0 < found.runs.gradient_pa_m[0] <= LINES.value("pipes.gradient_max_pa_m")
    assert doubled.runs.gradient_pa_m[0] == pytest.approx(2.0 * found.runs.gradient_pa_m[0])
    evaluation = evaluate(drawn, LINES).to_json()
    assert evaluation["cooling"]["runs"]["id"] == ["p0"]
    assert evaluation["provenance"]["cooling.runs.bore_mm"]["inputs"]


def test_pipes_that_lead_nowhere_are_named():
    plant = hall(per_row=4)
    drawn = with_runs(plant, [[-1600.0, 600.0], [3500.0, 600.0]], [[0.0, 9000.0], [900.0, 9000.0]])
    found = next(f for f in cooled(drawn).findings if f.rule == "COOL-PIPE-LOOSE")

    assert found.element_ids == ("p1",)
    assert found.at_mm == (0.0, 9000.0)
    # To the outline of C2, whose box reaches from y = 3000 to 4200 and x = -2000 to -1200.
    assert found.measured == pytest.approx(np.hypot(1200.0, 4800.0))
    assert "Nearest is C2, 4.9 m" in found.detail and "bridge" not in found.detail


@pytest.mark.parametrize("gap_mm", [140.0, 210.0, 900.0])
def test_a_pipe_that_stops_short_of_its_cdu_stays_a_finding_whatever_its_loop(gap_mm):
    plant = hall(per_row=4, cdus=1, cdu_lpm=2700.0)
    row = [[-1200.0 + gap_mm, 600.0], [3500.0, 600.0]]
    met = with_runs(plant, ROW)

    short, lost = with_runs(plant, row), with_runs(plant, row, loop=[-1])

    assert "COOL-PIPE-LOOSE" not in rules(cooled(met))
    for drawn in (short, lost):
        (found,) = [f for f in cooled(drawn).findings if f.rule == "COOL-PIPE-LOOSE"]
        assert found.measured == pytest.approx(gap_mm) and found.required == 100.0
        assert f"Nearest is C0, {gap_mm:.0f} mm from" in found.detail
        assert found.at_mm == (row[0][0], 600.0)
        assert ("bridge the gap" in found.detail) == (drawn is short)


def test_a_pipe_of_an_unknown_loop_that_touches_a_cdu_is_told_its_loop():
    drawn = with_runs(hall(per_row=4), ROW, loop=[-1])

    (found,) = [f for f in cooled(drawn).findings if f.rule == "COOL-PIPE-LOOSE"]

    assert "touches C0: give it the loop of that" in found.detail
    assert (found.measured, found.required, found.unit) == (1.0, 0.0, "")


def test_a_pipe_that_cuts_the_corner_of_a_cdu_meets_it():
    corner = [[-1190.0, -600.0], [-1190.0, -10.0], [-1205.0, 5.0], [-1205.0, -600.0]]
    drawn = with_runs(hall(per_row=4), ROW, corner)

    assert "COOL-PIPE-LOOSE" not in rules(cooled(drawn))


def test_a_pipe_of_a_loop_without_equipment_is_loose_and_changes_nothing():
    plant = hall(per_row=4)
    other = with_runs(plant, ROW, loop=[-1])

    assert rules(cooled(other)) - rules(cooled(plant)) == {"COOL-PIPE-LOOSE"}
    assert cooled(other).pipes == cooled(plant).pipes


@pytest.mark.parametrize("bore_m", [0.005, 5.0])
@pytest.mark.parametrize("factor", [0.01, 1000.0])
def test_the_strangest_pipe_that_can_be_drawn_gives_figures(bore_m, factor):
    result = cooled(with_runs(hall(), ROW, bore_m=[bore_m], resistance_factor=[factor]))

    assert np.isfinite(result.rack_given_lpm).all()
    assert (result.rack_given_lpm >= 0.0).all()


def test_a_pipe_that_lets_nothing_through_without_valves_is_an_error_that_names_it():
    plugged = with_runs(hall(), ROW, bore_m=[0.005], resistance_factor=[1000.0])

    with pytest.raises(NotConverged, match=r"pipe P0.*bore") as error:
        cooled(plugged, tcs__control_valves=0.0)

    assert error.value.context["element"] == "p0"


@settings(max_examples=20, deadline=None)
@given(turn_deg=st.sampled_from([30.0, 90.0, 180.0, 271.5]), rows=st.integers(1, 3))
def test_turning_the_hall_turns_the_pipes_along(turn_deg, rows):
    turn = np.radians(turn_deg)
    spin = np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    lines = [
        [[-1600.0, 600.0], [-1600.0, 4000.0 * row + 650.0], [5500.0, 4000.0 * row + 650.0]]
        for row in range(rows)
    ]

    plain = cooled(with_runs(hall(rows=rows), *lines))
    turned = cooled(
        with_runs(hall(rows=rows, turn_deg=turn_deg), *(np.array(line) @ spin for line in lines))
    )

    assert turned.rack_path_kpa == pytest.approx(plain.rack_path_kpa, rel=1e-6)


def test_the_schematic_of_a_loop_with_a_main_names_each_rack_once():
    plant = hall(rows=2, per_row=4, cdus=1)
    main = [[-1600.0, 600.0], [-500.0, 600.0], [-500.0, 4600.0]]
    drawn = with_runs(
        plant, main, [[-500.0, 600.0], [3500.0, 600.0]], [[-480.0, 4650.0], [3500.0, 4650.0]]
    )

    (loop,) = system_views(drawn, LINES)["loops"]

    named = [[rack["id"] for rack in row["racks"]] for row in loop["headers"]]
    assert sorted(named) == [[f"r{i:03}" for i in range(4)], [f"r{i:03}" for i in range(4, 8)]]
    assert all(row["length_m"] > 0.0 for row in loop["headers"])


def test_a_drawn_pipe_that_is_shut_off_stops_the_racks_behind_it():
    plant = hall(rows=2, per_row=4, cdus=1)
    main = [[-1600.0, 600.0], [-500.0, 600.0], [-500.0, 4600.0]]
    drawn = with_runs(
        plant, main, [[-500.0, 600.0], [3500.0, 600.0]], [[-480.0, 4650.0], [3500.0, 4650.0]]
    )
    rules_of_set = load_rules("us-nec")
    study = Study(drawn, rules_of_set, operate(drawn, rules_of_set, LINES), LINES)

    shut = {o.id: o for o in cooling_outages(study) if o.kind in ("header", "pipe")}

    stopped = {name: np.flatnonzero(o.outage.left == 0.0).tolist() for name, o in shut.items()}
    assert stopped == {
        "p0": list(range(8)),
        "p1": [0, 1, 2, 3],
        "p2": [4, 5, 6, 7],
    }


def between_two_cdus(per_row=8, loops=1, **columns):
    """Rows with a CDU at either end of their run, each a loop of its own."""
    plant = hall(per_row=per_row, cdus=2, cdu_lpm=1600.0, loops=loops)
    plant = replace(plant, cdus=replace(plant.cdus, capacity_kw=np.full(2 * loops, 1000.0)))
    corners = np.array(plant.boxes.corners_mm)
    end = 1300.0 + 600.0 * (per_row - 1) + 2900.0
    corners[per_row * loops + 1 :: 2] += np.array([end + 1600.0, -1500.0])
    plant = replace(plant, boxes=replace(plant.boxes, corners_mm=corners))
    rows = [[[-1600.0, y], [end, y]] for y in 600.0 + 20_000.0 * np.arange(loops)]
    return with_runs(plant, *rows, loop=np.arange(loops), **columns)


def without(plant, *gone):
    rules_of_set = load_rules("us-nec")
    study = Study(plant, rules_of_set, operate(plant, rules_of_set, LINES), LINES)
    lost = np.isin(np.arange(len(plant.cdus)), gone)
    return study.operation.cooling, study.shortage.remaining.given_lpm(lost)


@pytest.mark.parametrize(("by_mm", "told"), [(0.0, False), (900.0, False), (1100.0, True)])
def test_a_rack_pulled_off_its_pipe_is_out_of_reach_of_its_hoses(by_mm, told):
    plant = with_runs(hall(cdus=1, cdu_lpm=2700.0), ROW)
    corners = np.array(plant.boxes.corners_mm)
    corners[3, :, 1] += 600.0 + by_mm  # its circle of 600 mm touches the pipe before

    result = cooled(replace(plant, boxes=replace(plant.boxes, corners_mm=corners)))

    found = [each for each in result.findings if each.rule == "COOL-HOSE"]
    assert bool(found) == told
    if told:
        assert found[0].element_ids == ("r003",)
        assert (found[0].measured, found[0].required) == (pytest.approx(by_mm), 1000.0)


def test_without_a_cdu_its_row_is_fed_from_the_other_end_and_the_far_racks_starve():
    cooling, given = without(between_two_cdus(bore_m=[0.05]), 0)
    share = given / cooling.rack_flow_lpm

    assert cooling.rack_given_lpm == pytest.approx(cooling.rack_flow_lpm)
    # The first rack is now the farthest from the CDU that is left.
    assert share[0] == share.min() < 0.95
    assert share[-1] == share.max()
    _, mirrored = without(between_two_cdus(bore_m=[0.05]), 1)
    assert mirrored[::-1] == pytest.approx(given, rel=1e-6)


def test_doubling_the_resistance_of_a_row_starves_it_when_it_loses_its_cdu():
    _, plain = without(between_two_cdus(bore_m=[0.06]), 0)
    cooling, doubled = without(between_two_cdus(bore_m=[0.06], resistance_factor=[2.0]), 0)

    assert (doubled <= plain + 1e-6).all()
    assert doubled.min() < 0.95 * cooling.rack_flow_lpm.min() < plain.min()


def test_each_cdu_is_lost_in_its_place_and_the_finding_names_whom_it_starves():
    plant = between_two_cdus(bore_m=[0.06], resistance_factor=[2.0])
    study_cooling, given = without(plant, 0)
    result = cooled(plant)
    (loop,) = result.loops

    short = given < 0.95 * study_cooling.rack_flow_lpm
    starving = {each.cdu_id: each for each in loop.hydraulics.starving}
    assert set(starving) == {"c0", "c1"}
    assert list(starving["c0"].short_rack_ids) == np.array(plant.racks.id)[short].tolist()
    least = (given / study_cooling.rack_flow_lpm).min()
    assert starving["c0"].deficit_fraction == pytest.approx(1.0 - least)
    assert loop.hydraulics.lost_one_deficit_fraction == pytest.approx(1.0 - least)
    assert loop.is_rated_n_plus_1 and not loop.n_plus_1 and loop.binds == "pipes"
    (finding,) = [each for each in result.findings if each.rule == "COOL-HEAD-N1"]
    assert f"at {short.sum()} racks: R000" in finding.detail
    assert set(finding.element_ids) == {*loop.starved_rack_ids, "c0", "c1"}


def test_a_loop_in_which_nothing_flows_loses_nothing_with_a_cdu():
    plant = between_two_cdus()
    branch = [[3000.0, 600.0], [3000.0, 3000.0]]
    plant = with_runs(plant, plant.pipes.points_mm[0], branch)  # they meet in a joint
    plant = replace(plant, racks=replace(plant.racks, liquid_fraction=np.zeros(8)))

    (loop,) = cooled(plant).loops
    cases = losses_of(study_of(plant, LINES))["cases"]

    assert loop.flow_lpm == 0.0 and loop.n_plus_1
    assert {case["severity"] for case in cases if case["kind"] == "cdu"} == {"none"}


def test_pipes_that_are_wide_enough_hold_with_each_cdu_lost_in_its_place():
    result = cooled(between_two_cdus(bore_m=[0.1]))
    (loop,) = result.loops

    assert loop.n_plus_1 and loop.hydraulics.starving == ()
    assert "COOL-HEAD-N1" not in rules(result)


@settings(max_examples=10, deadline=None)
@given(
    bore_m=st.floats(0.04, 0.09),
    factor=st.floats(0.5, 20.0),
    lost=st.integers(0, 5),
)
def test_the_evaluation_and_lose_one_say_the_same_of_a_lost_cdu(bore_m, factor, lost):
    plant = between_two_cdus(
        loops=3, bore_m=[bore_m, bore_m, 0.07], resistance_factor=[factor, factor, 1.0]
    )
    cooling, given = without(plant, lost)

    short = (given < 0.95 * cooling.rack_flow_lpm) & (given < 0.999 * cooling.rack_given_lpm)
    starving = {
        each.cdu_id: each.short_rack_ids
        for loop in cooling.loops
        for each in loop.hydraulics.starving
    }
    named = starving.get(f"c{lost}", ())
    assert sorted(named) == [plant.racks.id[row] for row in np.flatnonzero(short)]


def test_a_row_whose_only_cdu_stops_hangs_on_the_header_that_its_loop_shares():
    plant = hall(rows=2, per_row=4, cdus=3, cdu_lpm=1600.0)
    first = [[-1600.0, 600.0], [3500.0, 600.0]]
    drawn = with_runs(plant, first)

    cooling, given = without(drawn, 0)

    assert given == pytest.approx(cooling.rack_given_lpm)
