"""What differs between two designs, or two revisions: figures, findings, elements, plan.

Pure: two sides in, plain values out. Elements are the same when their ids are, which holds
between the revisions of a design and between a design and its copies.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from analysis.change_words import MemberChange, difference, member_changes
from analysis.drawing import extent, pipe_offset_mm
from analysis.figures import (
    GROUPS,
    MINUS,
    Figure,
    decimals_of,
    number,
    racks_short,
    running_share,
    short_words,
)
from analysis.lifecycle import named
from analysis.pen import Frame, Paint, Pen, beside
from engine.plant import Floats, Plant
from layouts.document import Document, Element, owner_of

SAME_MM = 0.05  # half the grid of the document
PICTURE_MM = (300.0, 200.0)  # the room a picture is drawn for; pages scale it
LISTED = 200
# A difference of less than this share is told, but neither better nor worse: inputs are not known
# more closely.
SLIGHT = 0.005

# Figures of plant that count racks as running, whether they starve or not: where any does,
# less of them is no gain.
COUNT_ALL = frozenset({"power", "cooling"})

Sense = Literal["better", "worse", "–"]
How = Literal["added", "removed", "moved", "changed", "same"]

THEMED: Paint = {
    "wall": 'fill="none" stroke="var(--wall)" stroke-width="0.9"',
    "same": 'fill="var(--sf2)" stroke="var(--line2)" stroke-width="0.15"',
    "removed": 'fill="none" stroke="var(--text3)" stroke-width="0.35" stroke-dasharray="1.2 0.8"',
    "added": 'fill="var(--tint)" stroke="var(--accent)" stroke-width="0.45"',
    "moved": 'fill="var(--sf2)" stroke="var(--accent)" stroke-width="0.3"',
    "changed": 'fill="var(--sf2)" stroke="var(--accent)" stroke-width="0.3"',
    "pipe-same": 'fill="none" stroke="var(--line2)" stroke-width="0.2"',
    "pipe-removed": 'fill="none" stroke="var(--text3)" stroke-width="0.3" '
    'stroke-dasharray="1.2 0.8"',
    "pipe-added": 'fill="none" stroke="var(--accent)" stroke-width="0.45"',
    "pipe-changed": 'fill="none" stroke="var(--accent)" stroke-width="0.3"',
    "arrow": 'fill="none" stroke="var(--accent)" stroke-width="0.35"',
    "sign": 'fill="var(--accent)" stroke="none"',
    "label": 'fill="var(--accent)" font-weight="600"',
    "tag": 'fill="var(--text3)"',
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two that are compared."""

    document: Document
    plant: Plant
    result: Mapping[str, Any]


def compare(old: Side, new: Side) -> dict[str, Any]:
    """Everything that a comparison shows, as plain JSON values."""
    fates = box_fates(old, new)
    return {
        "figures": figure_rows(old.result, new.result),
        "findings": finding_rows(old, new),
        "changes": change_rows(old, new),
        "counts": dict(Counter(how for how in fates.values() if how != "same")),
        "plan": overlay(old, new, fates),
    }


def figure_rows(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every headline figure on both sides, with what the difference means.

    Tokens and cost are those without racks that starve. Figures of power and cooling count
    those as running, so none speaks for the side where more of them starve.
    """
    flattering = _flattering(racks_short(old), racks_short(new))
    ends = (running_share(old) > 0.0, running_share(new) > 0.0)
    rows = []
    for group in GROUPS:
        for figure in group.figures:
            row = _figure_row(figure, figure.of(old), figure.of(new))
            if row["sense"] in flattering and group.id in COUNT_ALL:
                row |= {"sense": "–", "is_slight": False}
            if figure.running == "over" and ends[0] != ends[1]:
                row |= {"sense": "better" if ends[1] else "worse"}
            rows.append({"group": group.label, **row})
    return rows


def _flattering(old_short: int, new_short: int) -> frozenset[str]:
    """What a figure that counts every rack may not be called, by how many starve on each side."""
    if old_short == new_short:
        return frozenset({"better", "worse"}) if old_short else frozenset()
    return frozenset({"better" if new_short > old_short else "worse"})


def starving_words(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """What must be read beside compared figures: which side has racks that starve."""
    return [
        f"{side}: {words} Power and cooling count every rack."
        for side, result in (("Old", old), ("New", new))
        if (words := short_words(result))
    ]


def _figure_row(figure: Figure, old: float | None, new: float | None) -> dict[str, Any]:
    row: dict[str, Any] = {
        "path": figure.path,
        "label": figure.label,
        "unit": figure.unit,
        "old": figure.text(old),
        "new": figure.text(new),
        "delta": "–",
        "direction": "",
        "sense": "–",
        "is_slight": False,
    }
    if old is None or new is None or row["old"] == row["new"]:
        return row
    decimals = max(decimals_of(row["old"]), decimals_of(row["new"]))
    # Both to the same decimals, so that what is printed subtracts to what is printed.
    shown = [round(value / figure.scale, decimals) for value in (old, new)]
    difference = shown[1] - shown[0]
    sign = "+" if difference > 0.0 else MINUS
    sense: Sense = "–"
    if figure.better is not None:
        sense = "better" if (difference > 0.0) == (figure.better == "higher") else "worse"
    return row | {
        "old": number(shown[0], decimals),
        "new": number(shown[1], decimals),
        "delta": f"{sign}{number(abs(difference), decimals)}",
        "direction": "up" if difference > 0.0 else "down",
        "sense": sense,
        "is_slight": sense != "–" and abs(new - old) < SLIGHT * abs(old),
    }


def finding_rows(old: Side, new: Side) -> dict[str, list[dict[str, Any]]]:
    """Findings that only one side has."""
    before = {finding["id"]: finding for finding in old.result["findings"]}
    after = {finding["id"]: finding for finding in new.result["findings"]}
    return {
        "opened": _finding_rows([after[id_] for id_ in after if id_ not in before], new),
        "closed": _finding_rows([before[id_] for id_ in before if id_ not in after], old),
    }


def _finding_rows(findings: Sequence[Mapping[str, Any]], side: Side) -> list[dict[str, Any]]:
    """Findings of one rule and severity as one row, told by the first of them."""
    tags = dict(zip(side.plant.boxes.id, side.plant.boxes.tag, strict=True))
    groups: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for finding in findings:
        groups.setdefault((finding["rule"], finding["severity"]), []).append(finding)
    return [
        {
            "rule": rule,
            "severity": severity,
            "count": len(alike),
            "title": alike[0]["title"],
            "detail": alike[0]["detail"],
            "where": named(
                [
                    tags.get(id_) or id_
                    for id_ in dict.fromkeys(
                        id_ for finding in alike for id_ in finding["element_ids"]
                    )
                ]
            ),
        }
        for (rule, severity), alike in groups.items()
    ]


def box_fates(old: Side, new: Side) -> dict[str, How]:
    """What became of every placed rectangle, by id."""
    before, after = _corners(old.plant), _corners(new.plant)
    products = (_products(old.plant), _products(new.plant))
    fates: dict[str, How] = {}
    for id_ in before.keys() | after.keys():
        if id_ not in before:
            fates[id_] = "added"
        elif id_ not in after:
            fates[id_] = "removed"
        elif products[0].get(id_) != products[1].get(id_) or _groups_differ(old, new, id_):
            fates[id_] = "changed"
        elif np.abs(before[id_] - after[id_]).max() > SAME_MM:
            fates[id_] = "moved"
        else:
            fates[id_] = "same"
    return fates


def _corners(plant: Plant) -> dict[str, Floats]:
    return dict(zip(plant.boxes.id, plant.boxes.corners_mm, strict=True))


def _products(plant: Plant) -> dict[str, str]:
    tables = (plant.racks, plant.cdus, plant.air_handlers, plant.power_nodes, plant.heat_rejection)
    return {
        id_: product
        for table in tables
        for id_, product in zip(table.id, table.product, strict=True)
    }


def _groups_differ(old: Side, new: Side, id_: str) -> bool:
    """Whether anything but the place of an element differs; of a member, by its overrides."""
    owner, _, slot = id_.partition("/")
    before, after = old.document.elements.get(owner), new.document.elements.get(owner)
    if before is None or after is None:
        return False
    if slot:
        before, after = ((each.get("overrides") or {}).get(slot) or {} for each in (before, after))
    return bool(set(_differing(before, after)) - {"placement"})


def _differing(before: Element, after: Element) -> list[str]:
    groups = (before.keys() | after.keys()) - {"id", "kind"}
    return sorted(group for group in groups if before.get(group) != after.get(group))


def change_rows(old: Side, new: Side) -> list[dict[str, Any]]:
    """The edits between two documents in words: equal things that happened to many are one row."""
    before, after = old.document.elements, new.document.elements
    rows: dict[tuple[str, str, str], list[str]] = {}
    for id_ in sorted(before.keys() | after.keys()):
        for *row, tag in _changes_of(old, new, before.get(id_), after.get(id_)):
            rows.setdefault((row[0], row[1], row[2]), []).append(tag)
    listed = [
        {
            "how": how,
            "kind": kind.replace("_", " "),
            "detail": detail,
            "count": len(tags),
            "tags": named(tags),
        }
        for (how, kind, detail), tags in sorted(rows.items(), key=lambda item: -len(item[1]))
    ]
    return listed[:LISTED]


def _changes_of(
    old: Side, new: Side, before: Element | None, after: Element | None
) -> Iterable[tuple[str, str, str, str]]:
    """What happened, to what kind, in words, and to whom."""
    if before is None or after is None:
        there = before or after or {}
        yield ("added" if before is None else "removed", there["kind"], "", _tag(there))
        return
    kind, tag = after["kind"], _tag(after)
    for group in _differing(before, after):
        members: list[MemberChange] = []
        if group == "placement":
            yield "moved", kind, _motion(before["placement"], after["placement"]), tag
            continue
        if group == "overrides":
            members = list(member_changes(old.document, new.document, before, after))
        for each in members:
            yield "changed", each.kind, each.words, each.tag
        if not members:
            yield "changed", kind, difference(group, before.get(group), after.get(group)), tag


def _motion(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    dx, dy = after["x_mm"] - before["x_mm"], after["y_mm"] - before["y_mm"]
    parts = [
        f"{number(value, 0 if value == int(value) else 1)} mm in {axis}"
        for value, axis in ((dx, "X"), (dy, "Y"))
        if value
    ]
    if before.get("rotation_deg") != after.get("rotation_deg"):
        parts.append(f"turned to {number(after['rotation_deg'])}°")
    if before.get("mirrored", False) != after.get("mirrored", False):
        parts.append("mirrored")
    return ", ".join(parts)


def _tag(element: Element) -> str:
    identity = element.get("identity") or {}
    return str(identity.get("tag") or identity.get("name") or element["kind"].replace("_", " "))


def overlay(old: Side, new: Side, fates: Mapping[str, How]) -> str:
    """Both plans in one picture: what went, came, moved and changed."""
    frame = _frame(old, new)
    pen = Pen(frame, THEMED)
    for outline in (*old.plant.halls.outline_mm, *new.plant.halls.outline_mm):
        pen.polygon("wall", outline)
    before, after = _corners(old.plant), _corners(new.plant)
    order: Sequence[How] = ("same", "changed", "moved", "removed", "added")
    for wanted in order:
        source = before if wanted == "removed" else after
        for id_, how in fates.items():
            if how == wanted:
                pen.polygon(wanted, source[id_])
    pen.flush()
    _pipes(pen, old, new)
    for members in _units(fates):
        start = np.concatenate([before[id_] for id_ in members])
        end = np.concatenate([after[id_] for id_ in members])
        if np.abs(start - end).max() > SAME_MM:
            _arrow(pen, start.mean(axis=0), end.mean(axis=0))
        if any(fates[id_] == "changed" for id_ in members):
            _triangle(pen, end)
    return pen.svg("Plan of both: removed dashed, added outlined, moved with an arrow", 4.0)


def _pipes(pen: Pen, old: Side, new: Side) -> None:
    """Supply and return of every pipe side by side, by what became of it."""
    lines = [
        {
            id_: (points, pipe_offset_mm(bore_m, pen.frame.scale))
            for runs in (side.plant.pipes, side.plant.facility_pipes)
            for id_, points, bore_m in zip(
                runs.id, runs.points_mm, runs.bore_m.tolist(), strict=True
            )
        }
        for side in (old, new)
    ]
    before, after = lines
    for id_ in sorted(before.keys() | after.keys()):
        if id_ not in after:
            how, (points, apart) = "removed", before[id_]
        else:
            points, apart = after[id_]
            was = before.get(id_)
            is_same = was is not None and np.array_equal(was[0], points)
            how = "same" if is_same else "changed" if was else "added"
            if how == "same" and _groups_differ(old, new, id_):
                how = "changed"
        for by in (apart, -apart):
            pen.polyline(f"pipe-{how}", beside(points, by))
    pen.flush()


def _units(fates: Mapping[str, How]) -> Iterable[list[str]]:
    """What lasted but not untouched, by unit: the members of a module move as one."""
    units: dict[str, list[str]] = {}
    for id_, how in fates.items():
        if how in ("moved", "changed"):
            units.setdefault(owner_of(id_), []).append(id_)
    return units.values()


def _frame(old: Side, new: Side) -> Frame:
    bounds = [extent(side.plant, side.document) for side in (old, new)]
    x0, y0 = min(b[0] for b in bounds), min(b[1] for b in bounds)
    x1, y1 = max(b[2] for b in bounds), max(b[3] for b in bounds)
    scale = max((x1 - x0) / PICTURE_MM[0], (y1 - y0) / PICTURE_MM[1])
    return Frame(x0=x0, y0=y0, x1=x1, y1=y1, scale=scale)


def _arrow(pen: Pen, start: Floats, end: Floats) -> None:
    length = float(math.hypot(*(end - start)))
    if length < SAME_MM:
        return
    along = (end - start) / length
    head = min(2.0 * pen.frame.scale, length / 2)
    across = np.array([-along[1], along[0]])
    pen.polyline("arrow", (start, end))
    pen.polyline(
        "arrow",
        (end - along * head + across * head / 2, end, end - along * head - across * head / 2),
    )


def _triangle(pen: Pen, corners: Floats) -> None:
    x, y = corners.max(axis=0)
    size = 1.4 * pen.frame.scale
    pen.polygon("sign", ((x - size, y), (x, y), (x - size / 2, y + size)))
