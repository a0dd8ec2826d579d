"""How far the time lost may be off when failure rates are: a range, and what it comes from."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from engine.assumptions import Assumptions
from engine.faults.availability import HOURS_PER_YEAR
from engine.plain import number
from engine.plant import Floats
from engine.risk.distributions import LogNormal
from engine.risk.propagation import first_order
from engine.risk.sampling import sample
from engine.risk.summary import summarise, wilks_runs

SAMPLES = 4_000
PERCENTS = (10.0, 50.0, 90.0)
COVERAGE = CONFIDENCE = 0.95
CAUSES_TOLD = 4


def range_of(cuts: Sequence[Mapping[str, Any]], assumptions: Assumptions) -> dict[str, Any] | None:
    """The hours a year that a load loses when every failure rate is uncertain.

    Parameters
    ----------
    cuts : sequence of mapping
        Cut sets of the load with ``kinds`` and ``unavailability``.
    assumptions : Assumptions
        Line ``availability.rate_factor``.

    Returns
    -------
    dict or None
        Percentiles in hours, the bound of the fewest runs that give one of 95 % with 95 %
        confidence, and shares of the variance by kind; None without cuts.

    Raises
    ------
    OutOfRange
        If the factor is below 1.

    Notes
    -----
    Definition. All of a kind share one lognormal factor on their rate, of median 1; a cut grows
    with the factors of its parts. See `engine.risk.sampling.sample` and
    `engine.risk.propagation.first_order`.
    """
    if not cuts:
        return None
    factor = assumptions.value("availability.rate_factor")
    kinds = sorted({kind for cut in cuts for kind in cut["kinds"]})
    inputs = {kind: LogNormal.from_factor(1.0, factor) for kind in kinds}

    def hours(given: Mapping[str, Floats]) -> Floats:
        total = np.zeros_like(next(iter(given.values())))
        for cut in cuts:
            part = np.full_like(total, cut["unavailability"])
            for kind in cut["kinds"]:
                part = part * given[kind]
            total = total + part
        return HOURS_PER_YEAR * np.minimum(total, 1.0)

    drawn = hours(sample(inputs, purpose="failure rates", count=SAMPLES))
    fewest = wilks_runs(COVERAGE, CONFIDENCE)
    few = hours(sample(inputs, purpose="failure rates", count=fewest, method="random"))
    found = summarise(drawn, PERCENTS)
    shares = first_order(hours, inputs).shares
    return {
        "factor": number(factor),
        "samples": SAMPLES,
        "hours": {f"p{each.percent:g}": number(each.value) for each in found.percentiles},
        "bound_runs": fewest,
        "bound_h": number(float(few.max())),
        "causes": [
            {"kind": kind, "share": number(share)}
            for kind, share in list(shares.items())[:CAUSES_TOLD]
        ],
    }
