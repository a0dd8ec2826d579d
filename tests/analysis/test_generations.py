"""Another generation of racks: the swapped document, what breaks, and the page."""

import copy

import pytest
from django.urls import reverse

from analysis.assemble import drawn
from analysis.design_file import open_design
from analysis.generation_view import generation_view
from analysis.generations import NO_RACKS, Choice, choices, generations, most_frequent, swapped
from catalog.selectors import shipped_products
from layouts.document import Document
from layouts.samples import sample_file
from tests.analysis.design_files import eight_racks, id_of

PRODUCTS = shipped_products()
GB200, GB300 = Choice("nvidia-gb200-nvl72", ""), Choice("nvidia-gb300-nvl72", "")
MAXP = Choice("nvidia-vera-rubin-nvl72", "maxp")


def document(content):
    return open_design(content, PRODUCTS).document


def racks_in(found: Document):
    return [Choice.of(each["product"]) for each in drawn(found, PRODUCTS) if each["kind"] == "rack"]


@pytest.fixture(scope="module")
def answer():
    steps = []
    found = generations(document(eight_racks()), PRODUCTS, steps.append)
    assert steps == sorted(steps)
    return found


def test_every_rack_with_gpus_is_a_candidate_but_the_one_that_stands_there(answer):
    keys = {row["key"] for row in answer["candidates"]}

    assert answer["old"]["key"] == GB200.key
    assert keys == {choice.key for choice in choices(PRODUCTS)} - {GB200.key}
    assert MAXP.key in keys


def test_racks_module_types_and_copies_are_swapped_and_nothing_else():
    content = copy.deepcopy(sample_file("pod"))
    before = document(content)
    old, count = most_frequent(before, PRODUCTS)

    after = swapped(before, old, MAXP)

    assert old == GB300
    assert racks_in(after).count(MAXP) == count
    assert GB300 not in racks_in(after)
    changed = {id_ for id_ in before.elements if before.elements[id_] != after.elements[id_]}
    assert {before.elements[id_]["kind"] for id_ in changed} <= {"rack", "module_type", "module"}
    assert swapped(after, MAXP, GB300) == before


def test_figures_typed_for_the_old_rack_go_with_it():
    before = document(eight_racks(liquid_kw=130))

    after = swapped(before, GB200, MAXP)

    assert "load" in before.elements[id_of(1)]
    assert "load" not in after.elements[id_of(1)]
    assert after.elements[id_of(1)]["placement"] == before.elements[id_of(1)]["placement"]


def test_a_hungrier_rack_breaks_the_loop_that_held(answer):
    row = next(each for each in answer["candidates"] if each["key"] == MAXP.key)

    kinds = [each["kind"] for each in row["breaks"]]

    assert "CDU heat, spares lost" in kinds
    assert all(0.0 <= each["share"] <= 1.0 for each in row["breaks"])
    assert all(each["after"] > each["limit"] for each in row["breaks"])
    assert all(each["after"] <= each["limit"] * (1 + 1e-9) for each in row["holds"])


def test_a_candidate_that_can_not_be_calculated_says_why(answer):
    broken = {**answer["candidates"][0], "reason": "It has no width.", "figures": [],
              "first": [], "breaks": [], "holds": []}  # fmt: skip

    view = generation_view({**answer, "candidates": [broken]}, broken["key"])

    assert view["one"] is None
    assert view["candidates"][0]["reason"] == "It has no width."


def test_a_design_without_gpus_has_nothing_to_swap():
    hall = [each for each in eight_racks()["elements"] if each["kind"] == "hall"]

    found = generations(document({**eight_racks(), "elements": hall}), PRODUCTS, lambda _: None)

    assert found == {"reason": NO_RACKS, "old": None, "candidates": []}


@pytest.mark.django_db
def test_the_page_starts_empty_and_fills(design, editor, client_of, work_off):
    browser = client_of(editor)
    address = reverse("generations", args=[design.pk])

    before = browser.get(address).content.decode()
    browser.post(reverse("run-generations", args=[design.pk]))
    work_off()
    after = browser.get(address, {"to": MAXP.key}).content.decode()

    assert "have not been computed" in before
    assert "what breaks, in order" in after
    assert "Vera Rubin" in after
