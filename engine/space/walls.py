"""Equipment outdoors that stands through the wall of a hall, or far from all of them."""

from collections.abc import Iterator
from typing import Final

import numpy as np
import shapely

from engine.findings import Finding
from engine.memory import NO_MEMORY, Memory
from engine.plant import FLOOR, Floats, Ints, Plant, corners_of
from engine.provenance import listing
from engine.rules import RuleSet
from engine.space.check import INDOORS, LEAST_AREA_M2
from engine.space.clearances import name_of
from engine.space.geometry import TOUCH_MM
from engine.space.runs import MM_PER_M
from engine.units import MM2_PER_M2

BUILDING: Final = "column"  # part of what it stands in


def through_walls(plant: Plant, rules: RuleSet, memory: Memory | None = None) -> Iterator[Finding]:
    """Things on the floor whose middle lies outside every hall and that reach into one.

    Parameters
    ----------
    plant : Plant
        Boxes and outlines of halls.
    rules : RuleSet
        Rules SPC-WALL and SPC-FAR.
    memory : Memory or None
        As for `engine.evaluate.evaluate`.

    Yields
    ------
    Finding
        One for each that stands through a wall, with how much of it stands within; one in all for
        what stands far from every hall.

    Notes
    -----
    Definition. What belongs indoors is SPC-OUTSIDE; so is what stands in a hall and reaches out.
    Far is beyond the rectangle around all halls, along x or along y.
    """
    boxes, halls = plant.boxes, plant.halls
    outdoors = np.flatnonzero((boxes.hall < 0) & (boxes.level == FLOOR))
    if not (outdoors.size and len(halls)):
        return
    corners = (memory or NO_MEMORY).zone("outdoors", corners_of, boxes, outdoors)
    low, high = corners.min(axis=1), corners.max(axis=1)
    rooms = np.array([[each.min(axis=0), each.max(axis=0)] for each in halls.outline_mm])
    yield from _far_away(plant, rules, outdoors, (low, high), rooms)
    meets = (low[:, None] < rooms[:, 1] - TOUCH_MM) & (high[:, None] > rooms[:, 0] + TOUCH_MM)
    for place, hall in np.argwhere(meets.all(axis=2)).tolist():
        box = int(outdoors[place])
        if boxes.kind[box] in INDOORS or boxes.kind[box] == BUILDING:
            continue
        room, shape = shapely.Polygon(halls.outline_mm[hall]), corners[place]
        area = float(shapely.area(shapely.intersection(room, shapely.Polygon(shape)))) / MM2_PER_M2
        if area > LEAST_AREA_M2:
            x, y = shape.mean(axis=0).tolist()
            yield rules["SPC-WALL"].finding(
                element_ids=[boxes.id[box], halls.id[hall]],
                measured=area,
                at_mm=(x, y),
                subject=name_of(plant, box),
                other=halls.name[hall] or "the hall",
            )


def _far_away(
    plant: Plant, rules: RuleSet, outdoors: Ints, reach: tuple[Floats, Floats], rooms: Floats
) -> Iterator[Finding]:
    """What stands far beyond all halls: most often a slip of the hand, or of a number."""
    rule, (low, high) = rules["SPC-FAR"], reach
    first, last = rooms[:, 0].min(axis=0), rooms[:, 1].max(axis=0)
    away = np.maximum(first - high, low - last).max(axis=1, initial=0.0)
    far = np.flatnonzero(away > rule.value)
    if far.size:
        most = int(far[np.argmax(away[far])])
        x, y = ((low[most] + high[most]) / 2.0).tolist()
        yield rule.finding(
            element_ids=[plant.boxes.id[box] for box in outdoors[far].tolist()],
            measured=float(away[most]),
            at_mm=(x, y),
            subject=listing(tuple(name_of(plant, box) for box in outdoors[far].tolist())),
            metres=f"{away[most] / MM_PER_M:,.0f} m",
        )
