"""Teams: members who are asked, and given roles, together."""

from collections.abc import Iterable
from functools import partial

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts import live
from accounts.errors import AccountInvalid
from accounts.models import Organisation, Team, User
from audit.services import record


@transaction.atomic
def make_team(*, actor: User, organisation: Organisation, name: str) -> Team:
    """Make a team without members.

    Raises
    ------
    AccountInvalid
        If the name cannot be used, or another team has it.
    """
    team = Team(organisation=organisation, name=" ".join(name.split()))
    try:
        team.full_clean()
    except ValidationError as error:
        raise AccountInvalid(" ".join(error.messages)) from error
    team.save()
    record(actor=actor, action="team.make", obj=team)
    return team


@transaction.atomic
def set_members(*, actor: User, team: Team, people: Iterable[User]) -> None:
    """Make a team consist of these people."""
    before, after = set(team.members.all()), set(people)
    team.members.set(after)
    detail = {
        "added": sorted(map(str, after - before)),
        "removed": sorted(map(str, before - after)),
    }
    record(actor=actor, action="team.change", obj=team, detail=detail)
    transaction.on_commit(partial(live.rights_changed, [each.pk for each in before ^ after]))


@transaction.atomic
def delete_team(*, actor: User, team: Team) -> None:
    """Dissolve a team; the roles that projects gave it end."""
    people = [each.pk for each in team.members.all()]
    record(actor=actor, action="team.delete", obj=team)
    team.delete()
    transaction.on_commit(partial(live.rights_changed, people))
