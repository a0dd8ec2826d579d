"""Random networks of pipes against pandapipes (Colebrook) and EPANET.

Trees with loops of 10 to 2,000 links, one source of known head, a demand at every other node.
pandapipes solves Colebrook's equation with 3.71 for 3.7 and knows no laminar flow, so pipes are
moderately rough and flows stay turbulent; the allowed 1e-4 of the greatest flow covers both.
EPANET has Swamee and Jain's factor and 32-bit results: 1e-3.
"""

import warnings

import numpy as np
import pytest

from engine.hydraulics.friction import TURBULENT_ABOVE, friction_factor, reynolds_number
from engine.hydraulics.network import Draft
from engine.hydraulics.solve import solve

DENSITY, VISCOSITY = 1014.9, 1.776e-3
NU = VISCOSITY / DENSITY
GRAVITY = 9.81  # what both programs use
SOURCE_M = 200.0
ROUGHNESS_M = 4.5e-5
SIZES = (10, 40, 150, 600, 2000)


def random_pipes(links, seed):
    """Pipes of a random connected network with bores fit for their flow, and its demands."""
    random = np.random.default_rng(seed)
    nodes = max(3, round(links / 1.25))
    pairs = [(int(random.integers(max(0, i - 6), i)), i) for i in range(1, nodes)]
    while len(pairs) < links:
        a = int(random.integers(0, nodes))
        b = int(np.clip(a + random.integers(-8, 9), 0, nodes - 1))
        if a != b:
            pairs.append((a, b))
    demand = random.uniform(0.001, 0.004, nodes)
    demand[0] = 0.0
    below = demand.copy()
    for a, b in reversed(pairs[: nodes - 1]):
        below[a] += below[b]
    bores = []
    for i, (a, b) in enumerate(pairs):
        carried = below[b] if i < nodes - 1 else 0.3 * min(below[a], below[b])
        bores.append(
            max(0.02, float(np.sqrt(max(carried, 0.0008) / 1.2))) * random.uniform(0.9, 1.1)
        )
    return (
        np.array(pairs),
        random.uniform(2.0, 30.0, len(pairs)),
        np.array(bores),
        random.uniform(0.0, 5.0, len(pairs)),
        demand,
    )


def own_flows(pipes):
    pairs, lengths, bores, minor, demand = pipes
    draft = Draft()
    for i, taken in enumerate(demand):
        draft.node(str(i), head_m=None if i else SOURCE_M, demand_m3_s=taken if i else 0.0)
    for i, (a, b) in enumerate(pairs):
        draft.pipe(
            f"p{i}",
            str(a),
            str(b),
            length_m=lengths[i],
            bore_m=bores[i],
            roughness_m=ROUGHNESS_M,
            minor_k=minor[i],
        )
    return solve(draft.build(kinematic_viscosity_m2_s=NU, gravity_m_s2=GRAVITY)).flow_m3_s


@pytest.mark.parametrize("links", SIZES)
def test_flows_against_pandapipes(links):
    import pandapipes as pp

    pairs, lengths, bores, minor, demand = pipes = random_pipes(links, seed=links)
    own = own_flows(pipes)

    net = pp.create_empty_network()
    fluid = pp.create_constant_fluid(
        "coolant", "liquid", density=DENSITY, viscosity=VISCOSITY, heat_capacity=3940.0
    )
    net["fluid"] = fluid
    pp.create_junctions(net, len(demand), pn_bar=20.0, tfluid_k=303.15)
    pp.create_ext_grid(net, 0, p_bar=SOURCE_M * DENSITY * GRAVITY / 1e5, t_k=303.15)
    taking = np.flatnonzero(demand)
    pp.create_sinks(net, taking, demand[taking] * DENSITY)
    pp.create_pipes_from_parameters(
        net,
        pairs[:, 0],
        pairs[:, 1],
        length_km=lengths / 1000.0,
        inner_diameter_mm=1000.0 * bores,
        k_mm=1000.0 * ROUGHNESS_M,
        loss_coefficient=minor,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pp.pipeflow(
            net,
            friction_model="colebrook",
            nonlinear_method="automatic",
            tol_p=1e-6,
            tol_m=1e-6,
            max_iter_hyd=200,
            max_iter_colebrook=200,
        )
    theirs = net.res_pipe.mdot_from_kg_per_s.to_numpy() / DENSITY

    turbulent = reynolds_number(own, bores, NU) > TURBULENT_ABOVE
    assert turbulent.mean() > 0.8
    assert np.max(np.abs(own - theirs)) < 1e-4 * np.abs(own).max()


@pytest.mark.parametrize("links", SIZES)
def test_flows_against_epanet(links, tmp_path, monkeypatch):
    import wntr

    monkeypatch.chdir(tmp_path)
    pairs, lengths, bores, minor, demand = pipes = random_pipes(links, seed=links + 1)
    own = own_flows(pipes)

    network = wntr.network.WaterNetworkModel()
    network.options.hydraulic.headloss = "D-W"
    # EPANET's viscosity is relative to that of water at 20 °C.
    network.options.hydraulic.viscosity = NU / 1.02193e-6
    network.options.hydraulic.accuracy = 1e-8
    network.options.hydraulic.trials = 500
    network.options.time.duration = 0
    network.add_reservoir("n0", base_head=SOURCE_M)
    for i, taken in enumerate(demand[1:], start=1):
        network.add_junction(f"n{i}", base_demand=taken, elevation=0.0)
    for i, (a, b) in enumerate(pairs):
        network.add_pipe(f"p{i}", f"n{a}", f"n{b}", lengths[i], bores[i], ROUGHNESS_M, minor[i])
    results = wntr.sim.EpanetSimulator(network).run_sim()
    theirs = results.link["flowrate"].iloc[0][[f"p{i}" for i in range(len(pairs))]].to_numpy()

    assert np.max(np.abs(own - theirs)) < 1e-3 * np.abs(own).max()


def test_friction_against_fluids():
    import fluids

    reynolds = np.concatenate([np.geomspace(10.0, 1999.0, 50), np.geomspace(4001.0, 1e8, 200)])
    for rough in (0.0, 1e-6, 1e-4, 1e-3, 1e-2, 0.05):
        own = friction_factor(reynolds, rough)
        theirs = [fluids.friction_factor(Re=float(re), eD=rough) for re in reynolds]
        assert own == pytest.approx(theirs, rel=1e-9)
