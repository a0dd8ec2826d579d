"""What is done with designs that somebody must answer for is on the trail."""

import json
import uuid

import pytest

from audit.models import Event, Head
from layouts import branches, history, selectors, services
from tests.layouts.drawing import create, rack

pytestmark = pytest.mark.django_db

WAIVER = {
    "id": "01890000-0000-7000-8000-0000000000aa",
    "kind": "waiver",
    "waiver": {
        "rule": "aisle-width",
        "element_ids": [rack(1)["id"]],
        "reason": "Old building",
        "expires_on": "2027-01-01",
        "granted_by": "Ada",
    },
}


@pytest.fixture
def design(organisation, editor):
    project = services.create_project(organisation=organisation, name="Site")
    return services.create_design(project=project, name="Hall", author=editor)


@pytest.fixture
def mark(design):
    return Head.objects.get().number


def rows_since(mark: int) -> list[tuple[str, dict]]:
    rows = Event.objects.filter(number__gt=mark).order_by("number")
    return [(row.action, row.details) for row in rows if row.action != "sign-in"]


def push(design, author, *edits):
    design.refresh_from_db()
    return services.append_edits(
        design=design, base=0, edits=list(edits), author=author, request_id=uuid.uuid4()
    )


def test_ordinary_edits_are_in_the_log_and_not_on_the_trail(design, editor, mark):
    push(design, editor, create(rack(1)))

    assert rows_since(mark) == []


def test_a_waiver_is_granted_changed_and_withdrawn_on_the_trail(design, editor, mark):
    other = {**WAIVER["waiver"], "reason": "Listed building"}
    push(design, editor, create(rack(1)), create(WAIVER))
    push(design, editor, {"type": "set", "id": WAIVER["id"], "group": "waiver", "value": other})
    push(design, editor, {"type": "delete", "id": WAIVER["id"]})

    rows = rows_since(mark)
    assert [action for action, _ in rows] == ["waiver.grant", "waiver.change", "waiver.withdraw"]
    assert [detail["reason"] for _, detail in rows] == [
        "Old building",
        "Listed building",
        "Listed building",
    ]
    assert [detail["revision"] for _, detail in rows] == [1, 2, 3]


def test_a_waiver_that_is_undone_is_withdrawn(design, editor, mark):
    push(design, editor, create(WAIVER))

    history.undo(design=design, author=editor, request_id=uuid.uuid4())

    assert [action for action, _ in rows_since(mark)] == ["waiver.grant", "waiver.withdraw"]


def test_taking_a_design_file_away_is_on_the_trail(design, editor, client_of, mark):
    client_of(editor).get(f"/api/designs/{design.pk}/file")

    assert rows_since(mark) == [("design.export", {"revision": 0})]


def test_bringing_a_design_file_in_is_on_the_trail(design, editor, mark):
    content = selectors.design_file(design, 0).encode()

    made = services.import_design(project=design.project, content=content, author=editor)

    event = Event.objects.latest("number")
    assert (event.action, event.object_id) == ("design.import", str(made.pk))
    assert len(json.loads(event.detail)["sha256"]) == 64


def test_making_and_renaming_things_is_on_the_trail(organisation, editor, client_of, mark):
    browser = client_of(editor)
    asked = {"content_type": "application/json"}
    project = browser.post("/api/projects", {"name": "Plant"}, **asked).json()["id"]
    where = f"/api/projects/{project}/designs"
    made = browser.post(where, {"name": "Hall"}, **asked).json()["id"]
    browser.post(where, {"name": "Pod", "sample": "pod"}, **asked)
    browser.patch(f"/api/designs/{made}", {"name": "Hall 1"}, **asked)
    browser.patch(f"/api/designs/{made}", {"name": "Hall 1"}, **asked)

    assert rows_since(mark) == [
        ("project.create", {}),
        ("design.create", {}),
        ("design.create", {"sample": "pod"}),
        ("design.rename", {"from": "Hall"}),
    ]
    rows = Event.objects.filter(number__gt=mark).exclude(action="sign-in")
    assert {row.actor_name for row in rows} == {str(editor)}
    assert {str(row.project_id) for row in rows} == {project}


def test_a_branch_is_on_the_trail_and_a_candidate_is_its_proposals(design, editor, mark):
    branches.fork_design(source=design, number=0, name="Warmer", author=editor)
    branches.open_candidate(target=design, name="Merge", author=editor)

    assert rows_since(mark) == [("design.branch", {"from": "Hall", "revision": 0})]
