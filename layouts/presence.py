"""What a browser may say about its user: where they point, what they hold, what they look at.

None of it is kept. A message that is not of this shape ends the socket that sent it.
"""

from collections.abc import Callable, Mapping
from typing import Any

MAX_SELECTION = 200
MAX_GHOSTS = 200
MAX_ID = 100


def presence_of(content: Mapping[str, Any]) -> dict[str, Any] | None:
    """What of a message is passed on to the others; None for a malformed one.

    `cursor` ([x_mm, y_mm] or null) is always there. The rest is optional: `selection`
    (ids), `ghosts` (where dragged elements would land: [id, x_mm, y_mm, rotation_deg]),
    `view` (what the screen shows: centre x_mm, y_mm and mm per pixel), `following` (the
    `client` whose view this browser keeps to, or null) and `look` ({at, thread}: a place,
    or a comment there, that the others are asked to look at).
    """
    if "cursor" not in content:
        return None
    said = {name: content[name] for name in FIELDS if name in content}
    if not all(FIELDS[name](value) for name, value in said.items()):
        return None
    return {"selection": [], **said}


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e12


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value) <= MAX_ID


def _are_numbers(value: Any, count: int) -> bool:
    return isinstance(value, list) and len(value) == count and all(map(_is_number, value))


def _is_list(value: Any, most: int, is_item: Callable[[Any], bool]) -> bool:
    return isinstance(value, list) and len(value) <= most and all(map(is_item, value))


def _is_ghost(value: Any) -> bool:
    return (isinstance(value, list) and len(value) == 4 and _is_id(value[0])) and _are_numbers(
        value[1:], 3
    )


def _is_look(value: Any) -> bool:
    return (
        isinstance(value, Mapping)
        and value.keys() <= {"at", "thread"}
        and _are_numbers(value.get("at"), 2)
        and (value.get("thread") is None or _is_id(value["thread"]))
    )


FIELDS: Mapping[str, Callable[[Any], bool]] = {
    "cursor": lambda value: value is None or _are_numbers(value, 2),
    "selection": lambda value: _is_list(value, MAX_SELECTION, _is_id),
    "ghosts": lambda value: _is_list(value, MAX_GHOSTS, _is_ghost),
    "view": lambda value: _are_numbers(value, 3) and value[2] > 0,
    "following": lambda value: value is None or _is_id(value),
    "look": _is_look,
}
