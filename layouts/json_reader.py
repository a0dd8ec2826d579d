"""Reads untrusted JSON, in the confined child (`layouts.confinement`)."""

import json
from typing import Any

from layouts.confinement import RefusedFile

MAX_DEPTH = 40
MAX_VALUES = 3_000_000


def read(content: bytes) -> Any:
    """The value in the bytes, without what JSON leaves open, no deeper or longer than it may be."""
    value = _parsed(content)
    _check_shape(value)
    return value


def _parsed(content: bytes) -> Any:
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


def _check_shape(value: Any) -> None:
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
