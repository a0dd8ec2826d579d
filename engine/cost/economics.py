"""The whole economics of a plant as one sheet: tokens, capital, expenses, cost per token."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from engine.assumptions import Assumptions
from engine.cost.basis import Basis
from engine.cost.capex import Bought, bill
from engine.cost.finance import HOURS_PER_YEAR
from engine.cost.formulas import (
    Formula,
    formula,
    level,
    purchases,
    recovery,
    sold_over_life,
    total,
)
from engine.cost.opex import Spent, YearlyEnergy, expenses, yearly_energy
from engine.cost.production import Production, production
from engine.cost.sheet import Sheet, SheetBuilder
from engine.cost.terms import Terms, terms
from engine.evaluation import ComputeResult
from engine.plant import Site

JOULES_PER_KWH: Final = 3.6e6
LIFE: Final = "tokens.life_factor"
LIFE_WITH_GAINS: Final = "tokens.life_factor_with_gains"
COST_WITH_GAINS: Final = "cost.usd_per_mtok_with_gains"


@dataclass(frozen=True, slots=True, kw_only=True)
class Economics:
    """One calculation: its sheet and what the lines of it are."""

    sheet: Sheet
    bought: tuple[Bought, ...]
    spent: tuple[Spent, ...]
    factors: tuple[str, ...]
    has_tokens: bool

    @property
    def life_factor(self) -> float:
        """Tokens over the life against steady years; 1 for the modes that count a year."""
        return self.figure(LIFE) or 1.0

    @property
    def mtok_per_costed_year(self) -> float:
        """Tokens that the cost of a year is divided by. [Mtok/yr]

        Raises
        ------
        KeyError
            If none is sold.
        """
        return self.sheet["tokens.mtok_per_year"] * self.life_factor

    @property
    def sold_tok_s_of_costed_year(self) -> float:
        """Mean rate of those tokens: of a steady year, or of a level year over the life. [tok/s]

        Raises
        ------
        KeyError
            If none is sold.
        """
        return self.sheet["tokens.sold"] * self.life_factor

    def figure(self, name: str) -> float | None:
        """A figure of the sheet; None when there is nothing to make it of."""
        cell = self.sheet.cells.get(name)
        return None if cell is None else cell.value


def economics(
    basis: Basis, site: Site, compute: ComputeResult, assumptions: Assumptions
) -> Economics:
    """Capital, running cost and cost per million tokens as one sheet of cells.

    Parameters
    ----------
    basis : Basis
        The plant as its cost sees it, with IT load.
    site : Site
        Place, workload, utilisation and finance.
    compute : ComputeResult
        Throughput per GPU.
    assumptions : Assumptions
        Lines of cost, finance and operation.

    Returns
    -------
    Economics
        Figures per token are there only when tokens are sold.

    Raises
    ------
    UnknownSite
        If the site is not in the table.

    Notes
    -----
    Definition. Capital by annuity or straight line over each line's life, plus
    expenses, over tokens sold in a year. Levelised: a level year over the life of the
    facility, IT and network bought again whenever the IT is worn out, over the tokens of such
    a year with ramp and wear at today's speed; equal to `levelised` of `flow_of`. What software
    gains and newer hardware at each refresh would make of it is a figure of its own. What is
    not used up, such as land, costs its interest alone.
    """
    build = SheetBuilder(assumptions)
    lives = terms(build, site)
    made = production(build, basis, compute, site)
    bought = bill(build, basis, lives, site)
    energy = yearly_energy(build, basis, made)
    spent = expenses(build, energy, made, bought, (basis, lives, site))
    charges = _charges(build, bought, lives)
    capital = build.figure(
        "annual.capital", "Capital in a year", "USD/yr", "annual", total(*charges)
    )
    build.figure(
        "capex.total", "Capital", "USD", "capex_total", total(*(item.usd for item in bought))
    )
    running = build.figure(
        "annual.opex",
        "Expenses in a year",
        "USD/yr",
        "annual",
        total(*(line.usd_per_year for line in spent)),
    )
    words = "Cost of a level year over the life" if lives.mode == "levelised" else "Cost of a year"
    annual = build.figure("annual.total", words, "USD/yr", "annual", capital + running)
    if basis.gpus:
        build.figure(
            "cost.usd_per_gpu_h",
            "Cost of a GPU-hour",
            "USD/GPU-h",
            "cost",
            annual / (made.gpus * HOURS_PER_YEAR),
        )
    sold = _sold(build, made, lives)
    if sold is not None and made.mtok_per_year is not None:
        _per_token(build, annual, sold, made.mtok_per_year, energy)
    return Economics(
        sheet=build.sheet(),
        bought=bought,
        spent=spent,
        factors=tuple(made.factors),
        has_tokens=made.mtok_per_year is not None,
    )


def _charges(build: SheetBuilder, bought: tuple[Bought, ...], lives: Terms) -> tuple[Formula, ...]:
    """What every line of the bill costs a year by the finance mode."""
    factor: Callable[[Bought], Formula]
    if lives.mode == "levelised":
        rate, life, end = lives.rate, lives.it_life, lives.facility_life
        payment = build.figure(
            "term.level",
            "Level payment for a dollar over the life of the facility",
            "1/yr",
            "finance",
            level(rate, end),
        )
        again = build.figure(
            "term.purchases",
            "IT bought now and at each refresh, present cost of a dollar",
            "ratio",
            "finance",
            purchases(rate, life, end, build.line("resid.it_book_frac", "Residual of IT")),
        )

        def factor(item: Bought) -> Formula:
            return again * payment if item.name.startswith("it.") else payment

    elif lives.mode == "annuity":

        def factor(item: Bought) -> Formula:
            return recovery(lives.rate, item.life or lives.facility_life)

    else:

        def factor(item: Bought) -> Formula:
            return 1.0 / (item.life or lives.facility_life)

    def charge(item: Bought) -> Formula:
        # What is not used up, such as land, costs its interest alone.
        if item.life is None:
            return item.usd * (lives.rate if lives.with_interest else 0.0)
        return item.usd * factor(item)

    return tuple(
        build.figure(
            f"charge.{item.name}", f"{item.label}, a year", "USD/yr", "charge", charge(item)
        )
        for item in bought
    )


def _sold(build: SheetBuilder, made: Production, lives: Terms) -> tuple[Formula, Formula] | None:
    """Tokens of a year that its cost is divided by, all and output. [Mtok/yr]"""
    if made.mtok_per_year is None or made.output_mtok_per_year is None:
        return None
    if lives.mode != "levelised":
        return made.mtok_per_year, made.output_mtok_per_year
    lived = (lives.rate, lives.it_life, lives.facility_life)
    ramp = build.line("ops.ramp_months", "Ramp to the contracted load") / 12.0
    wear = build.line("ops.degradation_per_yr", "Degradation of hardware")
    none = formula(0.0)
    build.figure(
        LIFE,
        "Tokens sold over the life at today's speed, discounted, against steady years",
        "ratio",
        "life",
        sold_over_life(*lived, ramp, none, wear, none),
    )
    gain = build.line("ops.software_gain_yr1", "Software gain of the first year")
    newer = build.line("resid.it_decay_oom", "Progress of new hardware, decades a year")
    build.figure(
        LIFE_WITH_GAINS,
        "Tokens sold over the life with software gain and newer hardware, against steady years",
        "ratio",
        "life",
        sold_over_life(*lived, ramp, gain, wear, newer),
    )
    every, output = (
        build.figure(
            f"tokens.{name}_level", f"{label} in a level year", "Mtok/yr", "tokens",
            each * Formula("cell", name=LIFE),
        )
        for name, label, each in (
            ("mtok", "Tokens sold", made.mtok_per_year),
            ("output_mtok", "Output tokens sold", made.output_mtok_per_year),
        )
    )  # fmt: skip
    return every, output


def _per_token(
    build: SheetBuilder,
    annual: Formula,
    sold: tuple[Formula, Formula],
    mtok: Formula,
    energy: YearlyEnergy,
) -> None:
    """Cost by the tokens of the finance mode; energy, water and carbon by those of a year."""
    every, output = sold
    build.figure(
        "cost.usd_per_mtok", "Cost per million tokens, blended", "USD/Mtok", "cost", annual / every
    )
    if LIFE_WITH_GAINS in build:
        build.figure(
            COST_WITH_GAINS,
            "Cost per million tokens, blended, with software gain and newer hardware",
            "USD/Mtok",
            "cost",
            annual / (mtok * Formula("cell", name=LIFE_WITH_GAINS)),
        )
    build.figure(
        "cost.usd_per_mtok_output",
        "Cost per million output tokens, all cost on the output",
        "USD/Mtok",
        "cost",
        annual / output,
    )
    joules = JOULES_PER_KWH * HOURS_PER_YEAR
    for name, label, kw in (
        ("it", "IT", energy.it_kw),
        ("facility", "site", energy.total_kw),
    ):
        build.figure(
            f"energy.j_per_token_{name}_mean",
            f"Energy per token sold, {label}, mean of the year",
            "J/token",
            "energy",
            kw * joules / (mtok * 1e6),
        )
    build.figure(
        "energy.water_l_per_mtok",
        "Water per million tokens sold",
        "L/Mtok",
        "energy",
        energy.litres / mtok,
    )
    carbon = "energy.carbon_t"
    if carbon in build:
        build.figure(
            "energy.carbon_g_per_mtok",
            "Carbon per million tokens sold, by location",
            "g/Mtok",
            "energy",
            Formula("cell", name=carbon) * 1e6 / mtok,
        )
