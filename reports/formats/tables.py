"""Schedules as CSV that a spreadsheet opens without running anything in it."""

import csv
import io
from collections.abc import Iterable, Sequence

from analysis.run_lengths import run_lengths
from analysis.schedule import bill_of_materials, rack_list
from reports.bundle import Bundle

Cell = str | int | float | None

# Spreadsheets take a text that starts with one of these for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")
# Spreadsheets read UTF-8 only when the file starts with this.
MARK = "\ufeff"

RACK_COLUMNS = (
    "tag", "hall", "row", "position", "tile", "product", "x_mm", "y_mm", "rotation_deg",
    "it_kw", "liquid_kw", "flow_lpm", "mass_kg", "feed_a", "feed_b", "loop", "id",
)  # fmt: skip
MATERIAL_COLUMNS = (
    "item", "description", "maker", "model", "product_id", "quantity", "unit", "width_mm",
    "depth_mm", "height_mm", "mass_kg", "total_mass_kg", "unit_price_usd", "total_price_usd",
    "source", "tags",
)  # fmt: skip


def safe(cell: Cell) -> Cell:
    """A cell that no spreadsheet takes for a formula; numbers stay numbers."""
    if isinstance(cell, str) and cell.startswith(FORMULA_STARTS):
        return f"'{cell}"
    return cell


def table(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A CSV file: UTF-8 with its mark, one line a row, every text made safe."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return (MARK + out.getvalue()).encode()


def write_racks(bundle: Bundle) -> bytes:
    """The rack list: where each rack stands, what it draws and what feeds it."""
    lines = rack_list(bundle.plant, bundle.document, bundle.result, bundle.products)
    return table(
        RACK_COLUMNS, ([getattr(line, column) for column in RACK_COLUMNS] for line in lines)
    )


def write_materials(bundle: Bundle) -> bytes:
    """The bill of materials: one line for each kind of thing, then metres of each size."""
    lines = bill_of_materials(bundle.plant, bundle.products, bundle.assumptions)
    pieces: list[list[Cell]] = [
            [
                line.item, line.description, line.maker, line.model, line.product_id,
                line.quantity, "piece", line.width_mm, line.depth_mm, line.height_mm,
                line.mass_kg, line.total_mass_kg, line.unit_price_usd, line.total_price_usd,
                line.source, " ".join(line.tags),
            ]
            for line in lines
    ]  # fmt: skip
    runs = run_lengths(bundle.plant, bundle.result, bundle.assumptions)
    metres: list[list[Cell]] = [
        [
            item, run.description, "", run.size, "", round(run.length_m, 1), "m",
            None, None, None, None, None, run.unit_price_usd, run.total_price_usd, run.source,
            " ".join(run.tags),
        ]
        for item, run in enumerate(runs, len(lines) + 1)
    ]  # fmt: skip
    return table(MATERIAL_COLUMNS, [*pieces, *metres])
