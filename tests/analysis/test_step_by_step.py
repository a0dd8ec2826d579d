"""What is kept from one evaluation to the next changes nothing but the time it takes."""

import json

import pytest

from analysis.assemble import assemble
from analysis.units import Readings
from catalog.selectors import shipped_products
from engine.errors import PlannerError
from engine.evaluate import evaluate
from engine.memory import Memory
from tests.analysis.changing import Changing


def answer(document, memory=None, readings=None, level="edit"):
    """The bytes of an evaluation, or the error in its place."""
    try:
        plant, lines = assemble(document, shipped_products(), readings=readings)
        return json.dumps(evaluate(plant, lines, level, memory=memory).to_json())
    except PlannerError as error:
        return repr((error.code, error.detail, error.context))


@pytest.mark.parametrize(("sample", "seed"), [("pod", 1), ("pod", 2), ("hall", 3), ("hall", 4)])
def test_edits_one_after_another_give_what_each_alone_would(sample, seed):
    changing, memory = Changing.sample(sample, seed), Memory()
    readings = Readings(shipped_products())

    for _ in range(60):
        before = changing.document
        document = changing.edit()
        found = answer(document, memory, readings)

        assert found == answer(document), changing.said[-1]
        if not found.startswith("{"):
            changing.document = before  # undone
