"""What a step reads of the values that it is given, noted part by part by stand-ins."""

from collections.abc import Callable, Iterator
from functools import cache, partial
from types import MemberDescriptorType
from typing import Any

import numpy as np

from engine.alike import ALIKE, has_parts, part_names, same


class HandedOn:
    """What steps get as it is and nobody notes: a memory, for the steps within."""


class Step:
    """One answer and what it rests on."""

    __slots__ = ("answer", "run")

    def __init__(self, run: "Run", answer: object) -> None:
        self.run, self.answer = run, answer


class Asked:
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


class Reads:
    """What was read of a value: part by part, down to the parts that are no dataclasses."""

    __slots__ = ("_read", "_seen")

    def __init__(self, read: Callable[[Any], Any]) -> None:
        self._read = read
        self._seen: dict[Any, Any] = {}

    def value(self, name: Any) -> Any:
        """A part, noted as read; in place of a dataclass its stand-in."""
        if name in self._seen:
            known = self._seen[name]
            return known.stand_in if isinstance(known, Part) else known
        found = self._read(name)
        if has_parts(found.__class__):
            part = self._seen[name] = Part(found, self, name)
            return part.stand_in
        if isinstance(found, np.ndarray) and found.flags.writeable:
            found = found.copy()  # what is remembered stays as it was
            found.setflags(write=False)
        elif isinstance(found, HandedOn):
            return found
        self._seen[name] = found
        return found

    def holds(self, read: Callable[[Any], Any]) -> bool:
        """Whether every part that was read is the same of another value."""
        for name, was in self._seen.items():
            now = read(name)
            if was is not now and not (was.holds_for(now) if type(was) is Part else same(was, now)):
                return False
        return True

    def close(self) -> None:
        """Let go of what was not read."""
        self._read = _closed
        for part in self._seen.values():
            if isinstance(part, Part):
                part.close()


class Run(Reads):
    """One run of a step: what it was given, what it read of that, and what it asked."""

    __slots__ = ("asked", "given", "names", "rows")

    def __init__(self, given: dict[Any, Any]) -> None:
        super().__init__(given.__getitem__)
        self.given, self.names = given, frozenset(given)
        self.asked: list[Asked] = []
        self.rows: set[object] = set()

    def origin(self, value: Any) -> _Origin:
        """Where this step has a value from that it gives to a step within it.

        Of a part of what it was given itself, only that: what of it matters is up to the other.
        """
        if type(value) is not value.__class__:
            part = stand_ins(value.__class__)[1].__get__(value)
            path = part.path(self)
            return (path, None) if path is not None else (None, part.whole())
        if isinstance(value, np.ndarray) and value.flags.writeable:
            value = value.copy()
            value.setflags(write=False)
        return None, value if isinstance(value, HandedOn) else frozen(value)

    def close(self) -> None:
        super().close()
        self.given = {}


class Part(Reads):
    """What was read of a dataclass, and the stand-in that a step gets in its place."""

    __slots__ = ("_name", "_within", "kind", "of", "stand_in")

    def __init__(self, of: Any, within: Reads, name: Any) -> None:
        super().__init__(partial(getattr, of))
        self.of, self.kind, self._name = of, of.__class__, name
        self._within: Reads | None = within
        made, part = stand_ins(self.kind)
        self.stand_in = object.__new__(made)
        part.__set__(self.stand_in, self)

    def path(self, run: Run) -> tuple[Any, ...] | None:
        """The way to this part from what a run was given; None if it is no part of that."""
        if self._within is run:
            return (self._name,)
        way = self._within.path(run) if isinstance(self._within, Part) else None
        return None if way is None else (*way, self._name)

    def holds_for(self, now: Any) -> bool:
        """Whether another value is of the same kind and the same where this was read."""
        return now.__class__ is self.kind and self.holds(partial(getattr, now))

    def whole(self) -> Any:
        """The dataclass itself, all of it noted as read."""
        for name in part_names(self.kind):
            self.value(name)
            if isinstance(part := self._seen[name], Part):
                part.whole()
        return self.of

    def close(self) -> None:
        super().close()
        self.of = self.stand_in = self._within = None


def _closed(name: Any) -> Any:
    raise RuntimeError(f"{name!r} is read after the step that was given it has ended")


_plainly = object.__getattribute__


@cache
def stand_ins(kind: Any) -> tuple[Any, Any]:
    """A class like a dataclass whose fields are read through a `Part`, and where that stands.

    Notes
    -----
    Definition.
    """
    slots: dict[str, Any] = {name: getattr(kind, name, None) for name in part_names(kind)}
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


def frozen(found: Any) -> Any:
    """An answer that nobody can change, without stand-ins.

    Notes
    -----
    Definition.
    """
    kind: Any = found.__class__
    if kind is np.ndarray:
        found.setflags(write=False)
    elif kind in ALIKE:
        return found
    elif has_parts(kind):
        if type(found) is not kind:
            return frozen(stand_ins(kind)[1].__get__(found).whole())
        for name in part_names(kind):
            part = getattr(found, name)
            now = frozen(part)
            if now is not part:
                object.__setattr__(found, name, now)
    return tuple(found) if isinstance(found, Iterator) else found
