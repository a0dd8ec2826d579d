"""Where a request comes from, for the rows that are written while it is answered."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from django.utils.crypto import salted_hmac


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """A request: its reference, and who sent it without saying their address."""

    reference: str = ""
    address_hash: str = ""


NOWHERE = Origin()
_current: ContextVar[Origin] = ContextVar("origin", default=NOWHERE)


def address_hash(address: str) -> str:
    """Tells one address from another, and gives none away: keyed, so it can't be guessed."""
    return salted_hmac("audit.address", address, algorithm="sha256").hexdigest() if address else ""


def current() -> Origin:
    """The request being answered; nowhere outside of one."""
    return _current.get()


@contextmanager
def within(origin: Origin) -> Iterator[None]:
    """Mark everything recorded inside as coming from a request."""
    token = _current.set(origin)
    try:
        yield
    finally:
        _current.reset(token)
