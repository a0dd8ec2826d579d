"""Branches, frozen versions and protected lines."""

import uuid

import pytest

from layouts import branches, history, services
from layouts.errors import DesignProtected, RevisionNotFound, VersionNameTaken
from layouts.models import Design, Revision
from layouts.selectors import document_at
from tests.layouts.drawing import create, element_id, put, rack

pytestmark = pytest.mark.django_db


@pytest.fixture
def design(organisation, editor):
    project = services.create_project(organisation=organisation, name="Site")
    return services.create_design(
        project=project, name="Hall", author=editor, elements=[rack(1), rack(2)]
    )


def push(design, author, *edits):
    outcome = services.append_edits(
        design=design, base=0, edits=list(edits), author=author, request_id=uuid.uuid4()
    )
    design.refresh_from_db()
    return outcome


def test_a_branch_starts_where_it_was_forked_and_goes_its_own_way(design, editor):
    push(design, editor, create(rack(3)))
    branch = branches.fork_design(source=design, number=1, name="Warm", author=editor)

    push(branch, editor, create(rack(4)))

    assert (branch.parent_id, branch.parent_revision) == (design.pk, 1)
    assert sorted(document_at(branch, branch.head).elements) == [
        element_id(1),
        element_id(2),
        element_id(4),
    ]
    assert len(document_at(design, design.head).elements) == 3


def test_a_branch_of_a_revision_that_is_not_there_is_refused(design, editor):
    with pytest.raises(RevisionNotFound):
        branches.fork_design(source=design, number=9, name="Warm", author=editor)

    assert Design.objects.count() == 1


def test_a_version_keeps_its_revision_and_its_name(design, editor):
    version = branches.freeze(design=design, number=1, name="Issued", author=editor)
    push(design, editor, create(rack(3)))

    with pytest.raises(VersionNameTaken):
        branches.freeze(design=design, number=2, name="Issued", author=editor)

    version.refresh_from_db()
    assert version.number == 1
    assert version.state_hash == document_at(design, 1).state_hash


@pytest.mark.parametrize(
    "change",
    [
        lambda design, author: push(design, author, create(rack(3))),
        lambda design, author: history.undo(design=design, author=author, request_id=uuid.uuid4()),
        lambda design, author: history.restore(
            design=design, number=1, author=author, request_id=uuid.uuid4()
        ),
    ],
    ids=["edit", "undo", "restore"],
)
def test_a_protected_design_takes_no_direct_change(design, editor, change):
    push(design, editor, put(1, "load", {"tdp_kw": 100}))
    branches.protect(design=design, is_protected=True)

    with pytest.raises(DesignProtected):
        change(design, editor)

    design.refresh_from_db()
    assert design.head == 2


def test_a_protected_design_takes_merges(design, editor):
    branch = branches.fork_design(source=design, number=1, name="Warm", author=editor)
    push(branch, editor, create(rack(3)))
    branches.protect(design=design, is_protected=True)

    branches.append_merge(
        design=design,
        document=document_at(branch, branch.head),
        source=branch,
        source_number=branch.head,
        author=editor,
        label="Merge",
    )

    design.refresh_from_db()
    revision = design.revisions.get(number=2)
    assert revision.kind == Revision.Kind.MERGE
    assert (revision.base, revision.merged, revision.merged_number) == (1, branch, 2)
    assert design.head_hash == branch.head_hash


def test_the_merge_base_is_what_both_lines_had_last(design, editor):
    branch = branches.fork_design(source=design, number=1, name="Warm", author=editor)
    forked = branches.merge_base(design, branch)
    push(branch, editor, create(rack(3)))
    branches.append_merge(
        design=design,
        document=document_at(branch, 2),
        source=branch,
        source_number=2,
        author=editor,
        label="Merge",
    )
    push(branch, editor, create(rack(4)))

    merged = branches.merge_base(design, branch)

    assert forked == (design, 1)
    assert merged == (branch, 2)


def test_candidates_are_in_no_list(design, editor, client_of):
    branches.open_candidate(target=design, name="Candidate of 1", author=editor)

    listed = client_of(editor).get(f"/api/projects/{design.project_id}/designs").json()

    assert [each["name"] for each in listed] == ["Hall"]
