"""Benchmarks against other programs: run in the environment of the oracle tests, told as rows.

``./run bench`` makes that environment; both sides are timed in one process there.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from benchmarks.__main__ import Row

ROOT = Path(__file__).parent.parent
ORACLE = ROOT / ".venv-oracle" / "bin" / "python"


def timed(script: str) -> dict[str, Any]:
    """What a script of ``benchmarks/oracle`` measured, from the last line that it printed."""
    done = subprocess.run(
        [ORACLE, ROOT / "benchmarks" / "oracle" / script],
        check=True,
        stdout=subprocess.PIPE,
        stderr=sys.stderr,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def faster(goal: str, own_s: float, theirs_s: float, limit: float) -> Row:
    """A time of ours over one of theirs."""
    return Row(
        goal=goal,
        figure=f"{own_s * 1e3:.2f} / {theirs_s * 1e3:.2f} ms",
        ratio=own_s / theirs_s,
        limit=limit,
        passed=own_s / theirs_s <= limit,
    )


def near(goal: str, apart: float, limit: float) -> Row:
    """How far answers lie apart."""
    return Row(goal=goal, figure=f"{apart:.1e}", ratio=apart, limit=limit, passed=apart <= limit)
