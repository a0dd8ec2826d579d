"""The edits, and what each does to a document.

An edit that can not be applied is refused with a code and a sentence; the others
of its batch still apply. What was really done is the list of *effective* edits:
they lead from the old document to the new one without any check.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, assert_never

from layouts.canonical import length_mm
from layouts.document import (
    LINK_GROUPS,
    REFERENCE_FIELDS,
    REFERENCE_GROUPS,
    Document,
    Draft,
    Element,
    Group,
    group_references,
    is_locked,
    owner_of,
)
from layouts.fields import MAX_LENGTH_MM
from layouts.kinds import KINDS
from layouts.schema import reference_fault

RefusalCode = Literal[
    "duplicate-id",
    "missing-element",
    "missing-reference",
    "circular-supply",
    "in-use",
    "locked",
    "range-changed",
    "unknown-group",
    "out-of-range",
]

IdRange = tuple[str, str, int]
"""First and last id and how many there are from one to the other, in text order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Create:
    """Add an element."""

    element: Element

    def to_json(self) -> dict[str, Any]:
        """The wire form."""
        return {"type": "create", "element": self.element}


@dataclass(frozen=True, slots=True, kw_only=True)
class SetGroup:
    """Replace one property group of an element; None removes an optional one."""

    id: str
    group: str
    value: Group | None

    def to_json(self) -> dict[str, Any]:
        """The wire form."""
        return {"type": "set", "id": self.id, "group": self.group, "value": self.value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Delete:
    """Take an element out."""

    id: str

    def to_json(self) -> dict[str, Any]:
        """The wire form."""
        return {"type": "delete", "id": self.id}


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Shift a set of elements by one vector."""

    set: tuple[str | IdRange, ...]
    dx_mm: float
    dy_mm: float

    def to_json(self) -> dict[str, Any]:
        """The wire form."""
        return {
            "type": "move",
            "set": [item if isinstance(item, str) else list(item) for item in self.set],
            "dx_mm": self.dx_mm,
            "dy_mm": self.dy_mm,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ArrayCommand:
    """Copy elements to several places; references among the copies stay among them."""

    ids: tuple[str, ...]
    offsets_mm: tuple[tuple[float, float], ...]
    new_ids: tuple[tuple[str, ...], ...]  # one list per offset, in the order of `ids`


@dataclass(frozen=True, slots=True, kw_only=True)
class RenumberCommand:
    """Give elements tags that count up."""

    ids: tuple[str, ...]
    pattern: str
    start: int


Primitive = Create | SetGroup | Delete | Move
Edit = Primitive | ArrayCommand | RenumberCommand


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why an edit was not applied, in a code and in words."""

    code: RefusalCode
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """A refusal with the place of the edit in its batch."""

    index: int
    code: RefusalCode
    detail: str

    def to_json(self) -> dict[str, Any]:
        """The wire form."""
        return {"index": self.index, "code": self.code, "detail": self.detail}


def label_of(element: Element) -> str:
    """What people call an element: its tag or name, else its kind and id."""
    identity = element.get("identity", {})
    words = str(element["kind"]).replace("_", " ")
    name = identity.get("tag") or identity.get("name")
    return f"{words} {name}" if name else f"{words} {str(element['id'])[-6:]}"


def missing(id_: str) -> Refusal:
    """The refusal of an edit to an element that is not there."""
    return Refusal(code="missing-element", detail=f"There is no element {id_} any more.")


def locked(element: Element) -> Refusal:
    """The refusal of an edit to a locked element."""
    return Refusal(code="locked", detail=f"The {label_of(element)} is locked.")


def refuse_references(
    draft: Draft | Document, id_: str, groups: Mapping[str, Any]
) -> Refusal | None:
    """The refusal of property groups that refer to something that is not there."""
    for group in REFERENCE_GROUPS:
        for target in group_references(group, groups.get(group)):
            owner = draft.elements.get(owner_of(target))
            fault = reference_fault(group, target, owner["kind"] if owner else None)
            if target == id_:
                fault = "refers to itself"
            if fault:
                return Refusal(code="missing-reference", detail=f"The {group} {fault}.")
    has_supply = "upstream" in groups or "overrides" in groups
    if has_supply and closes_circle(
        draft.elements, {**draft.elements.get(id_, {}), **groups, "id": id_}
    ):
        return Refusal(
            code="circular-supply", detail="Power would run in a circle: this feeds its own source."
        )
    return None


def closes_circle(elements: Mapping[str, Element], changed: Element) -> bool:
    """Whether an element, as it would be, feeds itself through what it is fed from.

    Follows sources upwards from each link that the element has; everything else is free of
    circles or was let in as it is, so that one already there must not keep this waiting.
    """
    id_ = changed["id"]

    def source_of(node: str) -> str | None:
        owner, _, slot = node.partition("/")
        element = changed if owner == id_ else elements.get(owner, {})
        if slot:
            element = (element.get("overrides") or {}).get(slot, {})
        source: str | None = (element.get("upstream") or {}).get("source")
        return source

    for start in (id_, *(f"{id_}/{slot}" for slot in changed.get("overrides") or ())):
        seen: set[str] = set()
        at = source_of(start)
        while at is not None and at not in seen:
            if at == start:
                return True
            seen.add(at)
            at = source_of(at)
    return False


def apply_edit(draft: Draft, edit: Primitive) -> tuple[Primitive, ...] | Refusal:
    """Apply one edit to a draft: the effective edits, or why nothing was done."""
    match edit:
        case Create():
            return _create(draft, edit)
        case SetGroup():
            return _set(draft, edit)
        case Delete():
            return _delete(draft, edit)
        case Move():
            return _move(draft, edit)
        case _:
            assert_never(edit)


def _create(draft: Draft, edit: Create) -> tuple[Primitive, ...] | Refusal:
    id_, kind = edit.element["id"], edit.element["kind"]
    if id_ in draft.elements:
        return Refusal(code="duplicate-id", detail=f"There is already an element {id_}.")
    if kind == "site" and any(other["kind"] == "site" for other in draft.elements.values()):
        return Refusal(code="duplicate-id", detail="A design has one site, and it is there.")
    if refusal := refuse_references(draft, id_, edit.element):
        return refusal
    draft.put(edit.element)
    return (edit,)


def _set(draft: Draft, edit: SetGroup) -> tuple[Primitive, ...] | Refusal:
    element = draft.elements.get(edit.id)
    if element is None:
        return missing(edit.id)
    kind = KINDS[element["kind"]]
    if kind.group(edit.group) is None or (edit.value is None and edit.group in kind.required):
        return Refusal(
            code="unknown-group",
            detail=f"The {label_of(element)} can not take this change of {edit.group}.",
        )
    if is_locked(element) and edit.group != "state":
        return locked(element)
    if refusal := refuse_references(draft, edit.id, {edit.group: edit.value}):
        return refusal
    draft.put(with_group(element, edit.group, edit.value))
    return (edit,)


def _delete(draft: Draft, edit: Delete) -> tuple[Primitive, ...] | Refusal:
    element = draft.elements.get(edit.id)
    if element is None:
        return missing(edit.id)
    if is_locked(element):
        return locked(element)
    referrers = sorted(draft.referrers.get(edit.id, ()))
    if element["kind"] == "module_type" and referrers:
        return Refusal(
            code="in-use",
            detail=f"The {label_of(element)} has {len(referrers)} copies; delete them first.",
        )
    amended: list[Primitive] = []
    for id_ in referrers:
        for change in released(draft.elements[id_], edit.id):
            draft.put(with_group(draft.elements[id_], change.group, change.value))
            amended.append(change)
    draft.drop(edit.id)
    return (*amended, edit)


def _move(draft: Draft, edit: Move) -> tuple[Primitive, ...] | Refusal:
    ids = members_of(draft, edit.set)
    if ids is None:
        return Refusal(
            code="range-changed", detail="Elements were added or removed in the moved range."
        )
    moved = []
    for id_ in ids:
        element = draft.elements.get(id_)
        if element is None:
            return missing(id_)
        if is_locked(element):
            return locked(element)
        shifted = displaced(element, edit.dx_mm, edit.dy_mm)
        if isinstance(shifted, Refusal):
            return shifted
        moved.append(shifted)
    for element in moved:
        draft.put(element)
    return (edit,)


def members_of(draft: Draft | Document, items: Sequence[str | IdRange]) -> list[str] | None:
    """The ids of a set in order, each once; None if a range is not what it was."""
    found: dict[str, None] = {}
    in_order: list[str] | None = None
    for item in items:
        if isinstance(item, str):
            found[item] = None
            continue
        if in_order is None:
            in_order = sorted(draft.elements)
        first, last, count = item
        inside = in_order[bisect_left(in_order, first) : bisect_right(in_order, last)]
        if len(inside) != count:
            return None
        found.update(dict.fromkeys(inside))
    return list(found)


def with_group(element: Element, group: str, value: Group | None) -> Element:
    """The element with one group replaced or, for None, removed."""
    changed = {**element, group: value}
    if value is None:
        del changed[group]
    return changed


def unlinked(element: Element, group: str) -> Element:
    """The element before the links of a group are set: without it, or with null for each link."""
    if group not in KINDS[element["kind"]].required:
        return with_group(element, group, None)
    bare = {**element[group], **dict.fromkeys(REFERENCE_FIELDS[group])}
    return with_group(element, group, bare)


def displaced(element: Element, dx_mm: float, dy_mm: float) -> Element | Refusal:
    """The element moved by a vector, or why it can not be there."""
    shifted: Element
    if placement := element.get("placement"):
        x_mm, y_mm = length_mm(placement["x_mm"] + dx_mm), length_mm(placement["y_mm"] + dy_mm)
        shifted = {**element, "placement": {**placement, "x_mm": x_mm, "y_mm": y_mm}}
        reached = [x_mm, y_mm]
    elif outline := element.get("outline"):
        points = [[length_mm(x + dx_mm), length_mm(y + dy_mm)] for x, y in outline["points_mm"]]
        shifted = {**element, "outline": {"points_mm": points}}
        reached = [number for point in points for number in point]
    elif path := element.get("path"):
        points = [[length_mm(x + dx_mm), length_mm(y + dy_mm)] for x, y in path["points_mm"]]
        shifted = {**element, "path": {**path, "points_mm": points}}
        reached = [number for point in points for number in point]
    elif line := element.get("line"):
        ends = {
            "from_x_mm": length_mm(line["from_x_mm"] + dx_mm),
            "from_y_mm": length_mm(line["from_y_mm"] + dy_mm),
            "to_x_mm": length_mm(line["to_x_mm"] + dx_mm),
            "to_y_mm": length_mm(line["to_y_mm"] + dy_mm),
        }
        shifted = {**element, "line": {**line, **ends}}
        reached = list(ends.values())
    else:
        return Refusal(
            code="unknown-group", detail=f"The {label_of(element)} has no place of its own."
        )
    if max(map(abs, reached)) > MAX_LENGTH_MM:
        return Refusal(code="out-of-range", detail=f"The {label_of(element)} would leave the map.")
    return shifted


def released(element: Element, gone: str) -> Iterator[SetGroup]:
    """The changes that free an element of its references to another."""
    for group in LINK_GROUPS:
        value = element.get(group)
        if any(owner_of(target) == gone for target in group_references(group, value)):
            yield SetGroup(id=element["id"], group=group, value=_without(group, value, gone))


def _without(group: str, value: Any, gone: str) -> dict[str, Any]:
    if group == "overrides":
        return {
            slot: {name: _without(name, inner, gone) for name, inner in groups.items()}
            for slot, groups in value.items()
        }
    fields = REFERENCE_FIELDS.get(group, ())
    return {
        field: None if field in fields and inner and owner_of(inner) == gone else inner
        for field, inner in value.items()
    }


def replay(document: Document, edits: Sequence[Primitive]) -> Document:
    """Fold effective edits over a document; they were checked when they were made."""
    draft = Draft(document)
    for edit in edits:
        replay_edit(draft, edit)
    return draft.document()


def replay_edit(draft: Draft, edit: Primitive) -> None:
    """Apply one effective edit to a draft."""
    match edit:
        case Create(element=element):
            draft.put(element)
        case SetGroup(id=id_, group=group, value=value):
            draft.put(with_group(draft.elements[id_], group, value))
        case Delete(id=id_):
            draft.drop(id_)
        case Move():
            for id_ in members_of(draft, edit.set) or ():
                shifted = displaced(draft.elements[id_], edit.dx_mm, edit.dy_mm)
                if not isinstance(shifted, Refusal):
                    draft.put(shifted)
        case _:
            assert_never(edit)
