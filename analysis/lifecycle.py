"""The life of a design as gates: what each phase has, and what it still wants, by name.

Pure: document, plant and result in, plain values for the board out.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any, Literal

from analysis.figures import number
from analysis.schedule import bill_of_materials, rack_list
from catalog.schema import Product
from engine.plant import Plant
from layouts.document import Document

NAMED = 4  # how many of many are named

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


def design_gates(document: Document, plant: Plant) -> list[Gate]:
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
    gates += [
        wanted(
            _without(racks.tag, racks.feed_a),
            "Side A feeds every rack",
            "A power feed on side A for",
        ),
        wanted(
            _without(racks.tag, racks.feed_b),
            "Side B feeds every rack",
            "A power feed on side B for",
        ),
        wanted(
            _uncooled(plant),
            "A loop with CDUs for every liquid-cooled rack",
            "A loop with a CDU for",
        ),
        wanted(outside, "Every rack stands in a hall", "A hall around"),
    ]
    return gates


def _without(tags: Sequence[str], feeds: Iterable[int]) -> list[str]:
    return [tag for tag, feed in zip(tags, feeds, strict=True) if feed < 0]


def _uncooled(plant: Plant) -> list[str]:
    """Racks that give heat to liquid, with no CDU in their loop."""
    racks = plant.racks
    served = {int(loop) for loop in plant.cdus.loop if loop >= 0}
    return [
        tag
        for tag, loop, share in zip(racks.tag, racks.loop, racks.liquid_fraction, strict=True)
        if share > 0.0 and int(loop) not in served
    ]


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


def simulate_gates(result: Mapping[str, Any], *, has_sweep: bool, has_losses: bool) -> list[Gate]:
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
        gate("done", "Every single loss")
        if has_losses
        else gate("open", "Every single loss", "Run it below."),
        gate("failed", "Not N+1 in", named(weak)) if weak else gate("done", "Every loop is N+1"),
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
    claims = sorted(
        {
            product.name
            for line in bill_of_materials(plant, products)
            if (product := products.get(line.product_id)) is not None
            and product.category == "rack"
            and product.defaults["sustained_kw"].confidence in ("estimate", "from-memory", "press")
        }
    )
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
        wanted(claims, "Rack power from published sources", "A published power figure for"),
    ]


def schedules(
    document: Document, plant: Plant, result: Mapping[str, Any], products: Mapping[str, Product]
) -> dict[str, Any]:
    """Gates, bill of materials and rack list of one revision, as plain JSON values."""
    return {
        "gates": {
            "design": design_gates(document, plant),
            "deploy": deploy_gates(document, plant, products),
        },
        "materials": [asdict(line) for line in bill_of_materials(plant, products)],
        "racks": [asdict(line) for line in rack_list(plant, document, result, products)],
    }
