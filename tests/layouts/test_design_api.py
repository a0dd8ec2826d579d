"""The endpoints of projects and designs, as a program sees them."""

import gzip
import json
import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from layouts import services
from layouts.models import Design, Project
from tests.layouts.drawing import create, element_id, move, rack

pytestmark = pytest.mark.django_db
PROBLEM = "application/problem+json"


@pytest.fixture
def project(organisation) -> Project:
    return services.create_project(organisation=organisation, name="Site")


@pytest.fixture
def design(project, editor) -> Design:
    return services.create_design(project=project, name="Hall", author=editor)


def post(client, url, body):
    return client.post(url, data=json.dumps(body), content_type="application/json")


def push(client, design, *edits, **more):
    body = {"base": 0, "request_id": str(uuid.uuid4()), "label": "x", "edits": list(edits), **more}
    return post(client, f"/api/designs/{design.pk}/edits", body)


def way_back(client, design, word, **more):
    body = {"request_id": str(uuid.uuid4()), **more}
    return post(client, f"/api/designs/{design.pk}/{word}", body)


def queries_of(client, url):
    """How many queries a second look at a page costs."""
    client.get(url)
    with CaptureQueriesContext(connection) as captured:
        client.get(url)
    return len(captured)


def test_an_editor_makes_a_project_and_a_design(editor, client_of, organisation):
    client = client_of(editor)

    made = post(client, "/api/projects", {"name": "  Site   North "})
    drawn = post(client, f"/api/projects/{made.json()['id']}/designs", {"name": "Hall"})

    assert (made.status_code, drawn.status_code) == (201, 201)
    assert made.json()["name"] == "Site North"
    assert client.get("/api/projects").json()[0]["designs"] == 1
    listed = client.get(f"/api/projects/{made.json()['id']}/designs").json()
    assert [(each["name"], each["head"], each["can_edit"]) for each in listed] == [
        ("Hall", 0, True)
    ]


def test_a_viewer_reads_and_changes_nothing(viewer, client_of, design, project):
    client = client_of(viewer)

    assert client.get(f"/api/designs/{design.pk}").json()["can_edit"] is False
    assert client.get(f"/api/designs/{design.pk}/document").status_code == 200
    for answer in (
        post(client, "/api/projects", {"name": "Mine"}),
        post(client, f"/api/projects/{project.pk}/designs", {"name": "Mine"}),
        push(client, design, create(rack(1))),
        way_back(client, design, "undo"),
        way_back(client, design, "redo"),
        way_back(client, design, "restore", revision=0),
        post(client, f"/api/projects/{project.pk}/import", {}),
    ):
        assert answer.status_code == 403
        assert answer.json()["code"] == "not-allowed"


def test_foreign_and_missing_designs_look_the_same(stranger, client_of, design):
    client = client_of(stranger)

    foreign = client.get(f"/api/designs/{design.pk}")
    missing = client.get(f"/api/designs/{uuid.uuid4()}")

    assert foreign.status_code == missing.status_code == 404
    drop = ("instance", "reference")
    assert {k: v for k, v in foreign.json().items() if k not in drop} == {
        k: v for k, v in missing.json().items() if k not in drop
    }


def test_a_copy_of_a_foreign_design_is_not_made(stranger, client_of, design):
    own = services.create_project(
        organisation=stranger.memberships.get().organisation, name="Theirs"
    )

    answer = post(
        client_of(stranger),
        f"/api/projects/{own.pk}/designs",
        {"name": "Loot", "copy_of": str(design.pk)},
    )

    assert answer.status_code == 404
    assert own.designs.count() == 0


def test_edits_come_back_as_document_and_as_revision(editor, client_of, design):
    client = client_of(editor)

    answer = push(client, design, create(rack(1)), move([element_id(2)], 5))

    assert answer.status_code == 201
    body = answer.json()
    assert (body["number"], body["duplicate"]) == (1, False)
    assert body["refused"][0]["code"] == "missing-element"
    document = client.get(f"/api/designs/{design.pk}/document").json()
    assert document["state_hash"] == body["state_hash"]
    assert document["elements"] == [rack(1)]
    assert client.get(f"/api/designs/{design.pk}/document?revision=0").json()["elements"] == []
    (revision,) = client.get(f"/api/designs/{design.pk}/revisions?after=0").json()
    assert revision["effective"] == body["effective"]
    assert revision["author"] == editor.username
    (line,) = client.get(f"/api/designs/{design.pk}/history").json()
    assert (line["number"], line["label"]) == (1, "x")


def test_undo_redo_and_restore_answer_alike(editor, client_of, design):
    client = client_of(editor)
    push(client, design, create(rack(1)))

    undone = way_back(client, design, "undo").json()
    redone = way_back(client, design, "redo").json()
    restored = way_back(client, design, "restore", revision=0).json()

    assert [each["number"] for each in (undone, redone, restored)] == [2, 3, 4]
    assert undone["skipped"] == []
    assert restored["state_hash"] == "0" * 64
    labels = [each["label"] for each in client.get(f"/api/designs/{design.pk}/history").json()]
    assert labels == ["Restore revision 0", "Redo: x", "Undo: x", "x"]


def test_nothing_to_undo_is_a_conflict(editor, client_of, design):
    answer = way_back(client_of(editor), design, "undo")

    assert (answer.status_code, answer.json()["code"]) == (409, "nothing-to-undo")


def test_a_wrong_push_names_every_problem(editor, client_of, design):
    wrong = {"type": "set", "id": "x", "group": 3, "value": []}
    answer = push(client_of(editor), design, wrong, {"type": "no"})

    assert answer.status_code == 422
    assert answer.headers["content-type"] == PROBLEM
    paths = [each["path"] for each in answer.json()["errors"]]
    assert paths == ["edits[0].id", "edits[0].group", "edits[0].value", "edits[1].type"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{",
        b'{"base": "a"}',
        b'{"base":0,"request_id":"1","edits":[]}',
        b"\xff\xfe",
        b"[" * 100_000,
    ],
)
def test_a_body_that_is_no_push_is_a_problem_of_the_caller(editor, client_of, design, body):
    answer = client_of(editor).post(
        f"/api/designs/{design.pk}/edits", data=body, content_type="application/json"
    )

    assert answer.status_code == 422
    assert answer.headers["content-type"] == PROBLEM


def test_a_push_of_more_than_2_mb_is_refused_unread(editor, client_of, design):
    answer = push(client_of(editor), design, {"type": "x" * 2_000_001})

    assert (answer.status_code, answer.json()["code"]) == (422, "push-too-large")


def test_a_guard_that_fails_is_a_conflict(editor, client_of, design):
    client = client_of(editor)
    push(client, design, create(rack(1)))
    guard = {"id": element_id(1), "group": "load", "expect": {"tdp_kw": 3}}

    answer = push(client, design, move([element_id(1)], 5), guards=[guard])

    assert (answer.status_code, answer.json()["code"]) == (409, "edit-conflict")


def test_samples_become_designs(editor, client_of, project):
    client = client_of(editor)

    answer = post(
        client, f"/api/projects/{project.pk}/designs", {"name": "My pod", "sample": "pod"}
    )

    assert answer.status_code == 201
    assert (answer.json()["name"], answer.json()["head"]) == ("My pod", 1)
    unknown = post(client, f"/api/projects/{project.pk}/designs", {"name": "x", "sample": "moon"})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "sample-not-found")


def test_a_copy_starts_from_the_head_of_its_source(editor, client_of, design, project):
    client = client_of(editor)
    push(client, design, create(rack(1)), create(rack(2)))

    answer = post(
        client,
        f"/api/projects/{project.pk}/designs",
        {"name": "Variant", "copy_of": str(design.pk)},
    )

    design.refresh_from_db()
    assert answer.json()["state_hash"] == design.head_hash
    assert answer.json()["head"] == 1


def test_a_design_is_renamed(editor, client_of, design):
    client = client_of(editor)
    url = f"/api/designs/{design.pk}"

    renamed = client.patch(url, data='{"name": "Hall 2"}', content_type="application/json")
    refused = client.patch(url, data='{"name": "  "}', content_type="application/json")

    assert renamed.json()["name"] == "Hall 2"
    assert (refused.status_code, refused.json()["code"]) == (422, "design-invalid")


def test_the_json_schema_is_open_to_everybody(client, editor):
    answer = client.get("/api/schema/design")

    assert answer.status_code == 200
    assert answer.json()["properties"]["schema"] == {"const": "plenum.design/1"}


@pytest.mark.parametrize("path", ["/api/projects", "/api/projects/{project}/designs"])
def test_lists_cost_the_same_however_long(
    editor, client_of, project, path, django_assert_num_queries
):
    client = client_of(editor)
    url = path.format(project=project.pk)
    organisation = project.organisation
    few = queries_of(client, url)

    for number in range(5):
        services.create_design(project=project, name=f"D{number}", author=editor)
        services.create_project(organisation=organisation, name=f"P{number}")

    with django_assert_num_queries(few):
        client.get(url)


def test_the_history_costs_the_same_however_long(
    editor, client_of, design, django_assert_num_queries
):
    client = client_of(editor)
    push(client, design, create(rack(1)))
    urls = [f"/api/designs/{design.pk}/{word}" for word in ("history", "revisions?after=0")]
    counts = [queries_of(client, url) for url in urls]

    for _ in range(5):
        push(client, design, move([element_id(1)], 5))

    for url, count in zip(urls, counts, strict=True):
        with django_assert_num_queries(count):
            client.get(url)


def test_a_large_document_comes_compressed_to_who_can_read_it(editor, client_of, design):
    client = client_of(editor)
    racks = [create(rack(n)) for n in range(200)]
    push(client, design, *racks)
    url = f"/api/designs/{design.pk}/document"

    plain, packed = client.get(url), client.get(url, HTTP_ACCEPT_ENCODING="gzip")

    assert "Content-Encoding" not in plain
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert len(packed.content) < len(plain.content) / 4
