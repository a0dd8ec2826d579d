"""What stands in a design, read element by element.

Elements never change, and documents share them: what was read of an element holds for as long as
it stands. `Readings` keeps that from one assembly to the next, so that a design of which one rack
moved is read one rack at a time.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import compress
from operator import is_not, itemgetter
from typing import Any, TypeVar, cast

import numpy as np

from analysis import equipment
from analysis.equipment import Equipment
from analysis.places import tag_of
from catalog.schema import Product
from engine.alike import same
from engine.memory import Memory
from engine.plant import Floats, Names, Table
from layouts.document import Document, Element
from layouts.kinds import POWER_KINDS
from layouts.modules import Plan, members_of, plan

PRODUCT_KINDS = ("rack", "cdu", "air_handler", *POWER_KINDS, "dry_cooler", "chiller")
DIMENSIONS = ("width_mm", "depth_mm", "height_mm")
FIGURES = {"rack": "load", **dict.fromkeys(POWER_KINDS, "rating")}
"""The group in which a kind states figures of its own; others do it in `capacity`."""

_NONE: Mapping[str, Any] = {}
_NOWHERE = {"x_mm": 0.0, "y_mm": 0.0, "rotation_deg": 0.0}

R = TypeVar("R")
T = TypeVar("T", bound=Table)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Unit:
    """One element, as the tables of a plant want it, apart from all that stands beside it."""

    element: Element
    id: str
    kind: str
    tag: str
    owner: str  # the module that it is a member of, else itself
    found: Equipment | None = None  # its product
    x_mm: float = 0.0  # of its front-left corner
    y_mm: float = 0.0
    turn_deg: float = 0.0
    box: int  # units of equal `box` have equal boxes, where they stand apart
    own: Mapping[str, Any]  # figures of its own
    like: int  # units of equal `like` have equal figures
    feed_a: str | None = None
    feed_b: str | None = None
    loop: str | None = None
    is_liquid: bool = False
    phases: str = "ABC"
    points_mm: Floats | None = None

    @property
    def equipment(self) -> Equipment:
        """The product of a unit that has one."""
        assert self.found is not None
        return self.found


class Readings:
    """What was read of the elements of the latest design."""

    def __init__(self, products: Mapping[str, Product]) -> None:
        self.products = products
        self.memory = Memory()
        self._sizes = {
            id_: {name: product.defaults[name].value for name in DIMENSIONS}
            for id_, product in products.items()
        }
        self._equipment: dict[tuple[str, str, str | None], Equipment | None] = {}
        self._numbers: dict[object, int] = {}
        self._units: dict[str, Unit] = {}
        self._elements: list[Element] = []
        self._kinds: dict[str, list[Unit]] = {}
        self._ids: dict[str, Names] = {}
        self._place: dict[str, int] = {}  # of a unit among those of its kind; empty until needed
        self._plans: dict[str, tuple[Element, Plan | None]] = {}
        self._members: dict[str, tuple[Element, Plan | None, list[Unit]]] = {}
        self._tables: dict[str, tuple[tuple[Any, ...], Any]] = {}
        self._new_tables: dict[str, tuple[tuple[Any, ...], Any]] = {}

    @property
    def count(self) -> int:
        """How many units are known."""
        return len(self._units) + sum(len(members) for _, _, members in self._members.values())

    def units(self, document: Document) -> list[Unit]:
        """Everything that stands in a design, in the order of the ids."""
        elements = document.in_order()
        former, self._units = self._units, {}
        members, self._members = self._members, {}
        plans = self._plans = self._planned(elements)
        units: list[Unit] = []
        for element in elements:
            unit = former.get(element["id"])
            if unit is None or unit.element is not element:
                unit = self._read(element)
            self._units[unit.id] = unit
            units.append(unit)
            if unit.kind == "module":  # the id of a member is that of its module, and more
                kept = self._expanded(unit.element, plans, members.get(unit.id))
                self._members[unit.id] = kept
                units += kept[2]
        return units

    def by_kind(self, document: Document) -> Mapping[str, list[Unit]]:
        """As `units`, each kind by itself: the same list as before where none of a kind changed."""
        elements = document.in_order()
        fresh = self._changed(elements)
        if fresh is None:
            kinds: defaultdict[str, list[Unit]] = defaultdict(list)
            for unit in self.units(document):
                kinds[unit.kind].append(unit)
            self._kinds, self._place = dict(kinds), {}
            self._ids = {kind: tuple(unit.id for unit in units) for kind, units in kinds.items()}
        elif fresh:
            if not self._place:
                self._place = {id_: at for ids in self._ids.values() for at, id_ in enumerate(ids)}
            for kind in {unit.kind for unit in fresh}:
                self._kinds[kind] = [*self._kinds[kind]]
            for unit in fresh:
                self._kinds[unit.kind][self._place[unit.id]] = unit
        self._elements = elements
        return self._kinds

    def ids(self, kind: str, units: list[Unit]) -> Names:
        """The ids of units of a kind, which stay while only the units change."""
        if units is self._kinds.get(kind):
            return self._ids[kind]
        return tuple(unit.id for unit in units)

    def _changed(self, elements: list[Element]) -> list[Unit] | None:
        """The units that are others than before; None if it is not the same ones that stand."""
        former = self._elements
        if len(elements) != len(former):
            return None
        fresh, modules = [], []
        for at in compress(range(len(elements)), map(is_not, elements, former)):
            element, was = elements[at], former[at]
            kind, id_ = element["kind"], element["id"]
            if (kind, id_) != (was["kind"], was["id"]) or kind == "module_type":
                return None
            fresh.append(self._read(element))
            if kind == "module":
                if element["type"]["type_id"] not in self._plans:
                    return None
                before = self._members[id_]
                after = self._expanded(element, self._plans, before)
                if [(unit.id, unit.kind) for unit in after[2]] != [
                    (unit.id, unit.kind) for unit in before[2]
                ]:
                    return None
                fresh += compress(after[2], map(is_not, after[2], before[2]))
                modules.append((id_, after))
        self._members.update(modules)
        self._units.update((unit.id, unit) for unit in fresh if unit.id in self._units)
        return fresh

    def table(self, name: str, rests_on: tuple[object, ...], build: Callable[[], R]) -> R:
        """A table as it was built for the former design, if what it rests on is the same.

        Units are the same when they are identical, other things when they are equal.
        """
        kept = self._tables.get(name)
        if kept is None or kept[0] != rests_on:
            built: Any = build()
            is_same = kept is not None and isinstance(built, dict) and kept[1] == built
            kept = rests_on, kept[1] if kept and is_same else built
        self._new_tables[name] = kept
        return cast("R", kept[1])

    def rows(
        self,
        name: str,
        units: list[Unit],
        rests_on: tuple[object, ...],
        build: Callable[[Sequence[Unit]], T],
    ) -> T:
        """As `table`, with a row for each unit, worked out for those that changed alone.

        A row may rest on its own unit and on `rests_on`, which tells the ids and their order.
        """
        former = self._tables.get(name)
        if former is None or former[0][1:] != rests_on:
            built = build(units)
        else:
            changed = [*compress(range(len(units)), map(is_not, units, former[0][0]))]
            fresh = build([units[at] for at in changed])
            built = _with_rows(former[1], changed, fresh) if changed else former[1]
        self._new_tables[name] = (units, *rests_on), built
        return built

    def keep_tables(self) -> None:
        """The assembly went well: its tables serve the next one. Those of one that did not are
        built anew, so that its problems are told again."""
        self._tables, self._new_tables = self._new_tables, {}

    def _found(self, kind: str, product_id: str, variant: str | None) -> Equipment | None:
        """A product in one variant; None if there is no such thing of this kind."""
        key = (kind, product_id, variant)
        if key not in self._equipment:
            self._equipment[key] = _equipment(self.products.get(product_id), kind, variant)
        return self._equipment[key]

    def _planned(self, elements: Sequence[Element]) -> dict[str, tuple[Element, Plan | None]]:
        """The module types that are in use, with their plans."""
        used = {each["type"]["type_id"] for each in elements if each["kind"] == "module"}
        plans = {}
        for each in elements:
            if each["kind"] == "module_type" and (id_ := each["id"]) in used:
                kept = self._plans.get(id_)
                is_same = kept is not None and kept[0] is each
                plans[id_] = kept if kept and is_same else (each, plan(each, self._sizes))
        return plans

    def _expanded(
        self,
        module: Element,
        plans: Mapping[str, tuple[Element, Plan | None]],
        kept: tuple[Element, Plan | None, list[Unit]] | None,
    ) -> tuple[Element, Plan | None, list[Unit]]:
        """The members of a module, in the order of the ids."""
        module_type, planned = plans.get(module["type"]["type_id"], (module, None))
        if kept is not None and kept[0] is module and kept[1] is planned:
            return kept
        former = {unit.id: unit for unit in kept[2]} if kept is not None else {}
        found = members_of(module, module_type, planned) if planned is not None else []
        members = []
        for element in sorted(found, key=itemgetter("id")):
            unit = former.get(element["id"])
            if unit is None or unit.element != element:
                unit = self._read(element)
            members.append(unit)
        return module, planned, members

    def _number(self, *parts: Any) -> int:
        """The same number for the same kind, product and figures of its own."""
        *product, group = parts
        key = (*product, tuple(sorted(group.items())) if group else ())
        return self._numbers.setdefault(key, len(self._numbers))

    def _read(self, element: Element) -> Unit:
        kind, id_ = element["kind"], element["id"]
        found = None
        if kind in PRODUCT_KINDS:
            chosen = element["product"]
            found = self._found(kind, chosen["product_id"], chosen.get("variant"))
        size, own = element.get("size"), element.get(FIGURES.get(kind, "capacity")) or _NONE
        key, place = found and found.key, element.get("placement") or _NOWHERE
        feeds, path = element.get("feeds") or _NONE, element.get("path")
        return Unit(
            element=element,
            id=id_,
            kind=kind,
            tag=tag_of(element),
            owner=id_.partition("/")[0],
            found=found,
            x_mm=place["x_mm"],
            y_mm=place["y_mm"],
            turn_deg=place["rotation_deg"],
            box=self._number(kind, key, size),
            own=own,
            like=self._number(kind, key, own),
            feed_a=feeds.get("a"),
            feed_b=feeds.get("b"),
            loop=(element.get("cooling") or _NONE).get("loop"),
            phases=feeds.get("phases", "ABC"),
            is_liquid=kind == "rack" and found is not None and equipment.is_liquid(found, own),
            points_mm=np.array(path["points_mm"], dtype=np.float64) if path else None,
        )


def _equipment(product: Product | None, kind: str, variant: str | None) -> Equipment | None:
    if product is None or product.category != kind:
        return None
    if variant is not None and all(item.id != variant for item in product.variants):
        return None
    return Equipment(product=product, figures=product.figures(variant), variant=variant)


def _with_rows(table: T, places: list[int], fresh: T) -> T:
    """A table with some rows in the place of its own."""
    columns: dict[str, Any] = {}
    for item in fields(table):  # type: ignore[arg-type]
        own, new = getattr(table, item.name), getattr(fresh, item.name)
        if isinstance(own, np.ndarray):
            if same(own[places], new):
                continue
            column: Any = own.copy()
        else:
            if [own[place] for place in places] == [*new]:
                continue
            column = [*own]
        for place, value in zip(places, new, strict=True):
            column[place] = value
        columns[item.name] = column
    return replace(table, **columns)  # type: ignore[type-var]


def runs(units: Sequence[Unit]) -> dict[str, Any]:
    """The columns that pipes, trays and feeders share."""
    return {
        "id": tuple(unit.id for unit in units),
        "tag": tuple(unit.tag for unit in units),
        "points_mm": tuple(unit.points_mm for unit in units),
    }
