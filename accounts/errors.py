"""What can go wrong with people and rights."""

from django.db.models import Model

from engine.errors import Conflict, Forbidden, Invalid, NotFound


class NotAllowed(Forbidden):
    """The actor may see a thing, but may not do this to it."""

    code = "not-allowed"
    title = "Your role does not allow this"

    def __init__(self, detail: str, *, action: str, about: Model) -> None:
        super().__init__(detail, action=action)
        self.about = about


class ReadOnlyToken(Forbidden):
    """A program tried to change something with a token that may only read."""

    code = "read-only-token"
    title = "This token may only read"


class TokenNotFound(NotFound):
    """The actor has no such API token."""

    code = "token-not-found"
    title = "No such API token"


class KeyRefused(Forbidden):
    """A one-time key is wrong, used, out of date or out of tries."""

    code = "key-refused"
    title = "This link no longer opens anything"


class AlreadySetUp(Conflict):
    """The first account exists already."""

    code = "already-set-up"
    title = "Plenum is already set up"


class AccountInvalid(Invalid):
    """A name or password cannot be taken."""

    code = "account-invalid"
    title = "This name or password cannot be used"


class LastAdmin(Conflict):
    """An organisation must keep one admin."""

    code = "last-admin"
    title = "An organisation needs an admin"


class MemberNotFound(NotFound):
    """The organisation has no such member."""

    code = "member-not-found"
    title = "No such member"


class BelongsElsewhere(Forbidden):
    """An admin may not set the password of somebody whom another organisation trusts too."""

    code = "belongs-elsewhere"
    title = "This person is in another organisation too"


class SessionNotFound(NotFound):
    """The person is not signed in there, or not any more."""

    code = "session-not-found"
    title = "No such session"


class TeamNotFound(NotFound):
    """The organisation has no such team."""

    code = "team-not-found"
    title = "No such team"
