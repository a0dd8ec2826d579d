"""Rows of the economics view about tokens: who gives how many, and where they go."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from economics.token_charts import MARKERS, OWN_MARKER
from engine.cost.case import Answer, Case
from engine.tables import gpu_systems
from engine.tokens.measurements import RECONSTRUCTED, measurements
from engine.tokens.throughput import Frontier, frontier
from engine.tokens.workload import served

LEVEL_WORDS: Final = "Ramp and wear, level year"
FACTOR_WORDS: Final = {
    "nameplate": "Nameplate",
    "heat_load": "GPUs at work",
    "slo": "Under the latency target",
    "derate": "In production",
    "availability": "Available",
    "goodput": "Not lost or redone",
    "load_factor": "Loaded, and sold",
    "mfu": "Useful arithmetic",
    "scale": "At the size of the cluster",
}


def other_frontiers(case: Case) -> dict[str, Frontier]:
    """The same workload on every other kind of GPU that somebody measured or scaled."""
    site = replace(case.site, workload=replace(case.site.workload, precision=None))
    work, measured = served(site, case.assumptions), measurements(case.assumptions)
    present = {fleet.gpu for fleet in case.basis.fleets}
    found = {}
    for gpu in gpu_systems():
        best = None if gpu in present else frontier(work.on(gpu), measured)
        if best is not None and best.tier != "roofline":
            found[f"{gpu} {work.on(gpu).precision}"] = best
    return found


def rate_rows(
    own: Mapping[str, Frontier], others: Mapping[str, Frontier], speed: float
) -> list[dict[str, str]]:
    """Throughput of every kind of GPU at the speed asked for."""
    rows = []
    signs = [OWN_MARKER[1]] * len(own) + [MARKERS[i % len(MARKERS)][1] for i in range(len(others))]
    for sign, (gpu, curve) in zip(signs, {**own, **others}.items(), strict=True):
        rate = curve.at(speed)
        rows.append(
            {
                "gpu": gpu.upper(),
                "sign": sign,
                "is_own": "yes" if gpu in own else "",
                "rate": "out of reach" if rate is None else f"{rate:,.0f}",
                "tier": curve.tier,
                "sigma": f"± {100 * curve.sigma:.0f} %",
                "label": curve.label,
            }
        )
    return rows


def tier_rows(answer: Answer) -> list[dict[str, Any]]:
    """Where the throughput comes from, kind by kind of GPU."""
    measured = measurements(answer.case.assumptions)
    work = served(answer.case.site, answer.case.assumptions)
    return [
        {
            "gpu": group.gpu.upper(),
            "tier": group.tier,
            "sigma": f"{100 * (group.sigma or 0.0):.0f} %",
            "label": group.label,
            "reconstructed": any(
                p.provenance == RECONSTRUCTED for p in measured.of(work.model, group.gpu)
            ),
        }
        for group in answer.compute.groups
    ]


def token_rows(answer: Answer) -> list[dict[str, Any]]:
    """From the nameplate to what is sold, factor by factor."""
    chain = answer.compute.chain
    whole = chain[0].tokens_per_s
    rows = [
        {
            "label": FACTOR_WORDS.get(step.factor, step.factor),
            "factor": "" if step.factor == "nameplate" else f"× {step.value:.3f}",
            "value": f"{step.tokens_per_s / 1e6:,.2f}",
            "left": step.tokens_per_s / 1e6,
            "lost": step.tokens_per_s / 1e6 * (1.0 / step.value - 1.0) if step.value else 0.0,
            "share": f"{step.tokens_per_s / whole:.1%}",
        }
        for step in chain
    ]
    found = answer.economics
    if found.life_factor == 1.0:
        return rows
    level = found.sold_tok_s_of_costed_year
    return [
        *rows,
        {
            "label": LEVEL_WORDS,
            "factor": f"× {found.life_factor:.3f}",
            "value": f"{level / 1e6:,.2f}",
            "left": level / 1e6,
            "lost": max(found.sheet["tokens.sold"] - level, 0.0) / 1e6,
            "share": f"{level / whole:.1%}",
        },
    ]


def sweep_words(knee: float | None, cheapest: float | None, fastest: float | None) -> str:
    """Where the curve bends, where it is cheapest, and where it ends."""
    parts = []
    if cheapest is not None:
        parts.append(f"cheapest at {cheapest:.0f}")
    if knee is not None:
        parts.append(f"bends at {knee:.0f}")
    if fastest is not None:
        parts.append(f"out of reach beyond {fastest:.0f} tokens/s per user")
    return ", ".join(parts)
