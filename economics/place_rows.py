"""Rows of the economics view about what if: other sites, other GPUs, other water."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from economics.amounts import change, money
from economics.asking import Asked
from engine.cost.basis import MEAN_DAY
from engine.cost.case import Answer, Case
from engine.cost.levelised import cost_by_life
from engine.cost.survey import (
    SITE_LINES,
    Conditions,
    Survey,
    at_conditions,
    at_site,
    with_gpu,
)
from engine.shortfall import carried_fraction
from engine.tables import Site as Place
from engine.tables import gpu_systems, sites
from engine.tokens.latency import first_token_parts_s
from engine.tokens.workload import served

WORDS_OF_LINE: Final = {
    "op.elec": "The electricity price",
    "fac.build_usd_per_w_it": "The building cost",
    "fin.country_risk": "The country risk",
    "op.staff_cost": "The staff cost",
}
LIVES_SHOWN: Final = (4, 5, 6)
ROUND_TRIPS_FIRST: Final = 3.0  # name, connection and keys on a first request


def place_rows(asked: Asked, found: Survey) -> list[dict[str, Any]]:
    """The same plant on several sites: cost, PUE, carbon, water, and the stack of latency."""
    own = asked.case.site.site_id
    names = [*([own] if own else []), *(name for name in asked.places if name != own)]
    rows: list[dict[str, Any]] = []
    for name in names:
        place, case = sites()[name], asked.case
        if name != own:
            case = at_site(case, name, found.elsewhere[name])
        answer = case.answer()
        sheet, cost = answer.economics.sheet, answer.usd_per_mtok
        rows.append(
            {
                "id": name,
                "name": place.name,
                "is_own": name == own,
                "words": f"{place.country} · {sheet['price.electricity']:.3f} $/kWh",
                "cost": money(cost),
                "number": cost or 0.0,
                "sizes": {
                    "cost": cost or 0.0,
                    "pue": case.basis.pue - 1.0,
                    "carbon": sheet["energy.carbon_g_per_mtok"],
                    "water": sheet["energy.water_l_per_mtok"],
                },
                "lives": [money(each) for each in cost_by_life(answer, LIVES_SHOWN).values()],
                "pue": f"{case.basis.pue:.3f}",
                "carbon": f"{sheet['energy.carbon_g_per_mtok']:,.1f}",
                "water": f"{1000.0 * sheet['energy.water_l_per_mtok']:,.1f}",
                "stress": f"{place.water_stress:g}",
                "rate": f"{100 * sheet['term.rate']:.1f}",
                "law": place.law,
                "latency": latency(place, case),
                "confidence": place.electricity_confidence,
            }
        )
    for name in ("cost", "pue", "carbon", "water"):
        most = max((row["sizes"][name] for row in rows), default=0.0)
        for row in rows:
            row["sizes"][name] = f"{row['sizes'][name] / most:.3f}" if most > 0.0 else "0"
    cheapest = min((row["number"] for row in rows), default=0.0)
    for row in rows:
        premium = row["number"] / cheapest - 1.0 if cheapest else 0.0
        row["premium"] = "cheapest" if premium < 1e-9 else f"+{premium:.1%}"
    if len(asked.places) == len(sites()):  # nobody chose an order: the cheapest first
        rows.sort(key=lambda row: (not row["is_own"], row["number"]))
    return rows


def place_words(asked: Asked) -> list[str]:
    """What of this case does not move to the sites beside it, and what does."""
    words = [
        f"{WORDS_OF_LINE[line]} set here counts at this site only; the others have their own."
        for line in SITE_LINES
        if line in asked.case.assumptions.overridden
    ]
    if asked.case.site.finance.wacc_fraction is not None:
        words.append("The cost of capital is the one stated, at every site.")
    if asked.case.basis.pue_words != MEAN_DAY:
        words.append(
            f"PUE here is that {asked.case.basis.pue_words}; at the others {MEAN_DAY} of the year."
        )
    return words


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
        cost = other.usd_per_mtok
        if cost is None:
            continue
        yield {
            "label": f"{gpu_systems()[gpu].system}, same IT power",
            "detail": f"{other.compute.gpus:,} GPUs, {other.compute.workload['precision']}, "
            f"{other.compute.groups[0].tier}",
            "cost": money(cost),
            "change": change(cost / now - 1.0),
            "tokens": f"{other.economics.sold_tok_s_of_costed_year / 1e6:,.1f}",
            "query": f"gpu={gpu}",
        }


def supply_rows(asked: Asked, found: Survey, answer: Answer) -> Iterator[dict[str, str]]:
    """The same plant with colder or warmer facility water, without racks that starve of it."""
    if asked.case.site.site_id != found.site.site_id:
        return
    running = carried_fraction(answer.compute.groups, found.short_gpus)
    now = (answer.usd_per_mtok or 0.0) / running if running > 0.0 else None
    for supply_c, conditions in found.supplies.items():
        other = replace(asked.case, basis=at_conditions(asked.case.basis, conditions)).answer()
        cost = other.usd_per_mtok
        if cost is None:
            continue
        share = carried_fraction(other.compute.groups, conditions.short_gpus)
        carried = cost / share if share > 0.0 else None
        yield {
            "label": f"Facility water at {supply_c:g} °C",
            "detail": f"PUE {conditions.pue:.3f} mean, {conditions.design_pue:.3f} design day"
            f"{_coolant_words(conditions)}",
            "cost": money(carried),
            "change": _change_words(now, carried),
            "tokens": f"{share * other.economics.sold_tok_s_of_costed_year / 1e6:,.1f}",
            "query": f"fws={supply_c:g}",
        }


def _coolant_words(conditions: Conditions) -> str:
    """The coolant that moves with the water, and who cannot take it."""
    if conditions.tcs_supply_c is None:
        return ""
    words = f", coolant at {conditions.tcs_supply_c:g} °C"
    warm, short = conditions.racks_too_warm, sum(conditions.short_gpus.values())
    if warm:
        words += (
            f": warmer than {warm:,} rack{'s' if warm > 1 else ''} allow{'' if warm > 1 else 's'}"
        )
    if short:
        words += f"; {short:,} GPUs stand in racks that starve"
    return words


def _change_words(now: float | None, then: float | None) -> str:
    if then is None:
        return "no token is sold"
    return "tokens are sold" if now is None else change(then / now - 1.0, 1)
