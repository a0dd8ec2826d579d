"""The spreadsheet: its formulas are there, its values are the engine's, its texts run nothing."""

import io

import openpyxl
import pytest

from engine.assumptions import Assumptions
from engine.plant import Finance, Site
from reports.formats import economics_xlsx
from tests.engine.test_economics import CASE, R1, case_of

EVIL = '=HYPERLINK("http://example.org";"x")'
HEADING = economics_xlsx.Heading(
    design=EVIL, revision=3, state_hash="ab", mode="Capital by annuity"
)


def books(answer):
    content = economics_xlsx.write(answer, HEADING)
    return (
        openpyxl.load_workbook(io.BytesIO(content)),
        openpyxl.load_workbook(io.BytesIO(content), data_only=True),
    )


def by_id(book):
    return {
        row[7]: row for page in book if page.title != "Life"
        for row in page.iter_rows(min_row=4, values_only=True) if len(row) > 7 and row[7]
    }  # fmt: skip


def test_every_formula_is_a_formula_and_shows_the_engines_value():
    answer = CASE.answer()
    formulas, values = (by_id(book) for book in books(answer))

    assert set(formulas) == set(answer.economics.sheet.cells)
    for name, cell in answer.economics.sheet.cells.items():
        written = formulas[name][1]
        if cell.formula is not None or name.startswith("tok_s_per_gpu."):
            assert str(written).startswith("="), name
        else:
            assert isinstance(written, int | float), name
        assert values[name][1] == pytest.approx(cell.value, rel=1e-12, abs=1e-12), name


class Evaluator:
    """Computes the formulas of a book: what a spreadsheet program would show."""

    def __init__(self, book):
        self.book = book
        self.known = {}

    def value(self, page, address):
        key = (page, address.replace("$", ""))
        if key not in self.known:
            raw = self.book[page][key[1]].value
            self.known[key] = self.compute(page, raw[1:]) if str(raw).startswith("=") else raw
        return self.known[key]

    def compute(self, page, text):
        import math
        import re

        def cell(match):
            return f"self_value({(match[1] or page)!r},{match[2]!r})"

        python = re.sub(r"(?:([A-Za-z]+)!)?(\$?[A-Z]+\$?\d+)", cell, text.replace("^", "**"))
        names = {
            "self_value": self.value, "MIN": min, "MAX": max, "LN": math.log, "EXP": math.exp,
            "IF": lambda test, yes, no: yes if test else no,
            "INT": math.floor, "ROUNDUP": lambda x, digits: math.ceil(x), "ROUND": round,
        }  # fmt: skip
        return eval(python, {"__builtins__": {}}, names)


def test_the_formulas_themselves_give_the_figure():
    """Recomputed by reading the written formulas, not the values beside them."""
    answer = case_of(Site(workload=R1, site_id="za-jnb"), Assumptions.load()).answer()
    formulas, values = books(answer)
    # Throughput is read off the frontier by lookups; its value is taken as an input here.
    for page in formulas:
        for row in page.iter_rows(min_row=4):
            if len(row) > 7 and str(row[7].value or "").startswith("tok_s_per_gpu."):
                row[1].value = values[page.title][row[1].coordinate].value
    machine = Evaluator(formulas)

    result = {row[7].value: row[1] for row in formulas["Result"].iter_rows(min_row=4)}
    for name in ("cost.usd_per_mtok", "cost.usd_per_gpu_h", "annual.total"):
        found = machine.value("Result", result[name].coordinate)
        assert found == pytest.approx(answer.economics.sheet[name], rel=1e-9), name


@pytest.mark.parametrize("lives", [(6.0, 14.0), (4.0, 20.0), (7.0, 14.0)])
def test_the_formulas_levelise_the_plant_over_its_life(lives):
    finance = Finance(mode="levelised", it_life_years=lives[0], facility_life_years=lives[1])
    answer = case_of(Site(workload=R1, finance=finance), Assumptions.load()).answer()
    formulas, values = books(answer)
    for page in formulas:
        for row in page.iter_rows(min_row=4):
            if len(row) > 7 and str(row[7].value or "").startswith("tok_s_per_gpu."):
                row[1].value = values[page.title][row[1].coordinate].value

    expected = answer.usd_per_mtok
    assert values["Life"]["B2"].value == pytest.approx(expected, rel=1e-12)
    machine = Evaluator(formulas)
    for row in formulas["Life"].iter_rows(min_row=21):  # each adds to the row before
        for cell in row:
            if cell.value is not None:
                shown = values["Life"][cell.coordinate].value
                assert machine.value("Life", cell.coordinate) == pytest.approx(shown), cell
    assert machine.value("Life", "B2") == pytest.approx(expected, rel=1e-9)
    result = {row[7].value: row[1] for row in formulas["Result"].iter_rows(min_row=4)}
    for name in ("cost.usd_per_mtok", "cost.usd_per_mtok_with_gains", "cost.usd_per_gpu_h"):
        found = machine.value("Result", result[name].coordinate)
        assert found == pytest.approx(answer.economics.sheet[name], rel=1e-9), name


def test_no_text_becomes_a_formula():
    formulas, _ = books(CASE.answer())

    for page in formulas:
        for row in page.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    assert cell.column == 2 or page.title in {"Frontier", "Life"}, cell.coordinate
                    assert "HYPERLINK" not in str(cell.value)
    assert formulas["Result"]["A1"].data_type == "s"
    assert formulas["Result"]["A1"].value.startswith("=HYPERLINK")
