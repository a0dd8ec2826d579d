"""What the write path promises, against the real database."""

import uuid

import pytest

from layouts import history, log, selectors, services
from layouts.document import Document
from layouts.errors import DesignInvalid, EditConflict, NothingToRedo, NothingToUndo
from layouts.models import Design, RefusedRequest, Revision, Snapshot
from tests import factories
from tests.layouts.drawing import create, delete, element_id, move, put, rack

pytestmark = pytest.mark.django_db


@pytest.fixture
def design(organisation, editor) -> Design:
    project = services.create_project(organisation=organisation, name="Site")
    return services.create_design(project=project, name="Hall", author=editor)


@pytest.fixture
def colleague(organisation):
    return factories.member(organisation, "editor", name="Ana")


def push(design, author, *edits, request_id=None, guards=(), base=None):
    design.refresh_from_db()
    return services.append_edits(
        design=design,
        base=design.head if base is None else base,
        edits=list(edits),
        author=author,
        request_id=request_id or uuid.uuid4(),
        label="Change",
        guards=guards,
    )


def head(design: Design) -> Document:
    design.refresh_from_db()
    return selectors.document_at(design, design.head)


def undo(design, author):
    return history.undo(design=design, author=author, request_id=uuid.uuid4())


def redo(design, author):
    return history.redo(design=design, author=author, request_id=uuid.uuid4())


def x_of(design, id_):
    return head(design).elements[id_]["placement"]["x_mm"]


def test_a_push_becomes_the_next_revision(design, editor):
    first = push(design, editor, create(rack(1)))
    second = push(design, editor, move([element_id(1)], 600))

    assert (first.number, second.number) == (1, 2)
    assert second.state_hash == head(design).state_hash
    assert x_of(design, element_id(1)) == 1200


def test_the_log_alone_gives_the_same_document(design, editor):
    push(design, editor, create(rack(1)), create(rack(2)))
    push(design, editor, move([element_id(1)], 600), delete(element_id(2)))
    before = head(design)

    selectors.recent.clear()

    assert head(design) == before


def test_retry_is_harmless(design, editor):
    request_id = uuid.uuid4()
    first = push(design, editor, create(rack(1)), move([element_id(9)], 1), request_id=request_id)

    again = push(design, editor, create(rack(1)), request_id=request_id)

    assert again.duplicate
    assert (again.number, again.effective, again.refused) == (
        first.number,
        first.effective,
        first.refused,
    )
    assert Revision.objects.count() == 1


def test_a_retry_of_a_refused_push_hears_the_same_refusal(design, editor):
    request_id = uuid.uuid4()
    first = push(design, editor, move([element_id(9)], 1), request_id=request_id)
    push(design, editor, create(rack(9)))

    again = push(design, editor, move([element_id(9)], 1), request_id=request_id)

    assert [each["code"] for each in first.refused] == ["missing-element"]
    assert again.duplicate
    assert (again.number, again.refused) == (first.number, first.refused)
    assert Revision.objects.count() == 1
    assert RefusedRequest.objects.count() == 1


def test_a_malformed_push_lists_every_problem_and_changes_nothing(design, editor):
    with pytest.raises(DesignInvalid) as raised:
        push(
            design,
            editor,
            create(rack(1)),
            {"type": "create", "element": {**rack(2), "kind": "rocket"}},
            {"type": "move", "set": ["nobody"], "dx_mm": float("nan"), "dy_mm": 0},
            {"type": "explode"},
        )

    paths = {problem["path"] for problem in raised.value.context["errors"]}
    assert paths == {
        "edits[1].element.kind",
        "edits[2].set[0]",
        "edits[2].dx_mm",
        "edits[3].type",
    }
    assert Revision.objects.count() == 0


def test_a_base_of_the_future_is_refused(design, editor):
    with pytest.raises(DesignInvalid):
        push(design, editor, create(rack(1)), base=7)


def test_the_last_writer_of_a_group_wins_whatever_the_base(design, editor, colleague):
    push(design, editor, create(rack(1)))
    push(design, editor, put(1, "load", {"tdp_kw": 120}), base=1)
    push(design, colleague, put(1, "load", {"tdp_kw": 130}), base=1)

    assert head(design).elements[element_id(1)]["load"] == {"tdp_kw": 130}


def test_a_broken_guard_stops_the_whole_push(design, editor):
    push(design, editor, create(rack(1)))
    guard = {"id": element_id(1), "group": "load", "expect": {"tdp_kw": 1}}

    with pytest.raises(EditConflict) as raised:
        push(design, editor, move([element_id(1)], 600), guards=[guard])

    assert raised.value.context["changed"] == [{"id": element_id(1), "group": "load"}]
    assert x_of(design, element_id(1)) == 600


def test_a_guard_that_holds_lets_the_push_through(design, editor):
    push(design, editor, create(rack(1)))
    guards = [
        {"id": element_id(1), "group": "load", "expect": None},
        {"id": element_id(1), "group": "identity", "expect": {"tag": "R01"}},
    ]

    push(design, editor, move([element_id(1)], 600), guards=guards)

    assert x_of(design, element_id(1)) == 1200


def test_undo_and_redo_walk_the_own_changes(design, editor):
    push(design, editor, create(rack(1)))
    push(design, editor, move([element_id(1)], 600))
    push(design, editor, move([element_id(1)], 600))

    undo(design, editor)
    undo(design, editor)
    assert x_of(design, element_id(1)) == 600
    redo(design, editor)
    assert x_of(design, element_id(1)) == 1200
    redo(design, editor)
    assert x_of(design, element_id(1)) == 1800
    with pytest.raises(NothingToRedo):
        redo(design, editor)
    for _ in range(3):
        undo(design, editor)
    assert head(design).elements == {}
    with pytest.raises(NothingToUndo):
        undo(design, editor)


def test_a_new_change_ends_redo(design, editor):
    push(design, editor, create(rack(1)))
    undo(design, editor)
    push(design, editor, create(rack(2)))

    with pytest.raises(NothingToRedo):
        redo(design, editor)


def test_undo_passes_over_the_changes_of_others(design, editor, colleague):
    push(design, editor, create(rack(1)), create(rack(2)))
    push(design, editor, move([element_id(1)], 600))
    push(design, colleague, move([element_id(2)], 100))

    outcome = undo(design, editor)

    assert outcome.skipped == []
    assert x_of(design, element_id(1)) == 600
    assert x_of(design, element_id(2)) == 1300


def test_undo_leaves_alone_what_others_changed_since_and_says_so(design, editor, colleague):
    push(design, editor, create(rack(1)), create(rack(2)))
    push(design, editor, move([element_id(1), element_id(2)], 600))
    push(design, colleague, move([element_id(2)], 100))

    outcome = undo(design, editor)

    assert x_of(design, element_id(1)) == 600
    assert x_of(design, element_id(2)) == 1900
    assert outcome.skipped == [
        {"id": element_id(2), "group": "placement", "reason": "changed by Ana since"}
    ]


def test_undo_of_a_creation_keeps_what_others_built_on(design, editor, colleague):
    busway = rack(1, kind="busway")
    push(design, editor, create(busway), create(rack(2)))
    push(design, colleague, create(rack(3, feeds={"a": element_id(1)})))

    outcome = undo(design, editor)

    assert set(head(design).elements) == {element_id(1), element_id(3)}
    assert outcome.skipped == [{"id": element_id(1), "group": None, "reason": "in use"}]


def test_undo_of_a_deletion_brings_back_element_and_links(design, editor):
    push(
        design, editor, create(rack(1, kind="busway")), create(rack(2, feeds={"a": element_id(1)}))
    )
    before = head(design)
    push(design, editor, delete(element_id(1)))

    undo(design, editor)

    assert head(design) == before


def test_undo_does_not_bring_back_a_link_to_what_is_gone(design, editor, colleague):
    push(design, editor, create(rack(1, kind="busway")))
    push(design, editor, create(rack(2, feeds={"a": element_id(1)})))
    push(design, editor, delete(element_id(2)))
    push(design, colleague, delete(element_id(1)))

    undo(design, editor)

    assert head(design).elements[element_id(2)]["feeds"] == {"a": None}


def test_an_undo_of_which_nothing_is_left_still_counts(design, editor, colleague):
    push(design, editor, create(rack(1)))
    push(design, editor, move([element_id(1)], 600))
    push(design, colleague, move([element_id(1)], 600))

    outcome = undo(design, editor)

    assert outcome.effective == []
    assert len(outcome.skipped) == 1
    assert undo(design, editor).skipped[0]["reason"] == "changed by Ana since"
    with pytest.raises(NothingToUndo):
        undo(design, editor)


def test_a_retry_of_an_undo_undoes_once(design, editor):
    push(design, editor, create(rack(1)))
    push(design, editor, move([element_id(1)], 600))
    request_id = uuid.uuid4()
    first = history.undo(design=design, author=editor, request_id=request_id)

    again = history.undo(design=design, author=editor, request_id=request_id)

    assert again.duplicate
    assert again.number == first.number
    assert x_of(design, element_id(1)) == 600


def test_the_undo_of_a_move_of_many_is_a_move(design, editor):
    ids = [element_id(number) for number in range(1, 6)]
    push(design, editor, *[create(rack(number)) for number in range(1, 6)])
    before = head(design)
    push(design, editor, move([[ids[0], ids[4], 5]], 600, -0.3))

    outcome = undo(design, editor)

    assert outcome.effective == [move([[ids[0], ids[4], 5]], -600, 0.3)]
    assert head(design) == before


def test_the_undo_of_a_turn_of_many_turns_them_back(design, editor):
    push(design, editor, *[create(rack(number)) for number in range(1, 6)])
    before = head(design)
    turned = {"y_mm": 100, "rotation_deg": 90}
    push(
        design,
        editor,
        *[put(number, "placement", {"x_mm": 600 * number, **turned}) for number in range(1, 6)],
    )

    undo(design, editor)

    assert head(design) == before


def test_restore_makes_the_design_what_it_was(design, editor, colleague):
    push(
        design, editor, create(rack(1, kind="busway")), create(rack(2, feeds={"a": element_id(1)}))
    )
    wanted = head(design)
    push(design, colleague, delete(element_id(1)), create(rack(3)))
    push(design, colleague, put(2, "state", {"locked": True}), move([element_id(3)], 600))

    outcome = history.restore(design=design, number=1, author=editor, request_id=uuid.uuid4())

    assert outcome.state_hash == wanted.state_hash
    assert head(design) == wanted
    undo(design, editor)
    assert set(head(design).elements) == {element_id(2), element_id(3)}


def test_snapshots_bound_the_replay(
    design, editor, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(log, "SNAPSHOT_REVISIONS", 3)
    with django_capture_on_commit_callbacks(execute=True):
        push(design, editor, create(rack(1)))
    for _ in range(7):
        with django_capture_on_commit_callbacks(execute=True):
            push(design, editor, move([element_id(1)], 600))
    wanted = head(design)
    selectors.recent.clear()

    assert list(Snapshot.objects.values_list("number", flat=True)) == [3, 6]
    assert head(design) == wanted
    assert design.log_from == 6
    selectors.recent.clear()
    assert selectors.document_at(design, 5).elements[element_id(1)]["placement"]["x_mm"] == 3000


def test_a_log_that_does_not_add_up_is_not_shown(design, editor):
    push(design, editor, create(rack(1)))
    Revision.objects.update(edits=[create(rack(2))])
    selectors.recent.clear()

    with pytest.raises(selectors.DocumentDamaged):
        head(design)
