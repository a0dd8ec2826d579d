"""Who may do what, at the one place that decides it."""

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts import permissions
from accounts.models import Membership
from engine.errors import Forbidden, NotFound
from tests import factories

pytestmark = pytest.mark.django_db

ALLOWED = {
    "viewer": {"view", "evaluate", "report"},
    "editor": {"view", "evaluate", "report", "create", "edit", "cancel"},
    "reviewer": {"view", "evaluate", "report", "create", "edit", "cancel"},
    "admin": {"view", "evaluate", "report", "create", "edit", "cancel", "manage"},
}


@pytest.mark.parametrize("role", ALLOWED)
@pytest.mark.parametrize("action", permissions.MINIMAL_ROLE)
def test_a_role_allows_what_it_should_and_no_more(organisation, role, action):
    person = factories.member(organisation, role)

    assert permissions.can(person, action, organisation) == (action in ALLOWED[role])


@pytest.mark.parametrize("action", permissions.MINIMAL_ROLE)
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
