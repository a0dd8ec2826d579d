"""From a design and the products it uses to what the engine calculates with.

Pure: a document and records in, a `Plant` and `Assumptions` out. A design that is merely bad goes
through (the engine finds that); a product that nobody knows or a figure that can not be is refused,
with every problem listed.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

import numpy as np

from analysis import equipment, places
from analysis.columns import Columns, Row
from analysis.equipment import Equipment
from analysis.own_data import NO_OWN_DATA, OwnData
from analysis.places import origin_of, tag_of
from catalog.schema import Product
from engine import plant as p
from engine.assumptions import RULE_PREFIX, Assumptions, shipped_lines
from layouts.document import Document, Element
from layouts.errors import DesignInvalid
from layouts.kinds import POWER_KINDS
from layouts.modules import expand, product_ids

PRODUCT_KINDS = ("rack", "cdu", "air_handler", *POWER_KINDS, "dry_cooler", "chiller")
BOX_KINDS = (*PRODUCT_KINDS, "column", "containment")
LEVELS = {"busway": p.OVERHEAD, "containment": p.ZONE}
DEFAULT_RULES = "us-nec"
MM_PER_M = 1000.0


def assemble(
    document: Document,
    products: Mapping[str, Product],
    *,
    name: str = "",
    rule_set: str = DEFAULT_RULES,
    own: OwnData = NO_OWN_DATA,
) -> tuple[p.Plant, Assumptions]:
    """The plant of a design and the assumptions it is calculated with.

    Raises
    ------
    DesignInvalid
        If a product or variant is unknown or of another kind, a reference leads nowhere or a
        figure is impossible; `errors` lists all of them.
    """
    return Assembly(document, products, own).build(name, rule_set)


def drawn(document: Document, products: Mapping[str, Product]) -> list[Element]:
    """Every element of a design and every member of its modules, in the order of the ids."""
    sizes = {
        id_: {dimension: product.defaults[dimension].value for dimension in _DIMENSIONS}
        for id_, product in products.items()
    }
    elements = document.in_order()
    return sorted((*elements, *expand(elements, sizes)), key=lambda element: str(element["id"]))


class Assembly:
    """One pass over a design. Problems gather; nothing is raised before the end."""

    def __init__(
        self, document: Document, products: Mapping[str, Product], own: OwnData = NO_OWN_DATA
    ) -> None:
        self.own = own
        self.document = document
        self.products = products
        self.problems: list[dict[str, str]] = []
        self.known: dict[tuple[str, str, str | None], Equipment | None] = {}
        elements = document.in_order()
        self._check_module_types(elements)
        self.by_kind: dict[str, list[Element]] = defaultdict(list)
        for element in drawn(document, products):
            self.by_kind[element["kind"]].append(element)
        self.placed = {kind: [*self._with_products(kind)] for kind in PRODUCT_KINDS}
        self.site = self._site()
        self.assumptions = self._assumptions()
        nodes = [element for kind in POWER_KINDS for element, _ in self.placed[kind]]
        self.node_index = {element["id"]: i for i, element in enumerate(nodes)}
        self.box_index: dict[str, int] = {}
        self.loop_index: dict[str, int] = {}
        self.loop_redundancy: dict[str, int] = {}

    def build(self, name: str, rule_set: str) -> tuple[p.Plant, Assumptions]:
        """The finished plant, or everything that is in its way."""
        halls = places.halls(self.by_kind["hall"])
        boxes = self._boxes(halls)
        cdus = self._cdus(boxes)
        racks, curves, gpus = self._racks(boxes)
        air_handlers, power_nodes = self._air_handlers(), self._power_nodes()
        heat_rejection = self._heat_rejection()
        feeders, facility_loops = self._feeders(), self._facility_loops()
        if self.problems:
            count = len(self.problems)
            raise DesignInvalid(
                f"The design has {count} problem{'s' if count > 1 else ''}.", errors=self.problems
            )
        return (
            p.Plant(
                name=name,
                state_hash=self.document.state_hash,
                site=self.site,
                rule_set=self._group("rules").get("set", rule_set),
                boxes=boxes,
                racks=racks,
                cdus=cdus,
                air_handlers=air_handlers,
                power_nodes=power_nodes,
                heat_rejection=heat_rejection,
                loops=p.Loops(
                    id=tuple(self.loop_index),
                    redundancy=np.array(
                        [self.loop_redundancy.get(loop, 1) for loop in self.loop_index], int
                    ),
                ),
                modules=places.modules(self.by_kind["module"], self.by_kind["module_type"]),
                halls=halls,
                doors=places.doors(self.by_kind["door"]),
                keepouts=places.keepouts(self.by_kind["keepout"]),
                pipes=self._pipes("tcs", self.loop_index),
                facility_pipes=self._pipes("fws", facility_loops),
                facility_loops=tuple(facility_loops),
                trays=self._trays(),
                feeders=feeders,
                gpus=gpus,
                flow_curves=curves,
                waivers=self._waivers(),
            ),
            self.assumptions,
        )

    def _complain(self, element: Element, path: str, message: str) -> None:
        tag = element.get("identity", {}).get("tag", element["kind"])
        self.problems.append(
            {"path": f"elements[{element['id']}].{path}", "message": f"{tag}: {message}"}
        )

    # Products

    def _check_module_types(self, elements: Iterable[Element]) -> None:
        for element in elements:
            if element["kind"] != "module_type":
                continue
            for group, product_id in product_ids(element).items():
                if product_id not in self.products:
                    message = f"there is no product {product_id!r}"
                    self._complain(element, f"{group}.product_id", message)

    def _equipment(self, element: Element) -> Equipment | None:
        """The product of an element; None, with a problem noted, when there is no such thing."""
        chosen = element["product"]
        key = (element["kind"], chosen["product_id"], chosen.get("variant"))
        if key not in self.known:
            self.known[key] = self._found(*key)
        if self.known[key] is None:
            self._complain(element, "product", self._product_fault(*key))
        return self.known[key]

    def _found(self, kind: str, product_id: str, variant: str | None) -> Equipment | None:
        product = self.products.get(product_id)
        if product is None or product.category != kind:
            return None
        if variant is not None and all(item.id != variant for item in product.variants):
            return None
        return Equipment(product=product, figures=product.figures(variant), variant=variant)

    def _product_fault(self, kind: str, product_id: str, variant: str | None) -> str:
        product = self.products.get(product_id)
        if product is None:
            return f"there is no product {product_id!r}"
        if product.category != kind:
            return f"{product_id!r} is a {product.category}, not a {kind}"
        return f"{product_id!r} has no variant {variant!r}"

    def _with_products(self, kind: str) -> Iterator[tuple[Element, Equipment]]:
        for element in self.by_kind[kind]:
            if (found := self._equipment(element)) is not None:
                yield element, found

    # Settings of the whole design

    def _group(self, group: str) -> Mapping[str, Any]:
        sites = self.by_kind["site"]
        value: Mapping[str, Any] = sites[0].get(group, {}) if sites else {}
        return value

    def _site(self) -> p.Site:
        groups = ("location", "power", "cooling")
        plain = {key: value for group in groups for key, value in self._group(group).items()}
        parts = {name: self._group(name) for name in ("workload", "utilisation", "finance")}
        stated = [*plain, *(f"{name}.{key}" for name, part in parts.items() for key in part)]
        return p.Site(
            **plain,
            workload=p.Workload(**parts["workload"]),
            streams=tuple(
                p.StreamAsked(name=name, **asked)
                for name, asked in sorted(self._group("streams").items())
            ),
            utilisation=p.Utilisation(**parts["utilisation"]),
            finance=p.Finance(**parts["finance"]),
            stated=frozenset(stated),
        )

    def _assumptions(self) -> Assumptions:
        overrides = dict(self._group("assumptions"))
        lines = shipped_lines()
        for line in [*overrides]:
            if line not in lines and not line.startswith(RULE_PREFIX):
                message = f"there is no assumption {line!r}"
                self._complain(self.by_kind["site"][0], f"assumptions.{line}", message)
                del overrides[line]
        return Assumptions.load(overrides, self.own.lines, self.own.points)

    def _waivers(self) -> tuple[p.Waiver, ...]:
        return tuple(
            p.Waiver(
                id=element["id"],
                rule=element["waiver"]["rule"],
                element_ids=tuple(element["waiver"]["element_ids"]),
                reason=element["waiver"]["reason"],
                expires_on=date.fromisoformat(element["waiver"]["expires_on"]),
                granted_by=element["waiver"]["granted_by"],
            )
            for element in self.by_kind["waiver"]
        )

    def _boxes(self, halls: p.Halls) -> p.Boxes:
        module_index = {element["id"]: i for i, element in enumerate(self.by_kind["module"])}
        table = Columns()
        for kind in BOX_KINDS:
            if kind in PRODUCT_KINDS:
                units: Sequence[tuple[Element, Equipment | None]] = self.placed[kind]
            else:
                units = [(element, None) for element in self.by_kind[kind]]
            for element, found in units:
                id_, own = element["id"], element.get("size")
                self.box_index[id_] = len(self.box_index)
                table.add(
                    (kind, found and found.key, _key(own)),
                    partial(self._box, kind, found, own or {}),
                    id=id_,
                    tag=tag_of(element),
                    module=module_index.get(id_.partition("/")[0], -1),
                    origin=origin_of(element),
                    turn=element["placement"]["rotation_deg"],
                )
        columns = table.build()
        if not columns:
            return p.Boxes()
        corners = p.box_corners(
            columns.pop("origin"),
            columns.pop("turn"),
            columns.pop("width_mm"),
            columns.pop("depth_mm"),
        )
        hall = places.hall_of(halls, corners.mean(axis=1))
        return p.Boxes(**columns, corners_mm=corners, hall=hall)

    def _box(self, kind: str, found: Equipment | None, own: Mapping[str, float]) -> Row:
        size = {
            name: float(own[name]) if name in own else (found.value(name) if found else 0.0)
            for name in _DIMENSIONS
        }
        volts = found.value("voltage_v", self.site.voltage_v) if found else 0.0
        return {
            **size,
            "kind": kind,
            "level": LEVELS.get(kind, p.FLOOR),
            "mass_kg": found.value("mass_kg") if found else 0.0,
            **equipment.clearances(found),
            "voltage_to_ground_v": (
                equipment.voltage_to_ground(kind, volts) if kind in POWER_KINDS else 0.0
            ),
        }

    # Equipment

    def _feeds(self, element: Element) -> dict[str, int]:
        feeds = element.get("feeds") or {}
        return {
            f"feed_{side}": self._node(element, f"feeds.{side}", feeds.get(side))
            for side in ("a", "b")
        }

    def _node(self, element: Element, path: str, target: str | None) -> int:
        if target is None:
            return -1
        if target not in self.node_index:
            self._complain(element, path, f"refers to {target}, which does not exist")
            return -1
        return self.node_index[target]

    def _loop(self, element: Element, boxes: p.Boxes) -> str:
        """The loop an element names; without a name, the one that a hall's loose ones share."""
        name: str | None = (element.get("cooling") or {}).get("loop")
        if name is None:
            hall = int(boxes.hall[self.box_index[element["id"]]])
            name = f"TCS {hall + 1}" if hall >= 0 else "TCS outdoors"
        self.loop_index.setdefault(name, len(self.loop_index))
        return name

    def _own(self, element: Element) -> dict[str, Any]:
        id_ = element["id"]
        return {"id": id_, "tag": tag_of(element), "box": self.box_index[id_]}

    def _cdus(self, boxes: p.Boxes) -> p.Cdus:
        table = Columns()
        for element, found in self.placed["cdu"]:
            capacity, loop = element.get("capacity"), self._loop(element, boxes)
            redundancy = (element.get("cooling") or {}).get("redundancy")
            if redundancy is not None:
                self.loop_redundancy[loop] = max(self.loop_redundancy.get(loop, 0), int(redundancy))
            table.add(
                (found.key, _key(capacity)),
                partial(equipment.cdu, found, capacity or {}),
                **self._own(element),
                **self._feeds(element),
                loop=self.loop_index[loop],
            )
        return p.Cdus(**table.build())

    def _racks(self, boxes: p.Boxes) -> tuple[p.Racks, tuple[p.Curve, ...], tuple[str, ...]]:
        table = Columns()
        curves: dict[p.Curve, int] = {}
        gpus: dict[str, int] = {}

        def figures(found: Equipment, load: Mapping[str, Any]) -> Row:
            gpu, count = found.product.gpu, round(found.value("gpu_count"))
            curve = equipment.flow_curve(found)
            return {
                **equipment.rack(found, load, self.site),
                "flow_curve": -1 if curve is None else curves.setdefault(curve, len(curves)),
                "gpu": gpus.setdefault(gpu, len(gpus)) if gpu and count else -1,
                "gpu_count": count,
            }

        for element, found in self.placed["rack"]:
            load = element.get("load")
            loop = self._loop(element, boxes) if equipment.is_liquid(found, load) else None
            row = table.add(
                (found.key, _key(load)),
                partial(figures, found, load or {}),
                **self._own(element),
                **self._feeds(element),
                phases=(element.get("feeds") or {}).get("phases", "ABC"),
                loop=-1 if loop is None else self.loop_index[loop],
            )
            if row["liquid_fraction"] > 1.0:
                message = "more heat goes to liquid than the rack draws"
                self._complain(element, "load.liquid_kw", message)
        return p.Racks(**table.build()), tuple(curves), tuple(gpus)

    def _air_handlers(self) -> p.AirHandlers:
        table = Columns()
        for element, found in self.placed["air_handler"]:
            capacity = element.get("capacity")
            table.add(
                (found.key, _key(capacity)),
                partial(equipment.air_handler, found, capacity or {}),
                **self._own(element),
                **self._feeds(element),
            )
        return p.AirHandlers(**table.build())

    # Runs

    def _pipes(self, service: str, loops: Mapping[str, int]) -> p.PipeRuns:
        """Pipes of the coolant, or of the facility water; one that says nothing is of coolant."""
        elements = [
            element
            for element in self.by_kind["pipe"]
            if element["pipe"].get("service", "tcs") == service
        ]
        pipes = [element["pipe"] for element in elements]
        return p.PipeRuns(
            **places.runs(elements),
            # A loop without racks or CDUs is none: its pipes meet nothing.
            loop=np.array([loops.get(pipe["loop"], -1) for pipe in pipes], int),
            bore_m=np.array([pipe.get("bore_mm", 0.0) / MM_PER_M for pipe in pipes], float),
            resistance_factor=np.array(
                [pipe.get("resistance_factor", 1.0) for pipe in pipes], float
            ),
            elevation_mm=np.array(
                [element["path"].get("elevation_mm", 0.0) for element in elements], float
            ),
        )

    def _facility_loops(self) -> dict[str, int]:
        """Names of the loops of facility water, by the first pipe of each."""
        names = [
            element["pipe"]["loop"]
            for element in self.by_kind["pipe"]
            if element["pipe"].get("service") == "fws"
        ]
        return {name: place for place, name in enumerate(dict.fromkeys(names))}

    def _trays(self) -> p.TrayRuns:
        elements = self.by_kind["tray"]
        return p.TrayRuns(
            **places.runs(elements),
            width_mm=np.array([element["tray"]["width_mm"] for element in elements], float),
            depth_mm=np.array([element["tray"]["depth_mm"] for element in elements], float),
        )

    def _feeders(self) -> p.FeederRuns:
        elements = self.by_kind["feeder"]
        feeders = [element["feeder"] for element in elements]
        return p.FeederRuns(
            **places.runs(elements),
            node=np.array(
                [
                    self._node(element, "feeder.to", feeder["to"])
                    for element, feeder in zip(elements, feeders, strict=True)
                ],
                int,
            ),
            conductor_mm2=np.array([feeder.get("conductor_mm2", 0.0) for feeder in feeders], float),
            sets=np.array([feeder.get("sets", 1) for feeder in feeders], int),
        )

    def _power_nodes(self) -> p.PowerNodes:
        table = Columns()
        for kind in POWER_KINDS:
            for element, found in self.placed[kind]:
                rating = element.get("rating")
                source = (element.get("upstream") or {}).get("source")
                table.add(
                    (kind, found.key, _key(rating)),
                    partial(self._power_node, kind, found, rating or {}),
                    **self._own(element),
                    side=element["identity"].get("side", ""),
                    parent=self._node(element, "upstream.source", source),
                )
        return p.PowerNodes(**table.build())

    def _power_node(self, kind: str, found: Equipment, rating: Mapping[str, Any]) -> Row:
        a, b, c = equipment.losses(found, kind, self.assumptions)
        return {
            **equipment.bought(found),
            "kind": kind,
            "rating_kw": float(rating.get("rating_kw", found.value("rating_kw"))),
            "loss_a": a,
            "loss_b": b,
            "loss_c": c,
            "voltage_v": found.value("voltage_v", self.site.voltage_v),
        }

    def _heat_rejection(self) -> p.HeatRejectionUnits:
        table = Columns()
        for kind in ("dry_cooler", "chiller"):
            for element, found in self.placed[kind]:
                capacity = element.get("capacity")
                table.add(
                    (kind, found.key, _key(capacity)),
                    partial(equipment.heat_rejection, found, kind, capacity or {}),
                    **self._own(element),
                )
        return p.HeatRejectionUnits(**table.build())


_DIMENSIONS = ("width_mm", "depth_mm", "height_mm")


def _key(group: Mapping[str, Any] | None) -> tuple[tuple[str, Any], ...]:
    """What tells one property group from another."""
    return tuple(sorted(group.items())) if group else ()
