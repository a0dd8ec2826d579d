"""What a page shows of two states side by side: the picture, the counts, the figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from analysis.assemble import assemble
from analysis.comparison import SLIGHT, figure_rows, starving_words
from analysis.lifecycle import blocks
from analysis.models import Evaluation, State
from analysis.selectors import result_of
from layouts.document import Document
from layouts.models import Design
from layouts.selectors import products_of
from reviews.overlay import Pin, Side, overlay
from reviews.rollup import Line

HEADLINES = (
    "power.it_kw",
    "cooling.liquid_kw",
    "cooling.flow_lpm",
    "cooling.pipes.required_kpa",
    "energy.pump_kw",
    "energy.pue",
    "energy.tue",
    "shortfall.racks",
    "compute.sold_tokens_per_s",
    "cost.usd_per_mtok",
    "cost.capex_usd",
)


def counts_of(lines: Sequence[Line]) -> list[tuple[str, int]]:
    """How many lines concern each discipline, those that concern none left out."""
    named = ("space", "power", "cooling", "network", "cost")
    counted = [(each, sum(each in line.disciplines for line in lines)) for each in named]
    return [(each, count) for each, count in counted if count]


def plan_of(  # noqa: PLR0917  - two sides, and what is marked on them
    old_design: Design,
    old: Document,
    new_design: Design,
    new: Document,
    lines: Sequence[Line],
    pins: Sequence[Pin] = (),
) -> SafeString:
    """The picture of both plans; drawn by our own pen, which escapes every word."""
    sides = [
        Side(document=document, plant=assemble(document, products_of(design))[0])
        for design, document in ((old_design, old), (new_design, new))
    ]
    return mark_safe(overlay(sides[0], sides[1], lines, pins))


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """The figures of both sides and the findings that only one side has."""

    headlines: list[dict[str, Any]]
    rest: list[dict[str, Any]]
    opened: list[Mapping[str, Any]]
    closed: list[Mapping[str, Any]]
    starving: list[str]  # in words, of either side

    @property
    def slight(self) -> str:
        """The share of a figure below which a difference means nothing, as it is printed."""
        return f"{SLIGHT:.1%}".replace("%", "\u202f%")

    @property
    def blocking(self) -> int:
        """How many of the opened findings stand in the way."""
        return sum(blocks(finding) for finding in self.opened)


def results_of(old: Evaluation | None, new: Evaluation | None) -> Results | None:
    """What the engine says of both sides; None until it has said it of both."""
    if old is None or new is None or old.state != State.DONE or new.state != State.DONE:
        return None
    before, after = result_of(old), result_of(new)
    rows = figure_rows(before, after)
    by_path = {row["path"]: row for row in rows}
    had = {finding["id"] for finding in before["findings"]}
    has = {finding["id"] for finding in after["findings"]}
    return Results(
        headlines=[by_path[path] for path in HEADLINES if path in by_path],
        rest=[row for row in rows if row["path"] not in HEADLINES],
        opened=[each for each in after["findings"] if each["id"] not in had],
        closed=[each for each in before["findings"] if each["id"] not in has],
        starving=starving_words(before, after),
    )
