"""Teams, as an admin makes them."""

import pytest

from accounts.models import Team
from accounts.selectors import people_who
from tests import factories

pytestmark = pytest.mark.django_db


def base(organisation) -> str:
    return f"/accounts/organisations/{organisation.pk}/teams/"


def test_an_admin_makes_a_team_and_says_who_is_in_it(organisation, admin, editor, client_of):
    client = client_of(admin)

    client.post(f"{base(organisation)}make/", {"name": "Cooling"})
    team = Team.objects.get()
    client.post(f"{base(organisation)}{team.pk}/members/", {"members": [str(editor.pk)]})

    assert list(team.members.all()) == [editor]
    assert "Cooling" in client.get(base(organisation)).content.decode()


def test_nobody_from_outside_is_put_into_a_team(organisation, admin, stranger, client_of):
    team = Team.objects.create(organisation=organisation, name="Cooling")

    client_of(admin).post(
        f"{base(organisation)}{team.pk}/members/", {"members": [str(stranger.pk)]}
    )

    assert not team.members.exists()


def test_two_teams_differ_by_more_than_case(organisation, admin, client_of):
    Team.objects.create(organisation=organisation, name="Cooling")

    answer = client_of(admin).post(f"{base(organisation)}make/", {"name": "COOLING"})

    assert answer.status_code == 422
    assert Team.objects.count() == 1


def test_a_team_of_another_organisation_is_none(organisation, admin, client_of):
    other = Team.objects.create(organisation=factories.organisation(), name="Theirs")

    answer = client_of(admin).post(f"{base(organisation)}{other.pk}/delete/")

    assert answer.status_code == 404
    assert Team.objects.filter(pk=other.pk).exists()


def test_who_may_do_a_thing_is_known(organisation, admin, editor, viewer):
    reviewer = factories.member(organisation, "reviewer")
    factories.member(organisation, "reviewer", is_suspended=True)

    found = people_who("approve", organisation)

    assert set(found) == {admin, reviewer}
