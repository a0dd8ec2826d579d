"""The economics chapter: cost by class of token, how sure it is, what moves it, elsewhere."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from analysis.figures import number, short_words, significant
from economics.cost_rows import CLASS_WORDS
from economics.settings import MODES
from economics.stream_rows import stream_view
from economics.view import drawn_swings
from engine.cost.basis import basis_of, with_year
from engine.cost.case import Answer, Case
from engine.cost.levelised import flow_of, levelised
from engine.cost.montecarlo import spread
from engine.cost.sensitivity import COST, Swing, levers
from engine.cost.survey import at_site, conditions_at
from engine.operation import operate
from engine.studies import rules_of
from engine.tables import sites
from reports.bundle import Bundle
from reports.formats.charts import ACCENT, BAD, ROW_MM, Chart, drawn, label_rows, ticks

if TYPE_CHECKING:
    from matplotlib.axes import Axes

PLACES: Final = ("fi-hel", "za-jnb", "us-tx", "au-tas")


def chapter(bundle: Bundle) -> dict[str, Any] | None:
    """Everything that the chapter prints; None for a design without IT load."""
    case = case_of(bundle)
    if case is None:
        return None
    answer = case.answer()
    if answer.usd_per_mtok is None:
        return {"reason": answer.compute.reason or "No throughput yet: no token is sold."}
    luck = spread(answer)
    summary = luck.summaries[COST]
    swings, _ = drawn_swings(levers(answer))
    chart = tornado(swings, answer.usd_per_mtok)
    return {
        "reason": "",
        "range": [
            [words, significant(summary.at(percent), 3)]
            for words, percent in (("P10", 10.0), ("P50", 50.0), ("P90", 90.0))
        ],
        "nominal": significant(answer.usd_per_mtok, 3),
        "terms": terms(answer),
        "short": short_words(bundle.result),  # the figures of this chapter count every rack
        "streams": streams(answer),
        "samples": number(luck.count),
        "classes": [
            [_sentence(CLASS_WORDS[name]), significant(cost, 3)]
            for name, cost in answer.classes().items()
        ],
        "modes": modes(answer),
        "throughput": [
            [
                group.gpu.upper(),
                number(group.gpus),
                number(group.tok_s_per_gpu),
                group.tier,
                "–" if group.sigma is None else f"{100 * group.sigma:.0f} %",
                group.label,
            ]
            for group in answer.compute.groups
        ],
        "swings": [
            [s.label, s.step, significant(s.low, 3), significant(s.high, 3)]
            for s in swings
            if s.low is not None and s.high is not None
        ],
        "chart": {
            "title": chart.title,
            "unit": chart.unit,
            "svg": chart.svg,
            "alt": chart.alt,
            "note": chart.note,
        },
        "places": elsewhere(bundle, case),
    }


def case_of(bundle: Bundle) -> Case | None:
    """The design of a bundle as a case; None without IT load."""
    plant, assumptions = bundle.plant, bundle.assumptions
    state = operate(plant, rules_of(plant, assumptions), assumptions)
    if state.power.it_kw <= 0.0:
        return None
    drawn = basis_of(plant, state.power, state.cooling, state.energy, assumptions)
    basis = with_year(drawn, bundle.result.get("year"))
    return Case(basis=basis, site=plant.site, assumptions=assumptions)


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def terms(answer: Answer) -> str:
    """How capital is counted in the figure above, and whose PUE it rests on."""
    basis = answer.case.basis
    mode = MODES[answer.case.site.finance.mode]
    return f"Every cost below by {mode}. PUE {basis.pue:.3f} {basis.pue_words}."


def streams(answer: Answer) -> list[list[str]]:
    """GPUs, rate and cost of every stream; empty for a design that states none."""
    view = stream_view(answer)
    return [
        [
            _sentence(row["label"]),
            row["gpus"],
            "–" if row["reason"] else f"{row['rate']} {row['unit']}",
            "–" if row["reason"] else row["cost"],
            row["reason"] or row["cost_unit"],
        ]
        for row in (view["rows"] if view else ())
    ]


def modes(answer: Answer) -> list[list[str]]:
    """Cost by the way capital is counted."""
    found = [
        [_sentence(words), significant(answer.case.in_mode(mode).answer().usd_per_mtok or 0.0, 3)]
        for mode, words in MODES.items()
    ]
    gained = flow_of(answer, with_gains=True)
    if gained is not None:
        found.append(
            [
                "Levelised, if software gains and newer hardware come and all is sold",
                significant(levelised(gained).usd_per_mtok, 3),
            ]
        )
    return found


def elsewhere(bundle: Bundle, case: Case) -> list[list[str]]:
    """The same plant on a few other sites."""
    found = []
    own = case.site.site_id
    for name in (*((own,) if own else ()), *(place for place in PLACES if place != own)):
        conditions = conditions_at(bundle.plant, name, bundle.assumptions)
        there = (case if name == own else at_site(case, name, conditions)).answer()
        sheet = there.economics.sheet
        found.append(
            [
                sites()[name].name,
                significant(there.usd_per_mtok or 0.0, 3),
                f"{conditions.pue:.3f}",
                f"{sheet['price.electricity']:.3f}",
                number(sheet["energy.carbon_g_per_mtok"], 1),
                number(1000.0 * sheet["energy.water_l_per_mtok"], 1),
            ]
        )
    return found


def tornado(swings: Sequence[Swing], now: float) -> Chart:
    """What moves the cost, the strongest at the top."""
    shown = [s for s in swings if s.low is not None and s.high is not None]
    ends = [(s.low or now, s.high or now) for s in shown]

    def draw(axes: "Axes") -> None:
        for index, pair in enumerate(ends):
            low, high = min(*pair, now), max(*pair, now)
            axes.barh(index, low - now, left=now, height=0.62, color=ACCENT)
            axes.barh(index, high - now, left=now, height=0.62, color=BAD)
        axes.axvline(now, color="#12161C", linewidth=0.8)
        ticks(axes)
        label_rows(
            axes,
            [f"{s.label} {s.step}" for s in shown],
            [f"{significant(low, 3)} to {significant(high, 3)}" for low, high in ends],
            [False] * len(shown),
        )

    words = "; ".join(
        f"{s.label} {s.step}: {significant(low, 3)} to {significant(high, 3)}"
        for s, (low, high) in zip(shown, ends, strict=True)
    )
    return Chart(
        title="What moves it",
        unit="USD per million tokens, blended",
        svg=drawn(8.0 + ROW_MM * len(shown), draw),
        alt=f"Swings about {significant(now, 3)}: {words}.",
        note="One input at a time, the others at their value.",
    )
