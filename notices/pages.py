"""The bell: what a person was told."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from accounts.auth import UserRequest
from accounts.selectors import tabs_of
from notices import selectors, services
from notices.forms import DigestForm

SHOWN = 200


@require_safe
@login_required
def notices(request: HttpRequest) -> HttpResponse:
    """What a person was told, newest first."""
    return _notices_page(cast(UserRequest, request), None)


@require_POST
@login_required
def open_notice(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Count a notice as read and go where it leads."""
    user = cast(UserRequest, request).user
    notice = selectors.notice_for(user, notice_id)
    services.read(user=user, notice=notice)
    # Only paths of this site are ever written; a row that says otherwise leads nowhere.
    is_own = url_has_allowed_host_and_scheme(notice.url, allowed_hosts=None)
    return redirect(notice.url if is_own else "notices")


@require_POST
@login_required
def read_all(request: HttpRequest) -> HttpResponse:
    """Count everything as read."""
    services.read_all(user=cast(UserRequest, request).user)
    return redirect("notices")


@require_POST
@login_required
def set_digest(request: HttpRequest) -> HttpResponse:
    """Say where the daily e-mail goes, or that there shall be none."""
    asked = cast(UserRequest, request)
    form = DigestForm(request.POST)
    if not form.is_valid():
        return _notices_page(asked, form, status=422)
    address = form.cleaned_data["address"]
    services.want_digest(user=asked.user, address=address)
    messages.success(
        request, f"A daily e-mail goes to {address}." if address else "No e-mail is sent."
    )
    return redirect("notices")


def _notices_page(
    request: UserRequest, form: DigestForm | None, *, status: int = 200
) -> HttpResponse:
    digest = selectors.digest_of(request.user)
    context = {
        "notices": selectors.notices_of(request.user)[:SHOWN],
        "unread": selectors.unread_count(request.user),
        "form": form or DigestForm(initial={"address": digest.address if digest else ""}),
        "tabs": tabs_of(request.user),
    }
    return render(request, "notices/notices.html", context, status=status)
