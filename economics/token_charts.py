"""Charts of throughput as plotly specifications; colours are names of the theme."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from engine.cost.sensitivity import SpeedSweep
from engine.tokens.throughput import Frontier

Spec = dict[str, Any]
ACCENT: Final = "token:accent"
GREY: Final = "token:part"
MARKERS: Final = (
    ("diamond-open", "◇"), ("triangle-up-open", "△"), ("x-thin-open", "✕"), ("square-open", "□"),
    ("star-open", "☆"), ("cross-open", "✚"), ("hexagon-open", "⬡"), ("triangle-down-open", "▽"),
)  # fmt: skip
OWN_MARKER: Final = ("circle-open", "●")
# The marker of a curve, and the sign that stands for it beside the chart.
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
        _curve(gpu, curve, GREY, MARKERS[place % len(MARKERS)][0])
        for place, (gpu, curve) in enumerate(others.items())
    ]
    data += [_curve(gpu, curve, ACCENT, OWN_MARKER[0], width=2.5) for gpu, curve in own.items()]
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
            "height": 360,
            "margin": FRONTIER_MARGIN,
            "shapes": shapes,
            "xaxis": {"title": {"text": "interactivity, output tokens/s per user", "standoff": 4},
                      "range": [0, reach], "fixedrange": True, "automargin": False},
            "yaxis": {"type": "log", "dtick": 1, "fixedrange": True, "automargin": False,
                      "tickformat": "~s", "title": {"text": "all tokens/s per GPU", "standoff": 6}},
            # The page lists the curves beside the chart, with what each gives at this speed.
            "showlegend": False,
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


def chain_chart(rows: Sequence[Mapping[str, Any]], unit: str) -> Spec:
    """What is left after each factor, and what it took, from the nameplate down to what is sold."""
    labels = [f"{row['label']}  {row['factor']}".strip() for row in rows]
    last = len(rows) - 1
    return {
        "data": [
            {
                "type": "bar",
                "orientation": "h",
                "name": "left",
                "y": labels,
                "x": [row["left"] for row in rows],
                "text": [row["value"] for row in rows],
                "textposition": "none",
                "marker": {"color": [ACCENT if i == last else GREY for i in range(len(rows))]},
                "hovertemplate": "%{y}: %{text} " + unit + "<extra></extra>",
            },
            {
                "type": "bar",
                "orientation": "h",
                "name": "lost",
                "y": labels,
                "x": [row["lost"] for row in rows],
                "base": [row["left"] for row in rows],
                "text": [row["value"] for row in rows],
                "textposition": "outside",
                "textfont": {"color": "token:text"},
                "cliponaxis": False,
                "marker": {
                    "color": GREY,
                    "pattern": {"shape": "/", "fgcolor": GREY, "bgcolor": "token:canvas",
                                "size": 5},
                },
                "hovertemplate": "%{y} takes %{x:.3s} " + unit + "<extra></extra>",
            },
        ],
        "layout": {
            "height": 40 + 30 * len(rows),
            "barmode": "overlay",
            "bargap": 0.4,
            "showlegend": False,
            "margin": {"l": 8, "r": 12, "t": 4, "b": 32},
            "xaxis": {"title": {"text": unit, "standoff": 4}, "fixedrange": True, "nticks": 5,
                      "range": [0, 1.3 * max((row["left"] + row["lost"] for row in rows),
                                              default=1.0)]},
            "yaxis": {"autorange": "reversed", "fixedrange": True, "showgrid": False, "ticks": "",
                      "tickfont": {"color": "token:text", "size": 11}},
        },
    }  # fmt: skip
