"""What can go wrong with share links."""

from engine.errors import Forbidden, Invalid, NotFound


class LinkNotFound(NotFound):
    """There is no such share link, or none that this actor may know of."""

    code = "link-not-found"
    title = "No such share link"


class LinkRefused(Forbidden):
    """A share link is wrong, revoked or out of date."""

    code = "link-refused"
    title = "This link no longer opens anything"


class LinkInvalid(Invalid):
    """A share link cannot be made like this."""

    code = "link-invalid"
    title = "This link cannot be made"
