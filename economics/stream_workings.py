"""The working of one stream: GPUs, racks, target, losses and cost, with the origin of each."""

import math
from collections.abc import Iterator
from typing import Any, Final

from economics.amounts import counted, money, plain
from economics.stream_rows import RATES, met, name_of, racks_of
from economics.token_rows import FACTOR_WORDS
from engine.cost.case import Answer
from engine.cost.streams import LaneCost, stream_costs
from engine.evaluation import Input
from engine.plant import StreamAsked
from engine.provenance import computed, stated
from engine.tokens.mix import Lane
from engine.tokens.workload import utilisation_factors

PREFIX: Final = "stream."
HOUR: Final = "cost.usd_per_gpu_h"
LIFE: Final = "tokens.life_factor"
TARGETS: Final = (
    ("share_fraction", "Share of the GPUs", "fraction", ""),
    ("requests_per_s", "Requests at the peak", "1/s", ""),
    ("tok_s_user", "Speed of one user", "tok/s", "tok_s_user"),
    ("first_token_s", "First token, 95 % within", "s", "first_token_s"),
    ("isl", "Input, median", "tok", "isl"),
    ("osl", "Output, median", "tok", "osl"),
    ("prefix_hit_fraction", "Prefix hits at best", "of input", "prefix_hit"),
    ("sessions", "Sessions alive at the peak", "1", ""),
    ("price_usd_per_mtok", "Price", "USD/Mtok", ""),
)
# Field of the document, its words and unit, and the field of the table that stands in.


def stream_working(answer: Answer, figure: str) -> dict[str, Any] | None:
    """How one stream's figures came about; None when the case has no such stream."""
    found = stream_costs(answer)
    name = figure.removeprefix(PREFIX)
    each = next((e for e in (found.lanes if found else ()) if e.lane.stream.name == name), None)
    asked = next((a for a in answer.case.site.streams if a.name == name), None)
    if each is None or asked is None:
        return None
    groups = [
        {"label": "Target", "rows": [_input(*row) for row in _targets(each.lane, asked)]},
        {"label": "Throughput", "rows": [_input(*row) for row in _throughput(answer, each.lane)]},
        {"label": "Losses", "rows": [_input(*row) for row in _losses(answer, each.lane, asked)]},
    ]
    return {
        "label": f"{name_of(each.lane).capitalize()}: cost",
        "value": money(each.usd_per_unit),
        "unit": each.unit,
        "formula": _formula(each),
        "parts": [
            {"cell": cell, "label": label, "value": value, "unit": unit}
            for label, value, unit, cell in _parts(answer, each)
        ],
        "inputs": [row for group in groups for row in group["rows"]],
        "groups": [group for group in groups if group["rows"]],
    }


def per_gpu_unit(lane: Lane) -> str:
    """The unit of what one GPU gives."""
    return {"token": "tok/s per GPU", "robot": "robots per GPU", "GPU": "at work"}.get(
        lane.unit, f"{lane.unit}s/s per GPU"
    )


def _formula(each: LaneCost) -> str:
    if each.lane.reason is not None:
        return f"No throughput yet: {each.lane.reason}"
    unit = {"token": "million tokens"}.get(each.lane.unit, each.unit.removeprefix("USD/"))
    paid = (
        "electricity that boards draw at work beyond idle"
        if each.lane.is_backfill
        else "GPUs × 8,760 h × cost of a GPU-hour"
    )
    return f"{paid} ÷ what is sold in a year, per {unit}"


def _parts(answer: Answer, each: LaneCost) -> Iterator[tuple[str, str, str, str]]:
    lane, sheet = each.lane, answer.economics.sheet
    scale, unit = RATES[lane.unit]
    yield "Share of the GPUs", f"{lane.share:.1%}", "", ""
    yield "GPUs", f"{lane.gpus:,.1f}", "GPU", ""
    yield "Racks", racks_of(answer, lane), "racks", ""
    if lane.nameplate is None or lane.sold is None:
        return
    if lane.per_gpu is not None:
        words = "per GPU at the target" + (", all tokens" if lane.unit == "token" else "")
        yield f"Throughput {words}", counted(lane.per_gpu), per_gpu_unit(lane), ""
    yield "Nameplate", counted(lane.nameplate / scale), unit, ""
    left = lane.nameplate
    for step in lane.steps:
        left *= step.value
        label = FACTOR_WORDS.get(step.factor, step.factor)
        yield f"{label}, × {step.value:.3f}", counted(left / scale), unit, ""
    yield "Sold, mean of the year", counted(lane.sold / scale), unit, ""
    if lane.sold_output is not None:
        yield "Output tokens sold, mean of the year", counted(lane.sold_output / 1e6), "M tok/s", ""
    if (target := met(lane)) is not None:
        yield "Target", target, "", ""
    if not lane.is_backfill:
        yield "Cost of a GPU-hour", money(sheet[HOUR]), "USD/GPU-h", HOUR
    if LIFE in sheet and lane.unit != "GPU":
        yield "What is sold over the life, against steady years", counted(sheet[LIFE]), "", LIFE
    yield "Cost of a year", plain(each.usd_per_year), "USD/yr", ""
    if each.usd_per_mtok_output is not None:
        yield "With all cost on the output", money(each.usd_per_mtok_output), "USD/Mtok output", ""
    if each.margin is not None:
        yield "Margin at its price", f"{each.margin:.1%}", "of revenue", ""


def _targets(lane: Lane, asked: StreamAsked) -> Iterator[tuple[str, Input]]:
    stream = lane.stream
    for field, label, unit, otherwise in TARGETS:
        own: float | None = getattr(asked, field)
        if own is not None:
            yield label, stated(field, own, unit)
        elif otherwise and (value := getattr(stream, otherwise)):
            yield label, Input(
                name=field, value=value, unit=unit, source=stream.source,
                confidence=stream.confidence,
            )  # fmt: skip
    if stream.kind == "serving":
        grows = math.exp(stream.sigma_ln**2 / 2.0)
        yield "Mean over median of the lengths", computed("mean over median", grows, "1")


def _throughput(answer: Answer, lane: Lane) -> Iterator[tuple[str, Input]]:
    yield "Model", stated("model", lane.model)
    if lane.sold is None:
        return
    yield (
        "Throughput at the target",
        Input(
            name="throughput", value=lane.per_gpu, unit=per_gpu_unit(lane),
            source=f"{lane.tier}, σ {lane.sigma:.0%}" if lane.sigma else lane.tier,
            confidence={"measured": "published-secondary", "scaled": "derived"}.get(
                lane.tier, "estimate"
            ),
        ),
    )  # fmt: skip
    if lane.stream.kind == "serving":
        yield "Prefix hits that the caches keep", computed("hits", lane.prefix_hit, "of input")
    if lane.read_s is not None:
        yield "Reading the prompt, eight GPUs", computed("reading", lane.read_s, "s")
    yield "GPUs of the plant", computed("compute.gpus", answer.compute.gpus, "GPU")


def _losses(answer: Answer, lane: Lane, asked: StreamAsked) -> Iterator[tuple[str, Input]]:
    case = answer.case
    origins = {name: origin for name, _, origin in utilisation_factors(case.site, case.assumptions)}
    for step in lane.steps:
        known = origins.get(step.factor)
        if step.factor == "load_factor" and asked.load_factor_fraction is not None:
            known = stated("load_factor_fraction", step.value, "fraction")
        elif known is None or known.value != step.value:
            known = computed(step.factor, step.value, "fraction")
        yield FACTOR_WORDS.get(step.factor, step.factor), known


def _input(label: str, item: Input) -> dict[str, Any]:
    value = item.value
    return {
        "id": item.name,
        "name": label,
        "group": item.group,
        "value": plain(value) if isinstance(value, float | int) else value,
        "unit": "" if item.unit in ("1", "ratio") else item.unit,
        "source": item.source,
        "confidence": item.confidence,
    }
