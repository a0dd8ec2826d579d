"""What the environment decides, and what is safe without it."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from channels_redis.core import RedisChannelLayer
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from redis.connection import parse_url

from planner import addresses, secret_key
from planner.profiles import PROFILES

ROOT = Path(__file__).resolve().parents[2]

SHOWN = (
    "SESSION_COOKIE_NAME",
    "SESSION_COOKIE_SECURE",
    "SECURE_SSL_REDIRECT",
    "SECURE_HSTS_SECONDS",
    "ALLOWED_HOSTS",
    "CSRF_TRUSTED_ORIGINS",
)


def settings_under(folder: Path, **environment: str) -> dict:
    script = (
        "import json; from planner import settings as s;"
        f"print(json.dumps({{name: getattr(s, name) for name in {SHOWN!r}}}))"
    )
    known = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    answer = subprocess.run(
        [sys.executable, "-c", script],
        env={**known, "PLENUM_DATA": str(folder), **environment},
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(answer.stdout)


def test_one_person_on_one_machine(tmp_path):
    found = settings_under(tmp_path, PLENUM_PORT="8123")

    assert found == {
        "SESSION_COOKIE_NAME": "plenum_session_8123",
        "SESSION_COOKIE_SECURE": False,
        "SECURE_SSL_REDIRECT": False,
        "SECURE_HSTS_SECONDS": 0,
        "ALLOWED_HOSTS": ["127.0.0.1", "localhost"],
        "CSRF_TRUSTED_ORIGINS": ["http://127.0.0.1:8123", "http://localhost:8123"],
    }


def test_a_server(tmp_path):
    found = settings_under(tmp_path, PLENUM_PROFILE="server", ORIGINS="https://plenum.example:8443")

    assert found == {
        "SESSION_COOKIE_NAME": "__Host-plenum_session",
        "SESSION_COOKIE_SECURE": True,
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 3600,
        "ALLOWED_HOSTS": ["plenum.example"],
        "CSRF_TRUSTED_ORIGINS": ["https://plenum.example:8443"],
    }


def test_the_profiles_differ_in_what_the_table_says():
    embedded, server = PROFILES["embedded"], PROFILES["server"]

    assert (embedded.https, server.https) == (False, True)
    assert (embedded.behind_proxy, server.behind_proxy) == (False, True)
    assert server.hosts == ()


def test_twenty_starts_at_once_make_one_private_key(tmp_path):
    folder = tmp_path / "data"
    script = (
        "import sys; from pathlib import Path; from planner.secret_key import read_or_make;"
        "print(read_or_make(Path(sys.argv[1])))"
    )
    starts = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(folder / "secret-key")],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(20)
    ]

    keys = {start.communicate()[0] for start in starts}

    assert len(keys) == 1
    assert stat.S_IMODE((folder / "secret-key").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [path.name for path in folder.iterdir()] == ["secret-key"]


def test_a_key_that_others_can_read_is_refused(tmp_path):
    path = tmp_path / "secret-key"
    secret_key.read_or_make(path)
    path.chmod(0o644)

    with pytest.raises(ImproperlyConfigured, match="chmod 600"):
        secret_key.read_or_make(path)


def test_a_postgres_address_is_read_in_full():
    found = addresses.database(
        "postgresql://me:p%40ss@db.example:5433/plenum?sslmode=require", Path("/x"), wal=True
    )

    assert (found["USER"], found["PASSWORD"]) == ("me", "p@ss")
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("db.example", "5433", "plenum")
    assert found["OPTIONS"]["sslmode"] == "require"


def test_an_unknown_database_is_refused():
    with pytest.raises(ImproperlyConfigured, match="mysql"):
        addresses.database("mysql://x", Path("/x"), wal=True)


@pytest.mark.django_db
def test_an_acknowledged_commit_survives_a_power_cut():
    """WAL with synchronous NORMAL loses the last commits; FULL (2) does not."""
    if connection.vendor != "sqlite":
        pytest.skip("SQLite's own settings; this run is on PostgreSQL")
    wanted = {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 20_000,
        "mmap_size": 0,
    }

    with connection.cursor() as cursor:
        found = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in wanted}
        version = cursor.execute("SELECT sqlite_version()").fetchone()[0]

    assert found == wanted
    assert tuple(map(int, version.split("."))) >= (3, 51, 3)


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("PLENUM_PROFILE", "sever", "PLENUM_PROFILE is 'sever'; it takes embedded or server."),
        ("PLENUM_PORT", "http", "PLENUM_PORT is 'http'; it takes a whole number above zero."),
        ("PLENUM_WORKERS", "0", "PLENUM_WORKERS is '0'; it takes a whole number above zero."),
    ],
)
def test_a_wrong_setting_is_one_sentence(tmp_path, variable, value, said):
    answer = subprocess.run(
        [sys.executable, "manage.py", "check"],
        env={**os.environ, "PLENUM_DATA": str(tmp_path), variable: value},
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )

    assert (answer.returncode, answer.stderr.strip()) == (1, said)


@pytest.mark.parametrize("url", ["unix:///run/v.sock?db=1", "redis://host:6379/1"])
def test_the_layer_may_wait_for_a_message_longer_than_it_does(url):
    (host,) = addresses.channel_layer(url)["CONFIG"]["hosts"]

    assert parse_url(host)["socket_timeout"] > RedisChannelLayer.brpop_timeout
    assert parse_url(host)["db"] == 1
