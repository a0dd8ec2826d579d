"""What Celery workers do: evaluate revisions, run studies, ring again for what was forgotten."""

import json
import logging
import threading
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from celery import Task, shared_task
from celery.signals import worker_ready
from kombu.exceptions import OperationalError

from analysis import evaluators, runs, selectors
from analysis.assemble import assemble
from analysis.comparison import Side, compare
from analysis.errors import Superseded
from analysis.evaluators import Sky
from analysis.generations import generations
from analysis.lifecycle import schedules
from analysis.models import Evaluation, Job, Level, Study, StudyKind
from engine.assumptions import Assumptions
from engine.cost.survey import survey
from engine.errors import PlannerError
from engine.evaluation import Level as Depth
from engine.fabric.study import fabric_study
from engine.faults.loss_rides import ride_study
from engine.plant import Plant
from engine.reserves.availability import availability_of_loads
from engine.reserves.cooling import cooling_reserves
from engine.reserves.power import power_reserves
from engine.studies import heat_load_sweep, lose_one
from engine.systems import system_views
from layouts import live
from layouts.models import Design
from layouts.selectors import document_at, products_of
from notices.tasks import sweep_digests
from weather.selectors import year_or_reason

logger = logging.getLogger(__name__)

SWEEP_EVERY_S = 60.0
TELL_EVERY_S = 0.3  # a run that is over before need not say how far it is
ASSEMBLED, COMPUTED = 0.3, 0.9  # how far a run is after its steps

SWEEPS: Mapping[StudyKind, Callable[[Plant, Assumptions], dict[str, Any]]] = {
    StudyKind.HEAT_LOAD: heat_load_sweep,
    StudyKind.LOSE_ONE: lose_one,
    StudyKind.FABRIC: fabric_study,
    StudyKind.SYSTEMS: system_views,
    StudyKind.POWER: power_reserves,
    StudyKind.COOLING: cooling_reserves,
    StudyKind.AVAILABILITY: availability_of_loads,
}

DEPTHS: Mapping[Level, Depth] = {Level.EDIT: "edit", Level.STUDY: "study", Level.RISK: "risk"}

J = TypeVar("J", bound=Job)
Step = Callable[[float], None]


class Unwanted(Exception):
    """The job was cancelled, or is in other hands: stop and change nothing."""


@shared_task(acks_late=True, reject_on_worker_lost=True)
def evaluate_revision(evaluation_id: str) -> None:
    """Run the engine for one evaluation and tell the open browsers.

    The broker may deliver this twice and a worker may die half-way: `claim` lets one
    worker in at a time, and only until the evaluation is final.
    """
    carry_out(Evaluation, evaluation_id, _evaluated, announce_evaluation, evaluate_revision)


@shared_task(acks_late=True, reject_on_worker_lost=True)
def run_study(study_id: str) -> None:
    """Run the engine many times for one study; harmless when delivered twice."""
    carry_out(Study, study_id, _studied, announce_study, run_study)


@shared_task(ignore_result=True)
def sweep() -> None:
    """Ring again for every evaluation and study that nobody works on."""
    ring_again(Evaluation, evaluate_revision)
    ring_again(Study, run_study)


def ring_again(model: type[Job], task: "Task[[str], None]") -> None:
    """Send the ids of a model's overdue jobs once more."""
    for job_id in runs.overdue(model):
        ring(task, job_id)


def ring(task: "Task[[str], None]", job_id: UUID) -> None:
    """Send one id. Without a broker the row stays, and the sweep rings later."""
    try:
        task.delay(str(job_id))
    except OperationalError as error:
        logger.warning("The broker does not answer; %s waits for the sweep. %s", job_id, error)


def carry_out(
    model: type[J],
    job_id: str,
    work: Callable[[J, Step], Mapping[str, Any]],
    announce: Callable[[J], None],
    task: "Task[[str], None]",
) -> None:
    """Claim a job, work, finish, announce.

    `work` puts the answer where its key says, if it is not there yet, and returns fields
    of the row. A refused input ends the job; a bug gives it back, to be tried again.
    """
    job = runs.claim(model, UUID(job_id))
    if job is None:
        return
    announce(job)
    try:
        with runs.Lease(job) as lease:
            fields = work(job, _step_of(job, lease, announce))
        served = runs.waiting(job)
        runs.finish(job, **fields)
    except Unwanted:
        return
    except PlannerError as error:
        served = runs.waiting(job)
        runs.fail(job, runs.problem(error.code, error.title, error.detail, **error.context))
    except Exception as error:
        runs.crash(job, error)
        announce(job)
        raise
    announce(job)
    for pk in served:
        other = model._default_manager.get(pk=pk)
        if other.is_final:
            announce(other)
        else:
            ring(task, pk)


def _step_of(job: J, lease: runs.Lease, announce: Callable[[J], None]) -> Step:
    told = time.monotonic()

    def step(fraction: float) -> None:
        nonlocal told
        is_worth_telling = time.monotonic() - told >= TELL_EVERY_S
        still_ours = runs.report_progress(job, fraction) if is_worth_telling else runs.is_held(job)
        if lease.lost or not still_ours:
            raise Unwanted
        if is_worth_telling:
            told = time.monotonic()
            announce(job)

    return step


def _evaluated(evaluation: Evaluation, step: Step) -> Mapping[str, Any]:
    _check_key(evaluation, evaluation.level)
    if not runs.stored(evaluation.key):
        text = _evaluation_text(evaluation.design, evaluation.revision, evaluation.level, step)
        runs.store_text(evaluation.key, text)
    return {}


def _result(design: Design, revision: int, level: str, step: Step) -> dict[str, Any]:
    """The result of a revision, computed and kept unless somebody has."""
    key = selectors.result_key(design, revision, level)
    kept = selectors.kept(key)
    if kept is None:
        text = _evaluation_text(design, revision, level, step)
        runs.store_text(key, text)
        kept = json.loads(text)
    return kept


def _evaluation_text(design: Design, revision: int, level: str, step: Step) -> str:
    def sky_of(plant: Plant) -> Sky:
        if level == Level.EDIT or not plant.site.weather:
            return Sky()
        return Sky(*year_or_reason(design.project.organisation_id, plant.site.weather))

    document, products = document_at(design, revision), partial(products_of, design)
    with evaluators.recent.of(design.pk, design.products, products) as evaluator:
        text = evaluator.text(
            document,
            selectors.own_data_of(design),
            DEPTHS[Level(level)],
            sky_of=sky_of,
            on_assembled=lambda: step(ASSEMBLED),
            on_progress=lambda share: step(ASSEMBLED + (COMPUTED - ASSEMBLED) * share),
        )
    step(COMPUTED)
    return text


def _studied(study: Study, step: Step) -> Mapping[str, Any]:
    _check_key(study, selectors.question_of(study.kind, study.other, study.other_revision))
    if not runs.stored(study.key):
        runs.store(study.key, _answer(study, step))
        step(COMPUTED)
    return {}


def _answer(study: Study, step: Step) -> dict[str, Any]:
    kind, design, revision = StudyKind(study.kind), study.design, study.revision
    if kind in SWEEPS:
        plant, assumptions = _plant_of(design, revision)
        step(ASSEMBLED)
        return SWEEPS[kind](plant, assumptions)
    if kind == StudyKind.ECONOMICS:
        plant, assumptions = _plant_of(design, revision)
        return survey(plant, assumptions, step)
    if kind == StudyKind.RIDE_THROUGH:
        plant, assumptions = _plant_of(design, revision)
        return ride_study(
            plant, assumptions, lambda share: step(ASSEMBLED + (COMPUTED - ASSEMBLED) * share)
        )
    if kind == StudyKind.GENERATIONS:
        return generations(
            document_at(design, revision),
            products_of(design),
            lambda share: step(COMPUTED * share),
            selectors.own_data_of(design),
        )
    side = _side(design, revision, step)
    if kind == StudyKind.SCHEDULES or study.other is None:
        _, assumptions = _plant_of(design, revision)
        return schedules(
            side.document, side.plant, side.result, products_of(design), prices=assumptions
        )
    return compare(_side(study.other, study.other_revision or 0, step), side)


def _side(design: Design, revision: int, step: Step) -> Side:
    result = _result(design, revision, Level.EDIT, step)
    plant, _ = _plant_of(design, revision)
    return Side(document=document_at(design, revision), plant=plant, result=result)


def _check_key(job: Job, question: str) -> None:
    """Stop when the job is no longer the question that was asked."""
    if selectors.result_key(job.design, job.revision, question) != job.key:
        raise Superseded("Ask again: the program or its catalogue changed meanwhile.")


def _plant_of(design: Design, revision: int) -> tuple[Plant, Assumptions]:
    return assemble(
        document_at(design, revision), products_of(design), own=selectors.own_data_of(design)
    )


def announce_evaluation(evaluation: Evaluation) -> None:
    """Tell everybody who has the design open."""
    message = {"type": "evaluation", "evaluation": selectors.evaluation_json(evaluation)}
    live.publish(evaluation.design_id, message)


def announce_study(study: Study) -> None:
    """Tell everybody who has the design open."""
    live.publish(study.design_id, {"type": "study", "study": selectors.study_json(study)})


def ring_every_minute(task: "Task[[], None]") -> None:
    """Send a sweep now and every minute, from a thread of the worker's main process.

    The thread only sends a message: the sweep itself runs in a child like any other
    task, so the main process never opens the database.
    """

    def beat() -> None:
        while True:
            try:
                task.apply_async(expires=SWEEP_EVERY_S)
            except OperationalError as error:
                logger.warning("The broker does not answer; no sweep this minute. %s", error)
            if pause.wait(SWEEP_EVERY_S):
                return

    pause = threading.Event()
    threading.Thread(target=beat, daemon=True, name=f"every-minute-{task.name}").start()


@worker_ready.connect
def sweep_from_now_on(**_: object) -> None:
    """A worker that starts looks at once for what was left behind, and for e-mails due."""
    ring_every_minute(sweep)
    ring_every_minute(sweep_digests)
