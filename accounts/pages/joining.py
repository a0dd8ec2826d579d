"""Accepting an invitation."""

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_http_methods

from accounts import services
from accounts.errors import AccountInvalid
from accounts.forms import JoinForm

BACKEND = settings.AUTHENTICATION_BACKENDS[0]


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
