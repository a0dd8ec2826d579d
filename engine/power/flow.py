"""IT power and the way it comes: load, loss and margin of every node on either side."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from engine.assumptions import Assumptions
from engine.errors import OutOfRange
from engine.evaluation import (
    NodeLoads,
    NodeStatus,
    PowerResult,
    PowerStage,
    Side,
    Sides,
    Working,
)
from engine.findings import Finding
from engine.memory import Memory, kept
from engine.plant import Bools, Floats, Plant
from engine.power.direct import compute_kw, direct_findings
from engine.power.feeders import (
    FeederLines,
    feeder_findings,
    feeder_lines,
    feeder_working,
    imbalance_of,
)
from engine.power.flow_findings import SLACK_KW, flow_findings
from engine.power.mechanical_findings import unfed_plant_findings
from engine.power.supply import Consumers, Flow, Tree, carry, consumers_of, dead_below, tree_of
from engine.provenance import cited, computed, stated
from engine.rules import RuleSet

# Stages from the racks up: name, the node kinds that do it, the assumption lines if none is drawn.
STAGES = (
    ("Distribution", frozenset({"panel", "busway"}), "power.distribution"),
    ("UPS", frozenset({"ups", "rectifier"}), "power.ups"),
    ("Switchboards", frozenset({"switchboard"}), "power.switchboard"),
    ("Transformers", frozenset({"transformer"}), "power.transformer"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mechanical:
    """Electrical power of the cooling equipment, found by the cooling and energy steps."""

    cdu_kw: Floats  # shape (n_cdus,)
    fan_kw: Floats  # shape (n_air_handlers,)
    plant_kw: float = 0.0  # heat rejection and facility pumps: beside the UPS

    @classmethod
    def none(cls, plant: Plant) -> "Mechanical":
        """No cooling power yet: the first round of the fixed point."""
        return cls(cdu_kw=np.zeros(len(plant.cdus)), fan_kw=np.zeros(len(plant.air_handlers)))

    @property
    def total_kw(self) -> float:
        return float(self.cdu_kw.sum()) + float(self.fan_kw.sum()) + self.plant_kw


def rack_power_kw(plant: Plant) -> Floats:
    """IT power of each rack on the site's basis.

    Parameters
    ----------
    plant : Plant
        ``site.basis`` chooses the figure, ``site.heat_load_fraction`` scales it.

    Returns
    -------
    array, shape (n_racks,)
        Power. [kW]

    Raises
    ------
    OutOfRange
        If a rack's power is negative.

    Notes
    -----
    Definition. Nameplate is what the label allows, TDP what the design allows, sustained what the
    facility is sized for, peak a short electrical excursion.
    """
    racks = plant.racks
    figures = {
        "nameplate": racks.nameplate_kw,
        "tdp": racks.tdp_kw,
        "sustained": racks.sustained_kw,
        "peak": racks.peak_kw,
    }
    chosen = figures[plant.site.basis]
    if (chosen < 0.0).any():
        worst = int(np.argmin(chosen))
        raise OutOfRange("A rack's power must not be negative.", rack=racks.id[worst])
    return chosen * plant.site.heat_load_fraction


def power_flow(
    plant: Plant, rules: RuleSet, assumptions: Assumptions, mechanical: Mechanical
) -> PowerResult:
    """Load and loss of every power node, normally and with one side lost.

    Parameters
    ----------
    plant : Plant
        Racks, cooling equipment and power nodes.
    rules : RuleSet
        Continuous rating and the wording of findings.
    assumptions : Assumptions
        Lines ``power.*``: loss of conversions that are not drawn.
    mechanical : Mechanical
        Electrical power of the cooling equipment.

    Returns
    -------
    PowerResult
        Loads at each node's output, losses by stage, findings.

    Notes
    -----
    Definition. See `engine.power.supply.carry` for the sum over the tree. Power that passes no
    drawn node of a stage takes the stage's assumed loss curve at the assumed load.
    """
    return Supply(plant, rules, assumptions).result(mechanical)


@dataclass(frozen=True, slots=True, kw_only=True)
class Nodes:
    """The power nodes of one plant, whatever they carry."""

    tree: Tree
    lines: FeederLines
    limit_kw: Floats
    is_a: Bools
    is_b: Bools
    of_stage: tuple[Bools, ...]  # by stage: the nodes that do it
    tops: tuple[Bools, ...]  # by stage: those that no other of them feeds
    assumed_loss: tuple[float, ...]  # by stage, per kilowatt that passes none
    has_rectifier: bool


def nodes_of(
    plant: Plant, rules: RuleSet, assumptions: Assumptions, memory: Memory | None = None
) -> Nodes:
    """What every power flow of one plant shares.

    Parameters
    ----------
    plant : Plant
        Power nodes, and what hangs on them.
    rules : RuleSet
        Continuous rating.
    assumptions : Assumptions
        Lines ``power.*``.
    memory : Memory or None
        As for `engine.evaluate.evaluate`.

    Returns
    -------
    Nodes
        One entry per node, or per stage of the supply.

    Notes
    -----
    Definition.
    """
    nodes, tree = plant.power_nodes, kept(memory, tree_of, plant)
    kinds, sides = np.array(nodes.kind, dtype=object), np.array(tree.side, dtype=object)
    of_stage = tuple(np.isin(kinds, list(members)) for _, members, _ in STAGES)
    return Nodes(
        tree=tree,
        lines=kept(memory, feeder_lines, plant, tree, assumptions),
        limit_kw=nodes.rating_kw * continuous_fraction(plant, rules),
        is_a=np.asarray(sides == "A", dtype=bool),
        is_b=np.asarray(sides == "B", dtype=bool),
        of_stage=of_stage,
        tops=tuple(_topmost(tree, mine) for mine in of_stage),
        assumed_loss=tuple(assumed_loss_per_kw(assumptions, line) for _, _, line in STAGES),
        has_rectifier="rectifier" in nodes.kind,
    )


class Supply:
    """What every power flow of one plant shares, so that repeating it is cheap."""

    def __init__(
        self,
        plant: Plant,
        rules: RuleSet,
        assumptions: Assumptions,
        memory: Memory | None = None,
    ) -> None:
        self.plant, self.rules, self.assumptions = plant, rules, assumptions
        self.rack_kw = rack_power_kw(plant)
        self.it_kw = float(self.rack_kw.sum())
        self.nodes = kept(memory, nodes_of, plant, rules, assumptions, memory)
        self.tree = self.nodes.tree
        self.is_side = {"A": self.nodes.is_a, "B": self.nodes.is_b}

    def chain(self, mechanical: Mechanical) -> tuple[PowerStage, ...]:
        """Power and loss of each stage in normal operation, from the utility down."""
        consumers = self._consumers(mechanical)
        return self._chain(consumers, self._flow(consumers, lost=""), mechanical)

    def result(self, mechanical: Mechanical) -> PowerResult:
        """The whole power flow, both sides and findings included."""
        nodes, tree = self.plant.power_nodes, self.tree
        consumers = self._consumers(mechanical)
        normal, no_a, no_b = (self._flow(consumers, lost=lost) for lost in ("", "A", "B"))
        worst = np.maximum.reduce([flow.load_kw for flow in (normal, no_a, no_b)])
        chain = self._chain(consumers, normal, mechanical)
        loss_kw = total_loss_kw(chain)
        loads = NodeLoads(
            id=nodes.id,
            kind=nodes.kind,
            tag=nodes.tag,
            side=tree.side,
            rating_kw=nodes.rating_kw,
            limit_kw=self.nodes.limit_kw,
            normal_kw=normal.load_kw,
            worst_kw=worst,
            loss_kw=normal.loss_kw,
            status=node_status(worst, self.nodes.limit_kw),
        )
        idle = self._consumers(Mechanical.none(self.plant))
        feeders = self.nodes.lines.states(worst, imbalance_of(self.plant, idle))
        return PowerResult(
            basis=self.plant.site.basis,
            it_kw=self.it_kw,
            compute_kw=compute_kw(self.plant, self.rack_kw, self.assumptions),
            loss_kw=loss_kw,
            mechanical_kw=mechanical.total_kw,
            sides=Sides(
                a=Side(
                    normal_kw=self._through(normal, consumers, "A"),
                    other_lost_kw=self._through(no_b, consumers, "A"),
                ),
                b=Side(
                    normal_kw=self._through(normal, consumers, "B"),
                    other_lost_kw=self._through(no_a, consumers, "B"),
                ),
            ),
            nodes=loads,
            chain=chain,
            rack_kw=self.rack_kw,
            feeders=feeders,
            findings=(
                *flow_findings(self.plant, self.rules, tree, loads, consumers),
                *feeder_findings(self.plant, self.rules, feeders, consumers),
                *direct_findings(self.plant, self.rules, feeders.fault_ka),
                *unfed_plant_findings(
                    self.plant,
                    self._unfed_kw(mechanical),
                    self.nodes.tops[-1],
                    self.nodes.limit_kw,
                    ((self.nodes.is_a, no_b.load_kw), (self.nodes.is_b, no_a.load_kw)),
                ),
            ),
            working=(
                *_working(self.plant, self.assumptions, self.it_kw, loss_kw, chain),
                feeder_working(feeders, self.plant, self.assumptions),
            ),
        )

    def _unfed_kw(self, mechanical: Mechanical) -> tuple[float, float]:
        """CDUs and air handlers without a feed, and the plant that takes none."""
        found = 0.0
        for table, kw in (
            (self.plant.cdus, mechanical.cdu_kw),
            (self.plant.air_handlers, mechanical.fan_kw),
        ):
            found += float(kw[(table.feed_a < 0) & (table.feed_b < 0)].sum())
        return found, mechanical.plant_kw

    def _consumers(self, mechanical: Mechanical) -> Consumers:
        return consumers_of(self.plant, self.rack_kw, mechanical.cdu_kw, mechanical.fan_kw)

    def _flow(self, consumers: Consumers, lost: str) -> Flow:
        """Flow with a side lost; "" loses none."""
        gone = self.is_side[lost] if lost else np.zeros(len(self.tree.side), dtype=bool)
        return carry(self.plant.power_nodes, self.tree, consumers, dead_below(self.tree, gone))

    def _through(self, flow: Flow, consumers: Consumers, side: str) -> float:
        """Power that consumers draw from nodes of one side."""
        is_side = np.append(self.is_side[side], False)  # the last entry is for no feed
        return float(flow.on_a_kw[is_side[consumers.feed_a]].sum()) + float(
            flow.on_b_kw[is_side[consumers.feed_b]].sum()
        )

    def _chain(
        self, consumers: Consumers, flow: Flow, mechanical: Mechanical
    ) -> tuple[PowerStage, ...]:
        out_kw = float(consumers.load_kw.sum())
        stages = []
        for stage, (name, _, _) in enumerate(STAGES):
            if name == "Switchboards":
                out_kw += mechanical.plant_kw
            drawn_kw = min(float(flow.load_kw[self.nodes.tops[stage]].sum()), out_kw)
            loss_kw = float(flow.loss_kw[self.nodes.of_stage[stage]].sum())
            loss_kw += (out_kw - drawn_kw) * self.nodes.assumed_loss[stage]
            label = "UPS and rectifiers" if name == "UPS" and self.nodes.has_rectifier else name
            stages.append(
                PowerStage(stage=label, in_kw=out_kw + loss_kw, out_kw=out_kw, loss_kw=loss_kw)
            )
            out_kw += loss_kw
        return tuple(reversed(stages))


def total_loss_kw(chain: tuple[PowerStage, ...]) -> float:
    """Loss of all stages. [kW]

    Notes
    -----
    Definition.
    """
    return sum((stage.loss_kw for stage in chain), 0.0)


def continuous_fraction(plant: Plant, rules: RuleSet) -> Floats:
    """Share of its rating that each power node may carry for hours.

    Parameters
    ----------
    plant : Plant
        ``power_nodes.continuous_fraction`` is the node's own, where stated.
    rules : RuleSet
        Rule POW-80 for the kinds it applies to; other equipment is rated for continuous load.

    Returns
    -------
    array, shape (n_nodes,)
        Share, 0 to 1. [-]

    Notes
    -----
    Definition.
    """
    nodes, rule = plant.power_nodes, rules["POW-80"]
    by_rule = np.array([rule.value if kind in rule.applies_to else 1.0 for kind in nodes.kind])
    return np.where(nodes.continuous_fraction >= 0.0, nodes.continuous_fraction, by_rule)


def node_status(worst_kw: Floats, limit_kw: Floats) -> tuple[NodeStatus, ...]:
    """Status of each node: over when its worst load passes its limit, else ok.

    Notes
    -----
    Definition. A node without a stated rating has no limit.
    """
    over = (limit_kw > 0.0) & (worst_kw > limit_kw + SLACK_KW)
    return tuple(np.where(over, "over", "ok").tolist())


def assumed_loss_per_kw(assumptions: Assumptions, line: str) -> float:
    """Loss per kilowatt delivered of a conversion that is not drawn.

    Parameters
    ----------
    assumptions : Assumptions
        ``<line>.loss_a``, ``_b``, ``_c`` and ``power.assumed_load_fraction``.
    line : str
        Prefix of the lines, e.g. "power.ups".

    Returns
    -------
    float
        Loss over output. [-]

    Raises
    ------
    OutOfRange
        If the assumed load is not positive.

    Notes
    -----
    Definition. (a + b x + c x^2) / x at load x.
    """
    x = assumptions.value("power.assumed_load_fraction")
    if x <= 0.0:
        raise OutOfRange("The assumed load must be positive.", line="power.assumed_load_fraction")
    a, b, c = (assumptions.value(f"{line}.loss_{part}") for part in "abc")
    return (a + b * x + c * x * x) / x


def _topmost(tree: Tree, mine: Bools) -> Bools:
    """Those of the marked nodes that no other marked node feeds."""
    under = np.zeros(len(mine), dtype=bool)
    for level in tree.levels[1:]:
        above = tree.parent[level]
        under[level] = under[above] | mine[above]
    return mine & ~under


def feed_limit_finding(plant: Plant, rules: RuleSet, facility_kw: float) -> Iterable[Finding]:
    """The finding that the site draws more than its feed gives, if it does.

    Notes
    -----
    Definition. Facility power on the design day against ``site.feed_limit_kw``.
    """
    limit = plant.site.feed_limit_kw
    if limit is not None and facility_kw > limit + SLACK_KW:
        yield rules["POW-FEED-LIMIT"].finding(element_ids=[], measured=facility_kw, required=limit)


def _working(
    plant: Plant,
    assumptions: Assumptions,
    it_kw: float,
    loss_kw: float,
    chain: tuple[PowerStage, ...],
) -> tuple[Working, ...]:
    site = plant.site
    lines = [f"{line}.loss_{part}" for _, _, line in STAGES for part in "abc"]
    return (
        Working(
            figure="power.it_kw",
            formula_id="POW-IT",
            formula="sum over racks of rack power on the basis x heat load fraction",
            function="engine.power.flow.rack_power_kw",
            reference="Definition",
            inputs=(
                stated("site.basis", site.basis),
                stated("site.heat_load_fraction", site.heat_load_fraction),
                stated("racks", len(plant.racks)),
                stated("rack power, mean", it_kw / max(len(plant.racks), 1), "kW"),
            ),
        ),
        Working(
            figure="power.loss_kw",
            formula_id="POW-LOSS",
            formula="sum over stages of rating x (a + b x + c x^2), x = load / rating",
            function="engine.power.supply.carry",
            reference="N. Rasmussen, White Paper 113, Schneider Electric, 2011",
            inputs=(
                *(computed(f"{stage.stage} loss", stage.loss_kw, "kW") for stage in chain),
                *cited(assumptions, "power.assumed_load_fraction", *lines),
            ),
        ),
    )
