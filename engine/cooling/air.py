"""The air side: what racks leave to the room, who takes it, and the fans' power."""

from dataclasses import dataclass

import numpy as np

from engine.assumptions import Assumptions
from engine.plant import Floats, Ints, Plant

GAS_CONSTANT_J_KG_K = 287.055
AIR_HEAT_CAPACITY_KJ_KG_K = 1.006
ZERO_C_IN_K = 273.15
SECONDS_PER_HOUR = 3600.0


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
    unit_fan_kw: Floats
    unserved_kw: float  # heat of zones without an air handler


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

    Notes
    -----
    :math:`p = 101325\,(1 - 2.25577\cdot10^{-5} z)^{5.2559}`, ideal gas [1]_.

    References
    ----------
    .. [1] ASHRAE Handbook, "Fundamentals", 2017, ch. 1, eq. (3).
    """
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

    Notes
    -----
    Definition. :math:`\dot V = Q / (\rho\, c_p\, \Delta T)`.
    """
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

    Notes
    -----
    Definition. :math:`P = \dot V\, \Delta p / \eta`.
    """
    return flow_m3_s * pressure_pa / efficiency / 1000.0


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
        unit_fan_kw=np.where(units.fan_kw > 0.0, units.fan_kw * speed**3, by_pressure),
        unserved_kw=float(heat[count == 0].sum()),
    )
