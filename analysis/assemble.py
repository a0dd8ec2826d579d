"""From a design and the products it uses to what the engine calculates with.

Pure: a document and records in, a `Plant` and `Assumptions` out. A design that is merely bad goes
through (the engine finds that); a product that nobody knows or a figure that can not be is refused,
with every problem listed.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import chain, compress
from operator import attrgetter
from typing import Any

import numpy as np

from analysis import equipment, places
from analysis.columns import Row, columns
from analysis.own_data import NO_OWN_DATA, OwnData
from analysis.units import DIMENSIONS, PRODUCT_KINDS, Readings, Unit, runs
from catalog.schema import Product
from engine import plant as p
from engine.assumptions import RULE_PREFIX, Assumptions, shipped_lines
from engine.cooling.parts import loops_as_drawn
from engine.power.direct import on_direct_current
from layouts.document import Document, Element
from layouts.errors import DesignInvalid
from layouts.kinds import POWER_KINDS
from layouts.modules import product_ids

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
    readings: Readings | None = None,
) -> tuple[p.Plant, Assumptions]:
    """The plant of a design and the assumptions it is calculated with.

    `readings` of an earlier design save reading again what this one shares with it.

    Raises
    ------
    DesignInvalid
        If a product or variant is unknown or of another kind, a reference leads nowhere or a
        figure is impossible; `errors` lists all of them.
    """
    if readings is None or readings.products is not products:
        readings = Readings(products)
    return Assembly(document, readings, own).build(name, rule_set)


def drawn(document: Document, products: Mapping[str, Product]) -> list[Element]:
    """Every element of a design and every member of its modules, in the order of the ids."""
    return [unit.element for unit in Readings(products).units(document)]


class Assembly:
    """One pass over a design. Problems gather; nothing is raised before the end."""

    def __init__(self, document: Document, readings: Readings, own: OwnData = NO_OWN_DATA) -> None:
        self.own = own
        self.document = document
        self.readings = readings
        self.products = readings.products
        self.problems: list[dict[str, str]] = []
        self.units = defaultdict(list, readings.by_kind(document))
        self._check_module_types()
        self.placed = {kind: self._with_products(kind) for kind in PRODUCT_KINDS}
        self.site = self._site()
        self.assumptions = readings.table(
            "assumptions", (self._group("assumptions"), own), self._assumptions
        )
        power = [self.placed[kind] for kind in POWER_KINDS]
        self.nodes = readings.table("node_units", tuple(power), lambda: [*chain(*power)])
        self.node_index = readings.table(
            "nodes",
            tuple(self._ids(kind) for kind in POWER_KINDS),
            lambda: _index(self.nodes),
        )
        self.boxed = [*chain(*map(self._standing, BOX_KINDS))]
        self.box_index = readings.table(
            "boxed", tuple(self._ids(kind) for kind in BOX_KINDS), lambda: _index(self.boxed)
        )
        self.loop_index: dict[str, int] = {}

    def build(self, name: str, rule_set: str) -> tuple[p.Plant, Assumptions]:
        """The finished plant, or everything that is in its way."""
        table, units, site, joined = self.readings.table, self.units, self.site, self.nodes
        rejection = self.placed["dry_cooler"], self.placed["chiller"]
        halls = table("halls", (units["hall"],), lambda: places.halls(self._elements("hall")))
        doors = table("doors", (units["door"],), lambda: places.doors(self._elements("door")))
        boxes = self._boxes(halls)
        self.loop_index = self._loops(boxes)
        loops = tuple(self.loop_index)
        cdus = table(
            "cdus",
            (self.box_index, joined, self.placed["cdu"], units["hall"], loops),
            lambda: self._cdus(boxes),
        )
        racks, curves, gpus = self._racks(boxes)
        air_handlers = table(
            "air_handlers", (self.box_index, joined, units["air_handler"]), self._air_handlers
        )
        power_nodes = table(
            "power_nodes", (self.box_index, joined, site, self.assumptions), self._power_nodes
        )
        heat_rejection = table("heat_rejection", (self.box_index, *rejection), self._heat_rejection)
        feeders = table("feeders", (units["feeder"], joined), self._feeders)
        facility_loops = table("facility_loops", (units["pipe"],), self._facility_loops)
        if self.problems:
            count = len(self.problems)
            raise DesignInvalid(
                f"The design has {count} problem{'s' if count > 1 else ''}.", errors=self.problems
            )
        plant = p.Plant(
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
            loops=table(
                "loops",
                (self.placed["cdu"], cdus.loop.tolist(), loops),
                lambda: p.Loops(id=loops, redundancy=self._redundancy(cdus)),
            ),
            modules=table(
                "modules",
                (units["module"], units["module_type"]),
                lambda: places.modules(self._elements("module"), self._elements("module_type")),
            ),
            halls=halls,
            doors=doors,
            keepouts=places.keepouts(self._elements("keepout")),
            pipes=table(
                "pipes", (units["pipe"], loops), lambda: self._pipes("tcs", self.loop_index)
            ),
            facility_pipes=table(
                "facility_pipes", (units["pipe"],), lambda: self._pipes("fws", facility_loops)
            ),
            facility_loops=tuple(facility_loops),
            trays=table("trays", (units["tray"],), self._trays),
            feeders=feeders,
            gpus=gpus,
            flow_curves=curves,
            waivers=self._waivers(),
        )
        self.readings.keep_tables()
        plant = on_direct_current(
            loops_as_drawn(plant, self.assumptions, self.readings.memory), self.assumptions
        )
        return plant, self.assumptions

    def _standing(self, kind: str) -> list[Unit]:
        """The units of a kind, of one with products those that have theirs."""
        return self.placed[kind] if kind in self.placed else self.units[kind]

    def _ids(self, kind: str) -> p.Names:
        return self.readings.ids(kind, self._standing(kind))

    def _elements(self, kind: str) -> list[Element]:
        return [unit.element for unit in self.units[kind]]

    def _complain(self, element: Element, path: str, message: str) -> None:
        tag = element.get("identity", {}).get("tag", element["kind"])
        self.problems.append(
            {"path": f"elements[{element['id']}].{path}", "message": f"{tag}: {message}"}
        )

    # Products

    def _check_module_types(self) -> None:
        for element in self._elements("module_type"):
            for group, product_id in product_ids(element).items():
                if product_id not in self.products:
                    message = f"there is no product {product_id!r}"
                    self._complain(element, f"{group}.product_id", message)

    def _with_products(self, kind: str) -> list[Unit]:
        """The units of a kind that have a product; a problem is noted for each of the others."""
        units = self.units[kind]
        if all(map(attrgetter("found"), units)):
            return units
        for unit in units:
            if unit.found is None:
                chosen = unit.element["product"]
                fault = self._product_fault(kind, chosen["product_id"], chosen.get("variant"))
                self._complain(unit.element, "product", fault)
        return [unit for unit in units if unit.found is not None]

    def _product_fault(self, kind: str, product_id: str, variant: str | None) -> str:
        product = self.products.get(product_id)
        if product is None:
            return f"there is no product {product_id!r}"
        if product.category != kind:
            return f"{product_id!r} is a {product.category}, not a {kind}"
        return f"{product_id!r} has no variant {variant!r}"

    # Settings of the whole design

    def _group(self, group: str) -> Mapping[str, Any]:
        sites = self._elements("site")
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
                self._complain(self._elements("site")[0], f"assumptions.{line}", message)
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
            for element in self._elements("waiver")
        )

    def _boxes(self, halls: p.Halls) -> p.Boxes:
        rests_on = (self.box_index, self._ids("module"), self.units["hall"], self.site.voltage_v)
        return self.readings.rows(
            "boxes", self.boxed, rests_on, lambda units: self._boxes_of(units, halls)
        )

    def _boxes_of(self, units: Sequence[Unit], halls: p.Halls) -> p.Boxes:
        if not units:
            return p.Boxes()
        module_index = _index(self.units["module"])
        table = columns(
            [unit.box for unit in units],
            lambda at: self._box(units[at]),
            id=tuple(unit.id for unit in units),
            tag=tuple(unit.tag for unit in units),
            module=[module_index.get(unit.owner, -1) for unit in units],
        )
        corners = p.box_corners(
            np.stack([[unit.x_mm for unit in units], [unit.y_mm for unit in units]], axis=1),
            [unit.turn_deg for unit in units],
            table.pop("width_mm"),
            table.pop("depth_mm"),
        )
        hall = places.hall_of(halls, corners.mean(axis=1))
        return p.Boxes(**table, corners_mm=corners, hall=hall)

    def _box(self, unit: Unit) -> Row:
        kind, found, own = unit.kind, unit.found, unit.element.get("size") or {}
        size = {
            name: float(own[name]) if name in own else (found.value(name) if found else 0.0)
            for name in DIMENSIONS
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

    def _feeds(self, units: Sequence[Unit]) -> dict[str, Any]:
        wanted = {
            "feed_a": [unit.feed_a for unit in units],
            "feed_b": [unit.feed_b for unit in units],
        }
        feeds = {side: self._nodes(targets) for side, targets in wanted.items()}
        for side, targets in wanted.items():
            path = f"feeds.{side[-1]}"
            self._complain_of_nowhere(units, path, targets, feeds[side])
        return feeds

    def _nodes(self, targets: Sequence[str | None]) -> list[int]:
        index = self.node_index
        return [-1 if target is None else index.get(target, -1) for target in targets]

    def _complain_of_nowhere(
        self, units: Sequence[Unit], path: str, targets: Sequence[str | None], found: Sequence[int]
    ) -> None:
        for unit, target, at in zip(units, targets, found, strict=True):
            if at < 0 and target is not None:
                self._complain(unit.element, path, f"refers to {target}, which does not exist")

    def _loops(self, boxes: p.Boxes) -> dict[str, int]:
        """Names of the loops: those of CDUs, then those of racks that take coolant."""
        wet = compress(self.placed["rack"], map(attrgetter("is_liquid"), self.placed["rack"]))
        units = [*self.placed["cdu"], *wet]
        names = dict.fromkeys(map(attrgetter("loop"), units))
        if None in names:
            names = dict.fromkeys(self._loop(unit, boxes) for unit in units)
        return {name: place for place, name in enumerate(names)}

    def _loop(self, unit: Unit, boxes: p.Boxes) -> str:
        """The loop a unit names; without a name, the one that a hall's loose ones share."""
        if unit.loop is not None:
            return unit.loop
        hall = int(boxes.hall[self.box_index[unit.id]])
        return f"TCS {hall + 1}" if hall >= 0 else "TCS outdoors"

    def _table(self, units: Sequence[Unit], figures: Callable[[Unit], Row]) -> dict[str, Any]:
        """The columns that all equipment has, and those that follow from its product."""
        return columns(
            [unit.like for unit in units],
            lambda at: figures(units[at]),
            id=tuple(unit.id for unit in units),
            tag=tuple(unit.tag for unit in units),
            box=[self.box_index[unit.id] for unit in units],
        )

    def _cdus(self, boxes: p.Boxes) -> p.Cdus:
        units = self.placed["cdu"]
        loops = [self.loop_index[self._loop(unit, boxes)] for unit in units]
        table = self._table(units, lambda unit: equipment.cdu(unit.equipment, unit.own))
        return p.Cdus(**table, **self._feeds(units), loop=np.array(loops, int))

    def _redundancy(self, cdus: p.Cdus) -> p.Ints:
        """CDUs of each loop that may fail: the most that one of its CDUs states, else one."""
        stated: dict[int, int] = {}
        for unit, loop in zip(self.placed["cdu"], cdus.loop.tolist(), strict=True):
            redundancy = (unit.element.get("cooling") or {}).get("redundancy")
            if redundancy is not None:
                stated[loop] = max(stated.get(loop, 0), int(redundancy))
        return np.array([stated.get(loop, 1) for loop in range(len(self.loop_index))], int)

    def _racks(self, boxes: p.Boxes) -> tuple[p.Racks, tuple[p.Curve, ...], tuple[str, ...]]:
        units = self.placed["rack"]
        first = {unit.like: unit for unit in reversed(units)}
        kinds = [first[like] for like in dict.fromkeys(map(attrgetter("like"), units))]
        curves = tuple(dict.fromkeys(filter(None, map(_flow_curve, kinds))))
        gpus = tuple(dict.fromkeys(filter(None, map(_gpu, kinds))))

        def figures(unit: Unit) -> Row:
            curve, gpu = _flow_curve(unit), _gpu(unit)
            return {
                **equipment.rack(unit.equipment, unit.own, self.site),
                "flow_curve": -1 if curve is None else curves.index(curve),
                "gpu": gpus.index(gpu) if gpu else -1,
                "gpu_count": round(unit.equipment.value("gpu_count")),
            }

        def loop(unit: Unit) -> int:
            return self.loop_index[self._loop(unit, boxes)] if unit.is_liquid else -1

        def build(units: Sequence[Unit]) -> p.Racks:
            return p.Racks(
                **self._table(units, figures),
                **self._feeds(units),
                phases=tuple(unit.phases for unit in units),
                loop=np.array([*map(loop, units)], int),
            )

        rests_on = (
            self.box_index,
            self.node_index,
            self.site,
            tuple(self.loop_index),
            self.units["hall"],
            curves,
            gpus,
        )
        racks = self.readings.rows("racks", units, rests_on, build)
        for row in np.flatnonzero(racks.liquid_fraction > 1.0).tolist():
            message = "more heat goes to liquid than the rack draws"
            self._complain(units[row].element, "load.liquid_kw", message)
        return racks, curves, gpus

    def _air_handlers(self) -> p.AirHandlers:
        units = self.placed["air_handler"]
        table = self._table(units, lambda unit: equipment.air_handler(unit.equipment, unit.own))
        return p.AirHandlers(**table, **self._feeds(units))

    # Runs

    def _pipes(self, service: str, loops: Mapping[str, int]) -> p.PipeRuns:
        """Pipes of the coolant, or of the facility water; one that says nothing is of coolant."""
        units = [
            unit
            for unit in self.units["pipe"]
            if unit.element["pipe"].get("service", "tcs") == service
        ]
        elements = [unit.element for unit in units]
        pipes = [element["pipe"] for element in elements]
        return p.PipeRuns(
            **runs(units),
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
            for element in self._elements("pipe")
            if element["pipe"].get("service") == "fws"
        ]
        return {name: place for place, name in enumerate(dict.fromkeys(names))}

    def _trays(self) -> p.TrayRuns:
        units = self.units["tray"]
        elements = [unit.element for unit in units]
        return p.TrayRuns(
            **runs(units),
            width_mm=np.array([element["tray"]["width_mm"] for element in elements], float),
            depth_mm=np.array([element["tray"]["depth_mm"] for element in elements], float),
        )

    def _feeders(self) -> p.FeederRuns:
        units = self.units["feeder"]
        feeders = [unit.element["feeder"] for unit in units]
        targets = [feeder["to"] for feeder in feeders]
        nodes = self._nodes(targets)
        self._complain_of_nowhere(units, "feeder.to", targets, nodes)
        return p.FeederRuns(
            **runs(units),
            node=np.array(nodes, int),
            conductor_mm2=np.array([feeder.get("conductor_mm2", 0.0) for feeder in feeders], float),
            sets=np.array([feeder.get("sets", 1) for feeder in feeders], int),
        )

    def _power_nodes(self) -> p.PowerNodes:
        units = self.nodes
        sources = [(unit.element.get("upstream") or {}).get("source") for unit in units]
        parents = self._nodes(sources)
        self._complain_of_nowhere(units, "upstream.source", sources, parents)
        return p.PowerNodes(
            **self._table(units, self._power_node),
            side=tuple(unit.element["identity"].get("side", "") for unit in units),
            parent=np.array(parents, int),
        )

    def _power_node(self, unit: Unit) -> Row:
        kind, found = unit.kind, unit.equipment
        a, b, c = equipment.losses(found, kind, self.assumptions)
        return {
            **equipment.bought(found),
            "kind": kind,
            "rating_kw": float(unit.own.get("rating_kw", found.value("rating_kw"))),
            "loss_a": a,
            "loss_b": b,
            "loss_c": c,
            "voltage_v": found.value("voltage_v", self.site.voltage_v),
            "fault_ka": float(unit.own.get("fault_ka", found.value("fault_ka"))),
        }

    def _heat_rejection(self) -> p.HeatRejectionUnits:
        units = [unit for kind in ("dry_cooler", "chiller") for unit in self.placed[kind]]
        table = self._table(
            units, lambda unit: equipment.heat_rejection(unit.equipment, unit.kind, unit.own)
        )
        return p.HeatRejectionUnits(**table)


def _flow_curve(unit: Unit) -> p.Curve | None:
    return equipment.flow_curve(unit.equipment)


def _gpu(unit: Unit) -> str | None:
    """The GPU that a rack has any of."""
    found = unit.equipment
    return found.product.gpu if round(found.value("gpu_count")) else None


def _index(units: Sequence[Unit]) -> dict[str, int]:
    return {unit.id: i for i, unit in enumerate(units)}
