"""Weather files: three formats read, wrong lines named, hostile files refused in time."""

import pytest

from engine.climate.weather import WeatherInvalid
from layouts.errors import FileRefused
from layouts.gate import parsed_by
from tests.weather.files import EPW_HEAD, epw
from weather import reader
from weather.hours import year_of
from weather.reader import RefusedFile, read
from weather.samples import SAMPLES, sample_year


def test_an_epw_file_is_read():
    year = year_of(read(epw()))

    assert year.name == "Testville, TST"
    assert (len(year), year.filled_hours, year.elevation_m) == (8760, 0, 100.0)
    assert year.pressure_pa[0] == 100_100.0
    assert year.dry_bulb_c.mean() == pytest.approx(11.0, abs=0.1)


@pytest.mark.parametrize("sample", SAMPLES)
def test_the_samples_are_whole_years(sample):
    assert len(sample_year(sample)) == 8760


@pytest.mark.parametrize(
    ("sample", "place"),
    [
        ("sample-greensboro", ("Greensboro Piedmont Triad Int, NC", 36.1, -79.95, 273.0)),
        ("sample-sand-point", ("Sand Point, AK", 55.317, -160.517, 7.0)),
        ("sample-miami", ("Miami, FL", 25.8, -80.267, 2.0)),
    ],
)
def test_the_samples_say_where_they_are(sample, place):
    year = sample_year(sample)

    assert year.name == place[0]
    found = (year.latitude_deg, year.longitude_deg, year.elevation_m)
    assert found == pytest.approx(place[1:], abs=1e-3)


def test_missing_fields_are_filled_when_short_and_refused_when_long():
    gone = ("99.9", "99.9", "999999")
    short = year_of(read(epw(change={50: gone, 51: gone})))

    assert short.filled_hours == 2
    with pytest.raises(WeatherInvalid, match="3 January 02:00 to 3 January 06:00"):
        year_of(read(epw(change=dict.fromkeys(range(50, 55), gone))))


def test_a_missing_week_names_its_hours():
    with pytest.raises(WeatherInvalid, match="12 March 00:00 to 18 March 23:00"):
        year_of(read(epw(without=range(24 * 70, 24 * 77))))


def test_a_file_without_pressure_takes_that_of_its_height():
    year = year_of(read(epw(change=dict.fromkeys(range(8760), ("10", "5", "999999")))))

    assert year.pressure_pa == pytest.approx(100_129, abs=20)


def test_every_wrong_line_is_named():
    with pytest.raises(RefusedFile) as caught:
        read(epw(change={10: ("abc", "5", "1"), 20: ("10", "nan", "1"), 30: ("10", "5", "1e999")}))

    answer = caught.value.answer
    assert [each["line"] for each in answer["errors"]] == [19, 29, 39]
    assert answer["detail"].startswith("Line 19: the dry bulb 'abc' is not a number.")
    assert "2 more lines" in answer["detail"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"\n\n", "empty"),
        (b"PK\x03\x04\x00\x00", "not-weather"),
        (b"a,b,c\n1,2,3\n", "not-weather"),
        (EPW_HEAD.encode(), "empty"),
        (EPW_HEAD.replace(",50.0,", ",north,").encode(), "bad-line"),
        (EPW_HEAD.replace(",50.0,", ",95.0,").encode(), "bad-line"),
        (EPW_HEAD.replace("PERIODS,1,1", "PERIODS,1,4").encode(), "several-records"),
        (b"LOCATION,a,b\n", "bad-line"),
        (b"1,2\nDate (MM/DD/YYYY),x\n", "bad-line"),
        (b"1,A,NC,-5,36,-79,273\nDate (MM/DD/YYYY),Time (HH:MM)\n", "bad-line"),
        (b"LOCATION," + b"\n" * 30_000, "too-long"),
        (EPW_HEAD.encode() + b"1999,1,1,1\n", "bad-line"),
        (EPW_HEAD.encode() + b'1999,1,1,1,60,"' + b"x" * 200_000 + b'",1,1,1,1\n', "bad-line"),
    ],
)
def test_what_is_no_weather_is_refused_with_a_reason(content, reason):
    with pytest.raises(RefusedFile) as caught:
        read(content)

    assert caught.value.answer["reason"] == reason


def test_the_child_reads_and_refuses_like_the_reader():
    assert parsed_by(reader, epw())["format"] == "EPW"
    with pytest.raises(FileRefused) as caught:
        parsed_by(reader, epw(change={10: ("abc", "5", "1")}))
    assert caught.value.context["errors"][0]["line"] == 19


def test_a_file_that_is_too_big_never_reaches_the_child():
    with pytest.raises(FileRefused, match="at most"):
        parsed_by(reader, b"x" * 100, max_bytes=99)


def test_a_child_without_enough_memory_is_no_crash():
    with pytest.raises(FileRefused):
        parsed_by(reader, epw() + b" " * 6_000_000, memory_bytes=12 * 1024 * 1024)
