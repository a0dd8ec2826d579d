"""Reads catalogue records: raw tables in, checked values out.

Records come from the shipped TOML files and from design files, through the same checks.
A record without source, year or confidence does not load, and every problem of every
record is listed at once.
"""

import hashlib
import json
import math
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

from catalog.errors import CatalogInvalid
from catalog.schema import (
    CATEGORIES,
    DIMENSIONS,
    NON_ZERO,
    UNITS,
    Curve,
    Product,
    Quantity,
    Variant,
    whole,
)
from engine.confidence import CONFIDENCES

LARGEST = 1e12
IDENTIFIER = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

Figure = TypeVar("Figure", Quantity, Curve)


class Reader:
    """Checks raw records and gathers every problem with its path."""

    def __init__(self) -> None:
        self.problems: list[dict[str, str]] = []

    def complain(self, path: str, message: str) -> None:
        """Remember one problem."""
        self.problems.append({"path": path, "message": message})

    def mapping(self, raw: object, path: str, allowed: Iterable[str]) -> Mapping[str, Any]:
        """A table with known keys only."""
        if not isinstance(raw, Mapping):
            self.complain(path, "must be a table")
            return {}
        for key in raw:
            if key not in allowed:
                self.complain(f"{path}.{key}", "is not a known field")
        return raw

    def text(self, raw: Mapping[str, Any], key: str, path: str, *, required: bool = False) -> str:
        """A text; required means it must say something."""
        value = raw.get(key, "")
        if not isinstance(value, str):
            self.complain(f"{path}.{key}", "must be a text")
            return ""
        if required and not value.strip():
            self.complain(f"{path}.{key}", "is missing")
        return value

    def whole_number(self, raw: Mapping[str, Any], key: str, path: str, low: int, high: int) -> int:
        """An integer in a range."""
        value = raw.get(key)
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            what = "is missing" if value is None else "is not one"
            self.complain(f"{path}.{key}", f"{what}: a whole number from {low} to {high}")
            return low
        return value

    def number(self, value: object, path: str) -> float:
        """A finite number of sensible size."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.complain(path, "must be a number")
            return math.nan
        if not (-LARGEST < value < LARGEST):
            self.complain(path, "must be finite and smaller than 1e12")
            return math.nan
        return float(value)

    def origin(self, raw: Mapping[str, Any], path: str) -> dict[str, Any]:
        """Source, year and confidence: what makes a figure more than a number."""
        confidence = self.text(raw, "confidence", path, required=True)
        if confidence and confidence not in CONFIDENCES:
            known = ", ".join(CONFIDENCES)
            self.complain(f"{path}.confidence", f"{confidence!r} is not one of {known}")
        return {
            "source": self.text(raw, "source", path, required=True),
            "year": self.whole_number(raw, "year", path, 1900, 2100),
            "confidence": confidence,
        }

    def unit(self, raw: Mapping[str, Any], name: str, path: str) -> str:
        """The unit, which the name of a quantity fixes."""
        unit = self.text(raw, "unit", path, required=True)
        if name not in UNITS:
            self.complain(f"{path}.name", f"{name!r} is not a known quantity")
        elif unit and unit != UNITS[name]:
            self.complain(f"{path}.unit", f"{name} is given in {UNITS[name]}, not {unit}")
        return unit

    def quantity(self, raw: object, path: str) -> Quantity:
        """One figure."""
        fields = self.mapping(raw, path, (*Quantity.__slots__,))
        name = self.text(fields, "name", path, required=True)
        value = self.number(fields.get("value"), f"{path}.value")
        unit = self.unit(fields, name, path)
        if value < 0.0 or (value == 0.0 and name in NON_ZERO):
            self.complain(f"{path}.value", f"{name} must be positive, not {whole(value)}")
        if unit == "fraction" and value > 1.0:
            self.complain(f"{path}.value", f"{name} is a fraction from 0 to 1")
        origin = self.origin(fields, path)
        working = self.text(fields, "working", path)
        if origin["confidence"] == "derived" and not working:
            self.complain(f"{path}.working", "is missing: a derived figure shows its working")
        return Quantity(
            name=name,
            value=value,
            unit=unit,
            **origin,
            default=self.flag(fields, path),
            why=self.text(fields, "why", path),
            working=working,
        )

    def flag(self, raw: Mapping[str, Any], path: str) -> bool:
        """Whether this is marked as the default."""
        value = raw.get("default", False)
        if not isinstance(value, bool):
            self.complain(f"{path}.default", "must be true or false")
            return False
        return value

    def curve(self, raw: object, path: str) -> Curve:
        """One curve."""
        fields = self.mapping(raw, path, (*Curve.__slots__,))
        name = self.text(fields, "name", path, required=True)
        unit = self.unit(fields, name, path)
        x = self.numbers(fields.get("x"), f"{path}.x")
        y = self.numbers(fields.get("y"), f"{path}.y")
        if len(x) != len(y):
            self.complain(path, f"has {len(x)} values of x and {len(y)} of y")
        if any(right <= left for left, right in pairwise(x)):
            self.complain(f"{path}.x", "must increase from point to point")
        return Curve(
            name=name,
            by=self.text(fields, "by", path, required=True),
            unit=unit,
            x=x,
            y=y,
            **self.origin(fields, path),
            default=self.flag(fields, path),
            why=self.text(fields, "why", path),
        )

    def numbers(self, raw: object, path: str) -> tuple[float, ...]:
        """At least two points."""
        if not isinstance(raw, Sequence) or isinstance(raw, str) or len(raw) < 2:
            self.complain(path, "must be a list of at least two numbers")
            return ()
        return tuple(self.number(value, f"{path}[{i}]") for i, value in enumerate(raw))

    def items(self, raw: Mapping[str, Any], key: str, path: str) -> list[tuple[object, str]]:
        """The entries of a list, each with its path."""
        value = raw.get(key, [])
        if not isinstance(value, list | tuple):
            self.complain(f"{path}.{key}", "must be a list")
            return []
        return [(item, f"{path}.{key}[{i}]") for i, item in enumerate(value)]

    def figures(self, raw: Mapping[str, Any], path: str) -> dict[str, Any]:
        """Quantities and curves with exactly one default of each name."""
        quantities = [self.quantity(*item) for item in self.items(raw, "quantities", path)]
        curves = [self.curve(*item) for item in self.items(raw, "curves", path)]
        return {
            "quantities": self.with_defaults(quantities, f"{path}.quantities"),
            "curves": self.with_defaults(curves, f"{path}.curves"),
        }

    def with_defaults(self, figures: list[Figure], path: str) -> tuple[Figure, ...]:
        """Mark a lone figure as the default; demand one, with a reason, among several."""
        groups: dict[str, list[Figure]] = defaultdict(list)
        for figure in figures:
            groups[figure.name].append(figure)
        for name, group in groups.items():
            chosen = [figure for figure in group if figure.default]
            if len(group) == 1:
                continue
            if len(chosen) != 1:
                self.complain(path, f"{name} has {len(group)} values and {len(chosen)} defaults")
            elif not chosen[0].why.strip():
                self.complain(path, f"{name} has {len(group)} values: the default says no why")
        lone = {name for name, group in groups.items() if len(group) == 1}
        return tuple(
            replace(figure, default=True) if figure.name in lone else figure for figure in figures
        )

    def variant(self, raw: object, path: str) -> Variant:
        """One mode of a product."""
        fields = self.mapping(raw, path, ("id", "label", "quantities", "curves"))
        return Variant(
            id=self.identifier(fields, path),
            label=self.text(fields, "label", path, required=True),
            **self.figures(fields, path),
        )

    def identifier(self, raw: Mapping[str, Any], path: str) -> str:
        """A lower-case name with hyphens."""
        value = self.text(raw, "id", path, required=True)
        if value and (len(value) > 80 or not IDENTIFIER.fullmatch(value)):
            self.complain(f"{path}.id", "must be lower-case letters, digits and single hyphens")
        return value

    def product(self, raw: object, path: str) -> Product:
        """One record."""
        allowed = ("id", "category", "maker", "model", "revision", "note", "gpu")
        fields = self.mapping(raw, path, (*allowed, "quantities", "curves", "variants"))
        category = self.text(fields, "category", path, required=True)
        if category and category not in CATEGORIES:
            self.complain(f"{path}.category", f"{category!r} is not one of {', '.join(CATEGORIES)}")
        product = Product(
            id=self.identifier(fields, path),
            category=category,
            maker=self.text(fields, "maker", path, required=True),
            model=self.text(fields, "model", path, required=True),
            revision=self.whole_number(fields, "revision", path, 1, 1_000_000),
            note=self.text(fields, "note", path),
            gpu=self.text(fields, "gpu", path),
            variants=tuple(self.variant(*item) for item in self.items(fields, "variants", path)),
            **self.figures(fields, path),
        )
        for name in (*DIMENSIONS, *CATEGORIES.get(category, ())):
            if all(quantity.name != name for quantity in product.quantities):
                self.complain(f"{path}.quantities", f"{name} is missing")
        ids = [variant.id for variant in product.variants]
        if len(set(ids)) != len(ids):
            self.complain(f"{path}.variants", "has the same id twice")
        return product


def read_products(raw: Iterable[tuple[str, object]]) -> dict[str, Product]:
    """Checked products by id from (path, raw record) pairs.

    Raises
    ------
    CatalogInvalid
        With all problems of all records in `errors`.
    """
    reader = Reader()
    products: dict[str, Product] = {}
    for path, record in raw:
        product = reader.product(record, path)
        if product.id in products:
            reader.complain(f"{path}.id", f"{product.id!r} stands twice")
        products[product.id] = product
    if reader.problems:
        count = len(reader.problems)
        raise CatalogInvalid(
            f"The catalogue has {count} problem{'s' if count > 1 else ''}.", errors=reader.problems
        )
    return products


def load_products(folder: Path) -> dict[str, Product]:
    """All products of the TOML files in a folder, in the order of files and records."""
    raw: list[tuple[str, object]] = []
    for path in sorted(folder.glob("*.toml")):
        records = tomllib.loads(path.read_text("utf-8")).get("product", [])
        raw += [(f"{path.name}.{record.get('id', i)}", record) for i, record in enumerate(records)]
    return read_products(raw)


def catalogue_hash(products: Iterable[Product]) -> str:
    """SHA-256 over records, whatever their order: part of what an evaluation is keyed by."""
    records = sorted(
        json.dumps(product.to_json(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        for product in products
    )
    return hashlib.sha256("\n".join(records).encode()).hexdigest()
