"""Tile labels, rows, and what is to be bought."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.assemble import assemble
from analysis.design_file import open_design
from analysis.run_lengths import run_lengths
from analysis.schedule import (
    TileGrid,
    bill_of_materials,
    first_row,
    letters,
    rack_list,
    row_name,
)
from catalog.selectors import shipped_products
from engine.assumptions import Assumptions
from engine.confidence import word_for
from engine.evaluate import evaluate
from layouts.samples import sample_file

GRID = TileGrid(origin_x_mm=0.0, origin_y_mm=0.0, pitch_mm=600.0)


@pytest.fixture(scope="module")
def hall():
    opened = open_design(sample_file("hall"), shipped_products())
    plant, assumptions = assemble(opened.document, opened.products)
    return opened, plant, evaluate(plant, assumptions, "edit").to_json()


@pytest.mark.parametrize(
    ("row", "text"), [(0, "AA"), (1, "AB"), (25, "AZ"), (26, "BA"), (675, "ZZ"), (676, "AAA")]
)
def test_letters(row, text):
    assert letters(row) == text


@pytest.mark.parametrize(
    ("x", "y", "label"),
    [(0, 0, "AA01"), (599.9, 599.9, "AA01"), (600, 600, "AB02"), (59400, 0, "AA100"), (-1, 0, "")],
)
def test_tiles(x, y, label):
    assert GRID.label(x, y) == label


@pytest.mark.parametrize(("seed", "label"), [("A", "AA01"), ("B", "BA01"), ("BC", "BC01")])
def test_a_grid_starts_at_its_seed(seed, label):
    grid = TileGrid(origin_x_mm=0.0, origin_y_mm=0.0, pitch_mm=600.0, first_letter=seed)

    assert grid.label(1, 1) == label


@given(st.integers(0, 20_000))
def test_letters_never_repeat(row):
    assert letters(row) != letters(row + 1)
    if row < 676:
        assert first_row(letters(row)) == row


def test_a_row_is_named_by_what_its_tags_share():
    assert row_name(["R01-01", "R01-02"], 7) == "R01"
    assert row_name(["R01-01", "R02-01"], 7) == "Row 7"
    assert row_name(["R01-01"], 7) == "Row 7"
    assert row_name(["", ""], 7) == "Row 7"


def test_everything_that_costs_is_in_the_bill_once(hall):
    opened, plant, _ = hall

    lines = bill_of_materials(plant, opened.products)

    tables = (plant.racks, plant.cdus, plant.air_handlers, plant.power_nodes, plant.heat_rejection)
    placed = sorted(tag for table in tables for tag in table.tag)
    assert sorted(tag for line in lines for tag in line.tags) == placed
    assert sum(line.quantity for line in lines) == len(placed)
    for line in lines:
        assert line.total_mass_kg == pytest.approx(line.quantity * line.mass_kg)


def test_mass_of_the_bill_is_the_mass_of_the_plan(hall):
    opened, plant, _ = hall

    lines = bill_of_materials(plant, opened.products)

    assert sum(line.total_mass_kg for line in lines) == pytest.approx(plant.boxes.mass_kg.sum())


def test_racks_are_listed_where_they_stand(hall):
    opened, plant, result = hall

    lines = rack_list(plant, opened.document, result, opened.products)

    assert len(lines) == len(plant.racks)
    turned = [line for line in lines if line.rotation_deg == 180.0]
    assert len(turned) == 64
    assert all(line.tile and line.hall == "Hall 1" for line in lines)
    grid = opened.document.of_kind("hall")[0]["tiles"]
    for line in lines:
        # A turned rack's front-left corner is its far right one: its tile lies to the lower left.
        step = -1 if line.rotation_deg == 180.0 else 1
        x = (line.x_mm + step - grid["origin_x_mm"]) // grid["pitch_mm"]
        assert line.tile.endswith(f"{int(x) + 1:02d}")


def cited(quantity):
    return f"{quantity.source} ({quantity.year}, {word_for(quantity.confidence)})"


def test_a_line_to_buy_names_the_source_of_its_price_apart_from_that_of_its_mass(hall):
    _, plant, _ = hall
    for line in bill_of_materials(plant, shipped_products()):
        product = shipped_products()[line.product_id]
        mass = product.defaults["mass_kg"]
        assert line.source.startswith(f"mass: {cited(mass)}")
        if line.is_default_price:
            assert "price: default " in line.source and line.source.endswith("(from memory)")
        elif line.unit_price_usd:
            price = product.defaults["price_usd"]
            assert line.source.endswith(f"price: {cited(price)}")
        else:
            assert line.source.endswith("price: none published")


def test_a_cdu_without_a_price_costs_what_a_kilowatt_of_cdus_costs(hall):
    _, plant, _ = hall
    lines = Assumptions.load({"fac.cdu": 200.0})

    (cdus,) = (
        line for line in bill_of_materials(plant, shipped_products(), lines) if line.kind == "cdu"
    )

    assert cdus.is_default_price
    assert cdus.unit_price_usd == pytest.approx(200.0 * plant.cdus.capacity_kw[0])


def test_pipes_trays_and_feeders_are_told_in_metres(hall):
    _, plant, result = hall

    lines = run_lengths(plant, result)

    by_kind = {}
    for line in lines:
        by_kind[line.description] = by_kind.get(line.description, 0.0) + line.length_m
    pipes = [line for line in lines if "pipe" in line.description.lower()]
    for line in pipes:
        bore = float(line.size.removeprefix("bore ").removesuffix(" mm"))
        assert line.unit_price_usd == pytest.approx(1.6 * bore, rel=0.01)
        assert line.total_price_usd == pytest.approx(line.unit_price_usd * line.length_m)
    trays = sum(np.hypot(*np.diff(points, axis=0).T).sum() for points in plant.trays.points_mm)
    assert by_kind["Cable tray"] == pytest.approx(trays / 1000.0)
    feeders = result["power"]["feeders"]["length_m"]
    assert by_kind["Feeder, with its risers"] == pytest.approx(sum(feeders))
    hoses = by_kind["Rack hose or branch, there and back"]
    pipes = by_kind["Coolant pipe, supply and return"]
    assert pipes + hoses == pytest.approx(result["cooling"]["pipes"]["pipe_m"])
    coolant = [line for line in lines if line.description.startswith("Coolant")]
    assert {line.source.partition("; ")[0] for line in coolant} == {"length: as drawn"}
