"""A reader that tries what no reader may do; it says what it was refused."""

import contextlib
import os
import socket
from typing import Any

from layouts.confinement import RefusedFile

ATTEMPTS = {
    "open a file": lambda: os.open("/etc/passwd", os.O_RDONLY),
    "write a file": lambda: os.open("left-behind", os.O_CREAT | os.O_WRONLY),
    "open a socket": socket.socket,
    "open a pair of sockets": socket.socketpair,
    "fork": os.fork,
    "start a program": lambda: os.execv("/bin/true", ["true"]),
    "signal its parent": lambda: os.kill(os.getppid(), 0),
}


def read(content: bytes) -> dict[str, Any]:
    """What was refused, and what the process still holds."""
    if content:
        raise RefusedFile("not-nothing", "The file is not empty.", [{"line": 1}])
    refused = []
    for name, attempt in ATTEMPTS.items():
        with contextlib.suppress(PermissionError):
            attempt()
            continue
        refused.append(name)
    return {"refused": refused, "environment": dict(os.environ), "is_root": os.geteuid() == 0}
