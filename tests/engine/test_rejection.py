"""Chillers, towers and free cooling beyond their published points."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.assumptions import Assumptions
from engine.cooling.chillers import fitted_chiller, staged
from engine.cooling.economizer import economizer_hours, free_share
from engine.cooling.rejection import Coolers, at_weather, circuit_of
from engine.cooling.towers import Tower, merkel_number, tower_from_design, tower_outlet_c
from engine.cooling.water import water_use
from engine.errors import OutOfRange

LINES = Assumptions.load()
TOWER = tower_from_design(35.0, 30.0, 25.0, 1.2)


def test_a_chiller_outside_its_fit_is_held_at_the_edge_and_flagged():
    inside = fitted_chiller(600.0, 1000.0, 7.0, 28.0)
    warm = fitted_chiller(600.0, 1000.0, 20.0, 28.0)
    edge = fitted_chiller(600.0, 1000.0, 10.0, 28.0)

    assert not inside.outside_fit
    assert warm.outside_fit
    assert not edge.outside_fit
    assert warm.power_kw == edge.power_kw


def test_a_chiller_asked_too_much_says_so_and_one_without_load_draws_nothing():
    found = fitted_chiller([0.0, 1500.0], 1000.0, 7.0, 28.0)

    assert found.overloaded.tolist() == [False, True]
    assert found.power_kw[0] == 0.0
    assert found.cop[0] == 0.0
    assert np.isfinite(found.power_kw).all()


@settings(deadline=None)
@given(load=st.floats(1.0, 3500.0), y=st.floats(24.0, 35.0))
def test_staging_never_draws_more_than_running_all(load, y):
    running, power = staged(load, 1000.0, 4, 7.0, y, spare=1)
    every = 4 * fitted_chiller(load / 4, 1000.0, 7.0, y).power_kw

    assert power <= every * (1 + 1e-12)
    left = (running - 1) * fitted_chiller(1.0, 1000.0, 7.0, y).capacity_kw
    assert running == 4 or left >= load * (1 - 1e-9)


def test_staging_without_load_or_without_units():
    assert staged(0.0, 1000.0, 3, 7.0, 28.0)[0] == 0
    with pytest.raises(OutOfRange):
        staged(100.0, 1000.0, 1, 7.0, 28.0, spare=1)


def test_a_tower_returns_its_design_point():
    assert tower_outlet_c(TOWER, 25.0, 5.0) == pytest.approx(30.0, abs=1e-6)


def test_chebyshev_is_near_the_integral():
    fine = np.linspace(30.0, 35.0, 4001)
    steps = sum(
        merkel_number(b, a, 25.0, 1e-3) for a, b in zip(fine[:-1:400], fine[400::400], strict=True)
    )

    assert merkel_number(35.0, 30.0, 25.0, 1e-3) == pytest.approx(float(steps), rel=2e-3)


@settings(deadline=None)
@given(wet=st.floats(-10.0, 30.0), more=st.floats(0.0, 10.0), span=st.floats(2.0, 12.0))
def test_a_tower_never_cools_below_the_wet_bulb_and_follows_it(wet, more, span):
    cold, warm = tower_outlet_c(TOWER, [wet, wet + more], span)

    assert cold > wet
    assert warm >= cold - 1e-6
    assert tower_outlet_c(TOWER, wet, span, air_ratio=0.5) >= cold - 1e-6
    assert tower_outlet_c(TOWER, wet, 1.5 * span) >= cold - 1e-6


def test_duties_that_no_tower_has_are_refused():
    with pytest.raises(OutOfRange, match="hot > cold > wet bulb"):
        merkel_number(30.0, 35.0, 25.0, 1.0)
    with pytest.raises(OutOfRange, match="more air"):
        tower_from_design(45.0, 25.5, 25.0, 6.0)
    with pytest.raises(OutOfRange, match="too small"):
        tower_outlet_c(Tower(coefficient=0.01, exponent=0.6, liquid_to_gas=5.0), 25.0, 30.0)


@given(
    reach=st.lists(st.floats(-40.0, 80.0), min_size=1, max_size=200),
    set_c=st.floats(5.0, 45.0),
    rise=st.floats(1.0, 20.0),
)
def test_each_hour_is_in_exactly_one_class(reach, set_c, rise):
    hours = economizer_hours(free_share(set_c + rise, set_c, reach))

    assert hours.total == len(reach)
    assert hours.none == sum(r >= set_c + rise - rise * 1e-9 for r in reach)


def test_a_return_as_cold_as_its_supply_is_refused():
    with pytest.raises(OutOfRange):
        free_share(20.0, 20.0, 15.0)


@pytest.mark.parametrize("kind", ["dry_cooler", "adiabatic", "tower", "chiller"])
@pytest.mark.parametrize("set_c", [7.0, 18.0, 32.0, 45.0])
def test_every_machine_is_finite_and_balanced_in_any_weather(kind, set_c):
    coolers = Coolers(capacity_kw=1000.0, approach_k=8.0, fan_kw=20.0, is_drawn=False)
    circuit = circuit_of(900.0, set_c, kind, coolers, LINES)
    dry = np.linspace(-35.0, 48.0, 300)

    found = at_weather(circuit, dry, dry - np.linspace(0.0, 20.0, 300))

    assert found.free_kw + found.mechanical_kw == pytest.approx(900.0)
    for column in (found.fan_kw, found.chiller_kw, found.water_l_per_h, found.reach_c):
        assert np.isfinite(column).all()
    assert (found.fan_kw >= 0.0).all() and (found.water_l_per_h >= 0.0).all()


@pytest.mark.parametrize("load", [0.3, 0.77, 1.0])
@pytest.mark.parametrize("wet", [5.3, 12.7, 20.2])
def test_a_tower_at_part_load_and_part_air_does_what_merkel_says(load, wet):
    design = LINES.value("rejection.tower_design_wet_bulb_c")
    coolers = Coolers(capacity_kw=1000.0, approach_k=5.0, fan_kw=1.0, is_drawn=False)
    circuit = circuit_of(1000.0 * load, 30.0, "tower", coolers, LINES)
    cold = design + coolers.approach_k
    tower = tower_from_design(
        cold + circuit.rise_k, cold, design, LINES.value("rejection.tower_liquid_to_gas"),
        exponent=LINES.value("rejection.tower_exponent"),
    )  # fmt: skip
    at_coolers = wet + circuit.recirculation_k

    found = at_weather(circuit, wet + 8.0, wet)

    outlet = tower_outlet_c(tower, at_coolers, circuit.rise_k * load)
    assert found.reach_c == pytest.approx(float(outlet), abs=0.05)
    # At the air that the fans give, the tower just holds the set-point.
    air = float(found.fan_kw) ** (1.0 / 3.0)
    held = tower_outlet_c(tower, at_coolers, circuit.rise_k * load, air_ratio=air)
    assert held == pytest.approx(30.0, abs=0.25)


def test_pads_stay_dry_while_dry_coils_hold_the_water_and_near_freezing():
    coolers = Coolers(capacity_kw=1000.0, approach_k=10.0, fan_kw=20.0, is_drawn=False)
    pads, coils = (
        circuit_of(1000.0, 30.0, kind, coolers, LINES) for kind in ("adiabatic", "dry_cooler")
    )
    dry = np.array([-10.0, 10.0, 18.0, 25.0, 35.0])

    bulb = dry - np.array([2.0, 4.0, 6.0, 8.0, 15.0])
    wet, alone = (at_weather(circuit, dry, bulb) for circuit in (pads, coils))

    # The coils alone reach 30 °C up to 20 °C outside, less what is drawn back in.
    assert (wet.water_l_per_h > 0.0).tolist() == [False, False, False, True, True]
    assert wet.fan_kw[:3] == pytest.approx(alone.fan_kw[:3])
    assert (wet.chiller_kw <= alone.chiller_kw).all()
    cold = circuit_of(1000.0, 8.0, "adiabatic", coolers, LINES)
    assert at_weather(cold, 3.0, -1.0).water_l_per_h == 0.0


def test_a_tower_beats_a_pad_and_a_pad_a_dry_cooler_on_a_hot_day():
    def chiller_kw(kind, approach):
        coolers = Coolers(capacity_kw=900.0, approach_k=approach, fan_kw=20.0, is_drawn=False)
        return float(
            at_weather(circuit_of(900.0, 30.0, kind, coolers, LINES), 38.0, 22.0).chiller_kw
        )

    assert chiller_kw("tower", 5.0) < chiller_kw("adiabatic", 10.0) < chiller_kw("dry_cooler", 10.0)


@given(heat=st.floats(0.0, 1e6), cycles=st.floats(1.5, 10.0), drift=st.floats(0.0, 1e-3))
def test_water_that_goes_in_comes_out(heat, cycles, drift):
    found = water_use(
        heat, latent_heat_kj_kg=2430.0, cycles=cycles, circulated_l=1e5, drift_fraction=drift
    )

    out = found.evaporation_l + found.blowdown_l + found.drift_l
    assert found.make_up_l == pytest.approx(float(out))
    # Solids are bled off as fast as they come in.
    assert found.blowdown_l * cycles == pytest.approx(float(found.make_up_l - found.drift_l))


def test_one_cycle_of_concentration_is_refused():
    with pytest.raises(OutOfRange, match="cycles"):
        water_use(1.0, latent_heat_kj_kg=2430.0, cycles=1.0)
