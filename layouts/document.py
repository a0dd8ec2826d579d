"""A design at one revision, as a value.

A `Document` never changes; a `Draft` is the working copy that a batch of edits is
applied to. Both keep the state hash and the index of who refers to whom up to
date element by element, so that a change costs what it touches.
"""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from layouts.canonical import EMPTY_STATE, HASH_MODULUS, element_hash, hash_text

Element = Mapping[str, Any]
"""One element: `id`, `kind` and its property groups."""

Group = Mapping[str, Any]
"""One property group; edits replace it as a whole."""

REFERENCE_FIELDS: Mapping[str, tuple[str, ...]] = {
    "feeds": ("a", "b"),
    "upstream": ("source",),
    "feeder": ("to",),
    "type": ("type_id",),
}

LINK_GROUPS = ("feeds", "upstream", "feeder", "overrides")
"""Groups whose references become null when what they lead to is deleted."""

REFERENCE_GROUPS = (*LINK_GROUPS, "type")


def owner_of(reference: str) -> str:
    """The element a reference hangs on: of `module/slot`, the module."""
    return reference.partition("/")[0]


def group_references(group: str, value: Group | None) -> Iterator[str]:
    """Every reference written in one property group."""
    if not value:
        return
    if group == "overrides":
        for slot in value.values():
            for name, inner in slot.items():
                yield from group_references(name, inner)
        return
    for field in REFERENCE_FIELDS.get(group, ()):
        if target := value.get(field):
            yield target


def references(element: Element) -> frozenset[str]:
    """Ids of the elements that an element refers to."""
    return frozenset(
        owner_of(target)
        for group in REFERENCE_GROUPS
        if group in element
        for target in group_references(group, element[group])
    )


def is_locked(element: Element) -> bool:
    """Whether an element refuses every change but to its state."""
    return bool(element.get("state", {}).get("locked", False))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Document:
    """The elements of a design at one revision."""

    elements: Mapping[str, Element]
    referrers: Mapping[str, AbstractSet[str]]  # who refers to an element
    state_sum: int

    @classmethod
    def of(cls, elements: Iterable[Element]) -> "Document":
        """The document that holds these elements; ids are unique."""
        draft = Draft(EMPTY)
        for element in elements:
            draft.put(element)
        return draft.document()

    @property
    def state_hash(self) -> str:
        """Says which elements there are, whatever the way that led here."""
        return hash_text(self.state_sum)

    def of_kind(self, *kinds: str) -> tuple[Element, ...]:
        """The elements of some kinds, in the order of their ids."""
        found = (element for element in self.elements.values() if element["kind"] in kinds)
        return tuple(sorted(found, key=lambda element: element["id"]))

    def in_order(self) -> list[Element]:
        """Every element, in the order of the ids."""
        return [self.elements[id_] for id_ in sorted(self.elements)]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Document) and self.elements == other.elements

    def __hash__(self) -> int:
        return hash(self.state_sum)


EMPTY = Document(elements={}, referrers={}, state_sum=EMPTY_STATE)


class Draft:
    """A document being changed: one shallow copy for a whole batch of edits.

    Hashing waits until the document is asked for, so that an element costs once,
    however often a batch changes it.
    """

    __slots__ = ("_former", "_owned", "_state_sum", "elements", "referrers")

    def __init__(self, document: Document) -> None:
        self.elements: dict[str, Element] = dict(document.elements)
        self.referrers: dict[str, AbstractSet[str]] = dict(document.referrers)
        self._state_sum = document.state_sum
        self._former: dict[str, Element | None] = {}  # what changed elements were at first
        self._owned: dict[str, set[str]] = {}  # sets copied here, free to change

    def put(self, element: Element) -> None:
        """Add an element, or replace the one with its id."""
        id_ = element["id"]
        former = self.elements.get(id_)
        self._former.setdefault(id_, former)
        self.elements[id_] = element
        before = references(former) if former is not None else frozenset()
        self._relink(id_, before, references(element))

    def drop(self, id_: str) -> None:
        """Take an element out."""
        former = self.elements.pop(id_)
        self._former.setdefault(id_, former)
        self._relink(id_, references(former), frozenset())

    def document(self) -> Document:
        """The document as it stands; the draft must not be changed afterwards."""
        total = self._state_sum
        for id_, former in self._former.items():
            now = self.elements.get(id_)
            if former is not None:
                total -= element_hash(former)
            if now is not None:
                total += element_hash(now)
        return Document(
            elements=self.elements, referrers=self.referrers, state_sum=total % HASH_MODULUS
        )

    def _relink(self, id_: str, before: frozenset[str], after: frozenset[str]) -> None:
        for target in before - after:
            left = self._own(target)
            left.discard(id_)
            if not left:
                del self.referrers[target], self._owned[target]
        for target in after - before:
            self._own(target).add(id_)

    def _own(self, target: str) -> set[str]:
        mine = self._owned.get(target)
        if mine is None:
            mine = self._owned[target] = set(self.referrers.get(target, ()))
            self.referrers[target] = mine
        return mine
