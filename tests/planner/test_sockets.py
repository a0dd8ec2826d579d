"""Sockets open for pages of this very origin, and for people who may see the design."""

import asyncio
import json
from uuid import uuid4

import pytest
from asgiref.testing import ApplicationCommunicator
from django.conf import settings

from planner.asgi import application
from planner.sockets import CLOSE_FOREIGN_ORIGIN, CLOSE_NO_ROUTE, is_own_origin
from tests.planner import world as w

HOST = "127.0.0.1:8123"
FOREIGN = (
    "",
    "null",
    "http://127.0.0.1",
    "http://127.0.0.1:8124",
    "https://127.0.0.1:8123",
    "http://localhost:8123",
    "http://127.0.0.1.example:8123",
    "http://127.0.0.1:8123.example",
    "http://evil@127.0.0.1:8123",
    "http://127.0.0.1:8123/",
    "http://127.0.0.1.:8123",
    "http://2130706433:8123",
    "http://[::1]:8123",
    "file://127.0.0.1:8123",
    "127.0.0.1:8123",
    "http://127.0.0.1:99999",
)


def test_our_own_origin_is_ours():
    assert is_own_origin("http://127.0.0.1:8123", HOST, "http")


@pytest.mark.parametrize("origin", FOREIGN)
def test_any_other_origin_is_foreign(origin, settings):
    settings.CSRF_TRUSTED_ORIGINS = []

    assert not is_own_origin(origin, HOST, "http")


@pytest.mark.parametrize("host", ["evil.example:8123", "", "127.0.0.1:99999999", "["])
def test_a_rebound_host_is_foreign_to_itself(host):
    assert not is_own_origin(f"http://{host}", host, "http")


def handshake(path: str, *, session: str = "", origin: str = f"http://{HOST}"):
    headers = [(b"host", HOST.encode()), (b"origin", origin.encode())]
    if session:
        headers.append((b"cookie", f"{settings.SESSION_COOKIE_NAME}={session}".encode()))
    return {
        "type": "websocket",
        "scheme": "ws",
        "path": path,
        "query_string": b"",
        "headers": headers,
        "subprotocols": [],
    }


async def first_word(scope) -> dict:
    """What the server says to a handshake: the greeting, or why it closes."""
    caller = ApplicationCommunicator(application, scope)
    await caller.send_input({"type": "websocket.connect"})
    answer = await caller.receive_output(timeout=5)
    if answer["type"] == "websocket.accept":
        answer = await caller.receive_output(timeout=5)
        await caller.send_input({"type": "websocket.disconnect", "code": 1000})
        await caller.wait(timeout=5)
        return json.loads(answer["text"])
    return answer


async def test_a_foreign_page_gets_no_socket():
    answer = await first_word(handshake("/ws/designs/x", origin="http://evil.example"))

    assert (answer["type"], answer["code"]) == ("websocket.close", CLOSE_FOREIGN_ORIGIN)


async def test_an_unknown_address_is_closed_quietly():
    answer = await first_word(handshake("/ws/nothing"))

    assert (answer["type"], answer["code"]) == ("websocket.close", CLOSE_NO_ROUTE)


@pytest.mark.django_db(transaction=True)
def test_a_design_opens_for_those_who_may_see_it():
    world = w.World()
    world.sign_in()
    paths = dict.fromkeys(w.ACTORS, f"/ws/designs/{world.home.ids['design_id']}")
    paths["admin, nowhere"] = f"/ws/designs/{uuid4()}"

    async def ask_all() -> dict[str, dict]:
        return {
            actor: await first_word(
                handshake(path, session=world.sessions.get(actor.partition(",")[0], ""))
            )
            for actor, path in paths.items()
        }

    answers = asyncio.run(ask_all())

    greeted = {actor: each["role"] for actor, each in answers.items() if each["type"] == "hello"}
    assert greeted == {role: role for role in w.ROLES}
    assert {answers[actor]["code"] for actor in w.OUTSIDERS} == {answers["admin, nowhere"]["code"]}
