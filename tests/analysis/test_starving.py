"""What figures, comparisons and gates make of racks that the drawn plant does not carry."""

import copy

import pytest

from analysis.assemble import assemble
from analysis.board import board
from analysis.comparison import figure_rows, starving_words
from analysis.design_file import open_design
from analysis.figures import BY_PATH, running_share, short_words
from catalog.selectors import shipped_products
from engine.evaluate import evaluate
from layouts.samples import sample_file
from reports.formats.charts import cost_waterfall, token_chain
from reviews.checks import of_findings

SOLD, COST = BY_PATH["compute.sold_tokens_per_s"], BY_PATH["cost.usd_per_mtok"]


def result_at(fws_supply_c):
    """The hall with coolant at 45 °C and facility water so warm."""
    content = copy.deepcopy(sample_file("hall"))
    site = next(each for each in content["elements"] if each["kind"] == "site")
    water = {"tcs_supply_c": 45, "fws_supply_c": fws_supply_c}
    site["cooling"] = {**site.get("cooling", {}), **water}
    opened = open_design(content, shipped_products())
    plant, assumptions = assemble(opened.document, opened.products)
    return evaluate(plant, assumptions, "edit").to_json()


@pytest.fixture(scope="module")
def alive():
    return result_at(41)


@pytest.fixture(scope="module")
def dead():
    return result_at(45)


def test_a_design_whose_racks_all_starve_sells_nothing_and_has_no_price(alive, dead):
    assert running_share(alive) == 1.0
    assert running_share(dead) == 0.0
    assert SOLD.of(dead) == 0.0
    assert COST.of(dead) is None
    assert COST.of(alive) == alive["cost"]["usd_per_mtok"]
    assert short_words(alive) == ""
    assert "no token is sold. If every rack ran: " in short_words(dead)


def test_some_starving_racks_take_their_share_of_tokens_and_raise_the_price(alive):
    short = {"racks": 4, "note": "4 racks lack power.", "sold_tokens_per_s_carried":
             0.75 * alive["compute"]["sold_tokens_per_s"]}  # fmt: skip
    some = {**alive, "shortfall": short}

    assert SOLD.of(some) == pytest.approx(0.75 * SOLD.of(alive))
    assert COST.of(some) == pytest.approx(COST.of(alive) / 0.75)
    assert "Tokens and their cost leave them out." in short_words(some)


def test_a_comparison_with_a_dead_side_calls_nothing_of_it_better(alive, dead):
    rows = {row["path"]: row for row in figure_rows(alive, dead)}

    assert rows["compute.sold_tokens_per_s"]["sense"] == "worse"
    assert (rows["cost.usd_per_mtok"]["new"], rows["cost.usd_per_mtok"]["sense"]) == ("–", "worse")
    assert rows["shortfall.racks"]["delta"] == "+128"
    assert rows["energy.pue"]["sense"] == "–"
    assert "better" not in {row["sense"] for row in rows.values()}
    back = {row["path"]: row for row in figure_rows(dead, alive)}
    assert back["cost.usd_per_mtok"]["sense"] == "better"
    words = starving_words(alive, dead)
    assert len(words) == 1
    assert words[0].startswith("New: 128 racks lack coolant.")


def redundancy(old, new):
    return next(check for check in of_findings(old, new) if check.gate == "redundancy")


def test_redundancy_is_lost_where_a_loop_fails_whole_and_no_finding_says_so(alive, dead):
    assert not [each for each in dead["findings"] if each["rule"] == "COOL-N1"]
    check = redundancy(alive, dead)

    assert check.state == "failed"
    assert check.label == "8 loops are no longer N+1"
    assert "More racks lack coolant, 128 after 0." in check.detail
    assert redundancy(dead, alive).state == "done"
    assert redundancy(dead, dead).state == "done"


def test_more_starving_racks_lose_redundancy_without_a_loop(alive):
    starving = {**alive, "shortfall": {**alive["shortfall"], "racks_without_power_side_lost": 3}}

    assert redundancy(alive, starving).label == (
        "More racks lack power with one side lost, 3 after 0"
    )


def test_what_is_waived_is_lived_with(alive, dead):
    waiver = {"in_force": True}
    waived = [{**finding, "waiver": waiver} for finding in dead["findings"]]

    assert redundancy(alive, {**dead, "findings": waived}).state == "done"


def test_the_board_tells_no_price_of_a_dead_design(dead):
    simulate = next(
        each for each in board(dead, None, has_sweep=False, losses=None)
        if each["name"] == "Simulate"
    )  # fmt: skip
    shown = {figure["path"]: figure["text"] for figure in simulate["figures"]}

    assert (shown["compute.sold_tokens_per_s"], shown["cost.usd_per_mtok"]) == ("0", "–")
    assert "no token is sold" in simulate["note"]


def test_charts_end_in_what_is_sold_and_round_each_part_for_itself(alive, dead):
    assert "Racks that do not starve × 0" in token_chain(dead).svg
    assert "Racks that do not starve" not in token_chain(alive).svg
    chart = cost_waterfall(alive)
    for step in alive["cost"]["waterfall"]:
        assert f"{step['label']} {step['usd_per_mtok']:.4f}" in chart.alt
    assert "need not add up" in chart.note
    assert "every rack as running" in cost_waterfall(dead).note
