"""The plan as vector graphics: one drawing for the sheet, the comparison and small pictures.

Pure. World coordinates are millimetres with Y up; the picture is in millimetres of paper
with Y down. A `Paint` names the attributes of each style, so that the same plan goes to
paper with fixed colours and to a page with classes that follow the theme.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from analysis.figures import number
from analysis.schedule import TileGrid, first_row, grids, letters
from engine.plant import FLOOR, OVERHEAD, ZONE, Floats, Plant
from layouts.document import Document

Point = Sequence[float] | Floats
Paint = Mapping[str, str]

# Heights of ISO 3098. [mm on paper]
TEXT_SIZES = (3.5, 2.5, 1.8)
GLYPH_WIDTH = 0.62  # of the text height, an average of the sans face used
DIMENSION_TICK = 1.2
ARC_STEPS = 12

EQUIPMENT_STYLES: Mapping[str, str] = {
    "rack": "rack",
    "cdu": "cdu",
    "air_handler": "air",
    "panel": "power",
    "busway": "busway",
    "ups": "power",
    "switchboard": "power",
    "transformer": "power",
    "generator": "power",
    "dry_cooler": "plant",
    "chiller": "plant",
    "column": "column",
    "containment": "containment",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The part of the world that is shown, and how much smaller. [mm]"""

    x0: float
    y0: float
    x1: float
    y1: float
    scale: float

    @property
    def width(self) -> float:
        """Width on paper. [mm]"""
        return (self.x1 - self.x0) / self.scale

    @property
    def height(self) -> float:
        """Height on paper. [mm]"""
        return (self.y1 - self.y0) / self.scale

    def paper(self, point: Point) -> tuple[float, float]:
        """A point of the world on paper."""
        return float(point[0] - self.x0) / self.scale, float(self.y1 - point[1]) / self.scale


class Pen:
    """Collects strokes by style; each layer of equal style becomes one path."""

    def __init__(self, frame: Frame, paint: Paint) -> None:
        self.frame = frame
        self._paint = paint
        self._parts: list[str] = []
        self._paths: dict[str, list[str]] = {}

    def polygon(self, style: str, points: Iterable[Point]) -> None:
        """A closed outline."""
        self._path(style, points, "Z")

    def polyline(self, style: str, points: Iterable[Point]) -> None:
        """An open line."""
        self._path(style, points, "")

    def _path(self, style: str, points: Iterable[Point], end: str) -> None:
        text = "L".join(f"{_n(x)} {_n(y)}" for x, y in map(self.frame.paper, points))
        self._paths.setdefault(style, []).append(f"M{text}{end}")

    def flush(self) -> None:
        """Put down what was collected; later strokes lie above."""
        for style, paths in self._paths.items():
            self._parts.append(f'<path {self._paint[style]} d="{"".join(paths)}"/>')
        self._paths.clear()

    def text(
        self,
        style: str,
        at: Point,
        text: str,
        size: float,
        *,
        turn: float = 0.0,
        anchor: str = "middle",
    ) -> None:
        """Words, `size` high on paper, centred on a point; `turn` counts counter-clockwise."""
        x, y = self.frame.paper(at)
        rotate = f' transform="rotate({_n(-turn)} {_n(x)} {_n(y)})"' if turn else ""
        self._parts.append(
            f'<text {self._paint[style]} x="{_n(x)}" y="{_n(y)}" dy="{_n(size * 0.36)}" '
            f'font-size="{_n(size)}" text-anchor={quoteattr(anchor)}{rotate}>{escape(text)}</text>'
        )

    def disc(self, style: str, at: Point, radius: float) -> None:
        """A filled circle of a size on paper."""
        x, y = self.frame.paper(at)
        self._parts.append(
            f'<circle {self._paint[style]} cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}"/>'
        )

    def svg(self, title: str, margin: float = 0.0) -> str:
        """The finished picture, as wide as its frame on paper and a margin."""
        self.flush()
        width, height = self.frame.width + 2 * margin, self.frame.height + 2 * margin
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" '
            f'width="{_n(width)}mm" height="{_n(height)}mm" '
            f'viewBox="{_n(-margin)} {_n(-margin)} {_n(width)} {_n(height)}" '
            f'font-family="Inter" role="img" aria-label={quoteattr(title)}>'
            f"<title>{escape(title)}</title>{''.join(self._parts)}</svg>"
        )


def _n(value: float) -> str:
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def extent(plant: Plant, document: Document) -> tuple[float, float, float, float]:
    """The rectangle around everything drawn; ten metres square for an empty design. [mm]"""
    points = [tuple(point) for outline in plant.halls.outline_mm for point in outline]
    points += [tuple(point) for corners in plant.boxes.corners_mm for point in corners]
    points += [tuple(point) for area in document.of_kind("area") for point in _outline(area)]
    if not points:
        return 0.0, 0.0, 10_000.0, 10_000.0
    xs, ys = [float(p[0]) for p in points], [float(p[1]) for p in points]
    return min(xs), min(ys), max(xs), max(ys)


def draw_plan(pen: Pen, plant: Plant, document: Document) -> None:
    """The whole plan: rooms, floor grid, equipment, openings, dimensions, words."""
    _rooms(pen, plant, document)
    _equipment(pen, plant)
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
        if hall_id in tiles:
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
    for level in (ZONE, FLOOR, OVERHEAD):
        for index in range(len(boxes)):
            if boxes.level[index] == level:
                pen.polygon(_style_of(plant, index, sides), boxes.corners_mm[index])
        pen.flush()
    for box in plant.racks.box:
        pen.polyline("rack-front", boxes.corners_mm[box][:2])
    pen.flush()


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


def fitting_size(text: str, along: float, across: float) -> float | None:
    """The largest text height whose words fit a box on paper; None when none does."""
    for size in TEXT_SIZES:
        if len(text) * GLYPH_WIDTH * size <= along - 0.6 and size * 1.15 <= across:
            return size
    return None


def _labels(pen: Pen, plant: Plant, document: Document) -> None:
    boxes, scale = plant.boxes, pen.frame.scale
    unlabelled: set[int] = set()
    for index in range(len(boxes)):
        tag = boxes.tag[index]
        if not tag or boxes.level[index] == ZONE:
            continue
        corners = boxes.corners_mm[index]
        width = math.dist(corners[0], corners[1]) / scale
        depth = math.dist(corners[1], corners[2]) / scale
        edge = corners[1] - corners[0] if width >= depth else corners[2] - corners[1]
        size = fitting_size(tag, max(width, depth), min(width, depth))
        if size is None:
            unlabelled.add(int(boxes.module[index]))
            continue
        turn = _upright(math.degrees(math.atan2(edge[1], edge[0])))
        pen.text("tag", corners.mean(axis=0), tag, size, turn=turn)
    _module_tags(pen, plant, unlabelled - {-1})
    for hall in document.of_kind("hall", "area"):
        _room_name(pen, hall)


def _upright(turn: float) -> float:
    """The same direction, readable from below or from the right."""
    turn = turn % 180.0
    return turn - 180.0 if turn > 90.0 + 1e-6 else turn


def _module_tags(pen: Pen, plant: Plant, modules: set[int]) -> None:
    """One name on a unit whose parts are too small for theirs."""
    boxes = plant.boxes
    for module in sorted(modules):
        corners = boxes.corners_mm[boxes.module == module].reshape(-1, 2)
        low, high = corners.min(axis=0), corners.max(axis=0)
        tag, room = plant.modules.tag[module], (high - low) / pen.frame.scale
        size = fitting_size(tag, float(room[0]), float(room[1]))
        if size is not None:
            pen.text("unit-tag", (low + high) / 2, tag, size)


def _room_name(pen: Pen, room: Mapping[str, object]) -> None:
    identity: Mapping[str, str] = room.get("identity") or {}  # type: ignore[assignment]
    name = identity.get("name", "")
    points = _outline(room)
    xs, ys = [p[0] for p in points], [p[1] for p in points]
    inset = 2.5 * pen.frame.scale
    if fitting_size(name, (max(xs) - min(xs)) / pen.frame.scale, 10.0) is not None:
        at = (min(xs) + inset, max(ys) - inset)
        pen.text("area-label", at, name.upper(), TEXT_SIZES[1], anchor="start")


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
            "note", at, text["text"], size, turn=_upright(place["rotation_deg"]), anchor="start"
        )
    pen.flush()


def dimension_line(pen: Pen, start: Point, end: Point, offset_mm: float) -> None:
    """A measured length with ticks, its figure in whole millimetres above the line."""
    length = math.dist(start, end)
    if length == 0.0:
        return
    ux, uy = (end[0] - start[0]) / length, (end[1] - start[1]) / length
    a = (start[0] - uy * offset_mm, start[1] + ux * offset_mm)
    b = (end[0] - uy * offset_mm, end[1] + ux * offset_mm)
    pen.polyline("dimension", (a, b))
    tick = DIMENSION_TICK * pen.frame.scale
    for point, foot in ((a, start), (b, end)):
        pen.polyline("dimension", (foot, point))
        slant = ((ux - uy) * tick / 2, (uy + ux) * tick / 2)
        pen.polyline(
            "dimension",
            (
                (point[0] - slant[0], point[1] - slant[1]),
                (point[0] + slant[0], point[1] + slant[1]),
            ),
        )
    turn = _upright(math.degrees(math.atan2(uy, ux)))
    lift = 1.8 * pen.frame.scale
    up = (-math.sin(math.radians(turn)) * lift, math.cos(math.radians(turn)) * lift)
    middle = ((a[0] + b[0]) / 2 + up[0], (a[1] + b[1]) / 2 + up[1])
    pen.text("dimension-label", middle, number(length), TEXT_SIZES[1], turn=turn)


def draw_markers(pen: Pen, marks: Iterable[tuple[int, Point]]) -> None:
    """Numbered discs, as in the list of findings."""
    for count, at in marks:
        size = TEXT_SIZES[-1]
        pen.disc("marker", at, 1.9)
        pen.text("marker-label", at, str(count), size)
