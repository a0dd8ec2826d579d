"""The teams of an organisation, for its admins."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts import selectors, teams
from accounts.auth import UserRequest
from accounts.errors import AccountInvalid
from accounts.forms import TeamForm
from accounts.models import Organisation


@require_safe
@login_required
def list_teams(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """The teams, and who is in them."""
    asked = cast(UserRequest, request)
    organisation = selectors.organisation_to_manage(organisation_id, asked.user)
    return _teams_page(asked, organisation, TeamForm())


@require_POST
@login_required
def make_team(request: HttpRequest, organisation_id: UUID) -> HttpResponse:
    """Make a team."""
    asked = cast(UserRequest, request)
    organisation = selectors.organisation_to_manage(organisation_id, asked.user)
    form = TeamForm(request.POST)
    if form.is_valid():
        try:
            teams.make_team(
                actor=asked.user, organisation=organisation, name=form.cleaned_data["name"]
            )
        except AccountInvalid as error:
            form.add_error("name", error.detail)
        else:
            return redirect("teams", organisation_id)
    return _teams_page(asked, organisation, form, status=422)


@require_POST
@login_required
def set_members(request: HttpRequest, organisation_id: UUID, team_id: UUID) -> HttpResponse:
    """Say who is in a team."""
    asked = cast(UserRequest, request)
    team = selectors.team_to_manage(organisation_id, team_id, asked.user)
    chosen = set(request.POST.getlist("members"))
    people = [
        member.user
        for member in selectors.members_of(team.organisation)
        if str(member.user.pk) in chosen
    ]
    teams.set_members(actor=asked.user, team=team, people=people)
    messages.success(request, f"{team.name} has {len(people)} members.")
    return redirect("teams", organisation_id)


@require_POST
@login_required
def delete_team(request: HttpRequest, organisation_id: UUID, team_id: UUID) -> HttpResponse:
    """Dissolve a team."""
    asked = cast(UserRequest, request)
    team = selectors.team_to_manage(organisation_id, team_id, asked.user)
    teams.delete_team(actor=asked.user, team=team)
    messages.success(request, f"{team.name} is dissolved.")
    return redirect("teams", organisation_id)


def _teams_page(
    request: UserRequest, organisation: Organisation, form: TeamForm, *, status: int = 200
) -> HttpResponse:
    context = {
        "organisation": organisation,
        "tabs": selectors.tabs_of(request.user),
        "teams": [
            (team, {each.pk for each in team.members.all()})
            for team in organisation.teams.prefetch_related("members")
        ],
        "members": selectors.members_of(organisation),
        "form": form,
    }
    return render(request, "accounts/teams.html", context, status=status)
