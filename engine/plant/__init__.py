"""What the engine calculates with: the plant as arrays.

One table per kind of thing, one array per quantity, one row per element; rows refer to each other
by index (-1 = none). `analysis.assemble` builds it from a design; tests build it by hand. A column
that is left out takes its default for every row, so ``Racks()`` is the table without rows.

Every placed rectangle is a row of `Boxes`; racks, CDUs and so on point at theirs with ``box``.
Corners run counter-clockwise from the front-left one: front edge 0-1, right side 1-2, rear 2-3.
"""

from engine.plant.boxes import FLOOR, OVERHEAD, ZONE, Boxes, box_corners, corners_of
from engine.plant.equipment import (
    AirHandlers,
    Cdus,
    HeatRejectionUnits,
    Loops,
    Modules,
    PowerNodes,
    Racks,
)
from engine.plant.places import Doors, Halls, Keepouts
from engine.plant.runs import FeederRuns, PipeRuns, TrayRuns
from engine.plant.site import (
    Basis,
    Coolant,
    Finance,
    HeatRejectionKind,
    Site,
    StreamAsked,
    Utilisation,
    Workload,
)
from engine.plant.table import (
    UNSTATED,
    Bools,
    Floats,
    Ints,
    Names,
    PlantInconsistent,
    Table,
    column,
)
from engine.plant.whole import Curve, Plant, Waiver

__all__ = [
    "FLOOR",
    "OVERHEAD",
    "UNSTATED",
    "ZONE",
    "AirHandlers",
    "Basis",
    "Bools",
    "Boxes",
    "Cdus",
    "Coolant",
    "Curve",
    "Doors",
    "FeederRuns",
    "Finance",
    "Floats",
    "Halls",
    "HeatRejectionKind",
    "HeatRejectionUnits",
    "Ints",
    "Keepouts",
    "Loops",
    "Modules",
    "Names",
    "PipeRuns",
    "Plant",
    "PlantInconsistent",
    "PowerNodes",
    "Racks",
    "Site",
    "StreamAsked",
    "Table",
    "TrayRuns",
    "Utilisation",
    "Waiver",
    "Workload",
    "box_corners",
    "column",
    "corners_of",
]
