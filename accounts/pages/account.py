"""The page about oneself: roles, ways to sign in, API tokens."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts import selectors, services
from accounts.auth import UserRequest
from accounts.forms import TokenForm


@require_safe
@login_required
def account(request: HttpRequest) -> HttpResponse:
    """The person's name, roles, ways to sign in, and API tokens."""
    return _account_page(cast(UserRequest, request), TokenForm())


@require_POST
@login_required
def create_token(request: HttpRequest) -> HttpResponse:
    """Make an API token and show its secret, this once."""
    asked = cast(UserRequest, request)
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _account_page(asked, form, status=422)
    _, secret = services.create_token(
        user=asked.user, name=form.cleaned_data["name"], scope=form.cleaned_data["scope"]
    )
    return _account_page(asked, TokenForm(), secret=secret)


@require_POST
@login_required
def revoke_token(request: HttpRequest, token_id: UUID) -> HttpResponse:
    """Revoke one of the person's own tokens."""
    services.revoke_token(user=cast(UserRequest, request).user, token_id=token_id)
    messages.success(request, "The token no longer works.")
    return redirect("account")


def _account_page(
    request: UserRequest, form: TokenForm, *, secret: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "memberships": selectors.memberships_of(request.user),
        "tabs": selectors.tabs_of(request.user),
        "tokens": selectors.tokens_of(request.user),
        "form": form,
        "secret": secret,
    }
    return render(request, "accounts/account.html", context, status=status)
