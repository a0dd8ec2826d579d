"""Reads the cells of an untrusted CSV file, in the confined child (`layouts.confinement`)."""

import csv
import io

from layouts.confinement import RefusedFile

MAX_LINES = 20_002
MAX_COLUMNS = 60
MAX_CELL = 2_000


def read(content: bytes) -> list[list[str]]:
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
