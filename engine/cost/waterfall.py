"""Cost of a million tokens, and the waterfall that it is made of."""

from collections.abc import Mapping
from typing import Any, Final

from engine.assumptions import Assumptions
from engine.cost.basis import basis_of, with_year
from engine.cost.case import Answer, Case
from engine.cost.economics import Economics, economics
from engine.cost.finance import SECONDS_PER_YEAR, TOKENS_PER_MTOK
from engine.cost.working import workings
from engine.evaluation import (
    CapexLine,
    ComputeResult,
    CoolingResult,
    CostResult,
    EnergyResult,
    PowerResult,
    WaterfallStep,
)
from engine.findings import Finding
from engine.plant import Plant

BUILD_TOLERANCE: Final = 0.30

PARTS: Final = (
    ("racks", "GPU racks"),
    ("network", "Network"),
    ("storage", "Storage and management"),
    ("electrical", "Electrical plant"),
    ("mechanical", "Mechanical plant"),
    ("building", "Building, grid, land"),
    ("energy_it", "Energy, IT"),
    ("energy_cooling", "Energy, cooling and losses"),
    ("operations", "Staff, upkeep, platform"),
    ("tax_insurance", "Tax and insurance"),
)
LOSSES: Final = (
    ("heat_load", "GPUs off", ("heat_load",)),
    ("headroom", "Headroom for speed", ("slo", "derate")),
    ("failures", "Failures", ("availability", "goodput")),
    ("idle", "Idle capacity", ("load_factor",)),
    ("life", "Ramp and wear", ("life",)),
)


def cost(  # noqa: PLR0917 - the steps before this one, in their order
    plant: Plant,
    power: PowerResult,
    cooling: CoolingResult,
    energy: EnergyResult,
    compute: ComputeResult,
    assumptions: Assumptions,
    year: Mapping[str, Any] | None = None,
) -> CostResult:
    """Capital, running cost and cost per million tokens of a plant.

    Parameters
    ----------
    plant : Plant
        Equipment, site and terms of finance.
    power, cooling, energy, compute : results
        The steps before.
    assumptions : Assumptions
        Lines of cost, finance and operation.
    year : mapping or None
        The year of the evaluation, where it has one; its PUE and WUE then take the place of
        those of the mean day.

    Returns
    -------
    CostResult
        Blended over all tokens sold, and with all cost charged to the output.
        None with a reason when nothing is sold.

    Notes
    -----
    Definition. Capital by annuity or straight line over each line's life, plus
    expenses, over tokens sold in a year. Parts and losses of the waterfall sum to
    the total: parts are what the cost would be if every token of the nameplate
    were sold, a loss is what its factor adds. Losses cost no money of their own.
    """
    if power.it_kw <= 0.0:
        return CostResult(
            usd_per_mtok=None,
            usd_per_mtok_output=None,
            usd_per_gpu_h=None,
            capex_usd=0.0,
            opex_usd_per_year=0.0,
            annual_usd=0.0,
            waterfall=(),
            capex=(),
            reason="No throughput yet: there is no IT load.",
        )
    case = Case(
        basis=with_year(basis_of(plant, power, cooling, energy, assumptions), year),
        site=plant.site,
        assumptions=assumptions,
    )
    return costed(
        Answer(
            case=case,
            compute=compute,
            economics=economics(case.basis, case.site, compute, assumptions),
        )
    )


def costed(answer: Answer) -> CostResult:
    """The result of an evaluation out of a finished sheet.

    Parameters
    ----------
    answer : Answer
        The sheet, and the chain from nameplate to sold or the reason why there is none.

    Returns
    -------
    CostResult
        With findings and working.

    Notes
    -----
    Definition. With levelised finance the year is a level year over the life.
    """
    found, compute, sheet = answer.economics, answer.compute, answer.economics.sheet
    reason = None
    if not found.has_tokens:
        reason = compute.reason or "No throughput yet: no token is sold."
    return CostResult(
        usd_per_mtok=found.figure("cost.usd_per_mtok"),
        usd_per_mtok_output=found.figure("cost.usd_per_mtok_output"),
        usd_per_gpu_h=found.figure("cost.usd_per_gpu_h"),
        capex_usd=sheet["capex.total"],
        opex_usd_per_year=sheet["annual.opex"],
        annual_usd=sheet["annual.total"],
        waterfall=waterfall(yearly_parts(found), compute, sheet["annual.total"], found.life_factor),
        capex=tuple(
            CapexLine(
                id=item.name,
                label=item.label,
                usd=sheet[f"capex.{item.name}"],
                life_years=None if item.life is None else float(sheet.value_of(item.life, {})),
            )
            for item in found.bought
            if sheet[f"capex.{item.name}"] > 0.0
        ),
        pue=answer.case.basis.pue,
        terms=answer.case.terms(),
        reason=reason,
        findings=_findings(found),
        working=workings(answer),
    )


def waterfall(
    parts: tuple[tuple[str, str, float], ...],
    compute: ComputeResult,
    annual_usd: float,
    life_factor: float = 1.0,
) -> tuple[WaterfallStep, ...]:
    """Parts, their subtotal, losses and the total of a year and of a million tokens.

    Parameters
    ----------
    parts : tuple of (id, label, USD/yr)
        Summing to the yearly cost.
    compute : ComputeResult
        Chain from nameplate to sold.
    annual_usd : float
        Yearly cost. [USD/yr]
    life_factor : float
        Tokens over the life against steady years. [1]

    Returns
    -------
    tuple of WaterfallStep
        Without tokens the second figure of each is None.

    Notes
    -----
    Definition. A part per token is its yearly cost over the nameplate's tokens; a
    loss of factors f is what dividing by f adds to the running sum. Levelised, ramp and wear
    are one more loss: the tokens are those of a level year.
    """
    factors = {step.factor: step.value for step in compute.chain}
    nameplate = compute.chain[0].tokens_per_s if compute.chain else 0.0
    sold = compute.sold_tokens_per_s or 0.0
    has_tokens = nameplate > 0.0 and sold > 0.0
    mtok = nameplate * SECONDS_PER_YEAR / TOKENS_PER_MTOK
    lived = {**factors, "life": life_factor}
    steps = [
        WaterfallStep(
            id=name,
            label=label,
            usd_per_year=usd,
            usd_per_mtok=usd / mtok if has_tokens else None,
            kind="part",
        )
        for name, label, usd in parts
    ]
    running = annual_usd / mtok if has_tokens else None
    steps.append(
        WaterfallStep(
            id="capacity",
            label="If every token were sold",
            usd_per_year=annual_usd,
            usd_per_mtok=running,
            kind="subtotal",
        )
    )
    if running is not None:
        for name, label, members in LOSSES:
            kept = 1.0
            for member in members:
                kept *= lived.get(member, 1.0)
            if kept < 1.0:
                steps.append(
                    WaterfallStep(
                        id=name,
                        label=label,
                        usd_per_year=0.0,
                        usd_per_mtok=running / kept - running,
                        kind="loss",
                    )
                )
                running /= kept
    steps.append(
        WaterfallStep(
            id="total",
            label="Total",
            usd_per_year=annual_usd,
            usd_per_mtok=running,
            kind="total",
        )
    )
    return tuple(steps)


def yearly_parts(found: Economics) -> tuple[tuple[str, str, float], ...]:
    """What the cost of a year is made of: id, label, USD/yr, summing to the whole.

    Notes
    -----
    Definition. Capital counts with its straight-line wear; what it costs beyond that is
    the part named finance.
    """
    sheet = found.sheet
    by_part: dict[str, float] = {}
    used_up = 0.0
    for item in found.bought:
        if item.life is not None and item.part != "construction_interest":
            yearly = sheet[f"capex.{item.name}"] / float(sheet.value_of(item.life, {}))
            used_up += yearly
            by_part[item.part] = by_part.get(item.part, 0.0) + yearly
    for line in found.spent:
        yearly = sheet[f"opex.{line.name}"]
        by_part[line.part] = by_part.get(line.part, 0.0) + yearly
    parts = [(name, label, by_part.get(name, 0.0)) for name, label in PARTS]
    parts.append(("finance", "Finance", sheet["annual.capital"] - used_up))
    return tuple(part for part in parts if part[2] != 0.0)


def _findings(found: Economics) -> tuple[Finding, ...]:
    sheet = found.sheet
    expected = sheet["capex.building_by_watt"]
    built = sum(
        (
            sheet[f"capex.{item.name}"]
            for item in found.bought
            if item.name.startswith("fac.")
            and item.name not in ("fac.grid", "fac.land", "fac.construction_interest")
        ),
        0.0,
    )
    if expected <= 0.0 or abs(built / expected - 1.0) <= BUILD_TOLERANCE:
        return ()
    price = sheet.cells["price.build"]
    return (
        Finding(
            rule="COST-BUILD",
            severity="note",
            discipline="cost",
            title="The drawn equipment costs far from what building usually costs",
            detail=(
                f"{built / 1e6:,.1f} M USD against {expected / 1e6:,.1f} M USD at "
                f"{price.value:g} USD per watt of IT."
            ),
            source=price.origin.source if price.origin else "",
            measured=built / 1e6,
            required=expected / 1e6,
            unit="M USD",
            compares="expected",
        ),
    )
