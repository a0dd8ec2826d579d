"""Eight GB300 racks in one room, with all that keeps them running."""

from typing import Any

from layouts.samples.drawing import Sheet, placement, site

RACK, CDU, BUSWAY = "nvidia-gb300-nvl72", "generic-cdu-600", "generic-busway-2500"
ROOM_WIDTH, ROOM_DEPTH, SIDE_ROOM = 12_600, 9_600, 9_000
ROW_X, ROW_Y, RACK_WIDTH, RACK_DEPTH, CDU_WIDTH = 3_600, 3_600, 600, 1_068, 800
RACKS = 8


def pod() -> dict[str, Any]:
    """The design file of the pod."""
    sheet = Sheet(1, "GB300 pod, 8 racks")
    site(sheet, "us-va")
    _room(sheet)
    panels, busways = {}, {}
    for side in ("A", "B"):
        panels[side], busways[side] = _power(sheet, side)
    feeds = {"a": busways["A"], "b": busways["B"]}
    for n in range(RACKS):
        sheet.place(
            "rack",
            f"R01-{n + 1:02d}",
            RACK,
            (ROW_X + n * RACK_WIDTH, ROW_Y, 0),
            feeds=feeds,
            cooling={"loop": "TCS-1"},
        )
    row_end = ROW_X + RACKS * RACK_WIDTH
    for n, x in enumerate((ROW_X - CDU_WIDTH, row_end, row_end + CDU_WIDTH)):
        sheet.place(
            "cdu",
            f"CDU-{n + 1:02d}",
            CDU,
            (x, ROW_Y, 0),
            feeds=feeds,
            cooling={"loop": "TCS-1", "redundancy": 1},
        )
    behind, over = ROW_Y + RACK_DEPTH + 150, ROW_Y + 200
    first, last = ROW_X - CDU_WIDTH / 2, row_end + 1.5 * CDU_WIDTH
    sheet.run(
        "pipe",
        "P01",
        ((first, ROW_Y + 600), (first, behind), (last, behind), (last, ROW_Y + 600)),
        pipe={"loop": "TCS-1"},
    )
    sheet.run(
        "tray",
        "T01",
        ((ROW_X + RACK_WIDTH / 2, over), (row_end - RACK_WIDTH / 2, over)),
        tray={"width_mm": 600, "depth_mm": 100},
    )
    for n in range(3):
        sheet.place(
            "air_handler",
            f"CRAH-{n + 1:02d}",
            "generic-crah-100",
            (900 + n * 4_200, ROOM_DEPTH - 900, 0),
            feeds={"a": panels["A"], "b": panels["B"]},
        )
    for n in range(2):
        sheet.place(
            "dry_cooler",
            f"DC-{n + 1:02d}",
            "generic-dry-cooler-2000",
            (-6_600 + n * 13_800, 12_000, 0),
        )
    sheet.add(
        "note",
        placement=placement(ROW_X, 1_800),
        text={"text": "Cold side: keep 1,200 mm clear for service", "height_mm": 250},
    )
    sheet.add(
        "dimension",
        line={
            "from_x_mm": ROW_X,
            "from_y_mm": ROW_Y,
            "to_x_mm": row_end,
            "to_y_mm": ROW_Y,
            "offset_mm": -900,
        },
    )
    return sheet.file()


def _room(sheet: Sheet) -> None:
    sheet.room(
        "hall",
        "Hall 1",
        (0, 0, ROOM_WIDTH, ROOM_DEPTH),
        hall={"height_mm": 4_200, "floor_load_limit_kpa": 15},
        tiles={"origin_x_mm": 0, "origin_y_mm": 0, "pitch_mm": 600, "first_letter": "AA"},
    )
    sheet.room("area", "Electrical room A", (-SIDE_ROOM, 0, SIDE_ROOM, ROOM_DEPTH))
    sheet.room("area", "Electrical room B", (ROOM_WIDTH, 0, SIDE_ROOM, ROOM_DEPTH))
    for x in (1_200, 10_800):
        sheet.add(
            "column",
            placement=placement(x, 6_600),
            size={"width_mm": 600, "depth_mm": 600},
            identity={"tag": f"C{x // 600}"},
        )
    sheet.add(
        "door",
        placement=placement(5_400, 0),
        door={"width_mm": 1_800, "swing": "double"},
        identity={"tag": "D01"},
    )


def _power(sheet: Sheet, side: str) -> tuple[str, str]:
    """Transformer to busway on one side: rooms mirror each other across the hall."""
    west = side == "A"
    turn = 90 if west else 270

    def at(from_wall: float, width: float, y: float) -> tuple[float, float, float]:
        """Beside the hall, front to the hall; `from_wall` is where the front stands."""
        if west:
            return (-from_wall, y, turn)
        return (ROOM_WIDTH + from_wall, y + width, turn)

    transformer = sheet.place(
        "transformer", f"TX-{side}", "generic-transformer-2500", at(6_600, 2_200, 3_600), side=side
    )
    switchboard = sheet.place(
        "switchboard",
        f"MSB-{side}",
        "generic-switchboard-4000",
        at(3_900, 4_000, 3_000),
        side=side,
        upstream={"source": transformer},
    )
    ups = sheet.place(
        "ups",
        f"UPS-{side}1",
        "schneider-galaxy-vx-1500",
        at(1_500, 3_800, 3_000),
        side=side,
        upstream={"source": switchboard},
    )
    # Inside the hall, back to the wall.
    panel_at = (800, 3_600, 90) if west else (ROOM_WIDTH - 800, 4_600, 270)
    panel = sheet.place(
        "panel",
        f"RPP-{side}-01",
        "generic-panel-2500",
        panel_at,
        side=side,
        upstream={"source": ups},
    )
    back = RACK_DEPTH * (1 if west else 2) / 3 - 100
    busway = sheet.place(
        "busway",
        f"BW-{side}-01",
        BUSWAY,
        (ROW_X - CDU_WIDTH, ROW_Y + back, 0),
        side=side,
        upstream={"source": panel},
        size={
            "width_mm": RACKS * RACK_WIDTH + 3 * CDU_WIDTH,
            "depth_mm": 200,
            "height_mm": 250,
        },
    )
    return panel, busway
