"""Comments of a design: the list, a new one, answers, and BCF files in and out."""

from collections.abc import Mapping
from datetime import date
from http import HTTPStatus
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST, require_safe

from accounts.auth import UserRequest
from accounts.models import User
from accounts.permissions import can
from analysis.assemble import assemble
from analysis.drawing import extent
from engine.errors import Invalid
from layouts.document import Document, owner_of
from layouts.models import Design, Project
from layouts.selectors import design_for, document_at, products_of
from reviews import exchange, threads
from reviews.bcf import BcfVersion
from reviews.both_sides import results_of
from reviews.errors import CommentInvalid
from reviews.examination import examine
from reviews.models import Proposal, Thread
from reviews.overlay import Side, overlay, under
from reviews.selectors import proposal_for
from reviews.subjects import Subject, subjects_of


@require_safe
@login_required
def design_threads(request: HttpRequest, design_id: UUID) -> HttpResponse:
    """Everything said about a design, on its plan and as a list."""
    asked = cast(UserRequest, request)
    return _threads_page(asked, design_for(asked.user, design_id))


@require_POST
@login_required
def open_thread(request: HttpRequest, design_id: UUID) -> HttpResponse:
    """Pin a comment where somebody clicked: to the element there, else to the point."""
    asked = cast(UserRequest, request)
    design = design_for(asked.user, design_id, "comment")
    try:
        proposal = None
        if named := request.POST.get("proposal", ""):
            proposal = proposal_for(asked.user, UUID(named), "comment")
            if proposal.source_id != design.pk:
                raise CommentInvalid("The proposal is of another branch.")
        document = document_at(design, design.head)
        anchor, point = _pinned_to(request, design, document, proposal)
        thread = threads.open_thread(
            actor=asked.user,
            design=design,
            anchor=anchor,
            point=point,
            text=request.POST.get("text", ""),
            proposal=proposal,
            assignee=_person(request.POST.get("assignee", ""), design.project),
            due_on=_day(request.POST.get("due_on", "")),
        )
    except (Invalid, ValueError) as error:
        messages.error(request, str(error))
        return _back(request, design)
    return _back(request, design, f"#thread-{thread.number}")


@require_POST
@login_required
def reply(request: HttpRequest, thread_id: UUID) -> HttpResponse:
    """Answer."""
    asked = cast(UserRequest, request)
    thread = threads.thread_for(asked.user, thread_id, "comment")
    try:
        threads.reply(actor=asked.user, thread=thread, text=request.POST.get("text", ""))
    except Invalid as error:
        messages.error(request, error.detail)
    return _back(request, thread.design, f"#thread-{thread.number}")


@require_POST
@login_required
def settle(request: HttpRequest, thread_id: UUID) -> HttpResponse:
    """Resolve, open again, give to somebody, set a day."""
    asked = cast(UserRequest, request)
    thread = threads.thread_for(asked.user, thread_id, "comment")
    try:
        threads.settle(
            actor=asked.user,
            thread=thread,
            state=request.POST.get("state") or None,
            assignee=_person(request.POST.get("assignee", ""), thread.design.project),
            due_on=_day(request.POST.get("due_on", "")),
            sets_assignee="assignee" in request.POST,
            sets_due="due_on" in request.POST,
        )
    except (Invalid, ValueError) as error:
        messages.error(request, str(error))
    return _back(request, thread.design, f"#thread-{thread.number}")


@require_safe
@login_required
def bcf_file(request: HttpRequest, design_id: UUID, version: str) -> HttpResponse:
    """The comments of a design as a BCF archive."""
    asked = cast(UserRequest, request)
    design = design_for(asked.user, design_id, "view")
    return _archive(design, "2.1" if version == "2.1" else "3.0")


@require_POST
@login_required
def import_bcf(request: HttpRequest, design_id: UUID) -> HttpResponse:
    """Take in answers and topics from a BCF archive."""
    asked = cast(UserRequest, request)
    design = design_for(asked.user, design_id, "comment")
    uploaded = request.FILES.get("file")
    if uploaded is None:
        messages.error(request, "Choose a BCF file first.")
        return redirect("threads", design_id=design.pk)
    try:
        taken = exchange.import_bcf(
            actor=asked.user, design=design, content=uploaded.read(exchange.MAX_BYTES + 1)
        )
    except Invalid as error:
        return _threads_page(asked, design, error)
    messages.success(request, taken.words)
    return redirect("threads", design_id=design.pk)


def _archive(design: Design, version: BcfVersion) -> HttpResponse:
    content = exchange.export_bcf(design=design, version=version)
    response = HttpResponse(content, content_type="application/octet-stream")
    name = f"comments-{design.pk}-{version}.bcf"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _threads_page(
    request: UserRequest, design: Design, error: Invalid | None = None
) -> HttpResponse:
    document = document_at(design, design.head)
    found = threads.pinned(design, document)
    plant = assemble(document, products_of(design))[0]
    side = Side(document=document, plant=plant)
    context: dict[str, Any] = {
        "design": design,
        "view": "threads",
        "threads": found,
        "open_count": sum(each.thread.state == Thread.State.OPEN for each in found),
        # Drawn by our own pen, which escapes every word.
        "plan": mark_safe(overlay(side, side, (), threads.pins(found))),
        "can_comment": can(request.user, "comment", design),
        "people": threads.people_of(design.project),
        "error": error,
    }
    status = HTTPStatus.OK if error is None else HTTPStatus.UNPROCESSABLE_ENTITY
    return render(request, "reviews/threads.html", context, status=status)


def _pinned_to(
    request: HttpRequest, design: Design, document: Document, proposal: Proposal | None
) -> tuple[Mapping[str, Any], tuple[float, float] | None]:
    """What a form says a comment is pinned to, and the point that was clicked."""
    plant = assemble(document, products_of(design))[0]
    about = request.POST.get("about", "")
    if about and proposal is not None:
        # What is of the whole design stands at the corner of the plan.
        left, _, _, top = extent(plant, document)
        return _subject(about, proposal).anchor, (left, top)
    if not request.POST.get("x_mm") or not request.POST.get("y_mm"):
        raise CommentInvalid("Click on the plan to say where, then send it.")
    point = float(request.POST["x_mm"]), float(request.POST["y_mm"])
    id_ = under(plant, point)
    if id_ is not None and owner_of(id_) in document.elements:
        return {"type": "element", "id": owner_of(id_)}, point
    return {"type": "point"}, point


def _subject(about: str, proposal: Proposal) -> Subject:
    exam = examine(proposal)
    known = subjects_of(exam.lines, results_of(exam.old_evaluation, exam.evaluation))
    found = next((each for group in known.values() for each in group if each.id == about), None)
    if found is None:
        raise CommentInvalid("The proposal moved on and does not say that any more.")
    return found


def _person(text: str, project: Project) -> User | None:
    if not text:
        return None
    found = next((each for each in threads.people_of(project) if str(each.pk) == text), None)
    if found is None:
        raise CommentInvalid("That person is not in this organisation.")
    return found


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _back(request: HttpRequest, design: Design, fragment: str = "") -> HttpResponse:
    """To the page that the form was on, if it is one of ours."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        target = reverse("threads", args=[design.pk])
    return redirect(target + fragment)
