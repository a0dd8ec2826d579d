"""Ordering files people take away."""

from django.db import transaction
from django.http import FileResponse

from accounts import permissions
from accounts.models import User
from analysis.models import Level
from analysis.services import request_evaluation, want
from audit.services import record
from layouts.models import Design
from reports import gathering, selectors, tasks
from reports.errors import UnknownFormat
from reports.models import Format, Report, SheetSize


@transaction.atomic
def request_report(
    *, actor: User, design: Design, revision: int, format_: str, sheet: str = SheetSize.A3
) -> Report:
    """The report on a revision: the one there is, or a new one that a worker will write.

    Raises
    ------
    UnknownFormat
        If there is no such format or sheet.
    RevisionNotFound
        If the design has no such revision.
    """
    permissions.require(actor, "report", design)
    if format_ not in Format.values or sheet not in SheetSize.values:
        raise UnknownFormat(
            f"Formats are {', '.join(Format.values)}; sheets {', '.join(SheetSize.values)}.",
            format=format_,
            sheet=sheet,
        )
    evaluation = request_evaluation(
        actor=actor, design=design, revision=revision, level=Level.STUDY
    )
    report = Report(design=design, format=format_, sheet=sheet)
    report.talks = gathering.talks_about(design, revision, format_)
    report.key = selectors.report_key(evaluation, format_, sheet, report.talks)
    size = selectors.file_path(report).stat().st_size if selectors.is_written(report) else None
    return want(
        Report,
        tasks.write_report,
        actor=actor,
        design=design,
        revision=revision,
        key=report.key,
        is_answered=size is not None,
        fields={
            "format": Format(format_),
            "sheet": SheetSize(sheet),
            "evaluation": evaluation,
            "talks": report.talks,
            "size_bytes": size,
        },
    )


@transaction.atomic
def take_away(*, actor: User, report: Report) -> FileResponse:
    """The file of a finished report, for somebody who downloads it.

    Raises
    ------
    ReportNotReady
        If it is not written yet.
    """
    response = selectors.download(report)
    record(
        actor=actor,
        action="report.export",
        obj=report,
        detail={"format": report.format, "revision": report.revision},
    )
    return response
