"""What each single loss takes with it: racks that go dark, nodes and loops that run over."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from engine.assumptions import Assumptions
from engine.errors import NotFound
from engine.faults.availability import unavailability
from engine.faults.shortage import CoolingLost, Shortage
from engine.faults.transfer import Transfers, single_transfers
from engine.operation import Operation, operate
from engine.plant import Bools, Ints, Plant
from engine.power.flow import continuous_fraction
from engine.power.flow_findings import SLACK_KW
from engine.power.supply import Consumers, Tree, carry, consumers_of, dead_below, supply_tree
from engine.rules import RuleSet, load_rules

LossSeverity = Literal["blocking", "warning", "none"]
RANK: tuple[LossSeverity, ...] = ("blocking", "warning", "none")
UTILITY = "utility"
HOLDS_FRACTION = 1.05  # load over rating that a thermal release never trips at, IEC 60947-2


class NothingToLose(NotFound):
    """The element is no equipment whose loss can be studied."""

    code = "nothing-to-lose"
    title = "This element cannot fail"


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerLost:
    """Power after a loss."""

    dark_rack_ids: tuple[str, ...]  # had feeds, have none left
    racks_on_one_side: int  # had two feeds, have one left
    nodes_over: tuple[str, ...]
    it_lost_kw: float
    worst_fraction: float | None  # highest load over limit; None without limits
    tripped: tuple[str, ...] = ()  # nodes beyond their rating that trip one after the other
    cascade_kw: float = 0.0  # IT power dark when nothing trips any more


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """One element lost, and what follows at once."""

    id: str
    tag: str
    kind: str
    power: PowerLost
    cooling: CoolingLost | None  # the loop that suffers most
    air_left_kw: float
    rejection_left_kw: float | None  # of the kind of unit lost; None for other equipment
    lost_kw: float  # IT power dark or without cooling, power and cooling together
    failures_per_year: float
    repair_h: float
    severity: LossSeverity

    @property
    def unavailability(self) -> float:
        """Share of time that the element is down."""
        return float(unavailability(self.failures_per_year, self.repair_h))

    @property
    def kwh_per_year(self) -> float:
        """Power lost x duration x how often: what the table is ranked by."""
        return self.lost_kw * self.repair_h * self.failures_per_year


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """Something that can be lost: its kind, names and row in its table."""

    kind: str
    id: str
    tag: str
    row: int
    side: str = ""


def single_losses(
    plant: Plant,
    rules: RuleSet,
    operation: Operation,
    assumptions: Assumptions,
    only: str | None = None,
) -> tuple[Loss, ...]:
    """Every single loss of power, cooling and heat rejection equipment, worst first.

    Parameters
    ----------
    plant : Plant
        The plant.
    rules : RuleSet
        For the continuous rating of nodes.
    operation : Operation
        Its steady state with everything working.
    assumptions : Assumptions
        Lines ``reliability.*``: how often each kind fails and how long it is down.
    only : str or None
        Id of the one element to lose.

    Returns
    -------
    tuple of Loss
        By expected energy lost, then by severity and by what is left over.

    Raises
    ------
    NothingToLose
        If ``only`` names nothing that can be lost.

    Notes
    -----
    Definition. A dual-corded consumer moves wholly to its other feed. A lost node takes along all
    that only it feeds, CDUs and air handlers included; a lost utility feed takes all nodes that
    hang on it. The steady state before any control acts: loads keep their power. Redundancy is
    judged per node and per loop, never on totals. Nodes over 1.05 times their rating trip one
    after the other, the fullest first; that cascade is told beside the loss, because there is time
    to shed load before it. A loop that loses CDUs is judged by where it settles
    (`engine.faults.settled.settle`): a rack counts as lost by the power that it gives up above its
    return limit, and racks on air or behind too little heat rejection by the share of their heat
    that finds no way out.
    """
    study = Study(plant, rules, operation, assumptions)
    cases = [case for case in study.cases() if only in (None, case.id)]
    if only is not None and not cases:
        raise NothingToLose(
            "Only power equipment, CDUs, air handlers and heat rejection can be lost.", id=only
        )
    return study.ranked(study.lose(case) for case in cases)


def study_of(plant: Plant, assumptions: Assumptions) -> "Study":
    """A plant in its steady state, ready for every question about losses.

    Parameters
    ----------
    plant : Plant
        The plant.
    assumptions : Assumptions
        As for an evaluation.

    Returns
    -------
    Study
        To be asked as often as one likes.

    Raises
    ------
    NotSettled
        If losses and cooling do not come together.

    Notes
    -----
    Definition. See `engine.operation.operate`.
    """
    rules = load_rules(plant.rule_set).with_values(assumptions.rule_values)
    return Study(plant, rules, operate(plant, rules, assumptions), assumptions)


class Study:
    """What all losses of one plant share."""

    def __init__(
        self, plant: Plant, rules: RuleSet, operation: Operation, assumptions: Assumptions
    ) -> None:
        self.plant, self.operation, self.assumptions = plant, operation, assumptions
        self.consumers: Consumers = consumers_of(
            plant,
            operation.power.rack_kw,
            operation.mechanical.cdu_kw,
            operation.mechanical.fan_kw,
        )
        self.tree: Tree = supply_tree(plant.power_nodes, self.consumers)
        self.limit_kw = plant.power_nodes.rating_kw * continuous_fraction(plant, rules)
        self.shortage = Shortage(plant, operation, assumptions)
        self.has_two = (self.consumers.feed_a >= 0) & (self.consumers.feed_b >= 0)
        self.transfers: Transfers = single_transfers(
            plant.power_nodes, self.tree, self.consumers, self.limit_kw
        )
        self._rates: dict[str, tuple[float, float]] = {}
        self._down: dict[str, float] = {}
        self._rack_one_side = self._one_sided()
        self._dark_by_loss = _by_loss(self.transfers.dark_loss, self.transfers.dark_consumer)
        self._over_by_loss = _by_loss(self.transfers.over_loss, self.transfers.over_node)
        nothing = np.zeros(len(plant.power_nodes), dtype=bool)
        self._calm = self._carried(nothing)

    def cases(self) -> Iterable[Case]:
        """Everything that can be lost."""
        plant, nodes = self.plant, self.plant.power_nodes
        roots = np.flatnonzero(self.tree.parent < 0).tolist()
        for side in sorted(
            {self.tree.side[row] for row in roots if nodes.kind[row] != "generator"}
        ):
            name = f"Utility {side}".strip()
            yield Case(kind=UTILITY, id=f"{UTILITY}-{side or 'all'}", tag=name, row=-1, side=side)
        for row, (kind, id_, tag) in enumerate(zip(nodes.kind, nodes.id, nodes.tag, strict=True)):
            yield Case(kind=kind, id=id_, tag=tag, row=row)
        for kind, table in (("cdu", plant.cdus), ("air_handler", plant.air_handlers)):
            for row, (id_, tag) in enumerate(zip(table.id, table.tag, strict=True)):
                yield Case(kind=kind, id=id_, tag=tag, row=row)
        units = plant.heat_rejection
        for row, (kind, id_, tag) in enumerate(zip(units.kind, units.id, units.tag, strict=True)):
            yield Case(kind=kind, id=id_, tag=tag, row=row)

    def ranked(self, losses: Iterable[Loss]) -> tuple[Loss, ...]:
        """Losses by expected energy lost, then by severity and by what is left over."""
        return tuple(
            sorted(
                losses,
                key=lambda loss: (
                    -loss.kwh_per_year,
                    RANK.index(loss.severity),
                    -loss.power.it_lost_kw,
                    -(loss.cooling.liquid_lost_kw if loss.cooling else 0.0),
                    -(loss.power.worst_fraction or 0.0),
                ),
            )
        )

    def lose(self, case: Case) -> Loss:
        """What follows from one case."""
        plant, short = self.plant, self.shortage
        gone_cdus = np.zeros(len(plant.cdus), dtype=bool)
        gone_air = np.zeros(len(plant.air_handlers), dtype=bool)
        gone_unit = -1
        power, dark = self._calm
        if case.kind == "cdu":
            gone_cdus[case.row] = True
        elif case.kind == "air_handler":
            gone_air[case.row] = True
        elif case.kind == UTILITY or case.kind in plant.power_nodes.kind:
            power, dark = self._utility(case.side) if case.row < 0 else self._node(case.row)
            racks, cdus = len(plant.racks), len(plant.cdus)
            gone_cdus, gone_air = dark[racks : racks + cdus], dark[racks + cdus :]
        else:
            gone_unit = case.row
        if power.nodes_over:
            power = self._cascaded(power, case)
        cooling, loops = short.liquid(gone_cdus, dark[: len(plant.racks)])
        air_left, air_share = short.air(gone_air)
        water = short.rejection(gone_unit)
        if water.rises:
            cooling, loops = short.warmer(water)
        lost = short.lost_kw(dark[: len(plant.racks)], loops, air_share, water)
        is_strained = cooling is not None and cooling.is_strained
        severity: LossSeverity = "warning" if power.nodes_over or is_strained else "none"
        if lost > 0.0 or power.dark_rack_ids:
            severity = "blocking"
        rate, hours = self.rates(case.kind)
        return Loss(
            id=case.id,
            tag=case.tag,
            kind=case.kind,
            power=power,
            cooling=cooling,
            air_left_kw=air_left,
            rejection_left_kw=water.left_kw,
            lost_kw=lost,
            failures_per_year=rate,
            repair_h=hours,
            severity=severity,
        )

    def stopped(self, case: Case) -> tuple[Bools, Bools]:
        """Racks and CDUs that a lost feed or node leaves without power."""
        _, dark = self._utility(case.side) if case.row < 0 else self._node(case.row)
        racks, cdus = len(self.plant.racks), len(self.plant.cdus)
        return dark[:racks], dark[racks : racks + cdus]

    def rates(self, kind: str) -> tuple[float, float]:
        """Failures a year and repair time of a kind of equipment."""
        if kind not in self._rates:
            self._rates[kind] = self._looked_up(kind)
        return self._rates[kind]

    def unavailability(self, kind: str) -> float:
        """Share of time that one of a kind is down."""
        if kind not in self._down:
            self._down[kind] = float(unavailability(*self.rates(kind)))
        return self._down[kind]

    def _looked_up(self, kind: str) -> tuple[float, float]:
        value = self.assumptions.value
        rate = value(f"reliability.{kind}.per_year")
        if kind == UTILITY and "generator" in self.plant.power_nodes.kind:
            rate *= value("reliability.generator.fails_to_start")
        return rate, value(f"reliability.{kind}.repair_h")

    def _node(self, row: int) -> tuple[PowerLost, Bools]:
        """A lost power node, from the pass over all of them."""
        plant = self.plant
        dark = np.zeros(len(self.consumers.load_kw), dtype=bool)
        dark[self._dark_by_loss.get(row, [])] = True
        worst = float(self.transfers.worst_fraction[row])
        return self._power_lost(
            dark,
            one_side=int(self._rack_one_side[row]),
            over=_named(plant.power_nodes.id, sorted(self._over_by_loss.get(row, []))),
            worst=worst if worst >= 0.0 else None,
        ), dark

    def _cascaded(self, power: PowerLost, case: Case) -> PowerLost:
        """The same loss when nodes beyond their rating trip, the fullest first, until none is."""
        nodes, racks = self.plant.power_nodes, len(self.plant.racks)
        lost = self._utility_feed(case.side) if case.row < 0 else np.zeros(len(nodes), dtype=bool)
        if case.kind in nodes.kind:
            lost[case.row] = True
        rated = nodes.rating_kw > 0.0
        tripped: list[str] = []
        while True:
            flow = carry(nodes, self.tree, self.consumers, dead_below(self.tree, lost))
            fullest = np.divide(
                flow.load_kw, nodes.rating_kw, out=np.zeros(len(nodes)), where=rated
            )
            worst = int(np.argmax(fullest))
            if fullest[worst] <= HOLDS_FRACTION:
                break
            lost[worst] = True
            tripped.append(nodes.id[worst])
        dark_kw = float(self.operation.power.rack_kw[flow.is_dark[:racks]].sum())
        return replace(power, tripped=tuple(tripped), cascade_kw=dark_kw)

    def _utility(self, side: str) -> tuple[PowerLost, Bools]:
        """All that hangs on one utility feed."""
        return self._carried(self._utility_feed(side))

    def _utility_feed(self, side: str) -> Bools:
        nodes = self.plant.power_nodes
        is_feed = (self.tree.parent < 0) & (np.array(nodes.kind, dtype=object) != "generator")
        return np.asarray(is_feed & (np.array(self.tree.side, dtype=object) == side), dtype=bool)

    def _carried(self, lost: Bools) -> tuple[PowerLost, Bools]:
        """Several power nodes lost at once."""
        nodes = self.plant.power_nodes
        flow = carry(nodes, self.tree, self.consumers, dead_below(self.tree, lost))
        over = (self.limit_kw > 0.0) & (flow.load_kw > self.limit_kw + SLACK_KW)
        limited = self.limit_kw > 0.0
        fractions = flow.load_kw[limited] / self.limit_kw[limited]
        one_left = self.has_two & ((flow.on_a_kw == 0.0) != (flow.on_b_kw == 0.0))
        return self._power_lost(
            flow.is_dark,
            one_side=int(one_left[: len(self.plant.racks)].sum()),
            over=_named(nodes.id, np.flatnonzero(over).tolist()),
            worst=float(fractions.max()) if fractions.size else None,
        ), flow.is_dark

    def _power_lost(
        self, dark: Bools, *, one_side: int, over: tuple[str, ...], worst: float | None
    ) -> PowerLost:
        rows = np.flatnonzero(dark[: len(self.plant.racks)])
        return PowerLost(
            dark_rack_ids=_named(self.plant.racks.id, rows.tolist()),
            racks_on_one_side=one_side,
            nodes_over=over,
            it_lost_kw=float(self.operation.power.rack_kw[rows].sum()),
            worst_fraction=worst,
        )

    def _one_sided(self) -> Ints:
        """Racks that each loss of a node leaves on one of their two feeds."""
        racks = len(self.plant.racks)
        alone = Consumers(
            load_kw=self.consumers.load_kw[:racks],
            feed_a=self.consumers.feed_a[:racks],
            feed_b=self.consumers.feed_b[:racks],
        )
        nodes = self.plant.power_nodes
        return single_transfers(nodes, self.tree, alone, self.limit_kw).one_side


def _by_loss(losses: Ints, things: Ints) -> dict[int, list[int]]:
    """Things by the loss that takes them."""
    found: dict[int, list[int]] = {}
    for loss, thing in zip(losses.tolist(), things.tolist(), strict=True):
        found.setdefault(loss, []).append(thing)
    return found


def _named(ids: Sequence[str], rows: Sequence[int]) -> tuple[str, ...]:
    return tuple(ids[row] for row in rows)
