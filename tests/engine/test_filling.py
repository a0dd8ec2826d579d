"""What loops hold: by hand for water, whose densities and vapour pressure are in any table."""

import pytest

from engine.assumptions import Assumptions
from engine.cooling.filling import filling
from engine.errors import OutOfRange

LINES = Assumptions.load()


def test_a_loop_of_water_by_hand():
    found = filling("water", pipe_litres=800.0, heat_kw=1000.0, return_c=50.0, assumptions=LINES)

    litres = 800.0 + 1000.0 * LINES.value("transient.plate_litres_per_kw")
    swell = 999.10 / 988.03 - 1.0
    assert found.litres == pytest.approx(litres)
    assert found.vessel_litres == pytest.approx(litres * swell / (1.0 - 200.0 / 400.0), rel=0.01)
    assert found.npsh_m == pytest.approx((200e3 - 12_352.0) / (988.03 * 9.80665), rel=1e-3)


def test_a_loop_as_cold_as_it_was_filled_needs_no_vessel():
    found = filling("pg25_mass", pipe_litres=800.0, heat_kw=0.0, return_c=10.0, assumptions=LINES)

    assert found.vessel_litres == 0.0


def test_a_pressure_that_does_not_rise_is_refused():
    lines = Assumptions.load({"tcs.highest_kpa": 150.0})
    with pytest.raises(OutOfRange, match="highest pressure"):
        filling("water", pipe_litres=8.0, heat_kw=1.0, return_c=50.0, assumptions=lines)
