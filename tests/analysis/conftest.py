"""A design to ask about, and what a worker does."""

from collections.abc import Callable

import pytest

from analysis import tasks
from analysis.models import Evaluation, State, Study
from layouts import services as layouts
from layouts.models import Design


@pytest.fixture
def project(organisation):
    """A project of the organisation."""
    return layouts.create_project(organisation=organisation, name="Johor phase 1")


@pytest.fixture
def design(project, editor) -> Design:
    """The sample pod."""
    return layouts.create_sample(project=project, sample="pod", author=editor)


@pytest.fixture
def work_off() -> Callable[[], None]:
    """What a worker would do with everything that is queued."""

    def work() -> None:
        for evaluation in Evaluation.objects.filter(state=State.QUEUED):
            tasks.evaluate_revision(str(evaluation.pk))
        for study in Study.objects.filter(state=State.QUEUED):
            tasks.run_study(str(study.pk))

    return work
