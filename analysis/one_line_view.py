"""What the one-line page prints and draws, from a stored answer: pure, and all in words."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from analysis.figures import ABSENT, number, rounded_parts, significant
from analysis.losses_view import kind_name
from analysis.one_line import (
    BESIDE,
    LINE_X,
    UTILITY,
    Branch,
    Cell,
    Diagram,
    Load,
    Wire,
    band,
    diagrams,
    share,
)

BAR = 116  # pixels for a load at its limit
MOST = 1.25  # of it; more is drawn as that
TAG_LETTERS = 17
LOAD_NAMES = {
    "rack": ("rack", "racks"),
    "cdu": ("CDU", "CDUs"),
    "air_handler": ("air handler", "air handlers"),
}
SIDES = {"A": "Side A", "B": "Side B", "": "Neither side", BESIDE: "Not drawn"}

Row = dict[str, Any]


def one_line(
    answer: Mapping[str, Any], opened: Collection[str] = (), at: str = ""
) -> dict[str, Any]:
    """The diagrams of each side and the table that stands for them."""
    power = answer["power"]
    sides = [_side(power, each, opened, at) for each in diagrams(power, opened, at)]
    marked = [cell for side in sides for cell in side["cells"] if cell["is_at"]]
    for cell in marked[:1]:  # racks stand on both sides, an anchor only once
        cell["is_anchor"] = True
    return {
        "sides": sides,
        "total": _total(power, sides),
        "working": [each for each in answer["working"] if each["figure"].startswith("power.")],
        "nodes": number(len(power["nodes"]["id"])),
    }


def _total(power: Mapping[str, Any], sides: Sequence[Row]) -> list[dict[str, str]]:
    """The facility power, and the sources that add up to it."""
    sources = [row for side in sides for row in side["rows"] if not row["depth"]]
    found = [(row["tag"], row["source_kw"]) for row in sources if row["source_kw"]]
    shown = rounded_parts([kw for _, kw in found], 1)
    parts = [("Facility power", power["facility_kw"])]
    parts += [(tag, kw) for (tag, _), kw in zip(found, shown, strict=True)]
    return [{"label": label, "text": number(kw, 1), "unit": "kW"} for label, kw in parts]


def _side(
    power: Mapping[str, Any], diagram: Diagram, opened: Collection[str], at: str
) -> dict[str, Any]:
    cells = [_cell(power, cell, opened, at) for cell in diagram.cells]
    return {
        "name": SIDES[diagram.side],
        "key": diagram.side.lower() or "none",
        "feeds": _feeds(cells),
        "width": round(diagram.width),
        "height": round(diagram.height),
        "cells": cells,
        "wires": [_path(wire) for wire in diagram.wires],
        "rows": [cell for cell in _in_order(cells) if not cell["is_load"]],
    }


def _feeds(cells: Sequence[Row]) -> str:
    """What a side gives at its feeds and what its sources bring, so that each level has a name."""
    source_kw = sum(
        cell["source_kw"] for cell in cells if not cell["is_load"] and not cell["depth"]
    )
    feeds = sorted({cell["kind_name"] for cell in cells if cell.get("is_feed")})
    if not feeds:
        return ""
    kw = sum(cell["feed_kw"] for cell in cells if cell.get("is_feed"))
    return (
        f"at the feeds ({' and '.join(feeds)}) {number(kw, 1)} kW, "
        f"at the source {number(source_kw, 1)} kW with the losses on the way"
    )


def _in_order(cells: Sequence[Row]) -> list[Row]:
    """From each source down its branches, as a table is read."""
    return sorted(cells, key=lambda cell: cell["order"])


def _path(wire: Wire) -> str:
    return f"M{wire.x0:g} {wire.y0:g}V{wire.bend_y:g}H{wire.x1:g}V{wire.y1:g}"


def _cell(power: Mapping[str, Any], cell: Cell, opened: Collection[str], at: str) -> Row:
    row = {
        "x": cell.x,
        "y": cell.y,
        "width": cell.width,
        "height": cell.height,
        "line_x": LINE_X,
        "is_load": cell.is_load,
        "depth": cell.depth,
    }
    if cell.is_load:
        return {**row, "order": (), **_loads(cell.branch, at)}
    return {**row, **_node(power, cell.branch, opened, at)}


def _loads(branch: Branch, at: str) -> Row:
    return {
        "loads": [
            {
                "kind": load.kind,
                "text": _load_text(load),
                "select": ",".join(load.ids[:200]),
                "label": _load_text(load)
                + (f": {load.tags[0]}" if load.tags else "")
                + (f" to {load.tags[-1]}" if len(load.tags) > 1 else ""),
                "y": 22 + 16 * i,
            }
            for i, load in enumerate(branch.loads)
        ],
        "is_at": bool(at) and any(at in load.ids for load in branch.loads),
    }


def _load_text(load: Load) -> str:
    if not load.ids:
        return f"{load.kind[0].upper()}{load.kind[1:]}, {_kilowatts(load.kw)} kW"
    one, many = LOAD_NAMES.get(load.kind, (load.kind, load.kind))
    count = len(load.ids)
    name = one if count == 1 else many
    return f"{number(count)} {name}, {_kilowatts(load.kw)} kW"


def _kilowatts(kw: float) -> str:
    return significant(kw, 3) if kw < 100.0 else number(kw)


def _direct(nodes: Mapping[str, Any], rows: Sequence[int]) -> Row:
    """Voltage of direct current, and what a short circuit can bring; "" of alternating current.

    What was kept before direct current was told has none.
    """
    direct = [row for row in rows if nodes.get("is_direct") and nodes["is_direct"][row]]
    fault = max((nodes["fault_ka"][row] for row in direct), default=0.0)
    return {
        "direct": f"{number(nodes['voltage_v'][direct[0]])} V DC" if direct else "",
        "fault": f"{significant(fault, 3)} kA" if fault else "",
    }


def _node(power: Mapping[str, Any], branch: Branch, opened: Collection[str], at: str) -> Row:
    if branch.kind == UTILITY:
        return _utility(power, branch)
    nodes = power["nodes"]
    worst = max(branch.rows, key=lambda row: share(power, row) or 0.0)
    fraction, normal = share(power, worst), share(power, worst, "normal_kw")
    rating, length = nodes["rating_kw"][worst], nodes["length_m"][worst]
    count = len(branch.rows)
    tag = nodes["tag"][branch.rows[0]] or branch.key
    drops = [nodes["total_drop_fraction"][row] for row in branch.rows]
    return {
        "order": _order(nodes, branch.rows[0]),
        "key": branch.key,
        "tag": tag,
        "shown": tag if len(tag) <= TAG_LETTERS else f"{tag[: TAG_LETTERS - 1]}…",
        "kind": branch.kind,
        "kind_name": kind_name(branch.kind),
        **_direct(nodes, branch.rows),
        "count": count,
        "select": ",".join(nodes["id"][row] for row in branch.rows[:200]),
        "source_kw": sum(nodes["normal_kw"][row] + nodes["loss_kw"][row] for row in branch.rows)
        if nodes["parent"][branch.rows[0]] < 0
        else 0.0,
        "is_feed": bool(branch.loads),
        "feed_kw": _own_kw(nodes, branch),
        "rating": f"{number(rating)} kW" if rating else "no rating stated",
        "normal_kw": _span([nodes["normal_kw"][row] for row in branch.rows]),
        "worst_kw": _span([nodes["worst_kw"][row] for row in branch.rows]),
        "normal": _percent(normal),
        "worst": _percent(fraction),
        "band": band(fraction),
        "normal_bar": round(BAR * min(normal or 0.0, MOST), 1),
        "worst_bar": round(BAR * min(fraction or 0.0, MOST), 1),
        "limit_bar": BAR,
        "drop": f"{number(100.0 * max(drops), 2)} %" if max(drops) >= 5e-5 else "",
        "is_at": branch.key == at,
        "is_fold": count > 1,
        "is_open": branch.key in opened,
        "length": f"{number(length, 1)} m" if length else ABSENT,
    }


def _own_kw(nodes: Mapping[str, Any], branch: Branch) -> float:
    """What hangs on a node itself draws from it; the nodes below it stand for themselves."""
    below = [row for each in branch.children for row in each.rows]
    normal = sum(nodes["normal_kw"][row] for row in branch.rows)
    return float(normal - sum(nodes["normal_kw"][row] + nodes["loss_kw"][row] for row in below))


def _order(nodes: Mapping[str, Any], row: int) -> tuple[int, ...]:
    """Place of a node in the tree: the rows from its source down to it."""
    path = [row]
    while nodes["parent"][path[0]] >= 0:
        path.insert(0, nodes["parent"][path[0]])
    return (0, *path)


def _utility(power: Mapping[str, Any], branch: Branch) -> Row:
    nodes = power["nodes"]
    rows = [row for each in branch.children for row in each.rows]
    past = sum(load.kw for load in branch.loads)

    def total(column: str) -> float:
        return past + float(sum(nodes[column][row] + nodes["loss_kw"][row] for row in rows))

    side = nodes["side"][rows[0]] if rows else ""
    tag = f"Utility {side}".strip() if rows else "Utility, not drawn"
    return {
        "order": (0,),
        "key": branch.key,
        "tag": tag,
        "shown": tag,
        "kind": UTILITY,
        "kind_name": "utility",
        "count": 1,
        "select": "",
        "source_kw": total("normal_kw"),
        "rating": f"{number(total('normal_kw'))} kW",
        "normal_kw": number(total("normal_kw")),
        "worst_kw": number(total("worst_kw")),
        "normal": "",
        "worst": f"{number(total('worst_kw'))} kW",
        "band": "unrated",
        "drop": "",
        "is_at": False,
        "is_fold": False,
        "is_open": False,
        "length": ABSENT,
    }


def _percent(fraction: float | None) -> str:
    return ABSENT if fraction is None else number(100.0 * fraction)


def _span(values: Sequence[float]) -> str:
    """A figure of one, or from the least to the greatest of many."""
    least, most = _kilowatts(min(values)), _kilowatts(max(values))
    return least if least == most else f"{least} to {most}"
