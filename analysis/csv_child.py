"""Runs alone, in a process of its own: CSV from stdin, its cells as JSON to stdout.

Imports the standard library only. Exit code 3 means that stdout says why the file was
refused; any other code but 0 means that a limit was hit.
"""

import csv
import io
import json
import resource
import sys

LIMITS = {
    resource.RLIMIT_CPU: 10,
    resource.RLIMIT_FSIZE: 64 * 1024 * 1024,
    resource.RLIMIT_NOFILE: 32,
    resource.RLIMIT_CORE: 0,
}
MAX_LINES = 20_002
MAX_COLUMNS = 60
MAX_CELL = 2_000
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


def cells(content: bytes) -> list[list[str]]:
    """The cells of a CSV file, line by line."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RefusedFile(
            "damaged", f"The file is not UTF-8 text: byte {error.start:,} does not fit."
        ) from error
    if "\0" in text:
        raise RefusedFile("damaged", "The file is not a text table: it holds a zero byte.")
    csv.field_size_limit(MAX_CELL)
    head = text[:4096]
    separator = ";" if head.count(";") > head.count(",") else ","
    found: list[list[str]] = []
    try:
        for line in csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True):
            if len(found) >= MAX_LINES:
                raise RefusedFile("too-many-values", f"At most {MAX_LINES - 2:,} rows are read.")
            if len(line) > MAX_COLUMNS:
                raise RefusedFile(
                    "too-many-values",
                    f"Line {len(found) + 1} has {len(line)} cells; at most {MAX_COLUMNS} are read.",
                )
            found.append(line)
    except csv.Error as error:
        raise RefusedFile("damaged", f"Line {len(found) + 1} is no CSV: {error}.") from error
    return found


def main() -> int:
    """Read, check, write."""
    limit(int(sys.argv[1]))
    try:
        output, code = json.dumps(cells(sys.stdin.buffer.read())), 0
    except RefusedFile as refused:
        output, code = json.dumps({"reason": refused.reason, "detail": refused.detail}), REFUSED
    sys.stdout.write(output)
    return code


if __name__ == "__main__":
    sys.exit(main())
