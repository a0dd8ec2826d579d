"""A year of weather is whole or refused in words; design days and warming follow from it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.climate.classes import UnknownClass, class_limit_c, facility_water_class
from engine.climate.design import design_conditions, exceeded, return_period_extreme_c
from engine.climate.weather import (
    WeatherInvalid,
    from_stamps,
    hour_name,
    hours_above,
    month_of_hour,
    warmed,
    weather_year,
)
from engine.errors import OutOfRange
from tests.engine.climate import synthetic_year

STAMPS = [
    (month, day, hour)
    for month, days in enumerate((31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31), start=1)
    for day in range(1, days + 1)
    for hour in range(1, 25)
]


def dated(keep=lambda i: True, stamps=STAMPS):
    year = synthetic_year()
    rows = [i for i in range(len(stamps)) if keep(i)]
    columns = [
        np.resize(column, len(stamps))[rows]
        for column in (year.dry_bulb_c, year.dew_point_c, year.pressure_pa)
    ]
    return from_stamps("test", [stamps[i] for i in rows], columns)


def test_dated_hours_make_the_same_year_in_any_order():
    year = synthetic_year()
    mixed = np.random.default_rng(1).permutation(8760)

    found = from_stamps(
        "test",
        [STAMPS[i] for i in mixed],
        [column[mixed] for column in (year.dry_bulb_c, year.dew_point_c, year.pressure_pa)],
    )

    assert found.digest == year.digest
    assert found.filled_hours == 0


def test_a_missing_week_is_named():
    with pytest.raises(WeatherInvalid) as caught:
        dated(lambda i: not 24 * 70 <= i < 24 * 77)

    assert "168 of 8,760 hours are missing" in caught.value.detail
    assert "12 March 00:00 to 18 March 23:00" in caught.value.detail
    assert caught.value.context["missing"] == [["12 March 00:00", "18 March 23:00", 168]]


def test_two_missing_hours_are_filled_and_counted():
    found = dated(lambda i: i not in (100, 101))
    whole = synthetic_year().dry_bulb_c

    assert found.filled_hours == 2
    low, high = sorted((whole[99], whole[102]))
    assert low <= found.dry_bulb_c[100] <= high


def test_a_gap_over_new_year_is_one_gap_of_its_parts():
    found = dated(lambda i: i not in (0, 8759))

    assert found.filled_hours == 2
    assert np.isfinite(found.dry_bulb_c).all()


def test_an_hour_that_stands_twice_is_named():
    with pytest.raises(WeatherInvalid, match="1 January 05:00 stands 2 times"):
        dated(stamps=[*STAMPS, (1, 1, 6)])


def test_a_leap_year_has_its_day():
    leap = [*STAMPS, *((2, 29, hour) for hour in range(1, 25))]

    assert len(dated(stamps=leap)) == 8784
    assert np.bincount(month_of_hour(8784))[1] == 29 * 24


@pytest.mark.parametrize("stamp", [(13, 1, 1), (2, 30, 1), (1, 1, 0), (1, 1, 25)])
def test_a_date_that_does_not_exist_is_refused(stamp):
    with pytest.raises(WeatherInvalid, match="there is no such hour"):
        dated(stamps=[*STAMPS[:-1], stamp])


@pytest.mark.parametrize(
    ("column", "value"), [(0, 99.9), (0, np.nan), (1, np.inf), (2, 1013.0), (0, -273.0)]
)
def test_a_state_that_air_cannot_have_is_refused_with_its_hour(column, value):
    year = synthetic_year()
    columns = [year.dry_bulb_c.copy(), year.dew_point_c.copy(), year.pressure_pa.copy()]
    columns[column][30] = value

    with pytest.raises(WeatherInvalid, match="2 January 06:00"):
        weather_year("test", *columns)


def test_a_dew_point_above_its_dry_bulb_counts_as_saturation():
    year = weather_year("test", np.full(8760, 10.0), np.full(8760, 10.4), 100_000.0)

    assert year.wet_bulb_c == pytest.approx(10.0, abs=1e-6)


@settings(deadline=None, max_examples=20)
@given(by=st.floats(-5.0, 5.0).filter(lambda by: by == 0.0 or abs(by) > 1e-3))
def test_warming_moves_every_dry_bulb_and_keeps_the_order_of_bulbs(by):
    year = synthetic_year()

    found = warmed(year, by)

    assert found.dry_bulb_c == pytest.approx(year.dry_bulb_c + by)
    assert np.all(found.wet_bulb_c <= found.dry_bulb_c)
    assert found.wet_bulb_c.mean() - year.wet_bulb_c.mean() == pytest.approx(by, abs=0.5 * abs(by))


def test_no_warming_changes_nothing():
    assert warmed(synthetic_year(), 0.0).digest == synthetic_year().digest


def test_design_days_by_counting():
    year = synthetic_year()

    found = design_conditions(year, 1.5)

    assert hours_above(year.dry_bulb_c, found.dry_bulb_c) == pytest.approx(35, abs=1)
    assert hours_above(year.wet_bulb_c, found.wet_bulb_c) == pytest.approx(35, abs=1)
    assert found.coincident_wet_bulb_c <= found.dry_bulb_c
    assert found.dry_bulb_c < found.extreme_20_years_c < found.extreme_50_years_c
    assert hours_above(year.dry_bulb_c, found.cold_dry_bulb_c) == pytest.approx(8725, abs=1)


def test_the_extreme_of_two_years_is_near_the_mean_maximum():
    assert return_period_extreme_c(35.0, 2.0, 2.0) == pytest.approx(35.0 - 0.1643 * 2.0, abs=1e-3)
    assert return_period_extreme_c(35.0, 2.0, 50.0) == pytest.approx(35.0 + 2.592 * 2.0, abs=1e-2)


@pytest.mark.parametrize(
    "call",
    [
        lambda: exceeded([], 0.4),
        lambda: exceeded([1.0], 0.0),
        lambda: return_period_extreme_c(30.0, 1.0, 1.0),
        lambda: return_period_extreme_c(30.0, -1.0, 20.0),
        lambda: facility_water_class(float("nan")),
        lambda: facility_water_class(-5.0),
        lambda: warmed(synthetic_year(), 40.0),
    ],
)
def test_what_makes_no_sense_is_refused(call):
    with pytest.raises(OutOfRange):
        call()


@given(temp=st.floats(0.0, 100.0))
def test_a_class_holds_its_temperature(temp):
    limit = class_limit_c(str(facility_water_class(temp)))

    assert limit is None or temp <= limit + 1e-9


def test_an_unknown_class_is_refused():
    with pytest.raises(UnknownClass):
        class_limit_c("W99")


def test_hours_have_names():
    assert hour_name(0) == "1 January 00:00"
    assert hour_name(8759) == "31 December 23:00"
    assert hour_name(31 * 24 + 28 * 24, 8784) == "29 February 00:00"
