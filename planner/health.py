"""Whether the parts work: for whoever watches a server, and for the supervisor's own tests."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

from django.db import connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_safe

from planner.celery import app

LIMIT_S = 3.0


@require_safe
def healthz(request: HttpRequest) -> JsonResponse:
    """The web process answers."""
    return JsonResponse({"status": "ok"})


@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Database, broker and at least one worker answer in time; 503 names what does not."""
    parts = {name: _answers(check) for name, check in CHECKS.items()}
    is_ready = all(parts.values())
    return JsonResponse(
        {"status": "ok" if is_ready else "not ready", **_in_words(parts)},
        status=200 if is_ready else 503,
    )


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            return bool(cursor.fetchone() == (1,))
    finally:
        connection.close()


def _broker() -> bool:
    with app.connection_for_write(connect_timeout=LIMIT_S) as broker:
        broker.ensure_connection(max_retries=1, timeout=int(LIMIT_S))
        return True


def _worker() -> bool:
    return bool(app.control.ping(timeout=1.0, limit=1))


CHECKS: Mapping[str, Callable[[], bool]] = {
    "database": _database,
    "broker": _broker,
    "worker": _worker,
}


def _answers(check: Callable[[], bool]) -> bool:
    # In a thread of its own: a part that hangs must not take the answer with it.
    pool = ThreadPoolExecutor(max_workers=1)
    try:
        return pool.submit(check).result(timeout=LIMIT_S)
    except Exception:  # Whatever is wrong with a part, the answer is "not ready".
        return False
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _in_words(parts: Mapping[str, bool]) -> dict[str, str]:
    return {name: "ok" if works else "down" for name, works in parts.items()}
