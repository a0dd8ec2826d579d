"""Where one is signed in."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts import selectors, sessions
from accounts.auth import UserRequest


@require_safe
@login_required
def list_sessions(request: HttpRequest) -> HttpResponse:
    """Every browser in which the person is signed in."""
    asked = cast(UserRequest, request)
    context = {
        "sessions": selectors.sessions_of(asked.user),
        "this_key": request.session.session_key,
        "tabs": selectors.tabs_of(asked.user),
    }
    return render(request, "accounts/sessions.html", context)


@require_POST
@login_required
def end_session(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Sign one browser out."""
    sessions.end(user=cast(UserRequest, request).user, session_id=session_id)
    messages.success(request, "That browser is signed out.")
    return redirect("sessions")


@require_POST
@login_required
def end_others(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere else."""
    asked = cast(UserRequest, request)
    count = sessions.end_others(user=asked.user, but=request.session.session_key)
    messages.success(request, f"Signed out of {count} other browser{'' if count == 1 else 's'}.")
    return redirect("sessions")
