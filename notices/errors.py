"""What can go wrong with notices."""

from engine.errors import NotFound


class NoticeNotFound(NotFound):
    """The person was told no such thing."""

    code = "notice-not-found"
    title = "No such notice"
