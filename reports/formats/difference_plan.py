"""The plan of a difference on paper: the new state, ghosts of the old one, numbers, pins. Pure."""

from collections.abc import Iterable, Sequence

from reviews.overlay import (
    FAR_SCALE,
    MARGIN,
    SMALLEST_MARK,
    Mark,
    Pin,
    Side,
    frame_of,
    marks_of,
    pin_marks,
    plan_strokes,
)
from reviews.rollup import Line
from reviews.snapshots import FAR_PAINT, PAINT

ACCENT, SOFT, WRONG = "#0b5bd3", "#465162", "#750228"
LABEL_MM = 3.4
LOOKS = f"""
.ghost {{ fill: none; stroke: {SOFT}; stroke-width: .4; stroke-dasharray: 1.1 .8 }}
.fresh {{ fill: {ACCENT}; fill-opacity: .14; stroke: {ACCENT}; stroke-width: .4 }}
.arrow {{ fill: none; stroke: {ACCENT}; stroke-width: .4 }}
.sign {{ fill: #ffffff; stroke: {ACCENT}; stroke-width: .4 }}
.ring {{ fill: none; stroke: {ACCENT}; stroke-width: .35; stroke-dasharray: .8 .6 }}
.cloud {{ fill: none; stroke: {WRONG}; stroke-width: .5 }}
.open a > path {{ fill: {WRONG}; stroke: #ffffff; stroke-width: .3 }}
.open a > text {{ fill: #ffffff; font-weight: 600 }}
.resolved a > path {{ fill: #ffffff; stroke: {WRONG}; stroke-width: .3 }}
.resolved a > text {{ fill: {WRONG} }}
"""


def picture(old: Side, new: Side, lines: Iterable[Line], pins: Sequence[Pin]) -> str:
    """The plan as SVG; each line of the list stands on it with its number."""
    frame = frame_of(old, new)
    paint = FAR_PAINT if frame.scale > FAR_SCALE else PAINT
    numbers = {line.key: number for number, line in enumerate(lines, start=1)}
    marks = marks_of(old, new, lines, frame, paint)
    layers = [
        f'<g opacity="0.55">{plan_strokes(new, frame, paint)}</g>',
        *(mark.strokes + _ring(mark) for mark in marks),
        *(_number(mark, numbers[mark.line.key]) for mark in marks),
        *(
            f'<g class="{"open" if pin.is_open else "resolved"}">{mark}</g>'
            for pin, mark in zip(pins, pin_marks(pins, frame), strict=True)
        ),
    ]
    width, height = frame.width + 2 * MARGIN, frame.height + 2 * MARGIN
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.2f}mm" height="{height:.2f}mm" '
        f'viewBox="{-MARGIN:g} {-MARGIN:g} {width:.2f} {height:.2f}" font-family="Inter">'
        f"<style>{LOOKS}</style>{''.join(layers)}</svg>"
    )


def _ring(mark: Mark) -> str:
    left, top, width, height = mark.box_mm
    if max(width, height) >= SMALLEST_MARK:
        return ""
    middle = left + width / 2, top + height / 2
    return f'<circle class="ring" cx="{middle[0]:.2f}" cy="{middle[1]:.2f}" r="3"/>'


def _number(mark: Mark, number: int) -> str:
    """The number of a line in a small box at the upper left of what it changed."""
    left, top, _, _ = mark.box_mm
    width = LABEL_MM * (0.7 + 0.55 * len(str(number)))
    height = LABEL_MM * 1.25
    return (
        f'<rect x="{left - width:.2f}" y="{top - height:.2f}" width="{width:.2f}" '
        f'height="{height:.2f}" rx="0.5" fill="{ACCENT}"/>'
        f'<text x="{left - width / 2:.2f}" y="{top - height * 0.25:.2f}" text-anchor="middle" '
        f'font-size="{LABEL_MM}" font-weight="600" fill="#ffffff">{number}</text>'
    )
