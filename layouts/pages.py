"""Pages around the editor: projects, the designs in one, and the editor's own page."""

from http import HTTPStatus
from typing import cast
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.auth import UserRequest
from accounts.permissions import can
from engine.errors import Invalid
from layouts import selectors, services
from layouts.gate import MAX_FILE_BYTES
from layouts.models import Project
from layouts.samples import SAMPLES


@require_safe
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """The projects a person may see."""
    return _home_page(cast(UserRequest, request))


@require_POST
@login_required
def create_project(request: HttpRequest) -> HttpResponse:
    """Make a project and open it."""
    asked = cast(UserRequest, request)
    organisation = selectors.organisation_to_create_in(asked.user, None)
    try:
        project = services.create_project(
            organisation=organisation, name=request.POST.get("name", ""), actor=asked.user
        )
    except Invalid as error:
        return _home_page(asked, error)
    return redirect("designs", project_id=project.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def designs(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """The designs of a project; a POST makes one, empty or from a sample, and opens it."""
    asked = cast(UserRequest, request)
    if request.method != "POST":
        return _project_page(asked, selectors.project_for(asked.user, project_id))
    found = selectors.project_for(asked.user, project_id, "create")
    name, sample = request.POST.get("name", ""), request.POST.get("sample", "")
    try:
        if sample:
            design = services.create_sample(
                project=found, sample=sample, author=asked.user, name=services.checked_name(name)
            )
        else:
            design = services.create_design(project=found, name=name, author=asked.user)
    except Invalid as error:
        return _project_page(asked, found, error)
    return redirect("design", design_id=design.pk)


@require_POST
@login_required
def import_design(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """Make a design from an uploaded file, or list everything that is wrong with it."""
    asked = cast(UserRequest, request)
    found = selectors.project_for(asked.user, project_id, "create")
    uploaded = request.FILES.get("file")
    if uploaded is None:
        messages.error(request, "Choose a design file first.")
        return redirect("designs", project_id=found.pk)
    try:
        design = services.import_design(
            project=found, content=uploaded.read(MAX_FILE_BYTES + 1), author=asked.user
        )
    except Invalid as error:
        return _project_page(asked, found, error)
    return redirect("design", design_id=design.pk)


@require_POST
@login_required
def duplicate_design(request: HttpRequest, design_id: UUID) -> HttpResponse:
    """Make a second design that starts from this one as it is now."""
    asked = cast(UserRequest, request)
    source = selectors.design_for(asked.user, design_id, "create")
    name = f"{source.name[:190]} (copy)"
    services.copy_design(project=source.project, source=source, name=name, author=asked.user)
    messages.success(request, f"{name} starts from revision {source.head} of {source.name}.")
    return redirect("designs", project_id=source.project_id)


@require_POST
@login_required
def rename_design(request: HttpRequest, design_id: UUID) -> HttpResponse:
    """Give a design another name."""
    asked = cast(UserRequest, request)
    found = selectors.design_for(asked.user, design_id, "edit")
    try:
        services.rename_design(design=found, name=request.POST.get("name", ""), actor=asked.user)
    except Invalid as error:
        return _project_page(asked, found.project, error)
    return redirect("designs", project_id=found.project_id)


@require_safe
@login_required
@ensure_csrf_cookie
def design(request: HttpRequest, design_id: UUID) -> HttpResponse:
    """The editor; its script fetches everything else."""
    asked = cast(UserRequest, request)
    found = selectors.design_for(asked.user, design_id)
    context = {
        "design": found,
        "may": " ".join(selectors.may_do(asked.user, found)),
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
    }
    return render(request, "layouts/design.html", context)


def _home_page(request: UserRequest, error: Invalid | None = None) -> HttpResponse:
    counts = selectors.design_counts(request.user)
    projects = [(each, counts.get(each.pk, 0)) for each in selectors.projects_of(request.user)]
    context = {
        "projects": projects,
        "can_create": selectors.can_create_anywhere(request.user),
        "error": error,
        "name": request.POST.get("name", ""),
    }
    return render(request, "layouts/home.html", context, status=_status(error))


def _project_page(
    request: UserRequest, found: Project, error: Invalid | None = None
) -> HttpResponse:
    context = {
        "project": found,
        "designs": list(selectors.designs_in(found)),
        "can_create": can(request.user, "create", found),
        "samples": SAMPLES,
        "error": error,
        "problems": error.context.get("errors", []) if error else [],
        "name": request.POST.get("name", ""),
    }
    return render(request, "layouts/project.html", context, status=_status(error))


def _status(error: Invalid | None) -> int:
    return HTTPStatus.OK if error is None else HTTPStatus.UNPROCESSABLE_ENTITY
