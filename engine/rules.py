"""Rules as data: what is required, by which clause, and how a violation is worded.

The engine measures; the rule set says what counts. Values are defaults that a design may override.
"""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, get_args

from engine.errors import Invalid, OutOfRange
from engine.findings import Discipline, Finding, GrantedWaiver, Severity, apart
from engine.plant import Waiver

DATA = Path(__file__).parent / "data"
FILES: Mapping[str, str] = MappingProxyType(
    {"us-nec": "rules_us_nec.toml", "iec": "rules_iec.toml"}
)

_PLURAL = re.compile(r"\{plural:([^|}]*)\|([^}]*)\}")


class UnknownRule(Invalid):
    """The rule set has no such rule, or there is no such set."""

    code = "unknown-rule"
    title = "There is no such rule"


@dataclass(frozen=True, slots=True, kw_only=True)
class VoltageBand:
    """Working space depth for conditions 1, 2 and 3 up to a voltage to ground."""

    up_to_v: float
    label: str
    depth_mm: tuple[float, float, float]
    clause: str = ""  # where it differs from the rule's own


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of a set."""

    code: str
    title: str
    discipline: Discipline
    severity: Severity
    clause: str
    edition: str
    source: str
    confidence: str
    value: float
    unit: str
    message: str
    check: str = ""
    applies_to: tuple[str, ...] = ()
    minimum_width_mm: float = 0.0
    bands: tuple[VoltageBand, ...] = ()

    def finding(
        self,
        *,
        element_ids: Sequence[str],
        measured: float,
        required: float | None = None,
        at_mm: tuple[float, float] | None = None,
        severity: Severity | None = None,
        **words: object,
    ) -> Finding:
        """The finding that this rule is broken by ``element_ids``."""
        required = self.value if required is None else required
        chosen = 1 if len(element_ids) == 1 else 2
        text = _PLURAL.sub(lambda match: match.group(chosen), self.message)
        found, wanted = apart(measured, required)
        return Finding(
            rule=self.code,
            severity=severity or self.severity,
            discipline=self.discipline,
            title=self.title,
            detail=text.format(measured=found, required=wanted, clause=self.clause, **words),
            clause=self.clause,
            edition=self.edition,
            source=self.source,
            measured=float(measured),
            required=float(required),
            unit=self.unit,
            element_ids=tuple(element_ids),
            at_mm=at_mm,
        )

    def band(self, voltage_to_ground_v: float) -> VoltageBand:
        """The row of the working space table for a voltage.

        Raises
        ------
        OutOfRange
            If the voltage lies above the table.
        """
        for band in self.bands:
            if voltage_to_ground_v <= band.up_to_v:
                return band
        raise OutOfRange(
            "The working space table ends below this voltage.",
            voltage_to_ground_v=voltage_to_ground_v,
            rule=self.code,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """The rules that one evaluation goes by."""

    name: str
    version: str
    title: str
    rules: Mapping[str, Rule]

    def __getitem__(self, code: str) -> Rule:
        try:
            return self.rules[code]
        except KeyError:
            raise UnknownRule(
                f"The rule set {self.name} has no rule {code}.", rule=code, set=self.name
            ) from None

    def for_check(self, check: str) -> Rule:
        """The rule of this set that governs a check which sets name differently."""
        return next(rule for rule in self.rules.values() if rule.check == check)

    def with_values(self, values: Mapping[str, float]) -> "RuleSet":
        """This set with the design's own values; their source is then the design.

        A value for a rule of another shipped set is kept quiet: switching the set loses nothing.
        """
        rules = dict(self.rules)
        for code, value in values.items():
            if code in rules:
                rules[code] = replace(
                    rules[code],
                    value=value,
                    bands=tuple(
                        replace(band, depth_mm=(value, value, value)) for band in rules[code].bands
                    ),
                    source="The design's own value",
                    confidence="user",
                )
            elif not any(code in load_rules(name).rules for name in FILES):
                raise UnknownRule(f"There is no rule {code}.", rule=code)
        return replace(self, rules=MappingProxyType(rules))


@lru_cache(maxsize=len(FILES))
def load_rules(name: str) -> RuleSet:
    """A shipped rule set by name.

    Raises
    ------
    UnknownRule
        If there is no such set.
    """
    if name not in FILES:
        raise UnknownRule(f"There is no rule set {name}.", set=name, known=sorted(FILES))
    with (DATA / FILES[name]).open("rb") as file:
        table = tomllib.load(file)
    rules: dict[str, Rule] = {}
    if parent := table.get("extends"):
        rules.update(load_rules(parent).rules)
        for code in table.get("omit", ()):
            del rules[code]
    for entry in table["rule"]:
        rules[entry["code"]] = _rule(entry)
    return RuleSet(
        name=table["set"],
        version=table["version"],
        title=table["title"],
        rules=MappingProxyType(rules),
    )


def apply_waivers(
    findings: Sequence[Finding], waivers: Sequence[Waiver], as_of: date | None
) -> tuple[Finding, ...]:
    """The findings with the waivers that cover them; none disappears.

    Parameters
    ----------
    findings : sequence of Finding
        What the rules found.
    waivers : sequence of Waiver
        Each covers findings of its rule whose elements it all names.
    as_of : date or None
        The day to judge expiry by. None: no waiver counts as expired.

    Returns
    -------
    tuple of Finding
        In the same order. An expired waiver stays on its finding, no longer in force, and the
        detail says so.

    Notes
    -----
    Definition. A waiver is in force on its last day.
    """
    by_rule: dict[str, list[Waiver]] = {}
    for waiver in waivers:
        by_rule.setdefault(waiver.rule, []).append(waiver)
    return tuple(_waived(finding, by_rule.get(finding.rule, ()), as_of) for finding in findings)


def _waived(finding: Finding, waivers: Sequence[Waiver], as_of: date | None) -> Finding:
    covering = [w for w in waivers if set(finding.element_ids) <= set(w.element_ids)]
    if not covering:
        return finding
    best = max(covering, key=lambda w: (w.expires_on or date.max, w.id))
    in_force = as_of is None or best.expires_on is None or as_of <= best.expires_on
    until = None if best.expires_on is None else best.expires_on.isoformat()
    granted = GrantedWaiver(
        id=best.id,
        reason=best.reason,
        granted_by=best.granted_by,
        expires_on=until,
        in_force=in_force,
    )
    detail = finding.detail if in_force else f"{finding.detail} The waiver expired on {until}."
    return replace(finding, waiver=granted, detail=detail)


def _rule(entry: Mapping[str, Any]) -> Rule:
    if entry["severity"] not in get_args(Severity):
        raise UnknownRule("A rule needs a known severity.", rule=entry["code"])
    if entry["discipline"] not in get_args(Discipline):
        raise UnknownRule("A rule needs a known discipline.", rule=entry["code"])
    bands = tuple(
        VoltageBand(up_to_v=band["up_to_v"], label=band["label"], depth_mm=tuple(band["depth_mm"]))
        for band in entry.get("bands", ())
    )
    applies_to = tuple(entry.get("applies_to", ()))
    return Rule(**{**entry, "bands": bands, "applies_to": applies_to})
