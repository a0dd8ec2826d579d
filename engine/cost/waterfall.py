"""Cost of a million tokens, and the waterfall that it is made of."""

from typing import Final

from engine.assumptions import Assumptions
from engine.cost.capex import (
    Investment,
    Lives,
    Sizing,
    build_usd_per_w,
    building_usd,
    investments,
    lives,
    sizing,
)
from engine.cost.finance import (
    HOURS_PER_YEAR,
    SECONDS_PER_YEAR,
    TOKENS_PER_MTOK,
    annual_charge,
    usd_per_mtok,
)
from engine.cost.opex import Expense, expenses, yearly_energy
from engine.evaluation import (
    CapexLine,
    ComputeResult,
    CoolingResult,
    CostResult,
    EnergyResult,
    PowerResult,
    WaterfallStep,
    Working,
)
from engine.findings import Finding
from engine.plant import Plant
from engine.provenance import computed

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
)


def cost(  # noqa: PLR0917 - the steps before this one, in their order
    plant: Plant,
    power: PowerResult,
    cooling: CoolingResult,
    energy: EnergyResult,
    compute: ComputeResult,
    assumptions: Assumptions,
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
    terms = lives(plant, assumptions)
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
            reason="No cost yet: there is no IT load.",
        )
    size = sizing(plant, power, cooling, energy)
    bill = investments(plant, size, terms, assumptions)
    year = yearly_energy(plant, power, cooling, compute, assumptions)
    running = expenses(plant, year, compute, bill, assumptions)
    mode = plant.site.finance.mode
    opex = sum((line.usd_per_year for line in running), 0.0)
    capital = sum((annual_charge(i.usd, i.life_years, terms.wacc, mode) for i in bill), 0.0)
    annual = capital + opex
    sold = compute.sold_tokens_per_s or 0.0
    mtok = sold * SECONDS_PER_YEAR / TOKENS_PER_MTOK
    blended = usd_per_mtok(annual / HOURS_PER_YEAR, sold) if sold > 0.0 else None
    share = _output_share(compute)
    reason = None
    if blended is None:
        reason = compute.reason or "No cost per token yet: no token is sold."
        reason = reason.replace("No throughput yet", "No cost per token yet")
    return CostResult(
        usd_per_mtok=blended,
        usd_per_mtok_output=blended / share if blended is not None and share else None,
        usd_per_gpu_h=annual / (compute.gpus * HOURS_PER_YEAR) if compute.gpus else None,
        capex_usd=sum((item.usd for item in bill), 0.0),
        opex_usd_per_year=opex,
        annual_usd=annual,
        waterfall=waterfall(_yearly_parts(bill, running, capital), compute, annual),
        capex=tuple(
            CapexLine(id=item.id, label=item.label, usd=item.usd, life_years=item.life_years)
            for item in bill
            if item.usd > 0.0
        ),
        reason=reason,
        findings=_findings(plant, size, bill, assumptions),
        working=_working(bill, running, terms, compute, (capital, opex, mtok, share or 0.0)),
    )


def waterfall(
    parts: tuple[tuple[str, str, float], ...], compute: ComputeResult, annual_usd: float
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

    Returns
    -------
    tuple of WaterfallStep
        Without tokens the second figure of each is None.

    Notes
    -----
    Definition. A part per token is its yearly cost over the nameplate's tokens; a
    loss of factors f is what dividing by f adds to the running sum.
    """
    factors = {step.factor: step.value for step in compute.chain}
    nameplate = compute.chain[0].tokens_per_s if compute.chain else 0.0
    sold = compute.sold_tokens_per_s or 0.0
    has_tokens = nameplate > 0.0 and sold > 0.0
    mtok = nameplate * SECONDS_PER_YEAR / TOKENS_PER_MTOK
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
                kept *= factors.get(member, 1.0)
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


def _yearly_parts(
    bill: tuple[Investment, ...], running: tuple[Expense, ...], capital_usd: float
) -> tuple[tuple[str, str, float], ...]:
    by_part: dict[str, float] = {}
    used_up = 0.0
    for item in bill:
        if item.life_years and item.part != "construction_interest":
            yearly = item.usd / item.life_years
            used_up += yearly
            by_part[item.part] = by_part.get(item.part, 0.0) + yearly
    for line in running:
        by_part[line.part] = by_part.get(line.part, 0.0) + line.usd_per_year
    parts = [(name, label, by_part.get(name, 0.0)) for name, label in PARTS]
    parts.append(("finance", "Finance", capital_usd - used_up))
    return tuple(part for part in parts if part[2] != 0.0)


def _output_share(compute: ComputeResult) -> float | None:
    if not compute.tokens_per_s or compute.output_tokens_per_s is None:
        return None
    return compute.output_tokens_per_s / compute.tokens_per_s


def _findings(
    plant: Plant, size: Sizing, bill: tuple[Investment, ...], assumptions: Assumptions
) -> tuple[Finding, ...]:
    per_w, origin = build_usd_per_w(plant, assumptions)
    expected = building_usd(size, per_w, assumptions)
    built = sum(
        (
            item.usd
            for item in bill
            if item.id.startswith("fac.")
            and item.id not in ("fac.grid", "fac.land", "fac.construction_interest")
        ),
        0.0,
    )
    if expected <= 0.0 or abs(built / expected - 1.0) <= BUILD_TOLERANCE:
        return ()
    return (
        Finding(
            rule="COST-BUILD",
            severity="note",
            discipline="cost",
            title="The drawn equipment costs far from what building usually costs",
            detail=(
                f"{built / 1e6:,.1f} M USD against {expected / 1e6:,.1f} M USD at "
                f"{per_w:g} USD per watt of IT."
            ),
            source=origin.source,
            measured=built / 1e6,
            required=expected / 1e6,
            unit="M USD",
        ),
    )


def _working(
    bill: tuple[Investment, ...],
    running: tuple[Expense, ...],
    terms: Lives,
    compute: ComputeResult,
    sums: tuple[float, float, float, float],
) -> tuple[Working, ...]:
    capital, opex, mtok, share = sums
    bought = tuple(computed(item.label, item.usd, "USD") for item in bill)
    spent = tuple(computed(line.label, line.usd_per_year, "USD/yr") for line in running)
    capital_inputs = tuple(dict.fromkeys(i for item in bill for i in item.inputs))
    running_inputs = tuple(dict.fromkeys(i for line in running for i in line.inputs))
    annual = computed("cost.annual_usd", capital + opex, "USD/yr")
    tokens = computed("tokens sold in a year", mtok, "Mtok")
    rows = (
        ("capex_usd", "bill", "sum of the lines", "engine.cost.capex.investments",
         (*bought, *capital_inputs)),
        ("opex_usd_per_year", "expenses", "sum of the lines", "engine.cost.opex.expenses",
         (*spent, *running_inputs)),
        ("annual_usd", "annual", "sum of capital x charge over its life + expenses",
         "engine.cost.finance.annual_charge",
         (*terms.inputs, computed("capital charge", capital, "USD/yr"),
          computed("cost.opex_usd_per_year", opex, "USD/yr"))),
        ("usd_per_mtok", "per-mtok", "yearly cost / tokens sold", "engine.cost.waterfall.cost",
         (annual, tokens)),
        ("usd_per_mtok_output", "per-mtok", "yearly cost / output tokens sold",
         "engine.cost.waterfall.cost", (annual, tokens, computed("share of output tokens", share))),
        ("usd_per_gpu_h", "per-gpu-hour", "yearly cost / (GPUs x 8,760 h)",
         "engine.cost.waterfall.cost", (annual, computed("compute.gpus", compute.gpus))),
        ("waterfall", "waterfall", "yearly cost / nameplate tokens, then what each factor adds",
         "engine.cost.waterfall.waterfall",
         (annual, *(computed(step.factor, step.value) for step in compute.chain))),
    )  # fmt: skip
    return tuple(
        Working(
            figure=f"cost.{figure}",
            formula_id=formula_id,
            formula=formula,
            function=function,
            reference="ISO 15686-5:2017, annex B" if figure == "annual_usd" else "Definition",
            inputs=inputs,
        )
        for figure, formula_id, formula, function, inputs in rows
    )
