"""Another generation of racks in the same hall, or how to get there."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from analysis.generation_view import generation_view
from analysis.models import StudyKind
from analysis.study_pages import cancel_page, run_page, standing

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
    return render(request, "analysis/generations.html", context)
