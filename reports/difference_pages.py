"""The report on differences: of a proposal, and of any two states of designs."""

from typing import cast
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from accounts.auth import UserRequest
from accounts.models import User
from audit.services import record
from layouts.selectors import design_for
from reports import gathering
from reports.differences import Differences
from reports.formats import differences as pdf
from reviews.selectors import point_at, proposal_for


@require_safe
@login_required
def proposal_report(request: HttpRequest, proposal_id: UUID) -> HttpResponse:
    """A proposal as a PDF: what it changes, what follows, what was said and decided."""
    user = cast(UserRequest, request).user
    proposal = proposal_for(user, proposal_id)
    name = f"proposal-{proposal.number}"
    return _file(user, proposal, gathering.of_proposal(proposal), name)


@require_safe
@login_required
def comparison_report(request: HttpRequest, design_id: UUID) -> HttpResponse:
    """Two states as a PDF, named as on the page that compares them."""
    user = cast(UserRequest, request).user
    design = design_for(user, design_id)
    old = point_at(user, design, request.GET.get("a") or "0")
    new = point_at(user, design, request.GET.get("b") or "head")
    name = f"differences-{str(design.pk)[-12:]}"
    return _file(user, design, gathering.of_points(user, old, new), name)


def _file(user: User, about: Model, found: Differences, name: str) -> HttpResponse:
    response = HttpResponse(pdf.write(found), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    record(actor=user, action="report.export", obj=about, detail={"format": "differences"})
    return response
