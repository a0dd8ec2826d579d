"""What the plant costs to buy and build, line by line."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from engine.assumptions import Assumptions
from engine.cost.finance import interest_during_construction
from engine.evaluation import CoolingResult, EnergyResult, Input, PowerResult
from engine.plant import Floats, Plant
from engine.provenance import cited, computed, stated
from engine.tables import gpu_systems, site_named

Part = Literal[
    "racks", "network", "storage", "electrical", "mechanical", "building", "construction_interest"
]

RACK_LINES: Final = {
    "h100": ("it.server.hgx_h100_8", 8),
    "h200": ("it.server.hgx_h200_8", 8),
    "b200": ("it.server.hgx_b200_8", 8),
    "b300": ("it.server.hgx_b300_8", 8),
    "gb200": ("it.rack.gb200_nvl72", 72),
    "gb300": ("it.rack.gb300_nvl72", 72),
    "vr200": ("it.rack.vr200_nvl72", 72),
    "mi355x": ("it.server.mi355x_8", 8),
}
# The price line of a GPU and how many GPUs one piece of it carries.


@dataclass(frozen=True, slots=True, kw_only=True)
class Investment:
    """One line of the bill."""

    id: str
    label: str
    usd: float
    life_years: float | None  # None: not used up
    part: Part
    inputs: tuple[Input, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizing:
    """Powers that the facility is built for: those of the full heat load. [kW]"""

    it_kw: float
    facility_kw: float
    liquid_kw: float
    air_kw: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Lives:
    """How long things are used, and the cost of capital. [yr], [1/yr]"""

    it: float
    network: float
    facility: float
    wacc: float
    inputs: tuple[Input, ...]


def sizing(
    plant: Plant, power: PowerResult, cooling: CoolingResult, energy: EnergyResult
) -> Sizing:
    """Powers of the full heat load: what is bought does not shrink when GPUs are off.

    Notes
    -----
    Definition. Scaled up from the heat load that was evaluated, which is above zero.
    """
    full = 1.0 / plant.site.heat_load_fraction
    return Sizing(
        it_kw=power.it_kw * full,
        facility_kw=energy.facility_kw * full,
        liquid_kw=cooling.liquid_kw * full,
        air_kw=cooling.air_kw * full,
    )


def lives(plant: Plant, assumptions: Assumptions) -> Lives:
    """Lives and cost of capital of a design.

    Notes
    -----
    Definition. The design's own, else the assumption lines; country risk is added
    to the line and not to a rate that the design states.
    """
    own = plant.site.finance
    wacc = assumptions.value("fin.wacc_hyperscaler") + assumptions.value("fin.country_risk")
    inputs: list[Input] = []
    inputs += (
        cited(assumptions, "fin.wacc_hyperscaler", "fin.country_risk")
        if own.wacc_fraction is None
        else (stated("wacc_fraction", own.wacc_fraction, "1/yr"),)
    )
    inputs += (
        cited(assumptions, "life.it")
        if own.it_life_years is None
        else (stated("it_life_years", own.it_life_years, "yr"),)
    )
    inputs += (
        cited(assumptions, "life.facility")
        if own.facility_life_years is None
        else (stated("facility_life_years", own.facility_life_years, "yr"),)
    )
    inputs += cited(assumptions, "life.network")
    inputs.append(stated("mode", own.mode))
    return Lives(
        it=own.it_life_years or assumptions.value("life.it"),
        network=assumptions.value("life.network"),
        facility=own.facility_life_years or assumptions.value("life.facility"),
        wacc=wacc if own.wacc_fraction is None else own.wacc_fraction,
        inputs=tuple(inputs),
    )


def investments(
    plant: Plant, size: Sizing, terms: Lives, assumptions: Assumptions
) -> tuple[Investment, ...]:
    """The whole bill: IT, facility, grid, land and interest while building.

    Parameters
    ----------
    plant : Plant
        Racks and equipment with their prices.
    size : Sizing
        What the facility is built for.
    terms : Lives
        Lives and cost of capital.
    assumptions : Assumptions
        Lines ``it.*``, ``net.*``, ``fac.*`` and ``fin.*``.

    Returns
    -------
    tuple of Investment
        Every line with what it was made of.

    Notes
    -----
    Definition. A price in the record comes before the cost line. The facility is
    the building cost per watt, split by trade; for each kind of equipment that is
    drawn, the bill of the drawn pieces replaces what the split holds for the
    kind, so that one more CDU costs one more CDU.
    """
    it = tuple(_it_lines(plant, terms, assumptions))
    facility = tuple(_facility_lines(plant, size, terms, assumptions))
    building = sum((line.usd for line in facility), 0.0)
    months = assumptions.value("fin.construction_months")
    interest = Investment(
        id="fac.construction_interest",
        label="Interest while building",
        usd=interest_during_construction(building, terms.wacc, months)
        if plant.site.finance.mode == "annuity"
        else 0.0,
        life_years=terms.facility,
        part="construction_interest",
        inputs=(
            computed("facility, grid and land", building, "USD"),
            *cited(assumptions, "fin.construction_months"),
        ),
    )
    return (*it, *facility, interest)


def _it_lines(plant: Plant, terms: Lives, assumptions: Assumptions) -> Iterator[Investment]:
    gpu_usd, gpu_inputs = _gpu_racks(plant, assumptions)
    others = plant.racks.gpu_count <= 0
    other_usd = float(plant.racks.price_usd[others].sum())
    yield Investment(
        id="it.racks",
        label="GPU racks",
        usd=gpu_usd,
        life_years=terms.it,
        part="racks",
        inputs=gpu_inputs,
    )
    if other_usd > 0.0:
        yield Investment(
            id="it.other_racks",
            label="Other racks",
            usd=other_usd,
            life_years=terms.it,
            part="storage",
            inputs=(stated("prices in the records", other_usd, "USD"),),
        )
    server = computed("GPU racks", gpu_usd, "USD")
    on_server: tuple[tuple[str, str, str, float, Part], ...] = (
        ("it.network", "Network", "net.scaleout_frac.pluggable", terms.network, "network"),
        ("it.storage", "Storage", "it.storage_frac", terms.it, "storage"),
        ("it.management", "Management nodes", "it.cpu_mgmt_frac", terms.it, "storage"),
    )
    hardware = gpu_usd + other_usd
    for name, label, line, life, part in on_server:
        usd = gpu_usd * assumptions.value(line)
        hardware += usd
        yield Investment(
            id=name,
            label=label,
            usd=usd,
            life_years=life,
            part=part,
            inputs=(server, *cited(assumptions, line)),
        )
    bought = computed("IT hardware", hardware, "USD")
    for name, label, line in (
        ("it.integration", "Integration and freight", "it.integration_freight_frac"),
        ("it.duty", "Import duty", "it.import_duty_frac"),
        ("it.spares", "Spares", "it.spares_frac"),
    ):
        yield Investment(
            id=name,
            label=label,
            usd=hardware * assumptions.value(line),
            life_years=terms.it,
            part="racks",
            inputs=(bought, *cited(assumptions, line)),
        )


def _gpu_racks(plant: Plant, assumptions: Assumptions) -> tuple[float, tuple[Input, ...]]:
    racks = plant.racks
    total, inputs = 0.0, []
    with_gpus = (racks.gpu >= 0) & (racks.gpu_count > 0)
    priced = with_gpus & (racks.price_usd > 0.0)
    if priced.any():
        total += float(racks.price_usd[priced].sum())
        inputs.append(stated(f"{int(priced.sum())} racks by their records", total, "USD"))
    unpriced = with_gpus & ~priced
    counts = np.bincount(racks.gpu[unpriced], racks.gpu_count[unpriced], len(plant.gpus))
    for gpu, count in zip(plant.gpus, counts.tolist(), strict=True):
        if count <= 0:
            continue
        if gpu in RACK_LINES:
            line, pieces = RACK_LINES[gpu]
            total += count / pieces * assumptions.value(line)
            inputs += (*cited(assumptions, line), computed(f"{gpu} GPUs", int(count)))
        elif gpu in gpu_systems():
            system = gpu_systems()[gpu]
            total += count * system.server_usd_per_gpu
            inputs.append(
                Input(
                    name=f"{int(count)} x {gpu}, server per GPU",
                    value=system.server_usd_per_gpu,
                    unit="USD/GPU",
                    source=system.source,
                    confidence="from-memory",
                )
            )
        else:
            inputs.append(
                Input(name=f"{gpu} has no price", value=None, source="none", confidence="estimate")
            )
    return total, tuple(inputs)


def build_usd_per_w(plant: Plant, assumptions: Assumptions) -> tuple[float, Input]:
    """Cost of building per watt of IT, and where it comes from.

    Notes
    -----
    Definition. An overridden line, else the site's row, else the line.
    """
    line = "fac.build_usd_per_w_it"
    if plant.site.site_id and line not in assumptions.overridden:
        site = site_named(plant.site.site_id)
        return site.build_usd_per_w, Input(
            name=f"{site.name}, building cost",
            value=site.build_usd_per_w,
            unit="USD/W IT",
            source=site.build_source,
            confidence=site.confidence,
        )
    return assumptions.value(line), cited(assumptions, line)[0]


def building_usd(size: Sizing, usd_per_w: float, assumptions: Assumptions) -> float:
    """Cost of the building with its plant, without grid and land. [USD]

    Notes
    -----
    Definition. Per watt of IT, times the premium of AI halls and the owner's cost.
    """
    premium = 1.0 + assumptions.value("fac.ai_premium")
    owner = 1.0 + assumptions.value("fac.owner_cost_frac")
    return 1000.0 * size.it_kw * usd_per_w * premium * owner


def _facility_lines(
    plant: Plant, size: Sizing, terms: Lives, assumptions: Assumptions
) -> Iterator[Investment]:
    value = assumptions.value
    per_w, origin = build_usd_per_w(plant, assumptions)
    build = building_usd(size, per_w, assumptions)
    basis = (
        computed("IT power at full heat load", size.it_kw, "kW"),
        origin,
        *cited(assumptions, "fac.ai_premium", "fac.owner_cost_frac"),
    )
    drawn = tuple(_drawn_equipment(plant, size, terms, assumptions))
    trades: tuple[tuple[str, str, Part], ...] = (
        ("electrical", "Electrical plant", "electrical"),
        ("mechanical", "Mechanical plant", "mechanical"),
        ("shell_core", "Building", "building"),
        ("soft_contingency", "Design, permits, contingency", "building"),
    )
    for trade, label, part in trades:
        line = f"fac.split.{trade}"
        held = sum((in_split for item, in_split in drawn if item.part == part), 0.0)
        usd = max(build * value(line) - held, 0.0)
        yield Investment(
            id=f"fac.{trade}",
            label=f"{label}, not drawn" if held else label,
            usd=usd,
            life_years=terms.facility,
            part=part,
            inputs=(
                *basis,
                *cited(assumptions, line),
                *((computed("held for drawn equipment", held, "USD"),) if held else ()),
            ),
        )
    yield from (item for item, _ in drawn)
    yield Investment(
        id="fac.grid",
        label="Grid connection",
        usd=size.facility_kw / 1000.0 * value("fac.grid_connection"),
        life_years=assumptions["fac.grid_connection"].life_years or terms.facility,
        part="building",
        inputs=(
            computed("site power at full heat load", size.facility_kw, "kW"),
            *cited(assumptions, "fac.grid_connection"),
        ),
    )
    yield Investment(
        id="fac.land",
        label="Land",
        usd=size.it_kw / 1000.0 * value("fac.land"),
        life_years=None,
        part="building",
        inputs=(basis[0], *cited(assumptions, "fac.land")),
    )


def _drawn_equipment(
    plant: Plant, size: Sizing, terms: Lives, assumptions: Assumptions
) -> Iterator[tuple[Investment, float]]:
    """Each kind that is drawn, and what the split holds for what the design needs of it."""
    outside, nodes = plant.heat_rejection, plant.power_nodes
    cooler = np.array([kind == "dry_cooler" for kind in outside.kind], dtype=bool)
    ups = np.array([kind == "ups" for kind in nodes.kind], dtype=bool)
    generator = np.array([kind == "generator" for kind in nodes.kind], dtype=bool)
    kinds: tuple[tuple[str, str, Part, Floats, Floats, float], ...] = (
        ("fac.cdu", "CDUs", "mechanical",
         plant.cdus.capacity_kw, plant.cdus.price_usd, size.liquid_kw),
        ("fac.dry_cooler", "Dry coolers", "mechanical",
         outside.capacity_kw[cooler], outside.price_usd[cooler], size.liquid_kw),
        ("fac.chiller_trim", "Chillers", "mechanical",
         outside.capacity_kw[~cooler], outside.price_usd[~cooler], size.air_kw),
        ("fac.ups", "UPS", "electrical",
         nodes.rating_kw[ups], nodes.price_usd[ups], size.it_kw),
        ("fac.generator_diesel", "Generators", "electrical",
         nodes.rating_kw[generator], nodes.price_usd[generator], size.facility_kw),
    )  # fmt: skip
    for line, label, part, capacity, price, needed_kw in kinds:
        if not capacity.size:
            continue
        per_kw = assumptions.value(line)
        usd = float(np.where(price > 0.0, price, capacity * per_kw).sum())
        by_record = int((price > 0.0).sum())
        yield (
            Investment(
                id=line,
                label=label,
                usd=usd,
                life_years=terms.facility,
                part=part,
                inputs=(
                    computed(f"{capacity.size} drawn, capacity", float(capacity.sum()), "kW"),
                    stated("priced by their records", by_record),
                    *cited(assumptions, line),
                ),
            ),
            needed_kw * per_kw,
        )
