"""Proposals: the list, the one that is judged, every move a person makes there, the report."""

from datetime import date
from http import HTTPStatus
from typing import cast
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
from layouts.models import Project
from layouts.selectors import design_for, project_for
from reviews import selectors, services, signing
from reviews.errors import ProposalInvalid, ProposalNotFound
from reviews.models import Proposal
from reviews.policy import DISCIPLINES, TRANSITIONS, Move
from reviews.proposal_sheet import sheet_of, steps_of


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
    context = {"proposal": found, "report": found.report, "steps": steps_of(found)}
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
    context = {**sheet_of(request.user, found), "error": error}
    return render(request, "reviews/proposal.html", context, status=_status(error))


def _status(error: PlannerError | None) -> HTTPStatus:
    if error is None:
        return HTTPStatus.OK
    if isinstance(error, Forbidden):
        return HTTPStatus.FORBIDDEN
    if isinstance(error, Conflict):
        return HTTPStatus.CONFLICT
    return HTTPStatus.UNPROCESSABLE_ENTITY


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
