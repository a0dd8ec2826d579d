"""What is bought and does something: racks, cooling and the supply of power."""

# ruff: noqa: RUF009  `column` is a field specifier, as `dataclasses.field` is.

from dataclasses import dataclass

import numpy as np

from engine.plant.table import UNSTATED, Bools, Floats, Ints, Names, Table, column


@dataclass(frozen=True, slots=True, kw_only=True)
class Racks(Table):
    """IT racks. A power figure that a product lacks is filled in by the assembler."""

    id: Names = ()
    tag: Names = column(str, "")
    box: Ints = column(np.int64, -1)
    product: Names = column(str, "")
    nameplate_kw: Floats = column(np.float64, 0.0)
    tdp_kw: Floats = column(np.float64, 0.0)
    sustained_kw: Floats = column(np.float64, 0.0)
    peak_kw: Floats = column(np.float64, 0.0)
    idle_kw: Floats = column(np.float64, 0.0)
    liquid_fraction: Floats = column(np.float64, 0.0)  # of the rack's heat, to the TCS loop
    flow_curve: Ints = column(np.int64, -1)  # index into Plant.flow_curves
    flow_lpm_per_kw: Floats = column(np.float64, 0.0)  # of liquid heat; 0: by rise assumption
    pressure_drop_kpa: Floats = column(np.float64, 0.0)  # 0: not stated
    tcs_supply_max_c: Floats = column(np.float64, 45.0)
    tcs_return_max_c: Floats = column(np.float64, 65.0)
    airflow_m3_h: Floats = column(np.float64, 0.0)  # at full load; 0: not stated
    air_inlet_min_c: Floats = column(np.float64, UNSTATED)  # that the maker allows
    air_inlet_max_c: Floats = column(np.float64, UNSTATED)
    gpu: Ints = column(np.int64, -1)  # index into Plant.gpus
    gpu_count: Ints = column(np.int64, 0)
    price_usd: Floats = column(np.float64, 0.0)  # 0: not stated, the cost lines decide
    feed_a: Ints = column(np.int64, -1)  # index into Plant.power_nodes
    feed_b: Ints = column(np.int64, -1)
    phases: Names = column(str, "ABC")  # that its taps hang on: A, B, C, AB, BC, CA or ABC
    loop: Ints = column(np.int64, -1)  # index into Plant.loops
    is_direct: Bools = column(np.bool_, False)  # fed with direct current


@dataclass(frozen=True, slots=True, kw_only=True)
class Cdus(Table):
    """Coolant distribution units: hand TCS heat over to the FWS."""

    id: Names = ()
    tag: Names = column(str, "")
    box: Ints = column(np.int64, -1)
    product: Names = column(str, "")
    capacity_kw: Floats = column(np.float64, 0.0)  # at `approach_k` and rated flow
    flow_lpm: Floats = column(np.float64, 0.0)  # rated TCS flow; 0: not stated
    approach_k: Floats = column(np.float64, 4.0)  # TCS supply minus FWS supply at full load
    pump_kw: Floats = column(np.float64, 0.0)  # electrical input at rated flow; 0: not stated
    head_kpa: Floats = column(np.float64, 0.0)  # external head at rated flow; 0: not stated
    price_usd: Floats = column(np.float64, 0.0)
    feed_a: Ints = column(np.int64, -1)
    feed_b: Ints = column(np.int64, -1)
    loop: Ints = column(np.int64, -1)


@dataclass(frozen=True, slots=True, kw_only=True)
class AirHandlers(Table):
    """Fan walls and CRAHs: take the heat that racks give to room air."""

    id: Names = ()
    tag: Names = column(str, "")
    box: Ints = column(np.int64, -1)
    product: Names = column(str, "")
    capacity_kw: Floats = column(np.float64, 0.0)
    airflow_m3_h: Floats = column(np.float64, 0.0)  # 0: not stated
    fan_kw: Floats = column(np.float64, 0.0)  # 0: not stated
    price_usd: Floats = column(np.float64, 0.0)
    feed_a: Ints = column(np.int64, -1)
    feed_b: Ints = column(np.int64, -1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerNodes(Table):
    """Panels, busways, UPSs, rectifiers, switchboards, transformers, generators: a forest."""

    id: Names = ()
    tag: Names = column(str, "")
    kind: Names = column(str, "panel")
    box: Ints = column(np.int64, -1)
    product: Names = column(str, "")
    side: Names = column(str, "")  # "A", "B" or "" (then told from what it feeds)
    parent: Ints = column(np.int64, -1)  # the node that feeds it; -1: the utility
    rating_kw: Floats = column(np.float64, 0.0)  # output; 0: not stated
    loss_a: Floats = column(np.float64, 0.0)  # loss / rating = a + b x + c x^2, x = load / rating
    loss_b: Floats = column(np.float64, 0.0)
    loss_c: Floats = column(np.float64, 0.0)
    voltage_v: Floats = column(np.float64, 415.0)  # line to line, or between the poles
    fault_ka: Floats = column(np.float64, 0.0)  # short-circuit rating; 0: not stated
    continuous_fraction: Floats = column(np.float64, UNSTATED)  # usable share of the rating
    price_usd: Floats = column(np.float64, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatRejectionUnits(Table):
    """Dry coolers and chillers: hand the heat of the FWS to the weather."""

    id: Names = ()
    tag: Names = column(str, "")
    kind: Names = column(str, "dry_cooler")  # dry_cooler or chiller
    box: Ints = column(np.int64, -1)
    product: Names = column(str, "")
    capacity_kw: Floats = column(np.float64, 0.0)
    approach_k: Floats = column(np.float64, 10.0)  # FWS supply minus dry bulb at full load
    fan_kw: Floats = column(np.float64, 0.0)  # electrical input at full load; 0: not stated
    price_usd: Floats = column(np.float64, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loops(Table):
    """TCS loops: racks and CDUs that share coolant. ``id`` is the loop's name."""

    id: Names = ()
    redundancy: Ints = column(np.int64, 1)  # CDUs that may fail while the rest carry the loop
    part_of: Names = column(str, "")  # the loop by name, of which pipes make several; "": whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Modules(Table):
    """Placed copies of module types."""

    id: Names = ()
    tag: Names = column(str, "")
    type_id: Names = column(str, "")
    type_name: Names = column(str, "")
