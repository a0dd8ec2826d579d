"""The page of the year: which weather, what it does to the plant, and how sure that is."""

from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.auth import UserRequest
from accounts.models import User
from accounts.permissions import can
from analysis import selectors, services, year_view
from analysis.figures import number
from analysis.models import Evaluation, Level, State
from analysis.site_settings import set_site_group, site_group
from analysis.year_charts import contributions
from layouts.models import Design
from layouts.selectors import design_for
from weather.selectors import Choice, choices_for

LEVELS = (Level.STUDY, Level.RISK)
DEEPEST_FIRST = (Level.RISK, Level.STUDY)
WARMEST_K = 10.0


@require_safe
@login_required
def year(request: HttpRequest, design_id: UUID) -> HttpResponse:
    """A design through every hour of its weather, or how to get there."""
    asked = cast(UserRequest, request)
    design = design_for(asked.user, design_id)
    jobs = _jobs(design)
    pending = [job for job in jobs.values() if not job.is_final]
    done = [job for level in DEEPEST_FIRST if (job := jobs.get(level)) and job.state == State.DONE]
    answer = selectors.result_of(done[0]) if done else None
    location = site_group(design, "location")
    context: dict[str, Any] = {
        "design": design,
        "view": "year",
        "choices": _choices(design, location.get("weather", "")),
        "weather": location.get("weather", ""),
        "warming_k": location.get("warming_k", 0),
        "jobs": jobs,
        "pending": pending,
        "progress": sum(job.progress for job in pending) / len(pending) if pending else 1.0,
        "refused": next((job for job in jobs.values() if _is_refused(job)), None),
        "is_asked": len(jobs) == len(LEVELS),
        # Without weather there is nothing to run.
        "is_done": len(jobs) == len(LEVELS) or not location.get("weather"),
        "can_edit": can(asked.user, "edit", design),
        "can_evaluate": can(asked.user, "evaluate", design),
        "can_cancel": can(asked.user, "cancel", design),
        **(_shown(answer) if answer else {}),
    }
    return render(request, "analysis/year.html", context)


@require_POST
@login_required
def choose_weather(request: HttpRequest, design_id: UUID) -> HttpResponse:
    """Set the weather of a design, as one revision, and compute its year."""
    user = cast(UserRequest, request).user
    design = design_for(user, design_id, "edit")
    wanted = request.POST.get("weather", "")
    warming = _warming(request.POST.get("warming_k", ""))
    if warming is None or wanted not in {
        each.id for each in choices_for(design.project.organisation)
    }:
        messages.error(request, "Choose weather from the list, and a warming from −10 to 10 K.")
        return redirect("year", design_id=design.pk)
    location = {**site_group(design, "location"), "weather": wanted, "warming_k": warming}
    if not warming:
        del location["warming_k"]
    set_site_group(
        author=user, design=design, group="location", value=location, label="Set weather"
    )
    if can(user, "evaluate", design):
        _request(user, design)
    return redirect("year", design_id=design.pk)


@require_POST
@login_required
def run_year(request: HttpRequest, design_id: UUID) -> HttpResponse:
    """Ask for the year of the newest revision and for its ranges."""
    user = cast(UserRequest, request).user
    design = design_for(user, design_id, "evaluate")
    _request(user, design)
    return redirect("year", design_id=design.pk)


@require_POST
@login_required
def cancel_year(request: HttpRequest, design_id: UUID) -> HttpResponse:
    """Stop what still runs for the year of the newest revision."""
    user = cast(UserRequest, request).user
    design = design_for(user, design_id, "cancel")
    for job in _jobs(design).values():
        if not job.is_final:
            services.cancel(actor=user, job=job)
    return redirect("year", design_id=design.pk)


def _request(user: User, design: Design) -> None:
    for level in LEVELS:
        services.insist_on_evaluation(actor=user, design=design, level=level)


def _jobs(design: Design) -> dict[Level, Evaluation]:
    found = {level: selectors.evaluation_at(design, design.head, level) for level in LEVELS}
    return {level: job for level, job in found.items() if job is not None}


def _is_refused(job: Evaluation) -> bool:
    return job.is_final and job.state != State.DONE


def _shown(result: Mapping[str, Any]) -> dict[str, Any]:
    year, ranges = result["year"], result["ranges"]
    if year["reason"]:
        return {"reason": year["reason"]}
    context = {
        "year": year,
        "totals": year_view.totals(year),
        "design_figures": year_view.design_figures(year),
        "months": year_view.month_rows(year),
        "charts": year_view.charts(year),
        "embodied": [(name, number(tons)) for name, tons in year["embodied_t"].items()],
    }
    if ranges is not None:
        context |= {
            "ranges": year_view.range_rows(ranges),
            "samples": ranges["samples"],
            "contributions": contributions(ranges),
        }
    return context


def _choices(design: Design, current: str) -> list[Choice]:
    """What may be chosen, with what is chosen even if it is gone."""
    found = choices_for(design.project.organisation)
    if current and current not in {each.id for each in found}:
        found.append(Choice(id=current, label=f"{current[:12]} (not in this organisation)"))
    return found


def _warming(text: str) -> float | None:
    try:
        value = float(text or 0.0)
    except ValueError:
        return None
    return round(value, 2) if -WARMEST_K <= value <= WARMEST_K else None
