"""Reading jobs and results, and what they are keyed by."""

import gzip
import hashlib
import json
from dataclasses import asdict
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from django.utils import timezone

from accounts import permissions
from accounts.models import User
from accounts.permissions import Action
from analysis.errors import EvaluationNotFound, ResultNotReady
from analysis.lifecycle import judged
from analysis.models import Evaluation, Job, Level, OwnTable, Result, State, Study
from analysis.own_data import OwnData, own_data
from catalog.loader import catalogue_hash
from catalog.selectors import shipped_products
from engine.assumptions import Assumptions
from engine.evaluation import MODEL_VERSION, VERSION
from engine.site_defaults import site_defaults
from layouts.models import Design
from layouts.selectors import state_hash_at
from weather.selectors import digests_of

ROOT = Path(__file__).resolve().parent.parent
# Whatever can change a result of an unchanged design.
PROGRAM = ("engine", "analysis", "layouts/modules.py")

WAIVED = b'"waiver":{'  # in the text of an evaluation that has a waiver

J = TypeVar("J", bound=Job)


@lru_cache(maxsize=1)
def program_hash() -> str:
    """SHA-256 over the code and data tables that give the results."""
    digest = hashlib.sha256()
    for entry in PROGRAM:
        path = ROOT / entry
        files = sorted(path.rglob("*")) if path.is_dir() else [path]
        for file in files:
            if file.is_file() and file.suffix in (".py", ".csv", ".toml"):
                digest.update(f"{file.relative_to(ROOT)}\n".encode() + file.read_bytes())
    return digest.hexdigest()


@lru_cache(maxsize=1)
def shipped_hash() -> str:
    """SHA-256 over the shipped catalogue."""
    return catalogue_hash(shipped_products().values())


def result_key(design: Design, revision: int, question: str) -> str:
    """The key of the answer to a question about a revision.

    Equal state, catalogue, program and question give an equal key, in whichever design.
    Rules and assumptions are part of the state or of the program's data.
    """
    own = json.dumps(design.products, sort_keys=True)
    parts = {
        "state": state_hash_at(design, revision),
        "catalogue": shipped_hash(),
        "own_products": hashlib.sha256(own.encode()).hexdigest(),
        "own_data": sorted(
            OwnTable.objects.filter(organisation=design.project.organisation_id).values_list(
                "kind", "digest"
            )
        ),
        "engine": f"{VERSION}/{MODEL_VERSION}",
        "program": program_hash(),
        "question": question,
    }
    if question in (Level.STUDY, Level.RISK):
        parts["weather"] = digests_of(design.project.organisation_id)
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def own_data_of(design: Design) -> OwnData:
    """The figures that a design's organisation puts over the shipped tables."""
    tables = OwnTable.objects.filter(organisation=design.project.organisation_id)
    return own_data({table.kind: table.rows for table in tables})


def run_bar(study: Study | None) -> dict[str, Any]:
    """Where the study behind a page stands, as `analysis/_run_bar.html` shows it."""
    return {
        "pending": study is not None and not study.is_final,
        "progress": study.progress if study else 0.0,
        "refused": study if study and study.state in (State.FAILED, State.QUARANTINED) else None,
        "is_asked": study is not None,
        "is_done": study is not None and study.state == State.DONE,
    }


def settings_of(design: Design) -> list[dict[str, Any]]:
    """What each setting of a design is by default, by the figures of its organisation."""
    own = own_data_of(design)
    return [asdict(each) for each in site_defaults(Assumptions.load({}, own.lines, own.points))]


def job_for(model: type[J], job_id: UUID, actor: User, action: Action = "view") -> J:
    """A job that the actor may look at, or act on.

    Raises
    ------
    EvaluationNotFound
        If there is none, or none that the actor may know of.
    """
    job = model._default_manager.select_related("design__project").filter(pk=job_id).first()
    if job is None or not permissions.can(actor, "view", job.design):
        raise EvaluationNotFound("There is no such job, or you have no access to it.")
    permissions.require(actor, action, job.design)
    return job


def latest_evaluation(design: Design) -> Evaluation | None:
    """The newest finished evaluation of a design, however old.

    Pages show it, marked stale, while a newer one is on its way.
    """
    return (
        Evaluation.objects.filter(design=design, state=State.DONE)
        .order_by("-revision", "-finished_at")
        .first()
    )


def evaluation_at(design: Design, revision: int, level: str = "edit") -> Evaluation | None:
    """The evaluation of a revision by the program as it is, wherever it stands."""
    key = result_key(design, revision, level)
    return Evaluation.objects.filter(design=design, revision=revision, key=key).first()


def question_of(kind: str, other: Design | None = None, other_revision: int | None = None) -> str:
    """What a study asks of its revision; a comparison asks it of two."""
    if other is None:
        return kind
    return f"{kind} with {result_key(other, other_revision or 0, 'side')}"


def study_at(
    design: Design,
    revision: int,
    kind: str,
    other: Design | None = None,
    other_revision: int | None = None,
) -> Study | None:
    """The study of a revision by the program as it is, wherever it stands."""
    key = result_key(design, revision, question_of(kind, other, other_revision))
    return Study.objects.filter(design=design, revision=revision, key=key).first()


def kept(key: str) -> dict[str, Any] | None:
    """The stored answer to a key; None while there is none."""
    result = Result.objects.filter(pk=key).first()
    if result is None:
        return None
    answer: dict[str, Any] = json.loads(gzip.decompress(bytes(result.body)))
    return answer


def result_text(job: Job) -> bytes:
    """The answer to a job as JSON text, as it is to be read on this day.

    Raises
    ------
    ResultNotReady
        If the job is not done.
    """
    text = _stored_text(job)
    return json.dumps(result_of(job)).encode() if WAIVED in text else text


def result_of(job: Job, as_of: date | None = None) -> dict[str, Any]:
    """The answer to a job, its waivers judged by a day (today).

    Raises
    ------
    ResultNotReady
        If the job is not done.
    """
    text = _stored_text(job)
    result: dict[str, Any] = json.loads(text)
    return judged(result, as_of or timezone.now().date()) if WAIVED in text else result


def _stored_text(job: Job) -> bytes:
    """The stored answer, under the name that the design has now.

    Results are shared between designs and kept for long, so they are stored without a
    name and without a day.
    """
    result = Result.objects.filter(pk=job.key).first() if job.state == State.DONE else None
    if result is None:
        raise ResultNotReady("The job is not done.", state=job.state)
    text = gzip.decompress(bytes(result.body))
    name = json.dumps(job.design.name).encode()
    return text.replace(b'"design":{"name":""', b'"design":{"name":' + name, 1)


def evaluation_json(evaluation: Evaluation) -> dict[str, Any]:
    """An evaluation as browsers and programs see it."""
    return {**job_json(evaluation), "level": evaluation.level}


def study_json(study: Study) -> dict[str, Any]:
    """A study as browsers and programs see it."""
    return {**job_json(study), "kind": study.kind}


def job_json(job: Job) -> dict[str, Any]:
    """What every job shows of itself."""
    return {
        "id": str(job.pk),
        "key": job.key,
        "design_id": str(job.design_id),
        "revision": job.revision,
        "state": job.state,
        "progress": job.progress,
        "attempts": job.attempts,
        "error": job.error,
        "requested_at": job.requested_at.isoformat(),
        "finished_at": job.finished_at.isoformat() if job.finished_at else None,
        "duration_s": job.duration_s,
    }
