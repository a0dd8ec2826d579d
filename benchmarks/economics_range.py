"""The range of a cost against drawing its inputs, in processor time of one thread."""

import time

from analysis.assemble import assemble
from analysis.design_file import open_design
from benchmarks.__main__ import Row
from catalog.selectors import shipped_products
from engine.assumptions import Assumptions
from engine.cost.case import Answer
from engine.cost.montecarlo import FIGURES, PURPOSE, SAMPLES, spread
from engine.cost.survey import case_of, survey, survey_of
from engine.cost.terms import MODE_WORDS, Mode
from engine.cost.uncertainty import groups, uncertain_inputs
from engine.risk.distributions import Distribution
from engine.risk.sampling import sample
from layouts.samples import sample_file

ROUNDS = 5
LIMITS: dict[Mode, float] = {"annuity": 2.0, "levelised": 5.0}
# Levelised adds every month of every sample.


def run() -> list[Row]:
    """4,096 samples of one design, drawn and costed, over drawing them alone, by finance mode."""
    case = _answer().case
    return [_row(case.in_mode(mode).answer(), mode, limit) for mode, limit in LIMITS.items()]


def _row(answer: Answer, mode: Mode, limit: float) -> Row:
    inputs: dict[str, Distribution] = {}
    for name in FIGURES:
        inputs |= uncertain_inputs(answer, name)
    costed, drawn = [], []
    for _ in range(ROUNDS):
        start = time.process_time()
        spread(answer)
        costed.append(time.process_time() - start)
        start = time.process_time()
        sample(inputs, purpose=PURPOSE, count=SAMPLES, groups=groups(inputs))
        drawn.append(time.process_time() - start)
    ratio = min(costed) / min(drawn)
    return Row(
        goal=f"range of a cost, {MODE_WORDS[mode]}, {SAMPLES:,} samples / draw {len(inputs)}",
        figure=f"{min(costed) * 1e3:.0f} / {min(drawn) * 1e3:.0f} ms",
        ratio=ratio,
        limit=limit,
        passed=ratio <= limit,
    )


def _answer() -> Answer:
    """The hall sample as drawn."""
    design = open_design(sample_file("hall"), shipped_products())
    plant, assumptions = assemble(design.document, design.products, rule_set=design.rule_set)
    case = case_of(survey_of(survey(plant, assumptions)), Assumptions.load())
    if case is None:
        raise RuntimeError("the sample has no IT load")
    return case.answer()
