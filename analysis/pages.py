"""The lifecycle board of a design."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.auth import UserRequest
from accounts.permissions import can
from analysis import charts, selectors, services
from analysis.board import (
    LOSSES_SHOWN,
    RACKS_SHOWN,
    board,
    cut_rows,
    exposure_figures,
    feeder_rows,
    loss_rows,
    material_rows,
    rack_rows,
    run_rows,
    sweep_rows,
)
from analysis.models import Evaluation, Job, State, Study, StudyKind
from layouts.models import Design
from layouts.selectors import design_for


@require_safe
@login_required
def lifecycle(request: HttpRequest, design_id: UUID) -> HttpResponse:
    """The phases of a design side by side: what is done and what the gates still want."""
    asked = cast(UserRequest, request)
    design = design_for(asked.user, design_id)
    jobs = jobs_at(design, design.head)
    shown = shown_evaluation(design, jobs.evaluation)
    context: dict[str, Any] = {
        "design": design,
        "view": "lifecycle",
        "jobs": jobs,
        "shown": shown,
        "is_stale": shown is not None and shown.revision != design.head,
        "can_cancel": can(asked.user, "cancel", design),
    }
    if shown is not None:
        context |= _figures_context(request, design, shown)
    return render(request, "analysis/lifecycle.html", context)


def _figures_context(request: HttpRequest, design: Design, shown: Evaluation) -> dict[str, Any]:
    answers = {kind: _answer(design, shown.revision, kind) for kind in services.SINGLE_STUDIES}
    sweep, losses = answers[StudyKind.HEAT_LOAD], answers[StudyKind.LOSE_ONE]
    plans = answers[StudyKind.SCHEDULES]
    result = selectors.result_of(shown)
    wanted, kind = request.GET.get("lost", ""), request.GET.get("kind", "")
    cases = loss_rows(losses, result, wanted, kind) if losses else []
    return {
        "phases": board(result, plans, has_sweep=sweep is not None, losses=losses),
        "sweep": sweep_rows(sweep) if sweep else None,
        "sweep_charts": {"power": charts.heat_load(sweep), "pue": charts.pue(sweep)}
        if sweep
        else None,
        "losses": cases[:LOSSES_SHOWN] if losses else None,
        "losses_found": len(cases),
        "exposure": exposure_figures(losses) if losses else [],
        "cuts": cut_rows(losses) if losses else [],
        "feeders": feeder_rows(result),
        "loss_kinds": sorted({case["kind"] for case in losses["cases"]}) if losses else [],
        "lost": wanted,
        "kind": kind,
        "materials": material_rows(plans) if plans else None,
        "runs": run_rows(plans) if plans else None,
        "racks": rack_rows(plans) if plans else None,
        "racks_left_out": max(0, len(plans["racks"]) - RACKS_SHOWN) if plans else 0,
    }


@require_POST
@login_required
def run_lifecycle(request: HttpRequest, design_id: UUID) -> HttpResponse:
    """Ask for everything that the board shows of the newest revision."""
    user = cast(UserRequest, request).user
    design = design_for(user, design_id, "evaluate")
    services.insist_on_evaluation(actor=user, design=design)
    for kind in services.SINGLE_STUDIES:
        services.insist_on_study(actor=user, design=design, kind=kind)
    return redirect("lifecycle", design_id=design.pk)


@require_POST
@login_required
def cancel_lifecycle(request: HttpRequest, design_id: UUID) -> HttpResponse:
    """Stop what still runs for the newest revision."""
    user = cast(UserRequest, request).user
    design = design_for(user, design_id, "cancel")
    for job in jobs_at(design, design.head).pending:
        services.cancel(actor=user, job=job)
    return redirect("lifecycle", design_id=design.pk)


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardJobs:
    """The jobs behind the board of one revision, as far as anybody asked for them."""

    evaluation: Evaluation | None
    studies: Mapping[str, Study]

    @property
    def all(self) -> list[Job]:
        """Every job there is."""
        jobs: list[Job] = [self.evaluation] if self.evaluation else []
        return [*jobs, *self.studies.values()]

    @property
    def pending(self) -> list[Job]:
        """Those that wait or run."""
        return [job for job in self.all if not job.is_final]

    @property
    def refused(self) -> list[Job]:
        """Those that ended without an answer."""
        return [job for job in self.all if job.is_final and job.state != State.DONE]

    @property
    def is_asked(self) -> bool:
        """Whether everything was asked for."""
        return len(self.all) == 1 + len(services.SINGLE_STUDIES)

    @property
    def progress(self) -> float:
        """How far all of it is, from 0 to 1."""
        jobs = self.all
        return sum(job.progress for job in jobs) / len(jobs) if jobs else 0.0


def jobs_at(design: Design, revision: int) -> BoardJobs:
    """The jobs behind the board at a revision."""
    found = {kind: selectors.study_at(design, revision, kind) for kind in services.SINGLE_STUDIES}
    return BoardJobs(
        evaluation=selectors.evaluation_at(design, revision),
        studies={kind: study for kind, study in found.items() if study is not None},
    )


def shown_evaluation(design: Design, newest: Evaluation | None) -> Evaluation | None:
    """The evaluation to show: the newest revision's when it is done, else the last one."""
    if newest is not None and newest.state == State.DONE:
        return newest
    return selectors.latest_evaluation(design)


def _answer(design: Design, revision: int, kind: str) -> dict[str, Any] | None:
    study = selectors.study_at(design, revision, kind)
    return selectors.result_of(study) if study and study.state == State.DONE else None
