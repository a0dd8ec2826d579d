"""The frozen input of the report on differences: two states, and all that was said about them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from reports.talks import Talk
from reviews.overlay import Pin, Side
from reviews.rollup import Line

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What a discipline says of a proposal."""

    discipline: str
    standing: str
    approver: str = ""
    at: datetime | None = None
    revision: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """A finding that is lived with: why, until when, and by whose word."""

    rule: str
    tags: str
    reason: str
    expires_on: str
    granted_by: str
    signer: str
    signed_at: datetime | None
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What the engine says of both sides."""

    rows: Sequence[Row]
    opened: Sequence[Row]
    closed: Sequence[Row]
    starving: Sequence[str]  # racks that starve on either side, in words


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """Two states of designs with everything that is printed of how they differ."""

    kind: str  # "Proposal #27" or "Comparison"
    title: str
    state: str
    description: str
    organisation: str
    project: str
    facts: Sequence[tuple[str, str]]
    old_name: str
    new_name: str
    old: Side
    new: Side
    lines: Sequence[Line]
    pins: Sequence[Pin]
    figures: Figures | None
    talks: Sequence[Talk]
    waivers: Sequence[Waiver]
    words: Sequence[Word] = ()
    checks: Sequence[tuple[str, str, str]] = ()  # state, label, detail
    decided: Sequence[tuple[str, str, str, str]] = ()  # element, question, taken from, by whom
    steps: Sequence[tuple[str, str, str, str]] = field(default=())  # when, who, what, why
    printed_at: datetime
