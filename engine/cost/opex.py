"""What the plant costs to run for a year, cell by cell."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from engine.cost.basis import Basis
from engine.cost.capex import Bought
from engine.cost.finance import HOURS_PER_YEAR
from engine.cost.formulas import Formula, formula, least, ln, most, total
from engine.cost.production import Production
from engine.cost.sheet import SheetBuilder
from engine.cost.terms import Terms, electricity_price
from engine.evaluation import Input
from engine.plant import Site
from engine.provenance import computed
from engine.tables import gpu_systems, site_named, wage_indices

Part = Literal["energy_it", "energy_cooling", "operations", "tax_insurance"]

BOARD_FULL: Final = 0.80
BOARD_SLOPE: Final = 0.10
BOARD_LEAST: Final = 0.30
# Board power over TDP against saturation, fitted to 2,700 measured runs (r = 0.63).
LARGE_SITE_MW: Final = 100.0
MONTHS: Final = 12.0
BITS_PER_BYTE: Final = 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """One line of the yearly bill."""

    name: str
    label: str
    part: Part
    usd_per_year: Formula


@dataclass(frozen=True, slots=True, kw_only=True)
class YearlyEnergy:
    """Mean powers over a year and what follows from them, as cells."""

    it_kw: Formula
    other_kw: Formula  # cooling, losses, the rest of the site
    total_kw: Formula
    litres: Formula  # a year


def board_power_fraction(saturation: float) -> float:
    r"""Power of a GPU board over its TDP, by how near it is to its greatest throughput.

    Parameters
    ----------
    saturation : float
        Throughput over the greatest throughput of the same workload, > 0. [1]

    Returns
    -------
    float
        0.30 to 1. [1]

    Notes
    -----
    :math:`0.80 + 0.10 \ln s`, fitted to measured runs of the benchmark [1]_;
    a factory that answers fast draws less than it is built for.

    References
    ----------
    .. [1] InferenceX by SemiAnalysis, runs of 2025-10 to 2026-06 with board power.
    """
    if saturation <= 0.0:
        return BOARD_LEAST
    return float(np.clip(BOARD_FULL + BOARD_SLOPE * np.log(saturation), BOARD_LEAST, 1.0))


def yearly_energy(build: SheetBuilder, basis: Basis, production: Production) -> YearlyEnergy:
    """Add mean power of IT and of everything else over a year.

    Parameters
    ----------
    build : SheetBuilder
        Where the cells go.
    basis : Basis
        Provisioned power, PUE and WUE of the mean day.
    production : Production
        Where on its frontier each kind of GPU works, and the load factor.

    Returns
    -------
    YearlyEnergy
        Cells. [kW], [L/yr]

    Notes
    -----
    Definition. Boards follow their saturation while loaded and idle otherwise; the
    rest of the rack (host, network, fans, supply) draws on, and so do racks without
    GPUs and GPUs without a working point. The PUE of the basis, at full load,
    is applied to the mean IT power.
    """
    means = [_mean_kw(build, fleet.gpu, fleet.it_kw, production) for fleet in basis.fleets]
    if basis.other_it_kw > 0.0:
        means.append(_power(build, "other", "Racks without GPUs", basis.other_it_kw))
    it = build.figure(
        "energy.it_mean_kw", "IT power, mean of the year", "kW", "energy", total(*means)
    )
    pue = build.stated(
        "energy.pue_mean",
        f"PUE {basis.pue_words}",
        basis.pue,
        "1",
        _climate(basis, f"PUE {basis.pue_words}", basis.pue, "1"),
    )
    wue = build.stated(
        "energy.wue_mean",
        f"Water per IT energy {basis.pue_words}",
        basis.wue_l_per_kwh,
        "L/kWh",
        _climate(basis, f"WUE {basis.pue_words}", basis.wue_l_per_kwh, "L/kWh"),
    )
    other = build.figure(
        "energy.other_mean_kw",
        "Site power beyond IT, mean of the year",
        "kW",
        "energy",
        it * (pue - 1.0),
    )
    return YearlyEnergy(
        it_kw=it,
        other_kw=other,
        total_kw=build.figure(
            "energy.facility_mean_kw", "Site power, mean of the year", "kW", "energy", it + other
        ),
        litres=build.figure(
            "energy.water_l", "Water in a year", "L/yr", "energy", it * HOURS_PER_YEAR * wue
        ),
    )


def _climate(basis: Basis, name: str, value: float, unit: str) -> Input:
    said = ", ".join(
        f"{item.name} {item.value:.4g} {item.unit}"
        for item in basis.climate_inputs
        if isinstance(item.value, float) and item.unit
    )
    return Input(
        name=name,
        value=value,
        unit=unit,
        source=f"this evaluation at {said}" if said else "this evaluation",
        confidence="derived",
    )


def _power(build: SheetBuilder, name: str, label: str, kw: float) -> Formula:
    return build.stated(
        f"power.{name}_kw",
        f"{label}, provisioned IT power",
        kw,
        "kW",
        computed(f"{label}, provisioned IT power", kw, "kW"),
    )


def _mean_kw(build: SheetBuilder, gpu: str, it_kw: float, production: Production) -> Formula:
    name = gpu.upper()
    provisioned = _power(build, gpu, f"{name} racks", it_kw)
    system, rate = gpu_systems().get(gpu), production.rates.get(gpu)
    if system is None or rate is None:
        return provisioned
    board_kw = system.tdp_w / 1000.0
    specified = Input(
        name=f"{gpu}, TDP and power of its share of the rack",
        value=board_kw,
        unit="kW/GPU",
        source=system.source,
        confidence="published-secondary",
    )
    board = build.stated(f"board.{gpu}.kw", f"{name}, TDP", board_kw, "kW/GPU", specified)
    host = build.stated(
        f"host.{gpu}.kw",
        f"{name}, host, network, fans and supply",
        max(system.it_kw_per_gpu - board_kw, 0.0),
        "kW/GPU",
        specified,
    )
    fit = Input(
        name=f"{gpu}, board power while loaded",
        value=BOARD_FULL,
        unit="of TDP",
        source="InferenceX by SemiAnalysis, runs with board power",
        confidence="derived",
    )
    full = build.stated("board.full", "Board power at saturation", BOARD_FULL, "of TDP", fit)
    busy = build.figure(
        f"board.{gpu}.busy",
        f"{name}, board power over TDP while loaded",
        "1",
        "energy",
        least(most(full + BOARD_SLOPE * ln(rate.at / rate.most), BOARD_LEAST), 1.0),
    )
    load = production.factors["load_factor"]
    idle = build.line("ops.board_idle_fraction", "Board power without work, of TDP")
    share = build.figure(
        f"power.{gpu}.mean_share",
        f"{name} racks, mean over provisioned power",
        "1",
        "energy",
        least((host + board * (load * busy + (1.0 - load) * idle)) / (host + board), 1.0),
    )
    return provisioned * share


def expenses(
    build: SheetBuilder,
    energy: YearlyEnergy,
    production: Production,
    bought: tuple[Bought, ...],
    context: tuple[Basis, Terms, Site],
) -> tuple[Spent, ...]:
    """Add the yearly bill: energy, water, people, upkeep, insurance, tax, software.

    Parameters
    ----------
    build : SheetBuilder
        Where the cells go.
    energy : YearlyEnergy
        Mean powers.
    production : Production
        GPUs and tokens sold.
    bought : tuple of Bought
        What was bought and built.
    context : tuple of Basis, Terms, Site
        The plant, its lives and its place.

    Returns
    -------
    tuple of Spent
        One entry per line. [USD/yr]

    Notes
    -----
    Definition. General and administrative cost is a share of all other expenses
    plus straight-line depreciation. IT is maintained at the mean of the years under warranty
    and those after it.
    """
    basis, terms, site = context
    lines = [
        *_energy(build, energy, site),
        *_people(build, basis, production, site),
        *_upkeep(build, bought, terms),
    ]
    worn = total(*(item.usd / item.life for item in bought if item.life is not None))
    spent = total(*(line.usd_per_year for line in lines)) + worn
    general = spent * build.line("op.ga_frac", "General and administrative, of expenses and wear")
    lines.append(_line(build, "op.general", "General and administrative", "operations", general))
    return tuple(lines)


def _line(build: SheetBuilder, name: str, label: str, part: Part, usd: Formula) -> Spent:
    cell = build.figure(f"opex.{name}", label, "USD/yr", "opex", usd)
    return Spent(name=name, label=label, part=part, usd_per_year=cell)


def _energy(build: SheetBuilder, energy: YearlyEnergy, site: Site) -> Iterator[Spent]:
    price, origin, bounds = electricity_price(site, build.assumptions)
    tariff = build.stated(
        "price.electricity", "Electricity", price, "USD/kWh", origin, bounds=bounds
    )
    for name, label, kw, part in (
        ("op.electricity_it", "Electricity, IT", energy.it_kw, "energy_it"),
        (
            "op.electricity_other",
            "Electricity, cooling and losses",
            energy.other_kw,
            "energy_cooling",
        ),
    ):
        kind: Part = "energy_it" if part == "energy_it" else "energy_cooling"
        yield _line(build, name, label, kind, kw * HOURS_PER_YEAR * tariff)
    demand = (
        energy.total_kw * build.line("op.demand_charge", "Demand charge, per kW and month") * MONTHS
    )
    yield _line(build, "op.demand", "Demand charge", "energy_it", demand)
    water = energy.litres / 1000.0 * build.line("op.water", "Water, per cubic metre")
    yield _line(build, "op.water", "Water", "operations", water)
    if site.site_id:
        place = site_named(site.site_id)
        grid = build.stated(
            "site.carbon_g_kwh",
            "Carbon of the grid",
            place.carbon_g_kwh,
            "g/kWh",
            Input(
                name=f"{place.name}, grid carbon",
                value=place.carbon_g_kwh,
                unit="g/kWh",
                source=place.carbon_source,
                confidence=place.carbon_confidence,
            ),
        )
        tonnes = build.figure(
            "energy.carbon_t",
            "Carbon in a year, by location",
            "t/yr",
            "energy",
            energy.total_kw * HOURS_PER_YEAR * grid / 1e6,
        )
        carbon = tonnes * build.line("op.carbon_price", "Carbon price, per tonne")
        yield _line(build, "op.carbon", "Carbon price", "tax_insurance", carbon)


def _wages(build: SheetBuilder, site: Site) -> Formula:
    """Pay at the site's country over that of the line; 1 where somebody states their own cost."""
    country = site_named(site.site_id).country if site.site_id else ""
    if "op.staff_cost" in build.assumptions.overridden or country not in wage_indices():
        return formula(1.0)
    index, source, confidence = wage_indices()[country]
    origin = Input(
        name=f"Wages, {country}", value=index, unit="ratio", source=source, confidence=confidence
    )
    return build.stated(
        "op.wage_index", f"Wages against the line, {country}", index, "ratio", origin
    )


def _people(
    build: SheetBuilder, basis: Basis, production: Production, site: Site
) -> Iterator[Spent]:
    mw = build.stated(
        "size.rated_it_mw",
        "IT power that the crew looks after",
        basis.rated_it_kw / 1000.0,
        "MW",
        computed("IT power on the design's basis", basis.rated_it_kw, "kW"),
    )
    crew = build.figure(
        "opex.staff_fte",
        "Staff",
        "FTE",
        "opex_basis",
        build.line("ops.staff_base_fte", "Least crew of a site")
        + build.line("op.staff_fte_per_mw", "Staff per MW up to 100 MW") * least(mw, LARGE_SITE_MW)
        + build.line("ops.staff_fte_per_mw_large", "Staff per MW beyond 100 MW")
        * most(mw - LARGE_SITE_MW, 0.0),
    )
    staff = crew * build.line("op.staff_cost", "Cost of a member of staff") * _wages(build, site)
    yield _line(build, "op.staff", "Site staff", "operations", staff)
    platform = build.line("op.platform_eng", "Platform engineering, its team")
    yield _line(build, "op.platform", "Platform engineering", "operations", platform * 1.0)
    software = production.gpus * build.line("op.sw_license_per_gpu", "Software licence per GPU")
    yield _line(build, "op.software", "Software licences", "operations", software)
    gbit_s = (
        production.sold_output
        * build.line("op.egress_bytes_per_token", "Egress per output token")
        * (BITS_PER_BYTE / 1e9)
    )
    transit = gbit_s * build.line("op.transit", "Internet transit, per Gbit/s and month") * MONTHS
    yield _line(build, "op.transit", "Internet transit", "operations", transit)


def _upkeep(build: SheetBuilder, bought: tuple[Bought, ...], terms: Terms) -> Iterator[Spent]:
    it = build.figure(
        "capex.it_total",
        "IT, bought",
        "USD",
        "capex_total",
        total(*(item.usd for item in bought if item.name.startswith("it."))),
    )
    built = build.figure(
        "capex.facility_total",
        "Facility, built",
        "USD",
        "capex_total",
        total(
            *(
                item.usd
                for item in bought
                if item.part in ("electrical", "mechanical", "building") and item.life is not None
            )
        ),
    )
    rows: tuple[tuple[str, str, str, Formula, Part], ...] = (
        ("op.facility_upkeep", "Facility upkeep", "op.fac_om_frac", built, "operations"),
        ("op.insurance", "Insurance", "op.insurance_frac", it + built, "tax_insurance"),
        ("op.property_tax", "Property tax", "op.property_tax_frac", built, "tax_insurance"),
        ("op.decommission", "Decommissioning", "op.decommission_frac", it / terms.it_life,
         "operations"),
    )  # fmt: skip
    warranty = least(build.line("life.warranty", "Warranty of IT"), terms.it_life)
    repaired = build.line(
        "op.it_maint_warranty_frac", "IT maintenance under warranty, share a year"
    )
    later = build.line("op.it_maint_frac", "IT maintenance after the warranty, share a year")
    share = (repaired * warranty + later * (terms.it_life - warranty)) / terms.it_life
    yield _line(build, "op.it_upkeep", "IT maintenance", "operations", it * share)
    for name, label, line, base, part in rows:
        yield _line(build, name, label, part, base * build.line(line, f"{label}, share a year"))
