"""Rows of the economics view about money: parts, classes, lives, what others ask."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from economics.amounts import lower_first, money
from economics.asking import Asked
from economics.settings import MODES
from engine.cost.case import Answer
from engine.cost.levelised import cost_by_life, flow_of, levelised
from engine.cost.sensitivity import Swing
from engine.cost.waterfall import costed
from engine.tables import gpu_systems, table_rows
from engine.tokens.workload import served

CLASS_WORDS: Final = {
    "blended": "blended: all tokens pay alike",
    "output_only": "output only: output tokens pay everything",
    "fresh_input_by_time": "fresh input, by GPU-time",
    "cached_input_by_time": "cached input, by GPU-time",
    "output_by_time": "output, by GPU-time",
    "input_by_price": "input, at 1 : 3 of price lists",
    "output_by_price": "output, at 1 : 3 of price lists",
}


def waterfall_rows(asked: Asked, answer: Answer) -> list[dict[str, Any]]:
    """What the cost is made of, in the unit of the headline."""
    classes = answer.classes()
    blended = classes["blended"]
    name = "output_only" if asked.token_class == "output_only" else "blended"
    scale = classes[name] / blended
    rows: list[dict[str, Any]] = []
    running = 0.0
    for step in costed(answer).waterfall:
        value = scale * (step.usd_per_mtok or 0.0)
        is_sum = step.kind in ("subtotal", "total")
        rows.append(
            {
                "label": step.label,
                "kind": step.kind,
                "value": value,
                "base": 0.0 if is_sum else running,
                "text": money(value),
                "share": f"{value / (scale * blended):.1%}",
            }
        )
        running = value if is_sum else running + value
    return rows


def rest_words(swings: Sequence[Swing]) -> str:
    """The weaker swings in a sentence."""
    named = [f"{lower_first(s.label)} {s.step} {money(s.size)}" for s in swings if s.size > 0.0]
    return f"Then {', '.join(named[:4])}. Swings in USD/Mtok." if named else ""


def life_rows(answer: Answer) -> dict[str, Any]:
    """Cost by finance mode and by how long the hardware is kept."""
    modes = {mode: answer.case.in_mode(mode).answer() for mode in MODES}
    rows = [
        {
            "label": MODES[mode],
            "cost": money(other.usd_per_mtok),
            "is_own": mode == answer.case.site.finance.mode,
        }
        for mode, other in modes.items()
    ]
    by_life = {mode: cost_by_life(other) for mode, other in modes.items()}
    lived = by_life["levelised"]
    best = min(lived, key=lambda life: lived[life], default=0)
    return {
        "modes": rows,
        "gains": gain_rows(answer),
        "heads": [words.partition(" over ")[0].capitalize() for words in MODES.values()],
        "lives": [
            {
                "life": str(life),
                "costs": [money(by_life[mode][life]) for mode in MODES],
                "mark": "least" if life == best else "",
            }
            for life in lived
        ],
    }


def gain_rows(answer: Answer) -> list[dict[str, str]]:
    """What software and newer hardware would make of the levelised cost, one after the other."""
    flow = flow_of(answer, with_gains=True)
    if flow is None:
        return []
    times = 10.0 ** (flow.progress_oom_per_year * flow.it_life_years)
    return [
        {
            "label": "and software gains",
            "detail": f"{flow.software_gain:.0%} more tokens in the first year of each IT, then "
            "less",
            "cost": money(levelised(replace(flow, progress_oom_per_year=0.0)).usd_per_mtok),
        },
        {
            "label": "and newer hardware at each refresh",
            "detail": f"{times:.1f} × the tokens for the same money every "
            f"{flow.it_life_years:g} years",
            "cost": money(levelised(flow).usd_per_mtok),
        },
    ]


def class_rows(answer: Answer) -> list[dict[str, str]]:
    """Cost per million tokens of every class; they are never compared across."""
    return [
        {"label": CLASS_WORDS[name], "cost": money(cost)} for name, cost in answer.classes().items()
    ]


def reference_rows(answer: Answer) -> dict[str, Any]:
    """Published rents of the same GPU at this throughput, and published prices of the model."""
    sold = answer.economics.sold_tok_s_of_costed_year
    gpus = answer.compute.gpus
    rents = [
        {
            "label": f"{group.gpu.upper()}, {tier}",
            "rent": f"{usd:.2f}",
            "cost": money(usd * gpus * 1e6 / (3600.0 * sold)),
        }
        for group in answer.compute.groups
        if group.gpu in gpu_systems() and len(answer.compute.groups) == 1
        for tier, usd in gpu_systems()[group.gpu].rents_usd_per_gpu_h.items()
    ]
    work = served(answer.case.site, answer.case.assumptions)
    prices = [
        {
            "label": row["name"],
            "class": row["token_class"].replace("_", " "),
            "cost": row["usd_per_mtok"],
            "source": row["source"],
            "confidence": row["confidence"],
        }
        for row in table_rows("reference_prices.csv")
        if row["model"] == work.model
    ]
    return {"rents": rents, "prices": prices}


def build_words(answer: Answer) -> str:
    """The bottom-up building against the regional figure."""
    found = answer.economics
    sheet = found.sheet
    names = [
        item.name
        for item in found.bought
        if item.name.startswith("fac.")
        and item.name not in ("fac.grid", "fac.land", "fac.construction_interest")
    ]
    built = sum(sheet[f"capex.{name}"] for name in names)
    by_watt = sheet["capex.building_by_watt"]
    watts = 1000.0 * sheet["size.it_kw"]
    return (
        f"bottom-up {built / watts:.1f} against regional {by_watt / watts:.1f} $/W IT, "
        f"{built / by_watt - 1.0:+.0%}"
    )
