"""Every single loss of a 1 GW site against drawing the normals of its uncertainty study.

Measured in turn in processor time of one thread; the quickest of each is compared.
"""

import time

from benchmarks.__main__ import Row
from benchmarks.engine_nominal import SAMPLED_RACKS, SAMPLES, _draw_s, _site
from engine.faults.redundancy import Study
from engine.faults.transfer import single_transfers
from engine.operation import operate
from engine.studies import rules_of

ROUNDS = 3
POWER_LIMIT, ALL_LIMIT = 0.05, 3.0


def run() -> list[Row]:
    """Power alone in one pass, and power with cooling case by case."""
    plant, assumptions = _site()
    rules = rules_of(plant, assumptions)
    state = operate(plant, rules, assumptions)
    study = Study(plant, rules, state, assumptions)
    passes, sweeps, drawn = [], [], []
    cases = list(study.cases())
    for _ in range(ROUNDS):
        start = time.process_time()
        single_transfers(plant.power_nodes, study.tree, study.consumers, study.limit_kw)
        passes.append(time.process_time() - start)
        start = time.process_time()
        fresh = Study(plant, rules, state, assumptions)
        fresh.ranked(fresh.lose(case) for case in cases)
        sweeps.append(time.process_time() - start)
        drawn.append(_draw_s())
    normals = f"draw {SAMPLED_RACKS * SAMPLES:,} normals"
    return [
        Row(
            goal=f"{what} / {normals}",
            figure=f"{min(took) * 1e3:.0f} / {min(drawn) * 1e3:.0f} ms",
            ratio=min(took) / min(drawn),
            limit=limit,
            passed=min(took) / min(drawn) <= limit,
        )
        for what, took, limit in (
            (f"power after each of {len(plant.power_nodes):,} losses", passes, POWER_LIMIT),
            (f"power and cooling after each of {len(cases):,}", sweeps, ALL_LIMIT),
        )
    ]
