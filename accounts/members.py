"""Who belongs to an organisation, with which role there and in its projects."""

from functools import partial

from django.db import transaction
from django.db.models import Model

from accounts import live
from accounts.errors import AccountInvalid, BelongsElsewhere, KeyRefused, LastAdmin
from accounts.keys import INVITATION_LIFE, make_key, matching, use_up
from accounts.models import EntryKey, Membership, Organisation, ProjectRole, Role, Team, User
from accounts.naming import named
from audit.services import record


@transaction.atomic
def invite_member(
    *, actor: User, organisation: Organisation, name: str, role: str
) -> tuple[User, str]:
    """Invite somebody: who has no account gets one without a password, and a key to choose it.

    Who has an account elsewhere gets a key that only opens for who is signed in with it: of
    two people with one name, only the one with the password can follow the link.

    Raises
    ------
    AccountInvalid
        If the name cannot be used, or is in this organisation already.
    """
    if known := User.objects.filter(username__iexact=" ".join(name.split())).first():
        return known, _invited_from_elsewhere(actor, organisation, known, role)
    user = named(name)
    user.set_unusable_password()
    user.save()
    member = Membership.objects.create(user=user, organisation=organisation, role=role)
    key = make_key(EntryKey.Purpose.JOIN, user, INVITATION_LIFE)
    record(actor=actor, action="member.invite", obj=member, detail={"role": role})
    return user, key


def _invited_from_elsewhere(actor: User, organisation: Organisation, user: User, role: str) -> str:
    if organisation.memberships.filter(user=user).exists():
        raise AccountInvalid("This name is in this organisation already.")
    key = make_key(
        EntryKey.Purpose.INVITE, user, INVITATION_LIFE, organisation=organisation, role=role
    )
    record(
        actor=actor,
        action="member.invite",
        obj=organisation,
        detail={"role": role, "to": user.username, "account": "has one"},
    )
    return key


@transaction.atomic
def accept_invitation(*, user: User, key: str) -> Membership:
    """Take a person into the organisation that invited them.

    Raises
    ------
    KeyRefused
        If the key invites nobody any more, or somebody else.
    """
    found = matching(EntryKey.Purpose.INVITE, key)
    if found is None or found.organisation is None or found.user_id != user.pk:
        raise KeyRefused(
            "It is used up, out of date, or for another account: sign in with that one."
        )
    use_up(found)
    member, _ = Membership.objects.get_or_create(
        user=user, organisation=found.organisation, defaults={"role": found.role}
    )
    record(actor=user, action="member.join", obj=member, detail={"role": member.role})
    return member


@transaction.atomic
def renew_invitation(*, actor: User, member: Membership) -> str:
    """A key with which a member chooses a new password.

    Raises
    ------
    BelongsElsewhere
        If the person is in another organisation too, whose things it would open.
    """
    if Membership.objects.filter(user=member.user).exclude(pk=member.pk).exists():
        raise BelongsElsewhere("Ask them to change their password themselves.")
    key = make_key(EntryKey.Purpose.JOIN, member.user, INVITATION_LIFE)
    record(actor=actor, action="member.new-link", obj=member)
    return key


@transaction.atomic
def change_role(*, actor: User, member: Membership, role: str) -> None:
    """Give a member another role.

    Raises
    ------
    LastAdmin
        If no admin would be left.
    """
    member = _locked(member)
    if role != Role.ADMIN:
        _keep_an_admin_besides(member)
    before, member.role = member.role, role
    member.save(update_fields=["role"])
    _changed(actor, "role.change", member, {"from": before, "to": role})


@transaction.atomic
def suspend_member(*, actor: User, member: Membership) -> None:
    """Take all access away, keeping the member's name on what they did.

    Raises
    ------
    LastAdmin
        If no admin would be left.
    """
    member = _locked(member)
    _keep_an_admin_besides(member)
    member.is_suspended = True
    member.save(update_fields=["is_suspended"])
    _changed(actor, "member.suspend", member)


@transaction.atomic
def reinstate_member(*, actor: User, member: Membership) -> None:
    """Give a suspended member their access back."""
    member = _locked(member)
    member.is_suspended = False
    member.save(update_fields=["is_suspended"])
    _changed(actor, "member.reinstate", member)


@transaction.atomic
def give_project_role(
    *, actor: User, project: Model, organisation: Organisation, holder: User | Team, role: str
) -> ProjectRole:
    """Give a person or a team a role in a project, in place of the organisation's."""
    team = holder if isinstance(holder, Team) else None
    user = holder if isinstance(holder, User) else None
    given, _ = ProjectRole.objects.update_or_create(
        project_id=project.pk,
        user=user,
        team=team,
        defaults={"role": role, "organisation": organisation},
    )
    record(
        actor=actor,
        action="project-role.give",
        obj=project,
        detail={"to": str(holder), "id": str(holder.pk), "role": role},
    )
    _tell(holder)
    return given


@transaction.atomic
def take_project_role(*, actor: User, project: Model, given: ProjectRole) -> None:
    """Take a role in a project away: the organisation's counts again."""
    holder = given.user or given.team
    record(
        actor=actor,
        action="project-role.take",
        obj=project,
        detail={"from": str(holder), "role": given.role},
    )
    given.delete()
    if holder is not None:
        _tell(holder)


def _tell(holder: User | Team) -> None:
    """Have the open browsers of a person, or of a team, look at their rights again."""
    people = list(holder.members.all()) if isinstance(holder, Team) else [holder]
    transaction.on_commit(partial(live.rights_changed, [each.pk for each in people]))


def _changed(
    actor: User, action: str, member: Membership, detail: dict[str, str] | None = None
) -> None:
    record(actor=actor, action=action, obj=member, detail=detail)
    _tell(member.user)


def _locked(member: Membership) -> Membership:
    # Two admins who remove each other at once must take turns.
    Organisation.objects.select_for_update().get(pk=member.organisation_id)
    return Membership.objects.select_related("user").get(pk=member.pk)


def _keep_an_admin_besides(member: Membership) -> None:
    others = Membership.objects.filter(
        organisation=member.organisation_id, role=Role.ADMIN, is_suspended=False
    ).exclude(pk=member.pk)
    if not others.exists():
        raise LastAdmin("Make somebody else an admin first.")
