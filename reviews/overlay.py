"""The plan of both sides in one picture: two plans to swipe between, and what changed on top.

Pure. Both plans and the marks share one frame, in millimetres of paper with Y down; the page
moves a divider over the two plans and shows one line of the changes at a time.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

import numpy as np

from analysis.drawing import MM_PER_M, draw_plan, extent, pipe_offset_mm
from analysis.pen import Frame, Paint, Pen, Point, beside
from engine.plant import Floats, Plant
from layouts.document import Document, Element, owner_of
from reviews.rollup import Line

PICTURE_MM = (230.0, 170.0)  # what a plan is drawn for; the page scales it
MARGIN = 8.0
SAME_MM = 0.05  # half the grid of the document
REACH = 9.0
FAR_SCALE = 1_000.0
PIN_MM = 6.4  # across a pin, with the gap to the next one [mm of paper]
CLOUD_ARC = 4.0  # width of one arc of a revision cloud on paper [mm]
SMALLEST_MARK = 2.4  # a thing smaller than that on paper is ringed [mm]

# Widths are pixels of the screen: the page keeps them, however far it zooms.
THEMED: Paint = {
    "grid": 'fill="none" stroke="var(--grid)" stroke-width="0.48"',
    "grid-label": 'fill="var(--text3)"',
    "wall": 'fill="none" stroke="var(--wall)" stroke-width="4"',
    "area": 'fill="none" stroke="var(--line2)" stroke-width="0.6" stroke-dasharray="8 4"',
    "area-label": 'fill="var(--text3)" letter-spacing="0.3"',
    "keepout": 'fill="var(--viol)" fill-opacity="0.08" stroke="var(--viol)" stroke-width="0.72" '
    'stroke-dasharray="4.8 3.2"',
    "containment": 'fill="var(--return)" fill-opacity="0.07" stroke="var(--return)" '
    'stroke-width="0.6" stroke-dasharray="2.4 2.4"',
    "rack": 'fill="var(--sf2)" stroke="var(--part)" stroke-width="0.72"',
    "rack-front": 'fill="none" stroke="var(--part)" stroke-width="1.4"',
    "cdu": 'fill="var(--sf2)" stroke="var(--supply)" stroke-width="1"',
    "air": 'fill="var(--sf2)" stroke="var(--air)" stroke-width="1"',
    "power": 'fill="var(--sf2)" stroke="var(--power)" stroke-width="1"',
    "plant": 'fill="var(--sf2)" stroke="var(--line2)" stroke-width="1"',
    "busway": 'fill="none" stroke="var(--power)" stroke-width="1"',
    "busway-a": 'fill="var(--power)" fill-opacity="0.18" stroke="var(--power)" stroke-width="1"',
    "busway-b": 'fill="var(--power)" fill-opacity="0.08" stroke="var(--power)" stroke-width="1" '
    'stroke-dasharray="6 2.8"',
    "pipe": 'fill="none" stroke="var(--supply)" stroke-width="1.2"',
    "pipe-return": 'fill="none" stroke="var(--return)" stroke-width="1.2" '
    'stroke-dasharray="6 2 1.5 2"',
    "facility-pipe": 'fill="none" stroke="var(--water)" stroke-width="1.2"',
    "facility-pipe-return": 'fill="none" stroke="var(--water)" stroke-width="1.2" '
    'stroke-dasharray="6 2 1.5 2"',
    "tray": 'fill="none" stroke="var(--line2)" stroke-width="1.2" stroke-dasharray="9 3"',
    "feeder": 'fill="none" stroke="var(--power)" stroke-width="1.4" stroke-dasharray="11 3"',
    "column": 'fill="var(--wall)" stroke="none"',
    "door": 'fill="none" stroke="var(--wall)" stroke-width="0.8"',
    "opening": 'fill="none" stroke="var(--canvas)" stroke-width="5.6"',
    "dimension": 'fill="none" stroke="var(--text3)" stroke-width="0.52"',
    "dimension-label": 'fill="var(--text2)"',
    "tag": 'fill="var(--text2)"',
    "unit-tag": 'fill="var(--text)" font-weight="600"',
    "note": 'fill="var(--text2)"',
    "ghost": 'class="ghost"',
    "fresh": 'class="fresh"',
    "arrow": 'class="arrow"',
    "sign": 'class="sign"',
}

# Where a rack is a few tenths of a millimetre, its outline would be all that one sees.
FAR: Paint = {
    **THEMED,
    **{
        style: f'fill="var({colour})" fill-opacity="0.5" stroke="none"'
        for style, colour in (
            ("rack", "--part"),
            ("cdu", "--supply"),
            ("air", "--air"),
            ("power", "--power"),
            ("plant", "--line2"),
            ("busway-a", "--power"),
            ("busway-b", "--power"),
        )
    },
    "rack-front": 'fill="none" stroke="none"',
    "wall": 'fill="none" stroke="var(--wall)" stroke-width="1.6"',
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two plans."""

    document: Document
    plant: Plant


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """A numbered mark of a comment, with the address it leads to."""

    number: int
    x_mm: float
    y_mm: float
    href: str
    label: str
    is_open: bool
    area_mm: tuple[tuple[float, float], ...] = ()
    is_cloud: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What one line of the changes looks like on the plan, and the room it takes on paper."""

    line: Line
    strokes: str
    box_mm: tuple[float, float, float, float]  # left, top, width, height


def overlay(old: Side, new: Side, lines: Sequence[Line], pins: Iterable[Pin] = ()) -> str:
    """The picture: `[data-layer]` old and new, and one `[data-change]` for each line."""
    frame = frame_of(old, new)
    paint = FAR if frame.scale > FAR_SCALE else THEMED
    is_one = new.document == old.document
    if is_one:
        plans = {"both": plan_strokes(new, frame, paint)}
    else:
        plans = {"old": plan_strokes(old, frame, paint), "new": plan_strokes(new, frame, paint)}
    layers = [f'<g data-layer="{name}">{strokes}</g>' for name, strokes in plans.items()]
    marks = [_group(mark) for mark in marks_of(old, new, lines, frame, paint)]
    pinned = pin_marks(pins, frame)
    width, height = frame.width + 2 * MARGIN, frame.height + 2 * MARGIN
    box = f"{-MARGIN:g} {-MARGIN:g} {width:.2f} {height:.2f}"
    title = "The plan" if is_one else "Plan of both sides, meeting at the divider"
    role = "group" if pinned else "img"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" data-box="{box}" '
        f'data-frame="{frame.x0:g} {frame.y1:g} {frame.scale:g}" font-family="Inter Variable" '
        f'role="{role}" aria-label={quoteattr(title)}>{"".join(layers)}'
        f'<g data-layer="marks">{"".join(marks)}</g>'
        f'<g data-layer="pins">{"".join(pinned)}</g></svg>'
    )


def marks_of(old: Side, new: Side, lines: Iterable[Line], frame: Frame, paint: Paint) -> list[Mark]:
    """The marks of those lines that have a place on the plan."""
    places = _places(old), _places(new)
    found = (_mark(line, places, frame, paint) for line in lines)
    return [mark for mark in found if mark is not None]


def _group(mark: Mark) -> str:
    left, top, width, height = mark.box_mm
    ring = ""
    if max(width, height) < SMALLEST_MARK:
        middle = left + width / 2, top + height / 2
        ring = f'<circle class="ring" cx="{middle[0]:.2f}" cy="{middle[1]:.2f}" r="3"/>'
    return (
        f'<g data-change="{mark.line.key}" data-how="{mark.line.how}" '
        f'data-box="{left:.2f} {top:.2f} {width:.2f} {height:.2f}">'
        f"<title>{escape(mark.line.title)}</title>{mark.strokes}{ring}</g>"
    )


def frame_of(*sides: Side) -> Frame:
    """The rectangle around everything that is drawn on any side."""
    bounds = [extent(side.plant, side.document) for side in sides]
    x0, y0 = min(b[0] for b in bounds), min(b[1] for b in bounds)
    x1, y1 = max(b[2] for b in bounds), max(b[3] for b in bounds)
    scale = max((x1 - x0) / PICTURE_MM[0], (y1 - y0) / PICTURE_MM[1], 1.0)
    return Frame(x0=x0, y0=y0, x1=x1, y1=y1, scale=scale)


def plan_strokes(side: Side, frame: Frame, paint: Paint) -> str:
    """The plan of one side."""
    pen = Pen(frame, paint, reach=REACH)
    draw_plan(pen, side.plant, side.document)
    return pen.strokes()


def _places(side: Side) -> Mapping[str, list[Floats]]:
    """Every rectangle or outline by the element that it belongs to; members by their module."""
    found: dict[str, list[Floats]] = {}
    for id_, corners in zip(side.plant.boxes.id, side.plant.boxes.corners_mm, strict=True):
        found.setdefault(owner_of(id_), []).append(corners)
    for id_, element in side.document.elements.items():
        if id_ not in found and (outline := outline_of(element)) is not None:
            found[id_] = [outline]
    return found


def outline_of(element: Element) -> Floats | None:
    """Corners of an element that the plant has no rectangle for."""
    if outline := element.get("outline"):
        return np.array(outline["points_mm"], dtype=float)
    if path := element.get("path"):
        there = np.array(path["points_mm"], dtype=float)
        if pipe := element.get("pipe"):
            apart = pipe_offset_mm(pipe.get("bore_mm", 0.0) / MM_PER_M, 0.0)
            return np.concatenate([beside(there, apart), beside(there, -apart)[::-1]])
        return np.concatenate([there, there[-2:0:-1]])  # closed by going back the same way
    if line := element.get("line"):
        ends = [[line["from_x_mm"], line["from_y_mm"]], [line["to_x_mm"], line["to_y_mm"]]]
        return np.array(ends, dtype=float)
    if place := element.get("placement"):
        x, y, half = place["x_mm"], place["y_mm"], 200.0
        return np.array(
            [[x - half, y - half], [x + half, y - half], [x + half, y + half], [x - half, y + half]]
        )
    return None


def _mark(
    line: Line,
    places: tuple[Mapping[str, list[Floats]], Mapping[str, list[Floats]]],
    frame: Frame,
    paint: Paint,
) -> Mark | None:
    pen = Pen(frame, paint)
    before, after = ({id_: side[id_] for id_ in line.element_ids if id_ in side} for side in places)
    for id_, shapes in before.items():
        if line.how in ("removed", "moved"):
            _shapes(pen, "ghost", shapes)
        if line.how == "moved" and id_ in after:
            _arrow(pen, np.concatenate(shapes), np.concatenate(after[id_]))
    for shapes in after.values():
        if line.how != "removed":
            _shapes(pen, "fresh", shapes)
        if line.how == "changed":
            _triangle(pen, np.concatenate(shapes))
    strokes = pen.strokes()
    if not strokes:
        return None
    corners = np.concatenate([shape for side in (before, after) for shape in sum_of(side)])
    (x0, y1), (x1, y0) = frame.paper(corners.min(axis=0)), frame.paper(corners.max(axis=0))
    return Mark(line=line, strokes=strokes, box_mm=(x0, y0, x1 - x0, y1 - y0))


def sum_of(side: Mapping[str, list[Floats]]) -> list[Floats]:
    """All shapes of one side."""
    return [shape for shapes in side.values() for shape in shapes]


def _shapes(pen: Pen, style: str, shapes: Iterable[Floats]) -> None:
    for shape in shapes:
        pen.polygon(style, shape)


def _arrow(pen: Pen, start: Floats, end: Floats) -> None:
    here, there = start.mean(axis=0), end.mean(axis=0)
    length = float(np.hypot(*(there - here)))
    if length < SAME_MM:
        return
    along = (there - here) / length
    head = min(2.0 * pen.frame.scale, length / 2)
    across = np.array([-along[1], along[0]]) * head / 2
    tip: list[Point] = [there - along * head + across, there, there - along * head - across]
    pen.polyline("arrow", (here, there))
    pen.polyline("arrow", tip)


def _triangle(pen: Pen, corners: Floats) -> None:
    x, y = corners.max(axis=0)
    size = 2.0 * pen.frame.scale
    pen.polygon("sign", ((x - size, y), (x, y), (x - size / 2, y + size)))


def pin_marks(pins: Iterable[Pin], frame: Frame) -> list[str]:
    """The marks of comments; those in one place stand side by side, so that each is seen."""
    crowd: Counter[tuple[int, int]] = Counter()
    marks = []
    for pin in pins:
        x, y = frame.paper((pin.x_mm, pin.y_mm))
        spot = round(x / PIN_MM * 2), round(y / PIN_MM * 2)
        marks.append(_pin_mark(pin, frame, (x, y), crowd[spot] * PIN_MM))
        crowd[spot] += 1
    return marks


def _pin_mark(pin: Pin, frame: Frame, place: tuple[float, float], aside: float) -> str:
    """The mark of a comment, with the outline or cloud of its area."""
    x, y = place
    state = "open" if pin.is_open else "resolved"
    area = ""
    if pin.area_mm:
        path = _cloud(pin, frame) if pin.is_cloud else _outline(pin, frame)
        area = f'<path class="cloud" d="{path}"/>'
    return area + (
        f"<a href={quoteattr(pin.href)} data-pin={quoteattr(str(pin.number))} "
        f'data-state="{state}" aria-label={quoteattr(pin.label)} '
        f'transform="translate({x:.2f} {y:.2f})">'
        f"<title>{escape(pin.label)}</title>"
        f'<path d="M{aside:g} 0l-2.2 -2.2a3 3 0 1 1 4.4 0Z"/>'
        f'<text x="{aside:g}" y="-3.2" text-anchor="middle" font-size="3">{pin.number}</text></a>'
    )


def _outline(pin: Pin, frame: Frame) -> str:
    corners = [frame.paper(point) for point in pin.area_mm]
    return "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in corners) + "Z"


def _cloud(pin: Pin, frame: Frame) -> str:
    """The outline as a revision cloud: arcs that bulge outwards, whichever way it was drawn."""
    corners = [frame.paper(point) for point in pin.area_mm]
    pairs = list(zip(corners, [*corners[1:], corners[0]], strict=True))
    turn = sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairs)
    sweep = 1 if turn > 0 else 0
    parts = [f"M{corners[0][0]:.2f} {corners[0][1]:.2f}"]
    for (x0, y0), (x1, y1) in pairs:
        length = float(np.hypot(x1 - x0, y1 - y0))
        arcs = max(1, round(length / CLOUD_ARC))
        radius = length / arcs * 0.6
        for step in range(1, arcs + 1):
            x, y = x0 + (x1 - x0) * step / arcs, y0 + (y1 - y0) * step / arcs
            parts.append(f"A{radius:.2f} {radius:.2f} 0 0 {sweep} {x:.2f} {y:.2f}")
    return "".join(parts) + "Z"


def under(plant: Plant, point: tuple[float, float]) -> str | None:
    """The smallest thing that a point of the plan lies in; None on bare floor."""
    boxes = plant.boxes
    if not len(boxes.id):
        return None
    corners = boxes.corners_mm
    edges = np.roll(corners, -1, axis=1) - corners
    to = np.array(point) - corners
    turns = edges[..., 0] * to[..., 1] - edges[..., 1] * to[..., 0]
    inside = np.all(turns >= 0, axis=1) | np.all(turns <= 0, axis=1)
    if not inside.any():
        return None
    sizes = np.hypot(*(corners[:, 1] - corners[:, 0]).T) * np.hypot(
        *(corners[:, 2] - corners[:, 1]).T
    )
    index = int(np.where(inside, sizes, np.inf).argmin())
    return boxes.id[index]
