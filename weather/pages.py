"""The weather that organisations keep: a list, an upload, a removal."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.auth import UserRequest
from accounts.permissions import can
from engine.errors import Invalid
from weather import selectors, services
from weather.samples import SAMPLES, folder

WRONG_FILE = 422


@require_safe
@login_required
def weather(request: HttpRequest) -> HttpResponse:
    """The weather files that a person may use, and the samples."""
    return _page(cast(UserRequest, request))


@require_POST
@login_required
def upload_weather(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """Keep an uploaded file, or say which of its lines or hours are wrong."""
    asked = cast(UserRequest, request)
    organisation = selectors.organisation_for(asked.user, organisation_id)
    uploaded = request.FILES.get("file")
    content = uploaded.read(services.MAX_BYTES + 1) if uploaded else b""
    try:
        row = services.upload(
            actor=asked.user,
            organisation=organisation,
            file_name=(uploaded.name if uploaded else "") or "weather",
            content=content,
        )
    except Invalid as error:
        return _page(asked, error)
    filled = f"; {row.filled_hours} missing hours were filled" if row.filled_hours else ""
    messages.success(request, f"{row.name} was read: {row.hours:,} hours{filled}.")
    return redirect("weather")


@require_POST
@login_required
def remove_weather(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """Take a weather file away."""
    user = cast(UserRequest, request).user
    services.remove(actor=user, file=selectors.file_for(user, file_id))
    messages.success(request, "The weather was removed.")
    return redirect("weather")


def _page(request: UserRequest, error: Invalid | None = None) -> HttpResponse:
    files = selectors.files_for(request.user)
    context = {
        "files": [(row, can(request.user, "edit", row)) for row in files],
        "samples": SAMPLES.values() if folder() else (),
        "organisations": selectors.organisations_to_upload(request.user),
        "error": error,
    }
    return render(request, "weather/weather.html", context, status=WRONG_FILE if error else 200)
