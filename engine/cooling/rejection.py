"""From the facility water to the weather: dry coolers, pads and chillers."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from engine.assumptions import Assumptions
from engine.cooling.air import ZERO_C_IN_K
from engine.plant import HeatRejectionKind

ChillerMethod = Literal["fitted curve", "share of the reversible COP", "none"]

REFERENCE_COP: Final = 5.5
CAPACITY_BY_TEMP: Final = (0.257896, 0.0389016, -0.00021708, 0.0468684, -0.00094284, -0.00034344)
INPUT_BY_TEMP: Final = (0.933884, -0.058212, 0.00450036, 0.00243, 0.000486, -0.001215)
INPUT_BY_LOAD: Final = (0.222903, 0.313387, 0.46371)
# "DOE-2 Centrifugal/5.50COP" of the EnergyPlus data set, public domain.
LEAVING_RANGE_C: Final = (5.0, 10.0)
CONDENSER_RANGE_C: Final = (24.0, 35.0)
KWH_TO_KJ: Final = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Weather:
    """Outdoor air at the hour that is looked at."""

    dry_bulb_c: float
    wet_bulb_c: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Coolers:
    """Dry coolers of one circuit taken together."""

    capacity_kw: float
    approach_k: float  # water out less air in at full load and full fan
    fan_kw: float  # at full fan
    is_drawn: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejected:
    """How one circuit gives off its heat."""

    heat_kw: float
    free_kw: float
    mechanical_kw: float
    fan_kw: float
    chiller_kw: float
    chiller_method: ChillerMethod
    reach_c: float  # water that the coolers alone would make at full fan
    water_l_per_h: float


def quadratic(coefficients: tuple[float, ...], x: float, y: float) -> float:
    """Value of the biquadratic c1 + c2 x + c3 x² + c4 y + c5 y² + c6 x y.

    Notes
    -----
    Definition.
    """
    c1, c2, c3, c4, c5, c6 = coefficients
    return c1 + c2 * x + c3 * x * x + c4 * y + c5 * y * y + c6 * x * y


def fitted_chiller_kw(
    load_kw: float, rated_kw: float, leaving_c: float, condenser_c: float
) -> float:
    r"""Electrical input of a centrifugal chiller by fitted curves.

    Parameters
    ----------
    load_kw : float
        Heat taken from the water, > 0. [kW]
    rated_kw : float
        Capacity at the reference temperatures, > 0. [kW]
    leaving_c : float
        Chilled water leaving. [°C]
    condenser_c : float
        Condenser water entering. [°C]

    Returns
    -------
    float
        Compressor input. [kW]

    Notes
    -----
    :math:`P = Q_{ref}\, C(x,y)\, E_T(x,y)\, E_L(PLR) / COP_{ref}` with
    :math:`PLR = Q/(Q_{ref} C)` [1]_. Range of the fit: 5 to 10 °C leaving and
    24 to 35 °C entering; outside it use `reversible_cop`.

    References
    ----------
    .. [1] U.S. Department of Energy, "EnergyPlus Engineering Reference",
       Electric Chiller Model Based on Condenser Entering Temperature.
    """
    capacity = rated_kw * quadratic(CAPACITY_BY_TEMP, leaving_c, condenser_c)
    part = load_kw / capacity
    by_load = INPUT_BY_LOAD[0] + INPUT_BY_LOAD[1] * part + INPUT_BY_LOAD[2] * part * part
    return capacity * quadratic(INPUT_BY_TEMP, leaving_c, condenser_c) * by_load / REFERENCE_COP


def reversible_cop(
    evaporating_c: float, condensing_c: float, share: float, least_lift_k: float
) -> float:
    r"""Coefficient of performance as a share of the reversible one.

    Parameters
    ----------
    evaporating_c, condensing_c : float
        Temperatures of the refrigerant. [°C]
    share : float
        Share of the reversible value, 0 to 1. [1]
    least_lift_k : float
        Least lift that the compressor holds, > 0. [K]

    Returns
    -------
    float
        Heat taken up over electrical input. [1]

    Notes
    -----
    :math:`COP = k\,T_e/(T_c - T_e)` in kelvin [1]_.

    References
    ----------
    .. [1] S. Carnot's limit, e.g. M. J. Moran et al., "Fundamentals of Engineering
       Thermodynamics", 8th ed., Wiley, 2014, sec. 10.1.
    """
    lift = max(condensing_c - evaporating_c, least_lift_k)
    return share * (evaporating_c + ZERO_C_IN_K) / lift


def fan_ratio(
    approach_k: float, load_fraction: float, available_k: float, exponent: float
) -> float:
    r"""Air flow that a dry cooler needs, as a share of full flow.

    Parameters
    ----------
    approach_k : float
        Approach at full load and full fan. [K]
    load_fraction : float
        Heat over rated heat, >= 0. [1]
    available_k : float
        Water set-point less air temperature, > 0. [K]
    exponent : float
        Of the approach against air flow, > 0. [1]

    Returns
    -------
    float
        0 to 1; 1 also where the set-point cannot be reached.

    Notes
    -----
    :math:`A = A_0\,q\,r^{-m}`, hence :math:`r = (A_0 q/(T_{set}-T_{db}))^{1/m}`
    [1]_. Range: finned coils, m 0.6 to 0.7.

    References
    ----------
    .. [1] ASHRAE Handbook, "HVAC Systems and Equipment", 2020, ch. 39 (exponent by
       the air-side heat transfer of finned coils).
    """
    if available_k <= 0.0:
        return 1.0
    return float(min(1.0, (approach_k * load_fraction / available_k) ** (1.0 / exponent)))


def make_up_litres(evaporated_kwh: float, latent_heat_kj_kg: float, cycles: float) -> float:
    r"""Water to replace what evaporates and what is bled off.

    Parameters
    ----------
    evaporated_kwh : float
        Heat taken up by evaporation. [kWh]
    latent_heat_kj_kg : float
        Heat of vaporisation. [kJ/kg]
    cycles : float
        Cycles of concentration, > 1. [1]

    Returns
    -------
    float
        Evaporation and blow-down, drift left out. [L]

    Notes
    -----
    Definition. :math:`E = Q/h_{fg}`, :math:`B = E/(COC - 1)`.
    """
    evaporated = evaporated_kwh * KWH_TO_KJ / latent_heat_kj_kg
    return evaporated * (1.0 + 1.0 / (cycles - 1.0))


def reject(
    heat_kw: float,
    set_c: float,
    kind: HeatRejectionKind,
    weather: Weather,
    coolers: Coolers,
    *,
    assumptions: Assumptions,
) -> Rejected:
    """Free and mechanical share of one water circuit, and what they draw.

    Parameters
    ----------
    heat_kw : float
        Heat of the circuit, >= 0. [kW]
    set_c : float
        Supply temperature to hold. [°C]
    kind : {"dry_cooler", "adiabatic", "chiller"}
        What the site rejects its heat with; "chiller" has no free cooling.
    weather : Weather
        Outdoor air.
    coolers : Coolers
        Dry coolers of the circuit.
    assumptions : Assumptions
        Lines ``rejection.*`` and ``cooling.fws_rise_k``.

    Returns
    -------
    Rejected
        Heat, power and water of this hour.

    Notes
    -----
    Definition. Coolers come first; where they cannot reach the set-point at full
    fan, a chiller behind them lowers the rest of the way: free share
    (return - reach)/(return - set-point), held to 0 to 1. Chillers reject to
    coolers of their own. Fan power follows the cube of air flow.
    """
    value = assumptions.value
    outdoor = weather.dry_bulb_c + value("rejection.recirculation_k")
    wetted_k = 0.0
    if kind == "adiabatic":
        wetted_k = max(
            value("rejection.adiabatic_effectiveness") * (outdoor - weather.wet_bulb_c), 0.0
        )
    entering = outdoor - wetted_k
    load = heat_kw / coolers.capacity_kw if coolers.capacity_kw > 0.0 else 0.0
    reach = entering + coolers.approach_k * load
    if heat_kw <= 0.0:
        return Rejected(
            heat_kw=0.0,
            free_kw=0.0,
            mechanical_kw=0.0,
            fan_kw=0.0,
            chiller_kw=0.0,
            chiller_method="none",
            reach_c=reach,
            water_l_per_h=0.0,
        )
    rise = value("cooling.fws_rise_k")
    free = float(np.clip((set_c + rise - reach) / rise, 0.0, 1.0)) if kind != "chiller" else 0.0
    ratio = 0.0
    if free > 0.0:
        exponent = value("rejection.flow_exponent")
        ratio = fan_ratio(coolers.approach_k, load, set_c - entering, exponent)
    mechanical = (1.0 - free) * heat_kw
    chiller, method = _chiller_kw(mechanical, set_c, entering, coolers.approach_k, assumptions)
    condenser_fans = (mechanical + chiller) * value("rejection.dry_cooler_fan_kw_per_kw")
    if mechanical <= 0.0:
        condenser_fans = 0.0
    pad_kw = free * heat_kw * wetted_k / value("rejection.coil_air_rise_k")
    return Rejected(
        heat_kw=heat_kw,
        free_kw=free * heat_kw,
        mechanical_kw=mechanical,
        fan_kw=coolers.fan_kw * ratio**3 + condenser_fans,
        chiller_kw=chiller,
        chiller_method=method,
        reach_c=reach,
        water_l_per_h=make_up_litres(
            pad_kw,
            value("rejection.latent_heat_kj_kg"),
            value("rejection.cycles_of_concentration"),
        ),
    )


def _chiller_kw(
    load_kw: float, set_c: float, entering_c: float, approach_k: float, assumptions: Assumptions
) -> tuple[float, ChillerMethod]:
    if load_kw <= 0.0:
        return 0.0, "none"
    condenser_c = entering_c + approach_k
    if (
        LEAVING_RANGE_C[0] <= set_c <= LEAVING_RANGE_C[1]
        and CONDENSER_RANGE_C[0] <= condenser_c <= CONDENSER_RANGE_C[1]
    ):
        return fitted_chiller_kw(load_kw, load_kw, set_c, condenser_c), "fitted curve"
    cop = reversible_cop(
        set_c - assumptions.value("rejection.chiller_evaporator_approach_k"),
        entering_c + assumptions.value("rejection.chiller_condenser_approach_k"),
        assumptions.value("rejection.chiller_carnot_fraction"),
        assumptions.value("rejection.chiller_least_lift_k"),
    )
    return load_kw / cop, "share of the reversible COP"
