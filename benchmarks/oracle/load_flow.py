"""Times of a site of 772 buses, here and in pandapower, as JSON on stdout.

Three voltage levels, 41 transformers, 720 racks; runs in the environment of the oracle tests.
"""

import json
import sys
import time
import warnings
from collections.abc import Callable

import numpy as np
import pandapower as pp

from engine.power.load_flow import radial_load_flow
from engine.power.radial import radial, radial_sum_kw
from tests.engine.feeders import three_level_site

ROUNDS = 15
Site = dict[str, np.ndarray]


def quickest(action: Callable[[], object], rounds: int = ROUNDS) -> float:
    """Seconds of the quickest round."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        action()
        times.append(time.perf_counter() - start)
    return min(times)


def theirs(site: Site) -> pp.pandapowerNet:
    """The same site in pandapower; what the engine takes as shunts is a transformer's there."""
    net = pp.create_empty_network(sn_mva=1.0)
    parent, volts = site["parent"], site["nominal_v"]
    pp.create_buses(net, len(parent), vn_kv=volts / 1000.0)
    pp.create_ext_grid(net, 0)
    fed = np.flatnonzero(parent >= 0)
    level = volts[fed] == volts[parent[fed]]
    lines, units = fed[level], fed[~level]
    pp.create_lines_from_parameters(
        net, parent[lines], lines, length_km=1.0, r_ohm_per_km=site["resistance_ohm"][lines],
        x_ohm_per_km=site["reactance_ohm"][lines], c_nf_per_km=0.0, max_i_ka=1e3,
    )  # fmt: skip
    for bus in units.tolist():
        is_main = volts[bus] > 1e4
        pp.create_transformer_from_parameters(
            net, int(parent[bus]), bus, sn_mva=120.0 if is_main else 3.15,
            vn_hv_kv=volts[parent[bus]] / 1000.0, vn_lv_kv=volts[bus] / 1000.0,
            vk_percent=12.0 if is_main else 6.0, vkr_percent=0.35 if is_main else 0.75,
            pfe_kw=60.0 if is_main else 2.6, i0_percent=0.1 if is_main else 0.3,
        )  # fmt: skip
    loaded = np.flatnonzero(site["load_kw"])
    pp.create_loads(
        net, loaded, p_mw=site["load_kw"][loaded] / 1e3, q_mvar=site["load_kvar"][loaded] / 1e3
    )
    return net


def main() -> None:
    """Both sides, and how far apart they are."""
    warnings.simplefilter("ignore")
    site = three_level_site()
    net = theirs(site)
    tree = radial(site["parent"])
    known = site | {"parent": tree}
    sum_of = {
        "load_kw": site["load_kw"],
        "rating_kw": np.full(len(tree.order), 1000.0),
        "loss_a": 0.0,
        "loss_b": 0.0,
        "loss_c": 0.01,
    }
    radial_load_flow(**known)

    def newton() -> None:
        pp.runpp(net, algorithm="nr", init="flat", trafo_model="pi", numba=True)

    newton()
    own = radial_load_flow(**known)
    apart = float(np.abs(own.voltage_pu - net.res_bus.vm_pu.to_numpy()).max())
    json.dump(
        {
            "buses": len(tree.order),
            "sweep_s": quickest(lambda: radial_load_flow(**known)),
            "sum_s": quickest(lambda: radial_sum_kw(tree, **sum_of)),
            "pandapower_s": quickest(newton),
            "apart": apart,
        },
        sys.stdout,
    )


main()
