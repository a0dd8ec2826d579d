"""Conversions between the units of the engine and those of the field."""

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
