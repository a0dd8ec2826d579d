"""The text of an evaluation, of which long columns are written anew only where they changed."""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, is_dataclass
from json.encoder import encode_basestring_ascii as quoted
from typing import Any, Final

import numpy as np

from engine.evaluation import Evaluation
from engine.memory import same
from engine.plain import plain, plain_array, wire_names

LONG: Final = 64  # entries from which a column is worth keeping
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
    """A part of a result and its text; of a long column, also that of each entry."""

    value: Any
    text: str
    entries: Any = ()
    texts: Sequence[str] = ()


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
        pieces[1::2] = [self._kept[name].text for name in names]
        return "".join(pieces)

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
        if former is not None and same(value, former.value):
            self._kept[path] = former
        elif isinstance(value, np.ndarray):
            self._kept[path] = _array(value, former)
        else:
            self._kept[path] = _tuple(value, former)
        return MARK + path

    def _entry(self, make: Callable[[Any], Any], value: Any) -> str:
        """The mark of an entry that has a text of its own."""
        path = f"{make.__name__}.{len(self._kept)}"
        former = self._former.get(path)
        if former is None or not same(value, former.value):
            former = _Kept(value, written(make(value)))
        self._kept[path] = former
        return MARK + path


def _is_column(value: Any) -> bool:
    if isinstance(value, np.ndarray):
        return value.ndim == 1 and value.dtype.kind in TEXTS
    return isinstance(value, tuple)


def _array(values: Any, former: _Kept | None) -> _Kept:
    """A column of numbers: only those that differ from the former ones are written."""
    entries = np.array(plain_array(values))
    text_of = TEXTS[entries.dtype.kind]
    if former is None or len(former.entries) != len(entries):
        texts = [*map(text_of, entries.tolist())]
    else:
        texts = [*former.texts]
        changed = np.flatnonzero(entries != former.entries)
        for at, entry in zip(changed.tolist(), entries[changed].tolist(), strict=True):
            texts[at] = text_of(entry)
    return _Kept(values, _joined(texts), entries, texts)


def _tuple(values: tuple[Any, ...], former: _Kept | None) -> _Kept:
    """As `_array`, for entries of any kind."""
    if former is None or len(former.entries) != len(values):
        texts = [*map(_entry_text, values)]
    else:
        texts = [*former.texts]
        for at, (entry, was) in enumerate(zip(values, former.entries, strict=True)):
            if entry is not was and not same(entry, was):
                texts[at] = _entry_text(entry)
    return _Kept(values, _joined(texts), values, texts)


def _entry_text(entry: Any) -> str:
    return quoted(entry) if type(entry) is str else written(plain(entry))


def _joined(texts: Iterable[str]) -> str:
    return f"[{','.join(texts)}]"


TEXTS: Final[Mapping[str, Callable[[Any], str]]] = {
    "f": float.__repr__,
    "i": int.__repr__,
    "b": json.dumps,
}
"""How `written` writes a finite number, by the kind of its column."""
