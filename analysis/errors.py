"""What can go wrong when results are asked for."""

from engine.errors import Conflict, Invalid, NotFound, Unavailable


class EvaluationNotFound(NotFound):
    """No such evaluation, or none that this actor may know of."""

    code = "evaluation-not-found"
    title = "No such evaluation"


class ResultNotReady(NotFound):
    """The evaluation exists, but it has not finished (or never will)."""

    code = "result-not-ready"
    title = "There is no result yet"


class UnknownStudy(Invalid):
    """A study of a kind that does not exist."""

    code = "unknown-study"
    title = "There is no such study"


class NotComparable(Invalid):
    """Two designs of different organisations are never laid side by side."""

    code = "not-comparable"
    title = "These two cannot be compared"


class TableNotFound(NotFound):
    """There is no shipped table, or no kind of own figures, of this name."""

    code = "table-not-found"
    title = "No such table"


class JobIsFinal(Conflict):
    """The job ended before it could be cancelled."""

    code = "job-is-final"
    title = "It has already ended"


class JobIsNotFinal(Conflict):
    """A job that is still waiting or running cannot be run again."""

    code = "job-is-not-final"
    title = "It is still waiting or running"


class Superseded(Conflict):
    """The program was updated while the job waited: its key no longer holds."""

    code = "superseded"
    title = "The program was updated while this waited"


class Crashed(Unavailable):
    """The job ended three times without an answer and was set aside."""

    code = "job-crashed"
    title = "The calculation crashed"
