"""A sheet to draw a sample on: elements with ids that are the same every time."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from catalog.selectors import module_templates, product_named
from layouts.canonical import quantised

DESIGN_SCHEMA = "plenum.design/1"


class Sheet:
    """Collects the elements of one sample. Sizes come from the catalogue."""

    def __init__(self, number: int, name: str) -> None:
        self.number = number
        self.name = name
        self.elements: list[dict[str, Any]] = []

    def add(self, kind: str, **groups: Any) -> str:
        """Add an element; its id."""
        # The time part of a UUIDv7 stands still and the counter runs, so ids sort as drawn.
        id_ = f"01985000-0000-7000-8{self.number:03x}-{len(self.elements) + 1:012x}"
        given = {name: value for name, value in groups.items() if value is not None}
        self.elements.append(quantised({"id": id_, "kind": kind, **given}))
        return id_

    def place(
        self,
        kind: str,
        tag: str,
        product_id: str,
        at: tuple[float, float, float],
        *,
        side: str | None = None,
        **groups: Any,
    ) -> str:
        """Add a product at (x, y, rotation)."""
        identity = {"tag": tag} | ({"side": side} if side else {})
        return self.add(
            kind,
            placement=placement(*at),
            identity=identity,
            product={"product_id": product_id},
            **groups,
        )

    def room(
        self, kind: str, name: str, box: tuple[float, float, float, float], **groups: Any
    ) -> str:
        """Add a rectangle (x, y, width, depth) with a name."""
        x, y, width, depth = box
        points = [[x, y], [x + width, y], [x + width, y + depth], [x, y + depth]]
        return self.add(kind, outline={"points_mm": points}, identity={"name": name}, **groups)

    def run(self, kind: str, tag: str, points: Sequence[Sequence[float]], **groups: Any) -> str:
        """Add a pipe, tray or feeder along these points."""
        path = {"points_mm": [list(point) for point in points]}
        return self.add(kind, path=path, identity={"tag": tag}, **groups)

    def module_type(self, template_id: str, name: str, **changes: Mapping[str, Any]) -> str:
        """Add a module type from a shipped template, some groups changed."""
        template = next(item for item in module_templates() if item["template_id"] == template_id)
        groups = dict(template["groups"])
        for group, change in changes.items():
            groups[group] = {**groups.get(group, {}), **change}
        return self.add(
            "module_type",
            identity={"name": name},
            template={"template_id": template_id, "version": template["version"]},
            **groups,
        )

    def file(self) -> dict[str, Any]:
        """The design file with the records of the products it uses."""
        used = sorted(set(_product_ids(self.elements)))
        return {
            "schema": DESIGN_SCHEMA,
            "name": self.name,
            "revision": 1,
            "elements": self.elements,
            "catalog": {"products": {id_: product_named(id_).to_json() for id_ in used}},
            "rules": {"set": "us-nec", "version": "1"},
        }


def placement(x_mm: float, y_mm: float, rotation_deg: float = 0) -> dict[str, float]:
    """Where an element stands."""
    return {"x_mm": x_mm, "y_mm": y_mm, "rotation_deg": rotation_deg}


def _product_ids(elements: Iterable[Mapping[str, Any]]) -> Iterable[str]:
    for element in elements:
        for group in ("product", "racks", "cdus", "power", "air"):
            value = element.get(group)
            if isinstance(value, Mapping) and value.get("product_id"):
                yield value["product_id"]


def site(sheet: Sheet, site_id: str, heat_rejection: str = "dry_cooler") -> str:
    """The settings that the samples share: DeepSeek-R1 in FP4 at 60 tokens per second and user."""
    return sheet.add(
        "site",
        location={"site_id": site_id},
        power={"basis": "sustained", "voltage_v": 415, "power_factor": 0.95},
        cooling={
            "coolant": "pg25_volume",
            "tcs_supply_c": 45,
            "fws_supply_c": 41,
            "air_supply_c": 25,
            "heat_rejection": heat_rejection,
        },
        workload={
            "model": "deepseek-r1",
            "precision": "fp4",
            "isl": 8192,
            "osl": 1024,
            "interactivity_tok_s_user": 60,
        },
        rules={"set": "us-nec"},
    )
