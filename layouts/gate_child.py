"""Runs alone, in a process of its own: JSON from stdin, checked JSON to stdout.

Imports the standard library only. Exit code 3 means that stdout says why the file was
refused; any other code but 0 means that a limit was hit.
"""

import json
import resource
import sys
from typing import Any

LIMITS = {
    resource.RLIMIT_CPU: 10,
    resource.RLIMIT_FSIZE: 64 * 1024 * 1024,
    resource.RLIMIT_NOFILE: 32,
    resource.RLIMIT_CORE: 0,
}
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
