"""Water that evaporates, is bled off and drifts away, and the water behind the electricity."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from engine.climate.psychrometrics import within
from engine.plant import Floats

KJ_PER_KWH: Final = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class WaterUse:
    """Litres by where they go; `make_up_l` is their sum."""

    evaporation_l: Floats
    blowdown_l: Floats
    drift_l: Floats
    make_up_l: Floats


def water_use(
    heat_kwh: ArrayLike,
    *,
    latent_heat_kj_kg: float,
    cycles: float,
    evaporative_fraction: ArrayLike = 1.0,
    circulated_l: ArrayLike = 0.0,
    drift_fraction: float = 0.0,
) -> WaterUse:
    r"""Make-up of an evaporative cooler.

    Parameters
    ----------
    heat_kwh : array_like
        Heat given off, >= 0. [kWh]
    latent_heat_kj_kg : float
        Heat of vaporisation, 2,000 to 2,600. [kJ/kg]
    cycles : float
        Cycles of concentration, above 1 to 50; 3 to 6 is usual. [1]
    evaporative_fraction : array_like
        Share of the heat that leaves by evaporation, 0 to 1. [1]
    circulated_l : array_like
        Water that went round, >= 0. [L]
    drift_fraction : float
        Share of it that is carried away as drops, 0 to 0.01; 5e-6 to 2e-5 is usual. [1]

    Returns
    -------
    WaterUse
        Evaporation, blow-down, drift and their sum. [L]

    Raises
    ------
    OutOfRange
        If a number lies outside its range.

    Notes
    -----
    :math:`E = f Q/h_{fg}`, :math:`B = E/(COC - 1)`, :math:`M = E + B + D` with a litre for a
    kilogram [1]_.

    References
    ----------
    .. [1] ASHRAE Handbook, "HVAC Systems and Equipment", 2020, ch. 40, sec. "Water Treatment".
    """
    heat = within("heat_kwh", heat_kwh, 0.0, np.inf, "kWh")
    latent = float(within("latent_heat_kj_kg", latent_heat_kj_kg, 2000.0, 2600.0, "kJ/kg"))
    concentration = float(within("cycles", cycles, 1.0 + 1e-6, 50.0, "1"))
    share = within("evaporative_fraction", evaporative_fraction, 0.0, 1.0, "as a share of 1")
    around = within("circulated_l", circulated_l, 0.0, np.inf, "L")
    drifting = float(within("drift_fraction", drift_fraction, 0.0, 0.01, "as a share of 1"))
    evaporation = heat * share * KJ_PER_KWH / latent
    blowdown = evaporation / (concentration - 1.0)
    drift = around * drifting
    return WaterUse(
        evaporation_l=np.asarray(evaporation),
        blowdown_l=np.asarray(blowdown),
        drift_l=np.asarray(drift),
        make_up_l=np.asarray(evaporation + blowdown + drift),
    )
