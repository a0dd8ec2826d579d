"""Log lines carry the reference of their request, and no secrets."""

import logging
import re
from contextvars import ContextVar

reference: ContextVar[str] = ContextVar("reference", default="-")

SECRET = re.compile(
    r"(plenum_[A-Za-z0-9_-]{6})[A-Za-z0-9_-]+"
    r"|((?:authorization|cookie|password|sessionid|csrftoken|secret)[\"']?\s*[:=]\s*)\S+",
    re.IGNORECASE,
)


class AddReference(logging.Filter):
    """Puts the current request's reference on each record."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always lets the record pass."""
        record.reference = reference.get()
        return True


class HideSecrets(logging.Filter):
    """Blanks tokens, cookies and passwords in the finished message."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Always lets the record pass."""
        message = record.getMessage()
        hidden = SECRET.sub(lambda found: (found[1] or found[2] or "") + "…", message)
        if hidden != message:
            record.msg, record.args = hidden, None
        return True
