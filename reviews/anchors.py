"""What a comment is pinned to, and where that is in a document. Pure.

An anchor is one of
`{"type": "element", "id", "dx_mm", "dy_mm"}`: a place on an element, which it follows;
`{"type": "run", "id", "t"}`: a place along a line, from 0 at its start to 1 at its end;
`{"type": "area", "points_mm", "cloud"}`: a part of the plan, drawn as a revision cloud or not;
`{"type": "finding", "finding_id", "rule", "element_ids"}`: a finding, at its first element;
`{"type": "change", "key", "label", "element_ids"}`: a line of a list of differences;
`{"type": "result", "path", "label", "element_ids"}`: a figure, at the first element it is of;
`{"type": "point"}`: a point of the plan.
The point that was stored when it was pinned serves where the thing itself is gone.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from layouts.document import Document, Element, owner_of
from layouts.kinds import COORDINATE, OUTLINE

TYPES = ("element", "run", "area", "finding", "change", "result", "point")
MAX_ELEMENTS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a pin stands now; `is_lost` when what it was pinned to is gone."""

    x_mm: float
    y_mm: float
    is_lost: bool = False


def problems_of(anchor: Any) -> list[str]:
    """What is wrong with an anchor that came from outside."""
    if not isinstance(anchor, Mapping) or anchor.get("type") not in TYPES:
        return [f"An anchor is one of {', '.join(TYPES)}."]
    kind, found = anchor["type"], []
    wanted: Mapping[str, tuple[str, ...]] = {
        "element": ("id",),
        "run": ("id",),
        "finding": ("finding_id",),
        "change": ("key",),
        "result": ("path",),
    }
    for name in wanted.get(kind, ()):
        if not isinstance(anchor.get(name), str) or not 0 < len(anchor[name]) <= 200:
            found.append(f"The anchor needs {name}.")
    if "label" in anchor and not (isinstance(anchor["label"], str) and len(anchor["label"]) <= 200):
        found.append("label must be words, at most 200 characters.")
    for name in ("dx_mm", "dy_mm"):
        if name in anchor and not _is_number(anchor[name]):
            found.append(f"{name} must be a number.")
    if kind == "run" and not (_is_number(anchor.get("t")) and 0 <= anchor["t"] <= 1):
        found.append("t must be from 0 to 1.")
    if kind == "area":
        wrong: list[Any] = []
        OUTLINE.check({"points_mm": anchor.get("points_mm")}, "area", wrong)
        found += [f"{each.path} {each.message}." for each in wrong]
    ids = anchor.get("element_ids", [])
    if (
        not isinstance(ids, list)
        or len(ids) > MAX_ELEMENTS
        or not all(isinstance(each, str) and len(each) <= 100 for each in ids)
    ):
        found.append("element_ids must be a list of ids.")
    return found


def _is_number(value: Any) -> bool:
    problems: list[Any] = []
    COORDINATE.check(value, "", problems)
    return not problems


def place_of(anchor: Mapping[str, Any], fallback: tuple[float, float], document: Document) -> Place:
    """Where an anchor is in a document, or the point where it was when it was pinned."""
    found = _found(anchor, document)
    if found is not None:
        return Place(x_mm=found[0], y_mm=found[1])
    is_lost = anchor["type"] in ("element", "run")
    return Place(x_mm=fallback[0], y_mm=fallback[1], is_lost=is_lost)


def _found(anchor: Mapping[str, Any], document: Document) -> tuple[float, float] | None:
    ids = [anchor["id"]] if "id" in anchor else anchor.get("element_ids", ())
    elements = [document.elements[key] for key in map(owner_of, ids) if key in document.elements]
    match anchor["type"]:
        case "element" if elements:
            return _on(elements[0], anchor.get("dx_mm", 0.0), anchor.get("dy_mm", 0.0))
        case "run" if elements:
            return _along(elements[0], anchor["t"])
        case "finding" | "change" | "result":
            places = (_on(element, 0.0, 0.0) for element in elements)
            return next((place for place in places if place is not None), None)
        case "area":
            points = anchor["points_mm"]
            return (
                sum(point[0] for point in points) / len(points),
                sum(point[1] for point in points) / len(points),
            )
    return None


def _on(element: Element, dx_mm: float, dy_mm: float) -> tuple[float, float] | None:
    """A place on an element, in its own axes, so that it turns along."""
    origin = origin_of(element)
    if origin is None:
        return None
    turn = math.radians((element.get("placement") or {}).get("rotation_deg", 0.0))
    return (
        origin[0] + dx_mm * math.cos(turn) - dy_mm * math.sin(turn),
        origin[1] + dx_mm * math.sin(turn) + dy_mm * math.cos(turn),
    )


def origin_of(element: Element) -> tuple[float, float] | None:
    """The point of an element that moves with it; None for what has no place."""
    if place := element.get("placement"):
        return place["x_mm"], place["y_mm"]
    if outline := element.get("outline"):
        return outline["points_mm"][0][0], outline["points_mm"][0][1]
    if path := element.get("path"):
        return path["points_mm"][0][0], path["points_mm"][0][1]
    if line := element.get("line"):
        return line["from_x_mm"], line["from_y_mm"]
    return None


def offset_on(element: Element, point: tuple[float, float]) -> tuple[float, float]:
    """A point of the plan in the axes of an element: what `place_of` turns back."""
    origin = origin_of(element) or point
    turn = -math.radians((element.get("placement") or {}).get("rotation_deg", 0.0))
    dx, dy = point[0] - origin[0], point[1] - origin[1]
    return (
        round(dx * math.cos(turn) - dy * math.sin(turn), 1),
        round(dx * math.sin(turn) + dy * math.cos(turn), 1),
    )


def _along(element: Element, t: float) -> tuple[float, float] | None:
    """A place along the path of an element: a dimension, an outline, or a piece with a length."""
    if line := element.get("line"):
        path: Sequence[Sequence[float]] = (
            (line["from_x_mm"], line["from_y_mm"]),
            (line["to_x_mm"], line["to_y_mm"]),
        )
    elif outline := element.get("outline"):
        path = [*outline["points_mm"], outline["points_mm"][0]]
    elif run := element.get("path"):
        path = run["points_mm"]
    else:
        size = element.get("size") or {}
        return _on(element, size.get("width_mm", 0.0) * t, size.get("depth_mm", 0.0) / 2)
    left = t * sum(math.dist(start, end) for start, end in pairwise(path))
    for start, end in pairwise(path):
        length = math.dist(start, end)
        if left <= length and length > 0:
            share = left / length
            return (
                start[0] + share * (end[0] - start[0]),
                start[1] + share * (end[1] - start[1]),
            )
        left -= length
    return path[-1][0], path[-1][1]
