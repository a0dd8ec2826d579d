"""The systems of a design as they hang together: the one-line diagram, and the loops."""

from typing import Any, cast
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.auth import UserRequest
from accounts.models import User
from accounts.permissions import can
from analysis import selectors, services, tasks
from analysis.loop_view import loop_page
from analysis.models import State, StudyKind
from analysis.one_line_view import one_line
from analysis.symbols import SYMBOLS
from layouts.models import Design
from layouts.selectors import design_for

MOST_OPENED = 100


@require_safe
@login_required
def one_line_page(request: HttpRequest, design_id: UUID) -> HttpResponse:
    """Everything that feeds a design, from the source down."""
    user = cast(UserRequest, request).user
    design = design_for(user, design_id)
    context, answer = _context(user, design)
    opened = [key for key in request.GET.get("open", "").split(",") if key][:MOST_OPENED]
    context |= {"view": "one-line", "opened": ",".join(opened)}
    if answer is not None:
        context["diagram"] = one_line(answer, opened, request.GET.get("at", ""))
    return render(request, "analysis/one_line.html", context)


@require_POST
@login_required
def run_one_line(request: HttpRequest, design_id: UUID) -> HttpResponse:
    """Ask for the systems of the newest revision, and go back to the diagram."""
    _run(request, design_id)
    return redirect("one-line", design_id=design_id)


@require_POST
@login_required
def cancel_one_line(request: HttpRequest, design_id: UUID) -> HttpResponse:
    """Stop working on the systems, and go back to the diagram."""
    _cancel(request, design_id)
    return redirect("one-line", design_id=design_id)


@require_safe
@login_required
def loops_page(request: HttpRequest, design_id: UUID) -> HttpResponse:
    """Every coolant loop of a design, and the facility water behind it."""
    user = cast(UserRequest, request).user
    design = design_for(user, design_id)
    context, answer = _context(user, design)
    context["view"] = "loops"
    if answer is not None:
        context["schematic"] = loop_page(answer, request.GET.get("at", ""))
    return render(request, "analysis/loops.html", context)


@require_POST
@login_required
def run_loops(request: HttpRequest, design_id: UUID) -> HttpResponse:
    """Ask for the systems of the newest revision, and go back to the loops."""
    _run(request, design_id)
    return redirect("loops", design_id=design_id)


@require_POST
@login_required
def cancel_loops(request: HttpRequest, design_id: UUID) -> HttpResponse:
    """Stop working on the systems, and go back to the loops."""
    _cancel(request, design_id)
    return redirect("loops", design_id=design_id)


def _context(user: User, design: Design) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """What both pages show of their job, and its answer if it is there."""
    study = selectors.study_at(design, design.head, StudyKind.SYSTEMS)
    context: dict[str, Any] = {
        "design": design,
        **selectors.run_bar(study),
        "symbols": SYMBOLS,
        "can_evaluate": can(user, "evaluate", design),
        "can_cancel": can(user, "cancel", design),
    }
    if study is None or not context["is_done"]:
        return context, None
    return context, selectors.result_of(study)


def _run(request: HttpRequest, design_id: UUID) -> None:
    user = cast(UserRequest, request).user
    design = design_for(user, design_id, "evaluate")
    study = services.request_study(
        actor=user, design=design, revision=design.head, kind=StudyKind.SYSTEMS
    )
    if study.state in (State.FAILED, State.QUARANTINED):
        services.run_again(actor=user, job=study, task=tasks.run_study)


def _cancel(request: HttpRequest, design_id: UUID) -> None:
    user = cast(UserRequest, request).user
    design = design_for(user, design_id, "cancel")
    study = selectors.study_at(design, design.head, StudyKind.SYSTEMS)
    if study is not None and not study.is_final:
        services.cancel(actor=user, job=study)
