"""Batches of edits, and the commands that stand for many edits.

A command expands to creates and sets, the same ones in Python and in the browser,
and applies as a whole or not at all.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from layouts.document import (
    LINK_GROUPS,
    REFERENCE_FIELDS,
    Document,
    Draft,
    Element,
    group_references,
    is_locked,
    owner_of,
)
from layouts.edits import (
    ArrayCommand,
    Create,
    Edit,
    Primitive,
    Refusal,
    Refused,
    RenumberCommand,
    SetGroup,
    apply_edit,
    displaced,
    label_of,
    locked,
    missing,
    unlinked,
)
from layouts.kinds import KINDS

PATTERN = re.compile(r"\{n(?::0([1-9]))?\}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What became of a batch of edits."""

    document: Document
    effective: tuple[Primitive, ...]
    refused: tuple[Refused, ...]


def apply_all(document: Document, edits: Sequence[Edit]) -> Applied:
    """Apply edits in order; those that can not be applied are refused, the rest stand."""
    draft = Draft(document)
    effective: list[Primitive] = []
    refused: list[Refused] = []
    for index, edit in enumerate(edits):
        outcome = _apply(draft, edit)
        if isinstance(outcome, Refusal):
            refused.append(Refused(index=index, code=outcome.code, detail=outcome.detail))
        else:
            effective.extend(outcome)
    return Applied(
        document=draft.document() if effective else document,
        effective=tuple(effective),
        refused=tuple(refused),
    )


def _apply(draft: Draft, edit: Edit) -> Sequence[Primitive] | Refusal:
    if not isinstance(edit, ArrayCommand | RenumberCommand):
        return apply_edit(draft, edit)
    expanded = expand(draft, edit)
    if isinstance(expanded, Refusal):
        return expanded
    done: list[Primitive] = []
    for part in expanded:
        outcome = apply_edit(draft, part)
        if isinstance(outcome, Refusal):
            raise AssertionError(f"a part of an accepted command was refused: {outcome.detail}")
        done.extend(outcome)
    return done


def expand(draft: Draft, command: ArrayCommand | RenumberCommand) -> list[Primitive] | Refusal:
    """The creates and sets that a command stands for, or why it can not be done."""
    if isinstance(command, ArrayCommand):
        return _expand_array(draft, command)
    return _expand_renumber(draft, command)


def _expand_array(draft: Draft, command: ArrayCommand) -> list[Primitive] | Refusal:
    sources = []
    for id_ in command.ids:
        element = draft.elements.get(id_)
        if element is None:
            return missing(id_)
        sources.append(element)
    seen: set[str] = set()
    for new_id in (new_id for ids in command.new_ids for new_id in ids):
        if new_id in draft.elements or new_id in seen:
            return Refusal(code="duplicate-id", detail=f"There is already an element {new_id}.")
        seen.add(new_id)
    copies: list[Primitive] = []
    for (dx_mm, dy_mm), new_ids in zip(command.offsets_mm, command.new_ids, strict=True):
        renamed = dict(zip(command.ids, new_ids, strict=True))
        links: list[Primitive] = []
        for source in sources:
            shifted = displaced(source, dx_mm, dy_mm)
            if isinstance(shifted, Refusal):
                return shifted
            element, inner = _copy(shifted, renamed)
            copies.append(Create(element=element))
            links.extend(inner)
        copies.extend(links)
    return copies


def _copy(element: Element, renamed: Mapping[str, str]) -> tuple[Element, list[SetGroup]]:
    """A copy under its new id, unlocked, and the links to set once its fellows exist."""
    id_ = renamed[element["id"]]
    copy: Element = {name: value for name, value in element.items() if name != "state"}
    copy = {**copy, "id": id_}
    links = []
    for group in LINK_GROUPS:
        if any(owner_of(target) in renamed for target in group_references(group, copy.get(group))):
            links.append(SetGroup(id=id_, group=group, value=_led(group, copy[group], renamed)))
            copy = unlinked(copy, group)
    return copy, links


def _led(group: str, value: Any, renamed: Mapping[str, str]) -> Any:
    if group == "overrides":
        return {
            slot: {name: _led(name, inner, renamed) for name, inner in groups.items()}
            for slot, groups in value.items()
        }
    fields = REFERENCE_FIELDS.get(group, ())
    return {
        field: _target(inner, renamed) if field in fields else inner
        for field, inner in value.items()
    }


def _target(target: str | None, renamed: Mapping[str, str]) -> str | None:
    if target is None or owner_of(target) not in renamed:
        return target
    owner, slash, slot = target.partition("/")
    return renamed[owner] + slash + slot


def _expand_renumber(draft: Draft, command: RenumberCommand) -> list[Primitive] | Refusal:
    parts: list[Primitive] = []
    for place, id_ in enumerate(command.ids):
        element = draft.elements.get(id_)
        if element is None:
            return missing(id_)
        if is_locked(element):
            return locked(element)
        if KINDS[element["kind"]].group("identity") is None:
            return Refusal(
                code="unknown-group", detail=f"The {label_of(element)} can not carry a tag."
            )
        tag = numbered(command.pattern, command.start + place)
        identity = {**element.get("identity", {}), "tag": tag}
        parts.append(SetGroup(id=id_, group="identity", value=identity))
    return parts


def numbered(pattern: str, number: int) -> str:
    """The pattern with {n} or {n:02} replaced by a number."""
    return PATTERN.sub(lambda found: str(number).zfill(int(found[1] or 1)), pattern)
