"""What must hold before a proposal may be approved or merged, from plain values. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from analysis.lifecycle import blocks, named
from reviews.policy import REDUNDANCY_RULES, Discipline, Gate

CheckState = Literal["done", "failed", "open"]
Standing = Literal["waiting", "approved", "stale", "changes"]
Finding = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One gate: passed, failed, or not decided yet."""

    gate: Gate
    state: CheckState
    label: str
    detail: str = ""
    element_ids: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The wire form."""
        return {
            "gate": self.gate,
            "state": self.state,
            "label": self.label,
            "detail": self.detail,
            "element_ids": list(self.element_ids),
            "findings": [finding["id"] for finding in self.findings],
        }


def of_moment(*, is_current: bool) -> Check:
    """Whether the candidate is made of both lines as they are now."""
    if is_current:
        return Check(gate="current", state="done", label="Made of both lines as they are now")
    return Check(
        gate="current",
        state="open",
        label="A line moved on",
        detail="The candidate must be made again of the newest revisions.",
    )


def of_conflicts(conflicts: Sequence[Mapping[str, Any]], *, is_made: bool) -> Check:
    """Whether the dry run of the merge has nothing left to ask."""
    if conflicts:
        return Check(
            gate="no_conflicts",
            state="failed",
            label=f"{len(conflicts)} conflict{'' if len(conflicts) == 1 else 's'} to decide",
            detail=named([str(conflict["label"]) for conflict in conflicts]),
            element_ids=tuple(str(conflict["id"]) for conflict in conflicts),
        )
    if not is_made:
        return Check(gate="no_conflicts", state="open", label="The merge was not tried yet")
    return Check(
        gate="no_conflicts", state="done", label="No conflicts", detail="By a dry run of the merge."
    )


def of_evaluation(state: str | None, error: Mapping[str, Any] | None) -> Check:
    """Whether the engine has judged the candidate."""
    if state == "done":
        return Check(gate="evaluated", state="done", label="Candidate evaluated")
    if state in ("failed", "quarantined", "cancelled"):
        detail = str((error or {}).get("detail", "It ended without a result."))
        return Check(
            gate="evaluated", state="failed", label="The evaluation was refused", detail=detail
        )
    return Check(
        gate="evaluated",
        state="open",
        label="Candidate being evaluated" if state else "Candidate not evaluated",
    )


def of_findings(old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> list[Check]:
    """Whether the merge brings findings that a line must not gain."""
    if new is None or old is None:
        return [
            Check(gate="no_new_blocking", state="open", label="Findings of both sides not known"),
            Check(gate="redundancy", state="open", label="Redundancy of both sides not known"),
        ]
    return [
        _of_new(
            "no_new_blocking",
            _gained(old, new, blocks),
            "No new blocking finding",
            "new blocking findings",
        ),
        _of_redundancy(old, new),
    ]


def _gained(old: Mapping[str, Any], new: Mapping[str, Any], counts: Any) -> list[Finding]:
    had = {finding["id"] for finding in old["findings"] if counts(finding)}
    return [finding for finding in new["findings"] if counts(finding) and finding["id"] not in had]


def _loses_redundancy(finding: Finding) -> bool:
    return finding["rule"] in REDUNDANCY_RULES and not _is_waived(finding)


def _of_redundancy(old: Mapping[str, Any], new: Mapping[str, Any]) -> Check:
    """Findings of lost redundancy; else what the states of both sides say without one.

    A loop that fails whole has no finding that it is not N+1, so its state is looked at too.
    """
    found = _gained(old, new, _loses_redundancy)
    check = _of_new("redundancy", found, "No redundancy is lost", "losses of redundancy")
    held = {loop["loop"] for loop in old["cooling"]["loops"] if loop["n_plus_1"]}
    weak = [
        loop
        for loop in new["cooling"]["loops"]
        if not loop["n_plus_1"] and loop["loop"] in held and not _is_lived_with(loop, new)
    ]
    starving = [words for words in (_starving(old, new, *lack) for lack in _LACKS) if words]
    if found or not (weak or starving):
        return check
    ids = [id_ for loop in weak for id_ in (*loop["rack_ids"], *loop["cdu_ids"])]
    named_loops = f"No longer N+1: {named([str(loop['loop']) for loop in weak])}." if weak else ""
    return Check(
        gate="redundancy",
        state="failed",
        label=f"{len(weak)} {'loop is' if len(weak) == 1 else 'loops are'} no longer N+1"
        if weak
        else f"More {starving[0]}",
        detail=" ".join([named_loops, *(f"More {words}." for words in starving)]).strip(),
        element_ids=tuple(dict.fromkeys(ids)),
    )


_LACKS: Sequence[tuple[str, str, str]] = (
    ("cooling", "racks_without_coolant", "racks lack coolant"),
    ("cooling", "racks_without_coolant_one_lost", "racks lack coolant with one CDU lost"),
    ("cooling", "racks_without_air", "racks lack cool air"),
    ("power", "racks_without_power", "racks lack power"),
    ("power", "racks_without_power_side_lost", "racks lack power with one side lost"),
)


def _starving(
    old: Mapping[str, Any], new: Mapping[str, Any], discipline: str, count: str, words: str
) -> str:
    """'racks lack coolant, 128 after 0' where more do; empty where none, or where it is waived."""
    before, after = (int((each.get("shortfall") or {}).get(count) or 0) for each in (old, new))
    is_waived = any(
        finding["discipline"] == discipline and _is_waived(finding) for finding in new["findings"]
    )
    return "" if after <= before or is_waived else f"{words}, {after} after {before}"


def _is_lived_with(loop: Mapping[str, Any], result: Mapping[str, Any]) -> bool:
    """Whether a waiver in force covers what is wrong with a loop."""
    own = {*loop["rack_ids"], *loop["cdu_ids"]}
    return any(
        finding["discipline"] == "cooling"
        and _is_waived(finding)
        and not own.isdisjoint(finding["element_ids"])
        for finding in result["findings"]
    )


def _is_waived(finding: Finding) -> bool:
    waiver = finding.get("waiver")
    return bool(waiver and waiver["in_force"])


def _of_new(gate: Gate, found: Sequence[Finding], met: str, what: str) -> Check:
    if not found:
        return Check(gate=gate, state="done", label=met)
    return Check(
        gate=gate,
        state="failed",
        label=found[0]["title"] if len(found) == 1 else f"{len(found)} {what}",
        detail=found[0]["detail"] if len(found) == 1 else named([each["title"] for each in found]),
        element_ids=tuple(dict.fromkeys(id_ for each in found for id_ in each["element_ids"])),
        findings=tuple(found),
    )


def of_waivers(unsigned: Sequence[str], count: int) -> Check:
    """Whether somebody with the right to it stands behind every waiver the branch brings."""
    if unsigned:
        return Check(
            gate="waivers",
            state="failed",
            label=f"{len(unsigned)} waiver{'' if len(unsigned) == 1 else 's'} not signed",
            detail=f"For {named(list(unsigned))}.",
        )
    label = f"{count} waiver{'' if count == 1 else 's'} signed" if count else "No waiver needed"
    return Check(gate="waivers", state="done", label=label)


def of_approvals(standings: Mapping[Discipline, Standing]) -> Check:
    """Whether every discipline that is touched approved what is there now."""
    missing = [each for each, standing in standings.items() if standing != "approved"]
    if not missing:
        return Check(gate="approved", state="done", label="Approved by every discipline asked")
    detail = ", ".join(f"{each} {_STANDING[standings[each]]}" for each in missing)
    return Check(
        gate="approved",
        state="open",
        label=f"{len(standings) - len(missing)} of {len(standings)} disciplines approved",
        detail=f"{detail[0].upper()}{detail[1:]}.",
    )


_STANDING: Mapping[Standing, str] = {
    "waiting": "has not answered",
    "stale": "is stale",
    "changes": "asks for changes",
    "approved": "has approved",
}
