"""Racks that the drawn plant is too small for, though figures count them as running."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from engine.assumptions import Assumptions
from engine.cooling.loops import SLACK
from engine.evaluation import (
    ComputeGroup,
    ComputeResult,
    CoolingResult,
    CostResult,
    LoopState,
    PowerResult,
    Shortfall,
)
from engine.memory import Memory, kept
from engine.plant import Bools, Names, Plant
from engine.power.flow_findings import SLACK_KW
from engine.power.supply import Tree, dead_below, tree_of


@dataclass(frozen=True, slots=True, kw_only=True)
class _Short:
    """Which racks lack what, shape (n_racks,) each."""

    coolant: Bools
    air: Bools
    power: Bools
    coolant_one_lost: Bools
    power_side_lost: Bools

    @property
    def now(self) -> Bools:
        """Racks that lack anything with all plant running."""
        return self.coolant | self.air | self.power


def shortfall(  # noqa: PLR0917 - the steps before this one, in their order
    plant: Plant,
    power: PowerResult,
    cooling: CoolingResult,
    made: tuple[ComputeResult, CostResult],
    assumptions: Assumptions,
    memory: Memory | None = None,
) -> Shortfall:
    """How many racks lack coolant, air or power, with everything running and with one unit lost.

    Parameters
    ----------
    plant : Plant
        What is drawn.
    power, cooling : PowerResult, CoolingResult
        Its steady state.
    made : tuple of ComputeResult and CostResult
        Tokens and cost, of all racks.
    assumptions : Assumptions
        Line ``tcs.deficit_warn_fraction``: flow that a rack may lack.
    memory : Memory or None
        As for `engine.evaluate.evaluate`.

    Returns
    -------
    Shortfall
        Counts of racks, tokens and cost without them, and a sentence that names what is lacking.

    Notes
    -----
    Definition. A rack lacks coolant when its loop gives off more heat or asks for more flow than
    its CDUs give, or when less than its flow reaches it; air when its hall gives more heat to the
    air than its air handlers take; power when every feed that it has hangs on equipment over its
    rating. Throughput and cost take none of these out: they are those of a design that carries
    its racks. Beside them stand tokens and cost as if those racks gave nothing and cost the same.
    Plant that is not drawn at all is assumed, and no shortfall.
    """
    short = _lacking(plant, power, cooling, assumptions, memory)
    compute, money = made
    carried = carried_fraction(compute.groups, gpus_of(plant, short.now))
    sold, usd = compute.sold_tokens_per_s, money.usd_per_mtok
    return Shortfall(
        racks=int(short.now.sum()),
        racks_without_coolant=int(short.coolant.sum()),
        racks_without_air=int(short.air.sum()),
        racks_without_power=int(short.power.sum()),
        racks_without_coolant_one_lost=int((short.coolant_one_lost & ~short.coolant).sum()),
        racks_without_power_side_lost=int((short.power_side_lost & ~short.power).sum()),
        sold_tokens_per_s_carried=None if sold is None else sold * carried,
        usd_per_mtok_carried=None if usd is None or carried <= 0.0 else usd / carried,
        note=_note(short),
    )


def short_gpus(
    plant: Plant, power: PowerResult, cooling: CoolingResult, assumptions: Assumptions
) -> Mapping[str, int]:
    """GPUs by kind in the racks that lack coolant, air or power with everything running.

    Notes
    -----
    Definition. See `shortfall`.
    """
    return gpus_of(plant, _lacking(plant, power, cooling, assumptions, None).now)


def gpus_of(plant: Plant, racks: Bools) -> Mapping[str, int]:
    """GPUs by kind in some racks; kinds without any are left out.

    Notes
    -----
    Definition.
    """
    chosen = racks & (plant.racks.gpu >= 0)
    counted = np.bincount(
        plant.racks.gpu[chosen], plant.racks.gpu_count[chosen], len(plant.gpus)
    ).astype(np.int64)
    return {plant.gpus[i]: n for i, n in enumerate(counted.tolist()) if n > 0}


def carried_fraction(groups: Iterable[ComputeGroup], missing: Mapping[str, int]) -> float:
    """Share of all tokens that is left when some GPUs give none.

    Parameters
    ----------
    groups : iterable of ComputeGroup
        GPUs by kind with their throughput.
    missing : mapping of str to int
        GPUs by kind that give nothing.

    Returns
    -------
    float
        0 to 1; 1 where nothing is given at all.

    Notes
    -----
    Definition. Weighed by throughput at the speed asked for.
    """
    rates = [(group, group.tok_s_per_gpu or 0.0) for group in groups]
    whole = sum(rate * group.gpus for group, rate in rates)
    lost = sum(rate * missing.get(group.gpu, 0) for group, rate in rates)
    return 1.0 - lost / whole if whole > 0.0 else 1.0


def _lacking(
    plant: Plant,
    power: PowerResult,
    cooling: CoolingResult,
    assumptions: Assumptions,
    memory: Memory | None,
) -> _Short:
    allowed = 1.0 - assumptions.value("tcs.deficit_warn_fraction")
    short_one_lost = {
        id_
        for loop in cooling.loops
        if loop.hydraulics is not None
        for id_ in loop.hydraulics.lost_one_short_rack_ids
    }
    nodes = power.nodes
    has_limit = nodes.limit_kw > 0.0
    over = has_limit & (nodes.normal_kw > nodes.rating_kw + SLACK_KW)
    over_one_lost = has_limit & (nodes.worst_kw > nodes.limit_kw + SLACK_KW)
    tree = kept(memory, tree_of, plant)
    return _Short(
        coolant=_in_loops(plant, cooling, _is_over)
        | (cooling.rack_given_lpm < allowed * cooling.rack_flow_lpm * (1.0 - SLACK)),
        air=cooling.rack_lacks_air,
        power=_below(plant, tree, over, every=True),
        coolant_one_lost=_in_loops(plant, cooling, _is_over_one_lost)
        | _named_in(short_one_lost, plant.racks.id),
        power_side_lost=_below(plant, tree, over_one_lost),
    )


def _named_in(wanted: set[str], names: Names) -> Bools:
    if not wanted:
        return np.zeros(len(names), dtype=bool)
    return np.fromiter(map(wanted.__contains__, names), bool, len(names))


def _is_over(loop: LoopState) -> bool:
    heat = loop.heat_kw > loop.capacity_kw * (1.0 + SLACK)
    flow = loop.flow_capacity_lpm > 0.0
    return heat or (flow and loop.flow_lpm > loop.flow_capacity_lpm * (1.0 + SLACK))


def _is_over_one_lost(loop: LoopState) -> bool:
    return not loop.is_rated_n_plus_1


def _in_loops(plant: Plant, cooling: CoolingResult, is_short: Callable[[LoopState], bool]) -> Bools:
    """The racks with coolant whose loop has CDUs and is short; the last entry is no loop."""
    loops = [bool(loop.cdu_ids) and is_short(loop) for loop in cooling.loops]
    found: Bools = np.array([*loops, False], dtype=bool)[plant.racks.loop]
    return found & (cooling.rack_liquid_kw > 0.0)


def _below(plant: Plant, tree: Tree, is_over: Bools, *, every: bool = False) -> Bools:
    """The racks with a feed, or with every feed that they have, below a node over its limit."""
    racks = plant.racks
    below = np.append(dead_below(tree, is_over), False)
    on_a, on_b = below[racks.feed_a], below[racks.feed_b]
    if not every:
        found: Bools = on_a | on_b
        return found
    has_a, has_b = racks.feed_a >= 0, racks.feed_b >= 0
    all_short: Bools = (has_a | has_b) & (on_a | ~has_a) & (on_b | ~has_b)
    return all_short


def _note(short: _Short) -> str | None:
    """Which racks lack what, in a sentence; None where all of them hold."""
    now = _named((short.coolant, "coolant"), (short.air, "cool air"), (short.power, "power"))
    if now:
        return f"{now}."
    lost = [
        f"with {what} lost, {named}"
        for what, named in (
            ("one CDU", _named((short.coolant_one_lost, "coolant"))),
            ("one side", _named((short.power_side_lost, "power"))),
        )
        if named
    ]
    return f"All racks run; {' and '.join(lost)}." if lost else None


def _named(*lacks: tuple[Bools, str]) -> str:
    """'12 racks lack coolant, 8 lack power'; empty when none lacks anything."""
    counted = [(int(racks.sum()), what) for racks, what in lacks if racks.any()]
    words = []
    for at, (count, what) in enumerate(counted):
        racks = "" if at else (" racks" if count > 1 else " rack")
        words.append(f"{count:,}{racks} {'lack' if count > 1 else 'lacks'} {what}")
    return ", ".join(words)
