"""The gate for uploaded files: parsing happens in a child process with hard limits.

A parser that hangs, crashes or eats memory takes its child with it and nothing else.
The child gets the bytes on a pipe, no database, no environment and an empty folder;
`layouts.confinement` says what else it gives up.
"""

import json
import os
import signal
import subprocess
import tempfile
from typing import Any, Protocol

from layouts import json_reader
from layouts.confinement import COMMAND, REFUSED
from layouts.errors import FileRefused

MAX_FILE_BYTES = 32 * 1024 * 1024
MAX_MEMORY_BYTES = 1024 * 1024 * 1024
WALL_S = 15.0


class Reader(Protocol):
    """A module that reads one kind of file with nothing but the standard library."""

    __name__: str

    def read(self, content: bytes, /) -> Any:
        """What is in the bytes, as plain JSON values; a `RefusedFile` if that is nothing."""


def parsed_json(
    content: bytes,
    *,
    max_bytes: int = MAX_FILE_BYTES,
    memory_bytes: int = MAX_MEMORY_BYTES,
    wall_s: float = WALL_S,
) -> Any:
    """The JSON value in untrusted bytes.

    Raises
    ------
    FileRefused
        If the file is too big, is not JSON, or its parser hit a limit; nothing
        of it was used.
    """
    return parsed_by(
        json_reader, content, max_bytes=max_bytes, memory_bytes=memory_bytes, wall_s=wall_s
    )


def parsed_by(
    reader: Reader,
    content: bytes,
    *,
    max_bytes: int = MAX_FILE_BYTES,
    memory_bytes: int = MAX_MEMORY_BYTES,
    wall_s: float = WALL_S,
) -> Any:
    """What a reader makes of untrusted bytes, in a confined process of its own.

    Raises
    ------
    FileRefused
        If the file is too big, the reader refuses it, or it hit a limit.
    """
    if len(content) > max_bytes:
        raise FileRefused(
            f"The file has {len(content):,} bytes; at most {max_bytes:,} are read.",
            reason="too-big",
        )
    with tempfile.TemporaryDirectory(prefix="plenum-gate-") as folder:
        child = subprocess.Popen(
            [*COMMAND, reader.__name__, str(memory_bytes)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env={},
            start_new_session=True,
        )
        try:
            output, _ = child.communicate(content, timeout=wall_s)
        except subprocess.TimeoutExpired:
            os.killpg(child.pid, signal.SIGKILL)
            child.communicate()
            raise FileRefused("Reading the file took too long.", reason="timeout") from None
    if child.returncode == REFUSED:
        refusal = json.loads(output)
        raise FileRefused(refusal.pop("detail"), **refusal)
    if child.returncode != 0:
        raise FileRefused(
            "Reading the file needs more memory or time than a file may take.",
            reason="limit",
        )
    return json.loads(output)
