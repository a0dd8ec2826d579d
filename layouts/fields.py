"""Field types of the design schema.

Each type checks a value, listing every problem with its path, and writes itself
as JSON Schema, so that the two can not drift apart.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

import shapely

from layouts.canonical import length_mm

MAX_TEXT = 2_000
MAX_NUMBER = 1e12
MAX_LENGTH_MM = 1e10
MAX_POINTS = 500

ID_PATTERN = "^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"
REFERENCE_PATTERN = ID_PATTERN[:-1] + "(/[a-z][a-z0-9-]{0,40})?$"
KEY_PATTERN = "^[^\\u0000-\\u001f\\ud800-\\udfff]{1,200}$"

_ID = re.compile(ID_PATTERN)
_REFERENCE = re.compile(REFERENCE_PATTERN)
_FORBIDDEN_CHARACTER = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff]")
_FORBIDDEN_IN_KEY = re.compile("[\x00-\x1f\ud800-\udfff\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, and where."""

    path: str
    message: str

    def to_json(self) -> dict[str, str]:
        """The form in which a problem goes out."""
        return {"path": self.path, "message": self.message}


class FieldType(Protocol):
    """What a value may be."""

    def check(self, value: Any, path: str, problems: list[Problem]) -> None:
        """Add every problem of a value to the list."""

    def json_schema(self) -> dict[str, Any]:
        """The same rule as JSON Schema."""


def shown(value: Any) -> str:
    """A value as a short piece of an error message."""
    text = repr(value) if not isinstance(value, Mapping | list) else type(value).__name__
    return text if len(text) <= 60 else text[:57] + "..."


def is_id(value: Any) -> bool:
    """Whether a value is a UUID in lower case."""
    return isinstance(value, str) and _ID.fullmatch(value) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A finite number within bounds."""

    minimum: float = -MAX_NUMBER
    maximum: float = MAX_NUMBER
    integral: bool = False

    def check(self, value: Any, path: str, problems: list[Problem]) -> None:
        """A boolean is not a number, nor is a number in quotes."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            problems.append(Problem(path, f"must be a number, not {shown(value)}"))
        elif not (isinstance(value, int) or math.isfinite(value)):
            problems.append(Problem(path, "must be a finite number"))
        elif self.integral and value != int(value):
            problems.append(Problem(path, f"must be a whole number, not {shown(value)}"))
        elif not self.minimum <= value <= self.maximum:
            bounds = f"from {self.minimum:g} to {self.maximum:g}"
            problems.append(Problem(path, f"must be {bounds}, not {shown(value)}"))

    def json_schema(self) -> dict[str, Any]:
        """A bounded number or integer."""
        return {
            "type": "integer" if self.integral else "number",
            "minimum": self.minimum,
            "maximum": self.maximum,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A line or a paragraph of text."""

    shortest: int = 0
    longest: int = MAX_TEXT

    def check(self, value: Any, path: str, problems: list[Problem]) -> None:
        """Control characters other than line breaks and tabs are refused."""
        if not isinstance(value, str):
            problems.append(Problem(path, f"must be text, not {shown(value)}"))
        elif len(value) > self.longest:
            problems.append(Problem(path, f"must have at most {self.longest} characters"))
        elif len(value) < self.shortest:
            problems.append(Problem(path, "must not be empty"))
        elif _FORBIDDEN_CHARACTER.search(value):
            problems.append(Problem(path, "must not contain control characters"))

    def json_schema(self) -> dict[str, Any]:
        """A string with its lengths."""
        return {"type": "string", "minLength": self.shortest, "maxLength": self.longest}


@dataclass(frozen=True, slots=True)
class Flag:
    """Yes or no."""

    def check(self, value: Any, path: str, problems: list[Problem]) -> None:
        """Zero and one do not pass."""
        if not isinstance(value, bool):
            problems.append(Problem(path, f"must be true or false, not {shown(value)}"))

    def json_schema(self) -> dict[str, Any]:
        """A boolean."""
        return {"type": "boolean"}


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words or numbers."""

    values: tuple[str | int, ...]

    def check(self, value: Any, path: str, problems: list[Problem]) -> None:
        """The message lists what is allowed."""
        if isinstance(value, bool | list | Mapping) or value not in self.values:
            allowed = ", ".join(map(str, self.values))
            problems.append(Problem(path, f"must be one of {allowed}, not {shown(value)}"))

    def json_schema(self) -> dict[str, Any]:
        """An enumeration."""
        return {"enum": list(self.values)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """The id of another element, or of a member of a module."""

    members: bool = False

    def check(self, value: Any, path: str, problems: list[Problem]) -> None:
        """Whether the element exists is for the document to say."""
        if not isinstance(value, str):
            problems.append(Problem(path, f"must be an element id, not {shown(value)}"))
        elif not (_REFERENCE if self.members else _ID).fullmatch(value):
            problems.append(Problem(path, f"must be a lower-case UUID, not {shown(value)}"))

    def json_schema(self) -> dict[str, Any]:
        """A string with the pattern of an id."""
        return {"type": "string", "pattern": REFERENCE_PATTERN if self.members else ID_PATTERN}


@dataclass(frozen=True, slots=True)
class Day:
    """A calendar day, YYYY-MM-DD."""

    def check(self, value: Any, path: str, problems: list[Problem]) -> None:
        """The day must exist."""
        try:
            is_day = isinstance(value, str) and date.fromisoformat(value).isoformat() == value
        except ValueError:
            is_day = False
        if not is_day:
            problems.append(Problem(path, f"must be a day as YYYY-MM-DD, not {shown(value)}"))

    def json_schema(self) -> dict[str, Any]:
        """A date string."""
        return {"type": "string", "format": "date"}


@dataclass(frozen=True, slots=True)
class Nullable:
    """A value, or null where there is none."""

    of: FieldType

    def check(self, value: Any, path: str, problems: list[Problem]) -> None:
        """Null passes."""
        if value is not None:
            self.of.check(value, path, problems)

    def json_schema(self) -> dict[str, Any]:
        """The inner schema or null."""
        return {"anyOf": [self.of.json_schema(), {"type": "null"}]}


@dataclass(frozen=True, slots=True)
class Either:
    """A number or a text; the first type that fits the value counts."""

    text: Text
    number: Number

    def check(self, value: Any, path: str, problems: list[Problem]) -> None:
        """Text is checked as text, everything else as a number."""
        chosen = self.text if isinstance(value, str) else self.number
        chosen.check(value, path, problems)

    def json_schema(self) -> dict[str, Any]:
        """Either schema."""
        return {"anyOf": [self.text.json_schema(), self.number.json_schema()]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """A list of values of one type."""

    of: FieldType
    longest: int

    def check(self, value: Any, path: str, problems: list[Problem]) -> None:
        """Each item is checked."""
        if not isinstance(value, list):
            problems.append(Problem(path, f"must be a list, not {shown(value)}"))
        elif len(value) > self.longest:
            problems.append(Problem(path, f"must have at most {self.longest} entries"))
        else:
            for index, item in enumerate(value):
                self.of.check(item, f"{path}[{index}]", problems)

    def json_schema(self) -> dict[str, Any]:
        """An array."""
        return {"type": "array", "items": self.of.json_schema(), "maxItems": self.longest}


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """An open mapping: any key, values of one type."""

    of: FieldType
    longest: int = 1_000

    def check(self, value: Any, path: str, problems: list[Problem]) -> None:
        """Keys are short text of the basic plane, so that both languages sort them alike."""
        if not isinstance(value, Mapping):
            problems.append(Problem(path, f"must be an object, not {shown(value)}"))
            return
        if len(value) > self.longest:
            problems.append(Problem(path, f"must have at most {self.longest} entries"))
            return
        for key, item in value.items():
            if not 0 < len(key) <= 200 or _FORBIDDEN_IN_KEY.search(key):
                problems.append(Problem(path, f"has the unusable name {shown(key)}"))
            else:
                self.of.check(item, f"{path}.{key}", problems)

    def json_schema(self) -> dict[str, Any]:
        """An object with free property names."""
        return {
            "type": "object",
            "additionalProperties": self.of.json_schema(),
            "maxProperties": self.longest,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """An object with named fields."""

    required: Mapping[str, FieldType] = field(default_factory=dict)
    optional: Mapping[str, FieldType] = field(default_factory=dict)

    def check(self, value: Any, path: str, problems: list[Problem]) -> None:
        """Missing and unknown fields are problems too."""
        if not isinstance(value, Mapping):
            problems.append(Problem(path, f"must be an object, not {shown(value)}"))
            return
        for name in self.required:
            if name not in value:
                problems.append(Problem(f"{path}.{name}", "is missing"))
        for name, item in value.items():
            known = self.required.get(name) or self.optional.get(name)
            if known is None:
                problems.append(Problem(f"{path}.{shown(name)[1:-1]}", "is not a known field"))
            else:
                known.check(item, f"{path}.{name}", problems)

    def json_schema(self) -> dict[str, Any]:
        """A closed object."""
        fields = {**self.required, **self.optional}
        schema: dict[str, Any] = {
            "type": "object",
            "properties": {name: kind.json_schema() for name, kind in fields.items()},
            "additionalProperties": False,
        }
        if self.required:
            schema["required"] = list(self.required)
        return schema


@dataclass(frozen=True, slots=True)
class Outline:
    """A simple polygon, given by its corners in mm, not closed."""

    def check(self, value: Any, path: str, problems: list[Problem]) -> None:
        """Corners are pairs of numbers, no side crosses another."""
        corners = _checked_points(value, path, problems)
        if corners is None:
            return
        if len(corners) < 3:
            problems.append(Problem(path, "must have at least 3 corners"))
        elif repeated := _repeated_corner(corners):
            problems.append(Problem(f"{path}[{repeated}]", "repeats the corner before it"))
        elif corners[0] == corners[-1]:
            problems.append(Problem(path, "must not repeat the first corner at the end"))
        elif not shapely.LinearRing(corners).is_simple:
            problems.append(Problem(path, "must not cross itself"))

    def json_schema(self) -> dict[str, Any]:
        """An array of pairs; that it is simple has no word in JSON Schema."""
        return _points_schema(fewest=3)


@dataclass(frozen=True, slots=True)
class Polyline:
    """An open line, given by its points in mm; it may cross itself, as pipes and trays do."""

    def check(self, value: Any, path: str, problems: list[Problem]) -> None:
        """Points are pairs of numbers, none where the one before is."""
        points = _checked_points(value, path, problems)
        if points is None:
            return
        if len(points) < 2:
            problems.append(Problem(path, "must have at least 2 points"))
        elif repeated := _repeated_corner(points):
            problems.append(Problem(f"{path}[{repeated}]", "repeats the point before it"))

    def json_schema(self) -> dict[str, Any]:
        """An array of pairs; that none repeats has no word in JSON Schema."""
        return _points_schema(fewest=2)


def _checked_points(
    value: Any, path: str, problems: list[Problem]
) -> list[tuple[float, float]] | None:
    """Pairs of numbers on the grid; None, with the problems noted, if they are anything else."""
    before = len(problems)
    Items(
        of=Items(of=Number(minimum=-MAX_LENGTH_MM, maximum=MAX_LENGTH_MM), longest=2),
        longest=MAX_POINTS,
    ).check(value, path, problems)
    if len(problems) > before:
        return None
    short = [index for index, point in enumerate(value) if len(point) != 2]
    problems.extend(Problem(f"{path}[{index}]", "must be a pair [x, y]") for index in short)
    return None if short else [(length_mm(x), length_mm(y)) for x, y in value]


def _points_schema(*, fewest: int) -> dict[str, Any]:
    coordinate = Number(minimum=-MAX_LENGTH_MM, maximum=MAX_LENGTH_MM).json_schema()
    pair = {"type": "array", "items": coordinate, "minItems": 2, "maxItems": 2}
    return {"type": "array", "items": pair, "minItems": fewest, "maxItems": MAX_POINTS}


def _repeated_corner(points: Sequence[Sequence[float]]) -> int | None:
    for index in range(1, len(points)):
        if points[index] == points[index - 1]:
            return index
    return None
