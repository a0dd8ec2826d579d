"""Runs alone, in a process of its own: JSON from stdin, checked JSON to stdout.

Imports the standard library only. Exit code 3 means that stdout says why the file was
refused; any other code but 0 means that a limit was hit.
"""

import ctypes
import json
import os
import platform
import resource
import struct
import sys
from collections.abc import Sequence
from typing import Any

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
MAX_DEPTH = 40
MAX_VALUES = 3_000_000
REFUSED = 3


class RefusedFile(Exception):
    """The file is not what it should be, for a reason that has a word."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


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
    # Loaded by name when first used: later no file can be opened.
    "".encode("utf-8-sig")
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


def parsed(content: bytes) -> Any:
    """The value in the bytes, without what JSON leaves open."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RefusedFile(
            "damaged", f"The file is not UTF-8 text: byte {error.start:,} does not fit."
        ) from error
    try:
        return json.loads(text, object_pairs_hook=_without_duplicates, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise RefusedFile(
            "not-json",
            f"The file is not JSON: {error.msg}, line {error.lineno}, column {error.colno}.",
        ) from error
    except RecursionError as error:
        raise RefusedFile("too-deep", "The file is nested too deeply.") from error
    except ValueError as error:
        raise RefusedFile(
            "damaged", f"The file holds a number that is too long: {error}."
        ) from error


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise RefusedFile(
                    "duplicate-key", f"The name {key[:100]!r} stands twice in one object."
                )
            seen.add(key)
    return made


def _no_constant(word: str) -> Any:
    raise RefusedFile("not-json", f"The file is not JSON: {word} is not a number.")


def check_shape(value: Any) -> None:
    """Refuse what would cost whoever reads the output more than a file may."""
    level, depth, values = [value], 0, 0
    while level:
        depth += 1
        values += len(level)
        if depth > MAX_DEPTH:
            raise RefusedFile("too-deep", "The file is nested too deeply.")
        if values > MAX_VALUES:
            raise RefusedFile("too-many-values", f"The file holds more than {MAX_VALUES:,} values.")
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]


def main() -> int:
    """Read, check, write."""
    limit(int(sys.argv[1]))
    confine()
    try:
        value = parsed(sys.stdin.buffer.read())
        check_shape(value)
        output, code = json.dumps(value), 0
    except RefusedFile as refused:
        output, code = json.dumps({"reason": refused.reason, "detail": refused.detail}), REFUSED
    sys.stdout.write(output)
    return code


if __name__ == "__main__":
    sys.exit(main())
