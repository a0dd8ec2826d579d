import pytest

from engine.cooling.air import air_density_kg_m3, airflow_m3_s, fan_power_kw, fans_after_loss
from engine.errors import OutOfRange


def test_air_is_thinner_up_high_and_asks_for_more_flow():
    low, high = air_density_kg_m3(0.0, 25.0), air_density_kg_m3(2000.0, 25.0)

    assert low == pytest.approx(1.184, abs=1e-3)
    assert high / low == pytest.approx(0.785, abs=1e-3)
    assert airflow_m3_s(100.0, 12.0, high) > airflow_m3_s(100.0, 12.0, low)


def test_the_units_that_are_left_run_faster_until_full_speed():
    speed, power, given = fans_after_loss(2.0, 0.6, units=4)
    assert (speed, given) == (pytest.approx(0.8), pytest.approx(1.0))
    assert power == pytest.approx(2.0 * (4 / 3) ** 3)

    speed, _, given = fans_after_loss(2.0, 0.9, units=4)
    assert speed == 1.0
    assert given == pytest.approx(1.0 / 1.2)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: air_density_kg_m3(60_000.0, 20.0),
        lambda: airflow_m3_s(10.0, 0.0, 1.2),
        lambda: fan_power_kw(1.0, 100.0, 0.0),
        lambda: fans_after_loss(1.0, 0.5, units=1),
        lambda: fans_after_loss(1.0, 1.5, units=3),
    ],
)
def test_impossible_air_is_refused(wrong):
    with pytest.raises(OutOfRange):
        wrong()
