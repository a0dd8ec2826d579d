"""A campus of many halls, from parameters."""

import math
from typing import Any

from layouts.samples.drawing import Sheet, site
from layouts.samples.hall import BLOCK_DEPTH, BLOCK_WIDTH, TEMPLATE, draw_hall

HALLS_PER_GW = 44  # of 128 racks each: about 5,600 racks
RACK = "nvidia-gb300-nvl72"


def campus(*, gw: float, rack: str = RACK, variant: str | None = None) -> dict[str, Any]:
    """The design file of a campus; at least one hall."""
    halls = max(1, round(gw * HALLS_PER_GW))
    sheet = Sheet(3, f"Campus, {gw:g} GW")
    # Dry coolers alone do not reach the set-point on a design day of 38 °C.
    site(sheet, "us-tx", "adiabatic")
    racks = {"product_id": rack} | ({"variant": variant} if variant else {})
    unit_type = sheet.module_type(TEMPLATE, "Scalable unit, 16 racks", racks=racks)
    columns = math.ceil(math.sqrt(halls * BLOCK_DEPTH / BLOCK_WIDTH))
    for n in range(halls):
        row, column = divmod(n, columns)
        draw_hall(
            sheet,
            unit_type,
            f"H{n + 1:02d}",
            f"Hall {n + 1}",
            (column * (BLOCK_WIDTH + 6_000), row * (BLOCK_DEPTH + 6_000)),
        )
    return sheet.file()
