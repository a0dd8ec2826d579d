"""Seals noted outside the database, which show what the chain alone cannot."""

import logging
import os
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings

logger = logging.getLogger(__name__)


def note(number: int, digest: str) -> None:
    """Add a line for a row that is committed.

    One write to a file opened for appending: lines of several processes do not mix. The
    row stands whether this works or not, so a full disk is logged, not raised.
    """
    try:
        descriptor = os.open(
            settings.AUDIT_WITNESS, os.O_WRONLY | os.O_APPEND | os.O_CREAT, mode=0o600
        )
        try:
            os.write(descriptor, f"{number} {digest}\n".encode())
        finally:
            os.close(descriptor)
    except OSError as error:
        logger.error("row %s of the trail has no witness: %s", number, error)


def read(path: Path) -> Mapping[int, str]:
    """Every seal noted in a file; a line that a crash left incomplete is none."""
    if not path.exists():
        return {}
    found: dict[int, str] = {}
    with path.open(encoding="ascii", errors="replace") as lines:
        for line in lines:
            number, _, digest = line.strip().partition(" ")
            if number.isdigit() and len(digest) == 64:
                found.setdefault(int(number), digest)
    return found
