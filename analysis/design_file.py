"""Opens a design file: bytes that anybody may have written, to a document and its products.

Whatever is wrong becomes one error that lists every problem with its path.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from catalog.errors import CatalogInvalid
from catalog.loader import read_products
from catalog.schema import Product
from layouts.document import Document
from layouts.errors import DesignInvalid, FileRefused
from layouts.gate import MAX_FILE_BYTES
from layouts.schema import check_design_file


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenDesign:
    """A design file that passed every check."""

    name: str
    document: Document
    products: Mapping[str, Product]
    rule_set: str


def read_bytes(path: Path) -> bytes:
    """The content of a file of acceptable size.

    Raises
    ------
    FileRefused
        If there is no such file, it is none, or it is too large.
    """
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise FileRefused(f"{path} is larger than {MAX_FILE_BYTES // 2**20} MB.")
        return path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise FileRefused(f"{path} can not be read: {reason}.") from error


def open_design(content: Any, shipped: Mapping[str, Product]) -> OpenDesign:
    """The design in a parsed file; its own records stand above the shipped ones.

    Raises
    ------
    DesignInvalid
        With every problem of elements and records in `errors`.
    """
    checked, problems = check_design_file(content)
    errors = [problem.to_json() for problem in problems]
    own, record_errors = _own_products(content)
    errors += record_errors
    if checked is None or errors:
        count = len(errors)
        raise DesignInvalid(
            f"The design file has {count} problem{'s' if count > 1 else ''}.", errors=errors
        )
    rule_set = checked.rules.get("set")
    return OpenDesign(
        name=checked.name,
        document=Document.of(checked.elements),
        products={**shipped, **own},
        rule_set=rule_set if isinstance(rule_set, str) else "us-nec",
    )


def _own_products(content: Any) -> tuple[dict[str, Product], list[dict[str, str]]]:
    """The records in a file; what is no table of records is reported by the schema."""
    catalog = content.get("catalog") if isinstance(content, Mapping) else None
    records = catalog.get("products") if isinstance(catalog, Mapping) else None
    if not isinstance(records, Mapping):
        return {}, []
    try:
        return read_products(
            (f"catalog.products.{id_}", record)
            for id_, record in records.items()
            if isinstance(record, Mapping)
        ), []
    except CatalogInvalid as error:
        return {}, list(error.context["errors"])
