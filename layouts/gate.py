"""The gate for uploaded files: parsing happens in a child process with hard limits.

A parser that hangs, crashes or eats memory takes its child with it and nothing else.
The child gets the bytes on a pipe, no database, no environment and an empty folder. It
gives up its user, its network and the calls for both as far as the machine allows.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from layouts.errors import FileRefused

MAX_FILE_BYTES = 32 * 1024 * 1024
MAX_MEMORY_BYTES = 1024 * 1024 * 1024
WALL_S = 15.0
REFUSED = 3
"""Exit code of a child that says in words what is wrong with the file."""

CHILD = Path(__file__).with_name("gate_child.py")


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
    return parsed_by(CHILD, content, max_bytes=max_bytes, memory_bytes=memory_bytes, wall_s=wall_s)


def parsed_by(
    child_script: Path,
    content: bytes,
    *,
    max_bytes: int = MAX_FILE_BYTES,
    memory_bytes: int = MAX_MEMORY_BYTES,
    wall_s: float = WALL_S,
) -> Any:
    """What a child makes of untrusted bytes: a script that imports the standard library only.

    The script is given its memory, and takes over the limits and the confinement of our
    own child before it reads.

    Raises
    ------
    FileRefused
        If the file is too big, the child refuses it, or it hit a limit.
    """
    if len(content) > max_bytes:
        raise FileRefused(
            f"The file has {len(content):,} bytes; at most {max_bytes:,} are read.",
            reason="too-big",
        )
    with tempfile.TemporaryDirectory(prefix="plenum-gate-") as folder:
        child = subprocess.Popen(
            [sys.executable, "-I", "-S", str(child_script), str(memory_bytes)],
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
