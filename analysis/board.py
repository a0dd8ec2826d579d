"""What the lifecycle page prints, from stored answers: pure, and all in words."""

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.figures import (
    ABSENT,
    number,
    plain,
    rounded_parts,
    short_words,
    significant,
    table,
)
from analysis.lifecycle import Gate, gate, named, simulate_gates, without_blocking
from analysis.losses_view import racks, settled_words

LOSSES_SHOWN = 40
FEEDERS_SHOWN = 20
RACKS_SHOWN = 60

DESIGN_FIGURES = (
    "space.racks",
    "space.hall_area_m2",
    "power.it_kw",
    "space.density.gross_kw_m2",
    "space.density.map_max_kw_m2",
)
SIMULATE_FIGURES = (
    "power.facility_kw",
    "energy.pue",
    "cooling.liquid_kw",
    "cooling.flow_lpm",
    "compute.sold_tokens_per_s",
    "cost.usd_per_mtok",
)


def board(
    result: Mapping[str, Any],
    plans: Mapping[str, Any] | None,
    *,
    has_sweep: bool,
    losses: Mapping[str, Any] | None,
) -> list[dict[str, Any]]:
    """The columns of the board: name, state, gates and key figures of each phase."""
    simulate = simulate_gates(result, has_sweep=has_sweep, losses=losses)
    figures = table(result, SIMULATE_FIGURES)
    # Results from before it was told have none.
    note = short_words(result) or (result.get("shortfall") or {}).get("note")
    if plans is None:
        return [
            _phase("Design", [], table(result, DESIGN_FIGURES)),
            {**_phase("Simulate", simulate, figures), "note": note},
        ]
    gates: Mapping[str, Sequence[Gate]] = plans["gates"]
    in_plan = without_blocking(result["findings"], ("space",), "No blocking finding in the plan")
    phases: list[dict[str, Any]] = []
    for name, own, shown in (
        ("Design", [*gates["design"], in_plan], table(result, DESIGN_FIGURES)),
        ("Simulate", simulate, figures),
        ("Deploy", gates["deploy"], _deploy_figures(result, plans)),
    ):
        phases.append(_phase(name, own, shown, after=phases[-1] if phases else None))
    return [{**phase, "note": note if phase["name"] == "Simulate" else None} for phase in phases]


def _short(label: str) -> str:
    """A gate's label without the words that lead to its detail."""
    return label.rstrip(":").removesuffix(" for")


def _phase(
    name: str,
    gates: Sequence[Gate],
    figures: list[dict[str, str]],
    after: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """A phase; it waits while the one before it is not done, however good its own gates."""
    if after is not None and after["state"] != "done":
        wants = [_short(each["label"]) for each in after["gates"] if each["state"] != "done"]
        gates = [gate("open", f"Waits for {after['name']}", f"{named(wants)}."), *gates]
    missing = [each for each in gates if each["state"] != "done"]
    states = {each["state"] for each in missing}
    state = "failed" if "failed" in states else "active" if missing or not gates else "done"
    if after is not None and after["state"] != "done" and state == "active" and len(missing) == 1:
        state = "waiting"
    return {
        "name": name,
        "state": state,
        "summary": f"{len(gates) - len(missing)} of {len(gates)}" if gates else "",
        "gates": gates,
        "figures": figures,
    }


def _deploy_figures(result: Mapping[str, Any], plans: Mapping[str, Any]) -> list[dict[str, str]]:
    lines = plans["materials"]
    tonnes = sum(line["total_mass_kg"] for line in lines) / 1_000.0
    return [
        _figure("Things to order", number(sum(line["quantity"] for line in lines)), ""),
        _figure("Kinds of product", number(len(lines)), ""),
        _figure("Mass", significant(tonnes, 3), "t"),
        *table(result, ("cost.capex_usd",)),
    ]


def _figure(label: str, text: str, unit: str) -> dict[str, str]:
    return {"path": "", "label": label, "text": text, "unit": unit}


def sweep_rows(sweep: Mapping[str, Any]) -> list[dict[str, str]]:
    """The heat load sweep as the table that stands for its charts."""
    return [
        {
            "load": number(100.0 * row["heat_load_fraction"]),
            "facility": number(row["facility_kw"]),
            **_parts(row),
            "pue": ABSENT if row["pue"] is None else number(row["pue"], 3),
            "flow": number(row["flow_lpm"]),
            "return": significant(row["tcs_return_c"], 3),
            "blocking": number(row["blocking"]),
        }
        for row in sweep["rows"]
    ]


def _parts(row: Mapping[str, Any]) -> dict[str, str]:
    """What the site draws beside IT, rounded so that the row adds up."""
    names = ("it_kw", "loss_kw", "cooling_kw", "other_kw")
    shown = rounded_parts([row[name] for name in names], 0)
    return {name.removesuffix("_kw"): number(kw) for name, kw in zip(names, shown, strict=True)}


def loss_rows(
    losses: Mapping[str, Any], result: Mapping[str, Any], wanted: str, kind: str
) -> list[dict[str, Any]]:
    """What follows from losing each thing, worst first; only those asked for."""
    words = wanted.casefold().split()
    nodes = result["power"]["nodes"]
    tags = dict(zip(nodes["id"], nodes["tag"], strict=True))
    return [
        _loss(case, tags)
        for case in losses["cases"]
        if (not kind or case["kind"] == kind)
        and all(word in case["tag"].casefold() for word in words)
    ]


def _loss(case: Mapping[str, Any], tags: Mapping[str, str]) -> dict[str, Any]:
    power, cooling = case["power"], case["cooling"]
    return {
        "tag": case["tag"],
        "kind": case["kind"].replace("_", " "),
        "severity": case["severity"],
        "lost": significant(case.get("lost_kw"), 4),
        "down": plain(case.get("repair_h"), 3),
        "per_year": plain(case.get("failures_per_year"), 3),
        "expected": significant(case.get("kwh_per_year"), 3),
        "one_side": number(power["racks_on_one_side"]),
        "over": number(len(power["nodes_over"])),
        "worst": ABSENT
        if power["worst_fraction"] is None
        else number(100.0 * power["worst_fraction"]),
        "left": number(cooling["capacity_left_kw"]) if cooling else ABSENT,
        "heat": number(cooling["heat_kw"]) if cooling else ABSENT,
        "effect": _effect(case, tags),
    }


def _effect(case: Mapping[str, Any], tags: Mapping[str, str]) -> str:
    power, cooling = case["power"], case["cooling"]
    parts = []
    if power["racks_without_feed"]:
        dark = number(power["racks_without_feed"])
        parts.append(f"{dark} racks dark, {number(power['it_lost_kw'])} kW lost")
    over = [tags.get(id_) or id_ for id_ in power["nodes_over"]]
    if over:
        parts.append(f"overloaded: {named(over)}")
    if power.get("tripped"):
        dark = number(power["cascade_kw"])
        parts.append(f"unless load is shed {number(len(power['tripped']))} trip, {dark} kW dark")
    if cooling and cooling["starved_rack_ids"]:
        parts.append(f"{racks(len(cooling['starved_rack_ids']))} short of coolant")
    if cooling and cooling["slowed_rack_ids"]:
        lost = number(cooling["liquid_lost_kw"])
        parts.append(f"{racks(len(cooling['slowed_rack_ids']))} slow down, {lost} kW of heat less")
    if cooling and cooling["is_strained"]:
        parts.append(settled_words(cooling))
    if not parts and case.get("lost_kw"):
        parts.append(f"too little cooling left for {number(case['lost_kw'])} kW of IT")
    if not parts and power["racks_on_one_side"]:
        parts.append(f"{number(power['racks_on_one_side'])} racks on one side, all run on")
    return "; ".join(parts) or "Everything runs on"


def exposure_figures(losses: Mapping[str, Any]) -> list[dict[str, str]]:
    """Availability and expected loss of the whole design; empty for an answer without them."""
    found = losses.get("exposure")
    if not found:
        return []
    cases = losses["cases"]
    kept = sum(not case["lost_kw"] and not case["power"]["nodes_over"] for case in cases)
    return [
        _figure("Can be taken out for maintenance", number(kept), f"of {number(len(cases))}"),
        _available("Full IT power", found["full_availability"]),
        _available("At least 90 % of it", found["most_availability"]),
        _figure("Expected loss", significant(found["kwh_lost_per_year"], 3), "kWh a year"),
        _figure("Losses", significant(found["events_per_year"], 2), "a year"),
    ]


def _available(label: str, share: float) -> dict[str, str]:
    hours = 8_760.0 * (1.0 - share)
    unit = f"%, {significant(hours, 2)} h a year without"
    return _figure(label, number(100.0 * share, 4), unit)


def cut_rows(losses: Mapping[str, Any]) -> list[dict[str, str]]:
    """What weighs most in the expected loss, alone or two at a time."""
    found = losses.get("exposure")
    return [
        {
            "tags": " and ".join(cut["tags"]),
            "kinds": " and ".join(dict.fromkeys(k.replace("_", " ") for k in cut["kinds"])),
            "lost": significant(cut["lost_kw"], 4),
            "per_year": plain(cut["failures_per_year"], 2),
            "expected": significant(cut["kwh_per_year"], 3),
        }
        for cut in (found["worst"] if found else ())
    ]


def feeder_rows(result: Mapping[str, Any]) -> list[dict[str, str]]:
    """The line into each power node, greatest voltage drop first; empty in older results."""
    power = result["power"]
    feeders, nodes = power.get("feeders"), power["nodes"]
    if not feeders:
        return []
    rows = zip(
        nodes["tag"], nodes["kind"], nodes["rating_kw"], nodes["worst_kw"], feeders["length_m"],
        feeders["drop_fraction"], feeders["total_drop_fraction"], feeders["phase_imbalance"],
        strict=True,
    )  # fmt: skip
    ranked = sorted(rows, key=lambda row: (-row[6], -row[5], row[0]))
    return [
        {
            "tag": tag,
            "kind": kind.replace("_", " "),
            "rating": number(rating) if rating else ABSENT,
            "worst": number(worst),
            "length": number(length, 1) if length else ABSENT,
            "drop": number(100.0 * drop, 2),
            "total": number(100.0 * total, 2),
            "balance": number(balance, 2),
        }
        for tag, kind, rating, worst, length, drop, total, balance in ranked[:FEEDERS_SHOWN]
    ]


def price_words(line: Mapping[str, Any]) -> str:
    """What one piece or metre costs; in words where nobody says."""
    price = line.get("unit_price_usd")
    return "no price published" if price is None else number(price)


def material_rows(plans: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The bill of materials in words."""
    return [
        {
            "item": number(line["item"]),
            "description": line["description"],
            "maker": line["maker"],
            "model": line["model"],
            "quantity": number(line["quantity"]),
            "size": " × ".join(number(line[f"{side}_mm"]) for side in ("width", "depth", "height")),
            "mass": number(line["mass_kg"]),
            "total_mass": number(line["total_mass_kg"]),
            "price": price_words(line),
            "is_default": bool(line.get("is_default_price")),
            "source": line["source"],
        }
        for line in plans["materials"]
    ]


def run_rows(plans: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Metres of pipes, trays and feeders in words; none in what was kept before they were told."""
    return [
        {
            "description": line["description"],
            "size": line["size"],
            "metres": number(line["length_m"]),
            "source": line["source"].removeprefix("length: ").partition("; price:")[0],
            "price": price_words(line),
            "is_default": line.get("unit_price_usd") is not None,
            "why": line["source"],
        }
        for line in plans.get("runs", ())
    ]


def rack_rows(plans: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The first racks of the rack list in words."""
    return [
        {
            **rack,
            "x": plain(rack["x_mm"], 8),
            "y": plain(rack["y_mm"], 8),
            "it": plain(rack["it_kw"], 4),
        }
        for rack in plans["racks"][:RACKS_SHOWN]
    ]
