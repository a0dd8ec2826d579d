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
    assert [event["event"] for event in answer["events"]] == ["pumps", "heat_sink", "utility"]
    heat_sink = answer["events"][1]
    assert heat_sink["alarm_s"] < heat_sink["heat_sink_back_s"]
    assert all(item["source"] and item["confidence"] for item in answer["inputs"])
