"""The way in: making the first account, and the one-time link that signs its person in.

The key travels in the fragment of the link, which browsers do not send: it never
stands in a log, a Referer or the address bar, and a script posts it.
"""

from http import HTTPStatus

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_http_methods

from accounts import selectors, services
from accounts.errors import AccountInvalid
from accounts.forms import SetupForm
from accounts.models import Organisation, User
from layouts.services import seed_samples

BACKEND = settings.AUTHENTICATION_BACKENDS[0]


@ensure_csrf_cookie
@require_http_methods(["GET", "HEAD", "POST"])
def setup(request: HttpRequest) -> HttpResponse:
    """Make the first account; the posted key, not this page, is what is kept from others."""
    if selectors.is_set_up():
        return redirect(settings.LOGIN_REDIRECT_URL)
    if request.method != "POST":
        return render(request, "accounts/setup.html", {"form": SetupForm()})
    form = SetupForm(request.POST)
    if form.is_valid():
        try:
            user, organisation = services.create_first_account(**form.cleaned_data)
        except AccountInvalid as error:
            for each in error.context["errors"]:
                form.add_error(each["path"], each["message"])
        else:
            # Signed in first: whatever happens to the samples, the account is theirs.
            login(request, user, backend=BACKEND)
            return redirect(_sample(organisation, user))
    context = {"form": form, "key": request.POST.get("key", "")}
    return render(request, "accounts/setup.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def _sample(organisation: Organisation, user: User) -> str:
    project = seed_samples(organisation, user)
    design = project.designs.first()
    return f"/designs/{design.pk}/" if design else settings.LOGIN_REDIRECT_URL


@ensure_csrf_cookie
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Sign in with the one-time link that Plenum prints when it starts."""
    if request.method != "POST":
        return render(request, "accounts/enter.html")
    login(request, services.enter(key=request.POST.get("key", "")), backend=BACKEND)
    messages.success(request, "You are signed in.")
    return redirect(settings.LOGIN_REDIRECT_URL)
