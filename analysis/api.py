"""Evaluations and studies over HTTP."""

import hashlib
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.gzip import gzip_page
from ninja import Router, Schema, Status
from ninja.decorators import decorate_view
from pydantic import Field

from accounts.auth import UserRequest
from analysis import selectors, services, tasks
from analysis.models import Evaluation, Job, Study
from engine.evaluation_schema import evaluation_json_schema
from layouts.selectors import design_for

router = Router(tags=["analysis"])

Fraction = Annotated[float, Field(ge=0.0, le=1.0)]


class JobOut(Schema):
    """A job: what was asked, and where it stands."""

    id: UUID
    key: str
    design_id: UUID
    revision: int
    state: Literal["queued", "running", "done", "failed", "cancelled", "quarantined"]
    progress: Fraction
    attempts: int
    error: dict[str, Any] | None
    requested_at: str
    finished_at: str | None
    duration_s: float | None


class EvaluationOut(JobOut):
    """An evaluation of one revision."""

    level: Literal["edit", "study", "risk"]


class StudyOut(JobOut):
    """A study around one revision."""

    kind: Literal["heat-load", "lose-one", "schedules", "comparison", "economics"]


class EvaluationIn(Schema):
    """Which revision to evaluate, and how deep."""

    revision: int = Field(ge=0)
    level: Literal["edit", "study", "risk"] = "edit"


class StudyIn(Schema):
    """Which revision to study, and what to ask."""

    revision: int = Field(ge=0)
    kind: Literal["heat-load", "lose-one", "schedules", "economics"]


class ComparisonIn(Schema):
    """Which revision to compare, and with which."""

    revision: int = Field(ge=0)
    with_revision: int = Field(ge=0)
    with_design_id: UUID | None = None


class SettingOut(Schema):
    """A setting of the site that a design may leave out, and what counts while it does."""

    setting: str
    value: float | str | None
    line: str


@router.get("/designs/{uuid:design_id}/settings", response=list[SettingOut])
def list_settings(request: UserRequest, design_id: UUID) -> list[dict[str, Any]]:
    """What every setting of a design is by default; `line` names the assumption line behind it."""
    return selectors.settings_of(design_for(request.user, design_id))


@router.post("/designs/{uuid:design_id}/evaluations", response={202: EvaluationOut})
def post_evaluation(
    request: UserRequest, design_id: UUID, body: EvaluationIn
) -> Status[dict[str, Any]]:
    """Ask for the evaluation of a revision; asking again gives the same one."""
    evaluation = services.request_evaluation(
        actor=request.user,
        design=design_for(request.user, design_id),
        revision=body.revision,
        level=body.level,
    )
    return Status(202, selectors.evaluation_json(evaluation))


@router.get("/designs/{uuid:design_id}/evaluations/latest", response=EvaluationOut | None)
def get_latest_evaluation(request: UserRequest, design_id: UUID) -> dict[str, Any] | None:
    """The newest finished evaluation of a design, however old; null before the first."""
    evaluation = selectors.latest_evaluation(design_for(request.user, design_id))
    return None if evaluation is None else selectors.evaluation_json(evaluation)


@router.get("/evaluations/{uuid:evaluation_id}", response=EvaluationOut)
def get_evaluation(request: UserRequest, evaluation_id: UUID) -> dict[str, Any]:
    """Where an evaluation stands."""
    return selectors.evaluation_json(selectors.job_for(Evaluation, evaluation_id, request.user))


@router.get("/schema/evaluation", auth=None)
def get_evaluation_schema(request: HttpRequest) -> dict[str, Any]:
    """The JSON Schema of an evaluation; the same for everybody, so it needs no account."""
    return evaluation_json_schema()


@router.get(
    "/evaluations/{uuid:evaluation_id}/result",
    response=dict[str, Any],
    openapi_extra={
        "responses": {
            200: {"content": {"application/json": {"schema": evaluation_json_schema()}}},
        }
    },
)
@decorate_view(gzip_page)
def get_result(request: UserRequest, evaluation_id: UUID) -> HttpResponse:
    """The result of a finished evaluation."""
    return _result(request, selectors.job_for(Evaluation, evaluation_id, request.user))


@router.post("/evaluations/{uuid:evaluation_id}/cancel", response=EvaluationOut)
def cancel_evaluation(request: UserRequest, evaluation_id: UUID) -> dict[str, Any]:
    """Stop an evaluation that has not ended."""
    job = selectors.job_for(Evaluation, evaluation_id, request.user, "cancel")
    return selectors.evaluation_json(services.cancel(actor=request.user, job=job))


@router.post("/evaluations/{uuid:evaluation_id}/run-again", response={202: EvaluationOut})
def run_evaluation_again(request: UserRequest, evaluation_id: UUID) -> Status[dict[str, Any]]:
    """Give an evaluation that failed, crashed or was cancelled another chance."""
    job = selectors.job_for(Evaluation, evaluation_id, request.user, "evaluate")
    again = services.run_again(actor=request.user, job=job, task=tasks.evaluate_revision)
    return Status(202, selectors.evaluation_json(again))


@router.post("/designs/{uuid:design_id}/studies", response={202: StudyOut})
def post_study(request: UserRequest, design_id: UUID, body: StudyIn) -> Status[dict[str, Any]]:
    """Ask for a study of a revision; asking again gives the same one."""
    study = services.request_study(
        actor=request.user,
        design=design_for(request.user, design_id),
        revision=body.revision,
        kind=body.kind,
    )
    return Status(202, selectors.study_json(study))


@router.post("/designs/{uuid:design_id}/comparisons", response={202: StudyOut})
def post_comparison(
    request: UserRequest, design_id: UUID, body: ComparisonIn
) -> Status[dict[str, Any]]:
    """Compare a revision of this design (new) with another one, or another design (old)."""
    study = services.request_comparison(
        actor=request.user,
        old=design_for(request.user, body.with_design_id or design_id),
        old_revision=body.with_revision,
        new=design_for(request.user, design_id),
        new_revision=body.revision,
    )
    return Status(202, selectors.study_json(study))


@router.get("/studies/{uuid:study_id}", response=StudyOut)
def get_study(request: UserRequest, study_id: UUID) -> dict[str, Any]:
    """Where a study stands."""
    return selectors.study_json(selectors.job_for(Study, study_id, request.user))


@router.get("/studies/{uuid:study_id}/result", response=dict[str, Any])
def get_study_result(request: UserRequest, study_id: UUID) -> HttpResponse:
    """The result of a finished study."""
    return _result(request, selectors.job_for(Study, study_id, request.user))


@router.post("/studies/{uuid:study_id}/cancel", response=StudyOut)
def cancel_study(request: UserRequest, study_id: UUID) -> dict[str, Any]:
    """Stop a study that has not ended."""
    job = selectors.job_for(Study, study_id, request.user, "cancel")
    return selectors.study_json(services.cancel(actor=request.user, job=job))


@router.post("/studies/{uuid:study_id}/run-again", response={202: StudyOut})
def run_study_again(request: UserRequest, study_id: UUID) -> Status[dict[str, Any]]:
    """Give a study that failed, crashed or was cancelled another chance."""
    job = selectors.job_for(Study, study_id, request.user, "evaluate")
    again = services.run_again(actor=request.user, job=job, task=tasks.run_study)
    return Status(202, selectors.study_json(again))


def _result(request: HttpRequest, job: Job) -> HttpResponse:
    """A result, or 304 for a browser that has it: a key never changes its answer in a day."""
    read_as = f"{job.design.name}\n{timezone.now().date()}"
    etag = f'"{job.key}-{hashlib.sha256(read_as.encode()).hexdigest()[:8]}"'
    # A compressed answer is the same result in other bytes: its mark comes back as a weak one.
    known = request.headers.get("If-None-Match", "").removeprefix("W/")
    if job.state == "done" and known == etag:
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(selectors.result_text(job), content_type="application/json")
    response["ETag"] = etag
    response["Cache-Control"] = "private, no-cache"
    return response
