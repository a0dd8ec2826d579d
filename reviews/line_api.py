"""Branches, versions and differences for programs."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from ninja import Router, Schema, Status

from accounts.auth import UserRequest
from analysis.comparison import figure_rows
from analysis.models import State
from analysis.selectors import evaluation_at, result_of
from audit import services as audit
from layouts import branches
from layouts.models import Design, Version
from layouts.selectors import design_for, designs_in
from reviews import policy, selectors
from reviews.rollup import Line, roll_up

router = Router(tags=["reviews"])


class BranchIn(Schema):
    """A branch to make; without a revision it starts from the newest."""

    name: str
    revision: int | None = None


class BranchOut(Schema):
    """A line around a design."""

    id: UUID
    name: str
    head: int
    parent: UUID | None
    parent_revision: int | None
    is_protected: bool
    changed_at: datetime


class VersionIn(Schema):
    """A name for a revision; without a number it is the newest."""

    name: str
    revision: int | None = None
    note: str = ""


class VersionOut(Schema):
    """A named revision."""

    name: str
    revision: int
    state_hash: str
    note: str
    author: str | None
    at: datetime


class ProtectionIn(Schema):
    """Whether a design changes by merges only."""

    is_protected: bool


class LineOut(Schema):
    """One line of a list of differences."""

    key: str
    how: str
    title: str
    detail: str
    count: int
    element_ids: list[str]
    disciplines: list[str]


class DifferenceOut(Schema):
    """What differs between two states; figures once both are evaluated."""

    old: str
    new: str
    changes: list[LineOut]
    disciplines: list[str]
    figures: list[dict[str, Any]] | None
    findings_opened: list[dict[str, Any]] | None
    findings_closed: list[dict[str, Any]] | None


def lines_out(lines: Iterable[Line]) -> list[LineOut]:
    """The lines of a list of differences."""
    return [LineOut(**line.to_json()) for line in lines]


def _branch_out(design: Design) -> BranchOut:
    return BranchOut(
        id=design.pk,
        name=design.name,
        head=design.head,
        parent=design.parent_id,
        parent_revision=design.parent_revision,
        is_protected=design.is_protected,
        changed_at=design.changed_at,
    )


def _version_out(version: Version) -> VersionOut:
    return VersionOut(
        name=version.name,
        revision=version.number,
        state_hash=version.state_hash,
        note=version.note,
        author=version.author.username if version.author else None,
        at=version.at,
    )


@router.get("/designs/{uuid:design_id}/branches", response=list[BranchOut])
def list_branches(request: UserRequest, design_id: UUID) -> list[BranchOut]:
    """The branches of a design, the one changed last first."""
    design = design_for(request.user, design_id)
    return [_branch_out(each) for each in designs_in(design.project).filter(parent=design)]


@router.post("/designs/{uuid:design_id}/branches", response={201: BranchOut})
def post_branch(request: UserRequest, design_id: UUID, body: BranchIn) -> Status[BranchOut]:
    """Make a branch of a revision."""
    source = design_for(request.user, design_id, "create")
    number = source.head if body.revision is None else body.revision
    branch = branches.fork_design(source=source, number=number, name=body.name, author=request.user)
    audit.record(
        actor=request.user,
        action="design.fork",
        obj=branch,
        detail={"source": str(source.pk), "revision": number},
    )
    return Status(201, _branch_out(branch))


@router.get("/designs/{uuid:design_id}/versions", response=list[VersionOut])
def list_versions(request: UserRequest, design_id: UUID) -> list[VersionOut]:
    """The named revisions of a design, newest first."""
    design = design_for(request.user, design_id)
    return [_version_out(each) for each in design.versions.select_related("author")]


@router.post("/designs/{uuid:design_id}/versions", response={201: VersionOut})
def post_version(request: UserRequest, design_id: UUID, body: VersionIn) -> Status[VersionOut]:
    """Give a revision a name; 409 `version-name-taken` if another carries it."""
    design = design_for(request.user, design_id, "edit")
    version = branches.freeze(
        design=design,
        number=design.head if body.revision is None else body.revision,
        name=body.name,
        note=body.note,
        author=request.user,
    )
    audit.record(
        actor=request.user,
        action="design.freeze",
        obj=design,
        detail={"version": version.name, "revision": version.number},
    )
    return Status(201, _version_out(version))


@router.put("/designs/{uuid:design_id}/protection", response=BranchOut)
def put_protection(request: UserRequest, design_id: UUID, body: ProtectionIn) -> BranchOut:
    """Protect a design from direct edits, or open it again."""
    design = design_for(request.user, design_id, "manage")
    branches.protect(design=design, is_protected=body.is_protected)
    audit.record(
        actor=request.user,
        action="design.protect" if body.is_protected else "design.unprotect",
        obj=design,
    )
    return _branch_out(design_for(request.user, design_id))


@router.get("/designs/{uuid:design_id}/difference", response=DifferenceOut)
def get_difference(
    request: UserRequest, design_id: UUID, a: str = "0", b: str = "head"
) -> DifferenceOut:
    """What differs between two revisions, versions or branches (`id@revision`, `id@name`)."""
    design = design_for(request.user, design_id)
    old = selectors.point_at(request.user, design, a)
    new = selectors.point_at(request.user, design, b)
    lines = roll_up(old.document, new.document)
    jobs = evaluation_at(old.design, old.revision), evaluation_at(new.design, new.revision)
    results = [result_of(job) for job in jobs if job is not None and job.state == State.DONE]
    had, has = (
        ({each["id"] for each in result["findings"]} for result in results)
        if len(results) == 2
        else (set(), set())
    )
    both = len(results) == 2
    return DifferenceOut(
        old=old.label,
        new=new.label,
        changes=lines_out(lines),
        disciplines=[
            each for each in policy.DISCIPLINES if any(each in line.disciplines for line in lines)
        ],
        figures=figure_rows(*results) if both else None,
        findings_opened=[each for each in results[1]["findings"] if each["id"] not in had]
        if both
        else None,
        findings_closed=[each for each in results[0]["findings"] if each["id"] not in has]
        if both
        else None,
    )
