"""Rows of the economics view about streams: GPUs, rates, losses and costs of each."""

from typing import Any, Final

from economics.amounts import counted, money
from economics.token_rows import FACTOR_WORDS
from engine.cost.case import Answer
from engine.cost.streams import LaneCost, MixCost, stream_costs
from engine.tokens.mix import Lane
from engine.tokens.streams import streams

ORDER: Final = tuple(streams())
RATES: Final = {
    "token": (1e6, "M tok/s"),
    "clip": (1.0, "clips/s"),
    "image": (1.0, "images/s"),
    "robot": (1.0, "robots"),
    "GPU": (1.0, "GPUs at work"),
}


def stream_view(answer: Answer) -> dict[str, Any] | None:
    """The streams of a case as a page shows them; None for a design that states none."""
    found = stream_costs(answer)
    if found is None:
        return None
    lanes = sorted(found.lanes, key=lambda each: ORDER.index(each.lane.stream.name))
    return {
        "rows": [_row(answer, each) for each in lanes],
        "sum": _sum(found),
        "losses": [_chain(each.lane) for each in lanes if each.lane.steps],
    }


def name_of(lane: Lane) -> str:
    """A stream as people read it."""
    return lane.stream.name.replace("-", " ")


def racks_of(answer: Answer, lane: Lane) -> str:
    """How many racks the GPUs of a stream fill."""
    racks = sum(fleet.racks for fleet in answer.case.basis.fleets)
    return f"{lane.gpus * racks / answer.case.basis.gpus:,.1f}" if answer.case.basis.gpus else "–"


def met(lane: Lane) -> str | None:
    """Whether a stream keeps its targets; None for one that has none."""
    stream = lane.stream
    if lane.sold is None:
        return None
    if stream.kind == "policy":
        return "deadline met"
    if stream.kind != "serving" or stream.first_token_s <= 0.0:
        return None
    read_s = lane.read_s or 0.0
    if read_s > stream.first_token_s:
        return f"first token missed: reading takes {read_s:.2g} s of {stream.first_token_s:g} s"
    slots = next((step.value for step in lane.steps if step.factor == "slo"), None)
    if slots is None:
        return "speed met"
    return f"met at {slots:.0%} of the slots; reading takes {read_s:.2g} s"


def _row(answer: Answer, each: LaneCost) -> dict[str, Any]:
    lane = each.lane
    scale, unit = RATES[lane.unit]
    return {
        "id": lane.stream.name,
        "label": name_of(lane),
        "racks": racks_of(answer, lane),
        "met": met(lane) or "",
        "model": lane.model if lane.stream.kind not in ("video", "vision", "simulation") else "",
        "target": _target(lane),
        "gpus": f"{lane.gpus:,.0f}",
        "share": f"{lane.share:.0%}" if lane.share else "",
        "rate": "" if lane.sold is None else counted(lane.sold / scale),
        "unit": unit,
        "cost": money(each.usd_per_unit),
        "output": "" if each.usd_per_mtok_output is None else money(each.usd_per_mtok_output),
        "cost_unit": each.unit,
        "margin": "" if each.margin is None else f"{each.margin:.0%}",
        "tier": lane.tier if lane.sold is not None else "",
        "sigma": "" if lane.sigma is None else f"{lane.sigma:.0%}",
        "note": _note(lane),
        "reason": lane.reason,
    }


def _target(lane: Lane) -> str:
    stream = lane.stream
    if stream.kind == "serving":
        return f"{stream.tok_s_user:g} tok/s per user, first token {stream.first_token_s:g} s"
    if stream.kind == "policy":
        return f"deadline {1000.0 * stream.first_token_s:g} ms"
    return ""


def _note(lane: Lane) -> str:
    parts = [lane.note] if lane.note else []
    if lane.stream.kind == "serving" and lane.sold is not None:
        parts.append(f"{lane.prefix_hit:.0%} prefix hits")
        if lane.stream.name == "agentic" and lane.caches is not None:
            parts.append(f"caches of {lane.caches:,.0f} sessions fit")
    return "; ".join(parts)


def _sum(found: MixCost) -> dict[str, str]:
    asked = found.mix.asked_share
    return {
        "asked": f"{asked:.0%}",
        "too_much": "" if asked <= 1.0 + 1e-9 else f"{asked:.0%} of the GPUs are asked for.",
        "free": f"{found.mix.free_gpus:,.0f}",
        "free_usd": f"{found.free_usd_per_year / 1e6:,.1f}",
        "cost": money(found.usd_per_mtok),
        "hour": f"{found.usd_per_gpu_h:,.2f}",
    }


def _chain(lane: Lane) -> dict[str, Any]:
    """One stream's losses, from what its GPUs could give to what is sold."""
    scale, unit = RATES[lane.unit]
    rows, left = [], lane.nameplate or 0.0
    for step in lane.steps:
        left *= step.value
        rows.append(
            {
                "label": FACTOR_WORDS.get(step.factor, step.factor),
                "factor": f"× {step.value:.3f}",
                "value": counted(left / scale),
            }
        )
    return {
        "label": name_of(lane),
        "unit": unit,
        "nameplate": counted((lane.nameplate or 0.0) / scale),
        "rows": rows,
    }
