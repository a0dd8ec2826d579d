"""Where things are: rooms, doors, keep-outs, and the hall that a point lies in."""

from collections.abc import Sequence

import numpy as np

from engine import plant as p
from layouts.document import Element


def tag_of(element: Element) -> str:
    """What people call an element."""
    identity = element.get("identity") or {}
    tag: str = identity.get("tag") or identity.get("name") or element["kind"]
    return tag


def origin_of(element: Element) -> tuple[float, float]:
    """World position of the front-left corner. [mm]"""
    placement = element["placement"]
    return placement["x_mm"], placement["y_mm"]


def halls(elements: Sequence[Element]) -> p.Halls:
    """The rooms of IT."""
    limits = [element["hall"].get("floor_load_limit_kpa") for element in elements]
    return p.Halls(
        id=tuple(element["id"] for element in elements),
        name=tuple(element["identity"]["name"] for element in elements),
        outline_mm=tuple(map(_outline, elements)),
        height_mm=np.array([element["hall"]["height_mm"] for element in elements], float),
        floor_load_limit_kpa=np.array(
            [p.UNSTATED if limit is None else limit for limit in limits], float
        ),
    )


def keepouts(elements: Sequence[Element]) -> p.Keepouts:
    """The polygons that equipment stays out of."""
    return p.Keepouts(
        id=tuple(element["id"] for element in elements),
        name=tuple(element["identity"]["name"] for element in elements),
        outline_mm=tuple(map(_outline, elements)),
    )


def doors(elements: Sequence[Element]) -> p.Doors:
    """The doors with the way they swing."""
    return p.Doors(
        id=tuple(element["id"] for element in elements),
        tag=tuple(map(tag_of, elements)),
        origin_mm=np.array([origin_of(element) for element in elements], float),
        rotation_deg=np.array([item["placement"]["rotation_deg"] for item in elements], float),
        width_mm=np.array([element["door"]["width_mm"] for element in elements], float),
        swing=tuple(element["door"]["swing"] for element in elements),
    )


def modules(elements: Sequence[Element], types: Sequence[Element]) -> p.Modules:
    """The placed copies of module types."""
    names = {element["id"]: element["identity"]["name"] for element in types}
    return p.Modules(
        id=tuple(element["id"] for element in elements),
        tag=tuple(element["identity"]["tag"] for element in elements),
        type_id=tuple(element["type"]["type_id"] for element in elements),
        type_name=tuple(names[element["type"]["type_id"]] for element in elements),
    )


def _outline(element: Element) -> p.Floats:
    return np.array(element["outline"]["points_mm"], dtype=np.float64)


def hall_of(rooms: p.Halls, points_mm: p.Floats) -> p.Ints:
    """The hall that each point lies in, by the even-odd rule; -1 outside all of them."""
    found = np.full(len(points_mm), -1, dtype=np.int64)
    x, y = points_mm[:, 0], points_mm[:, 1]
    for i, outline in enumerate(rooms.outline_mm):
        low, high = outline.min(axis=0), outline.max(axis=0)
        near = np.flatnonzero((x >= low[0]) & (x <= high[0]) & (y >= low[1]) & (y <= high[1]))
        near = near[found[near] < 0]
        if near.size:
            found[near[_inside(outline, x[near], y[near])]] = i
    return found


def _inside(outline: p.Floats, x: p.Floats, y: p.Floats) -> p.Bools:
    inside = np.zeros(len(x), dtype=bool)
    for start, end in zip(outline, np.roll(outline, -1, axis=0), strict=True):
        if start[1] != end[1]:
            at = start[0] + (end[0] - start[0]) * (y - start[1]) / (end[1] - start[1])
            inside ^= ((start[1] > y) != (end[1] > y)) & (x < at)
    return inside
