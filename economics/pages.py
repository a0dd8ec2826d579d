"""The economics of a design: the page, its working, and the fixed-feed question."""

from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.auth import UserRequest
from accounts.permissions import can
from analysis.models import StudyKind
from analysis.selectors import run_bar
from analysis.study_pages import cancel_page, run_page
from economics.answers import NO_LOAD, Ready, newest_study, ready, saved_rows
from economics.asking import Asked
from economics.feed import feed_view
from economics.settings import CLASSES
from economics.view import view
from economics.workings import working_of
from engine.cost.survey import SUPPLIES_C
from layouts.selectors import design_for

run_economics = run_page(StudyKind.ECONOMICS, "economics")
cancel_economics = cancel_page(StudyKind.ECONOMICS, "economics")

NOT_OF_THE_CASE = ("live", "figure", "feed", "cap")


@require_safe
@login_required
def economics(request: HttpRequest, design_id: UUID) -> HttpResponse:
    """What a token costs, how sure that is, and what moves it."""
    context, answer, chosen = _question(request, design_id)
    if answer is not None:
        context |= _shown(request, answer, chosen)
        if "live" not in request.GET:
            context["saved"] = saved_rows(context["design"])
    return render(request, "economics/economics.html", context)


@require_safe
@login_required
def economics_working(request: HttpRequest, design_id: UUID) -> HttpResponse:
    """How one figure came about: its formula, and every number in it with its source."""
    context, _, chosen = _question(request, design_id)
    if chosen is not None:
        context["working"] = working_of(chosen.case, request.GET.get("figure", ""))
    return render(request, "economics/working.html", context)


@require_safe
@login_required
def fixed_feed(request: HttpRequest, design_id: UUID) -> HttpResponse:
    """What a feed of so many megawatts carries, policy by policy."""
    context, answer, chosen = _question(request, design_id)
    if answer is not None:
        context["feed"] = (
            {"reason": NO_LOAD} if chosen is None else feed_view(chosen, answer.survey, request.GET)
        )
    return render(request, "economics/feed.html", context)


def _question(
    request: HttpRequest, design_id: UUID
) -> tuple[dict[str, Any], Ready | None, Asked | None]:
    """What every page of the economics needs, the finished survey, and what is asked of it."""
    user = cast(UserRequest, request).user
    design = design_for(user, design_id)
    study = newest_study(design)
    query = _query(request)
    context = {
        "design": design,
        "view": "economics",
        **run_bar(study),
        "can_evaluate": can(user, "evaluate", design),
        "can_cancel": can(user, "cancel", design),
        "class_choices": tuple(CLASSES.items()),
        "supplies_c": tuple(f"{supply:g}" for supply in SUPPLIES_C),
        "query": urlencode(query),
    }
    answer = ready(study)
    return context, answer, None if answer is None else answer.asked(query)


def _query(request: HttpRequest) -> dict[str, str]:
    return {
        name: str(value)[:200]
        for name, value in request.GET.items()
        if value and name not in NOT_OF_THE_CASE
    }


def _shown(request: HttpRequest, answer: Ready, chosen: Asked | None) -> Mapping[str, Any]:
    if chosen is None:
        return {"economics": {"reason": NO_LOAD}}
    is_live = "live" in request.GET
    return {
        "economics": view(chosen, answer.survey, whole=not is_live),
        "is_live": is_live,
        "revision": answer.revision,
        "key": answer.key[:8],
    }
