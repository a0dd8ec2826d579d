"""Reads an untrusted EPW, TMY3 or TMY2 file, in the confined child (`layouts.confinement`)."""

import csv
import math
from collections.abc import Iterator
from typing import Any

from layouts.confinement import RefusedFile

MAX_LINES = 20_000
MAX_PROBLEMS = 20
MAX_TEXT = 120
PA_PER_MBAR = 100.0
EPW_HEADER = 8
EPW_MISSING = {"dry bulb": 99.9, "dew point": 99.9, "pressure": 999_999.0}
TMY2_LINE = 88
COLUMNS = ("dry bulb", "dew point", "pressure")
TMY3_COLUMNS = {
    "dry bulb": "Dry-bulb (C)",
    "dew point": "Dew-point (C)",
    "pressure": "Pressure (mbar)",
}


class Hours:
    """What was read so far, and what could not be."""

    def __init__(self, kind: str, place: dict[str, Any]) -> None:
        self.kind, self.place = kind, place
        self.stamps: list[tuple[int, int, int]] = []
        self.columns: dict[str, list[float | None]] = {name: [] for name in COLUMNS}
        self.problems: list[dict[str, Any]] = []
        self.wrong = 0

    def add(self, line: int, stamp: tuple[str, str, str], values: dict[str, str]) -> None:
        """One hour, or a note of what is wrong with its line."""
        try:
            month, day, hour = (int(part) for part in stamp)
            numbers = {name: self._number(name, values[name]) for name in COLUMNS}
        except ValueError as error:
            self.refuse(line, str(error))
            return
        self.stamps.append((month, day, hour))
        for name, value in numbers.items():
            self.columns[name].append(value)

    def refuse(self, line: int, message: str) -> None:
        """Note what is wrong with a line."""
        self.wrong += 1
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append({"line": line, "message": message[:MAX_TEXT]})

    def _number(self, name: str, text: str) -> float | None:
        stripped = text.strip()
        if not stripped:
            return None
        try:
            value = float(stripped)
        except ValueError:
            raise ValueError(f"the {name} {stripped[:30]!r} is not a number") from None
        if not math.isfinite(value):
            raise ValueError(f"the {name} {stripped[:30]!r} is not a finite number")
        return value

    def answer(self) -> dict[str, Any]:
        """The hours as plain values.

        Raises
        ------
        RefusedFile
            If any line was wrong, or there are no hours at all.
        """
        if self.problems:
            first = self.problems[0]
            more = f" {self.wrong - 1:,} more lines are wrong." if self.wrong > 1 else ""
            detail = f"Line {first['line']}: {first['message']}.{more}"
            raise RefusedFile("bad-line", detail, self.problems)
        if not self.stamps:
            raise RefusedFile("empty", "The file has a header and no hours.")
        return {
            "format": self.kind,
            **self.place,
            "stamps": self.stamps,
            "dry_bulb_c": self.columns["dry bulb"],
            "dew_point_c": self.columns["dew point"],
            "pressure_pa": self.columns["pressure"],
        }


def read(content: bytes) -> dict[str, Any]:
    """The hours in a weather file, whichever of the three formats it has."""
    if b"\0" in content[:4096]:
        raise RefusedFile("not-weather", "This is not a text file. Unpack an archive first.")
    lines = content.decode("utf-8-sig", errors="replace").splitlines()
    if len(lines) > MAX_LINES:
        raise RefusedFile(
            "too-long",
            f"The file has {len(lines):,} lines; a year of hours has about 8,770. Files with "
            "several records an hour are not read: average them first.",
        )
    if not lines or not lines[0].strip():
        raise RefusedFile("empty", "The file is empty.")
    if lines[0].upper().startswith("LOCATION,"):
        return _epw(lines)
    if len(lines) > 1 and lines[1].startswith("Date (MM/DD/YYYY)"):
        return _tmy3(lines)
    if len(lines) > 1 and len(lines[1]) >= TMY2_LINE and lines[1][1:9].isdigit():
        return _tmy2(lines)
    raise RefusedFile(
        "not-weather",
        "This is neither an EPW file (its first line begins with LOCATION), nor a TMY3 file "
        "(its second line names the columns), nor a TMY2 file.",
    )


def _rows(lines: list[str], start: int) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(lines[start:])
    while True:
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            line = start + reader.line_num
            raise RefusedFile("bad-line", f"Line {line}: {error}.") from error
        if row:
            yield start + reader.line_num, row


def _place(name: str, parts: tuple[str, str, str], source: str) -> dict[str, Any]:
    numbers: list[float] = []
    for title, text in zip(("latitude", "longitude", "elevation"), parts, strict=True):
        try:
            numbers.append(float(text))
        except ValueError:
            raise RefusedFile(
                "bad-line", f"Line 1: the {title} {text[:30]!r} is not a number."
            ) from None
    latitude, longitude, elevation = numbers
    if not (abs(latitude) <= 90.0 and abs(longitude) <= 180.0 and -500.0 <= elevation <= 9000.0):
        raise RefusedFile(
            "bad-line",
            f"Line 1: there is no place at {latitude:g}°, {longitude:g}°, {elevation:g} m.",
        )
    return {
        "name": " ".join(name.split())[:MAX_TEXT] or "Weather",
        "source": source[:MAX_TEXT],
        "latitude_deg": latitude,
        "longitude_deg": longitude,
        "elevation_m": elevation,
    }


def _epw(lines: list[str]) -> dict[str, Any]:
    head = next(csv.reader(lines[:1]))
    if len(head) < 10:
        raise RefusedFile("bad-line", "Line 1: LOCATION needs ten fields, up to the elevation.")
    name = ", ".join(part.strip() for part in (head[1], head[3]) if part.strip())
    hours = Hours("EPW", _place(name, (head[6], head[7], head[9]), f"EPW, {head[4].strip()}"))
    period = next((line for line in lines[:EPW_HEADER] if line.startswith("DATA PERIODS")), "")
    parts = period.split(",")
    if len(parts) > 2 and parts[2].strip() != "1":
        raise RefusedFile(
            "several-records",
            f"The file has {parts[2].strip()} records an hour; average them to one.",
        )
    for line, row in _rows(lines, EPW_HEADER):
        if len(row) < 10:
            hours.refuse(line, f"an hour needs at least ten fields, here are {len(row)}")
            continue
        values = dict(zip(COLUMNS, (row[6], row[7], row[9]), strict=True))
        hours.add(line, (row[1], row[2], row[3]), values)
    for name, missing in EPW_MISSING.items():
        hours.columns[name] = [
            None if value is not None and value >= missing else value
            for value in hours.columns[name]
        ]
    return hours.answer()


def _tmy3(lines: list[str]) -> dict[str, Any]:
    head = next(csv.reader(lines[:1]))
    if len(head) < 7:
        raise RefusedFile("bad-line", "Line 1: a TMY3 header needs seven fields.")
    place = _place(f"{head[1].title()}, {head[2]}", (head[4], head[5], head[6]), f"TMY3, {head[0]}")
    hours = Hours("TMY3", place)
    titles = next(csv.reader(lines[1:2]))
    lost = [title for title in TMY3_COLUMNS.values() if title not in titles]
    if lost:
        raise RefusedFile("bad-line", f"Line 2: the column {lost[0]!r} is missing.")
    at = {name: titles.index(title) for name, title in TMY3_COLUMNS.items()}
    for line, row in _rows(lines, 2):
        if len(row) <= max(at.values()):
            hours.refuse(line, f"the line ends after {len(row)} fields")
            continue
        month, _, rest = row[0].partition("/")
        hour = row[1].partition(":")[0]
        values = {name: row[column] for name, column in at.items()}
        hours.add(line, (month, rest.partition("/")[0], hour), values)
    _below_missing(hours, -900.0)
    return _in_pascal(hours)


def _tmy2(lines: list[str]) -> dict[str, Any]:
    words = lines[0].split()
    try:
        south = -1.0 if words[-7] == "S" else 1.0
        west = -1.0 if words[-4] == "W" else 1.0
        latitude = south * (float(words[-6]) + float(words[-5]) / 60.0)
        longitude = west * (float(words[-3]) + float(words[-2]) / 60.0)
    except (IndexError, ValueError):
        raise RefusedFile("bad-line", "Line 1: latitude and longitude cannot be read.") from None
    name = f"{' '.join(words[1:-9]).title()}, {words[-9]}"
    place = _place(name, (str(latitude), str(longitude), words[-1]), f"TMY2, {words[0]}")
    hours = Hours("TMY2", place)
    for line, text in enumerate(lines[1:], start=2):
        if not text.strip():
            continue
        if len(text) < TMY2_LINE:
            hours.refuse(line, f"the line ends after {len(text)} characters")
            continue
        values = {"dry bulb": text[67:71], "dew point": text[73:77], "pressure": text[84:88]}
        hours.add(line, (text[3:5], text[5:7], text[7:9]), values)
    for name in ("dry bulb", "dew point"):
        hours.columns[name] = [
            None if value is None or value >= 9999.0 else value / 10.0
            for value in hours.columns[name]
        ]
    return _in_pascal(hours)


def _below_missing(hours: Hours, least: float) -> None:
    """Fill-in values such as -9900 count as missing."""
    for name, values in hours.columns.items():
        hours.columns[name] = [
            None if value is not None and value < least else value for value in values
        ]


def _in_pascal(hours: Hours) -> dict[str, Any]:
    hours.columns["pressure"] = [
        None if value is None or value <= 0.0 or value >= 9999.0 else value * PA_PER_MBAR
        for value in hours.columns["pressure"]
    ]
    return hours.answer()
