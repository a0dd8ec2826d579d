"""A hall of 500 racks against pandapipes and EPANET, all timed in one process.

It needs the environment of the oracle tests, which ``./run bench`` makes.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

from benchmarks.__main__ import Row

ROOT = Path(__file__).parent.parent
ORACLE = ROOT / ".venv-oracle" / "bin" / "python"


def run() -> list[Row]:
    """Compiled and plain solver against a repeated run of both programs."""
    done = subprocess.run(
        [ORACLE, ROOT / "benchmarks" / "oracle" / "hydraulics_hall.py"],
        check=True,
        stdout=subprocess.PIPE,
        stderr=sys.stderr,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    times = json.loads(done.stdout.splitlines()[-1])
    promises = (
        ("500-rack hall, compiled / pandapipes", "compiled_s", "pandapipes_s", 1 / 100),
        ("500-rack hall, compiled / EPANET runH", "compiled_s", "epanet_s", 0.5),
        ("500-rack hall, scipy / pandapipes", "scipy_s", "pandapipes_s", 1 / 15),
    )
    rows = [
        Row(
            goal=goal,
            figure=f"{times[own] * 1e3:.2f} / {times[theirs] * 1e3:.2f} ms",
            ratio=times[own] / times[theirs],
            limit=limit,
            passed=times[own] / times[theirs] <= limit,
        )
        for goal, own, theirs, limit in promises
    ]
    rows.append(
        Row(
            goal="500-rack hall, flows apart from pandapipes",
            figure=f"{times['apart']:.1e}",
            ratio=times["apart"],
            limit=1e-4,
            passed=times["apart"] <= 1e-4,
        )
    )
    return rows
