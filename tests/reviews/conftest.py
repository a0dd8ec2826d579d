"""A protected line, a branch, the people around them, and what a worker does."""

import uuid
from collections.abc import Callable

import pytest
from django.utils import timezone

from analysis import tasks
from analysis.models import Evaluation, State
from layouts import branches
from layouts import services as layouts
from layouts.models import Design
from layouts.selectors import document_at
from tests import factories


@pytest.fixture
def project(organisation):
    """A project of the organisation."""
    return layouts.create_project(organisation=organisation, name="Johor phase 1")


@pytest.fixture
def author(organisation):
    """An editor who draws on the branch."""
    return factories.member(organisation, "editor", name="Ana")


@pytest.fixture
def reviewer(organisation):
    """A reviewer who did not."""
    return factories.member(organisation, "reviewer", name="Rui")


@pytest.fixture
def main(project, admin) -> Design:
    """The sample pod as a protected line."""
    design = layouts.create_sample(project=project, sample="pod", author=admin, name="Main")
    return branches.protect(design=design, is_protected=True)


@pytest.fixture
def branch(main, author) -> Design:
    """A branch of the line's newest revision."""
    return branches.fork_design(source=main, number=main.head, name="Warm", author=author)


@pytest.fixture
def work_off() -> Callable[[], None]:
    """What a worker would do with every evaluation that is queued."""

    def work() -> None:
        for evaluation in Evaluation.objects.filter(state=State.QUEUED):
            tasks.evaluate_revision(str(evaluation.pk))

    return work


@pytest.fixture
def today():
    """This day, UTC."""
    return timezone.now().date()


def push(design, author, *edits):
    """Change a design as a browser would."""
    design.refresh_from_db()
    outcome = layouts.append_edits(
        design=design,
        base=design.head,
        edits=list(edits),
        author=author,
        request_id=uuid.uuid4(),
        label="Edit",
    )
    assert not outcome.refused
    design.refresh_from_db()
    return outcome


def of_kind(design, kind):
    """Elements of a kind at the head of a design."""
    design.refresh_from_db()
    return document_at(design, design.head).of_kind(kind)


def moved(element, dx=0, dy=0):
    """The edit that moves one element."""
    return {"type": "move", "set": [element["id"]], "dx_mm": dx, "dy_mm": dy}


def put(element, group, value):
    """The edit that sets one group."""
    return {"type": "set", "id": element["id"], "group": group, "value": value}
