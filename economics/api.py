"""The economics of a design over HTTP: everything that the page computes, as numbers."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any
from uuid import UUID

from ninja import Query, Router, Schema
from pydantic import Field

from accounts.auth import UserRequest
from economics.answers import case_asked
from economics.asking import Asked
from economics.workings import working_of
from engine.cost.economics import COST_WITH_GAINS
from engine.cost.montecarlo import PURPOSE, first_order, spread
from engine.cost.sensitivity import COST, Map, Swing, levers, line_swings, speed_sweep, two_way
from engine.cost.streams import stream_costs
from engine.plain import number
from layouts.models import Design
from layouts.selectors import design_for

router = Router(tags=["economics"])

Fraction = Annotated[float, Field(ge=0.0, le=1.0)]


class CaseIn(Schema):
    """What to change of the case as drawn; what is left out stays."""

    u: float | None = Field(default=None, gt=0)
    isl: int | None = Field(default=None, gt=0)
    osl: int | None = Field(default=None, gt=0)
    hit: Fraction | None = None
    lf: Fraction | None = None
    slo: Fraction | None = None
    derate: Fraction | None = None
    avail: Fraction | None = None
    good: Fraction | None = None
    elec: float | None = Field(default=None, ge=0)
    build: float | None = Field(default=None, gt=0)
    carbon: float | None = Field(default=None, ge=0)
    rack: float | None = Field(default=None, ge=0)
    wacc: Fraction | None = None
    life: float | None = Field(default=None, gt=0)
    flife: float | None = Field(default=None, gt=0)
    model: str = ""
    precision: str = ""
    site: str = ""
    gpu: str = ""
    fws: float | None = None
    mode: str = ""
    points: str = ""


class Sampling(CaseIn):
    """How many samples of the case, and of which luck."""

    count: int = Field(default=4096, ge=2, le=65_536)
    purpose: str = Field(default=PURPOSE, max_length=100)


class Axes(CaseIn):
    """Which two inputs a map has."""

    x: str = "interactivity"
    y: str = "load_factor"


@router.get("/designs/{uuid:design_id}/economics", response=dict[str, Any])
def get_economics(request: UserRequest, design_id: UUID, case: Query[CaseIn]) -> dict[str, Any]:
    """Figures, waterfall and working point of a case; each name says its class and boundary."""
    design, chosen = _asked(request, design_id, case)
    answer = chosen.case.answer()
    found = answer.economics
    over_life = chosen.case.in_mode("levelised").answer()
    lived, gained = over_life.usd_per_mtok, over_life.economics.figure(COST_WITH_GAINS)
    return {
        "design_id": str(design.pk),
        "revision": design.head,
        "mode": chosen.mode,
        "changed": list(chosen.changed),
        "faults": list(chosen.faults),
        "reason": answer.compute.reason,
        "usd_per_mtok_by_class": {k: number(v) for k, v in answer.classes().items()},
        "usd_per_mtok_levelised": None if lived is None else number(lived),
        "usd_per_mtok_levelised_with_gains": None if gained is None else number(gained),
        "figures": {
            cell.name: {"value": number(cell.value), "unit": cell.unit, "label": cell.label}
            for cell in found.sheet.cells.values()
        },
        "throughput": [
            {
                "gpu": group.gpu,
                "gpus": group.gpus,
                "tier": group.tier,
                "sigma": group.sigma,
                "tok_s_per_gpu": group.tok_s_per_gpu,
                "label": group.label,
            }
            for group in answer.compute.groups
        ],
        "tokens_per_s_per_mw_it": answer.compute.tokens_per_s_per_mw_it,
        "tokens_per_s_per_mw_facility": answer.compute.tokens_per_s_per_mw_facility,
    }


@router.get("/designs/{uuid:design_id}/economics/range", response=dict[str, Any])
def get_range(request: UserRequest, design_id: UUID, case: Query[Sampling]) -> dict[str, Any]:
    """Percentiles of every figure, rank correlations and variance shares of the cost."""
    _, chosen = _asked(request, design_id, case)
    answer = chosen.case.answer()
    luck = spread(answer, count=case.count, purpose=case.purpose)
    has_cost = COST in luck.figures
    return {
        "count": luck.count,
        "purpose": luck.purpose,
        "figures": {
            name: {
                "mean": number(summary.mean),
                **{f"p{p.percent:g}": number(p.value) for p in summary.percentiles},
            }
            for name, summary in luck.summaries.items()
        },
        "ranks": luck.ranks(COST) if has_cost else {},
        "sobol": {
            name: {"first": number(one), "total": number(whole)}
            for name, (one, whole) in (first_order(answer, COST) if has_cost else {}).items()
        },
    }


@router.get("/designs/{uuid:design_id}/economics/tornado", response=dict[str, Any])
def get_tornado(request: UserRequest, design_id: UUID, case: Query[CaseIn]) -> dict[str, Any]:
    """What moves the cost: what planners can move, and every line of the data."""
    _, chosen = _asked(request, design_id, case)
    answer = chosen.case.answer()
    return {
        "usd_per_mtok": answer.usd_per_mtok,
        "levers": [_swing(swing) for swing in levers(answer)],
        "lines": [_swing(swing) for swing in line_swings(answer)],
    }


@router.get("/designs/{uuid:design_id}/economics/sweep", response=dict[str, Any])
def get_sweep(request: UserRequest, design_id: UUID, case: Query[CaseIn]) -> dict[str, Any]:
    """Cost, throughput and energy along interactivity, with the range of the cost."""
    _, chosen = _asked(request, design_id, case)
    return asdict(speed_sweep(chosen.case.answer()))


@router.get("/designs/{uuid:design_id}/economics/map", response=dict[str, Any])
def get_map(request: UserRequest, design_id: UUID, case: Query[Axes]) -> dict[str, Any]:
    """Cost over any two inputs; null where the plant cannot serve."""
    _, chosen = _asked(request, design_id, case)
    found: Map = two_way(chosen.case.answer(), case.x, case.y)
    return {"x_name": case.x, "y_name": case.y, **asdict(found)}


@router.get("/designs/{uuid:design_id}/economics/streams", response=dict[str, Any])
def get_streams(request: UserRequest, design_id: UUID, case: Query[CaseIn]) -> dict[str, Any]:
    """GPUs, rates, losses and cost of every stream of the design; empty for none."""
    _, chosen = _asked(request, design_id, case)
    found = stream_costs(chosen.case.answer())
    if found is None:
        return {"streams": []}
    return {
        "asked_share": found.mix.asked_share,
        "free_gpus": found.mix.free_gpus,
        "free_usd_per_year": found.free_usd_per_year,
        "usd_per_gpu_h": found.usd_per_gpu_h,
        "usd_per_mtok": found.usd_per_mtok,
        "streams": [
            {
                "stream": each.lane.stream.name,
                "kind": each.lane.stream.kind,
                "model": each.lane.model,
                "gpus": each.lane.gpus,
                "counted_in": each.lane.unit,
                "nameplate_per_s": each.lane.nameplate,
                "losses": {step.factor: step.value for step in each.lane.steps},
                "sold_per_s": each.lane.sold,
                "sold_output_tok_s": each.lane.sold_output,
                "prefix_hit_fraction": each.lane.prefix_hit,
                "tier": each.lane.tier,
                "sigma": each.lane.sigma,
                "usd_per_year": each.usd_per_year,
                "cost": each.usd_per_unit,
                "cost_unit": each.unit,
                "usd_per_mtok_output": each.usd_per_mtok_output,
                "margin_on_revenue": each.margin,
                "reason": each.lane.reason,
            }
            for each in found.lanes
        ],
    }


@router.get("/designs/{uuid:design_id}/economics/working", response=dict[str, Any])
def get_working(
    request: UserRequest, design_id: UUID, figure: str, case: Query[CaseIn]
) -> dict[str, Any]:
    """How one figure came about, with the source of every number in it; empty for none."""
    _, chosen = _asked(request, design_id, case)
    return working_of(chosen.case, figure) or {}


def _swing(swing: Swing) -> Mapping[str, Any]:
    return {**asdict(swing), "size": swing.size}


def _asked(request: UserRequest, design_id: UUID, case: CaseIn) -> tuple[Design, Asked]:
    design = design_for(request.user, design_id)
    given = case.model_dump(exclude={"count", "purpose", "x", "y"}, exclude_none=True)
    return design, case_asked(
        design, {name: str(value) for name, value in given.items() if value != ""}
    )
