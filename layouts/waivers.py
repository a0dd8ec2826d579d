"""What a batch of edits does to waivers: each is an act that somebody answers for."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from layouts.edits import Create, Delete, Primitive, SetGroup

Element = Mapping[str, Any]


def waiver_acts(
    before: Mapping[str, Element], edits: Sequence[Primitive]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every waiver granted, changed or withdrawn, with what it says afterwards."""
    made: dict[str, Element] = {}
    for edit in edits:
        match edit:
            case Create(element=element):
                if element["kind"] == "waiver":
                    made[element["id"]] = element
                    yield "waiver.grant", _particulars(element["id"], element["waiver"])
            case SetGroup(id=id_, group="waiver", value=value) if value is not None:
                yield "waiver.change", _particulars(id_, value)
            case Delete(id=id_):
                element = made.get(id_) or before.get(id_, {})
                if element.get("kind") == "waiver":
                    yield "waiver.withdraw", _particulars(id_, element["waiver"])


def _particulars(id_: str, waiver: Mapping[str, Any]) -> dict[str, Any]:
    said = ("rule", "reason", "expires_on", "granted_by")
    return {"waiver": id_, **{name: waiver[name] for name in said if name in waiver}}
