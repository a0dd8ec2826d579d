"""Friction, pipes, networks, pumps and inventory against published and exact cases.

Sources per case: Colebrook's root by fluids 1.3.1 (HY-01), Hagen-Poiseuille (HY-02), White's three
pipes in series (HY-04), the two-loop network of Alperovits and Shamir (HY-07), EPANET's network 1
(HY-08), a hall of 24 racks that three programs agree on (HY-10), affinity laws (HY-12), a ladder in
closed form (HY-17), loss of one of three pumps (FA-03). Tolerances are those of the cases.
"""

import numpy as np
import pytest

from engine.hydraulics.friction import (
    friction_factor,
    head_m,
    pressure_gradient_pa_m,
    reynolds_number,
    velocity_m_s,
)
from engine.hydraulics.inventory import inventory_m3
from engine.hydraulics.network import Draft, hazen_williams_resistance
from engine.hydraulics.pumps import PumpCurve, at_speed, duty_flow_m3_s
from engine.hydraulics.solve import head_residual, solve
from engine.units import LPM_PER_GPM, MM_PER_IN, m3_s_to_lpm
from tests.validation.cases import cases, near, printed

PHYSICS = cases("physics")
FOOT_M = 12.0 * MM_PER_IN / 1000.0
M3_S_PER_GPM = LPM_PER_GPM / 60_000.0
PSI_PER_FOOT = 0.4333
WATER_M2_S = 1e-6


def test_friction_factor_of_colebrook():
    case = PHYSICS["HY-01"]
    given = case["inputs"]

    found = friction_factor(given["Re"], given["rel_roughness"])

    assert found == pytest.approx(case["expected"]["darcy_f"], rel=case["tolerance"]["rel_strict"])


def test_laminar_friction_factor():
    case = PHYSICS["HY-02"]
    given = case["inputs"]

    assert friction_factor(given["Re"], given["rel_roughness"]) == near(case, "darcy_f")


def test_three_pipes_in_series():
    case = PHYSICS["HY-04"]
    given = case["inputs"]
    drop = given["pressure_drop_Pa"] / (given["rho_kg_m3"] * given["g"]) + given["elevation_drop_m"]
    draft = Draft()
    draft.node("0", head_m=drop)
    for i, (length, bore, roughness) in enumerate(given["pipes_L_m_D_m_eps_m"], start=1):
        last = i == len(given["pipes_L_m_D_m_eps_m"])
        draft.node(str(i), head_m=0.0 if last else None)
        draft.pipe(f"p{i}", str(i - 1), str(i), length_m=length, bore_m=bore, roughness_m=roughness)

    flows = solve(draft.build(kinematic_viscosity_m2_s=given["nu_m2_s"], gravity_m_s2=given["g"]))

    assert 3600.0 * flows.flow_m3_s == pytest.approx(
        case["expected"]["flow_m3_h"], rel=case["tolerance"]["rel"]
    )


def test_two_loop_network():
    case = PHYSICS["HY-07"]
    given, expected, allowed = case["inputs"], case["expected"], case["tolerance"]
    draft = Draft()
    draft.node(str(given["reservoir_node"]), head_m=given["reservoir_head_m"])
    for node, demand in given["demand_m3_h"].items():
        draft.node(node, demand_m3_s=demand / 3600.0)
    pairs = zip(given["pipes_from_to"], given["diameters_in"], strict=True)
    for i, ((start, end), inches) in enumerate(pairs, start=1):
        resistance = hazen_williams_resistance(
            given["length_each_m"], inches * MM_PER_IN / 1000.0, given["C"]
        )
        draft.resistance(f"p{i}", str(start), str(end), resistance=resistance, exponent=1.852)

    network = draft.build(kinematic_viscosity_m2_s=WATER_M2_S)
    flows = solve(network)

    head = dict(zip(network.node_id, flows.head_m, strict=True))
    for node, pressure in expected["pressure_m"].items():
        found = head[node] - given["ground_m"][node]
        assert found == pytest.approx(pressure, abs=allowed["abs"]["pressure_m"]), node
    assert 3600.0 * flows.flow_m3_s[0] == pytest.approx(expected["flow_pipe1_m3_h"], rel=1e-9)
    assert 3600.0 * flows.flow_m3_s[2] == pytest.approx(
        expected["flow_pipe3_m3_h"], rel=allowed["rel"]["flow_pipe3_m3_h"]
    )


def test_network_with_a_pump_and_a_tank():
    case = PHYSICS["HY-08"]
    given, expected, allowed = case["inputs"], case["expected"], case["tolerance"]
    draft = Draft()
    for node in given["elevation_ft"]:
        draft.node(node, demand_m3_s=given["demand_gpm"].get(node, 0.0) * M3_S_PER_GPM)
    draft.node("2", head_m=given["tank_2_head_ft"] * FOOT_M)
    draft.node("9", head_m=800.0 * FOOT_M)
    curve = PumpCurve(
        shutoff_m=333.333 * FOOT_M,
        bend_s2_m5=83.333 * FOOT_M / (1500.0 * M3_S_PER_GPM) ** 2,
    )
    draft.pump("pump", "9", "10", curve)
    names = ["10", "11", "12", "21", "22", "31", "110", "111", "112", "113", "121", "122"]
    for name, (start, end, length, inches) in zip(
        names, given["pipes_from_to_Lft_din"], strict=True
    ):
        # 4.727 L C^-1.852 d^-4.871 of feet and cubic feet a second, in metres.
        resistance = 4.727 * length * 100.0**-1.852 * (inches / 12.0) ** -4.871
        draft.resistance(
            name,
            start,
            end,
            resistance=resistance * FOOT_M / FOOT_M ** (3.0 * 1.852),
            exponent=1.852,
        )

    network = draft.build(kinematic_viscosity_m2_s=WATER_M2_S)
    flows = solve(network)

    flow = dict(zip(network.link_id, flows.flow_m3_s / M3_S_PER_GPM, strict=True))
    head = dict(zip(network.node_id, flows.head_m / FOOT_M, strict=True))
    assert flow["pump"] == near(case, "pump_flow_gpm")
    for name, gpm in expected["flow_gpm"].items():
        assert flow[name] == pytest.approx(gpm, rel=allowed["rel"]["flow_gpm"]), name
    for node, psi in expected["pressure_psi"].items():
        found = PSI_PER_FOOT * (head[node] - given["elevation_ft"][node])
        assert found == pytest.approx(psi, abs=allowed["abs"]["pressure_psi"]), node


def test_hall_of_racks_with_direct_return():
    case = PHYSICS["HY-10"]
    given, expected = case["inputs"], case["expected"]
    draft = Draft()
    draft.node("S", head_m=given["source_head_m"])
    draft.node("R", head_m=given["return_head_m"])
    for name in sorted({n for link in given["links"] for n in link[:2]} - {"S", "R"}):
        draft.node(name)
    for start, end, length, bore, k in given["links"]:
        draft.pipe(
            f"{start}>{end}",
            start,
            end,
            length_m=length,
            bore_m=bore,
            roughness_m=given["roughness_m"],
            minor_k=k,
        )
    network = draft.build(kinematic_viscosity_m2_s=1.776e-3 / 1014.9, gravity_m_s2=given["g"])

    flows = solve(network)

    racks = [i for i, name in enumerate(network.link_id) if name[0] == "s" and ">t" in name]
    found = m3_s_to_lpm(flows.flow_m3_s[racks])
    assert found == pytest.approx(expected["rack_flow_LPM"], rel=case["tolerance"]["rel"])
    assert found.sum() == near(case, "total_LPM")
    assert (found.min(), found.max()) == (near(case, "min_LPM"), near(case, "max_LPM"))
    assert flows.imbalance < 1e-9 and head_residual(network, flows) < 1e-6


def test_pump_at_another_speed():
    case = PHYSICS["HY-12"]
    given = case["inputs"]

    flow, head, power = at_speed(
        given["Q1_L_s"], given["H1_m"], given["P1_kW"], given["speed_ratio"]
    )

    assert (flow, head, power) == (near(case, "Q_L_s"), near(case, "H_m"), near(case, "P_kW"))


def test_loss_in_a_steel_pipe():
    case = PHYSICS["HY-15"]
    given = case["inputs"]
    flow, bore = given["flow_LPM"] / 60_000.0, given["bore_m"]
    reynolds = reynolds_number(flow, bore, given["mu"] / given["rho"])

    assert velocity_m_s(flow, bore) == near(case, "velocity_m_s")
    assert reynolds == near(case, "Re")
    assert friction_factor(reynolds, given["roughness_m"] / bore) == near(case, "darcy_f")
    gradient = pressure_gradient_pa_m(flow, bore, given["roughness_m"], given["rho"], given["mu"])
    assert gradient == near(case, "dp_Pa_per_m")


def test_ladder_of_three_rungs():
    case = PHYSICS["HY-17"]
    given = case["inputs"]
    draft = Draft()
    draft.node("0", head_m=given["dp"])
    draft.node("return", head_m=0.0)
    for i in range(1, given["segments"] + 1):
        draft.node(str(i))
        draft.resistance(
            f"header {i}",
            str(i - 1),
            str(i),
            resistance=given["header_k_per_segment_supply_plus_return"],
        )
        draft.resistance(f"rack {i}", str(i), "return", resistance=given["rack_k"])

    flows = solve(draft.build(kinematic_viscosity_m2_s=WATER_M2_S)).flow_m3_s

    assert [printed(flow) for flow in flows[1::2]] == pytest.approx(
        case["expected"]["flows_near_to_far"], rel=case["tolerance"]["rel"]
    )
    assert printed(flows[0]) == near(case, "total")


def test_volume_in_pipes_and_racks():
    case = PHYSICS["HY-19"]
    given = case["inputs"]
    bores, lengths = np.array(given["pipes_bore_m_length_m"]).T

    held = inventory_m3(lengths, bores) + given["racks"] * given["rack_volume_L_each"] / 1000.0

    assert printed(held) == near(case, "volume_m3")


def test_loss_of_one_of_three_pumps():
    case = PHYSICS["FA-03"]
    given = case["inputs"]
    curve = PumpCurve(shutoff_m=42.0, bend_s2_m5=1800.0)
    units = np.array([given["pumps_before"], given["pumps_after"]])

    before, after = duty_flow_m3_s(curve, 3200.0, speed=given["speed"], units=units)

    assert before == near(case, "flow_before_m3_s")
    assert after == near(case, "flow_after_m3_s")
    assert after / before == near(case, "ratio")


def test_a_network_finds_the_same_duty_as_the_curves():
    case = PHYSICS["FA-03"]
    draft = Draft()
    draft.node("suction", head_m=0.0)
    draft.node("delivery")
    draft.pump(
        "pumps", "suction", "delivery", PumpCurve(shutoff_m=42.0, bend_s2_m5=1800.0), units=2
    )
    draft.resistance("system", "delivery", "suction", resistance=3200.0)

    flows = solve(draft.build(kinematic_viscosity_m2_s=WATER_M2_S))

    assert flows.flow_m3_s[0] == near(case, "flow_after_m3_s")


def test_head_is_pressure_over_weight():
    assert head_m(100_000.0, 1000.0) == pytest.approx(10.1972, rel=1e-5)
