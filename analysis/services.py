"""Asking for results, and not wanting them any more."""

from functools import partial
from typing import Any, TypeVar
from uuid import uuid4

from celery import Task
from django.db import transaction
from django.utils import timezone

from accounts import permissions
from accounts.models import User
from analysis import runs, selectors, tasks
from analysis.errors import JobIsFinal, JobIsNotFinal, NotComparable, UnknownStudy
from analysis.generations import NO_RACKS, most_frequent
from analysis.models import Evaluation, Job, Level, State, Study, StudyKind
from analysis.swaps import choices, swap_edits
from catalog.errors import ProductNotFound
from layouts.branches import fork_design
from layouts.models import Design
from layouts.selectors import document_at, products_of
from layouts.services import append_edits

SINGLE_STUDIES = (StudyKind.HEAT_LOAD, StudyKind.LOSE_ONE, StudyKind.SCHEDULES)
STUDIES = (
    *SINGLE_STUDIES,
    StudyKind.ECONOMICS,
    StudyKind.FABRIC,
    StudyKind.RIDE_THROUGH,
    StudyKind.GENERATIONS,
    StudyKind.SYSTEMS,
    StudyKind.POWER,
    StudyKind.COOLING,
    StudyKind.AVAILABILITY,
)
REFUSED = (State.FAILED, State.QUARANTINED)

J = TypeVar("J", bound=Job)


def request_evaluation(
    *, actor: User, design: Design, revision: int, level: str = Level.EDIT
) -> Evaluation:
    """The evaluation of a revision: the one there is, or a new one that a worker will run.

    Raises
    ------
    RevisionNotFound
        If the design has no such revision.
    """
    permissions.require(actor, "evaluate", design)
    return want(
        Evaluation,
        tasks.evaluate_revision,
        actor=actor,
        design=design,
        revision=revision,
        key=selectors.result_key(design, revision, level),
        fields={"level": Level(level)},
    )


def request_study(*, actor: User, design: Design, revision: int, kind: str) -> Study:
    """The study of a revision: the one there is, or a new one that a worker will run.

    Raises
    ------
    UnknownStudy
        If there is no study of that kind about a single revision.
    RevisionNotFound
        If the design has no such revision.
    """
    permissions.require(actor, "evaluate", design)
    if kind not in STUDIES:
        raise UnknownStudy(f"Studies are {', '.join(STUDIES)}.", kind=kind)
    return want(
        Study,
        tasks.run_study,
        actor=actor,
        design=design,
        revision=revision,
        key=selectors.result_key(design, revision, selectors.question_of(kind)),
        fields={"kind": StudyKind(kind)},
    )


def request_comparison(
    *, actor: User, old: Design, old_revision: int, new: Design, new_revision: int
) -> Study:
    """The comparison of two revisions: the one there is, or a new one that a worker will run.

    Raises
    ------
    NotComparable
        If the two belong to different organisations.
    RevisionNotFound
        If one of them does not exist.
    """
    permissions.require(actor, "evaluate", old)
    permissions.require(actor, "evaluate", new)
    if old.project.organisation_id != new.project.organisation_id:
        raise NotComparable("Copy one of them into the other's organisation first.")
    question = selectors.question_of(StudyKind.COMPARISON, old, old_revision)
    return want(
        Study,
        tasks.run_study,
        actor=actor,
        design=new,
        revision=new_revision,
        key=selectors.result_key(new, new_revision, question),
        fields={"kind": StudyKind.COMPARISON, "other": old, "other_revision": old_revision},
    )


@transaction.atomic
def keep_generation(*, actor: User, source: Design, key: str, name: str) -> Design:
    """A branch of a design whose most frequent rack with GPUs is another one.

    Raises
    ------
    ProductNotFound
        If there is no such rack, or none to put it in the place of.
    """
    permissions.require(actor, "create", source)
    products = products_of(source)
    document = document_at(source, source.head)
    old, _ = most_frequent(document, products)
    new = next((each for each in choices(products) if each.key == key), None)
    if old is None or new is None:
        why = NO_RACKS if old is None else f"The catalogue has no rack {key!r} with GPUs."
        raise ProductNotFound(why, product=key)
    branch = fork_design(source=source, number=source.head, name=name, author=actor)
    append_edits(
        design=branch,
        base=branch.head,
        edits=swap_edits(document, products, old, new),
        author=actor,
        request_id=uuid4(),
        label=f"Swap racks to {new.label(products)}",
    )
    branch.refresh_from_db()
    return branch


@transaction.atomic
def want(
    model: type[J],
    task: "Task[[str], None]",
    *,
    actor: User,
    design: Design,
    revision: int,
    key: str,
    fields: dict[str, Any],
    is_answered: bool | None = None,
) -> J:
    """The one job of this design, revision and key, made if there is none.

    A job whose answer is there already is born done. A cancelled one, and one whose answer
    was cleared away, is wanted again; a refused one and one that was set aside stay as they
    are until somebody says `run again`.
    """
    now = timezone.now()
    defaults = {**fields, "requested_by": actor, "requested_at": now, "rung_at": now}
    answered = runs.stored(key) if is_answered is None else is_answered
    if answered:
        defaults |= {
            "state": State.DONE,
            "progress": 1.0,
            "started_at": now,
            "finished_at": now,
        }
    job, is_new = model._default_manager.get_or_create(
        design=design, revision=revision, key=key, defaults=defaults
    )
    is_lost = job.state == State.DONE and not answered
    if not is_new and (is_lost or job.state == State.CANCELLED):
        is_new = runs.requeue(job)
    if is_new and job.state == State.QUEUED:
        transaction.on_commit(partial(tasks.ring, task, job.pk))
    return job


def cancel(*, actor: User, job: J) -> J:
    """Stop wanting a job.

    Raises
    ------
    JobIsFinal
        If it has ended already.
    """
    permissions.require(actor, "cancel", job.design)
    if not runs.cancel(job):
        raise JobIsFinal(f"It is {job.get_state_display().lower()}.", state=job.state)
    return job


@transaction.atomic
def run_again(*, actor: User, job: J, task: "Task[[str], None]") -> J:
    """Give a job that failed, crashed or was cancelled another chance.

    Raises
    ------
    JobIsNotFinal
        If it is waiting, running or done.
    """
    permissions.require(actor, "evaluate", job.design)
    if job.state == State.DONE or not runs.requeue(job):
        raise JobIsNotFinal(f"It is {job.get_state_display().lower()}.", state=job.state)
    transaction.on_commit(partial(tasks.ring, task, job.pk))
    return job


def insist_on_evaluation(*, actor: User, design: Design, level: str = Level.EDIT) -> Evaluation:
    """The evaluation of the newest revision, asked for by hand: a refused one runs again."""
    job = request_evaluation(actor=actor, design=design, revision=design.head, level=level)
    if job.state in REFUSED:
        return run_again(actor=actor, job=job, task=tasks.evaluate_revision)
    return job


def insist_on_study(*, actor: User, design: Design, kind: str) -> Study:
    """The study of the newest revision, asked for by hand: a refused one runs again."""
    job = request_study(actor=actor, design=design, revision=design.head, kind=kind)
    if job.state in REFUSED:
        return run_again(actor=actor, job=job, task=tasks.run_study)
    return job
