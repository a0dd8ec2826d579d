"""How to tell whether two values are alike to the last bit."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from operator import attrgetter, eq, is_
from typing import Any, Final

import numpy as np

_FIELDS: dict[object, tuple[str, ...]] = {}
_GETTERS: dict[object, Callable[[Any], tuple[Any, ...]]] = {}


def part_names(kind: Any) -> tuple[str, ...]:
    """The fields of a dataclass, by name.

    Notes
    -----
    Definition.
    """
    known = _FIELDS.get(kind)
    if known is None:
        known = _FIELDS[kind] = tuple(item.name for item in fields(kind))
    return known


def parts_of(kind: Any) -> Callable[[Any], tuple[Any, ...]]:
    """What gives all parts of a dataclass at once.

    Notes
    -----
    Definition.
    """
    known = _GETTERS.get(kind)
    if known is None:
        names = part_names(kind)
        one_by_one = attrgetter(*names) if len(names) > 1 else None
        known = one_by_one or (lambda value: tuple(getattr(value, name) for name in names))
        _GETTERS[kind] = known
    return known


@cache
def has_parts(kind: Any) -> bool:
    """Whether values of a kind are dataclasses.

    Notes
    -----
    Definition.
    """
    return is_dataclass(kind)


def same(one: Any, other: Any) -> bool:
    """Whether two values are alike to the last bit, so that no function can tell them apart.

    Notes
    -----
    Definition. Of values of kinds that are not known here, each is like itself alone.
    """
    kind = one.__class__
    if one is other or kind is not other.__class__:
        return one is other
    alike = ALIKE.get(kind)
    if alike is not None:
        return bool(alike(one, other))
    if has_parts(kind):
        parts = parts_of(kind)
        return _same_one_by_one(parts(one), parts(other))
    if isinstance(one, Mapping):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    return isinstance(one, np.generic) and one.tobytes() == other.tobytes()


def _same_floats(one: float, other: float) -> bool:
    return one == other and (one != 0.0 or str(one) == str(other))


def _same_arrays(one: Any, other: Any) -> bool:
    if one.dtype != other.dtype or one.shape != other.shape:
        return False
    if one.dtype.hasobject:
        return _same_items(one.ravel().tolist(), other.ravel().tolist())
    return bool(one.tobytes() == other.tobytes())


def _same_items(one: Sequence[Any], other: Sequence[Any]) -> bool:
    if len(one) != len(other):
        return False
    if all(map(is_, one, other)):
        return True
    kinds = {*map(type, one), *map(type, other)}
    if len(kinds) == 1 and not kinds.isdisjoint((str, int)):  # names or numbers of rows: many
        return one == other
    return _same_one_by_one(one, other)


def _same_one_by_one(one: Sequence[Any], other: Sequence[Any]) -> bool:
    for here, there in zip(one, other, strict=True):
        if here is not there and not same(here, there):
            return False
    return True


ALIKE: Final[Mapping[type, Callable[[Any, Any], bool]]] = {
    **dict.fromkeys((str, int, bool, bytes, date, frozenset), eq),
    float: _same_floats,
    np.ndarray: _same_arrays,
    tuple: _same_items,
    list: _same_items,
}
"""How to tell whether two values of one type are alike in every way."""
