"""Reports over HTTP."""

from typing import Any, Literal
from uuid import UUID

from django.http import FileResponse
from ninja import Router, Schema, Status
from pydantic import Field

from accounts.auth import UserRequest
from analysis import services as jobs
from analysis.api import JobOut
from layouts.selectors import design_for
from reports import selectors, services
from reports.tasks import write_report

router = Router(tags=["reports"])

FormatName = Literal["pdf", "csv-racks", "csv-bom", "json"]


class ReportIn(Schema):
    """Which revision to report on, and as what."""

    revision: int = Field(ge=0)
    format: FormatName = "pdf"
    sheet: Literal["A3", "A1"] = "A3"


class ReportOut(JobOut):
    """A report on one revision."""

    format: FormatName
    sheet: Literal["A3", "A1"]
    size_bytes: int | None


@router.post("/designs/{uuid:design_id}/reports", response={202: ReportOut})
def post_report(request: UserRequest, design_id: UUID, body: ReportIn) -> Status[dict[str, Any]]:
    """Order a report on a revision; asking again for the same gives the same one."""
    report = services.request_report(
        actor=request.user,
        design=design_for(request.user, design_id),
        revision=body.revision,
        format_=body.format,
        sheet=body.sheet,
    )
    return Status(202, selectors.report_json(report))


@router.get("/reports/{uuid:report_id}", response=ReportOut)
def get_report(request: UserRequest, report_id: UUID) -> dict[str, Any]:
    """Where a report stands."""
    return selectors.report_json(selectors.report_for(request.user, report_id))


@router.get("/reports/{uuid:report_id}/file")
def get_report_file(request: UserRequest, report_id: UUID) -> FileResponse:
    """The file of a finished report."""
    report = selectors.report_for(request.user, report_id)
    return services.take_away(actor=request.user, report=report)


@router.post("/reports/{uuid:report_id}/cancel", response=ReportOut)
def cancel_report(request: UserRequest, report_id: UUID) -> dict[str, Any]:
    """Stop a report that is not written yet."""
    report = selectors.report_for(request.user, report_id, "cancel")
    return selectors.report_json(jobs.cancel(actor=request.user, job=report))


@router.post("/reports/{uuid:report_id}/run-again", response={202: ReportOut})
def run_report_again(request: UserRequest, report_id: UUID) -> Status[dict[str, Any]]:
    """Give a report that failed, crashed or was cancelled another chance."""
    report = selectors.report_for(request.user, report_id, "report")
    again = jobs.run_again(actor=request.user, job=report, task=write_report)
    return Status(202, selectors.report_json(again))
