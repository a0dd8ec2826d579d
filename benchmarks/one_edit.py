"""One edit of one rack, from the document to the text that is stored, in a hall and on a site.

An evaluator that has seen the design before answers; the answer is held against that of one which
has not. Both sides of a ratio are measured in turn, in processor time of one thread, and the
quickest of each is compared.
"""

import time
from collections.abc import Callable, Iterator
from typing import Any

from analysis.design_file import open_design
from analysis.evaluators import Evaluator
from analysis.own_data import NO_OWN_DATA
from benchmarks.__main__ import Row
from benchmarks.engine_nominal import _draw_s
from catalog.selectors import shipped_products
from layouts.document import Document, Draft
from layouts.samples import sample_file

ROUNDS = 8
SLOT = "rack-1-01"
# 16 ms and 50 ms where drawing the normals takes 530 ms.
HALL_LIMIT, SITE_LIMIT = 0.030, 0.094

Change = Callable[[int], dict[str, Any]]


def load(number: int) -> dict[str, Any]:
    """Another power of the rack."""
    return {"load": {"sustained_kw": 100 + number}}


def place(number: int) -> dict[str, Any]:
    """Another place, closer to its aisle by millimetres."""
    return {"placement": {"x_mm": 0, "y_mm": -number, "rotation_deg": 0}}


def run() -> list[Row]:
    """Two rows for the hall, two for the campus."""
    rows = []
    for sample, limit in (("hall", HALL_LIMIT), ("campus", SITE_LIMIT)):
        document = open_design(sample_file(sample), shipped_products()).document
        for name, change in (("power", load), ("place", place)):
            edited_s, drawn_s = _measured(document, change)
            rows.append(
                Row(
                    goal=f"{sample}: another {name} of one rack / draw the normals",
                    figure=f"{edited_s * 1e3:.0f} / {drawn_s * 1e3:.0f} ms",
                    ratio=edited_s / drawn_s,
                    limit=limit,
                    passed=edited_s / drawn_s <= limit,
                )
            )
    return rows


def _measured(document: Document, change: Change) -> tuple[float, float]:
    products = shipped_products()
    evaluator = Evaluator(products)
    evaluator.text(document, NO_OWN_DATA, "edit")
    edited, drawn = [], []
    for after in _edits(document, change):
        start = time.process_time()
        text = evaluator.text(after, NO_OWN_DATA, "edit")
        edited.append(time.process_time() - start)
        drawn.append(_draw_s())
    assert text == Evaluator(products).text(after, NO_OWN_DATA, "edit")
    return min(edited), min(drawn)


def _edits(document: Document, change: Change) -> Iterator[Document]:
    module = next(e for e in document.in_order() if e["kind"] == "module")
    for number in range(1, ROUNDS + 1):
        draft = Draft(document)
        overrides = {**module.get("overrides", {}), SLOT: change(number)}
        draft.put({**module, "overrides": overrides})
        yield draft.document()
