"""Streams: set on a page, kept in the document, costed in the view."""

import pytest
from django.urls import reverse

from analysis.site_settings import site_group
from economics.stream_form import FIELDS, form_rows, read_streams
from engine.tokens.streams import streams
from layouts.kinds import STREAMS
from layouts.models import Design
from tests import factories

pytestmark = pytest.mark.django_db


def send(browser, design, **cells):
    typed = {name.replace("__", "."): value for name, value in cells.items()}
    return browser.post(reverse("set-streams", args=[design.pk]), typed)


def test_the_schema_knows_the_streams_of_the_table():
    assert set(STREAMS) == set(streams())


def test_a_form_becomes_a_group_of_the_document_and_back():
    typed = {
        "chat.share_fraction": "25", "chat.tok_s_user": "35,5", "agentic.sessions": "900",
        "batch.in_use": "1", "training.share_fraction": "10", "training.tok_s_user": "7",
        "retrieval.model": "llama3.3-70b",
    }  # fmt: skip
    group, faults = read_streams(typed)
    rows = {row["name"]: row for row in form_rows(group, {})}

    assert faults == []
    assert group == {
        "chat": {"share_fraction": 0.25, "tok_s_user": 35.5},
        "agentic": {"sessions": 900.0},
        "batch": {},
        "training": {"share_fraction": 0.1},
        "retrieval": {"model": "llama3.3-70b"},
    }
    assert rows["chat"]["cells"][0]["value"] == "25" and rows["batch"]["in_use"]
    assert not rows["fast"]["in_use"]
    assert rows["simulation"]["cells"][2] is None and len(rows["chat"]["cells"]) == len(FIELDS)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"chat.share_fraction": "120"}, "share must be a number from 0 to 100"),
        ({"chat.isl": "many"}, "input must be a number"),
        ({"chat.prefix_hit_fraction": "nan"}, "prefix hit must be a number"),
        ({"chat.model": "abacus"}, "there is no model"),
        ({"chat.share_fraction": "60", "fast.share_fraction": "60"}, "come to 120%"),
    ],
)
def test_what_cannot_be_is_named(typed, words):
    _, faults = read_streams(typed)

    assert len(faults) == 1 and words in faults[0]


def test_streams_are_set_once_and_costed(design, editor, client_of, work_off):
    browser = client_of(editor)
    before = Design.objects.get(pk=design.pk).head
    answer = send(
        browser, design, chat__share_fraction="40", agentic__share_fraction="20",
        simulation__share_fraction="10", training__share_fraction="10", batch__in_use="1",
    )  # fmt: skip
    design.refresh_from_db()
    again = send(
        browser, design, chat__share_fraction="40", agentic__share_fraction="20",
        simulation__share_fraction="10", training__share_fraction="10", batch__in_use="1",
    )  # fmt: skip
    browser.post(reverse("run-economics", args=[design.pk]))
    work_off()
    text = browser.get(reverse("economics", args=[design.pk])).content.decode()

    assert answer.status_code == again.status_code == 302
    assert design.head == before + 1 == Design.objects.get(pk=design.pk).head
    assert site_group(design, "streams")["chat"] == {"share_fraction": 0.4}
    for words in ("chat", "agentic", "idle hours of the other streams", "draw nothing", "80% of"):
        assert words in text
    answer = browser.get(f"/api/designs/{design.pk}/economics/streams").json()
    assert answer["asked_share"] == pytest.approx(0.8)
    assert {each["stream"] for each in answer["streams"]} == {
        "chat", "agentic", "simulation", "training", "batch"
    }  # fmt: skip
    for name, words in (
        ("chat", ("Racks", "tok/s per GPU", "Cost of a GPU-hour", "met at", "DeepSeek")),
        ("training", ("Useful arithmetic", "Cost of a GPU-hour")),
        ("batch", ("beyond idle",)),
        ("simulation", ("No throughput yet",)),
    ):
        working = browser.get(
            reverse("economics-working", args=[design.pk]) + f"?figure=stream.{name}"
        ).content.decode()
        assert f"figure=stream.{name}" in text
        for each in words:
            assert each in working, (name, each)
    shown = browser.get(f"/api/designs/{design.pk}/economics/working?figure=stream.chat").json()
    chat = next(each for each in answer["streams"] if each["stream"] == "chat")
    assert float(shown["value"]) == pytest.approx(chat["cost"], rel=0.01)
    assert all(row["source"] and row["confidence"] for row in shown["inputs"])
    assert browser.get(
        f"/api/designs/{design.pk}/economics/working?figure=stream.fast"
    ).json() == {}  # fmt: skip
    form = browser.get(reverse("streams", args=[design.pk])).content.decode()
    assert 'name="chat.share_fraction"' in form and 'value="40"' in form


def test_a_faulty_form_comes_back_and_changes_nothing(design, editor, client_of):
    before = design.head
    answer = send(client_of(editor), design, chat__share_fraction="140")

    assert answer.status_code == 422
    assert (
        "must be a number" in answer.content.decode() and 'value="140"' in answer.content.decode()
    )
    assert Design.objects.get(pk=design.pk).head == before


def test_viewers_see_the_streams_and_set_none(design, organisation, client_of):
    browser = client_of(factories.member(organisation, "viewer"))

    assert browser.get(reverse("streams", args=[design.pk])).status_code == 200
    assert send(browser, design, chat__share_fraction="40").status_code == 403
