"""The catalogue for programs: products, module templates, rules, assumptions, workloads, sites."""

from dataclasses import asdict
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from catalog import selectors
from engine.assumptions import shipped_lines
from engine.rules import FILES, load_rules
from engine.tables import sites

router = Router(tags=["catalogue"])


class QuantityOut(Schema):
    """One figure as one source gives it; of several of one name, one is the default."""

    name: str
    value: float
    unit: str
    source: str
    year: int
    confidence: str
    default: bool
    why: str = ""
    working: str = ""


class CurveOut(Schema):
    """One quantity against another."""

    name: str
    by: str
    unit: str
    x: list[float]
    y: list[float]
    source: str
    year: int
    confidence: str
    default: bool
    why: str = ""


class VariantOut(Schema):
    """A mode of a product: its figures stand in place of the product's own."""

    id: str
    label: str
    quantities: list[QuantityOut]
    curves: list[CurveOut]


class ProductOut(Schema):
    """A catalogue record."""

    id: str
    category: str
    maker: str
    model: str
    revision: int
    note: str
    gpu: str
    quantities: list[QuantityOut]
    curves: list[CurveOut]
    variants: list[VariantOut]


class TemplateOut(Schema):
    """A module template: what a new module type starts from."""

    template_id: str
    version: int
    name: str
    note: str
    groups: dict[str, dict[str, Any]]


class BandOut(Schema):
    """Working space for conditions 1, 2 and 3 up to a voltage to ground."""

    up_to_v: float
    label: str
    depth_mm: list[float]


class RuleOut(Schema):
    """One rule with the clause it stands on."""

    code: str
    title: str
    discipline: str
    severity: str
    clause: str
    edition: str
    source: str
    confidence: str
    value: float
    unit: str
    bands: list[BandOut]


class RuleSetOut(Schema):
    """A rule set."""

    name: str
    version: str
    title: str
    rules: list[RuleOut]


class AssumptionOut(Schema):
    """One default number of the calculations."""

    id: str
    group: str
    value: float
    low: float | None
    high: float | None
    unit: str
    life_years: float | None
    source: str
    confidence: str
    note: str


class WorkloadOut(Schema):
    """A workload that somebody measured on a GPU."""

    model: str
    gpu: str
    precision: str
    isl: int
    osl: int
    points: int
    fastest_tok_s_user: float
    most_tok_s_per_gpu: float


class SiteOut(Schema):
    """A place with its design day, tariff, carbon and building cost."""

    site_id: str
    name: str
    country: str
    continent: str
    elevation_m: float
    electricity_usd_kwh: float
    electricity_source: str
    electricity_confidence: str
    carbon_g_kwh: float
    dry_bulb_design_c: float
    wet_bulb_design_c: float
    dry_bulb_mean_c: float
    climate_source: str
    climate_confidence: str
    build_usd_per_w: float
    build_source: str
    build_confidence: str
    electricity_low_usd_kwh: float
    electricity_high_usd_kwh: float
    carbon_source: str
    carbon_confidence: str
    water_stress: float
    water_source: str
    law: str
    rtt_ms: dict[str, float]
    rtt_source: str


@router.get("/products", response=list[ProductOut])
def list_products(
    request: HttpRequest, category: str = "", q: Annotated[str, Field(max_length=200)] = ""
) -> list[dict[str, Any]]:
    """Shipped products, by category and words in maker, model, id or note."""
    found = selectors.find_products(category=category, words=q)
    return [product.to_json() for product in found]


@router.get("/products/{product_id}", response=ProductOut)
def get_product(request: HttpRequest, product_id: str) -> dict[str, Any]:
    """One shipped product."""
    return selectors.product_named(product_id).to_json()


@router.get("/modules", response=list[TemplateOut])
def list_modules(request: HttpRequest) -> list[dict[str, Any]]:
    """The shipped module templates."""
    return [dict(template) for template in selectors.module_templates()]


@router.get("/rules", response=list[RuleSetOut])
def list_rules(request: HttpRequest) -> list[dict[str, Any]]:
    """The shipped rule sets with every clause and value."""
    sets = [load_rules(name) for name in FILES]
    return [
        {
            "name": rules.name,
            "version": rules.version,
            "title": rules.title,
            "rules": [asdict(rule) for rule in rules.rules.values()],
        }
        for rules in sets
    ]


@router.get("/assumptions", response=list[AssumptionOut])
def list_assumptions(request: HttpRequest) -> list[dict[str, Any]]:
    """Every assumption line; a design may override any of them by its id."""
    return [{"id": id_, **asdict(line)} for id_, line in shipped_lines().items()]


@router.get("/workloads", response=list[WorkloadOut])
def list_workloads(request: HttpRequest) -> list[dict[str, Any]]:
    """Models, GPUs, precisions and lengths with a measured frontier."""
    return selectors.workloads()


@router.get("/sites", response=list[SiteOut])
def list_sites(request: HttpRequest) -> list[dict[str, Any]]:
    """The places a design may stand at."""
    return [asdict(site) for site in sites().values()]
