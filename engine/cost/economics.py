"""The whole economics of a plant as one sheet: tokens, capital, expenses, cost per token."""

from dataclasses import dataclass
from typing import Final

from engine.assumptions import Assumptions
from engine.cost.basis import Basis
from engine.cost.capex import Bought, bill
from engine.cost.finance import HOURS_PER_YEAR
from engine.cost.opex import Spent, YearlyEnergy, expenses, yearly_energy
from engine.cost.production import Production, production
from engine.cost.sheet import Formula, Sheet, SheetBuilder, recovery, total
from engine.cost.terms import terms
from engine.evaluation import ComputeResult
from engine.plant import Site

JOULES_PER_KWH: Final = 3.6e6


@dataclass(frozen=True, slots=True, kw_only=True)
class Economics:
    """One calculation: its sheet and what the lines of it are."""

    sheet: Sheet
    bought: tuple[Bought, ...]
    spent: tuple[Spent, ...]
    factors: tuple[str, ...]
    has_tokens: bool

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
    expenses, over tokens sold in a year. What is not used up, such as land, costs its
    interest alone.
    """
    build = SheetBuilder(assumptions)
    lives = terms(build, site)
    made = production(build, basis, compute, site)
    bought = bill(build, basis, lives, site)
    energy = yearly_energy(build, basis, made)
    spent = expenses(build, energy, made, bought, (basis, lives, site))
    charges = tuple(
        _charge(build, item, lives.rate if lives.with_interest else None) for item in bought
    )
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
    annual = build.figure("annual.total", "Cost of a year", "USD/yr", "annual", capital + running)
    if basis.gpus:
        build.figure(
            "cost.usd_per_gpu_h",
            "Cost of a GPU-hour",
            "USD/GPU-h",
            "cost",
            annual / (made.gpus * HOURS_PER_YEAR),
        )
    if made.mtok_per_year is not None and made.output_mtok_per_year is not None:
        _per_token(build, annual, made, energy)
    return Economics(
        sheet=build.sheet(),
        bought=bought,
        spent=spent,
        factors=tuple(made.factors),
        has_tokens=made.mtok_per_year is not None,
    )


def _charge(build: SheetBuilder, item: Bought, rate: Formula | None) -> Formula:
    if item.life is None:
        expression = item.usd * 0.0 if rate is None else item.usd * rate
    elif rate is None:
        expression = item.usd / item.life
    else:
        expression = item.usd * recovery(rate, item.life)
    return build.figure(
        f"charge.{item.name}", f"{item.label}, a year", "USD/yr", "charge", expression
    )


def _per_token(
    build: SheetBuilder, annual: Formula, made: Production, energy: YearlyEnergy
) -> None:
    mtok, output = made.mtok_per_year, made.output_mtok_per_year
    if mtok is None or output is None:
        return
    build.figure(
        "cost.usd_per_mtok", "Cost per million tokens, blended", "USD/Mtok", "cost", annual / mtok
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
