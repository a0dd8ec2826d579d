"""The chart of a loss: temperatures over time, and the rack that trips first."""

from collections.abc import Mapping
from typing import Any

Spec = dict[str, Any]
LOOKS = (("token:return", "solid"), ("token:viol", "dash"), ("token:part", "dot"),
         ("token:text3", "dashdot"))  # fmt: skip
HEIGHT = 320
DIP_S = 180.0  # in which pumps that take over have sped up


def curves(
    charted: Mapping[str, Any], tags: Mapping[str, str], inputs: Mapping[str, float]
) -> Spec:
    """Coolant supply and the return of the racks that get warm first, over the time since."""
    ride, ids = charted["ride"], charted["part"]["rack_ids"]
    found = ride["curves"]
    data = [_line(found["time_s"], found["supply_c"], "supply", "token:supply", "solid")]
    seen: list[list[float]] = []
    for each, (colour, dash) in zip(found["racks"], LOOKS, strict=False):
        if each["return_c"] in seen:  # racks alike have one curve
            continue
        seen.append(each["return_c"])
        tag = tags.get(ids[each["rack"]]) or ids[each["rack"]]
        data.append(_line(found["time_s"], each["return_c"], f"return of {tag}", colour, dash))
    marks = _marks(ride, ids, tags)
    most = max(max(each["y"]) for each in data)
    flow = found.get("flow_percent", [])
    dips = min(flow, default=100.0) < 99.95
    if dips:
        data.append(
            {
                **_line(found["time_s"], flow, "flow of the loop, %", "token:text2", "dot"),
                "yaxis": "y2",
                "hovertemplate": "%{x} s: %{y:.1f} %<extra>flow of the loop</extra>",
            }
        )
    limits = {
        "slows down": inputs["transient.throttle_return_c"],
        "trips": inputs["transient.trip_return_c"],
    }
    reach = max((mark["x"] for mark in marks), default=0.0)
    return {
        "data": [*data, *([_points(marks)] if marks else [])],
        "layout": {
            "height": HEIGHT,
            "xaxis": {
                "title": {"text": "seconds after the loss"},
                "rangemode": "tozero",
                "range": [0, max(60.0, 2.0 * reach)] if reach
                else [0, min(DIP_S, found["time_s"][-1]) if dips else found["time_s"][-1]],
            },
            "yaxis": {
                "title": {"text": "°C"},
                "range": [min(found["supply_c"]) - 3.0,
                          min(max(most, limits["trips"]) + 4.0, limits["trips"] + 15.0)],
            },
            "yaxis2": {"title": {"text": "flow, % of before"}, "overlaying": "y", "side": "right",
                       "range": [0, 105], "showgrid": False, "visible": dips},
            "shapes": [_limit(value) for value in limits.values()],
            "annotations": [
                {"xref": "paper", "x": 1, "y": value, "xanchor": "right", "yanchor": "bottom",
                 "text": f"{name}, {value:g} °C", "showarrow": False}
                for name, value in limits.items()
            ],
        },
    }  # fmt: skip


def _line(x: list[float], y: list[float], name: str, colour: str, dash: str) -> Spec:
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": x,
        "y": y,
        "line": {"color": colour, "width": 2, "dash": dash},
        "hovertemplate": "%{x} s: %{y:.1f} °C<extra>" + name + "</extra>",
    }


def _marks(ride: Mapping[str, Any], ids: list[str], tags: Mapping[str, str]) -> list[Spec]:
    """The first alarm, slowing and trip on their curves."""
    found = ride["curves"]
    marks = []
    if ride["alarm_s"] is not None:
        marks.append({"x": ride["alarm_s"], "text": "alarm", "curve": found["supply_c"]})
    first = found["racks"][0]
    tag = tags.get(ids[first["rack"]]) or ids[first["rack"]]
    for name, verb in (("throttle_s", "slows down"), ("trip_s", "trips")):
        when = ride[name][first["rack"]]
        if when is not None:
            marks.append({"x": when, "text": f"{tag} {verb}", "curve": first["return_c"]})
    for mark in marks:
        mark["y"] = _at(found["time_s"], mark.pop("curve"), mark["x"])
    return marks


def _at(time: list[float], values: list[float], when: float) -> float:
    """A curve between its points."""
    for i in range(1, len(time)):
        if time[i] >= when:
            share = (when - time[i - 1]) / (time[i] - time[i - 1])
            return values[i - 1] + share * (values[i] - values[i - 1])
    return values[-1]


def _points(marks: list[Spec]) -> Spec:
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": [mark["x"] for mark in marks],
        "y": [mark["y"] for mark in marks],
        "text": [mark["text"] for mark in marks],
        "textposition": "bottom right",
        "marker": {"symbol": "circle", "size": 8, "color": "token:text"},
        "showlegend": False,
        "hovertemplate": "%{text} at %{x:.0f} s<extra></extra>",
    }


def _limit(value: float) -> Spec:
    return {
        "type": "line",
        "xref": "paper",
        "x0": 0,
        "x1": 1,
        "y0": value,
        "y1": value,
        "line": {"color": "token:line2", "width": 1, "dash": "dot"},
    }
