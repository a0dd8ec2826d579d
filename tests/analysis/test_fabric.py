"""The page of the fabric, as a signed-in person meets it, and its words."""

import pytest
from django.urls import reverse

from analysis.fabric_view import fabric_view
from analysis.models import Study
from engine.assumptions import Assumptions
from engine.fabric.study import fabric_study
from tests.strategies import pod


@pytest.mark.django_db
def test_the_page_starts_empty_and_fills(design, editor, client_of, work_off):
    browser = client_of(editor)
    address = reverse("fabric", args=[design.pk])

    before = browser.get(address).content.decode()
    nothing_started = not Study.objects.exists()
    browser.post(reverse("run-fabric", args=[design.pk]))
    work_off()
    after = browser.get(address).content.decode()

    assert "has not been computed" in before
    assert nothing_started
    for words in ("Leaves", "Rack to leaf", "Co-packaged optics", "One spine", "Out-of-band"):
        assert words in after


@pytest.mark.django_db
def test_one_switch_shows_what_co_packaging_frees(design, editor, client_of, work_off):
    browser = client_of(editor)
    browser.post(reverse("run-fabric", args=[design.pk]))
    work_off()
    address = reverse("fabric", args=[design.pk])

    packaged = browser.get(address, {"optics": "cpo"}).content.decode()

    assert '<option value="cpo" selected>' in packaged
    assert "External laser modules" in packaged


def test_an_unknown_kind_of_optics_shows_the_usual_one():
    view = fabric_view(fabric_study(pod(), Assumptions.load()), "carrier pigeon")

    assert view["technology"] == "pluggable"
    assert [row["is_chosen"] for row in view["compared"]] == [False, True, False]


def test_cables_and_working_are_complete():
    answer = fabric_study(pod(), Assumptions.load())

    view = fabric_view(answer, "cpo")

    assert [row["tier"] for row in view["tiers"]] == ["Rack to leaf", "Leaf to spine"]
    assert all(row["source"] and row["confidence"] for row in view["inputs"])
    assert any("Draw network racks" in remark for remark in view["remarks"])
