"""What comes out: frozen results of each step, their provenance, and the JSON form.

A step returns its result with ``findings`` and ``working``. Field names are the wire names.
Absent is None with a reason beside it; nothing is ever NaN.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from engine.findings import Finding
from engine.plain import INTERNAL, number, plain
from engine.plant import Bools, Floats, Ints, Names

SCHEMA = "plenum.evaluation/1"
VERSION = "0.1.0"
MODEL_VERSION = "7"  # moves when a figure moves for an unchanged design

Level = Literal["edit", "study", "risk"]
NodeStatus = Literal["ok", "over", "offline"]
Binding = Literal["heat", "flow", "pipes", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One number that went into a figure."""

    name: str
    value: float | int | str | None
    unit: str = ""
    source: str = ""
    confidence: str = ""
    label: str = ""  # what people read in place of the name
    group: str = ""  # heading that it stands under among the inputs of a figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Working:
    """How a figure came about; ``figure`` is its dotted path in the JSON, e.g. power.it_kw."""

    figure: str
    formula_id: str
    formula: str
    function: str
    reference: str
    inputs: tuple[Input, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Racks that stand side by side, found from where they stand."""

    id: str
    rack_ids: Names
    it_kw: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Density:
    """IT power per area; each name says which area."""

    footprint_kw_m2: float
    pitch_kw_m2: float
    gross_kw_m2: float
    map_max_kw_m2: float
    map_p95_kw_m2: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FloorLoad:
    """Heaviest rack on its footprint and spread over its pitch area."""

    max_footprint_kpa: float
    max_spread_kpa: float
    limit_kpa: float | None  # least of those that halls state, else that of the rule
    rule_kpa: float  # where a hall states none
    rule_source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatMap:
    """IT power per area on a grid, row-major from the lowest y up."""

    x0_mm: float
    y0_mm: float
    cell_mm: float
    columns: int
    rows: int
    kw_m2: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class SpaceResult:
    """Geometry of the design."""

    hall_area_m2: float
    racks: int
    rack_footprint_m2: float
    density: Density
    floor_load: FloorLoad
    heat_map: HeatMap | None
    rows: tuple[Row, ...] = field(metadata=INTERNAL)
    rack_density_kw_m2: Floats = field(metadata=INTERNAL)  # pitch density per rack
    rack_floor_kpa: Floats = field(metadata=INTERNAL)  # spread load per rack
    findings: tuple[Finding, ...] = ()
    working: tuple[Working, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """Load that one side hands to equipment, normally and with the other side lost."""

    normal_kw: float
    other_lost_kw: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    a: Side
    b: Side


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeLoads:
    """Load at the output of each power node, in the order of Plant.power_nodes."""

    id: Names
    kind: Names
    tag: Names
    side: Names
    rating_kw: Floats  # 0: not stated
    limit_kw: Floats  # rating times the continuous share; 0: not stated
    normal_kw: Floats
    worst_kw: Floats  # with the other side lost
    loss_kw: Floats  # in normal operation
    status: tuple[NodeStatus, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Feeders:
    """The line that feeds each power node, with the other side lost; one entry per node."""

    id: Names
    length_m: Floats  # along the walls, with risers; 0 where no source is drawn
    drop_fraction: Floats  # of nominal voltage: along this line and, for a busway, its own length
    total_drop_fraction: Floats  # from the last UPS or transformer
    phase_imbalance: Floats  # greatest phase over mean of what hangs on the node itself
    fault_ka: Floats  # between the poles of direct current; 0: not worked out


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerStage:
    """One conversion between the utility and the rack, from the utility down."""

    stage: str
    in_kw: float
    out_kw: float
    loss_kw: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerResult:
    """IT power and the way it comes."""

    basis: str
    it_kw: float
    compute_kw: float = field(metadata=INTERNAL)  # that reaches the chips
    loss_kw: float  # conversion and distribution, drawn and assumed
    mechanical_kw: float = field(metadata=INTERNAL)  # of cooling that this flow carried
    sides: Sides
    nodes: NodeLoads
    chain: tuple[PowerStage, ...]
    rack_kw: Floats = field(metadata=INTERNAL)  # IT, on the basis, times heat load
    feeders: Feeders | None = None
    findings: tuple[Finding, ...] = ()
    working: tuple[Working, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class StarvingCdu:
    """A CDU whose loss, in its place on the pipes, leaves racks of its loop short of flow."""

    cdu_id: str
    deficit_fraction: float  # of the rack that lacks most
    short_rack_ids: Names  # those that lack more than the assumed tolerance


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopHydraulics:
    """Pipes and pumps of one TCS loop: what its racks get, whole and with the spares lost."""

    return_kind: Literal["direct", "reverse"]
    control_valves: bool  # each rack holds its own flow while the pressure suffices
    pipe_m: float  # headers both ways, and branches
    pipe_litres: float
    velocity_max_m_s: float
    required_kpa: float  # head that gives the worst rack its flow
    available_kpa: float  # head at full speed and the flow asked for
    held_kpa: float  # head that the pumps hold
    pump_flow_lpm: float
    pump_speed_fraction: float
    pump_hydraulic_kw: float
    worst_rack_id: str  # the one behind the greatest loss
    worst_deficit_fraction: float  # flow that the worst-off rack lacks
    imbalance: float | None  # most over least of flow got over asked; None: one gets none
    lost_one_deficit_fraction: float  # with the spares lost, in the worst place
    lost_one_short_rack_ids: Names  # those that lack more than the assumed tolerance
    starving: tuple[StarvingCdu, ...] = ()  # by place, where pipes are drawn


@dataclass(frozen=True, slots=True, kw_only=True)
class LoopState:
    """One TCS loop: demand against what its CDUs give, all and with the spares lost."""

    loop: str
    rack_ids: Names
    cdu_ids: Names
    heat_kw: float
    flow_lpm: float
    capacity_kw: float
    flow_capacity_lpm: float
    lost_one_capacity_kw: float
    lost_one_flow_lpm: float
    n_plus_1: bool  # by heat, rated flow, and flow through the pipes by place
    binds: Binding
    margin_fraction: float | None  # spare over demand with one lost; None without demand
    starved_rack_ids: Names
    hydraulics: LoopHydraulics | None = None  # None: no racks with coolant, or no CDU

    @property
    def is_rated_n_plus_1(self) -> bool:
        """Whether heat and rated flow hold with the spares lost, whatever the pipes do."""
        return self.n_plus_1 or self.binds == "pipes"


@dataclass(frozen=True, slots=True, kw_only=True)
class CduLoads:
    """One entry per CDU, in the order of Plant.cdus."""

    id: Names
    tag: Names
    loop: Names
    load_kw: Floats
    capacity_kw: Floats
    flow_lpm: Floats
    load_fraction: Floats
    lost_one_fraction: Floats
    limit_kw: Floats  # heat it can move at these flows and temperatures; 0: no capacity stated
    binds: tuple[str, ...]  # what limits it: heat, flow, valve, facility water or none
    margin_fraction: Floats  # limit over load less one; 0 without a load
    supply_c: Floats  # TCS supply that it holds
    approach_k: Floats  # TCS supply less FWS supply that its load needs, valve open
    valve_fraction: Floats  # facility water over what its open valve lets through
    pump_head_kpa: Floats
    pump_speed_fraction: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class PipesResult:
    """Pipes and pumps of all TCS loops together; pressures are those of the worst loop."""

    pipe_m: float
    pipe_litres: float
    required_kpa: float
    available_kpa: float  # of the loop that has the least to spare
    worst_deficit_fraction: float
    lost_one_deficit_fraction: float
    pump_hydraulic_kw: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PipeSize:
    """Metres of pipe of one bore, both ways."""

    use: Literal["drawn", "assumed", "hose"]
    bore_mm: float
    length_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PipeStates:
    """Drawn pipes of coolant in which something flows, each at its fastest place, one way."""

    id: Names
    flow_lpm: Floats
    bore_mm: Floats
    velocity_m_s: Floats
    gradient_pa_m: Floats  # with the resistance factor of the pipe, without fittings
    bore_least_mm: Floats  # anywhere along it
    bore_most_mm: Floats


WaterRoute = Literal["drawn", "assumed", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FacilityUnits:
    """How facility water reaches each CDU and air handler that stands on the plan."""

    id: Names
    tag: Names
    flow_lpm: Floats
    way_m: Floats  # one way, from the cooler; 0 without a way
    path_kpa: Floats  # of its pipes, there and back
    head_kpa: Floats  # that its water is pumped against, equipment included
    source: Names  # id of the cooler or chiller; "": none
    route: tuple[WaterRoute, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FacilityPipes:
    """Pipes of the facility water, drawn and assumed."""

    pipe_m: float  # there and back
    pipe_litres: float
    velocity_max_m_s: float
    cdu_head_kpa: float | None  # mean by flow; None: no CDU with load
    coil_head_kpa: float | None  # of air handlers
    units: FacilityUnits


@dataclass(frozen=True, slots=True, kw_only=True)
class WaterNetworks:
    """Networks of facility water, by number; -1: of none."""

    of_unit: Ints  # CDUs, then air handlers
    of_cooler: Ints  # coolers and chillers; -1: no pipe joins it to a unit
    is_drawn: bool  # by drawn pipes; else all are one


@dataclass(frozen=True, slots=True, kw_only=True)
class CoolingResult:
    """Where the heat of the racks goes."""

    coolant: str
    liquid_kw: float
    air_kw: float
    flow_lpm: float
    tcs_supply_c: float
    tcs_return_c: float | None  # flow-weighted; None without flow
    air_capacity_kw: float
    airflow_m3_h: float
    loops: tuple[LoopState, ...]
    pipes: PipesResult | None  # None: no loop has racks and CDUs
    cdus: CduLoads
    rack_liquid_kw: Floats = field(metadata=INTERNAL)
    rack_air_kw: Floats = field(metadata=INTERNAL)
    rack_flow_lpm: Floats = field(metadata=INTERNAL)  # asked for
    rack_given_lpm: Floats = field(metadata=INTERNAL)  # what pumps and pipes give
    rack_path_kpa: Floats = field(metadata=INTERNAL)  # CDU to CDU; 0 without
    rack_lacks_air: Bools = field(metadata=INTERNAL)  # in a hall whose air handlers are too few
    rack_return_c: tuple[float | None, ...] = field(metadata=INTERNAL)
    air_unserved_kw: float = field(metadata=INTERNAL)  # heat of racks without an air handler
    cdu_pump_kw: Floats = field(metadata=INTERNAL)  # electrical, one per CDU
    air_handler_fan_kw: Floats = field(metadata=INTERNAL)  # electrical, one per air handler
    networks: WaterNetworks = field(metadata=INTERNAL)
    pipe_sizes: tuple[PipeSize, ...] = ()
    runs: PipeStates | None = None  # None: no pipe is drawn
    facility: FacilityPipes | None = None  # None: no cooler or no unit stands on the plan
    facility_pipe_sizes: tuple[PipeSize, ...] = ()
    findings: tuple[Finding, ...] = ()
    working: tuple[Working, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EnergyResult:
    """The site's power on its design day; ``reason`` says why a figure is None."""

    pue: float | None
    boundary: str
    facility_kw: float = field(metadata=INTERNAL)  # IT + losses + cooling + the rest of the site
    cooling_kw: float  # pumps + fans + chiller + heat rejection
    other_kw: float  # lighting, controls, offices
    pump_kw: float
    fan_kw: float
    chiller_kw: float
    heat_rejection_kw: float
    wue_l_per_kwh: float | None
    itue: float | None = None  # power into the racks over power that reaches their chips
    tue: float | None = None  # power of the site over power that reaches the chips
    reason: str | None = None
    findings: tuple[Finding, ...] = ()
    working: tuple[Working, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ComputeGroup:
    """The racks of one GPU kind and what a measured point says of them."""

    gpu: str
    gpus: int
    tier: str
    tok_s_per_gpu: float | None
    sigma: float | None
    feasible: bool
    label: str
    points: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ComputeFactor:
    """One step from what the GPUs could give to what is sold."""

    factor: str
    value: float
    tokens_per_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ComputeResult:
    """Throughput; ``reason`` says why there is none."""

    gpus: int
    tokens_per_s: float | None
    output_tokens_per_s: float | None
    sold_tokens_per_s: float | None
    tokens_per_s_per_mw_it: float | None
    tokens_per_s_per_mw_facility: float | None
    j_per_token_facility: float | None  # of tokens at work: before what is not sold
    workload: Mapping[str, Any]
    groups: tuple[ComputeGroup, ...]
    chain: tuple[ComputeFactor, ...]
    reason: str | None = None
    j_per_sold_token_facility: float | None = None
    findings: tuple[Finding, ...] = ()
    working: tuple[Working, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class WaterfallStep:
    """One bar of the cost waterfall; parts and losses sum to the total."""

    id: str
    label: str
    usd_per_year: float
    usd_per_mtok: float | None
    kind: Literal["part", "subtotal", "loss", "total"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CapexLine:
    id: str
    label: str
    usd: float
    life_years: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CostResult:
    """Money; ``reason`` says why a cost per token is missing."""

    usd_per_mtok: float | None
    usd_per_mtok_output: float | None
    usd_per_gpu_h: float | None
    capex_usd: float
    opex_usd_per_year: float
    annual_usd: float
    waterfall: tuple[WaterfallStep, ...]
    capex: tuple[CapexLine, ...]
    pue: float | None = None  # that the energy cost rests on; `terms` says of which hours
    terms: str = ""  # what the cost per token is one of: blend, finance mode, PUE
    reason: str | None = None
    findings: tuple[Finding, ...] = ()
    working: tuple[Working, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RackTable:
    """One entry per rack, in the order of Plant.racks."""

    id: Names
    tag: Names
    it_kw: Floats
    liquid_kw: Floats
    air_kw: Floats
    flow_lpm: Floats
    given_flow_lpm: Floats
    path_kpa: Floats
    return_c: tuple[float | None, ...]
    density_kw_m2: Floats
    liquid_fraction: Floats
    floor_kpa: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class ModuleTable:
    """One entry per module, in the order of Plant.modules."""

    id: Names
    tag: Names
    it_kw: Floats
    liquid_kw: Floats
    flow_lpm: Floats
    racks: Ints
    mass_kg: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Elements:
    racks: RackTable
    rows: tuple[Row, ...]
    modules: ModuleTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortfall:
    """Racks that the drawn plant is too small for; `compute` and `cost` count them as running."""

    racks: int  # that lack anything with all plant running
    racks_without_coolant: int
    racks_without_air: int
    racks_without_power: int
    racks_without_coolant_one_lost: int  # with the spare CDUs lost, beside those
    racks_without_power_side_lost: int
    sold_tokens_per_s_carried: float | None  # if those racks gave nothing
    usd_per_mtok_carried: float | None  # the same spending on those tokens, blended
    note: str | None  # to stand beside a figure that counts every rack; None: all are carried


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """Everything the engine says about one plant."""

    level: Level
    design_name: str
    state_hash: str
    space: SpaceResult
    power: PowerResult
    cooling: CoolingResult
    energy: EnergyResult
    compute: ComputeResult
    cost: CostResult
    shortfall: Shortfall
    elements: Elements
    findings: tuple[Finding, ...]
    working: tuple[Working, ...] = field(default=())
    year: Mapping[str, Any] | None = None  # None at the level "edit"
    ranges: Mapping[str, Any] | None = None  # None below the level "risk"

    @property
    def facility_kw(self) -> float:
        """Site power on the design day: IT, losses and cooling. [kW]"""
        return self.energy.facility_kw

    def to_json(
        self,
        part: Callable[[Any], Any] = plain,
        entry: "Entry" = lambda make, value: make(value, plain),
    ) -> dict[str, Any]:
        """The result as plain JSON values, schema ``plenum.evaluation/1``.

        ``part`` makes those of a result, ``entry`` those of one finding or working by a function
        that gets what makes those of its parts.
        """
        power = part(self.power)
        return {
            "schema": SCHEMA,
            "engine": {"version": VERSION, "model_version": MODEL_VERSION},
            "level": self.level,
            "design": {"name": self.design_name, "state_hash": self.state_hash},
            "space": part(self.space),
            "power": {
                "basis": power.pop("basis"),
                "it_kw": power.pop("it_kw"),
                "facility_kw": number(self.facility_kw),
                **power,
            },
            "cooling": part(self.cooling),
            "energy": part(self.energy),
            "compute": part(self.compute),
            "cost": part(self.cost),
            "shortfall": part(self.shortfall),
            "year": self.year,
            "ranges": self.ranges,
            "elements": part(self.elements),
            "findings": [entry(_finding, finding) for finding in self.findings],
            "provenance": {working.figure: entry(_how, working) for working in self.working},
        }


Part = Callable[[Any], Any]
Entry = Callable[[Callable[[Any, Part], dict[str, Any]], Any], Any]


def _finding(finding: Finding, part: Part) -> dict[str, Any]:
    return dict(finding.to_json())


def _how(working: Working, part: Part) -> dict[str, Any]:
    return {
        "formula_id": working.formula_id,
        "formula": working.formula,
        "function": working.function,
        "reference": working.reference,
        "inputs": [part(item) for item in working.inputs],
    }
