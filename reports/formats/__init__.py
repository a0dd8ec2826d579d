"""The formats of reports: each is one module with `write(bundle)`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from reports.bundle import Bundle
from reports.formats import design_json, pdf, tables


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """How a format is written and what a browser is told about it."""

    write: Callable[[Bundle], bytes]
    media_type: str
    suffix: str


FORMATS: Mapping[str, Kind] = {
    "pdf": Kind(write=pdf.write, media_type="application/pdf", suffix=".pdf"),
    "csv-racks": Kind(
        write=tables.write_racks, media_type="text/csv; charset=utf-8", suffix="-racks.csv"
    ),
    "csv-bom": Kind(
        write=tables.write_materials, media_type="text/csv; charset=utf-8", suffix="-materials.csv"
    ),
    "json": Kind(write=design_json.write, media_type="application/json", suffix=".json"),
}
