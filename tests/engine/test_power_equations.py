"""Batteries, generators, moving loads and conductors, each against a calculation of its own.

Sources: integration and arithmetic; IEC 60228:2023 for copper at temperature; Wacker Neuson's rule
of 3 % per 500 m above 1,000 m and 3 % per 5 K above 40 °C.
"""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.power.batteries import ride_through_s
from engine.power.converters import best_load_fraction, converter_efficiency
from engine.power.dynamics import limit_ramp, swing_in_band_kw
from engine.power.generators import derating_by_rule, fuel_run_time_h, generator_limits
from engine.power.lines import conductor_resistance_ohm
from engine.power.transformers import short_circuit_current_ka


def test_a_battery_rides_through_what_it_stores():
    # 100 kWh, four fifths usable, 95 % out: 76 kWh at 500 kW last 547.2 s.
    assert ride_through_s(100.0, 500.0, usable_fraction=0.8, efficiency=0.95) == pytest.approx(
        547.2
    )
    # Lead-acid at twice its rated load gives less than half the time.
    rated, twice = ride_through_s(100.0, [500.0, 1000.0], rated_load_kw=500.0, peukert=1.2)
    assert twice == pytest.approx(rated / 2.0**1.2)


@given(a=st.floats(1e-4, 0.02), c=st.floats(1e-3, 0.05), b=st.floats(0.0, 0.02))
def test_no_load_is_better_than_the_best(a, b, c):
    best = float(best_load_fraction(a, c))
    around = best * np.array([0.5, 0.9, 1.0, 1.1, 2.0])

    assert np.argmax(converter_efficiency(around, a, b, c)) == 2


@pytest.mark.parametrize(("height", "air", "share"), [
    (0.0, 25.0, 1.0), (1000.0, 40.0, 1.0), (1500.0, 40.0, 0.97), (1000.0, 45.0, 0.97),
    (2500.0, 50.0, (1 - 0.09) * (1 - 0.06)),
])  # fmt: skip
def test_a_generator_up_high_and_in_the_heat(height, air, share):
    assert derating_by_rule(height, air) == pytest.approx(share)


def test_a_tank_and_the_limits_of_a_set():
    assert fuel_run_time_h(10_000.0, 2000.0, l_per_kwh=0.25, usable_fraction=0.9) == 18.0

    found = generator_limits([500.0, 800.0, 1100.0], 650.0, 1000.0, rating_class="PRP")

    assert found["rating"].tolist() == [True, True, False]
    assert found["mean_load"].tolist() == [True, False, False]  # 70 % over 24 hours
    assert not found["step"]  # 65 % at once is more than it accepts
    assert generator_limits(200.0, 0.0, 1000.0)["least_load"].tolist() is False


@given(st.lists(st.floats(0.0, 1000.0), min_size=2, max_size=60), st.floats(1.0, 500.0))
def test_a_limited_ramp_and_its_storage_make_up_the_load(load, ramp):
    found = limit_ramp(load, 0.5, ramp)

    assert np.abs(np.diff(found.grid_kw)).max() <= ramp * 0.5 * (1.0 + 1e-12) + 1e-9
    given_kw = np.array(load) - found.grid_kw
    stored = np.concatenate([[0.0], np.cumsum(given_kw) * 0.5 / 3600.0])
    assert found.storage_kwh == pytest.approx(float(np.ptp(stored)), abs=1e-9)
    assert found.storage_kw == pytest.approx(float(np.abs(given_kw).max()))


def test_only_the_swing_that_a_grid_minds_is_counted():
    time = np.arange(0.0, 100.0, 0.05)
    slow, minded = (np.sin(2.0 * np.pi * hertz * time) for hertz in (0.02, 1.2))

    found = swing_in_band_kw(500.0 + 90.0 * slow + 80.0 * minded, 0.05)

    assert found == pytest.approx(80.0 / np.sqrt(2.0))


def test_a_conductor_gets_worse_as_it_warms():
    # 240 mm2 of copper: 0.0754 ohm/km at 20 °C, 27.5 % more at 90 °C; two side by side halve it.
    hot = conductor_resistance_ohm(100.0, 0.0754, parallel=2, conductor_c=90.0)
    assert hot == pytest.approx(0.0754 * 0.1 / 2.0 * (1.0 + 0.00393 * 70.0), rel=1e-6)


def test_short_circuit_behind_a_transformer():
    # 2,500 kVA at 415 V and 6 %: 3,478 A over 0.06.
    assert short_circuit_current_ka(2500.0, 415.0, 0.06) == pytest.approx(57.967, rel=1e-4)
