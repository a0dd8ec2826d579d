"""The cases that Python and the browser must answer alike.

`tests/golden/edits/*.json`: a document, a push, and what came of it. Refusals are
compared by place and code, their words are for people. Effective edits are replayed
without checks, as every browser does with a revision it hears about.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from layouts.canonical import canonical, element_hash, hash_text, quantised, state_sum
from layouts.commands import apply_all
from layouts.document import Document
from layouts.edits import replay
from layouts.wire import EditReader, stored_edit

GOLDEN = Path(__file__).parent.parent / "golden"
CASES = sorted((GOLDEN / "edits").glob("*.json"))
CANONICAL = json.loads((GOLDEN / "canonical.json").read_text())


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_reducer_answers_as_agreed(path: Path) -> None:
    case = json.loads(path.read_text())
    document = Document.of(quantised(element) for element in case["document"]["elements"])
    reader = EditReader(document)

    applied = apply_all(document, reader.read(case["edits"]))

    assert reader.problems == []
    assert [edit.to_json() for edit in applied.effective] == case["effective"]
    assert [{"index": one.index, "code": one.code} for one in applied.refused] == case["refused"]
    assert applied.document.in_order() == case["after"]["elements"]
    assert applied.document.state_hash == case["state_hash"]


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_effective_edits_lead_to_the_same_state_unchecked(path: Path) -> None:
    case = json.loads(path.read_text())
    document = Document.of(quantised(element) for element in case["document"]["elements"])

    replayed = replay(document, [stored_edit(edit) for edit in case["effective"]])

    assert replayed.state_hash == case["state_hash"]


@pytest.mark.parametrize("case", CANONICAL["canonical"], ids=lambda case: case["name"])
def test_canonical_text(case: dict[str, Any]) -> None:
    assert canonical(case["value"]) == case["text"]


@pytest.mark.parametrize("case", CANONICAL["quantise"])
def test_numbers_fall_on_the_grid_of_their_name(case: dict[str, Any]) -> None:
    once = quantised(case["value"], case["field"])

    assert once == case["quantised"]
    assert quantised(once, case["field"]) == once


@pytest.mark.parametrize("case", CANONICAL["element_hash"])
def test_element_hash(case: dict[str, Any]) -> None:
    assert hash_text(element_hash(case["element"])) == case["sha256"]


@pytest.mark.parametrize("case", CANONICAL["state_hash"])
def test_state_hash(case: dict[str, Any]) -> None:
    assert hash_text(state_sum(case["elements"])) == case["state_hash"]
