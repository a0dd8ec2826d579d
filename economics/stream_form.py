"""The form of a design's streams: rows to show, and text read into a group of the document."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from engine.tables import models
from engine.tokens.streams import Stream, streams


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One column of the form: the field of the document, its words and its limits."""

    name: str
    label: str
    unit: str
    high: float
    factor: float = 1.0  # document over form
    whole: bool = False
    kinds: tuple[str, ...] = ("serving",)
    default: str = ""  # field of the table's stream


EVERY: Final = ("serving", "training", "post_training", "video", "vision", "policy", "simulation")
FIELDS: Final = (
    Field(name="share_fraction", label="Share", unit="% of GPUs", high=100, factor=0.01,
          kinds=EVERY),
    Field(name="requests_per_s", label="or requests", unit="1/s at peak", high=1e9),
    Field(name="tok_s_user", label="Speed", unit="tok/s per user", high=2000,
          default="tok_s_user"),
    Field(name="first_token_s", label="First token", unit="s, p95", high=1e6,
          kinds=("serving", "policy"), default="first_token_s"),
    Field(name="isl", label="Input", unit="tok, median", high=10_000_000, whole=True,
          kinds=("serving", "policy", "training"), default="isl"),
    Field(name="osl", label="Output", unit="tok, median", high=10_000_000, whole=True,
          kinds=("serving", "policy"), default="osl"),
    Field(name="prefix_hit_fraction", label="Prefix hit", unit="% of input", high=99, factor=0.01,
          default="prefix_hit"),
    Field(name="sessions", label="Sessions", unit="alive at peak", high=1e9),
    Field(name="load_factor_fraction", label="Load", unit="% mean / peak", high=100, factor=0.01,
          kinds=("serving", "video", "vision", "policy", "simulation")),
    Field(name="price_usd_per_mtok", label="Price", unit="USD/Mtok", high=1e6,
          kinds=("serving", "post_training")),
)  # fmt: skip
ONLY_AGENTS: Final = "sessions"


def takes(stream: Stream, field: Field) -> bool:
    """Whether a field means something for a stream."""
    return stream.kind in field.kinds and (field.name != ONLY_AGENTS or stream.name == "agentic")


def form_rows(group: Mapping[str, Any], typed: Mapping[str, str]) -> list[dict[str, Any]]:
    """Every stream with its cells: what is typed, what the document says, what the table says."""
    rows = []
    for stream in streams().values():
        asked = group.get(stream.name, {})
        rows.append(
            {
                "name": stream.name,
                "label": stream.name.replace("-", " ").capitalize(),
                "note": stream.note,
                "model": typed.get(f"{stream.name}.model", asked.get("model", "")),
                "takes_model": stream.kind in ("serving", "training", "post_training", "policy"),
                "in_use": stream.name in group,
                "cells": [
                    {
                        "name": f"{stream.name}.{field.name}",
                        "label": f"{field.label} of {stream.name}",
                        "value": typed.get(
                            f"{stream.name}.{field.name}", _shown(asked.get(field.name), field)
                        ),
                        "default": _default(stream, field),
                        "high": f"{field.high:.0f}",
                    }
                    if takes(stream, field)
                    else None
                    for field in FIELDS
                ],
            }
        )
    return rows


def _shown(value: float | None, field: Field) -> str:
    return "" if value is None else f"{value / field.factor:.10g}"


def _default(stream: Stream, field: Field) -> str:
    value = getattr(stream, field.default, 0.0) if field.default else 0.0
    return f"{value / field.factor:.6g}" if value else ""


def read_streams(
    typed: Mapping[str, str],
) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """The streams of a sent form as the document keeps them, and what is wrong with it.

    A stream whose row is empty and whose box is not ticked is left out.
    """
    group: dict[str, dict[str, Any]] = {}
    faults: list[str] = []
    for stream in streams().values():
        asked: dict[str, Any] = {}
        for field in FIELDS:
            text = typed.get(f"{stream.name}.{field.name}", "").strip().replace(",", ".")
            if not text or not takes(stream, field):
                continue
            value = _number(text)
            if not 0.0 <= value <= field.high:
                faults.append(
                    f"{stream.name}: {field.label.lower()} must be a number from 0 to "
                    f"{field.high:g} {field.unit}."
                )
                continue
            kept = round(value * field.factor, 12)
            asked[field.name] = int(kept) if field.whole else kept
        model = typed.get(f"{stream.name}.model", "")
        if model and model not in models():
            faults.append(f"{stream.name}: there is no model {model[:40]!r}.")
        elif model:
            asked["model"] = model
        if asked or typed.get(f"{stream.name}.in_use"):
            group[stream.name] = asked
    whole = math.fsum(asked.get("share_fraction", 0.0) for asked in group.values())
    if whole > 1.0 + 1e-9:
        faults.append(f"The shares come to {whole:.0%}; they are of the same GPUs, 100 % at most.")
    return group, faults


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
