"""The plan that the holder of a link sees.

Pure: a document and its plant in, a picture in the colours of the page out.
"""

from analysis.drawing import draw_plan
from analysis.pen import Pen
from reviews.overlay import FAR, FAR_SCALE, MARGIN, REACH, THEMED, Side, frame_of


def plan_of(side: Side, title: str) -> str:
    """The whole plan as SVG."""
    frame = frame_of(side)
    pen = Pen(frame, FAR if frame.scale > FAR_SCALE else THEMED, reach=REACH)
    draw_plan(pen, side.plant, side.document)
    return pen.svg(title, MARGIN)
