"""People are told what concerns them, and nothing that they may not see."""

import json
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from asgiref.sync import sync_to_async
from django.conf import settings
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from accounts.models import Membership
from layouts.services import create_design, create_project
from notices import digests, selectors, tasks
from notices.models import Digest, Notice
from notices.services import notify, want_digest
from tests import factories
from tests.layouts.tab import Tab

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(organisation):
    return create_project(organisation=organisation, name="Site")


def tell(people, about, text="Look at this", **more) -> int:
    return notify(people, kind="review", text=text, url="/catalog/", about=about, **more)


def test_whoever_did_it_and_whoever_may_not_see_it_are_not_told(project, editor, viewer, stranger):
    guest = factories.member(project.organisation, "guest")

    assert tell([editor, viewer, stranger, guest], project, actor=editor) == 1

    assert [notice.user for notice in Notice.objects.all()] == [viewer]


def test_the_same_is_told_once(project, viewer):
    tell([viewer], project, key="report:1")
    tell([viewer], project, key="report:1")
    tell([viewer], project)
    tell([viewer], project)

    assert Notice.objects.count() == 3


def test_a_notice_is_opened_read_and_followed(project, viewer, client_of):
    tell([viewer], project)
    client = client_of(viewer)
    assert 'data-unread="1">' in client.get("/").content.decode()
    notice = Notice.objects.get()

    answer = client.post(f"/notices/{notice.pk}/open/")

    assert answer.headers["Location"] == "/catalog/"
    assert selectors.unread_count(viewer) == 0
    assert 'data-unread="0" hidden>' in client.get("/").content.decode()


def test_a_notice_leads_nowhere_outside(project, viewer, client_of):
    tell([viewer], project)
    Notice.objects.update(url="https://evil.example/")
    notice = Notice.objects.get()

    answer = client_of(viewer).post(f"/notices/{notice.pk}/open/")

    assert urlsplit(answer.headers["Location"]).netloc == ""
    assert answer.headers["Location"] == "/notices/"


def test_what_one_may_no_longer_see_is_no_longer_told(project, viewer):
    tell([viewer], project)
    assert selectors.unread_count(viewer) == 1

    Membership.objects.filter(user=viewer).update(is_suspended=True)

    assert selectors.unread_count(viewer) == 0


def test_all_is_read_at_once(project, viewer, editor, client_of):
    tell([viewer, editor], project)

    client_of(viewer).post("/notices/read/")

    assert selectors.unread_count(viewer) == 0
    assert selectors.unread_count(editor) == 1


def test_a_digest_lists_what_is_unread_once_a_day(project, viewer):
    want_digest(user=viewer, address="ada@example.org")
    tell([viewer], project, text="First <thing>")
    assert digests.send_due() == 1
    tell([viewer], project, text="Second")

    assert digests.send_due() == 0
    Digest.objects.update(sent_at=timezone.now() - timedelta(hours=25))
    assert digests.send_due() == 1

    assert [message.to for message in mail.outbox] == [["ada@example.org"]] * 2
    assert "First <thing>" in mail.outbox[0].body
    assert "First" not in mail.outbox[1].body
    assert f"{settings.ORIGINS[0]}/catalog/" in mail.outbox[1].body


def test_no_e_mail_on_quiet_days_and_none_unasked(project, viewer, editor):
    want_digest(user=viewer, address="ada@example.org")
    tell([editor], project)

    tasks.sweep_digests()

    assert mail.outbox == []


def test_a_server_that_does_not_answer_loses_no_digest(project, viewer, settings):
    want_digest(user=viewer, address="ada@example.org")
    tell([viewer], project)
    settings.EMAIL_BACKEND = "tests.notices.test_notices.Deaf"

    assert digests.send_due() == 0

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert digests.send_due() == 1


class Deaf:
    """A mail server that does not answer."""

    def __init__(self, **_) -> None:
        pass

    def send_messages(self, messages) -> int:
        raise OSError("no route to host")


def test_the_address_of_a_digest_is_set_and_cleared(viewer, client_of):
    client = client_of(viewer)
    client.post("/notices/digest/", {"address": "ada@example.org"})
    assert selectors.digest_of(viewer).address == "ada@example.org"

    assert client.post("/notices/digest/", {"address": "nonsense"}).status_code == 422
    client.post("/notices/digest/", {"address": ""})

    assert selectors.digest_of(viewer) is None


def test_the_command_says_how_many_went_out(project, viewer, capsys):
    want_digest(user=viewer, address="ada@example.org")
    tell([viewer], project)

    call_command("send_digests")

    assert "1 sent." in capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
async def test_an_open_browser_hears_that_there_is_something_new(organisation, viewer, editor):
    from planner.asgi import application

    project = await sync_to_async(create_project)(organisation=organisation, name="Site")
    design = await sync_to_async(create_design)(project=project, name="Hall", author=editor)
    client = await sync_to_async(factories.client_of)(viewer)
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    headers = [
        (b"origin", settings.ORIGINS[0].encode()),
        (b"host", b"127.0.0.1"),
        (b"cookie", cookie.encode()),
    ]
    tab = Tab(application, f"/ws/designs/{design.pk}", headers)
    await tab.open()
    await tab.message()

    await sync_to_async(tell)([viewer], design)

    assert json.dumps(await tab.message()) == '{"type": "notice"}'
    await tab.close()
