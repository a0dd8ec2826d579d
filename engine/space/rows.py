"""Rows of racks, found from where the racks stand."""

from dataclasses import dataclass

import numpy as np

from engine.memory import Memory, kept
from engine.plant import Bools, Ints, Names, Plant

LINE_MM = 100.0  # fronts that differ by less stand in one line
BREAK_MM = 1000.0  # a wider gap along the line is a way through; an in-row CDU is not


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Which row each rack stands in, and who stands in each row from left to right."""

    of_rack: Ints  # shape (n_racks,): index into `members`
    members: tuple[tuple[int, ...], ...]  # rack indices
    ids: tuple[str, ...]


def find_rows(plant: Plant, memory: Memory | None = None) -> Rows:
    """Racks that look the same way, with fronts in one line and no way through between them.

    Parameters
    ----------
    plant : Plant
        Racks in any order.
    memory : Memory or None
        As for `engine.evaluate.evaluate`.

    Returns
    -------
    Rows
        In the order of each row's first rack in the plant. A row is named by its leftmost rack,
        so that its name survives changes elsewhere.

    Notes
    -----
    Definition. Fronts within 100 mm of the line before them share it; a gap of more than 1,000 mm
    along it starts a new row.
    """
    count = len(plant.racks)
    if count == 0:
        return Rows(of_rack=np.zeros(0, dtype=np.int64), members=(), ids=())
    corners = plant.rack_corners_mm
    along = corners[:, 1] - corners[:, 0]
    width = np.hypot(along[:, 0], along[:, 1])
    angle = np.mod(np.round(np.rad2deg(np.arctan2(along[:, 1], along[:, 0])), 1), 360.0)
    radians = np.deg2rad(angle)
    unit = np.round(np.stack([np.cos(radians), np.sin(radians)], axis=1), 12)
    position = np.einsum("nc,nc->n", corners[:, 0], unit)
    offset = np.round(corners[:, 0, 1] * unit[:, 0] - corners[:, 0, 0] * unit[:, 1], 3)

    order = np.lexsort((offset, angle, plant.rack_hall))
    line = np.zeros(count, dtype=np.int64)
    line[order] = _runs(
        (np.diff(plant.rack_hall[order]) != 0)
        | (np.diff(angle[order]) != 0.0)
        | (np.diff(offset[order]) > LINE_MM)
    )
    order = np.lexsort((np.round(position, 3), line))
    gap = position[order][1:] - (position + width)[order][:-1]
    run = _runs((np.diff(line[order]) != 0) | (gap > BREAK_MM))

    starts = np.flatnonzero(np.diff(run, prepend=-1))
    ends = np.append(starts[1:], count)
    by_first = np.argsort(np.minimum.reduceat(order, starts))
    number = np.empty(len(starts), dtype=np.int64)
    number[by_first] = np.arange(len(starts))
    of_rack = np.empty(count, dtype=np.int64)
    of_rack[order] = number[run]
    limits = np.stack([starts[by_first], ends[by_first]], axis=1)
    return kept(memory, _named, of_rack, order, limits, plant.racks.id)


def _named(of_rack: Ints, order: Ints, limits: Ints, names: Names) -> Rows:
    racks = order.tolist()
    members = tuple(tuple(racks[start:end]) for start, end in limits.tolist())
    return Rows(
        of_rack=of_rack, members=members, ids=tuple(f"row:{names[row[0]]}" for row in members)
    )


def _runs(breaks: Bools) -> Ints:
    runs: Ints = np.concatenate([[0], np.cumsum(breaks)]).astype(np.int64)
    return runs
