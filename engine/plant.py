"""What the engine calculates with: the plant as arrays.

One table per kind of thing, one array per quantity, one row per element; rows refer to each other
by index (-1 = none). `analysis.assemble` builds it from a design; tests build it by hand. A column
that is left out takes its default for every row, so ``Racks()`` is the table without rows.

Every placed rectangle is a row of `Boxes`; racks, CDUs and so on point at theirs with ``box``.
Corners run counter-clockwise from the front-left one: front edge 0-1, right side 1-2, rear 2-3.
"""

# ruff: noqa: RUF009  `column` is a field specifier, as `dataclasses.field` is.

from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.errors import Invalid

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Names = tuple[str, ...]

Basis = Literal["nameplate", "tdp", "sustained", "peak"]
Coolant = Literal["pg25_volume", "pg25_mass", "water"]
HeatRejectionKind = Literal["dry_cooler", "adiabatic", "tower", "chiller"]

FLOOR, OVERHEAD, ZONE = 0, 1, 2  # Boxes.level: a zone (containment) collides with nothing
UNSTATED = -1.0  # a clearance or fraction that the product leaves to the rules

_UNSET: Any = object()


class PlantInconsistent(Invalid):
    """The columns of a plant do not fit together; the assembler has a fault."""

    code = "plant-inconsistent"
    title = "The plant does not fit together"


def column(kind: type, fill: object, shape: tuple[int, ...] = ()) -> Any:
    """A column of a table: its element type, its default and the shape of one row."""
    return field(default=_UNSET, metadata={"kind": kind, "fill": fill, "shape": shape})


class Table:
    """Rows of one kind, one array per quantity, all of the length of ``id``."""

    __slots__ = ()
    id: Names

    def __post_init__(self) -> None:
        count = len(self.id)
        for item in fields(self):  # type: ignore[arg-type]
            if "kind" not in item.metadata:
                continue
            kind, shape = item.metadata["kind"], item.metadata["shape"]
            given = getattr(self, item.name)
            if kind is str:
                values: Any = (item.metadata["fill"],) * count if given is _UNSET else tuple(given)
            else:
                values = (
                    np.full((count, *shape), item.metadata["fill"], dtype=kind)
                    if given is _UNSET
                    else np.array(given, dtype=kind).reshape((-1, *shape))
                )
                if kind is np.float64 and not np.isfinite(values).all():
                    raise PlantInconsistent(
                        "Every quantity must be finite.",
                        table=type(self).__name__,
                        column=item.name,
                    )
                values.setflags(write=False)
            if len(values) != count:
                raise PlantInconsistent(
                    "Every column needs one entry per row.",
                    table=type(self).__name__,
                    column=item.name,
                    rows=count,
                    entries=len(values),
                )
            object.__setattr__(self, item.name, values)

    def __len__(self) -> int:
        return len(self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Boxes(Table):
    """Every placed rectangle: racks, equipment, columns, containment."""

    id: Names = ()
    tag: Names = column(str, "")
    kind: Names = column(str, "")  # the element kind: rack, cdu, panel, column, containment...
    corners_mm: Floats = column(np.float64, 0.0, (4, 2))
    level: Ints = column(np.int64, FLOOR)  # FLOOR, OVERHEAD or ZONE
    height_mm: Floats = column(np.float64, 0.0)
    mass_kg: Floats = column(np.float64, 0.0)
    clearance_front_mm: Floats = column(np.float64, UNSTATED)
    clearance_rear_mm: Floats = column(np.float64, UNSTATED)
    clearance_side_mm: Floats = column(np.float64, UNSTATED)
    voltage_to_ground_v: Floats = column(np.float64, 0.0)  # 0: no exposed live parts
    hall: Ints = column(np.int64, -1)  # index into Plant.halls; -1: outside every hall
    module: Ints = column(np.int64, -1)  # index into Plant.modules

    def is_kind(self, *kinds: str) -> Bools:
        """Which boxes are of one of these kinds, shape (n_boxes,)."""
        wanted = frozenset(kinds)
        return np.fromiter(map(wanted.__contains__, self.kind), dtype=bool, count=len(self))


@dataclass(frozen=True, slots=True, kw_only=True)
class Racks(Table):
    """IT racks. A power figure that a product lacks is filled in by the assembler."""

    id: Names = ()
    tag: Names = column(str, "")
    box: Ints = column(np.int64, -1)
    product: Names = column(str, "")
    nameplate_kw: Floats = column(np.float64, 0.0)
    tdp_kw: Floats = column(np.float64, 0.0)
    sustained_kw: Floats = column(np.float64, 0.0)
    peak_kw: Floats = column(np.float64, 0.0)
    idle_kw: Floats = column(np.float64, 0.0)
    liquid_fraction: Floats = column(np.float64, 0.0)  # of the rack's heat, to the TCS loop
    flow_curve: Ints = column(np.int64, -1)  # index into Plant.flow_curves
    flow_lpm_per_kw: Floats = column(np.float64, 0.0)  # of liquid heat; 0: by rise assumption
    pressure_drop_kpa: Floats = column(np.float64, 0.0)  # 0: not stated
    tcs_supply_max_c: Floats = column(np.float64, 45.0)
    tcs_return_max_c: Floats = column(np.float64, 65.0)
    airflow_m3_h: Floats = column(np.float64, 0.0)  # at full load; 0: not stated
    gpu: Ints = column(np.int64, -1)  # index into Plant.gpus
    gpu_count: Ints = column(np.int64, 0)
    price_usd: Floats = column(np.float64, 0.0)  # 0: not stated, the cost lines decide
    feed_a: Ints = column(np.int64, -1)  # index into Plant.power_nodes
    feed_b: Ints = column(np.int64, -1)
    phases: Names = column(str, "ABC")  # that its taps hang on: A, B, C, AB, BC, CA or ABC
    loop: Ints = column(np.int64, -1)  # index into Plant.loops


@dataclass(frozen=True, slots=True, kw_only=True)
class Cdus(Table):
    """Coolant distribution units: hand TCS heat over to the FWS."""

    id: Names = ()
    tag: Names = column(str, "")
    box: Ints = column(np.int64, -1)
    product: Names = column(str, "")
    capacity_kw: Floats = column(np.float64, 0.0)  # at `approach_k` and rated flow
    flow_lpm: Floats = column(np.float64, 0.0)  # rated TCS flow; 0: not stated
    approach_k: Floats = column(np.float64, 4.0)  # TCS supply minus FWS supply at full load
    pump_kw: Floats = column(np.float64, 0.0)  # electrical input at rated flow; 0: not stated
    head_kpa: Floats = column(np.float64, 0.0)  # external head at rated flow; 0: not stated
    price_usd: Floats = column(np.float64, 0.0)
    feed_a: Ints = column(np.int64, -1)
    feed_b: Ints = column(np.int64, -1)
    loop: Ints = column(np.int64, -1)


@dataclass(frozen=True, slots=True, kw_only=True)
class AirHandlers(Table):
    """Fan walls and CRAHs: take the heat that racks give to room air."""

    id: Names = ()
    tag: Names = column(str, "")
    box: Ints = column(np.int64, -1)
    product: Names = column(str, "")
    capacity_kw: Floats = column(np.float64, 0.0)
    airflow_m3_h: Floats = column(np.float64, 0.0)  # 0: not stated
    fan_kw: Floats = column(np.float64, 0.0)  # 0: not stated
    price_usd: Floats = column(np.float64, 0.0)
    feed_a: Ints = column(np.int64, -1)
    feed_b: Ints = column(np.int64, -1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerNodes(Table):
    """Panels, busways, UPSs, switchboards, transformers, generators: a forest of supply."""

    id: Names = ()
    tag: Names = column(str, "")
    kind: Names = column(str, "panel")
    box: Ints = column(np.int64, -1)
    product: Names = column(str, "")
    side: Names = column(str, "")  # "A", "B" or "" (then told from what it feeds)
    parent: Ints = column(np.int64, -1)  # the node that feeds it; -1: the utility
    rating_kw: Floats = column(np.float64, 0.0)  # output; 0: not stated
    loss_a: Floats = column(np.float64, 0.0)  # loss / rating = a + b x + c x^2, x = load / rating
    loss_b: Floats = column(np.float64, 0.0)
    loss_c: Floats = column(np.float64, 0.0)
    voltage_v: Floats = column(np.float64, 415.0)  # line to line
    continuous_fraction: Floats = column(np.float64, UNSTATED)  # usable share of the rating
    price_usd: Floats = column(np.float64, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatRejectionUnits(Table):
    """Dry coolers and chillers: hand the heat of the FWS to the weather."""

    id: Names = ()
    tag: Names = column(str, "")
    kind: Names = column(str, "dry_cooler")  # dry_cooler or chiller
    box: Ints = column(np.int64, -1)
    product: Names = column(str, "")
    capacity_kw: Floats = column(np.float64, 0.0)
    approach_k: Floats = column(np.float64, 10.0)  # FWS supply minus dry bulb at full load
    fan_kw: Floats = column(np.float64, 0.0)  # electrical input at full load; 0: not stated
    price_usd: Floats = column(np.float64, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Loops(Table):
    """TCS loops: racks and CDUs that share coolant. ``id`` is the loop's name."""

    id: Names = ()
    redundancy: Ints = column(np.int64, 1)  # CDUs that may fail while the rest carry the loop


@dataclass(frozen=True, slots=True, kw_only=True)
class Modules(Table):
    """Placed copies of module types."""

    id: Names = ()
    tag: Names = column(str, "")
    type_id: Names = column(str, "")
    type_name: Names = column(str, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Halls(Table):
    """Rooms of IT. Outlines are simple polygons, not closed."""

    id: Names = ()
    name: Names = column(str, "")
    outline_mm: tuple[Floats, ...] = ()  # one (n, 2) array per hall
    height_mm: Floats = column(np.float64, 0.0)
    floor_load_limit_kpa: Floats = column(np.float64, UNSTATED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Doors(Table):
    """Doors: hinge line from the origin along local x, leaves swing to local +y."""

    id: Names = ()
    tag: Names = column(str, "")
    origin_mm: Floats = column(np.float64, 0.0, (2,))
    rotation_deg: Floats = column(np.float64, 0.0)
    width_mm: Floats = column(np.float64, 0.0)
    swing: Names = column(str, "left")  # left, right, double or sliding


@dataclass(frozen=True, slots=True, kw_only=True)
class Keepouts(Table):
    """Polygons that equipment must stay out of."""

    id: Names = ()
    name: Names = column(str, "")
    outline_mm: tuple[Floats, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PipeRuns(Table):
    """Drawn pipes, supply and return side by side. Each is an open line of two points or more."""

    id: Names = ()
    tag: Names = column(str, "")
    points_mm: tuple[Floats, ...] = ()  # one (n, 2) array per run
    loop: Ints = column(np.int64, -1)  # index into Plant.loops
    bore_m: Floats = column(np.float64, 0.0)  # inner; 0: sized by the rules
    resistance_factor: Floats = column(np.float64, 1.0)  # on friction and fittings
    elevation_mm: Floats = column(np.float64, 0.0)  # 0: not stated


@dataclass(frozen=True, slots=True, kw_only=True)
class TrayRuns(Table):
    """Drawn cable trays."""

    id: Names = ()
    tag: Names = column(str, "")
    points_mm: tuple[Floats, ...] = ()
    width_mm: Floats = column(np.float64, 0.0)
    depth_mm: Floats = column(np.float64, 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeederRuns(Table):
    """Drawn lines into power nodes; where one begins is the node's parent."""

    id: Names = ()
    tag: Names = column(str, "")
    points_mm: tuple[Floats, ...] = ()
    node: Ints = column(np.int64, -1)  # index into Plant.power_nodes that it feeds
    conductor_mm2: Floats = column(np.float64, 0.0)  # of one conductor; 0: sized for the node
    sets: Ints = column(np.int64, 1)  # cables in parallel


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A published curve: strictly rising x against y, never extrapolated silently."""

    name: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    source: str
    confidence: str
    product: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """A finding that somebody answers for, until a date."""

    id: str
    rule: str
    element_ids: Names  # all of them; a finding on other elements is not covered
    reason: str
    expires_on: date | None
    granted_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """What the GPUs serve. A field that is None is chosen by the throughput step."""

    model: str | None = None
    precision: str | None = None
    isl: int | None = None
    osl: int | None = None
    interactivity_tok_s_user: float | None = None
    prefix_hit_fraction: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamAsked:
    """One stream of the workload; a field that is None comes from the table of streams."""

    name: str
    share_fraction: float | None = None  # of the GPUs
    requests_per_s: float | None = None  # at peak, in place of a share
    sessions: float | None = None  # of agents, alive at peak
    model: str | None = None
    isl: int | None = None
    osl: int | None = None
    prefix_hit_fraction: float | None = None
    tok_s_user: float | None = None
    first_token_s: float | None = None
    load_factor_fraction: float | None = None
    price_usd_per_mtok: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Utilisation:
    """From what the GPUs could give to what is sold; None takes the assumption line."""

    slo_fraction: float | None = None
    derate_fraction: float | None = None
    availability_fraction: float | None = None
    goodput_fraction: float | None = None
    load_factor_fraction: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finance:
    """How capital becomes a yearly cost; None takes the assumption line."""

    mode: Literal["straight_line", "annuity", "levelised"] = "annuity"
    wacc_fraction: float | None = None
    it_life_years: float | None = None
    facility_life_years: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Settings of the whole design. ``stated`` names the fields that the user set."""

    site_id: str | None = None  # row of the regions table
    weather: str | None = None  # the hours that the year is run with
    warming_k: float = 0.0  # added to every one of them
    basis: Basis = "sustained"
    feed_limit_kw: float | None = None
    voltage_v: float = 415.0
    power_factor: float = 0.95
    coolant: Coolant = "pg25_volume"
    tcs_supply_c: float = 40.0
    fws_supply_c: float = 35.0
    air_supply_c: float = 25.0
    heat_load_fraction: float = 1.0
    heat_rejection: HeatRejectionKind = "dry_cooler"
    workload: Workload = Workload()
    streams: tuple[StreamAsked, ...] = ()
    utilisation: Utilisation = Utilisation()
    finance: Finance = Finance()
    stated: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        if not 0.0 <= self.heat_load_fraction <= 2.0:
            raise Invalid(
                "The heat load fraction must lie between 0 and 2.",
                heat_load_fraction=self.heat_load_fraction,
            )
        if self.voltage_v <= 0.0 or not 0.0 < self.power_factor <= 1.0:
            raise Invalid(
                "The voltage must be positive and the power factor between 0 and 1.",
                voltage_v=self.voltage_v,
                power_factor=self.power_factor,
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Plant:
    """A design, ready to be calculated. Equal plants give equal results, byte for byte."""

    name: str = ""
    state_hash: str = ""
    site: Site = Site()
    rule_set: str = "us-nec"
    boxes: Boxes = field(default_factory=Boxes)
    racks: Racks = field(default_factory=Racks)
    cdus: Cdus = field(default_factory=Cdus)
    air_handlers: AirHandlers = field(default_factory=AirHandlers)
    power_nodes: PowerNodes = field(default_factory=PowerNodes)
    heat_rejection: HeatRejectionUnits = field(default_factory=HeatRejectionUnits)
    loops: Loops = field(default_factory=Loops)
    modules: Modules = field(default_factory=Modules)
    halls: Halls = field(default_factory=Halls)
    doors: Doors = field(default_factory=Doors)
    keepouts: Keepouts = field(default_factory=Keepouts)
    pipes: PipeRuns = field(default_factory=PipeRuns)
    trays: TrayRuns = field(default_factory=TrayRuns)
    feeders: FeederRuns = field(default_factory=FeederRuns)
    gpus: Names = ()  # distinct GPU keys, e.g. "gb300"; Racks.gpu points here
    flow_curves: tuple[Curve, ...] = ()  # L/min per rack against TCS supply temperature
    waivers: tuple[Waiver, ...] = ()

    def __post_init__(self) -> None:
        nodes, loops = len(self.power_nodes), len(self.loops)
        references = (
            ("racks.box", self.racks.box, len(self.boxes)),
            ("racks.gpu", self.racks.gpu, len(self.gpus)),
            ("racks.flow_curve", self.racks.flow_curve, len(self.flow_curves)),
            ("racks.feed_a", self.racks.feed_a, nodes),
            ("racks.feed_b", self.racks.feed_b, nodes),
            ("racks.loop", self.racks.loop, loops),
            ("cdus.box", self.cdus.box, len(self.boxes)),
            ("cdus.feed_a", self.cdus.feed_a, nodes),
            ("cdus.feed_b", self.cdus.feed_b, nodes),
            ("cdus.loop", self.cdus.loop, loops),
            ("air_handlers.box", self.air_handlers.box, len(self.boxes)),
            ("air_handlers.feed_a", self.air_handlers.feed_a, nodes),
            ("air_handlers.feed_b", self.air_handlers.feed_b, nodes),
            ("heat_rejection.box", self.heat_rejection.box, len(self.boxes)),
            ("power_nodes.box", self.power_nodes.box, len(self.boxes)),
            ("power_nodes.parent", self.power_nodes.parent, nodes),
            ("pipes.loop", self.pipes.loop, loops),
            ("feeders.node", self.feeders.node, nodes),
            ("boxes.hall", self.boxes.hall, len(self.halls)),
            ("boxes.module", self.boxes.module, len(self.modules)),
        )
        for name, index, size in references:
            if index.size and (index.min() < -1 or index.max() >= size):
                raise PlantInconsistent("A reference points at no row.", column=name, rows=size)
        if self.racks.box.size and self.racks.box.min() < 0:
            raise PlantInconsistent("Every rack needs a box.", column="racks.box")
        for table in (self.halls, self.keepouts):
            if len(table.outline_mm) != len(table):
                raise PlantInconsistent(
                    "Every hall and keep-out needs an outline.", table=type(table).__name__
                )

        for runs in (self.pipes, self.trays, self.feeders):
            points = runs.points_mm
            if len(points) != len(runs) or min(map(len, points), default=2) < 2:
                raise PlantInconsistent(
                    "Every run needs two points or more.", table=type(runs).__name__
                )

    @property
    def rack_corners_mm(self) -> Floats:
        """Corners of each rack, shape (n_racks, 4, 2). [mm]"""
        corners: Floats = self.boxes.corners_mm[self.racks.box]
        return corners

    @property
    def rack_hall(self) -> Ints:
        """Hall of each rack, shape (n_racks,); -1 outside."""
        hall: Ints = self.boxes.hall[self.racks.box]
        return hall

    @property
    def rack_module(self) -> Ints:
        """Module of each rack, shape (n_racks,); -1 on its own."""
        module: Ints = self.boxes.module[self.racks.box]
        return module


def box_corners(
    origin_mm: ArrayLike, rotation_deg: ArrayLike, width_mm: ArrayLike, depth_mm: ArrayLike
) -> Floats:
    """Corners of placed rectangles, counter-clockwise from the front-left one.

    Parameters
    ----------
    origin_mm : array, shape (n, 2)
        World position of each front-left corner. [mm]
    rotation_deg : array, shape (n,)
        Counter-clockwise rotation about it. [degree]
    width_mm, depth_mm : array, shape (n,)
        Size along local x and local y, > 0. [mm]

    Returns
    -------
    array, shape (n, 4, 2)
        Corners. [mm]

    Notes
    -----
    Definition. Quarter turns use exact sines, so that racks in a row meet without a gap.
    """
    origin = np.asarray(origin_mm, dtype=np.float64).reshape(-1, 2)
    turn = np.mod(np.asarray(rotation_deg, dtype=np.float64), 360.0)
    radians = np.deg2rad(turn)
    cos, sin = np.cos(radians), np.sin(radians)
    quarter = np.mod(turn, 90.0) == 0.0
    cos[quarter], sin[quarter] = np.round(cos[quarter]), np.round(sin[quarter])
    along = np.stack([cos, sin], axis=1) * np.asarray(width_mm, dtype=np.float64)[:, None]
    back = np.stack([-sin, cos], axis=1) * np.asarray(depth_mm, dtype=np.float64)[:, None]
    return np.stack([origin, origin + along, origin + along + back, origin + back], axis=1)
