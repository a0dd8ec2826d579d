"""What a comparison says of two designs whose difference is known."""

import copy
from xml.etree import ElementTree

import pytest

from analysis.assemble import assemble
from analysis.comparison import Side, compare, figure_rows
from analysis.design_file import open_design
from analysis.lifecycle import schedules, simulate_gates
from catalog.selectors import shipped_products
from engine.evaluate import evaluate
from layouts.document import Document
from layouts.samples import sample_file


def side(content) -> Side:
    opened = open_design(content, shipped_products())
    plant, assumptions = assemble(opened.document, opened.products)
    result = evaluate(plant, assumptions, "edit").to_json()
    return Side(document=opened.document, plant=plant, result=result)


@pytest.fixture
def pod():
    return copy.deepcopy(sample_file("pod"))


def racks_in(content):
    return [element for element in content["elements"] if element["kind"] == "rack"]


def figure(answer, path):
    return next(row for row in answer["figures"] if row["path"] == path)


def test_equal_designs_differ_in_nothing(pod):
    answer = compare(side(pod), side(pod))

    assert answer["changes"] == []
    assert answer["counts"] == {}
    assert answer["findings"] == {"opened": [], "closed": []}
    assert {row["delta"] for row in answer["figures"]} == {"–"}


def test_what_moved_came_and_went_is_named(pod):
    old = side(pod)
    racks = racks_in(pod)
    racks[0]["placement"]["y_mm"] -= 600
    added = copy.deepcopy(racks[1])
    added["id"] = "01985000-0000-7000-8001-00000000ffff"
    added["identity"] = {"tag": "R01-09"}
    added["placement"]["y_mm"] -= 2400
    pod["elements"] = [e for e in pod["elements"] if e["id"] != racks[2]["id"]] + [added]

    answer = compare(old, side(pod))

    assert answer["counts"] == {"moved": 1, "removed": 1, "added": 1}
    assert {(row["how"], row["detail"], row["tags"]) for row in answer["changes"]} == {
        ("moved", "−600 mm in Y", "R01-01"),
        ("removed", "", "R01-03"),
        ("added", "", "R01-09"),
    }
    ElementTree.fromstring(answer["plan"])


def test_an_override_is_told_by_its_member_and_property():
    content = copy.deepcopy(sample_file("hall"))
    old = side(content)
    module = next(each for each in content["elements"] if each["kind"] == "module")
    tag = module["identity"]["tag"]
    module["overrides"] = {
        **(module.get("overrides") or {}),
        "pipe-2": {"pipe": {"loop": f"TCS-{tag}", "resistance_factor": 2}},
        "rack-1-02": {"load": {"sustained_kw": 99}},
    }

    answer = compare(old, side(content))

    told = {(row["kind"], row["detail"], row["tags"]) for row in answer["changes"]}
    assert ("pipe", "resistance factor 1 → 2", f"{tag}-P2") in told
    assert any(kind == "rack" and tags == f"{tag}-R1-02" for kind, _, tags in told)
    assert answer["counts"] == {"changed": 1}


def test_deltas_are_differences_of_what_is_printed(pod):
    old = side(pod)
    for rack in racks_in(pod)[:3]:
        pod["elements"].remove(rack)

    answer = compare(old, side(pod))

    for row in answer["figures"]:
        if row["delta"] == "–":
            continue
        numbers = [
            float(row[name].replace("\u202f", "").replace("−", "-"))
            for name in ("old", "new", "delta")
        ]
        assert numbers[1] - numbers[0] == pytest.approx(numbers[2], abs=1e-9)


def test_better_and_worse_are_words(pod):
    old = side(pod)
    for rack in racks_in(pod):
        rack["product"] = {"product_id": "nvidia-vera-rubin-nvl72", "variant": "maxp"}
    new = side(pod)

    answer = compare(old, new)

    # The CDUs do not carry the new racks: they give no tokens.
    assert figure(answer, "compute.tokens_per_s")["sense"] == "worse"
    assert figure(compare(new, old), "compute.tokens_per_s")["sense"] == "better"
    assert figure(answer, "cooling.flow_lpm")["sense"] == "worse"
    assert figure(answer, "power.it_kw")["sense"] == "–"
    assert answer["findings"]["opened"]


@pytest.mark.parametrize(("factor", "is_slight"), [(1.004, True), (0.996, True), (1.006, False)])
def test_a_difference_that_is_slight_is_told_as_such(pod, factor, is_slight):
    result = side(pod).result
    other = {**result, "energy": {**result["energy"], "pue": result["energy"]["pue"] * factor}}

    row = next(each for each in figure_rows(result, other) if each["path"] == "energy.pue")

    assert row["sense"] == ("worse" if factor > 1 else "better")
    assert row["is_slight"] is is_slight
    assert figure_rows(result, result)[0]["is_slight"] is False


def test_markup_in_tags_stays_text(pod):
    old = side(pod)
    racks_in(pod)[0]["identity"]["tag"] = "<script>alert(1)</script>"

    plan = compare(old, side(pod))["plan"]

    assert "<script" not in plan


def test_gates_name_what_is_missing(pod):
    site = next(element for element in pod["elements"] if element["kind"] == "site")
    site.pop("location", None)
    rack = racks_in(pod)[2]
    rack["feeds"] = {**rack["feeds"], "b": None}
    racks_in(pod)[4]["identity"]["tag"] = "R01-01"
    seen = side(pod)

    gates = schedules(seen.document, seen.plant, seen.result, shipped_products())["gates"]

    design = {gate["label"]: gate for gate in gates["design"]}
    assert design["A site"]["state"] == "open"
    assert design["A power feed on side B for"]["detail"] == rack["identity"]["tag"]
    deploy = {gate["label"]: gate for gate in gates["deploy"]}
    assert deploy["The same tag twice:"] == {
        "state": "failed",
        "label": "The same tag twice:",
        "detail": "R01-01",
    }


def test_an_empty_design_wants_a_rack():
    plant, assumptions = assemble(Document.of([]), shipped_products())
    result = evaluate(plant, assumptions, "edit").to_json()

    gates = schedules(Document.of([]), plant, result, shipped_products())["gates"]["design"]

    assert [gate["label"] for gate in gates if gate["state"] == "open"] == [
        "A site",
        "A hall",
        "At least one rack",
    ]


def test_a_lost_cdu_fails_the_gate(pod):
    cdus = [element for element in pod["elements"] if element["kind"] == "cdu"]
    for cdu in cdus[1:]:
        pod["elements"].remove(cdu)

    gates = simulate_gates(side(pod).result, has_sweep=True, losses=None)

    said = "Not N+1 by heat, rated flow and pipes in"
    weak = next(gate for gate in gates if gate["label"] == said)
    assert (weak["state"], weak["detail"]) == ("failed", "TCS-1")
