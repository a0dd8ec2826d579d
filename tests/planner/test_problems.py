"""Errors leave in one shape, whoever raised them, and people get a page with a next step."""

import pytest
from django.test import Client, RequestFactory

from engine.errors import Conflict, Forbidden, Invalid, NotFound, OutOfRange, Unavailable
from planner import pages
from planner.logs import SECRET
from planner.problems import MEDIA_TYPE, problem_response
from tests import factories

pytestmark = pytest.mark.django_db
FIELDS = {"type", "title", "status", "detail", "instance", "code"}


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Invalid("x"), 422),
        (OutOfRange("x"), 422),
        (NotFound("x"), 404),
        (Conflict("x"), 409),
        (Forbidden("x"), 403),
        (Unavailable("x"), 503),
    ],
)
def test_a_kind_of_error_has_one_status(error, status):
    answer = problem_response(RequestFactory().get("/api/x"), error)

    assert answer.status_code == status
    assert answer.headers["Content-Type"] == MEDIA_TYPE


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/nothing", 404, "not-found"),
        ("PUT", "/api/tokens", 405, "method-not-allowed"),
        ("POST", "/api/tokens", 422, "request-invalid"),
        ("GET", "/api/designs/00000000-0000-0000-0000-000000000000", 404, "design-not-found"),
        ("GET", "/api/designs/nonsense", 404, "not-found"),
    ],
)
def test_the_framework_speaks_the_same_shape(editor, method, path, status, code):
    client = factories.client_of(editor)

    answer = client.generic(method, path, "{}", content_type="application/json")

    assert answer.status_code == status
    assert answer.headers["Content-Type"] == MEDIA_TYPE
    body = answer.json()
    assert body.keys() >= FIELDS
    assert body["code"] == code
    assert body["status"] == status
    assert client.get(body["type"]).status_code == 200


def test_every_wrong_field_is_named_and_no_value_is_echoed(editor):
    answer = factories.client_of(editor).post(
        "/api/tokens", {"name": "x" * 101, "scope": "s3cret"}, content_type="application/json"
    )

    assert {each["path"] for each in answer.json()["errors"]} == {
        "name",
        "scope",
    }
    assert "s3cret" not in answer.content.decode()


def test_a_damaged_body_is_a_problem_not_a_crash(editor):
    answer = factories.client_of(editor).post("/api/tokens", b"{", content_type="application/json")

    assert answer.status_code in (400, 422)
    assert answer.headers["Content-Type"] == MEDIA_TYPE


@pytest.mark.parametrize("status", [400, 403, 404, 500])
def test_an_error_page_has_a_reference_and_a_next_step(rf, status):
    request = rf.get("/nothing")
    request.reference = "abc123"
    handlers = {
        400: lambda: pages.bad_request(request, ValueError()),
        403: lambda: pages.permission_denied(request, PermissionError()),
        404: lambda: pages.page_not_found(request, ValueError()),
        500: lambda: pages.server_error(request),
    }

    answer = handlers[status]()

    text = answer.content.decode()
    assert answer.status_code == status
    assert "abc123" in text
    assert 'class="btn btn-primary"' in text


def test_an_error_code_leads_to_its_page(editor):
    answer = Client().get("/docs/problems/key-refused")

    assert "one-time links work once" in answer.content.decode().lower()
    assert Client().get("/docs/problems/no-such-code").status_code == 404


@pytest.mark.parametrize("path", ["/", "/accounts/me/", "/catalog/", "/api/tokens"])
def test_no_cache_keeps_what_a_person_saw(editor, path):
    answer = factories.client_of(editor).get(path)

    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("path", ["/", "/accounts/me/", "/catalog/", "/accounts/login/"])
def test_pages_run_no_inline_script_and_are_framed_by_nobody(editor, path):
    answer = factories.client_of(editor).get(path)
    policy = answer.headers["Content-Security-Policy"]

    assert "script-src 'self';" in policy + ";"
    assert "style-src 'self';" in policy + ";"
    # Charts set style attributes; nothing else may be inline.
    assert "unsafe" not in policy.replace("style-src-attr 'unsafe-inline'", "")
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert " style=" not in answer.content.decode()


def test_logs_hide_secrets():
    line = "token plenum_abcdefGHIJKLMNOP password=hunter2 Cookie: a=b"

    hidden = SECRET.sub(lambda found: (found[1] or found[2] or "") + "…", line)

    assert "GHIJ" not in hidden
    assert "hunter2" not in hidden
    assert "a=b" not in hidden
