"""Builds the columns of a table whose rows mostly repeat each other.

A campus has thousands of racks and a handful of kinds of rack: what a kind has in common is
worked out once, and the columns are spread from it.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

import numpy as np

Row = Mapping[str, Any]


def columns(
    keys: Sequence[Hashable], shared: Callable[[int], Row], **own: Sequence[Any]
) -> dict[str, Any]:
    """Every column of a table; texts as tuples, numbers as arrays or lists.

    `keys` tells rows of one kind from another, `shared` what the kind of a row has in common: it
    is asked of the first of them. `own` are the columns in which every row stands for itself.
    """
    if not keys:
        return {}
    place: dict[Hashable, int] = {}
    rows: list[Row] = []
    for at, key in enumerate(keys):
        if key not in place:
            place[key] = len(rows)
            rows.append(shared(at))
    of_row = [*map(place.__getitem__, keys)]
    at_row = np.array(of_row)
    found: dict[str, Any] = dict(own)
    for name in rows[0]:
        values = [row[name] for row in rows]
        if isinstance(values[0], str):
            found[name] = tuple(map(values.__getitem__, of_row))
        else:
            found[name] = np.array(values)[at_row]
    return found
