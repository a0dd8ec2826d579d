"""What each single loss takes with it: racks that go dark, nodes and loops that run over."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.errors import NotFound
from engine.operation import Operation
from engine.plant import Bools, Plant
from engine.power.flow import SLACK_KW, continuous_fraction
from engine.power.supply import Consumers, Tree, carry, consumers_of, dead_below, supply_tree
from engine.rules import RuleSet

LossSeverity = Literal["blocking", "warning", "none"]
RANK: tuple[LossSeverity, ...] = ("blocking", "warning", "none")
SLACK = 1e-9  # relative; a demand equal to the capacity fits


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


@dataclass(frozen=True, slots=True, kw_only=True)
class CoolingLost:
    """The loop that suffers most after a loss."""

    loop: str
    starved_rack_ids: tuple[str, ...]
    heat_kw: float
    capacity_left_kw: float
    flow_left_lpm: float
    liquid_lost_kw: float  # heat that finds no way out


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """One element lost, and what follows at once."""

    id: str
    tag: str
    kind: str
    power: PowerLost
    cooling: CoolingLost | None
    air_left_kw: float
    severity: LossSeverity


def single_losses(
    plant: Plant, rules: RuleSet, operation: Operation, only: str | None = None
) -> tuple[Loss, ...]:
    """Every single loss of a power node, CDU or air handler, worst first.

    Parameters
    ----------
    plant : Plant
        The plant.
    rules : RuleSet
        For the continuous rating of nodes.
    operation : Operation
        Its steady state with everything working.
    only : str or None
        Id of the one element to lose.

    Returns
    -------
    tuple of Loss
        By severity, then by IT power lost, then by heat left over.

    Raises
    ------
    NothingToLose
        If ``only`` names nothing that can be lost.

    Notes
    -----
    Definition. A dual-corded consumer moves wholly to its other feed. A lost node takes along all
    that only it feeds, CDUs and air handlers included. The steady state before any control acts:
    loads keep their power. Redundancy is judged per node and per loop, never on totals.
    """
    study = _Study(plant, rules, operation)
    losses = [study.lose(*case) for case in study.cases() if only in (None, case[1])]
    if only is not None and not losses:
        raise NothingToLose("Only power equipment, CDUs and air handlers can be lost.", id=only)
    losses.sort(
        key=lambda loss: (
            RANK.index(loss.severity),
            -loss.power.it_lost_kw,
            -(loss.cooling.liquid_lost_kw if loss.cooling else 0.0),
            -(loss.power.worst_fraction or 0.0),
        )
    )
    return tuple(losses)


class _Study:
    """What all losses of one plant share."""

    def __init__(self, plant: Plant, rules: RuleSet, operation: Operation) -> None:
        self.plant, self.operation = plant, operation
        self.consumers: Consumers = consumers_of(
            plant,
            operation.power.rack_kw,
            operation.mechanical.cdu_kw,
            operation.mechanical.fan_kw,
        )
        self.tree: Tree = supply_tree(plant.power_nodes, self.consumers)
        self.limit_kw = plant.power_nodes.rating_kw * continuous_fraction(plant, rules)
        loops = operation.cooling.loops
        self.loop_heat = np.array([loop.heat_kw for loop in loops])
        self.loop_flow = np.array([loop.flow_lpm for loop in loops])
        self.has_two = (self.consumers.feed_a >= 0) & (self.consumers.feed_b >= 0)

    def cases(self) -> Iterable[tuple[str, str, str, int]]:
        """Kind, id, tag and row of everything that can be lost."""
        nodes = self.plant.power_nodes
        for row, (kind, name, tag) in enumerate(zip(nodes.kind, nodes.id, nodes.tag, strict=True)):
            yield kind, name, tag, row
        for kind, table in (("cdu", self.plant.cdus), ("air_handler", self.plant.air_handlers)):
            for row, (name, tag) in enumerate(zip(table.id, table.tag, strict=True)):
                yield kind, name, tag, row

    def lose(self, kind: str, name: str, tag: str, row: int) -> Loss:
        plant = self.plant
        lost = np.zeros(len(plant.power_nodes), dtype=bool)
        gone_cdus = np.zeros(len(plant.cdus), dtype=bool)
        gone_air = np.zeros(len(plant.air_handlers), dtype=bool)
        if kind == "cdu":
            gone_cdus[row] = True
            power = self._power(lost)[0]
        elif kind == "air_handler":
            gone_air[row] = True
            power = self._power(lost)[0]
        else:
            lost[row] = True
            power, dark = self._power(lost)
            racks, cdus = len(plant.racks), len(plant.cdus)
            gone_cdus, gone_air = dark[racks : racks + cdus], dark[racks + cdus :]
        cooling = self._cooling(gone_cdus)
        air_left = float(plant.air_handlers.capacity_kw[~gone_air].sum())
        air_short = gone_air.any() and air_left < self.operation.cooling.air_kw * (1.0 - SLACK)
        severity: LossSeverity = "none"
        if power.nodes_over or air_short:
            severity = "warning"
        if power.dark_rack_ids or (cooling and cooling.starved_rack_ids):
            severity = "blocking"
        return Loss(
            id=name,
            tag=tag,
            kind=kind,
            power=power,
            cooling=cooling,
            air_left_kw=air_left,
            severity=severity,
        )

    def _power(self, lost: Bools) -> tuple[PowerLost, Bools]:
        plant, nodes = self.plant, self.plant.power_nodes
        dead = dead_below(self.tree, lost)
        flow = carry(nodes, self.tree, self.consumers, dead)
        over = (self.limit_kw > 0.0) & (flow.load_kw > self.limit_kw + SLACK_KW)
        fractions = flow.load_kw[self.limit_kw > 0.0] / self.limit_kw[self.limit_kw > 0.0]
        racks = len(plant.racks)
        dark = np.flatnonzero(flow.is_dark[:racks])
        one_left = self.has_two & ((flow.on_a_kw == 0.0) != (flow.on_b_kw == 0.0))
        power = PowerLost(
            dark_rack_ids=_named(plant.racks.id, dark.tolist()),
            racks_on_one_side=int(one_left[:racks].sum()),
            nodes_over=_named(nodes.id, np.flatnonzero(over).tolist()),
            it_lost_kw=float(self.operation.power.rack_kw[dark].sum()),
            worst_fraction=float(fractions.max()) if fractions.size else None,
        )
        return power, flow.is_dark

    def _cooling(self, gone: Bools) -> CoolingLost | None:
        """The loop that lacks most when some CDUs are gone; None when none is."""
        plant, cooling = self.plant, self.operation.cooling
        hit = np.unique(plant.cdus.loop[gone & (plant.cdus.loop >= 0)]).tolist()
        worst: CoolingLost | None = None
        for loop in hit:
            mine = gone & (plant.cdus.loop == loop)
            state = cooling.loops[loop]
            capacity = state.capacity_kw - float(cooling.cdus.capacity_kw[mine].sum())
            flow = state.flow_capacity_lpm - float(plant.cdus.flow_lpm[mine].sum())
            stated = bool((plant.cdus.flow_lpm[plant.cdus.loop == loop] > 0.0).all())
            carried = min(1.0, max(capacity, 0.0) / state.heat_kw) if state.heat_kw > 0.0 else 1.0
            if stated and state.flow_lpm > 0.0:
                carried = min(carried, max(flow, 0.0) / state.flow_lpm)
            short_kw = state.heat_kw * (1.0 - carried)
            is_short = short_kw > SLACK * max(state.heat_kw, 1.0)
            wet = (plant.racks.loop == loop) & (cooling.rack_liquid_kw > 0.0)
            found = CoolingLost(
                loop=state.loop,
                starved_rack_ids=_named(plant.racks.id, np.flatnonzero(wet).tolist())
                if is_short
                else (),
                heat_kw=state.heat_kw,
                capacity_left_kw=max(capacity, 0.0),
                flow_left_lpm=max(flow, 0.0),
                liquid_lost_kw=short_kw if is_short else 0.0,
            )
            if worst is None or found.liquid_lost_kw > worst.liquid_lost_kw:
                worst = found
        return worst


def _named(ids: Sequence[str], rows: Sequence[int]) -> tuple[str, ...]:
    return tuple(ids[row] for row in rows)
