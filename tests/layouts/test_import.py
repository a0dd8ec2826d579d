"""Design files in and out, good and bad."""

import json

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from layouts import gate, selectors, services
from layouts.canonical import quantised
from layouts.document import Document
from layouts.errors import DesignInvalid, FileRefused
from layouts.models import Design
from layouts.samples import sample_file
from layouts.schema import check_design_file, design_json_schema
from tests.layouts.drawing import element_id, rack


@pytest.fixture
def project(organisation):
    return services.create_project(organisation=organisation, name="Site")


def as_file(*elements, **more) -> dict:
    return {"schema": "plenum.design/1", "name": "Hall", "elements": list(elements), **more}


def imported(project, author, content) -> Design:
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return services.import_design(project=project, content=raw, author=author)


@pytest.mark.django_db
@pytest.mark.parametrize("sample", ["pod", "hall", "campus"])
def test_export_of_an_import_is_the_same_design(project, editor, sample):
    first = imported(project, editor, sample_file(sample))
    text = selectors.design_file(first, first.head)

    second = imported(project, editor, text.encode())

    assert second.head_hash == first.head_hash
    assert selectors.design_file(second, second.head) == text


@pytest.mark.django_db
def test_export_does_not_depend_on_the_order_of_elements(project, editor):
    one = imported(project, editor, as_file(rack(1), rack(2)))
    other = imported(project, editor, as_file(rack(2), rack(1)))

    assert selectors.design_file(one, 1) == selectors.design_file(other, 1)


@pytest.mark.django_db
def test_a_product_of_the_file_comes_along(project, editor):
    record = selectors.shipped_products()["nvidia-gb300-nvl72"].to_json()
    own = {**record, "id": "my-rack", "maker": "Me"}
    element = rack(1, product={"product_id": "my-rack"})

    design = imported(project, editor, as_file(element, catalog={"products": {"my-rack": own}}))

    assert selectors.products_of(design)["my-rack"].maker == "Me"
    exported = json.loads(selectors.design_file(design, 1))
    assert exported["catalog"]["products"]["my-rack"]["maker"] == "Me"
    assert exported["rules"] == {"set": "us-nec", "version": "1"}


@pytest.mark.django_db
def test_a_wrong_file_lists_every_problem_and_makes_nothing(project, editor):
    content = as_file(
        {**rack(1), "placement": {"x_mm": "left", "y_mm": 0}, "wings": {}},
        rack(1, product={"product_id": "unobtainium"}),
        {"id": "R7", "kind": "rack"},
        {"id": element_id(4), "kind": "rocket"},
        rack(5, feeds={"a": element_id(99), "b": element_id(1)}),
        "rack",
        name="",
        colour="red",
        catalog={"products": {"p": {"id": "q"}}},
    )

    with pytest.raises(DesignInvalid) as raised:
        imported(project, editor, content)

    paths = [each["path"] for each in raised.value.context["errors"]]
    for path in (
        "colour",
        "name",
        "elements[0].placement.rotation_deg",
        "elements[0].placement.x_mm",
        "elements[0].wings",
        "elements[1].id",
        "elements[2].id",
        "elements[2].placement",
        "elements[2].identity",
        "elements[2].product",
        "elements[3].kind",
        "elements[4].feeds",
        "elements[5]",
        "catalog.products.p.id",
    ):
        assert path in paths, path
    assert Design.objects.count() == 0


@pytest.mark.django_db
def test_an_unknown_product_is_named_with_its_element(project, editor):
    with pytest.raises(DesignInvalid) as raised:
        imported(project, editor, as_file(rack(1), rack(2, product={"product_id": "unobtainium"})))

    (problem,) = raised.value.context["errors"]
    assert problem["path"] == "elements[1].product.product_id"
    assert "unobtainium" in problem["message"]


@pytest.mark.parametrize(
    ("groups", "message"),
    [
        ({"upstream": {"source": element_id(1)}}, "itself"),
        ({"upstream": {"source": element_id(9)}}, "does not exist"),
        ({"upstream": {"source": element_id(2)}}, "feeds nothing"),
        ({"upstream": {"source": f"{element_id(2)}/busway-a-1"}}, "no busway"),
    ],
)
def test_a_link_that_leads_nowhere_is_a_problem(groups, message):
    _, problems = check_design_file(as_file(rack(1, kind="busway", **groups), rack(2)))

    (problem,) = problems
    assert problem.path == "elements[0].upstream"
    assert message in problem.message


def fed(number, kind, source=None):
    element = {
        "id": element_id(number),
        "kind": kind,
        "placement": {"x_mm": 0, "y_mm": 0, "rotation_deg": 0},
        "identity": {"tag": f"N{number}"},
        "product": {"product_id": "generic-busway"},
    }
    return element if source is None else {**element, "upstream": {"source": element_id(source)}}


def test_power_that_runs_in_a_circle_is_a_problem_said_once():
    content = as_file(
        fed(1, "transformer", 3),
        fed(2, "ups", 1),
        fed(3, "panel", 2),
        fed(4, "panel", 3),
        fed(5, "panel"),
        fed(6, "panel", 5),
    )

    found, problems = check_design_file(content)

    assert found is None
    assert [(each.path, each.message) for each in problems] == [
        ("elements[0].upstream", "leads back to itself: power runs in a circle")
    ]


OUTLINES = {
    "crosses itself": [[0, 0], [1000, 1000], [1000, 0], [0, 1000]],
    "is a line": [[0, 0], [1000, 0], [2000, 0]],
    "is closed": [[0, 0], [1000, 0], [1000, 1000], [0, 0]],
    "repeats a corner": [[0, 0], [1000, 0], [1000.01, 0.02], [0, 1000]],
    "has two corners": [[0, 0], [1000, 0]],
    "has a corner in space": [[0, 0], [1000, 0], [1000, 1000, 5]],
    "is endless": [[0, 0], [1e11, 0], [0, 1]],
}


@pytest.mark.parametrize("points", OUTLINES.values(), ids=OUTLINES)
def test_an_outline_is_refused_that(points):
    area = {
        "id": element_id(1),
        "kind": "area",
        "identity": {"name": "A"},
        "outline": {"points_mm": points},
    }

    found, problems = check_design_file(as_file(area))

    assert found is None
    assert problems[0].path.startswith("elements[0].outline.points_mm")


PATHS = {
    "is a point": [[0, 0]],
    "repeats a point": [[0, 0], [1000, 0], [1000.01, 0.02]],
    "has a point in space": [[0, 0], [1000, 0, 5]],
    "is no list": "M0 0L1000 0",
    "is endless": [[0, 0], [1e11, 0]],
}


@pytest.mark.parametrize("points", PATHS.values(), ids=PATHS)
def test_a_path_is_refused_that(points):
    found, problems = check_design_file(as_file(pipe(points)))

    assert found is None
    assert [problem.path.partition("points_mm")[0] for problem in problems] == ["elements[0].path."]


def test_a_path_may_cross_itself_and_end_where_it_began():
    loop = [[0, 0], [1000, 1000], [1000, 0], [0, 1000], [0, 0]]

    found, problems = check_design_file(as_file(pipe(loop)))

    assert problems == []
    assert found.elements[0]["path"]["points_mm"] == loop


def pipe(points):
    return {
        "id": element_id(1),
        "kind": "pipe",
        "identity": {"tag": "P1"},
        "path": {"points_mm": points},
        "pipe": {"loop": "TCS 1"},
    }


REFUSED = {
    "not-json": [b"", b"{", b"hello", b'{"a": NaN}', b'{"a": -Infinity}', b"[1,]"],
    "damaged": [b'{"a": "\xff"}', b"[" + b"9" * 5000 + b"]", "[]".encode("utf-16")],
    "too-deep": [b"[" * 50 + b"]" * 50, b"[" * 200_000 + b"]" * 200_000],
    "duplicate-key": [b'{"a": 1, "a": 2}'],
}


@pytest.mark.parametrize(
    ("reason", "content"),
    [(reason, content) for reason, all_ in REFUSED.items() for content in all_],
)
def test_the_gate_says_what_is_wrong_with_a_file(reason, content):
    with pytest.raises(FileRefused) as raised:
        gate.parsed_json(content)

    assert raised.value.context["reason"] == reason


def test_the_gate_refuses_a_big_file_unread():
    with pytest.raises(FileRefused) as raised:
        gate.parsed_json(b"[" + b" " * 100 + b"]", max_bytes=50)

    assert raised.value.context["reason"] == "too-big"


def test_the_gate_outlives_a_parser_without_memory():
    with pytest.raises(FileRefused) as raised:
        gate.parsed_json(b"[" + b"[]," * 1_000_000 + b"1]", memory_bytes=64 * 1024 * 1024)

    assert raised.value.context["reason"] == "limit"


def test_the_gate_refuses_more_values_than_a_reader_can_take():
    with pytest.raises(FileRefused) as raised:
        gate.parsed_json(b"[" + b"1," * 3_000_000 + b"1]")

    assert raised.value.context["reason"] == "too-many-values"


def test_the_gate_outlives_a_parser_that_hangs():
    with pytest.raises(FileRefused) as raised:
        gate.parsed_json(b"[]", wall_s=0.0)

    assert raised.value.context["reason"] == "timeout"


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=10,
    )
)
def test_junk_in_a_design_file_is_a_list_of_problems(junk):
    for content in (junk, as_file(junk), as_file(**{"catalog": junk, "rules": junk})):
        found, problems = check_design_file(content)

        assert (found is None) == bool(problems)


def test_the_published_schema_accepts_the_samples():
    validator = jsonschema_rs.Draft202012Validator(design_json_schema())

    for sample in ("pod", "hall"):
        assert list(validator.iter_errors(sample_file(sample))) == []


def test_the_published_schema_refuses_what_the_check_refuses():
    validator = jsonschema_rs.Draft202012Validator(design_json_schema())

    for wrong in (
        as_file({**rack(1), "wings": {}}),
        as_file({**rack(1), "id": "R7"}),
        as_file(rack(1, load={"tdp_kw": -1})),
        as_file(rack(1), colour="red"),
    ):
        assert not validator.is_valid(wrong)
        assert check_design_file(wrong)[0] is None


def test_numbers_of_a_file_fall_on_the_grid():
    found, _ = check_design_file(
        as_file(rack(1, placement={"x_mm": 7200.04, "y_mm": 0.05, "rotation_deg": -90}))
    )

    assert found is not None
    place = found.elements[0]["placement"]
    assert place == {"x_mm": 7200, "y_mm": 0.1, "rotation_deg": 270}
    assert Document.of(found.elements).in_order() == [quantised(found.elements[0])]
