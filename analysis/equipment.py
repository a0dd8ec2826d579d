"""What a product means to a calculation: its figures, the user's own ones and what follows.

The user's value stands above the record's. Where a record leaves a figure out, the nearest one it
does have takes its place, by the rules written at each function.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from catalog.schema import Curve, Figures, Product
from engine.plant import UNSTATED, Site
from engine.plant import Curve as FlowCurve

BASES = ("nameplate_kw", "tdp_kw", "sustained_kw", "peak_kw")
STEADY = ("sustained_kw", "tdp_kw", "nameplate_kw")  # in the order of standing in for each other
SECONDS_PER_HOUR = 3600.0
LOSS_LINES: Mapping[str, str] = {
    "ups": "power.ups",
    "rectifier": "power.rectifier",
    "transformer": "power.transformer",
    "switchboard": "power.switchboard",
    "panel": "power.distribution",
    "busway": "power.distribution",
}
"""The assumption lines of kinds that lose power, for products that state no loss."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Equipment:
    """A product in one variant, with its default figures at hand."""

    product: Product
    figures: Figures
    variant: str | None = None

    @property
    def key(self) -> tuple[str, str | None]:
        """What tells it from other equipment."""
        return self.product.id, self.variant

    def value(self, name: str, otherwise: float = 0.0) -> float:
        """A default figure of the record."""
        quantity = self.figures.defaults.get(name)
        return otherwise if quantity is None else quantity.value

    def has(self, name: str) -> bool:
        """Whether the record states a figure."""
        return name in self.figures.defaults

    def curve(self, name: str) -> Curve | None:
        """A default curve of the record."""
        return self.figures.default_curves.get(name)


def rack_power(equipment: Equipment, load: Mapping[str, Any]) -> dict[str, float]:
    """The four powers of a rack and its idle power. [kW]

    A user who states any steady power means the rack, so it also stands for the steady powers
    that were not stated; peak and idle keep the record's ratio to sustained power.
    """
    record = {name: equipment.value(name) for name in STEADY if equipment.has(name)}
    own = {name: float(load[name]) for name in STEADY if name in load}
    steady = own or record
    power = {
        name: steady.get(name, next(steady[other] for other in STEADY if other in steady))
        for name in STEADY
    }
    sustained = record["sustained_kw"]
    for name in ("peak_kw", "idle_kw"):
        power[name] = equipment.value(name, sustained) * power["sustained_kw"] / sustained
    if not equipment.has("idle_kw"):
        power["idle_kw"] = 0.0
    if "peak_kw" in load:
        power["peak_kw"] = float(load["peak_kw"])
    return power


def liquid_fraction(equipment: Equipment) -> float:
    """The share of a rack's heat that goes to liquid, by the record."""
    if equipment.has("liquid_fraction"):
        return equipment.value("liquid_fraction")
    liquid, air = equipment.value("liquid_kw"), equipment.value("air_kw")
    return liquid / (liquid + air) if liquid + air > 0.0 else 0.0


def flow_lpm_per_kw(equipment: Equipment) -> float:
    """Coolant flow per kW of liquid heat; 0 when the record says nothing. [L/min/kW]"""
    if equipment.has("flow_lpm_per_kw"):
        return equipment.value("flow_lpm_per_kw")
    liquid = equipment.value(
        "liquid_kw", equipment.value("sustained_kw") * liquid_fraction(equipment)
    )
    return equipment.value("flow_lpm") / liquid if liquid > 0.0 else 0.0


def rack_airflow_m3_h(equipment: Equipment, air_supply_c: float) -> float:
    """Air that a rack draws at full load; 0 when the record says nothing. [m³/h]"""
    curve = equipment.curve("airflow_m3_s")
    if curve is None:
        return equipment.value("airflow_m3_s") * SECONDS_PER_HOUR
    return _on_curve(curve, air_supply_c) * SECONDS_PER_HOUR


def _on_curve(curve: Curve, at: float) -> float:
    """The curve's value, held beyond its ends."""
    x, y = curve.x, curve.y
    if at <= x[0]:
        return y[0]
    for i in range(1, len(x)):
        if at <= x[i]:
            return y[i - 1] + (y[i] - y[i - 1]) * (at - x[i - 1]) / (x[i] - x[i - 1])
    return y[-1]


def scaled_by_capacity(
    equipment: Equipment, capacity: Mapping[str, Any], *names: str
) -> dict[str, float]:
    """Capacity and what grows with it, when the user states another capacity."""
    rated = equipment.value("capacity_kw")
    own = float(capacity.get("capacity_kw", rated))
    ratio = own / rated if rated > 0.0 else 1.0
    return {
        "capacity_kw": own,
        **{name: float(capacity.get(name, equipment.value(name) * ratio)) for name in names},
    }


def losses(
    equipment: Equipment, kind: str, assumptions: Mapping[str, Any]
) -> tuple[float, float, float]:
    """Loss over rating = a + b x + c x²: by the record's curve, its efficiency, or the lines."""
    if equipment.has("loss_a"):
        return equipment.value("loss_a"), equipment.value("loss_b"), equipment.value("loss_c")
    if equipment.has("efficiency_fraction"):
        return 0.0, 1.0 / equipment.value("efficiency_fraction") - 1.0, 0.0
    if kind not in LOSS_LINES:
        return 0.0, 0.0, 0.0
    line = LOSS_LINES[kind]
    a, b, c = (assumptions[f"{line}.loss_{letter}"].value for letter in "abc")
    return a, b, c


def clearances(equipment: Equipment | None) -> dict[str, float]:
    """Clearances that the maker asks for; an unstated one is left to the rules. [mm]"""
    return {
        name: equipment.value(name, UNSTATED) if equipment else UNSTATED
        for name in ("clearance_front_mm", "clearance_rear_mm", "clearance_side_mm")
    }


def voltage_to_ground(kind: str, voltage_v: float) -> float:
    """Of live parts that somebody works on; a busway is closed and overhead. [V]"""
    return 0.0 if kind == "busway" else voltage_v / math.sqrt(3.0)


def bought(equipment: Equipment) -> dict[str, Any]:
    """What every unit of a product has in common."""
    return {"product": equipment.product.id, "price_usd": equipment.value("price_usd")}


def rack(equipment: Equipment, load: Mapping[str, Any], site: Site) -> dict[str, Any]:
    """The figures of a rack; a liquid fraction above 1 says that the user's load can not be."""
    power = rack_power(equipment, load)
    share = liquid_fraction(equipment)
    if "liquid_kw" in load:
        # A peak is short: what goes to liquid is stated of the power that lasts.
        basis = "sustained" if site.basis == "peak" else site.basis
        heat = power[f"{basis}_kw"]
        share = float(load["liquid_kw"]) / heat if heat > 0.0 else float(load["liquid_kw"] > 0)
    return {
        **bought(equipment),
        **power,
        "liquid_fraction": share,
        "flow_lpm_per_kw": flow_lpm_per_kw(equipment),
        "pressure_drop_kpa": equipment.value("pressure_drop_kpa"),
        "tcs_supply_max_c": equipment.value("tcs_supply_max_c", 45.0),
        "tcs_return_max_c": equipment.value("tcs_return_max_c", 65.0),
        "airflow_m3_h": rack_airflow_m3_h(equipment, site.air_supply_c),
        "air_inlet_min_c": equipment.value("air_inlet_min_c", UNSTATED),
        "air_inlet_max_c": equipment.value("air_inlet_max_c", UNSTATED),
    }


def is_liquid(equipment: Equipment, load: Mapping[str, Any] | None) -> bool:
    """Whether a rack gives any heat to a loop."""
    own = (load or {}).get("liquid_kw")
    return liquid_fraction(equipment) > 0.0 if own is None else own > 0


def flow_curve(equipment: Equipment) -> FlowCurve | None:
    """Flow against supply temperature, where the record has it."""
    curve = equipment.curve("flow_lpm")
    if curve is None:
        return None
    return FlowCurve(
        name=f"{equipment.product.name}: flow against supply temperature",
        x=curve.x,
        y=curve.y,
        source=curve.source,
        confidence=curve.confidence,
        product=equipment.product.id,
    )


def cdu(equipment: Equipment, capacity: Mapping[str, Any]) -> dict[str, Any]:
    """The figures of a CDU."""
    return {
        **bought(equipment),
        **scaled_by_capacity(equipment, capacity, "flow_lpm", "pump_kw"),
        "approach_k": float(capacity.get("approach_k", equipment.value("approach_k"))),
        "head_kpa": equipment.value("head_kpa"),
    }


def air_handler(equipment: Equipment, capacity: Mapping[str, Any]) -> dict[str, Any]:
    """The figures of an air handler."""
    return {
        **bought(equipment),
        **scaled_by_capacity(equipment, capacity, "airflow_m3_h", "fan_kw"),
    }


def heat_rejection(equipment: Equipment, kind: str, capacity: Mapping[str, Any]) -> dict[str, Any]:
    """The figures of a dry cooler or chiller."""
    return {
        **bought(equipment),
        **scaled_by_capacity(equipment, capacity, "fan_kw"),
        "kind": kind,
        "approach_k": float(capacity.get("approach_k", equipment.value("approach_k", 10.0))),
    }
