"""The air side: what racks leave to the room, who takes it, and the fans' power."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from engine.assumptions import Assumptions
from engine.errors import OutOfRange
from engine.plant import Bools, Floats, Ints, Plant

GAS_CONSTANT_J_KG_K = 287.055
AIR_HEAT_CAPACITY_KJ_KG_K = 1.006
ZERO_C_IN_K = 273.15
SECONDS_PER_HOUR = 3600.0
SLACK = 1e-9  # relative; heat equal to the capacity fits
LOWEST_M, HIGHEST_M = -500.0, 11_000.0  # where the pressure formula holds


@dataclass(frozen=True, slots=True, kw_only=True)
class AirSide:
    """Zones are halls; the last zone is what stands outside every hall."""

    zone_heat_kw: Floats
    zone_capacity_kw: Floats
    zone_left_kw: Floats  # with the largest air handler lost
    zone_units: Ints
    rack_zone: Ints
    unit_zone: Ints
    airflow_m3_h: float
    unit_kw: Floats  # heat that each air handler takes
    unit_fan_kw: Floats
    unserved_kw: float  # heat of zones without an air handler

    @property
    def zone_is_short(self) -> Bools:
        """Zones with air handlers that take less than the zone gives."""
        short: Bools = self.zone_heat_kw > self.zone_capacity_kw * (1.0 + SLACK)
        return short & (self.zone_units > 0)


def air_density_kg_m3(elevation_m: float, temp_c: float) -> float:
    r"""Density of dry air at a height and temperature.

    Parameters
    ----------
    elevation_m : float
        Height above the sea, -500 to 11,000. [m]
    temp_c : float
        Temperature. [°C]

    Returns
    -------
    float
        Density. [kg/m3]

    Raises
    ------
    OutOfRange
        If the height lies outside the range or the temperature below absolute zero.

    Notes
    -----
    :math:`p = 101325\,(1 - 2.25577\cdot10^{-5} z)^{5.2559}`, ideal gas [1]_.

    References
    ----------
    .. [1] ASHRAE Handbook, "Fundamentals", 2017, ch. 1, eq. (3).
    """
    if not LOWEST_M <= elevation_m <= HIGHEST_M or not temp_c > -ZERO_C_IN_K:
        raise OutOfRange(
            f"Air is known from {LOWEST_M:g} to {HIGHEST_M:,.0f} m above the sea.",
            elevation_m=elevation_m,
            temp_c=temp_c,
        )
    pressure = 101_325.0 * (1.0 - 2.25577e-5 * elevation_m) ** 5.2559
    return float(pressure / (GAS_CONSTANT_J_KG_K * (temp_c + ZERO_C_IN_K)))


def airflow_m3_s(heat_kw: float, rise_k: float, density_kg_m3: float) -> float:
    r"""Air that carries away a heat at a rise.

    Parameters
    ----------
    heat_kw : float
        Sensible heat. [kW]
    rise_k : float
        Return less supply temperature, > 0. [K]
    density_kg_m3 : float
        Density of the supply air. [kg/m3]

    Returns
    -------
    float
        Volume flow. [m3/s]

    Raises
    ------
    OutOfRange
        If the rise or the density is not positive.

    Notes
    -----
    Definition. :math:`\dot V = Q / (\rho\, c_p\, \Delta T)`.
    """
    if not np.all(np.greater(rise_k, 0.0)) or not np.all(np.greater(density_kg_m3, 0.0)):
        raise OutOfRange("The rise of the air and its density must be positive.", rise_k=rise_k)
    return heat_kw / (density_kg_m3 * AIR_HEAT_CAPACITY_KJ_KG_K * rise_k)


def fan_power_kw(flow_m3_s: float, pressure_pa: float, efficiency: float) -> float:
    r"""Electrical power of a fan.

    Parameters
    ----------
    flow_m3_s : float
        Volume flow. [m3/s]
    pressure_pa : float
        Pressure rise. [Pa]
    efficiency : float
        Wire to air, > 0. [1]

    Returns
    -------
    float
        Electrical input. [kW]

    Raises
    ------
    OutOfRange
        If the efficiency is not positive.

    Notes
    -----
    Definition. :math:`P = \dot V\, \Delta p / \eta`.
    """
    if not np.all(np.greater(efficiency, 0.0)):
        raise OutOfRange("The efficiency of a fan must be positive.", efficiency=efficiency)
    return flow_m3_s * pressure_pa / efficiency / 1000.0


def fans_at_speed(
    flow_m3_s: ArrayLike, pressure_pa: ArrayLike, power_kw: ArrayLike, speed_ratio: ArrayLike
) -> tuple[Floats, Floats, Floats]:
    r"""Flow, pressure and power of fans carried to another speed.

    Parameters
    ----------
    flow_m3_s, pressure_pa, power_kw : array
        Duty at the first speed.
    speed_ratio : array, broadcastable
        New speed over the first, > 0. [1]

    Returns
    -------
    tuple of array
        Flow, pressure and power at the new speed, in the units given.

    Raises
    ------
    OutOfRange
        If a ratio is not positive.

    Notes
    -----
    :math:`\dot V \propto n,\; \Delta p \propto n^2,\; P \propto n^3` [1]_, at one density and on a
    fixed system curve.

    References
    ----------
    .. [1] ASHRAE Handbook, "HVAC Systems and Equipment", 2020, ch. 21, table 2 (fan laws).
    """
    ratio = np.asarray(speed_ratio, dtype=np.float64)
    if not np.all(ratio > 0.0):
        raise OutOfRange("A speed ratio must be positive.", speed_ratio=float(np.min(ratio)))
    return (
        np.asarray(np.asarray(flow_m3_s, dtype=np.float64) * ratio),
        np.asarray(np.asarray(pressure_pa, dtype=np.float64) * ratio**2),
        np.asarray(np.asarray(power_kw, dtype=np.float64) * ratio**3),
    )


def fans_after_loss(
    power_kw: ArrayLike, speed_fraction: ArrayLike, units: int, lost: int = 1
) -> tuple[Floats, Floats, Floats]:
    r"""Speed and power of each fan unit that is left when others stop, at the same heat.

    Parameters
    ----------
    power_kw : array
        Of one unit while all run. [kW]
    speed_fraction : array
        Of full speed while all run, above 0 to 1. [1]
    units, lost : int
        How many there are and how many stop; at least one is left.

    Returns
    -------
    tuple of array
        Speed fraction, at most 1; power of one unit [kW]; share of the airflow that is still given.

    Raises
    ------
    OutOfRange
        If no unit is left or a speed lies outside its range.

    Notes
    -----
    Definition. Speed rises by :math:`n/(n-k)` up to full speed, power with its cube.
    """
    speed = np.asarray(speed_fraction, dtype=np.float64)
    if lost < 0 or units <= lost:
        raise OutOfRange("At least one fan unit must be left.", units=units, lost=lost)
    if not np.all((speed > 0.0) & (speed <= 1.0)):
        raise OutOfRange("A speed lies above 0 and up to 1.", speed=float(np.min(speed)))
    times = units / (units - lost)
    reached = np.minimum(speed * times, 1.0)
    power = np.asarray(power_kw, dtype=np.float64) * (reached / speed) ** 3
    return reached, np.asarray(power), np.asarray(reached / (speed * times))


def air_side(
    plant: Plant, rack_air_kw: Floats, elevation_m: float, assumptions: Assumptions
) -> AirSide:
    """Heat, capacity and fan power of the air side, hall by hall.

    Parameters
    ----------
    plant : Plant
        Racks, air handlers and where they stand.
    rack_air_kw : array, shape (n_racks,)
        Heat that each rack gives to the room. [kW]
    elevation_m : float
        Height of the site. [m]
    assumptions : Assumptions
        Rise, fan pressure and efficiency, lowest fan speed.

    Returns
    -------
    AirSide
        Zones, airflow and fans.

    Notes
    -----
    Definition. Fan power follows the cube of speed down to the lowest speed. If
    any air handler stands outside every hall, all of them serve all racks.
    """
    units = plant.air_handlers
    halls = len(plant.halls)
    unit_hall = np.where(units.box >= 0, plant.boxes.hall[units.box], -1) if len(units) else -1
    pooled = halls == 0 or bool(np.any(unit_hall < 0))
    zones = 1 if pooled else halls + 1
    rack_zone = np.zeros(len(plant.racks), dtype=np.int64)
    unit_zone = np.zeros(len(units), dtype=np.int64)
    if not pooled:
        rack_zone = np.where(plant.rack_hall < 0, halls, plant.rack_hall)
        unit_zone = np.asarray(unit_hall, dtype=np.int64)
    heat = np.bincount(rack_zone, rack_air_kw, zones).astype(np.float64)
    capacity = np.bincount(unit_zone, units.capacity_kw, zones).astype(np.float64)
    count = np.bincount(unit_zone, minlength=zones)
    largest = np.zeros(zones)
    np.maximum.at(largest, unit_zone, units.capacity_kw)

    rise = assumptions.value("cooling.air_rise_k")
    density = air_density_kg_m3(elevation_m, plant.site.air_supply_c)
    m3_s_per_kw = airflow_m3_s(1.0, rise, density)
    share = np.divide(
        units.capacity_kw,
        capacity[unit_zone],
        out=np.zeros(len(units)),
        where=capacity[unit_zone] > 0.0,
    )
    unit_kw = share * heat[unit_zone]
    unit_m3_h = unit_kw * m3_s_per_kw * SECONDS_PER_HOUR
    rated = units.airflow_m3_h > 0.0
    speed = np.divide(
        np.where(rated, unit_m3_h, unit_kw),
        np.where(rated, units.airflow_m3_h, units.capacity_kw),
        out=np.zeros(len(units)),
        where=np.where(rated, units.airflow_m3_h, units.capacity_kw) > 0.0,
    )
    speed = np.clip(speed, assumptions.value("cooling.fan_min_speed"), 1.0)
    by_pressure = (
        unit_kw
        * m3_s_per_kw
        * fan_power_kw(
            1.0,
            assumptions.value("cooling.fan_dp_pa"),
            assumptions.value("cooling.fan_efficiency"),
        )
    )
    return AirSide(
        zone_heat_kw=heat,
        zone_capacity_kw=capacity,
        zone_left_kw=capacity - largest,
        zone_units=count,
        rack_zone=rack_zone,
        unit_zone=unit_zone,
        airflow_m3_h=float(rack_air_kw.sum() * m3_s_per_kw * SECONDS_PER_HOUR),
        unit_kw=np.asarray(unit_kw),
        unit_fan_kw=np.where(units.fan_kw > 0.0, units.fan_kw * speed**3, by_pressure),
        unserved_kw=float(heat[count == 0].sum()),
    )
