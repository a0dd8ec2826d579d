"""Writes a design file: the same document always gives the same bytes."""

from collections.abc import Iterator, Mapping
from typing import Any

from layouts.canonical import canonical
from layouts.document import Document, Element
from layouts.modules import product_ids
from layouts.schema import DESIGN_SCHEMA


def placed_products(element: Element) -> Iterator[tuple[str, str]]:
    """The products an element places: where it names them, and their ids."""
    if "product" in element:
        yield "product.product_id", element["product"]["product_id"]
    if element["kind"] == "module_type":
        for group, product_id in product_ids(element).items():
            yield f"{group}.product_id", product_id
    for slot, groups in element.get("overrides", {}).items():
        if "product" in groups:
            yield f"overrides.{slot}.product.product_id", groups["product"]["product_id"]


def products_used(document: Document) -> list[str]:
    """Ids of the products that a design places, in order."""
    elements = document.elements.values()
    return sorted({id_ for element in elements for _, id_ in placed_products(element)})


def design_file_text(
    *,
    name: str,
    revision: int,
    document: Document,
    products: Mapping[str, Mapping[str, Any]],
    rules: Mapping[str, Any],
) -> str:
    """The design file, one element a line, so that two revisions compare line by line."""
    used = {id_: products[id_] for id_ in products_used(document) if id_ in products}
    elements = ",\n".join(map(canonical, document.in_order()))
    records = ",\n".join(f"{canonical(id_)}:{canonical(record)}" for id_, record in used.items())
    return (
        f'{{"schema":{canonical(DESIGN_SCHEMA)},\n'
        f'"name":{canonical(name)},\n'
        f'"revision":{revision},\n'
        f'"elements":[\n{elements}\n],\n'
        f'"catalog":{{"products":{{\n{records}\n}}}},\n'
        f'"rules":{canonical(rules)}}}\n'
    )
