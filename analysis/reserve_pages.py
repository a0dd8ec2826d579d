"""What a design holds in reserve: the pages of power, cooling and availability."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from analysis.availability_view import availability_page
from analysis.cooling_view import cooling_page
from analysis.models import StudyKind
from analysis.power_view import power_page
from analysis.study_pages import cancel_page, run_page, standing

run_power = run_page(StudyKind.POWER, "power")
cancel_power = cancel_page(StudyKind.POWER, "power")
run_cooling = run_page(StudyKind.COOLING, "cooling")
cancel_cooling = cancel_page(StudyKind.COOLING, "cooling")
run_availability = run_page(StudyKind.AVAILABILITY, "availability")
cancel_availability = cancel_page(StudyKind.AVAILABILITY, "availability")


@require_safe
@login_required
def power(request: HttpRequest, design_id: UUID) -> HttpResponse:
    """What the supply of a design may carry, and what stands by."""
    context, answer = standing(request, design_id, StudyKind.POWER, "power")
    if answer is not None:
        context["power"] = power_page(answer)
    return render(request, "analysis/power.html", context)


@require_safe
@login_required
def cooling(request: HttpRequest, design_id: UUID) -> HttpResponse:
    """What the pumps, fans and coolers of a design may still do when one of them is lost."""
    context, answer = standing(request, design_id, StudyKind.COOLING, "cooling")
    if answer is not None:
        context["cooling"] = cooling_page(answer)
    return render(request, "analysis/cooling.html", context)


@require_safe
@login_required
def availability(request: HttpRequest, design_id: UUID) -> HttpResponse:
    """How often each load of a design is without power or cooling, and why."""
    context, answer = standing(request, design_id, StudyKind.AVAILABILITY, "availability")
    if answer is not None:
        context["found"] = availability_page(answer)
    return render(request, "analysis/availability.html", context)
