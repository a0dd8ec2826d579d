"""Nominal evaluation of a 1 GW site against drawing the normals of its uncertainty study.

The two are measured in turn, several times, in processor time of one thread, and the quickest of
each is compared: so that what else the machine does weighs little.
"""

import subprocess
import sys
import time

import numpy as np

from analysis.assemble import assemble
from analysis.design_file import open_design
from benchmarks.__main__ import Row
from catalog.selectors import shipped_products
from engine import evaluate
from engine.assumptions import Assumptions
from engine.plant import Plant
from layouts.samples.campus import campus

GIGAWATTS = 1.0
SAMPLED_RACKS, SAMPLES, BLOCK = 7000, 10_000, 500
ROUNDS = 15
LIMIT = 0.15
IMPORT_LIMIT_S = 0.6


def run() -> list[Row]:
    """One row per promise of the engine."""
    plant, assumptions = _site()
    evaluated, drawn = [], []
    for _ in range(ROUNDS):
        start = time.process_time()
        evaluate(plant, assumptions, "study")
        evaluated.append(time.process_time() - start)
        drawn.append(_draw_s())
    ratio = min(evaluated) / min(drawn)
    start_s = min(_import_s() for _ in range(3))
    return [
        Row(
            goal=f"evaluate {len(plant.racks):,} racks / draw {SAMPLED_RACKS * SAMPLES:,} normals",
            figure=f"{min(evaluated) * 1e3:.0f} / {min(drawn) * 1e3:.0f} ms",
            ratio=ratio,
            limit=LIMIT,
            passed=ratio <= LIMIT,
        ),
        Row(
            goal="import the engine, seconds",
            figure=f"{start_s * 1e3:.0f} ms",
            ratio=start_s,
            limit=IMPORT_LIMIT_S,
            passed=start_s <= IMPORT_LIMIT_S,
        ),
    ]


def _site() -> tuple[Plant, Assumptions]:
    """The 1 GW sample, assembled."""
    design = open_design(campus(gw=GIGAWATTS), shipped_products())
    return assemble(design.document, design.products, rule_set=design.rule_set)


def _draw_s() -> float:
    """Seconds to draw the normals, block by block so that memory stays small."""
    random = np.random.Generator(np.random.SFC64(1))
    block = np.empty((BLOCK, SAMPLED_RACKS))
    start = time.process_time()
    for _ in range(SAMPLES // BLOCK):
        random.standard_normal(out=block)
    return time.process_time() - start


def _import_s() -> float:
    """Seconds that a fresh interpreter needs for the engine, its own start apart."""
    code = "import time; t = time.perf_counter(); import engine; print(time.perf_counter() - t)"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    return float(done.stdout)
