"""The figures of a result: their names, units and the one way each is written.

Pages, comparison, charts and every exported file print figures through this module,
so that a number looks the same wherever it is met.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

THIN_SPACE = "\u202f"  # narrow, and never broken at the end of a line
MINUS = "\u2212"
ABSENT = "–"

Better = Literal["higher", "lower"]
Running = Literal["times", "over"]
LEAST_SHARE = 1e-9  # of the tokens; below it is what rounding leaves of none


def number(value: float | None, decimals: int = 0) -> str:
    """A number with thin spaces between thousands and a true minus."""
    if value is None:
        return ABSENT
    text = f"{value:,.{decimals}f}".replace(",", THIN_SPACE)
    if text.startswith("-"):
        text = MINUS + text[1:] if text.strip(f"-0.{THIN_SPACE}") else text[1:]
    return text


def significant(value: float | None, digits: int = 3) -> str:
    """A number with so many significant digits; whole ones are never dropped."""
    if value is None:
        return ABSENT
    return number(value, decimals_for(value, digits))


def plain(value: float | None, digits: int = 5) -> str:
    """A stated number as it was stated: no zeros at its end, at most so many digits."""
    if value is None:
        return ABSENT
    text = significant(value, digits)
    return text.rstrip("0").rstrip(".") if "." in text else text


def rounded_parts(values: Sequence[float], decimals: int) -> list[float]:
    """Values rounded so that what is printed adds up: each sum up to here is rounded instead."""
    shown: list[float] = []
    total = 0.0
    for value in values:
        before = round(total, decimals)
        total += value
        shown.append(round(round(total, decimals) - before, decimals))
    return shown


def decimals_for(value: float, digits: int) -> int:
    """How many decimals show a value to so many significant digits."""
    if value == 0.0:
        return 0
    magnitude = math.floor(math.log10(abs(value)))
    # 0.9996 to three digits is 1.00, not 1.000.
    if round(abs(value), digits - 1 - magnitude) >= 10.0 ** (magnitude + 1):
        magnitude += 1
    return max(0, digits - 1 - magnitude)


def decimals_of(text: str) -> int:
    """How many decimals a written number has."""
    return len(text.partition(".")[2])


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One headline figure: where it stands in a result and how it is written."""

    path: str
    label: str
    unit: str
    digits: int = 3
    scale: float = 1.0  # shown = stored / scale
    whole: bool = False  # a count, never with decimals
    better: Better | None = None
    running: Running | None = None  # how it follows the share of tokens of racks that run

    def of(self, result: Mapping[str, Any]) -> float | None:
        """The value in a result without racks that starve, None where there is none."""
        value = value_at(result, self.path)
        if value is None or self.running is None:
            return value
        share = running_share(result)
        if self.running == "times":
            return value * share
        return value / share if share > 0.0 else None

    def text(self, value: float | None) -> str:
        """The value as written, without its unit."""
        if value is None:
            return ABSENT
        shown = value / self.scale
        return number(shown) if self.whole else significant(shown, self.digits)

    def written(self, result: Mapping[str, Any]) -> str:
        """The figure of a result as written, with its unit."""
        text = self.text(self.of(result))
        return text if text == ABSENT or not self.unit else f"{text}{THIN_SPACE}{self.unit}"


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureGroup:
    """Figures that are read together."""

    id: str
    label: str
    figures: tuple[Figure, ...]


GROUPS: tuple[FigureGroup, ...] = (
    FigureGroup(
        id="space",
        label="Space",
        figures=(
            Figure(path="space.racks", label="Racks", unit="", whole=True),
            Figure(path="space.hall_area_m2", label="Hall area", unit="m²"),
            Figure(path="space.density.gross_kw_m2", label="IT power per hall area", unit="kW/m²"),
            Figure(path="space.density.pitch_kw_m2", label="IT power per row pitch", unit="kW/m²"),
            Figure(path="space.density.map_max_kw_m2", label="Densest spot", unit="kW/m²"),
        ),
    ),
    FigureGroup(
        id="power",
        label="Power",
        figures=(
            Figure(path="power.it_kw", label="IT power", unit="kW", digits=4),
            Figure(
                path="power.loss_kw",
                label="Electrical losses",
                unit="kW",
                digits=4,
                better="lower",
            ),
            Figure(
                path="energy.cooling_kw",
                label="Cooling plant",
                unit="kW",
                digits=4,
                better="lower",
            ),
            Figure(path="energy.other_kw", label="Lighting, controls, offices", unit="kW"),
            Figure(
                path="power.facility_kw",
                label="Facility power",
                unit="kW",
                digits=4,
                better="lower",
            ),
        ),
    ),
    FigureGroup(
        id="cooling",
        label="Cooling",
        figures=(
            Figure(path="cooling.liquid_kw", label="Heat to liquid", unit="kW"),
            Figure(path="cooling.air_kw", label="Heat to air", unit="kW", better="lower"),
            Figure(
                path="cooling.flow_lpm",
                label="Coolant flow",
                unit="L/min",
                better="lower",
            ),
            Figure(
                path="cooling.pipes.required_kpa",
                label="Pump head of the worst loop",
                unit="kPa",
                better="lower",
            ),
            Figure(path="energy.pump_kw", label="Pump power", unit="kW", better="lower"),
            Figure(path="cooling.tcs_supply_c", label="Coolant supply", unit="°C"),
            Figure(path="cooling.tcs_return_c", label="Coolant return", unit="°C"),
            Figure(path="energy.pue", label="PUE, design day", unit="", digits=4, better="lower"),
            Figure(path="energy.tue", label="TUE, design day", unit="", digits=4, better="lower"),
        ),
    ),
    FigureGroup(
        id="compute",
        label="Tokens",
        figures=(
            Figure(path="compute.gpus", label="GPUs", unit="", whole=True),
            Figure(
                path="shortfall.racks",
                label="Racks short of coolant, air or power",
                unit="",
                whole=True,
                better="lower",
            ),
            Figure(
                path="compute.tokens_per_s",
                label="Throughput",
                unit="M tok/s",
                scale=1e6,
                better="higher",
                running="times",
            ),
            Figure(
                path="compute.sold_tokens_per_s",
                label="Tokens sold",
                unit="M tok/s",
                scale=1e6,
                better="higher",
                running="times",
            ),
            Figure(
                path="compute.tokens_per_s_per_mw_facility",
                label="Tokens before losses per facility MW",
                unit="M tok/s/MW",
                scale=1e6,
                better="higher",
                running="times",
            ),
            Figure(
                path="compute.j_per_sold_token_facility",
                label="Energy per token sold, full power on the design day",
                unit="J/tok",
                better="lower",
                running="over",
            ),
            Figure(
                path="compute.j_per_token_facility",
                label="Energy per token before losses",
                unit="J/tok",
                better="lower",
                running="over",
            ),
        ),
    ),
    FigureGroup(
        id="cost",
        label="Cost",
        figures=(
            Figure(
                path="cost.usd_per_mtok",
                label="Cost per million tokens",
                unit="USD/Mtok",
                better="lower",
                running="over",
            ),
            Figure(
                path="cost.usd_per_gpu_h",
                label="Cost per GPU-hour",
                unit="USD/GPU-h",
                better="lower",
            ),
            Figure(
                path="cost.capex_usd",
                label="Capital cost",
                unit="M USD",
                scale=1e6,
                better="lower",
            ),
            Figure(
                path="cost.opex_usd_per_year",
                label="Running cost",
                unit="M USD/yr",
                scale=1e6,
                better="lower",
            ),
        ),
    ),
)

BY_PATH: Mapping[str, Figure] = {
    figure.path: figure for group in GROUPS for figure in group.figures
}


def value_at(result: Mapping[str, Any], path: str) -> float | None:
    """The number at a dotted path of a result; None where there is none."""
    found: Any = result
    for part in path.split("."):
        if not isinstance(found, Mapping):
            return None
        found = found.get(part)
    if isinstance(found, bool) or not isinstance(found, int | float):
        return None
    return float(found)


def racks_short(result: Mapping[str, Any]) -> int:
    """How many racks the drawn plant does not carry; none in results from before it was told."""
    return int((result.get("shortfall") or {}).get("racks") or 0)


def running_share(result: Mapping[str, Any]) -> float:
    """Share of the tokens that is left without racks short of coolant, air or power; 0 to 1."""
    sold = value_at(result, "compute.sold_tokens_per_s")
    carried = value_at(result, "shortfall.sold_tokens_per_s_carried")
    if not racks_short(result) or not sold or carried is None:
        return 1.0
    share = carried / sold
    return share if share > LEAST_SHARE else 0.0


def short_words(result: Mapping[str, Any]) -> str:
    """What is read beside tokens and cost where racks starve; empty where all run."""
    if not racks_short(result):
        return ""
    note = str(result["shortfall"]["note"])
    if value_at(result, "compute.sold_tokens_per_s") is None:
        return note
    none_sold = running_share(result) <= 0.0
    words = "As drawn no token is sold." if none_sold else "Tokens and their cost leave them out."
    hero = BY_PATH["cost.usd_per_mtok"]
    cost = value_at(result, hero.path)
    whole = "" if cost is None else f" If every rack ran: {hero.text(cost)} {hero.unit}."
    return f"{note} {words}{whole}"


def table(result: Mapping[str, Any], paths: Sequence[str]) -> list[dict[str, str]]:
    """Label, text and unit of some figures, ready to be laid out."""
    rows = []
    for path in paths:
        figure = BY_PATH[path]
        rows.append(
            {
                "path": path,
                "label": figure.label,
                "text": figure.text(figure.of(result)),
                "unit": figure.unit,
            }
        )
    return rows
