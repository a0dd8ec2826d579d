"""What an evaluation keeps for the next one: the steps whose answers still hold.

A step is a pure function of frozen values. `Memory.step` runs it on arguments that note what the
step reads of them, column by column. Asked for again, a step runs only if something that it read
has changed, or the answer of a step within it; else its former answer stands. Nobody declares what
a step reads, so nobody can forget to: a function that reads the same values takes the same way to
the same answer.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, is_dataclass
from typing import Any, Final, ParamSpec, TypeVar, cast

import numpy as np

from engine.alike import part_names, same
from engine.reads import Asked, HandedOn, Run, Step, frozen

P = ParamSpec("P")
R = TypeVar("R")
Column = tuple[Any, ...] | np.ndarray[tuple[int], np.dtype[Any]]


class Memory(HandedOn):
    """The former answer of every step, and what it was worked out from.

    One evaluation at a time goes through a memory. Steps that it does not ask for are forgotten
    at its end, so that a memory holds what one evaluation needs and no more.
    """

    def __init__(self) -> None:
        self._steps: dict[object, Step] = {}
        self._rows: dict[object, _Rows] = {}
        self._known: set[object] = set()  # steps and rows that the evaluation rests on
        self._running: list[Run] = []
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
        asked = Asked(key, function, {each: within.origin(given[each]) for each in given})
        asked.answer = self._answer(key, function, asked.given(within.given))
        within.asked.append(asked)
        return cast("R", asked.answer)

    def _answer(self, key: object, function: Callable[..., Any], given: dict[Any, Any]) -> Any:
        self._known.add(key)
        former = self._steps.get(key)
        if former is not None and self._holds(former, given):
            return former.answer
        self.ran.append(function.__qualname__)
        run = Run(given)
        self._running.append(run)
        try:
            positional = [each for each in given if isinstance(each, int)]
            found = function(
                *map(run.value, positional),
                **{each: run.value(each) for each in given if not isinstance(each, int)},
            )
            answer = frozen(found)
        finally:
            self._running.pop()
        run.close()
        if former is not None and same(answer, former.answer):
            answer = former.answer  # so that who rests on it sees at once that it is the same
        self._steps[key] = Step(run, answer)
        return answer

    def _holds(self, step: "Step", given: dict[Any, Any]) -> bool:
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


def _with_former_parts(given: Any, former: Any) -> Any:
    """The former value if it is the same, else the new one with former parts where they are."""
    kind = given.__class__
    if kind is not former.__class__:
        return given
    if is_dataclass(kind):
        parts = {name: getattr(given, name) for name in part_names(kind)}
        kept = {n: _with_former_parts(part, getattr(former, n)) for n, part in parts.items()}
        if all(kept[name] is getattr(former, name) for name in kept):
            return former
        for name, part in kept.items():
            if part is not parts[name]:
                object.__setattr__(given, name, part)
        return given
    return former if same(given, former) else given
