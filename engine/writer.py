"""The text of an evaluation, of which long columns are written anew only where they changed."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, is_dataclass
from functools import lru_cache
from itertools import chain, compress
from json.encoder import encode_basestring_ascii as quoted
from math import isfinite
from operator import is_not, ne
from typing import Any, Final

import numpy as np

from engine.alike import same
from engine.evaluation import Evaluation, Input
from engine.plain import plain, rounded, wire_names

LONG: Final = 64  # entries from which a column is worth keeping
BLOCK: Final = 128  # entries of a column whose text is kept in one piece
SCALARS: Final = frozenset({float, str, type(None)})
MARK: Final = "\x00"  # begins what stands for a column until the rest is written
MARKED: Final = re.compile(r'"\\u0000([^"]*)"')


def written(value: Any) -> str:
    """JSON values as text, the same for equal values.

    Parameters
    ----------
    value : any
        What `engine.plain.plain` makes of a result.

    Returns
    -------
    str
        ASCII.

    Raises
    ------
    ValueError
        If a number is not finite.

    Notes
    -----
    Definition. Keys in order, no spaces.
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


@dataclass(frozen=True, slots=True)
class _Kept:
    """A part of a result and its text, in pieces."""

    value: Any
    pieces: list[str]


@dataclass(frozen=True, slots=True)
class _Column(_Kept):
    """A long column: also each entry as it is written, and the texts of whole blocks of them."""

    entries: Any
    texts: list[str]

    @classmethod
    def of(cls, value: Any, entries: Any, texts: list[str]) -> "_Column":
        """A column that is new."""
        blocks = [f",{','.join(texts[at : at + BLOCK])}" for at in range(0, len(texts), BLOCK)]
        blocks[0] = blocks[0][1:]
        return cls(value, ["[", *blocks, "]"], entries, texts)

    def changed(self, value: Any, entries: Any, fresh: Mapping[int, str]) -> "_Column":
        """This column with some other entries: only their blocks are put together anew."""
        if not fresh:
            return _Column(value, self.pieces, entries, self.texts)
        texts, pieces = [*self.texts], [*self.pieces]
        for at, text in fresh.items():
            texts[at] = text
        for block in {at // BLOCK for at in fresh}:
            joined = ",".join(texts[block * BLOCK : (block + 1) * BLOCK])
            pieces[1 + block] = f",{joined}" if block else joined
        return _Column(value, pieces, entries, texts)


class Writer:
    """Writes one evaluation after another, with the columns of the one before at hand."""

    def __init__(self) -> None:
        self._former: dict[str, _Kept] = {}
        self._kept: dict[str, _Kept] = {}

    def text(self, evaluation: Evaluation) -> str:
        """What `written` makes of the evaluation's JSON form, letter by letter."""
        self._former, self._kept = self._kept, {}
        short = written(evaluation.to_json(self._part, self._entry))
        pieces = MARKED.split(short)  # text, name of what was kept, text, ...
        names = pieces[1::2]
        if sorted(names) != sorted(self._kept):  # somebody's own text looks like a mark
            return written(evaluation.to_json())
        whole = [pieces[0]]
        for name, after in zip(names, pieces[2::2], strict=True):
            whole += self._kept[name].pieces
            whole.append(after)
        return "".join(whole)

    def _part(self, result: Any) -> Any:
        """As `plain`, with marks in place of long columns."""
        return self._with_marks(result, type(result).__name__)

    def _with_marks(self, value: Any, path: str) -> Any:
        if is_dataclass(value) and not isinstance(value, type):
            names = wire_names(type(value))
            return {
                name: self._with_marks(getattr(value, name), f"{path}.{name}") for name in names
            }
        if not _is_column(value) or len(value) < LONG:
            return plain(value)
        former = self._former.get(path)
        if former is None or value is not former.value:
            column = _array if isinstance(value, np.ndarray) else _tuple
            former = column(value, former)
        self._kept[path] = former
        return MARK + path

    def _entry(self, make: Callable[[Any, Callable[[Any], Any]], Any], value: Any) -> str:
        """The mark of an entry that has a text of its own."""
        path = f"{make.__name__}.{len(self._kept)}"
        former = self._former.get(path)
        if former is None or not same(value, former.value):
            former = _Kept(value, [_text(make(value, _of_part))])
        self._kept[path] = former
        return MARK + path


def _is_column(value: Any) -> bool:
    if isinstance(value, np.ndarray):
        return value.ndim == 1 and value.dtype.kind in TEXTS
    return isinstance(value, tuple)


def _array(values: Any, former: Any) -> _Column:
    """A column of numbers: only those that differ from the former ones are written."""
    entries = rounded(values)
    text_of = TEXTS[entries.dtype.kind]
    if former is None or not _is_like(entries, former.entries):
        return _Column.of(values, entries, [*map(text_of, entries.tolist())])
    at = np.flatnonzero(entries != former.entries)
    fresh = dict(zip(at.tolist(), map(text_of, entries[at].tolist()), strict=True))
    return former.changed(values, entries, fresh)  # type: ignore[no-any-return]


def _tuple(values: tuple[Any, ...], former: Any) -> _Column:
    """As `_array`, for entries of any kind."""
    if former is None or not _is_like(values, former.entries):
        return _Column.of(values, values, [*map(_entry_text, values)])
    others = [*compress(range(len(values)), map(is_not, values, former.entries))]
    if len(others) > LONG and _are_scalars(chain(values, former.entries)) and 0.0 not in values:
        # Numbers are made anew each time; equal ones differ at most in the sign of a zero.
        others = [*compress(range(len(values)), map(ne, values, former.entries))]
    fresh = {
        at: _entry_text(values[at]) for at in others if not same(values[at], former.entries[at])
    }
    return former.changed(values, values, fresh)  # type: ignore[no-any-return]


def _are_scalars(values: Iterable[Any]) -> bool:
    return SCALARS.issuperset(map(type, values))


def _is_like(entries: Any, former: Any) -> bool:
    """Whether a column can be held against a former one entry by entry."""
    kinds = [(type(each), len(each), getattr(each, "dtype", None)) for each in (entries, former)]
    return kinds[0] == kinds[1]


class _Text(str):
    """JSON that is written already."""

    __slots__ = ()


def _text(value: Any) -> str:
    """As `written`, where parts are written already."""
    kind = type(value)
    if kind is _Text:
        return value  # type: ignore[no-any-return]
    if kind is str:
        return quoted(value)
    if kind is dict:
        return f"{{{','.join([f'{quoted(key)}:{_text(value[key])}' for key in sorted(value)])}}}"
    if kind is list:
        return f"[{','.join(map(_text, value))}]"
    return float.__repr__(value) if kind is float and isfinite(value) else written(value)


def _of_part(part: Any) -> _Text:
    """The text of an input of a figure; most inputs are those of the evaluation before."""
    return _of_input(part, repr(part.value))


@lru_cache(maxsize=4096)
def _of_input(part: Input, digits: str) -> _Text:
    """``digits`` tell values apart that are equal and look otherwise, such as 1 and 1.0."""
    return _Text(_text({name: plain(getattr(part, name)) for name in wire_names(Input)}))


def _entry_text(entry: Any) -> str:
    return quoted(entry) if type(entry) is str else written(plain(entry))


TEXTS: Final[Mapping[str, Callable[[Any], str]]] = {
    "f": float.__repr__,
    "i": int.__repr__,
    "b": json.dumps,
}
"""How `written` writes a finite number, by the kind of its column."""
