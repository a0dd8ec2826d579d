"""Equipment outdoors that stands through the wall of a hall."""

from collections.abc import Iterator
from typing import Final

import numpy as np
import shapely

from engine.findings import Finding
from engine.memory import NO_MEMORY, Memory
from engine.plant import FLOOR, Plant, corners_of
from engine.rules import RuleSet
from engine.space.check import INDOORS, LEAST_AREA_M2
from engine.space.clearances import name_of
from engine.space.geometry import TOUCH_MM
from engine.units import MM2_PER_M2

BUILDING: Final = "column"  # part of what it stands in


def through_walls(plant: Plant, rules: RuleSet, memory: Memory | None = None) -> Iterator[Finding]:
    """Things on the floor whose middle lies outside every hall and that reach into one.

    Parameters
    ----------
    plant : Plant
        Boxes and outlines of halls.
    rules : RuleSet
        Rule SPC-WALL.
    memory : Memory or None
        As for `engine.evaluate.evaluate`.

    Yields
    ------
    Finding
        One for each, with how much of it stands within.

    Notes
    -----
    Definition. What belongs indoors is SPC-OUTSIDE; so is what stands in a hall and reaches out.
    """
    boxes, halls = plant.boxes, plant.halls
    outdoors = np.flatnonzero((boxes.hall < 0) & (boxes.level == FLOOR))
    if not (outdoors.size and len(halls)):
        return
    corners = (memory or NO_MEMORY).zone("outdoors", corners_of, boxes, outdoors)
    low, high = corners.min(axis=1), corners.max(axis=1)
    rooms = np.array([[each.min(axis=0), each.max(axis=0)] for each in halls.outline_mm])
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
