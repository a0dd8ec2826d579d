"""The air side: what racks leave to the room, who takes it, and the fans' power."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from engine.assumptions import Assumptions
from engine.climate.psychrometrics import moist_air_density_kg_m3, pressure_at_elevation_pa
from engine.errors import OutOfRange
from engine.plant import Bools, Floats, Ints, Plant
from engine.ranges import bounded

AIR_HEAT_CAPACITY_KJ_KG_K = 1.006
SECONDS_PER_HOUR = 3600.0
SLACK = 1e-9  # relative; heat equal to the capacity fits


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


def air_density_kg_m3(elevation_m: ArrayLike, temp_c: ArrayLike) -> Floats:
    r"""Density of dry air at a height and temperature.

    Parameters
    ----------
    elevation_m : array
        Height above the sea, -5,000 to 11,000. [m]
    temp_c : array, broadcastable
        Temperature, -100 to 200. [°C]

    Returns
    -------
    array
        Density. [kg/m3]

    Raises
    ------
    OutOfRange
        If the height or the temperature lies outside its range.

    Notes
    -----
    Definition. `engine.climate.psychrometrics.moist_air_density_kg_m3` without moisture, at the
    pressure of the standard atmosphere.
    """
    return moist_air_density_kg_m3(temp_c, 0.0, pressure_at_elevation_pa(elevation_m))


def airflow_m3_s(heat_kw: ArrayLike, rise_k: ArrayLike, density_kg_m3: ArrayLike) -> Floats:
    r"""Air that carries away a heat at a rise.

    Parameters
    ----------
    heat_kw : array
        Sensible heat, >= 0. [kW]
    rise_k : array
        Return less supply temperature, > 0. [K]
    density_kg_m3 : array
        Density of the supply air, > 0. [kg/m3]

    Returns
    -------
    array
        Volume flow. [m3/s]

    Raises
    ------
    OutOfRange
        If the heat is negative, or the rise or the density not positive.

    Notes
    -----
    Definition. :math:`\dot V = Q / (\rho\, c_p\, \Delta T)`.
    """
    heat = bounded("The heat", heat_kw, 0.0, unit="kW")
    rise = bounded("The rise of the air", rise_k, 0.0, unit="K", above_low=True)
    density = bounded("The density of the air", density_kg_m3, 0.0, unit="kg/m3", above_low=True)
    return np.asarray(heat / (density * AIR_HEAT_CAPACITY_KJ_KG_K * rise))


def fan_power_kw(flow_m3_s: ArrayLike, pressure_pa: ArrayLike, efficiency: ArrayLike) -> Floats:
    r"""Electrical power of a fan.

    Parameters
    ----------
    flow_m3_s : array
        Volume flow, >= 0. [m3/s]
    pressure_pa : array
        Pressure rise, >= 0. [Pa]
    efficiency : array
        Wire to air, above 0 to 1. [1]

    Returns
    -------
    array
        Electrical input. [kW]

    Raises
    ------
    OutOfRange
        If a figure lies outside its range.

    Notes
    -----
    Definition. :math:`P = \dot V\, \Delta p / \eta`.
    """
    flow = bounded("The flow of the fan", flow_m3_s, 0.0, unit="m3/s")
    pressure = bounded("The pressure of the fan", pressure_pa, 0.0, unit="Pa")
    share = bounded("The efficiency of the fan", efficiency, 0.0, 1.0, above_low=True)
    return np.asarray(flow * pressure / share / 1000.0)


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
    speed = bounded("The speed of the fan", speed_fraction, 0.0, 1.0, above_low=True)
    if not 0 <= lost < units:
        raise OutOfRange("At least one fan unit must be left.", units=units, lost=lost)
    times = units / (units - lost)
    reached = np.minimum(speed * times, 1.0)
    power = bounded("The power of the fan", power_kw, 0.0, unit="kW") * (reached / speed) ** 3
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
