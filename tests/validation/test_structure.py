"""Load under a rack against a published case: Leviathan Systems on the mass of a rack (FS-01)."""

import pytest

from engine.errors import OutOfRange
from engine.hydraulics.inventory import filled_pipe_kg_m
from engine.space.floor import area_load_kg_m2, foot_pressure_mpa, load_kpa
from engine.units import STANDARD_GRAVITY_M_S2
from tests.validation.cases import cases, near

PHYSICS = cases("physics")


def test_rack_on_its_footprint_its_pitch_and_its_feet():
    case = PHYSICS["FS-01"]
    given = case["inputs"]
    mass, width, depth = given["mass_kg"], given["width_m"], given["depth_m"]

    foot = load_kpa(area_load_kg_m2(mass, width, depth))
    pitch = load_kpa(area_load_kg_m2(mass, width, depth + given["aisle_share_m"]))
    pressure = foot_pressure_mpa(mass, given["feet"], given["foot_diameter_m"])

    assert foot == near(case, "footprint_kN_m2")
    assert 1000.0 * foot / STANDARD_GRAVITY_M_S2 == near(case, "footprint_kg_m2")
    assert 1000.0 * pitch / STANDARD_GRAVITY_M_S2 == near(case, "pitch_kg_m2")
    assert pressure == near(case, "foot_pressure_MPa")


def test_a_filled_pipe_weighs_its_water_and_itself():
    # 31.416 kg of water, and a wall of pi (0.2 + 0.006) 0.006 m2 of steel.
    assert filled_pipe_kg_m(0.2, 0.006, 1000.0) == pytest.approx(31.416 + 30.481, rel=1e-4)


def test_a_rack_without_feet_is_refused():
    with pytest.raises(OutOfRange, match="number of feet"):
        foot_pressure_mpa(1000.0, 0, 0.05)
