"""The economics of one case as a page shows them: rows of words, figures with units, charts."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from analysis import economics_charts as charts
from analysis.economics_settings import MODES, SETTINGS, Asked, in_use
from engine.cost.case import Answer, Case
from engine.cost.fleet import margin_on_revenue
from engine.cost.levelised import best_refresh, flow_of, levelised
from engine.cost.montecarlo import Spread, spread
from engine.cost.sensitivity import AXES, COST, levers, speed_sweep, two_way
from engine.cost.survey import Survey, at_conditions, with_gpu
from engine.cost.waterfall import costed
from engine.tables import Site as Place
from engine.tables import gpu_systems, models, sites, table_rows
from engine.tokens.latency import first_token_parts_s
from engine.tokens.measurements import RECONSTRUCTED, measurements
from engine.tokens.throughput import Frontier, frontier
from engine.tokens.workload import served

SWINGS_SHOWN: Final = 9
DIGITS: Final = ((100.0, 0), (10.0, 1), (1.0, 2), (0.01, 3))
REACH: Final = 320.0
HUBS: Final = ("ashburn", "frankfurt", "singapore", "tokyo", "johannesburg", "sao_paulo")
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


def view(asked: Asked, found: Survey, *, whole: bool = True) -> dict[str, Any]:
    """What the page shows of a case; without the slower half while a hand still moves."""
    answer = asked.case.answer()
    context: dict[str, Any] = {
        "settings": setting_rows(asked, answer),
        "choices": choices(asked),
        "faults": asked.faults,
        "changed": asked.changed,
        "reason": None,
        "class": asked.token_class,
        "mode_words": MODES[asked.mode],
    }
    if answer.usd_per_mtok is None:
        reason = answer.compute.reason or "No throughput yet: no token is sold."
        return {**context, "reason": reason}
    luck = spread(answer)
    headline = headline_of(asked, answer, luck)
    sweep = speed_sweep(answer)
    work = served(asked.case.site, asked.case.assumptions)
    curves = asked.case.frontiers()
    others = other_frontiers(asked.case)
    group = next((g for g in answer.compute.groups if g.tok_s_per_gpu is not None), None)
    shown: dict[str, Any] = {
        **context,
        "headline": headline,
        "strip": strip(asked, answer),
        "working_point": {
            "u": f"{work.tok_s_user:g}",
            "rate": f"{group.tok_s_per_gpu:,.0f}" if group and group.tok_s_per_gpu else "",
            "gpu": group.gpu.upper() if group else "",
            "reach": f"{REACH:g}",
            "usd": headline["value"],
        },
        "rates": rate_rows(curves, others, work.tok_s_user),
        "tiers": tier_rows(answer),
        "waterfall": waterfall_rows(asked, answer),
        "waterfall_unit": unit_words(asked),
        "tokens": token_rows(answer),
        "luck": {"count": f"{luck.count:,}", "purpose": luck.purpose},
        "build": build_words(answer),
        "sweep": sweep_words(
            sweep.knee_tok_s_user, sweep.cheapest_tok_s_user, sweep.fastest_tok_s_user
        ),
        "charts": {
            "histogram": charts.histogram(luck, COST, headline["scale"], headline["number"]),
            "frontier": charts.frontier_chart(
                curves,
                others,
                sweep,
                (work.tok_s_user, group.tok_s_per_gpu if group else None),
                REACH,
            ),
            "waterfall": charts.waterfall(waterfall_rows(asked, answer), unit_words(asked)),
            "speed": charts.speed_chart(sweep, work.tok_s_user),
        },
    }
    return {**shown, **_slower(asked, found, answer, shown["charts"])} if whole else shown


def _slower(
    asked: Asked, found: Survey, answer: Answer, drawn: Mapping[str, Any]
) -> dict[str, Any]:
    """The half that asks the engine many times over."""
    swings = levers(answer)
    return {
        "swings": [
            {"label": s.label, "step": s.step, "low": money(s.low), "high": money(s.high)}
            for s in swings[:SWINGS_SHOWN]
        ],
        "rest": rest_words(swings[SWINGS_SHOWN:]),
        "places": place_rows(asked, found),
        "what_ifs": [*gpu_rows(asked, answer), *supply_rows(asked, found, answer)],
        "life": life_rows(answer),
        "classes": class_rows(answer),
        "references": reference_rows(answer),
        "charts": {
            **drawn,
            "tornado": charts.tornado(swings[:SWINGS_SHOWN], answer.usd_per_mtok or 0.0),
            "map": charts.map_chart(
                two_way(answer, *asked.axes), asked.axes, answer.usd_per_mtok or 1.0
            ),
        },
    }


def money(value: float | None) -> str:
    """A cost with three figures that matter."""
    if value is None:
        return "–"
    size = abs(value)
    digits = next((found for least, found in DIGITS if size >= least), 4)
    return f"{value:,.{digits}f}"


def unit_words(asked: Asked) -> str:
    """The unit of the headline, its class of tokens named."""
    words = {"output_only": "output tokens, all cost on the output"}
    return f"USD per million {words.get(asked.token_class, 'tokens, blended')}"


def headline_of(asked: Asked, answer: Answer, luck: Spread) -> dict[str, Any]:
    """The one big number, its class, and how sure it is."""
    classes = answer.classes()
    name = "output_only" if asked.token_class == "output_only" else "blended"
    value, ratio = classes[name], classes[name] / classes["blended"]
    note = ""
    flow = flow_of(answer) if asked.mode == "levelised" else None
    if flow is not None:
        lived = levelised(flow).usd_per_mtok
        ratio *= lived / classes["blended"]
        value = ratio * classes["blended"]
        note = "Ramp, software gain and newer hardware counted; range from the annuity."
    summary = luck.summaries[COST]
    target = asked.target_usd_per_mtok
    return {
        "value": money(value),
        "number": value,
        "scale": ratio,
        "class": {"blended": "all tokens, blended", "output_only": "output tokens only",
                  "split": "all tokens, blended"}[asked.token_class],
        "p10": money(ratio * summary.at(10.0)),
        "p50": money(ratio * summary.at(50.0)),
        "p90": money(ratio * summary.at(90.0)),
        "below": None
        if target is None
        else f"{luck.below(COST, target / ratio):.0%} below ${money(target)}",
        "split": {
            "input": money(ratio * classes["fresh_input_by_time"]),
            "cached": money(ratio * classes["cached_input_by_time"]),
            "output": money(ratio * classes["output_by_time"]),
        }
        if asked.token_class == "split"
        else None,
        "note": note,
        "annual": f"{answer.economics.sheet['annual.total'] / 1e6:,.1f} M$/yr",
        "tokens": f"{answer.economics.sheet['tokens.mtok_per_year'] / 1e6:,.0f} T tokens/yr",
        "cell": "cost.usd_per_mtok_output" if name == "output_only" else "cost.usd_per_mtok",
    }  # fmt: skip


def strip(asked: Asked, answer: Answer) -> list[dict[str, str]]:
    """The figures above the charts; each names its boundary."""
    sheet, basis = answer.economics.sheet, asked.case.basis
    sold = sheet["tokens.sold"]
    revenue = asked.price_usd_per_mtok * sheet["tokens.mtok_per_year"]
    margin = margin_on_revenue(revenue, sheet["annual.total"])
    compute = answer.compute
    rows = [
        ("Tokens sold", f"{sold / 1e6:,.2f}", "M tok/s", "tokens.sold"),
        ("Provisioned, site", f"{basis.facility_kw / 1e3:,.1f}", "MW", ""),
        ("Sold per site MW", f"{1e-3 * sold / basis.facility_kw:,.2f}", "M tok/s/MW", ""),
        ("Served per IT MW", f"{(compute.tokens_per_s_per_mw_it or 0.0) / 1e6:,.2f}",
         "M tok/s/MW", ""),
        ("Energy, site, sold", f"{sheet['energy.j_per_token_facility_mean']:,.3f}", "J/token",
         "energy.j_per_token_facility_mean"),
        ("Energy, IT, sold", f"{sheet['energy.j_per_token_it_mean']:,.3f}", "J/token",
         "energy.j_per_token_it_mean"),
        ("Owner's cost", f"{sheet['cost.usd_per_gpu_h']:,.2f}", "$/GPU-h", "cost.usd_per_gpu_h"),
        ("Capital", f"{sheet['capex.total'] / 1e6:,.0f}", "M$", "capex.total"),
        (f"Margin at ${asked.price_usd_per_mtok:g}", f"{100 * margin:,.0f}", "%", ""),
    ]  # fmt: skip
    return [
        {"label": label, "value": value, "unit": unit, "cell": cell}
        for label, value, unit, cell in rows
    ]


def setting_rows(asked: Asked, answer: Answer) -> list[dict[str, Any]]:
    """The form: every setting with the value in use, its origin and its limits."""
    sheet = answer.economics.sheet
    own = in_use(asked.case)
    rows = []
    for setting in SETTINGS:
        cell = sheet.cells.get(setting.cell)
        value = own.get(setting.name) if cell is None else cell.value
        if setting.name == "rack":
            value = _rack_price(asked.case, answer)
        confidence = "user"
        if cell is not None and setting.name not in asked.changed:
            confidence = "derived" if cell.origin is None else cell.origin.confidence
        rows.append(
            {
                "name": setting.name,
                "label": setting.label,
                "unit": setting.unit,
                "group": setting.group,
                "low": setting.low,
                "high": setting.high,
                "step": setting.step,
                "value": "" if value is None else f"{value:.6g}",
                "asked": asked.query.get(setting.name, ""),
                "is_set": setting.name in asked.changed,
                "confidence": confidence,
            }
        )
    return rows


def _rack_price(case: Case, answer: Answer) -> float | None:
    racks = sum(fleet.racks for fleet in case.basis.fleets)
    usd = answer.economics.figure("capex.it.racks")
    return None if not racks or usd is None else usd / racks / 1e6


def choices(asked: Asked) -> dict[str, Any]:
    """What the drop-downs offer, and what is chosen."""
    work = served(asked.case.site, asked.case.assumptions)
    measured = measurements(asked.case.assumptions)
    fleets = asked.case.basis.fleets
    precisions = sorted(
        {p.precision for fleet in fleets for p in measured.of(work.model, fleet.gpu)}
        | {work.on(fleet.gpu).precision for fleet in fleets}
    )
    with_points = sorted({model for model, _ in measured.by_key()})
    return {
        "models": [(key, key in with_points) for key in sorted(models())],
        "model": work.model,
        "precisions": precisions,
        "precision": work.precision or "",
        "sites": [(place.site_id, f"{place.name}, {place.country}") for place in sites().values()],
        "site": asked.case.site.site_id or "",
        "gpus": sorted(gpu_systems()),
        "gpu": asked.gpu,
        "supply": asked.supply_c,
        "axes": [(name, words[0]) for name, words in AXES.items()],
        "x": asked.axes[0],
        "y": asked.axes[1],
        "modes": list(MODES.items()),
        "mode": asked.mode,
        "price": f"{asked.price_usd_per_mtok:g}",
        "target": "" if asked.target_usd_per_mtok is None else f"{asked.target_usd_per_mtok:g}",
        "places": ",".join(asked.places),
        "with_reconstructed": measured.with_reconstructed,
        "class": asked.token_class,
    }


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


CLASS_WORDS: Final = {
    "blended": "blended: all tokens pay alike",
    "output_only": "output only: output tokens pay everything",
    "fresh_input_by_time": "fresh input, by GPU-time",
    "cached_input_by_time": "cached input, by GPU-time",
    "output_by_time": "output, by GPU-time",
    "input_by_price": "input, at 1 : 3 of price lists",
    "output_by_price": "output, at 1 : 3 of price lists",
}


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
