"""The pages around the editor."""

import json
import re
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from layouts import services
from layouts.models import Design, Project
from layouts.samples import sample_file
from tests.layouts.drawing import rack

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(organisation) -> Project:
    return services.create_project(organisation=organisation, name="Site <North>")


@pytest.fixture
def design(project, editor) -> Design:
    return services.create_design(project=project, name="Hall & yard", author=editor)


def upload(content) -> SimpleUploadedFile:
    return SimpleUploadedFile("design.json", json.dumps(content).encode())


def test_who_has_no_project_is_told_what_one_is_for(editor, client_of):
    page = client_of(editor).get("/").content.decode()

    assert "No project yet" in page
    assert "Make project" in page


def test_who_may_not_make_projects_is_told_whom_to_ask(viewer, client_of):
    page = client_of(viewer).get("/").content.decode()

    assert "Ask an admin" in page
    assert "Make project" not in page


def test_projects_of_others_are_not_listed(stranger, client_of, project):
    assert "North" not in client_of(stranger).get("/").content.decode()


def test_a_made_project_opens(editor, client_of):
    answer = client_of(editor).post("/projects/", {"name": "Site"}, follow=True)

    assert answer.redirect_chain[-1][0] == f"/projects/{Project.objects.get().pk}/designs/"
    assert "No design in this project yet" in answer.content.decode()


def test_a_project_without_a_name_is_not_made(editor, client_of):
    answer = client_of(editor).post("/projects/", {"name": "  "})

    assert answer.status_code == 422
    assert Project.objects.count() == 0


def test_names_are_shown_as_text(editor, client_of, design):
    page = client_of(editor).get(f"/projects/{design.project_id}/designs/").content.decode()

    assert "Site &lt;North&gt;" in page
    assert "Hall &amp; yard" in page


def test_a_design_from_a_sample_opens_in_the_editor(editor, client_of, project):
    answer = client_of(editor).post(
        f"/projects/{project.pk}/designs/", {"name": "Pod", "sample": "pod"}
    )

    design = Design.objects.get()
    assert answer.headers["location"] == f"/designs/{design.pk}/"
    assert (design.name, design.head) == ("Pod", 1)


def test_an_imported_file_opens_in_the_editor(editor, client_of, project):
    content = {"schema": "plenum.design/1", "name": "Brought", "elements": [rack(1)]}

    answer = client_of(editor).post(f"/projects/{project.pk}/import/", {"file": upload(content)})

    design = Design.objects.get()
    assert answer.headers["location"] == f"/designs/{design.pk}/"
    assert design.name == "Brought"


def test_a_wrong_file_is_answered_with_every_problem(editor, client_of, project):
    content = {"schema": "x", "name": "", "elements": [{**rack(1), "id": "<b>"}]}

    answer = client_of(editor).post(f"/projects/{project.pk}/import/", {"file": upload(content)})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "3 problems" in page
    for path in ("schema", "name", "elements[0].id"):
        assert f'<span class="tag">{path}</span>' in page
    assert "<b>'" not in page
    assert Design.objects.count() == 0


def test_a_design_is_duplicated_and_renamed(editor, client_of, design):
    client = client_of(editor)

    client.post(f"/designs/{design.pk}/duplicate/")
    client.post(f"/designs/{design.pk}/rename/", {"name": "Hall 1"})

    assert set(Design.objects.values_list("name", flat=True)) == {"Hall 1", "Hall & yard (copy)"}


def test_a_viewer_sees_designs_and_no_way_to_change_them(viewer, client_of, design):
    client = client_of(viewer)
    page = client.get(f"/projects/{design.project_id}/designs/").content.decode()

    assert "Hall &amp; yard" in page
    assert "<form" not in page
    for path in (
        f"/projects/{design.project_id}/designs/",
        f"/projects/{design.project_id}/import/",
        f"/designs/{design.pk}/duplicate/",
        f"/designs/{design.pk}/rename/",
    ):
        assert client.post(path, {"name": "x"}).status_code == 403


def test_the_editor_page_says_who_looks_at_what(viewer, client_of, design):
    client = client_of(viewer)

    page = client.get(f"/designs/{design.pk}/").content.decode()

    assert f'data-design-id="{design.pk}"' in page
    assert f'data-user-id="{viewer.pk}"' in page
    offered = re.search(r'data-may="([^"]*)"', page)
    assert offered is not None
    assert "edit" not in offered[1].split()
    assert page.count("Hall &amp; yard") >= 2


def test_foreign_and_missing_pages_look_the_same(stranger, client_of, design):
    client = client_of(stranger)

    answers = [
        client.get(path)
        for path in (
            f"/designs/{design.pk}/",
            f"/designs/{uuid.uuid4()}/",
            f"/projects/{design.project_id}/",
            f"/projects/{uuid.uuid4()}/",
        )
    ]

    assert [answer.status_code for answer in answers] == [404] * 4


def test_a_project_page_costs_the_same_however_many_designs(
    editor, client_of, project, django_assert_num_queries
):
    client = client_of(editor)
    url = f"/projects/{project.pk}/designs/"
    client.get(url)
    with django_assert_num_queries(6):
        client.get(url)

    for number in range(5):
        services.create_design(project=project, name=f"D{number}", author=editor)

    with django_assert_num_queries(6):
        client.get(url)


def test_the_first_start_seeds_every_sample(organisation, editor):
    project = services.seed_samples(organisation, editor)

    designs = list(project.designs.all())
    assert [design.name for design in designs] == [
        sample_file(name)["name"] for name in ("pod", "hall", "campus")
    ]
    assert all(design.head == 1 for design in designs)
