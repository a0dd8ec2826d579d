"""What the members of a module are called, and what they say without an override, by their slots.

A slot alone tells both, without laying out the module: differences are told of two documents,
whose catalogue records may not be there.
"""

from collections.abc import Mapping
from typing import Any, Final

from layouts.document import Document, Element, Group
from layouts.module_runs import TRAY_SIZE

KINDS: Final[Mapping[str, str]] = {"air": "air_handler"}
STEMS: Final[Mapping[str, str]] = {
    "rack": "R",
    "cdu": "CDU-",
    "air": "AIR-",
    "busway": "BW-",
    "pipe": "P",
    "tray": "T",
}
PRODUCTS: Final[Mapping[str, str]] = {
    "rack": "racks",
    "cdu": "cdus",
    "air": "air",
    "busway": "power",
}


def member_kind(slot: str) -> str:
    """The kind of the member in a slot: `air-1` is an air handler."""
    word = slot.partition("-")[0]
    return KINDS.get(word, word)


def member_tag(module: Element, module_type: Element, slot: str) -> str:
    """The tag of the member in a slot: `rack-1-03` of `SU1` is `SU1-R1-03`."""
    word, _, rest = slot.partition("-")
    if word == "containment":
        own = "HAC" if (module_type.get("aisle") or {}).get("kind") == "hot" else "CAC"
    elif slot == "pipe-header":
        own = "PH"
    else:
        own = STEMS.get(word, f"{word}-") + rest.upper()
    return f"{module['identity']['tag']}-{own}"


def plain_group(module: Element, module_type: Element, slot: str, group: str) -> Group:
    """A group of a member as its module makes it; only what can be told from the type alone."""
    word = slot.partition("-")[0]
    loop: dict[str, Any] = {"loop": f"TCS-{module['identity']['tag']}"}
    if group == "pipe":
        return loop
    if group == "tray":
        return TRAY_SIZE
    if group == "cooling":
        redundancy = (module_type.get("cdus") or {}).get("redundancy")
        has_more = word == "cdu" and redundancy is not None
        return {**loop, "redundancy": redundancy} if has_more else loop
    source = module_type.get(PRODUCTS.get(word, "")) or {}
    if group == "product":
        return {key: source[key] for key in ("product_id", "variant") if source.get(key)}
    return (source.get("load") or {}) if group == "load" else {}


def type_of(document: Document, module: Element) -> Element:
    """The type of a module; empty where the document has none."""
    found = document.elements.get((module.get("type") or {}).get("type_id", ""))
    return found if found is not None else {}
