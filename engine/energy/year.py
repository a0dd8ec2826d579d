"""A plant in every hour of a year: power, water and free cooling as the weather changes."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from engine.assumptions import Assumptions
from engine.climate.weather import WeatherYear
from engine.cooling.design_day import design_day
from engine.cooling.rejection import Rejected, at_weather
from engine.energy.facility import SiteLoads, site_loads
from engine.errors import OutOfRange
from engine.evaluation import CoolingResult, PowerResult
from engine.plant import Floats, Plant
from engine.power.flow import Mechanical, Supply, total_loss_kw
from engine.rules import RuleSet

SETTLED: Final = 1e-9  # of the site's power
MAX_ROUNDS: Final = 50


class YearNotSettled(OutOfRange):
    """Losses and cooling feed each other without end in some hour."""

    code = "year-not-settled"
    title = "Power and cooling do not settle in some hour"


@dataclass(frozen=True, slots=True, kw_only=True)
class YearModel:
    """What a year needs to know of a plant: everything but the weather."""

    it_kw: float
    loads: SiteLoads
    loss_kw: float  # on the design day
    loss_curve: tuple[float, float, float]  # of the power of cooling and the rest, in kW
    drawn_kw: float  # CDU pumps and air handlers: on nodes of their own, the same in any weather
    liquid_kw: float  # heat that leaves in liquid

    def loss_at(self, plant_kw: Floats) -> Floats:
        """Electrical losses with so much power beside the racks. [kW]"""
        a, b, c = self.loss_curve
        return np.asarray(a + plant_kw * (b + plant_kw * c))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlantYear:
    """A plant hour by hour. Arrays have one value per hour of the weather."""

    weather: WeatherYear
    it_kw: float
    liquid_kw: float
    pump_kw: float
    fan_kw: float
    other_kw: float
    loss_kw: Floats
    heat_rejection_kw: Floats
    chiller_kw: Floats
    site_kw: Floats
    water_l: Floats
    free_share: Floats  # of the heat of both circuits
    fws_free_share: Floats
    fws_set_c: float
    fws_reach_c: Floats
    chiller_outside_fit: int  # hours in which a fitted chiller was held at the edge of its fit

    @property
    def hours(self) -> int:
        """Hours of the year."""
        return len(self.site_kw)

    @property
    def cooling_kw(self) -> Floats:
        """Pumps, fans, heat rejection and chillers."""
        return self.pump_kw + self.fan_kw + self.heat_rejection_kw + self.chiller_kw

    @property
    def pue(self) -> Floats:
        """Site over IT power in each hour, to look at; the year's PUE is a ratio of sums."""
        return self.site_kw / self.it_kw


def year_model(
    plant: Plant,
    rules: RuleSet,
    assumptions: Assumptions,
    settled: tuple[PowerResult, CoolingResult, Mechanical],
) -> YearModel:
    """What the year needs to know of a plant at work.

    Parameters
    ----------
    plant : Plant
        The design.
    rules : RuleSet
        As for `engine.operation.operate`.
    assumptions : Assumptions
        As for `engine.operation.operate`.
    settled : tuple of PowerResult, CoolingResult and Mechanical
        The plant on its design day: racks and set-points are the same all year.

    Returns
    -------
    YearModel
        Heat of the water circuits, and losses as a curve.

    Raises
    ------
    OutOfRange
        If there is no IT load: nothing can be set in relation to it.

    Notes
    -----
    Definition. Losses are computed exactly at no, the design day's and twice its cooling power;
    the parabola through the three stands for the supply tree in every other hour.
    """
    power, cooling, mechanical = settled
    if power.it_kw <= 0.0:
        raise OutOfRange("A year needs an IT load: place racks with a power.", quantity="it_kw")
    supply = Supply(plant, rules, assumptions)
    plant_kw = max(mechanical.plant_kw, 1e-3 * power.it_kw)
    beside = np.array([0.0, plant_kw, 2.0 * plant_kw])
    losses = np.array(
        [
            total_loss_kw(supply.chain(replace(mechanical, plant_kw=each)))
            for each in beside.tolist()
        ]
    )
    c = (losses[2] - 2.0 * losses[1] + losses[0]) / (2.0 * plant_kw**2)
    b = (losses[1] - losses[0]) / plant_kw - c * plant_kw
    return YearModel(
        it_kw=power.it_kw,
        loads=site_loads(plant, power, cooling, assumptions, design_day(plant, assumptions)),
        loss_kw=power.loss_kw,
        loss_curve=(float(losses[0]), float(b), float(c)),
        drawn_kw=float(mechanical.cdu_kw.sum() + mechanical.fan_kw.sum()),
        liquid_kw=cooling.liquid_kw,
    )


def plant_year(model: YearModel, weather: WeatherYear) -> PlantYear:
    """Every hour of a year.

    Parameters
    ----------
    model : YearModel
        The plant.
    weather : WeatherYear
        8,760 or 8,784 hours.

    Returns
    -------
    PlantYear
        On the design day's weather it gives the design day's power.

    Raises
    ------
    YearNotSettled
        If losses and cooling do not agree within 50 rounds.

    Notes
    -----
    Definition. In each hour the losses inside the rooms are heat to the coils, and the cooling
    is a load on the supply: repeated until both agree within 1e-9 of the site's power. What the
    coils' machines draw goes with their heat, which moves by about a percent. The IT load is
    the same in every hour.
    """
    loads = model.loads
    steady = loads.pump_kw + loads.fan_kw + loads.other_kw
    outdoor = (weather.dry_bulb_c, weather.wet_bulb_c)
    fws, coils = at_weather(loads.fws, *outdoor), at_weather(loads.coils, *outdoor)
    coil_kw = coils.fan_kw + coils.chiller_kw
    other_kw = steady + fws.fan_kw + fws.chiller_kw - model.drawn_kw
    loss = np.full(len(weather), model.loss_kw)
    for _ in range(MAX_ROUNDS):
        after = model.loss_at(other_kw + coil_kw * _coil_load(model, loss))
        change = float(np.abs(after - loss).max())
        loss = after
        if change <= SETTLED * model.it_kw:
            return _year(model, weather, loss, (fws, coils))
    raise YearNotSettled("Losses and cooling feed each other without end.", rounds=MAX_ROUNDS)


def _coil_load(model: YearModel, loss: Floats) -> Floats:
    """Heat to the coils over that of the design day."""
    loads = model.loads
    design = float(loads.coils.heat_kw)
    if design <= 0.0:
        return np.ones_like(loss)
    return np.maximum(1.0 + (loss - model.loss_kw) * loads.loss_to_room / design, 0.0)


def _year(
    model: YearModel, weather: WeatherYear, loss: Floats, circuits: tuple[Rejected, Rejected]
) -> PlantYear:
    loads, (fws, coils) = model.loads, circuits
    load = _coil_load(model, loss)
    rejection = fws.fan_kw + coils.fan_kw * load
    chiller = fws.chiller_kw + coils.chiller_kw * load
    heat = fws.heat_kw + coils.heat_kw * load
    free = fws.free_kw + coils.free_kw * load
    return PlantYear(
        weather=weather,
        it_kw=model.it_kw,
        liquid_kw=model.liquid_kw,
        pump_kw=loads.pump_kw,
        fan_kw=loads.fan_kw,
        other_kw=loads.other_kw,
        loss_kw=loss,
        heat_rejection_kw=rejection,
        chiller_kw=chiller,
        site_kw=model.it_kw
        + loss
        + loads.pump_kw
        + loads.fan_kw
        + loads.other_kw
        + rejection
        + chiller,
        water_l=fws.water_l_per_h + coils.water_l_per_h * load,
        free_share=np.divide(free, heat, out=np.ones_like(free), where=heat > 0.0),
        fws_free_share=fws.free_share,
        fws_set_c=float(loads.fws.set_c),
        fws_reach_c=fws.reach_c,
        chiller_outside_fit=int(np.count_nonzero(fws.outside_fit | coils.outside_fit)),
    )
