"""The lifecycle board and the comparison, as a signed-in person meets them."""

import uuid

import pytest
from django.urls import reverse

from analysis.models import Evaluation, Study
from layouts import services as layouts
from layouts.selectors import document_at

pytestmark = pytest.mark.django_db


def delete_a_rack(design, author):
    rack = document_at(design, design.head).of_kind("rack")[0]["id"]
    layouts.append_edits(
        design=design,
        base=design.head,
        edits=[{"type": "delete", "id": rack}],
        author=author,
        request_id=uuid.uuid4(),
        label="Delete a rack",
    )
    design.refresh_from_db()


def test_the_board_starts_empty_and_fills(design, editor, client_of, work_off):
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
    for words in ("Design", "Simulate", "Deploy", "bill of materials", "lose one", "heat load"):
        assert words in after


def test_looking_starts_nothing(design, editor, client_of):
    browser = client_of(editor)

    browser.get(reverse("lifecycle", args=[design.pk]))

    assert not Evaluation.objects.exists()
    assert not Study.objects.exists()


def test_older_figures_stay_and_say_so(design, editor, client_of, work_off):
    browser = client_of(editor)
    browser.post(reverse("run-lifecycle", args=[design.pk]))
    work_off()
    former = design.head
    delete_a_rack(design, editor)

    page = browser.get(reverse("lifecycle", args=[design.pk])).content.decode()

    assert f"Shown below: revision {former}, out of date" in page
    assert f"Key figures, revision {former}" in page


def test_losses_can_be_searched(design, editor, client_of, work_off):
    browser = client_of(editor)
    browser.post(reverse("run-lifecycle", args=[design.pk]))
    work_off()
    address = reverse("lifecycle", args=[design.pk])

    of_cdus = browser.get(address, {"kind": "cdu"}).content.decode()
    of_nothing = browser.get(address, {"lost": "no such tag"}).content.decode()

    assert "CDU-01" in of_cdus
    assert "Nothing of that name and kind can be lost" in of_nothing


def test_the_board_says_how_much_a_year_takes(design, editor, client_of, work_off):
    browser = client_of(editor)
    browser.post(reverse("run-lifecycle", args=[design.pk]))
    work_off()

    page = browser.get(reverse("lifecycle", args=[design.pk])).content.decode()

    for words in (
        "Full IT power",
        "At least 90 % of it",
        "Expected loss",
        "kWh a year",
        "taken out",
    ):
        assert words in page
    assert "Utility A and Utility B" in page


def test_the_board_lists_the_feeders_by_their_drop(design, editor, client_of, work_off):
    browser = client_of(editor)
    browser.post(reverse("run-lifecycle", args=[design.pk]))
    work_off()

    page = browser.get(reverse("lifecycle", args=[design.pk])).content.decode()

    feeders = page.partition("Simulate: feeders")[2]
    assert "BW-A-01" in feeders
    assert feeders.index("BW-A-01") < feeders.index("TX-A")
