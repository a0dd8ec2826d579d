"""Who has a role of their own in a project, for whoever manages it."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts import members, selectors
from accounts.auth import UserRequest
from accounts.errors import MemberNotFound
from accounts.models import ProjectRole, Role, Team, User
from layouts.models import Project
from layouts.selectors import project_for

ROLES = [each for each in Role.choices if each[0] != Role.GUEST]


@require_safe
@login_required
def people(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """The roles that a project gives, and a form to give one."""
    asked = cast(UserRequest, request)
    project = project_for(asked.user, project_id, "manage")
    context = {
        "project": project,
        "given": selectors.project_roles_in(project.pk),
        "members": selectors.members_of(project.organisation),
        "teams": project.organisation.teams.all(),
        "roles": ROLES,
    }
    return render(request, "layouts/people.html", context)


@require_POST
@login_required
def give_role(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """Give a member or a team a role in the project."""
    asked = cast(UserRequest, request)
    project = project_for(asked.user, project_id, "manage")
    role = request.POST.get("role", "")
    if role not in dict(ROLES):
        messages.error(request, "Choose one of the roles.")
        return redirect("people", project_id=project.pk)
    holder = _holder(project, request.POST.get("holder", ""))
    members.give_project_role(
        actor=asked.user,
        project=project,
        organisation=project.organisation,
        holder=holder,
        role=role,
    )
    messages.success(request, f"{holder}: {Role(role).label.lower()} in {project.name}.")
    return redirect("people", project_id=project.pk)


@require_POST
@login_required
def take_role(request: HttpRequest, project_id: UUID, role_id: int) -> HttpResponse:
    """Take a role in the project away."""
    asked = cast(UserRequest, request)
    project = project_for(asked.user, project_id, "manage")
    given = ProjectRole.objects.filter(project_id=project.pk, pk=role_id).first()
    if given is None:
        raise MemberNotFound("Nobody has that role in this project any more.")
    members.take_project_role(actor=asked.user, project=project, given=given)
    return redirect("people", project_id=project.pk)


def _holder(project: Project, chosen: str) -> User | Team:
    """The person or team that a form names: "user:…" or "team:…", of this organisation."""
    kind, _, id_ = chosen.partition(":")
    if kind == "team":
        for team in project.organisation.teams.all():
            if str(team.pk) == id_:
                return team
    for member in selectors.members_of(project.organisation):
        if kind == "user" and str(member.user.pk) == id_:
            return member.user
    raise MemberNotFound("Choose a member or a team of the organisation.")
