"""Load flow of a site of 772 buses against pandapower, both timed in one process.

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
    """Sweep and tree sum against a repeated Newton."""
    done = subprocess.run(
        [ORACLE, ROOT / "benchmarks" / "oracle" / "load_flow.py"],
        check=True,
        stdout=subprocess.PIPE,
        stderr=sys.stderr,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    times = json.loads(done.stdout.splitlines()[-1])
    rows = [
        Row(
            goal=f"{times['buses']}-bus {label} / pandapower Newton",
            figure=f"{times[own] * 1e3:.2f} / {times['pandapower_s'] * 1e3:.2f} ms",
            ratio=times[own] / times["pandapower_s"],
            limit=limit,
            passed=times[own] / times["pandapower_s"] <= limit,
        )
        for label, own, limit in (("load flow", "sweep_s", 1 / 10), ("tree sum", "sum_s", 1 / 200))
    ]
    rows.append(
        Row(
            goal=f"{times['buses']}-bus voltages apart from pandapower, pu",
            figure=f"{times['apart']:.1e}",
            ratio=times["apart"],
            limit=1e-6,
            passed=times["apart"] <= 1e-6,
        )
    )
    return rows
