"""What can go wrong, as a tree.

PlannerError
├── Invalid       the input must change
│   └── OutOfRange    a number outside what a formula is valid for
├── NotFound      there is no such thing, or not for this actor
├── Conflict      reload, look again, retry
├── Forbidden     the actor may not
└── Unavailable   retry later

A leaf has a ``code`` and a ``title``; everything else is context.
A bad *design* is not an error: it is a finding in a normal result.
"""

from typing import Any


class PlannerError(Exception):
    """Root of every error that a caller is meant to understand."""

    code = "error"
    title = "Something went wrong"

    def __init__(self, detail: str = "", **context: Any) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.context = context


class Invalid(PlannerError):
    """The input must change before this can work."""

    code = "invalid"
    title = "The input is not valid"


class NotFound(PlannerError):
    """There is no such thing, or none that this actor may know of."""

    code = "not-found"
    title = "Not found"


class Conflict(PlannerError):
    """The thing changed meanwhile: reload and retry."""

    code = "conflict"
    title = "It changed meanwhile"


class Forbidden(PlannerError):
    """The actor may see it but may not do this to it."""

    code = "forbidden"
    title = "Not allowed"


class Unavailable(PlannerError):
    """A part is down or busy: retry later."""

    code = "unavailable"
    title = "Try again later"


class OutOfRange(Invalid):
    """A number lies outside the range in which a formula holds."""

    code = "out-of-range"
    title = "A number is out of range"
