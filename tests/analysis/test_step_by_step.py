"""What is kept from one evaluation to the next changes nothing but the time it takes."""

from uuid import UUID

import pytest

from analysis.assemble import assemble
from analysis.evaluators import MOST_DESIGNS, Evaluator, Evaluators
from analysis.own_data import NO_OWN_DATA
from catalog.selectors import shipped_products
from engine.errors import PlannerError
from engine.evaluate import evaluate
from engine.writer import written
from layouts.document import EMPTY, Draft
from tests.analysis.changing import Changing

EDITS = 40


def outcome(work, *args):
    """What a function gives, or the error in its place."""
    try:
        return work(*args)
    except PlannerError as error:
        return repr((error.code, error.detail, error.context))


def alone(document, level):
    """The evaluation of a document by itself, as JSON."""
    plant, lines = assemble(document, shipped_products())
    return written(evaluate(plant, lines, level).to_json())


@pytest.mark.parametrize(
    ("sample", "seed", "level"),
    [("pod", 1, "edit"), ("pod", 2, "study"), ("hall", 3, "edit"), ("hall", 4, "edit")],
)
def test_edits_one_after_another_give_what_each_alone_would(sample, seed, level):
    changing, evaluator = Changing.sample(sample, seed), Evaluator(shipped_products())
    answers = set()

    for _ in range(EDITS):
        before, document = changing.document, changing.edit()
        found = outcome(evaluator.text, document, NO_OWN_DATA, level)

        assert found == outcome(alone, document, level), changing.said[-1]
        answers.add(found)
        if not found.startswith("{"):
            changing.document = before  # undone
    assert len(answers) > EDITS / 3


def test_a_document_that_did_not_change_runs_no_step():
    changing, evaluator = Changing.sample("pod", 1), Evaluator(shipped_products())
    evaluator.text(changing.document, NO_OWN_DATA, "edit")

    evaluator.text(changing.document, NO_OWN_DATA, "edit")

    assert evaluator.memory.ran == []


def test_a_problem_is_told_again():
    changing, evaluator = Changing.sample("pod", 1), Evaluator(shipped_products())
    draft = Draft(changing.document)
    panel = next(e for e in draft.elements.values() if e["kind"] == "panel")
    draft.put({**panel, "upstream": {"source": "nowhere"}})

    told = [outcome(evaluator.text, draft.document(), NO_OWN_DATA, "edit") for _ in range(3)]

    assert "which does not exist" in told[0]
    assert told == [told[0]] * 3


def test_a_mark_in_somebodys_text_is_text():
    changing, evaluator = Changing.sample("hall", 1), Evaluator(shipped_products())
    draft = Draft(changing.document)
    module = next(e for e in draft.elements.values() if e["kind"] == "module")
    draft.put({**module, "identity": {"tag": "\x00RackTable.id"}})
    draft.put({**module, "identity": {"tag": "\x00PowerResult.nodes.id"}})

    for document in (draft.document(), changing.document):
        assert evaluator.text(document, NO_OWN_DATA, "edit") == alone(document, "edit")


def test_the_designs_seen_last_are_kept():
    evaluators, made = Evaluators(), []

    def products():
        made.append(1)
        return shipped_products()

    def ask(number, own=None):
        with evaluators.of(UUID(int=number), own, products) as evaluator:
            evaluator.text(EMPTY, NO_OWN_DATA, "edit")

    for number in [*range(MOST_DESIGNS + 1), MOST_DESIGNS, 1]:
        ask(number)
    assert len(made) == MOST_DESIGNS + 1
    ask(0)
    assert len(made) == MOST_DESIGNS + 2  # it was forgotten
    ask(0, own={"other": "records"})
    assert len(made) == MOST_DESIGNS + 3


def test_an_evaluator_that_failed_is_not_kept():
    evaluators, made = Evaluators(), []

    def products():
        made.append(1)
        return shipped_products()

    with pytest.raises(RuntimeError), evaluators.of(UUID(int=1), None, products):
        raise RuntimeError
    with evaluators.of(UUID(int=1), None, products):
        pass

    assert len(made) == 2
