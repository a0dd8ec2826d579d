"""Who may do what, at the one place that decides it."""

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts import permissions
from accounts.models import Membership, ProjectRole, Team
from engine.errors import Forbidden, NotFound
from layouts.selectors import projects_of
from layouts.services import create_project
from tests import factories

pytestmark = pytest.mark.django_db

LOOKS = {"view"}
ASKS = LOOKS | {"evaluate", "report", "comment"}
DRAWS = ASKS | {"create", "edit", "cancel", "share", "propose", "merge"}
JUDGES = DRAWS | {"approve", "waive"}
ALLOWED = {
    "guest": set(),
    "auditor": LOOKS | {"audit"},
    "viewer": ASKS,
    "editor": DRAWS,
    "reviewer": JUDGES,
    "admin": JUDGES | {"audit", "manage"},
}


@pytest.mark.parametrize("role", ALLOWED)
@pytest.mark.parametrize("action", permissions.ALLOWED)
def test_a_role_allows_what_it_should_and_no_more(organisation, role, action):
    person = factories.member(organisation, role)

    assert permissions.can(person, action, organisation) == (action in ALLOWED[role])


@pytest.mark.parametrize("action", permissions.ALLOWED)
def test_nobody_acts_from_outside(organisation, stranger, action):
    suspended = factories.member(organisation, "admin", is_suspended=True)
    left = factories.member(organisation, "admin")
    Membership.objects.filter(user=left).delete()
    inactive = factories.member(organisation, "admin")
    inactive.is_active = False

    for actor in (AnonymousUser(), stranger, suspended, left, inactive):
        assert not permissions.can(actor, action, organisation)
        assert organisation not in permissions.organisations_of(actor)


def test_a_stranger_is_told_that_there_is_nothing(organisation, stranger):
    with pytest.raises(NotFound):
        permissions.require(stranger, "edit", organisation)


def test_a_viewer_is_told_what_is_missing(organisation, viewer):
    with pytest.raises(Forbidden, match="role editor"):
        permissions.require(viewer, "edit", organisation)


def test_a_thing_without_an_organisation_is_refused_loudly(viewer):
    with pytest.raises(TypeError):
        permissions.can(viewer, "view", viewer)


@pytest.fixture
def project(organisation):
    return create_project(organisation=organisation, name="Site")


def give(project, role, **holder):
    ProjectRole.objects.create(
        organisation=project.organisation, project_id=project.pk, role=role, **holder
    )


@pytest.mark.parametrize("role", [role for role in ALLOWED if role != "guest"])
def test_a_project_gives_a_role_of_its_own(organisation, project, role):
    person = factories.member(organisation, "viewer")
    give(project, role, user=person)

    for action in permissions.ALLOWED:
        assert permissions.can(person, action, project) == (action in ALLOWED[role])
        assert permissions.can(person, action, organisation) == (action in ALLOWED["viewer"])


def test_a_role_of_a_team_is_its_members(organisation, project):
    person, other = factories.member(organisation, "viewer"), factories.member(organisation)
    team = Team.objects.create(organisation=organisation, name="Cooling")
    team.members.add(person)
    give(project, "reviewer", team=team)

    assert permissions.can(person, "approve", project)
    assert not permissions.can(other, "approve", project)


def test_of_several_roles_in_a_project_the_strongest_counts(organisation, project):
    person = factories.member(organisation, "viewer")
    team = Team.objects.create(organisation=organisation, name="Cooling")
    team.members.add(person)
    give(project, "auditor", user=person)
    give(project, "editor", team=team)

    assert permissions.role_in(person, organisation.pk, project.pk) == "editor"


def test_an_admin_is_an_admin_in_every_project(admin, project):
    give(project, "viewer", user=admin)

    assert permissions.can(admin, "manage", project)


def test_a_guest_sees_their_project_and_nothing_else(organisation, project):
    guest = factories.member(organisation, "guest")
    other = create_project(organisation=organisation, name="Other")
    give(project, "viewer", user=guest)

    assert list(projects_of(guest)) == [project]
    assert permissions.can(guest, "view", project)
    assert not permissions.can(guest, "view", other)
    assert not permissions.can(guest, "view", organisation)


@pytest.mark.parametrize("how", ["suspended", "left", "inactive", "never there"])
def test_a_role_in_a_project_ends_with_the_membership(organisation, project, how):
    person = factories.member(organisation, "viewer")
    give(project, "admin", user=person)
    membership = Membership.objects.filter(user=person)
    if how == "suspended":
        membership.update(is_suspended=True)
    elif how == "inactive":
        person.is_active = False
    else:
        membership.delete()
    if how == "never there":
        Membership.objects.create(user=person, organisation=factories.organisation(), role="admin")

    assert not permissions.can(person, "view", project)
    assert project not in projects_of(person)
