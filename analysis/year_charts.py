"""Charts of the year as plotly specifications; colours are names that follow the theme."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

Spec = dict[str, Any]

LEAP_YEAR_H = 8784
HOURS = list(range(24))
RAMP = [[0.0, "token:sf2"], [0.5, "token:accent"], [1.0, "token:return"]]
CLASSES = (("free", "No chiller", "token:supply"), ("partial", "Some", "token:part"),
           ("mechanical", "Chillers only", "token:return"))  # fmt: skip
MAP_HEIGHT = 230
CHART_HEIGHT = 240


def pue_map(year: Mapping[str, Any]) -> Spec:
    """PUE of every hour: days across, hours of the day up."""
    return _map(
        _by_day(year["hourly"]["pue"]),
        colorscale=RAMP,
        colorbar={"title": {"text": "PUE"}, "thickness": 10, "tickformat": ".2f"},
        hovertemplate="%{x|%d %b} %{y}:00<br>PUE %{z:.3f}<extra></extra>",
    )


def free_map(year: Mapping[str, Any]) -> Spec:
    """How much of the cooling needs no chiller, hour by hour."""
    colours = [colour for _, _, colour in reversed(CLASSES)]
    words = ["chillers only", "some", "no chiller"]
    classes = [int(each) for each in year["hourly"]["free"]]
    steps = [[(i + j) / 3, colour] for i, colour in enumerate(colours) for j in (0, 1)]
    return _map(
        _by_day(classes),
        colorscale=steps,
        zmin=-0.5,
        zmax=2.5,
        text=_by_day([words[each] for each in classes]),
        colorbar={"thickness": 10, "tickvals": [0, 1, 2], "ticktext": ["chillers", "some", "free"]},
        hovertemplate="%{x|%d %b} %{y}:00<br>%{text}<extra></extra>",
    )


def duration(year: Mapping[str, Any]) -> Spec:
    """PUE over the share of the hours that exceed it."""
    curve = year["duration"]
    return {
        "data": [_line(curve["percent"], curve["pue"], "PUE", "token:accent", "solid")],
        "layout": {
            "height": CHART_HEIGHT,
            "showlegend": False,
            "xaxis": {"title": {"text": "% of the hours at or above"}, "dtick": 20},
            "yaxis": {"title": {"text": "PUE"}, "tickformat": ".2f"},
        },
    }


def temperatures(year: Mapping[str, Any]) -> Spec:
    """Outdoor air, and the water that the coolers reach, over the share of the hours."""
    curve = year["duration"]
    lines = (
        ("dry_bulb_c", "Dry bulb", "token:return", "solid"),
        ("wet_bulb_c", "Wet bulb", "token:air", "dot"),
        ("fws_reach_c", "Water reached", "token:supply", "dash"),
    )
    return {
        "data": [
            _line(curve["percent"], curve[key], name, colour, dash)
            for key, name, colour, dash in lines
        ],
        "layout": {
            "height": CHART_HEIGHT,
            "xaxis": {"title": {"text": "% of the hours at or above"}, "dtick": 20},
            "yaxis": {"title": {"text": "°C"}},
        },
    }


def months_hours(year: Mapping[str, Any]) -> Spec:
    """Hours of each month by how much of the cooling needs no chiller."""
    months = year["months"]
    return {
        "data": [
            {
                "type": "bar",
                "name": label,
                "x": _names(months),
                "y": [month[f"{key}_hours"] for month in months],
                "marker": {"color": colour},
            }
            for key, label, colour in CLASSES
        ],
        "layout": {
            "height": CHART_HEIGHT,
            "barmode": "stack",
            "yaxis": {"title": {"text": "hours"}},
        },
    }


def months_bars(year: Mapping[str, Any], key: str, title: str, *, above_one: bool = False) -> Spec:
    """One figure of each month as bars; a PUE begins at 1."""
    months = year["months"]
    values = [month[key] for month in months]
    axis: dict[str, Any] = {"title": {"text": title}}
    if above_one:
        axis |= {"range": [1.0, 1.0 + 1.1 * (max(values) - 1.0)], "tickformat": ".2f"}
    return {
        "data": [
            {
                "type": "bar",
                "name": title,
                "x": _names(months),
                "y": values,
                "marker": {"color": "token:accent"},
            }
        ],
        "layout": {"height": CHART_HEIGHT, "showlegend": False, "yaxis": axis},
    }


def contributions(ranges: Mapping[str, Any]) -> Spec:
    """What the spread of PUE comes from, greatest at the top."""
    rows = list(reversed(ranges["contributors"]))
    return {
        "data": [
            {
                "type": "bar",
                "orientation": "h",
                "x": [100.0 * row["share"] for row in rows],
                "y": [row["name"] for row in rows],
                "marker": {"color": "token:accent"},
            }
        ],
        "layout": {
            "height": CHART_HEIGHT,
            "showlegend": False,
            "xaxis": {"title": {"text": "% of the variance of PUE"}, "rangemode": "tozero"},
        },
    }


def _names(months: Sequence[Mapping[str, Any]]) -> list[str]:
    return [month["name"][:3] for month in months]


def _line(x: Sequence[float], y: Sequence[float], name: str, colour: str, dash: str) -> Spec:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": list(x),
        "y": list(y),
        "line": {"color": colour, "width": 2, "dash": dash},
    }


def _by_day(hours: Sequence[Any]) -> list[list[Any]]:
    """Hours of a year as 24 rows, one of each hour of the day."""
    return [list(hours[hour::24]) for hour in HOURS]


def _map(rows: list[list[Any]], **look: Any) -> Spec:
    # Any year of the right length serves: a typical year has none of its own.
    first = date(2024 if 24 * len(rows[0]) == LEAP_YEAR_H else 2023, 1, 1)
    days = [(first + timedelta(days=i)).isoformat() for i in range(len(rows[0]))]
    return {
        "data": [{"type": "heatmap", "x": days, "y": HOURS, "z": rows, **look}],
        "layout": {
            "height": MAP_HEIGHT,
            "margin": {"l": 44, "r": 8, "t": 8, "b": 32},
            "xaxis": {"tickformat": "%b", "tickangle": 0},
            "yaxis": {"title": {"text": "hour"}, "dtick": 6},
        },
    }
