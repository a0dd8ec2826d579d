"""Density and floor load against exact cases.

Sources per case: the peak of a Gaussian kernel (HM-01); Leviathan Systems on the mass of GB200 and
GB300 racks (FS-01). Tolerances are those of the cases.
"""

import numpy as np

from engine import evaluate
from engine.assumptions import Assumptions
from engine.plant import Boxes, Plant, Racks
from engine.space.floor import area_load_kg_m2, foot_pressure_mpa, load_kpa
from engine.space.smoothing import smooth_gaussian
from tests.validation.cases import cases, near

PHYSICS = cases("physics")
GRAVITY = 9.80665


def test_a_smoothed_rack_keeps_its_power_and_has_the_peak_of_the_kernel():
    case = PHYSICS["HM-01"]
    given = case["inputs"]
    cell_m = 0.1
    grid = np.zeros((161, 161))
    grid[80, 80] = given["rack_kW"]

    smooth = smooth_gaussian(grid, given["sigma_m"] / cell_m)

    assert smooth.max() / cell_m**2 == near(case, "peak_kW_m2")
    assert smooth.sum() == near(case, "integral_kW")


def test_floor_load_of_a_rack():
    case = PHYSICS["FS-01"]
    given = case["inputs"]
    width, depth = 1000.0 * given["width_m"], 1000.0 * given["depth_m"]
    plant = Plant(
        boxes=Boxes(
            id=("r",),
            kind=("rack",),
            corners_mm=[[[0, 0], [width, 0], [width, depth], [0, depth]]],
            mass_kg=(given["mass_kg"],),
        ),
        racks=Racks(id=("r",), box=(0,), sustained_kw=(100.0,)),
    )
    lines = Assumptions.load({"space.aisle_share_mm": 1000.0 * given["aisle_share_m"]})

    load = evaluate(plant, lines).space.floor_load

    footprint = area_load_kg_m2(given["mass_kg"], given["width_m"], given["depth_m"])
    pitch_m = given["depth_m"] + given["aisle_share_m"]
    assert footprint == near(case, "footprint_kg_m2")
    assert load_kpa(footprint) == near(case, "footprint_kN_m2")
    assert area_load_kg_m2(given["mass_kg"], given["width_m"], pitch_m) == near(case, "pitch_kg_m2")
    foot = foot_pressure_mpa(given["mass_kg"], given["feet"], given["foot_diameter_m"])
    assert foot == near(case, "foot_pressure_MPa")
    assert load.max_footprint_kpa == near(case, "footprint_kN_m2")
    assert 1000.0 * load.max_spread_kpa / GRAVITY == near(case, "pitch_kg_m2")
