"""The study of what follows a loss, asked for and answered."""

import pytest

from analysis import selectors, services
from analysis.models import State, StudyKind


@pytest.mark.django_db
def test_the_study_says_when_each_loop_gets_too_warm(design, editor, work_off):
    study = services.request_study(
        actor=editor, design=design, revision=design.head, kind=StudyKind.RIDE_THROUGH
    )
    work_off()

    study.refresh_from_db()
    answer = selectors.result_of(study)

    assert study.state == State.DONE
    losses = {loss["id"]: loss for loss in answer["losses"]}
    assert {"site:pumps", "site:heat_sink", "site:utility", "fws-pump"} <= losses.keys()
    heat_sink = losses["site:heat_sink"]
    assert heat_sink["alarm_s"] < heat_sink["heat_sink_back_s"]
    assert all(item["source"] and item["confidence"] for item in answer["inputs"])
