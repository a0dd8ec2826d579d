"""What must hold in any network, whichever figures it has."""

import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.assumptions import Assumptions
from engine.errors import OutOfRange
from engine.hydraulics import kernels
from engine.hydraulics.errors import Disconnected, NetworkInvalid, NoBore, NothingDrives
from engine.hydraulics.friction import factor_and_slope, friction_factor, pressure_gradient_pa_m
from engine.hydraulics.inventory import expansion_vessel_m3, filled_pipe_kg_m, inventory_m3
from engine.hydraulics.network import Draft
from engine.hydraulics.pumps import (
    PumpCurve,
    duty_flow_m3_s,
    net_positive_suction_head_m,
    pump_efficiency,
    pump_head_m,
    set_point_power_kw,
    shaft_power_kw,
    speed_for_duty,
)
from engine.hydraulics.sizing import choose_bores, steel_series
from engine.hydraulics.solve import head_residual, pattern_of, solve
from engine.hydraulics.valves import (
    balancing_loss_pa,
    equipment_resistance,
    opening_kv_m3_h,
    valve_authority,
    valve_loss_pa,
    valve_resistance,
)

PG25_M2_S = 1.75e-6
LINES = Assumptions.load()


def row_of_racks(racks, *, head=9.0, bore=0.1, k=60.0, reverse=False, rough=4.5e-5):
    """A supply header, racks between the headers, and a return header."""
    draft = Draft()
    draft.node("source", head_m=head)
    draft.node("back", head_m=0.0)
    for i in range(racks):
        draft.node(f"s{i}")
        draft.node(f"t{i}")
    header = {"length_m": 0.8, "bore_m": bore, "roughness_m": rough, "minor_k": 0.2}
    for i in range(racks):
        draft.pipe(f"supply {i}", f"s{i - 1}" if i else "source", f"s{i}", **header)
        draft.pipe(
            f"rack {i}", f"s{i}", f"t{i}", length_m=6, bore_m=0.05, roughness_m=rough, minor_k=k
        )
        after = i + 1 if reverse else i - 1
        draft.pipe(f"return {i}", f"t{i}", f"t{after}" if 0 <= after < racks else "back", **header)
    return draft.build(kinematic_viscosity_m2_s=PG25_M2_S)


def rack_flows(network, flows):
    return np.array(
        [q for n, q in zip(network.link_id, flows.flow_m3_s, strict=True) if n[:4] == "rack"]
    )


@st.composite
def networks(draw):
    """Connected networks with loops, pumps, check and control valves, between two pressures."""
    count = draw(st.integers(2, 24))
    draft = Draft()
    draft.node("n0", head_m=draw(st.floats(5.0, 40.0)))
    for i in range(1, count):
        draft.node(f"n{i}", demand_m3_s=draw(st.sampled_from([0.0, 0.0, 0.002, -0.001])))
    draft.node("low", head_m=0.0)
    figures = st.tuples(st.floats(1.0, 200.0), st.sampled_from([0.02, 0.05, 0.1, 0.2]))

    def pipe(name, a, b):
        length, bore = draw(figures)
        draft.pipe(name, a, b, length_m=length, bore_m=bore, roughness_m=4.5e-5, minor_k=bore * 20)

    for i in range(1, count):
        pipe(f"tree {i}", f"n{draw(st.integers(0, i - 1))}", f"n{i}")
    pipe("out", f"n{count - 1}", "low")
    for j in range(draw(st.integers(0, 8))):
        a, b = draw(st.integers(0, count - 1)), draw(st.integers(0, count - 1))
        if a == b:
            continue
        kind = draw(st.sampled_from(["pipe", "check", "limit", "pump"]))
        if kind == "pipe":
            pipe(f"loop {j}", f"n{a}", f"n{b}")
        elif kind == "check":
            draft.resistance(f"check {j}", f"n{a}", f"n{b}", resistance=5e4, one_way=True)
        elif kind == "limit":
            draft.resistance(f"limit {j}", f"n{a}", f"n{b}", resistance=5e4, limit_m3_s=0.001)
        else:
            draft.pump(f"pump {j}", f"n{a}", f"n{b}", PumpCurve(shutoff_m=12.0, bend_s2_m5=2e4))
    return draft.build(kinematic_viscosity_m2_s=PG25_M2_S)


@given(networks())
@settings(deadline=None, max_examples=60)
def test_every_network_balances_mass_and_head(network):
    flows = solve(network)

    assert flows.imbalance < 1e-9
    assert head_residual(network, flows) < 1e-6
    for name, flow in zip(network.link_id, flows.flow_m3_s, strict=True):
        if name.startswith(("check", "pump")):
            assert flow > -1e-6
        if name.startswith("limit"):
            assert flow < 0.001 * (1 + 1e-6)


@given(networks())
@settings(deadline=None, max_examples=25)
def test_compiled_and_plain_solutions_agree(network):
    pytest.importorskip("numba")
    compiled = solve(network)

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "numba", None)
        kernels.compiled.cache_clear()
        plain = solve(network)
    kernels.compiled.cache_clear()

    most = np.abs(plain.flow_m3_s).max()
    assert compiled.flow_m3_s == pytest.approx(plain.flow_m3_s, abs=1e-7 * most)


@given(st.floats(1.0, 30.0))
@settings(deadline=None, max_examples=20)
def test_rough_flow_scales_with_the_root_of_resistance(factor):
    network = row_of_racks(6, rough=0.004, k=200.0, head=60.0)
    plain, harder = solve(network), solve(network.scaled(factor))

    assert rack_flows(network, harder) == pytest.approx(
        rack_flows(network, plain) / np.sqrt(factor), rel=2e-3
    )


@given(st.integers(0, 7), st.floats(1.01, 50.0))
@settings(deadline=None, max_examples=25)
def test_more_resistance_anywhere_never_gives_more_flow(which, factor):
    network = row_of_racks(8)
    times = np.ones(len(network))
    times[3 * which : 3 * which + 2] = factor

    before, after = solve(network), solve(network.scaled(times))

    assert after.flow_m3_s[0] <= before.flow_m3_s[0] * (1 + 1e-9)


def test_reverse_return_evens_out_the_racks():
    direct, reverse = row_of_racks(12), row_of_racks(12, reverse=True)
    a = rack_flows(direct, solve(direct))
    b = rack_flows(reverse, solve(reverse))

    assert a[0] > a[-1] * 1.15
    assert np.ptp(b) / b.mean() < 0.5 * np.ptp(a) / a.mean()


def test_a_warm_start_takes_fewer_rounds_to_the_same_flows():
    network = row_of_racks(20)
    pattern = pattern_of(network)
    cold = solve(network, pattern=pattern)
    changed = network.scaled(1.1)

    warm = solve(changed, pattern=pattern, start_m3_s=cold.flow_m3_s)

    assert warm.iterations < cold.iterations
    assert warm.flow_m3_s == pytest.approx(solve(changed).flow_m3_s, rel=1e-8)


def test_a_closed_header_leaves_the_racks_behind_it_dry():
    network = row_of_racks(5)

    flows = solve(network.closed(["supply 3", "return 3"]))

    assert np.all(rack_flows(network, flows)[:3] > 0.0)
    assert np.all(rack_flows(network, flows)[3:] == 0.0)
    assert set(flows.dry_nodes) == {"s3", "t3", "s4", "t4"}


def test_a_control_valve_holds_its_flow_until_the_pressure_is_short():
    def flow(head):
        draft = Draft()
        draft.node("a", head_m=head)
        draft.node("b", head_m=0.0)
        draft.resistance("picv", "a", "b", resistance=1e6, limit_m3_s=0.002)
        return solve(draft.build(kinematic_viscosity_m2_s=PG25_M2_S)).flow_m3_s[0]

    assert flow(8.0) == pytest.approx(0.002, rel=1e-7)
    assert flow(1.0) == pytest.approx(0.001, rel=1e-9)


def test_a_pump_beyond_its_head_stands_behind_its_check_valve():
    draft = Draft()
    draft.node("high", head_m=30.0)
    draft.node("low", head_m=0.0)
    draft.pump("pump", "low", "high", PumpCurve(shutoff_m=20.0, bend_s2_m5=1e4))
    draft.pipe("pipe", "high", "low", length_m=50, bore_m=0.05, roughness_m=0.0)

    flows = solve(draft.build(kinematic_viscosity_m2_s=PG25_M2_S))

    assert abs(flows.flow_m3_s[0]) < 1e-8
    assert flows.flow_m3_s[1] > 0.0


def test_a_closed_circuit_with_a_vessel_runs_on_its_pump():
    draft = Draft()
    draft.node("vessel", head_m=15.0)
    draft.node("out")
    draft.pump("pump", "vessel", "out", PumpCurve(shutoff_m=25.0, bend_s2_m5=5e4))
    draft.pipe("loop", "out", "vessel", length_m=60, bore_m=0.05, roughness_m=1e-5, minor_k=20)

    flows = solve(draft.build(kinematic_viscosity_m2_s=PG25_M2_S))

    assert flows.flow_m3_s[0] == pytest.approx(flows.flow_m3_s[1], rel=1e-9)
    gained = pump_head_m(PumpCurve(shutoff_m=25.0, bend_s2_m5=5e4), flows.flow_m3_s[0])
    assert flows.loss_m[1] == pytest.approx(float(gained), rel=1e-9)


def test_a_circuit_without_a_pump_is_refused_by_name():
    draft = Draft()
    draft.node("vessel", head_m=15.0)
    draft.node("far")
    draft.pipe("there", "vessel", "far", length_m=9, bore_m=0.1, roughness_m=0)
    draft.pipe("back", "far", "vessel", length_m=9, bore_m=0.1, roughness_m=0)

    with pytest.raises(NothingDrives, match=r"'there'.*add a pump") as refused:
        solve(draft.build(kinematic_viscosity_m2_s=PG25_M2_S))
    assert refused.value.context["element"] == "there"


def test_a_second_circuit_without_a_pump_is_found_beside_a_driven_one():
    draft = Draft()
    for name, head in (("a", 9.0), ("b", 0.0), ("vessel", 5.0)):
        draft.node(name, head_m=head)
    draft.node("far")
    draft.pipe("driven", "a", "b", length_m=9, bore_m=0.1, roughness_m=0)
    draft.pipe("still", "vessel", "far", length_m=9, bore_m=0.1, roughness_m=0)

    with pytest.raises(NothingDrives, match="'still'"):
        solve(draft.build(kinematic_viscosity_m2_s=PG25_M2_S))


def test_a_node_on_its_own_is_refused_by_name():
    draft = Draft()
    draft.node("a", head_m=9.0)
    draft.node("b", head_m=0.0)
    draft.node("lost")
    draft.pipe("p", "a", "b", length_m=9, bore_m=0.1, roughness_m=0)

    with pytest.raises(Disconnected, match=r"'lost'.*connect it"):
        solve(draft.build(kinematic_viscosity_m2_s=PG25_M2_S))


@pytest.mark.parametrize(
    ("figures", "words"),
    [
        ({"roughness_m": -1e-5}, "negative roughness"),
        ({"roughness_m": 0.045}, "metres"),
        ({"bore_m": 0.0}, "no bore"),
        ({"bore_m": float("nan")}, "not a number"),
        ({"length_m": -1.0}, "negative length"),
        ({"length_m": 0.0}, "neither length nor fittings"),
        ({"minor_k": -1.0}, "negative loss coefficient"),
    ],
)
def test_impossible_pipes_are_refused_by_name(figures, words):
    draft = Draft()
    sound = {"length_m": 9.0, "bore_m": 0.1, "roughness_m": 0.0}

    with pytest.raises(NetworkInvalid, match=f"^pipe 7 .*{words}|{words}") as refused:
        draft.pipe("pipe 7", "a", "b", **{**sound, **figures})
    assert refused.value.context["element"] == "pipe 7"


def test_a_link_to_nowhere_and_a_name_used_twice_are_refused():
    draft = Draft()
    draft.node("a", head_m=1.0)
    draft.resistance("r", "a", "b", resistance=1.0)

    with pytest.raises(NetworkInvalid, match="'b', which is no node"):
        draft.build(kinematic_viscosity_m2_s=PG25_M2_S)
    with pytest.raises(NetworkInvalid, match="exists twice"):
        draft.resistance("r", "a", "b", resistance=1.0)
    with pytest.raises(NetworkInvalid, match="viscosity"):
        Draft().build(kinematic_viscosity_m2_s=0.0)
    with pytest.raises(NetworkInvalid, match="no link 'gone'"):
        row_of_racks(2).closed(["gone"])


def test_friction_is_continuous_and_its_slope_exact():
    reynolds = np.array([1999.999, 2000.001, 3999.999, 4000.001])
    factor = friction_factor(reynolds, 1e-3)
    assert factor[0] == pytest.approx(factor[1], rel=1e-5)
    assert factor[2] == pytest.approx(factor[3], rel=1e-5)

    reynolds = np.geomspace(100.0, 1e8, 400)
    _, slope = factor_and_slope(reynolds, np.full(400, 1e-3))
    up, _ = factor_and_slope(reynolds * (1 + 1e-6), np.full(400, 1e-3))
    down, _ = factor_and_slope(reynolds * (1 - 1e-6), np.full(400, 1e-3))
    assert slope == pytest.approx((np.log(up) - np.log(down)) / 2e-6, abs=1e-7)


def test_friction_refuses_what_it_does_not_know():
    with pytest.raises(OutOfRange, match="Reynolds"):
        friction_factor(0.0, 0.0)
    with pytest.raises(OutOfRange, match="Roughness"):
        friction_factor(1e5, -1e-4)
    assert pressure_gradient_pa_m(0.0, 0.1, 0.0, 1000.0, 1e-3) == 0.0


def test_pumps_side_by_side_and_at_speed():
    curve = PumpCurve.through(0.02, 20.0)
    assert pump_head_m(curve, 0.02) == pytest.approx(20.0)
    assert pump_head_m(curve, 0.04, units=2) == pytest.approx(20.0)

    speed = speed_for_duty(curve, 0.015, 12.0)
    assert pump_head_m(curve, 0.015, speed) == pytest.approx(12.0)
    assert duty_flow_m3_s(curve, 1e3, static_m=40.0) == 0.0
    with pytest.raises(OutOfRange):
        PumpCurve(shutoff_m=-1.0)


def test_a_set_point_breaks_the_cube_law():
    assert set_point_power_kw(0.5, 8.0, static_share=0.0) == pytest.approx(1.0)
    assert set_point_power_kw(0.5, 8.0, static_share=0.5) == pytest.approx(2.5)
    assert set_point_power_kw(0.0, 8.0, static_share=0.0, min_speed=0.5) == pytest.approx(1.0)


def test_efficiency_is_best_at_the_best_flow():
    flows = np.linspace(0.005, 0.035, 31)
    eta = pump_efficiency(flows, best_flow_m3_s=0.02, best_efficiency=0.8, curvature=0.6)

    assert flows[np.argmax(eta)] == pytest.approx(0.02)
    assert eta.max() == pytest.approx(0.8)
    assert shaft_power_kw(0.02, 20.0, 0.8, 1000.0) == pytest.approx(4.903325)


def test_suction_head_falls_with_lift_and_loss():
    level = net_positive_suction_head_m(101_325.0, 2_339.0, 998.2)
    assert level == pytest.approx(10.11, abs=0.01)
    assert net_positive_suction_head_m(101_325.0, 2_339.0, 998.2, lift_m=2, loss_m=1) == (
        pytest.approx(level - 3.0)
    )


def test_valves_by_their_coefficient():
    assert valve_loss_pa(10.0 / 3600.0, 10.0, 1000.0) == pytest.approx(1e5)
    head = valve_resistance(10.0) * (10.0 / 3600.0) ** 2
    assert head == pytest.approx(1e5 / (1000.0 * 9.80665))
    assert opening_kv_m3_h(50.0, [0.0, 1.0]) == pytest.approx([1.0, 50.0])
    assert valve_authority(30.0, 70.0) == pytest.approx(0.3)
    assert balancing_loss_pa([50.0, 50.0, 50.0], [5.0, 9.0, 20.0]) == pytest.approx([15, 11, 0])
    r = equipment_resistance(80_000.0, 0.002, 1015.0, 1.8)
    assert r * 0.002**1.8 * 1015.0 * 9.80665 == pytest.approx(80_000.0)


def test_bores_grow_with_the_flow_and_keep_both_limits():
    series = steel_series(LINES)
    flows = np.linspace(0.0, 0.8, 60)
    chosen = choose_bores(
        flows, series, roughness_m=4.5e-5, density_kg_m3=1015.0, viscosity_pa_s=1.6e-3
    )

    assert np.all(np.diff(chosen) >= 0)
    speed = flows * 4 / np.pi / series.bore_m[chosen] ** 2
    assert np.all(speed <= series.velocity_max_m_s[chosen])
    with pytest.raises(NoBore, match="split the flow"):
        choose_bores(9.0, series, roughness_m=0.0, density_kg_m3=1000.0, viscosity_pa_s=1e-3)


def test_what_pipes_hold_and_weigh():
    assert inventory_m3([10.0, 0.0], [0.1, 0.2]) == pytest.approx(0.0785398)
    assert filled_pipe_kg_m(0.1, 0.0, 1000.0) == pytest.approx(7.85398)
    vessel = expansion_vessel_m3(2.0, 1020.0, 1000.0, 200_000.0, 300_000.0)
    assert vessel == pytest.approx(0.04 * 3.0)
    with pytest.raises(OutOfRange):
        expansion_vessel_m3(2.0, 1000.0, 1020.0, 2e5, 3e5)
    with pytest.raises(OutOfRange):
        inventory_m3([-1.0], [0.1])
