"""Racks are swapped by the same edits as in the browser."""

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from analysis.swaps import Choice, swap_edits
from layouts.document import Document

GOLDEN = sorted((Path(__file__).parents[1] / "golden" / "swaps").glob("*.json"))


def products_of(case):
    return {
        id_: SimpleNamespace(
            **{**record, "variants": [SimpleNamespace(**each) for each in record["variants"]]}
        )
        for id_, record in case["products"].items()
    }


def choice(key):
    product_id, _, variant = key.partition("/")
    return Choice(product_id, variant)


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_a_swap_makes_the_same_edits_as_in_the_browser(path):
    case = json.loads(path.read_text())
    document = Document.of(case["document"]["elements"])

    edits = swap_edits(document, products_of(case), choice(case["from"]), choice(case["to"]))

    assert edits == case["edits"]
