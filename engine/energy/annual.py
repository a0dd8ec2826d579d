"""A year in sums: the ratios, the months, the duration curves and the carbon."""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from engine.assumptions import Assumptions
from engine.climate.classes import facility_water_class, technology_cooling_class
from engine.climate.design import DesignConditions, design_conditions
from engine.climate.weather import MONTHS, month_of_hour
from engine.cooling.economizer import economizer_class, economizer_hours
from engine.energy.carbon import (
    Embodied,
    EmbodiedItem,
    embodied_carbon,
    fuel_carbon_kg,
    operational_carbon_kg,
    refrigerant_carbon_kg,
)
from engine.energy.metrics import (
    carbon_usage_effectiveness,
    energy_reuse_effectiveness,
    energy_reuse_factor,
    infrastructure_efficiency,
    it_usage_effectiveness,
    partial_pue,
    power_usage_effectiveness,
    renewable_energy_factor,
    total_usage_effectiveness,
    water_usage_effectiveness,
)
from engine.energy.year import PlantYear
from engine.evaluation import Working
from engine.plain import number
from engine.plant import Bools, Floats, Plant
from engine.power.direct import compute_kw
from engine.power.flow import rack_power_kw
from engine.provenance import cited, computed, stated
from engine.tables import site_named

DURATION_POINTS: Final = 201
LITRES_PER_M3: Final = 1000.0
KG_PER_T: Final = 1000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Sums and ratios of one year."""

    pue: float
    wue_l_per_kwh: float
    wue_source_l_per_kwh: float
    cue_kg_per_kwh: float
    dcie: float  # the inverse of PUE
    cooling_ppue: float  # of cooling alone
    loss_ppue: float  # of electrical losses alone
    ref: float  # renewable energy over that of the site
    erf: float
    ere: float
    itue: float
    tue: float
    it_mwh: float
    site_mwh: float
    loss_mwh: float
    cooling_mwh: float
    reused_mwh: float
    water_m3: float
    carbon_t: float  # location based
    carbon_market_t: float
    refrigerant_t: float  # that leaks in a year
    fuel_t: float  # that generators burn when they are tested
    embodied_t: float
    embodied_t_per_year: float
    free_hours: int  # of the facility water and the coils together
    partial_hours: int
    mechanical_hours: int
    fws_free_hours: int  # of the facility water alone
    water_class: str
    coolant_class: str
    peak_site_kw: float
    peak_pue: float
    design_day_pue: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """One month in sums."""

    name: str
    pue: float
    wue_l_per_kwh: float
    cue_kg_per_kwh: float
    free_hours: int
    partial_hours: int
    mechanical_hours: int
    water_m3: float
    site_mwh: float
    mean_dry_bulb_c: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class YearResult:
    """A year as it is shown: sums, months, hours and the conditions they came from."""

    hourly: PlantYear
    design: DesignConditions
    totals: Totals
    months: tuple[Month, ...]
    embodied: Embodied
    carbon_kg_per_kwh: float
    working: tuple[Working, ...]

    def to_json(self) -> dict[str, Any]:
        """The year as plain JSON values: 365 days of hours, months, curves."""
        year, weather = self.hourly, self.hourly.weather
        return {
            "reason": None,
            "weather": {
                "name": weather.name,
                "source": weather.source,
                "digest": weather.digest,
                "hours": len(weather),
                "filled_hours": weather.filled_hours,
                "elevation_m": number(weather.elevation_m),
                "warming_k": number(weather.warming_k),
                "design": _plain(self.design),
            },
            "totals": _plain(self.totals),
            "months": [_plain(month) for month in self.months],
            "embodied_t": {
                name: number(kg / KG_PER_T) for name, kg in self.embodied.by_item_kg.items()
            },
            "chiller_outside_fit_hours": year.chiller_outside_fit,
            "hourly": {
                "pue": np.round(year.pue, 4).tolist(),
                "dry_bulb_c": np.round(weather.dry_bulb_c, 1).tolist(),
                "free": "".join(map(str, economizer_class(year.free_share).astype(int))),
                "water_l_per_kwh": np.round(year.water_l / year.it_kw, 3).tolist(),
            },
            "duration": {
                "percent": np.linspace(0.0, 100.0, DURATION_POINTS).tolist(),
                **{
                    name: [number(round(value, places)) for value in _duration(values)]
                    for name, values, places in (
                        ("pue", year.pue, 4),
                        ("site_kw", year.site_kw, 2),
                        ("dry_bulb_c", weather.dry_bulb_c, 2),
                        ("wet_bulb_c", weather.wet_bulb_c, 2),
                        ("fws_reach_c", year.fws_reach_c, 2),
                    )
                },
            },
        }


def summed(
    plant: Plant,
    year: PlantYear,
    assumptions: Assumptions,
    *,
    hall_area_m2: float,
    design_day_pue: float | None,
) -> YearResult:
    """A year of hours in sums.

    Parameters
    ----------
    plant : Plant
        Site, GPUs and halls.
    year : PlantYear
        Every hour.
    assumptions : Assumptions
        Lines ``carbon.*``, ``energy.*`` and ``climate.*``.
    hall_area_m2 : float
        That a shell is built around. [m2]
    design_day_pue : float or None
        To set beside the year's.

    Returns
    -------
    YearResult
        PUE >= 1 and ERE <= PUE; the three counts of hours sum to the year.

    Raises
    ------
    UnknownSite
        If the site is not in the table.

    Notes
    -----
    Definition. Ratios of sums over the period, never means of hourly ratios.
    """
    intensity = _intensity(plant, assumptions)
    embodied = _embodied(plant, year, hall_area_m2, assumptions)
    month = month_of_hour(year.hours)
    return YearResult(
        hourly=year,
        design=design_conditions(year.weather, assumptions.value("climate.extreme_sd_k")),
        totals=_totals(plant, year, assumptions, (intensity, design_day_pue), embodied),
        months=tuple(_month(MONTHS[i], year, month == i, intensity) for i in range(len(MONTHS))),
        embodied=embodied,
        carbon_kg_per_kwh=intensity,
        working=_working(plant, year, assumptions, intensity),
    )


def _totals(
    plant: Plant,
    year: PlantYear,
    assumptions: Assumptions,
    known: tuple[float, float | None],
    embodied: Embodied,
) -> Totals:
    value, (intensity, design_day_pue) = assumptions.value, known
    rack_kw = rack_power_kw(plant)
    it_kwh, site_kwh = year.it_kw * year.hours, float(year.site_kw.sum())
    reused = min(value("energy.heat_reuse_fraction") * year.liquid_kw * year.hours, site_kwh)
    pue = power_usage_effectiveness(site_kwh, it_kwh)
    itue = it_usage_effectiveness(float(rack_kw.sum()), compute_kw(plant, rack_kw, assumptions))
    reuse = energy_reuse_factor(reused, site_kwh)
    water = float(year.water_l.sum())
    carbon = operational_carbon_kg(year.site_kw, intensity)
    hours = economizer_hours(year.free_share)
    grid_water = site_kwh * value("energy.grid_water_l_per_kwh")
    return Totals(
        pue=pue,
        wue_l_per_kwh=water_usage_effectiveness(water, it_kwh),
        wue_source_l_per_kwh=water_usage_effectiveness(water + grid_water, it_kwh),
        cue_kg_per_kwh=carbon_usage_effectiveness(carbon, it_kwh),
        dcie=infrastructure_efficiency(site_kwh, it_kwh),
        cooling_ppue=partial_pue(year.cooling_kw, it_kwh),
        loss_ppue=partial_pue(year.loss_kw, it_kwh),
        ref=renewable_energy_factor(value("energy.renewable_fraction") * site_kwh, site_kwh),
        erf=reuse,
        ere=energy_reuse_effectiveness(pue, reuse),
        itue=itue,
        tue=total_usage_effectiveness(pue, itue),
        it_mwh=it_kwh / 1000.0,
        site_mwh=site_kwh / 1000.0,
        loss_mwh=float(year.loss_kw.sum()) / 1000.0,
        cooling_mwh=float(year.cooling_kw.sum()) / 1000.0,
        reused_mwh=reused / 1000.0,
        water_m3=water / LITRES_PER_M3,
        carbon_t=carbon / KG_PER_T,
        carbon_market_t=carbon * value("carbon.market_fraction") / KG_PER_T,
        refrigerant_t=_leaks_kg(plant, assumptions) / KG_PER_T,
        fuel_t=_tests_kg(plant, float(year.site_kw.max()), assumptions) / KG_PER_T,
        embodied_t=embodied.total_kg / KG_PER_T,
        embodied_t_per_year=embodied.yearly_kg / KG_PER_T,
        free_hours=hours.full,
        partial_hours=hours.partial,
        mechanical_hours=hours.none,
        fws_free_hours=economizer_hours(year.fws_free_share).full,
        water_class=str(facility_water_class(year.fws_set_c)),
        coolant_class=str(technology_cooling_class(plant.site.tcs_supply_c)),
        peak_site_kw=float(year.site_kw.max()),
        peak_pue=float(year.pue.max()),
        design_day_pue=design_day_pue,
    )


def _leaks_kg(plant: Plant, assumptions: Assumptions) -> float:
    """Refrigerant that leaks from the chillers that are drawn, in a year."""
    value, units = assumptions.value, plant.heat_rejection
    is_chiller = np.array([kind == "chiller" for kind in units.kind], dtype=bool)
    return refrigerant_carbon_kg(
        units.capacity_kw[is_chiller] * value("carbon.refrigerant_kg_per_kw"),
        value("carbon.refrigerant_gwp"),
        value("carbon.refrigerant_leak_fraction"),
    )


def _tests_kg(plant: Plant, site_kw: float, assumptions: Assumptions) -> float:
    """Fuel that the generators that are drawn burn when they are tested, in a year."""
    value = assumptions.value
    if "generator" not in plant.power_nodes.kind:
        return 0.0
    hours, per_kwh = value("carbon.generator_test_h"), value("standby.fuel_l_per_kwh")
    return fuel_carbon_kg(site_kw * hours * per_kwh)


def _month(name: str, year: PlantYear, mine: Bools, intensity: float) -> Month:
    hours = economizer_hours(year.free_share[mine])
    it_kwh, site_kwh = year.it_kw * int(mine.sum()), float(year.site_kw[mine].sum())
    water = float(year.water_l[mine].sum())
    return Month(
        name=name,
        pue=power_usage_effectiveness(site_kwh, it_kwh),
        wue_l_per_kwh=water_usage_effectiveness(water, it_kwh),
        cue_kg_per_kwh=carbon_usage_effectiveness(site_kwh * intensity, it_kwh),
        free_hours=hours.full,
        partial_hours=hours.partial,
        mechanical_hours=hours.none,
        water_m3=water / LITRES_PER_M3,
        site_mwh=site_kwh / 1000.0,
        mean_dry_bulb_c=float(year.weather.dry_bulb_c[mine].mean()),
    )


def _intensity(plant: Plant, assumptions: Assumptions) -> float:
    line = "carbon.grid_kg_per_kwh"
    if plant.site.site_id and line not in assumptions.overridden:
        return site_named(plant.site.site_id).carbon_g_kwh / 1000.0
    return assumptions.value(line)


def _embodied(
    plant: Plant, year: PlantYear, hall_area_m2: float, assumptions: Assumptions
) -> Embodied:
    value = assumptions.value
    gpus = float(plant.racks.gpu_count.sum())
    items = (
        ("IT", gpus, "carbon.embodied_gpu_kg", "carbon.it_life_years"),
        ("Shell", hall_area_m2, "carbon.embodied_shell_kg_m2",
         "carbon.shell_life_years"),
        ("Mechanical and electrical", float(year.site_kw.max()), "carbon.embodied_plant_kg_kw",
         "carbon.plant_life_years"),
    )  # fmt: skip
    return embodied_carbon(
        EmbodiedItem(name=name, amount=amount, kg_per_unit=value(factor), life_years=value(life))
        for name, amount, factor, life in items
    )


def _duration(values: Floats) -> list[float]:
    falling: list[float] = np.quantile(values, np.linspace(1.0, 0.0, DURATION_POINTS)).tolist()
    return falling


def _plain(row: Any) -> dict[str, Any]:
    return {
        name: number(value) if isinstance(value, float) else value
        for name in row.__dataclass_fields__
        for value in (getattr(row, name),)
    }


def _working(
    plant: Plant, year: PlantYear, assumptions: Assumptions, intensity: float
) -> tuple[Working, ...]:
    weather = year.weather
    hours = stated("weather", f"{weather.name}, {len(weather):,} hours")
    warming = stated("warming", weather.warming_k, "K")
    it = computed("IT energy", year.it_kw * year.hours / 1000.0, "MWh")
    site = computed("site energy", float(year.site_kw.sum()) / 1000.0, "MWh")
    water = computed("water", float(year.water_l.sum()) / LITRES_PER_M3, "m3")
    grid = stated("carbon of the grid", intensity, "kg/kWh")
    reuse = cited(assumptions, "energy.heat_reuse_fraction")
    figures = (
        ("year.totals.pue", "PUE-YEAR", "sum of site energy / sum of IT energy",
         "engine.energy.metrics.power_usage_effectiveness", "ISO/IEC 30134-2:2016, cl. 5",
         (site, it, hours, warming)),
        ("year.totals.wue_l_per_kwh", "WUE-YEAR", "sum of make-up water / sum of IT energy",
         "engine.energy.metrics.water_usage_effectiveness", "ISO/IEC 30134-9", (water, it)),
        ("year.totals.cue_kg_per_kwh", "CUE-YEAR", "site energy x carbon intensity / IT energy",
         "engine.energy.metrics.carbon_usage_effectiveness", "ISO/IEC 30134-8", (site, it, grid)),
        ("year.totals.ere", "ERE-YEAR", "(1 - reused energy / site energy) x PUE",
         "engine.energy.metrics.energy_reuse_effectiveness", "ISO/IEC 30134-6", (site, *reuse)),
        ("year.totals.cooling_ppue", "PPUE-COOLING", "1 + energy of cooling / IT energy",
         "engine.energy.metrics.partial_pue", "ISO/IEC 30134-2:2016, annex C",
         (computed("cooling energy", float(year.cooling_kw.sum()) / 1000.0, "MWh"), it)),
        ("year.totals.ref", "REF-YEAR", "renewable energy / site energy, 1 at most",
         "engine.energy.metrics.renewable_energy_factor", "ISO/IEC 30134-3:2016",
         (site, *cited(assumptions, "energy.renewable_fraction"))),
        ("year.totals.refrigerant_t", "CO2-LEAK", "charge x warming potential x leak of a year",
         "engine.energy.carbon.refrigerant_carbon_kg", "Definition",
         cited(assumptions, "carbon.refrigerant_kg_per_kw", "carbon.refrigerant_gwp",
               "carbon.refrigerant_leak_fraction")),
        ("year.totals.fuel_t", "CO2-FUEL", "hours of tests x highest site power x fuel x 2.68 kg/L",
         "engine.energy.carbon.fuel_carbon_kg", "Definition",
         cited(assumptions, "carbon.generator_test_h", "standby.fuel_l_per_kwh")),
        ("year.totals.free_hours", "FREE-HOURS",
         "hours in which (return - reach) / (return - set-point) is at least 1, both circuits",
         "engine.cooling.economizer.economizer_hours", "Definition", (hours,)),
        ("year.totals.tue", "TUE-YEAR", "PUE x energy into the IT / energy into its chips",
         "engine.energy.metrics.total_usage_effectiveness", "Patterson et al., ISC 2013",
         (*cited(assumptions, "energy.compute_fraction"),)),
        ("year.totals.embodied_t", "CO2-BUILT", "GPUs, area of halls and site power x factors",
         "engine.energy.carbon.embodied_carbon", "EN 15978:2011",
         (stated("GPUs", int(plant.racks.gpu_count.sum())),
          *cited(assumptions, "carbon.embodied_gpu_kg", "carbon.embodied_shell_kg_m2",
                 "carbon.embodied_plant_kg_kw"))),
    )  # fmt: skip
    return tuple(
        Working(
            figure=figure,
            formula_id=formula_id,
            formula=formula,
            function=function,
            reference=reference,
            inputs=inputs,
        )
        for figure, formula_id, formula, function, reference, inputs in figures
    )
