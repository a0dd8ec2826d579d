"""Bringing two lines together: what is asked, and what is not."""

from hypothesis import given, settings
from hypothesis import strategies as st

from layouts.commands import apply_all
from layouts.document import Document, Draft, references
from layouts.schema import check_elements
from layouts.wire import EditReader
from reviews.diff import differences
from reviews.merge import merge
from tests.layouts.drawing import create, delete, element_id, move, put, rack
from tests.layouts.test_edit_properties import documents, pushes

BASE = Document.of([rack(1), rack(2), rack(3), rack(8, kind="busway")])


def after(document, *edits):
    return apply_all(document, EditReader(document).read(list(edits))).document


def keys(merged):
    return [conflict.key for conflict in merged.open]


def answers(merged, side):
    return {conflict.key: (conflict.fingerprint, side) for conflict in merged.open}


def solved(base, ours, theirs, side):
    """The merge with every question answered for one side, as far as that side is offered."""
    given_answers = {}
    for _ in range(20):
        merged = merge(base, ours, theirs, given_answers)
        if merged.is_clean:
            return merged
        for conflict in merged.open:
            chosen = side if side in conflict.choices else conflict.choices[0]
            given_answers[conflict.key] = (conflict.fingerprint, chosen)
    raise AssertionError(keys(merged))


def test_one_changes_the_power_and_one_the_place_of_a_rack():
    ours = after(BASE, put(1, "load", {"tdp_kw": 90}))
    theirs = after(BASE, move([element_id(1)], 600))

    merged = merge(BASE, ours, theirs, {})

    assert merged.is_clean
    rack_1 = merged.document.elements[element_id(1)]
    assert rack_1["load"] == {"tdp_kw": 90}
    assert rack_1["placement"]["x_mm"] == 1200


def test_both_moved_one_rack_elsewhere_and_one_question_is_asked():
    ours = after(BASE, move([element_id(1)], 600))
    theirs = after(BASE, move([element_id(1)], -600))

    asked = merge(BASE, ours, theirs, {})
    kept = merge(BASE, ours, theirs, answers(asked, "ours"))
    taken = merge(BASE, ours, theirs, answers(asked, "theirs"))

    assert keys(asked) == [f"{element_id(1)}.placement"]
    values = asked.open[0].ours["x_mm"], asked.open[0].theirs["x_mm"]
    assert values == (1200, 0)
    assert kept.document == ours
    assert taken.document == theirs


def test_both_made_the_same_change_and_nothing_is_asked():
    ours = theirs = after(BASE, move([element_id(1)], 600))

    merged = merge(BASE, ours, theirs, {})

    assert merged.is_clean
    assert merged.document == ours


def test_an_answer_to_other_values_does_not_count():
    ours = after(BASE, move([element_id(1)], 600))
    theirs = after(BASE, move([element_id(1)], -600))
    given_answers = answers(merge(BASE, ours, theirs, {}), "theirs")

    moved_on = merge(BASE, ours, after(theirs, move([element_id(1)], -600)), given_answers)

    assert keys(moved_on) == [f"{element_id(1)}.placement"]


def test_deleting_meets_editing():
    ours = after(BASE, delete(element_id(1)))
    theirs = after(BASE, put(1, "load", {"tdp_kw": 90}))

    asked = merge(BASE, ours, theirs, {})

    assert keys(asked) == [element_id(1)]
    assert solved(BASE, ours, theirs, "ours").document == ours
    assert solved(BASE, ours, theirs, "theirs").document == theirs


def test_deleting_meets_a_new_reference():
    ours = after(BASE, delete(element_id(8)))
    theirs = after(BASE, put(1, "feeds", {"a": element_id(8)}))

    asked = merge(BASE, ours, theirs, {})
    gone = solved(BASE, ours, theirs, "ours").document
    kept = solved(BASE, ours, theirs, "theirs").document

    assert keys(asked) == [f"{element_id(8)}<"]
    assert gone.elements[element_id(1)]["feeds"] == {"a": None}
    assert kept.elements[element_id(1)]["feeds"] == {"a": element_id(8)}
    assert element_id(8) in kept.elements


def test_one_tag_is_given_twice():
    ours = after(BASE, create(rack(4, identity={"tag": "R99"})))
    theirs = after(BASE, create(rack(5, identity={"tag": "R99"})))

    asked = merge(BASE, ours, theirs, {})
    kept = solved(BASE, ours, theirs, "ours").document
    taken = solved(BASE, ours, theirs, "theirs").document

    assert keys(asked) == ["tag=R99"]
    assert [kept.elements[element_id(n)]["identity"]["tag"] for n in (4, 5)] == ["R99", "R99-2"]
    assert [taken.elements[element_id(n)]["identity"]["tag"] for n in (4, 5)] == ["R99-2", "R99"]


def test_two_feeders_to_one_panel_are_asked_about():
    panel = {
        "id": element_id(40),
        "kind": "panel",
        "placement": {"x_mm": 9000, "y_mm": 0, "rotation_deg": 0},
        "identity": {"tag": "RPP-1"},
        "product": {"product_id": "generic-rpp-400"},
    }
    base = after(BASE, create(panel))

    def feeder(number, tag):
        return {
            "id": element_id(number),
            "kind": "feeder",
            "path": {"points_mm": [[0, 0], [9000, 0]]},
            "identity": {"tag": tag},
            "feeder": {"to": element_id(40)},
        }

    ours, theirs = after(base, create(feeder(41, "F1"))), after(base, create(feeder(42, "F2")))

    asked = merge(base, ours, theirs, {})

    assert [(each.why, each.key) for each in asked.open] == [
        ("taken-twice", f"feeder={element_id(40)}")
    ]
    assert "the incoming side of the panel RPP-1" in asked.open[0].detail
    assert solved(base, ours, theirs, "ours").document == ours
    assert solved(base, ours, theirs, "theirs").document == theirs


def test_two_sites_become_one():
    site = {"kind": "site", "power": {"basis": "tdp"}}
    ours = after(BASE, create({"id": element_id(20), **site}))
    theirs = after(BASE, create({"id": element_id(21), **site}))

    assert keys(merge(BASE, ours, theirs, {})) == ["site="]
    assert solved(BASE, ours, theirs, "theirs").document == theirs


def test_a_module_type_that_copies_need_stays():
    kind = {
        "id": element_id(30),
        "kind": "module_type",
        "identity": {"name": "Pod"},
        "template": {"template_id": "pod", "version": 1},
        "racks": {"product_id": "r", "rows": 1, "per_row": 2, "pitch_mm": 600},
        "aisle": {"kind": "none", "width_mm": 0, "contained": False},
        "cdus": {"count": 0, "redundancy": 0, "position": "left"},
        "power": {"sides": 2},
    }
    copy = {
        "id": element_id(31),
        "kind": "module",
        "placement": {"x_mm": 0, "y_mm": 0, "rotation_deg": 0},
        "identity": {"tag": "M1"},
        "type": {"type_id": element_id(30)},
    }
    base = after(BASE, create(kind))
    ours = after(base, delete(element_id(30)))
    theirs = after(base, create(copy))

    asked = merge(base, ours, theirs, {})

    assert asked.open[0].choices == ("theirs",)
    assert solved(base, ours, theirs, "ours").document == theirs


def module(**overrides):
    return {"id": element_id(31), "kind": "module", "overrides": overrides}


def test_two_slots_of_one_module_are_two_things():
    base = Document.of([module()])
    ours = Document.of([module(**{"rack-1-01": {"load": {"tdp_kw": 90}}})])
    theirs = Document.of(
        [module(**{"rack-1-02": {"load": {"tdp_kw": 80}}, "rack-1-01": {"state": {}}})]
    )

    merged = merge(base, ours, theirs, {})

    assert merged.is_clean
    assert merged.document.elements[element_id(31)]["overrides"] == {
        "rack-1-01": {"load": {"tdp_kw": 90}, "state": {}},
        "rack-1-02": {"load": {"tdp_kw": 80}},
    }


def test_one_group_of_one_slot_is_asked_once():
    base = Document.of([module(**{"rack-1-01": {"load": {"tdp_kw": 70}}})])
    ours = Document.of([module(**{"rack-1-01": {"load": {"tdp_kw": 90}}})])
    theirs = Document.of([module(**{"rack-1-01": {"load": {"tdp_kw": 80}}})])

    assert keys(merge(base, ours, theirs, {})) == [f"{element_id(31)}.overrides.rack-1-01.load"]
    assert solved(base, ours, theirs, "theirs").document == theirs
    assert solved(base, ours, theirs, "ours").document == ours


def test_assumptions_merge_line_by_line():
    lines = [{"a": 1, "b": 1}, {"a": 2, "b": 1}, {"b": 3}]
    base, ours, theirs = (
        Document.of([{"id": element_id(9), "kind": "site", "assumptions": each}]) for each in lines
    )

    merged = merge(base, ours, theirs, {})

    assert keys(merged) == [f"{element_id(9)}.assumptions.a"]
    assert merged.document.elements[element_id(9)]["assumptions"] == {"a": 2, "b": 3}


batches = st.lists(pushes(), max_size=6)


@settings(max_examples=150, deadline=None)
@given(documents(), batches, batches, st.sampled_from(["ours", "theirs"]))
def test_what_comes_out_is_a_document(base, mine, other, side):
    ours, theirs = after(base, *mine), after(base, *other)

    merged = solved(base, ours, theirs, side).document

    problems = []
    check_elements(list(merged.elements.values()), "elements", problems)
    assert problems == []
    assert all(
        target in merged.elements
        for element in merged.elements.values()
        for target in references(element)
    )
    assert merged == Document.of(merged.elements.values())


@settings(max_examples=100, deadline=None)
@given(documents(), batches)
def test_merging_what_only_one_side_changed_gives_that_side(base, mine):
    changed = after(base, *mine)

    for ours, theirs in ((base, changed), (changed, base), (changed, changed)):
        merged = merge(base, ours, theirs, {})
        assert merged.is_clean
        assert merged.document == changed


@settings(max_examples=150, deadline=None)
@given(documents(), batches, batches)
def test_edits_of_different_elements_merge_to_both(base, mine, other):
    ours, theirs = after(base, *mine), after(base, *other)
    changed = [{change.id for change in differences(base, side)} for side in (ours, theirs)]
    if changed[0] & changed[1]:
        return
    both = Draft(ours)
    for id_ in changed[1]:
        if id_ in theirs.elements:
            both.put(theirs.elements[id_])
        else:
            both.drop(id_)

    merged = merge(base, ours, theirs, {})

    if merged.is_clean:
        assert merged.document == both.document()
    else:
        assert {conflict.why for conflict in merged.open} <= {"delete-meets-edit", "taken-twice"}


@settings(max_examples=100, deadline=None)
@given(documents(), batches, batches)
def test_swapping_the_lines_and_the_answers_gives_the_same(base, mine, other):
    ours, theirs = after(base, *mine), after(base, *other)

    here, there = merge(base, ours, theirs, {}), merge(base, theirs, ours, {})

    assert here.is_clean == there.is_clean
    if here.is_clean:
        assert here.document == there.document
