"""The year as a step of an evaluation: sums, ranges, or the reason why there are none."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from engine.assumptions import Assumptions
from engine.climate.weather import WeatherYear, warmed
from engine.cooling.design_day import design_day
from engine.energy.annual import YearResult, summed
from engine.energy.year import plant_year, year_model
from engine.energy.year_risk import year_risk
from engine.evaluation import Level, Working
from engine.findings import Finding, apart
from engine.operation import Operation
from engine.plant import Plant
from engine.risk.sampling import DEFAULT_SAMPLES
from engine.rules import RuleSet

NO_WEATHER: Final = (
    "No weather is chosen: every figure is that of the design day. Choose the hours of a place "
    "to see the year."
)
NO_LOAD: Final = "There is no IT load: place racks to see the year."
WARMER_BY_K: Final = 0.5  # a design day this much below the weather's own is worth a word

Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Yearly:
    """What a year adds to an evaluation."""

    year: Mapping[str, Any] | None = None
    ranges: Mapping[str, Any] | None = None
    findings: tuple[Finding, ...] = ()
    working: tuple[Working, ...] = ()


def through_the_year(
    plant: Plant,
    rules: RuleSet,
    assumptions: Assumptions,
    state: Operation,
    weather: WeatherYear | None,
    *,
    level: Level,
    hall_area_m2: float,
    why_not: str = NO_WEATHER,
    on_progress: Progress | None = None,
) -> Yearly:
    """A plant through every hour of the weather that is chosen.

    Parameters
    ----------
    plant : Plant
        The design; its site's warming is added to the weather.
    rules : RuleSet
        As for `engine.operation.operate`.
    assumptions : Assumptions
        As for `engine.operation.operate`.
    state : Operation
        The plant on its design day.
    weather : WeatherYear or None
        The hours.
    level : {"edit", "study", "risk"}
        "edit" leaves the year out, "risk" adds ranges.
    hall_area_m2 : float
        For the carbon of the building. [m2]
    why_not : str
        What to say where there is no weather.
    on_progress : callable or None
        Told the share of the samples that is done; may raise to stop.

    Returns
    -------
    Yearly
        Plain JSON values, or a reason.

    Raises
    ------
    OutOfRange
        If the year does not settle, or the warming lies outside its range.

    Notes
    -----
    Definition.
    """
    if level == "edit":
        return Yearly()
    reason = NO_LOAD if state.power.it_kw <= 0.0 else why_not if weather is None else None
    if reason is not None or weather is None:
        nothing = {"reason": reason}
        return Yearly(year=nothing, ranges=nothing if level == "risk" else None)
    settled = (state.power, state.cooling, state.mechanical)
    model = year_model(plant, rules, assumptions, settled)
    hourly = plant_year(model, warmed(weather, plant.site.warming_k))
    result = summed(
        plant,
        hourly,
        assumptions,
        hall_area_m2=hall_area_m2,
        design_day_pue=state.energy.pue,
    )
    ranges = None
    if level == "risk":
        ranges = year_risk(
            model, hourly, assumptions, count=DEFAULT_SAMPLES, on_progress=on_progress
        ).to_json()
    return Yearly(
        year=result.to_json(),
        ranges=ranges,
        findings=_findings(plant, assumptions, result),
        working=result.working,
    )


def _findings(plant: Plant, assumptions: Assumptions, result: YearResult) -> tuple[Finding, ...]:
    found = []
    sized = design_day(plant, assumptions).weather.dry_bulb_c
    own = result.design.dry_bulb_c
    name = result.hourly.weather.name
    if own > sized + WARMER_BY_K:
        hot, known = apart(own, sized)
        found.append(
            Finding(
                rule="CLIMATE-DESIGN-DAY",
                severity="warning",
                discipline="cooling",
                title="The weather is hotter than the design day",
                detail=(
                    f"{name} exceeds {hot:.1f} °C in 0.4 % of its hours; the plant is sized for "
                    f"{known:.1f} °C. Choose the site that the weather belongs to, or raise the "
                    "design dry bulb."
                ),
                source="ASHRAE Handbook, Fundamentals, 2017, ch. 14",
                measured=sized,
                required=own,
                unit="°C",
            )
        )
    outside = result.hourly.chiller_outside_fit
    if outside:
        found.append(
            Finding(
                rule="COOL-CHILLER-FIT",
                severity="note",
                discipline="cooling",
                title="Chillers run outside the range of their fitted curves",
                detail=(
                    f"In {outside:,} hours the condenser is colder or warmer than the curves were "
                    "fitted for; the nearest fitted temperature is used instead."
                ),
                source="EnergyPlus Engineering Reference",
                measured=float(outside),
                unit="h",
            )
        )
    return tuple(found)
