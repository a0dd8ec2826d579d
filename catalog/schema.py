"""What a catalogue record holds, as values.

A record is what a maker, a standard or an estimate says about one product: every figure
stands with its unit, source, year and confidence. Sources that disagree all stay; one of
them is the default and says why.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from catalog.errors import CatalogInvalid

CATEGORY_NAMES: Mapping[str, str] = {
    "rack": "Racks",
    "cdu": "CDUs",
    "air_handler": "Air handlers",
    "panel": "Power panels",
    "busway": "Busways",
    "ups": "UPS",
    "rectifier": "Rectifiers",
    "switchboard": "Switchboards",
    "transformer": "Transformers",
    "generator": "Generators",
    "dry_cooler": "Dry coolers",
    "chiller": "Chillers",
}

CATEGORIES: Mapping[str, tuple[str, ...]] = {
    "rack": ("sustained_kw",),
    "cdu": ("capacity_kw", "flow_lpm", "approach_k"),
    "air_handler": ("capacity_kw", "airflow_m3_h"),
    "panel": ("rating_kw",),
    "busway": ("rating_kw",),
    "ups": ("rating_kw",),
    "rectifier": ("rating_kw", "voltage_v"),
    "switchboard": ("rating_kw",),
    "transformer": ("rating_kw",),
    "generator": ("rating_kw",),
    "dry_cooler": ("capacity_kw",),
    "chiller": ("capacity_kw",),
}
"""Categories, each with the figures that a calculation cannot do without."""

DIMENSIONS = ("width_mm", "depth_mm", "height_mm", "mass_kg")

QUANTITIES: Mapping[str, tuple[str, str]] = {
    "nameplate_kw": ("Power, nameplate", "kW"),
    "tdp_kw": ("Power, TDP", "kW"),
    "sustained_kw": ("Power, sustained", "kW"),
    "peak_kw": ("Power, peak", "kW"),
    "idle_kw": ("Power, idle", "kW"),
    "facility_kw_per_gpu": ("All-in facility power per GPU", "kW"),
    "rating_kw": ("Rating", "kW"),
    "rating_a": ("Rated current", "A"),
    "voltage_v": ("Voltage, line to line or between poles", "V"),
    "fault_ka": ("Short-circuit rating", "kA"),
    "efficiency_fraction": ("Efficiency", "fraction"),
    "loss_a": ("Loss curve a, constant", "fraction"),
    "loss_b": ("Loss curve b, linear", "fraction"),
    "loss_c": ("Loss curve c, quadratic", "fraction"),
    "capacity_kw": ("Cooling capacity", "kW"),
    "approach_k": ("Approach at full load", "K"),
    "liquid_kw": ("Heat to liquid", "kW"),
    "air_kw": ("Heat to air", "kW"),
    "liquid_fraction": ("Liquid share of heat", "fraction"),
    "flow_lpm": ("Coolant flow", "L/min"),
    "flow_lpm_per_kw": ("Coolant flow per kW of liquid heat", "L/min/kW"),
    "pressure_drop_kpa": ("Pressure drop", "kPa"),
    "head_kpa": ("External head", "kPa"),
    "tcs_supply_max_c": ("Highest coolant supply temperature", "°C"),
    "tcs_return_max_c": ("Highest coolant return temperature", "°C"),
    "air_inlet_min_c": ("Lowest air inlet temperature", "°C"),
    "air_inlet_max_c": ("Highest air inlet temperature", "°C"),
    "airflow_m3_s": ("Airflow", "m³/s"),
    "airflow_m3_h": ("Airflow", "m³/h"),
    "pump_kw": ("Pump power", "kW"),
    "fan_kw": ("Fan power", "kW"),
    "input_kw": ("Electrical input", "kW"),
    "filtration_um": ("Filtration", "µm"),
    "fuel_l_per_h": ("Fuel at full load", "L/h"),
    "width_mm": ("Width", "mm"),
    "depth_mm": ("Depth", "mm"),
    "height_mm": ("Height", "mm"),
    "mass_kg": ("Mass", "kg"),
    "clearance_front_mm": ("Clearance in front", "mm"),
    "clearance_rear_mm": ("Clearance behind", "mm"),
    "clearance_side_mm": ("Clearance at the sides", "mm"),
    "gpu_count": ("GPUs", "GPU"),
    "cpu_count": ("CPUs", "CPU"),
    "node_count": ("Nodes", "node"),
    "hbm_tb": ("GPU memory", "TB"),
    "hbm_tb_per_s": ("GPU memory bandwidth", "TB/s"),
    "nvlink_tb_per_s": ("NVLink bandwidth", "TB/s"),
    "c2c_tb_per_s": ("CPU to GPU link bandwidth", "TB/s"),
    "fp4_dense_pflops": ("FP4 dense", "PFLOPS"),
    "price_usd": ("Price", "USD"),
}
"""The quantities a record may hold, in the order of a data sheet: what each is, and its unit."""

UNITS: Mapping[str, str] = {name: unit for name, (_, unit) in QUANTITIES.items()}

NON_ZERO = frozenset(
    {*DIMENSIONS, "sustained_kw", "capacity_kw", "rating_kw", "rating_a", "voltage_v"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """One figure as one source gives it."""

    name: str
    value: float
    unit: str
    source: str
    year: int
    confidence: str
    default: bool
    why: str  # why this value is the default among several
    working: str  # the arithmetic of a derived figure

    def to_json(self) -> dict[str, Any]:
        """The wire form; texts that say nothing are left out."""
        texts = {"why": self.why, "working": self.working}
        return {
            "name": self.name,
            "value": whole(self.value),
            "unit": self.unit,
            "source": self.source,
            "year": self.year,
            "confidence": self.confidence,
            "default": self.default,
            **{key: text for key, text in texts.items() if text},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """One quantity against another, as one source gives it; linear between points."""

    name: str
    by: str
    unit: str
    x: tuple[float, ...]  # strictly increasing
    y: tuple[float, ...]
    source: str
    year: int
    confidence: str
    default: bool
    why: str

    def to_json(self) -> dict[str, Any]:
        """The wire form."""
        record: dict[str, Any] = {
            "name": self.name,
            "by": self.by,
            "unit": self.unit,
            "x": [whole(value) for value in self.x],
            "y": [whole(value) for value in self.y],
            "source": self.source,
            "year": self.year,
            "confidence": self.confidence,
            "default": self.default,
        }
        return record | ({"why": self.why} if self.why else {})


@dataclass(frozen=True, kw_only=True)
class Figures:
    """Quantities and curves, with the default of each name at hand."""

    quantities: tuple[Quantity, ...]
    curves: tuple[Curve, ...]

    @cached_property
    def defaults(self) -> Mapping[str, Quantity]:
        """The quantity that a calculation uses, by name."""
        return {quantity.name: quantity for quantity in self.quantities if quantity.default}

    @cached_property
    def default_curves(self) -> Mapping[str, Curve]:
        """The curve that a calculation uses, by name."""
        return {curve.name: curve for curve in self.curves if curve.default}


@dataclass(frozen=True, kw_only=True)
class Variant(Figures):
    """A mode of the same product: its figures stand in place of the product's own."""

    id: str
    label: str

    def to_json(self) -> dict[str, Any]:
        """The wire form."""
        return {
            "id": self.id,
            "label": self.label,
            "quantities": [quantity.to_json() for quantity in self.quantities],
            "curves": [curve.to_json() for curve in self.curves],
        }


@dataclass(frozen=True, kw_only=True)
class Product(Figures):
    """One thing that can be placed, bought and calculated with."""

    id: str
    category: str
    maker: str
    model: str
    revision: int
    note: str
    gpu: str  # key of the throughput data, "" for anything without accelerators
    variants: tuple[Variant, ...]

    @property
    def name(self) -> str:
        """Maker and model as one reads them."""
        return f"{self.maker} {self.model}"

    def figures(self, variant_id: str | None = None) -> Figures:
        """The figures in one variant: its own where it has any of that name."""
        if variant_id is None:
            return self
        for variant in self.variants:
            if variant.id == variant_id:
                own = {quantity.name for quantity in variant.quantities}
                own_curves = {curve.name for curve in variant.curves}
                return Figures(
                    quantities=(
                        *variant.quantities,
                        *(item for item in self.quantities if item.name not in own),
                    ),
                    curves=(
                        *variant.curves,
                        *(item for item in self.curves if item.name not in own_curves),
                    ),
                )
        raise CatalogInvalid(
            f"{self.name} has no variant {variant_id!r}.", product=self.id, variant=variant_id
        )

    def to_json(self) -> dict[str, Any]:
        """The wire form, complete: a design file holds nothing else about the product."""
        return {
            "id": self.id,
            "category": self.category,
            "maker": self.maker,
            "model": self.model,
            "revision": self.revision,
            "note": self.note,
            "gpu": self.gpu,
            "quantities": [quantity.to_json() for quantity in self.quantities],
            "curves": [curve.to_json() for curve in self.curves],
            "variants": [variant.to_json() for variant in self.variants],
        }


def whole(value: float) -> float | int:
    """An integral number as an integer, so that 142 never prints as 142.0."""
    return int(value) if float(value).is_integer() else value
