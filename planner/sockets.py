"""Who may open a WebSocket at all: pages of this very origin, scheme, host and port."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http.request import split_domain_port, validate_host

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
AsgiApp = Callable[[Scope, Receive, Send], Awaitable[None]]

CLOSE_FOREIGN_ORIGIN = 4403
CLOSE_NO_ROUTE = 4404
HTTP_SCHEME = {"ws": "http", "wss": "https", "http": "http", "https": "https"}
DEFAULT_PORT = {"http": 80, "https": 443}


class ExactOrigin:
    """Refuses a handshake from a page of any other origin, another port of this host included.

    A browser sends the session cookie with every WebSocket handshake, whichever
    page opens it, so the origin is all that tells our pages from others.
    """

    def __init__(self, app: AsgiApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope.get("headers", ()))
        origin = headers.get(b"origin", b"").decode("latin-1")
        host = headers.get(b"host", b"").decode("latin-1")
        if is_own_origin(origin, host, HTTP_SCHEME.get(scope.get("scheme", "ws"), "http")):
            await self.app(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": CLOSE_FOREIGN_ORIGIN})


def is_own_origin(origin: str, host: str, scheme: str) -> bool:
    """Whether an Origin header names this site exactly."""
    if origin in settings.CSRF_TRUSTED_ORIGINS:
        return True
    name, _ = split_domain_port(host)
    if not name or not validate_host(name, settings.ALLOWED_HOSTS):
        return False
    own = _parts(f"{scheme}://{host}")
    return own is not None and _parts(origin) == own


def _parts(origin: str) -> tuple[str, str, int | None] | None:
    try:
        split = urlsplit(origin)
        port = split.port or DEFAULT_PORT.get(split.scheme)
    except ValueError:
        return None
    if split.username is not None or split.path or split.query or split.fragment:
        return None
    return split.scheme, split.hostname or "", port


async def no_route(scope: Scope, receive: Receive, send: Send) -> None:
    """Closes a socket opened at an address that does not exist."""
    await send({"type": "websocket.close", "code": CLOSE_NO_ROUTE})
