"""Conversions; worked current from I = P / (sqrt3 V pf)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import units

PAIRS = [
    (units.lpm_to_m3_s, units.m3_s_to_lpm),
    (units.kw_to_ton, units.ton_to_kw),
    (units.kw_to_btu_h, units.btu_h_to_kw),
    (units.lpm_to_gpm, units.gpm_to_lpm),
    (units.kpa_to_psi, units.psi_to_kpa),
    (units.c_to_f, units.f_to_c),
    (units.m3_h_to_cfm, units.cfm_to_m3_h),
]


@pytest.mark.parametrize(("there", "back"), PAIRS)
@given(value=st.floats(min_value=-1e6, max_value=1e6))
def test_conversions_round_trip(there, back, value):
    assert back(there(value)) == pytest.approx(value, rel=1e-12, abs=1e-10)


def test_current_of_a_large_feeder():
    assert units.three_phase_current_a(1500.0, 415.0, 0.95) == pytest.approx(2196.6402, rel=1e-6)


def test_usable_power_of_a_busway_under_the_continuous_rule():
    usable_kw = 0.8 * units.three_phase_power_kw(1600.0, 415.0, 0.95)

    assert usable_kw == pytest.approx(874.06212, rel=1e-6)
    assert int(usable_kw // 132.0) == 6


def test_current_of_one_rack():
    assert units.three_phase_current_a(132.0, 415.0, 0.95) == pytest.approx(193.0, abs=0.5)
    assert units.three_phase_current_a(132.0, 480.0, 0.95) == pytest.approx(167.0, abs=0.5)
