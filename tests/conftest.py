"""Fixtures that every test may use."""

from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, settings

from accounts.models import Organisation, User
from audit.models import Event, Head
from tests import factories

# No test judges by time: a busy machine must not turn one red.
settings.register_profile("plenum", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("plenum")


@pytest.fixture(autouse=True, scope="session")
def trail_stays():
    """Emptying the tables after a test leaves the audit trail alone, as the database wants it."""
    operations = connection.ops
    sql_flush = operations.sql_flush
    kept = {Event._meta.db_table, Head._meta.db_table}

    def without_trail(style, tables, **more):
        return sql_flush(style, [table for table in tables if table not in kept], **more)

    operations.sql_flush = without_trail
    yield
    operations.sql_flush = sql_flush


@pytest.fixture(autouse=True)
def empty_cache():
    """No rate limit or cached answer reaches from one test into the next."""
    cache.clear()


@pytest.fixture
def organisation(db) -> Organisation:
    """An organisation."""
    return factories.organisation()


@pytest.fixture
def editor(organisation: Organisation) -> User:
    """A member who may edit."""
    return factories.member(organisation, "editor")


@pytest.fixture
def viewer(organisation: Organisation) -> User:
    """A member who may only look."""
    return factories.member(organisation, "viewer")


@pytest.fixture
def admin(organisation: Organisation) -> User:
    """A member who may manage the organisation."""
    return factories.member(organisation, "admin")


@pytest.fixture
def stranger(db) -> User:
    """An admin of another organisation."""
    return factories.member(factories.organisation(), "admin")


@pytest.fixture
def client_of() -> Callable[[User], Client]:
    """A browser in which a given person is signed in."""
    return factories.client_of
