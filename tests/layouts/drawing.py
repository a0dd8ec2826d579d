"""Short ways to write elements and edits in tests."""

from typing import Any


def element_id(number: int) -> str:
    """The id of the element with a number."""
    return f"0198f000-0000-7000-8000-{number:012d}"


def rack(number: int, *, kind: str = "rack", **groups: Any) -> dict[str, Any]:
    """A rack, or other equipment, 600 mm right of the one before it."""
    return {
        "id": element_id(number),
        "kind": kind,
        "placement": {"x_mm": 600 * number, "y_mm": 0, "rotation_deg": 0},
        "identity": {"tag": f"R{number:02d}"},
        "product": {"product_id": "nvidia-gb300-nvl72"},
        **groups,
    }


def create(element: dict[str, Any]) -> dict[str, Any]:
    """The edit that adds an element."""
    return {"type": "create", "element": element}


def put(number: int, group: str, value: dict[str, Any] | None) -> dict[str, Any]:
    """The edit that sets a group."""
    return {"type": "set", "id": element_id(number), "group": group, "value": value}


def delete(id_: str) -> dict[str, Any]:
    """The edit that takes an element out."""
    return {"type": "delete", "id": id_}


def move(ids: list[Any], dx_mm: float, dy_mm: float = 0) -> dict[str, Any]:
    """The edit that moves elements."""
    return {"type": "move", "set": ids, "dx_mm": dx_mm, "dy_mm": dy_mm}
