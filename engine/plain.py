"""Results as plain JSON values."""

import math
from collections.abc import Mapping
from dataclasses import Field, fields, is_dataclass
from types import MappingProxyType
from typing import Any, Final

import numpy as np

INTERNAL: Final[Mapping[str, bool]] = MappingProxyType({"internal": True})
"""Metadata of a field that later steps read and the JSON form leaves out."""

AS_THEY_ARE: Final = frozenset({str, int, bool, type(None)})
"""Types whose values are JSON values already."""

_ON_THE_WIRE: Final[dict[object, tuple[str, ...]]] = {}


def number(value: float) -> float | int:
    """A finite number, rounded to 12 significant digits so that sums print as they are meant.

    Raises
    ------
    ValueError
        If it is not finite.

    Notes
    -----
    Definition.
    """
    if not math.isfinite(value):
        raise ValueError("a result must be finite")
    return float(f"{value:.12g}")


def is_on_the_wire(item: "Field[Any]") -> bool:
    """Whether a field of a result belongs to its JSON form.

    Notes
    -----
    Definition. Findings and working travel once, at the top of the evaluation.
    """
    return item.name not in ("findings", "working") and "internal" not in item.metadata


def wire_names(kind: Any) -> tuple[str, ...]:
    """The fields of a kind of result that belong to its JSON form.

    Notes
    -----
    Definition.
    """
    known = _ON_THE_WIRE.get(kind)
    if known is None:
        known = tuple(item.name for item in fields(kind) if is_on_the_wire(item))
        _ON_THE_WIRE[kind] = known
    return known


def plain(value: Any) -> Any:
    """Dataclasses, arrays and tuples as JSON values, without fields that are marked internal.

    Parameters
    ----------
    value : any
        What a step returned.

    Returns
    -------
    any
        Dictionaries, lists, numbers, text and None.

    Raises
    ------
    ValueError
        If a number is not finite.

    Notes
    -----
    Definition. Findings and working travel once, at the top of the evaluation.
    """
    kind = type(value)
    if kind in AS_THEY_ARE:
        return value
    if kind is float:
        return number(value)
    made: Any = value
    if kind in _ON_THE_WIRE or is_dataclass(value):
        made = {name: plain(getattr(value, name)) for name in wire_names(kind)}
    elif isinstance(value, np.ndarray):
        made = plain_array(value)
    elif isinstance(value, Mapping):
        made = {key: plain(item) for key, item in value.items()}
    elif isinstance(value, tuple | list):
        made = list(value) if AS_THEY_ARE.issuperset(map(type, value)) else list(map(plain, value))
    elif isinstance(value, float | np.floating):
        made = number(float(value))
    elif isinstance(value, np.integer | np.bool_):
        made = value.item()
    return made


def plain_array(values: Any) -> list[Any]:
    """An array as JSON values.

    Raises
    ------
    ValueError
        If a number is not finite.

    Notes
    -----
    Definition. See `rounded`.
    """
    return list(rounded(values).tolist())


def rounded(values: Any) -> Any:
    """An array as its JSON form shows it.

    Raises
    ------
    ValueError
        If a number is not finite.

    Notes
    -----
    Definition. Six decimals, far below what anybody measures.
    """
    if values.dtype.kind != "f":
        return values
    if not np.isfinite(values).all():
        raise ValueError("a result must be finite")
    return np.round(values, 6) + 0.0  # + 0.0 turns -0.0 into 0.0
