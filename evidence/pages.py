"""Taking an audit bundle away."""

from typing import cast
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from accounts.auth import UserRequest
from evidence import services
from layouts.selectors import design_for


@require_safe
@login_required
def bundle_file(request: HttpRequest, design_id: UUID, number: int) -> HttpResponse:
    """The audit bundle of a revision; taking it away is a row of the trail."""
    user = cast(UserRequest, request).user
    design = design_for(user, design_id)
    content = services.write_bundle(actor=user, design=design, number=number)
    response = HttpResponse(content, content_type="application/zip")
    name = f"{slugify(design.name) or 'design'}-r{number}-audit.zip"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
