"""What became of a group of an element, in words: the same on every page that compares. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from analysis.figures import number
from analysis.lifecycle import named
from layouts.document import Document, Element
from layouts.member_names import member_kind, member_tag, plain_group, type_of

SHOWN_FIELDS = 3
QUANTITIES: Mapping[str, str] = {
    "_kw": "kW",
    "_mm": "mm",
    "_mm2": "mm²",
    "_c": "°C",
    "_k": "K",
    "_lpm": "L/min",
    "_v": "V",
    "_kpa": "kPa",
    "_deg": "°",
}
ACRONYMS = frozenset({"tdp", "tcs", "fws", "isl", "osl", "wacc", "it", "slo"})
# Their fields speak for themselves.
SILENT_GROUPS = frozenset(
    {"product", "identity", "load", "rating", "text", "pipe", "tray", "feeder"}
)
# What a field means that is not there.
ABSENT = {
    ("pipe", "bore_mm"): "by the rules",
    ("pipe", "resistance_factor"): "1",
    ("feeder", "conductor_mm2"): "assumed",
    ("feeder", "sets"): "1",
}
PLACES: Mapping[str, str] = {"placement": "moved", "path": "redrawn"}


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberChange:
    """One group of one member of a module that holds other values."""

    tag: str
    kind: str
    words: str


def difference(group: str, before: Any, after: Any) -> str:
    """Which fields of a group differ, from what to what."""
    name = group.replace("_", " ")
    if before is None or after is None:
        return f"{name} {'set' if before is None else 'cleared'}{_content(before or after)}"
    fields = _differing(before, after)
    if group == "overrides":
        return f"overrides of {named(fields)}"
    words = [_field(group, key, before.get(key), after.get(key)) for key in fields[:SHOWN_FIELDS]]
    rest = len(fields) - SHOWN_FIELDS
    lead = "" if group in SILENT_GROUPS else f"{name} "
    return lead + "; ".join(words) + (f" and {rest} more" if rest > 0 else "")


def member_changes(
    old: Document, new: Document, before: Element, after: Element
) -> Iterator[MemberChange]:
    """What the overrides of a module change in its members, against what they said before."""
    types = type_of(old, before), type_of(new, after)
    slots = before.get("overrides") or {}, after.get("overrides") or {}
    for slot in _differing(*slots):
        own = slots[0].get(slot) or {}, slots[1].get(slot) or {}
        for group in _differing(*own):
            was, now = (
                each[group] if group in each else plain_group(module, type_, slot, group)
                for each, module, type_ in zip(own, (before, after), types, strict=True)
            )
            if was == now:
                continue
            renamed = (own[1].get("identity") or {}).get("tag")
            yield MemberChange(
                tag=renamed or member_tag(after, types[1], slot),
                kind=member_kind(slot),
                words=PLACES.get(group) or difference(group, was or None, now or None),
            )


def _differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    return sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))


def _content(value: Mapping[str, Any]) -> str:
    words = [f"{_name(key)} {_value(key, item)}" for key, item in value.items() if _is_plain(item)]
    return f" ({', '.join(words[:SHOWN_FIELDS])})" if words else ""


def _is_plain(value: Any) -> bool:
    return isinstance(value, int | float | str) and not isinstance(value, bool)


def _field(group: str, key: str, before: Any, after: Any) -> str:
    unit = _unit(key)
    old, new = (
        ABSENT.get((group, key), "none") if value is None else _value(key, value, with_unit=False)
        for value in (before, after)
    )
    return f"{_name(key)} {old} → {new}{f' {unit}' if unit and _is_plain(after) else ''}"


def _name(key: str) -> str:
    """A field's name without the unit that its figure carries anyway."""
    if key.endswith("_id"):
        key = key.removesuffix("_id")
    unit = next((ending for ending in QUANTITIES if key.endswith(ending)), "")
    words = key.removesuffix(unit).replace("_", " ").split()
    return " ".join(each.upper() if each in ACRONYMS else each for each in words)


def _unit(key: str) -> str:
    return next((unit for ending, unit in QUANTITIES.items() if key.endswith(ending)), "")


def _value(key: str, value: Any, *, with_unit: bool = True) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        text = number(value, 0 if value == int(value) else 2)
        return f"{text} {_unit(key)}".strip() if with_unit else text
    if isinstance(value, str):
        return value if len(value) <= 40 else f"{value[:8]}…"
    return "…"
