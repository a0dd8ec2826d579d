"""The shipped catalogue: records, module templates, and looking things up in them.

Shipped records are files, so nothing here asks the database.
"""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from catalog.errors import ProductNotFound
from catalog.loader import load_products
from catalog.schema import Product

DATA = Path(__file__).parent / "data"


@lru_cache(maxsize=1)
def shipped_products() -> Mapping[str, Product]:
    """Every shipped product by id, in the order of the files."""
    return MappingProxyType(load_products(DATA))


def product_named(product_id: str) -> Product:
    """The shipped product of this id.

    Raises
    ------
    ProductNotFound
        If there is none.
    """
    try:
        return shipped_products()[product_id]
    except KeyError:
        raise ProductNotFound(
            f"The catalogue has no product {product_id!r}.", product=product_id
        ) from None


def find_products(*, category: str = "", words: str = "") -> tuple[Product, ...]:
    """Products of a category whose maker, model, id or note hold every word."""
    wanted = words.casefold().split()
    return tuple(
        product
        for product in shipped_products().values()
        if (not category or product.category == category)
        and all(word in _searched(product) for word in wanted)
    )


def _searched(product: Product) -> str:
    parts = (product.id, product.maker, product.model, product.note, product.gpu, product.category)
    return " ".join(parts).casefold()


@lru_cache(maxsize=1)
def module_templates() -> tuple[Mapping[str, Any], ...]:
    """The shipped module templates: the groups of a module type, with a name and a note."""
    templates = tomllib.loads((DATA / "modules.toml").read_text("utf-8"))["template"]
    return tuple(MappingProxyType(template) for template in templates)
