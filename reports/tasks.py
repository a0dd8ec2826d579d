"""What Celery workers do: write reports."""

import os
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from celery import shared_task
from celery.signals import worker_ready

from analysis.models import Evaluation, State
from analysis.tasks import (
    Step,
    carry_out,
    evaluate_revision,
    ring_again,
    ring_every_minute,
)
from layouts import live
from notices.models import Notice
from notices.services import notify
from reports import selectors
from reports.errors import EvaluationFailed, EvaluationPending
from reports.formats import FORMATS
from reports.models import Report

EVALUATED, WRITTEN = 0.5, 0.95  # how far a report is after its steps
POLL_S = 0.5
PATIENCE_S = 1_800.0


@shared_task(acks_late=True, reject_on_worker_lost=True)
def write_report(report_id: str) -> None:
    """Write one report and tell the open browsers; harmless when delivered twice."""
    carry_out(Report, report_id, _written, announce_report, write_report)


@shared_task(ignore_result=True)
def sweep_reports() -> None:
    """Ring again for every report that nobody works on."""
    ring_again(Report, write_report)


def _written(report: Report, step: Step) -> Mapping[str, Any]:
    path = selectors.file_path(report)
    if not path.is_file():
        evaluation = _evaluated(report, step)
        step(EVALUATED)
        bundle = selectors.bundle_of(report, evaluation)
        put(path, FORMATS[report.format].write(bundle))
        step(WRITTEN)
    return {"size_bytes": path.stat().st_size}


def _evaluated(report: Report, step: Step) -> Evaluation:
    """The finished evaluation of a report: run here, unless somebody else is at it."""
    waited = 0.0
    while True:
        evaluation = Evaluation.objects.select_related("design").get(pk=report.evaluation_id)
        if evaluation.state == State.DONE:
            return evaluation
        if evaluation.is_final:
            detail = (evaluation.error or {}).get("detail", "The evaluation was cancelled.")
            raise EvaluationFailed(detail)
        if waited > PATIENCE_S:
            raise EvaluationPending("Order the report again when the evaluation is done.")
        evaluate_revision(str(evaluation.pk))
        evaluation.refresh_from_db()
        if not evaluation.is_final:
            time.sleep(POLL_S)
            waited += POLL_S
            step(report.progress)


def put(path: Path, content: bytes) -> None:
    """Write a file that is either whole or not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).replace(path)


OUTCOMES: Mapping[State, str] = {
    State.DONE: "it is ready",
    State.FAILED: "it could not be written",
    State.QUARANTINED: "it was set aside after several crashes",
}


def announce_report(report: Report) -> None:
    """Tell everybody who has the design open, and at its end whoever ordered it."""
    live.publish(report.design_id, {"type": "report", "report": selectors.report_json(report)})
    orderer = report.requested_by
    if orderer is None or report.state not in OUTCOMES:
        return
    notify(
        [orderer],
        kind=Notice.Kind.JOB,
        text=f"{report.get_format_display()} of {report.design.name}, revision {report.revision}: "
        f"{OUTCOMES[State(report.state)]}",
        url=f"/designs/{report.design_id}/report/",
        about=report,
        # The same end is announced more than once; another attempt ends at another time.
        key=f"report:{report.pk}:{report.finished_at}",
    )


@worker_ready.connect
def sweep_from_now_on(**_: object) -> None:
    """A worker that starts looks at once for what was left behind."""
    ring_every_minute(sweep_reports)
