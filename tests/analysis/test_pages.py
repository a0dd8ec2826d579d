"""The lifecycle board and the comparison, as a signed-in person meets them."""

import uuid

import pytest
from django.urls import reverse

from analysis.models import Evaluation, State, Study
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
    browser.get(reverse("compare", args=[design.pk]))

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


def test_revisions_are_compared(design, editor, client_of, work_off):
    browser = client_of(editor)
    delete_a_rack(design, editor)
    sides = {"a": "1", "b": "2"}

    browser.post(reverse("run-comparison", args=[design.pk]), sides)
    work_off()
    page = browser.get(reverse("compare", args=[design.pk]), sides).content.decode()

    assert "removed" in page
    assert "better" in page
    assert "<svg" in page


def test_a_side_of_another_organisation_is_not_found(
    design, editor, stranger, client_of, organisation
):
    other = stranger.memberships.get().organisation
    foreign = layouts.create_design(
        project=layouts.create_project(organisation=other, name="F"), name="F", author=stranger
    )

    answer = client_of(editor).get(
        reverse("compare", args=[design.pk]), {"a": f"{foreign.pk}@0", "b": "1"}
    )

    assert answer.status_code == 404


def test_nonsense_sides_are_refused(design, editor, client_of):
    browser = client_of(editor)

    answer = browser.get(reverse("compare", args=[design.pk]), {"a": "x@y", "b": "1"})

    assert answer.status_code == 422


def test_cancelling_the_board_needs_an_editor(design, editor, viewer, client_of):
    client_of(viewer).post(reverse("run-lifecycle", args=[design.pk]))

    refused = client_of(viewer).post(reverse("cancel-lifecycle", args=[design.pk]))
    allowed = client_of(editor).post(reverse("cancel-lifecycle", args=[design.pk]))

    assert refused.status_code == 403
    assert allowed.status_code == 302
    assert Evaluation.objects.get().state == State.CANCELLED
