"""The state machine of a job: claim, renew, finish, fail, crash, cancel.

Every step is one conditional UPDATE. Whoever matches no row has lost and does nothing,
so deliveries may be doubled, late or lost without any effect on what is shown.
"""

import gzip
import hashlib
import json
import logging
import os
import socket
import threading
from collections.abc import Mapping
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Self, TypeVar
from uuid import UUID

from django.db import (
    IntegrityError,
    OperationalError,
    close_old_connections,
    connection,
    models,
    transaction,
)
from django.db.models import F
from django.utils import timezone

from analysis.errors import Crashed
from analysis.models import FINAL_STATES, Job, Result, State
from engine.writer import written

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
HEARTBEAT_S = 10.0
MAX_ATTEMPTS = 3
RING_AGAIN_AFTER = timedelta(seconds=30)
GZIP_LEVEL = 1  # twenty times as quick as the default for a large answer, and a fifth larger

J = TypeVar("J", bound=Job)


def owner_here() -> str:
    """This process, so that its death can be seen by others on the same machine."""
    return f"{socket.gethostname()}/{os.getpid()}"


def is_dead(owner: str) -> bool:
    """Whether the owner is a process of this machine that no longer runs.

    Elsewhere nobody can tell, and the lease decides.
    """
    host, _, pid = owner.rpartition("/")
    if host != socket.gethostname():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False


def claim(model: type[J], job_id: UUID, now: datetime | None = None) -> J | None:
    """Take a job, or None if it is final, gone, or in other hands.

    A job whose last three owners never ended it is set aside instead.
    """
    now = now or timezone.now()
    seen = model._default_manager.filter(pk=job_id).first()
    if seen is None or seen.is_final:
        return None
    _release_abandoned(model, seen.key, now)
    queued = model._default_manager.filter(pk=job_id, state=State.QUEUED)
    if queued.filter(attempts__gte=MAX_ATTEMPTS).update(**_quarantined(seen, now)):
        return None
    try:
        with transaction.atomic():
            taken = queued.update(
                state=State.RUNNING,
                attempts=F("attempts") + 1,
                fencing=F("fencing") + 1,
                lease_until=now + LEASE,
                owner=owner_here(),
                progress=0.0,
                started_at=now,
            )
    except IntegrityError:  # another job of the same key is running: one answer serves both
        return None
    return model._default_manager.get(pk=job_id) if taken else None


def _release_abandoned(model: type[Job], key: str, now: datetime) -> None:
    """Put a running job of this key whose lease ran out or whose owner died back in the queue."""
    for job in model._default_manager.filter(key=key, state=State.RUNNING):
        if is_abandoned(job, now):
            _held(job).update(state=State.QUEUED, owner="", lease_until=None)


def is_abandoned(job: Job, now: datetime) -> bool:
    """Whether a running job has nobody left who runs it."""
    return job.lease_until is None or job.lease_until < now or is_dead(job.owner)


def _quarantined(job: Job, now: datetime) -> dict[str, Any]:
    last = (job.error or {}).get("detail", "The worker died without saying why.")
    return {
        "state": State.QUARANTINED,
        "finished_at": now,
        "owner": "",
        "lease_until": None,
        "error": problem(Crashed.code, Crashed.title, f"It ended {MAX_ATTEMPTS} times. {last}"),
    }


def problem(code: str, title: str, detail: str, **context: Any) -> dict[str, Any]:
    """A problem as it is stored with a job and sent to browsers."""
    plain: dict[str, Any] = json.loads(json.dumps(context, default=str))
    return {
        **plain,
        "type": f"/docs/problems/{code}",
        "code": code,
        "title": title,
        "detail": detail,
    }


def _held(job: J) -> "models.QuerySet[J]":
    """The job's row, as long as this claim still holds it."""
    return type(job)._default_manager.filter(pk=job.pk, fencing=job.fencing, state=State.RUNNING)


def renew(job: Job, now: datetime | None = None) -> bool:
    """Hold on to a claimed job; False when it is in other hands or no longer wanted."""
    return bool(_held(job).update(lease_until=(now or timezone.now()) + LEASE))


def is_held(job: Job) -> bool:
    """Whether a claimed job is still ours to do."""
    return _held(job).exists()


def report_progress(job: Job, fraction: float) -> bool:
    """Note how far the job is; False when it is no longer ours to do."""
    job.progress = fraction
    return bool(_held(job).update(progress=fraction, lease_until=timezone.now() + LEASE))


def finish(job: Job, **fields: Any) -> bool:
    """Mark a job done, and with it every job that waited for the same key.

    Returns False, and changes nothing, for a worker that has lost the job.
    """
    done = {
        "state": State.DONE,
        "progress": 1.0,
        "error": None,
        "finished_at": timezone.now(),
        "owner": "",
        "lease_until": None,
        **fields,
    }
    with transaction.atomic():
        if not _held(job).update(**done):
            return False
        _waiting(job).update(**done)
    job.refresh_from_db()
    return True


def fail(job: Job, error: Mapping[str, Any]) -> bool:
    """Refuse a job for good: the same input would be refused again."""
    failed = _held(job).update(
        state=State.FAILED,
        error=dict(error),
        finished_at=timezone.now(),
        owner="",
        lease_until=None,
    )
    job.refresh_from_db()
    return bool(failed)


def crash(job: Job, error: BaseException) -> None:
    """Give a job back after a bug, remembering what it was."""
    now = timezone.now()
    detail = f"{type(error).__name__}: {error}"[:500]
    job.error = problem(Crashed.code, Crashed.title, detail)
    if job.attempts >= MAX_ATTEMPTS:
        _held(job).update(**_quarantined(job, now))
    else:
        _held(job).update(
            state=State.QUEUED, error=job.error, owner="", lease_until=None, rung_at=now
        )
    job.refresh_from_db()


def cancel(job: Job) -> bool:
    """Stop wanting a job. A worker that has it finds out at its next step."""
    cancelled = (
        type(job)
        ._default_manager.filter(pk=job.pk)
        .exclude(state__in=FINAL_STATES)
        .update(state=State.CANCELLED, finished_at=timezone.now(), owner="", lease_until=None)
    )
    job.refresh_from_db()
    return bool(cancelled)


def requeue(job: Job) -> bool:
    """Want an ended job again, with all its attempts."""
    now = timezone.now()
    again = (
        type(job)
        ._default_manager.filter(pk=job.pk, state__in=FINAL_STATES)
        .update(
            state=State.QUEUED,
            attempts=0,
            progress=0.0,
            error=None,
            rung_at=now,
            started_at=None,
            finished_at=None,
        )
    )
    job.refresh_from_db()
    return bool(again)


def waiting(job: Job) -> list[UUID]:
    """The other jobs that the answer to this one's key would serve."""
    return list(_waiting(job).values_list("pk", flat=True))


def _waiting(job: J) -> "models.QuerySet[J]":
    return type(job)._default_manager.filter(key=job.key, state=State.QUEUED).exclude(pk=job.pk)


def overdue(model: type[Job], now: datetime | None = None) -> list[UUID]:
    """Jobs to ring for again: rung long ago and still queued, or running with nobody left."""
    now = now or timezone.now()
    rows = model._default_manager
    ids = list(
        rows.filter(state=State.QUEUED, rung_at__lt=now - RING_AGAIN_AFTER).values_list(
            "pk", flat=True
        )
    )
    ids += [job.pk for job in rows.filter(state=State.RUNNING) if is_abandoned(job, now)]
    rows.filter(pk__in=ids).update(rung_at=now)
    return sorted(ids)


def store(key: str, value: Mapping[str, Any]) -> Result:
    """Keep the answer to a key. The first writer wins; a second must say the same."""
    return store_text(key, written(value))


def store_text(key: str, answer: str) -> Result:
    """As `store`, for an answer that is written already."""
    text = answer.encode()
    digest = hashlib.sha256(text).hexdigest()
    result, _ = Result.objects.get_or_create(
        key=key, defaults={"body": gzip.compress(text, GZIP_LEVEL, mtime=0), "digest": digest}
    )
    if result.digest != digest:
        logger.error("The engine answered key %s twice and not the same.", key)
    return result


def stored(key: str) -> bool:
    """Whether the answer to a key is there."""
    return Result.objects.filter(pk=key).exists()


class Lease:
    """Renews a claimed job from a thread while its block runs; `lost` tells when it failed."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True, name=f"lease-{job.pk}")
        self.lost = False

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._thread.join()

    def _beat(self) -> None:
        try:
            while not self.lost and not self._stop.wait(HEARTBEAT_S):
                self.lost = not self._renewed()
                close_old_connections()
        finally:
            connection.close()

    def _renewed(self) -> bool:
        """Whether the job is still ours; a busy database may answer at the next beat."""
        try:
            return renew(self._job)
        except OperationalError as error:
            logger.warning("The lease of %s was not renewed at this beat. %s", self._job.pk, error)
            return True
