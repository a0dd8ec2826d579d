"""How one row of the trail seals the row before it, and how a broken seal is found."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

START = "0" * 64
"""What the first row follows."""

Kind = Literal["changed", "missing", "replaced", "cut", "rewritten"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One row as the chain sees it: its content as text, and its two seals."""

    number: int
    content: str
    previous: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A row, or a run of rows, that is not what was written."""

    kind: Kind
    first: int
    last: int
    detail: str


def content_of(fields: Mapping[str, Any]) -> str:
    """A row as text that is the same on every machine and every database."""
    return json.dumps(
        {name: _plain(value) for name, value in fields.items()},
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value if value is None or isinstance(value, str | int) else str(value)


def seal(content: str, previous: str) -> str:
    """The digest of a row: SHA-256 over the seal of the row before it and its own content."""
    return hashlib.sha256(f"{previous}\n{content}".encode()).hexdigest()


def faults(links: Iterable[Link], witnessed: Mapping[int, str]) -> Iterator[Fault]:
    """Everything wrong with a chain, row by row.

    `witnessed` are seals that were noted outside the database when their rows were
    written. They show a tail that was cut off, and a chain that was rewritten with
    fresh seals, neither of which the chain itself can show.
    """
    last, sealed = 0, START
    for link in links:
        number = link.number
        if number > last + 1:
            yield _missing(last + 1, number - 1)
        elif link.previous != sealed:
            yield Fault(
                kind="replaced",
                first=last,
                last=last,
                detail=f"Row {last} is not the one that row {number} was written after.",
            )
        if seal(link.content, link.previous) != link.digest:
            yield Fault(
                kind="changed",
                first=number,
                last=number,
                detail=f"Row {number} was changed after it was written.",
            )
        elif witnessed.get(number, link.digest) != link.digest:
            yield Fault(
                kind="rewritten",
                first=number,
                last=number,
                detail=f"Row {number} is not the one that was witnessed when it was written.",
            )
        last, sealed = number, link.digest
    known = max(witnessed, default=0)
    if known > last:
        rows = f"Rows {last + 1} to {known}" if known > last + 1 else f"Row {known}"
        yield Fault(
            kind="cut",
            first=last + 1,
            last=known,
            detail=f"{rows} at the end of the trail are gone; they were witnessed when written.",
        )


def _missing(first: int, last: int) -> Fault:
    rows = f"Rows {first} to {last} are" if last > first else f"Row {first} is"
    return Fault(kind="missing", first=first, last=last, detail=f"{rows} missing.")
