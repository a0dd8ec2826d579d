"""What the framework says about signing in and out, written to the trail.

Every way in (password, one-time link, invitation, passkey, an organisation's own sign-in)
ends in the framework's one `login`, so its announcements miss none of them.
"""

from typing import Any

from allauth.account.signals import password_changed, password_set
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
)
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest

from accounts import live, sessions
from accounts.models import User
from audit.services import Result, record


def signed_in(request: HttpRequest, user: User, **_: Any) -> None:
    """Somebody came in, whatever the way."""
    sessions.begin(request, user)
    match = request.resolver_match
    record(
        actor=user,
        action="sign-in",
        obj=user,
        detail={"by": (match.url_name or "") if match is not None else ""},
    )


def signed_out(request: HttpRequest, user: User | None, **_: Any) -> None:
    """Somebody left; their sockets close."""
    if user is None:
        return
    if request.session.session_key:
        sessions.forget(request.session.session_key)
    record(actor=user, action="sign-out", obj=user)


def failed(credentials: dict[str, Any], **_: Any) -> None:
    """Somebody did not get in. A name that nobody has is not kept: it may be a password."""
    known = User.objects.filter(username__iexact=str(credentials.get("username", ""))).first()
    record(
        actor=known,
        actor_name="" if known else "unknown name",
        action="sign-in",
        obj=known,
        result=Result.FAILED,
    )


def second_factor_failed(user: User, **_: Any) -> None:
    """The name and password were right, the second factor was not."""
    record(
        actor=user,
        action="sign-in",
        obj=user,
        result=Result.FAILED,
        detail={"by": "second factor"},
    )


def password_is_new(user: User, **_: Any) -> None:
    """A password changed: every other session of the person is void, and its sockets close."""
    record(actor=user, action="password.change", obj=user)
    live.rights_changed([user.pk])


def _factor(action: str) -> Any:
    def write(user: User, authenticator: Any, **_: Any) -> None:
        record(actor=user, action=f"factor.{action}", obj=user, detail={"type": authenticator.type})

    return write


FACTORS = {
    "add": (authenticator_added, _factor("add")),
    "remove": (authenticator_removed, _factor("remove")),
    "reset": (authenticator_reset, _factor("reset")),
}


def listen() -> None:
    """Hear of everything above; called once, when the apps are ready."""
    user_logged_in.connect(signed_in)
    user_logged_out.connect(signed_out)
    user_login_failed.connect(failed)
    authentication_failed.connect(second_factor_failed)
    password_changed.connect(password_is_new)
    password_set.connect(password_is_new)
    for signal, receiver in FACTORS.values():
        signal.connect(receiver)
