"""What an evaluation keeps for the next one: the steps whose answers still hold.

A step is a pure function of frozen values. `Memory.step` runs it on arguments that note what the
step reads of them, column by column. Asked for again, a step runs only if something that it read
has changed, or the answer of a step within it; else its former answer stands. Nobody declares what
a step reads, so nobody can forget to: a function that reads the same values takes the same way to
the same answer.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date
from functools import cache, partial
from operator import attrgetter, eq, is_
from types import MemberDescriptorType
from typing import Any, Final, ParamSpec, TypeVar, cast

import numpy as np

P = ParamSpec("P")
R = TypeVar("R")
Column = tuple[Any, ...] | np.ndarray[tuple[int], np.dtype[Any]]


class Memory:
    """The former answer of every step, and what it was worked out from.

    One evaluation at a time goes through a memory. Steps that it does not ask for are forgotten
    at its end, so that a memory holds what one evaluation needs and no more.
    """

    def __init__(self) -> None:
        self._steps: dict[object, _Step] = {}
        self._rows: dict[object, _Rows] = {}
        self._known: set[object] = set()  # steps and rows that the evaluation rests on
        self._running: list[_Run] = []
        self._former: Any = None
        self.ran: list[str] = []  # steps of the latest evaluation that had to be run

    def begin(self, given: R) -> R:
        """An evaluation begins: what it is given, made of former parts where they are the same."""
        self._known, self.ran, self._running = set(), [], []
        self._former = _with_former_parts(given, self._former)
        return cast("R", self._former)

    def end(self) -> None:
        """It is over: forget the steps that it did not ask for."""
        self._steps = {key: self._steps[key] for key in self._steps if key in self._known}
        self._rows = {key: self._rows[key] for key in self._rows if key in self._known}

    def step(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """The answer of a pure function, worked out only if something that it reads changed.

        Arguments and answer are frozen dataclasses, arrays, tuples and plain values; nobody
        changes them afterwards. A memory among the arguments is handed on, for steps within.
        """
        return self.zone("", function, *args, **kwargs)

    def zone(self, name: object, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """As `step`, for a function that is asked about several parts of a plant in turn."""
        key = f"{function.__module__}.{function.__qualname__}", name
        given: dict[Any, Any] = {**dict(enumerate(args)), **kwargs}
        if not self._running:
            return cast("R", self._answer(key, function, given))
        within = self._running[-1]
        asked = _Asked(key, function, {each: within.origin(given[each]) for each in given})
        asked.answer = self._answer(key, function, asked.given(within.given))
        within.asked.append(asked)
        return cast("R", asked.answer)

    def _answer(self, key: object, function: Callable[..., Any], given: dict[Any, Any]) -> Any:
        self._known.add(key)
        former = self._steps.get(key)
        if former is not None and self._holds(former, given):
            return former.answer
        self.ran.append(function.__qualname__)
        run = _Run(given)
        self._running.append(run)
        try:
            positional = [each for each in given if isinstance(each, int)]
            found = function(
                *map(run.value, positional),
                **{each: run.value(each) for each in given if not isinstance(each, int)},
            )
            answer = _frozen(found)
        finally:
            self._running.pop()
        run.close()
        if former is not None and same(answer, former.answer):
            answer = former.answer  # so that who rests on it sees at once that it is the same
        self._steps[key] = _Step(run, answer)
        return answer

    def _holds(self, step: "_Step", given: dict[Any, Any]) -> bool:
        """Whether a step that is given this would answer as it did.

        It would if it read the same and the steps within it, asked the same, answered the same.
        """
        if given.keys() != step.run.names or not step.run.holds(given.__getitem__):
            return False
        self._known |= step.run.rows
        for asked in step.run.asked:
            now = self._answer(asked.key, asked.function, asked.given(given))
            if now is not asked.answer and not same(now, asked.answer):
                return False
        return True

    def rows(
        self, function: Callable[..., Iterable[R]], columns: Sequence[Column], *shared: Any
    ) -> tuple[R, ...]:
        """The answers of a pure function that answers row by row, asked for changed rows alone.

        It is given some rows of each of the columns, which are arrays or tuples of one length, and
        then `shared`; what it answers for a row may rest on that row and `shared` alone. Other
        than a step it is not observed: all that it reads is handed to it as it is.
        """
        former, changed = self._rows_before(function, columns, shared)
        if former is None:
            answers = tuple(function(*columns, *shared))
        elif changed:
            found = function(*(_chosen(column, changed) for column in columns), *shared)
            fresh = dict(zip(changed, found, strict=True))
            answers = tuple(fresh.get(row, was) for row, was in enumerate(former.answers))
        else:
            answers = former.answers
        return self._rows_now(function, _Rows(columns, shared, answers))

    def columns(
        self,
        function: Callable[..., tuple[np.ndarray[Any, Any], ...]],
        columns: Sequence[Column],
        *shared: Any,
    ) -> tuple[np.ndarray[Any, Any], ...]:
        """As `rows`, for a function that answers in arrays with an entry for each row."""
        former, changed = self._rows_before(function, columns, shared)
        if former is None:
            answers = function(*columns, *shared)
        elif changed:
            fresh = function(*(_chosen(column, changed) for column in columns), *shared)
            answers = tuple(map(np.array, former.answers))
            for column, found in zip(answers, fresh, strict=True):
                column[changed] = found
        else:
            answers = former.answers
        for column in answers:
            column.setflags(write=False)
        return self._rows_now(function, _Rows(columns, shared, answers))

    def _rows_before(
        self, function: Callable[..., Any], columns: Sequence[Column], shared: tuple[Any, ...]
    ) -> "tuple[_Rows | None, list[int]]":
        """The answers for rows of before, and the rows that others have taken the place of."""
        former = self._rows.get(function)
        if former is None or not former.fit(columns, shared):
            return None, []
        differs = np.zeros(len(columns[0]), dtype=bool)
        for column, was in zip(columns, former.columns, strict=True):
            differs |= _differ(column, was)
        return former, np.flatnonzero(differs).tolist()

    def _rows_now(self, function: Callable[..., Any], rows: "_Rows") -> tuple[Any, ...]:
        self._known.add(function)
        if self._running:
            self._running[-1].rows.add(function)
        columns = tuple(map(_kept_as_it_is, rows.columns))
        self._rows[function] = _Rows(columns, rows.shared, rows.answers)
        return rows.answers


class NoMemory(Memory):
    """For one evaluation alone: every step is run, and nothing is noted."""

    def begin(self, given: R) -> R:
        """What is given, as it is."""
        return given

    def zone(self, name: object, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """The answer of the function."""
        return function(*args, **kwargs)

    def rows(
        self, function: Callable[..., Iterable[R]], columns: Sequence[Column], *shared: Any
    ) -> tuple[R, ...]:
        """The answers of the function."""
        return tuple(function(*columns, *shared))

    def columns(
        self,
        function: Callable[..., tuple[np.ndarray[Any, Any], ...]],
        columns: Sequence[Column],
        *shared: Any,
    ) -> tuple[np.ndarray[Any, Any], ...]:
        """The answers of the function."""
        return function(*columns, *shared)


class OneEvaluation(NoMemory):
    """For one evaluation alone: what is asked again of the same things is worked out once."""

    def __init__(self) -> None:
        super().__init__()
        self._answers: dict[object, tuple[tuple[object, ...], object]] = {}

    def step(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """The answer of the function."""
        given = (*args, *kwargs.values())
        known = self._answers.get(function)
        if known is not None and all(map(same, given, known[0])):
            return cast("R", known[1])
        answer = function(*args, **kwargs)
        self._answers[function] = given, answer
        return answer


def kept(memory: Memory | None, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """A step within a step; without a memory the function itself.

    Notes
    -----
    Definition.
    """
    if memory is None:
        return function(*args, **kwargs)
    return memory.step(function, *args, **kwargs)


NO_MEMORY: Final = NoMemory()


@dataclass(frozen=True, slots=True)
class _Rows:
    """Answers row by row, and what they rest on."""

    columns: Sequence[Any]
    shared: tuple[Any, ...]
    answers: tuple[Any, ...]

    def fit(self, columns: Sequence[Column], shared: tuple[Any, ...]) -> bool:
        """Whether rows of these columns can be held against the former ones."""
        kinds = [(type(each), len(each), getattr(each, "dtype", None)) for each in columns]
        former = [(type(each), len(each), getattr(each, "dtype", None)) for each in self.columns]
        return kinds == former and same(shared, self.shared)


def _differ(column: Any, former: Any) -> Any:
    """Which rows of a column differ from those of a former one of the same kind and length."""
    if isinstance(column, tuple):
        if column is former:
            return False
        pairs = zip(column, former, strict=True)
        return [here is not there and not same(here, there) for here, there in pairs]
    if column.shape != former.shape:
        return True
    bits = np.dtype(f"i{column.dtype.itemsize}")
    now, then = (np.ascontiguousarray(each).view(bits) for each in (column, former))
    return (now != then).any(axis=tuple(range(1, now.ndim)))


def _chosen(column: Any, rows: list[int]) -> Any:
    return tuple(map(column.__getitem__, rows)) if isinstance(column, tuple) else column[rows]


def _kept_as_it_is(column: Any) -> Any:
    return np.array(column) if isinstance(column, np.ndarray) else column


def row_by_row(
    memory: Memory | None,
    function: Callable[..., Iterable[R]],
    columns: Sequence[Column],
    *shared: Any,
) -> tuple[R, ...]:
    """As `Memory.rows`; without a memory the answers of the function.

    Notes
    -----
    Definition.
    """
    return (memory or NO_MEMORY).rows(function, columns, *shared)


class _Step:
    """One answer and what it rests on."""

    __slots__ = ("answer", "run")

    def __init__(self, run: "_Run", answer: object) -> None:
        self.run, self.answer = run, answer


class _Asked:
    """What a step asked of a step within it, and the answer that it got."""

    __slots__ = ("_origins", "answer", "function", "key")

    def __init__(
        self, key: object, function: Callable[..., Any], origins: dict[Any, "_Origin"]
    ) -> None:
        self.key, self.function, self._origins = key, function, origins
        self.answer: Any = None

    def given(self, outer: dict[Any, Any]) -> dict[Any, Any]:
        """What the step within is given when the one around it is given this."""
        return {
            each: value if path is None else _at(outer, path)
            for each, (path, value) in self._origins.items()
        }


_Origin = tuple[tuple[Any, ...] | None, Any]  # the way to a part of what is given, or a value


def _at(given: dict[Any, Any], path: tuple[Any, ...]) -> Any:
    found = given[path[0]]
    for name in path[1:]:
        found = getattr(found, name)
    return found


class _Reads:
    """What was read of a value: part by part, down to the parts that are no dataclasses."""

    __slots__ = ("_read", "_seen")

    def __init__(self, read: Callable[[Any], Any]) -> None:
        self._read = read
        self._seen: dict[Any, Any] = {}

    def value(self, name: Any) -> Any:
        """A part, noted as read; in place of a dataclass its stand-in."""
        if name in self._seen:
            known = self._seen[name]
            return known.stand_in if isinstance(known, _Part) else known
        found = self._read(name)
        if _has_parts(found.__class__):
            part = self._seen[name] = _Part(found, self, name)
            return part.stand_in
        if isinstance(found, np.ndarray) and found.flags.writeable:
            found = found.copy()  # what is remembered stays as it was
            found.setflags(write=False)
        elif isinstance(found, Memory):
            return found
        self._seen[name] = found
        return found

    def holds(self, read: Callable[[Any], Any]) -> bool:
        """Whether every part that was read is the same of another value."""
        for name, was in self._seen.items():
            now = read(name)
            if was is not now and not (
                was.holds_for(now) if type(was) is _Part else same(was, now)
            ):
                return False
        return True

    def close(self) -> None:
        """Let go of what was not read."""
        self._read = _closed
        for part in self._seen.values():
            if isinstance(part, _Part):
                part.close()


class _Run(_Reads):
    """One run of a step: what it was given, what it read of that, and what it asked."""

    __slots__ = ("asked", "given", "names", "rows")

    def __init__(self, given: dict[Any, Any]) -> None:
        super().__init__(given.__getitem__)
        self.given, self.names = given, frozenset(given)
        self.asked: list[_Asked] = []
        self.rows: set[object] = set()

    def origin(self, value: Any) -> _Origin:
        """Where this step has a value from that it gives to a step within it.

        Of a part of what it was given itself, only that: what of it matters is up to the other.
        """
        if type(value) is not value.__class__:
            part = _stand_ins(value.__class__)[1].__get__(value)
            path = part.path(self)
            return (path, None) if path is not None else (None, part.whole())
        if isinstance(value, np.ndarray) and value.flags.writeable:
            value = value.copy()
            value.setflags(write=False)
        return None, value if isinstance(value, Memory) else _frozen(value)

    def close(self) -> None:
        super().close()
        self.given = {}


class _Part(_Reads):
    """What was read of a dataclass, and the stand-in that a step gets in its place."""

    __slots__ = ("_name", "_within", "kind", "of", "stand_in")

    def __init__(self, of: Any, within: _Reads, name: Any) -> None:
        super().__init__(partial(getattr, of))
        self.of, self.kind, self._name = of, of.__class__, name
        self._within: _Reads | None = within
        made, part = _stand_ins(self.kind)
        self.stand_in = object.__new__(made)
        part.__set__(self.stand_in, self)

    def path(self, run: _Run) -> tuple[Any, ...] | None:
        """The way to this part from what a run was given; None if it is no part of that."""
        if self._within is run:
            return (self._name,)
        way = self._within.path(run) if isinstance(self._within, _Part) else None
        return None if way is None else (*way, self._name)

    def holds_for(self, now: Any) -> bool:
        """Whether another value is of the same kind and the same where this was read."""
        return now.__class__ is self.kind and self.holds(partial(getattr, now))

    def whole(self) -> Any:
        """The dataclass itself, all of it noted as read."""
        for name in _names(self.kind):
            self.value(name)
            if isinstance(part := self._seen[name], _Part):
                part.whole()
        return self.of

    def close(self) -> None:
        super().close()
        self.of = self.stand_in = self._within = None


def _closed(name: Any) -> Any:
    raise RuntimeError(f"{name!r} is read after the step that was given it has ended")


_plainly = object.__getattribute__
_FIELDS: dict[object, tuple[str, ...]] = {}
_GETTERS: dict[object, Callable[[Any], tuple[Any, ...]]] = {}


def _names(kind: Any) -> tuple[str, ...]:
    known = _FIELDS.get(kind)
    if known is None:
        known = _FIELDS[kind] = tuple(item.name for item in fields(kind))
    return known


def _parts_of(kind: Any) -> Callable[[Any], tuple[Any, ...]]:
    """What gives all parts of a dataclass at once."""
    known = _GETTERS.get(kind)
    if known is None:
        names = _names(kind)
        one_by_one = attrgetter(*names) if len(names) > 1 else None
        known = one_by_one or (lambda value: tuple(getattr(value, name) for name in names))
        _GETTERS[kind] = known
    return known


@cache
def _has_parts(kind: Any) -> bool:
    """Whether values of a kind are dataclasses."""
    return is_dataclass(kind)


@cache
def _stand_ins(kind: Any) -> tuple[Any, Any]:
    """A class like a dataclass whose fields are read through a `_Part`, and where that stands."""
    slots: dict[str, Any] = {name: getattr(kind, name, None) for name in _names(kind)}
    has_slots = all(isinstance(slot, MemberDescriptorType) for slot in slots.values())

    def first_read(self: object, name: str) -> Any:
        if name not in slots:
            raise AttributeError(name)
        found = part.__get__(self).value(name)
        slots[name].__set__(self, found)  # next time the field is simply there
        return found

    def read(self: object, name: str) -> Any:
        return part.__get__(self).value(name) if name in slots else _plainly(self, name)

    made: Any = type(
        kind.__name__,
        (kind,),
        {
            "__slots__": ("_part",),
            "__class__": property(lambda _: kind),
            # A field without a slot may have its default in the class, where it would be found.
            **({"__getattr__": first_read} if has_slots else {"__getattribute__": read}),
        },
    )
    part = made.__dict__["_part"]
    return made, part


def _frozen(found: Any) -> Any:
    """An answer that nobody can change, without stand-ins."""
    kind: Any = found.__class__
    if kind is np.ndarray:
        found.setflags(write=False)
    elif kind in ALIKE:
        return found
    elif _has_parts(kind):
        if type(found) is not kind:
            return _frozen(_stand_ins(kind)[1].__get__(found).whole())
        for name in _names(kind):
            part = getattr(found, name)
            frozen = _frozen(part)
            if frozen is not part:
                object.__setattr__(found, name, frozen)
    return tuple(found) if isinstance(found, Iterator) else found


def _with_former_parts(given: Any, former: Any) -> Any:
    """The former value if it is the same, else the new one with former parts where they are."""
    kind = given.__class__
    if kind is not former.__class__:
        return given
    if is_dataclass(kind):
        parts = {name: getattr(given, name) for name in _names(kind)}
        kept = {n: _with_former_parts(part, getattr(former, n)) for n, part in parts.items()}
        if all(kept[name] is getattr(former, name) for name in kept):
            return former
        for name, part in kept.items():
            if part is not parts[name]:
                object.__setattr__(given, name, part)
        return given
    return former if same(given, former) else given


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
    if _has_parts(kind):
        parts = _parts_of(kind)
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
