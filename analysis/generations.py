"""Another generation of racks in the same hall: what it gives, and what breaks first.

Pure: a document and records in, plain values out. Every rack that carries GPUs in the catalogue
takes the place of the design's most frequent one, all else as drawn.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from analysis.assemble import assemble, drawn
from analysis.comparison import figure_rows
from analysis.lifecycle import named
from analysis.own_data import NO_OWN_DATA, OwnData
from analysis.swaps import Choice, choices, swapped
from catalog.schema import Product
from engine.assumptions import Assumptions
from engine.errors import PlannerError
from engine.evaluate import evaluate
from engine.evaluation import Evaluation
from engine.findings import Finding
from engine.headroom import Break, Limit, breaks, limits_of, new_findings
from engine.plain import number
from engine.plant import Plant
from engine.studies import rules_of
from layouts.document import Document

ROWS = 60  # of one candidate; what breaks first stands first
NAMED = 8  # elements that a row names
NO_RACKS = "No generation to swap: the design has no racks with GPUs."

Step = Callable[[float], None]


def generations(
    document: Document,
    products: Mapping[str, Product],
    step: Step,
    own: OwnData = NO_OWN_DATA,
) -> dict[str, Any]:
    """Each candidate in the place of the design's most frequent rack, as plain JSON values.

    A candidate that can not be calculated says why.
    """
    old, racks = most_frequent(document, products)
    if old is None:
        return {"reason": NO_RACKS, "old": None, "candidates": []}
    mine = frozenset(
        str(element["id"])
        for element in drawn(document, products)
        if element["kind"] == "rack" and Choice.of(element["product"]) == old
    )
    before = _State.of(*assemble(document, products, own=own), mine)
    candidates = [choice for choice in choices(products) if choice != old]
    answers = []
    for done, new in enumerate(candidates):
        step(done / len(candidates))
        answers.append({
            "key": new.key,
            "label": new.label(products),
            "rack_kpa": _rack_kpa(products, new),
            **_answer(before, swapped(document, products, old, new), products, own, mine),
        })  # fmt: skip
    return {
        "reason": None,
        "old": {
            "key": old.key,
            "label": old.label(products),
            "rack_kpa": _rack_kpa(products, old),
            "racks": racks,
        },
        "candidates": sorted(answers, key=lambda row: str(row["label"])),
    }


@dataclass(frozen=True, slots=True)
class _State:
    """A plant, its result, and the limits it lives with."""

    result: Evaluation
    plain: Mapping[str, Any]
    limits: tuple[Limit, ...]

    @classmethod
    def of(cls, plant: Plant, assumptions: Assumptions, swapped_ids: frozenset[str]) -> "_State":
        result = evaluate(plant, assumptions, "edit")
        mine = np.array([id_ in swapped_ids for id_ in plant.racks.id], dtype=bool)
        limits = limits_of(plant, result, rules_of(plant, assumptions), mine)
        return cls(result, result.to_json(), limits)


def _answer(
    before: _State,
    document: Document,
    products: Mapping[str, Product],
    own: OwnData,
    swapped_ids: frozenset[str],
) -> dict[str, Any]:
    try:
        after = _State.of(*assemble(document, products, own=own), swapped_ids)
    except PlannerError as error:
        return {
            "reason": error.detail, "note": None, "racks_short": 0,
            "figures": [], "first": [], "breaks": [], "holds": [],
        }  # fmt: skip
    found = breaks(before.limits, after.limits)
    first = new_findings(before.result, after.result)
    over = [row for row in found if row.share is not None]
    holds = [row for row in found if row.share is None]
    return {
        "reason": None,
        "note": after.result.shortfall.note,
        "racks_short": after.result.shortfall.racks,
        "figures": figure_rows(before.plain, after.plain),
        "first": list(_folded_findings(first)),
        "breaks": list(_folded(over, _numbers))[:ROWS],
        "holds": list(_folded(holds, _limit))[:ROWS],
    }


def most_frequent(document: Document, products: Mapping[str, Product]) -> tuple[Choice | None, int]:
    """The rack with GPUs that stands most often, and how often; of equals the first by name."""
    racks = (
        Choice.of(element["product"])
        for element in drawn(document, products)
        if element["kind"] == "rack"
    )
    counts = Counter(choice for choice in racks if products[choice.product_id].gpu)
    if not counts:
        return None, 0
    choice = min(counts, key=lambda each: (-counts[each], each))
    return choice, counts[choice]


def _rack_kpa(products: Mapping[str, Product], choice: Choice) -> float | None:
    """Pressure loss of the rack at its full flow; None where its maker states none."""
    figures = products[choice.product_id].figures(choice.variant or None)
    stated = figures.defaults.get("pressure_drop_kpa")
    return None if stated is None else stated.value


def _numbers(row: Break) -> tuple[Any, ...]:
    numbers = (round(each, 3) for each in (row.before, row.after, row.limit))
    return row.kind, row.racks, *numbers


def _limit(row: Break) -> tuple[Any, ...]:
    return row.kind, round(row.limit, 3)


def _folded(
    rows: Sequence[Break], likeness: Callable[[Break], tuple[Any, ...]]
) -> Iterator[dict[str, Any]]:
    """Limits that are alike as one row with the numbers of the first, in the order they came."""
    alike: dict[tuple[Any, ...], list[Break]] = {}
    for row in rows:
        alike.setdefault(likeness(row), []).append(row)
    for same in alike.values():
        row = same[0]
        yield {
            "kind": row.kind,
            "subjects": named([each.subject for each in same]),
            "count": len(same),
            "element_ids": [id_ for each in same for id_ in each.element_ids][:NAMED],
            "before": number(row.before),
            "after": number(row.after),
            "limit": number(row.limit),
            "unit": row.unit,
            "share": None if row.share is None else number(row.share),
            "racks": row.racks,
            "holds_racks": row.holds_racks,
        }


def _folded_findings(found: Sequence[Finding]) -> Iterator[dict[str, Any]]:
    """Findings of one rule as one row, in the order they came."""
    by_rule: dict[str, list[Finding]] = {}
    for finding in found:
        by_rule.setdefault(finding.rule, []).append(finding)
    for rule, same in by_rule.items():
        yield {
            "rule": rule,
            "severity": same[0].severity,
            "title": same[0].title,
            "detail": same[0].detail,
            "count": len(same),
            "element_ids": list(same[0].element_ids[:NAMED]),
        }
