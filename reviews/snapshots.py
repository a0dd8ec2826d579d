"""Pictures of places on a plan, as PNG: what a BCF reader sees before it opens the model. Pure."""

import re
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from analysis.drawing import draw_plan
from analysis.pen import Pen
from reviews.overlay import FAR, MARGIN, REACH, THEMED, Side, frame_of

WIDTH_MM, HEIGHT_MM = 120.0, 90.0
PIXELS_PER_INCH = 200.0  # 945 by 709 pixels: a reader may refuse more than 1,500
ENLARGED = 2.5  # against the whole plan

# The light theme on white paper.
COLOURS: Mapping[str, str] = {
    "canvas": "#ffffff",
    "sf2": "#e9edf1",
    "text": "#12161c",
    "text2": "#465162",
    "text3": "#5c6878",
    "line2": "#7c8797",
    "accent": "#0b5bd3",
    "power": "#a78307",
    "supply": "#0453e0",
    "return": "#a72a0b",
    "water": "#0f7a4d",
    "air": "#1b9992",
    "viol": "#750228",
    "grid": "#eef1f5",
    "wall": "#6b7686",
    "part": "#7f8ea3",
}
PIXELS_PER_MM = 4.0  # what the widths of the screen's paint are divided by
_MEASURES = re.compile(r'(stroke-width|stroke-dasharray)="([\d. ]+)"')


def _on_paper(attributes: str) -> str:
    """The attributes of a style with fixed colours, and widths in millimetres."""
    coloured = re.sub(r"var\(--(\w+)\)", lambda match: COLOURS[match[1]], attributes)
    return _MEASURES.sub(
        lambda match: (
            f'{match[1]}="'
            + " ".join(f"{float(each) / PIXELS_PER_MM:g}" for each in match[2].split())
            + '"'
        ),
        coloured,
    )


PAINT = {style: _on_paper(attributes) for style, attributes in THEMED.items()}
FAR_PAINT = {style: _on_paper(attributes) for style, attributes in FAR.items()}


def view_height_mm(side: Side) -> float:
    """How much of the world a snapshot shows from below to above. [mm]"""
    return frame_of(side).scale * HEIGHT_MM / ENLARGED


def snapshots(side: Side, places: Sequence[tuple[int, float, float]]) -> list[bytes]:
    """One picture around each numbered place, with its number in a disc."""
    if not places:
        return []
    import typst

    frame = frame_of(side)
    pen = Pen(frame, PAINT, reach=REACH)
    draw_plan(pen, side.plant, side.document)
    width = (frame.width + 2 * MARGIN) * ENLARGED
    pages = []
    for number, x_mm, y_mm in places:
        x, y = frame.paper((x_mm, y_mm))
        dx = WIDTH_MM / 2 - (x + MARGIN) * ENLARGED
        dy = HEIGHT_MM / 2 - (y + MARGIN) * ENLARGED
        pages.append(
            f'#place(dx: {dx:.2f}mm, dy: {dy:.2f}mm, image("plan.svg", width: {width:.2f}mm))'
            f"#place(dx: {WIDTH_MM / 2 - 3}mm, dy: {HEIGHT_MM / 2 - 3}mm, "
            f'circle(radius: 3mm, fill: rgb("{COLOURS["accent"]}"), '
            f"align(center + horizon, text(fill: white, size: 8pt, [{number:d}]))))"
        )
    size = f"width: {WIDTH_MM}mm, height: {HEIGHT_MM}mm, margin: 0mm, fill: white"
    source = f"#set page({size})\n" + "\n#pagebreak()\n".join(pages)
    with tempfile.TemporaryDirectory(prefix="plenum-snapshots-") as folder:
        Path(folder, "plan.svg").write_text(pen.svg("Plan", MARGIN), encoding="utf-8")
        main = Path(folder, "main.typ")
        main.write_text(source, encoding="utf-8")
        # One page comes back as bytes, several as a list of them.
        made: Any = typst.compile(str(main), format="png", ppi=PIXELS_PER_INCH)
    return [bytes(page) for page in (made if isinstance(made, list) else [made])]
