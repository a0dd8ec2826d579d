"""What stands by: generators at the site's height and heat, their fuel, and batteries."""

from dataclasses import dataclass

import numpy as np

from engine.assumptions import Assumptions
from engine.cooling.design_day import DesignDay
from engine.plant import Floats, Ints, PowerNodes
from engine.power.batteries import ride_through_s
from engine.power.generators import derating_by_rule, fuel_run_time_h, generator_limits

LIMITS = ("rating", "mean_load", "step", "least_load")


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteFactor:
    """Share of its rating that a generator gives at a site."""

    factor: float
    elevation_m: float
    intake_c: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sets:
    """Generators at their site, one entry each."""

    rating_kw: Floats
    site_kw: Floats
    load_kw: Floats
    run_h: Floats
    tank_l: Floats
    kept: tuple[tuple[str, bool], ...]  # limits of use, and whether every set keeps them


@dataclass(frozen=True, slots=True, kw_only=True)
class Batteries:
    """Ride-through of UPSs, one entry each."""

    rating_kw: Floats
    energy_kwh: Floats
    normal_kw: Floats
    worst_kw: Floats
    normal_s: Floats  # -1 without load
    worst_s: Floats


def site_factor(day: DesignDay, assumptions: Assumptions) -> SiteFactor:
    """Share of its rating that a generator gives at the site's height and design heat.

    Raises
    ------
    OutOfRange
        If the site is higher or hotter than the rule reaches.

    Notes
    -----
    Definition. `engine.power.generators.derating_by_rule` with the lines ``standby.*``; the intake
    air is the dry bulb of the design day, warmed by what is drawn back in.
    """
    value = assumptions.value
    intake = day.weather.dry_bulb_c + value("rejection.recirculation_k")
    factor = derating_by_rule(
        day.elevation_m,
        intake,
        per_500_m=value("standby.altitude_share_per_500m"),
        above_m=value("standby.altitude_free_m"),
        per_5_k=value("standby.heat_share_per_5k"),
        above_c=value("standby.heat_free_c"),
    )
    return SiteFactor(factor=float(factor), elevation_m=day.elevation_m, intake_c=intake)


def generator_sets(
    rating_kw: Floats, load_kw: Floats, site: SiteFactor, assumptions: Assumptions
) -> Sets:
    """Generators under the load of an outage.

    Parameters
    ----------
    rating_kw : array, shape (n,)
        Of each set at sea level and moderate heat, > 0. [kW]
    load_kw : array, shape (n,)
        Load over an outage, >= 0. [kW]
    site : SiteFactor
        What is left of the rating.
    assumptions : Assumptions
        Lines ``standby.*``.

    Returns
    -------
    Sets
        Run time, 0 without load, and the limits of use.

    Raises
    ------
    OutOfRange
        If a figure is out of its range, or nothing is left of the rating.

    Notes
    -----
    Definition. See `engine.power.generators`; a set takes its load at once. A data centre rating
    has no limit of the mean load.
    """
    value = assumptions.value
    at_site = rating_kw * site.factor
    tank = rating_kw * value("standby.tank_l_per_kw")
    loaded = load_kw > 0.0
    run = np.zeros(len(rating_kw))
    run[loaded] = fuel_run_time_h(
        tank[loaded],
        load_kw[loaded],
        l_per_kwh=value("standby.fuel_l_per_kwh"),
        usable_fraction=value("standby.tank_usable_fraction"),
    )
    kept = generator_limits(
        load_kw,
        load_kw,
        at_site,
        step_fraction=value("standby.step_fraction"),
        least_fraction=value("standby.least_fraction"),
    )
    return Sets(
        rating_kw=rating_kw,
        site_kw=at_site,
        load_kw=load_kw,
        run_h=run,
        tank_l=tank,
        kept=tuple((name, bool(kept[name].all())) for name in LIMITS),
    )


def batteries(
    nodes: PowerNodes, rows: Ints, normal_kw: Floats, worst_kw: Floats, assumptions: Assumptions
) -> Batteries:
    """How long the batteries of UPSs carry them.

    Parameters
    ----------
    nodes : PowerNodes
        Ratings.
    rows : array of int, shape (n,)
        Which of them are UPSs with a rating.
    normal_kw, worst_kw : array, shape (n,)
        Load normally, and with the other side lost. [kW]
    assumptions : Assumptions
        Lines ``standby.battery_*``.

    Returns
    -------
    Batteries
        Seconds at either load.

    Raises
    ------
    OutOfRange
        If a figure is out of its range.

    Notes
    -----
    Definition. See `engine.power.batteries.ride_through_s`. The energy holds at the full rating.
    """
    value = assumptions.value
    rating = nodes.rating_kw[rows]
    energy = rating * value("standby.battery_kwh_per_kw")

    def seconds(load: Floats) -> Floats:
        found = np.full(len(load), -1.0)
        carries = load > 0.0
        found[carries] = ride_through_s(
            energy[carries],
            load[carries],
            usable_fraction=value("standby.battery_usable_fraction"),
            efficiency=value("standby.battery_efficiency"),
            rated_load_kw=rating[carries],
            peukert=value("standby.battery_peukert"),
        )
        return found

    return Batteries(
        rating_kw=rating,
        energy_kwh=energy,
        normal_kw=normal_kw,
        worst_kw=worst_kw,
        normal_s=seconds(normal_kw),
        worst_s=seconds(worst_kw),
    )
