"""The frame of a module: its rows, the spots in them, and the way to the world.

Origin at the front-left corner, x along the rows, y from front to back.
"""

import math
from dataclasses import dataclass, field

from layouts.canonical import angle_deg, length_mm
from layouts.document import Group

LEFT, RIGHT = "left", "right"


@dataclass(frozen=True, slots=True)
class Spot:
    """Where the front-left corner of a member is in the frame of its module."""

    x_mm: float
    y_mm: float
    rotation_deg: float


@dataclass(slots=True)
class Row:
    """One row in the frame of the module: where its front-left corner is and how it turns."""

    number: int
    x_mm: float
    y_mm: float
    turned: bool
    length_mm: float
    ends: dict[str, float] = field(default_factory=lambda: {LEFT: 0.0, RIGHT: 0.0})

    def place(self, along_mm: float, back_mm: float, width_mm: float) -> Spot:
        """The spot of a thing `along_mm` from the row's left end as the module sees it."""
        if self.turned:
            return Spot(self.x_mm + along_mm + width_mm, self.y_mm - back_mm, 180.0)
        return Spot(self.x_mm + along_mm, self.y_mm + back_mm, 0.0)

    def append(self, end: str, width_mm: float) -> Spot:
        """The next free spot at one end of the row."""
        taken = self.ends[end]
        self.ends[end] = taken + width_mm
        along = self.length_mm + taken if end == RIGHT else -taken - width_mm
        return self.place(along, 0.0, width_mm)

    def behind(self, back_mm: float) -> float:
        """The line parallel to the row, so far behind its front."""
        return self.y_mm - back_mm if self.turned else self.y_mm + back_mm


def spot_of(placement: Group) -> Spot:
    """The spot that an overridden placement names."""
    return Spot(placement["x_mm"], placement["y_mm"], placement.get("rotation_deg", 0.0))


def middle_of(spot: Spot, width_mm: float, depth_mm: float) -> tuple[float, float]:
    """The middle of a thing of this size that stands at a spot."""
    cos, sin = _cos_sin(spot.rotation_deg)
    x_mm, y_mm = width_mm / 2, depth_mm / 2
    return spot.x_mm + cos * x_mm - sin * y_mm, spot.y_mm + sin * x_mm + cos * y_mm


class Turn:
    """The way from the frame of a module to the world."""

    __slots__ = ("cos", "mirrored", "rotation_deg", "sin", "x_mm", "y_mm")

    def __init__(self, placement: Group) -> None:
        self.x_mm, self.y_mm = placement["x_mm"], placement["y_mm"]
        self.rotation_deg = placement.get("rotation_deg", 0)
        self.mirrored = bool(placement.get("mirrored", False))
        self.cos, self.sin = _cos_sin(self.rotation_deg)

    def of(self, spot: Spot, width_mm: float) -> dict[str, float]:
        """The world placement of a thing that stands at a spot."""
        x_mm, y_mm, rotation_deg = spot.x_mm, spot.y_mm, spot.rotation_deg
        if self.mirrored:
            cos, sin = _cos_sin(rotation_deg)
            x_mm, y_mm = -(x_mm + width_mm * cos), y_mm + width_mm * sin
            rotation_deg = -rotation_deg
        return {
            "x_mm": length_mm(self.x_mm + self.cos * x_mm - self.sin * y_mm),
            "y_mm": length_mm(self.y_mm + self.sin * x_mm + self.cos * y_mm),
            "rotation_deg": angle_deg(self.rotation_deg + rotation_deg),
        }

    def point(self, x_mm: float, y_mm: float) -> list[float]:
        """The world position of a point."""
        if self.mirrored:
            x_mm = -x_mm
        return [
            length_mm(self.x_mm + self.cos * x_mm - self.sin * y_mm),
            length_mm(self.y_mm + self.sin * x_mm + self.cos * y_mm),
        ]


def _cos_sin(rotation_deg: float) -> tuple[float, float]:
    """Cosine and sine, exact for quarter turns."""
    quarters = rotation_deg / 90
    if quarters == int(quarters):
        return ((1.0, 0.0), (0.0, 1.0), (-1.0, 0.0), (0.0, -1.0))[int(quarters) % 4]
    radians = rotation_deg * (math.pi / 180)
    return math.cos(radians), math.sin(radians)
