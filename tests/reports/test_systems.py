"""The chapters of the systems: what they print is what the pages show."""

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from analysis.loop_view import loop_page
from analysis.one_line_view import one_line
from analysis.power_view import power_page
from analysis.symbols import SYMBOLS
from engine import studies
from engine import systems as engine_systems
from engine.assumptions import Assumptions
from engine.evaluate import evaluate
from engine.faults import redundancy
from engine.faults.redundancy import study_of
from engine.operation import operate
from engine.plant import Plant
from engine.reserves.power import power_of
from engine.systems import system_views
from reports.formats.reserves import reserves
from reports.formats.systems import loops_section, losses_section, one_line_section, systems
from tests.strategies import empty_hall, pod

ASSUMPTIONS = Assumptions.load()


class Given:
    """As much of a bundle as the chapter of losses reads."""

    def __init__(self, plant: Plant) -> None:
        self.plant, self.assumptions = plant, ASSUMPTIONS
        self.result = evaluate(plant, ASSUMPTIONS, "edit").to_json()


@pytest.fixture(scope="module")
def views():
    return system_views(pod(), ASSUMPTIONS)


def test_the_diagram_draws_every_node_of_the_page(views):
    printed = one_line_section(views)
    page = one_line(views)

    drawing = ElementTree.fromstring(printed["svg"])
    words = [each.text for each in drawing.iter() if each.tag.endswith("text")]

    for side in page["sides"]:
        assert side["name"] in words
        for row in side["rows"]:
            assert any(row["shown"] in word for word in words)
            assert row["tag"] in printed["alt"]


def test_names_are_text_and_never_marks():
    plant = pod()
    tags = tuple(f"<{tag}>" for tag in plant.power_nodes.tag)
    odd = replace(plant, power_nodes=replace(plant.power_nodes, tag=tags))

    printed = one_line_section(system_views(odd, ASSUMPTIONS))

    drawing = ElementTree.fromstring(printed["svg"])
    assert any(f"{tags[0][:8]}" in (each.text or "") for each in drawing.iter())


def test_every_symbol_is_well_formed():
    for marks in SYMBOLS.values():
        assert list(ElementTree.fromstring(f"<g>{marks}</g>"))


def test_loops_print_the_figures_of_their_page(views):
    printed = loops_section(views)
    page = loop_page(views)

    assert len(printed["rows"]) == len(page["loops"])
    for row, loop in zip(printed["rows"], page["loops"], strict=True):
        assert row[0] == loop["id"]
        assert row[2:] == [figure["text"] for figure in loop["figures"]]
        assert len(row) == len(printed["heads"])


def test_losses_stand_in_the_order_of_what_they_cost():
    given = Given(pod())

    printed = losses_section(given.result, study_of(given.plant, ASSUMPTIONS))

    lost = [float(re.sub(r"\D", "", row[3])) for row in printed["rows"]]

    assert lost == sorted(lost, reverse=True)
    assert any("CDU" in row[1] for row in printed["rows"])


def test_an_empty_design_has_no_such_chapters():
    nothing = Plant()
    views = system_views(nothing, ASSUMPTIONS)

    assert one_line_section(views) is None
    assert loops_section(views) is None
    assert losses_section(Given(nothing).result, study_of(nothing, ASSUMPTIONS)) is None


def test_the_chapters_share_one_steady_state(monkeypatch):
    worked = []

    def counted(*given):
        worked.append(given)
        return operate(*given)

    for module in (redundancy, engine_systems, studies):
        monkeypatch.setattr(module, "operate", counted)

    found = systems(Given(pod()))

    assert all(found.values())
    assert len(worked) == 1


def test_what_is_held_in_reserve_is_printed_as_its_pages_say_it():
    study = study_of(pod(), ASSUMPTIONS)

    printed = reserves(study)

    page = power_page(power_of(study))
    assert [row[0] for row in printed["power"]["levels"]["rows"]] == ["Busway"]
    assert printed["power"]["levels"]["rows"][0][-1] == page["levels"][0]["used_text"]
    assert any(line.startswith("Generators give") for line in printed["power"]["lines"])
    for chapter in ("loops", "circuits"):
        table = printed["cooling"][chapter]
        assert all(len(row) == len(table["heads"]) for row in table["rows"])
    shares = [float(row[2]) for row in printed["availability"]["cuts"]["rows"]]
    assert shares == sorted(shares, reverse=True) and shares[0] > 0.0


def test_an_empty_hall_prints_nothing_of_reserves():
    assert set(reserves(study_of(empty_hall(), ASSUMPTIONS)).values()) == {None}
