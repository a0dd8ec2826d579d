"""What a coolant loop holds, the vessel that takes its expansion, and the head at its pumps."""

from dataclasses import dataclass

import numpy as np

from engine.assumptions import Assumptions
from engine.climate.psychrometrics import saturation_pressure_pa
from engine.cooling.coolants import MAX_C, MIN_C, CoolantName, coolant_at
from engine.hydraulics.inventory import expansion_vessel_m3
from engine.hydraulics.pumps import net_positive_suction_head_m

LITRES_PER_M3 = 1000.0
PA_PER_KPA = 1000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """A loop as it is filled."""

    litres: float
    vessel_litres: float
    npsh_m: float


def filling(
    name: CoolantName,
    *,
    pipe_litres: float,
    heat_kw: float,
    return_c: float,
    assumptions: Assumptions,
) -> Filling:
    """Content, expansion vessel and available suction head of one loop.

    Parameters
    ----------
    name : {"pg25_volume", "pg25_mass", "water"}
        Liquid.
    pipe_litres : float
        What the pipes hold, >= 0. [L]
    heat_kw : float
        Heat of the loop, which sizes its cold plates and manifolds, >= 0. [kW]
    return_c : float
        Warmest liquid in it. [°C]
    assumptions : Assumptions
        Lines ``tcs.fill_*``, ``tcs.highest_kpa`` and ``transient.plate_litres_per_kw``.

    Returns
    -------
    Filling
        Litres, and the head above boiling where the vessel joins, at the pumps' inlet.

    Raises
    ------
    OutOfRange
        If the highest pressure does not lie above that of filling.

    Notes
    -----
    Definition. Filled cold, the liquid swells on its way to the return temperature. It boils at
    the vapour pressure of water at most: glycol only lowers it.
    """
    value = assumptions.value
    litres = pipe_litres + value("transient.plate_litres_per_kw") * heat_kw
    cold_c = value("tcs.fill_c")
    warm_c = float(np.clip(return_c, max(cold_c, MIN_C), MAX_C))
    cold, warm = coolant_at(name, cold_c), coolant_at(name, warm_c)
    fill_pa = value("tcs.fill_kpa") * PA_PER_KPA
    vessel = expansion_vessel_m3(
        litres / LITRES_PER_M3,
        cold.density_kg_m3,
        min(warm.density_kg_m3, cold.density_kg_m3),
        fill_pa,
        value("tcs.highest_kpa") * PA_PER_KPA,
    )
    boils_pa = float(saturation_pressure_pa(warm_c))
    return Filling(
        litres=litres,
        vessel_litres=vessel * LITRES_PER_M3,
        npsh_m=net_positive_suction_head_m(fill_pa, boils_pa, warm.density_kg_m3),
    )
