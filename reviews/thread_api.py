"""Comments for programs and for the editor, and BCF files in and out."""

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpResponse
from ninja import Router, Schema, Status

from accounts.auth import UserRequest
from accounts.models import User
from layouts.models import Project
from layouts.selectors import design_for, document_at
from reviews import exchange, threads
from reviews.errors import CommentInvalid
from reviews.models import Thread
from reviews.selectors import proposal_for
from reviews.threads import Pinned

router = Router(tags=["comments"])


class ThreadIn(Schema):
    """A comment to pin; `x_mm`, `y_mm` is where on the plan, where that is not clear by itself."""

    anchor: dict[str, Any]
    text: str
    x_mm: float | None = None
    y_mm: float | None = None
    revision: int | None = None
    proposal: UUID | None = None
    assignee: UUID | None = None
    due_on: date | None = None


class PersonOut(Schema):
    """Somebody who can be asked."""

    id: UUID
    name: str


class TextIn(Schema):
    """An answer."""

    text: str


class SettleIn(Schema):
    """What to change of a thread; what is left out stays."""

    state: Literal["open", "resolved"] | None = None
    assignee: UUID | None = None
    due_on: date | None = None


class CommentOut(Schema):
    """One thing that was said."""

    id: UUID
    author: str
    text: str
    revision: int
    at: datetime
    mentions: list[str]


class ThreadOut(Schema):
    """A thread and where it stands in the newest revision of the design that was asked about."""

    id: UUID
    number: int
    design: UUID
    title: str
    state: str
    anchor: dict[str, Any]
    x_mm: float
    y_mm: float
    is_lost: bool
    where: str
    revision: int
    author: str
    assignee: str | None
    due_on: date | None
    at: datetime
    changed_at: datetime
    comments: list[CommentOut]


def _thread_out(found: Pinned) -> ThreadOut:
    thread = found.thread
    return ThreadOut(
        id=thread.pk,
        number=thread.number,
        design=thread.design_id,
        title=thread.title,
        state=thread.state,
        anchor=thread.anchor,
        x_mm=found.place.x_mm,
        y_mm=found.place.y_mm,
        is_lost=found.place.is_lost,
        where=found.where,
        revision=thread.revision,
        author=thread.author_name,
        assignee=thread.assignee.username if thread.assignee else None,
        due_on=thread.due_on,
        at=thread.at,
        changed_at=thread.changed_at,
        comments=[
            CommentOut(
                id=each.pk,
                author=each.author_name,
                text=each.text,
                revision=each.revision,
                at=each.at,
                mentions=[person.username for person in each.mentions.all()],
            )
            for each in found.said
        ],
    )


def _one(thread: Thread) -> ThreadOut:
    design = thread.design
    document = document_at(design, design.head)
    found = next(each for each in threads.pinned(design, document) if each.thread == thread)
    return _thread_out(found)


def _person(person_id: UUID | None, project: Project) -> User | None:
    if person_id is None:
        return None
    found = next((each for each in threads.people_of(project) if each.pk == person_id), None)
    if found is None:
        raise CommentInvalid("That person is not in this organisation.")
    return found


@router.get("/designs/{uuid:design_id}/people", response=list[PersonOut])
def list_people(request: UserRequest, design_id: UUID) -> list[PersonOut]:
    """Who can be asked or mentioned in a comment on a design, by name."""
    design = design_for(request.user, design_id)
    return [PersonOut(id=each.pk, name=each.username) for each in threads.people_of(design.project)]


@router.get("/designs/{uuid:design_id}/threads", response=list[ThreadOut])
def list_threads(
    request: UserRequest, design_id: UUID, state: Literal["open", "resolved"] | None = None
) -> list[ThreadOut]:
    """Everything said about a design and what it came from, open threads first."""
    design = design_for(request.user, design_id)
    document = document_at(design, design.head)
    found = threads.pinned(design, document)
    return [_thread_out(each) for each in found if state is None or each.thread.state == state]


@router.post("/designs/{uuid:design_id}/threads", response={201: ThreadOut})
def post_thread(request: UserRequest, design_id: UUID, body: ThreadIn) -> Status[ThreadOut]:
    """Pin a comment to an element, a run, a point, an area, a finding, a figure or a change."""
    design = design_for(request.user, design_id, "comment")
    proposal = None
    if body.proposal is not None:
        proposal = proposal_for(request.user, body.proposal, "comment")
        if proposal.source_id != design.pk:
            raise CommentInvalid("The proposal is of another branch.")
    point = None
    if body.x_mm is not None and body.y_mm is not None:
        point = body.x_mm, body.y_mm
    thread = threads.open_thread(
        actor=request.user,
        design=design,
        anchor=body.anchor,
        text=body.text,
        point=point,
        revision=body.revision,
        proposal=proposal,
        assignee=_person(body.assignee, design.project),
        due_on=body.due_on,
    )
    return Status(201, _one(thread))


@router.get("/threads/{uuid:thread_id}", response=ThreadOut)
def get_thread(request: UserRequest, thread_id: UUID) -> ThreadOut:
    """One thread."""
    return _one(threads.thread_for(request.user, thread_id))


@router.post("/threads/{uuid:thread_id}/comments", response={201: ThreadOut})
def post_comment(request: UserRequest, thread_id: UUID, body: TextIn) -> Status[ThreadOut]:
    """Answer; a resolved thread opens again."""
    thread = threads.thread_for(request.user, thread_id, "comment")
    threads.reply(actor=request.user, thread=thread, text=body.text)
    return Status(201, _one(thread))


@router.patch("/threads/{uuid:thread_id}", response=ThreadOut)
def patch_thread(request: UserRequest, thread_id: UUID, body: SettleIn) -> ThreadOut:
    """Resolve, open again, give to somebody, set a day; null takes it away."""
    thread = threads.thread_for(request.user, thread_id, "comment")
    sent = body.model_fields_set
    threads.settle(
        actor=request.user,
        thread=thread,
        state=body.state,
        assignee=_person(body.assignee, thread.design.project),
        due_on=body.due_on,
        sets_assignee="assignee" in sent,
        sets_due="due_on" in sent,
    )
    return _one(thread)


@router.get("/designs/{uuid:design_id}/bcf")
def get_bcf(
    request: UserRequest, design_id: UUID, version: Literal["2.1", "3.0"] = "3.0"
) -> HttpResponse:
    """The comments of a design as a BCF archive."""
    design = design_for(request.user, design_id)
    response = HttpResponse(
        exchange.export_bcf(design=design, version=version),
        content_type="application/octet-stream",
    )
    response["Content-Disposition"] = f'attachment; filename="comments-{design.pk}.bcf"'
    return response


@router.post(
    "/designs/{uuid:design_id}/bcf",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}
            },
        }
    },
)
def post_bcf(request: UserRequest, design_id: UUID) -> dict[str, int]:
    """Take in answers and topics from a BCF archive; 422 `file-refused` says what is wrong."""
    design = design_for(request.user, design_id, "comment")
    taken = exchange.import_bcf(actor=request.user, design=design, content=request.body)
    return {"topics": taken.topics, "answers": taken.answers, "settled": taken.settled}
