"""The shipped catalogue: records, module templates, and looking things up in them.

Shipped records are files, so nothing here asks the database.
"""

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from catalog.errors import ProductNotFound
from catalog.loader import load_products
from catalog.schema import CATEGORIES, Product
from engine.tables import Point
from engine.tokens.measurements import SHIPPED

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
    return tuple(
        MappingProxyType(
            {
                "template_id": template["id"],
                "version": template["version"],
                "name": template["name"],
                "note": template["note"],
                "groups": _groups(template),
            }
        )
        for template in templates
    )


def _groups(template: Mapping[str, Any]) -> dict[str, Any]:
    """The property groups; TOML has no null, so a module without CDUs leaves the product out."""
    groups = {name: value for name, value in template.items() if isinstance(value, dict)}
    for name in ("cdus", "power"):
        groups[name] = {"product_id": None, **groups[name]}
    return groups


def categories() -> dict[str, int]:
    """How many shipped products each category has, in the order of the power and heat path."""
    counts = dict.fromkeys(CATEGORIES, 0)
    for product in shipped_products().values():
        counts[product.category] += 1
    return counts


def workloads() -> list[dict[str, Any]]:
    """Every workload that somebody measured, by model and GPU."""
    return [
        {
            "model": model,
            "gpu": gpu,
            "precision": precision,
            "isl": isl,
            "osl": osl,
            "points": len(group),
            "fastest_tok_s_user": max(point.tok_s_per_user for point in group),
            "most_tok_s_per_gpu": max(point.tok_s_per_gpu for point in group),
        }
        for (model, gpu), measured in sorted(SHIPPED.by_key().items())
        for (precision, isl, osl), group in sorted(_by_shape(measured).items())
    ]


def _by_shape(measured: Iterable[Point]) -> dict[tuple[str, int, int], list[Point]]:
    groups: dict[tuple[str, int, int], list[Point]] = defaultdict(list)
    for point in measured:
        groups[point.precision, point.isl, point.osl].append(point)
    return groups
