"""The plan as vector graphics: one drawing for the sheet, the comparison and small pictures.

Pure: plant and document in, strokes of a pen out.
"""

import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from analysis.pen import (
    GLYPH_WIDTH,
    TEXT_SIZES,
    Pen,
    Point,
    beside,
    dimension_line,
    fitting_size,
    upright,
)
from analysis.schedule import TileGrid, first_row, grids, letters
from engine.plant import FLOOR, OVERHEAD, ZONE, Floats, Plant
from layouts.document import Document

ARC_STEPS = 12
# From the middle of a run to each of its two pipes, as the editor draws them.
PIPE_APART_MM, PIPE_APART_BORES = 75.0, 0.75
PIPE_APART_PAPER_MM = 0.35
MM_PER_M = 1000.0

EQUIPMENT_STYLES: Mapping[str, str] = {
    "rack": "rack",
    "cdu": "cdu",
    "air_handler": "air",
    "panel": "power",
    "busway": "busway",
    "ups": "power",
    "rectifier": "power",
    "switchboard": "power",
    "transformer": "power",
    "generator": "power",
    "dry_cooler": "plant",
    "chiller": "plant",
    "column": "column",
    "containment": "containment",
}


def extent(plant: Plant, document: Document) -> tuple[float, float, float, float]:
    """The rectangle around everything drawn; ten metres square for an empty design. [mm]"""
    points = [tuple(point) for outline in plant.halls.outline_mm for point in outline]
    points += [tuple(point) for corners in plant.boxes.corners_mm for point in corners]
    for runs in (plant.pipes, plant.facility_pipes, plant.trays, plant.feeders):
        points += [tuple(point) for line in runs.points_mm for point in line]
    points += [tuple(point) for area in document.of_kind("area") for point in _outline(area)]
    if not points:
        return 0.0, 0.0, 10_000.0, 10_000.0
    xs, ys = [float(p[0]) for p in points], [float(p[1]) for p in points]
    return min(xs), min(ys), max(xs), max(ys)


def draw_plan(pen: Pen, plant: Plant, document: Document) -> None:
    """The whole plan: rooms, floor grid, equipment, openings, dimensions, words."""
    _rooms(pen, plant, document)
    _equipment(pen, plant)
    _runs(pen, plant)
    _doors(pen, plant)
    _labels(pen, plant, document)
    _measures(pen, document)


def _outline(element: Mapping[str, object]) -> Sequence[Sequence[float]]:
    outline: Mapping[str, Sequence[Sequence[float]]] = element["outline"]  # type: ignore[assignment]
    return outline["points_mm"]


def _rooms(pen: Pen, plant: Plant, document: Document) -> None:
    tiles = grids(document)
    for outline in plant.halls.outline_mm:
        pen.polygon("wall", outline)
    pen.flush()
    for hall_id, outline in zip(plant.halls.id, plant.halls.outline_mm, strict=True):
        if hall_id in tiles and pen.sees(outline.mean(axis=0)):
            _tile_grid(pen, tiles[hall_id], outline)
    for outline in plant.keepouts.outline_mm:
        pen.polygon("keepout", outline)
    for area in document.of_kind("area"):
        pen.polygon("area", _outline(area))
    pen.flush()


def _tile_grid(pen: Pen, grid: TileGrid, outline: Iterable[Point]) -> None:
    """Tile lines clipped to the room's rectangle, named along two sides as far as words fit."""
    points = [(float(x), float(y)) for x, y in outline]
    x0, x1 = min(x for x, _ in points), max(x for x, _ in points)
    y0, y1 = min(y for _, y in points), max(y for _, y in points)
    pitch, size = grid.pitch_mm, TEXT_SIZES[-1]
    rectangular = len(points) == 4
    if rectangular and pitch / pen.frame.scale >= 1.0:
        for x in _steps(grid.origin_x_mm, x0, x1, pitch):
            pen.polyline("grid", ((x, y0), (x, y1)))
        for y in _steps(grid.origin_y_mm, y0, y1, pitch):
            pen.polyline("grid", ((x0, y), (x1, y)))
    gap = 2.4 * pen.frame.scale
    every = _label_step(pitch / pen.frame.scale, 2 * GLYPH_WIDTH * size + 1.5)
    for column in range(max(0, math.ceil((x0 - grid.origin_x_mm) / pitch)), 10**4, every):
        x = grid.origin_x_mm + (column + 0.5) * pitch
        if x > x1:
            break
        pen.text("grid-label", (x, y1 + gap), f"{column + 1:02d}", size)
    every = _label_step(pitch / pen.frame.scale, size + 1.0)
    seed = first_row(grid.first_letter)
    for row in range(max(0, math.ceil((y0 - grid.origin_y_mm) / pitch)), 10**4, every):
        y = grid.origin_y_mm + (row + 0.5) * pitch
        if y > y1:
            break
        pen.text("grid-label", (x0 - gap, y), letters(row + seed), size, anchor="end")


def _steps(origin: float, low: float, high: float, pitch: float) -> Iterable[float]:
    first = math.ceil((low - origin) / pitch)
    last = math.floor((high - origin) / pitch)
    return (origin + index * pitch for index in range(first, last + 1))


def _label_step(pitch: float, needed: float) -> int:
    """Every, every second, fifth, tenth… tile, so that names keep apart."""
    for step in (1, 2, 5, 10, 20, 50, 100, 200, 500):
        if pitch * step >= needed:
            return step
    return 1_000


def _style_of(plant: Plant, index: int, sides: Mapping[str, str]) -> str:
    kind = plant.boxes.kind[index]
    style = EQUIPMENT_STYLES.get(kind, "plant")
    side = sides.get(plant.boxes.id[index], "").lower()
    return f"busway-{side}" if style == "busway" and side in ("a", "b") else style


def _equipment(pen: Pen, plant: Plant) -> None:
    sides = dict(zip(plant.power_nodes.id, plant.power_nodes.side, strict=True))
    boxes = plant.boxes
    seen = pen.sees(boxes.corners_mm.mean(axis=1))
    for level in (ZONE, FLOOR, OVERHEAD):
        for index in np.flatnonzero(seen & (boxes.level == level)).tolist():
            pen.polygon(_style_of(plant, index, sides), boxes.corners_mm[index])
        pen.flush()
    for box in plant.racks.box[seen[plant.racks.box]]:
        pen.polyline("rack-front", boxes.corners_mm[box][:2])
    pen.flush()


def _runs(pen: Pen, plant: Plant) -> None:
    for style, runs in (("tray", plant.trays), ("feeder", plant.feeders)):
        for points in runs.points_mm:
            if pen.sees(points.mean(axis=0)):
                pen.polyline(style, points)
    for style, pipes in (("facility-pipe", plant.facility_pipes), ("pipe", plant.pipes)):
        for points, bore_m in zip(pipes.points_mm, pipes.bore_m.tolist(), strict=True):
            if pen.sees(points.mean(axis=0)):
                apart = pipe_offset_mm(bore_m, pen.frame.scale)
                pen.polyline(style, beside(points, apart))
                pen.polyline(f"{style}-return", beside(points, -apart))
    pen.flush()


def pipe_offset_mm(bore_m: float, scale: float) -> float:
    """From the middle of a run to each of its two pipes; they stay apart on the smallest plan."""
    return max(PIPE_APART_MM, PIPE_APART_BORES * MM_PER_M * bore_m, PIPE_APART_PAPER_MM * scale)


def _doors(pen: Pen, plant: Plant) -> None:
    doors = plant.doors
    for index in range(len(doors)):
        width = float(doors.width_mm[index])
        place = _placer(doors.origin_mm[index], float(doors.rotation_deg[index]))
        pen.polyline("opening", (place(0.0, 0.0), place(width, 0.0)))
        pen.flush()
        for leaf in _leaves(doors.swing[index], width):
            pen.polyline("door", [place(x, y) for x, y in leaf])
    pen.flush()


def _leaves(swing: str, width: float) -> Iterable[list[tuple[float, float]]]:
    """Leaf and sweep of each wing, along the wall in local x, opening to local +y."""
    if swing == "sliding":
        return [[(0.0, 0.0), (width, 0.0)], [(width * 0.1, 60.0), (width * 0.9, 60.0)]]
    if swing == "double":
        return [_wing(0.0, width / 2, 1.0), _wing(width, width / 2, -1.0)]
    return [_wing(width, width, -1.0)] if swing == "right" else [_wing(0.0, width, 1.0)]


def _wing(hinge: float, length: float, sense: float) -> list[tuple[float, float]]:
    quarter = [math.pi / 2 * (1 - step / ARC_STEPS) for step in range(ARC_STEPS + 1)]
    return [(hinge, 0.0)] + [
        (hinge + sense * length * math.cos(angle), length * math.sin(angle)) for angle in quarter
    ]


class _placer:  # noqa: N801  - reads as the function it is
    def __init__(self, origin: Point, rotation_deg: float) -> None:
        self._x, self._y = float(origin[0]), float(origin[1])
        self._cos = math.cos(math.radians(rotation_deg))
        self._sin = math.sin(math.radians(rotation_deg))

    def __call__(self, x: float, y: float) -> tuple[float, float]:
        return self._x + self._cos * x - self._sin * y, self._y + self._sin * x + self._cos * y


def _labels(pen: Pen, plant: Plant, document: Document) -> None:
    boxes, scale = plant.boxes, pen.frame.scale
    for index in np.flatnonzero(pen.sees(boxes.corners_mm.mean(axis=1))).tolist():
        if boxes.level[index] == ZONE or boxes.kind[index] == "column":
            continue
        corners = boxes.corners_mm[index]
        width = math.dist(corners[0], corners[1]) / scale
        depth = math.dist(corners[1], corners[2]) / scale
        edge = corners[1] - corners[0] if width >= depth else corners[2] - corners[1]
        for tag in _short_tags(plant, index):
            size = fitting_size(tag, max(width, depth), min(width, depth))
            if size is not None:
                turn = upright(math.degrees(math.atan2(edge[1], edge[0])))
                pen.text("tag", corners.mean(axis=0), tag, size, turn=turn)
                break
    _module_tags(pen, plant)
    for room in document.of_kind("hall", "area"):
        _room_name(pen, plant, room)


def _short_tags(plant: Plant, index: int) -> Sequence[str]:
    """The tag of a thing; of a member, what comes after the name of its module."""
    tag, module = plant.boxes.tag[index], int(plant.boxes.module[index])
    if not tag:
        return ()
    prefix = f"{plant.modules.tag[module]}-" if module >= 0 else ""
    return (tag.removeprefix(prefix),) if prefix else (tag,)


def _module_tags(pen: Pen, plant: Plant) -> None:
    """The name of each unit: in its aisle, or over it where the middle is taken."""
    boxes = plant.boxes
    for module, tag in enumerate(plant.modules.tag):
        members = np.flatnonzero(boxes.module == module)
        if not len(members) or not tag:
            continue
        corners = boxes.corners_mm[members].reshape(-1, 2)
        if not pen.sees(corners.mean(axis=0)):
            continue
        low, high = corners.min(axis=0), corners.max(axis=0)
        middle = (low + high) / 2
        room = (high - low) / pen.frame.scale
        size = fitting_size(tag, float(room[0]), 10.0)
        if size is None:
            continue
        floor = members[boxes.level[members] != ZONE]
        if _is_taken(boxes.corners_mm[floor], middle, middle):
            middle = np.array([middle[0], high[1] + size * pen.frame.scale])
        pen.text("unit-tag", middle, tag, size)


def _spaced_width(name: str, size: float) -> float:
    """The width on paper of a room's name, which is set apart by wider spacing."""
    return len(name) * (GLYPH_WIDTH * size + 0.4)


def _is_taken(corners: Floats, low: Floats, high: Floats) -> bool:
    """Whether a rectangle touches the rectangle around any of some boxes."""
    if not len(corners):
        return False
    meets = (corners.min(axis=1) <= high) & (corners.max(axis=1) >= low)
    return bool(meets.all(axis=1).any())


def _room_name(pen: Pen, plant: Plant, room: Mapping[str, object]) -> None:
    """The name of a room in the first of its corners that nothing stands in."""
    identity: Mapping[str, str] = room.get("identity") or {}  # type: ignore[assignment]
    name = identity.get("name", "").upper()
    outline = np.array(_outline(room))
    low, high = outline.min(axis=0), outline.max(axis=0)
    scale = pen.frame.scale
    room_mm = float(high[0] - low[0]) / scale - 3.0
    sizes = [size for size in TEXT_SIZES[1:] if _spaced_width(name, size) <= room_mm]
    if not name or not sizes or not pen.sees(outline.mean(axis=0)):
        return
    size = sizes[0]
    width = _spaced_width(name, size) * scale
    inset, height = 1.5 * scale, size * scale
    spots = [
        (x, y)
        for y in (high[1] - inset - height, low[1] + inset)
        for x in (low[0] + inset, high[0] - inset - width)
    ]
    for x, y in spots:
        corner = np.array([x, y])
        far = np.array([x + width, y + height])
        if not _is_taken(plant.boxes.corners_mm, corner, far):
            pen.text("area-label", (x, y + height / 2), name, size, anchor="start")
            return


def _measures(pen: Pen, document: Document) -> None:
    for dimension in document.of_kind("dimension"):
        line = dimension["line"]
        dimension_line(
            pen,
            (line["from_x_mm"], line["from_y_mm"]),
            (line["to_x_mm"], line["to_y_mm"]),
            line.get("offset_mm", 0.0),
        )
    for note in document.of_kind("note"):
        place, text = note["placement"], note["text"]
        size = max(TEXT_SIZES[-1], text["height_mm"] / pen.frame.scale)
        at = (place["x_mm"], place["y_mm"] + text["height_mm"] / 2)
        pen.text(
            "note", at, text["text"], size, turn=upright(place["rotation_deg"]), anchor="start"
        )
    pen.flush()


def draw_markers(pen: Pen, marks: Iterable[tuple[int, Point]]) -> None:
    """Numbered discs, as in the list of findings."""
    for count, at in marks:
        size = TEXT_SIZES[-1]
        pen.disc("marker", at, 1.9)
        pen.text("marker-label", at, str(count), size)


def draw_comments(pen: Pen, marks: Iterable[tuple[str, Point]]) -> None:
    """Numbered balloons, as in the list of comments."""
    for number, at in marks:
        pen.balloon("comment", at, number, TEXT_SIZES[-1])
