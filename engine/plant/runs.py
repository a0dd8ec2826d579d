"""What runs along lines: pipes, trays and feeders."""

# ruff: noqa: RUF009  `column` is a field specifier, as `dataclasses.field` is.

from dataclasses import dataclass

import numpy as np

from engine.plant.table import Floats, Ints, Names, Table, column


@dataclass(frozen=True, slots=True, kw_only=True)
class PipeRuns(Table):
    """Drawn pipes, supply and return side by side. Each is an open line of two points or more."""

    id: Names = ()
    tag: Names = column(str, "")
    points_mm: tuple[Floats, ...] = ()  # one (n, 2) array per run
    loop: Ints = column(np.int64, -1)  # into Plant.loops, of facility water Plant.facility_loops
    bore_m: Floats = column(np.float64, 0.0)  # inner; 0: sized by the rules
    resistance_factor: Floats = column(np.float64, 1.0)  # on friction and fittings
    elevation_mm: Floats = column(np.float64, 0.0)  # 0: not stated


@dataclass(frozen=True, slots=True, kw_only=True)
class TrayRuns(Table):
    """Drawn cable trays."""

    id: Names = ()
    tag: Names = column(str, "")
    points_mm: tuple[Floats, ...] = ()
    width_mm: Floats = column(np.float64, 0.0)
    depth_mm: Floats = column(np.float64, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeederRuns(Table):
    """Drawn lines into power nodes; where one begins is the node's parent."""

    id: Names = ()
    tag: Names = column(str, "")
    points_mm: tuple[Floats, ...] = ()
    node: Ints = column(np.int64, -1)  # index into Plant.power_nodes that it feeds
    conductor_mm2: Floats = column(np.float64, 0.0)  # of one conductor; 0: sized for the node
    sets: Ints = column(np.int64, 1)  # cables in parallel
