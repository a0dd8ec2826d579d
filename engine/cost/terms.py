"""The terms of a calculation: what the design states, else its site, else the assumption lines."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from engine.assumptions import Assumptions
from engine.cost.formulas import Formula
from engine.cost.sheet import SheetBuilder
from engine.evaluation import Input
from engine.plant import Site
from engine.provenance import cited, stated
from engine.tables import country_risks, site_named

Mode = Literal["straight_line", "annuity", "levelised"]
MODE_WORDS: Final[Mapping[Mode, str]] = {
    "annuity": "annuity",
    "straight_line": "straight line",
    "levelised": "levelised over the life, today's speed kept",
}

FACTORS: Final = (
    ("slo", "Usable at peak under the latency target", "slo_fraction", "ops.peak_headroom"),
    ("derate", "Production against benchmark", "derate_fraction", "ops.bench_to_prod"),
    ("availability", "GPU-hours available", "availability_fraction", "ops.availability_fleet"),
    ("goodput", "Work neither lost nor redone", "goodput_fraction", "ops.inference_goodput"),
    ("load_factor", "Mean over peak load", "load_factor_fraction", "ops.load_factor_interactive"),
)
# Name of the factor, its words, the design's own field, the line that stands in.


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Lives and the cost of capital, as cells."""

    rate: Formula
    it_life: Formula
    network_life: Formula
    facility_life: Formula
    mode: Mode

    @property
    def with_interest(self) -> bool:
        """Whether capital costs interest: by every mode but the straight line."""
        return self.mode != "straight_line"


def terms(build: SheetBuilder, site: Site) -> Terms:
    """Add lives and the cost of capital of a design.

    Notes
    -----
    Definition. The risk of the site's country is added to the line and not to a rate that
    the design states.
    """
    own = site.finance
    if own.wacc_fraction is None:
        line = "fin.wacc_hyperscaler"
        rate = build.figure(
            "term.rate",
            "Cost of capital, real",
            "1/yr",
            "finance",
            build.line(line, "Cost of capital") + _country_risk(build, site),
        )
    else:
        rate = build.stated(
            "term.rate",
            "Cost of capital, real",
            own.wacc_fraction,
            "1/yr",
            stated("wacc_fraction", own.wacc_fraction, "1/yr"),
        )
    return Terms(
        rate=rate,
        it_life=_own(build, "term.it_life", "Life of IT", own.it_life_years, "life.it"),
        network_life=build.line("life.network", "Life of the network"),
        facility_life=_own(
            build,
            "term.facility_life",
            "Life of the facility",
            own.facility_life_years,
            "life.facility",
        ),
        mode=own.mode,
    )


def _country_risk(build: SheetBuilder, site: Site) -> Formula:
    line = "fin.country_risk"
    country = site_named(site.site_id).country if site.site_id else ""
    if line in build.assumptions.overridden or country not in country_risks():
        return build.line(line, "Country risk")
    risk, source, confidence = country_risks()[country]
    return build.stated(
        line,
        f"Country risk, {country}",
        risk,
        "1/yr",
        Input(name=line, value=risk, unit="1/yr", source=source, confidence=confidence),
    )


def _own(build: SheetBuilder, name: str, label: str, own: float | None, line: str) -> Formula:
    """A cell with the design's own value, else with that of an assumption line."""
    quantity = build.assumptions[line]
    if own is not None:
        return build.stated(
            name, label, own, quantity.unit, stated(name.removeprefix("term."), own, quantity.unit)
        )
    return build.stated(
        name,
        label,
        quantity.value,
        quantity.unit,
        cited(build.assumptions, line)[0],
        bounds=_bounds(build, line, own),
    )


def _bounds(build: SheetBuilder, line: str, own: float | None) -> tuple[float | None, float | None]:
    """The range of a line, for as long as nobody states a value of their own."""
    quantity = build.assumptions[line]
    if own is not None or quantity.confidence == "user":
        return None, None
    return quantity.low, quantity.high


def factor_cells(build: SheetBuilder, site: Site) -> dict[str, Formula]:
    """Add the factors between what the GPUs could give and what is sold, by name.

    Notes
    -----
    Definition.
    """
    cells = {}
    heat = min(site.heat_load_fraction, 1.0)
    if heat < 1.0:
        cells["heat_load"] = build.stated(
            "use.heat_load",
            "GPUs at work",
            heat,
            "fraction",
            stated("heat_load_fraction", heat),
        )
    for name, label, own_field, line in FACTORS:
        own: float | None = getattr(site.utilisation, own_field)
        cells[name] = build.stated(
            f"use.{name}",
            label,
            build.assumptions.value(line) if own is None else own,
            "fraction",
            cited(build.assumptions, line)[0] if own is None else stated(own_field, own),
            bounds=_bounds(build, line, own),
        )
    return cells


def build_usd_per_w(site: Site, assumptions: Assumptions) -> tuple[float, Input]:
    """Cost of building per watt of IT, and where it comes from.

    Notes
    -----
    Definition. An overridden line, else the site's row, else the line.
    """
    line = "fac.build_usd_per_w_it"
    if site.site_id and line not in assumptions.overridden:
        place = site_named(site.site_id)
        return place.build_usd_per_w, Input(
            name=f"{place.name}, building cost",
            value=place.build_usd_per_w,
            unit="USD/W IT",
            source=place.build_source,
            confidence=place.build_confidence,
        )
    return assumptions.value(line), cited(assumptions, line)[0]


def electricity_price(
    site: Site, assumptions: Assumptions
) -> tuple[float, Input, tuple[float | None, float | None]]:
    """Price of a kilowatt-hour, where it comes from, and its range.

    Notes
    -----
    Definition. An overridden line, else the site's row, else the line.
    """
    line = assumptions["op.elec"]
    if site.site_id and "op.elec" not in assumptions.overridden:
        place = site_named(site.site_id)
        origin = Input(
            name=f"{place.name}, electricity",
            value=place.electricity_usd_kwh,
            unit="USD/kWh",
            source=place.electricity_source,
            confidence=place.electricity_confidence,
        )
        bounds = (place.electricity_low_usd_kwh, place.electricity_high_usd_kwh)
        return place.electricity_usd_kwh, origin, bounds
    bounds_of_line = (None, None) if line.confidence == "user" else (line.low, line.high)
    return line.value, cited(assumptions, "op.elec")[0], bounds_of_line
