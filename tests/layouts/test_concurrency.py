"""Many writers at once: the log stays dense, and every answer is true."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from copy import copy

import pytest
from django.db import connection

from layouts import history, selectors, services
from layouts.document import EMPTY
from layouts.edits import replay
from layouts.wire import stored_edit
from tests.layouts.drawing import create, element_id, move, rack

pytestmark = pytest.mark.django_db(transaction=True)
WRITERS = 6
EACH = 8


@pytest.fixture
def design(organisation, editor):
    project = services.create_project(organisation=organisation, name="Site")
    return services.create_design(project=project, name="Hall", author=editor)


def in_threads(work, count):
    """Run work(0), work(1)… at once, each with a connection of its own."""

    def alone(number):
        try:
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(alone, range(count)))


def append(design, author, *edits, request_id=None):
    return services.append_edits(
        design=copy(design),  # as stale as what a request has read
        base=0,
        edits=list(edits),
        author=author,
        request_id=request_id or uuid.uuid4(),
        label="x",
    )


def test_writers_at_once_get_numbers_without_gaps(design, editor):
    def write(writer):
        mine = [
            append(design, editor, create(rack(100 * writer + turn + 1))) for turn in range(EACH)
        ]
        return [outcome.number for outcome in mine]

    numbers = in_threads(write, WRITERS)

    design.refresh_from_db()
    assert sorted(number for own in numbers for number in own) == list(range(1, WRITERS * EACH + 1))
    assert all(own == sorted(own) for own in numbers)
    selectors.recent.clear()
    assert len(selectors.document_at(design, design.head).elements) == WRITERS * EACH


def test_every_prefix_of_the_log_has_the_hash_it_was_acknowledged_with(design, editor):
    append(design, editor, create(rack(1)))

    def write(writer):
        return [append(design, editor, move([element_id(1)], writer + 1)) for _ in range(EACH)]

    acknowledged = {
        outcome.number: outcome.state_hash for own in in_threads(write, WRITERS) for outcome in own
    }

    document = EMPTY
    for revision in design.revisions.order_by("number"):
        document = replay(document, [stored_edit(edit) for edit in revision.edits])
        assert document.state_hash == revision.state_hash
        assert acknowledged.get(revision.number, revision.state_hash) == revision.state_hash


def test_the_same_request_from_many_threads_is_applied_once(design, editor):
    request_id = uuid.uuid4()

    outcomes = in_threads(
        lambda _: append(design, editor, create(rack(1)), request_id=request_id), WRITERS
    )

    assert {outcome.number for outcome in outcomes} == {1}
    assert sorted(outcome.duplicate for outcome in outcomes) == [False] + [True] * (WRITERS - 1)
    assert design.revisions.count() == 1


def test_the_same_undo_from_many_threads_undoes_once(design, editor):
    append(design, editor, create(rack(1)))
    append(design, editor, create(rack(2)))
    request_id = uuid.uuid4()

    outcomes = in_threads(
        lambda _: history.undo(design=copy(design), author=editor, request_id=request_id), WRITERS
    )

    assert {outcome.number for outcome in outcomes} == {3}
    design.refresh_from_db()
    assert set(selectors.document_at(design, design.head).elements) == {element_id(1)}


def test_writers_of_two_designs_do_not_mix(design, editor):
    other = services.create_design(project=design.project, name="Other", author=editor)

    def write(writer):
        target = (design, other)[writer % 2]
        return [append(target, editor, create(rack(100 * writer + turn))) for turn in range(EACH)]

    in_threads(write, WRITERS)

    for each in (design, other):
        each.refresh_from_db()
        assert each.head == WRITERS // 2 * EACH
        numbers = list(each.revisions.order_by("number").values_list("number", flat=True))
        assert numbers == list(range(1, each.head + 1))
