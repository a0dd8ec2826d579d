"""Reading finished surveys: the case behind a page, the working of a figure, saved designs."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from analysis import selectors
from analysis.errors import ResultNotReady
from analysis.models import Level, State, Study, StudyKind
from economics.amounts import money
from economics.asking import Asked, asked
from engine.assumptions import Assumptions, shipped_lines
from engine.cost.basis import with_year
from engine.cost.survey import Survey, case_of, survey_of
from layouts.models import Design
from layouts.selectors import designs_in

SAVED_SHOWN: Final = 6
NO_LOAD: Final = "No throughput yet: no rack on the plan draws power."
YEARS: Final = (Level.RISK, Level.STUDY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A finished survey with the assumptions it was made with."""

    survey: Survey
    assumptions: Assumptions
    revision: int
    key: str

    def asked(self, query: Mapping[str, str]) -> Asked | None:
        """The case that an address asks for; None for a plant without IT load."""
        return asked(self.survey, self.assumptions, query)


def newest_study(design: Design) -> Study | None:
    """The survey of the newest revision by the program as it is, wherever it stands."""
    return selectors.study_at(design, design.head, StudyKind.ECONOMICS)


def ready(study: Study | None) -> Ready | None:
    """The answer of a finished study; None while there is none."""
    if study is None or study.state != State.DONE:
        return None
    found = survey_of(selectors.result_of(study))
    year = year_of(study.design, study.revision)
    if found.basis is not None:
        found = replace(found, basis=with_year(found.basis, year))
    own = selectors.own_data_of(study.design)
    lines = {**shipped_lines(), **found.lines}
    return Ready(
        survey=found,
        assumptions=Assumptions(lines, found.overridden, own_points=own.points),
        revision=study.revision,
        key=study.key,
    )


def year_of(design: Design, revision: int) -> Mapping[str, Any] | None:
    """The year of a revision, where somebody had it computed."""
    for level in YEARS:
        job = selectors.evaluation_at(design, revision, level)
        if job is not None and job.state == State.DONE:
            year: Mapping[str, Any] = selectors.result_of(job)["year"]
            return year
    return None


def case_asked(design: Design, query: Mapping[str, str]) -> Asked:
    """What an address asks of the newest revision.

    Raises
    ------
    ResultNotReady
        If its economics are not computed, or there is nothing to cost.
    """
    answer = ready(newest_study(design))
    if answer is None:
        raise ResultNotReady("Ask for the study `economics` of the newest revision first.")
    chosen = answer.asked(query)
    if chosen is None:
        raise ResultNotReady(NO_LOAD)
    return chosen


def saved_rows(design: Design) -> list[dict[str, Any]]:
    """Other designs of the project whose newest survey is done, on their own terms."""
    others = {other.pk: other for other in designs_in(design.project).exclude(pk=design.pk)}
    studies = (
        Study.objects.filter(design__in=list(others), kind=StudyKind.ECONOMICS, state=State.DONE)
        .select_related("design__project")
        .order_by("design_id", "-revision")
    )
    newest: dict[Any, Study] = {}
    for study in studies:
        newest.setdefault(study.design_id, study)
    rows = []
    for study in list(newest.values())[:SAVED_SHOWN]:
        answer = ready(study)
        case = None if answer is None else case_of(answer.survey, answer.assumptions)
        if case is None:
            continue
        found = case.answer()
        work = found.compute.workload
        rows.append(
            {
                "id": study.design_id,
                "name": study.design.name,
                "revision": study.revision,
                "cost": money(found.usd_per_mtok),
                "gpus": f"{found.compute.gpus:,}",
                "workload": f"{work['model']} at {work['interactivity_tok_s_user']:g}",
                "mw": f"{case.basis.facility_kw / 1e3:,.1f}",
            }
        )
    return rows
