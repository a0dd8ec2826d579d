"""Lose one: every single loss of a design, power and cooling together, or how to get there."""

from collections.abc import Mapping
from typing import Any, cast
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from accounts.auth import UserRequest
from accounts.permissions import can
from analysis import losses_view, selectors, services
from analysis.figures import number
from analysis.losses_chart import curves
from analysis.models import Job, State, StudyKind
from analysis.study_pages import back_to
from layouts.models import Design
from layouts.selectors import design_for

KINDS = (StudyKind.LOSE_ONE, StudyKind.RIDE_THROUGH)


@require_safe
@login_required
def lose_one(request: HttpRequest, design_id: UUID) -> HttpResponse:
    """Every single loss of a design, and one of them at length."""
    user = cast(UserRequest, request).user
    design = design_for(user, design_id)
    jobs = _jobs(design)
    pending = [job for job in jobs if not job.is_final]
    context: dict[str, Any] = {
        "design": design,
        "view": "lose-one",
        "pending": pending,
        "progress": sum(job.progress for job in jobs) / len(jobs) if jobs else 0.0,
        "refused": next((job for job in jobs if job.is_final and job.state != State.DONE), None),
        "is_asked": len(jobs) == 1 + len(KINDS),
        "can_evaluate": can(user, "evaluate", design),
        "can_cancel": can(user, "cancel", design),
        "lost": request.GET.get("lost", ""),
        "words": request.GET.get("tag", ""),
        "kind": request.GET.get("kind", ""),
        "is_whole": "all" in request.GET,
    }
    if len(jobs) == 1 + len(KINDS) and all(job.state == State.DONE for job in jobs):
        context |= _shown(context, *(selectors.result_of(job) for job in jobs))
    return render(request, "analysis/lose_one.html", context)


def _shown(
    asked: Mapping[str, Any],
    result: Mapping[str, Any],
    losses: Mapping[str, Any],
    rides: Mapping[str, Any],
) -> dict[str, Any]:
    rows = losses_view.merged(result, losses, rides)
    nodes = result["power"]["nodes"]
    tags = dict(zip(nodes["id"], nodes["tag"], strict=True))
    found = losses_view.folded(losses_view.chosen(rows, asked["words"], asked["kind"]), tags)
    shown = found if asked["is_whole"] else found[: losses_view.SHOWN]
    context: dict[str, Any] = {
        "is_done": True,
        "rows": shown,
        "left_out": len(found) - len(shown),
        "summary": losses_view.summary(rows),
        "kinds": losses_view.kinds_of(rows),
        "inputs": rides["inputs"],
        "watch": losses_view.clock(losses_view.inputs_of(rides)["transient.watch_s"]),
        "tolerance": number(100.0 * losses_view.inputs_of(rides)["tcs.deficit_warn_fraction"]),
        "reason": rides["reason"],
        "has_losses": bool(rows),
    }
    one = next((row for row in rows if row["id"] == asked["lost"]), None)
    if one is not None:
        context["one"] = losses_view.detail(one, result, rides)
        charted = context["one"]["charted"]
        if charted is not None:
            inputs = losses_view.inputs_of(rides)
            context["chart"] = curves(charted, rides["rack_tags"], inputs)
    return context


@require_POST
@login_required
def run_lose_one(request: HttpRequest, design_id: UUID) -> HttpResponse:
    """Ask for every single loss of the newest revision."""
    user = cast(UserRequest, request).user
    design = design_for(user, design_id, "evaluate")
    services.insist_on_evaluation(actor=user, design=design)
    for kind in KINDS:
        services.insist_on_study(actor=user, design=design, kind=kind)
    return back_to(request, "lose-one", design)


@require_POST
@login_required
def cancel_lose_one(request: HttpRequest, design_id: UUID) -> HttpResponse:
    """Stop what still runs for the losses of the newest revision."""
    user = cast(UserRequest, request).user
    design = design_for(user, design_id, "cancel")
    for job in _jobs(design):
        if not job.is_final:
            services.cancel(actor=user, job=job)
    return back_to(request, "lose-one", design)


def _jobs(design: Design) -> list[Job]:
    """The jobs behind the page, as far as anybody asked: evaluation, losses, rides."""
    found: list[Job | None] = [selectors.evaluation_at(design, design.head)]
    found += [selectors.study_at(design, design.head, kind) for kind in KINDS]
    return [job for job in found if job is not None]
