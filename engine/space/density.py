"""IT power per area: over footprints, pitch areas, the hall, and as a map."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from engine.errors import OutOfRange
from engine.evaluation import Density, HeatMap
from engine.memory import Memory, kept
from engine.plant import Floats, Ints, Plant
from engine.space.geometry import containing, envelopes
from engine.space.smoothing import smooth_within
from engine.units import MM2_PER_M2

MAX_CELLS = 400_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Square cells over the halls, row-major from the lowest y up."""

    x0_mm: float
    y0_mm: float
    cell_mm: float
    columns: int
    rows: int


def power_map(
    plant: Plant, rack_kw: Floats, cell_mm: float, sigma_m: float, memory: Memory | None = None
) -> HeatMap | None:
    """IT power per area on a grid over the halls and racks; None without racks.

    Parameters
    ----------
    plant : Plant
        Where the racks stand.
    rack_kw : array, shape (n_racks,)
        IT power of each rack, >= 0. [kW]
    cell_mm : float
        Wanted cell, > 0; doubled until the grid has at most 400,000 cells. [mm]
    sigma_m : float
        Spread of the Gaussian, >= 0; customary 0.6 to 1.5. [m]
    memory : Memory or None
        As for `engine.evaluate.evaluate`.

    Returns
    -------
    HeatMap or None
        Smoothed power density. [kW/m2]

    Notes
    -----
    Definition. Each rack's power is laid on the cells by exact area overlap and smoothed by a
    normalised Gaussian within its hall: walls stop it, and the map holds the racks' power to
    rounding. It is a map of power, not of air temperature.
    """
    if len(plant.racks) == 0:
        return None
    grid = grid_over(plant, cell_mm)
    power = spread_on_grid(plant.rack_corners_mm, rack_kw, grid)
    halls = kept(memory, halls_of_cells, plant.halls.outline_mm, grid)
    density = smooth_within(power, sigma_m * 1000.0 / grid.cell_mm, halls, memory)
    density /= grid.cell_mm**2 / MM2_PER_M2
    return HeatMap(
        x0_mm=grid.x0_mm,
        y0_mm=grid.y0_mm,
        cell_mm=grid.cell_mm,
        columns=grid.columns,
        rows=grid.rows,
        kw_m2=density.ravel(),
    )


def densities(
    plant: Plant,
    rack_kw: Floats,
    areas_m2: tuple[Floats, Floats, float],
    heat_map: HeatMap | None,
    memory: Memory | None = None,
) -> Density:
    """The design's power densities.

    Parameters
    ----------
    plant : Plant
        For the outlines of its halls.
    rack_kw : array, shape (n_racks,)
        IT power of each rack. [kW]
    areas_m2 : tuple
        Footprints and pitch areas of the racks, shape (n_racks,) each, and the halls' area. [m2]
    heat_map : HeatMap or None
        The map of the same racks.
    memory : Memory or None
        As for `engine.evaluate.evaluate`.

    Returns
    -------
    Density
        Zero where there is no area. [kW/m2]

    Notes
    -----
    Definition. Total IT power over the total area named. The 95th percentile of the map is taken
    over the cells whose centre lies in a hall, or over all cells when there is no hall.
    """
    footprint, pitch, hall = areas_m2
    total = float(rack_kw.sum())
    top, p95 = (0.0, 0.0) if heat_map is None else _map_figures(plant, heat_map, memory)
    return Density(
        footprint_kw_m2=_per(total, float(footprint.sum())),
        pitch_kw_m2=_per(total, float(pitch.sum())),
        gross_kw_m2=_per(total, hall),
        map_max_kw_m2=top,
        map_p95_kw_m2=p95,
    )


def grid_over(plant: Plant, cell_mm: float) -> Grid:
    """The grid over all halls and racks, aligned to whole cells of the plan's origin.

    Notes
    -----
    Definition.
    """
    if cell_mm <= 0.0:
        raise OutOfRange("The cell of the map must be positive.", cell_mm=cell_mm)
    boxes = envelopes(plant.rack_corners_mm)
    low, high = boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)
    for outline in plant.halls.outline_mm:
        low, high = np.minimum(low, outline.min(axis=0)), np.maximum(high, outline.max(axis=0))
    while True:
        first = np.floor(low / cell_mm)
        count = np.maximum(np.ceil(high / cell_mm) - first, 1.0)
        if count.prod() <= MAX_CELLS:
            break
        cell_mm *= 2.0
    return Grid(
        x0_mm=float(first[0] * cell_mm),
        y0_mm=float(first[1] * cell_mm),
        cell_mm=cell_mm,
        columns=int(count[0]),
        rows=int(count[1]),
    )


def spread_on_grid(corners_mm: Floats, power_kw: Floats, grid: Grid) -> Floats:
    """Power per cell, each rectangle's power shared by exact area overlap.

    Parameters
    ----------
    corners_mm : array, shape (n, 4, 2)
        Rectangles within the grid, in any rotation. [mm]
    power_kw : array, shape (n,)
        Power of each. [kW]
    grid : Grid
        The cells.

    Returns
    -------
    array, shape (rows, columns)
        Power in each cell; the sum is the sum of ``power_kw`` to rounding. [kW]

    Notes
    -----
    Definition. Rectangles along the axes split into two one-dimensional overlaps; the others are
    cut by the cells one pair at a time.
    """
    boxes = (envelopes(corners_mm) - [grid.x0_mm, grid.y0_mm] * 2) / grid.cell_mm
    wide, deep = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    one, other = corners_mm[:, 2] - corners_mm[:, 0], corners_mm[:, 3] - corners_mm[:, 1]
    area = 0.5 * np.abs(one[:, 0] * other[:, 1] - one[:, 1] * other[:, 0]) / grid.cell_mm**2
    solid = area > 0.0
    is_straight = solid & (np.abs(wide * deep - area) <= 1e-9 * np.maximum(area, 1e-9))
    straight = np.flatnonzero(is_straight)
    power = _spread_straight(boxes[straight], power_kw[straight] / area[straight], grid)
    turned = np.flatnonzero(solid & ~is_straight)
    if turned.size:
        density = power_kw[turned] / area[turned]
        _spread_turned(corners_mm[turned], boxes[turned], density, power, grid)
    return power


def _spread_straight(boxes: Floats, density: Floats, grid: Grid) -> Floats:
    rows, columns = grid.rows, grid.columns
    if len(boxes) == 0:
        return np.zeros((rows, columns))
    first = np.floor(boxes[:, :2]).astype(np.int64)
    spans = (np.ceil(boxes[:, 2:]) - first).max(axis=0).astype(np.int64)
    shares = []
    for axis in (0, 1):
        cells = first[:, axis, None] + np.arange(spans[axis])
        part = np.minimum(boxes[:, 2 + axis, None], cells + 1.0) - np.maximum(
            boxes[:, axis, None], cells
        )
        shares.append((cells, np.maximum(part, 0.0)))
    (x, wide), (y, deep) = shares
    weight = density[:, None, None] * deep[:, :, None] * wide[:, None, :]
    cell = np.clip(y, 0, rows - 1)[:, :, None] * columns + np.clip(x, 0, columns - 1)[:, None, :]
    power = np.bincount(cell.ravel(), weight.ravel(), rows * columns).astype(np.float64, copy=False)
    return power.reshape(rows, columns)


def _spread_turned(
    corners_mm: Floats, boxes: Floats, density: Floats, power: Floats, grid: Grid
) -> None:
    owner: list[Ints] = []
    cells: list[Floats] = []
    for index, (x0, y0, x1, y1) in enumerate(boxes):
        x = np.arange(np.floor(x0), np.ceil(x1))
        y = np.arange(np.floor(y0), np.ceil(y1))
        block = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
        cells.append(block)
        owner.append(np.full(len(block), index, dtype=np.int64))
    cell, whose = np.concatenate(cells), np.concatenate(owner)
    shapes = shapely.polygons((corners_mm - [grid.x0_mm, grid.y0_mm]) / grid.cell_mm)
    squares = shapely.box(cell[:, 0], cell[:, 1], cell[:, 0] + 1.0, cell[:, 1] + 1.0)
    share = shapely.area(shapely.intersection(shapes[whose], squares)) * density[whose]
    rows, columns = power.shape
    x_cell = np.clip(cell[:, 0], 0, columns - 1).astype(np.int64)
    y_cell = np.clip(cell[:, 1], 0, rows - 1).astype(np.int64)
    power += np.bincount(y_cell * columns + x_cell, share, minlength=power.size).reshape(
        power.shape
    )


def _map_figures(plant: Plant, heat_map: HeatMap, memory: Memory | None) -> tuple[float, float]:
    grid = Grid(
        x0_mm=heat_map.x0_mm,
        y0_mm=heat_map.y0_mm,
        cell_mm=heat_map.cell_mm,
        columns=heat_map.columns,
        rows=heat_map.rows,
    )
    inside = (kept(memory, halls_of_cells, plant.halls.outline_mm, grid) >= 0).ravel()
    values = heat_map.kw_m2[inside] if inside.any() else heat_map.kw_m2
    return float(heat_map.kw_m2.max()), float(np.percentile(values, 95.0))


def halls_of_cells(outlines_mm: Sequence[Floats], grid: Grid) -> Ints:
    """Hall in which the centre of each cell lies.

    Parameters
    ----------
    outlines_mm : sequence of array, shape (n, 2)
        Corners of each hall. [mm]
    grid : Grid
        The cells.

    Returns
    -------
    array of int, shape (rows, columns)
        Number of the hall, -1 outside of all.

    Notes
    -----
    Definition. Where halls overlap the last one counts.
    """
    x = grid.x0_mm + (np.arange(grid.columns) + 0.5) * grid.cell_mm
    y = grid.y0_mm + (np.arange(grid.rows) + 0.5) * grid.cell_mm
    hall = np.full((grid.rows, grid.columns), -1, dtype=np.int64)
    for number, outline in enumerate(outlines_mm):
        low, high = outline.min(axis=0), outline.max(axis=0)
        columns = slice(
            *(int(x.searchsorted(*end)) for end in ((low[0], "left"), (high[0], "right")))
        )
        rows = slice(*(int(y.searchsorted(*end)) for end in ((low[1], "left"), (high[1], "right"))))
        block = hall[rows, columns]
        if len(outline) == 4 and ((outline == low) | (outline == high)).all():
            block[:] = number
        elif block.size:
            points = np.stack(np.meshgrid(x[columns], y[rows]), axis=-1).reshape(-1, 2)
            block[(containing(points, [outline]) >= 0).reshape(block.shape)] = number
    return hall


def _per(total: float, area_m2: float) -> float:
    return total / area_m2 if area_m2 > 0.0 else 0.0
