"""A whole Plenum of its own for browser tests: broker, worker and web server on one folder."""

import os
import re
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

LINK = re.compile(r"http://127\.0\.0\.1:\d+/\S+#\S+")
START_LIMIT_S = 90.0
STOP_LIMIT_S = 30.0
# What this test run set for itself, and what would point a server at somebody's data.
FOREIGN = {"BROKER_URL", "CACHE_URL", "LAYER_URL", "DATABASE_URL", "SECRET_KEY", "ORIGINS"}


@dataclass(slots=True)
class Server:
    """`manage.py serve` as a user starts it, on a data folder that nobody else has."""

    data: Path
    link: str = ""
    said: str = ""
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def home(self) -> str:
        """Where it answers, without a slash at the end."""
        return "/".join(self.link.split("/")[:3])

    def start(self) -> None:
        """Start it and read the one link that it prints."""
        self.said = ""
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "serve", "--port", str(_free_port())],
            cwd=settings.BASE_DIR,
            env=_environment(self.data),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        self.link = self._link(time.monotonic() + START_LIMIT_S)

    def stop(self) -> int:
        """Ctrl-C, and the exit status."""
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        try:
            return self.process.wait(STOP_LIMIT_S)
        finally:
            self.process.kill()

    def worker(self) -> int:
        """Process id of the worker: a child of this very supervisor."""
        assert self.process is not None
        return next(pid for pid, words in _children(self.process.pid) if "worker" in words)

    def listen(self) -> str:
        """What it wrote since it was last asked, so that its pipe never fills."""
        text = "".join(self._chunks(0.0))
        self.said += text
        return text

    def _link(self, deadline: float) -> str:
        while time.monotonic() < deadline:
            for chunk in self._chunks(0.2):
                self.said += chunk
                found = LINK.search(self.said)
                # The link is whole once something follows it.
                if found and found.end() < len(self.said):
                    return found[0]
            assert self.process is not None
            if self.process.poll() is not None:
                break
        raise AssertionError(f"the server printed no link:\n{self.said}")

    def _chunks(self, wait_s: float) -> Iterator[str]:
        assert self.process is not None and self.process.stdout is not None
        pipe = self.process.stdout.fileno()
        while select.select([pipe], [], [], wait_s)[0]:
            chunk = os.read(pipe, 65536)
            if not chunk:
                return
            yield chunk.decode(errors="replace")


@contextmanager
def serving(data: Path) -> Iterator[Server]:
    """A server that is stopped in the end."""
    server = Server(data)
    try:
        server.start()
        yield server
    finally:
        server.stop()


def _environment(data: Path) -> Mapping[str, str]:
    own = {
        name: value
        for name, value in os.environ.items()
        if name not in FOREIGN and not name.startswith(("PLENUM_", "PYTEST_"))
    }
    # Unbuffered, or the link would wait in Python until something fills its buffer.
    return {**own, "PLENUM_DATA": str(data), "PYTHONUNBUFFERED": "1"}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _children(parent: int) -> Iterator[tuple[int, list[str]]]:
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            # After the name in brackets: state, then the parent.
            own_parent = (entry / "stat").read_text().rpartition(")")[2].split()[1]
            words = (entry / "cmdline").read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue
        if int(own_parent) == parent:
            yield int(entry.name), words
