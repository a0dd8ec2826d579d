"""Pages of the project itself: errors with a next step, and what each error code means."""

from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from engine.errors import NotFound
from planner.problems import error_page, framework_problem, wants_problem

PROBLEMS = Path(settings.BASE_DIR) / "docs" / "problems"


@require_safe
def problem(request: HttpRequest, code: str) -> HttpResponse:
    """What an error code means and what to do: the target of every problem's ``type``."""
    source = PROBLEMS / f"{code}.md"
    if not source.is_file():
        raise NotFound("There is no such error code.")
    title, _, text = source.read_text(encoding="utf-8").partition("\n")
    # Odd pieces between back quotes are code; emphasis is left to the words.
    paragraphs = [
        [(place % 2 == 1, piece) for place, piece in enumerate(" ".join(part.split()).split("`"))]
        for part in text.replace("*", "").split("\n\n")
        if part.strip()
    ]
    context = {"title": title.lstrip("# "), "code": code, "paragraphs": paragraphs}
    return render(request, "problem.html", context)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: Django could not make sense of the request."""
    return _answer(
        request, 400, "This request cannot be read", "Reload the page and try once more."
    )


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: signed in, but not allowed."""
    return _answer(
        request, 403, "Not allowed", "Ask an admin of your organisation for the role you need."
    )


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: no such page, or none that this person may know of."""
    return _answer(
        request,
        404,
        "Nothing is here",
        "It was deleted, never existed, or belongs to an organisation you are not in.",
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """500: a bug; the reference finds it in the log."""
    return _answer(
        request,
        500,
        "Something broke on our side",
        "Your last acknowledged change is safe. Reload the page; if it happens again,"
        " give the reference below to whoever runs Plenum.",
    )


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: a form came from another site, or its cookie is gone."""
    return _answer(
        request,
        403,
        "This form has expired",
        "Go back, reload the page and send the form once more. Cookies must be allowed.",
    )


def _answer(request: HttpRequest, status: int, title: str, detail: str) -> HttpResponse:
    if wants_problem(request):
        return framework_problem(request, status, detail)
    return error_page(request, status, title, detail)
