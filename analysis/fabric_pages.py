"""The fabric of a design: switches, cables, and the switch between kinds of optics."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from analysis.fabric_view import fabric_view
from analysis.models import StudyKind
from analysis.study_pages import cancel_page, run_page, standing

run_fabric = run_page(StudyKind.FABRIC, "fabric")
cancel_fabric = cancel_page(StudyKind.FABRIC, "fabric")


@require_safe
@login_required
def fabric(request: HttpRequest, design_id: UUID) -> HttpResponse:
    """What joins the GPUs of a design, or how to get there."""
    context, answer = standing(request, design_id, StudyKind.FABRIC, "fabric")
    if answer is not None:
        context["reason"] = answer["reason"]
        if answer["reason"] is None:
            context["fabric"] = fabric_view(answer, request.GET.get("optics", ""))
    return render(request, "analysis/fabric.html", context)
