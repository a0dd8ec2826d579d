"""The schematic of a coolant loop: which loops look alike, and where each thing stands.

Pure functions on the `loops` part of `engine.systems.system_views`. CDUs stand on the left, one
below the other; the two mains run beside them; each row of racks hangs on them to the right, in
the order in which its header reaches the racks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MARGIN = 12
CDU_WIDTH, CDU_HEIGHT = 196, 76
MAINS = 64  # between CDUs and racks: two mains
RACK_WIDTH, RACK_HEIGHT, RACK_PITCH = 22, 30, 26
LINE_RACKS = 24  # racks of a row before it goes on below
ROW_HEAD, ROW_FOOT = 18, 12
GAP = 12
ROW_WORDS = 520  # room for the words over a row
HEAD = 20  # for what the mains carry
SHORT = 0.05  # of the flow asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """One thing in its place. Pixels from the top left."""

    kind: str  # cdu, rack or row
    row: int  # header of a rack
    index: int  # among the CDUs, the headers, or the racks of a header
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Schematic:
    """One loop, drawn."""

    spots: tuple[Spot, ...]
    supply_x: float
    return_x: float
    top_y: float
    bottom_y: float
    width: float
    height: float


def schematic(loop: Mapping[str, Any]) -> Schematic:
    """Where the CDUs, rows and racks of a loop stand."""
    spots: list[Spot] = []
    top = MARGIN + HEAD
    y: float = top
    for index in range(len(loop["cdus"])):
        spots.append(
            Spot(kind="cdu", row=-1, index=index, x=MARGIN, y=y, width=CDU_WIDTH, height=CDU_HEIGHT)
        )
        y += CDU_HEIGHT + GAP
    bottom = y
    left = MARGIN + CDU_WIDTH + MAINS
    y, right = top, float(left + CDU_WIDTH)
    for row, header in enumerate(loop["headers"]):
        found = _row(row, len(header["racks"]), left, y)
        spots += found
        y = max(spot.y + spot.height for spot in found) + GAP
        right = max(right, *(spot.x + spot.width for spot in found))
    bottom = max(bottom, y)
    return Schematic(
        spots=tuple(spots),
        supply_x=MARGIN + CDU_WIDTH + MAINS / 3,
        return_x=MARGIN + CDU_WIDTH + 2 * MAINS / 3,
        top_y=top,
        bottom_y=bottom,
        width=right + MARGIN,
        height=bottom + MARGIN,
    )


def _row(row: int, racks: int, left: float, y: float) -> list[Spot]:
    """The racks of one header, in lines, under the words about it."""
    lines = -(-racks // LINE_RACKS)
    columns = min(racks, LINE_RACKS)
    spots = [
        Spot(
            kind="rack",
            row=row,
            index=i,
            x=left + i % LINE_RACKS * RACK_PITCH,
            y=y + ROW_HEAD + i // LINE_RACKS * (RACK_HEIGHT + 4),
            width=RACK_WIDTH,
            height=RACK_HEIGHT,
        )
        for i in range(racks)
    ]
    height = ROW_HEAD + lines * (RACK_HEIGHT + 4) + ROW_FOOT
    width = max(columns * RACK_PITCH, ROW_WORDS)
    spots.insert(0, Spot(kind="row", row=row, index=row, x=left, y=y, width=width, height=height))
    return spots


def lack(rack: Mapping[str, Any]) -> float:
    """Share of the flow it asks for that a rack does not get."""
    asked = rack["asked_lpm"]
    return max(1.0 - rack["given_lpm"] / asked, 0.0) if asked > 0.0 else 0.0


def band(rack: Mapping[str, Any]) -> str:
    """Whether a rack is well: ok, short of flow, or too warm."""
    if lack(rack) > SHORT:
        return "short"
    is_hot = rack["return_c"] is not None and rack["return_c"] > rack["return_max_c"]
    return "hot" if is_hot else "ok"


def alike(loops: Sequence[Mapping[str, Any]], at: str = "") -> list[list[int]]:
    """Places of loops that look alike, in the order of the first; the one of `at` by itself."""
    groups: dict[tuple[Any, ...], list[int]] = {}
    for place, loop in enumerate(loops):
        own = place if at and holds(loop, at) else -1
        groups.setdefault((*_likeness(loop), own), []).append(place)
    found = list(groups.values())
    return sorted(found, key=lambda places: not (at and holds(loops[places[0]], at)))


def holds(loop: Mapping[str, Any], at: str) -> bool:
    """Whether an element, or a name, is of a loop."""
    return (
        loop["id"] == at
        or any(cdu["id"] == at for cdu in loop["cdus"])
        or any(row["pipe_id"] == at for row in loop["headers"])
        or any(rack["id"] == at for row in loop["headers"] for rack in row["racks"])
    )


def _likeness(loop: Mapping[str, Any]) -> tuple[Any, ...]:
    """What is told of a loop, rounded to what is read."""
    return (
        round(loop["heat_kw"]),
        round(loop["flow_lpm"]),
        loop["binds"],
        tuple((round(cdu["load_kw"]), cdu["binds"]) for cdu in loop["cdus"]),
        tuple(
            (row["resistance_factor"], *(_rack_likeness(rack) for rack in row["racks"]))
            for row in loop["headers"]
        ),
    )


def _rack_likeness(rack: Mapping[str, Any]) -> tuple[Any, ...]:
    return round(rack["asked_lpm"]), round(rack["given_lpm"]), band(rack)
