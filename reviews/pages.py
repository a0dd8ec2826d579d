"""Branches and versions of a design, and the differences between any two states."""

from http import HTTPStatus
from typing import cast
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from accounts.auth import UserRequest
from accounts.permissions import can
from analysis.models import State
from analysis.selectors import evaluation_at
from analysis.services import request_evaluation
from audit import services as audit
from engine.errors import Conflict, Invalid
from layouts import branches as lines_of_design
from layouts.models import Design
from layouts.selectors import (
    design_for,
    designs_in,
    history_before,
    project_for,
)
from reviews import desk, selectors
from reviews.both_sides import counts_of, plan_of, results_of
from reviews.models import Seen
from reviews.rollup import roll_up

REVISIONS_OFFERED = 60


# --- Branches and versions ------------------------------------------------------------------


@require_safe
@login_required
def branches(request: HttpRequest, design_id: UUID) -> HttpResponse:
    """The lines around a design: where it came from, its branches, its named versions."""
    asked = cast(UserRequest, request)
    return _branches_page(asked, design_for(asked.user, design_id))


@require_POST
@login_required
def fork(request: HttpRequest, design_id: UUID) -> HttpResponse:
    """Make a branch and open it."""
    asked = cast(UserRequest, request)
    source = design_for(asked.user, design_id, "create")
    try:
        point = selectors.point_at(asked.user, source, request.POST.get("revision", "") or "head")
        branch = lines_of_design.fork_design(
            source=source,
            number=point.revision,
            name=request.POST.get("name", ""),
            author=asked.user,
        )
    except Invalid as error:
        return _branches_page(asked, source, error)
    audit.record(
        actor=asked.user,
        action="design.fork",
        obj=branch,
        detail={"source": str(source.pk), "revision": point.revision},
    )
    messages.success(
        request, f"{branch.name} starts from {point.name} of {source.name}. Change it freely."
    )
    return redirect("branches", design_id=branch.pk)


@require_POST
@login_required
def freeze(request: HttpRequest, design_id: UUID) -> HttpResponse:
    """Give a revision a name that stays with it."""
    asked = cast(UserRequest, request)
    design = design_for(asked.user, design_id, "edit")
    try:
        point = selectors.point_at(asked.user, design, request.POST.get("revision", "") or "head")
        version = lines_of_design.freeze(
            design=design,
            number=point.revision,
            name=request.POST.get("name", ""),
            note=request.POST.get("note", ""),
            author=asked.user,
        )
    except (Invalid, Conflict) as error:
        return _branches_page(asked, design, error)
    audit.record(
        actor=asked.user,
        action="design.freeze",
        obj=design,
        detail={"version": version.name, "revision": version.number},
    )
    messages.success(request, f"{version.name} is revision {version.number} from now on.")
    return redirect("branches", design_id=design.pk)


@require_POST
@login_required
def protect(request: HttpRequest, design_id: UUID) -> HttpResponse:
    """Protect a design, or open it again."""
    asked = cast(UserRequest, request)
    design = design_for(asked.user, design_id, "manage")
    is_protected = request.POST.get("is_protected") == "yes"
    lines_of_design.protect(design=design, is_protected=is_protected)
    audit.record(
        actor=asked.user,
        action="design.protect" if is_protected else "design.unprotect",
        obj=design,
    )
    return redirect("branches", design_id=design.pk)


def _branches_page(
    request: UserRequest, design: Design, error: Invalid | Conflict | None = None
) -> HttpResponse:
    family = designs_in(design.project).filter(parent=design).order_by("-changed_at")
    context = {
        "design": design,
        "view": "branches",
        "children": [(each, selectors.open_proposal_of(each)) for each in family],
        "proposal": selectors.open_proposal_of(design),
        "merged": design.proposals.filter(state="merged").order_by("-changed_at").first(),
        "versions": design.versions.select_related("author"),
        "revisions": history_before(design, None, REVISIONS_OFFERED),
        "can_edit": can(request.user, "edit", design),
        "can_propose": can(request.user, "propose", design),
        "can_manage": can(request.user, "manage", design),
        "error": error,
        "name": request.POST.get("name", ""),
    }
    status = HTTPStatus.OK
    if error is not None:
        status = (
            HTTPStatus.CONFLICT if isinstance(error, Conflict) else HTTPStatus.UNPROCESSABLE_ENTITY
        )
    return render(request, "reviews/branches.html", context, status=status)


# --- Differences ----------------------------------------------------------------------------


@require_safe
@login_required
def compare(request: HttpRequest, design_id: UUID) -> HttpResponse:
    """What differs between two states of designs: on the plan, in words, in figures."""
    asked = cast(UserRequest, request)
    design = design_for(asked.user, design_id)
    new = selectors.point_at(asked.user, design, request.GET.get("b") or "head")
    old = selectors.point_at(asked.user, design, request.GET.get("a") or _before(design))
    evaluations = evaluation_at(old.design, old.revision), evaluation_at(new.design, new.revision)
    lines = roll_up(old.document, new.document)
    context = {
        "design": design,
        "view": "compare",
        "old": old,
        "new": new,
        "choices": _choices(design),
        "lines": lines,
        "counts": counts_of(lines),
        "plan": plan_of(old.design, old.document, new.design, new.document, lines),
        "results": results_of(*evaluations),
        "pending": [each for each in evaluations if each is not None and not each.is_final],
        "refused": [
            each
            for each in evaluations
            if each is not None and each.is_final and each.state != State.DONE
        ],
        "can_evaluate": can(asked.user, "evaluate", design),
        "query": urlencode({"a": old.reference, "b": new.reference}),
    }
    return render(request, "reviews/compare.html", context)


@require_POST
@login_required
def run_comparison(request: HttpRequest, design_id: UUID) -> HttpResponse:
    """Ask for the results of both sides and go to where they will appear."""
    asked = cast(UserRequest, request)
    design = design_for(asked.user, design_id, "evaluate")
    old = selectors.point_at(asked.user, design, request.POST.get("a", ""))
    new = selectors.point_at(asked.user, design, request.POST.get("b", ""))
    for side in (old, new):
        request_evaluation(actor=asked.user, design=side.design, revision=side.revision)
    query = urlencode({"a": old.reference, "b": new.reference})
    return redirect(f"{reverse('compare', args=[design.pk])}?{query}")


def _before(design: Design) -> str:
    """What a design is most usefully compared with: where it was forked, else its last state."""
    if design.parent_id is not None:
        return f"{design.parent_id}@{design.parent_revision}"
    return str(max(design.head - 1, 0))


def _choices(design: Design) -> list[tuple[str, list[tuple[str, str]]]]:
    """What may be compared: this design's versions and revisions, and its neighbours."""
    groups: list[tuple[str, list[tuple[str, str]]]] = []
    versions = [(each.name, each.name) for each in design.versions.all()]
    if versions:
        groups.append(("Versions", versions))
    history = history_before(design, None, REVISIONS_OFFERED)
    own = [("head", f"newest, revision {design.head}")]
    own += [(str(entry.number), f"{entry.number}: {entry.label}") for entry in history]
    groups.append((design.name, [*own, ("0", "0: empty")]))
    for other in designs_in(design.project).exclude(pk=design.pk).prefetch_related("versions"):
        points = [(f"{other.pk}@head", f"{other.name}, revision {other.head}")]
        points += [
            (f"{other.pk}@{each.name}", f"{other.name}, {each.name}")
            for each in other.versions.all()
        ]
        if other.pk == design.parent_id:
            fork = design.parent_revision
            points.append((f"{other.pk}@{fork}", f"{other.name}, revision {fork} (fork)"))
        groups.append((other.name, points))
    return groups


# --- The project ----------------------------------------------------------------------------


@require_safe
@login_required
def project(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """What waits for this person in a project, what moved, and where it stands."""
    asked = cast(UserRequest, request)
    found = project_for(asked.user, project_id)
    since = desk.seen_at(asked.user, found)
    line = desk.line_of(found)
    context = {
        "project": found,
        "view": "desk",
        "since": since,
        "waiting": desk.waiting_for(asked.user, found),
        "moved": desk.moved_since(found, since),
        "steps": desk.steps_since(found, since),
        "said": desk.said_since(found, since),
        "threads": desk.open_threads(asked.user, found),
        "standing": desk.standing_of(line) if line is not None else None,
        "versions": desk.versions_in(found),
        "can_create": can(asked.user, "create", found),
        "may_mark": can(asked.user, "comment", found),
    }
    return render(request, "reviews/project.html", context)


@require_POST
@login_required
def mark_seen(request: HttpRequest, project_id: UUID) -> HttpResponse:
    """Say that one has seen what is new; what comes later counts as new again."""
    asked = cast(UserRequest, request)
    found = project_for(asked.user, project_id, "comment")
    Seen.objects.update_or_create(user=asked.user, project=found, defaults={"at": timezone.now()})
    return redirect("project", project_id=found.pk)
