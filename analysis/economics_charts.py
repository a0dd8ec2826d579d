"""Charts of the economics view as plotly specifications; colours are names of the theme."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from engine.cost.montecarlo import Spread
from engine.cost.sensitivity import AXES, Map, SpeedSweep, Swing
from engine.tokens.throughput import Frontier

Spec = dict[str, Any]

ACCENT: Final = "token:accent"
GREY: Final = "token:part"
TEXT: Final = "token:text2"
MARKERS: Final = ("diamond-open", "triangle-up-open", "x-thin-open", "square-open", "circle-open",
                  "star-open", "cross-open", "hexagon-open")  # fmt: skip
FRONTIER_MARGIN: Final = {"l": 48, "r": 16, "t": 8, "b": 46}


def frontier_chart(
    own: Mapping[str, Frontier],
    others: Mapping[str, Frontier],
    sweep: SpeedSweep,
    working: tuple[float, float | None],
    reach: float,
) -> Spec:
    """Throughput per GPU against the speed one user sees; the working point on the own curve."""
    speed, rate = working
    data: list[Spec] = [
        _curve(gpu, curve, GREY, MARKERS[place % len(MARKERS)])
        for place, (gpu, curve) in enumerate(others.items())
    ]
    data += [_curve(gpu, curve, ACCENT, "circle-open", width=2.5) for gpu, curve in own.items()]
    if rate is not None:
        data.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": "working point",
                "showlegend": False,
                "x": [speed],
                "y": [rate],
                "marker": {"symbol": "circle", "size": 13, "color": ACCENT,
                           "line": {"color": "token:canvas", "width": 2}},
                "hovertemplate": "%{y:,.0f} tok/s per GPU at %{x:.0f}<extra>working point</extra>",
            }
        )  # fmt: skip
    shapes: list[Spec] = [
        {"type": "line", "x0": speed, "x1": speed, "yref": "paper", "y0": 0, "y1": 1,
         "line": {"color": ACCENT, "width": 1, "dash": "dot"}},
    ]  # fmt: skip
    if sweep.fastest_tok_s_user is not None and sweep.fastest_tok_s_user < reach:
        shapes.append(
            {"type": "rect", "x0": sweep.fastest_tok_s_user, "x1": reach, "yref": "paper",
             "y0": 0, "y1": 1, "fillcolor": "token:sf2", "line": {"width": 0}, "layer": "below"}
        )  # fmt: skip
    return {
        "data": data,
        "layout": {
            "height": 400,
            "margin": {**FRONTIER_MARGIN, "t": 64},
            "shapes": shapes,
            "xaxis": {"title": {"text": "interactivity, output tokens/s per user", "standoff": 4},
                      "range": [0, reach], "fixedrange": True, "automargin": False},
            "yaxis": {"type": "log", "dtick": 1, "fixedrange": True, "automargin": False,
                      "title": {"text": "all tokens/s per GPU", "standoff": 2}},
            "legend": {"orientation": "h", "y": 1.0, "yanchor": "bottom", "font": {"size": 10},
                       "entrywidth": 96, "entrywidthmode": "pixels"},
        },
    }  # fmt: skip


def _curve(gpu: str, curve: Frontier, colour: str, marker: str, width: float = 1.2) -> Spec:
    is_scaled = curve.tier != "measured"
    return {
        "type": "scatter",
        "mode": "lines" if curve.tier == "roofline" else "lines+markers",
        "name": gpu.upper() + ("" if not is_scaled else f" ({curve.tier})"),
        "x": [round(value, 2) for value in curve.tok_s_per_user.tolist()],
        "y": [round(value, 1) for value in curve.tok_s_per_gpu.tolist()],
        "line": {"color": colour, "width": width, "dash": "dash" if is_scaled else "solid"},
        "marker": {"symbol": marker, "size": 7, "color": colour},
        "hovertemplate": "%{y:,.0f} tok/s per GPU at %{x:.0f}<extra>" + gpu.upper() + "</extra>",
    }


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
    room = 0.16 * (high - low)
    return {
        "data": [bar("better", cheaper, "token:air"), bar("worse", dearer, "token:return")],
        "layout": {
            "height": 60 + 22 * len(labels),
            "barmode": "overlay",
            "bargap": 0.35,
            "margin": {"l": 8, "r": 12, "t": 24, "b": 32},
            "legend": {"orientation": "h", "y": 1.1, "x": 0.5},
            "shapes": [{"type": "line", "x0": now, "x1": now, "yref": "paper", "y0": 0, "y1": 1,
                        "line": {"color": "token:text", "width": 1.5}}],
            "xaxis": {"title": {"text": "USD per million tokens, blended", "standoff": 4},
                      "range": [now + low - room, now + high + room], "fixedrange": True,
                      "nticks": 5, "tickformat": ".3~g"},
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


def speed_chart(sweep: SpeedSweep, speed: float) -> Spec:
    """Cost, tokens per megawatt and energy per token along interactivity, on the same hardware."""
    x = list(sweep.tok_s_user)

    def line(name: str, y: Sequence[float], axis: str, look: tuple[str, str]) -> Spec:
        colour, dash = look
        return {
            "type": "scatter",
            "mode": "lines",
            "name": name,
            "x": x,
            "y": list(y),
            "yaxis": axis,
            "line": {"color": colour, "width": 2, "dash": dash},
            "hovertemplate": "%{y:,.4~g} at %{x:.0f}<extra>" + name + "</extra>",
        }

    band = {
        "type": "scatter",
        "mode": "lines",
        "name": "P10–P90",
        "x": [*x, *reversed(x)],
        "y": [*sweep.p90_usd_per_mtok, *reversed(sweep.p10_usd_per_mtok)],
        "fill": "toself",
        "fillcolor": "token:tint",
        "line": {"width": 0},
        "hoverinfo": "skip",
    }
    return {
        "data": [
            band,
            line("USD/Mtok", sweep.usd_per_mtok, "y", (ACCENT, "solid")),
            line("tok/s per MW, site", sweep.tok_s_per_mw_facility, "y2", (GREY, "solid")),
            line("tok/s per MW, IT", sweep.tok_s_per_mw_it, "y2", (GREY, "dot")),
        ],
        "layout": {
            "height": 320,
            "margin": {"l": 56, "r": 64, "t": 44, "b": 40},
            "legend": {"orientation": "h", "y": 1.0, "yanchor": "bottom"},
            "shapes": [{"type": "line", "x0": speed, "x1": speed, "yref": "paper", "y0": 0,
                        "y1": 1, "line": {"color": ACCENT, "width": 1, "dash": "dot"}}],
            "xaxis": {"title": {"text": "interactivity, output tokens/s per user"},
                      "type": "log", "tickvals": [10, 20, 50, 100, 200, 300, 400]},
            "yaxis": {"title": {"text": "USD per million tokens"}, "type": "log", "dtick": 1,
                      "tickformat": ".2~g"},
            "yaxis2": {"title": {"text": "all tokens/s per MW"}, "overlaying": "y",
                       "side": "right", "type": "log", "dtick": 1, "showgrid": False,
                       "tickformat": ".2~s"},
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
                "text": [f"{value:,.0f}" for value in values],
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
