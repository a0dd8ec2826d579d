"""What surrounds the equipment: halls, doors and zones."""

# ruff: noqa: RUF009  `column` is a field specifier, as `dataclasses.field` is.

from dataclasses import dataclass

import numpy as np

from engine.plant.table import UNSTATED, Floats, Names, Table, column


@dataclass(frozen=True, slots=True, kw_only=True)
class Halls(Table):
    """Rooms of IT. Outlines are simple polygons, not closed."""

    id: Names = ()
    name: Names = column(str, "")
    outline_mm: tuple[Floats, ...] = ()  # one (n, 2) array per hall
    height_mm: Floats = column(np.float64, 0.0)
    floor_load_limit_kpa: Floats = column(np.float64, UNSTATED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors(Table):
    """Doors: hinge line from the origin along local x, leaves swing to local +y."""

    id: Names = ()
    tag: Names = column(str, "")
    origin_mm: Floats = column(np.float64, 0.0, (2,))
    rotation_deg: Floats = column(np.float64, 0.0)
    width_mm: Floats = column(np.float64, 0.0)
    swing: Names = column(str, "left")  # left, right, double or sliding


@dataclass(frozen=True, slots=True, kw_only=True)
class Keepouts(Table):
    """Polygons that equipment must stay out of."""

    id: Names = ()
    name: Names = column(str, "")
    outline_mm: tuple[Floats, ...] = ()
