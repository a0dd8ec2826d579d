"""Provenance entries: which line, curve or record a figure was made of."""

from functools import lru_cache

from engine.assumptions import Assumptions, Quantity
from engine.evaluation import Input
from engine.plant import Curve

LISTED = 12


def cited(assumptions: Assumptions, *lines: str) -> tuple[Input, ...]:
    """The named assumption lines as inputs of a figure."""
    return tuple(_line(line, of_it := assumptions[line], repr(of_it.value)) for line in lines)


@lru_cache(maxsize=4096)
def _line(line: str, quantity: Quantity, digits: str) -> Input:
    """A line as an input, the same object for the same line; ``digits`` tell 0.0 from -0.0."""
    return Input(
        name=line,
        value=quantity.value,
        unit=quantity.unit,
        source=quantity.source,
        confidence=quantity.confidence,
    )


def computed(name: str, value: float | int | str | None, unit: str = "") -> Input:
    """A figure of an earlier step as input."""
    return Input(name=name, value=value, unit=unit, source="this evaluation", confidence="derived")


def stated(name: str, value: float | int | str | None, unit: str = "") -> Input:
    """A setting or record of the design as input."""
    return Input(name=name, value=value, unit=unit, source="the design", confidence="user")


def read_off(curve: Curve, value: float, unit: str) -> Input:
    """The value read off a published curve as input."""
    return Input(
        name=f"{curve.product} {curve.name}".strip(),
        value=value,
        unit=unit,
        source=curve.source,
        confidence=curve.confidence,
    )


def listing(tags: tuple[str, ...]) -> str:
    """Tags for a sentence: all of a dozen, else the first dozen and how many more."""
    if len(tags) <= LISTED:
        return ", ".join(tags)
    return f"{', '.join(tags[:LISTED])} and {len(tags) - LISTED} more"
