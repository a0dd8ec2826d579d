"""The chapters of the systems: one-line diagram, coolant loops, and every single loss."""

from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

from analysis.loop_view import loop_page
from analysis.losses_view import folded, merged, summary
from analysis.one_line_view import one_line
from analysis.symbols import SIDE, SYMBOLS
from engine.faults.loss_rides import rides_of
from engine.faults.redundancy import Study, study_of
from engine.studies import losses_of
from engine.systems import views_of
from reports.bundle import Bundle
from reports.formats.reserves import reserves

LOSSES_LISTED = 40
APART = 40  # pixels between the two sides of a diagram
HEAD = 22
STYLE = """
.line { fill: none; stroke: #465162; stroke-width: 1.5 }
.bus { stroke-width: 3 }
text { font: 11px Inter; fill: #465162 }
.tag { font-weight: 600; fill: #12161C }
.title { font-size: 13px; font-weight: 600; fill: #12161C }
.track { fill: #E9EDF2 } .normal { fill: #9AA5B3 }
.ok { fill: #2F7D4F } .warm { fill: #B26A00 } .over { fill: #B4123A }
"""


def one_line_section(views: Mapping[str, Any]) -> dict[str, str] | None:
    """The diagram of all sides; None where nothing feeds anything."""
    found = one_line(views)
    sides = found["sides"]
    if not sides:
        return None
    marks, x = [], 0.0
    for side in sides:
        marks.append(f'<g transform="translate({x:g} {HEAD})">{_side(side)}</g>')
        x += side["width"] + APART
    height = max(side["height"] for side in sides) + HEAD
    box = f'viewBox="0 0 {x - APART:g} {height:g}"'
    return {
        "svg": f'<svg xmlns="http://www.w3.org/2000/svg" {box}><style>{STYLE}</style>'
        f"{''.join(marks)}</svg>",
        "ratio": f"{(x - APART) / height:.4f}",
        "total": _sum(found["total"]),
        "alt": "One-line diagram. "
        + " ".join(_words(side["name"], side["rows"]) for side in sides),
    }


def _sum(total: Sequence[Mapping[str, str]]) -> str:
    """The facility power as the sum of its sources."""
    whole, *parts = (f"{each['label']} {each['text']} kW" for each in total)
    return f"{whole}: {', '.join(parts)}."


def _words(name: str, rows: Sequence[Mapping[str, Any]]) -> str:
    """A side of the diagram for who cannot see it."""
    nodes = "; ".join(
        f"{_named(row)}, {row['kind_name']}, {row['rating']}, {row['normal_kw']} kW, "
        f"{row['worst_kw']} kW with the other side lost"
        for row in rows
    )
    return f"{name}: {nodes}."


def _named(row: Mapping[str, Any]) -> str:
    more = row["count"] - 1
    return f"{row['tag']} and {more} alike" if more else str(row["tag"])


def _side(side: Mapping[str, Any]) -> str:
    wires = "".join(f'<path class="line" d="{path}"/>' for path in side["wires"])
    cells = "".join(map(_cell, side["cells"]))
    return f'<text class="title" x="0" y="-8">{escape(side["name"])}</text>{wires}{cells}'


def _cell(cell: Mapping[str, Any]) -> str:
    at = f"{cell['x']:g} {cell['y']:g}"
    kind = "load" if cell["is_load"] else cell["kind"]
    marks = [f'<g class="line">{SYMBOLS[kind]}</g>']
    if cell["is_load"]:
        marks += [_text(36, load["y"], load["text"]) for load in cell["loads"]]
        return f'<g transform="translate({at})">{"".join(marks)}</g>'
    marks.append(f'<path class="line" d="M20 {SIDE}V{cell["height"]}"/>')
    times = f" ×{cell['count']}" if cell["is_fold"] else ""
    marks.append(_text(46, 13, f"{cell['shown']}{times}", "tag"))
    if kind == "utility":
        marks.append(_text(46, 28, f"{cell['rating']}, worst {cell['worst']}"))
    else:
        marks += [_text(46, 28, cell["rating"]), *_load(cell)]
    if cell["drop"]:
        marks.append(_text(46, 70, f"ΔU {cell['drop']}"))
    return f'<g transform="translate({at})">{"".join(marks)}</g>'


def _load(cell: Mapping[str, Any]) -> list[str]:
    if cell["band"] == "unrated":
        return [_text(46, 43, f"{cell['normal_kw']} → {cell['worst_kw']} kW")]
    return [
        _bar(cell["limit_bar"], "track"),
        _bar(cell["worst_bar"], cell["band"]),
        _bar(cell["normal_bar"], "normal"),
        _text(46, 55, f"{cell['normal']} % → {cell['worst']} %"),
    ]


def _bar(width: float, look: str) -> str:
    return f'<rect class="{look}" x="46" y="35" width="{width:g}" height="6"/>'


def _text(x: float, y: float, words: str, look: str = "") -> str:
    shown = f' class="{look}"' if look else ""
    return f'<text{shown} x="{x:g}" y="{y:g}">{escape(words)}</text>'


def loops_section(views: Mapping[str, Any]) -> dict[str, Any] | None:
    """Every coolant loop, those alike once, and the water behind them; None without loops."""
    page = loop_page(views)
    if not page["loops"]:
        return None
    water = page["facility"]
    units = ", ".join(
        f"{unit['count']} × {unit['kind']} {unit['capacity']} kW in all" for unit in water["units"]
    )
    return {
        "heads": ["Loop", "Alike", *(_head(each) for each in page["loops"][0]["figures"])],
        "rows": [
            [loop["id"], str(loop["more"] + 1), *(each["text"] for each in loop["figures"])]
            for loop in page["loops"]
        ],
        "left_out": str(page["left_out"]) if page["left_out"] else "",
        "water": f"Facility water: {water['flow']} L/min from {water['supply']} to "
        f"{water['return']} °C takes {water['heat']} kW off {water['cdus']} CDUs"
        + (f"; {units}." if units else "; no heat rejection is drawn."),
    }


def _head(figure: Mapping[str, Any]) -> str:
    return f"{figure['label']} {figure['unit']}".split(",")[0].strip()


def losses_section(result: Mapping[str, Any], study: Study) -> dict[str, Any] | None:
    """Every single loss, the one that costs most first; None where nothing can be lost."""
    rides = rides_of(study)
    rows = merged(result, losses_of(study), rides)
    if not rows:
        return None
    nodes = result["power"]["nodes"]
    shown = folded(rows, dict(zip(nodes["id"], nodes["tag"], strict=True)))
    return {
        "figures": summary(rows),
        "reason": rides["reason"] or "",
        "rows": [
            [
                row["tag"] + (f" and {row['more']} alike" if row["more"] else ""),
                row["kind"],
                row["effect"],
                row["lost"],
                row["alarm"],
                row["throttle"],
                row["trip"],
                row["expected"],
            ]
            for row in shown[:LOSSES_LISTED]
        ],
        "left_out": str(len(shown) - LOSSES_LISTED) if len(shown) > LOSSES_LISTED else "",
    }


def systems(bundle: Bundle) -> dict[str, Any]:
    """The chapters of one steady state, each None where there is nothing to say."""
    study = study_of(bundle.plant, bundle.assumptions)
    views = views_of(bundle.plant, study.operation, bundle.assumptions)
    return {
        "one_line": one_line_section(views),
        "loops": loops_section(views),
        "losses": losses_section(bundle.result, study),
        **reserves(study),
    }
