"""Ways back: the edits that undo one revision, or lead from one state to another.

Undo with several users looks at each property group by itself: an old value comes
back only where the group still holds what the undone revision wrote. Everything
else stays as the others left it and is reported.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from layouts.canonical import length_mm
from layouts.document import (
    LINK_GROUPS,
    Document,
    Draft,
    Element,
    Group,
    group_references,
    is_locked,
    owner_of,
)
from layouts.edits import (
    Create,
    Delete,
    IdRange,
    Move,
    Primitive,
    Refusal,
    SetGroup,
    displaced,
    released,
    replay_edit,
    unlinked,
)
from layouts.kinds import POWER_KINDS
from layouts.schema import reference_fault

PLACE_GROUPS = ("placement", "outline", "path", "line")
LEAST_MOVED = 3
"""Fewer elements are not worth a move of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A property group (None: the whole element) that an undo left alone."""

    id: str
    group: str | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reversal:
    """The edits that take a revision back from the head, and what they leave alone."""

    edits: tuple[Primitive, ...]
    skipped: tuple[Skipped, ...]


def touched_ids(before: Document, after: Document, edits: Iterable[Primitive]) -> list[str]:
    """Ids of all elements that the edits between two documents may have changed."""
    found: dict[str, None] = {}
    in_order: list[str] = []
    for edit in edits:
        match edit:
            case Create(element=element):
                found[element["id"]] = None
            case SetGroup(id=id_) | Delete(id=id_):
                found[id_] = None
            case Move(set=items):
                for item in items:
                    if isinstance(item, str):
                        found[item] = None
                        continue
                    in_order = in_order or sorted(before.elements.keys() | after.elements.keys())
                    inside = slice(bisect_left(in_order, item[0]), bisect_right(in_order, item[1]))
                    found.update(dict.fromkeys(in_order[inside]))
    return list(found)


def reversal(
    *,
    before: Document,
    after: Document,
    head: Document,
    ids: Sequence[str],
    respect_locks: bool = True,
) -> Reversal:
    """Take back, at `head`, what changed between `before` and `after` in some elements.

    With `after` the same as `head` this is the way from `head` to `before`.
    """
    plan = _Plan(head)
    for id_ in sorted(ids, key=lambda one: _creation_rank(before.elements.get(one))):
        if id_ in before.elements and id_ not in after.elements:
            plan.bring_back(before.elements[id_])
    plan.link_again()
    for id_ in ids:
        if id_ in before.elements and id_ in after.elements:
            plan.set_back(before.elements[id_], after.elements[id_], respect_locks=respect_locks)
    created = [id_ for id_ in ids if id_ in after.elements and id_ not in before.elements]
    plan.take_out([after.elements[id_] for id_ in created], respect_locks=respect_locks)
    return Reversal(edits=folded(head, plan.edits), skipped=tuple(plan.skipped))


def folded(document: Document, edits: Sequence[Primitive]) -> tuple[Primitive, ...]:
    """The same edits, with places that shift by one vector written as moves.

    The undo of a move of 10,000 racks is then as small as the move was.
    """
    shifts: dict[tuple[float, float], list[str]] = {}
    for edit in edits:
        if isinstance(edit, SetGroup) and edit.group in PLACE_GROUPS:
            vector = _shift(document.elements.get(edit.id), edit)
            if vector is not None:
                shifts.setdefault(vector, []).append(edit.id)
    shifts = {vector: ids for vector, ids in shifts.items() if len(ids) >= LEAST_MOVED}
    if not shifts:
        return tuple(edits)
    in_order = sorted(document.elements)
    moved = {id_ for ids in shifts.values() for id_ in ids}
    moves = (
        Move(set=as_ranges(in_order, ids), dx_mm=dx_mm, dy_mm=dy_mm)
        for (dx_mm, dy_mm), ids in shifts.items()
    )
    rest = (
        edit
        for edit in edits
        if not (isinstance(edit, SetGroup) and edit.group in PLACE_GROUPS and edit.id in moved)
    )
    # Moves go first: their ranges count the elements that are there now.
    return (*moves, *rest)


def _shift(element: Element | None, edit: SetGroup) -> tuple[float, float] | None:
    """The vector by which an edit shifts an element, if that is all it does."""
    if element is None or edit.value is None or edit.group not in element:
        return None
    (old_x, old_y), (new_x, new_y) = _anchor(element[edit.group]), _anchor(edit.value)
    vector = length_mm(new_x - old_x), length_mm(new_y - old_y)
    shifted = displaced(element, *vector)
    if isinstance(shifted, Refusal) or shifted[edit.group] != edit.value:
        return None
    return vector


def _anchor(place: Group) -> tuple[float, float]:
    if "points_mm" in place:
        return place["points_mm"][0][0], place["points_mm"][0][1]
    if "from_x_mm" in place:
        return place["from_x_mm"], place["from_y_mm"]
    return place["x_mm"], place["y_mm"]


def as_ranges(in_order: Sequence[str], ids: Sequence[str]) -> tuple[str | IdRange, ...]:
    """A set of ids, with runs of neighbours written as ranges."""
    places = sorted(bisect_left(in_order, id_) for id_ in set(ids))
    found: list[str | IdRange] = []
    first = 0
    for index, place in enumerate(places):
        if index + 1 < len(places) and places[index + 1] == place + 1:
            continue
        count = index - first + 1
        start, end = in_order[places[first]], in_order[place]
        found.append(start if count == 1 else (start, end, count))
        first = index + 1
    return tuple(found)


def difference(source: Document, target: Document) -> tuple[Primitive, ...]:
    """Edits that lead from one document to another."""
    ids = [
        id_
        for id_ in sorted(source.elements.keys() | target.elements.keys())
        if source.elements.get(id_) != target.elements.get(id_)
    ]
    way = reversal(before=target, after=source, head=source, ids=ids, respect_locks=False)
    return way.edits


def _creation_rank(element: Element | None) -> int:
    return 0 if element is not None and element["kind"] == "module_type" else 1


class _Plan:
    """The edits of a reversal, each tried on a draft of the head as it is added."""

    def __init__(self, head: Document) -> None:
        self.draft = Draft(head)
        self.edits: list[Primitive] = []
        self.skipped: list[Skipped] = []
        self.links: list[SetGroup] = []

    def bring_back(self, element: Element) -> None:
        """Create a deleted element; its links follow when all elements are there."""
        id_ = element["id"]
        if id_ in self.draft.elements:
            self._skip(id_, None, "exists again")
            return
        if element["kind"] == "site" and any(
            other["kind"] == "site" for other in self.draft.elements.values()
        ):
            self._skip(id_, None, "there is another site now")
            return
        bare = element
        for group in LINK_GROUPS:
            if any(group_references(group, bare.get(group))):
                self.links.append(SetGroup(id=id_, group=group, value=bare[group]))
                bare = unlinked(bare, group)
        if any(
            self._is_dead("type", target) for target in group_references("type", bare.get("type"))
        ):
            self._skip(id_, None, "its module type is gone")
            self.links = [link for link in self.links if link.id != id_]
            return
        self._do(Create(element=bare))

    def link_again(self) -> None:
        """Set the links of what was brought back, without those that lead nowhere now."""
        for link in self.links:
            self._do(self._resolvable(link))

    def set_back(self, old: Element, mine: Element, *, respect_locks: bool) -> None:
        """Give every group that still holds my value its old value back."""
        id_ = old["id"]
        groups = [group for group in {**old, **mine} if old.get(group) != mine.get(group)]
        now = self.draft.elements.get(id_)
        if now is None:
            if groups:
                self._skip(id_, None, "deleted")
            return
        is_held = respect_locks and is_locked(now) and "state" not in groups
        # A lock goes off before the other groups change and on after them.
        groups.sort(key=lambda group: (group == "state") == is_locked(old))
        for group in groups:
            if now.get(group) != mine.get(group):
                self._skip(id_, group, "changed")
            elif is_held:
                self._skip(id_, group, "locked")
            elif group == "type" and self._is_dead(group, old[group]["type_id"]):
                self._skip(id_, group, "its module type is gone")
            else:
                self._do(self._resolvable(SetGroup(id=id_, group=group, value=old.get(group))))

    def take_out(self, created: Sequence[Element], *, respect_locks: bool) -> None:
        """Delete what was created, where nobody changed it and nobody refers to it."""
        going: dict[str, Element] = {}
        for element in created:
            id_ = element["id"]
            now = self.draft.elements.get(id_)
            if now is None:
                self._skip(id_, None, "deleted")
            elif now != element:
                self._skip(id_, None, "changed")
            elif respect_locks and is_locked(now):
                self._skip(id_, None, "locked")
            else:
                going[id_] = element
        while held := [id_ for id_ in going if self._referrers(id_) - going.keys()]:
            for id_ in held:
                del going[id_]
                self._skip(id_, None, "in use")
        for id_ in sorted(going, key=lambda one: _deletion_rank(going[one])):
            for referrer in sorted(self._referrers(id_)):
                for change in released(self.draft.elements[referrer], id_):
                    self._do(change)
            self._do(Delete(id=id_))

    def _referrers(self, id_: str) -> frozenset[str]:
        return frozenset(self.draft.referrers.get(id_, ()))

    def _resolvable(self, edit: SetGroup) -> SetGroup:
        """The same edit, with references that lead nowhere now set to null."""
        value = edit.value
        for target in set(group_references(edit.group, value)):
            if self._is_dead(edit.group, target):
                for change in released({"id": edit.id, edit.group: value}, owner_of(target)):
                    value = change.value
        return SetGroup(id=edit.id, group=edit.group, value=value)

    def _is_dead(self, group: str, target: str) -> bool:
        owner = self.draft.elements.get(owner_of(target))
        return reference_fault(group, target, owner["kind"] if owner else None) is not None

    def _do(self, edit: Primitive) -> None:
        replay_edit(self.draft, edit)
        self.edits.append(edit)

    def _skip(self, id_: str, group: str | None, reason: str) -> None:
        self.skipped.append(Skipped(id=id_, group=group, reason=reason))


def _deletion_rank(element: Element) -> int:
    """Those that refer to others go first."""
    if element["kind"] == "module_type":
        return 2
    return 1 if element["kind"] in POWER_KINDS or element["kind"] == "module" else 0
