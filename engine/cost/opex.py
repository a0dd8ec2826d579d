"""What the plant costs to run for a year, line by line."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from engine.assumptions import Assumptions
from engine.cooling.design_day import mean_day
from engine.cost.capex import Investment
from engine.cost.finance import HOURS_PER_YEAR, energy_usd_per_year
from engine.energy.facility import facility
from engine.evaluation import ComputeResult, CoolingResult, Input, PowerResult
from engine.plant import Floats, Plant
from engine.provenance import cited, computed
from engine.tables import gpu_systems, site_named
from engine.tokens.workload import utilisation_factors

Part = Literal["energy_it", "energy_cooling", "operations", "tax_insurance"]

BOARD_FULL: Final = 0.80
BOARD_SLOPE: Final = 0.10
BOARD_LEAST: Final = 0.30
# Board power over TDP against saturation, fitted to 2,700 measured runs (r = 0.63).
LARGE_SITE_MW: Final = 100.0
MONTHS: Final = 12.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Expense:
    """One line of the yearly bill."""

    id: str
    label: str
    usd_per_year: float
    part: Part
    inputs: tuple[Input, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class YearlyEnergy:
    """Mean power over a year."""

    it_kw: float
    other_kw: float  # cooling, losses, the rest of the site
    pue: float
    wue_l_per_kwh: float
    inputs: tuple[Input, ...]


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


def mean_power_fraction(
    plant: Plant, compute: ComputeResult, assumptions: Assumptions
) -> tuple[Floats, tuple[Input, ...]]:
    """Mean over provisioned power of each rack.

    Parameters
    ----------
    plant : Plant
        Racks and the load factor.
    compute : ComputeResult
        Where on its frontier each kind of GPU works.
    assumptions : Assumptions
        Lines ``ops.*``.

    Returns
    -------
    tuple of array, shape (n_racks,), and inputs
        0 to 1; 1 for racks without GPUs and for GPUs without a working point.

    Notes
    -----
    Definition. Boards follow their saturation while loaded and idle otherwise;
    the rest of the rack (host, network, fans, supply) draws on.
    """
    load = {name: value for name, value, _ in utilisation_factors(plant, assumptions)}[
        "load_factor"
    ]
    idle = assumptions.value("ops.board_idle_fraction")
    by_gpu = np.ones(len(plant.gpus) + 1)
    inputs = [computed("load factor", load), *cited(assumptions, "ops.board_idle_fraction")]
    for group in compute.groups:
        system = gpu_systems().get(group.gpu)
        if system is None or group.tok_s_per_gpu is None or not group.points:
            continue
        board_kw = system.tdp_w / 1000.0
        host_kw = max(system.it_kw_per_gpu - board_kw, 0.0)
        busy = board_power_fraction(group.tok_s_per_gpu / group.points[0]["tok_s_per_gpu"])
        mean = host_kw + board_kw * (load * busy + (1.0 - load) * idle)
        by_gpu[plant.gpus.index(group.gpu)] = min(mean / (host_kw + board_kw), 1.0)
        inputs.append(
            Input(
                name=f"{group.gpu}, board power while loaded",
                value=busy,
                unit="of TDP",
                source="InferenceX by SemiAnalysis, runs with board power",
                confidence="derived",
            )
        )
    return by_gpu[plant.racks.gpu], tuple(inputs)


def yearly_energy(
    plant: Plant,
    power: PowerResult,
    cooling: CoolingResult,
    compute: ComputeResult,
    assumptions: Assumptions,
) -> YearlyEnergy:
    """Mean power of IT and of everything else over a year.

    Parameters
    ----------
    plant : Plant
        Racks and site.
    power, cooling, compute : PowerResult, CoolingResult, ComputeResult
        The plant as provisioned.
    assumptions : Assumptions
        Lines ``ops.*`` and ``site.*``.

    Returns
    -------
    YearlyEnergy
        With the PUE at the mean temperature of the year.

    Notes
    -----
    Definition. The PUE at full load and mean temperature is applied to the mean
    IT power.
    """
    fractions, inputs = mean_power_fraction(plant, compute, assumptions)
    it = float((power.rack_kw * fractions).sum())
    day = mean_day(plant, assumptions)
    mean = facility(plant, power, cooling, assumptions, day)
    pue = mean.pue or 1.0
    return YearlyEnergy(
        it_kw=it,
        other_kw=it * (pue - 1.0),
        pue=pue,
        wue_l_per_kwh=mean.wue_l_per_kwh or 0.0,
        inputs=(*inputs, *day.inputs, computed("PUE at the mean temperature", pue)),
    )


def expenses(
    plant: Plant,
    energy: YearlyEnergy,
    compute: ComputeResult,
    bill: tuple[Investment, ...],
    assumptions: Assumptions,
) -> tuple[Expense, ...]:
    """The yearly bill: energy, water, people, upkeep, insurance, tax, software.

    Parameters
    ----------
    plant : Plant
        Site.
    energy : YearlyEnergy
        Mean powers.
    compute : ComputeResult
        GPUs and tokens sold.
    bill : tuple of Investment
        What was bought and built.
    assumptions : Assumptions
        Lines ``op.*`` and ``ops.*``.

    Returns
    -------
    tuple of Expense
        Every line with what it was made of.

    Notes
    -----
    Definition. General and administrative cost is a share of all other expenses
    plus straight-line depreciation.
    """
    lines = [
        *_energy_lines(plant, energy, assumptions),
        *_people_lines(plant, compute, assumptions),
        *_upkeep_lines(bill, compute, assumptions),
    ]
    depreciation = sum((item.usd / item.life_years for item in bill if item.life_years), 0.0)
    subtotal = sum((line.usd_per_year for line in lines), 0.0) + depreciation
    lines.append(
        Expense(
            id="op.general",
            label="General and administrative",
            usd_per_year=subtotal * assumptions.value("op.ga_frac"),
            part="operations",
            inputs=(
                computed("other expenses and depreciation", subtotal, "USD/yr"),
                *cited(assumptions, "op.ga_frac"),
            ),
        )
    )
    return tuple(lines)


def electricity_price(plant: Plant, assumptions: Assumptions) -> tuple[float, Input]:
    """Price of a kilowatt-hour, and where it comes from.

    Notes
    -----
    Definition. An overridden line, else the site's row, else the line.
    """
    if plant.site.site_id and "op.elec" not in assumptions.overridden:
        site = site_named(plant.site.site_id)
        return site.electricity_usd_kwh, Input(
            name=f"{site.name}, electricity",
            value=site.electricity_usd_kwh,
            unit="USD/kWh",
            source=site.electricity_source,
            confidence=site.confidence,
        )
    return assumptions.value("op.elec"), cited(assumptions, "op.elec")[0]


def _energy_lines(
    plant: Plant, energy: YearlyEnergy, assumptions: Assumptions
) -> Iterator[Expense]:
    value = assumptions.value
    price, origin = electricity_price(plant, assumptions)
    parts: tuple[tuple[str, str, float, Part], ...] = (
        ("op.electricity_it", "Electricity, IT", energy.it_kw, "energy_it"),
        (
            "op.electricity_other",
            "Electricity, cooling and losses",
            energy.other_kw,
            "energy_cooling",
        ),
    )
    for name, label, kw, part in parts:
        yield Expense(
            id=name,
            label=label,
            usd_per_year=energy_usd_per_year(kw, price),
            part=part,
            inputs=(computed("mean power", kw, "kW"), origin, *energy.inputs),
        )
    total_kw = energy.it_kw + energy.other_kw
    yield Expense(
        id="op.demand",
        label="Demand charge",
        usd_per_year=total_kw * value("op.demand_charge") * MONTHS,
        part="energy_it",
        inputs=(computed("mean power", total_kw, "kW"), *cited(assumptions, "op.demand_charge")),
    )
    litres = energy.it_kw * HOURS_PER_YEAR * energy.wue_l_per_kwh
    yield Expense(
        id="op.water",
        label="Water",
        usd_per_year=litres / 1000.0 * value("op.water"),
        part="operations",
        inputs=(computed("water", litres / 1000.0, "m3/yr"), *cited(assumptions, "op.water")),
    )
    if plant.site.site_id:
        site = site_named(plant.site.site_id)
        tonnes = total_kw * HOURS_PER_YEAR * site.carbon_g_kwh / 1e6
        yield Expense(
            id="op.carbon",
            label="Carbon price",
            usd_per_year=tonnes * value("op.carbon_price"),
            part="tax_insurance",
            inputs=(
                computed("grid carbon", tonnes, "t/yr"),
                *cited(assumptions, "op.carbon_price"),
            ),
        )


def _people_lines(
    plant: Plant, compute: ComputeResult, assumptions: Assumptions
) -> Iterator[Expense]:
    value = assumptions.value
    mw = float(getattr(plant.racks, f"{plant.site.basis}_kw").sum()) / 1000.0
    crew = (
        value("ops.staff_base_fte")
        + value("op.staff_fte_per_mw") * min(mw, LARGE_SITE_MW)
        + value("ops.staff_fte_per_mw_large") * max(mw - LARGE_SITE_MW, 0.0)
    )
    yield Expense(
        id="op.staff",
        label="Site staff",
        usd_per_year=crew * value("op.staff_cost"),
        part="operations",
        inputs=(
            computed("staff", crew, "FTE"),
            *cited(
                assumptions,
                "ops.staff_base_fte",
                "op.staff_fte_per_mw",
                "ops.staff_fte_per_mw_large",
                "op.staff_cost",
            ),
        ),
    )
    yield Expense(
        id="op.platform",
        label="Platform engineering",
        usd_per_year=value("op.platform_eng"),
        part="operations",
        inputs=cited(assumptions, "op.platform_eng"),
    )
    yield Expense(
        id="op.software",
        label="Software licences",
        usd_per_year=compute.gpus * value("op.sw_license_per_gpu"),
        part="operations",
        inputs=(
            computed("compute.gpus", compute.gpus),
            *cited(assumptions, "op.sw_license_per_gpu"),
        ),
    )
    sold = compute.output_tokens_per_s or 0.0
    if compute.sold_tokens_per_s and compute.tokens_per_s:
        sold *= compute.sold_tokens_per_s / compute.tokens_per_s
    gbit_s = sold * value("op.egress_bytes_per_token") * 8.0 / 1e9
    yield Expense(
        id="op.transit",
        label="Internet transit",
        usd_per_year=gbit_s * value("op.transit") * MONTHS,
        part="operations",
        inputs=(
            computed("egress", gbit_s, "Gbit/s"),
            *cited(assumptions, "op.egress_bytes_per_token", "op.transit"),
        ),
    )


def _upkeep_lines(
    bill: tuple[Investment, ...], compute: ComputeResult, assumptions: Assumptions
) -> Iterator[Expense]:
    it = sum((item.usd for item in bill if item.id.startswith("it.")), 0.0)
    built = sum(
        (
            item.usd
            for item in bill
            if item.part in ("electrical", "mechanical", "building") and item.life_years
        ),
        0.0,
    )
    it_life = next(item.life_years for item in bill if item.id == "it.racks") or 1.0
    rows: tuple[tuple[str, str, str, float, str, Part], ...] = (
        ("op.facility_upkeep", "Facility upkeep", "op.fac_om_frac", built, "facility",
         "operations"),
        ("op.it_upkeep", "IT maintenance", "op.it_maint_frac", it, "IT", "operations"),
        ("op.insurance", "Insurance", "op.insurance_frac", it + built, "insured value",
         "tax_insurance"),
        ("op.property_tax", "Property tax", "op.property_tax_frac", built, "facility",
         "tax_insurance"),
        ("op.decommission", "Decommissioning", "op.decommission_frac", it / it_life, "IT per year",
         "operations"),
    )  # fmt: skip
    for name, label, line, base, what, part in rows:
        yield Expense(
            id=name,
            label=label,
            usd_per_year=base * assumptions.value(line),
            part=part,
            inputs=(computed(what, base, "USD"), *cited(assumptions, line)),
        )
