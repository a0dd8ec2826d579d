"""Charts of cost as plotly specifications; colours are names of the theme."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from engine.cost.montecarlo import Spread
from engine.cost.sensitivity import AXES, Map, Swing

Spec = dict[str, Any]
ACCENT: Final = "token:accent"
GREY: Final = "token:part"
TEXT: Final = "token:text2"


def histogram(spread: Spread, figure: str, scale: float, nominal: float) -> Spec:
    """How the samples of a cost lie, P10 to P90 in the accent."""
    counts, edges = spread.histogram(figure)
    summary = spread.summaries[figure]
    low, high = summary.at(10.0), summary.at(90.0)
    middles = 0.5 * (edges[:-1] + edges[1:])
    return {
        "data": [
            {
                "type": "bar",
                "x": (scale * middles).tolist(),
                "y": counts.tolist(),
                "marker": {
                    "color": [ACCENT if low <= at <= high else GREY for at in middles.tolist()]
                },
                "hovertemplate": "%{x:.3g} USD/Mtok<extra></extra>",
            }
        ],
        "layout": {
            "height": 84,
            "margin": {"l": 2, "r": 2, "t": 4, "b": 18},
            "bargap": 0.08,
            "showlegend": False,
            "shapes": [{"type": "line", "x0": nominal, "x1": nominal, "yref": "paper", "y0": 0,
                        "y1": 1, "line": {"color": "token:text", "width": 1.5}}],
            "xaxis": {"automargin": False, "nticks": 5, "fixedrange": True, "showgrid": False,
                      "tickformat": ".3~g"},
            "yaxis": {"visible": False, "automargin": False, "fixedrange": True},
        },
    }  # fmt: skip


def waterfall(rows: Sequence[Mapping[str, Any]], unit: str) -> Spec:
    """What a cost is made of, from top to bottom, each bar from where the last one ended."""
    reach = max((row["value"] for row in rows if row["kind"] != "part"), default=1.0)
    colours = {"part": GREY, "loss": GREY, "subtotal": TEXT, "total": ACCENT}
    return {
        "data": [
            {
                "type": "bar",
                "orientation": "h",
                "y": [row["label"] for row in rows],
                "x": [row["value"] for row in rows],
                "base": [row["base"] for row in rows],
                "text": [row["text"] for row in rows],
                "textposition": "outside",
                "textfont": {"color": "token:text"},
                "cliponaxis": False,
                "marker": {
                    "color": [colours[row["kind"]] for row in rows],
                    "pattern": {
                        "shape": ["/" if row["kind"] == "loss" else "" for row in rows],
                        "fgcolor": "token:canvas",
                        "size": 5,
                    },
                },
                "hovertemplate": "%{y}: %{text}<extra></extra>",
            }
        ],
        "layout": {
            "height": 40 + 23 * len(rows),
            "margin": {"l": 8, "r": 12, "t": 4, "b": 32},
            "showlegend": False,
            "bargap": 0.35,
            "xaxis": {"title": {"text": unit, "standoff": 4}, "range": [0, 1.2 * reach],
                      "fixedrange": True, "nticks": 5, "tickformat": ".3~g"},
            "yaxis": {"autorange": "reversed", "fixedrange": True, "showgrid": False, "ticks": "",
                      "tickfont": {"color": "token:text", "size": 11}},
        },
    }  # fmt: skip


def tornado(swings: Sequence[Swing], now: float) -> Spec:
    """What moves a cost, the strongest at the top; bars from today's figure."""
    rows = [swing for swing in swings if swing.low is not None and swing.high is not None]
    cheaper, dearer = [], []
    for swing in rows:
        pair = (swing.low or 0.0, swing.high or 0.0)
        cheaper.append(min(*pair, now) - now)
        dearer.append(max(*pair, now) - now)
    labels = [f"{swing.label}  {swing.step}" for swing in rows]

    def bar(name: str, values: list[float], colour: str) -> Spec:
        return {
            "type": "bar",
            "orientation": "h",
            "name": name,
            "y": labels,
            "x": values,
            "base": [now] * len(values),
            "text": [f"{now + value:.3f}" if abs(value) > 0 else "" for value in values],
            "textposition": "outside",
            "cliponaxis": False,
            "marker": {"color": colour},
            "hovertemplate": "%{y}: %{text} USD/Mtok<extra>" + name + "</extra>",
        }

    low, high = min(cheaper, default=-now), max(dearer, default=now)
    # Figures stand outside the bars: a quarter of a narrow chart on the left, less on the right.
    left, right = 0.5 * (high - low), 0.32 * (high - low)
    return {
        "data": [bar("better", cheaper, "token:air"), bar("worse", dearer, "token:return")],
        "layout": {
            "height": 40 + 22 * len(labels),
            "barmode": "overlay",
            "bargap": 0.35,
            "margin": {"l": 8, "r": 12, "t": 4, "b": 32},
            # The page's caption says which colour is which.
            "showlegend": False,
            "shapes": [{"type": "line", "x0": now, "x1": now, "yref": "paper", "y0": 0, "y1": 1,
                        "line": {"color": "token:text", "width": 1.5}}],
            "xaxis": {"title": {"text": "USD/Mtok, blended", "standoff": 4},
                      "range": [now + low - left, now + high + right], "fixedrange": True,
                      "nticks": 4, "tickformat": ".3~g"},
            "yaxis": {"autorange": "reversed", "fixedrange": True, "showgrid": False, "ticks": "",
                      "tickfont": {"color": "token:text", "size": 11}},
        },
    }  # fmt: skip


def map_chart(found: Map, axes: tuple[str, str], now: float) -> Spec:
    """A cost over two inputs, with a cross where the design stands; four times it at the most."""
    low = min((z for row in found.values for z in row if z is not None), default=0.0)
    high = min(
        max((z for row in found.values for z in row if z is not None), default=1.0), 4.0 * now
    )
    (x_label, x_unit, *_), (y_label, y_unit, *_) = AXES[axes[0]], AXES[axes[1]]
    data: list[Spec] = [
        {
            "type": "contour",
            "x": list(found.x),
            "y": list(found.y),
            "z": [list(row) for row in found.values],
            "zmin": low,
            "zmax": high,
            "autocontour": False,
            "contours": {"showlabels": True, "labelfont": {"size": 10, "color": "token:text"},
                         "start": low, "end": high, "size": (high - low) / 14 or 1.0},
            "colorscale": [[0, "token:air"], [0.5, "token:sf2"], [1, "token:return"]],
            "line": {"width": 0.5, "color": "token:line2"},
            # Its bar sets styles inline, which the page's policy refuses; the lines are labelled.
            "showscale": False,
            "hovertemplate": f"{x_label} %{{x:.3~g}}, {y_label.lower()} %{{y:.3~g}}: "
            "%{z:.3f} USD/Mtok<extra></extra>",
        }
    ]  # fmt: skip
    if found.x_now is not None and found.y_now is not None:
        data.append(
            {
                "type": "scatter",
                "mode": "markers",
                "x": [found.x_now],
                "y": [found.y_now],
                "marker": {"symbol": "cross-thin", "size": 14,
                           "line": {"color": "token:text", "width": 2}},
                "hovertemplate": "this case<extra></extra>",
                "showlegend": False,
            }
        )  # fmt: skip
    return {
        "data": data,
        "layout": {
            "height": 320,
            "showlegend": False,
            "xaxis": {"title": {"text": f"{x_label}, {x_unit}"},
                      "range": [found.x[0], found.x[-1]] if found.x else None},
            "yaxis": {"title": {"text": f"{y_label}, {y_unit}"},
                      "range": [found.y[0], found.y[-1]] if found.y else None},
        },
    }  # fmt: skip


def bars(labels: Sequence[str], values: Sequence[float], unit: str, colour: str = ACCENT) -> Spec:
    """One bar per row."""
    return {
        "data": [
            {
                "type": "bar",
                "x": list(labels),
                "y": list(values),
                "text": [f"{value:,.3g}" if value < 100.0 else f"{value:,.0f}" for value in values],
                "textposition": "outside",
                "cliponaxis": False,
                "marker": {"color": colour},
            }
        ],
        "layout": {
            "height": 280,
            "showlegend": False,
            "yaxis": {"title": {"text": unit}, "rangemode": "tozero"},
        },
    }
