"""Modules: from a few parameters to ordinary elements.

A `module_type` holds the parameters, a `module` is one placed copy of it. `expand` turns every
copy into its members (racks, CDUs, busways, containment, air handlers, pipes, trays), always with
the same ids and places for the same parameters. The editor computes the same members in the
browser; the golden cases in `tests/golden/modules` hold both to it.

Frame of a module: origin at the front-left corner, x along the rows, y from front to back.
Row 1 stands at the front. Around a hot aisle (or none) the rows turn their backs to each other,
around a cold aisle their fronts. CDUs and air handlers stand at the ends of the rows, the first
next to the racks. Racks are numbered from the left in both rows.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from layouts.canonical import length_mm
from layouts.document import Element, Group
from layouts.module_frame import LEFT, RIGHT, Row, Spot, Turn, middle_of, spot_of
from layouts.module_runs import Point, Run, Station, followed, pipes, station, trays

Size = Mapping[str, float]
"""`width_mm`, `depth_mm` and `height_mm` of a product."""

BUSWAY_LINES = {"a": 1 / 3, "b": 2 / 3}
"""Where the busways of a side run over the racks, as a share of the rack's depth."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One member in the frame of its module."""

    slot: str
    kind: str
    tag: str  # what follows the module's tag
    spot: Spot
    width_mm: float  # mirroring swaps the front corners
    groups: Mapping[str, Group]  # the groups that are the same in every copy
    row: int = 0  # 0: belongs to no row
    feeds: tuple[str, ...] = ()  # sides of the busways it draws from
    on_loop: bool = False
    side: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The members of a module type in its own frame, and the room they take."""

    parts: tuple[Part, ...]
    runs: tuple[Run, ...]
    width_mm: float
    depth_mm: float
    cdu_depth_mm: float = 0.0


def product_ids(module_type: Element) -> dict[str, str]:
    """The products a module type places, by the group that names them."""
    named = {
        group: module_type.get(group, {}).get("product_id")
        for group in ("racks", "cdus", "power", "air")
    }
    return {group: product for group, product in named.items() if product}


def plan(module_type: Element, products: Mapping[str, Size]) -> Plan | None:
    """The members of a module type; None while one of its products is unknown."""
    ids = product_ids(module_type)
    if "racks" not in ids or any(product not in products for product in ids.values()):
        return None
    racks = module_type["racks"]
    rack = products[ids["racks"]]
    per_row, rows = int(racks["per_row"]), int(racks.get("rows", 1))
    pitch_mm = float(racks.get("pitch_mm", rack["width_mm"]))
    aisle = module_type.get("aisle", {})
    aisle_kind = aisle.get("kind", "none")
    aisle_mm = float(aisle.get("width_mm", 0)) if rows > 1 or aisle_kind != "none" else 0.0
    length = (per_row - 1) * pitch_mm + rack["width_mm"]

    standing = _rows(rows, rack["depth_mm"], aisle_mm, length, fronts_in=aisle_kind == "cold")
    cdus = list(_cdus(module_type, standing, ids, products))
    parts = [
        *(part for part, _ in cdus),
        *_air_handlers(module_type, standing, ids, products),
    ]
    runs = [
        *pipes(standing, [unit for _, unit in cdus], rack["width_mm"], rack["depth_mm"]),
        *trays(standing, rack["width_mm"], per_row),
    ]
    left = max(row.ends[LEFT] for row in standing)
    right = max(row.ends[RIGHT] for row in standing)
    parts = [
        *_racks(module_type, standing, per_row, pitch_mm, rack),
        *parts,
        *_busways(module_type, standing, ids, products, rack),
        *_containment(aisle, aisle_kind, length, rack, aisle_mm),
    ]
    return Plan(
        parts=tuple(_shifted(part, left) for part in parts),
        runs=tuple(_shifted_run(run, left) for run in runs),
        width_mm=length_mm(left + length + right),
        depth_mm=length_mm(rows * rack["depth_mm"] + aisle_mm),
        cdu_depth_mm=products[ids["cdus"]]["depth_mm"] if "cdus" in ids else 0.0,
    )


def _rows(
    rows: int, depth_mm: float, aisle_mm: float, length: float, *, fronts_in: bool
) -> list[Row]:
    first = Row(1, 0.0, depth_mm if fronts_in else 0.0, fronts_in, length)
    if rows == 1:
        return [first]
    back = depth_mm + aisle_mm
    second = Row(2, 0.0, back if fronts_in else back + depth_mm, not fronts_in, length)
    return [first, second]


def _shifted(part: Part, by_mm: float) -> Part:
    """The same part with the leftmost thing of the module at x = 0."""
    spot = part.spot
    return replace(part, spot=replace(spot, x_mm=spot.x_mm + by_mm))


def _shifted_run(run: Run, by_mm: float) -> Run:
    low, high = run.span_mm
    return replace(
        run,
        points_mm=tuple((x_mm + by_mm, y_mm) for x_mm, y_mm in run.points_mm),
        span_mm=(low + by_mm, high + by_mm),
    )


def _sides(module_type: Element) -> tuple[str, ...]:
    power = module_type.get("power", {})
    if not power.get("product_id"):
        return ()
    return ("a", "b") if int(power.get("sides", 2)) == 2 else ("a",)


def _racks(
    module_type: Element, rows: Sequence[Row], per_row: int, pitch_mm: float, size: Size
) -> Iterable[Part]:
    racks = module_type["racks"]
    product = {"product_id": racks["product_id"]}
    if racks.get("variant"):
        product["variant"] = racks["variant"]
    groups: dict[str, Group] = {"product": product}
    if racks.get("load"):
        groups["load"] = racks["load"]
    has_loop = bool(_cdu_count(module_type))
    for row in rows:
        for i in range(per_row):
            yield Part(
                slot=f"rack-{row.number}-{i + 1:02d}",
                kind="rack",
                tag=f"R{row.number}-{i + 1:02d}",
                spot=row.place(i * pitch_mm, 0.0, size["width_mm"]),
                width_mm=size["width_mm"],
                groups=groups,
                row=row.number,
                feeds=_sides(module_type),
                on_loop=has_loop,
            )


def _cdu_count(module_type: Element) -> int:
    cdus = module_type.get("cdus", {})
    return int(cdus.get("count", 0)) if cdus.get("product_id") else 0


def _cdus(
    module_type: Element,
    rows: Sequence[Row],
    ids: Mapping[str, str],
    products: Mapping[str, Size],
) -> Iterable[tuple[Part, Station]]:
    cdus = module_type.get("cdus", {})
    groups: dict[str, Group] = {"product": {"product_id": ids.get("cdus", "")}}
    if module_type.get("capacity"):
        groups["capacity"] = module_type["capacity"]
    for i in range(_cdu_count(module_type)):
        row = rows[i % len(rows)]
        end = cdus.get("position", "ends")
        if end == "ends":
            end = (LEFT, RIGHT)[i // len(rows) % 2]
        width, depth = products[ids["cdus"]]["width_mm"], products[ids["cdus"]]["depth_mm"]
        part = Part(
            slot=f"cdu-{i + 1}",
            kind="cdu",
            tag=f"CDU-{i + 1}",
            spot=row.append(end, width),
            width_mm=width,
            groups=groups,
            row=row.number,
            feeds=_sides(module_type),
            on_loop=True,
        )
        yield part, station(part.slot, row, end, part.spot, (width, depth))


def _air_handlers(
    module_type: Element,
    rows: Sequence[Row],
    ids: Mapping[str, str],
    products: Mapping[str, Size],
) -> Iterable[Part]:
    if "air" not in ids:
        return
    for i in range(int(module_type["air"].get("count", 0))):
        row = rows[i % len(rows)]
        width = products[ids["air"]]["width_mm"]
        yield Part(
            slot=f"air-{i + 1}",
            kind="air_handler",
            tag=f"AIR-{i + 1}",
            spot=row.append((RIGHT, LEFT)[i // len(rows) % 2], width),
            width_mm=width,
            groups={"product": {"product_id": ids["air"]}},
            row=row.number,
            feeds=_sides(module_type),
        )


def _busways(
    module_type: Element,
    rows: Sequence[Row],
    ids: Mapping[str, str],
    products: Mapping[str, Size],
    rack: Size,
) -> Iterable[Part]:
    for row in rows:
        for side in _sides(module_type):
            size = products[ids["power"]]
            back = length_mm(BUSWAY_LINES[side] * rack["depth_mm"] - size["depth_mm"] / 2)
            yield Part(
                slot=f"busway-{side}-{row.number}",
                kind="busway",
                tag=f"BW-{side.upper()}-{row.number}",
                spot=row.place(0.0, back, row.length_mm),
                width_mm=row.length_mm,
                groups={
                    "product": {"product_id": ids["power"]},
                    "upstream": {"source": None},
                    "size": {
                        "width_mm": length_mm(row.length_mm),
                        "depth_mm": size["depth_mm"],
                        "height_mm": size["height_mm"],
                    },
                },
                row=row.number,
                side=side.upper(),
            )


def _containment(
    aisle: Group, aisle_kind: str, length: float, rack: Size, aisle_mm: float
) -> Iterable[Part]:
    if not aisle.get("contained") or aisle_mm <= 0.0 or aisle_kind == "none":
        return
    yield Part(
        slot="containment-1",
        kind="containment",
        tag="HAC" if aisle_kind == "hot" else "CAC",
        spot=Spot(0.0, rack["depth_mm"], 0.0),
        width_mm=length,
        groups={
            "size": {
                "width_mm": length_mm(length),
                "depth_mm": length_mm(aisle_mm),
                "height_mm": rack["height_mm"],
            },
            "containment": {"aisle": aisle_kind},
        },
    )


def expand(elements: Iterable[Element], products: Mapping[str, Size]) -> list[dict[str, Any]]:
    """Every member of every module, as ordinary elements with world placement.

    Ids are `"<module id>/<slot>"`. A group that the copy overrides replaces the member's own and
    is named in `overridden`; an overridden placement is one in the frame of the module. A module
    whose type or product is unknown has no members.
    """
    elements = list(elements)
    types = {each["id"]: each for each in elements if each["kind"] == "module_type"}
    modules = [each for each in elements if each["kind"] == "module"]
    plans = {
        id_: plan(types[id_], products)
        for id_ in {m["type"]["type_id"] for m in modules} & types.keys()
    }
    return [
        member
        for module in modules
        if (planned := plans.get(module["type"]["type_id"])) is not None
        for member in members_of(module, types[module["type"]["type_id"]], planned)
    ]


def members_of(module: Element, module_type: Element, planned: Plan) -> list[dict[str, Any]]:
    """The members of one module, by the plan of its type."""
    redundancy = module_type.get("cdus", {}).get("redundancy")
    return [*_members(module, planned, redundancy), *_run_members(module, planned)]


def _members(module: Element, planned: Plan, redundancy: int | None) -> Iterable[dict[str, Any]]:
    id_, tag = module["id"], module["identity"]["tag"]
    overrides = module.get("overrides") or {}
    state = module.get("state")
    turn = Turn(module["placement"])
    loop = {"loop": f"TCS-{tag}"}
    cdu_loop = loop if redundancy is None else {**loop, "redundancy": redundancy}
    feeds = _feeds(id_, planned.parts)
    for part in planned.parts:
        own: Mapping[str, Group] = overrides.get(part.slot) or {}
        moved = own.get("placement")
        spot = part.spot if moved is None else spot_of(moved)
        member: dict[str, Any] = {
            "id": f"{id_}/{part.slot}",
            "kind": part.kind,
            "placement": turn.of(spot, part.width_mm),
            "identity": {"tag": f"{tag}-{part.tag}"},
            **part.groups,
        }
        if part.side:
            member["identity"]["side"] = part.side
        if part.on_loop:
            member["cooling"] = cdu_loop if part.kind == "cdu" else loop
        if part.feeds:
            member["feeds"] = feeds[part.row]
        if state:
            member["state"] = state
        if own:
            member.update((name, value) for name, value in own.items() if name != "placement")
            member["overridden"] = sorted(own)
        yield member


def _run_members(module: Element, planned: Plan) -> Iterable[dict[str, Any]]:
    id_, tag = module["id"], module["identity"]["tag"]
    overrides = module.get("overrides") or {}
    turn = Turn(module["placement"])
    moved = _moved_cdus(planned, overrides)
    for run in planned.runs:
        own: Mapping[str, Group] = overrides.get(run.slot) or {}
        path: Group = own.get("path") or {"points_mm": followed(run, moved)}
        member: dict[str, Any] = {
            "id": f"{id_}/{run.slot}",
            "kind": run.kind,
            "path": {**path, "points_mm": [turn.point(x, y) for x, y in path["points_mm"]]},
            "identity": {"tag": f"{tag}-{run.tag}"},
            **run.groups,
        }
        if run.kind == "pipe":
            member["pipe"] = {"loop": f"TCS-{tag}"}
        if module.get("state"):
            member["state"] = module["state"]
        if own:
            member.update((name, value) for name, value in own.items() if name != "path")
            member["overridden"] = sorted(own)
        yield member


def _moved_cdus(planned: Plan, overrides: Mapping[str, Any]) -> dict[str, Point]:
    """The middles of the CDUs that a copy places otherwise, in the frame of the module."""
    moved = {}
    for part in planned.parts:
        placement = (overrides.get(part.slot) or {}).get("placement")
        if part.kind == "cdu" and placement is not None:
            moved[part.slot] = middle_of(spot_of(placement), part.width_mm, planned.cdu_depth_mm)
    return moved


def _feeds(module_id: str, parts: Iterable[Part]) -> Mapping[int, Mapping[str, str | None]]:
    """The module's own busways that feed each row."""
    feeds: dict[int, dict[str, str | None]] = defaultdict(lambda: {"a": None, "b": None})
    for part in parts:
        if part.kind == "busway":
            feeds[part.row][part.side.lower()] = f"{module_id}/{part.slot}"
    return feeds
