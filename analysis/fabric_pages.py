"""The fabric of a design: switches, cables, and the switch between kinds of optics."""

from typing import Any, cast
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.auth import UserRequest
from accounts.permissions import can
from analysis import selectors, services, tasks
from analysis.fabric_view import fabric_view
from analysis.models import State, StudyKind
from layouts.selectors import design_for


@require_safe
@login_required
def fabric(request: HttpRequest, design_id: UUID) -> HttpResponse:
    """What joins the GPUs of a design, or how to get there."""
    user = cast(UserRequest, request).user
    design = design_for(user, design_id)
    study = selectors.study_at(design, design.head, StudyKind.FABRIC)
    context: dict[str, Any] = {
        "design": design,
        "view": "fabric",
        **selectors.run_bar(study),
        "can_evaluate": can(user, "evaluate", design),
        "can_cancel": can(user, "cancel", design),
    }
    if study is not None and study.state == State.DONE:
        answer = selectors.result_of(study)
        context["reason"] = answer["reason"]
        if answer["reason"] is None:
            context["fabric"] = fabric_view(answer, request.GET.get("optics", ""))
    return render(request, "analysis/fabric.html", context)


@require_POST
@login_required
def run_fabric(request: HttpRequest, design_id: UUID) -> HttpResponse:
    """Ask for the fabric of the newest revision."""
    user = cast(UserRequest, request).user
    design = design_for(user, design_id, "evaluate")
    study = services.request_study(
        actor=user, design=design, revision=design.head, kind=StudyKind.FABRIC
    )
    if study.state in (State.FAILED, State.QUARANTINED):
        services.run_again(actor=user, job=study, task=tasks.run_study)
    return redirect("fabric", design_id=design.pk)


@require_POST
@login_required
def cancel_fabric(request: HttpRequest, design_id: UUID) -> HttpResponse:
    """Stop working on the fabric of the newest revision."""
    user = cast(UserRequest, request).user
    design = design_for(user, design_id, "cancel")
    study = selectors.study_at(design, design.head, StudyKind.FABRIC)
    if study is not None and not study.is_final:
        services.cancel(actor=user, job=study)
    return redirect("fabric", design_id=design.pk)
