"""The year of a place, hour by hour, as a value that is whole or refused."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.climate.psychrometrics import (
    dew_point_from_relative_humidity_c,
    relative_humidity,
    saturation_humidity_ratio,
    within,
)
from engine.climate.wet_bulb import wet_bulb_c, wet_bulb_from_dew_point_c
from engine.errors import Invalid
from engine.plant import Floats, Ints
from engine.ranges import bounded

MONTH_DAYS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
YEAR_H, LEAP_YEAR_H = 8760, 8784
LONGEST_GAP_H: Final = 3  # filled with a straight line, and counted
COLDEST_C, HOTTEST_C = -90.0, 60.0
LOWEST_PA, HIGHEST_PA = 40_000.0, 110_000.0


class WeatherInvalid(Invalid):
    """The hours do not make a year."""

    code = "weather-invalid"
    title = "The weather is not a whole year"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WeatherYear:
    """Outdoor air in every hour of a year. Make one with `weather_year` or `from_stamps`."""

    name: str
    dry_bulb_c: Floats
    dew_point_c: Floats
    wet_bulb_c: Floats
    pressure_pa: Floats
    elevation_m: float
    latitude_deg: float | None = None
    longitude_deg: float | None = None
    source: str = ""
    filled_hours: int = 0
    warming_k: float = 0.0

    def __len__(self) -> int:
        return len(self.dry_bulb_c)

    @property
    def digest(self) -> str:
        """SHA-256 over the hours: equal digests give equal years."""
        digest = hashlib.sha256()
        for column in (self.dry_bulb_c, self.dew_point_c, self.pressure_pa):
            digest.update(np.ascontiguousarray(column, dtype="<f8").tobytes())
        return digest.hexdigest()


def weather_year(
    name: str,
    dry_bulb_c: ArrayLike,
    dew_point_c: ArrayLike,
    pressure_pa: ArrayLike,
    *,
    elevation_m: float = 0.0,
    latitude_deg: float | None = None,
    longitude_deg: float | None = None,
    source: str = "",
    filled_hours: int = 0,
) -> WeatherYear:
    """A year from its hours, checked, with the wet bulb worked out.

    Parameters
    ----------
    name : str
        Of the place.
    dry_bulb_c, dew_point_c : array_like, shape (8760,) or (8784,)
        From the first hour of January. A dew point above its dry bulb counts as saturation. [°C]
    pressure_pa : array_like, shape () or that of the hours
        Station pressure. [Pa]
    elevation_m : float
        Height above the sea. [m]
    latitude_deg, longitude_deg : float or None
        Where it is. [°]
    source : str
        Where the hours come from.
    filled_hours : int
        How many of them were not measured.

    Returns
    -------
    WeatherYear
        Never holds a number that is not finite.

    Raises
    ------
    WeatherInvalid
        If the hours are not those of one year, or one is not a possible state of air.

    Notes
    -----
    Definition.
    """
    columns = {
        "dry bulb": np.asarray(dry_bulb_c, dtype=np.float64),
        "dew point": np.asarray(dew_point_c, dtype=np.float64),
    }
    count = len(columns["dry bulb"]) if columns["dry bulb"].ndim == 1 else 0
    if count not in (YEAR_H, LEAP_YEAR_H) or columns["dew point"].shape != (count,):
        raise WeatherInvalid(
            f"A year has {YEAR_H:,} or {LEAP_YEAR_H:,} hours in each column; here are "
            f"{columns['dry bulb'].size:,} dry bulbs and {columns['dew point'].size:,} dew points.",
            hours=count,
        )
    columns["pressure"] = np.broadcast_to(np.asarray(pressure_pa, dtype=np.float64), (count,))
    limits = {
        "dry bulb": (COLDEST_C, HOTTEST_C, "°C"),
        "dew point": (COLDEST_C, HOTTEST_C, "°C"),
        "pressure": (LOWEST_PA, HIGHEST_PA, "Pa"),
    }
    for title, values in columns.items():
        low, high, unit = limits[title]
        good = np.isfinite(values) & (values >= low) & (values <= high)
        if not good.all():
            at = int(np.flatnonzero(~good)[0])
            raise WeatherInvalid(
                f"The {title} of {hour_name(at, count)} is {values[at]:g} {unit}, outside "
                f"{low:g} to {high:g}; {int((~good).sum()):,} hours are like that. Correct them "
                "in the file, or leave their lines out if they are three in a row at most.",
                hour=at,
            )
    dry = columns["dry bulb"].copy()
    dew = np.minimum(columns["dew point"], dry)
    pressure = columns["pressure"].copy()
    return WeatherYear(
        name=name,
        dry_bulb_c=_frozen(dry),
        dew_point_c=_frozen(dew),
        wet_bulb_c=_frozen(wet_bulb_from_dew_point_c(dry, dew, pressure)),
        pressure_pa=_frozen(pressure),
        elevation_m=elevation_m,
        latitude_deg=latitude_deg,
        longitude_deg=longitude_deg,
        source=source,
        filled_hours=filled_hours,
    )


def from_stamps(
    name: str,
    stamps: Sequence[tuple[int, int, int]],
    columns: tuple[ArrayLike, ArrayLike, ArrayLike],
    *,
    elevation_m: float = 0.0,
    latitude_deg: float | None = None,
    longitude_deg: float | None = None,
    source: str = "",
) -> WeatherYear:
    """A year from dated hours in any order, with short gaps filled and long ones named.

    Parameters
    ----------
    name : str
        Of the place.
    stamps : sequence of (month, day, hour)
        1 to 12, 1 to 31, 1 to 24: the hour that ends then. The year of a date does not count,
        since a typical year is put together from several.
    columns : (dry_bulb_c, dew_point_c, pressure_pa)
        One number per stamp; one that is not finite counts as missing. [°C, °C, Pa]
    elevation_m, latitude_deg, longitude_deg, source
        As for `weather_year`.

    Returns
    -------
    WeatherYear
        Of 8,784 hours when 29 February is there, else of 8,760.

    Raises
    ------
    WeatherInvalid
        If hours stand twice, dates do not exist, or more than three hours in a row are
        missing: the message names the first and last of them.

    Notes
    -----
    Definition.
    """
    table = np.asarray(stamps, dtype=np.int64).reshape(-1, 3)
    given = [np.asarray(column, dtype=np.float64) for column in columns]
    leap = bool(np.any((table[:, 0] == 2) & (table[:, 1] == 29)))
    count = LEAP_YEAR_H if leap else YEAR_H
    at = _position(table, leap=leap)
    seen = np.bincount(at, minlength=count)
    if np.any(seen > 1):
        twice = int(np.flatnonzero(seen > 1)[0])
        raise WeatherInvalid(
            f"{hour_name(twice, count)} stands {seen[twice]} times in the file; "
            f"{int((seen > 1).sum()):,} hours do. Keep one line for each hour.",
            hour=twice,
        )
    known = np.zeros(count, dtype=bool)
    known[at] = np.all([np.isfinite(column) for column in given], axis=0)
    gaps = _runs(~known)
    long = [(first, last) for first, last in gaps if last - first + 1 > LONGEST_GAP_H]
    if long:
        first, last = long[0]
        total = int((~known).sum())
        others = f" and {len(long) - 1} further gaps" if len(long) > 1 else ""
        raise WeatherInvalid(
            f"{total:,} of {count:,} hours are missing: {hour_name(first, count)} to "
            f"{hour_name(last, count)} ({last - first + 1:,} hours){others}. Fill the gap from "
            f"another year or station; up to {LONGEST_GAP_H} hours in a row are filled here.",
            missing=[[hour_name(a, count), hour_name(b, count), b - a + 1] for a, b in long[:20]],
        )
    hours = np.arange(count)
    full = []
    for column in given:
        placed = np.full(count, np.nan)
        placed[at] = column
        full.append(np.interp(hours, hours[known], placed[known], period=count))
    return weather_year(
        name,
        *full,
        elevation_m=elevation_m,
        latitude_deg=latitude_deg,
        longitude_deg=longitude_deg,
        source=source,
        filled_hours=int((~known).sum()),
    )


def warmed(year: WeatherYear, warming_k: float) -> WeatherYear:
    """The same year in a warmer climate.

    Parameters
    ----------
    year : WeatherYear
        The hours as they were.
    warming_k : float
        Added to every dry bulb, -10 to 10. [K]

    Returns
    -------
    WeatherYear
        With the relative humidity of each hour kept, so that the air also holds more water.

    Raises
    ------
    OutOfRange
        If the warming lies outside its range.

    Notes
    -----
    Relative humidity changes little while the climate warms [1]_.

    References
    ----------
    .. [1] I. M. Held and B. J. Soden, "Robust responses of the hydrological cycle to global
       warming," J. Climate, vol. 19, pp. 5686-5699, 2006, doi:10.1175/JCLI3990.1.
    """
    by = float(within("warming_k", warming_k, -10.0, 10.0, "K"))
    if by == 0.0:
        return year
    ratio = saturation_humidity_ratio(year.dew_point_c, year.pressure_pa)
    humidity = np.minimum(relative_humidity(year.dry_bulb_c, ratio, year.pressure_pa), 1.0)
    dry = year.dry_bulb_c + by
    dew = np.minimum(dew_point_from_relative_humidity_c(dry, humidity), dry)
    wet = wet_bulb_c(dry, saturation_humidity_ratio(dew, year.pressure_pa), year.pressure_pa)
    return replace(
        year,
        dry_bulb_c=_frozen(dry),
        dew_point_c=_frozen(dew),
        wet_bulb_c=_frozen(wet),
        warming_k=year.warming_k + by,
    )


def hours_above(values: ArrayLike, threshold: float) -> int:
    """Hours whose value lies above a threshold.

    Raises
    ------
    OutOfRange
        If a value or the threshold is no number.

    Notes
    -----
    Definition.
    """
    return int(np.count_nonzero(bounded("The value", values) > bounded("The threshold", threshold)))


def month_of_hour(count: int) -> Ints:
    """Month of each hour of a year, 0 to 11.

    Parameters
    ----------
    count : int
        8,760 or 8,784.

    Returns
    -------
    array, shape (count,)
        0 for January.

    Raises
    ------
    WeatherInvalid
        If no year has so many hours.

    Notes
    -----
    Definition.
    """
    if count not in (YEAR_H, LEAP_YEAR_H):
        raise WeatherInvalid(f"No year has {count:,} hours.", hours=count)
    days = np.asarray(_month_days(leap=count == LEAP_YEAR_H))
    return np.repeat(np.arange(12), 24 * days)


def hour_name(hour: int, count: int = YEAR_H) -> str:
    """An hour of the year in words, e.g. "12 March 01:00", by the hour that begins.

    Notes
    -----
    Definition.
    """
    day, of_day = divmod(hour, 24)
    for month, days in zip(MONTHS, _month_days(leap=count == LEAP_YEAR_H), strict=True):
        if day < days:
            return f"{day + 1} {month} {of_day:02d}:00"
        day -= days
    raise WeatherInvalid(f"Hour {hour:,} lies outside the year.", hour=hour)


def _month_days(*, leap: bool) -> tuple[int, ...]:
    return (31, 29, *MONTH_DAYS[2:]) if leap else MONTH_DAYS


def _position(table: NDArray[np.int64], *, leap: bool) -> Ints:
    days = np.asarray(_month_days(leap=leap))
    month, day, hour = table.T
    good = (month >= 1) & (month <= 12) & (hour >= 1) & (hour <= 24) & (day >= 1)
    good &= day <= days[np.clip(month, 1, 12) - 1]
    if not good.all():
        at = int(np.flatnonzero(~good)[0])
        raise WeatherInvalid(
            f"Line {at + 1} of the hours is dated month {month[at]}, day {day[at]}, hour "
            f"{hour[at]}: there is no such hour. Hours count from 1 to 24.",
            position=at,
        )
    first = np.concatenate([[0], np.cumsum(days)[:-1]])
    return np.asarray((first[month - 1] + day - 1) * 24 + hour - 1, dtype=np.int64)


def _runs(flags: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """First and last index of every run of set flags."""
    edges = np.diff(np.concatenate([[0], flags.astype(np.int8), [0]]))
    starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1) - 1
    return list(zip(starts.tolist(), ends.tolist(), strict=True))


def _frozen(values: Floats) -> Floats:
    array = np.ascontiguousarray(values, dtype=np.float64)
    array.setflags(write=False)
    return array
