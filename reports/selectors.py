"""Reading reports, and gathering what one prints."""

import hashlib
import json
from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.http import FileResponse
from django.utils.text import slugify

from accounts import permissions
from accounts.models import User
from accounts.permissions import Action
from analysis.assemble import assemble
from analysis.models import Evaluation, State
from analysis.selectors import job_json, own_data_of, result_of
from layouts.models import Design
from layouts.selectors import design_file, document_at, products_of
from reports.bundle import Bundle, Sheet
from reports.errors import ReportNotFound, ReportNotReady
from reports.formats import FORMATS
from reports.models import Report
from reports.talks import Talk

ROOT = Path(__file__).resolve().parent.parent
# Whatever can change a file about an unchanged result.
PROGRAM = ("reports", "analysis")


@lru_cache(maxsize=1)
def program_hash() -> str:
    """SHA-256 over the code and template that write the files."""
    digest = hashlib.sha256()
    for entry in PROGRAM:
        path = ROOT / entry
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.suffix in (".py", ".typ", ".ttf"):
                digest.update(file.read_bytes())
    return digest.hexdigest()


def report_key(evaluation: Evaluation, format_: str, sheet: str, talks: Sequence[Talk] = ()) -> str:
    """The key of a file: equal keys, equal bytes."""
    design = evaluation.design
    made_by, made_on = origin_of(design, evaluation.revision)
    parts = {
        "result": evaluation.key,
        "format": format_,
        "sheet": sheet if format_ == "pdf" else "",
        "design": str(design.pk),
        "revision": evaluation.revision,
        "names": [design.name, design.project.name, design.project.organisation.name, made_by],
        "issued": made_on.isoformat(),
        "program": program_hash(),
        "talks": list(talks),
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def origin_of(design: Design, number: int) -> tuple[str, date]:
    """Who made a revision, and on which day."""
    revision = design.revisions.filter(number=number).select_related("author").first()
    if revision is None:
        return "", design.created_at.date()
    return (revision.author.get_username() if revision.author else ""), revision.at.date()


def bundle_of(report: Report, evaluation: Evaluation) -> Bundle:
    """Everything that a report prints, frozen."""
    design = report.design
    document = document_at(design, report.revision)
    products = products_of(design)
    plant, assumptions = assemble(document, products, name=design.name, own=own_data_of(design))
    made_by, made_on = origin_of(design, report.revision)
    sheet: Sheet = "A1" if report.sheet == "A1" else "A3"
    return Bundle(
        design_id=str(design.pk),
        design_name=design.name,
        project_name=design.project.name,
        organisation_name=design.project.organisation.name,
        revision=report.revision,
        created_by=made_by,
        issued_on=made_on,
        document=document,
        plant=plant,
        result=result_of(evaluation, as_of=made_on),
        products=products,
        assumptions=assumptions,
        design_file=design_file(design, report.revision),
        sheet=sheet,
        talks=report.talks,
    )


def reports_of(design: Design) -> QuerySet[Report]:
    """The reports of a design, the latest first."""
    return (
        Report.objects.filter(design=design)
        .select_related("requested_by")
        .order_by("-requested_at")
    )


def report_for(actor: User, report_id: UUID, action: Action = "view") -> Report:
    """A report that the actor may look at, or act on.

    Raises
    ------
    ReportNotFound
        If there is none, or none that the actor may know of.
    """
    report = (
        Report.objects.select_related("design__project__organisation", "evaluation")
        .filter(pk=report_id)
        .first()
    )
    if report is None or not permissions.can(actor, "view", report.design):
        raise ReportNotFound("There is no such report, or you have no access to it.")
    permissions.require(actor, action, report.design)
    return report


def file_path(report: Report) -> Path:
    """Where the bytes of a report lie, by key."""
    folder = Path(settings.DATA_DIR) / "reports" / report.key[:2]
    return folder / f"{report.key}{FORMATS[report.format].suffix}"


def is_written(report: Report) -> bool:
    """Whether the file of a report's key is there, whoever ordered it."""
    return file_path(report).is_file()


def file_of(report: Report) -> Path:
    """The written file of a report.

    Raises
    ------
    ReportNotReady
        If it is not written yet, or was cleared away.
    """
    path = file_path(report)
    if report.state != State.DONE or not is_written(report):
        raise ReportNotReady("Its file is not there; order it again.", state=report.state)
    return path


def file_name(report: Report) -> str:
    """The name that a browser saves a report under: letters, digits and hyphens of the design's."""
    stem = slugify(report.design.name) or "design"
    return f"{stem}-r{report.revision}{FORMATS[report.format].suffix}"


def download(report: Report) -> FileResponse:
    """A written report as a download that no cache keeps and no browser runs.

    Raises
    ------
    ReportNotReady
        If it is not written.
    """
    response = FileResponse(
        file_of(report).open("rb"),
        as_attachment=True,
        filename=file_name(report),
        content_type=FORMATS[report.format].media_type,
    )
    response["Cache-Control"] = "no-store"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def report_json(report: Report) -> dict[str, Any]:
    """A report as browsers and programs see it."""
    return {
        **job_json(report),
        "format": report.format,
        "sheet": report.sheet,
        "size_bytes": report.size_bytes,
    }
