"""API tokens: what a program may do in a person's name."""

import pytest
from django.test import Client

from accounts.models import ApiToken
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_token_acts_as_its_person_without_a_cookie(editor):
    answer = Client(enforce_csrf_checks=True).post(
        "/api/tokens",
        {"name": "Pipeline", "scope": "read"},
        content_type="application/json",
        headers=factories.token(editor),
    )

    assert answer.status_code == 201
    assert ApiToken.objects.get(name="Pipeline").user == editor


def test_the_secret_is_told_once_and_not_kept(editor):
    client = factories.client_of(editor)
    made = client.post("/api/tokens", {"name": "A"}, content_type="application/json").json()

    listed = client.get("/api/tokens").json()

    assert made["token"].startswith("plenum_")
    assert "token" not in listed[0]
    assert made["token"] not in ApiToken.objects.get().digest


def test_a_reading_token_changes_nothing(editor):
    header = factories.token(editor, "read")

    answer = Client().post(
        "/api/tokens", {"name": "A"}, content_type="application/json", headers=header
    )

    assert Client().get("/api/tokens", headers=header).status_code == 200
    assert answer.status_code == 403
    assert answer.json()["code"] == "read-only-token"


@pytest.mark.parametrize("value", ["Bearer wrong", "Bearer", "Basic abc", "plenum_abc", ""])
def test_anything_else_is_nobody(editor, value):
    factories.token(editor)

    answer = Client().get("/api/tokens", headers={"Authorization": value})

    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_bad_token_is_not_rescued_by_a_cookie(editor):
    answer = factories.client_of(editor).get(
        "/api/tokens", headers={"Authorization": "Bearer wrong"}
    )

    assert answer.status_code == 401


def test_a_revoked_token_is_dead_at_once(editor):
    header = factories.token(editor)
    token = ApiToken.objects.get()

    revoked = Client().delete(f"/api/tokens/{token.pk}", headers=header)

    assert revoked.status_code == 204
    assert Client().get("/api/tokens", headers=header).status_code == 401


def test_nobody_revokes_the_token_of_another(editor, viewer):
    factories.token(editor)
    token = ApiToken.objects.get()

    answer = factories.client_of(viewer).delete(f"/api/tokens/{token.pk}")

    assert answer.status_code == 404
    assert ApiToken.objects.exists()


def test_use_is_recorded(editor):
    Client().get("/api/tokens", headers=factories.token(editor))

    assert ApiToken.objects.get().last_used_at is not None


def test_the_account_page_makes_and_revokes(editor):
    client = factories.client_of(editor)

    made = client.post("/accounts/me/tokens/", {"name": "A", "scope": "read"})
    token = ApiToken.objects.get()
    revoked = client.post(f"/accounts/me/tokens/{token.pk}/revoke/", follow=True)

    assert made.context["secret"] in made.content.decode()
    assert "no longer works" in revoked.content.decode()
    assert not ApiToken.objects.exists()


def test_a_session_needs_the_csrf_token(editor):
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor)

    answer = client.post("/api/tokens", {"name": "A"}, content_type="application/json")

    assert answer.status_code == 403
    assert answer.json()["code"] == "forbidden"
