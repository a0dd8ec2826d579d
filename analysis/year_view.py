"""What the page of the year prints, from a stored answer: pure, and all in words."""

from collections.abc import Mapping
from typing import Any

from analysis import year_charts
from analysis.figures import number

Figure = dict[str, str]

# Label, path, decimals, unit.
TOTALS = (
    ("PUE of the year", "pue", 3, ""),
    ("PUE on the design day", "design_day_pue", 3, ""),
    ("Highest hourly PUE", "peak_pue", 3, ""),
    ("WUE", "wue_l_per_kwh", 3, "L/kWh"),
    ("WUE with the grid's water", "wue_source_l_per_kwh", 2, "L/kWh"),
    ("CUE", "cue_kg_per_kwh", 3, "kg/kWh"),
    ("Cooling alone, pPUE", "cooling_ppue", 3, ""),
    ("Electrical losses alone, pPUE", "loss_ppue", 3, ""),
    ("DCiE", "dcie", 3, ""),
    ("Renewable energy factor", "ref", 3, ""),
    ("Energy reuse factor", "erf", 3, ""),
    ("Heat given away", "reused_mwh", 0, "MWh"),
    ("ERE", "ere", 3, ""),
    ("TUE", "tue", 3, ""),
    ("Site energy", "site_mwh", 0, "MWh"),
    ("IT energy", "it_mwh", 0, "MWh"),
    ("Highest site power", "peak_site_kw", 0, "kW"),
    ("Water", "water_m3", 0, "m³"),
    ("Carbon of operation, by the grid", "carbon_t", 0, "t"),
    ("Carbon of operation, by contracts", "carbon_market_t", 0, "t"),
    ("Refrigerant that leaks", "refrigerant_t", 1, "t a year"),
    ("Fuel of generator tests", "fuel_t", 1, "t a year"),
    ("Carbon built in", "embodied_t", 0, "t"),
    ("Carbon built in, by year of life", "embodied_t_per_year", 0, "t"),
    ("Hours without a chiller, facility water", "fws_free_hours", 0, "h"),
    ("Hours without a chiller, both circuits", "free_hours", 0, "h"),
    ("Hours with some chiller", "partial_hours", 0, "h"),
    ("Hours with chillers only", "mechanical_hours", 0, "h"),
)
# Nothing leaks and nothing is burnt where nothing is drawn that could.
WHERE_DRAWN = frozenset({"refrigerant_t", "fuel_t", "reused_mwh"})
DESIGN = (
    ("Dry bulb, 0.4 %", "dry_bulb_c"),
    ("its mean wet bulb", "coincident_wet_bulb_c"),
    ("Wet bulb, 0.4 %", "wet_bulb_c"),
    ("Mean dry bulb", "mean_dry_bulb_c"),
    ("Hottest hour in 20 years", "extreme_20_years_c"),
    ("in 50 years", "extreme_50_years_c"),
)
RANGES = (
    ("PUE", "pue", 4, ""),
    ("WUE", "wue_l_per_kwh", 3, "L/kWh"),
    ("Site energy", "site_mwh", 0, "MWh"),
    ("Chiller energy", "chiller_mwh", 0, "MWh"),
)


def totals(year: Mapping[str, Any]) -> list[Figure]:
    """The sums and ratios of the year as label, text and unit."""
    found = year["totals"]
    figures = [
        {"label": label, "text": number(found[key], places), "unit": unit}
        for label, key, places, unit in TOTALS
        if found.get(key) is not None and (found[key] or key not in WHERE_DRAWN)
    ]
    classes = (("Facility water", "water_class"), ("Coolant to racks", "coolant_class"))
    return [
        *figures,
        *(
            {"label": label, "text": found[key], "unit": ""}
            for label, key in classes
            if key in found
        ),
    ]


def design_figures(year: Mapping[str, Any]) -> list[Figure]:
    """The design conditions of the weather as label, text and unit."""
    found = year["weather"]["design"]
    return [{"label": label, "text": number(found[key], 1), "unit": "°C"} for label, key in DESIGN]


def month_rows(year: Mapping[str, Any]) -> list[dict[str, str]]:
    """One row per month."""
    return [
        {
            "name": month["name"],
            "dry_bulb": number(month["mean_dry_bulb_c"], 1),
            "pue": number(month["pue"], 3),
            "wue": number(month["wue_l_per_kwh"], 3),
            "cue": number(month["cue_kg_per_kwh"], 3),
            "free": number(month["free_hours"]),
            "partial": number(month["partial_hours"]),
            "mechanical": number(month["mechanical_hours"]),
            "water": number(month["water_m3"], 0),
            "energy": number(month["site_mwh"], 0),
        }
        for month in year["months"]
    ]


def range_rows(ranges: Mapping[str, Any]) -> list[dict[str, str]]:
    """One row per figure: percentiles, and how well the samples know the middle one."""
    return [
        {
            "label": label,
            "unit": unit,
            **{
                each: number(ranges[key][each], places)
                for each in ("p5", "p10", "p50", "p90", "p95")
            },
            "error": number(ranges[key]["errors"]["p50"], places + 1),
        }
        for label, key, places, unit in RANGES
    ]


def charts(year: Mapping[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    """Id, title and specification of each chart, maps first."""
    has_water = year["totals"]["water_m3"] > 0.0
    found = [
        ("chart-map", "PUE in every hour: days across, hours up", year_charts.pue_map(year)),
        ("chart-free", "Cooling without a chiller in every hour", year_charts.free_map(year)),
        ("chart-duration", "PUE by the hours at or above it", year_charts.duration(year)),
        ("chart-temperatures", "Temperatures by the hours", year_charts.temperatures(year)),
        ("chart-hours", "Hours of free cooling by month", year_charts.months_hours(year)),
        ("chart-pue", "PUE by month",
         year_charts.months_bars(year, "pue", "PUE", above_one=True)),
        ("chart-cue", "CUE by month",
         year_charts.months_bars(year, "cue_kg_per_kwh", "kg/kWh")),
    ]  # fmt: skip
    if has_water:
        found += [
            ("chart-wue", "WUE by month", year_charts.months_bars(year, "wue_l_per_kwh", "L/kWh")),
            ("chart-water", "Water by month", year_charts.months_bars(year, "water_m3", "m³")),
        ]
    return found
