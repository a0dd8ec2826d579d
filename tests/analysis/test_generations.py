"""Another generation of racks: the swapped document, what breaks, and the page."""

import copy
import json

import pytest
from django.urls import reverse

from analysis.assemble import drawn
from analysis.design_file import open_design
from analysis.generation_view import generation_view
from analysis.generations import NO_RACKS, generations, most_frequent
from analysis.swaps import Choice, choices, swapped
from catalog.selectors import shipped_products
from layouts.document import Document
from layouts.models import Design
from layouts.samples import sample_file
from layouts.selectors import document_at
from layouts.services import import_design
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

    after = swapped(before, PRODUCTS, old, MAXP)

    assert old == GB300
    assert racks_in(after).count(MAXP) == count
    assert GB300 not in racks_in(after)
    changed = {id_ for id_ in before.elements if before.elements[id_] != after.elements[id_]}
    assert {before.elements[id_]["kind"] for id_ in changed} <= {"rack", "module_type", "module"}
    assert swapped(after, PRODUCTS, MAXP, GB300) == before


def test_figures_typed_for_the_old_rack_go_with_it():
    before = document(eight_racks(liquid_kw=130))

    after = swapped(before, PRODUCTS, GB200, MAXP)

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


def test_racks_are_counted_on_the_limit_that_breaks_and_over_an_even_swap(answer):
    """0.281 of 128 racks are 36; but the loops of 16 hold 4 swapped racks each, which makes 32."""
    row = next(each for each in answer["candidates"] if each["key"] == MAXP.key)
    loops = {**row["breaks"][0], "kind": "CDU flow", "share": 0.281, "racks": 16, "holds_racks": 4}
    site = {**loops, "kind": "site feed", "racks": 128, "holds_racks": 35}
    told = {**row, "breaks": [loops, site], "first": [], "rack_kpa": None}
    found = {**answer, "old": {**answer["old"], "racks": 128}, "candidates": [told]}

    steps = generation_view(found, MAXP.key)["one"]["steps"]

    assert [step["when"] for step in steps] == [
        "after 32 of 128 racks: 4 of the 16 on it",
        "after 35 of 128 racks",
    ]


def test_a_verdict_on_pumps_says_what_loss_it_assumes(answer):
    row = next(each for each in answer["candidates"] if each["key"] == MAXP.key)
    head = {**row["breaks"][0], "kind": "pump head", "share": None, "holds_racks": None}
    told = {**row, "breaks": [], "holds": [head, {**head, "kind": "CDU flow"}]}

    for stated, words in ((None, "its maker states none"), (127.0, "")):
        found = {**answer, "candidates": [{**told, "rack_kpa": stated}]}
        pumps, other = generation_view(found, MAXP.key)["one"]["holds"]
        assert words in pumps["assumed"] and bool(pumps["assumed"]) == bool(words)
        assert other["assumed"] == ""


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


def test_a_candidate_says_how_many_racks_its_figures_count_that_lack_something(answer):
    rows = {row["key"]: row for row in generation_view(answer, MAXP.key)["candidates"]}

    assert "lack coolant" in rows[MAXP.key]["note"]
    assert rows[GB300.key]["note"].startswith("All racks run; with one CDU lost")


def test_modes_that_deliver_alike_are_said_to_be_measured_as_one(answer):
    (labels,) = generation_view(answer, "")["alike"]

    assert "MaxP" in labels
    assert "MaxQ" in labels


def test_the_pressure_of_each_rack_explains_the_head_of_the_pumps(answer):
    words = generation_view(answer, GB300.key)["one"]["pump_head"]

    assert "GB300 NVL72 127 kPa at its full flow" in words


@pytest.mark.django_db
def test_a_generation_is_kept_as_a_branch_with_names_that_follow(design, editor, client_of):
    browser = client_of(editor)
    pod = import_design(
        project=design.project, content=json.dumps(sample_file("hall")).encode(), author=editor
    )

    answer = browser.post(
        reverse("keep-generation", args=[pod.pk]), {"to": MAXP.key, "name": "Hall, Vera Rubin"}
    )

    branch = Design.objects.get(name="Hall, Vera Rubin")
    after = document_at(branch, branch.head)
    assert answer.url == reverse("design", args=[branch.pk])
    assert (branch.parent, branch.head) == (pod, 2)
    assert set(racks_in(after)) == {MAXP}
    assert "Vera Rubin NVL72 MaxP" in next(
        each["identity"]["name"] for each in after.in_order() if each["kind"] == "module_type"
    )
    assert racks_in(document_at(pod, pod.head)).count(GB300) == 128


@pytest.mark.django_db
def test_a_rack_that_is_not_in_the_catalogue_is_not_kept(design, editor, client_of):
    before = Design.objects.count()

    answer = client_of(editor).post(
        reverse("keep-generation", args=[design.pk]), {"to": "no-such-rack", "name": "B"}
    )

    assert answer.status_code == 404
    assert Design.objects.count() == before
