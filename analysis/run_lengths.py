"""Metres to order, and what they cost: coolant pipe by bore, hoses, trays, feeders.

Pure. Where nothing is drawn the lengths are those that the figures assume; a line says which.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.assumptions import Quantity, shipped_lines
from engine.confidence import word_for
from engine.plant import Plant
from engine.power.drawn_feeders import feeder_of
from engine.space.runs import segments_of

DRAWN, ASSUMED = "as drawn", "assumed, not drawn"
UNPRICED = "price: none published"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunLine:
    """One size of pipe, tray or feeder, and how many metres of it."""

    description: str
    size: str
    length_m: float
    source: str  # of the length, and of the price
    unit_price_usd: float | None = None  # per metre; None: none is published
    total_price_usd: float | None = None
    tags: tuple[str, ...] = ()


def run_lengths(
    plant: Plant, result: Mapping[str, Any], prices: Mapping[str, Quantity] | None = None
) -> tuple[RunLine, ...]:
    """Every size once: pipes, hoses, facility water, trays, feeders.

    ``prices`` are the assumption lines of the design; None: as shipped.
    """
    lines = shipped_lines() if prices is None else prices
    return (
        *_pipes(result, lines),
        *_facility_pipes(result, lines),
        *_trays(plant),
        *_feeders(plant, result),
    )


def _pipes(result: Mapping[str, Any], prices: Mapping[str, Quantity]) -> Iterable[RunLine]:
    for size in result["cooling"].get("pipe_sizes", ()):
        is_hose = size["use"] == "hose"
        length = (
            "length: hose of each rack and the way to its pipe"
            if is_hose
            else f"length: {DRAWN if size['use'] == 'drawn' else ASSUMED}"
        )
        yield _priced(
            "Rack hose or branch, there and back" if is_hose else "Coolant pipe, supply and return",
            size,
            length,
            prices["price.hose_usd_per_m_mm" if is_hose else "price.pipe_usd_per_m_mm"],
        )


def _facility_pipes(result: Mapping[str, Any], prices: Mapping[str, Quantity]) -> Iterable[RunLine]:
    for size in result["cooling"].get("facility_pipe_sizes", ()):
        yield _priced(
            "Facility water pipe, supply and return",
            size,
            f"length: {DRAWN if size['use'] == 'drawn' else ASSUMED}",
            prices["price.pipe_usd_per_m_mm"],
        )


def _priced(description: str, size: Mapping[str, Any], length: str, price: Quantity) -> RunLine:
    """A size of pipe or hose with what a metre of it costs."""
    unit = price.value * size["bore_mm"]
    return RunLine(
        description=description,
        size=f"bore {size['bore_mm']:.1f} mm",
        length_m=size["length_m"],
        source=f"{length}; price: {price.value:g} {price.unit} × bore, "
        f"{price.source} ({word_for(price.confidence)})",
        unit_price_usd=unit,
        total_price_usd=unit * size["length_m"],
    )


def _trays(plant: Plant) -> Iterable[RunLine]:
    trays = plant.trays
    length = segments_of(trays.points_mm).run_length_m
    sizes = np.stack([trays.width_mm, trays.depth_mm], axis=1)
    for width, depth in np.unique(sizes, axis=0).tolist():
        rows = np.flatnonzero((sizes == (width, depth)).all(axis=1))
        yield RunLine(
            description="Cable tray",
            size=f"{width:g} × {depth:g} mm",
            length_m=float(length[rows].sum()),
            source=f"length: {DRAWN}; {UNPRICED}",
            tags=tuple(sorted(trays.tag[row] for row in rows.tolist())),
        )


def _feeders(plant: Plant, result: Mapping[str, Any]) -> Iterable[RunLine]:
    found = result["power"].get("feeders")
    if not found or not len(plant.power_nodes):
        return
    metres = dict(zip(found["id"], found["length_m"], strict=True))
    drawn, feeders, nodes = feeder_of(plant).tolist(), plant.feeders, plant.power_nodes
    groups: dict[tuple[str, bool], list[int]] = {}
    for node, row in enumerate(drawn):
        if metres.get(nodes.id[node], 0.0) > 0.0:
            area = float(feeders.conductor_mm2[row]) if row >= 0 else 0.0
            size = f"{int(feeders.sets[row])} × {area:g} mm²" if area else "by the rating it feeds"
            groups.setdefault((size, row >= 0), []).append(node)
    for (size, is_drawn), members in sorted(groups.items()):
        yield RunLine(
            description="Feeder, with its risers",
            size=size,
            length_m=sum(metres[nodes.id[node]] for node in members),
            source=f"length: {DRAWN if is_drawn else ASSUMED}; {UNPRICED}",
            tags=tuple(sorted(nodes.tag[node] for node in members)),
        )
