"""A list of changes in words: equal things that happened to many are one line. Pure."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from analysis.change_words import difference, member_changes
from analysis.figures import MINUS, number
from analysis.lifecycle import named
from layouts.document import Document
from reviews.diff import PLACE_GROUPS, ElementChange, How, differences
from reviews.policy import DISCIPLINES, Discipline, concerns

# One and many, where an "s" does not do.
WORDS: Mapping[str, tuple[str, str]] = {
    "cdu": ("CDU", "CDUs"),
    "ups": ("UPS", "UPS units"),
    "busway": ("busway", "busways"),
    "keepout": ("keep-out", "keep-outs"),
    "containment": ("containment", "containments"),
    "module_type": ("module type", "module types"),
    "site": ("site", "sites"),
}
_ROW = re.compile(r"(.+?)[-_.]?\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the list: what happened, to how many, and whom it concerns."""

    key: str
    how: How | Literal["finding"]
    title: str
    detail: str
    element_ids: tuple[str, ...]
    disciplines: tuple[Discipline, ...]

    def to_json(self) -> dict[str, Any]:
        """The wire form."""
        return {
            "key": self.key,
            "how": self.how,
            "title": self.title,
            "detail": self.detail,
            "count": len(self.element_ids),
            "element_ids": list(self.element_ids),
            "disciplines": list(self.disciplines),
        }


def roll_up(old: Document, new: Document) -> tuple[Line, ...]:
    """The lines that tell how one document became another, the widest first in each sort."""
    changes = differences(old, new)
    sizes = row_sizes(old), row_sizes(new)
    return (
        *_rows(changes, *sizes),
        *_shifts(changes),
        *_settings(old, new, changes),
        *_presences(changes),
    )


def counted(kind: str, count: int) -> str:
    """A number of things of one kind: `8 racks`."""
    return f"{number(count)} {word(kind, count)}"


def word(kind: str, count: int = 1) -> str:
    """What things of a kind are called."""
    plain = kind.replace("_", " ")
    one, many = WORDS.get(kind, (plain, f"{plain}s"))
    return one if count == 1 else many


def tag_of(change: ElementChange) -> str:
    """What people call the element of a change."""
    identity = change.element.get("identity") or {}
    kind = word(change.kind)
    return str(identity.get("tag") or identity.get("name") or f"{kind[0].upper()}{kind[1:]}")


def row_of(tag: str) -> str:
    """The row that a rack's tag names: `R3-07` stands in `R3`."""
    match = _ROW.fullmatch(tag)
    return match[1] if match else ""


def _line(how: How, title: str, detail: str, changes: Sequence[ElementChange]) -> Line:
    concerned = frozenset().union(*(concerns(change) for change in changes))
    ids = tuple(change.id for change in changes)
    digest = hashlib.sha256("\n".join((how, title, detail, *ids)).encode()).hexdigest()
    return Line(
        key=digest[:12],
        how=how,
        title=title,
        detail=detail,
        element_ids=ids,
        disciplines=tuple(each for each in DISCIPLINES if each in concerned),
    )


# --- Rows that gained or lost racks ---------------------------------------------------------


def _rows(
    changes: Sequence[ElementChange], before: Mapping[str, int], after: Mapping[str, int]
) -> Iterable[Line]:
    """Racks that came or went, by row; a row that stays says how many it had and has."""
    rows: dict[str, list[ElementChange]] = {}
    for change in changes:
        if change.kind == "rack" and change.how in ("added", "removed"):
            rows.setdefault(row_of(tag_of(change)), []).append(change)
    for row, members in sorted(rows.items()):
        counts = Counter(change.how for change in members)
        how: How = "added" if counts["added"] >= counts["removed"] else "removed"
        old, new = before.get(row, 0), after.get(row, 0)
        if row and old and new and old != new:
            words = f"{number(old)} → {number(new)} racks"
        else:
            words = " and ".join(
                f"{counted('rack', count)} {each}" for each, count in counts.items()
            )
        tags = named([tag_of(change) for change in members])
        title = f"Row {row}: {words}" if row else words
        yield _line(how, title, _detail(tags, members), members)


def row_sizes(document: Document) -> Counter[str]:
    """How many racks each row has, by the names of the rows."""
    return Counter(
        row_of(str((element.get("identity") or {}).get("tag", "")))
        for element in document.elements.values()
        if element["kind"] == "rack"
    )


# --- Things that moved ----------------------------------------------------------------------


def _shifts(changes: Sequence[ElementChange]) -> Iterable[Line]:
    groups: dict[str, list[ElementChange]] = {}
    for change in changes:
        if motion := _motion(change):
            groups.setdefault(motion, []).append(change)
    for motion, members in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])):
        yield _line("moved", f"{_subject(members)} {motion}", _tags(members), members)


def _motion(change: ElementChange) -> str:
    """How an element moved, in words; empty when it did not."""
    if change.before is None or change.after is None:
        return ""
    if "placement" in change.groups:
        return _of_placement(*change.value("placement"))
    for group in ("outline", "path"):
        if group not in change.groups:
            continue
        old, new = (value["points_mm"] for value in change.value(group))
        vector = {(b[0] - a[0], b[1] - a[1]) for a, b in zip(old, new, strict=False)}
        same = len(old) == len(new) and len(vector) == 1 and vector != {(0, 0)}
        return f"moved {_vector(*vector.pop())}" if same else "redrawn"
    return "redrawn" if "line" in change.groups else ""


def _of_placement(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    parts = []
    dx, dy = after["x_mm"] - before["x_mm"], after["y_mm"] - before["y_mm"]
    if dx or dy:
        parts.append(f"moved {_vector(dx, dy)}")
    if before["rotation_deg"] != after["rotation_deg"]:
        parts.append(f"turned to {number(after['rotation_deg'])}°")
    if before.get("mirrored", False) != after.get("mirrored", False):
        parts.append("mirrored")
    return ", ".join(parts)


def _vector(dx: float, dy: float) -> str:
    return " and ".join(
        f"{number(abs(value), 0 if value == int(value) else 1)} mm in "
        f"{MINUS if value < 0 else ''}{axis}"
        for value, axis in ((dx, "x"), (dy, "y"))
        if value
    )


def _subject(members: Sequence[ElementChange]) -> str:
    """Who moved: one by its tag, a whole row by its name, else so many of each kind."""
    if len(members) == 1:
        return tag_of(members[0])
    kinds = Counter(change.kind for change in members)
    return ", ".join(counted(kind, count) for kind, count in kinds.most_common())


def _tags(members: Sequence[ElementChange]) -> str:
    if len(members) == 1:
        return word(members[0].kind)
    return named([tag_of(change) for change in members])


# --- Groups that hold other values ----------------------------------------------------------


def _settings(old: Document, new: Document, changes: Sequence[ElementChange]) -> Iterable[Line]:
    groups: dict[tuple[str, str], list[tuple[ElementChange, str]]] = {}
    for change in changes:
        if change.before is None or change.after is None:
            continue
        for group in change.groups:
            if group in PLACE_GROUPS:
                continue
            members = []
            if group == "overrides":
                members = list(member_changes(old, new, change.before, change.after))
            for member in members:
                groups.setdefault((member.kind, member.words), []).append((change, member.tag))
            if not members:
                words = difference(group, *change.value(group))
                groups.setdefault((change.kind, words), []).append((change, tag_of(change)))
    for (kind, words), told in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])):
        tags = [tag for _, tag in told]
        subject = tags[0] if len(told) == 1 else counted(kind, len(told))
        detail = word(kind) if len(told) == 1 else named(tags)
        owners = list({change.id: change for change, _ in told}.values())
        yield _line("changed", f"{subject}: {words}", detail, owners)


# --- Things that came and went --------------------------------------------------------------


def _presences(changes: Sequence[ElementChange]) -> Iterable[Line]:
    groups: dict[tuple[How, str, str], list[ElementChange]] = {}
    for change in changes:
        if change.how in ("added", "removed") and change.kind != "rack":
            product = (change.element.get("product") or {}).get("product_id", "")
            groups.setdefault((change.how, change.kind, product), []).append(change)
    for (how, _, _), members in sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])):
        tags = _tags(members)
        yield _line(how, f"{_subject(members)} {how}", _detail(tags, members), members)


def _detail(tags: str, members: Sequence[ElementChange]) -> str:
    products = sorted(
        {(change.element.get("product") or {}).get("product_id", "") for change in members} - {""}
    )
    return f"{tags} · {named(products)}" if products else tags
