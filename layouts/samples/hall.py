"""A hall of eight scalable units: 128 GB300 racks, two sides of power, fan walls, dry coolers."""

from typing import Any

from layouts.samples.drawing import Sheet, placement, site

UNITS, COLUMNS = 8, 2
WIDTH, DEPTH = 26_400, 24_600
UNIT_WIDTH, UNIT_DEPTH = 6_600, 3_336
FIRST_X, FIRST_Y, PITCH_X, PITCH_Y = 4_200, 2_400, 9_000, 5_400
BAY = 3_000  # one unit's power equipment in a gallery
GALLERY = 19_800
YARD = 4_200
DRY_COOLERS, DRY_COOLERS_PER_ROW = 20, 4
FAN_WALLS = 6
WALL = 600  # from the feeders to the walls and rows that they follow
RACK_DEPTH, UPS_DEPTH, UPS_FROM_HALL = 1_068, 900, 2_400
ROW_STARTS, ROW_ENDS = 1_100, 500  # of a busway, a little inside its ends
TEMPLATE = "scalable-unit-2x8"
Corner = tuple[float, float]
BLOCK_WIDTH, BLOCK_DEPTH = 2 * (GALLERY + 6_000) + WIDTH, DEPTH + 24_000


def hall() -> dict[str, Any]:
    """The design file of one hall."""
    sheet = Sheet(2, "GB300 hall, 8 scalable units")
    site(sheet, "us-va")
    unit_type = sheet.module_type(TEMPLATE, "Scalable unit, 16 x GB300 NVL72")
    draw_hall(sheet, unit_type, "H1", "Hall 1", (0, 0), with_feeders=True)
    return sheet.file()


def draw_hall(
    sheet: Sheet, unit_type: str, tag: str, name: str, corner: Corner, *, with_feeders: bool = False
) -> None:
    """A hall with this front-left corner, galleries left and right, coolers behind."""
    x_mm, y_mm = corner
    _rooms(sheet, tag, name, corner)
    sources = {
        side: [_power(sheet, tag, side, n + 1, corner) for n in range(UNITS)] for side in ("A", "B")
    }
    for n in range(UNITS):
        at = _place(n, corner)
        module = sheet.add(
            "module",
            placement=placement(*at),
            identity={"tag": f"{tag}-SU{n + 1}"},
            type={"type_id": unit_type},
            overrides={
                f"busway-{side.lower()}-{row}": {"upstream": {"source": sources[side][n]}}
                for side in ("A", "B")
                for row in (1, 2)
            },
        )
        if with_feeders:
            _feeders(sheet, f"{tag}-SU{n + 1}", module, n, corner)
    _air(sheet, tag, corner, {side: ids[0] for side, ids in sources.items()})
    for n in range(DRY_COOLERS):
        row, place = divmod(n, DRY_COOLERS_PER_ROW)
        sheet.place(
            "dry_cooler",
            f"{tag}-DC-{n + 1:02d}",
            "generic-dry-cooler-2000",
            (x_mm - 16_800 + place * 15_600, y_mm + DEPTH + 4_200 + row * YARD, 0),
        )


def _rooms(sheet: Sheet, tag: str, name: str, corner: Corner) -> None:
    x, y = corner
    sheet.room(
        "hall",
        name,
        (x, y, WIDTH, DEPTH),
        hall={"height_mm": 5_400, "floor_load_limit_kpa": 15},
        tiles={"origin_x_mm": x, "origin_y_mm": y, "pitch_mm": 600, "first_letter": "AA"},
    )
    sheet.room("area", f"{name}, gallery A", (x - GALLERY, y, GALLERY, DEPTH))
    sheet.room("area", f"{name}, gallery B", (x + WIDTH, y, GALLERY, DEPTH))
    for n, along in enumerate((2_000, WIDTH - 4_400)):
        sheet.add(
            "door",
            placement=placement(x + along, y),
            door={"width_mm": 2_400, "swing": "double"},
            identity={"tag": f"{tag}-D{n + 1:02d}"},
        )


def _power(sheet: Sheet, tag: str, side: str, n: int, corner: Corner) -> str:
    """Transformer, switchboard and UPS of one unit on one side; the UPS."""
    x, y = corner
    west = side == "A"
    bay = y + 300 + (n - 1) * BAY

    def at(from_hall: float, width: float) -> tuple[float, float, float]:
        return (x - from_hall - width if west else x + WIDTH + from_hall, bay + 1_200, 0)

    transformer = sheet.place(
        "transformer",
        f"{tag}-TX-{side}{n}",
        "generic-transformer-3500",
        at(21_600, 2_500),
        side=side,
    )
    switchboard = sheet.place(
        "switchboard",
        f"{tag}-MSB-{side}{n}",
        "generic-switchboard-6300",
        at(12_000, 5_200),
        side=side,
        upstream={"source": transformer},
    )
    return sheet.place(
        "ups",
        f"{tag}-UPS-{side}{n}",
        "generic-ups-3000",
        at(2_400, 7_600),
        side=side,
        upstream={"source": switchboard},
    )


def _place(n: int, corner: Corner) -> Corner:
    """The front-left corner of a unit."""
    x_mm, y_mm = corner
    return x_mm + FIRST_X + n % COLUMNS * PITCH_X, y_mm + FIRST_Y + n // COLUMNS * PITCH_Y


def _feeders(sheet: Sheet, tag: str, module: str, n: int, corner: Corner) -> None:
    """From the UPSs of a unit along the walls and aisles to the ends of its busways."""
    x, y = _place(n, corner)
    from_y = corner[1] + 300 + n * BAY + 1_200 + UPS_DEPTH / 2
    for side, share in (("A", 1 / 3), ("B", 2 / 3)):
        west = side == "A"
        from_x = corner[0] + (-UPS_FROM_HALL if west else WIDTH + UPS_FROM_HALL)
        wall = corner[0] + (WALL if west else WIDTH - WALL)
        end = x + (ROW_STARTS if west else UNIT_WIDTH - 2 * ROW_ENDS)
        for row, aisle in ((1, y - WALL), (2, y + UNIT_DEPTH + WALL)):
            line = y + RACK_DEPTH * share if row == 1 else y + UNIT_DEPTH - RACK_DEPTH * share
            points = ((from_x, from_y), (wall, from_y), (wall, aisle), (end, aisle), (end, line))
            sheet.run(
                "feeder",
                f"{tag}-F-{side}{row}",
                points,
                feeder={"to": f"{module}/busway-{side.lower()}-{row}"},
            )


def _air(sheet: Sheet, tag: str, corner: Corner, sources: dict[str, str]) -> None:
    """Fan walls on both long sides, fed from a panel of each side."""
    x, y = corner
    panels = {}
    for side, at in (("A", (x + 600, y + 1_000, 90)), ("B", (x + WIDTH - 600, y + 1_900, 270))):
        panels[side] = sheet.place(
            "panel",
            f"{tag}-RPP-{side}-01",
            "generic-rpp-800",
            at,
            side=side,
            upstream={"source": sources[side]},
        )
    for n in range(FAN_WALLS):
        row, is_east = divmod(n, 2)
        from_y = y + 4_200 + row * 6_600
        at = (x + WIDTH - 1_480, from_y + 3_960, 270) if is_east else (x + 1_480, from_y, 90)
        sheet.place(
            "air_handler",
            f"{tag}-FW-{n + 1:02d}",
            "vertiv-liebert-cwa-ca80",
            at,
            feeds={"a": panels["A"], "b": panels["B"]},
        )
