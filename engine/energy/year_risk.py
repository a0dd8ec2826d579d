"""How sure the year is: samples of what is not known, through every hour."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from engine.assumptions import Assumptions
from engine.cooling.rejection import Circuit
from engine.energy.year import PlantYear, YearModel
from engine.energy.year_kernel import CircuitSums, Hours, Samples, circuit_sums, hours_of
from engine.errors import OutOfRange
from engine.plain import number
from engine.plant import Floats
from engine.risk.distributions import Distribution, Normal, Triangular
from engine.risk.sampling import Group, sample
from engine.risk.summary import Summary, contributors, summarise

BIN_K: Final = 0.25
BLOCK: Final = 1000  # samples between two reports of progress
PURPOSE: Final = "year"
LEAST_FACTOR: Final = 0.05  # a factor about 1 never reaches 0
LABELS: Final = {
    "rack power": "risk.rack_power_sd",
    "electrical losses": "risk.loss_sd",
    "chiller COP": "risk.cop_sd",
    "cooler approach": "risk.approach_sd",
    "fan efficiency": "risk.fan_pump_sd",
    "pump efficiency": "risk.fan_pump_sd",
    "weather of the year": "climate.year_to_year_k",
}
SAME_DRIVES: Final = Group(
    name="fans and pumps", members=("fan efficiency", "pump efficiency"), correlation=0.5
)

Progress = Callable[[float], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class YearRisk:
    """The year's figures as ranges, and what the ranges come from."""

    samples: int
    pue: Summary
    wue_l_per_kwh: Summary
    site_mwh: Summary
    chiller_mwh: Summary
    contributors: dict[str, float]  # of the spread of PUE

    def to_json(self) -> dict[str, Any]:
        """The ranges as plain JSON values."""
        return {
            "reason": None,
            "samples": self.samples,
            **{
                name: _plain(getattr(self, name))
                for name in ("pue", "wue_l_per_kwh", "site_mwh", "chiller_mwh")
            },
            "contributors": [
                {"name": name, "share": number(share)} for name, share in self.contributors.items()
            ],
        }


def inputs_of(assumptions: Assumptions) -> dict[str, Distribution]:
    """What is uncertain about a year, as factors about 1, and the warmth of the year in kelvin.

    Parameters
    ----------
    assumptions : Assumptions
        Lines ``risk.*``, ``climate.year_to_year_k`` and ``rejection.cycles_of_concentration``.

    Returns
    -------
    dict of str to Distribution
        Normal about 1, except for the weather (about 0 K) and the cycles of concentration
        (triangular in the range of their line).

    Raises
    ------
    UnknownAssumption
        If a line is missing.

    Notes
    -----
    Definition.
    """
    found: dict[str, Distribution] = {
        name: Normal(0.0 if name == "weather of the year" else 1.0, assumptions.value(line))
        for name, line in LABELS.items()
    }
    cycles = assumptions["rejection.cycles_of_concentration"]
    if cycles.low is not None and cycles.high is not None and cycles.confidence != "user":
        found["cycles of concentration"] = Triangular(cycles.low, cycles.value, cycles.high)
    return found


def year_risk(
    model: YearModel,
    year: PlantYear,
    assumptions: Assumptions,
    *,
    count: int,
    on_progress: Progress | None = None,
) -> YearRisk:
    """Ranges of a year's figures.

    Parameters
    ----------
    model : YearModel
        The plant.
    year : PlantYear
        Its nominal year.
    assumptions : Assumptions
        Lines ``risk.*``.
    count : int
        Samples, 2 to 1,000,000. The same ones for every design, so that designs compare.
    on_progress : callable or None
        Told the share done after each thousand samples; may raise to stop.

    Returns
    -------
    YearRisk
        Percentiles with standard errors, and the five greatest contributors to PUE.

    Raises
    ------
    OutOfRange
        If there are too few or too many samples.

    Notes
    -----
    Definition. Latin hypercube samples with a common seed. Each circuit runs through the year in
    bins of 0.25 K of entering air, set so that the sample without deviations gives the nominal
    year. Losses follow the cooling by their slope at the year's mean.
    """
    if count < 2:
        raise OutOfRange("Ranges need at least two samples.", quantity="count")
    drawn = sample(inputs_of(assumptions), purpose=PURPOSE, count=count, groups=[SAME_DRIVES])
    factors = {
        name: values if name == "weather of the year" else np.maximum(values, LEAST_FACTOR)
        for name, values in drawn.items()
    }
    parts = [sampled_figures(model, year, part) for part in _parts(factors, count, on_progress)]
    figures = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return YearRisk(
        samples=count,
        pue=summarise(figures["pue"]),
        wue_l_per_kwh=summarise(figures["wue_l_per_kwh"]),
        site_mwh=summarise(figures["site_mwh"]),
        chiller_mwh=summarise(figures["chiller_mwh"]),
        contributors=contributors(factors, figures["pue"]),
    )


def _parts(
    factors: dict[str, Floats], count: int, on_progress: Progress | None
) -> Iterator[dict[str, Floats]]:
    for start in range(0, count, BLOCK):
        yield {name: values[start : start + BLOCK] for name, values in factors.items()}
        if on_progress is not None:
            on_progress(min(start + BLOCK, count) / count)


def sampled_figures(
    model: YearModel, year: PlantYear, f: Mapping[str, Floats]
) -> dict[str, Floats]:
    """Figures of some samples, as the nominal year plus what their factors change.

    Parameters
    ----------
    model : YearModel
        The plant.
    year : PlantYear
        Its nominal year.
    f : mapping of str to array, shape (n,)
        Factors by the names of `inputs_of`. [1, K for the weather]

    Returns
    -------
    dict of str to array, shape (n,)
        ``pue``, ``wue_l_per_kwh``, ``site_mwh`` and ``chiller_mwh``.

    Notes
    -----
    Definition. See `year_risk`.
    """
    loads, hours = model.loads, year.hours
    same = np.ones(1)
    size = len(f["rack power"])
    samples = Samples(
        heat=f["rack power"],
        approach=f["cooler approach"],
        fan=1.0 / f["fan efficiency"],
        chiller_input=1.0 / f["chiller COP"],
        warmer_k=f["weather of the year"],
    )
    nominal = Samples(heat=same, approach=same, fan=same, chiller_input=same, warmer_k=0.0 * same)
    cycles = float(loads.fws.cycles)
    litres = 3600.0 / loads.fws.latent_heat_kj_kg
    machines, chillers, water = np.zeros(size), np.zeros(size), np.zeros(size)
    at_nominal = np.zeros(2)
    coil_load = 1.0 + (float(year.loss_kw.mean()) - model.loss_kw) * loads.loss_to_room / max(
        float(loads.coils.heat_kw), 1e-9
    )
    for circuit, load in ((loads.fws, 1.0), (loads.coils, coil_load)):
        air = _air(circuit, year)
        found, base = (circuit_sums(circuit, air, each) for each in (samples, nominal))
        machines += load * (found.fan_kwh + found.chiller_kwh)
        chillers += load * found.chiller_kwh
        water += load * _litres(found, litres, f.get("cycles of concentration", same * cycles))
        at_nominal += load * np.array(
            [float(base.fan_kwh[0] + base.chiller_kwh[0]), float(_litres(base, litres, cycles)[0])]
        )
    nominal_machines = float((year.heat_rejection_kw + year.chiller_kw).sum())
    # Bins and one mean load stand for the hours: the difference at the middle is taken off.
    machines += nominal_machines - at_nominal[0]
    water *= float(year.water_l.sum()) / at_nominal[1] if at_nominal[1] > 0.0 else 1.0
    it_kwh = model.it_kw * hours * f["rack power"]
    pumps, fans = loads.pump_kw / f["pump efficiency"], loads.fan_kw / f["fan efficiency"]
    steady = hours * f["rack power"] * (pumps + fans + loads.other_kw)
    before = hours * (loads.pump_kw + loads.fan_kw + loads.other_kw) + nominal_machines
    slope = _loss_slope(model, before / hours - model.drawn_kw)
    loss = f["electrical losses"] * (
        float(year.loss_kw.sum()) * f["rack power"]
        + slope * (steady + machines - before * f["rack power"])
    )
    site = it_kwh + loss + steady + machines
    return {
        "pue": site / it_kwh,
        "wue_l_per_kwh": water / it_kwh,
        "site_mwh": site / 1000.0,
        "chiller_mwh": chillers / 1000.0,
    }


def _loss_slope(model: YearModel, plant_kw: float) -> float:
    _, b, c = model.loss_curve
    return b + 2.0 * c * plant_kw


def _litres(sums: CircuitSums, litres_per_kwh: float, cycles: Floats | float) -> Floats:
    return np.asarray(sums.evaporated_kwh * litres_per_kwh * (1.0 + 1.0 / (np.asarray(cycles) - 1)))


def _air(circuit: Circuit, year: PlantYear) -> Hours:
    weather = year.weather
    return hours_of(circuit, weather.dry_bulb_c, weather.wet_bulb_c, BIN_K)


def _plain(summary: Summary) -> dict[str, Any]:
    return {
        "mean": number(summary.mean),
        "mean_error": number(summary.mean_error),
        "sd": number(summary.sd),
        **{f"p{point.percent:g}": number(point.value) for point in summary.percentiles},
        "errors": {
            f"p{point.percent:g}": number(point.standard_error) for point in summary.percentiles
        },
    }
