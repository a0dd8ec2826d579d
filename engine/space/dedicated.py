"""The space over electrical equipment that pipes stay out of."""

from collections.abc import Iterator
from typing import Final

import numpy as np
import shapely

from engine.findings import Finding
from engine.memory import NO_MEMORY, Memory
from engine.plant import Floats, Ints, PipeRuns, Plant, corners_of
from engine.provenance import listing
from engine.rules import Rule, RuleSet
from engine.space.runs import MM_PER_M, segments_of

CHECK: Final = "dedicated-space"
EQUIPMENT: Final = ("panel", "switchboard")
LEAST_MM: Final = 1.0  # along the pipe; less is contact


def pipes_over_equipment(
    plant: Plant, rules: RuleSet, memory: Memory | None = None
) -> Iterator[Finding]:
    """Pipes of coolant and facility water that cross panels or switchboards.

    Parameters
    ----------
    plant : Plant
        Drawn pipes and equipment.
    rules : RuleSet
        The rule of the check "dedicated-space"; a set may have none.
    memory : Memory or None
        As for `engine.evaluate.evaluate`.

    Yields
    ------
    Finding
        One per panel or switchboard and kind of pipe.

    Notes
    -----
    Definition. A pipe counts unless its stated elevation lies above the equipment by more than the
    rule's height.
    """
    rule = next((each for each in rules.rules.values() if each.check == CHECK), None)
    if rule is not None:
        for pipes in (plant.pipes, plant.facility_pipes):
            yield from _over(plant, pipes, rule, memory)


def _over(plant: Plant, pipes: PipeRuns, rule: Rule, memory: Memory | None) -> Iterator[Finding]:
    boxes = plant.boxes
    rows = np.flatnonzero(boxes.is_kind(*EQUIPMENT)) if len(pipes) else np.zeros(0, int)
    if not rows.size:
        return
    segments = segments_of(pipes.points_mm)
    start = segments.start_m * MM_PER_M
    end = start + segments.along_m * MM_PER_M
    corners = (memory or NO_MEMORY).zone("below pipes", corners_of, boxes, rows)
    segment, place = _near(start, end, corners)
    box = rows[place]
    run = segments.run[segment]
    below = pipes.elevation_mm[run] <= boxes.height_mm[box] + rule.value
    segment, box, run, place = segment[below], box[below], run[below], place[below]
    crossed = shapely.intersection(
        shapely.linestrings(np.stack([start[segment], end[segment]], axis=1)),
        shapely.polygons(corners[place]),
    )
    hits = np.flatnonzero(shapely.length(crossed) > LEAST_MM)
    for row in np.unique(box[hits]).tolist():
        over = np.unique(run[hits[box[hits] == row]]).tolist()
        x, y = corners[rows.searchsorted(row)].mean(axis=0).tolist()
        tags = tuple(pipes.tag[i] for i in over)
        yield rule.finding(
            element_ids=[*(pipes.id[i] for i in over), boxes.id[row]],
            measured=0.0,
            at_mm=(x, y),
            subject=listing(tags),
            verb="crosses" if len(tags) == 1 else "cross",
            other=boxes.tag[row] or boxes.kind[row],
        )


def _near(start: Floats, end: Floats, corners: Floats) -> tuple[Ints, Ints]:
    """Pairs of segments and rectangles whose bounds meet, found along x: mostly there are none."""
    low, high = corners.min(axis=1), corners.max(axis=1)
    order = np.argsort(low[:, 0])
    widest = float((high - low)[:, 0].max())
    least, most = np.minimum(start, end), np.maximum(start, end)
    first = np.searchsorted(low[order, 0], least[:, 0] - widest)
    count = np.searchsorted(low[order, 0], most[:, 0], "right") - first
    segment = np.repeat(np.arange(len(start)), count)
    skip = np.repeat(first - (np.cumsum(count) - count), count)
    other = order[np.arange(segment.size) + skip]
    meets = (low[other] <= most[segment]) & (high[other] >= least[segment])
    both = meets[:, 0] & meets[:, 1]
    return segment[both], other[both]
