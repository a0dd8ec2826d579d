"""Times of one hall of 500 racks, here and in pandapipes and EPANET, as JSON on stdout.

Ten rows of fifty racks on a supply and a return main, direct return: 1,022 nodes, 1,520 links.
Runs in the environment of the oracle tests; the quickest of several rounds counts for each.
"""

import json
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandapipes as pp
import wntr
from wntr.epanet.toolkit import ENepanet

from engine.hydraulics import kernels
from engine.hydraulics.network import Draft, Network
from engine.hydraulics.solve import Flows, pattern_of, solve

ROWS, RACKS = 10, 50
DENSITY, VISCOSITY, ROUGHNESS_M, GRAVITY = 1014.9, 1.776e-3, 4.5e-5, 9.81
SOURCE_M = 40.0
ROUNDS = 15


def pipes() -> list[tuple[str, str, float, float, float]]:
    """From, to, length, bore and loss coefficient of every pipe."""
    out = []
    main, row, branch = 0.4889, 0.2027, 0.0525
    for r in range(ROWS):
        out.append(("S" if r == 0 else f"M{r - 1}", f"M{r}", 6.0, main, 0.5))
        out.append((f"N{r}", "R" if r == 0 else f"N{r - 1}", 6.0, main, 0.5))
        for i in range(RACKS):
            out.append((f"M{r}" if i == 0 else f"s{r}_{i - 1}", f"s{r}_{i}", 0.6, row, 0.2))
            out.append((f"t{r}_{i}", f"N{r}" if i == 0 else f"t{r}_{i - 1}", 0.6, row, 0.2))
            out.append((f"s{r}_{i}", f"t{r}_{i}", 8.0, branch, 50.0 + (i * 7 + r * 3) % 5))
    return out


def names() -> list[str]:
    """Every node, the source first and the return second."""
    inner = {node for pipe in pipes() for node in pipe[:2]} - {"S", "R"}
    return ["S", "R", *sorted(inner)]


def own() -> Network:
    """The hall as the engine has it."""
    draft = Draft()
    for name in names():
        draft.node(name, head_m={"S": SOURCE_M, "R": 0.0}.get(name))
    for i, (a, b, length, bore, k) in enumerate(pipes()):
        draft.pipe(f"{i}", a, b, length_m=length, bore_m=bore, roughness_m=ROUGHNESS_M, minor_k=k)
    return draft.build(kinematic_viscosity_m2_s=VISCOSITY / DENSITY, gravity_m_s2=GRAVITY)


def quickest(action: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Seconds of the quickest round."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return min(times)


def own_times() -> tuple[dict[str, float], Flows]:
    """Cold and warm, compiled and by scipy; and the flows."""
    network = own()
    pattern = pattern_of(network)
    changed = network.scaled(1.1)
    flows = solve(network, pattern=pattern)
    at_edit = {"tolerance": 1e-6}
    times = {
        "compiled_s": quickest(lambda: solve(network, pattern=pattern, **at_edit), 60),
        "compiled_warm_s": quickest(
            lambda: solve(changed, pattern=pattern, start_m3_s=flows.flow_m3_s, **at_edit), 60
        ),
    }
    sys.modules["numba"] = None  # type: ignore[assignment]
    kernels.compiled.cache_clear()
    times["scipy_s"] = quickest(lambda: solve(network, pattern=pattern, **at_edit))
    return times, flows


def pandapipes_time() -> tuple[float, np.ndarray]:
    """A repeated solution, and its flows."""
    index = {name: i for i, name in enumerate(names())}
    net = pp.create_empty_network()
    net["fluid"] = pp.create_constant_fluid(
        "coolant", "liquid", density=DENSITY, viscosity=VISCOSITY, heat_capacity=3940.0
    )
    pp.create_junctions(net, len(index), pn_bar=5.0, tfluid_k=303.15)
    pp.create_ext_grid(net, 0, p_bar=1.0 + SOURCE_M * DENSITY * GRAVITY / 1e5, t_k=303.15)
    pp.create_ext_grid(net, 1, p_bar=1.0, t_k=303.15)
    a, b, length, bore, k = zip(*pipes(), strict=True)
    pp.create_pipes_from_parameters(
        net,
        [index[n] for n in a],
        [index[n] for n in b],
        length_km=np.array(length) / 1000.0,
        inner_diameter_mm=1000.0 * np.array(bore),
        k_mm=1000.0 * ROUGHNESS_M,
        loss_coefficient=np.array(k),
    )
    run = lambda: pp.pipeflow(net, friction_model="colebrook")  # noqa: E731
    run()
    seconds = quickest(run, 5)
    return seconds, net.res_pipe.mdot_from_kg_per_s.to_numpy() / DENSITY


def epanet_time() -> float:
    """`runH` alone, through the toolkit."""
    network = wntr.network.WaterNetworkModel()
    network.options.hydraulic.headloss = "D-W"
    network.options.hydraulic.viscosity = VISCOSITY / DENSITY / 1.02193e-6
    network.options.hydraulic.accuracy = 1e-6
    network.options.time.duration = 0
    for name in names():
        if name in "SR":
            network.add_reservoir(name, base_head=SOURCE_M if name == "S" else 0.0)
        else:
            network.add_junction(name, base_demand=0.0, elevation=0.0)
    for i, (a, b, length, bore, k) in enumerate(pipes()):
        network.add_pipe(f"{i}", a, b, length, bore, ROUGHNESS_M, k)
    with tempfile.TemporaryDirectory() as folder:
        file = str(Path(folder) / "hall.inp")
        wntr.network.write_inpfile(network, file)
        toolkit = ENepanet()
        toolkit.ENopen(file, file + ".rpt", file + ".out")
        toolkit.ENopenH()
        times = []
        for _ in range(ROUNDS):
            toolkit.ENinitH(10)  # from the start again, not from the last flows
            start = time.perf_counter()
            toolkit.ENrunH()
            times.append(time.perf_counter() - start)
        toolkit.ENcloseH()
        toolkit.ENclose()
    return min(times)


def main() -> None:
    """Measure all, check that the flows agree, print."""
    warnings.simplefilter("ignore")
    seconds, theirs = pandapipes_time()
    epanet = epanet_time()
    times, flows = own_times()
    apart = float(np.max(np.abs(flows.flow_m3_s - theirs)) / np.abs(theirs).max())
    print(  # noqa: T201
        json.dumps({**times, "pandapipes_s": seconds, "epanet_s": epanet, "apart": apart})
    )


if __name__ == "__main__":
    main()
