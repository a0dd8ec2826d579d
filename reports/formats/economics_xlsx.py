"""The economics of a case as a spreadsheet whose formulas give the figure themselves.

Every formula of the calculation is a formula of the spreadsheet, with the engine's value beside
it for programs that do not compute. Texts are written as texts: no cell runs what a name says.
"""

import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from engine.confidence import word_for
from engine.cost.case import Answer
from engine.cost.economics import LIFE, LIFE_WITH_GAINS
from engine.cost.formulas import written
from engine.cost.sheet import Cell
from engine.tokens.throughput import Frontier
from reports.formats.economics_life import FACTOR, FACTOR_WITH_GAINS, add_life

SECTIONS: Final = (
    ("input", "Inputs"),
    ("tokens", "Tokens"),
    ("building", "Capital"),
    ("capex", "Capital"),
    ("capex_total", "Capital"),
    ("finance", "Capital"),
    ("charge", "Capital"),
    ("life", "Tokens"),
    ("energy", "Expenses"),
    ("opex_basis", "Expenses"),
    ("opex", "Expenses"),
    ("annual", "Result"),
    ("cost", "Result"),
)
# Which sheet a section of the calculation stands on.
ORDER: Final = ("Result", "Inputs", "Tokens", "Capital", "Expenses")
FIRST_ROW: Final = 3
VALUE_COLUMN: Final = 1
LIVED: Final = {LIFE: FACTOR, LIFE_WITH_GAINS: FACTOR_WITH_GAINS}
DIGITS: Final = "#,##0.######"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What the first lines say."""

    design: str
    revision: int
    state_hash: str
    mode: str


def write(answer: Answer, heading: Heading) -> bytes:
    """The case as an XLSX file, computed by the program that opens it."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_calc_mode("auto")
    _Book(book, answer, heading).fill()
    book.close()
    return out.getvalue()


class _Book:
    """Lays the cells of a calculation out over sheets, then writes them."""

    def __init__(self, book: Any, answer: Answer, heading: Heading) -> None:
        self.book = book
        self.answer = answer
        self.heading = heading
        self.sheet_of = dict(SECTIONS)
        self.cells: dict[str, list[Cell]] = {name: [] for name in ORDER}
        for cell in answer.economics.sheet.cells.values():
            self.cells[self.sheet_of[cell.section]].append(cell)
        self.place: dict[str, tuple[str, str]] = {
            cell.name: (
                name,
                str(xl_rowcol_to_cell(FIRST_ROW + row, VALUE_COLUMN, row_abs=True, col_abs=True)),
            )
            for name, cells in self.cells.items()
            for row, cell in enumerate(cells)
        }
        self.frontier_at: dict[str, str] = {}
        self.bold = book.add_format({"bold": True})
        self.number = book.add_format({"num_format": DIGITS})
        self.typed = book.add_format({"num_format": DIGITS, "font_color": "#0b5bd3"})
        self.head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        self.wrap = book.add_format({"text_wrap": True, "valign": "top"})
        self.big = book.add_format({"bold": True, "font_size": 20, "num_format": "0.0000"})

    def fill(self) -> None:
        """Write every sheet."""
        sheets = {name: self.book.add_worksheet(name) for name in ORDER}
        curves = self.answer.case.frontiers()
        self._frontiers(curves)
        for name in ORDER:
            self._sheet(sheets[name], name)
        formats = {"bold": self.bold, "number": self.number, "typed": self.typed,
                   "head": self.head}  # fmt: skip
        add_life(self.book, self.answer, lambda name: "!".join(self.place[name]), formats)
        self._notes()
        sheets["Result"].activate()

    def _sheet(self, page: Any, name: str) -> None:
        words = self.heading
        page.write_string(0, 0, f"{words.design}, revision {words.revision}", self.bold)
        page.write_string(
            1, 0, f"{name}: blue values are inputs; everything else is computed. {words.mode}."
        )
        if name == "Result" and not self.answer.economics.has_tokens:
            page.write_string(1, 5, no_throughput(self.answer), self.bold)
        titles = ("Figure", "Value", "Unit", "Low", "High", "Source", "Confidence", "Id")
        for column, title in enumerate(titles):
            page.write_string(FIRST_ROW - 1, column, title, self.head)
        page.set_column(0, 0, 44)
        page.set_column(1, 1, 18)
        page.set_column(2, 4, 14)
        page.set_column(5, 5, 60)
        page.set_column(6, 7, 24)
        page.freeze_panes(FIRST_ROW, 1)
        for row, cell in enumerate(self.cells[name], start=FIRST_ROW):
            self._row(page, row, cell)

    def _row(self, page: Any, row: int, cell: Cell) -> None:
        page.write_string(row, 0, cell.label)
        curve = self.frontier_at.get(cell.name)
        if cell.name in LIVED:
            page.write_formula(row, VALUE_COLUMN, f"={LIVED[cell.name]}", self.number, cell.value)
        elif cell.formula is not None:
            text = written(cell.formula, lambda inner: self._address(inner, cell))
            page.write_formula(row, VALUE_COLUMN, f"={text}", self.number, cell.value)
        elif curve is not None:
            page.write_formula(row, VALUE_COLUMN, f"={curve}", self.number, cell.value)
        else:
            page.write_number(row, VALUE_COLUMN, cell.value, self.typed)
        page.write_string(row, 2, cell.unit)
        for column, bound in ((3, cell.low), (4, cell.high)):
            if bound is not None:
                page.write_number(row, column, bound, self.number)
        if cell.origin is not None:
            page.write_string(row, 5, cell.origin.source)
            page.write_string(row, 6, word_for(cell.origin.confidence))
        page.write_string(row, 7, cell.name)

    def _address(self, name: str, seen_from: Cell) -> str:
        page, address = self.place[name]
        own = self.sheet_of[seen_from.section]
        return address if page == own else f"{page}!{address}"

    def _frontiers(self, curves: Mapping[str, Frontier]) -> None:
        """The measured curves, and throughput read off them at a speed that may be typed over."""
        sheet = self.answer.economics.sheet
        shown = {gpu: curve for gpu, curve in curves.items() if f"tok_s_per_gpu.{gpu}" in sheet}
        if not shown:
            return
        page = self.book.add_worksheet("Frontier")
        page.write_string(0, 0, "Throughput against the speed one user sees", self.bold)
        page.write_string(1, 0, "Speed asked for, output tokens/s per user")
        page.write_number(1, 3, self.answer.case.speed(), self.typed)
        page.write_string(
            1, 4, "monotone cubic through ln(throughput); beyond the last row: not served"
        )
        page.set_column(0, 8, 16)
        for place, (gpu, curve) in enumerate(shown.items()):
            column = 6 * place
            titles = (f"{gpu}: tok/s per user", "tok/s per GPU", "ln", "slope of ln")
            for step, title in enumerate(titles):
                page.write_string(3, column + step, title, self.head)
            last = 4 + len(curve.tok_s_per_user) - 1
            for row, (u, x, slope) in enumerate(
                zip(
                    curve.tok_s_per_user.tolist(),
                    curve.tok_s_per_gpu.tolist(),
                    curve.slopes.tolist(),
                    strict=True,
                ),
                start=4,
            ):
                page.write_number(row, column, u, self.typed)
                page.write_number(row, column + 1, x, self.typed)
                source = xl_rowcol_to_cell(row, column + 1)
                page.write_formula(row, column + 2, f"=LN({source})", self.number, math.log(x))
                page.write_number(row, column + 3, slope, self.typed)
            self.frontier_at[f"tok_s_per_gpu.{gpu}"] = _read_off(column, last)

    def _notes(self) -> None:
        page = self.book.add_worksheet("Notes")
        page.set_column(0, 0, 110)
        words = self.heading
        has_tokens = self.answer.economics.has_tokens
        notes: Sequence[str] = (
            *(() if has_tokens else (no_throughput(self.answer),)),
            f"Design {words.design}, revision {words.revision}, state {words.state_hash}.",
            "Money is real, in US dollars of the base year; capital by the mode named above.",
            f"Costs per token are {self.answer.case.terms()}.",
            "Sheet Life: the same plant levelised over its life, with ramp, wear and refresh, at "
            "today's speed; what software gain and newer hardware would make of it stands below.",
            "Blended: all tokens, input and output, pay alike. Output only: output tokens pay all.",
            "Throughput counts all GPUs, prefill and decode together.",
            "Points marked reconstructed: InferenceX by SemiAnalysis, labels recovered from a "
            "public analysis. Not official or current InferenceX results.",
            "Change a blue cell and the result follows. Power, PUE and equipment are those of the "
            "drawing and do not change here.",
        )
        for row, note in enumerate(notes):
            page.write_string(row, 0, note, self.wrap)


def no_throughput(answer: Answer) -> str:
    """Why a calculation has no cost per token."""
    return answer.compute.reason or "No throughput yet: no token is sold."


def _read_off(column: int, last: int) -> str:
    """A formula for throughput at the speed asked for, by Hermite's cubic between two rows."""

    def span(step: int) -> str:
        first = xl_rowcol_to_cell(4, column + step, row_abs=True, col_abs=True)
        end = xl_rowcol_to_cell(last, column + step, row_abs=True, col_abs=True)
        return f"Frontier!{first}:{end}"

    count = last - 3
    u = "Frontier!$D$2"
    at = f"MIN(MATCH({u},{span(0)},1),{max(count - 1, 1)})"
    x0, x1 = f"INDEX({span(0)},{at})", f"INDEX({span(0)},{at}+1)"
    y0, y1 = f"INDEX({span(2)},{at})", f"INDEX({span(2)},{at}+1)"
    m0, m1 = f"INDEX({span(3)},{at})", f"INDEX({span(3)},{at}+1)"
    h = f"({x1}-{x0})"
    t = f"(({u}-{x0})/{h})"
    cubic = (
        f"EXP({y0}*(1+2*{t})*(1-{t})^2+{m0}*{h}*{t}*(1-{t})^2"
        f"+{y1}*{t}^2*(3-2*{t})+{m1}*{h}*{t}^2*({t}-1))"
    )
    slowest = f"INDEX({span(0)},1)"
    if count < 2:
        return f"IF({u}>{slowest},NA(),INDEX({span(1)},1))"
    fastest = f"INDEX({span(0)},{count})"
    return f"IF({u}>{fastest},NA(),IF({u}<={slowest},INDEX({span(1)},1),{cubic}))"
