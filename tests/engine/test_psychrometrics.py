"""Moist air: the relations agree with each other, at every height and on both sides of freezing."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.climate import psychrometrics as air
from engine.climate import wet_bulb
from engine.errors import OutOfRange

dry_bulbs = st.floats(-50.0, 60.0)
shares = st.floats(0.01, 1.0)
pressures = st.floats(60_000.0, 108_000.0)


@given(dry=dry_bulbs, share=shares)
def test_the_dew_point_saturates_the_vapour(dry, share):
    dew = air.dew_point_from_relative_humidity_c(dry, share)

    assert air.saturation_pressure_pa(dew) == pytest.approx(
        float(share * air.saturation_pressure_pa(dry)), rel=1e-3 if abs(dew) < 0.02 else 1e-8
    )


@given(dry=dry_bulbs, share=shares, pressure=pressures)
def test_the_wet_bulb_lies_between_dew_point_and_dry_bulb(dry, share, pressure):
    dew = float(air.dew_point_from_relative_humidity_c(dry, share))

    wet = float(wet_bulb.wet_bulb_from_dew_point_c(dry, dew, pressure))

    assert dew - 0.05 <= wet <= dry


@given(dry=dry_bulbs, share=shares, pressure=pressures)
def test_the_wet_bulb_gives_its_humidity_back(dry, share, pressure):
    vapour = share * float(air.saturation_pressure_pa(dry))
    ratio = float(air.humidity_ratio(vapour, pressure))

    wet = wet_bulb.wet_bulb_c(dry, ratio, pressure)

    again = float(wet_bulb.humidity_ratio_from_wet_bulb(dry, wet, pressure))
    assert again == pytest.approx(max(ratio, wet_bulb.DRIEST), rel=1e-6, abs=1e-9)


@given(dry=dry_bulbs, share=shares, pressure=pressures)
def test_relative_humidity_and_dew_point_lead_to_one_wet_bulb(dry, share, pressure):
    dew = air.dew_point_from_relative_humidity_c(dry, share)

    by_share = wet_bulb.wet_bulb_from_relative_humidity_c(dry, share, pressure)

    assert by_share == pytest.approx(
        float(wet_bulb.wet_bulb_from_dew_point_c(dry, dew, pressure)), abs=0.01
    )


def test_near_freezing_the_answer_over_water_is_taken():
    wet = wet_bulb.wet_bulb_c(4.0, wet_bulb.humidity_ratio_from_wet_bulb(4.0, 0.1, 101_325.0))

    assert wet == pytest.approx(0.1, abs=1e-6)


def test_many_hours_give_what_each_gives_alone():
    dry = np.linspace(-40.0, 45.0, 200).reshape(20, 10)
    dew = dry - np.linspace(0.0, 25.0, 200).reshape(20, 10)

    together = wet_bulb.wet_bulb_from_dew_point_c(dry, dew, 95_000.0)

    assert together.shape == dry.shape
    alone = [
        float(wet_bulb.wet_bulb_from_dew_point_c(t, d, 95_000.0))
        for t, d in zip(dry.flat, dew.flat, strict=True)
    ]
    assert together.ravel() == pytest.approx(alone, abs=1e-7)


def test_no_hours_give_no_wet_bulbs():
    assert wet_bulb.wet_bulb_c(np.zeros(0), np.zeros(0)).shape == (0,)


def test_the_standard_atmosphere():
    assert air.pressure_at_elevation_pa([0.0, 1500.0]) == pytest.approx(
        [101_325.0, 84_556.0], abs=2
    )


@pytest.mark.parametrize(
    ("call", "quantity"),
    [
        (lambda: air.saturation_pressure_pa(300.0), "temp_c"),
        (lambda: air.saturation_pressure_pa(float("nan")), "temp_c"),
        (lambda: air.dew_point_c(0.0), "vapour_pressure"),
        (lambda: air.humidity_ratio(2e5, 1e5), "vapour_pressure"),
        (lambda: wet_bulb.humidity_ratio_from_wet_bulb(20.0, 25.0), "wet_bulb"),
        (lambda: wet_bulb.wet_bulb_c(20.0, -0.1), "humidity_ratio"),
        (lambda: wet_bulb.wet_bulb_c(20.0, 0.01, 101.325), "pressure_pa"),
        (lambda: air.pressure_at_elevation_pa(20_000.0), "elevation_m"),
    ],
)
def test_numbers_outside_the_range_are_named(call, quantity):
    with pytest.raises(OutOfRange) as caught:
        call()

    assert caught.value.context["quantity"] == quantity
