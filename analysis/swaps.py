"""One rack in the place of another, wherever it stands: the edits that do it.

Pure. The editor makes the same edits in ``frontend/src/editor/swaps.ts``; the cases in
``tests/golden/swaps/`` hold the two together.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from catalog.schema import Product
from layouts.document import Document, Element, Group

TYPED = ("size", "load")  # groups typed for one product that do not hold for another

Products = Mapping[str, Product]


@dataclass(frozen=True, slots=True, order=True)
class Choice:
    """A product in one of its variants; "" is the product as it is."""

    product_id: str
    variant: str

    @property
    def key(self) -> str:
        """In one word, as a query may hold it."""
        return f"{self.product_id}/{self.variant}" if self.variant else self.product_id

    @property
    def group(self) -> dict[str, str]:
        """As the property group of an element."""
        return {
            "product_id": self.product_id,
            **({"variant": self.variant} if self.variant else {}),
        }

    @classmethod
    def of(cls, group: Group) -> "Choice":
        """What a property group names."""
        return cls(group["product_id"], group.get("variant", ""))

    def model(self, products: Products) -> str:
        """Model and variant, as names of modules have them."""
        product = products[self.product_id]
        labels = {variant.id: variant.label for variant in product.variants}
        return (
            f"{product.model} {labels[self.variant]}" if self.variant in labels else product.model
        )

    def label(self, products: Products) -> str:
        """Maker, model and variant as one reads them."""
        return f"{products[self.product_id].maker} {self.model(products)}"


def choices(products: Products) -> tuple[Choice, ...]:
    """Every rack with GPUs in the catalogue, each variant by itself."""
    return tuple(
        Choice(product.id, variant)
        for product in products.values()
        if product.category == "rack" and product.gpu
        for variant in ([each.id for each in product.variants] or [""])
    )


def swap_edits(
    document: Document, products: Products, old: Choice, new: Choice
) -> list[dict[str, Any]]:
    """Edits that put one product in the place of another, in racks, module types and copies.

    Sizes and loads that were typed for the old product go; a module type that is named after it
    takes the name of the new one.
    """
    names = (old.model(products), new.model(products))
    return [
        {"type": "set", "id": element["id"], "group": group, "value": value}
        for element in document.in_order()
        for group, value in _changed(document, element, old, new, names)
    ]


def swapped(document: Document, products: Products, old: Choice, new: Choice) -> Document:
    """The document with these edits made."""
    changes: dict[str, dict[str, Any]] = {}
    for edit in swap_edits(document, products, old, new):
        changes.setdefault(edit["id"], {})[edit["group"]] = edit["value"]
    return Document.of(
        {
            name: value
            for name, value in {**element, **changes.get(element["id"], {})}.items()
            if value is not None
        }
        for element in document.in_order()
    )


def _changed(
    document: Document, element: Element, old: Choice, new: Choice, names: tuple[str, str]
) -> Iterator[tuple[str, dict[str, Any] | None]]:
    kind = element["kind"]
    if kind == "rack" and Choice.of(element["product"]) == old:
        yield "product", new.group
        yield from ((group, None) for group in TYPED if group in element)
    elif kind == "module_type" and Choice.of(element["racks"]) == old:
        yield "racks", {**_without(element["racks"], "variant", "load"), **new.group}
        identity = element["identity"]
        name = identity["name"].replace(*names)
        if name != identity["name"]:
            yield "identity", {**identity, "name": name}
    elif kind == "module" and element.get("overrides"):
        own = Choice.of(document.elements[element["type"]["type_id"]]["racks"])
        before = element["overrides"]
        after = {
            slot: _swapped_copy(groups, new)
            if slot.startswith("rack-")
            and (Choice.of(groups["product"]) if "product" in groups else own) == old
            else groups
            for slot, groups in before.items()
        }
        after = {slot: left for slot, left in after.items() if left}
        if after != before:
            yield "overrides", after or None


def _swapped_copy(groups: Mapping[str, Group], new: Choice) -> dict[str, Any]:
    left = _without(groups, *TYPED)
    return {**left, "product": new.group} if "product" in left else left


def _without(groups: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in groups.items() if name not in names}
