"""What every page of a study does alike: say where the study stands, ask for it, stop it."""

from collections.abc import Callable
from typing import Any, cast
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.auth import UserRequest
from accounts.permissions import can
from analysis import selectors, services
from analysis.models import State, StudyKind
from layouts.models import Design
from layouts.selectors import design_for

View = Callable[[HttpRequest, UUID], HttpResponse]
Context = dict[str, Any]


def standing(
    request: HttpRequest, design_id: UUID, kind: StudyKind, view: str
) -> tuple[Context, dict[str, Any] | None]:
    """What the page of a study needs at the newest revision, and the answer once there is one."""
    user = cast(UserRequest, request).user
    design = design_for(user, design_id)
    study = selectors.study_at(design, design.head, kind)
    context: Context = {
        "design": design,
        "view": view,
        **selectors.run_bar(study),
        "can_evaluate": can(user, "evaluate", design),
        "can_cancel": can(user, "cancel", design),
    }
    if study is None or study.state != State.DONE:
        return context, None
    return context, selectors.result_of(study)


def back_to(request: HttpRequest, route: str, design: Design) -> HttpResponse:
    """The page of a design that was left, looking at what it looked at."""
    address = reverse(route, args=[design.pk])
    asked = request.GET.urlencode()
    return redirect(f"{address}?{asked}" if asked else address)


def run_page(kind: StudyKind, route: str) -> View:
    """The view that asks for a study of the newest revision and goes back to its page."""

    @require_POST
    @login_required
    def run(request: HttpRequest, design_id: UUID) -> HttpResponse:
        user = cast(UserRequest, request).user
        design = design_for(user, design_id, "evaluate")
        services.insist_on_study(actor=user, design=design, kind=kind)
        return back_to(request, route, design)

    return run


def cancel_page(kind: StudyKind, route: str) -> View:
    """The view that stops a study of the newest revision and goes back to its page."""

    @require_POST
    @login_required
    def cancel(request: HttpRequest, design_id: UUID) -> HttpResponse:
        user = cast(UserRequest, request).user
        design = design_for(user, design_id, "cancel")
        study = selectors.study_at(design, design.head, kind)
        if study is not None and not study.is_final:
            services.cancel(actor=user, job=study)
        return back_to(request, route, design)

    return cancel
