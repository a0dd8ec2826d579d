"""Headers where no pipe is drawn: one along each row, from its end nearest to a CDU."""

from typing import Final

import numpy as np

from engine.assumptions import Assumptions
from engine.cooling.headers import Headers, chains
from engine.plant import Floats, Ints, Plant

MM_PER_M: Final = 1000.0
ONE_ROW_M: Final = 0.6  # racks whose middles lie closer across their row stand in one
FULL_TURN: Final = 180.0


def row_headers(plant: Plant, rack: Ints, assumptions: Assumptions) -> Headers:
    """Headers along the rows that racks stand in.

    Parameters
    ----------
    plant : Plant
        Racks, CDUs and where they stand.
    rack : array of int
        Racks on loops with a CDU.
    assumptions : Assumptions
        Line ``tcs.row_offset_m``.

    Returns
    -------
    Headers
        One piece per rack.

    Notes
    -----
    Definition. Racks of one loop whose fronts are parallel and whose middles lie within 0.6 m
    across the row stand in one row. Lengths are those between middles; from the CDU to the row
    along both axes of the row, plus the assumed offset.
    """
    if not rack.size:
        none = np.zeros(0, dtype=np.int64)
        return chains(rack=none, loop=none, begins=none.astype(bool), length_m=np.zeros(0))
    racks = plant.racks
    box = racks.box[rack]
    middle = middles_m(plant, box)
    front = plant.boxes.corners_mm[box, 1] - plant.boxes.corners_mm[box, 0]
    angle = np.round(np.mod(np.degrees(np.arctan2(front[:, 1], front[:, 0])), FULL_TURN), 1)
    angle = np.where(angle == FULL_TURN, 0.0, angle)
    along_x, along_y = np.cos(np.radians(angle)), np.sin(np.radians(angle))
    along = middle[:, 0] * along_x + middle[:, 1] * along_y
    across = middle[:, 1] * along_x - middle[:, 0] * along_y
    loop = racks.loop[rack]
    order = np.lexsort((across, angle, loop))
    new = np.ones(order.size, dtype=bool)
    new[1:] = (
        (np.diff(loop[order]) != 0)
        | (np.diff(angle[order]) != 0.0)
        | (np.diff(across[order]) > ONE_ROW_M)
    )
    row = np.empty(order.size, dtype=np.int64)
    row[order] = np.cumsum(new) - 1
    order = np.lexsort((along, row))
    rows = int(row.max()) + 1
    first = np.searchsorted(row[order], np.arange(rows))
    last = np.append(first[1:], order.size) - 1
    low_m = _to_cdu_m(plant, order[first], rack, loop, (along_x, along_y))
    high_m = _to_cdu_m(plant, order[last], rack, loop, (along_x, along_y))
    turned = high_m < low_m
    order = np.lexsort((np.where(turned[row], -along, along), row))
    begins = np.zeros(order.size, dtype=bool)
    begins[first] = True
    ends = np.zeros(order.size, dtype=bool)
    ends[last] = True
    apart = np.abs(np.diff(along[order], prepend=0.0))
    offset = assumptions.value("tcs.row_offset_m")
    lead = np.minimum(low_m, high_m) + offset
    length = np.where(begins, lead[row[order]], apart)
    far = np.maximum(low_m, high_m) + offset
    home = np.where(ends, far[row[order]], np.append(apart[1:], 0.0))
    return chains(
        rack=rack[order],
        loop=loop[order],
        begins=begins,
        length_m=length,
        home_m=home,
    )


def _to_cdu_m(
    plant: Plant, at: Ints, rack: Ints, loop: Ints, axes: tuple[Floats, Floats]
) -> Floats:
    """Distance from each of these racks to the nearest CDU of its loop, along its row's axes."""
    cdus = plant.cdus
    member = np.flatnonzero(cdus.loop >= 0)
    member = member[np.argsort(cdus.loop[member], kind="stable")]
    start = np.searchsorted(cdus.loop[member], np.arange(len(plant.loops) + 1))
    count = np.diff(start)
    placed_cdus = cdus.box >= 0
    middle = np.zeros((len(cdus), 2))
    middle[placed_cdus] = middles_m(plant, cdus.box[placed_cdus])
    own = middles_m(plant, plant.racks.box[rack[at]])
    nearest = np.full(at.size, np.inf)
    for k in range(int(count.max(initial=0))):
        of_loop = loop[at]
        has = k < count[of_loop]
        unit = member[np.minimum(start[of_loop] + k, member.size - 1)]
        placed = has & placed_cdus[unit]
        apart = middle[unit] - own
        x, y = axes[0][at], axes[1][at]
        distance = np.abs(apart[:, 0] * x + apart[:, 1] * y) + np.abs(
            apart[:, 1] * x - apart[:, 0] * y
        )
        nearest = np.where(placed, np.minimum(nearest, distance), nearest)
    return np.where(np.isfinite(nearest), nearest, 0.0)


def middles_m(plant: Plant, box: Ints) -> Floats:
    """Middles of some boxes, shape (n, 2). [m]

    Notes
    -----
    Definition.
    """
    # Opposite corners: a box is a rectangle.
    corners = plant.boxes.corners_mm[box]
    return np.asarray((corners[:, 0] + corners[:, 2]) / (2.0 * MM_PER_M))
