"""What is to be bought and where it stands: bill of materials and rack list.

Pure: the plant says what there is and how large, the catalogue records say what it is,
the result says what each one draws.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase
from typing import Any

from catalog.schema import Product
from engine.assumptions import Quantity, shipped_lines
from engine.confidence import word_for
from engine.plant import Floats, Ints, Names, Plant
from layouts.document import Document

EDGE_MM = 0.05  # a corner on a tile line belongs to the tile on the cabinet's own side

KIND_NAMES: Mapping[str, str] = {
    "rack": "Rack",
    "cdu": "Coolant distribution unit",
    "air_handler": "Air handler",
    "panel": "Power panel",
    "busway": "Busway",
    "ups": "UPS",
    "rectifier": "Rectifier",
    "switchboard": "Switchboard",
    "transformer": "Transformer",
    "generator": "Generator",
    "dry_cooler": "Dry cooler",
    "chiller": "Chiller",
}

# What a kilowatt costs by the economics where no record states a price.
DEFAULT_PRICES: Mapping[str, str] = {
    "cdu": "fac.cdu",
    "ups": "fac.ups",
    "rectifier": "fac.ups",
    "generator": "fac.generator_diesel",
    "dry_cooler": "fac.dry_cooler",
    "chiller": "fac.chiller_trim",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TileGrid:
    """The floor grid that gives places their names."""

    origin_x_mm: float
    origin_y_mm: float
    pitch_mm: float
    first_letter: str = "A"

    def label(self, x_mm: float, y_mm: float) -> str:
        """The tile that holds a point, as AA01; empty outside the grid.

        Letters count along Y from `first_letter`, digits along X from 01.
        """
        column = math.floor((x_mm - self.origin_x_mm) / self.pitch_mm)
        row = math.floor((y_mm - self.origin_y_mm) / self.pitch_mm)
        if column < 0 or row < 0:
            return ""
        return f"{letters(row + first_row(self.first_letter))}{column + 1:02d}"


def letters(row: int) -> str:
    """AA, AB … AZ, BA … ZZ, then three letters."""
    text = ""
    row += len(ascii_uppercase)  # two letters from the start: A alone would be row -26
    while row >= 0:
        row, letter = divmod(row, len(ascii_uppercase))
        text = ascii_uppercase[letter] + text
        row -= 1
    return text


def first_row(first_letter: str) -> int:
    """How many rows the seed of a grid skips: B starts at BA, BC at BC."""
    seed = f"{first_letter}AA"[:2].upper()
    return ascii_uppercase.index(seed[0]) * len(ascii_uppercase) + ascii_uppercase.index(seed[1])


def grids(document: Document) -> Mapping[str, TileGrid]:
    """The tile grid of each hall that has one."""
    return {
        hall["id"]: TileGrid(
            origin_x_mm=hall["tiles"]["origin_x_mm"],
            origin_y_mm=hall["tiles"]["origin_y_mm"],
            pitch_mm=hall["tiles"]["pitch_mm"],
            first_letter=hall["tiles"].get("first_letter") or "A",
        )
        for hall in document.of_kind("hall")
        if hall.get("tiles")
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class RackLine:
    """One rack in the rack list."""

    tag: str
    hall: str
    row: str
    position: int | None
    tile: str
    product: str
    x_mm: float
    y_mm: float
    rotation_deg: float
    it_kw: float | None
    liquid_kw: float | None
    flow_lpm: float | None
    mass_kg: float
    feed_a: str
    feed_b: str
    loop: str
    id: str


def rack_list(
    plant: Plant, document: Document, result: Mapping[str, Any], products: Mapping[str, Product]
) -> tuple[RackLine, ...]:
    """Every rack with its place, load and feeds, in the order of rows and tags."""
    places = _row_places(result)
    loads = _columns_by_id(result.get("elements", {}).get("racks", {}))
    tiles = grids(document)
    racks, boxes, nodes = plant.racks, plant.boxes, plant.power_nodes
    lines = []
    for index, rack_id in enumerate(racks.id):
        box = int(racks.box[index])
        corner, along = _front(boxes.corners_mm[box])
        hall = int(boxes.hall[box])
        grid = tiles.get(plant.halls.id[hall]) if hall >= 0 else None
        row, position = places.get(rack_id, ("", None))
        load = loads.get(rack_id, {})
        lines.append(
            RackLine(
                tag=racks.tag[index],
                hall=plant.halls.name[hall] if hall >= 0 else "",
                row=row,
                position=position,
                tile=grid.label(*_inside(corner, along)) if grid else "",
                product=product_name(products, racks.product[index]),
                x_mm=round(float(corner[0]), 1),
                y_mm=round(float(corner[1]), 1),
                rotation_deg=round(math.degrees(math.atan2(along[1], along[0])) % 360.0, 3) % 360.0,
                it_kw=load.get("it_kw"),
                liquid_kw=load.get("liquid_kw"),
                flow_lpm=load.get("flow_lpm"),
                mass_kg=float(boxes.mass_kg[box]),
                feed_a=_name(nodes.tag, racks.feed_a, index),
                feed_b=_name(nodes.tag, racks.feed_b, index),
                loop=_name(plant.loops.id, racks.loop, index),
                id=rack_id,
            )
        )
    return tuple(sorted(lines, key=_reading_order))


def _reading_order(line: RackLine) -> tuple[Any, ...]:
    return (line.hall, line.row, line.position or 0, line.tag, line.id)


def _front(corners: Floats) -> tuple[Floats, Floats]:
    """The front-left corner and the direction of the front edge."""
    edge = corners[1] - corners[0]
    return corners[0], edge / max(float(math.hypot(edge[0], edge[1])), 1e-9)


def _inside(corner: Floats, along: Floats) -> tuple[float, float]:
    """A point just inside a cabinet at its front-left corner."""
    x = float(corner[0]) + EDGE_MM * float(along[0] - along[1])
    y = float(corner[1]) + EDGE_MM * float(along[1] + along[0])
    return x, y


def _row_places(result: Mapping[str, Any]) -> dict[str, tuple[str, int | None]]:
    """The row and the position in it of each rack, counted from 1."""
    elements = result.get("elements", {})
    racks = elements.get("racks", {})
    tags = dict(zip(racks.get("id", ()), racks.get("tag", ()), strict=True))
    places: dict[str, tuple[str, int | None]] = {}
    for count, row in enumerate(elements.get("rows", ()), start=1):
        name = row_name([tags.get(rack_id, "") for rack_id in row["rack_ids"]], count)
        for position, rack_id in enumerate(row["rack_ids"], start=1):
            places[rack_id] = (name, position)
    return places


def row_name(tags: Sequence[str], count: int) -> str:
    """What the tags of a row have in common (R01 of R01-01, R01-02), else its number."""
    stems = {tag.rpartition("-")[0] for tag in tags}
    stem = stems.pop() if len(stems) == 1 else ""
    return stem if stem and len(tags) > 1 else f"Row {count}"


def _columns_by_id(columns: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Struct of arrays to one mapping per id."""
    names = [name for name in columns if name != "id"]
    return {
        id_: {name: columns[name][index] for name in names}
        for index, id_ in enumerate(columns.get("id", ()))
    }


def _name(names: Names, indices: Ints, index: int) -> str:
    at = int(indices[index])
    return names[at] if at >= 0 else ""


def product_name(products: Mapping[str, Product], product_id: str) -> str:
    """Maker and model of a record, or its id where no record is at hand."""
    product = products.get(product_id)
    return product.name if product else product_id


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialLine:
    """One kind of thing to buy, and how many."""

    item: int
    kind: str
    description: str
    product_id: str
    maker: str
    model: str
    quantity: int
    width_mm: float
    depth_mm: float
    height_mm: float
    mass_kg: float  # each
    total_mass_kg: float
    unit_price_usd: float | None  # None: none is published
    total_price_usd: float | None
    is_default_price: bool  # by the kilowatt, not from the record
    source: str
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    kind: str
    tag: str
    product_id: str
    box: int
    price_usd: float
    rated_kw: float


def bill_of_materials(
    plant: Plant,
    products: Mapping[str, Product],
    prices: Mapping[str, Quantity] | None = None,
) -> tuple[MaterialLine, ...]:
    """Equal things counted together: same kind, product and size.

    ``prices`` are the assumption lines of the design; None: as shipped.
    """
    assumed = shipped_lines() if prices is None else prices
    groups: dict[tuple[Any, ...], list[_Piece]] = {}
    for piece in _pieces(plant):
        groups.setdefault(_sort_of(plant, piece), []).append(piece)
    order = list(KIND_NAMES)
    lines: list[MaterialLine] = []
    for sort, pieces in sorted(groups.items(), key=lambda pair: (order.index(pair[0][0]), pair[0])):
        kind, product_id, width, depth, height, mass, recorded, rated_kw = sort
        by_kw = assumed[DEFAULT_PRICES[kind]] if kind in DEFAULT_PRICES and rated_kw else None
        price = recorded or (by_kw.value * rated_kw if by_kw else 0.0)
        product = products.get(product_id)
        count = len(pieces)
        lines.append(
            MaterialLine(
                item=len(lines) + 1,
                kind=kind,
                description=KIND_NAMES[kind],
                product_id=product_id,
                maker=product.maker if product else "",
                model=product.model if product else product_id,
                quantity=count,
                width_mm=width,
                depth_mm=depth,
                height_mm=height,
                mass_kg=mass,
                total_mass_kg=mass * count,
                unit_price_usd=price or None,
                total_price_usd=price * count or None,
                is_default_price=not recorded and price > 0.0,
                source=_source(product, recorded, by_kw, rated_kw),
                tags=tuple(sorted(piece.tag for piece in pieces)),
            )
        )
    return tuple(lines)


def _sort_of(plant: Plant, piece: _Piece) -> tuple[Any, ...]:
    if piece.box < 0:
        return (piece.kind, piece.product_id, 0.0, 0.0, 0.0, 0.0, piece.price_usd, piece.rated_kw)
    corners = plant.boxes.corners_mm[piece.box]
    return (
        piece.kind,
        piece.product_id,
        round(math.dist(corners[0], corners[1]), 1),
        round(math.dist(corners[1], corners[2]), 1),
        round(float(plant.boxes.height_mm[piece.box]), 1),
        round(float(plant.boxes.mass_kg[piece.box]), 3),
        piece.price_usd,
        piece.rated_kw,
    )


def _pieces(plant: Plant) -> list[_Piece]:
    tables: tuple[tuple[Any, str | None], ...] = (
        (plant.racks, "rack"),
        (plant.cdus, "cdu"),
        (plant.air_handlers, "air_handler"),
        (plant.power_nodes, None),
        (plant.heat_rejection, None),
    )
    return [
        _Piece(
            kind=kind or table.kind[index],
            tag=table.tag[index],
            product_id=table.product[index],
            box=int(table.box[index]),
            price_usd=float(table.price_usd[index]),
            rated_kw=_rated_kw(table, index),
        )
        for table, kind in tables
        for index in range(len(table))
    ]


def _rated_kw(table: Any, index: int) -> float:
    """What a price by the kilowatt goes by; 0 where nothing is rated."""
    for column in ("capacity_kw", "rating_kw"):
        if hasattr(table, column):
            return float(getattr(table, column)[index])
    return 0.0


def _source(
    product: Product | None, price_usd: float, by_kw: Quantity | None, rated_kw: float
) -> str:
    """Where mass and price come from, each by its own line of the record."""
    lines = [("mass", product.defaults.get("mass_kg"))] if product else []
    if product and price_usd > 0.0:
        lines.append(("price", product.defaults.get("price_usd")))
    words = [
        f"{name}: {line.source} ({line.year}, {word_for(line.confidence)})"
        for name, line in lines
        if line
    ]
    if price_usd > 0.0:
        return "; ".join(words)
    if by_kw is None:
        return "; ".join([*words, "price: none published"])
    default = f"{by_kw.value:g} USD/kW × {rated_kw:g} kW, {by_kw.source}"
    return "; ".join([*words, f"price: default {default} ({word_for(by_kw.confidence)})"])
