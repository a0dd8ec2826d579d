"""Roles in a project, as whoever manages it gives and takes them."""

import pytest

from accounts.models import ProjectRole, Team
from accounts.permissions import can
from layouts.services import create_project
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(organisation):
    return create_project(organisation=organisation, name="Site")


def test_a_guest_is_let_in_and_out(project, admin, client_of):
    guest = factories.member(project.organisation, "guest")
    client, visit = client_of(admin), client_of(guest)
    base = f"/projects/{project.pk}/"
    assert visit.get(base).status_code == 404

    client.post(f"{base}people/give/", {"holder": f"user:{guest.pk}", "role": "viewer"})
    assert visit.get(base).status_code == 200
    assert guest.username in client.get(f"{base}people/").content.decode()

    client.post(f"{base}people/{ProjectRole.objects.get().pk}/take/")
    assert visit.get(base).status_code == 404


def test_a_team_is_given_a_role(project, admin, viewer, client_of):
    team = Team.objects.create(organisation=project.organisation, name="Cooling")
    team.members.add(viewer)

    client_of(admin).post(
        f"/projects/{project.pk}/people/give/", {"holder": f"team:{team.pk}", "role": "reviewer"}
    )

    assert can(viewer, "approve", project)


def test_a_second_role_takes_the_place_of_the_first(project, admin, viewer, client_of):
    client = client_of(admin)
    for role in ("editor", "auditor"):
        given = {"holder": f"user:{viewer.pk}", "role": role}
        client.post(f"/projects/{project.pk}/people/give/", given)

    assert [each.role for each in ProjectRole.objects.all()] == ["auditor"]


def test_whoever_manages_one_project_manages_its_people_and_no_other(
    project, editor, viewer, client_of
):
    ProjectRole.objects.create(
        organisation=project.organisation, project_id=project.pk, user=editor, role="admin"
    )
    other = create_project(organisation=project.organisation, name="Other")
    given = {"holder": f"user:{viewer.pk}", "role": "editor"}

    assert client_of(editor).post(f"/projects/{project.pk}/people/give/", given).status_code == 302
    assert client_of(editor).post(f"/projects/{other.pk}/people/give/", given).status_code == 403


@pytest.mark.parametrize("role", ["guest", "owner", ""])
def test_a_role_that_is_none_is_not_given(project, admin, viewer, client_of, role):
    client_of(admin).post(
        f"/projects/{project.pk}/people/give/", {"holder": f"user:{viewer.pk}", "role": role}
    )

    assert not ProjectRole.objects.exists()


def test_nobody_from_outside_is_given_a_role(project, admin, stranger, client_of):
    answer = client_of(admin).post(
        f"/projects/{project.pk}/people/give/", {"holder": f"user:{stranger.pk}", "role": "editor"}
    )

    assert answer.status_code == 404
    assert not ProjectRole.objects.exists()
