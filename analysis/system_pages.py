"""The systems of a design as they hang together: the one-line diagram, and the loops."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from analysis.loop_view import loop_page
from analysis.models import StudyKind
from analysis.one_line_view import one_line
from analysis.study_pages import cancel_page, run_page, standing
from analysis.symbols import SYMBOLS

MOST_OPENED = 100

run_one_line = run_page(StudyKind.SYSTEMS, "one-line")
cancel_one_line = cancel_page(StudyKind.SYSTEMS, "one-line")
run_loops = run_page(StudyKind.SYSTEMS, "loops")
cancel_loops = cancel_page(StudyKind.SYSTEMS, "loops")


@require_safe
@login_required
def one_line_page(request: HttpRequest, design_id: UUID) -> HttpResponse:
    """Everything that feeds a design, from the source down."""
    context, answer = standing(request, design_id, StudyKind.SYSTEMS, "one-line")
    opened = [key for key in request.GET.get("open", "").split(",") if key][:MOST_OPENED]
    context |= {"opened": ",".join(opened), "symbols": SYMBOLS}
    if answer is not None:
        context["diagram"] = one_line(answer, opened, request.GET.get("at", ""))
    return render(request, "analysis/one_line.html", context)


@require_safe
@login_required
def loops_page(request: HttpRequest, design_id: UUID) -> HttpResponse:
    """Every coolant loop of a design, and the facility water behind it."""
    context, answer = standing(request, design_id, StudyKind.SYSTEMS, "loops")
    context["symbols"] = SYMBOLS
    if answer is not None:
        context["schematic"] = loop_page(answer, request.GET.get("at", ""))
    return render(request, "analysis/loops.html", context)
