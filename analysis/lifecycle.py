"""The life of a design as gates: what each phase has, and what it still wants, by name.

Pure: document, plant and result in, plain values for the board out.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any, Literal

import numpy as np

from analysis.figures import number
from analysis.run_lengths import run_lengths
from analysis.schedule import bill_of_materials, rack_list
from catalog.schema import Product
from engine.assumptions import Quantity
from engine.plant import Ints, Plant
from engine.undrawn import beginnings, has_rejection, without_cdu
from layouts.document import Document

NAMED = 4  # how many of many are named
N_PLUS_1 = "N+1 by heat, rated flow and pipes"

GateState = Literal["done", "open", "failed"]
Gate = dict[str, str]


def gate(state: GateState, label: str, detail: str = "") -> Gate:
    """One condition of a phase: met, still wanted, or violated."""
    return {"state": state, "label": label, "detail": detail}


def named(tags: Sequence[str]) -> str:
    """The first few of some things, and how many more."""
    rest = len(tags) - NAMED
    text = ", ".join(tags[:NAMED])
    return f"{text} and {number(rest)} more" if rest > 0 else text


def wanted(missing: Sequence[str], met: str, want: str) -> Gate:
    """Met when nothing is missing, else open with the names of what is."""
    return gate("open", want, named(missing)) if missing else gate("done", met)


def design_gates(document: Document, plant: Plant, result: Mapping[str, Any]) -> list[Gate]:
    """What a drawing needs before it is worth simulating."""
    sites = document.of_kind("site")
    has_place = any(site.get("location", {}).get("site_id") for site in sites)
    racks, boxes = plant.racks, plant.boxes
    outside = [tag for tag, box in zip(racks.tag, racks.box, strict=True) if boxes.hall[box] < 0]
    gates = [
        gate("done", "A site") if has_place else gate("open", "A site", "Choose one under Site."),
        gate("done", "A hall") if len(plant.halls) else gate("open", "A hall"),
        gate("done", f"{number(len(racks))} racks")
        if len(racks)
        else gate("open", "At least one rack"),
    ]
    if not len(racks):
        return gates
    excused = _waived_sources(result)
    dry = [racks.tag[row] for row in without_cdu(plant, racks.liquid_fraction)]
    return [
        *gates,
        *_unfed_gate(plant),
        _side_gate(plant, "A", racks.feed_a, excused),
        _side_gate(plant, "B", racks.feed_b, excused),
        wanted(dry, "A loop with CDUs for every liquid-cooled rack", "A loop with a CDU for"),
        *_rejection_gate(plant, result),
        wanted(outside, "Every rack stands in a hall", "A hall around"),
    ]


def _unfed_gate(plant: Plant) -> Iterator[Gate]:
    racks = plant.racks
    unfed = _without(racks.tag, np.maximum(racks.feed_a, racks.feed_b))
    if unfed:
        yield gate("failed", "No feed at all:", named(unfed))


def _side_gate(plant: Plant, side: str, feeds: Ints, excused: frozenset[str]) -> Gate:
    """Whether every rack has a feed on one side, and that a way up to a source."""
    nodes = plant.power_nodes
    if without := _without(plant.racks.tag, feeds):
        return gate("open", f"A power feed on side {side} for", named(without))
    tops = [top for top in beginnings(nodes, feeds) if nodes.id[top] not in excused]
    return wanted(
        [nodes.tag[top] or nodes.id[top] for top in tops],
        f"Side {side} feeds every rack from a source",
        f"Side {side}: a transformer or generator above",
    )


def _rejection_gate(plant: Plant, result: Mapping[str, Any]) -> Iterator[Gate]:
    heat_kw = result["cooling"]["liquid_kw"]
    if heat_kw <= 0.0 or _waived(result, "COOL-REJECTION"):
        return
    if has_rejection(plant):
        yield gate("done", "Heat rejection for the liquid heat")
    else:
        yield gate("open", "Dry coolers or chillers for", f"{number(heat_kw)} kW of liquid heat")


def _waived(result: Mapping[str, Any], rule: str) -> list[Mapping[str, Any]]:
    """The findings of a rule that a waiver in force covers."""
    return [
        finding
        for finding in result["findings"]
        if finding["rule"] == rule and finding["waiver"] and finding["waiver"]["in_force"]
    ]


def _waived_sources(result: Mapping[str, Any]) -> frozenset[str]:
    return frozenset(id_ for each in _waived(result, "POW-SOURCE") for id_ in each["element_ids"])


def _without(tags: Sequence[str], feeds: Iterable[int]) -> list[str]:
    return [tag for tag, feed in zip(tags, feeds, strict=True) if feed < 0]


def judged(result: Mapping[str, Any], today: date) -> dict[str, Any]:
    """A result with its waivers judged by a day: one that ran out counts no more."""
    return {**result, "findings": [_judged(finding, today) for finding in result["findings"]]}


def _judged(finding: Mapping[str, Any], today: date) -> Mapping[str, Any]:
    waiver = finding.get("waiver")
    if waiver is None or not waiver["in_force"]:
        return finding
    until = waiver["expires_on"]
    if until is None or until >= today.isoformat():
        return finding
    return {
        **finding,
        "detail": f"{finding['detail']} The waiver expired on {until}.",
        "waiver": {**waiver, "in_force": False},
    }


def blocks(finding: Mapping[str, Any]) -> bool:
    """Whether a finding stands in the way: blocking, and without a waiver in force."""
    waiver = finding.get("waiver")
    return finding["severity"] == "blocking" and not (waiver and waiver["in_force"])


def without_blocking(
    findings: Iterable[Mapping[str, Any]], disciplines: Sequence[str], met: str
) -> Gate:
    """Met while no finding of some disciplines stands in the way."""
    rules: dict[str, list[str]] = {}
    for finding in findings:
        if finding["discipline"] in disciplines and blocks(finding):
            rules.setdefault(finding["rule"], []).append(finding["title"])
    if not rules:
        return gate("done", met)
    words = [
        titles[0] if len(titles) == 1 else f"{titles[0]}, and {number(len(titles) - 1)} alike"
        for titles in rules.values()
    ]
    count = sum(map(len, rules.values()))
    label = f"{number(count)} blocking finding{'s' if count > 1 else ''}"
    return gate("failed", label, "; ".join(words))


def _losses_gate(losses: Mapping[str, Any] | None) -> Gate:
    """What single losses stop, not whether somebody asked."""
    if losses is None:
        return gate("open", "Every single loss", "Run it below.")
    cases = losses["cases"]
    if stopping := [case["tag"] for case in cases if case["severity"] == "blocking"]:
        return gate("failed", "IT stops with the loss of", named(stopping))
    cooled = [case for case in cases if case["cooling"]]
    starving = [case for case in cooled if case["cooling"]["starved_rack_ids"]]
    if starving:
        most = max(len(case["cooling"]["starved_rack_ids"]) for case in starving)
        return gate(
            "failed",
            "Racks are short of coolant with the loss of",
            f"{named([case['tag'] for case in starving])}: up to {number(most)} at once",
        )
    after = {
        "Equipment is overloaded": [c["tag"] for c in cases if c["power"]["nodes_over"]],
        "Coolant is warmer than its set-point": [
            c["tag"] for c in cooled if c["cooling"]["is_strained"]
        ],
    }
    words = [f"{what} with the loss of {named(tags)}." for what, tags in after.items() if tags]
    return gate(
        "done",
        "No single piece of equipment stops IT",
        " ".join([*words, "Pipes, valves and sensors stand on the page of losses."]),
    )


def simulate_gates(
    result: Mapping[str, Any], *, has_sweep: bool, losses: Mapping[str, Any] | None
) -> list[Gate]:
    """What a design needs before it is worth building."""
    weak = [loop["loop"] for loop in result["cooling"]["loops"] if not loop["n_plus_1"]]
    nodes = result["power"]["nodes"]
    over = [
        tag for tag, status in zip(nodes["tag"], nodes["status"], strict=True) if status == "over"
    ]
    reason = result["compute"]["reason"] or result["cost"]["reason"]
    return [
        gate("done", "Nominal run"),
        gate("done", "Heat load 40–100 %")
        if has_sweep
        else gate("open", "Heat load 40–100 %", "Run it below."),
        _losses_gate(losses),
        gate("failed", f"Not {N_PLUS_1} in", named(weak))
        if weak
        else gate("done", f"Every loop is {N_PLUS_1}"),
        gate("failed", "Overloaded with one side lost:", named(over))
        if over
        else gate("done", "Either side carries the load alone"),
        gate("open", "Tokens and their cost", reason)
        if reason
        else gate("done", "Tokens and their cost"),
        without_blocking(
            result["findings"],
            ("power", "cooling", "network", "cost"),
            "No blocking finding in power and cooling",
        ),
    ]


def deploy_gates(document: Document, plant: Plant, products: Mapping[str, Product]) -> list[Gate]:
    """What a design needs before it can be ordered and put up."""
    tags = Counter(
        tag for tag in (*plant.racks.tag, *plant.cdus.tag, *plant.power_nodes.tag) if tag
    )
    twice = sorted(tag for tag, count in tags.items() if count > 1)
    untagged = sum(1 for tag in plant.racks.tag if not tag)
    gridless = [
        hall.get("identity", {}).get("name", "a hall")
        for hall in document.of_kind("hall")
        if not hall.get("tiles")
    ]
    return [
        gate("done", "Something to order")
        if len(plant.racks)
        else gate("open", "At least one rack"),
        gate("failed", "The same tag twice:", named(twice))
        if twice
        else gate("done", "Every tag is unique"),
        gate("open", "A tag for", f"{number(untagged)} racks")
        if untagged
        else gate("done", "Every rack has a tag"),
        wanted(gridless, "A tile grid names every place", "A tile grid for"),
        _power_gate(plant, products),
    ]


def _power_gate(plant: Plant, products: Mapping[str, Product]) -> Gate:
    """How far the power of the racks can be trusted, by the confidence of its records."""
    figure = f"{plant.site.basis}_kw"
    by_trust: dict[bool, list[str]] = {}
    for product_id in dict.fromkeys(plant.racks.product):
        product = products.get(product_id)
        stated = product and product.defaults.get(figure)
        if not product or not stated or stated.confidence == "published":
            continue
        by_trust.setdefault(stated.confidence == "published-secondary", []).append(product.name)
    if claims := by_trust.get(False):
        return gate("open", "A published power figure for", named(sorted(claims)))
    if quoted := by_trust.get(True):
        words = f"Published by a third party: {named(sorted(quoted))}."
        return gate("done", "Rack power published or quoted", words)
    return gate("done", "Rack power published by the makers")


def schedules(
    document: Document,
    plant: Plant,
    result: Mapping[str, Any],
    products: Mapping[str, Product],
    *,
    prices: Mapping[str, Quantity] | None = None,
) -> dict[str, Any]:
    """Gates, bill of materials and rack list of one revision, as plain JSON values.

    ``prices`` are the assumption lines of the design; None: as shipped.
    """
    return {
        "gates": {
            "design": design_gates(document, plant, result),
            "deploy": deploy_gates(document, plant, products),
        },
        "materials": [asdict(line) for line in bill_of_materials(plant, products, prices)],
        "runs": [asdict(line) for line in run_lengths(plant, result, prices)],
        "racks": [asdict(line) for line in rack_list(plant, document, result, products)],
    }
