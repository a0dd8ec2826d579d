"""Nobody gets at what is not theirs, by any route: generated from the routes themselves."""

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any
from unittest import mock

import pytest
from django.core.cache import cache
from django.db import transaction
from django.db.models import Q
from django.http import HttpResponse
from django.test import Client

from accounts import permissions
from accounts.models import Role
from planner.celery import app
from planner.urls import websocket_urlpatterns
from tests import factories
from tests.planner import world as w
from tests.planner.policy import LINK, OWN, POLICY, PUBLIC, SIGNED_IN, SOCKETS, TASKS, Rule

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
LEAST_BITE = 0.95
# Pages of the API library: they are the same for everybody.
NOT_OURS = ("api/docs", "api/openapi.json")


@pytest.fixture
def world(db) -> w.World:
    made = w.World()
    made.sign_in()
    return made


def inventory() -> set[str]:
    found: set[str] = set()
    for path, methods in w.http_routes():
        named = {route.partition(" ")[0] for route in POLICY if route.partition(" ")[2] == path}
        found |= {f"{method} {path}" for method in methods or named or {"ANY"}}
    return found


def test_every_route_is_classified():
    assert sorted(inventory() - POLICY.keys()) == []


def test_every_classified_route_exists():
    assert sorted(POLICY.keys() - inventory()) == []


def test_every_socket_is_classified():
    found = {w.CONVERTER.sub(r"{\1}", str(entry.pattern)) for entry in websocket_urlpatterns}

    assert found == SOCKETS.keys()


def test_every_task_is_classified():
    app.loader.import_default_modules()

    assert {name for name in app.tasks if not name.startswith("celery.")} == TASKS.keys()


def test_a_page_takes_no_method_that_is_not_classified(world):
    taken = []
    for path, declared in w.http_routes():
        if declared or path.startswith(NOT_OURS) or path == "api/":
            continue
        for method in METHODS:
            if f"{method} {path}" not in POLICY:
                route = f"{method} {path}"
                answer = ask(world, "admin", route, Rule(access=PUBLIC), world.home.ids)
                if answer.status_code != 405:
                    taken.append(f"{route}: {answer.status_code}")

    assert taken == []


def ask(world: w.World, actor: str, route: str, rule: Rule, ids: Mapping[str, Any]) -> HttpResponse:
    cache.clear()
    with transaction.atomic():
        answer = world.ask(actor, route, rule, ids)
        transaction.set_rollback(True)
    return answer


def denials(world: w.World, route: str, rule: Rule) -> Iterator[tuple[str, str]]:
    """What goes wrong where an actor must be refused, cell by cell; '' where it goes right."""
    if rule.access in (PUBLIC, SIGNED_IN) and not rule.lists:
        return
    home = dict(world.home.ids)
    is_link = rule.access == LINK
    unwelcome = (*w.NOBODY, *w.POOR_HOLDERS, *w.OUTSIDERS, *w.ROLES) if is_link else w.OUTSIDERS
    for actor in unwelcome:
        cell = f"{actor}: {route}"
        answer = ask(world, actor, route, rule, home)
        if rule.lists:
            leaks = world.home.canary in answer.content.decode()
            yield cell, "shows what belongs to another organisation" if leaks else ""
        else:
            missing = w.nowhere(home)
            same = w.anonymised(ask(world, actor, route, rule, missing), missing)
            if answer.status_code != 404:
                yield cell, f"answers {answer.status_code}, not 404"
            elif w.anonymised(answer, home) != same:
                yield cell, "tells a foreign thing from one that never existed"
            else:
                yield cell, ""
    if rule.access in permissions.ALLOWED:
        for role in w.ROLES:
            if role not in permissions.ALLOWED[rule.access]:
                status = ask(world, role, route, rule, home).status_code
                yield f"{role}: {route}", "" if status == 403 else f"answers {status}, not 403"


@pytest.mark.parametrize("route", POLICY)
def test_nobody_gets_more_than_their_due(world, route):
    faults = [f"{cell} {fault}" for cell, fault in denials(world, route, POLICY[route]) if fault]

    assert faults == []


@pytest.mark.parametrize("route", POLICY)
def test_nobody_unknown_gets_in(world, route):
    rule = POLICY[route]
    for actor in () if rule.access == LINK else (*w.NOBODY, *w.HOLDERS):
        answer = ask(world, actor, route, rule, dict(world.home.ids))
        if rule.access == PUBLIC:
            assert answer.status_code < 500 or route == "GET readyz"
            assert answer.status_code != 401
        elif " api/" in route:
            assert answer.status_code == 401, actor
        else:
            assert answer.status_code == 302, actor
            assert "/accounts/" in answer.headers["Location"]
        if not answer.streaming:
            assert world.home.canary not in answer.content.decode()


@pytest.mark.parametrize("route", [each for each in POLICY if POLICY[each].access != PUBLIC])
def test_everybody_gets_their_due(world, route):
    rule = POLICY[route]
    entitled = {OWN: ("admin",), LINK: (w.HOLDER,)}
    for actor in entitled.get(rule.access, w.ROLES):
        if actor not in permissions.ALLOWED.get(rule.access, w.ROLES):
            continue
        answer = ask(world, actor, route, rule, dict(world.home.ids))

        refusals = {400, 401, 403, 404, 405} - rule.may_answer
        assert answer.status_code not in refusals, (actor, answer)
        assert answer.status_code < 500 or answer.status_code in rule.may_answer, (actor, answer)
        if rule.lists:
            assert world.home.canary in answer.content.decode() or "token" in route


def test_the_matrix_bites(world):
    """With the central decision forced open, the cells above must go red."""
    red, count = 0, 0
    with (
        mock.patch.object(permissions, "role_in", lambda *_: Role.ADMIN),
        mock.patch.object(permissions, "_open_to", lambda actor: Q()),
    ):
        for route, rule in POLICY.items():
            # A person's own things are kept from others by their owner, not by a role.
            if rule.access not in (OWN, LINK) and not (rule.lists and "accounts/me" in route):
                for _cell, fault in denials(world, route, rule):
                    count += 1
                    red += bool(fault)

    assert count > 50
    assert red / count >= LEAST_BITE


@pytest.mark.parametrize("route", [each for each in POLICY if " api/" in each])
def test_a_reading_token_never_writes(world, route):
    rule = POLICY[route]
    if rule.access == PUBLIC or route.startswith("GET "):
        return
    method, _, path = route.partition(" ")
    header = factories.token(world.home.people["admin"], "read")

    answer = Client().generic(
        method,
        "/" + path.format(**world.home.ids),
        "{}",
        content_type="application/json",
        headers=header,
    )

    assert answer.status_code == 403
    assert answer.json()["code"] == "read-only-token"


SECOND_IDS = {
    "POST api/projects/{project_id}/designs": lambda foreign: {
        "name": "Copy",
        "copy_of": foreign["design_id"],
    },
    "POST api/designs/{design_id}/comparisons": lambda foreign: {
        "revision": 0,
        "with_revision": 0,
        "with_design_id": foreign["design_id"],
    },
    "POST designs/{design_id}/compare/run/": lambda foreign: {
        "a": f"{foreign['design_id']}@0",
        "b": "0",
    },
}


@pytest.mark.parametrize("route", SECOND_IDS)
def test_a_second_id_is_asked_for_as_strictly_as_the_first(world, route):
    foreign = world.abroad.ids
    rule = dataclasses.replace(POLICY[route], body=lambda ids: SECOND_IDS[route](foreign))

    answer = ask(world, "admin", route, rule, world.home.ids)

    assert answer.status_code == 404
    assert world.abroad.canary not in answer.content.decode()


def test_a_comparison_page_shows_no_foreign_side(world):
    rule = dataclasses.replace(
        POLICY["GET designs/{design_id}/compare/"], query=f"a={world.abroad.ids['design_id']}@0"
    )

    answer = ask(world, "admin", "GET designs/{design_id}/compare/", rule, world.home.ids)

    assert answer.status_code == 404
