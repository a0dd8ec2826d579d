"""Assumption lines: every default number, with unit, range, source and confidence.

The lines come from ``engine/data``: ``assumptions.csv`` (power, space), ``thermal.csv`` (cooling),
``hydraulics.csv`` (pipes, loops, transients) and ``cost_defaults.csv`` (money, operations,
workload). A design may override any line; the override then counts as the user's.
"""

import csv
import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from engine.errors import Invalid

if TYPE_CHECKING:
    from engine.tables import Point

DATA = Path(__file__).parent / "data"
FILES = (
    "assumptions.csv",
    "thermal.csv",
    "hydraulics.csv",
    "climate.csv",
    "fabric.csv",
    "reliability.csv",
    "reserves.csv",
    "cost_defaults.csv",
)
RULE_PREFIX = "rule."  # an override of a rule's value, e.g. "rule.AISLE-COLD"


class UnknownAssumption(Invalid):
    """No assumption line has this id."""

    code = "unknown-assumption"
    title = "There is no such assumption"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number with what is needed to judge it."""

    value: float
    unit: str
    low: float | None = None
    high: float | None = None
    source: str = ""
    confidence: str = ""
    group: str = ""
    life_years: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Assumptions(Mapping[str, Quantity]):
    """The lines that one evaluation uses, by id."""

    lines: Mapping[str, Quantity]
    overridden: tuple[str, ...] = ()
    rule_values: Mapping[str, float] = field(default_factory=dict)  # rule code -> user's value
    own_points: tuple["Point", ...] = ()  # the organisation's measurements

    @classmethod
    def load(
        cls,
        overrides: Mapping[str, float] | None = None,
        own_lines: Mapping[str, Quantity] | None = None,
        own_points: tuple["Point", ...] = (),
    ) -> "Assumptions":
        """The shipped lines, the organisation's own over them, the design's own over those.

        Raises
        ------
        UnknownAssumption
            If an override names no line.
        Invalid
            If a value is not a finite number.
        """
        lines = {**shipped_lines(), **(own_lines or {})}
        rule_values: dict[str, float] = {}
        for line, value in sorted((overrides or {}).items()):
            if not math.isfinite(value):
                raise Invalid("An assumption must be a finite number.", line=line)
            if line.startswith(RULE_PREFIX):
                rule_values[line.removeprefix(RULE_PREFIX)] = float(value)
            elif line in lines:
                lines[line] = replace(
                    lines[line], value=float(value), source="the design", confidence="user"
                )
            else:
                raise UnknownAssumption(f"There is no assumption named {line}.", line=line)
        return cls(
            MappingProxyType(lines),
            tuple(sorted({*(overrides or {}), *(own_lines or {})})),
            MappingProxyType(rule_values),
            own_points,
        )

    def with_values(self, values: Mapping[str, float]) -> "Assumptions":
        """The same lines with some of the user's own values in place.

        Raises
        ------
        UnknownAssumption
            If a value names no line.
        """
        changed = {
            line: replace(self[line], value=float(value), source="the design", confidence="user")
            for line, value in values.items()
        }
        return replace(
            self,
            lines=MappingProxyType({**self.lines, **changed}),
            overridden=tuple(sorted({*self.overridden, *values})),
        )

    def without(self, names: Collection[str]) -> "Assumptions":
        """The same lines with some of them as shipped, whoever had changed them."""
        shipped = shipped_lines()
        restored = {name: shipped[name] for name in names if name in self.lines}
        return replace(
            self,
            lines=MappingProxyType({**self.lines, **restored}),
            overridden=tuple(name for name in self.overridden if name not in names),
        )

    def value(self, line: str) -> float:
        """The value of a line, in the line's own unit."""
        return self[line].value

    def __getitem__(self, line: str) -> Quantity:
        try:
            return self.lines[line]
        except KeyError:
            raise UnknownAssumption(f"There is no assumption named {line}.", line=line) from None

    def __iter__(self) -> Iterator[str]:
        return iter(self.lines)

    def __len__(self) -> int:
        return len(self.lines)


@lru_cache(maxsize=1)
def shipped_lines() -> Mapping[str, Quantity]:
    """The lines as shipped, by id, in file order."""
    lines: dict[str, Quantity] = {}
    for name in FILES:
        with (DATA / name).open(newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                lines[row["line"]] = Quantity(
                    value=float(row["value"]),
                    unit=row["unit"],
                    low=_number(row["low"]),
                    high=_number(row["high"]),
                    source=row["source"],
                    confidence=row["confidence"],
                    group=row["group"],
                    life_years=_number(row["life_years"]),
                    note=row["notes"],
                )
    return MappingProxyType(lines)


def _number(text: str) -> float | None:
    return float(text) if text else None
