"""What the cost of a plant follows from: counts, powers and drawn equipment, as few numbers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import numpy as np

from engine.assumptions import Assumptions
from engine.cooling.design_day import mean_day
from engine.energy.facility import Balance
from engine.energy.metrics import power_usage_effectiveness
from engine.evaluation import CoolingResult, EnergyResult, Input, PowerResult
from engine.plant import Floats, Plant
from engine.provenance import computed

Part = Literal[
    "racks", "network", "storage", "electrical", "mechanical", "building", "construction_interest"
]


MEAN_DAY: Final = "at the mean temperature"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """The racks of one GPU kind."""

    gpu: str
    gpus: int
    racks: int
    it_kw: float  # provisioned, at the heat load that was evaluated
    recorded_racks: int  # with a price in their record
    recorded_usd: float
    unrecorded_gpus: int  # in racks that the cost lines price


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """Equipment of one kind that stands on the plan."""

    line: str  # its cost line
    label: str
    part: Part
    pieces: int
    recorded_pieces: int
    recorded_usd: float
    unrecorded_kw: float
    capacity_kw: float
    needed_kw: float  # what the design needs of the kind; the split of the building holds as much


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """A plant as its cost sees it. Powers with ``full_`` are those of the full heat load. [kW]"""

    fleets: tuple[Fleet, ...]
    other_racks_usd: float
    other_it_kw: float
    heat_load_fraction: float
    it_kw: float
    facility_kw: float
    full_it_kw: float
    full_facility_kw: float
    full_liquid_kw: float
    full_air_kw: float
    rated_it_kw: float  # of all racks on the basis that the design chose
    drawn: tuple[Drawn, ...]
    pue: float
    wue_l_per_kwh: float
    climate_inputs: tuple[Input, ...] = ()
    pue_words: str = MEAN_DAY  # what PUE and WUE are those of

    @property
    def gpus(self) -> int:
        """GPUs of all fleets."""
        return sum(fleet.gpus for fleet in self.fleets)


def basis_of(
    plant: Plant,
    power: PowerResult,
    cooling: CoolingResult,
    energy: EnergyResult,
    assumptions: Assumptions,
) -> Basis:
    """A plant as its cost sees it.

    Parameters
    ----------
    plant : Plant
        Racks, equipment and their prices.
    power, cooling, energy : results
        The plant as provisioned, with IT load.
    assumptions : Assumptions
        For the mean day of the site.

    Returns
    -------
    Basis
        What is bought is that of the full heat load: it does not shrink when GPUs are off.

    Raises
    ------
    UnknownSite
        If the site is not in the table.

    Notes
    -----
    Definition. PUE and WUE are those of the mean temperature of the year.
    """
    racks = plant.racks
    full = 1.0 / plant.site.heat_load_fraction
    with_gpus = (racks.gpu >= 0) & (racks.gpu_count > 0)
    others = ~with_gpus
    size = (power.it_kw * full, energy.facility_kw * full, cooling.liquid_kw * full)
    day = mean_day(plant, assumptions)
    mean = Balance(plant, power.it_kw, cooling, assumptions, day).at(power.loss_kw)
    pue = power_usage_effectiveness(mean.facility_kw, power.it_kw)
    return Basis(
        fleets=tuple(_fleets(plant, power)),
        other_racks_usd=float(racks.price_usd[others].sum()),
        other_it_kw=float(power.rack_kw[others].sum()),
        heat_load_fraction=plant.site.heat_load_fraction,
        it_kw=power.it_kw,
        facility_kw=energy.facility_kw,
        full_it_kw=size[0],
        full_facility_kw=size[1],
        full_liquid_kw=size[2],
        full_air_kw=cooling.air_kw * full,
        rated_it_kw=float(getattr(racks, f"{plant.site.basis}_kw").sum()),
        drawn=tuple(_drawn(plant, size, cooling.air_kw * full)),
        pue=pue,
        wue_l_per_kwh=mean.water_l_per_h / power.it_kw,
        climate_inputs=(*day.inputs, computed("PUE at the mean temperature", pue)),
    )


def with_year(basis: Basis, year: Mapping[str, Any] | None) -> Basis:
    """A plant with the PUE and WUE of a year of hours in place of those of its mean day.

    Parameters
    ----------
    basis : Basis
        The plant.
    year : mapping or None
        The year of an evaluation; None, or one with a reason, changes nothing.

    Returns
    -------
    Basis
        PUE and WUE are ratios of sums over the hours.

    Notes
    -----
    Definition.
    """
    if year is None or year["reason"] is not None or year["totals"]["pue"] is None:
        return basis
    totals, weather = year["totals"], year["weather"]
    words = f"of 8,760 hours of {weather['name']}"
    return replace(
        basis,
        pue=totals["pue"],
        wue_l_per_kwh=totals["wue_l_per_kwh"] or 0.0,
        pue_words=words,
        climate_inputs=(computed(f"the year, {words}", totals["pue"], "PUE"),),
    )


def _fleets(plant: Plant, power: PowerResult) -> Iterator[Fleet]:
    racks = plant.racks
    for place, gpu in enumerate(plant.gpus):
        mine = (racks.gpu == place) & (racks.gpu_count > 0)
        if not mine.any():
            continue
        recorded = mine & (racks.price_usd > 0.0)
        yield Fleet(
            gpu=gpu,
            gpus=int(racks.gpu_count[mine].sum()),
            racks=int(mine.sum()),
            it_kw=float(power.rack_kw[mine].sum()),
            recorded_racks=int(recorded.sum()),
            recorded_usd=float(racks.price_usd[recorded].sum()),
            unrecorded_gpus=int(racks.gpu_count[mine & ~recorded].sum()),
        )


def _drawn(plant: Plant, size: tuple[float, float, float], air_kw: float) -> Iterator[Drawn]:
    it_kw, facility_kw, liquid_kw = size
    outside, nodes = plant.heat_rejection, plant.power_nodes
    cooler = np.array([kind == "dry_cooler" for kind in outside.kind], dtype=bool)
    # A rectifier with its batteries stands where a UPS would, and costs as much.
    has_rectifier = "rectifier" in nodes.kind
    ups = np.array([kind in {"ups", "rectifier"} for kind in nodes.kind], dtype=bool)
    generator = np.array([kind == "generator" for kind in nodes.kind], dtype=bool)
    kinds: tuple[tuple[str, str, Part, Floats, Floats, float], ...] = (
        ("fac.cdu", "CDUs", "mechanical",
         plant.cdus.capacity_kw, plant.cdus.price_usd, liquid_kw),
        ("fac.dry_cooler", "Dry coolers", "mechanical",
         outside.capacity_kw[cooler], outside.price_usd[cooler], liquid_kw),
        ("fac.chiller_trim", "Chillers", "mechanical",
         outside.capacity_kw[~cooler], outside.price_usd[~cooler], air_kw),
        ("fac.ups", "UPS and rectifiers" if has_rectifier else "UPS", "electrical",
         nodes.rating_kw[ups], nodes.price_usd[ups], it_kw),
        ("fac.generator_diesel", "Generators", "electrical",
         nodes.rating_kw[generator], nodes.price_usd[generator], facility_kw),
    )  # fmt: skip
    for line, label, part, capacity, price, needed_kw in kinds:
        if not capacity.size:
            continue
        recorded = price > 0.0
        yield Drawn(
            line=line,
            label=label,
            part=part,
            pieces=int(capacity.size),
            recorded_pieces=int(recorded.sum()),
            recorded_usd=float(price[recorded].sum()),
            unrecorded_kw=float(capacity[~recorded].sum()),
            capacity_kw=float(capacity.sum()),
            needed_kw=needed_kw,
        )
