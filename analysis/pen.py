"""The pen of every plan: strokes and words in millimetres of paper, out as SVG.

Pure. World coordinates are millimetres with Y up; the picture has Y down. A `Paint` names
the attributes of each style, so that one drawing goes to paper with fixed colours and to
a page with colours that follow the theme.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

import numpy as np
from numpy.typing import NDArray

from analysis.figures import number
from engine.plant import Floats

Point = Sequence[float] | Floats
Paint = Mapping[str, str]

# Heights of ISO 3098. [mm on paper]
TEXT_SIZES = (3.5, 2.5, 1.8)
GLYPH_WIDTH = 0.62  # of the text height, an average of the sans face used
DIMENSION_TICK = 1.2


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

    def __init__(self, frame: Frame, paint: Paint, reach: float = math.inf) -> None:
        """`reach`: strokes and words whose middle is farther outside are left out. [mm]"""
        self.frame = frame
        self._paint = paint
        self._reach = reach
        self._parts: list[str] = []
        self._paths: dict[str, list[str]] = {}

    def polygon(self, style: str, points: Iterable[Point]) -> None:
        """A closed outline."""
        self._path(style, points, "Z")

    def polyline(self, style: str, points: Iterable[Point]) -> None:
        """An open line."""
        self._path(style, points, "")

    def _path(self, style: str, points: Iterable[Point], end: str) -> None:
        corners = [self.frame.paper(point) for point in points]
        middle = sum(x for x, _ in corners), sum(y for _, y in corners)
        if self._is_out(middle[0] / len(corners), middle[1] / len(corners)):
            return
        text = "L".join(f"{_n(x)} {_n(y)}" for x, y in corners)
        self._paths.setdefault(style, []).append(f"M{text}{end}")

    def sees(self, points: Floats) -> NDArray[np.bool_]:
        """Whether points of the world lie in the picture or within reach of it, shape (n,)."""
        low = np.array([self.frame.x0, self.frame.y0]) - self._reach * self.frame.scale
        high = np.array([self.frame.x1, self.frame.y1]) + self._reach * self.frame.scale
        seen: NDArray[np.bool_] = np.all((points >= low) & (points <= high), axis=-1)
        return seen

    def _is_out(self, x: float, y: float) -> bool:
        return not (
            -self._reach <= x <= self.frame.width + self._reach
            and -self._reach <= y <= self.frame.height + self._reach
        )

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
        if self._is_out(x, y):
            return
        rotate = f' transform="rotate({_n(-turn)} {_n(x)} {_n(y)})"' if turn else ""
        self._parts.append(
            f'<text {self._paint[style]} x="{_n(x)}" y="{_n(y)}" dy="{_n(size * 0.36)}" '
            f'font-size="{_n(size)}" text-anchor={quoteattr(anchor)}{rotate}>{escape(text)}</text>'
        )

    def disc(self, style: str, at: Point, radius: float) -> None:
        """A filled circle of a size on paper."""
        x, y = self.frame.paper(at)
        if self._is_out(x, y):
            return
        self._parts.append(
            f'<circle {self._paint[style]} cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}"/>'
        )

    def balloon(self, style: str, at: Point, text: str, size: float) -> None:
        """A sign of a size on paper whose tip stands on a point, with words in it."""
        x, y = self.frame.paper(at)
        if self._is_out(x, y):
            return
        self._parts.append(
            f'<path {self._paint[style]} d="M{_n(x)} {_n(y)}l-1.4 -1.4a1.98 1.98 0 1 1 2.8 0Z"/>'
            f'<text {self._paint[f"{style}-label"]} x="{_n(x)}" y="{_n(y - 2.8)}" '
            f'dy="{_n(size * 0.36)}" font-size="{_n(size)}" text-anchor="middle">'
            f"{escape(text)}</text>"
        )

    def strokes(self) -> str:
        """All that was drawn, to be placed in a picture of the same frame."""
        self.flush()
        return "".join(self._parts)

    def svg(self, title: str, margin: float = 0.0) -> str:
        """The finished picture, as wide as its frame on paper and a margin."""
        width, height = self.frame.width + 2 * margin, self.frame.height + 2 * margin
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" '
            f'width="{_n(width)}mm" height="{_n(height)}mm" '
            f'viewBox="{_n(-margin)} {_n(-margin)} {_n(width)} {_n(height)}" '
            f'font-family="Inter" role="img" aria-label={quoteattr(title)}>'
            f"<title>{escape(title)}</title>{self.strokes()}</svg>"
        )


def _n(value: float) -> str:
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


SHARPEST = -0.7  # cosine of a turn beyond which a mitre would reach too far: the corner is cut


def beside(points: Floats, by: float) -> Floats:
    """A line moved sideways, to the left of its own direction for a positive distance."""
    along = np.diff(points, axis=0)
    length = np.hypot(along[:, 0], along[:, 1])
    along = along[length > 0.0] / length[length > 0.0, None]
    if not along.size:
        return points
    kept = points[np.append(True, length > 0.0)]
    normal = np.column_stack([-along[:, 1], along[:, 0]])
    before, after = np.vstack([normal[:1], normal]), np.vstack([normal, normal[-1:]])
    turn = (before * after).sum(axis=1)
    moved: list[Floats] = []
    for point, one, other, cos in zip(kept, before, after, turn.tolist(), strict=True):
        if cos < SHARPEST:
            moved += [point + by * one, point + by * other]
        else:
            moved.append(point + by / (1.0 + cos) * (one + other))
    return np.array(moved)


def fitting_size(text: str, along: float, across: float) -> float | None:
    """The largest text height whose words fit a box on paper; None when none does."""
    for size in TEXT_SIZES:
        if len(text) * GLYPH_WIDTH * size <= along - 0.6 and size * 1.15 <= across:
            return size
    return None


def upright(turn: float) -> float:
    """The same direction, readable from below or from the right."""
    turn = turn % 180.0
    return turn - 180.0 if turn > 90.0 + 1e-6 else turn


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
    turn = upright(math.degrees(math.atan2(uy, ux)))
    lift = 1.8 * pen.frame.scale
    up = (-math.sin(math.radians(turn)) * lift, math.cos(math.radians(turn)) * lift)
    middle = ((a[0] + b[0]) / 2 + up[0], (a[1] + b[1]) / 2 + up[1])
    pen.text("dimension-label", middle, number(length), TEXT_SIZES[1], turn=turn)
