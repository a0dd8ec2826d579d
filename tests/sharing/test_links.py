"""A share link opens one revision of one design, until it ends."""

import uuid
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.utils import timezone

from accounts import permissions
from audit.models import Event
from layouts import services as layouts
from layouts.selectors import document_at
from reviews import threads
from reviews.models import Thread
from sharing import selectors, services
from sharing.errors import LinkRefused
from sharing.models import ShareLink
from tests import factories
from tests.layouts.drawing import create, rack

pytestmark = pytest.mark.django_db


@pytest.fixture
def design(organisation, editor):
    project = layouts.create_project(organisation=organisation, name="Site")
    made = layouts.create_design(project=project, name="Hall <one>", author=editor)
    layouts.append_edits(
        design=made, base=0, edits=[create(rack(1))], author=editor, request_id=uuid.uuid4()
    )
    made.refresh_from_db()
    return made


def made(design, editor, **fields) -> tuple[ShareLink, str]:
    given = {"revision": 1, "name": "Client", "allows": "view", "days": 7, **fields}
    return services.make_link(actor=editor, design=design, **given)


def visitor(secret: str) -> Client:
    client = Client()
    assert client.post("/shared", {"key": secret}).status_code == 302
    return client


def test_a_link_shows_the_design_without_an_account(design, editor):
    link, secret = made(design, editor)

    answer = visitor(secret).get(f"/shared/{link.pk}/")

    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Hall &lt;one&gt;" in text
    assert "<svg" in text
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_link_shows_its_revision_however_the_design_goes_on(design, editor):
    link, secret = made(design, editor)
    client = visitor(secret)
    before = client.get(f"/shared/{link.pk}/").context["plan"]

    layouts.append_edits(
        design=design, base=1, edits=[create(rack(2))], author=editor, request_id=uuid.uuid4()
    )

    assert client.get(f"/shared/{link.pk}/").context["plan"] == before


def test_the_secret_is_kept_nowhere(design, editor):
    link, secret = made(design, editor)

    assert secret not in str(ShareLink.objects.values().get(pk=link.pk))
    assert secret not in str(list(Event.objects.values()))


def test_uses_are_counted_and_on_the_trail(design, editor):
    link, secret = made(design, editor)
    visitor(secret)
    visitor(secret)

    link.refresh_from_db()
    assert link.use_count == 2
    assert link.used_at is not None
    event = Event.objects.latest("number")
    assert (event.action, event.actor_name) == ("share.open", "holder of Client")
    assert event.organisation_id == design.project.organisation_id


@pytest.mark.parametrize("how", ["revoked", "expired"])
def test_a_link_that_ended_opens_nothing_from_that_moment(design, editor, how):
    link, secret = made(design, editor)
    client = visitor(secret)
    if how == "revoked":
        services.revoke_link(actor=editor, link=link)
    else:
        past = timezone.now() - timedelta(days=9)
        ShareLink.objects.update(made_at=past, expires_at=past + timedelta(days=1))

    assert client.get(f"/shared/{link.pk}/").status_code == 404
    with pytest.raises(LinkRefused):
        services.open_link(secret=secret)


def test_a_link_opens_itself_and_no_other(design, editor):
    _, secret = made(design, editor)
    other, _ = made(design, editor, name="Somebody else")

    assert visitor(secret).get(f"/shared/{other.pk}/").status_code == 404


def test_a_wrong_secret_opens_nothing(design, editor):
    made(design, editor)

    answer = Client().post("/shared", {"key": "wrong"})

    assert answer.status_code == 403


@pytest.mark.parametrize("allows", ["view", "comment"])
def test_a_link_gives_what_it_says_and_no_more(design, editor, allows):
    link, _ = made(design, editor, allows=allows)
    other = layouts.create_design(project=design.project, name="Other", author=editor)
    holder = selectors.visitor_of(link)

    given = {action for action in permissions.ALLOWED if permissions.can(holder, action, design)}
    elsewhere = [
        action
        for action in permissions.ALLOWED
        for thing in (other, design.project, design.project.organisation)
        if permissions.can(holder, action, thing)
    ]

    assert given == ({"view", "comment"} if allows == "comment" else {"view"})
    assert elsewhere == []
    assert not permissions.organisations_of(holder).exists()


def test_an_editor_makes_lists_and_revokes_links(design, editor, client_of):
    client = client_of(editor)
    page = client.post(
        f"/designs/{design.pk}/links/make/",
        {"name": "Client", "revision": "1", "allows": "view", "days": "7"},
    )
    secret = page.context["url"].partition("#")[2]
    link = ShareLink.objects.get()
    assert visitor(secret).get(f"/shared/{link.pk}/").status_code == 200

    client.post(f"/links/{link.pk}/revoke/")

    assert "revoked" in client.get(f"/designs/{design.pk}/links/").content.decode()
    assert secret not in client.get(f"/designs/{design.pk}/links/").content.decode()


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"revision": "99"}, {"allows": "edit"}, {"days": "0"}, {"days": "91"}],
)
def test_a_link_with_a_wrong_field_is_not_made(design, editor, client_of, wrong):
    given = {"name": "Client", "revision": "1", "allows": "view", "days": "7", **wrong}

    answer = client_of(editor).post(f"/designs/{design.pk}/links/make/", given)

    assert answer.status_code == 422
    assert not ShareLink.objects.exists()


def test_a_stranger_revokes_nothing(design, editor, stranger, client_of):
    link, _ = made(design, editor)

    assert client_of(stranger).post(f"/links/{link.pk}/revoke/").status_code == 404
    assert factories.client_of(editor).post(f"/links/{link.pk}/revoke/").status_code == 302


def say(client, link, **fields):
    given = {"name": "Carla", "text": "Is this wide enough?", **fields}
    return client.post(f"/shared/{link.pk}/say/", given)


def test_a_holder_comments_and_is_answered(design, editor):
    link, secret = made(design, editor, allows="comment")
    client = visitor(secret)

    assert say(client, link).status_code == 302

    thread = Thread.objects.get()
    assert (thread.author, thread.author_name) == (None, "Carla (link Client)")
    assert (thread.design, thread.revision) == (design, 1)
    assert [notice.kind for notice in editor.notices.all()] == ["shared"]
    threads.reply(actor=editor, thread=thread, text="It is, by 200 mm.")
    assert "by 200 mm" in client.get(f"/shared/{link.pk}/").content.decode()
    say(client, link, thread_id=str(thread.pk), text="Thank you.")
    assert thread.comments.count() == 3
    event = Event.objects.latest("number")
    assert (event.action, event.actor_name) == ("comment.reply", "Carla (link Client)")


def test_a_comment_follows_the_element_it_is_about(design, editor):
    link, secret = made(design, editor, allows="comment")
    element = document_at(design, 1).of_kind("rack")[0]

    say(visitor(secret), link, place=element["identity"]["tag"].lower())

    assert Thread.objects.get().anchor["id"] == element["id"]


@pytest.mark.parametrize("wrong", [{"name": " "}, {"text": " "}, {"place": "Nowhere"}])
def test_a_comment_that_cannot_be_kept_is_shown_again(design, editor, wrong):
    link, secret = made(design, editor, allows="comment")

    answer = say(visitor(secret), link, **wrong)

    assert answer.status_code == 422
    assert not Thread.objects.exists()


def test_a_link_to_look_at_takes_no_comment(design, editor):
    link, secret = made(design, editor)

    assert say(visitor(secret), link).status_code == 403
    assert not Thread.objects.exists()


def test_what_others_said_is_not_shown_through_a_link(design, editor):
    link, secret = made(design, editor, allows="comment")
    other, other_secret = made(design, editor, allows="comment", name="Other")
    own = threads.open_thread(
        actor=editor, design=design, anchor={"type": "point"}, text="Between us", point=(0, 0)
    )
    say(visitor(other_secret), other, text="From the other")
    client = visitor(secret)

    page = client.get(f"/shared/{link.pk}/").content.decode()
    assert "Between us" not in page
    assert "From the other" not in page
    say(client, link, thread_id=str(own.pk), text="Answer to what I may not see")
    assert own.comments.count() == 1


def test_a_link_holds_so_many_comments(design, editor, monkeypatch):
    monkeypatch.setattr(services, "MAX_COMMENTS", 2)
    link, secret = made(design, editor, allows="comment")
    client = visitor(secret)

    assert [say(client, link).status_code for _ in range(3)] == [302, 302, 422]


def test_a_link_says_that_racks_starve_where_it_shows_their_figures(design, editor, monkeypatch):
    link, secret = made(design, editor)
    result = {
        "findings": [],
        "compute": {"sold_tokens_per_s": 4e6, "tokens_per_s": 8e6},
        "cost": {"usd_per_mtok": 0.2},
        "shortfall": {
            "racks": 8,
            "note": "8 racks lack coolant.",
            "sold_tokens_per_s_carried": 0.0,
        },
    }
    done = SimpleNamespace(state="done", is_final=True)
    monkeypatch.setattr("sharing.pages.evaluation_at", lambda *_: done)
    monkeypatch.setattr("sharing.pages.result_of", lambda _: result)

    text = visitor(secret).get(f"/shared/{link.pk}/").content.decode()

    assert "8 racks lack coolant. As drawn no token is sold. If every rack ran: 0.200" in text
