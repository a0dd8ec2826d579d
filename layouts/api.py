"""Projects, designs and edits for programs and for the editor."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils.text import slugify
from django.views.decorators.gzip import gzip_page
from ninja import Query, Router, Schema, Status
from ninja.decorators import decorate_view
from pydantic import Field, ValidationError

from accounts.auth import UserRequest
from accounts.permissions import can
from layouts import history, selectors, services
from layouts.errors import DesignInvalid, PushTooLarge
from layouts.models import Design, Project, Revision
from layouts.schema import design_json_schema
from layouts.selectors import HistoryEntry

router = Router(tags=["designs"])

MAX_PUSH_BYTES = 2_000_000


class ProjectIn(Schema):
    """A project to make; without an organisation it goes to the caller's first one."""

    name: str
    organisation: UUID | None = None


class ProjectOut(Schema):
    """A project in a list."""

    id: UUID
    name: str
    organisation: str
    designs: int
    created_at: datetime


class DesignIn(Schema):
    """A design to make: empty, from a sample, or as a copy of another design."""

    name: str
    sample: str | None = None
    copy_of: UUID | None = None


class DesignName(Schema):
    """A new name."""

    name: str


class DesignOut(Schema):
    """A design and what the caller may do with it."""

    id: UUID
    name: str
    project: UUID
    project_name: str
    organisation: str
    head: int
    state_hash: str
    created_at: datetime
    changed_at: datetime
    role: str
    can_edit: bool
    parent: UUID | None
    parent_revision: int | None
    is_protected: bool


class DocumentOut(Schema):
    """The elements at one revision."""

    number: int
    state_hash: str
    elements: list[dict[str, Any]]


class GuardIn(Schema):
    """A group that must still be what the caller saw; null means absent."""

    id: str
    group: str
    expect: dict[str, Any] | None


class EditsIn(Schema):
    """A batch of edits, made while looking at revision `base`."""

    base: int
    request_id: UUID
    label: str = Field("", max_length=200)
    edits: list[Any]
    guards: list[GuardIn] = Field(default_factory=list, max_length=1000)


class RefusedOut(Schema):
    """An edit that was not applied, and why."""

    index: int
    code: str
    detail: str


class SkippedOut(Schema):
    """What an undo left alone; without a group, the whole element."""

    id: str
    group: str | None
    reason: str


class EditsOut(Schema):
    """The revision that a request made, or made the first time it was sent."""

    number: int
    effective: list[dict[str, Any]]
    refused: list[RefusedOut]
    state_hash: str
    duplicate: bool


class WayBackOut(EditsOut):
    """The revision that an undo, a redo or a restore made."""

    skipped: list[SkippedOut]


class RequestIn(Schema):
    """A request that may be sent again without doing its work twice."""

    request_id: UUID


class RestoreIn(RequestIn):
    """A revision to go back to."""

    revision: int


class RevisionOut(Schema):
    """A revision with its effective edits."""

    number: int
    kind: str
    author: str | None
    author_id: UUID | None
    at: datetime
    label: str
    effective: list[dict[str, Any]]
    state_hash: str
    undo_of: int | None
    request_id: UUID


class HistoryOut(Schema):
    """A revision in the history list."""

    number: int
    kind: str
    author: str | None
    author_id: UUID | None
    at: datetime
    label: str
    undo_of: int | None


def _project_out(project: Project, designs: int) -> ProjectOut:
    return ProjectOut(
        id=project.pk,
        name=project.name,
        organisation=project.organisation.name,
        designs=designs,
        created_at=project.created_at,
    )


def _design_out(request: UserRequest, design: Design) -> DesignOut:
    return _designs_out(request, design.project, [design])[0]


def _designs_out(
    request: UserRequest, project: Project, designs: Sequence[Design]
) -> list[DesignOut]:
    """Designs of one project: the caller's rights are the same for all."""
    role = selectors.role_of(request.user, project)
    can_edit = can(request.user, "edit", project)
    return [
        DesignOut(
            id=design.pk,
            name=design.name,
            project=project.pk,
            project_name=project.name,
            organisation=project.organisation.name,
            head=design.head,
            state_hash=design.head_hash,
            created_at=design.created_at,
            changed_at=design.changed_at,
            role=role,
            can_edit=can_edit and not design.is_protected,
            parent=design.parent_id,
            parent_revision=design.parent_revision,
            is_protected=design.is_protected,
        )
        for design in designs
    ]


@router.get("/projects", response=list[ProjectOut])
def list_projects(request: UserRequest) -> list[ProjectOut]:
    """The projects that the caller may see."""
    counts = selectors.design_counts(request.user)
    return [
        _project_out(project, counts.get(project.pk, 0))
        for project in selectors.projects_of(request.user)
    ]


@router.post("/projects", response={201: ProjectOut})
def post_project(request: UserRequest, body: ProjectIn) -> Status[ProjectOut]:
    """Make a project."""
    organisation = selectors.organisation_to_create_in(request.user, body.organisation)
    project = services.create_project(organisation=organisation, name=body.name, actor=request.user)
    return Status(201, _project_out(project, 0))


@router.get("/projects/{uuid:project_id}/designs", response=list[DesignOut])
def list_designs(request: UserRequest, project_id: UUID) -> list[DesignOut]:
    """The designs of a project, the one changed last first."""
    project = selectors.project_for(request.user, project_id)
    return _designs_out(request, project, list(selectors.designs_in(project)))


@router.post("/projects/{uuid:project_id}/designs", response={201: DesignOut})
def post_design(request: UserRequest, project_id: UUID, body: DesignIn) -> Status[DesignOut]:
    """Make a design: empty, from a sample, or as a copy of one the caller may see."""
    project = selectors.project_for(request.user, project_id, "create")
    if body.sample is not None and body.copy_of is not None:
        raise DesignInvalid("Ask for a sample or for a copy, not for both.")
    if body.sample is not None:
        design = services.create_sample(
            project=project, sample=body.sample, author=request.user, name=body.name
        )
    elif body.copy_of is not None:
        source = selectors.design_for(request.user, body.copy_of)
        design = services.copy_design(
            project=project, source=source, name=body.name, author=request.user
        )
    else:
        design = services.create_design(project=project, name=body.name, author=request.user)
    return Status(201, _design_out(request, design))


@router.post(
    "/projects/{uuid:project_id}/import",
    response={201: DesignOut},
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": {"type": "object"}}},
        }
    },
)
def post_import(request: UserRequest, project_id: UUID) -> Status[DesignOut]:
    """Make a design from a design file; 422 lists every problem of a wrong one."""
    project = selectors.project_for(request.user, project_id, "create")
    design = services.import_design(project=project, content=request.body, author=request.user)
    return Status(201, _design_out(request, design))


@router.get("/designs/{uuid:design_id}", response=DesignOut)
def get_design(request: UserRequest, design_id: UUID) -> DesignOut:
    """A design and the caller's role in it."""
    return _design_out(request, selectors.design_for(request.user, design_id))


@router.patch("/designs/{uuid:design_id}", response=DesignOut)
def patch_design(request: UserRequest, design_id: UUID, body: DesignName) -> DesignOut:
    """Rename a design."""
    design = selectors.design_for(request.user, design_id, "edit")
    renamed = services.rename_design(design=design, name=body.name, actor=request.user)
    return _design_out(request, renamed)


@router.get("/designs/{uuid:design_id}/document", response=DocumentOut)
@decorate_view(gzip_page)
def get_document(
    request: UserRequest, design_id: UUID, revision: int | None = None
) -> HttpResponse:
    """All elements at a revision, by default the newest."""
    design = selectors.design_for(request.user, design_id)
    number = design.head if revision is None else revision
    return HttpResponse(selectors.document_text(design, number), content_type="application/json")


@router.get("/designs/{uuid:design_id}/file")
def get_file(request: UserRequest, design_id: UUID, revision: int | None = None) -> HttpResponse:
    """The design file of a revision, by default the newest."""
    design = selectors.design_for(request.user, design_id)
    number = design.head if revision is None else revision
    response = HttpResponse(
        services.export_design(design=design, number=number, actor=request.user),
        content_type="application/json; charset=utf-8",
    )
    stem = slugify(design.name) or "design"
    response["Content-Disposition"] = f'attachment; filename="{stem}-r{number}.json"'
    return response


@router.post(
    "/designs/{uuid:design_id}/edits",
    response={201: EditsOut},
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": EditsIn.model_json_schema()}},
        }
    },
)
def post_edits(request: UserRequest, design_id: UUID) -> Status[dict[str, Any]]:
    """Append edits to a design; 409 `edit-conflict` if a guard fails."""
    design = selectors.design_for(request.user, design_id, "edit")
    body = _edits_in(request.body)
    outcome = services.append_edits(
        design=design,
        base=body.base,
        edits=body.edits,
        author=request.user,
        request_id=body.request_id,
        label=body.label,
        guards=[guard.model_dump() for guard in body.guards],
    )
    return Status(201, asdict(outcome))


def _edits_in(content: bytes) -> EditsIn:
    """The body of a push: its size is checked before anything reads it."""
    if len(content) > MAX_PUSH_BYTES:
        raise PushTooLarge(f"One request carries at most {MAX_PUSH_BYTES:,} bytes of edits.")
    try:
        return EditsIn.model_validate_json(content)
    except ValidationError as error:
        problems = [
            {"path": ".".join(map(str, each["loc"])), "message": each["msg"]}
            for each in error.errors()
        ]
        raise DesignInvalid("The request is not a push of edits.", errors=problems) from error


@router.post("/designs/{uuid:design_id}/undo", response={201: WayBackOut})
def post_undo(request: UserRequest, design_id: UUID, body: RequestIn) -> Status[dict[str, Any]]:
    """Undo the caller's latest change; 409 `nothing-to-undo` if there is none."""
    design = selectors.design_for(request.user, design_id, "edit")
    outcome = history.undo(design=design, author=request.user, request_id=body.request_id)
    return Status(201, asdict(outcome))


@router.post("/designs/{uuid:design_id}/redo", response={201: WayBackOut})
def post_redo(request: UserRequest, design_id: UUID, body: RequestIn) -> Status[dict[str, Any]]:
    """Redo what the caller undid last; 409 `nothing-to-redo` if there is nothing."""
    design = selectors.design_for(request.user, design_id, "edit")
    outcome = history.redo(design=design, author=request.user, request_id=body.request_id)
    return Status(201, asdict(outcome))


@router.post("/designs/{uuid:design_id}/restore", response={201: WayBackOut})
def post_restore(request: UserRequest, design_id: UUID, body: RestoreIn) -> Status[dict[str, Any]]:
    """Make the design what it was at a revision, as a new revision."""
    design = selectors.design_for(request.user, design_id, "edit")
    outcome = history.restore(
        design=design, number=body.revision, author=request.user, request_id=body.request_id
    )
    return Status(201, asdict(outcome))


@router.get("/designs/{uuid:design_id}/revisions", response=list[RevisionOut])
def list_revisions(
    request: UserRequest,
    design_id: UUID,
    after: Annotated[int, Query(ge=0)] = 0,
    limit: Annotated[int, Query(ge=1, le=200)] = 200,
) -> list[RevisionOut]:
    """Revisions after a number, with their edits; ask again from the last one for more."""
    design = selectors.design_for(request.user, design_id)
    return [_revision_out(each) for each in selectors.revisions_after(design, after, limit)]


def _revision_out(revision: Revision) -> RevisionOut:
    return RevisionOut(
        number=revision.number,
        kind=revision.kind,
        author=revision.author.username if revision.author else None,
        author_id=revision.author_id,
        at=revision.at,
        label=revision.label,
        effective=revision.edits,
        state_hash=revision.state_hash,
        undo_of=revision.undo_of,
        request_id=revision.request_id,
    )


@router.get("/designs/{uuid:design_id}/history", response=list[HistoryOut])
def list_history(
    request: UserRequest,
    design_id: UUID,
    before: Annotated[int | None, Query(ge=0)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 100,
) -> list[HistoryEntry]:
    """Who changed what and when, newest first."""
    design = selectors.design_for(request.user, design_id)
    return selectors.history_before(design, before, limit)


@router.get("/schema/design", auth=None)
def get_schema(request: HttpRequest) -> dict[str, Any]:
    """The JSON Schema of a design file; the same for everybody, so it needs no account."""
    return design_json_schema()
