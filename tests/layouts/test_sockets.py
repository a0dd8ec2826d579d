"""The socket of a design, spoken to as a browser does."""

import time
import uuid

import pytest
from allauth.account.signals import password_changed
from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from accounts import members
from accounts.models import Membership
from layouts import branches, consumers, live, services, slots
from layouts.models import Revision
from layouts.presence import presence_of
from planner.asgi import application
from tests import factories
from tests.layouts.drawing import create, move, rack
from tests.layouts.tab import Tab

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def design(organisation, editor):
    project = services.create_project(organisation=organisation, name="Site")
    return services.create_design(project=project, name="Hall", author=editor)


@pytest.fixture
def always_ask(monkeypatch):
    """Rights are asked for every message, as they are two seconds later."""
    monkeypatch.setattr(consumers, "RIGHTS_FOR_S", 0.0)


def socket_of(client: Client | None, design_id) -> Tab:
    headers = [(b"origin", settings.ORIGINS[0].encode()), (b"host", b"127.0.0.1")]
    if client is not None:
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        headers.append((b"cookie", f"{settings.SESSION_COOKIE_NAME}={cookie}".encode()))
    return Tab(application, f"/ws/designs/{design_id}", headers)


async def opened(person, design) -> Tab:
    client = await sync_to_async(factories.client_of)(person)
    socket = socket_of(client, design.pk)
    is_open, _ = await socket.open()
    assert is_open
    return socket


@sync_to_async
def push(design, author, *edits):
    return services.append_edits(
        design=design, base=0, edits=list(edits), author=author, request_id=uuid.uuid4(), label="x"
    )


async def test_hello_says_where_the_log_stands_and_who_one_is(design, viewer):
    socket = await opened(viewer, design)

    hello = await socket.message()

    assert len(hello.pop("client")) == 12
    assert hello == {
        "type": "hello",
        "head": 0,
        "user": {"id": str(viewer.pk), "name": viewer.username},
        "role": "viewer",
        "may": ["evaluate", "comment"],
        "is_protected": False,
    }
    await socket.close()


async def test_every_open_browser_hears_of_a_revision(design, editor, viewer):
    sockets = [await opened(editor, design), await opened(viewer, design)]
    for socket in sockets:
        await socket.message()

    outcome = await push(design, editor, create(rack(1)))

    for socket in sockets:
        message = await socket.message()
        assert (message["type"], message["number"]) == ("revision", 1)
        assert message["effective"] == outcome.effective
        assert message["state_hash"] == outcome.state_hash
        assert message["author_id"] == str(editor.pk)
        await socket.close()


async def test_a_big_revision_is_announced_by_number(design, editor, viewer):
    socket = await opened(viewer, design)
    await socket.message()

    await push(design, editor, *[create(rack(number)) for number in range(1, 400)])

    message = await socket.message()
    assert message["effective"] is None
    await socket.close()


async def test_a_ping_tells_the_head(design, editor):
    await push(design, editor, create(rack(1)))
    socket = await opened(editor, design)
    await socket.message()

    await socket.send({"type": "ping"})

    assert await socket.message() == {"type": "pong", "head": 1}
    await socket.close()


async def test_presence_reaches_the_others_with_the_name_of_its_sender(design, editor, viewer):
    one, other = await opened(editor, design), await opened(viewer, design)
    await one.message()
    await other.message()

    await one.send(
        {"type": "presence", "cursor": [1, 2.5], "selection": ["a"], "user": {"name": "Forged"}}
    )

    message = await other.message()
    assert (message["cursor"], message["selection"]) == ([1, 2.5], ["a"])
    assert message["user"] == {"id": str(editor.pk), "name": editor.username}
    assert await one.hears_nothing()
    await one.close()
    gone = await other.message()
    assert (gone["type"], gone["gone"]) == ("presence", True)
    await other.close()


async def test_presence_is_thinned_out(design, editor, viewer):
    one, other = await opened(editor, design), await opened(viewer, design)
    await one.message()
    await other.message()

    for x in range(20):
        await one.send({"type": "presence", "cursor": [x, 0]})
    await one.send({"type": "ping"})
    await one.message()

    await other.message()
    assert await other.hears_nothing()
    await one.close()
    await other.close()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{", consumers.CLOSE_MALFORMED),
        ("[]", consumers.CLOSE_MALFORMED),
        ('{"type": "revision"}', consumers.CLOSE_MALFORMED),
        ('{"type": "presence"}', consumers.CLOSE_MALFORMED),
        ('{"type": "presence", "cursor": [1, "x"]}', consumers.CLOSE_MALFORMED),
        ('{"type": "presence", "cursor": null, "selection": [1]}', consumers.CLOSE_MALFORMED),
        ('{"type": "presence", "cursor": [1e400, 0]}', consumers.CLOSE_MALFORMED),
        ("x" * 20_000, consumers.CLOSE_TOO_BIG),
        ("[" * 10_000, consumers.CLOSE_MALFORMED),
    ],
)
async def test_a_malformed_frame_closes_the_socket(design, editor, text, code):
    socket = await opened(editor, design)
    await socket.message()

    await socket.send_text(text)

    assert await socket.close_code() == code


async def test_a_flood_of_frames_closes_the_socket(design, editor, monkeypatch):
    monkeypatch.setattr(consumers, "FRAMES_AT_ONCE", 5.0)
    monkeypatch.setattr(consumers, "FRAMES_PER_S", 0.0)
    socket = await opened(editor, design)
    await socket.message()

    for _ in range(6):
        await socket.send({"type": "ping"})

    for _ in range(5):
        assert (await socket.message())["type"] == "pong"
    assert await socket.close_code() == consumers.CLOSE_TOO_MANY


PRESENCE = {
    "cursor": [1, 2],
    "selection": ["a"],
    "ghosts": [["a", 1200.5, -3, 90]],
    "view": [0, 0, 12.5],
    "following": "abc",
    "look": {"at": [5, 6], "thread": "t-1"},
}


async def test_all_of_presence_reaches_the_others_and_nothing_else_does(design, editor, viewer):
    one, other = await opened(editor, design), await opened(viewer, design)
    await one.message()
    await other.message()

    await one.send({"type": "presence", **PRESENCE, "number": 7, "effective": []})

    message = await other.message()
    assert {name: message[name] for name in PRESENCE} == PRESENCE
    assert message.keys() == {*PRESENCE, "type", "user", "client"}
    await one.close()
    await other.close()


async def test_that_somebody_asks_to_look_is_never_too_soon(design, editor, viewer):
    one, other = await opened(editor, design), await opened(viewer, design)
    await one.message()
    await other.message()

    for said in ({"cursor": [1, 2]}, {"cursor": [3, 4]}, {"cursor": None, "look": {"at": [5, 6]}}):
        await one.send({"type": "presence", **said})

    assert (await other.message())["cursor"] == [1, 2]
    assert (await other.message())["look"] == {"at": [5, 6]}
    await one.close()
    await other.close()


async def test_presence_leaves_nothing_behind(design, editor):
    socket = await opened(editor, design)
    await socket.message()

    await socket.send({"type": "presence", **PRESENCE})
    await socket.send({"type": "ping"})

    assert (await socket.message())["head"] == 0
    assert await Revision.objects.acount() == 0
    await socket.close()


@pytest.mark.parametrize(
    "wrong",
    [
        {"cursor": [True, 0]},
        {"ghosts": [["a", 1, 2]]},
        {"ghosts": [[1, 1, 2, 3]]},
        {"ghosts": [["a", 1, 2, 3]] * 201},
        {"view": [0, 0, 0]},
        {"view": [0, 0]},
        {"following": ""},
        {"look": {"at": [1]}},
        {"look": {"at": [1, 2], "script": "x"}},
        {"look": [1, 2]},
        {"selection": ["x" * 101]},
    ],
)
def test_presence_of_another_shape_is_none(wrong):
    assert presence_of({"cursor": None, **PRESENCE}) is not None
    assert presence_of({**PRESENCE, **wrong}) is None


async def test_a_person_has_ten_sockets_at_most(design, editor, viewer):
    client = await sync_to_async(factories.client_of)(editor)
    sockets = [socket_of(client, design.pk) for _ in range(10)]
    for socket in sockets:
        assert (await socket.open())[0]
        await socket.message()

    assert await socket_of(client, design.pk).open() == (False, consumers.CLOSE_TOO_MANY)
    other = await opened(viewer, design)
    await other.close()
    await sockets[0].close()
    again = socket_of(client, design.pk)
    assert (await again.open())[0]
    for socket in (*sockets[1:], again):
        await socket.close()


async def test_a_place_that_ran_out_is_taken_again(design, editor, monkeypatch):
    monkeypatch.setattr(slots, "RENEW_EVERY_S", 0.0)
    socket = await opened(editor, design)
    await socket.message()

    await sync_to_async(cache.clear)()
    await socket.send({"type": "ping"})

    assert (await socket.message())["type"] == "pong"
    assert await sync_to_async(cache.get)(f"socket:{editor.pk}:0")
    await socket.close()


async def test_without_a_cache_sockets_open_uncounted(design, editor, monkeypatch):
    async def broken(*_, **__):
        raise OSError("no cache")

    monkeypatch.setattr(slots.cache, "aadd", broken, raising=False)
    socket = await opened(editor, design)

    assert (await socket.message())["type"] == "hello"
    await socket.close()


async def revoke_role(organisation, person, client):
    admin = await sync_to_async(factories.member)(organisation, "admin")
    member = await person.memberships.aget()
    await sync_to_async(members.suspend_member)(actor=admin, member=member)


async def sign_out(organisation, person, client):
    await sync_to_async(client.post)("/accounts/logout/")


async def end_from_elsewhere(organisation, person, client):
    elsewhere = await sync_to_async(factories.client_of)(person)
    await sync_to_async(elsewhere.post)("/accounts/me/sessions/end-others/")


async def change_password(organisation, person, client):
    person.set_password("four unrelated wet words")
    await person.asave()
    await sync_to_async(password_changed.send)(sender=None, request=None, user=person)


REVOKED = {
    "suspended": (revoke_role, consumers.CLOSE_NO_ACCESS),
    "signed out": (sign_out, consumers.CLOSE_NOT_SIGNED_IN),
    "ended from elsewhere": (end_from_elsewhere, consumers.CLOSE_NOT_SIGNED_IN),
    "password changed": (change_password, consumers.CLOSE_NOT_SIGNED_IN),
}


@pytest.mark.parametrize("how", REVOKED)
async def test_a_socket_closes_when_the_right_to_it_ends(design, organisation, viewer, editor, how):
    """At once, without waiting for anything to pass, and nobody else's with it."""
    monotonic = time.monotonic
    client = await sync_to_async(factories.client_of)(viewer)
    socket, other = socket_of(client, design.pk), await opened(editor, design)
    await socket.open()
    await socket.message()
    revoke, code = REVOKED[how]

    await revoke(organisation, viewer, client)
    begin = monotonic()

    assert await socket.close_code() == code
    assert monotonic() - begin < 2.0
    await other.message()
    await other.send({"type": "ping"})
    assert (await other.message())["type"] == "pong"
    await other.close()


async def test_a_role_lost_in_a_project_shuts_a_guest_out(design, organisation):
    guest = await sync_to_async(factories.member)(organisation, "guest")
    admin = await sync_to_async(factories.member)(organisation, "admin")
    project = await sync_to_async(lambda: design.project)()
    given = await sync_to_async(members.give_project_role)(
        actor=admin, project=project, organisation=organisation, holder=guest, role="viewer"
    )
    socket = await opened(guest, design)
    assert (await socket.message())["role"] == "viewer"

    await sync_to_async(members.take_project_role)(actor=admin, project=project, given=given)

    assert await socket.close_code() == consumers.CLOSE_NO_ACCESS


async def test_another_role_is_told_at_once(design, organisation, editor):
    admin = await sync_to_async(factories.member)(organisation, "admin")
    socket = await opened(editor, design)
    await socket.message()

    await sync_to_async(members.change_role)(
        actor=admin, member=await editor.memberships.aget(), role="viewer"
    )

    assert await socket.message() == {
        "type": "role",
        "role": "viewer",
        "may": ["evaluate", "comment"],
        "is_protected": False,
    }
    await socket.close()


async def test_protection_is_told_to_everybody_at_once(design, editor):
    socket = await opened(editor, design)
    assert "edit" in (await socket.message())["may"]

    await sync_to_async(branches.protect)(design=design, is_protected=True)

    told = await socket.message()
    assert (told["type"], told["may"], told["is_protected"]) == (
        "role",
        ["evaluate", "comment"],
        True,
    )
    await socket.close()


async def test_strangers_do_not_get_in(design, stranger):
    clients = [None, await sync_to_async(factories.client_of)(stranger)]

    for client in clients:
        is_open, _ = await socket_of(client, design.pk).open()
        assert not is_open


async def test_a_foreign_and_a_missing_design_close_alike(design, stranger):
    client = await sync_to_async(factories.client_of)(stranger)

    foreign = await socket_of(client, design.pk).open()
    missing = await socket_of(client, uuid.uuid4()).open()

    assert foreign == missing


async def test_who_loses_access_is_shut_out_with_the_next_message(
    design, editor, viewer, always_ask
):
    socket = await opened(viewer, design)
    await socket.message()

    await Membership.objects.filter(user=viewer).aupdate(is_suspended=True)
    await push(design, editor, create(rack(1)))

    assert await socket.close_code() == consumers.CLOSE_NO_ACCESS


async def test_who_signs_out_is_shut_out_with_the_next_message(design, viewer, always_ask):
    client = await sync_to_async(factories.client_of)(viewer)
    socket = socket_of(client, design.pk)
    await socket.open()
    await socket.message()

    await sync_to_async(client.logout)()
    await socket.send({"type": "ping"})

    assert await socket.close_code() == consumers.CLOSE_NOT_SIGNED_IN


async def test_a_layer_that_is_down_does_not_fail_a_write(design, editor, monkeypatch):
    async def broken(*_):
        raise OSError("no layer")

    monkeypatch.setattr(get_channel_layer(), "group_send", broken)
    await push(design, editor, create(rack(1)))
    outcome = await push(design, editor, move([rack(1)["id"]], 5))

    assert outcome.number == 2


async def test_other_parts_ring_the_same_bell(design, viewer):
    socket = await opened(viewer, design)
    await socket.message()

    await sync_to_async(live.publish)(design.pk, {"type": "evaluation", "evaluation": {}})

    assert await socket.message() == {"type": "evaluation", "evaluation": {}}
    await socket.close()
