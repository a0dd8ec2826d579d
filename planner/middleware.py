"""What every request passes: a reference, privacy headers, and set-up before anything else."""

import secrets
from collections.abc import AsyncIterator, Callable, Iterator
from http import HTTPStatus
from itertools import islice
from typing import cast

from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.http import (
    HttpRequest,
    HttpResponseBase,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    StreamingHttpResponse,
)

from accounts import permissions, selectors, sessions
from accounts.auth import SAFE_METHODS
from accounts.errors import NotAllowed
from audit import origin
from audit.services import Result, record
from engine.errors import PlannerError, Unavailable
from planner import logs
from planner.problems import problem_response

Handler = Callable[[HttpRequest], HttpResponseBase]

PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
# Open before the first account exists; everything else leads to the set-up page.
BEFORE_SETUP = ("/setup", "/healthz", "/readyz", "/static/", "/docs/problems/")


PARTS_AT_ONCE = 64  # lines of a table, or blocks of a file
FORM_METHODS = ("GET", "HEAD", "POST")


class NotSetUp(Unavailable):
    """Nothing works before the first account exists."""

    code = "not-set-up"
    title = "Set Plenum up first"


class StreamMiddleware:
    """Sends files and long answers piece by piece: the server would else read them whole first."""

    sync_capable = True
    async_capable = False

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not isinstance(response, StreamingHttpResponse) or response.is_async:
            return response
        if isinstance(request, ASGIRequest):
            parts = cast(Iterator[bytes], response.streaming_content)
            response.streaming_content = in_pieces(parts)
        return response


async def in_pieces(parts: Iterator[bytes]) -> AsyncIterator[bytes]:
    """What an iterator gives, some of it at a time, each read in the thread of the request."""
    while piece := await sync_to_async(lambda: b"".join(islice(parts, PARTS_AT_ONCE)))():
        yield piece


class ReferenceMiddleware:
    """Gives each request a reference that its answer, its log lines and its error page show."""

    sync_capable = True
    async_capable = False

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        request.reference = secrets.token_hex(6)  # type: ignore[attr-defined]
        token = logs.reference.set(request.reference)  # type: ignore[attr-defined]
        where = origin.Origin(
            reference=request.reference,  # type: ignore[attr-defined]
            address_hash=origin.address_hash(request.META.get("REMOTE_ADDR", "")),
        )
        try:
            with origin.within(where):
                response = self.get_response(request)
        finally:
            logs.reference.reset(token)
        response.headers["X-Reference"] = request.reference  # type: ignore[attr-defined]
        return response


class PrivacyMiddleware:
    """Keeps what a signed-in person sees out of every cache, and unused browser powers off."""

    sync_capable = True
    async_capable = False

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if "Cache-Control" not in response.headers:
            response.headers["Cache-Control"] = "no-store"
        elif "no-store" not in response.headers["Cache-Control"] and _is_private(request):
            response.headers["Cache-Control"] += ", no-store"
        return response


class FormsOnlyMiddleware:
    """Keeps the library's sign-in pages to what browsers send them: they would take PUT as POST."""

    sync_capable = True
    async_capable = False

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], *_: object
    ) -> HttpResponseBase | None:
        """Answer 405 where a page of the library would not."""
        if view.__module__.startswith("allauth.") and request.method not in FORM_METHODS:
            return HttpResponseNotAllowed(FORM_METHODS)
        return None


class RightsOnceMiddleware:
    """Asks for the role of a reader once a page; what changes something asks each time."""

    sync_capable = True
    async_capable = False

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in SAFE_METHODS:
            return self.get_response(request)
        with permissions.asked_once():
            return self.get_response(request)


class RefusalMiddleware:
    """Writes every refusal of a known person to the trail, and notes that their session lives.

    Stands outside of every transaction: what was refused is undone, its row is not.
    """

    sync_capable = True
    async_capable = False

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        user = request.user
        if not user.is_authenticated:
            return response
        if response.status_code == HTTPStatus.FORBIDDEN:
            error = getattr(request, "error", None)
            match = request.resolver_match
            record(
                actor=user,
                action="request",
                obj=error.about if isinstance(error, NotAllowed) else None,
                result=Result.REFUSED,
                detail={
                    "method": request.method,
                    "route": match.route if match is not None else request.path,
                    "code": error.code if isinstance(error, PlannerError) else "forbidden",
                    **(error.context if isinstance(error, NotAllowed) else {}),
                },
            )
        sessions.seen(request)
        return response


class SetUpFirstMiddleware:
    """Before the first account exists, every page leads to the set-up page."""

    sync_capable = True
    async_capable = False

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response
        self.is_set_up = False

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if not self.is_set_up and not request.path.startswith(BEFORE_SETUP):
            self.is_set_up = selectors.is_set_up()
            if not self.is_set_up:
                if request.path.startswith("/api/"):
                    return problem_response(
                        request, NotSetUp("Open the link that Plenum printed when it started.")
                    )
                return HttpResponseRedirect("/setup")
        return self.get_response(request)


def _is_private(request: HttpRequest) -> bool:
    user = getattr(request, "user", None)
    return bool(user and user.is_authenticated) or "Authorization" in request.headers
