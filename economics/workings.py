"""The working of a figure as a page and the interface show it: formula, parts, inputs by group."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from economics.amounts import plain
from economics.stream_workings import PREFIX, stream_working
from engine.cost.case import Case
from engine.cost.formulas import worded
from engine.cost.working import direct_of, inputs_of
from engine.evaluation import Input


def working_of(case: Case, name: str) -> dict[str, Any] | None:
    """How a figure, or a stream, came about; None when the case has no such."""
    answer = case.answer()
    if name.startswith(PREFIX):
        return stream_working(answer, name)
    found = answer.economics
    cell = found.sheet.cells.get(name)
    if cell is None:
        return None
    labels = {inner: found.sheet.cells[inner].label for inner in found.sheet.cells}
    inputs = inputs_of(found, name)
    return {
        "label": cell.label,
        "value": plain(cell.value),
        "unit": cell.unit,
        "formula": "stated"
        if cell.formula is None
        else worded(cell.formula, lambda inner: labels[inner]),
        "parts": [
            {
                "cell": inner.name,
                "label": inner.label,
                "value": plain(inner.value),
                "unit": inner.unit,
            }
            for inner in direct_of(found, name)
        ],
        "inputs": [_row(item) for item in inputs],
        "groups": grouped(inputs),
    }


def grouped(inputs: Iterable[Input]) -> list[dict[str, Any]]:
    """Inputs under their headings, in the order they come in."""
    return [
        {"label": label, "rows": [_row(item) for item in items]}
        for label, items in groupby(inputs, key=lambda item: item.group)
    ]


def _row(item: Input) -> dict[str, Any]:
    return {
        "id": item.name,
        "name": item.label or item.name,
        "group": item.group,
        "value": plain(item.value) if isinstance(item.value, float | int) else item.value,
        "unit": "" if item.unit in ("1", "ratio") else item.unit,
        "source": item.source,
        "confidence": item.confidence,
    }
