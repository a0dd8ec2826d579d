"""The tables of the economics view: rows of words and figures, one function a table."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from analysis.economics_settings import MODES, Asked
from engine.cost.case import Answer, Case
from engine.cost.levelised import best_refresh, flow_of, levelised
from engine.cost.sensitivity import COST
from engine.cost.survey import Survey, at_conditions, with_gpu
from engine.cost.waterfall import costed
from engine.tables import Site as Place
from engine.tables import gpu_systems, sites, table_rows
from engine.tokens.latency import first_token_parts_s
from engine.tokens.measurements import RECONSTRUCTED, measurements
from engine.tokens.throughput import Frontier, frontier
from engine.tokens.workload import served

DIGITS: Final = ((100.0, 0), (10.0, 1), (1.0, 2), (0.01, 3))
ROUND_TRIPS_FIRST: Final = 3.0  # name, connection and keys on a first request
FACTOR_WORDS: Final = {
    "nameplate": "Nameplate",
    "heat_load": "GPUs at work",
    "slo": "Under the latency target",
    "derate": "In production",
    "availability": "Available",
    "goodput": "Not lost or redone",
    "load_factor": "Loaded, and sold",
}


CLASS_WORDS: Final = {
    "blended": "blended: all tokens pay alike",
    "output_only": "output only: output tokens pay everything",
    "fresh_input_by_time": "fresh input, by GPU-time",
    "cached_input_by_time": "cached input, by GPU-time",
    "output_by_time": "output, by GPU-time",
    "input_by_price": "input, at 1 : 3 of price lists",
    "output_by_price": "output, at 1 : 3 of price lists",
}


def money(value: float | None) -> str:
    """A cost with three figures that matter."""
    if value is None:
        return "–"
    size = abs(value)
    digits = next((found for least, found in DIGITS if size >= least), 4)
    return f"{value:,.{digits}f}"


def other_frontiers(case: Case) -> dict[str, Frontier]:
    """The same workload on every other kind of GPU that somebody measured or scaled."""
    site = replace(case.site, workload=replace(case.site.workload, precision=None))
    work, measured = served(site, case.assumptions), measurements(case.assumptions)
    present = {fleet.gpu for fleet in case.basis.fleets}
    found = {}
    for gpu in gpu_systems():
        best = None if gpu in present else frontier(work.on(gpu), measured)
        if best is not None and best.tier != "roofline":
            found[f"{gpu} {work.on(gpu).precision}"] = best
    return found


def rate_rows(
    own: Mapping[str, Frontier], others: Mapping[str, Frontier], speed: float
) -> list[dict[str, str]]:
    """Throughput of every kind of GPU at the speed asked for."""
    rows = []
    for gpu, curve in {**own, **others}.items():
        rate = curve.at(speed)
        rows.append(
            {
                "gpu": gpu.upper(),
                "rate": "out of reach" if rate is None else f"{rate:,.0f}",
                "tier": curve.tier,
                "sigma": f"± {100 * curve.sigma:.0f} %",
                "label": curve.label,
            }
        )
    return rows


def tier_rows(answer: Answer) -> list[dict[str, Any]]:
    """Where the throughput comes from, kind by kind of GPU."""
    measured = measurements(answer.case.assumptions)
    work = served(answer.case.site, answer.case.assumptions)
    return [
        {
            "gpu": group.gpu.upper(),
            "tier": group.tier,
            "sigma": f"{100 * (group.sigma or 0.0):.0f} %",
            "label": group.label,
            "reconstructed": any(
                p.provenance == RECONSTRUCTED for p in measured.of(work.model, group.gpu)
            ),
        }
        for group in answer.compute.groups
    ]


def waterfall_rows(asked: Asked, answer: Answer) -> list[dict[str, Any]]:
    """What the cost is made of, in the unit of the headline."""
    classes = answer.classes()
    blended = classes["blended"]
    name = "output_only" if asked.token_class == "output_only" else "blended"
    scale = classes[name] / blended
    rows: list[dict[str, Any]] = []
    running = 0.0
    for step in costed(answer.economics, answer.compute).waterfall:
        value = scale * (step.usd_per_mtok or 0.0)
        is_sum = step.kind in ("subtotal", "total")
        rows.append(
            {
                "label": step.label,
                "kind": step.kind,
                "value": value,
                "base": 0.0 if is_sum else running,
                "text": money(value),
                "share": f"{value / (scale * blended):.1%}",
            }
        )
        running = value if is_sum else running + value
    flow = flow_of(answer) if asked.mode == "levelised" else None
    if flow is not None:
        lived = scale * levelised(flow).usd_per_mtok
        rows[-1] = {**rows[-1], "label": "By annuity", "kind": "subtotal"}
        change = lived - running
        rows.append(
            {
                "label": "Ramp, gains, refresh",
                "kind": "loss",
                "value": change,
                "base": running,
                "text": money(change),
                "share": "",
            }
        )
        rows.append(
            {
                "label": "Total over the life",
                "kind": "total",
                "value": lived,
                "base": 0.0,
                "text": money(lived),
                "share": "",
            }
        )
    return rows  # fmt: skip


def token_rows(answer: Answer) -> list[dict[str, Any]]:
    """From the nameplate to what is sold, factor by factor."""
    chain = answer.compute.chain
    whole = chain[0].tokens_per_s
    return [
        {
            "label": FACTOR_WORDS.get(step.factor, step.factor),
            "factor": "" if step.factor == "nameplate" else f"× {step.value:.3f}",
            "value": f"{step.tokens_per_s / 1e6:,.2f}",
            "share": f"{step.tokens_per_s / whole:.4f}",
            "before": f"{step.tokens_per_s / step.value / whole:.4f}" if step.value else "0",
        }
        for step in chain
    ]


def rest_words(swings: tuple[Any, ...]) -> str:
    """The weaker swings in a sentence."""
    named = [f"{s.label.lower()} {s.step} {money(s.size)}" for s in swings if s.size > 0.0]
    return f"Then {', '.join(named[:4])}. Swings in USD/Mtok." if named else ""


def place_rows(asked: Asked, found: Survey) -> list[dict[str, Any]]:
    """The same plant on several sites: cost, PUE, carbon, water, and the stack of latency."""
    own = asked.case.site.site_id
    names = [*([own] if own else []), *(name for name in asked.places if name != own)]
    rows: list[dict[str, Any]] = []
    for name in names:
        conditions, place = found.elsewhere[name], sites()[name]
        case = replace(
            asked.case,
            basis=at_conditions(asked.case.basis, conditions),
            site=replace(asked.case.site, site_id=name),
        )
        answer = case.answer()
        sheet = answer.economics.sheet
        rows.append(
            {
                "id": name,
                "name": place.name,
                "is_own": name == own,
                "words": f"{place.country} · {sheet['price.electricity']:.3f} $/kWh",
                "cost": money(answer.usd_per_mtok),
                "number": answer.usd_per_mtok or 0.0,
                "pue": f"{conditions.pue:.2f}",
                "carbon": f"{sheet['energy.carbon_g_per_mtok']:,.1f}",
                "water": f"{1000.0 * sheet['energy.water_l_per_mtok']:,.1f}",
                "stress": f"{place.water_stress:g}",
                "rate": f"{100 * sheet['term.rate']:.1f}",
                "law": place.law,
                "latency": latency(place, case),
                "confidence": place.confidence,
            }
        )
    cheapest = min((row["number"] for row in rows), default=0.0)
    for row in rows:
        premium = row["number"] / cheapest - 1.0 if cheapest else 0.0
        row["premium"] = "cheapest" if premium < 1e-9 else f"+{premium:.0%}"
    return rows


def latency(place: Place, case: Case) -> dict[str, str]:
    """Time to the first token as a stack: network, waiting, reading the prompt."""
    hub = min(place.rtt_ms, key=lambda name: place.rtt_ms[name])
    work = served(case.site, case.assumptions)
    first = first_token_ms(case)
    far = max(place.rtt_ms, key=lambda name: place.rtt_ms[name])
    near_ms = ROUND_TRIPS_FIRST * place.rtt_ms[hub]
    return {
        "hub": hub.replace("_", " "),
        "rtt": f"{place.rtt_ms[hub]:.0f}",
        "first": f"{near_ms + first['queue'] + first['prefill']:,.0f}",
        "network": f"{near_ms:,.0f}",
        "queue": f"{first['queue']:,.0f}",
        "prefill": f"{first['prefill']:,.0f}",
        "cadence": f"{1000.0 / work.tok_s_user:.0f}",
        "far": f"{far.replace('_', ' ')} {place.rtt_ms[far]:.0f} ms",
    }


def first_token_ms(case: Case) -> dict[str, float]:
    """Waiting and reading the prompt, before the network. [ms]"""
    work = served(case.site, case.assumptions)
    gpu = case.basis.fleets[0].gpu
    slo = case.site.utilisation.slo_fraction
    usable = case.assumptions.value("ops.peak_headroom") if slo is None else slo
    queue_s, prefill_s = first_token_parts_s(work.on(gpu), work.tok_s_user, usable)
    return {"queue": 1000.0 * queue_s, "prefill": 1000.0 * prefill_s}


def gpu_rows(asked: Asked, answer: Answer) -> Iterator[dict[str, str]]:
    """The same power with other generations of GPU."""
    now = answer.usd_per_mtok or 0.0
    for gpu in gpu_systems():
        if gpu in {fleet.gpu for fleet in asked.case.basis.fleets}:
            continue
        site = asked.case.site
        other = replace(
            asked.case,
            basis=with_gpu(asked.case.basis, gpu),
            site=replace(site, workload=replace(site.workload, precision=None)),
        ).answer()
        if other.usd_per_mtok is None:
            continue
        yield {
            "label": f"{gpu_systems()[gpu].system}, same IT power",
            "detail": f"{other.compute.gpus:,} GPUs, {other.compute.workload['precision']}, "
            f"{other.compute.groups[0].tier}",
            "cost": money(other.usd_per_mtok),
            "change": f"{other.usd_per_mtok / now - 1.0:+.0%}",
            "tokens": f"{other.economics.sheet['tokens.sold'] / 1e6:,.1f}",
            "query": f"gpu={gpu}",
        }


def supply_rows(asked: Asked, found: Survey, answer: Answer) -> Iterator[dict[str, str]]:
    """The same plant with colder or warmer facility water."""
    now = answer.usd_per_mtok or 0.0
    if asked.case.site.site_id != found.site.site_id:
        return
    for supply_c, conditions in found.supplies.items():
        other = replace(asked.case, basis=at_conditions(asked.case.basis, conditions)).answer()
        if other.usd_per_mtok is None:
            continue
        yield {
            "label": f"Facility water at {supply_c:g} °C",
            "detail": f"PUE {conditions.pue:.3f} mean, {conditions.design_pue:.3f} design day",
            "cost": money(other.usd_per_mtok),
            "change": f"{other.usd_per_mtok / now - 1.0:+.1%}",
            "tokens": f"{other.economics.sheet['tokens.sold'] / 1e6:,.1f}",
            "query": f"fws={supply_c:g}",
        }


def life_rows(answer: Answer) -> dict[str, Any]:
    """Cost by finance mode and by how long the hardware is kept."""
    rows = []
    for mode in ("straight_line", "annuity"):
        site = answer.case.site
        kind: Any = mode
        other = replace(
            answer.case, site=replace(site, finance=replace(site.finance, mode=kind))
        ).answer()
        rows.append({"label": MODES[mode], "cost": money(other.usd_per_mtok)})
    flat, full = flow_of(answer, with_gains=False), flow_of(answer)
    lives: list[dict[str, str]] = []
    if flat is not None and full is not None:
        rows.append(
            {"label": "levelised, today's speed kept", "cost": money(levelised(flat).usd_per_mtok)}
        )
        rows.append(
            {
                "label": "levelised with ramp, gains and refresh",
                "cost": money(levelised(full).usd_per_mtok),
            }
        )
        by_life = best_refresh(full)
        best = min(by_life, key=lambda life: by_life[life])
        sheet = answer.economics.sheet
        lives = [
            {
                "life": str(life),
                "annuity": money(
                    float(sheet.with_values({"term.it_life": float(life)}, (COST,))[COST])
                ),
                "levelised": money(cost),
                "mark": "least" if life == best else "",
            }
            for life, cost in by_life.items()
        ]
    return {"modes": rows, "lives": lives}  # fmt: skip


def class_rows(answer: Answer) -> list[dict[str, str]]:
    """Cost per million tokens of every class; they are never compared across."""
    return [
        {"label": CLASS_WORDS[name], "cost": money(cost)} for name, cost in answer.classes().items()
    ]


def reference_rows(answer: Answer) -> dict[str, Any]:
    """Published rents of the same GPU at this throughput, and published prices of the model."""
    sold = answer.economics.sheet["tokens.sold"]
    gpus = answer.compute.gpus
    rents = [
        {
            "label": f"{group.gpu.upper()}, {tier}",
            "rent": f"{usd:.2f}",
            "cost": money(usd * gpus * 1e6 / (3600.0 * sold)),
        }
        for group in answer.compute.groups
        if group.gpu in gpu_systems() and len(answer.compute.groups) == 1
        for tier, usd in gpu_systems()[group.gpu].rents_usd_per_gpu_h.items()
    ]
    work = served(answer.case.site, answer.case.assumptions)
    prices = [
        {
            "label": row["name"],
            "class": row["token_class"].replace("_", " "),
            "cost": row["usd_per_mtok"],
            "source": row["source"],
            "confidence": row["confidence"],
        }
        for row in table_rows("reference_prices.csv")
        if row["model"] == work.model
    ]
    return {"rents": rents, "prices": prices}


def build_words(answer: Answer) -> str:
    """The bottom-up building against the regional figure."""
    found = answer.economics
    sheet = found.sheet
    names = [
        item.name
        for item in found.bought
        if item.name.startswith("fac.")
        and item.name not in ("fac.grid", "fac.land", "fac.construction_interest")
    ]
    built = sum(sheet[f"capex.{name}"] for name in names)
    by_watt = sheet["capex.building_by_watt"]
    watts = 1000.0 * sheet["size.it_kw"]
    return (
        f"bottom-up {built / watts:.1f} against regional {by_watt / watts:.1f} $/W IT, "
        f"{built / by_watt - 1.0:+.0%}"
    )


def sweep_words(knee: float | None, cheapest: float | None, fastest: float | None) -> str:
    """Where the curve bends, where it is cheapest, and where it ends."""
    parts = []
    if cheapest is not None:
        parts.append(f"cheapest at {cheapest:.0f}")
    if knee is not None:
        parts.append(f"bends at {knee:.0f}")
    if fastest is not None:
        parts.append(f"out of reach beyond {fastest:.0f} tokens/s per user")
    return ", ".join(parts)
