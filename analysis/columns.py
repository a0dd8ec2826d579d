"""Builds the columns of a table whose rows mostly repeat each other.

A campus has thousands of racks and a handful of kinds of rack: what a kind has in common is
worked out once, and the columns are spread from it.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping
from typing import Any

import numpy as np

Row = Mapping[str, Any]


class Columns:
    """Rows that each consist of a shared part, found by its key, and a part of their own."""

    def __init__(self) -> None:
        self._own: dict[str, list[Any]] = defaultdict(list)
        self._shared: list[Row] = []
        self._place: dict[Hashable, int] = {}
        self._of_row: list[int] = []

    def add(self, key: Hashable, shared: Callable[[], Row], **own: Any) -> Row:
        """Add a row; `shared` is asked only for a key that is new. The shared part."""
        place = self._place.get(key)
        if place is None:
            place = self._place[key] = len(self._shared)
            self._shared.append(shared())
        self._of_row.append(place)
        for name, value in own.items():
            self._own[name].append(value)
        return self._shared[place]

    def build(self) -> dict[str, Any]:
        """Every column; texts as tuples, numbers as arrays or lists."""
        if not self._of_row:
            return {}
        columns: dict[str, Any] = {
            name: tuple(values) if isinstance(values[0], str) else values
            for name, values in self._own.items()
        }
        for name in self._shared[0]:
            values = [row[name] for row in self._shared]
            if isinstance(values[0], str):
                columns[name] = tuple(values[place] for place in self._of_row)
            else:
                columns[name] = np.array(values)[self._of_row]
        return columns
