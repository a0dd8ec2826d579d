"""Charts of throughput as plotly specifications; colours are names of the theme."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from engine.cost.sensitivity import SpeedSweep
from engine.tokens.throughput import Frontier

Spec = dict[str, Any]
ACCENT: Final = "token:accent"
GREY: Final = "token:part"
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
