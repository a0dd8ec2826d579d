"""The runs of a module: the pipes behind its rows and the trays over them.

Pure geometry in the frame of the module. The editor lays the same runs in the browser; the
golden cases of the modules hold both to it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from layouts.canonical import length_mm
from layouts.document import Group
from layouts.module_frame import LEFT, RIGHT, Row, Spot

PIPE_BEHIND_MM = 150.0
"""From the rear line of a row to the pipes that serve it."""

TRAY_BEHIND_FRONT_MM = 200.0
TRAY_SIZE: Group = {"width_mm": 600, "depth_mm": 100}

Point = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """The middle of a CDU, the row it stands in, and the end of that row."""

    slot: str
    row: int
    end: str
    x_mm: float
    y_mm: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A pipe or tray in the frame of its module."""

    slot: str
    kind: str
    tag: str  # what follows the module's tag
    points_mm: tuple[Point, ...]
    groups: Mapping[str, Group]
    line_mm: float = 0.0  # y of the part along the racks, of a pipe that begins at a CDU
    span_mm: tuple[float, float] = (0.0, 0.0)  # x of the middles of the row's outermost racks
    start: str = ""  # slot of the CDU at either end
    end: str = ""


def station(slot: str, row: Row, end: str, spot: Spot, size_mm: tuple[float, float]) -> Station:
    """Where the pipes reach a CDU of this width and depth that stands at a spot."""
    width_mm, depth_mm = size_mm
    half = width_mm / 2
    x_mm = spot.x_mm - half if row.turned else spot.x_mm + half
    y_mm = spot.y_mm - depth_mm / 2 if row.turned else spot.y_mm + depth_mm / 2
    return Station(slot=slot, row=row.number, end=end, x_mm=x_mm, y_mm=y_mm)


def followed(run: Run, moved: Mapping[str, Point]) -> tuple[Point, ...]:
    """The points of a run whose CDUs may have been moved, by slot to where their middles are.

    A run follows a CDU that stays beyond the racks on its side; one that is taken elsewhere needs
    a pipe of its own.
    """
    first, last = run.points_mm[0], run.points_mm[-1]
    start, end = (
        moved[slot] if slot in moved and _is_beyond(run.span_mm, planned, moved[slot]) else planned
        for slot, planned in ((run.start, first), (run.end, last))
    )
    if (start, end) == (first, last):
        return run.points_mm
    points = [start, (start[0], run.line_mm), (end[0], run.line_mm)]
    return _without_repeats([*points, end] if run.end else points)


def _is_beyond(span_mm: tuple[float, float], planned: Point, moved: Point) -> bool:
    low, high = span_mm
    return moved[0] <= low if planned[0] <= low else moved[0] >= high


def pipes(
    rows: Sequence[Row], stations: Sequence[Station], rack_width_mm: float, rack_depth_mm: float
) -> Iterable[Run]:
    """One pair of pipes behind each row, from its CDUs along the racks.

    A row without a CDU of its own is reached from the first one. Rows that each have their own are
    joined by a header across the middle of the aisle: what one CDU lacks, the others give.
    """
    for row in rows if stations else ():
        own = [unit for unit in stations if unit.row == row.number] or [stations[0]]
        # The unit added last at an end stands outermost.
        outermost = {unit.end: unit for unit in own}
        start = outermost[own[0].end]
        other = outermost.get(LEFT if start.end == RIGHT else RIGHT)
        y_mm = row.behind(rack_depth_mm + PIPE_BEHIND_MM)
        points = [(start.x_mm, start.y_mm), (start.x_mm, y_mm)]
        if other is not None:
            points += [(other.x_mm, y_mm), (other.x_mm, other.y_mm)]
        elif start.end == LEFT:
            points.append((row.x_mm + row.length_mm - rack_width_mm / 2, y_mm))
        else:
            points.append((row.x_mm + rack_width_mm / 2, y_mm))
        yield Run(
            slot=f"pipe-{row.number}",
            kind="pipe",
            tag=f"P{row.number}",
            points_mm=_without_repeats(points),
            groups={},
            line_mm=y_mm,
            span_mm=(row.x_mm + rack_width_mm / 2, row.x_mm + row.length_mm - rack_width_mm / 2),
            start=start.slot,
            end=other.slot if other else "",
        )
    served = [row for row in rows if any(unit.row == row.number for unit in stations)]
    if len(served) > 1:
        yield Run(
            slot="pipe-header",
            kind="pipe",
            tag="PH",
            points_mm=tuple(
                (row.x_mm + row.length_mm / 2, row.behind(rack_depth_mm + PIPE_BEHIND_MM))
                for row in served
            ),
            groups={},
        )


def trays(rows: Sequence[Row], rack_width_mm: float, per_row: int) -> Iterable[Run]:
    """One tray over each row, from the middle of its first rack to that of its last."""
    inset_mm = rack_width_mm / 2 if per_row > 1 else 0.0
    for row in rows:
        y_mm = row.behind(TRAY_BEHIND_FRONT_MM)
        ends = ((row.x_mm + inset_mm, y_mm), (row.x_mm + row.length_mm - inset_mm, y_mm))
        yield Run(
            slot=f"tray-{row.number}",
            kind="tray",
            tag=f"T{row.number}",
            points_mm=ends,
            groups={"tray": TRAY_SIZE},
        )


def _without_repeats(points: Sequence[Point]) -> tuple[Point, ...]:
    kept: list[Point] = []
    for x_mm, y_mm in points:
        if not kept or (length_mm(x_mm), length_mm(y_mm)) != (
            length_mm(kept[-1][0]),
            length_mm(kept[-1][1]),
        ):
            kept.append((x_mm, y_mm))
    return tuple(kept)
