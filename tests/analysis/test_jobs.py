"""Jobs against what brokers and workers do to them: doubled, late, lost and dead deliveries."""

import pytest

from analysis import runs, selectors, services, tasks
from analysis.models import Evaluation, Result, State
from layouts import services as layouts

pytestmark = pytest.mark.django_db


@pytest.fixture
def design(organisation, editor):
    project = layouts.create_project(organisation=organisation, name="P")
    return layouts.create_sample(project=project, sample="pod", author=editor)


def test_an_evaluation_runs_to_its_result(design, editor):
    evaluation = services.request_evaluation(actor=editor, design=design, revision=design.head)

    tasks.evaluate_revision(str(evaluation.pk))

    evaluation.refresh_from_db()
    assert evaluation.state == State.DONE, evaluation.error
    result = selectors.result_of(evaluation)
    assert result["design"] == {"name": design.name, "state_hash": design.head_hash}
    assert result["power"]["it_kw"] > 0
