"""The economics of one case as a page shows them: rows of words, figures with units, charts."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from economics import cost_charts, token_charts
from economics.amounts import lower_first, money
from economics.asking import Asked
from economics.cost_rows import (
    build_words,
    class_rows,
    life_rows,
    reference_rows,
    rest_words,
    waterfall_rows,
)
from economics.form import choices, setting_rows
from economics.place_rows import LIVES_SHOWN, gpu_rows, place_rows, place_words, supply_rows
from economics.settings import MODES
from economics.stream_rows import stream_view
from economics.token_rows import other_frontiers, rate_rows, sweep_words, tier_rows, token_rows
from engine.cost.basis import MEAN_DAY
from engine.cost.case import Answer
from engine.cost.fleet import margin_on_revenue
from engine.cost.montecarlo import Spread, leanings, spread
from engine.cost.sensitivity import COST, Swing, levers, line_swings, speed_sweep, two_way
from engine.cost.survey import Survey
from engine.shortfall import carried_fraction
from engine.tokens.workload import served

SWINGS_SHOWN: Final = 12
ALWAYS: Final = ("electricity",)  # what people ask for, however little it moves
REACH: Final = 320.0
LEAST_LEAN: Final = 0.01
LEANS_NAMED: Final = 3
LEVEL: Final = "tokens.mtok_level"


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
        "pue": f"{asked.case.basis.pue:.3f} {asked.case.basis.pue_words}",
        "is_year": asked.case.basis.pue_words != MEAN_DAY,
        "sweep": sweep_words(
            sweep.knee_tok_s_user, sweep.cheapest_tok_s_user, sweep.fastest_tok_s_user
        ),
        "charts": {
            "histogram": cost_charts.histogram(luck, COST, headline["scale"], headline["number"]),
            "frontier": token_charts.frontier_chart(
                curves,
                others,
                sweep,
                (work.tok_s_user, group.tok_s_per_gpu if group else None),
                REACH,
            ),
            "tokens": token_charts.chain_chart(token_rows(answer), "M tok/s, all tokens"),
            "waterfall": cost_charts.waterfall(waterfall_rows(asked, answer), unit_words(asked)),
            "speed": token_charts.speed_chart(sweep, work.tok_s_user),
        },
    }
    return {**shown, **_slower(asked, found, answer, shown["charts"])} if whole else shown


def _slower(
    asked: Asked, found: Survey, answer: Answer, drawn: Mapping[str, Any]
) -> dict[str, Any]:
    """The half that asks the engine many times over."""
    swings = levers(answer)
    shown, rest = drawn_swings(swings)
    return {
        "swings": swing_rows(swings),
        "lines": swing_rows(line_swings(answer)),
        "rest": rest_words(rest),
        "streams": stream_view(answer),
        "places": place_rows(asked, found),
        "place_words": place_words(asked),
        "lives_shown": LIVES_SHOWN,
        "what_ifs": [*gpu_rows(asked, answer), *supply_rows(asked, found, answer)],
        "life": life_rows(answer),
        "classes": class_rows(answer),
        "references": reference_rows(answer),
        "charts": {
            **drawn,
            "tornado": cost_charts.tornado(shown, answer.usd_per_mtok or 0.0),
            "map": cost_charts.map_chart(
                two_way(answer, *asked.axes), asked.axes, answer.usd_per_mtok or 1.0
            ),
        },
    }


def drawn_swings(swings: Sequence[Swing]) -> tuple[list[Swing], list[Swing]]:
    """The strongest swings, with those that are always drawn, and the rest."""
    first = swings[:SWINGS_SHOWN]
    shown = [*first, *(s for s in swings[SWINGS_SHOWN:] if s.id in ALWAYS)]
    return shown, [s for s in swings if s not in shown]


def swing_rows(swings: Sequence[Swing]) -> list[dict[str, str]]:
    """Swings as rows of a table."""
    return [
        {"label": s.label, "step": s.step, "low": money(s.low), "high": money(s.high)}
        for s in swings
    ]


def unit_words(asked: Asked) -> str:
    """The unit of the headline, its class of tokens named."""
    if asked.token_class == "output_only":
        return "USD/Mtok output, all cost on the output"
    return f"USD/Mtok, blended {asked.case.blend().removesuffix(' input to output')}"


def lean_words(answer: Answer, luck: Spread) -> str:
    """Why the nominal lies below the middle of the range, where it does."""
    nominal = answer.usd_per_mtok or 0.0
    above = luck.summaries[COST].at(50.0) / nominal - 1.0
    if above < LEAST_LEAN:
        return ""
    cells = answer.economics.sheet.cells
    upward = [
        lower_first(cells[name].label.partition(",")[0])
        for name, by in leanings(answer, luck, COST).items()
        if by >= LEAST_LEAN
    ][:LEANS_NAMED]
    words = (
        f"The nominal lies below P50, which is {above:.0%} higher: what is uncertain reaches "
        "further to the dear side than to the cheap one"
    )
    return f"{words}, most of all {', '.join(upward)}." if upward else f"{words}."


def _missing(asked: Asked, answer: Answer) -> Mapping[str, int]:
    """GPUs that the drawn plant does not carry; of another kind in their place as many racks."""
    if not asked.gpu:
        return asked.short_gpus
    share = sum(asked.short_gpus.values()) / max(asked.own.basis.gpus, 1)
    return {asked.gpu: round(share * answer.compute.gpus)}


def short_words(asked: Asked, answer: Answer, ratio: float = 1.0) -> str:
    """The cost without racks that the drawn plant does not carry; empty where it carries all."""
    missing = _missing(asked, answer)
    gpus = sum(missing.values())
    if not gpus:
        return ""
    carried = carried_fraction(answer.compute.groups, missing)
    stand = f"{gpus:,} of {answer.compute.gpus:,} GPUs stand in racks"
    words = f"{stand} that lack coolant, air or power"
    if carried <= 0.0:
        return f"{words}: as drawn no token is sold. All figures here count every rack as running."
    cost = money(ratio * (answer.usd_per_mtok or 0.0) / carried)
    return (
        f"{words}: without them ${cost}, for the same spending. "
        "All other figures here count every rack as running."
    )


def headline_of(asked: Asked, answer: Answer, luck: Spread) -> dict[str, Any]:
    """The one big number, its class, and how sure it is."""
    classes = answer.classes()
    name = "output_only" if asked.token_class == "output_only" else "blended"
    value, ratio = classes[name], classes[name] / classes["blended"]
    summary = luck.summaries[COST]
    target = asked.target_usd_per_mtok
    return {
        "value": money(value),
        "number": value,
        "scale": ratio,
        "blend": f"blended {asked.case.blend()}",
        "pue": f"PUE {asked.case.basis.pue:.3f} {asked.case.basis.pue_words}",
        "lean": lean_words(answer, luck),
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
        "annual": f"{answer.economics.sheet['annual.total'] / 1e6:,.1f} M$/yr",
        "tokens": f"{answer.economics.mtok_per_costed_year / 1e6:,.0f} T tokens/yr",
        "short": short_words(asked, answer, ratio),
        "cell": "cost.usd_per_mtok_output" if name == "output_only" else "cost.usd_per_mtok",
    }  # fmt: skip


def strip(asked: Asked, answer: Answer) -> list[dict[str, str]]:
    """The figures above the charts; each names its boundary."""
    sheet, basis = answer.economics.sheet, asked.case.basis
    sold = answer.economics.sold_tok_s_of_costed_year
    is_level = answer.economics.life_factor != 1.0
    year, sold_cell = (", level year", LEVEL) if is_level else ("", "tokens.sold")
    steady = ", steady year" if is_level else ""
    revenue = asked.price_usd_per_mtok * answer.economics.mtok_per_costed_year
    margin = margin_on_revenue(revenue, sheet["annual.total"])
    compute = answer.compute
    rows = [
        (f"Tokens sold{year}", f"{sold / 1e6:,.2f}", "M tok/s", sold_cell),
        ("Provisioned, site", f"{basis.facility_kw / 1e3:,.1f}", "MW", ""),
        (f"Sold per site MW{year}", f"{1e-3 * sold / basis.facility_kw:,.2f}", "M tok/s/MW", ""),
        ("Before losses per IT MW", f"{(compute.tokens_per_s_per_mw_it or 0.0) / 1e6:,.2f}",
         "M tok/s/MW", ""),
        (f"Site, mean power{steady}",
         f"{sheet['energy.j_per_token_facility_mean']:,.3f}", "J/token",
         "energy.j_per_token_facility_mean"),
        (f"IT, mean power{steady}",
         f"{sheet['energy.j_per_token_it_mean']:,.3f}", "J/token",
         "energy.j_per_token_it_mean"),
        ("Owner's cost", f"{sheet['cost.usd_per_gpu_h']:,.2f}", "$/GPU-h", "cost.usd_per_gpu_h"),
        ("Capital", f"{sheet['capex.total'] / 1e6:,.0f}", "M$", "capex.total"),
        (f"Margin at ${money(asked.price_usd_per_mtok)}", f"{100 * margin:,.0f}", "%", ""),
    ]  # fmt: skip
    return [
        {"label": label, "value": value, "unit": unit, "cell": cell}
        for label, value, unit, cell in rows
    ]
