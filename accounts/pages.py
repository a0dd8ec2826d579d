"""Pages about oneself and one's colleagues."""

from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import selectors, services
from accounts.auth import UserRequest
from accounts.errors import AccountInvalid
from accounts.forms import InviteForm, JoinForm, RoleForm, TokenForm
from accounts.models import Organisation, Role, User

BACKEND = settings.AUTHENTICATION_BACKENDS[0]


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


@require_safe
@login_required
def members(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """Everyone in an organisation, for its admins."""
    asked = cast(UserRequest, request)
    organisation = selectors.organisation_to_manage(organisation_id, asked.user)
    return _members_page(asked, organisation, InviteForm())


@require_POST
@login_required
def invite_member(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """Make an account for somebody and show the link with which they choose a password."""
    asked = cast(UserRequest, request)
    organisation = selectors.organisation_to_manage(organisation_id, asked.user)
    form = InviteForm(request.POST)
    if not form.is_valid():
        return _members_page(asked, organisation, form, status=422)
    try:
        invited, key = services.invite_member(
            organisation=organisation,
            name=form.cleaned_data["name"],
            role=form.cleaned_data["role"],
        )
    except AccountInvalid as error:
        form.add_error("name", error.detail)
        return _members_page(asked, organisation, form, status=422)
    return _members_page(asked, organisation, InviteForm(), invited=invited, key=key)


@require_POST
@login_required
def renew_invitation(request: HttpRequest, organisation_id: UUID, member_id: int) -> HttpResponse:
    """Show a member's new password link, this once."""
    asked = cast(UserRequest, request)
    member = selectors.member_to_manage(organisation_id, member_id, asked.user)
    key = services.renew_invitation(member=member)
    return _members_page(asked, member.organisation, InviteForm(), invited=member.user, key=key)


@require_POST
@login_required
def change_role(request: HttpRequest, organisation_id: UUID, member_id: int) -> HttpResponse:
    """Give a member another role."""
    asked = cast(UserRequest, request)
    member = selectors.member_to_manage(organisation_id, member_id, asked.user)
    form = RoleForm(request.POST)
    if form.is_valid():
        services.change_role(member=member, role=form.cleaned_data["role"])
        messages.success(request, f"{member.user.username}: {member.get_role_display().lower()}.")
    return redirect("members", organisation_id)


@require_POST
@login_required
def suspend_member(request: HttpRequest, organisation_id: UUID, member_id: int) -> HttpResponse:
    """Take a member's access away."""
    asked = cast(UserRequest, request)
    member = selectors.member_to_manage(organisation_id, member_id, asked.user)
    services.suspend_member(member=member)
    return redirect("members", organisation_id)


@require_POST
@login_required
def reinstate_member(request: HttpRequest, organisation_id: UUID, member_id: int) -> HttpResponse:
    """Give a member's access back."""
    asked = cast(UserRequest, request)
    member = selectors.member_to_manage(organisation_id, member_id, asked.user)
    services.reinstate_member(member=member)
    return redirect("members", organisation_id)


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


def _account_page(
    request: UserRequest, form: TokenForm, *, secret: str = "", status: int = 200
) -> HttpResponse:
    context = {
        "memberships": selectors.memberships_of(request.user),
        "managed_organisations": selectors.managed_by(request.user),
        "tokens": selectors.tokens_of(request.user),
        "form": form,
        "secret": secret,
    }
    return render(request, "accounts/account.html", context, status=status)


def _members_page(
    request: UserRequest,
    organisation: Organisation,
    form: InviteForm,
    *,
    invited: User | None = None,
    key: str = "",
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "organisation": organisation,
        "managed_organisations": selectors.managed_by(request.user),
        "members": selectors.members_of(organisation),
        "roles": Role.choices,
        "form": form,
        "invited": invited,
        "link": request.build_absolute_uri(f"/join#{key}") if key else "",
    }
    return render(request, "accounts/members.html", context, status=status)
