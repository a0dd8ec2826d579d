"""Findings: what a rule says about a design. A bad design is a finding, never an error."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

MOST_DECIMALS: Final = 6  # that a measure is kept with

Severity = Literal["blocking", "warning", "note"]
Discipline = Literal["space", "power", "cooling", "network", "cost"]
Bound = Literal["limit", "required", "expected"]

SEVERITIES: tuple[Severity, ...] = ("blocking", "warning", "note")
DISCIPLINES: tuple[Discipline, ...] = ("space", "power", "cooling", "network", "cost")


class Apart(float):
    """A number that is written with as many decimals as tell it from another one."""

    other: float

    def __new__(cls, value: float, other: float) -> "Apart":
        made = super().__new__(cls, value)
        made.other = float(other)
        return made

    def __format__(self, spec: str) -> str:
        whole, dot, form = spec.partition(".")
        if not (dot and form.endswith("f")):
            return float.__format__(self, spec)
        least = decimals_apart(self, self.other)
        return float.__format__(self, f"{whole}.{max(int(form[:-1]), least)}f")


def apart(measured: float, required: float) -> tuple[Apart, Apart]:
    """Two numbers for a text that says how one stands against the other.

    Parameters
    ----------
    measured, required : float
        What was found, and what it is held against.

    Returns
    -------
    tuple of Apart
        The same, written with more decimals than a format such as ``.0f`` says where they would
        read alike.

    Notes
    -----
    Definition. See `decimals_apart`.
    """
    return Apart(measured, required), Apart(required, measured)


def decimals_apart(measured: float | None, required: float | None) -> int:
    """Least decimals at which two numbers read as different ones.

    Parameters
    ----------
    measured, required : float or None
        What was found, and what it is held against.

    Returns
    -------
    int
        0 where one is missing or the six decimals that are kept do not tell them apart.

    Notes
    -----
    Definition.
    """
    if measured is None or required is None:
        return 0
    both = float(measured), float(required)
    for decimals in range(MOST_DECIMALS + 1):
        if len({f"{value:.{decimals}f}" for value in both}) > 1:
            return decimals
    return 0


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantedWaiver:
    """The waiver that covers a finding, and whether it still counts."""

    id: str
    reason: str
    granted_by: str
    expires_on: str | None
    in_force: bool  # False: expired, the finding counts again


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One violation or risk, with the rule's clause and what was measured against it."""

    rule: str
    severity: Severity
    discipline: Discipline
    title: str
    detail: str
    clause: str = ""
    edition: str = ""
    source: str = ""
    measured: float | None = None
    required: float | None = None
    unit: str = ""
    compares: Bound | None = None  # what `required` is; None: told from which of the two is more
    element_ids: tuple[str, ...] = ()
    at_mm: tuple[float, float] | None = None
    waiver: GrantedWaiver | None = None

    @property
    def id(self) -> str:
        """The same finding has the same id in every evaluation."""
        text = "\n".join((self.rule, *self.element_ids))
        return f"{self.rule}-{hashlib.sha256(text.encode()).hexdigest()[:12]}"

    @property
    def is_blocking(self) -> bool:
        """Blocks the design: severe and not covered by a waiver in force."""
        return self.severity == "blocking" and not (self.waiver and self.waiver.in_force)

    @property
    def bound(self) -> Bound | None:
        """What `required` is: a limit that was passed, a requirement not met, or an expectation."""
        if self.measured is None or self.required is None:
            return None
        return self.compares or ("limit" if self.measured > self.required else "required")

    def to_json(self) -> Mapping[str, object]:
        waiver = self.waiver
        return {
            "id": self.id,
            "rule": self.rule,
            "severity": self.severity,
            "discipline": self.discipline,
            "title": self.title,
            "detail": self.detail,
            "clause": self.clause,
            "edition": self.edition,
            "source": self.source,
            "measured": None if self.measured is None else round(self.measured, MOST_DECIMALS),
            "required": None if self.required is None else round(self.required, MOST_DECIMALS),
            "decimals_apart": decimals_apart(self.measured, self.required),
            "bound": self.bound,
            "unit": self.unit,
            "element_ids": list(self.element_ids),
            "at_mm": None if self.at_mm is None else [round(v, 1) for v in self.at_mm],
            "waiver": None
            if waiver is None
            else {
                "id": waiver.id,
                "reason": waiver.reason,
                "granted_by": waiver.granted_by,
                "expires_on": waiver.expires_on,
                "in_force": waiver.in_force,
            },
        }
