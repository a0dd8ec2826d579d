"""What holds for every document and every batch of edits."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from layouts.canonical import hash_text, quantised, state_sum
from layouts.changes import difference, folded, reversal, touched_ids
from layouts.commands import apply_all
from layouts.document import Document, references
from layouts.edits import replay
from layouts.fields import Problem
from layouts.schema import check_elements
from layouts.wire import EditReader, stored_edit
from tests.layouts.drawing import element_id, rack

IDS = [element_id(number) for number in range(1, 13)]
ids = st.sampled_from(IDS)
tenths = st.integers(-50_000, 50_000).map(lambda n: n / 10)
lengths = st.floats(-1e6, 1e6, allow_nan=False)
power_ids = st.sampled_from([*IDS[5:9], f"{IDS[2]}/busway-a-1"])


@st.composite
def elements(draw: st.DrawFn, number: int | None = None) -> dict[str, Any]:  # noqa: PLR0911
    """An element; its id fixes its kind, as it does for a browser that made it."""
    number = number or draw(st.integers(1, 12))
    id_ = element_id(number)
    state = draw(st.sampled_from([{}, {}, {}, {"state": {"locked": True}}]))
    match number:
        case 1:
            return {"id": id_, "kind": "site", "power": {"basis": "tdp"}, **state}
        case 2:
            return {
                "id": id_,
                "kind": "module_type",
                "identity": {"name": "Pod"},
                "template": {"template_id": "pod", "version": 1},
                "racks": {
                    "product_id": "r",
                    "rows": 1,
                    "per_row": draw(st.integers(1, 8)),
                    "pitch_mm": 600,
                },
                "aisle": {"kind": "none", "width_mm": 0, "contained": False},
                "cdus": {"count": 1, "redundancy": 0, "position": "left"},
                "power": {"sides": 2},
            }
        case 3:
            overrides = draw(
                st.sampled_from([{}, {"overrides": {"rack-1-01": {"feeds": {"a": IDS[6]}}}}])
            )
            return {
                "id": id_,
                "kind": "module",
                "placement": {"x_mm": draw(lengths), "y_mm": 0, "rotation_deg": 90},
                "identity": {"tag": "M"},
                "type": {"type_id": IDS[1]},
                **overrides,
            }
        case 4:
            x = draw(tenths)
            points = [[x, 0], [x + 1000, 0], [x + 1000, 1000], [x, 1000]]
            return {
                "id": id_,
                "kind": "hall",
                "outline": {"points_mm": points},
                "identity": {"name": "H"},
                "hall": {"height_mm": 4000},
            }
        case 5:
            line = {
                "from_x_mm": draw(tenths),
                "from_y_mm": 0,
                "to_x_mm": 1,
                "to_y_mm": 1,
                "offset_mm": 3,
            }
            return {"id": id_, "kind": "dimension", "line": line}
        case 6 | 7 | 8 | 9:
            source = draw(st.sampled_from([None, *IDS[5:9]]))
            return rack(number, kind="busway", upstream={"source": source}, **state)
        case 10:
            run = {"points_mm": [[draw(tenths), 0], [60_000, 0], [60_000, 500]]}
            feeder = {"to": draw(st.none() | power_ids), "sets": 2}
            return {
                "id": id_,
                "kind": "feeder",
                "path": run,
                "identity": {"tag": "F"},
                "feeder": feeder,
                **state,
            }
    feeds = {"a": draw(st.none() | power_ids), "b": draw(st.none() | power_ids)}
    groups = draw(
        st.sampled_from([{}, {"feeds": feeds}, {"load": {"tdp_kw": 1.5}}, {"feeds": feeds}])
    )
    place = {"x_mm": draw(lengths), "y_mm": draw(lengths), "rotation_deg": draw(lengths)}
    return rack(number, placement=place, **groups, **state)


@st.composite
def pushes(draw: st.DrawFn) -> dict[str, Any]:
    """Any edit, good or refused."""
    kind = draw(st.sampled_from(["create", "create", "set", "set", "delete", "move", "command"]))
    if kind == "create":
        return {"type": "create", "element": draw(elements())}
    if kind == "delete":
        return {"type": "delete", "id": draw(ids | st.sampled_from(IDS[5:9]))}
    if kind == "move":
        first, last = sorted([draw(ids), draw(ids)])
        members = draw(st.lists(ids, min_size=1, max_size=3))
        if draw(st.booleans()):
            members.append([first, last, draw(st.integers(1, 12))])
        return {"type": "move", "set": members, "dx_mm": draw(lengths), "dy_mm": draw(tenths)}
    if kind == "command":
        chosen = draw(st.lists(ids, min_size=1, max_size=3, unique=True))
        if draw(st.booleans()):
            args = {"ids": chosen, "pattern": "X{n:02}", "start": draw(st.integers(0, 120))}
            return {"type": "command", "name": "renumber", "args": args}
        number = draw(st.integers(100, 120))
        new_ids = [element_id(number + place) for place in range(len(chosen))]
        args = {"ids": chosen, "offsets_mm": [[draw(tenths), 0]], "new_ids": [new_ids]}
        return {"type": "command", "name": "array", "args": args}
    element = draw(elements())
    group = draw(st.sampled_from([name for name in element if name not in ("id", "kind")]))
    value = draw(st.sampled_from([element[group], element[group], None]))
    return {"type": "set", "id": element["id"], "group": group, "value": value}


def after(document: Document, edits: list[dict[str, Any]]) -> Any:
    reader = EditReader(document)
    return apply_all(document, reader.read(edits))


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """A document in which many elements refer to others."""
    sources_first = (2, 3, 6, 7, 8, 9, 1, 4, 5, 10, 11, 12)
    left_out = draw(st.sets(st.sampled_from(sources_first), max_size=4))
    made = [draw(elements(number)) for number in sources_first if number not in left_out]
    return after(Document.of([]), [{"type": "create", "element": each} for each in made]).document


batches = st.lists(pushes(), min_size=1, max_size=8)


@given(documents(), batches)
def test_the_state_hash_is_the_same_as_from_scratch(document, edits):
    applied = after(document, edits).document

    assert applied.state_hash == hash_text(state_sum(applied.elements.values()))


@given(documents(), batches)
def test_the_index_of_references_is_the_same_as_from_scratch(document, edits):
    applied = after(document, edits).document

    assert applied.referrers == Document.of(applied.elements.values()).referrers


@given(documents(), batches)
def test_old_document_and_effective_edits_give_the_new_document(document, edits):
    applied = after(document, edits)

    stored = [stored_edit(edit.to_json()) for edit in applied.effective]

    assert replay(document, stored) == applied.document


@given(documents(), batches)
def test_no_edit_leaves_a_link_to_nothing(document, edits):
    applied = after(document, edits).document

    for element in applied.elements.values():
        assert references(element) <= applied.elements.keys()


@given(documents(), batches)
def test_every_document_passes_the_check_of_a_file(document, edits):
    problems: list[Problem] = []

    check_elements(after(document, edits).document.in_order(), "elements", problems)

    assert problems == []


@given(documents(), batches)
def test_every_batch_can_be_undone(document, edits):
    applied = after(document, edits)
    ids = touched_ids(document, applied.document, applied.effective)

    way = reversal(
        before=document,
        after=applied.document,
        head=applied.document,
        ids=ids,
        respect_locks=False,
    )

    assert way.skipped == ()
    assert replay(applied.document, way.edits) == document


@given(documents(), batches, batches)
def test_undo_touches_nothing_that_others_changed(document, mine, others):
    applied = after(document, mine)
    head = after(applied.document, others).document
    ids = touched_ids(document, applied.document, applied.effective)

    way = reversal(before=document, after=applied.document, head=head, ids=ids)
    undone = replay(head, way.edits)

    for id_, now in head.elements.items():
        written = applied.document.elements.get(id_, {})
        for group, value in now.items():
            if written.get(group) != value and group not in ("feeds", "upstream", "overrides"):
                assert undone.elements[id_][group] == value
    for element in undone.elements.values():
        assert references(element) <= undone.elements.keys()


@given(documents(), documents())
def test_the_difference_of_two_documents_leads_from_one_to_the_other(source, target):
    assert replay(source, difference(source, target)) == target


@given(documents(), batches)
def test_moves_folded_from_sets_do_the_same(document, edits):
    applied = after(document, edits)
    way = difference(document, applied.document)

    assert replay(document, folded(document, way)) == applied.document


@given(elements())
def test_quantising_twice_is_quantising_once(element):
    once = quantised(element)

    assert quantised(once) == once


@given(
    documents(),
    st.lists(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(
                        ["type", "id", "group", "value", "element", "set", "args", "name"]
                    ),
                    inner
                    | st.sampled_from(["create", "set", "move", "command", "array", *IDS[:3]]),
                    max_size=5,
                )
            ),
            max_leaves=20,
        ),
        max_size=4,
    ),
)
def test_no_junk_gets_past_the_reader(document, junk):
    reader = EditReader(document)

    edits = reader.read(junk)

    assert len(edits) + len(reader.problems) >= len(junk)
    apply_all(document, edits)
