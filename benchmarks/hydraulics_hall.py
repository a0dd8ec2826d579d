"""A hall of 500 racks against pandapipes and EPANET."""

from benchmarks.__main__ import Row
from benchmarks._beside import faster, near, timed


def run() -> list[Row]:
    """Compiled and plain solver against a repeated run of both programs."""
    times = timed("hydraulics_hall.py")
    promises = (
        ("500-rack hall, compiled / pandapipes", "compiled_s", "pandapipes_s", 1 / 100),
        ("500-rack hall, compiled / EPANET runH", "compiled_s", "epanet_s", 0.5),
        ("500-rack hall, scipy / pandapipes", "scipy_s", "pandapipes_s", 1 / 15),
    )
    rows = [faster(goal, times[own], times[theirs], limit) for goal, own, theirs, limit in promises]
    return [*rows, near("500-rack hall, flows apart from pandapipes", times["apart"], 1e-4)]
