"""Another generation of racks in the same hall, or how to get there."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.auth import UserRequest
from accounts.permissions import can
from analysis.generation_view import generation_view
from analysis.models import StudyKind
from analysis.services import keep_generation
from analysis.study_pages import cancel_page, run_page, standing
from layouts.selectors import design_for

run_generations = run_page(StudyKind.GENERATIONS, "generations")
cancel_generations = cancel_page(StudyKind.GENERATIONS, "generations")


@require_safe
@login_required
def generations(request: HttpRequest, design_id: UUID) -> HttpResponse:
    """What every other rack would do in this hall, and one of them at length."""
    context, answer = standing(request, design_id, StudyKind.GENERATIONS, "generations")
    if answer is not None:
        context["reason"] = answer["reason"]
        if answer["reason"] is None:
            context |= generation_view(answer, request.GET.get("to", ""))
    context["can_create"] = can(cast(UserRequest, request).user, "create", context["design"])
    return render(request, "analysis/generations.html", context)


@require_POST
@login_required
def keep(request: HttpRequest, design_id: UUID) -> HttpResponse:
    """Make a branch of the design with another rack in it, and open its plan."""
    user = cast(UserRequest, request).user
    source = design_for(user, design_id, "create")
    branch = keep_generation(
        actor=user,
        source=source,
        key=request.POST.get("to", ""),
        name=request.POST.get("name", ""),
    )
    messages.success(request, f"{branch.name} is a branch of {source.name} with other racks.")
    return redirect("design", design_id=branch.pk)
