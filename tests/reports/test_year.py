"""The report of a design with weather has a page of its year; without, it says nothing of one."""

import uuid

import pypdf
import pytest

from analysis import selectors as analysis
from analysis.figures import number
from layouts import services as layouts
from layouts.selectors import document_at
from reports import selectors, services, tasks

pytestmark = pytest.mark.django_db


@pytest.fixture
def pod(project, editor):
    return layouts.create_sample(project=project, sample="pod", author=editor)


def with_weather(design, editor, weather):
    site = document_at(design, design.head).of_kind("site")[0]
    layouts.append_edits(
        design=design,
        base=design.head,
        edits=[
            {
                "type": "set",
                "id": site["id"],
                "group": "location",
                "value": {**site["location"], "weather": weather},
            }
        ],
        author=editor,
        request_id=uuid.uuid4(),
    )
    design.refresh_from_db()


def report_of(design, editor):
    report = services.request_report(
        actor=editor, design=design, revision=design.head, format_="pdf", sheet="A3"
    )
    tasks.write_report(str(report.pk))
    report.refresh_from_db()
    return report


def text_of(report):
    return [page.extract_text() for page in pypdf.PdfReader(selectors.file_of(report)).pages]


def test_a_design_with_weather_has_a_page_of_its_year(pod, editor):
    with_weather(pod, editor, "sample-miami")

    report = report_of(pod, editor)

    totals = analysis.result_of(report.evaluation)["year"]["totals"]
    page = next(text for text in text_of(report) if text.count("The year") and "Miami" in text)
    for words in ("PUE of the year", number(totals["pue"], 3), "Hours of free cooling", "August"):
        assert words in page, words


def test_a_design_without_weather_says_nothing_of_a_year(pod, editor):
    assert "The year" not in "".join(text_of(report_of(pod, editor)))
