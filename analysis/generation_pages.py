"""Another generation of racks in the same hall, or how to get there."""

from typing import Any, cast
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.auth import UserRequest
from accounts.permissions import can
from analysis import selectors, services, tasks
from analysis.generation_view import generation_view
from analysis.models import State, StudyKind
from layouts.selectors import design_for

REFUSED = (State.FAILED, State.QUARANTINED)


@require_safe
@login_required
def generations(request: HttpRequest, design_id: UUID) -> HttpResponse:
    """What every other rack would do in this hall, and one of them at length."""
    user = cast(UserRequest, request).user
    design = design_for(user, design_id)
    study = selectors.study_at(design, design.head, StudyKind.GENERATIONS)
    context: dict[str, Any] = {
        "design": design,
        "view": "generations",
        **selectors.run_bar(study),
        "can_evaluate": can(user, "evaluate", design),
        "can_cancel": can(user, "cancel", design),
    }
    if study is not None and study.state == State.DONE:
        answer = selectors.result_of(study)
        context["reason"] = answer["reason"]
        if answer["reason"] is None:
            context |= generation_view(answer, request.GET.get("to", ""))
    return render(request, "analysis/generations.html", context)


@require_POST
@login_required
def run_generations(request: HttpRequest, design_id: UUID) -> HttpResponse:
    """Ask what every other rack would do at the newest revision."""
    user = cast(UserRequest, request).user
    design = design_for(user, design_id, "evaluate")
    study = services.request_study(
        actor=user, design=design, revision=design.head, kind=StudyKind.GENERATIONS
    )
    if study.state in REFUSED:
        services.run_again(actor=user, job=study, task=tasks.run_study)
    return redirect("generations", design_id=design.pk)


@require_POST
@login_required
def cancel_generations(request: HttpRequest, design_id: UUID) -> HttpResponse:
    """Stop looking at other racks."""
    user = cast(UserRequest, request).user
    design = design_for(user, design_id, "cancel")
    study = selectors.study_at(design, design.head, StudyKind.GENERATIONS)
    if study is not None and not study.is_final:
        services.cancel(actor=user, job=study)
    return redirect("generations", design_id=design.pk)
