"""Load flow of a site of 772 buses against pandapower."""

from benchmarks.__main__ import Row
from benchmarks._beside import faster, near, timed


def run() -> list[Row]:
    """Sweep and tree sum against a repeated Newton."""
    times = timed("load_flow.py")
    site = f"{times['buses']}-bus"
    promises = (("load flow", "sweep_s", 1 / 10), ("tree sum", "sum_s", 1 / 200))
    rows = [
        faster(f"{site} {label} / pandapower Newton", times[own], times["pandapower_s"], limit)
        for label, own, limit in promises
    ]
    return [*rows, near(f"{site} voltages apart from pandapower, pu", times["apart"], 1e-6)]
