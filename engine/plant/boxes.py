"""Where things stand: every placed rectangle."""

# ruff: noqa: RUF009  `column` is a field specifier, as `dataclasses.field` is.

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from engine.plant.table import UNSTATED, Bools, Floats, Ints, Names, Table, column

FLOOR, OVERHEAD, ZONE = 0, 1, 2  # Boxes.level: a zone (containment) collides with nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Boxes(Table):
    """Every placed rectangle: racks, equipment, columns, containment."""

    id: Names = ()
    tag: Names = column(str, "")
    kind: Names = column(str, "")  # the element kind: rack, cdu, panel, column, containment...
    corners_mm: Floats = column(np.float64, 0.0, (4, 2))
    level: Ints = column(np.int64, FLOOR)  # FLOOR, OVERHEAD or ZONE
    height_mm: Floats = column(np.float64, 0.0)
    mass_kg: Floats = column(np.float64, 0.0)
    clearance_front_mm: Floats = column(np.float64, UNSTATED)
    clearance_rear_mm: Floats = column(np.float64, UNSTATED)
    clearance_side_mm: Floats = column(np.float64, UNSTATED)
    voltage_to_ground_v: Floats = column(np.float64, 0.0)  # 0: no exposed live parts
    hall: Ints = column(np.int64, -1)  # index into Plant.halls; -1: outside every hall
    module: Ints = column(np.int64, -1)  # index into Plant.modules

    def is_kind(self, *kinds: str) -> Bools:
        """Which boxes are of one of these kinds, shape (n_boxes,)."""
        wanted = frozenset(kinds)
        return np.fromiter(map(wanted.__contains__, self.kind), dtype=bool, count=len(self))


def corners_of(boxes: Boxes, rows: Ints) -> Floats:
    """Corners of some boxes: a step that asks for them rests on no other box.

    Notes
    -----
    Definition.
    """
    return boxes.corners_mm[rows]


def box_corners(
    origin_mm: ArrayLike, rotation_deg: ArrayLike, width_mm: ArrayLike, depth_mm: ArrayLike
) -> Floats:
    """Corners of placed rectangles, counter-clockwise from the front-left one.

    Parameters
    ----------
    origin_mm : array, shape (n, 2)
        World position of each front-left corner. [mm]
    rotation_deg : array, shape (n,)
        Counter-clockwise rotation about it. [degree]
    width_mm, depth_mm : array, shape (n,)
        Size along local x and local y, > 0. [mm]

    Returns
    -------
    array, shape (n, 4, 2)
        Corners. [mm]

    Notes
    -----
    Definition. Quarter turns use exact sines, so that racks in a row meet without a gap.
    """
    origin = np.asarray(origin_mm, dtype=np.float64).reshape(-1, 2)
    turn = np.mod(np.asarray(rotation_deg, dtype=np.float64), 360.0)
    radians = np.deg2rad(turn)
    cos, sin = np.cos(radians), np.sin(radians)
    quarter = np.mod(turn, 90.0) == 0.0
    cos[quarter], sin[quarter] = np.round(cos[quarter]), np.round(sin[quarter])
    along = np.stack([cos, sin], axis=1) * np.asarray(width_mm, dtype=np.float64)[:, None]
    back = np.stack([-sin, cos], axis=1) * np.asarray(depth_mm, dtype=np.float64)[:, None]
    return np.stack([origin, origin + along, origin + along + back, origin + back], axis=1)
