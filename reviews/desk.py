"""What a lead opens a project for in the morning: what waits, what moved, where it stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet

from accounts.models import User
from accounts.permissions import can
from analysis.figures import BY_PATH, short_words
from analysis.lifecycle import blocks
from analysis.models import Evaluation, State
from analysis.selectors import latest_evaluation, result_of
from layouts.models import Design, Project, Revision, Version
from layouts.selectors import designs_in
from reviews.examination import Examination, examine
from reviews.models import Comment, Proposal, Seen, Step, Thread
from reviews.selectors import is_approver, worked_on

EXAMINED_AT_ONCE = 20
POINTS = 60
CHARTED = (
    ("power.facility_kw", "Facility power"),
    ("energy.pue", "PUE, design day"),
    ("cost.usd_per_mtok", "Cost per million tokens"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A proposal that waits for a person, and for what."""

    proposal: Proposal
    disciplines: tuple[str, ...]
    words: str


def waiting_for(user: User, project: Project) -> list[Waiting]:
    """The proposals that a person can move: to judge, to go on with, to merge."""
    found = []
    rows = project.proposals.filter(state__in=("draft", "in_review")).select_related(
        "source", "target", "candidate", "author"
    )
    for proposal in rows.order_by("changed_at")[:EXAMINED_AT_ONCE]:
        exam = examine(proposal)
        asked = _asked(user, exam)
        if asked:
            words = f"your word on {', '.join(asked)}"
            found.append(Waiting(proposal=proposal, disciplines=asked, words=words))
        elif proposal.author_id == user.pk:
            found.append(Waiting(proposal=proposal, disciplines=(), words=_own_words(exam)))
    return found


def _asked(user: User, exam: Examination) -> tuple[str, ...]:
    proposal = exam.proposal
    if proposal.state != Proposal.State.IN_REVIEW or not can(user, "approve", proposal):
        return ()
    if worked_on(user, proposal):
        return ()
    return tuple(
        review.discipline
        for review in exam.reviews
        if review.standing in ("waiting", "stale")
        and is_approver(user, proposal, review.discipline)
    )


def _own_words(exam: Examination) -> str:
    if exam.proposal.state == Proposal.State.DRAFT:
        return "yours, still a draft"
    failing = [check for check in exam.checks if check.state != "done"]
    return f"yours: {failing[0].label.lower()}" if failing else "yours, ready to merge"


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What happened to one design since somebody last looked."""

    design: Design
    revisions: int
    before: int  # the last state that is not new; of a branch, at least what it started from
    last: int
    authors: str


def seen_at(user: User, project: Project) -> datetime | None:
    """When a person last said that they have seen what is new."""
    return Seen.objects.filter(user=user, project=project).values_list("at", flat=True).first()


def moved_since(project: Project, since: datetime | None) -> list[Moved]:
    """The designs that others or oneself changed since a moment, the busiest first."""
    rows = Revision.objects.filter(design__project=project, design__is_candidate=False)
    if since is not None:
        rows = rows.filter(at__gt=since)
    counted = (
        rows.order_by()
        .values("design")
        .annotate(count=Count("pk"), first=Min("number"), last=Max("number"))
        .order_by("-count")[:12]
    )
    designs = Design.objects.in_bulk([row["design"] for row in counted])
    names: dict[Any, list[str]] = {}
    for design, name in rows.order_by().values_list("design", "author__username").distinct():
        names.setdefault(design, []).append(name or "somebody")
    return [
        Moved(
            design=designs[row["design"]],
            revisions=row["count"],
            before=max(row["first"] - 1, 1 if designs[row["design"]].parent_id else 0),
            last=row["last"],
            authors=", ".join(sorted(names.get(row["design"], ()))),
        )
        for row in counted
    ]


def steps_since(project: Project, since: datetime | None) -> QuerySet[Step]:
    """Moves of proposals since a moment, newest first."""
    rows = Step.objects.filter(proposal__project=project).select_related("proposal", "actor")
    return (rows if since is None else rows.filter(at__gt=since)).order_by("-at")[:12]


def said_since(project: Project, since: datetime | None) -> QuerySet[Comment]:
    """What was said since a moment, newest first."""
    rows = Comment.objects.filter(thread__design__project=project).select_related(
        "thread__design", "author"
    )
    return (rows if since is None else rows.filter(at__gt=since)).order_by("-at")[:12]


def open_threads(user: User, project: Project) -> QuerySet[Thread]:
    """Open comments, those for this person first, then by their day."""
    mine = Q(assignee=user) | Q(comments__mentions=user)
    return (
        Thread.objects.filter(design__project=project, state=Thread.State.OPEN)
        .select_related("design", "assignee")
        .annotate(is_mine=Count("pk", filter=mine))
        .order_by("-is_mine", "due_on", "number")[:12]
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The line of a project in figures: where it is now, and how it came there."""

    design: Design
    evaluation: Evaluation | None
    figures: Sequence[Mapping[str, str]]
    short: str  # racks that starve, in words
    blocking: int
    warnings: int
    charts: Sequence[tuple[str, str, dict[str, Any]]]


def line_of(project: Project) -> Design | None:
    """The design that a project is about: the protected one, else the oldest that is no branch."""
    own = designs_in(project).filter(parent=None)
    return (
        own.filter(is_protected=True).order_by("created_at").first()
        or own.order_by("created_at").first()
    )


def standing_of(design: Design) -> Standing:
    """Key figures of a line now, and over its revisions as far as they were evaluated."""
    evaluation = latest_evaluation(design)
    result = result_of(evaluation) if evaluation is not None else {}
    findings = result.get("findings", [])
    return Standing(
        design=design,
        evaluation=evaluation,
        figures=[
            {
                "label": BY_PATH[path].label,
                "text": BY_PATH[path].text(BY_PATH[path].of(result)),
                "unit": BY_PATH[path].unit,
            }
            for path in (
                "power.it_kw",
                "power.facility_kw",
                "cooling.flow_lpm",
                "energy.pue",
                "compute.sold_tokens_per_s",
                "cost.usd_per_mtok",
            )
        ]
        if evaluation is not None
        else [],
        short=short_words(result),
        blocking=sum(blocks(finding) for finding in findings),
        warnings=sum(finding["severity"] == "warning" for finding in findings),
        charts=_charts(design),
    )


def versions_in(project: Project) -> QuerySet[Version]:
    """Named revisions of a project, newest first."""
    return Version.objects.filter(design__project=project).select_related("design", "author")[:8]


def _charts(design: Design) -> list[tuple[str, str, dict[str, Any]]]:
    """One chart for each figure over the revisions that were evaluated."""
    rows = Evaluation.objects.filter(design=design, state=State.DONE, level="edit")
    by_revision = {row.revision: row for row in rows.order_by("finished_at")}
    chosen = sorted(by_revision)[-POINTS:]
    results = [(number, result_of(by_revision[number])) for number in chosen]
    if len(results) < 2:
        return []
    made = []
    for path, label in CHARTED:
        figure = BY_PATH[path]
        points = [
            (number, value / figure.scale)
            for number, result in results
            if (value := figure.of(result)) is not None
        ]
        made.append((f"chart-{path.replace('.', '-')}", label, _spec(figure.unit, points)))
    return made


def _spec(unit: str, points: Sequence[tuple[int, float]]) -> dict[str, Any]:
    return {
        "data": [
            {
                "type": "scatter",
                "mode": "lines+markers",
                "x": [number for number, _ in points],
                "y": [value for _, value in points],
                "line": {"color": "token:accent", "width": 2, "shape": "hv"},
                "marker": {"size": 6, "color": "token:accent"},
            }
        ],
        "layout": {
            "height": 180,
            "showlegend": False,
            "xaxis": {"title": {"text": "revision"}, "tickformat": "d"},
            "yaxis": {"title": {"text": unit}},
        },
    }
