"""What was said about a design, as it is printed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

Talk = Mapping[str, Any]
"""A thread in plain words: `number title about state`, `at_mm`, and `said` as `by` and `text`."""


def moment(at: datetime) -> str:
    """A point in time as reports write it."""
    return f"{at:%Y-%m-%d %H:%M} UTC"
