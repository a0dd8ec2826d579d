import itertools
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.assumptions import Assumptions
from engine.cooling.chillers import fitted_chiller, reversible_cop
from engine.cooling.circuits import cool
from engine.cooling.rejection import (
    Coolers,
    at_weather,
    chiller_method,
    circuit_of,
    fan_ratio,
)
from engine.energy.facility import facility
from engine.plant import HeatRejectionUnits, Plant, Site
from engine.tables import UnknownSite
from tests.engine.plants import liquid_pod, power_of

LINES = Assumptions.load()
COOLERS = Coolers(capacity_kw=1000.0, approach_k=10.0, fan_kw=20.0, is_drawn=True)


def rejected(heat_kw, set_c, kind="dry_cooler", dry=25.0, wet=18.0):
    return at_weather(circuit_of(heat_kw, set_c, kind, COOLERS, LINES), dry, wet)


def energy_of(plant, lines=LINES, loss_kw=0.0):
    power = replace(power_of(plant), loss_kw=loss_kw)
    return facility(plant, power, cool(plant, power.rack_kw, lines), lines)


def rules(result):
    return {f.rule for f in result.findings}


def test_the_parts_make_the_whole():
    result = energy_of(liquid_pod(), loss_kw=40.0)

    parts = result.pump_kw + result.fan_kw + result.chiller_kw + result.heat_rejection_kw
    other = 1056.0 * LINES.value("rejection.other_load_fraction")
    assert result.cooling_kw == pytest.approx(parts)
    assert result.other_kw == pytest.approx(other)
    assert result.facility_kw == pytest.approx(1056.0 + 40.0 + parts + other)
    assert result.pue == pytest.approx(result.facility_kw / 1056.0)


def test_warm_water_needs_no_chiller_and_cold_water_does():
    warm = Site(fws_supply_c=48.0, tcs_supply_c=52.0)
    cold = Site(fws_supply_c=30.0, tcs_supply_c=35.0)

    assert "COOL-FWS-REACH" not in rules(energy_of(liquid_pod(site=warm)))
    found = energy_of(liquid_pod(site=cold))
    assert "COOL-FWS-REACH" in rules(found)
    assert found.chiller_kw > energy_of(liquid_pod(site=warm)).chiller_kw


def test_a_cooler_day_never_costs_more():
    sums = [
        energy_of(liquid_pod(), Assumptions.load({"site.dry_bulb_design_c": t})).cooling_kw
        for t in np.arange(5.0, 46.0, 2.5)
    ]

    assert all(a <= b + 1e-9 for a, b in itertools.pairwise(sums))


def test_a_site_gives_its_weather_and_an_override_wins():
    by_site = energy_of(liquid_pod(site=Site(site_id="za-jnb")))
    by_hand = energy_of(
        liquid_pod(),
        Assumptions.load(
            {
                "site.dry_bulb_design_c": 29.5,
                "site.wet_bulb_design_c": 19.5,
                "site.elevation_m": 1700.0,
            }
        ),
    )

    assert by_site.pue == pytest.approx(by_hand.pue, rel=1e-12)


def test_an_unknown_site_is_an_error():
    with pytest.raises(UnknownSite):
        energy_of(liquid_pod(site=Site(site_id="atlantis")))


def test_only_wetted_pads_use_water():
    dry = energy_of(liquid_pod())
    wet = energy_of(liquid_pod(site=Site(heat_rejection="adiabatic")))

    assert dry.wue_l_per_kwh == 0.0
    assert wet.wue_l_per_kwh > 0.0
    assert wet.chiller_kw < dry.chiller_kw


def test_too_small_a_chiller_blocks():
    units = HeatRejectionUnits(id=("ch",), kind=("chiller",), capacity_kw=(100.0,))
    plant = liquid_pod(site=Site(heat_rejection="chiller"), heat_rejection=units)

    assert "COOL-CHILLER-CAP" in rules(energy_of(plant))


def test_without_it_load_there_is_a_reason_instead_of_a_pue():
    result = energy_of(Plant())

    assert result.pue is None and result.wue_l_per_kwh is None
    assert result.reason == "No PUE yet: there is no IT load."


def test_free_and_mechanical_heat_are_all_the_heat():
    for set_c in (15.0, 25.0, 30.0, 33.0, 36.0, 45.0):
        found = rejected(800.0, set_c)
        assert found.free_kw + found.mechanical_kw == pytest.approx(800.0)


def test_fans_follow_the_cube_of_the_air_flow():
    ratio = fan_ratio(10.0, 1.0, 20.0, 0.65)
    found = rejected(1000.0, 47.0)

    assert ratio == pytest.approx(0.5 ** (1 / 0.65))
    assert found.fan_kw == pytest.approx(20.0 * ratio**3)


def test_the_chiller_says_which_model_it_used():
    def method(set_c, kind="chiller"):
        circuit = circuit_of(500.0, set_c, kind, COOLERS, LINES)
        return chiller_method(circuit, at_weather(circuit, 18.0, 18.0))

    assert method(7.0) == "fitted curve"
    assert method(20.0) == "share of the reversible COP"
    assert method(40.0, "dry_cooler") == "none"


def test_a_chiller_at_its_reference_has_its_reference_cop():
    assert fitted_chiller(1000.0, 1000.0, 6.67, 29.4).cop == pytest.approx(5.5, rel=0.01)


@given(st.floats(-5, 40), st.floats(20, 60), st.floats(0, 20))
@settings(deadline=None)
def test_more_lift_never_raises_the_cop(evaporating, condensing, more):
    less = reversible_cop(evaporating, condensing, 0.58, 12.0)

    assert reversible_cop(evaporating, condensing + more, 0.58, 12.0) <= less


@given(st.integers(1, 10), st.floats(20, 300), st.floats(0, 1), st.floats(0, 100))
@settings(deadline=None)
def test_pue_is_at_least_one(racks, kw, fraction, loss):
    result = energy_of(liquid_pod(racks=racks, rack_kw=kw, liquid_kw=kw * fraction), loss_kw=loss)

    assert result.pue >= 1.0
