"""Jobs against what brokers, workers and people do to them."""

import os
import subprocess
import sys
import threading
import uuid
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, connection, transaction
from django.db import OperationalError as DatabaseBusy
from django.utils import timezone
from kombu.exceptions import OperationalError

from analysis import evaluators, runs, selectors, services, tasks
from analysis.errors import JobIsFinal, JobIsNotFinal, ResultNotReady
from analysis.models import Evaluation, Result, State, Study, StudyKind
from engine.errors import Forbidden, NotFound
from layouts import services as layouts
from layouts.errors import RevisionNotFound
from reports import services as reports
from reports import tasks as report_tasks
from reports.models import Report

pytestmark = pytest.mark.django_db

HOST = runs.owner_here().rpartition("/")[0]


def asked(design, actor, revision=None) -> Evaluation:
    return services.request_evaluation(
        actor=actor, design=design, revision=design.head if revision is None else revision
    )


def edited(design, author, edits, base=None):
    layouts.append_edits(
        design=design,
        base=design.head if base is None else base,
        edits=edits,
        author=author,
        request_id=uuid.uuid4(),
        label="Edit",
    )
    design.refresh_from_db()


def dead_owner() -> str:
    """The name of a process of this machine that has ended."""
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    return f"{HOST}/{ended.pid}"


def held_by(evaluation: Evaluation, owner: str, lease: timedelta) -> None:
    Evaluation.objects.filter(pk=evaluation.pk).update(
        state=State.RUNNING,
        owner=owner,
        attempts=1,
        fencing=1,
        lease_until=timezone.now() + lease,
    )


def test_an_evaluation_runs_to_its_result(design, editor):
    evaluation = asked(design, editor)

    tasks.evaluate_revision(str(evaluation.pk))

    evaluation.refresh_from_db()
    assert evaluation.state == State.DONE, evaluation.error
    result = selectors.result_of(evaluation)
    assert result["design"] == {"name": design.name, "state_hash": design.head_hash}
    assert result["power"]["it_kw"] > 0


def test_asking_again_gives_the_same_row(design, editor, viewer):
    assert asked(design, editor) == asked(design, viewer)
    assert Evaluation.objects.count() == 1


def test_a_revision_that_is_not_there_cannot_be_evaluated(design, editor):
    with pytest.raises(RevisionNotFound):
        asked(design, editor, revision=99)


def test_every_task_is_harmless_three_times(design, editor, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    evaluation = asked(design, editor)
    study = services.request_study(
        actor=editor, design=design, revision=design.head, kind=StudyKind.LOSE_ONE
    )
    report = reports.request_report(
        actor=editor, design=design, revision=design.head, format_="csv-bom"
    )
    calls = (
        (tasks.evaluate_revision, [str(evaluation.pk)]),
        (tasks.run_study, [str(study.pk)]),
        (report_tasks.write_report, [str(report.pk)]),
        (tasks.sweep, []),
        (report_tasks.sweep_reports, []),
    )

    for task, arguments in calls:
        task(*arguments)
    rows = [list(model.objects.values()) for model in (Evaluation, Study, Report, Result)]
    for task, arguments in calls * 2:
        task(*arguments)

    assert rows == [list(model.objects.values()) for model in (Evaluation, Study, Report, Result)]
    assert {row["state"] for table in rows[:3] for row in table} == {State.DONE}
    assert {row["attempts"] for table in rows[:3] for row in table} == {1}


def test_a_task_for_a_job_that_is_gone_is_harmless():
    tasks.evaluate_revision(str(uuid.uuid4()))


def test_a_doubled_delivery_finds_the_job_taken(design, editor):
    evaluation = asked(design, editor)

    first = runs.claim(Evaluation, evaluation.pk)
    second = runs.claim(Evaluation, evaluation.pk)

    assert first is not None
    assert second is None


def test_equal_states_share_one_result(project, design, editor, work_off):
    copy = layouts.copy_design(project=project, source=design, name="Copy", author=editor)
    first, second = asked(design, editor), asked(copy, editor)
    assert first.key == second.key

    tasks.evaluate_revision(str(first.pk))

    second.refresh_from_db()
    assert second.state == State.DONE
    assert second.attempts == 0
    assert Result.objects.count() == 1
    assert selectors.result_of(second)["design"]["name"] == "Copy"


def test_jobs_of_one_key_run_one_at_a_time(project, design, editor):
    copy = layouts.copy_design(project=project, source=design, name="Copy", author=editor)
    first, second = asked(design, editor), asked(copy, editor)

    assert runs.claim(Evaluation, first.pk) is not None
    assert runs.claim(Evaluation, second.pk) is None
    with pytest.raises(IntegrityError), transaction.atomic():
        Evaluation.objects.filter(pk=second.pk).update(state=State.RUNNING)


def test_a_known_answer_is_given_at_once(design, editor, work_off):
    asked(design, editor)
    work_off()
    element = next(iter(layouts_document(design).of_kind("rack")))["id"]
    edited(design, editor, [{"type": "move", "set": [element], "dx_mm": 5, "dy_mm": 0}])
    edited(design, editor, [{"type": "move", "set": [element], "dx_mm": -5, "dy_mm": 0}])

    back = asked(design, editor)

    assert back.revision == design.head
    assert back.state == State.DONE


def layouts_document(design):
    from layouts.selectors import document_at

    return document_at(design, design.head)


def test_a_result_never_lands_on_another_revision(design, editor, work_off):
    before = asked(design, editor)
    rack = next(iter(layouts_document(design).of_kind("rack")))["id"]
    edited(design, editor, [{"type": "delete", "id": rack}])
    after = asked(design, editor)

    work_off()

    racks = []
    for evaluation in (before, after):
        evaluation.refresh_from_db()
        racks.append(selectors.result_of(evaluation)["space"]["racks"])
    assert racks == [8, 7]


def test_a_zombie_changes_nothing(design, editor):
    evaluation = asked(design, editor)
    zombie = runs.claim(Evaluation, evaluation.pk)
    Evaluation.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    heir = runs.claim(Evaluation, evaluation.pk)

    assert heir is not None
    assert heir.fencing == zombie.fencing + 1
    assert not runs.renew(zombie)
    assert not runs.report_progress(zombie, 0.9)
    assert not runs.finish(zombie)
    assert not runs.fail(zombie, {"detail": "late"})
    heir.refresh_from_db()
    assert heir.state == State.RUNNING
    assert runs.finish(heir)


def test_a_live_lease_is_respected(design, editor):
    evaluation = asked(design, editor)
    held_by(evaluation, "elsewhere/1", timedelta(seconds=30))

    assert runs.claim(Evaluation, evaluation.pk) is None
    assert runs.overdue(Evaluation) == []


@pytest.mark.parametrize(
    ("owner", "lease"),
    [("dead", timedelta(seconds=30)), ("elsewhere/1", timedelta(seconds=-1))],
)
def test_a_killed_worker_s_job_completes_once(design, editor, owner, lease):
    evaluation = asked(design, editor)
    held_by(evaluation, dead_owner() if owner == "dead" else owner, lease)
    assert runs.overdue(Evaluation) == [evaluation.pk]

    tasks.evaluate_revision(str(evaluation.pk))
    tasks.evaluate_revision(str(evaluation.pk))

    evaluation.refresh_from_db()
    assert evaluation.state == State.DONE
    assert evaluation.attempts == 2
    assert Result.objects.count() == 1


def test_a_kill_between_result_and_done_computes_nothing_again(design, editor, monkeypatch):
    evaluation = asked(design, editor)
    tasks.evaluate_revision(str(evaluation.pk))
    held_by(evaluation, dead_owner(), timedelta(seconds=30))
    monkeypatch.setattr(
        evaluators, "evaluate", lambda *_, **__: pytest.fail("computed a second time")
    )

    tasks.evaluate_revision(str(evaluation.pk))

    evaluation.refresh_from_db()
    assert evaluation.state == State.DONE


def test_a_forgotten_delivery_is_rung_again_once(design, editor):
    evaluation = asked(design, editor)
    assert runs.overdue(Evaluation) == []
    later = timezone.now() + runs.RING_AGAIN_AFTER + timedelta(seconds=1)

    assert runs.overdue(Evaluation, later) == [evaluation.pk]
    assert runs.overdue(Evaluation, later) == []


def test_without_a_broker_the_row_stands(
    design, editor, monkeypatch, django_capture_on_commit_callbacks, caplog
):
    def refuse(*_: object) -> None:
        raise OperationalError("no broker")

    monkeypatch.setattr(tasks.evaluate_revision, "delay", refuse)

    with django_capture_on_commit_callbacks(execute=True):
        evaluation = asked(design, editor)

    evaluation.refresh_from_db()
    assert evaluation.state == State.QUEUED
    assert "waits for the sweep" in caplog.text


def test_three_crashes_set_a_job_aside(design, editor, monkeypatch):
    def crash(*_: object, **__: object) -> None:
        raise RuntimeError("a bug")

    evaluation = asked(design, editor)
    monkeypatch.setattr(evaluators, "evaluate", crash)

    for _ in range(4):
        evaluation.refresh_from_db()
        if not evaluation.is_final:
            with pytest.raises(RuntimeError):
                tasks.evaluate_revision(str(evaluation.pk))

    evaluation.refresh_from_db()
    assert evaluation.state == State.QUARANTINED
    assert evaluation.attempts == runs.MAX_ATTEMPTS
    assert "RuntimeError: a bug" in evaluation.error["detail"]
    assert asked(design, editor).state == State.QUARANTINED


def test_three_killed_workers_set_a_job_aside(design, editor):
    evaluation = asked(design, editor)
    held_by(evaluation, dead_owner(), timedelta(seconds=30))
    Evaluation.objects.update(attempts=runs.MAX_ATTEMPTS)

    tasks.evaluate_revision(str(evaluation.pk))

    evaluation.refresh_from_db()
    assert evaluation.state == State.QUARANTINED
    assert evaluation.error["code"] == "job-crashed"


def test_a_job_that_was_set_aside_can_run_again(design, editor):
    evaluation = asked(design, editor)
    Evaluation.objects.update(state=State.QUARANTINED, attempts=3)
    evaluation.refresh_from_db()

    services.run_again(actor=editor, job=evaluation, task=tasks.evaluate_revision)
    tasks.evaluate_revision(str(evaluation.pk))

    evaluation.refresh_from_db()
    assert evaluation.state == State.DONE
    with pytest.raises(JobIsNotFinal):
        services.run_again(actor=editor, job=evaluation, task=tasks.evaluate_revision)


def test_a_refused_design_says_why_and_is_not_tried_again(design, editor):
    rack = next(iter(layouts_document(design).of_kind("rack")))["id"]
    product = {"product_id": "nobody-has-this"}
    edited(
        design,
        editor,
        [{"type": "set", "id": rack, "group": "product", "value": product}],
    )
    evaluation = asked(design, editor)

    tasks.evaluate_revision(str(evaluation.pk))

    evaluation.refresh_from_db()
    assert evaluation.state == State.FAILED
    assert evaluation.error["code"] == "design-invalid"
    assert "nobody-has-this" in evaluation.error["errors"][0]["message"]
    with pytest.raises(ResultNotReady):
        selectors.result_of(evaluation)


def test_cancelling_stops_a_run_at_its_next_step(design, editor, monkeypatch):
    evaluation = asked(design, editor)

    def cancelled_meanwhile(*_: object, **__: object):
        services.cancel(actor=editor, job=Evaluation.objects.get())
        return SimpleNamespace(to_json=lambda *_: {})

    monkeypatch.setattr(evaluators, "evaluate", cancelled_meanwhile)

    tasks.evaluate_revision(str(evaluation.pk))

    evaluation.refresh_from_db()
    assert evaluation.state == State.CANCELLED
    assert not Result.objects.exists()
    with pytest.raises(JobIsFinal):
        services.cancel(actor=editor, job=evaluation)


def test_asking_again_takes_a_cancellation_back(design, editor, work_off):
    evaluation = services.cancel(actor=editor, job=asked(design, editor))

    again = asked(design, editor)
    work_off()

    assert again == evaluation
    again.refresh_from_db()
    assert again.state == State.DONE


def test_an_updated_program_never_answers_an_old_question(design, editor, monkeypatch):
    evaluation = asked(design, editor)
    monkeypatch.setattr(selectors, "program_hash", lambda: "another program")

    tasks.evaluate_revision(str(evaluation.pk))

    evaluation.refresh_from_db()
    assert evaluation.state == State.FAILED
    assert evaluation.error["code"] == "superseded"
    assert asked(design, editor) != evaluation


def test_a_second_different_answer_is_reported(design, editor, caplog):
    runs.store("a" * 64, {"x": 1})
    runs.store("a" * 64, {"x": 2})

    assert "not the same" in caplog.text
    assert Result.objects.count() == 1


def test_strangers_and_viewers_are_held_off(design, editor, viewer, stranger):
    evaluation = asked(design, viewer)

    with pytest.raises(NotFound):
        asked(design, stranger)
    with pytest.raises(NotFound):
        selectors.job_for(Evaluation, evaluation.pk, stranger)
    with pytest.raises(Forbidden):
        services.cancel(actor=viewer, job=evaluation)


def test_a_lost_lease_is_noticed(design, editor, monkeypatch):
    monkeypatch.setattr(runs, "HEARTBEAT_S", 0.01)
    monkeypatch.setattr(runs, "renew", lambda _: False)
    job = runs.claim(Evaluation, asked(design, editor).pk)

    with runs.Lease(job) as lease:
        lease._thread.join()

    assert lease.lost


@pytest.mark.django_db(transaction=True)
def test_a_beat_that_finds_the_database_busy_is_not_the_end(design, editor, monkeypatch):
    answers = iter([DatabaseBusy("database is locked"), True, False])
    beats = []

    def renew(job):
        answer = next(answers)
        beats.append(answer)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(runs, "HEARTBEAT_S", 0.01)
    monkeypatch.setattr(runs, "renew", renew)
    job = runs.claim(Evaluation, asked(design, editor).pk)

    with runs.Lease(job) as lease:
        lease._thread.join()

    assert len(beats) == 3
    assert lease.lost


@pytest.mark.django_db(transaction=True)
def test_fifty_threads_and_one_key_give_one_run(design, editor):
    """Each thread asks, and each acts as a worker for what it got."""
    head, failures = design.head, []
    barrier = threading.Barrier(50)

    def ask_and_work() -> None:
        try:
            barrier.wait()
            evaluation = services.request_evaluation(actor=editor, design=design, revision=head)
            tasks.evaluate_revision(str(evaluation.pk))
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=ask_and_work) for _ in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    only = Evaluation.objects.get()
    assert only.state == State.DONE
    assert only.attempts == 1
    assert Result.objects.count() == 1


def test_a_process_knows_itself_alive():
    assert not runs.is_dead(runs.owner_here())
    assert runs.is_dead(dead_owner())
    assert not runs.is_dead(f"another-machine/{os.getpid()}")


def test_a_waiver_runs_out_while_its_result_stays(design, editor, work_off):
    rack = next(iter(layouts_document(design).of_kind("rack")))
    neighbour = layouts_document(design).of_kind("rack")[1]
    today = timezone.now().date()
    edited(
        design,
        editor,
        [
            {"type": "move", "set": [rack["id"]], "dx_mm": 300, "dy_mm": 0},
        ],
    )
    first = asked(design, editor)
    work_off()
    first.refresh_from_db()
    overlap = next(
        finding
        for finding in selectors.result_of(first)["findings"]
        if {rack["id"], neighbour["id"]} <= set(finding["element_ids"])
    )
    waiver = {
        "rule": overlap["rule"],
        "element_ids": overlap["element_ids"],
        "reason": "Mock-up",
        "expires_on": today.isoformat(),
        "granted_by": "Ada",
    }
    element = {"id": str(uuid.uuid4()), "kind": "waiver", "waiver": waiver}
    edited(design, editor, [{"type": "create", "element": element}])
    waived = asked(design, editor)
    work_off()
    waived.refresh_from_db()

    def in_force(day):
        result = selectors.result_of(waived, as_of=day)
        return next(f for f in result["findings"] if f["id"] == overlap["id"])["waiver"]["in_force"]

    assert in_force(today)
    assert not in_force(today + timedelta(days=1))
    assert b'"in_force"' in selectors.result_text(waived)


def test_the_latest_evaluation_is_null_before_the_first(design, editor, client_of, work_off):
    """No error: a browser would report one for every design that is opened first."""
    browser, url = client_of(editor), f"/api/designs/{design.pk}/evaluations/latest"

    assert (browser.get(url).status_code, browser.get(url).json()) == (200, None)

    evaluation = services.request_evaluation(actor=editor, design=design, revision=1)
    work_off()

    assert browser.get(url).json()["id"] == str(evaluation.pk)
