"""Proposals: the list, the one that is judged, every move a person makes there, the report."""

from datetime import date
from http import HTTPStatus
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.auth import UserRequest
from accounts.models import Team, User
from accounts.permissions import can
from engine.errors import Conflict, Forbidden, Invalid, PlannerError
from layouts.document import owner_of
from layouts.models import Project
from layouts.selectors import design_for, project_for
from reviews import selectors, services, signing, threads
from reviews.both_sides import counts_of, plan_of, results_of
from reviews.errors import ProposalInvalid, ProposalNotFound
from reviews.examination import Examination, examine
from reviews.models import Proposal
from reviews.policy import DISCIPLINES, OPEN_STATES, TRANSITIONS, Move
from reviews.rollup import Line


@require_safe
@login_required
def proposals(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """Every proposal of a project, the one moved last first, and who is asked for what."""
    asked = cast(UserRequest, request)
    return _proposals_page(asked, project_for(asked.user, project_id))


@require_POST
@login_required
def add_approver(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """Ask somebody for a discipline from now on."""
    asked = cast(UserRequest, request)
    project = project_for(asked.user, project_id, "manage")
    kind, _, name = request.POST.get("who", "").partition(":")
    members = User.objects.filter(memberships__organisation=project.organisation_id)
    try:
        services.add_approver(
            actor=asked.user,
            project=project,
            discipline=request.POST.get("discipline", ""),
            user=members.filter(pk=_uuid(name)).first() if kind == "user" else None,
            team=Team.objects.filter(organisation=project.organisation_id, pk=_uuid(name)).first()
            if kind == "team"
            else None,
        )
    except Invalid as error:
        return _proposals_page(asked, project, error)
    return redirect("proposals", project_id=project.pk)


@require_POST
@login_required
def remove_approver(request: HttpRequest, project_id: UUID, approver_id: int) -> HttpResponse:
    """No longer ask somebody."""
    asked = cast(UserRequest, request)
    project = project_for(asked.user, project_id, "manage")
    services.remove_approver(actor=asked.user, project=project, approver_id=approver_id)
    return redirect("proposals", project_id=project.pk)


@require_POST
@login_required
def open_proposal(request: HttpRequest, design_id: UUID) -> HttpResponse:
    """Propose a branch; the draft opens."""
    asked = cast(UserRequest, request)
    source = design_for(asked.user, design_id, "propose")
    try:
        made = services.open_proposal(
            actor=asked.user,
            source=source,
            title=request.POST.get("title", ""),
            description=request.POST.get("description", ""),
        )
    except (Invalid, Conflict) as error:
        messages.error(request, error.detail)
        return redirect("branches", design_id=source.pk)
    return redirect("proposal", proposal_id=made.pk)


@require_safe
@login_required
def proposal(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """One proposal: what it changes, what follows, what people say, what is missing."""
    asked = cast(UserRequest, request)
    return _proposal_page(asked, selectors.proposal_for(asked.user, proposal_id))


@require_POST
@login_required
def refresh(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """Make the candidate again of both lines as they are now."""
    asked = cast(UserRequest, request)
    found = selectors.proposal_for(asked.user, proposal_id, "propose")
    services.refresh(actor=asked.user, proposal=found)
    return redirect("proposal", proposal_id=found.pk)


@require_POST
@login_required
def move(request: HttpRequest, proposal_id: UUID, move: Move) -> HttpResponse:
    """Submit, withdraw, reopen or decline."""
    asked = cast(UserRequest, request)
    found = selectors.proposal_for(asked.user, proposal_id, TRANSITIONS[move].action)
    try:
        services.move(
            actor=asked.user, proposal=found, move=move, reason=request.POST.get("reason", "")
        )
    except (Invalid, Conflict, Forbidden) as error:
        return _proposal_page(asked, found, error)
    return redirect("proposal", proposal_id=found.pk)


@require_POST
@login_required
def judge(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """Approve, or ask for changes, for one discipline."""
    asked = cast(UserRequest, request)
    found = selectors.proposal_for(asked.user, proposal_id, "approve")
    try:
        services.judge(
            actor=asked.user,
            proposal=found,
            discipline=request.POST.get("discipline", ""),
            verdict=request.POST.get("verdict", ""),
            candidate_hash=request.POST.get("candidate_hash", ""),
            reason=request.POST.get("reason", ""),
        )
    except (Invalid, Conflict, Forbidden) as error:
        return _proposal_page(asked, found, error)
    return redirect("proposal", proposal_id=found.pk)


@require_POST
@login_required
def retract(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """Take one's own approval back."""
    asked = cast(UserRequest, request)
    found = selectors.proposal_for(asked.user, proposal_id, "approve")
    try:
        services.retract(
            actor=asked.user,
            proposal=found,
            approval_id=_uuid(request.POST.get("approval", "")),
        )
    except (Invalid, Conflict) as error:
        return _proposal_page(asked, found, error)
    return redirect("proposal", proposal_id=found.pk)


@require_POST
@login_required
def resolve(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """Answer one conflict for one side."""
    asked = cast(UserRequest, request)
    found = selectors.proposal_for(asked.user, proposal_id, "edit")
    try:
        services.resolve(
            actor=asked.user,
            proposal=found,
            key=request.POST.get("key", ""),
            side=request.POST.get("side", ""),
        )
    except (Invalid, Conflict) as error:
        return _proposal_page(asked, found, error)
    return redirect("proposal", proposal_id=found.pk)


@require_POST
@login_required
def waive(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """Waive a finding of the candidate, or sign a waiver that the branch brings."""
    asked = cast(UserRequest, request)
    found = selectors.proposal_for(asked.user, proposal_id, "waive")
    element_id = request.POST.get("element", "")
    try:
        if element_id:
            signing.sign_waiver(actor=asked.user, proposal=found, element_id=element_id)
        else:
            signing.waive(
                actor=asked.user,
                proposal=found,
                finding_id=request.POST.get("finding", ""),
                reason=request.POST.get("reason", ""),
                expires_on=_day(request.POST.get("expires_on", "")),
            )
    except (Invalid, Conflict, Forbidden) as error:
        return _proposal_page(asked, found, error)
    return redirect("proposal", proposal_id=found.pk)


@require_POST
@login_required
def merge(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """Bring the branch back."""
    asked = cast(UserRequest, request)
    found = selectors.proposal_for(asked.user, proposal_id, "merge")
    try:
        merged = services.merge_proposal(
            actor=asked.user,
            proposal=found,
            candidate_hash=request.POST.get("candidate_hash", ""),
        )
    except (Invalid, Conflict) as error:
        return _proposal_page(asked, found, error)
    messages.success(
        request, f"{merged.target.name} is at revision {merged.merged_revision} with it."
    )
    return redirect("proposal", proposal_id=found.pk)


@require_safe
@login_required
def report(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """What a merge did, as it was written then."""
    asked = cast(UserRequest, request)
    found = selectors.proposal_for(asked.user, proposal_id)
    if found.report is None:
        raise ProposalNotFound("It is not merged, so there is no report yet.")
    context = {"proposal": found, "report": found.report, "steps": _steps(found)}
    return render(request, "reviews/report.html", context)


# --- The pages themselves -------------------------------------------------------------------


def _proposals_page(
    request: UserRequest, project: Project, error: Invalid | None = None
) -> HttpResponse:
    members = User.objects.filter(memberships__organisation=project.organisation_id)
    context = {
        "project": project,
        "view": "proposals",
        "proposals": selectors.proposals_in(project),
        "approvers": selectors.approvers_of(project).items(),
        "can_manage": can(request.user, "manage", project),
        "disciplines": DISCIPLINES,
        "people": members.order_by("username"),
        "teams": Team.objects.filter(organisation=project.organisation_id),
        "error": error,
    }
    status = HTTPStatus.OK if error is None else HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "reviews/proposals.html", context, status=status)


def _proposal_page(
    request: UserRequest, found: Proposal, error: PlannerError | None = None
) -> HttpResponse:
    found.refresh_from_db()
    exam = examine(found)
    is_open = found.state in OPEN_STATES
    pinned = threads.pinned(found.source, exam.new, proposal=found)
    evaluations = exam.old_evaluation, exam.evaluation
    context: dict[str, Any] = {
        "proposal": found,
        "exam": exam,
        "is_open": is_open,
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
        "results": results_of(*evaluations),
        "pending": any(each is not None and not each.is_final for each in evaluations),
        "conflicts": [_side_by_side(each, exam) for each in found.conflicts],
        "threads": pinned,
        "steps": _steps(found),
        "approved": sum(review.standing == "approved" for review in exam.reviews),
        "passed": sum(check.state == "done" for check in exam.checks),
        "error": error,
        "rights": {
            action: can(request.user, action, found)
            for action in ("propose", "approve", "merge", "edit", "waive", "comment")
        },
        "is_author": found.author_id == request.user.pk or can(request.user, "manage", found),
        "why_not": _why_not(request.user, found, exam),
        "people": threads.people_of(found.project),
        "design": found.source,
    }
    return render(request, "reviews/proposal.html", context, status=_status(error))


def _status(error: PlannerError | None) -> HTTPStatus:
    if error is None:
        return HTTPStatus.OK
    if isinstance(error, Forbidden):
        return HTTPStatus.FORBIDDEN
    if isinstance(error, Conflict):
        return HTTPStatus.CONFLICT
    return HTTPStatus.UNPROCESSABLE_ENTITY


def _new_label(found: Proposal) -> str:
    if found.candidate_revision is None:
        return f"{found.source.name}, revision {found.source_revision}"
    if found.merged_revision is not None:
        return f"{found.target.name}, revision {found.merged_revision}"
    return f"{found.source.name} {found.source_revision} merged into {found.target_revision}"


def _why_not(user: User, found: Proposal, exam: Examination) -> dict[str, str]:
    """For each discipline, why this person cannot decide on it; empty where they can."""
    if not can(user, "approve", found):
        return dict.fromkeys(exam.disciplines, "not yours to judge")
    if selectors.worked_on(user, found):
        return dict.fromkeys(exam.disciplines, "your own work")
    return {
        each: "" if selectors.is_approver(user, found, each) else "others are asked"
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


def _steps(found: Proposal) -> Any:
    return found.steps.select_related("actor").order_by("-at", "-id")


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise ProposalInvalid("That names nobody and nothing.") from None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ProposalInvalid("A waiver needs the day on which it ends.") from None
