"""Everyone in an organisation, for its admins."""

from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts import members as people
from accounts import selectors
from accounts.auth import UserRequest
from accounts.errors import AccountInvalid
from accounts.forms import InviteForm, RoleForm
from accounts.models import Organisation, Role, User


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
        invited, key = people.invite_member(
            actor=asked.user,
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
    key = people.renew_invitation(actor=asked.user, member=member)
    return _members_page(asked, member.organisation, InviteForm(), invited=member.user, key=key)


@require_POST
@login_required
def change_role(request: HttpRequest, organisation_id: UUID, member_id: int) -> HttpResponse:
    """Give a member another role."""
    asked = cast(UserRequest, request)
    member = selectors.member_to_manage(organisation_id, member_id, asked.user)
    form = RoleForm(request.POST)
    if form.is_valid():
        people.change_role(actor=asked.user, member=member, role=form.cleaned_data["role"])
        role = Role(form.cleaned_data["role"]).label.lower()
        messages.success(request, f"{member.user.username}: {role}.")
    return redirect("members", organisation_id)


@require_POST
@login_required
def suspend_member(request: HttpRequest, organisation_id: UUID, member_id: int) -> HttpResponse:
    """Take a member's access away."""
    asked = cast(UserRequest, request)
    member = selectors.member_to_manage(organisation_id, member_id, asked.user)
    people.suspend_member(actor=asked.user, member=member)
    return redirect("members", organisation_id)


@require_POST
@login_required
def reinstate_member(request: HttpRequest, organisation_id: UUID, member_id: int) -> HttpResponse:
    """Give a member's access back."""
    asked = cast(UserRequest, request)
    member = selectors.member_to_manage(organisation_id, member_id, asked.user)
    people.reinstate_member(actor=asked.user, member=member)
    return redirect("members", organisation_id)


def _members_page(
    request: UserRequest,
    organisation: Organisation,
    form: InviteForm,
    *,
    invited: User | None = None,
    key: str = "",
    status: int = 200,
) -> HttpResponse:
    # A new account belongs to the organisation at once; one from elsewhere once it accepts.
    is_guest = invited is not None and not organisation.memberships.filter(user=invited).exists()
    page = "accept" if is_guest else "join"
    context: dict[str, Any] = {
        "organisation": organisation,
        "tabs": selectors.tabs_of(request.user),
        "members": selectors.members_of(organisation),
        "roles": Role.choices,
        "form": form,
        "invited": invited,
        "link": request.build_absolute_uri(f"/{page}#{key}") if key else "",
        "has_account": is_guest,
    }
    return render(request, "accounts/members.html", context, status=status)
