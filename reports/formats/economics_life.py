"""The sheet of a spreadsheet that levelises a plant over its life, month by month."""

import math
from collections.abc import Callable
from typing import Any, Final

import numpy as np
from xlsxwriter.utility import xl_rowcol_to_cell

from engine.cost.case import Answer
from engine.cost.levelised import INTEREST, Flow, flow_of, levelised
from engine.cost.lifetime import SOFTWARE_STEPS, STEADY
from engine.plant import Floats

NAME: Final = "Life"
FACTOR: Final = f"{NAME}!$B$3"  # tokens of the life against steady years
GAINS_ROW: Final = 16
FACTOR_WITH_GAINS: Final = f"{NAME}!$B${GAINS_ROW + 2}"
MONTHS: Final = 12
YEARS_MOST: Final = 60
PURCHASES: Final = YEARS_MOST
FIRST_MONTH: Final = 20
TITLES: Final = (
    "Month", "Time, yr", "Middle, yr", "Age of IT, yr", "Generation", "Ramp", "Software gain",
    "Wear", "Newer hardware", "Mtok", "Expenses, USD", "Discount", "Cost so far, USD",
    "Mtok so far, discounted", "Months so far, discounted", "Mtok with gains",
    "Mtok with gains so far, discounted",
)  # fmt: skip
Address = Callable[[str], str]


def add_life(book: Any, answer: Answer, address: Address, formats: dict[str, Any]) -> None:
    """Add the sheet, its inputs linked to the other sheets; nothing where no token is sold.

    `address` gives the place of a cell of the calculation as seen from another sheet.
    """
    flow, plain = flow_of(answer, with_gains=True), flow_of(answer)
    if flow is None or plain is None:
        return
    page = book.add_worksheet(NAME)
    page.set_column(0, 0, 58)
    page.set_column(1, len(TITLES) - 1, 14)
    it = [item.name for item in answer.economics.bought if item.name.startswith("it.")]
    sheet = answer.economics.sheet
    built = "-".join(
        (address("capex.total"), *(address(f"capex.{name}") for name in it),
         address("capex.fac.land"))
    )  # fmt: skip
    if INTEREST in sheet:  # counted apart below, at the rate and construction time of this page
        built = f"({built})/(1+$B$8)^($B$11/2)"

    def line(name: str, per: str = "") -> str | None:
        """The place of an assumption that the calculation holds by this finance mode."""
        return f"{address(name)}{per}" if name in sheet else None

    rows: tuple[tuple[str, str, str | None, float], ...] = (
        ("it", "IT and network, USD", "+".join(address(f"capex.{name}") for name in it),
         flow.it_usd),
        ("facility", "Facility without land, USD", built, flow.facility_usd),
        ("opex", "Expenses with the interest on land, USD/yr",
         f"{address('annual.opex')}+{address('capex.fac.land')}*{address('term.rate')}",
         flow.opex_usd_per_year),
        ("mtok", "Tokens of a steady year, Mtok", address("tokens.mtok_per_year"),
         flow.mtok_per_year),
        ("rate", "Cost of capital, 1/yr", address("term.rate"), flow.rate),
        ("life", "Life of IT, yr", address("term.it_life"), flow.it_life_years),
        ("end", "Life of the facility, yr", address("term.facility_life"),
         flow.facility_life_years),
        ("build", "Construction, yr", line("fin.construction_months", "/12"), flow.build_years),
        ("ramp", "Ramp, yr", line("ops.ramp_months", "/12"), flow.ramp_years),
        ("gain", "Software gain of the first year", line("ops.software_gain_yr1"),
         flow.software_gain),
        ("wear", "Degradation, 1/yr", line("ops.degradation_per_yr"), flow.degradation_per_year),
        ("newer", "Price-performance, decades a year", line("resid.it_decay_oom"),
         flow.progress_oom_per_year),
        ("residual", "Residual at the end of life", line("resid.it_book_frac"),
         flow.residual_fraction),
    )  # fmt: skip
    page.write_string(0, 0, "Cost over the life, discounted to the opening", formats["bold"])
    place: dict[str, str] = {}
    for row, (key, label, formula, value) in enumerate(rows, start=3):
        page.write_string(row, 0, label)
        place[key] = str(xl_rowcol_to_cell(row, 1, row_abs=True, col_abs=True))
        if formula is None:
            page.write_number(row, 1, value, formats["typed"])
        else:
            page.write_formula(row, 1, f"={formula}", formats["number"], value)
    _months(page, place, formats, flow)
    bought = _purchases(page, place, formats, flow)
    last = FIRST_MONTH + YEARS_MOST * MONTHS - 1
    generations = f"ROUNDUP({place['end']}/{place['life']}-1E-9,0)"
    unworn = (
        f"{place['it']}*({place['residual']}+MAX({generations}*{place['life']}-{place['end']},0)"
        f"/{place['life']})*(1+{place['rate']})^(-{place['end']})"
    )
    facility = f"{place['facility']}*(1+{place['rate']})^({place['build']}/2)"
    cost = f"({xl_rowcol_to_cell(last, 12)}+{bought}+{facility}-{unworn})"
    for row, column, words, sold, style in (
        (1, 13, "today's speed kept", plain, "bold"),
        (GAINS_ROW, 16, "with software gain and newer hardware", flow, "number"),
    ):
        found, tokens = levelised(sold), xl_rowcol_to_cell(last, column)
        page.write_string(row, 0, f"Cost over the life, blended, {words}, USD/Mtok")
        page.write_formula(row, 1, f"={cost}/{tokens}", formats[style], found.usd_per_mtok)
        page.write_string(row + 1, 0, f"Tokens of the life against steady years, {words}")
        page.write_formula(
            row + 1,
            1,
            f"={tokens}*{MONTHS}/({place['mtok']}*{xl_rowcol_to_cell(last, 14)})",
            formats["number"],
            MONTHS * found.present_mtok / (flow.mtok_per_year * float(_discounts(flow).sum())),
        )


def _months(page: Any, place: dict[str, str], formats: dict[str, Any], flow: Flow) -> None:
    """One row a month; beyond the end of the facility nothing is added."""
    for column, title in enumerate(TITLES):
        page.write_string(FIRST_MONTH - 1, column, title, formats["head"])
    spent = sold = open_for = gained = 0.0
    for month in range(1, YEARS_MOST * MONTHS + 1):
        row = FIRST_MONTH + month - 1
        at = [str(xl_rowcol_to_cell(row, column)) for column in range(len(TITLES))]
        before = [str(xl_rowcol_to_cell(row - 1, column)) for column in (12, 13, 14, 16)]
        is_first = month == 1
        gain = "*".join(
            f"(1+{place['gain']}*{share!r})^MIN(1,MAX(0,{at[3]}-{year}))"
            for year, share in enumerate(SOFTWARE_STEPS)
        )
        runs = f"{at[0]}<={place['end']}*{MONTHS}+0.5"
        formulas = (
            f"{at[0]}/{MONTHS}",
            f"({at[0]}-0.5)/{MONTHS}",
            f"{at[2]}-{at[4]}*{place['life']}",
            f"INT({at[2]}/{place['life']})",
            f"IF({place['ramp']}>0,1/(1+EXP({-2.0 * STEADY!r}/MAX({place['ramp']},1E-9)"
            f"*({at[2]}-{place['ramp']}/2))),1)",
            gain,
            f"(1-{place['wear']})^{at[3]}",
            f"10^({place['newer']}*{at[4]}*{place['life']})",
            f"IF({runs},{place['mtok']}/{MONTHS}*{at[5]}*{at[7]},0)",
            f"IF({runs},{place['opex']}/{MONTHS},0)",
            f"(1+{place['rate']})^(-{at[1]})",
            f"{at[10]}*{at[11]}" + ("" if is_first else f"+{before[0]}"),
            f"{at[9]}*{at[11]}" + ("" if is_first else f"+{before[1]}"),
            f"IF({runs},{at[11]},0)" + ("" if is_first else f"+{before[2]}"),
            f"{at[9]}*{at[6]}*{at[8]}",
            f"{at[15]}*{at[11]}" + ("" if is_first else f"+{before[3]}"),
        )
        values = _values(month, flow)
        spent, sold = spent + values[9] * values[10], sold + values[8] * values[10]
        open_for += values[10] if values[9] > 0.0 else 0.0
        rich = values[8] * values[5] * values[7]
        gained += rich * values[10]
        page.write_number(row, 0, month)
        for column, (formula, value) in enumerate(
            zip(formulas, (*values, spent, sold, open_for, rich, gained), strict=True), start=1
        ):
            page.write_formula(row, column, f"={formula}", formats["number"], value)


def _values(month: int, flow: Flow) -> tuple[float, ...]:
    """What the columns of a month come to, for programs that do not compute."""
    at, middle = month / MONTHS, (month - 0.5) / MONTHS
    generation = math.floor(middle / flow.it_life_years)
    age = middle - generation * flow.it_life_years
    ramp = 1.0
    if flow.ramp_years > 0.0:
        steep = 2.0 * STEADY / flow.ramp_years
        ramp = 1.0 / (1.0 + math.exp(-steep * (middle - 0.5 * flow.ramp_years)))
    gain = math.prod(
        (1.0 + flow.software_gain * share) ** min(1.0, max(0.0, age - year))
        for year, share in enumerate(SOFTWARE_STEPS)
    )
    worn = (1.0 - flow.degradation_per_year) ** age
    newer = 10.0 ** (flow.progress_oom_per_year * generation * flow.it_life_years)
    runs = month <= flow.facility_life_years * MONTHS + 0.5
    return (
        at,
        middle,
        age,
        float(generation),
        ramp,
        gain,
        worn,
        newer,
        flow.mtok_per_year / MONTHS * ramp * worn if runs else 0.0,
        flow.opex_usd_per_year / MONTHS if runs else 0.0,
        (1.0 + flow.rate) ** -at,
    )


def _discounts(flow: Flow) -> Floats:
    months = np.arange(1, max(round(flow.facility_life_years * MONTHS), 1) + 1)
    return np.asarray((1.0 + flow.rate) ** (-months / MONTHS))


def _purchases(page: Any, place: dict[str, str], formats: dict[str, Any], flow: Flow) -> str:
    """IT bought at the opening and at every end of its life; the place of their present cost."""
    page.write_string(FIRST_MONTH - 1, 18, "Purchase", formats["head"])
    page.write_string(FIRST_MONTH - 1, 19, "Present cost so far, USD", formats["head"])
    paid = 0.0
    for number in range(PURCHASES):
        years = number * flow.it_life_years
        if years < flow.facility_life_years - 1e-9:
            paid += flow.it_usd * (1.0 + flow.rate) ** -years
        row = FIRST_MONTH + number
        at, before = xl_rowcol_to_cell(row, 18), xl_rowcol_to_cell(row - 1, 19)
        page.write_number(row, 18, number)
        page.write_formula(
            row,
            19,
            f"=IF({at}*{place['life']}<{place['end']}-1E-9,{place['it']}"
            f"*(1+{place['rate']})^(-{at}*{place['life']}),0)" + (f"+{before}" if number else ""),
            formats["number"],
            paid,
        )
    return str(xl_rowcol_to_cell(FIRST_MONTH + PURCHASES - 1, 19))
