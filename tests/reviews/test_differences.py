"""What differs, in words, and whom it concerns."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layouts.commands import apply_all
from layouts.document import Document, Draft
from layouts.wire import EditReader
from reviews.diff import differences
from reviews.policy import ALL, TRANSITIONS, concerns, disciplines_of
from reviews.rollup import roll_up
from tests.layouts.drawing import create, delete, element_id, move, put, rack
from tests.layouts.test_edit_properties import documents, pushes

ROW = [rack(n, identity={"tag": f"R3-{n:02d}"}) for n in range(1, 19)]
CDU = rack(40, kind="cdu", identity={"tag": "CDU-01"}, product={"product_id": "cdu"})
BASE = Document.of([*ROW, CDU])


def after(document, *edits):
    return apply_all(document, EditReader(document).read(list(edits))).document


def titles(*edits):
    return [line.title for line in roll_up(BASE, after(BASE, *edits))]


@settings(max_examples=150, deadline=None)
@given(documents(), st.lists(pushes(), max_size=8))
def test_the_changes_lead_from_one_document_to_the_other(old, then):
    new = after(old, *then)

    draft = Draft(old)
    for change in differences(old, new):
        if change.after is None:
            draft.drop(change.id)
        else:
            draft.put(change.after)

    assert draft.document() == new
    assert differences(new, new) == ()


@settings(max_examples=100, deadline=None)
@given(documents(), st.lists(pushes(), max_size=8))
def test_every_change_is_told_and_concerns_somebody(old, then):
    new = after(old, *then)
    changes = differences(old, new)

    told = {id_ for line in roll_up(old, new) for id_ in line.element_ids}

    assert told == {change.id for change in changes}
    assert all(concerns(change) for change in changes)


def test_many_that_moved_alike_are_one_line():
    ids = [element_id(n) for n in range(1, 9)]

    assert titles(move(ids, 0, 600)) == ["8 racks moved 600 mm in y"]


def test_different_things_that_moved_together_are_counted_by_kind():
    ids = [element_id(1), element_id(2), element_id(40)]

    assert titles(move(ids, 0, -600)) == ["2 racks, 1 CDU moved 600 mm in \u2212y"]


def test_a_row_says_how_many_racks_it_had_and_has():
    new = [create(rack(n, identity={"tag": f"R3-{n:02d}"})) for n in (19, 20)]

    assert titles(*new) == ["Row R3: 18 → 20 racks"]


def test_a_figure_is_told_with_its_unit():
    assert titles(put(1, "load", {"tdp_kw": 132})) == ["R3-01: load set (TDP 132 kW)"]
    heavier = after(BASE, put(1, "load", {"tdp_kw": 120}))
    lines = roll_up(heavier, after(heavier, put(1, "load", {"tdp_kw": 132})))
    assert [line.title for line in lines] == ["R3-01: TDP 120 → 132 kW"]


TYPE = {
    "id": element_id(70),
    "kind": "module_type",
    "racks": {"product_id": "gb300", "rows": 2, "per_row": 8, "load": {"tdp_kw": 120}},
    "cdus": {"product_id": "cdu", "count": 2, "redundancy": 1},
}


def copies(**overrides):
    return Document.of(
        [
            TYPE,
            *(
                {
                    "id": element_id(70 + n),
                    "kind": "module",
                    "identity": {"tag": f"SU{n}"},
                    "type": {"type_id": TYPE["id"]},
                    "overrides": overrides,
                }
                for n in (1, 2)
            ),
        ]
    )


@pytest.mark.parametrize(
    ("before", "after", "title"),
    [
        (
            {},
            {"pipe-2": {"pipe": {"loop": "TCS-SU1", "resistance_factor": 2}}},
            "SU1-P2: resistance factor 1 → 2",
        ),
        (
            {"pipe-2": {"pipe": {"loop": "TCS-SU1", "resistance_factor": 2}}},
            {"pipe-2": {"pipe": {"loop": "TCS-SU1", "resistance_factor": 4, "bore_mm": 60}}},
            "SU1-P2: bore by the rules → 60 mm; resistance factor 2 → 4",
        ),
        ({"pipe-2": {"pipe": {"loop": "TCS-SU1", "bore_mm": 60}}}, {},
         "SU1-P2: bore 60 → by the rules"),
        ({}, {"tray-1": {"tray": {"width_mm": 900, "depth_mm": 100}}},
         "SU1-T1: width 600 → 900 mm"),
        ({}, {"rack-1-03": {"load": {"tdp_kw": 132}}}, "SU1-R1-03: TDP 120 → 132 kW"),
        ({}, {"pipe-1": {"path": {"points_mm": [[0, 0], [1, 0]]}}}, "SU1-P1: redrawn"),
        ({}, {"cdu-1": {"cooling": {"loop": "TCS-2", "redundancy": 1}}},
         "SU1-CDU-1: cooling loop TCS-SU1 → TCS-2"),
    ],
)  # fmt: skip
def test_an_override_says_which_property_of_which_member(before, after, title):
    old, new = copies(**before), copies(**after)
    first = Document.of([TYPE, new.elements[element_id(71)], old.elements[element_id(72)]])

    (line,) = roll_up(old, first)

    assert line.title == title and line.element_ids == (element_id(71),)


def test_the_same_override_of_many_members_is_one_line():
    doubled = {"pipe": {"loop": "TCS", "resistance_factor": 2}}
    old = copies(**{slot: {"pipe": {"loop": "TCS"}} for slot in ("pipe-1", "pipe-2")})

    (line,) = roll_up(old, copies(**{"pipe-1": doubled, "pipe-2": doubled}))

    assert line.title == "4 pipes: resistance factor 1 → 2"
    assert line.detail.startswith("SU1-P1, SU1-P2, SU2-P1")
    assert line.element_ids == (element_id(71), element_id(72))


def test_what_went_is_named():
    lines = roll_up(BASE, after(BASE, delete(element_id(40))))

    assert [(line.how, line.title) for line in lines] == [("removed", "CDU-01 removed")]


@pytest.mark.parametrize(
    ("edit", "concerned"),
    [
        (move([element_id(1)], 600), {"space"}),
        (move([element_id(40)], 600), {"space", "cooling"}),
        (put(1, "load", {"tdp_kw": 90}), {"power", "cooling"}),
        (put(1, "feeds", {"a": None}), {"power"}),
        (put(40, "capacity", {"capacity_kw": 900}), {"cooling"}),
        (put(1, "product", {"product_id": "other"}), set(ALL)),
        (delete(element_id(40)), {"space", "power", "cooling", "cost"}),
        (
            create(
                {
                    "id": element_id(50),
                    "kind": "waiver",
                    "waiver": {
                        "rule": "CLR-FRONT",
                        "element_ids": [],
                        "reason": "x",
                        "expires_on": "2030-01-01",
                        "granted_by": "x",
                    },
                }
            ),
            {"space"},
        ),
        (
            create({"id": element_id(51), "kind": "site", "assumptions": {"fin.wacc": 0.1}}),
            set(ALL),
        ),
    ],
)
def test_a_change_concerns_its_disciplines(edit, concerned):
    assert disciplines_of(differences(BASE, after(BASE, edit))) == concerned


def test_an_override_concerns_what_its_slot_holds():
    module = {
        "id": element_id(60),
        "kind": "module",
        "type": {"type_id": element_id(61)},
        "overrides": {"busway-a-1": {"upstream": {"source": None}}},
    }
    old = Document.of([{**module, "overrides": {}}])

    assert disciplines_of(differences(old, Document.of([module]))) == {"power"}


def test_the_page_about_reviews_tells_the_table_of_moves():
    page = (Path(__file__).resolve().parents[2] / "docs" / "reviews.md").read_text("utf-8")
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in page.splitlines()
        if line.startswith("|")
    ]

    assert rows[2:] == [
        [
            move,
            ", ".join(transition.sources),
            transition.target or "",
            transition.who,
            ", ".join(transition.gates),
        ]
        for move, transition in TRANSITIONS.items()
    ]
