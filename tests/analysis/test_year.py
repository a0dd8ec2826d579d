"""The page of the year: choosing weather, seeing it computed, and its charts."""

import json

import pytest
from django.urls import reverse

from analysis.models import Evaluation, State
from analysis.year_charts import free_map, pue_map
from layouts.selectors import document_at
from tests.weather.files import epw
from weather.services import upload

pytestmark = pytest.mark.django_db


def choose(browser, design, weather, warming="0"):
    return browser.post(
        reverse("choose-weather", args=[design.pk]),
        {"weather": weather, "warming_k": warming},
        follow=True,
    ).content.decode()


def page(browser, design):
    return browser.get(reverse("year", args=[design.pk])).content.decode()


def location(design):
    design.refresh_from_db()
    return document_at(design, design.head).of_kind("site")[0]["location"]


def test_without_weather_the_page_says_so_and_starts_nothing(design, editor, client_of):
    text = page(client_of(editor), design)

    assert "No weather is chosen" in text
    assert "design day" in text
    assert not Evaluation.objects.exists()


def test_choosing_weather_is_one_revision_and_its_year_is_computed(
    design, editor, client_of, work_off
):
    browser, head = client_of(editor), design.head
    before = location(design)

    during = choose(browser, design, "sample-greensboro", "1.5")
    work_off()
    after = page(browser, design)

    assert design.head == head  # not yet read again
    assert location(design) == {**before, "weather": "sample-greensboro", "warming_k": 1.5}
    assert design.head == head + 1
    assert "Computing the year" in during
    for words in ("Greensboro", "8760 hours", "1.5 K warmer", "PUE of the year", "Months", "P90"):
        assert words in after, words
    levels = set(Evaluation.objects.values_list("level", "state"))
    assert levels == {("study", State.DONE), ("risk", State.DONE)}


def test_asking_twice_computes_once(design, editor, client_of, work_off):
    browser = client_of(editor)
    choose(browser, design, "sample-miami")
    work_off()

    choose(browser, design, "sample-miami")
    browser.post(reverse("run-year", args=[design.pk]))

    assert Evaluation.objects.count() == 2


def test_an_uploaded_year_is_used_and_missed_when_it_is_gone(
    design, editor, organisation, client_of, work_off
):
    browser = client_of(editor)
    row = upload(actor=editor, organisation=organisation, file_name="t.epw", content=epw())
    choose(browser, design, row.digest)
    work_off()
    there = page(browser, design)
    row.delete()
    browser.post(reverse("run-year", args=[design.pk]))
    work_off()

    assert "Testville" in there
    assert "Upload the file again" in page(browser, design)


def test_weather_that_is_not_in_the_list_is_refused(design, editor, client_of):
    before = location(design)

    text = choose(client_of(editor), design, "sample-nowhere")

    assert "Choose weather from the list" in text
    assert location(design) == before


@pytest.mark.parametrize("warming", ["11", "warm", "nan"])
def test_a_warming_that_is_none_is_refused(design, editor, client_of, warming):
    assert "Choose weather from the list" in choose(
        client_of(editor), design, "sample-miami", warming
    )


def test_a_running_year_can_be_cancelled(design, editor, client_of):
    browser = client_of(editor)
    choose(browser, design, "sample-miami")

    browser.post(reverse("cancel-year", args=[design.pk]))

    assert set(Evaluation.objects.values_list("state", flat=True)) == {State.CANCELLED}
    assert "Run again" in page(browser, design)


def test_a_viewer_sees_the_year_and_cannot_change_its_weather(
    design, viewer, editor, client_of, work_off
):
    choose(client_of(editor), design, "sample-miami")
    work_off()

    text = page(client_of(viewer), design)

    assert "PUE of the year" in text
    assert "Set and compute" not in text


def test_maps_have_a_row_for_each_hour_of_the_day():
    year = {
        "hourly": {"pue": [1.0 + i / 1e5 for i in range(8784)], "free": "012" * 2928},
        "months": [],
    }

    for spec in (pue_map(year), free_map(year)):
        chart = spec["data"][0]
        assert len(chart["z"]) == 24
        assert {len(row) for row in chart["z"]} == {366}
        assert chart["x"][59] == "2024-02-29"
        json.dumps(spec)
    assert pue_map(year)["data"][0]["z"][1][2] == year["hourly"]["pue"][49]
