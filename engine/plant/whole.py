"""A design, ready to be calculated."""

from dataclasses import dataclass, field
from datetime import date

from engine.plant.boxes import Boxes
from engine.plant.equipment import (
    AirHandlers,
    Cdus,
    HeatRejectionUnits,
    Loops,
    Modules,
    PowerNodes,
    Racks,
)
from engine.plant.places import Doors, Halls, Keepouts
from engine.plant.runs import FeederRuns, PipeRuns, TrayRuns
from engine.plant.site import Site
from engine.plant.table import Floats, Ints, Names, PlantInconsistent


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
class Plant:
    """A design, ready to be calculated. Equal plants give equal results, byte for byte."""

    name: str = ""
    state_hash: str = ""
    site: Site = field(default_factory=Site)
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
    facility_pipes: PipeRuns = field(default_factory=PipeRuns)
    facility_loops: Names = ()  # names; facility_pipes.loop points here
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
            ("facility_pipes.loop", self.facility_pipes.loop, len(self.facility_loops)),
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

        for runs in (self.pipes, self.facility_pipes, self.trays, self.feeders):
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
