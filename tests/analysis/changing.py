"""Sequences of edits of every kind on a sample, as people and their mistakes make them."""

from dataclasses import dataclass, field
from random import Random
from typing import Any

from analysis.design_file import open_design
from catalog.selectors import shipped_products
from layouts.document import Document, Draft
from layouts.samples import sample_file

TURNS = (0, 90, 180, 270, 33)
SLOTS = ("rack-1-01", "rack-1-05", "rack-2-08", "cdu-1", "busway-a-1")
SITE_GROUPS: dict[str, list[dict[str, Any]]] = {
    "power": [
        {"basis": "sustained", "voltage_v": 415, "power_factor": 0.95},
        {"basis": "peak", "voltage_v": 480, "power_factor": 0.9, "feed_limit_kw": 4000},
    ],
    "cooling": [
        {"coolant": "pg25_volume", "tcs_supply_c": 45, "fws_supply_c": 41, "air_supply_c": 25},
        {"coolant": "water", "tcs_supply_c": 36, "fws_supply_c": 30, "heat_load_fraction": 0.6},
        {"tcs_supply_c": 90, "fws_supply_c": 20},
    ],
    "rules": [{"set": "us-nec"}, {"set": "iec"}],
    "assumptions": [
        {},
        {"space.aisle_share_mm": 900, "power.assumed_load_fraction": 0.7},
        {"tcs.branch_reach_m": 0.4, "rule:FLOOR-LOAD": 3},
    ],
    "location": [{"site_id": "us-va"}, {"site_id": "us-tx"}],
}


@dataclass
class Changing:
    """A document under random edits; `said` tells what was done."""

    document: Document
    random: Random
    said: list[str] = field(default_factory=list)

    @classmethod
    def sample(cls, name: str, seed: int) -> "Changing":
        design = open_design(sample_file(name), shipped_products())
        return cls(design.document, Random(seed))

    def edit(self) -> Document:
        """The document after one more edit."""
        random = self.random
        act = random.choice(
            [
                *(self.move, self.move, self.turn, self.resize, self.delete, self.copy),
                *(self.rewire, self.set_product, self.set_load, self.set_site, self.bend),
                *(self.tag, self.override, self.override, self.set_type),
            ]
        )
        draft = Draft(self.document)
        self.said.append(f"{act.__name__}: {act(draft)}")
        self.document = draft.document()
        return self.document

    def _one(self, draft: Draft, *groups: str) -> dict[str, Any] | None:
        found = [e for e in draft.elements.values() if all(group in e for group in groups)]
        return dict(self.random.choice(sorted(found, key=lambda e: e["id"]))) if found else None

    def _put(self, draft: Draft, element: dict[str, Any] | None, group: str, **change: Any) -> str:
        if element is None:
            return "nothing there"
        draft.put({**element, group: {**element.get(group, {}), **change}})
        return f"{element['id']} {group} {change}"

    def move(self, draft: Draft) -> str:
        found = self._one(draft, "placement")
        by = self.random.choice((-600, 100, 600, 2000, 30_000))
        axis = self.random.choice(("x_mm", "y_mm"))
        return self._put(draft, found, "placement", **{axis: found["placement"][axis] + by})

    def turn(self, draft: Draft) -> str:
        found = self._one(draft, "placement")
        return self._put(draft, found, "placement", rotation_deg=self.random.choice(TURNS))

    def resize(self, draft: Draft) -> str:
        return self._put(draft, self._one(draft, "size"), "size", width_mm=1234)

    def delete(self, draft: Draft) -> str:
        found = self._one(draft)
        if draft.referrers.get(found["id"]) or found["kind"] == "site":
            return "referred to"
        draft.drop(found["id"])
        return f"{found['id']} {found['kind']}"

    def copy(self, draft: Draft) -> str:
        found = self._one(draft, "placement")
        if found["kind"] not in ("rack", "module", "cdu", "air_handler", "panel", "column"):
            return "not that"
        place = found["placement"]
        number = self.random.randrange(16**12)
        made = {**found, "id": f"01985000-0000-7000-{self.random.choice('789')}000-{number:012x}"}
        draft.put({**made, "placement": {**place, "x_mm": place["x_mm"] + 2400}})
        return made["id"]

    def rewire(self, draft: Draft) -> str:
        if self.random.random() < 0.5 and (found := self._one(draft, "feeds")):
            return self._put(draft, found, "feeds", a=None)
        source = self._one(draft, "product", "identity")
        found = self._one(draft, "upstream")
        if found is None or source["kind"] not in ("ups", "switchboard", "panel"):
            return "no source"
        return self._put(draft, found, "upstream", source=source["id"])

    def set_product(self, draft: Draft) -> str:
        found = self._one(draft, "product")
        same = sorted(p for p, r in shipped_products().items() if r.category == found["kind"])
        draft.put({**found, "product": {"product_id": self.random.choice(same)}})
        return found["id"]

    def set_load(self, draft: Draft) -> str:
        racks = [e for e in draft.elements.values() if e["kind"] == "rack"]
        if not racks:
            return "no rack"
        kw = self.random.choice((40, 90, 150))
        chosen = dict(self.random.choice(sorted(racks, key=lambda e: e["id"])))
        return self._put(draft, chosen, "load", sustained_kw=kw)

    def set_site(self, draft: Draft) -> str:
        (site,) = (e for e in draft.elements.values() if e["kind"] == "site")
        group = self.random.choice(sorted(SITE_GROUPS))
        value = self.random.choice(SITE_GROUPS[group])
        draft.put({**site, group: value})
        return f"{group} {value}"

    def bend(self, draft: Draft) -> str:
        group = self.random.choice(("path", "outline"))
        found = self._one(draft, group)
        if found is None:
            return "nothing there"
        points = [list(point) for point in found[group]["points_mm"]]
        self.random.choice(points)[self.random.randrange(2)] += self.random.choice((-700, 400))
        return self._put(draft, found, group, points_mm=points)

    def tag(self, draft: Draft) -> str:
        found = self._one(draft, "identity", "placement")
        return self._put(draft, found, "identity", tag=self.random.choice(("A", "B", "C-07")))

    def override(self, draft: Draft) -> str:
        found = self._one(draft, "type")
        slot = self.random.choice(SLOTS)
        groups: dict[str, dict[str, Any]] = {
            "placement": {"x_mm": self.random.choice((-900, 0, 600)), "y_mm": 0},
            "load": {"sustained_kw": self.random.choice((50, 100))},
            "feeds": {"a": None, "b": None},
        }
        allowed = {"rack": ("placement", "load", "feeds"), "cdu": ("placement",)}
        group = self.random.choice(allowed.get(slot.partition("-")[0], ("placement",)))
        if found is None:
            return "no module"
        own = found.get("overrides", {}).get(slot, {})
        return self._put(draft, found, "overrides", **{slot: {**own, group: groups[group]}})

    def set_type(self, draft: Draft) -> str:
        found = self._one(draft, "template")
        if found is None:
            return "no type"
        group, change = self.random.choice(
            [
                ("racks", {"per_row": self.random.choice((6, 8))}),
                ("racks", {"pitch_mm": self.random.choice((600, 700))}),
                ("aisle", {"width_mm": self.random.choice((900, 1200))}),
                ("cdus", {"count": self.random.choice((1, 2, 3))}),
                ("cdus", {"redundancy": self.random.choice((1, 2))}),
            ]
        )
        return self._put(draft, found, group, **change)
