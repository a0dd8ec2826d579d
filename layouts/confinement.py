"""Where untrusted files are read: a process of its own that gives up what reading does not need.

`layouts.gate` starts `COMMAND` with the name of a reader: a module with `read(content)` that
imports the standard library and this module only. Exit code 3 means that stdout says why the
file was refused; any other code but 0 means that a limit was hit.
"""

import codecs
import ctypes
import importlib
import json
import os
import platform
import resource
import struct
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

COMMAND: Final = (
    sys.executable,
    "-I",
    "-S",
    "-c",
    # Last on the path: no module of ours can stand in for one of the standard library.
    "import sys; sys.path.append(sys.argv[1]); from layouts.confinement import main; "
    "sys.exit(main(sys.argv[2], int(sys.argv[3])))",
    str(Path(__file__).resolve().parent.parent),
)
"""The child, but for the name of the reader and the bytes of memory it may have."""
REFUSED: Final = 3
LIMITS = {
    resource.RLIMIT_CPU: 10,
    resource.RLIMIT_FSIZE: 64 * 1024 * 1024,
    resource.RLIMIT_NOFILE: 32,
    resource.RLIMIT_CORE: 0,
    resource.RLIMIT_NPROC: 0,
}
NOBODY = 65_534
NEW_USER, NEW_NETWORK = 0x1000_0000, 0x4000_0000  # linux/sched.h
SET_DUMPABLE, SET_SECCOMP, SET_NO_NEW_PRIVS = 4, 22, 38  # linux/prctl.h
FILTER_MODE = 2
# What a parser never needs: opening files, sockets, other programs, other processes.
# open openat openat2 creat · socket socketpair connect bind · execve execveat ·
# fork vfork clone clone3 · ptrace process_vm_readv process_vm_writev · kill tgkill ·
# io_uring_setup (it could open files around the filter)
REFUSED_CALLS = {
    "x86_64": (0xC000_003E, (2, 257, 437, 85, 41, 53, 42, 49, 59, 322, 57, 58, 56, 435, 101, 310,
                             311, 62, 234, 425)),
    "aarch64": (0xC000_00B7, (56, 437, 198, 199, 203, 200, 221, 281, 220, 435, 117, 270, 271, 129,
                              131, 425)),
}  # fmt: skip
# Loaded by name when first used, and later no file can be opened.
CODECS = ("utf-8-sig", "utf-16", "latin-1", "cp437")


class RefusedFile(Exception):
    """The file is not what it should be; `answer` says why, and where if that is known."""

    def __init__(
        self, reason: str, detail: str, errors: Sequence[dict[str, Any]] | None = None
    ) -> None:
        super().__init__(detail)
        self.answer: dict[str, Any] = {"reason": reason, "detail": detail}
        if errors is not None:
            self.answer["errors"] = list(errors)


def limit(memory_bytes: int) -> None:
    """Take away what parsing does not need, for good."""
    for kind, most in {**LIMITS, resource.RLIMIT_AS: memory_bytes}.items():
        _, hard = resource.getrlimit(kind)
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (allowed, allowed))


def confine() -> list[str]:
    """Give up what the process could do to others; says what this machine let it give up.

    Where a step is not allowed the next ones still hold, and the limits always do.
    """
    given_up: list[str] = []
    if not sys.platform.startswith("linux"):
        return given_up
    libc = ctypes.CDLL(None, use_errno=True)
    is_root = os.geteuid() == 0
    if libc.unshare(NEW_NETWORK if is_root else NEW_USER | NEW_NETWORK) == 0:
        given_up.append("network")
    if is_root:
        os.setgroups([])
        os.setresgid(NOBODY, NOBODY, NOBODY)
        os.setresuid(NOBODY, NOBODY, NOBODY)
        given_up.append("user")
    libc.prctl(SET_DUMPABLE, 0, 0, 0, 0)
    if libc.prctl(SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0:
        given_up.append("privileges")
    if platform.machine() in REFUSED_CALLS and _filter_calls(libc) == 0:
        given_up.append("calls")
    return given_up


def _filter_calls(libc: ctypes.CDLL) -> int:
    """Have the kernel refuse the calls above with EPERM; another machine's calls end us."""
    machine, refused = REFUSED_CALLS[platform.machine()]
    program = _program(machine, refused)
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *each) for each in program))
    header = struct.pack("@HP", len(program), ctypes.addressof(code))
    done: int = libc.prctl(SET_SECCOMP, FILTER_MODE, ctypes.create_string_buffer(header), 0, 0)
    return done


def _program(machine: int, refused: Sequence[int]) -> list[tuple[int, int, int, int]]:
    """The filter as instructions of the kernel's packet language: code, if, else, operand."""
    load, equal, at_least, answer = 0x20, 0x15, 0x35, 0x06
    kill, fail, allow = 0x8000_0000, 0x0005_0001, 0x7FFF_0000
    count = len(refused)
    return [
        (load, 0, 0, 4),
        (equal, 1, 0, machine),
        (answer, 0, 0, kill),
        (load, 0, 0, 0),
        # Numbers from here on are the same calls under another convention.
        (at_least, count + 1, 0, 0x4000_0000),
        *((equal, count - place, 0, number) for place, number in enumerate(refused)),
        (answer, 0, 0, allow),
        (answer, 0, 0, fail),
    ]


def main(reader: str, memory_bytes: int) -> int:
    """Give up what reading does not need, then have the named module read stdin to stdout."""
    limit(memory_bytes)
    read = importlib.import_module(reader).read
    for name in CODECS:
        codecs.lookup(name)
    confine()
    try:
        output, code = json.dumps(read(sys.stdin.buffer.read())), 0
    except RefusedFile as refused:
        output, code = json.dumps(refused.answer), REFUSED
    sys.stdout.write(output)
    return code
