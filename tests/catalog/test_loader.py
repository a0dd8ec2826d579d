"""A record loads with unit, source, year and confidence, or not at all."""

from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.errors import CatalogInvalid
from catalog.loader import catalogue_hash, read_products


def quantity(name, value, unit, **changes):
    return {
        "name": name,
        "value": value,
        "unit": unit,
        "source": "a data sheet",
        "year": 2026,
        "confidence": "published",
        **changes,
    }


RACK = {
    "id": "maker-rack",
    "category": "rack",
    "maker": "Maker",
    "model": "Rack",
    "revision": 1,
    "quantities": [
        quantity("width_mm", 600, "mm"),
        quantity("depth_mm", 1200, "mm"),
        quantity("height_mm", 2300, "mm"),
        quantity("mass_kg", 1500, "kg"),
        quantity("sustained_kw", 142, "kW"),
    ],
}


def problems_of(record):
    with pytest.raises(CatalogInvalid) as caught:
        read_products([("rack", record)])
    return {problem["path"]: problem["message"] for problem in caught.value.context["errors"]}


def with_figure(**changes):
    record = deepcopy(RACK)
    record["quantities"][4] |= changes
    return record


def test_a_complete_record_loads():
    product = read_products([("rack", RACK)])["maker-rack"]

    assert product.defaults["sustained_kw"].value == 142


@pytest.mark.parametrize("key", ["source", "year", "confidence", "unit", "value", "name"])
def test_a_figure_without_its_origin_does_not_load(key):
    record = deepcopy(RACK)
    del record["quantities"][4][key]

    assert any(path.startswith(f"rack.quantities[4].{key}") for path in problems_of(record))


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"source": "  "}, "rack.quantities[4].source"),
        ({"year": 142}, "rack.quantities[4].year"),
        ({"confidence": "sure"}, "rack.quantities[4].confidence"),
        ({"unit": "W"}, "rack.quantities[4].unit"),
        ({"name": "power"}, "rack.quantities[4].name"),
        ({"value": -1}, "rack.quantities[4].value"),
        ({"value": 0}, "rack.quantities[4].value"),
        ({"value": float("nan")}, "rack.quantities[4].value"),
        ({"value": 10**400}, "rack.quantities[4].value"),
        ({"value": "142"}, "rack.quantities[4].value"),
        ({"value": True}, "rack.quantities[4].value"),
        ({"confidence": "derived"}, "rack.quantities[4].working"),
        ({"surprise": 1}, "rack.quantities[4].surprise"),
    ],
)
def test_an_impossible_figure_does_not_load(changes, path):
    assert path in problems_of(with_figure(**changes))


def test_every_problem_of_every_record_is_listed_at_once():
    first, second = with_figure(source="", unit="W"), {"id": "B!"}

    with pytest.raises(CatalogInvalid) as caught:
        read_products([("first", first), ("second", second)])

    paths = {problem["path"] for problem in caught.value.context["errors"]}
    assert {"first.quantities[4].source", "first.quantities[4].unit", "second.id"} <= paths
    assert "second.maker" in paths


def test_a_rack_without_dimensions_does_not_load():
    record = {**RACK, "quantities": RACK["quantities"][4:]}

    with pytest.raises(CatalogInvalid) as caught:
        read_products([("rack", record)])

    messages = [problem["message"] for problem in caught.value.context["errors"]]
    assert messages == [
        f"{name} is missing" for name in ("width_mm", "depth_mm", "height_mm", "mass_kg")
    ]


def conflict(*figures):
    return {**RACK, "quantities": [*RACK["quantities"][:4], *figures]}


def test_sources_that_disagree_all_stay():
    record = conflict(
        quantity("sustained_kw", 142, "kW", default=True, why="three designs size for it"),
        quantity("sustained_kw", 132, "kW", source="another data sheet"),
    )

    product = read_products([("rack", record)])["maker-rack"]

    assert [item.value for item in product.quantities if item.name == "sustained_kw"] == [142, 132]
    assert product.defaults["sustained_kw"].value == 142


@pytest.mark.parametrize(
    "defaults",
    [
        [{}, {}],
        [{"default": True, "why": "a"}, {"default": True, "why": "b"}],
        [{"default": True}, {}],
    ],
)
def test_a_conflict_needs_one_default_that_says_why(defaults):
    figures = [quantity("sustained_kw", 142, "kW", **extra) for extra in defaults]

    assert "rack.quantities" in problems_of(conflict(*figures))


def test_a_curve_must_rise_along_x():
    curve = {
        "name": "flow_lpm",
        "by": "tcs_supply_c",
        "unit": "L/min",
        "x": [25, 25],
        "y": [60, 70],
        "source": "a data sheet",
        "year": 2026,
        "confidence": "published",
    }

    assert "rack.curves[0].x" in problems_of({**RACK, "curves": [curve]})


def test_a_variant_stands_above_its_product():
    variant = {
        "id": "maxq",
        "label": "MaxQ",
        "quantities": [quantity("sustained_kw", 188, "kW")],
    }
    product = read_products([("rack", {**RACK, "variants": [variant]})])["maker-rack"]

    figures = product.figures("maxq")

    assert figures.defaults["sustained_kw"].value == 188
    assert figures.defaults["width_mm"].value == 600
    with pytest.raises(CatalogInvalid):
        product.figures("maxx")


def test_an_id_stands_once():
    with pytest.raises(CatalogInvalid):
        read_products([("a", RACK), ("b", RACK)])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.sampled_from(["id", "category", "quantities", "curves", "variants", "revision"]), JSON)
def test_whatever_stands_in_a_record_is_loaded_or_refused(key, value):
    try:
        read_products([("rack", {**RACK, key: value})])
    except CatalogInvalid as error:
        assert error.context["errors"]


def test_the_wire_form_reads_back_to_the_same_record():
    product = read_products([("rack", RACK)])["maker-rack"]

    assert read_products([("rack", product.to_json())])["maker-rack"] == product


def test_the_hash_of_a_catalogue_sees_every_figure_and_no_order():
    one = read_products([("rack", RACK)])["maker-rack"]
    other = read_products([("rack", with_figure(value=143) | {"id": "other"})])["other"]

    assert catalogue_hash([one, other]) == catalogue_hash([other, one])
    assert catalogue_hash([one]) != catalogue_hash([other])
