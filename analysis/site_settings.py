"""Changing one group of a design's site from a page, as one revision."""

import os
import time
from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from accounts.models import User
from layouts.models import Design
from layouts.selectors import document_at
from layouts.services import append_edits


def site_group(design: Design, group: str) -> dict[str, Any]:
    """What the newest revision says in a group of its site; empty without one."""
    sites = document_at(design, design.head).of_kind("site")
    return dict(sites[0].get(group, {})) if sites else {}


def set_site_group(
    *, author: User, design: Design, group: str, value: Mapping[str, Any], label: str
) -> bool:
    """Put a group of the site in place of the one before; whether that changed anything.

    An empty group is taken away. A design without a site gets one.

    Raises
    ------
    RevisionConflict
        If somebody changed the design meanwhile.
    """
    if value == site_group(design, group):
        return False
    append_edits(
        design=design,
        base=design.head,
        edits=[_edit(design, group, value)],
        author=author,
        request_id=uuid4(),
        label=label,
    )
    design.refresh_from_db()
    return True


def _edit(design: Design, group: str, value: Mapping[str, Any]) -> dict[str, Any]:
    sites = document_at(design, design.head).of_kind("site")
    if sites:
        return {"type": "set", "id": sites[0]["id"], "group": group, "value": value or None}
    return {"type": "create", "element": {"id": _new_id(), "kind": "site", group: value}}


def _new_id() -> str:
    """A UUID of version 7: the time in milliseconds, then chance."""
    number = int.from_bytes(os.urandom(16), "big") & ((1 << 80) - 1)
    number |= (time.time_ns() // 1_000_000) << 80
    number = number & ~(0xF << 76) | 7 << 76
    return str(UUID(int=number & ~(0x3 << 62) | 2 << 62))
