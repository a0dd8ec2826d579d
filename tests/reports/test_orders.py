"""Ordering and fetching reports, over HTTP and as a job."""

import subprocess
import sys
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from pypdf import PdfReader

from analysis import runs
from analysis import tasks as analysis
from analysis.models import Evaluation, State
from engine.errors import NotFound
from layouts import services as layouts
from reports import selectors, services, tasks
from reports.models import Report
from reviews import threads

pytestmark = pytest.mark.django_db


@pytest.fixture
def design(project, editor):
    return layouts.create_sample(project=project, sample="pod", author=editor)


def ordered(design, actor, format_="csv-racks") -> Report:
    return services.request_report(
        actor=actor, design=design, revision=design.head, format_=format_
    )


def test_a_report_brings_its_evaluation_along(design, editor):
    report = ordered(design, editor)

    tasks.write_report(str(report.pk))

    report.refresh_from_db()
    assert report.state == State.DONE
    assert Evaluation.objects.get().state == State.DONE
    assert report.size_bytes == selectors.file_of(report).stat().st_size


def test_ordering_the_same_again_gives_the_same(design, editor, viewer):
    assert ordered(design, editor) == ordered(design, viewer)


def test_another_name_makes_another_report(design, editor):
    first = ordered(design, editor)
    layouts.rename_design(design=design, name="Renamed")

    assert ordered(design, editor).key != first.key


def test_a_refused_design_refuses_its_report(design, editor):
    report = ordered(design, editor)
    Evaluation.objects.update(state=State.FAILED, error={"detail": "nobody-has-this"})

    tasks.write_report(str(report.pk))

    report.refresh_from_db()
    assert report.state == State.FAILED
    assert report.error["detail"] == "nobody-has-this"


def test_a_kill_between_file_and_done_writes_nothing_again(design, editor, monkeypatch):
    report = ordered(design, editor)
    tasks.write_report(str(report.pk))
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    host = runs.owner_here().rpartition("/")[0]
    Report.objects.update(
        state=State.RUNNING,
        owner=f"{host}/{ended.pid}",
        lease_until=timezone.now() + timedelta(minutes=1),
    )
    monkeypatch.setattr(selectors, "bundle_of", lambda *_: pytest.fail("gathered again"))

    tasks.write_report(str(report.pk))

    report.refresh_from_db()
    assert report.state == State.DONE


def test_a_report_waits_for_an_evaluation_in_other_hands(design, editor, monkeypatch):
    report = ordered(design, editor)
    evaluation = runs.claim(Evaluation, report.evaluation_id)

    def meanwhile(_: float) -> None:
        runs.store(evaluation.key, {"design": {"name": "", "state_hash": "x"}})
        runs.fail(evaluation, {"detail": "the other worker's answer"})

    monkeypatch.setattr(tasks.time, "sleep", meanwhile)

    tasks.write_report(str(report.pk))

    report.refresh_from_db()
    assert report.error["detail"] == "the other worker's answer"


def test_a_cleared_file_is_written_anew(design, editor):
    report = ordered(design, editor)
    tasks.write_report(str(report.pk))
    report.refresh_from_db()
    selectors.file_of(report).unlink()

    again = ordered(design, editor)
    tasks.write_report(str(again.pk))

    again.refresh_from_db()
    assert again.state == State.DONE
    assert selectors.is_written(again)


def test_a_file_is_a_download_that_nobody_keeps(design, editor, client_of):
    report = ordered(design, editor)
    tasks.write_report(str(report.pk))

    answer = client_of(editor).get(f"/api/reports/{report.pk}/file")

    assert answer.status_code == 200
    stem = slugify(design.name)
    assert (
        answer["Content-Disposition"]
        == f'attachment; filename="{stem}-r{report.revision}-racks.csv"'
    )
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_a_file_that_is_not_written_is_not_found(design, editor, client_of):
    report = ordered(design, editor)

    answer = client_of(editor).get(f"/api/reports/{report.pk}/file")

    assert answer.status_code == 404
    assert answer.json()["code"] == "report-not-ready"


def test_a_stranger_finds_nothing(design, editor, stranger, client_of):
    report = ordered(design, editor)
    browser = client_of(stranger)

    assert browser.get(f"/api/reports/{report.pk}").status_code == 404
    assert browser.get(f"/api/reports/{report.pk}/file").status_code == 404
    assert browser.get(reverse("reports", args=[design.pk])).status_code == 404
    with pytest.raises(NotFound):
        ordered(design, stranger)


def test_the_page_orders_and_lists(design, editor, client_of):
    browser = client_of(editor)

    answer = browser.post(
        reverse("order-report", args=[design.pk]),
        {"revision": design.head, "format": "pdf", "sheet": "A1"},
        follow=True,
    )
    tasks.write_report(str(Report.objects.get().pk))
    page = browser.get(reverse("reports", args=[design.pk])).content.decode()

    assert "Report (PDF), A1" in answer.content.decode()
    assert "Download" in page


def test_the_list_costs_the_same_however_long(
    design, editor, client_of, django_assert_max_num_queries
):
    browser = client_of(editor)
    address = reverse("reports", args=[design.pk])
    ordered(design, editor)
    with CaptureQueriesContext(connection) as one:
        browser.get(address)
    for format_ in ("csv-bom", "json", "pdf"):
        ordered(design, editor, format_)

    with django_assert_max_num_queries(len(one)):
        browser.get(address)


def test_unknown_formats_are_refused(design, editor, client_of):
    answer = client_of(editor).post(
        f"/api/designs/{design.pk}/reports",
        {"revision": design.head, "format": "exe"},
        content_type="application/json",
    )

    assert answer.status_code == 422


def test_the_sweep_finds_forgotten_reports(design, editor, monkeypatch):
    rung = []
    report = ordered(design, editor)
    Report.objects.update(rung_at=timezone.now() - timedelta(minutes=5))
    monkeypatch.setattr(analysis, "ring", lambda task, job_id: rung.append(job_id))

    tasks.sweep_reports()

    assert rung == [report.pk]


def said_about(design, editor, text="Is 600 mm enough?"):
    anchor = {"type": "point", "x_mm": 3_000, "y_mm": 2_000}
    return threads.open_thread(actor=editor, design=design, anchor=anchor, text=text)


def test_a_new_comment_makes_another_report_and_leaves_lists_alone(design, editor):
    before = ordered(design, editor, "pdf"), ordered(design, editor)
    said_about(design, editor)
    after = ordered(design, editor, "pdf"), ordered(design, editor)

    assert before[0].key != after[0].key
    assert before[1] == after[1]


def test_a_report_prints_the_comments_there_were_when_it_was_ordered(design, editor):
    said_about(design, editor, "Is #600 mm *enough*?")
    settled = said_about(design, editor, "Who checks the floor?")
    for text in ("I ask.", "They do.", "Done."):
        threads.reply(actor=editor, thread=settled, text=text)
    threads.settle(actor=editor, thread=settled, state="resolved")
    report = ordered(design, editor, "pdf")
    said_about(design, editor, "Asked too late")

    tasks.write_report(str(report.pk))

    report.refresh_from_db()
    pages = [page.extract_text() for page in PdfReader(selectors.file_of(report)).pages]
    text = " ".join(" ".join(pages).split())
    assert "Is #600 mm *enough*?" in text and "Comment, by number" in text
    assert "Who checks the floor?" in text and "Done." in text
    assert "They do." not in text and "Asked too late" not in text
