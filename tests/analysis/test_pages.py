"""The lifecycle board and the comparison, as a signed-in person meets them."""

import pytest
from django.urls import reverse

from analysis import tasks
from analysis.models import Evaluation, State, Study
from layouts import services as layouts

pytestmark = pytest.mark.django_db


@pytest.fixture
def design(organisation, editor):
    project = layouts.create_project(organisation=organisation, name="P")
    return layouts.create_sample(project=project, sample="pod", author=editor)


def work_off() -> None:
    """What a worker would do with everything that is queued."""
    for evaluation in Evaluation.objects.filter(state=State.QUEUED):
        tasks.evaluate_revision(str(evaluation.pk))
    for study in Study.objects.filter(state=State.QUEUED):
        tasks.run_study(str(study.pk))


def test_the_board_starts_empty_and_fills(design, editor, client_of):
    browser = client_of(editor)
    address = reverse("lifecycle", args=[design.pk])

    before = browser.get(address).content.decode()
    browser.post(reverse("run-lifecycle", args=[design.pk]))
    during = browser.get(address).content.decode()
    work_off()
    after = browser.get(address).content.decode()

    assert "No figures yet" in before
    assert "Computing revision" in during
    assert "Operate" not in after
    for words in ("Design", "Simulate", "Deploy", "bill of materials", "lose one", "Heat load"):
        assert words in after
