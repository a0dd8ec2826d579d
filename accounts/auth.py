"""How a request proves who sends it: the session of a browser, or a program's token."""

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from ninja.security import APIKeyCookie, HttpBearer

from accounts.errors import ReadOnlyToken
from accounts.models import ApiToken, User

TOKEN_MARK = "plenum_"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# A token in steady use costs one write a minute, not one a request.
LAST_USED_GRAIN = timedelta(minutes=1)


class UserRequest(HttpRequest):
    """A request whose sender is known; the annotation of every endpoint and signed-in page."""

    user: User


def new_token() -> str:
    """A fresh 256-bit secret; the mark lets scanners find a leaked one."""
    return TOKEN_MARK + secrets.token_urlsafe(32)


def digest_of(secret: str) -> str:
    """What is stored of a secret. It has full entropy, so a plain hash is enough."""
    return hashlib.sha256(secret.encode()).hexdigest()


class SessionAuth(APIKeyCookie):
    """The browser's session cookie; anything that changes state also needs the CSRF token."""

    def __init__(self) -> None:
        self.param_name = settings.SESSION_COOKIE_NAME
        super().__init__(csrf=True)

    def __call__(self, request: HttpRequest) -> User | None:
        # A program with a token has no cookie, and cannot be made to send one by another site.
        if "Authorization" in request.headers:
            return None
        if self.param_name not in request.COOKIES:
            return None
        user: User | None = super().__call__(request)
        return user

    def authenticate(self, request: HttpRequest, key: str | None) -> User | None:
        """The signed-in person, if there is one."""
        return request.user if isinstance(request.user, User) else None


class TokenAuth(HttpBearer):
    """``Authorization: Bearer <token>``; never looks at cookies, so needs no CSRF token."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        """The person a live token stands for; records the use."""
        found = (
            ApiToken.objects.select_related("user")
            .filter(digest=digest_of(token), user__is_active=True)
            .first()
        )
        if found is None:
            return None
        request.user = found.user
        if found.scope == ApiToken.Scope.READ and request.method not in SAFE_METHODS:
            raise ReadOnlyToken("Make a token that may write under Account, API tokens.")
        now = timezone.now()
        if found.last_used_at is None or now - found.last_used_at > LAST_USED_GRAIN:
            ApiToken.objects.filter(pk=found.pk).update(last_used_at=now)
        return found.user
