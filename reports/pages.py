"""Ordering reports on a design, and taking them away."""

from typing import cast
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.auth import UserRequest
from accounts.permissions import can
from analysis import services as jobs
from analysis.models import State
from layouts.selectors import design_for, history_before
from reports import selectors, services
from reports.errors import UnknownFormat
from reports.models import Format, SheetSize
from reports.tasks import write_report

REPORTS_SHOWN = 50
REVISIONS_OFFERED = 60


@require_safe
@login_required
def reports(request: HttpRequest, design_id: UUID) -> HttpResponse:
    """The reports of a design, and a form to order one."""
    asked = cast(UserRequest, request)
    design = design_for(asked.user, design_id)
    shown = list(selectors.reports_of(design)[:REPORTS_SHOWN])
    context = {
        "design": design,
        "view": "report",
        "reports": [(report, selectors.is_written(report)) for report in shown],
        "is_pending": any(not report.is_final for report in shown),
        "formats": Format.choices,
        "sheets": SheetSize.choices,
        "revisions": history_before(design, None, REVISIONS_OFFERED),
        "can_cancel": can(asked.user, "cancel", design),
    }
    return render(request, "reports/reports.html", context)


@require_POST
@login_required
def order_report(request: HttpRequest, design_id: UUID) -> HttpResponse:
    """Order a report and go to where it will appear."""
    user = cast(UserRequest, request).user
    design = design_for(user, design_id, "report")
    number = request.POST.get("revision", str(design.head))
    if not number.isdecimal():
        raise UnknownFormat("Choose a revision by its number.", revision=number)
    report = services.request_report(
        actor=user,
        design=design,
        revision=int(number),
        format_=request.POST.get("format", Format.PDF),
        sheet=request.POST.get("sheet", SheetSize.A3),
    )
    if report.state in (State.FAILED, State.QUARANTINED):
        jobs.run_again(actor=user, job=report, task=write_report)
    return redirect("reports", design_id=design.pk)


@require_POST
@login_required
def cancel_report(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """Stop a report that is not written yet."""
    user = cast(UserRequest, request).user
    report = selectors.report_for(user, report_id, "cancel")
    jobs.cancel(actor=user, job=report)
    return redirect("reports", design_id=report.design_id)


@require_safe
@login_required
def report_file(request: HttpRequest, report_id: UUID) -> FileResponse:
    """The file of a finished report."""
    user = cast(UserRequest, request).user
    return services.take_away(actor=user, report=selectors.report_for(user, report_id))
