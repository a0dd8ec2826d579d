"""What can go wrong with files people take away."""

from engine.errors import Invalid, NotFound, Unavailable


class ReportNotFound(NotFound):
    """No such report, or none that this actor may know of."""

    code = "report-not-found"
    title = "No such report"


class ReportNotReady(NotFound):
    """The report exists, but its file is not written (or never will be)."""

    code = "report-not-ready"
    title = "The file is not written yet"


class UnknownFormat(Invalid):
    """A report in a format that does not exist."""

    code = "unknown-format"
    title = "There is no such format"


class EvaluationFailed(Invalid):
    """A report needs an evaluation, and that was refused."""

    code = "report-without-result"
    title = "The design could not be evaluated"


class EvaluationPending(Unavailable):
    """The evaluation that a report waits for takes longer than a worker waits."""

    code = "evaluation-pending"
    title = "The evaluation is still running"
