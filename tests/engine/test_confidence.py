"""One vocabulary says how far figures can be trusted, in data, documents and both languages."""

import csv
import json
from dataclasses import asdict
from pathlib import Path

import pytest

from engine.confidence import CONFIDENCES, word_for
from engine.tables import DATA

GOLDEN = Path(__file__).parents[1] / "golden" / "confidences.json"


def test_both_languages_call_and_explain_confidence_alike():
    assert json.loads(GOLDEN.read_text(encoding="utf-8")) == [
        asdict(each) for each in CONFIDENCES.values()
    ]


@pytest.mark.parametrize("path", sorted(DATA.glob("*.csv")), ids=lambda path: path.name)
def test_shipped_tables_use_no_other_words(path):
    with path.open(newline="", encoding="utf-8") as file:
        used = {
            text
            for row in csv.DictReader(file)
            for name, text in row.items()
            if name.endswith("confidence")
        }

    assert used <= set(CONFIDENCES) - {"user"}


def test_a_word_that_a_design_made_up_stays():
    assert word_for("published-secondary") == "third party"
    assert word_for("heard in the corridor") == "heard in the corridor"
