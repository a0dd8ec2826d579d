"""The trail as a file: CSV for a spreadsheet, JSON lines for a program that checks the seals."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from audit.chain import content_of

# A cell that begins like this is run as a formula by spreadsheet programs.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\0")


def as_csv(rows: Iterable[Mapping[str, Any]], columns: Iterable[str]) -> Iterator[str]:
    """CSV, a line at a time; text that could run as a formula is made text."""
    names = list(columns)
    yield _line(names)
    for row in rows:
        yield _line([_cell(row[name]) for name in names])


def as_json_lines(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """One JSON object a line, exactly as it was sealed, with its two seals."""
    for row in rows:
        content = {name: row[name] for name in row if name not in ("previous", "digest")}
        seals = {"previous": row["previous"], "digest": row["digest"]}
        yield json.dumps({"content": content_of(content), **seals}, ensure_ascii=False) + "\n"


def _cell(value: Any) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(DANGEROUS) and not isinstance(value, int) else text


def _line(cells: list[str]) -> str:
    line = io.StringIO()
    csv.writer(line).writerow(cells)
    return line.getvalue()
