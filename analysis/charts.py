"""Charts of pages as plotly specifications; colours are names that follow the theme."""

from collections.abc import Mapping
from typing import Any

Spec = dict[str, Any]
Look = tuple[str, str, str]  # colour, marker, dash

SUBJECT: Look = ("token:accent", "circle", "solid")


def heat_load(sweep: Mapping[str, Any]) -> Spec:
    """Facility, IT and cooling power over the heat load."""
    rows = sweep["rows"]
    lines = (
        ("facility_kw", "Facility", SUBJECT),
        ("it_kw", "IT", ("token:text2", "square-open", "solid")),
        ("cooling_kw", "Cooling", ("token:supply", "diamond-open", "dot")),
    )
    return {
        "data": [_line(rows, path, name, look) for path, name, look in lines],
        "layout": {
            "height": 240,
            "xaxis": {"title": {"text": "heat load, %"}, "dtick": 10},
            "yaxis": {"title": {"text": "kW"}, "rangemode": "tozero"},
        },
    }


def pue(sweep: Mapping[str, Any]) -> Spec:
    """PUE over the heat load, from 1.00 up."""
    rows = [row for row in sweep["rows"] if row["pue"] is not None]
    return {
        "data": [_line(rows, "pue", "PUE, design day", SUBJECT)],
        "layout": {
            "height": 240,
            "showlegend": False,
            "xaxis": {"title": {"text": "heat load, %"}, "dtick": 10},
            "yaxis": {
                "title": {"text": "PUE, design day"},
                "range": [1.0, 1.02 * max((row["pue"] for row in rows), default=1.1)],
                "tickformat": ".2f",
            },
        },
    }


def _line(rows: list[Mapping[str, Any]], path: str, name: str, look: Look) -> Spec:
    colour, marker, dash = look
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": name,
        "x": [round(100 * row["heat_load_fraction"]) for row in rows],
        "y": [row[path] for row in rows],
        "line": {"color": colour, "width": 2, "dash": dash},
        "marker": {"symbol": marker, "size": 7, "color": colour},
    }
