"""Errors on their way out: problem+json (RFC 9457) for programs, a page for people."""

import json
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from engine.errors import Conflict, Forbidden, Invalid, NotFound, PlannerError, Unavailable

STATUS: Mapping[type[PlannerError], HTTPStatus] = {
    Invalid: HTTPStatus.UNPROCESSABLE_ENTITY,
    NotFound: HTTPStatus.NOT_FOUND,
    Conflict: HTTPStatus.CONFLICT,
    Forbidden: HTTPStatus.FORBIDDEN,
    Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
}
MEDIA_TYPE = "application/problem+json"


class RequestInvalid(Invalid):
    """The body or the parameters of a request do not have the published shape."""

    code = "request-invalid"
    title = "The request does not have the expected form"


# What the framework says by status alone: code and title.
FRAMEWORK: Mapping[int, tuple[str, str]] = {
    400: ("bad-request", "The request cannot be read"),
    401: ("not-signed-in", "Sign in first"),
    403: ("forbidden", "Not allowed"),
    404: ("not-found", "Not found"),
    405: ("method-not-allowed", "This address does not take that method"),
    413: ("too-large", "The request is too large"),
    422: ("request-invalid", "The request does not have the expected form"),
    429: ("too-many-requests", "Too many requests"),
    500: ("server-error", "Something broke on our side"),
    503: ("unavailable", "Try again later"),
}
ERROR_PAGES = frozenset({400, 403, 404, 500})


def status_of(error: PlannerError) -> HTTPStatus:
    """The HTTP status of an error, by what it asks the caller to do."""
    return next(
        (STATUS[kind] for kind in type(error).__mro__ if kind in STATUS),
        HTTPStatus.INTERNAL_SERVER_ERROR,
    )


def problem_response(request: HttpRequest, error: PlannerError) -> HttpResponse:
    """An error of ours as problem+json."""
    request.error = error  # type: ignore[attr-defined]
    return _problem(
        request,
        status_of(error),
        code=error.code,
        title=error.title,
        detail=error.detail,
        context=error.context,
    )


def framework_problem(request: HttpRequest, status: int, detail: str = "") -> HttpResponse:
    """An error of the framework, known by its status alone, as problem+json."""
    code, title = FRAMEWORK.get(status, ("error", HTTPStatus(status).phrase))
    return _problem(request, status, code=code, title=title, detail=detail or title, context={})


def _problem(
    request: HttpRequest,
    status: int,
    *,
    code: str,
    title: str,
    detail: str,
    context: Mapping[str, Any],
) -> HttpResponse:
    body = {
        **context,
        "type": f"/docs/problems/{code}",
        "title": title,
        "status": int(status),
        "detail": detail,
        "instance": request.path,
        "code": code,
    }
    reference = getattr(request, "reference", None)
    if reference:
        body["reference"] = reference
    return JsonResponse(body, status=status, content_type=MEDIA_TYPE)


def error_page(request: HttpRequest, status: int, title: str, detail: str) -> HttpResponse:
    """The page a person sees for an error, with what to do next."""
    template = f"{status if status in ERROR_PAGES else 400}.html"
    context = {"title": title, "detail": detail, "reference": getattr(request, "reference", "")}
    return render(request, template, context, status=status)


def wants_problem(request: HttpRequest) -> bool:
    """Whether the answer is read by a program."""
    return request.path.startswith("/api/") or "json" in request.headers.get("Accept", "")


def handle_on(api: NinjaAPI) -> None:
    """Give the API the one way out for its errors."""

    @api.exception_handler(PlannerError)
    def planner_error(request: HttpRequest, error: PlannerError) -> HttpResponse:
        return problem_response(request, error)

    @api.exception_handler(ValidationError)
    def request_invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
        return problem_response(
            request,
            RequestInvalid(
                "Some fields are missing or have the wrong form.",
                errors=validation_errors(error.errors),
            ),
        )

    @api.exception_handler(HttpError)
    def http_error(request: HttpRequest, error: HttpError) -> HttpResponse:
        return framework_problem(request, error.status_code, str(error))


def validation_errors(errors: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Every problem of a request with its path, without echoing the values sent."""
    return [
        {
            "path": ".".join(str(part) for part in _path(error.get("loc", ()))),
            "message": str(error.get("msg", "")),
        }
        for error in errors
    ]


def _path(location: Sequence[str | int]) -> Sequence[str | int]:
    # ("body", name of our parameter, field…) or ("query", field…): callers know the fields only.
    return location[2:] if location[:1] == ("body",) and len(location) > 2 else location[1:]


class ProblemMiddleware:
    """Lets every error below leave through this module, whoever raised it."""

    sync_capable = True
    async_capable = False

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if (
            response.status_code >= 400
            and request.path.startswith("/api/")
            and not _is_problem(response)
        ):
            return framework_problem(request, response.status_code, _detail_in(response))
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Turn an error of ours into its answer; leave bugs to Django's own handler."""
        if not isinstance(error, PlannerError):
            return None
        request.error = error  # type: ignore[attr-defined]
        if wants_problem(request):
            return problem_response(request, error)
        return error_page(request, status_of(error), error.title, error.detail)


def _is_problem(response: HttpResponseBase) -> bool:
    return response.headers.get("Content-Type", "").startswith(MEDIA_TYPE)


def _detail_in(response: HttpResponseBase) -> str:
    if not isinstance(response, HttpResponse) or "json" not in response.headers.get(
        "Content-Type", ""
    ):
        return ""
    body = json.loads(response.content)
    detail = body.get("detail", "") if isinstance(body, dict) else ""
    return detail if isinstance(detail, str) else ""
