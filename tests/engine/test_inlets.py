"""Air at the inlet of racks against their makers' ranges and the ASHRAE classes.

Classes and their derating by height: ASHRAE TC 9.9, "Thermal Guidelines for Data Processing
Environments", 5th ed., 2021, table 2.1.
"""

import numpy as np
import pytest

from engine.assumptions import Assumptions
from engine.climate.air_classes import UnknownAirClass, allowable_inlet_c
from engine.cooling.circuits import cool
from engine.errors import OutOfRange
from engine.plant import UNSTATED, Site
from tests.engine.plants import liquid_pod, power_of


def findings(supply_c, inlet_class=2, **more):
    lines = Assumptions.load({"cooling.air_inlet_class": inlet_class})
    plant = liquid_pod(site=Site(air_supply_c=supply_c), **more)
    found = cool(plant, power_of(plant).rack_kw, lines).findings
    return [each for each in found if each.rule == "COOL-INLET"]


@pytest.mark.parametrize(
    ("name", "low", "high"), [("A1", 15, 32), ("A2", 10, 35), ("A3", 5, 40), ("A4", 5, 45)]
)
def test_ranges_of_the_classes_at_sea_level(name, low, high):
    assert allowable_inlet_c(name) == (low, high)
    assert allowable_inlet_c(name, 900.0) == (low, high)


def test_thin_air_narrows_the_range():
    assert allowable_inlet_c("A2", 2500.0)[1] == pytest.approx(35.0 - 1600.0 / 300.0)
    assert allowable_inlet_c("A4", 2500.0)[1] == pytest.approx(45.0 - 1600.0 / 125.0)


@pytest.mark.parametrize(("supply", "severities"), [
    (25.0, []), (18.0, []), (27.0, []), (30.0, ["warning"]), (35.0, ["warning"]),
    (36.0, ["blocking"]), (12.0, ["warning"]), (9.0, ["blocking"]),
])  # fmt: skip
def test_supply_air_against_class_a2(supply, severities):
    assert [each.severity for each in findings(supply)] == severities


def test_a_class_is_chosen_by_its_number():
    assert [each.severity for each in findings(36.0, inlet_class=3)] == ["warning"]
    assert "A1" in findings(33.0, inlet_class=1)[0].detail


def test_what_a_maker_states_goes_before_the_class():
    racks = {"air_inlet_max_c": np.array([30.0, *[UNSTATED] * 9])}

    (found,) = findings(32.0, racks=10, rack_columns=racks)

    assert (found.measured, found.required) == (32.0, 30.0)
    assert "makers" in found.detail
    assert len(found.element_ids) == 1


def test_racks_that_give_no_heat_to_air_take_none_in():
    assert findings(40.0, rack_kw=100.0, liquid_kw=100.0) == []


def test_a_class_that_does_not_exist_is_refused():
    with pytest.raises(OutOfRange, match="1 to 4 for A1 to A4"):
        findings(25.0, inlet_class=5)
    with pytest.raises(UnknownAirClass, match="A4"):
        allowable_inlet_c("A5")
    with pytest.raises(OutOfRange, match="height"):
        allowable_inlet_c("A2", float("nan"))
