"""Plants for tests: a pod of known figures, a large hall, and random layouts."""

from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from engine.plant import (
    OVERHEAD,
    AirHandlers,
    Boxes,
    Cdus,
    Halls,
    Loops,
    Modules,
    Plant,
    PowerNodes,
    Racks,
    Site,
    box_corners,
)

RACK_W, RACK_D = 600.0, 1200.0
GB300_FLOW = {"x": (25.0, 30.0, 35.0, 40.0, 45.0), "y": (65.1, 76.5, 92.6, 117.5, 160.0)}


def rectangle(x: float, y: float, width: float, depth: float) -> np.ndarray:
    """An outline from its lower left corner."""
    return np.array([[x, y], [x + width, y], [x + width, y + depth], [x, y + depth]])


def boxes_of(*rows: dict) -> Boxes:
    """Boxes from one dictionary each: id, kind, x, y, rotation, width, depth and columns."""
    rows = [{"rotation": 0.0, "width": RACK_W, "depth": RACK_D, "kind": "rack", **r} for r in rows]
    corners = box_corners(
        [[r["x"], r["y"]] for r in rows],
        [r["rotation"] for r in rows],
        [r["width"] for r in rows],
        [r["depth"] for r in rows],
    )
    placed = ("x", "y", "rotation", "width", "depth")
    names = dict.fromkeys(key for r in rows for key in r if key not in placed)
    defaults = Boxes(id=("one",))
    columns = {
        name: [r.get(name, "" if name == "tag" else getattr(defaults, name)[0]) for r in rows]
        for name in names
    }
    return Boxes(corners_mm=corners, **columns)


def racks_on(boxes: Boxes, **columns: object) -> Racks:
    """A rack for every box of kind rack, all with the same figures."""
    index = [i for i, kind in enumerate(boxes.kind) if kind == "rack"]
    filled = {
        name: list(value) if isinstance(value, list | tuple | np.ndarray) else [value] * len(index)
        for name, value in columns.items()
    }
    return Racks(
        id=tuple(boxes.id[i] for i in index),
        tag=tuple(boxes.tag[i] for i in index),
        box=index,
        **filled,
    )


def pod(
    racks: int = 8,
    *,
    rack_kw: float = 132.0,
    liquid_kw: float = 115.0,
    cdus: int = 3,
    cdu_kw: float = 500.0,
    busway_kw: float = 2000.0,
    site: Site | None = None,
) -> Plant:
    """One row of racks with CDUs on one loop, two busways over it, and room air handling."""
    rows = [
        {"id": f"rack-{n:02}", "tag": f"R{n:02}", "x": 2000.0 + RACK_W * n, "y": 4000.0}
        | {"mass_kg": 1360.0, "height_mm": 2236.0, "hall": 0, "module": 0}
        for n in range(racks)
    ]
    rows += [
        {"id": f"cdu-{n}", "tag": f"CDU{n}", "kind": "cdu", "hall": 0, "module": 0}
        | {"x": 2000.0 + RACK_W * (racks + n), "y": 4000.0, "mass_kg": 900.0}
        for n in range(cdus)
    ]
    rows += [
        {"id": f"busway-{side}", "tag": f"BW-{side.upper()}", "kind": "busway", "level": OVERHEAD}
        | {"x": 2000.0, "y": y, "width": RACK_W * max(racks, 1), "depth": 200.0, "hall": 0}
        for side, y in (("a", 4200.0), ("b", 4900.0))
    ]
    rows.append(
        {"id": "fan-wall", "tag": "FW", "kind": "air_handler", "hall": 0}
        | {"x": 500.0, "y": 9000.0, "width": 3000.0, "depth": 800.0, "rotation": 0.0}
    )
    boxes = boxes_of(*rows)
    return Plant(
        name="pod",
        state_hash="0" * 64,
        site=site or Site(),
        boxes=boxes,
        racks=racks_on(
            boxes,
            nameplate_kw=rack_kw * 1.2,
            tdp_kw=rack_kw,
            sustained_kw=rack_kw,
            peak_kw=rack_kw * 1.45,
            idle_kw=rack_kw * 0.3,
            liquid_fraction=liquid_kw / rack_kw,
            flow_lpm_per_kw=1.2,
            gpu=0,
            gpu_count=72,
            feed_a=0,
            feed_b=1,
            loop=0,
        ),
        cdus=Cdus(
            id=tuple(f"cdu-{n}" for n in range(cdus)),
            tag=tuple(f"CDU{n}" for n in range(cdus)),
            box=[racks + n for n in range(cdus)],
            capacity_kw=[cdu_kw] * cdus,
            flow_lpm=[cdu_kw * 1.5] * cdus,
            pump_kw=[8.0] * cdus,
            loop=[0] * cdus,
            feed_a=[0] * cdus,
            feed_b=[1] * cdus,
        ),
        air_handlers=AirHandlers(
            id=("fan-wall",),
            tag=("FW",),
            box=[racks + cdus + 2],
            capacity_kw=[300.0],
            fan_kw=[9.0],
            feed_a=[0],
            feed_b=[1],
        ),
        power_nodes=PowerNodes(
            id=("busway-a", "busway-b"),
            tag=("BW-A", "BW-B"),
            kind=("busway", "busway"),
            box=[racks + cdus, racks + cdus + 1],
            side=("A", "B"),
            rating_kw=[busway_kw, busway_kw],
            loss_c=[0.01, 0.01],
        ),
        loops=Loops(id=("TCS-1",)),
        modules=Modules(id=("module-1",), tag=("M1",), type_id=("pod",), type_name=("Pod",)),
        halls=Halls(id=("hall",), name=("Hall 1",), outline_mm=(rectangle(0, 0, 14000, 10000),)),
        gpus=("gb300",),
    )


def empty_hall() -> Plant:
    """A hall with nothing in it."""
    return Plant(
        name="empty",
        halls=Halls(id=("hall",), name=("Hall 1",), outline_mm=(rectangle(0, 0, 14000, 10000),)),
    )


@st.composite
def plants(draw: st.DrawFn, max_racks: int = 12) -> Plant:
    """Pods with random sizes, loads and feeds; some racks lie about in any rotation.

    Shares come in steps: a design has at most six decimals, never the smallest floats.
    """
    count = draw(st.integers(min_value=0, max_value=max_racks))
    kw = draw(st.floats(min_value=5.0, max_value=300.0))
    plant = pod(
        count,
        rack_kw=kw,
        liquid_kw=kw * draw(st.integers(min_value=0, max_value=20)) / 20.0,
        cdus=draw(st.integers(min_value=0, max_value=4)),
        busway_kw=draw(st.floats(min_value=50.0, max_value=5000.0)),
        site=Site(
            basis=draw(st.sampled_from(["nameplate", "tdp", "sustained", "peak"])),
            heat_load_fraction=draw(st.integers(min_value=0, max_value=20)) / 20.0,
        ),
    )
    if count == 0:
        return plant
    feeds = st.lists(st.sampled_from([-1, 0, 1]), min_size=count, max_size=count)
    place = st.tuples(
        st.floats(min_value=1000.0, max_value=13000.0),
        st.floats(min_value=1000.0, max_value=9000.0),
        st.sampled_from([0.0, 90.0, 180.0, 270.0, 33.0]),
    )
    corners = np.array(plant.boxes.corners_mm)
    if draw(st.booleans()):
        loose = draw(st.lists(place, min_size=count, max_size=count))
        corners[:count] = box_corners(
            [[x, y] for x, y, _ in loose],
            [angle for _, _, angle in loose],
            [RACK_W] * count,
            [RACK_D] * count,
        )
    return replace(
        plant,
        boxes=replace(plant.boxes, corners_mm=corners),
        racks=replace(plant.racks, feed_a=draw(feeds), feed_b=draw(feeds)),
    )


def large_hall(racks: int = 5600) -> Plant:
    """A campus-sized plant: units of two rows of eight around a hot aisle, four CDUs each."""
    units = -(-racks // 16)
    across = max(1, int(np.ceil(np.sqrt(units / 2.0))))
    n = np.arange(racks)
    unit, place = n // 16, n % 16
    row, seat = place // 8, place % 8
    x0 = 4000.0 + (unit % across) * 10_000.0
    y0 = 4000.0 + (unit // across) * 6_000.0
    x = np.where(row == 0, x0 + seat * RACK_W, x0 + (seat + 1) * RACK_W)
    y = np.where(row == 0, y0, y0 + 2 * RACK_D + 1200.0)
    rack_corners = box_corners(
        np.stack([x, y], axis=1),
        np.where(row == 0, 0.0, 180.0),
        np.full(racks, RACK_W),
        np.full(racks, RACK_D),
    )
    cdu = np.arange(units * 4)
    cdu_unit, cdu_place = cdu // 4, cdu % 4
    cdu_x = 4000.0 + (cdu_unit % across) * 10_000.0 + 8 * RACK_W + (cdu_place % 2) * 900.0
    cdu_y = 4000.0 + (cdu_unit // across) * 6_000.0 + (cdu_place // 2) * (RACK_D + 1200.0)
    turned = cdu_place // 2 == 1
    cdu_corners = box_corners(
        np.stack([cdu_x + 900.0 * turned, cdu_y + RACK_D * turned], axis=1),
        np.where(turned, 180.0, 0.0),
        np.full(len(cdu), 900.0),
        np.full(len(cdu), RACK_D),
    )
    lines = -(-units // across)
    width, depth = 8000.0 + across * 10_000.0, 8000.0 + lines * 6_000.0
    busways = [f"busway-{side}-{k}" for k in range(units) for side in "ab"]
    ups = [f"ups-{side}-{k}" for k in range(-(-units // 4)) for side in "ab"]
    parent = [len(busways) + 2 * (k // 2 // 4) + k % 2 for k in range(len(busways))]
    boxes = Boxes(
        id=tuple(f"rack-{k:05}" for k in range(racks)) + tuple(f"cdu-{k:05}" for k in cdu),
        tag=tuple(f"R{k:05}" for k in range(racks)) + tuple(f"CDU{k:05}" for k in cdu),
        kind=("rack",) * racks + ("cdu",) * len(cdu),
        corners_mm=np.concatenate([rack_corners, cdu_corners]),
        mass_kg=np.concatenate([np.full(racks, 1360.0), np.full(len(cdu), 900.0)]),
        hall=np.zeros(racks + len(cdu), dtype=np.int64),
        module=np.concatenate([unit, cdu_unit]),
    )
    return Plant(
        name="campus",
        state_hash="1" * 64,
        boxes=boxes,
        racks=racks_on(
            boxes,
            nameplate_kw=150.0,
            tdp_kw=135.0,
            sustained_kw=142.0,
            peak_kw=204.0,
            idle_kw=42.0,
            liquid_fraction=0.87,
            flow_lpm_per_kw=1.0,
            gpu=0,
            gpu_count=72,
            feed_a=2 * unit,
            feed_b=2 * unit + 1,
            loop=unit,
        ),
        cdus=Cdus(
            id=tuple(f"cdu-{k:05}" for k in cdu),
            tag=tuple(f"CDU{k:05}" for k in cdu),
            box=racks + cdu,
            capacity_kw=np.full(len(cdu), 800.0),
            flow_lpm=np.full(len(cdu), 1000.0),
            pump_kw=np.full(len(cdu), 10.0),
            loop=cdu_unit,
            feed_a=2 * cdu_unit,
            feed_b=2 * cdu_unit + 1,
        ),
        power_nodes=PowerNodes(
            id=tuple(busways + ups),
            tag=tuple(busways + ups),
            kind=("busway",) * len(busways) + ("ups",) * len(ups),
            side=tuple("AB"[k % 2] for k in range(len(busways)))
            + tuple("AB"[k % 2] for k in range(len(ups))),
            parent=parent + [-1] * len(ups),
            rating_kw=[3200.0] * len(busways) + [10_000.0] * len(ups),
            loss_a=[0.0] * len(busways) + [0.006] * len(ups),
            loss_b=[0.0] * len(busways) + [0.010] * len(ups),
            loss_c=[0.01] * len(busways) + [0.014] * len(ups),
        ),
        loops=Loops(id=tuple(f"TCS-{k}" for k in range(units))),
        modules=Modules(
            id=tuple(f"module-{k}" for k in range(units)),
            tag=tuple(f"SU{k:03}" for k in range(units)),
        ),
        halls=Halls(id=("hall",), name=("Hall",), outline_mm=(rectangle(0, 0, width, depth),)),
        gpus=("gb300",),
    )
