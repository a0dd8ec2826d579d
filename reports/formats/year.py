"""The page of the year: its sums, its months, and a map of every hour."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.figures import number
from analysis.year_view import design_figures, month_rows, totals
from reports.formats.charts import ACCENT, BAD, GREY, LINE, Chart, drawn

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HOURS_A_DAY = 24
MAP_MM, BARS_MM = 42.0, 38.0
PALE = "#EEF2F7"


def year_section(result: Mapping[str, Any]) -> dict[str, Any] | None:
    """What the page prints; None where the evaluation has no year."""
    year = result.get("year")
    if year is None or year["reason"]:
        return None
    weather = year["weather"]
    warming = weather["warming_k"]
    months = month_rows(year)
    return {
        "weather": (
            f"{weather['name']}, {weather['source']}, {number(weather['hours'])} hours"
            + (
                f", {number(weather['filled_hours'])} of them filled"
                if weather["filled_hours"]
                else ""
            )
            + (f", {number(warming, 1)} K warmer" if warming else "")
            + ". The IT load is the same in every hour."
        ),
        "figures": [*totals(year), *design_figures(year)],
        "charts": [
            {
                "title": chart.title,
                "unit": chart.unit,
                "svg": chart.svg,
                "alt": chart.alt,
                "note": chart.note,
            }
            for chart in (_map(year), _months(year))
        ],
        "months": [
            [
                row["name"],
                row["dry_bulb"],
                row["pue"],
                row["wue"],
                row["cue"],
                row["free"],
                row["partial"],
                row["mechanical"],
                row["water"],
                row["energy"],
            ]
            for row in months
        ],
    }


def _map(year: Mapping[str, Any]) -> Chart:
    """PUE of every hour: days across, hours of the day up."""
    pue = np.asarray(year["hourly"]["pue"])
    low, high = float(pue.min()), float(pue.max())

    def draw(axes: "Axes") -> None:
        from matplotlib.colors import LinearSegmentedColormap

        axes.set_position((0.06, 0.02, 0.92, 0.84))
        axes.grid(visible=False)
        axes.imshow(
            pue.reshape(-1, HOURS_A_DAY).T,
            aspect="auto",
            origin="lower",
            interpolation="none",
            cmap=LinearSegmentedColormap.from_list("pue", [PALE, ACCENT, BAD]),
            vmin=low,
            vmax=max(high, low + 1e-6),
        )
        axes.set_yticks([0, 6, 12, 18])
        _month_ticks(axes, year["months"], len(pue) // HOURS_A_DAY)

    return Chart(
        title="PUE in every hour",
        unit=f"{low:.3f} pale to {high:.3f} red",
        svg=drawn(MAP_MM, draw),
        alt=f"Map of the year, days across and hours up: PUE from {low:.3f} to {high:.3f}.",
    )


def _months(year: Mapping[str, Any]) -> Chart:
    """Hours of each month by how much of the cooling needs no chiller."""
    months = year["months"]
    parts = (
        ("free_hours", "no chiller", ACCENT),
        ("partial_hours", "some", GREY),
        ("mechanical_hours", "chillers only", BAD),
    )

    def draw(axes: "Axes") -> None:
        axes.set_position((0.06, 0.1, 0.92, 0.74))
        axes.grid(visible=False)
        axes.grid(axis="y", color=LINE, linewidth=0.5)
        axes.xaxis.tick_bottom()
        base = np.zeros(len(months))
        for key, label, colour in parts:
            height = np.array([month[key] for month in months], dtype=float)
            axes.bar(range(len(months)), height, bottom=base, color=colour, label=label, width=0.7)
            base += height
        axes.set_xticks(range(len(months)), [month["name"][:3] for month in months])
        axes.legend(
            loc="lower left", bbox_to_anchor=(0.0, 1.0), ncols=3, frameon=False, borderpad=0
        )

    words = "; ".join(
        f"{month['name']} {month['free_hours']}, {month['partial_hours']}, "
        f"{month['mechanical_hours']}"
        for month in months
    )
    return Chart(
        title="Hours of free cooling by month",
        unit="hours",
        svg=drawn(BARS_MM, draw),
        alt=f"Hours without a chiller, with some, and with chillers only: {words}.",
    )


def _month_ticks(axes: "Axes", months: Sequence[Mapping[str, Any]], days: int) -> None:
    hours = [
        month["free_hours"] + month["partial_hours"] + month["mechanical_hours"] for month in months
    ]
    ends = np.cumsum(hours) / HOURS_A_DAY
    starts = np.concatenate([[0.0], ends[:-1]])
    axes.set_xticks((starts + ends) / 2.0, [month["name"][:3] for month in months])
    axes.set_xlim(-0.5, days - 0.5)
