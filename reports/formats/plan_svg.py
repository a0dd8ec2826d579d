"""The plan on a sheet: which scale, which part of the sheet, and the picture."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from analysis.drawing import draw_comments, draw_markers, draw_plan, extent
from analysis.pen import Frame, Paint, Pen, Point, dimension_line
from engine.plant import Floats
from reports.bundle import Bundle, Sheet
from reports.talks import Talk

Bounds = tuple[float, float, float, float]  # x0, y0, x1, y1 in the world [mm]

# Trimmed sizes of ISO 216, landscape; filing margin, other margins and fields of ISO 5457. [mm]
SIZES: Mapping[Sheet, tuple[float, float]] = {"A3": (420.0, 297.0), "A1": (841.0, 594.0)}
FIELDS: Mapping[Sheet, tuple[int, int]] = {"A3": (8, 6), "A1": (16, 12)}
MARGIN_LEFT, MARGIN = 20.0, 10.0
TITLE_WIDTH, TITLE_HEIGHT = 180.0, 62.0
PICTURE_MARGIN = 14.0  # around the plan, for tile names and outer dimensions
REACH = 9.0  # how far outside its frame a stroke may have its middle
HALL_SHEETS = 60
MARKERS = 99  # numbered findings that one sheet shows


# Line widths of ISO 128. [mm]
THIN, MEDIUM, PIPE, BROAD, WALL = 0.13, 0.18, 0.25, 0.35, 0.7
INK, SOFT, FAINT, RULE = "#12161C", "#465162", "#7C8797", "#D5DBE3"
SIDE_A, SIDE_B, AIR, TCS, AMBER = "#A72A0B", "#0453E0", "#3A6EA5", "#0E6B66", "#7A5F00"
SUPPLY, RETURN, FWS = "#0453E0", "#A72A0B", "#0F7A4D"  # as on the screen
MARK = "#750228"


def _shape(stroke: str, width: float, fill: str = "none", *, dash: str = "", tint: str = "") -> str:
    """The attributes of a line and its filling; `tint` is the opacity of the filling."""
    parts = [f'fill="{fill}" stroke="{stroke}" stroke-width="{width}"']
    if dash:
        parts.append(f'stroke-dasharray="{dash}"')
    if tint:
        parts.append(f'fill-opacity="{tint}"')
    return " ".join(parts)


def _words(fill: str, more: str = "") -> str:
    return f'fill="{fill}"{more}'


# Words over lines stand on paper of their own.
HALO = ' stroke="#FFFFFF" stroke-width="0.7" stroke-linejoin="round" paint-order="stroke"'


PAPER: Paint = {
    "grid": _shape(RULE, THIN / 2),
    "grid-label": _words(SOFT),
    "wall": _shape(INK, WALL, "#FFFFFF"),
    "area": _shape(FAINT, MEDIUM, dash="2 1"),
    "area-label": _words(SOFT, f' letter-spacing="0.3"{HALO}'),
    "keepout": _shape(MARK, MEDIUM, "#F6E3EE", dash="1.2 0.8"),
    "containment": _shape("#A75A0B", MEDIUM, "#F7EBDD", dash="0.6 0.6"),
    "rack": _shape(INK, MEDIUM, "#E9EDF1"),
    "rack-front": _shape(INK, BROAD),
    "cdu": _shape(TCS, MEDIUM, "#DDF1EF"),
    "air": _shape(AIR, MEDIUM, "#E4EEFB"),
    "power": _shape(AMBER, MEDIUM, "#FBF3D9"),
    "plant": _shape(SOFT, MEDIUM, "#EEF1F5"),
    "busway": _shape(AMBER, MEDIUM),
    "busway-a": _shape(SIDE_A, MEDIUM, SIDE_A, tint="0.16"),
    "busway-b": _shape(SIDE_B, MEDIUM, SIDE_B, tint="0.14", dash="1.5 0.7"),
    "pipe": _shape(SUPPLY, PIPE),
    "pipe-return": _shape(RETURN, PIPE, dash="1.6 0.6 0.4 0.6"),
    "facility-pipe": _shape(FWS, PIPE),
    "facility-pipe-return": _shape(FWS, PIPE, dash="1.6 0.6 0.4 0.6"),
    "tray": _shape(FAINT, MEDIUM, dash="2.4 0.8"),
    "feeder": _shape(AMBER, BROAD, dash="3 0.8"),
    "column": _shape(INK, THIN, SOFT),
    "door": _shape(INK, MEDIUM),
    "opening": _shape("#FFFFFF", WALL * 1.6),
    "dimension": _shape(SOFT, THIN),
    "dimension-label": _words(INK, HALO),
    "tag": _words(INK, HALO),
    "unit-tag": _words(INK, f' font-weight="600"{HALO}'),
    "note": _words(INK, HALO),
    "marker": _shape("#FFFFFF", MEDIUM, MARK),
    "marker-label": _words("#FFFFFF", ' font-weight="600"'),
    "comment": _shape("#FFFFFF", MEDIUM, SIDE_B),
    "comment-label": _words("#FFFFFF", ' font-weight="600"'),
}


def _thinner(attributes: str) -> str:
    if HALO in attributes:
        return attributes
    return re.sub(
        r'stroke-width="([\d.]+)"', lambda m: f'stroke-width="{float(m[1]) / 3:.3f}"', attributes
    )


def _solid(attributes: str) -> str:
    """A shape as one flat tone of its line's colour; what has no filling keeps its line."""
    if HALO in attributes:
        return attributes
    if 'fill="none"' in attributes or 'fill="#FFFFFF"' in attributes or "stroke=" not in attributes:
        return _thinner(attributes)
    colour = attributes.split('stroke="')[1].split('"', maxsplit=1)[0]
    return f'fill="{colour}" fill-opacity="0.45" stroke="none"'


# Where racks are two millimetres deep and less, full lines would fill them.
OVERVIEW: Paint = {style: _thinner(attributes) for style, attributes in PAPER.items()}
OVERVIEW_SCALE = 500.0
FAR: Paint = {style: _solid(attributes) for style, attributes in PAPER.items()}
FAR_SCALE = 2_000.0
SHORTEST_DIMENSION = 25.0  # on paper


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanSheet:
    """A plan drawn to a standard scale, ready to be placed on its sheet. [mm on paper]"""

    title: str
    svg: str
    scale: float
    width: float
    height: float
    area_width: float
    area_height: float
    title_beside: bool  # title block in a column on the right instead of a strip below


def standard_scales() -> Iterator[float]:
    """Reduction scales of ISO 5455: 1:1, 1:2, 1:5 and their tens."""
    for power in range(7):
        for step in (1.0, 2.0, 5.0):
            yield step * 10.0**power


def smallest_scale(width_mm: float, height_mm: float, area: tuple[float, float]) -> float:
    """The largest standard picture of a part of the world that fits an area of paper."""
    room_x, room_y = area[0] - 2 * PICTURE_MARGIN, area[1] - 2 * PICTURE_MARGIN
    needed = max(width_mm / room_x, height_mm / room_y)
    return next(scale for scale in standard_scales() if scale >= needed)


def plan_sheets(bundle: Bundle) -> list[PlanSheet]:
    """The whole plan, then every hall that a sheet of its own shows larger."""
    whole = _sheet(bundle, "General arrangement", extent(bundle.plant, bundle.document))
    halls = bundle.plant.halls
    rooms = list(zip(halls.name, halls.outline_mm, strict=True))[:HALL_SHEETS]
    sheets = [_sheet(bundle, name, _around(outline)) for name, outline in rooms]
    return [whole, *(sheet for sheet in sheets if sheet.scale < whole.scale)]


def _paint_at(scale: float) -> Paint:
    """The lines that a plan of this scale can bear."""
    if scale >= FAR_SCALE:
        return FAR
    return PAPER if scale < OVERVIEW_SCALE else OVERVIEW


def _around(outline: Floats) -> Bounds:
    (x0, y0), (x1, y1) = outline.min(axis=0).tolist(), outline.max(axis=0).tolist()
    return x0, y0, x1, y1


def _sheet(bundle: Bundle, title: str, bounds: Bounds) -> PlanSheet:
    """A part of the plan on its sheet, in whichever arrangement shows it larger."""
    x0, y0, x1, y1 = bounds
    width, height = SIZES[bundle.sheet]
    inner = (width - MARGIN_LEFT - MARGIN, height - 2 * MARGIN)
    below = (inner[0], inner[1] - TITLE_HEIGHT)
    beside = (inner[0] - TITLE_WIDTH, inner[1])
    scale_below = smallest_scale(x1 - x0, y1 - y0, below)
    scale_beside = smallest_scale(x1 - x0, y1 - y0, beside)
    title_beside = scale_beside < scale_below
    area = beside if title_beside else below
    frame = Frame(x0=x0, y0=y0, x1=x1, y1=y1, scale=min(scale_below, scale_beside))
    pen = Pen(frame, _paint_at(frame.scale), reach=REACH)
    draw_plan(pen, bundle.plant, bundle.document)
    _outer_dimensions(pen, bundle)
    pen.flush()
    draw_markers(pen, markers(bundle.result))
    draw_comments(pen, comment_marks(bundle.talks))
    return PlanSheet(
        title=title,
        svg=pen.svg(f"{title}, scale 1:{frame.scale:.0f}", PICTURE_MARGIN),
        scale=frame.scale,
        width=frame.width + 2 * PICTURE_MARGIN,
        height=frame.height + 2 * PICTURE_MARGIN,
        area_width=area[0],
        area_height=area[1],
        title_beside=title_beside,
    )


def _outer_dimensions(pen: Pen, bundle: Bundle) -> None:
    """Width and depth of each rectangular hall, outside its walls."""
    gap = 7.0 * pen.frame.scale
    for outline in bundle.plant.halls.outline_mm:
        (x0, y0), (x1, y1) = outline.min(axis=0).tolist(), outline.max(axis=0).tolist()
        if len(outline) == 4 and (x1 - x0) / pen.frame.scale > SHORTEST_DIMENSION:
            dimension_line(pen, (x0, y0), (x1, y0), -gap)
            dimension_line(pen, (x1, y0), (x1, y1), -gap)


def markers(result: Mapping[str, Any]) -> list[tuple[int, Point]]:
    """The findings that have a place, by the number they have in the list."""
    return [
        (number, finding["at_mm"])
        for number, finding in enumerate(result["findings"][:MARKERS], start=1)
        if finding.get("at_mm")
    ]


def comment_marks(talks: Iterable[Talk]) -> list[tuple[str, Point]]:
    """Where the open comments stand, by number."""
    is_open = [talk for talk in talks if talk["state"] == "open"]
    return [(talk["number"], talk["at_mm"]) for talk in is_open[:MARKERS]]


def thumbnail(bundle: Bundle, width: float, height: float) -> str:
    """The plan without words, as large as it fits, for the cover."""
    x0, y0, x1, y1 = extent(bundle.plant, bundle.document)
    scale = max((x1 - x0) / (width - 2.0), (y1 - y0) / (height - 2.0))
    frame = Frame(x0=x0, y0=y0, x1=x1, y1=y1, scale=scale)
    pen = _Wordless(frame, FAR if scale >= FAR_SCALE else OVERVIEW)
    draw_plan(pen, bundle.plant, bundle.document)
    return pen.svg(f"Plan of {bundle.design_name}, not to scale", 1.0)


class _Wordless(Pen):
    """Leaves out what would be too small to read."""

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
        """Nothing: a small picture has no words."""


def scale_bar(scale: float, longest: float) -> tuple[float, int]:
    """Length of one part of a scale bar [m], and how many parts; at most so long on paper [mm]."""
    parts = 5
    most = longest * scale / 1_000.0 / parts
    power = 10.0 ** math.floor(math.log10(most))
    step = max(factor for factor in (1.0, 2.0, 5.0) if factor * power <= most) * power
    return step, parts
