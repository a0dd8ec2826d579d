"""Feeders for tests: the published 33-bus feeder, a three-level site, random trees."""

import numpy as np

from engine.power.transformers import transformer_circuit


def feeder_of_case(given):
    """Arguments of `radial_load_flow` from a table of branches and loads, bus 1 the source bus."""
    branches, loads = given["branches_from_to_R_X_ohm"], given["loads_bus_kW_kvar"]
    count = max(int(row[1]) for row in branches)
    parent = np.full(count, -1)
    columns = {name: np.zeros(count) for name in ("r", "x", "p", "q")}
    for start, end, r, x in branches:
        parent[end - 1] = start - 1
        columns["r"][end - 1], columns["x"][end - 1] = r, x
    for bus, p, q in loads:
        columns["p"][bus - 1], columns["q"][bus - 1] = p, q
    return {
        "parent": parent,
        "resistance_ohm": columns["r"],
        "reactance_ohm": columns["x"],
        "load_kw": columns["p"],
        "load_kvar": columns["q"],
        "nominal_v": 1000.0 * given["kV"],
    }


def three_level_site(*, feeders=10, units=4, busways=3, taps=6, rack_kw=132.0, power_factor=0.99):
    """A site from 138 kV to the taps of 415 V busways: arguments of `radial_load_flow`."""
    rows = []

    def add(parent, ohm, volts, kw=0.0):
        kvar = kw * np.tan(np.arccos(power_factor))
        rows.append([parent, ohm.real, ohm.imag, kw, kvar, volts, 0.0, 0.0])
        return len(rows) - 1

    def transformer(above, kva, volts, **plate):
        circuit = transformer_circuit(kva, volts, **plate)
        below = add(above, complex(circuit.resistance_ohm, circuit.reactance_ohm), volts)
        for bus in (above, below):
            rows[bus][6] += float(circuit.shunt_kw) / 2
            rows[bus][7] += float(circuit.shunt_kvar) / 2
        return below

    grid = add(-1, 0j, 138e3)
    main = transformer(
        grid, 120e3, 34.5e3, short_circuit_fraction=0.12, load_loss_kw=0.0035 * 120e3,
        no_load_kw=60.0, no_load_current_fraction=0.001,
    )  # fmt: skip
    for _ in range(feeders):
        feeder = add(main, 0.4 * (0.078 + 0.11j), 34.5e3)
        for _ in range(units):
            unit = transformer(
                feeder, 3150.0, 415.0, short_circuit_fraction=0.06, load_loss_kw=0.0075 * 3150,
                no_load_kw=2.6, no_load_current_fraction=0.003,
            )  # fmt: skip
            for _ in range(busways):
                at = unit
                for tap in range(taps):
                    km = 0.012 if tap == 0 else 0.0024
                    at = add(at, km * (0.0125 + 0.0075j), 415.0, rack_kw)
    names = ("parent", "resistance_ohm", "reactance_ohm", "load_kw", "load_kvar", "nominal_v")
    table = dict(zip((*names, "shunt_kw", "shunt_kvar"), np.array(rows).T, strict=True))
    return table | {"parent": table["parent"].astype(int)}


def random_feeder(count, seed, *, volts=12_660.0, drop_pu=0.05):
    """A random tree of lines whose far end sags about ``drop_pu``: its arguments."""
    random = np.random.default_rng(seed)
    parent = np.array([-1, *(int(random.integers(max(0, k - 12), k)) for k in range(1, count))])
    load = random.uniform(10.0, 200.0, count)
    load[0] = 0.0
    share = random.uniform(0.2, 0.6, count)
    r, x = random.uniform(0.1, 1.0, count), random.uniform(0.05, 1.0, count)
    r[0] = x[0] = 0.0
    # Scale the impedances until the simple estimate of the drop is what was asked for.
    below = load.copy()
    for bus in range(count - 1, 0, -1):
        below[parent[bus]] += below[bus]
    sag = np.zeros(count)
    for bus in range(1, count):
        sag[bus] = sag[parent[bus]] + 1000.0 * below[bus] * (r[bus] + share[bus] * x[bus])
    scale = drop_pu * volts**2 / sag.max() if count > 1 else 1.0
    return {
        "parent": parent,
        "resistance_ohm": r * scale,
        "reactance_ohm": x * scale,
        "load_kw": load,
        "load_kvar": load * share,
        "nominal_v": volts,
    }
