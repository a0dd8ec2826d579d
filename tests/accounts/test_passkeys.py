"""What people read about passkeys: that they need a name to belong to."""

import pytest

from tests import factories

pytestmark = pytest.mark.django_db
WORDS = "not for a bare address"


@pytest.mark.parametrize(
    ("host", "words"),
    [
        ("127.0.0.1:8000", 'href="http://localhost:8000/accounts/login/"'),
        ("10.1.2.3", "Ask whoever runs this Plenum"),
        ("[::1]:8000", 'href="http://localhost:8000/accounts/login/"'),
    ],
)
def test_a_bare_address_says_why_no_passkey_works(client, settings, host, words):
    settings.ALLOWED_HOSTS = ["*"]
    factories.user()

    page = client.get("/accounts/login/", HTTP_HOST=host).content.decode()

    assert WORDS in page
    assert words in page


def test_with_a_name_nothing_is_said(client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    factories.user()

    page = client.get("/accounts/login/", HTTP_HOST="localhost").content.decode()

    assert "Sign in with a passkey" in page
    assert WORDS not in page


def test_it_is_said_where_passkeys_are_added_and_nowhere_else(client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    client.force_login(factories.user())

    def page(path: str) -> str:
        return client.get(path, HTTP_HOST="127.0.0.1:8000").content.decode()

    assert WORDS in page("/accounts/2fa/")
    assert WORDS not in page("/accounts/password/change/")
