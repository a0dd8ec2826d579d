"""Accepting an invitation, with a new account or with one's own."""

from typing import cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_http_methods

from accounts import members, services
from accounts.auth import UserRequest
from accounts.errors import AccountInvalid
from accounts.forms import JoinForm

BACKEND = settings.AUTHENTICATION_BACKENDS[0]


@ensure_csrf_cookie
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def accept(request: HttpRequest) -> HttpResponse:
    """Join another organisation with the account that one has."""
    asked = cast(UserRequest, request)
    if request.method != "POST":
        return render(request, "accounts/accept.html")
    member = members.accept_invitation(user=asked.user, key=request.POST.get("key", ""))
    messages.success(
        request,
        f"You are in {member.organisation} now: {member.get_role_display().lower()}.",
    )
    return redirect(settings.LOGIN_REDIRECT_URL)


@ensure_csrf_cookie
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest) -> HttpResponse:
    """Choose a password with the key of an invitation."""
    if request.method != "POST":
        return render(request, "accounts/join.html", {"form": JoinForm()})
    form = JoinForm(request.POST)
    if form.is_valid():
        try:
            user = services.join(
                key=form.cleaned_data["key"], password=form.cleaned_data["password"]
            )
        except AccountInvalid as error:
            form.add_error("password", error.detail)
        else:
            login(request, user, backend=BACKEND)
            return redirect(settings.LOGIN_REDIRECT_URL)
    context = {"form": form, "key": request.POST.get("key", "")}
    return render(request, "accounts/join.html", context, status=422)
