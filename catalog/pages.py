"""The catalogue for people: a list with search, and a page per record that shows every source."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from catalog import selectors
from catalog.schema import CATEGORY_NAMES, QUANTITIES, UNITS, Curve, Figures, Product, Quantity

LISTED: Mapping[str, Sequence[str]] = {
    "rack": ("sustained_kw", "liquid_fraction", "gpu_count"),
    "cdu": ("capacity_kw", "flow_lpm", "approach_k"),
    "air_handler": ("capacity_kw", "airflow_m3_h", "fan_kw"),
    "dry_cooler": ("capacity_kw", "fan_kw", "approach_k"),
    "chiller": ("capacity_kw", "input_kw"),
}
LISTED_POWER = ("rating_kw", "rating_a", "voltage_v")
AXES: Mapping[str, str] = {
    "tcs_supply_c": "Coolant supply temperature [°C]",
    "air_supply_c": "Air supply temperature [°C]",
}
DASHES: Mapping[str, str] = {"derived": "dash", "estimate": "dot", "from-memory": "dot"}
LONGEST_SEARCH = 200
THIN_SPACE = "\u202f"  # between thousands, narrow and never broken at the end of a line


@require_safe
@login_required
def catalogue(request: HttpRequest) -> HttpResponse:
    """Every product, by category and search words."""
    category = request.GET.get("category", "")
    words = request.GET.get("q", "")[:LONGEST_SEARCH]
    found = selectors.find_products(category=category, words=words)
    counts = selectors.categories()
    context = {
        "category": category,
        "words": words,
        "categories": [(id_, CATEGORY_NAMES[id_], count) for id_, count in counts.items()],
        "total": sum(counts.values()),
        "found": len(found),
        "groups": [
            (name, [_listed(product) for product in found if product.category == id_])
            for id_, name in CATEGORY_NAMES.items()
            if any(product.category == id_ for product in found)
        ],
    }
    return render(request, "catalog/catalogue.html", context)


@require_safe
@login_required
def product(request: HttpRequest, product_id: str) -> HttpResponse:
    """One record: every figure with unit, source, year, confidence, and what other sources say."""
    record = selectors.product_named(product_id)
    blocks = [{"title": "", "id": "figures", **_block(record)}]
    blocks += [
        {"title": variant.label, "id": variant.id, **_block(variant)} for variant in record.variants
    ]
    context = {
        "product": record,
        "category": CATEGORY_NAMES[record.category],
        "key_figures": [item for item in _listed(record)["figures"] if item["chosen"]],
        "blocks": blocks,
    }
    return render(request, "catalog/product.html", context)


def _listed(record: Product) -> dict[str, Any]:
    names = LISTED.get(record.category, LISTED_POWER)
    size = [record.defaults[name] for name in ("width_mm", "depth_mm", "height_mm")]
    return {
        "id": record.id,
        "maker": record.maker,
        "model": record.model,
        "variants": [variant.label for variant in record.variants],
        "figures": [
            {"label": _label(name), "chosen": _figure(record.defaults[name])}
            if name in record.defaults
            else {"label": _label(name), "chosen": None}
            for name in names
        ],
        "size": " × ".join(figure_text(quantity.value) for quantity in size),
        "mass": figure_text(record.defaults["mass_kg"].value),
    }


def _block(figures: Figures) -> dict[str, Any]:
    """The figures of a product or variant: one row per name, other sources below it."""
    rows = []
    for name in QUANTITIES:
        group = [quantity for quantity in figures.quantities if quantity.name == name]
        if group:
            rows.append(
                {
                    "label": _label(name),
                    "chosen": _figure(figures.defaults[name]),
                    "others": [_figure(quantity) for quantity in group if not quantity.default],
                }
            )
    return {"rows": rows, "charts": _charts(figures.curves)}


def _label(name: str) -> str:
    return QUANTITIES[name][0]


def _figure(quantity: Quantity) -> dict[str, Any]:
    is_share = quantity.name.endswith("_fraction")
    return {
        "value": figure_text(quantity.value * 100 if is_share else quantity.value),
        "unit": "%" if is_share else "" if quantity.unit == "fraction" else quantity.unit,
        "source": quantity.source,
        "year": quantity.year,
        "confidence": quantity.confidence,
        "why": quantity.why,
        "working": quantity.working,
    }


def figure_text(value: float) -> str:
    """A figure as one reads it: thousands apart, no digits that nobody measured."""
    text = f"{value:,.4f}" if abs(value) < 10 else f"{value:,.2f}"
    text = text.replace(",", THIN_SPACE)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _charts(curves: Iterable[Curve]) -> list[dict[str, Any]]:
    """One chart per name, a line per source, the default first."""
    groups: dict[str, list[Curve]] = {}
    for curve in sorted(curves, key=lambda curve: not curve.default):
        groups.setdefault(curve.name, []).append(curve)
    return [
        {
            "id": f"curve-{name}",
            "title": f"{_label(name)} against {_by(group[0])[0].lower()}{_by(group[0])[1:]}",
            "curves": [curve.to_json() for curve in group],
            "spec": {
                "data": [_trace(curve) for curve in group],
                "layout": {
                    "height": 280,
                    "showlegend": len(group) > 1,
                    "legend": {"orientation": "h", "y": 1.15},
                    "xaxis": {"title": {"text": _by(group[0])}},
                    "yaxis": {
                        "title": {"text": f"{_label(name)} [{UNITS[name]}]"},
                        "rangemode": "tozero",
                    },
                },
            },
        }
        for name, group in groups.items()
    ]


def _by(curve: Curve) -> str:
    return AXES.get(curve.by, curve.by)


def _trace(curve: Curve) -> dict[str, Any]:
    return {
        "type": "scatter",
        "mode": "lines+markers",
        "name": curve.source + (" (default)" if curve.default else ""),
        "x": list(curve.x),
        "y": list(curve.y),
        "line": {"dash": DASHES.get(curve.confidence, "solid")},
    }
