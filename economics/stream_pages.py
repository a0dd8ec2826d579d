"""The streams of a design: the form that sets their shares and targets."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.auth import UserRequest
from accounts.permissions import can
from analysis.site_settings import set_site_group, site_group
from economics.stream_form import FIELDS, form_rows, read_streams
from engine.tables import models
from layouts.models import Design
from layouts.selectors import design_for

GROUP = "streams"


@require_safe
@login_required
def streams(request: HttpRequest, design_id: UUID) -> HttpResponse:
    """Shares and targets of every stream, as the newest revision has them."""
    user = cast(UserRequest, request).user
    return _page(request, design_for(user, design_id), {}, [])


@require_POST
@login_required
def set_streams(request: HttpRequest, design_id: UUID) -> HttpResponse:
    """Put the streams into the design, as one revision; a faulty form comes back as it was."""
    user = cast(UserRequest, request).user
    design = design_for(user, design_id, "edit")
    typed = {name: str(value)[:200] for name, value in request.POST.items()}
    group, faults = read_streams(typed)
    if faults:
        return _page(request, design, typed, faults)
    if set_site_group(author=user, design=design, group=GROUP, value=group, label="Set streams"):
        messages.success(request, f"Revision {design.head} has {len(group)} streams.")
    return redirect("economics", design_id=design.pk)


def _page(
    request: HttpRequest, design: Design, typed: dict[str, str], faults: list[str]
) -> HttpResponse:
    context = {
        "design": design,
        "view": "economics",
        "fields": FIELDS,
        "rows": form_rows(site_group(design, GROUP), typed),
        "models": sorted(models()),
        "faults": faults,
        "can_edit": can(cast(UserRequest, request).user, "edit", design),
    }
    status = 422 if faults else 200
    return render(request, "economics/streams.html", context, status=status)
