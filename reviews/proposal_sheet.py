"""What the page of a proposal shows: the decision first, then the plan, then the words."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from accounts.permissions import can
from layouts.document import owner_of
from reviews import selectors, threads
from reviews.both_sides import counts_of, plan_of, results_of
from reviews.checks import Check
from reviews.examination import DisciplineReview, Examination, examine
from reviews.models import Approver, Proposal, Step
from reviews.policy import OPEN_STATES
from reviews.rollup import Line
from reviews.subjects import subjects_of

OWN, OTHERS, LOOKS_ONLY = "your own work", "others are asked", "not yours to judge"
UNDECIDED = ("waiting", "stale")
# What stands in the way is read first.
CHECK_ORDER = {"failed": 0, "open": 1, "done": 2}


def sheet_of(user: User, found: Proposal) -> dict[str, Any]:
    """All that the page of a proposal shows to one person."""
    exam = examine(found)
    pinned = threads.pinned(found.source, exam.new, proposal=found)
    evaluations = exam.old_evaluation, exam.evaluation
    results = results_of(*evaluations)
    why_not = _why_not(user, found, exam)
    return {
        "proposal": found,
        "exam": exam,
        "is_open": found.state in OPEN_STATES,
        "must_evaluate": found.state in OPEN_STATES
        and found.candidate_revision is not None
        and None in evaluations,
        "lines": exam.lines,
        "counts": counts_of(exam.lines),
        "plan": plan_of(
            found.target,
            exam.old,
            exam.shown[0],
            exam.new,
            (*exam.lines, *_findings(exam)),
            threads.pins(pinned),
        ),
        "old_label": f"{found.target.name}, revision {found.target_revision}",
        "new_label": _new_label(found),
        "results": results,
        "subjects": subjects_of(exam.lines, results),
        "pending": any(each is not None and not each.is_final for each in evaluations),
        "conflicts": [_side_by_side(each, exam) for each in found.conflicts],
        "threads": pinned,
        "steps": steps_of(found),
        "reviews": _reviews(found, exam),
        "checks": in_the_way_first(exam.checks),
        "approved": sum(review.standing == "approved" for review in exam.reviews),
        "passed": sum(check.state == "done" for check in exam.checks),
        "rights": {
            action: can(user, action, found)
            for action in ("propose", "approve", "merge", "edit", "waive", "comment")
        },
        "is_author": found.author_id == user.pk or can(user, "manage", found),
        "why_not": why_not,
        "chosen": _chosen(exam, why_not),
        "nothing_to_judge": _nothing_to_judge(why_not),
        "people": threads.people_of(found.project),
        "design": found.source,
    }


def steps_of(found: Proposal) -> QuerySet[Step]:
    """The history of a proposal, newest first."""
    return found.steps.select_related("actor").order_by("-at", "-id")


def in_the_way_first(checks: Sequence[Check]) -> list[Check]:
    """Checks that fail, then those that are open, then those that pass."""
    return sorted(checks, key=lambda check: CHECK_ORDER[check.state])


def _reviews(found: Proposal, exam: Examination) -> list[tuple[DisciplineReview, str]]:
    """What each discipline says, and who is asked for it."""
    asked = selectors.approvers_of(found.project)
    return [(review, _names(asked[review.discipline])) for review in exam.reviews]


def _names(rows: Sequence[Approver]) -> str:
    return ", ".join(str(row.team or row.user) for row in rows) or "any reviewer"


def _chosen(exam: Examination, why_not: dict[str, str]) -> str:
    """The discipline that this person is asked for next; empty when none waits for them."""
    mine = (review for review in exam.reviews if not why_not[review.discipline])
    return next((each.discipline for each in mine if each.standing in UNDECIDED), "")


def _nothing_to_judge(why_not: dict[str, str]) -> str:
    """Why a person cannot judge any part of a proposal; empty where they can."""
    if not why_not or not all(why_not.values()):
        return ""
    reasons = set(why_not.values())
    if OWN in reasons:
        return "This is your own work, so others judge it."
    if OTHERS in reasons:
        return "Others are asked for what this touches."
    return "Your role does not judge proposals."


def _new_label(found: Proposal) -> str:
    if found.candidate_revision is None:
        return f"{found.source.name}, revision {found.source_revision}"
    if found.merged_revision is not None:
        return f"{found.target.name}, revision {found.merged_revision}"
    return f"{found.source.name} {found.source_revision} merged into {found.target_revision}"


def _why_not(user: User, found: Proposal, exam: Examination) -> dict[str, str]:
    """For each discipline, why this person cannot decide on it; empty where they can."""
    if not can(user, "approve", found):
        return dict.fromkeys(exam.disciplines, LOOKS_ONLY)
    if selectors.worked_on(user, found):
        return dict.fromkeys(exam.disciplines, OWN)
    return {
        each: "" if selectors.is_approver(user, found, each) else OTHERS
        for each in exam.disciplines
    }


def _findings(exam: Examination) -> list[Line]:
    """What stands in the way, as marks that the plan shows when somebody asks for them."""
    return [
        Line(
            key=f"check-{check.gate}",
            how="finding",
            title=check.label,
            detail=check.detail,
            element_ids=tuple(dict.fromkeys(map(owner_of, check.element_ids))),
            disciplines=(),
        )
        for check in exam.checks
        if check.element_ids
    ]


def _side_by_side(conflict: dict[str, Any], exam: Examination) -> dict[str, Any]:
    """A conflict as rows: each field that differs, with its value before and on both sides."""
    sides = [conflict[name] for name in ("base", "ours", "theirs")]
    rows: list[tuple[str, ...]]
    if conflict["group"] is None:
        rows = [("", *("deleted" if each is None else "there" for each in sides))]
    elif all(isinstance(each, dict) for each in sides[1:]):
        keys = sorted({key for each in sides if each for key in each})
        values = [tuple((each or {}).get(key) for each in sides) for key in keys]
        rows = [
            (key.replace("_", " "), *(_words(each) for each in row))
            for key, row in zip(keys, values, strict=True)
            if row[1] != row[2]
        ]
    else:
        rows = [("", *(_words(each) for each in sides))]
    line = next((each.key for each in exam.lines if conflict["id"] in each.element_ids), "")
    return {**conflict, "rows": rows, "line": line}


def _words(value: Any) -> str:
    if value is None:
        return "–"
    return (
        ", ".join(f"{key} {each}" for key, each in value.items())
        if isinstance(value, dict)
        else str(value)
    )
