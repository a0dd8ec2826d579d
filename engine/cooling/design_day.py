"""The hour that the plant is sized for: outdoor air and height of the site."""

from dataclasses import dataclass, replace

from engine.assumptions import Assumptions
from engine.cooling.rejection import Weather
from engine.evaluation import Input
from engine.plant import Plant
from engine.provenance import cited
from engine.tables import site_named


@dataclass(frozen=True, slots=True, kw_only=True)
class DesignDay:
    """Weather and height at the site's design hour, with their sources."""

    weather: Weather
    elevation_m: float
    inputs: tuple[Input, ...]


def design_day(plant: Plant, assumptions: Assumptions) -> DesignDay:
    """Outdoor air that the plant is sized for.

    Parameters
    ----------
    plant : Plant
        Site, when one is chosen.
    assumptions : Assumptions
        Lines ``site.*``, used until a site is chosen or when the design overrides them.

    Returns
    -------
    DesignDay
        Dry and wet bulb exceeded 0.4 % of the year, and the height.

    Raises
    ------
    UnknownSite
        If the site is not in the table.

    Notes
    -----
    Definition. An overridden line wins over the table of sites.
    """
    site_id = plant.site.site_id
    lines = ("site.dry_bulb_design_c", "site.wet_bulb_design_c", "site.elevation_m")
    values = [assumptions.value(line) for line in lines]
    inputs = list(cited(assumptions, *lines))
    if site_id:
        site = site_named(site_id)
        of_site = (site.dry_bulb_design_c, site.wet_bulb_design_c, site.elevation_m)
        for i, line in enumerate(lines):
            if line not in assumptions.overridden:
                values[i] = of_site[i]
                inputs[i] = Input(
                    name=f"{site.name}, {line.removeprefix('site.')}",
                    value=of_site[i],
                    unit=assumptions[line].unit,
                    source=site.climate_source,
                    confidence=site.climate_confidence,
                )
    return DesignDay(
        weather=Weather(dry_bulb_c=values[0], wet_bulb_c=values[1]),
        elevation_m=values[2],
        inputs=tuple(inputs),
    )


def mean_day(plant: Plant, assumptions: Assumptions) -> DesignDay:
    """Outdoor air at the mean of the year, for yearly energy until every hour is run.

    Parameters
    ----------
    plant : Plant
        Site, when one is chosen.
    assumptions : Assumptions
        Lines ``site.*``.

    Returns
    -------
    DesignDay
        Mean dry bulb; wet bulb below it by half the depression of the design day.

    Raises
    ------
    UnknownSite
        If the site is not in the table.

    Notes
    -----
    Definition. Fans and chillers rise faster than linearly with temperature, so this
    is a little below the mean over hours.
    """
    line = "site.dry_bulb_mean_c"
    design = design_day(plant, assumptions)
    mean, source = assumptions.value(line), cited(assumptions, line)[0]
    if plant.site.site_id and line not in assumptions.overridden:
        site = site_named(plant.site.site_id)
        mean = site.dry_bulb_mean_c
        source = replace(
            source,
            value=mean,
            source=site.climate_source,
            confidence=site.climate_confidence,
        )
    depression = design.weather.dry_bulb_c - design.weather.wet_bulb_c
    return DesignDay(
        weather=Weather(dry_bulb_c=mean, wet_bulb_c=mean - depression / 2.0),
        elevation_m=design.elevation_m,
        inputs=(source,),
    )
