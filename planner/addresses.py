"""Addresses of databases, caches and brokers, turned into what Django wants to hear."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

MEMORY = "memory://"
BUSY_TIMEOUT_S = 20
LAYER_TIMEOUT_S = 30


def database(url: str, data_dir: Path, *, wal: bool) -> dict[str, Any]:
    """The database that an address names; without one, a SQLite file in the data folder."""
    if not url:
        return _sqlite(data_dir / "plenum.sqlite3", wal=wal)
    split = urlsplit(url)
    if split.scheme == "sqlite":
        return _sqlite(Path(unquote(split.path)), wal=wal)
    if split.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(
            f"DATABASE_URL begins with {split.scheme!r}; it takes postgresql:// or sqlite://."
        )
    options = dict(parse_qsl(split.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(split.path.lstrip("/")),
        "USER": unquote(split.username or ""),
        "PASSWORD": unquote(split.password or ""),
        "HOST": options.pop("host", unquote(split.hostname or "")),
        "PORT": str(split.port or options.pop("port", "")),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "pool": {"min_size": 1, "max_size": 8, "timeout": 10},
            "options": "-c statement_timeout=60000 -c lock_timeout=20000"
            " -c idle_in_transaction_session_timeout=60000",
            **options,
        },
    }


def _sqlite(path: Path, *, wal: bool) -> dict[str, Any]:
    journal = "WAL" if wal else "DELETE"
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        # A file also under test: threads must meet the same locks as in earnest.
        "TEST": {"NAME": path.with_name("test.sqlite3")},
        "OPTIONS": {
            "timeout": BUSY_TIMEOUT_S,
            "transaction_mode": "IMMEDIATE",
            # FULL: an acknowledged commit survives a power cut.
            "init_command": f"PRAGMA journal_mode={journal}; PRAGMA synchronous=FULL;"
            " PRAGMA mmap_size=0;",
        },
    }


def django_cache(url: str) -> dict[str, Any]:
    """The shared cache that an address names."""
    if url == MEMORY:
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    return {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": url}


def channel_layer(url: str) -> dict[str, Any]:
    """The layer that carries messages between processes."""
    if url == MEMORY:
        return {"BACKEND": "channels.layers.InMemoryChannelLayer"}
    return {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        # As text: the dictionary form does not work with redis 8.
        "CONFIG": {"hosts": [_patient(url)], "capacity": 1000, "expiry": 60},
    }


def _patient(url: str) -> str:
    # The layer waits up to 5 s for a message; the client's own 5 s would end that wait as an error.
    if "socket_timeout=" in url:
        return url
    return f"{url}{'&' if '?' in url else '?'}socket_timeout={LAYER_TIMEOUT_S}"


def hosts_of(origins: Iterable[str]) -> list[str]:
    """The host names in a list of origins."""
    return [host for host in (urlsplit(origin).hostname for origin in origins) if host]


def origin_of(url: str) -> str:
    """Scheme, host and port of an address."""
    split = urlsplit(url)
    return f"{split.scheme}://{split.netloc}"
