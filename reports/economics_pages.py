"""The spreadsheet of a design's economics, as it stands on the screen."""

from typing import cast
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.auth import UserRequest
from economics.answers import case_asked
from economics.settings import MODES
from economics.view import short_words
from layouts.selectors import design_for, state_hash_at
from reports.formats import economics_xlsx

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
@login_required
def economics_spreadsheet(request: HttpRequest, design_id: UUID) -> HttpResponse:
    """A case as a spreadsheet with live formulas; nothing of it is kept here.

    Raises
    ------
    ResultNotReady
        If the economics of the newest revision are not computed, or there is nothing to cost.
    """
    user = cast(UserRequest, request).user
    design = design_for(user, design_id, "report")
    chosen = case_asked(design, {name: str(value)[:200] for name, value in request.GET.items()})
    answer = chosen.case.answer()
    short = "" if answer.usd_per_mtok is None else short_words(chosen, answer)
    content = economics_xlsx.write(
        answer,
        economics_xlsx.Heading(
            design=design.name,
            revision=design.head,
            state_hash=state_hash_at(design, design.head),
            mode=". ".join(
                filter(None, (f"Every cost by {MODES[chosen.mode]}", short.rstrip(".")))
            ),
        ),
    )
    response = HttpResponse(content, content_type=XLSX)
    name = f"economics-{str(design.pk)[-12:]}-r{design.head}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response
