"""What differs between two documents: one change for each element. Pure.

Elements are the same when their ids are, which holds between the revisions of a design
and between a design and its branches.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from layouts.document import Document, Element

How = Literal["added", "removed", "moved", "changed"]

PLACE_GROUPS = ("placement", "outline", "path", "line")


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementChange:
    """What became of one element: `groups` are those that hold other values now.

    `moved`: nothing but its place differs. An element that was moved and changed otherwise
    is `changed`, and its groups say both.
    """

    id: str
    kind: str
    how: How
    groups: tuple[str, ...]
    before: Element | None
    after: Element | None

    @property
    def element(self) -> Element:
        """The element as it is now, or as it was before it went."""
        found = self.after if self.after is not None else self.before
        return found if found is not None else {}

    def value(self, group: str) -> tuple[Any, Any]:
        """A group before and after; None where it is absent."""
        return (self.before or {}).get(group), (self.after or {}).get(group)


def differences(old: Document, new: Document) -> tuple[ElementChange, ...]:
    """The changes that lead from one document to another, in the order of the ids."""
    before, after = old.elements, new.elements
    found = []
    for id_, element in before.items():
        other = after.get(id_)
        if other is None or (other is not element and other != element):
            found.append(_change(id_, element, other))
    found += [_change(id_, None, after[id_]) for id_ in after if id_ not in before]
    return tuple(sorted(found, key=lambda change: change.id))


def differing_groups(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """The groups that two states of an element do not share."""
    names = (before.keys() | after.keys()) - {"id", "kind"}
    return tuple(sorted(name for name in names if before.get(name) != after.get(name)))


def _change(id_: str, before: Element | None, after: Element | None) -> ElementChange:
    if before is None or after is None:
        present = before if before is not None else after
        kind = str(present["kind"]) if present else ""
        how: How = "added" if before is None else "removed"
        return ElementChange(id=id_, kind=kind, how=how, groups=(), before=before, after=after)
    groups = differing_groups(before, after)
    moved = bool(groups) and all(group in PLACE_GROUPS for group in groups)
    return ElementChange(
        id=id_,
        kind=str(after["kind"]),
        how="moved" if moved else "changed",
        groups=groups,
        before=before,
        after=after,
    )
