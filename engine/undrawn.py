"""What a design leaves out that its figures assume: supply, CDUs, heat rejection."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from engine.evaluation import CoolingResult, CostResult, Working
from engine.findings import Finding
from engine.memory import Memory, kept
from engine.plant import Bools, Floats, Ints, Plant, PowerNodes
from engine.provenance import listing, stated
from engine.rules import RuleSet

SOURCES = ("transformer", "generator")  # where the supply of a site may begin
MARKED = ("cost.usd_per_mtok", "cost.usd_per_mtok_output", "cost.usd_per_gpu_h", "cost.capex_usd")


@dataclass(frozen=True, slots=True, kw_only=True)
class Undrawn:
    """What is missing on the plan, in words."""

    chain: tuple[str, ...]  # without it nothing runs
    spare: tuple[str, ...]  # a design may do without it

    @property
    def everything(self) -> tuple[str, ...]:
        """All of it, what matters most first."""
        return (*self.chain, *self.spare)


def has_source(nodes: PowerNodes) -> Bools:
    """Whether the supply of each node begins at a transformer or a generator.

    Parameters
    ----------
    nodes : PowerNodes
        ``parent`` may contain cycles.

    Returns
    -------
    array of bool, shape (n_nodes,)
        True where the node or one above it is a transformer or a generator.

    Notes
    -----
    Definition.
    """
    found = np.array([kind in SOURCES for kind in nodes.kind], dtype=bool)
    above = np.array(nodes.parent)
    for _ in range(_doublings(nodes)):
        found |= np.append(found, False)[above]
        above = np.where(above >= 0, np.append(above, -1)[above], -1)
    return found


def beginnings(nodes: PowerNodes, feeds: Ints) -> tuple[int, ...]:
    """The topmost nodes of the feeds that begin at no source.

    Parameters
    ----------
    nodes : PowerNodes
        ``parent`` may contain cycles.
    feeds : array of int
        Nodes that something hangs on; -1 for none.

    Returns
    -------
    tuple of int
        Each once, in order; of a circle, some of its nodes.

    Notes
    -----
    Definition.
    """
    fed = np.unique(feeds[feeds >= 0])
    loose = fed[~has_source(nodes)[fed]]
    top = np.where(nodes.parent >= 0, nodes.parent, np.arange(len(nodes)))
    for _ in range(_doublings(nodes)):
        top = top[top]
    return tuple(np.unique(top[loose]).tolist())


def _beginnings_of_racks(plant: Plant) -> tuple[int, ...]:
    racks = plant.racks
    return beginnings(plant.power_nodes, np.concatenate([racks.feed_a, racks.feed_b]))


def without_cdu(plant: Plant, liquid: Floats) -> Ints:
    """The racks that give heat to liquid, with no CDU in their loop.

    Parameters
    ----------
    plant : Plant
        Racks, loops and CDUs.
    liquid : array, shape (n_racks,)
        Heat to liquid, or its share; only its sign counts. [-]

    Returns
    -------
    array of int
        Their rows.

    Notes
    -----
    Definition.
    """
    served = np.unique(plant.cdus.loop[plant.cdus.loop >= 0])
    rows: Ints = np.flatnonzero((liquid > 0.0) & ~np.isin(plant.racks.loop, served))
    return rows


def has_rejection(plant: Plant) -> bool:
    """Whether anything is drawn that takes heat out of the facility water.

    Notes
    -----
    Definition. A cooling tower can not be drawn: choosing it under Site is as much as can be said.
    """
    return len(plant.heat_rejection) > 0 or plant.site.heat_rejection == "tower"


def undrawn(plant: Plant, cooling: CoolingResult, memory: Memory | None = None) -> Undrawn:
    """What the figures of a plant assume beyond what is drawn.

    Parameters
    ----------
    plant : Plant
        The design, assembled.
    cooling : CoolingResult
        Heat to liquid and to air.
    memory : Memory or None
        As for `engine.evaluate.evaluate`.

    Returns
    -------
    Undrawn
        Empty for a complete design and for one without racks.

    Notes
    -----
    Definition.
    """
    racks, nodes = plant.racks, plant.power_nodes
    if not len(racks):
        return Undrawn(chain=(), spare=())
    unfed = int(((racks.feed_a < 0) & (racks.feed_b < 0)).sum())
    tops = kept(memory, _beginnings_of_racks, plant)
    dry = len(without_cdu(plant, cooling.rack_liquid_kw))
    chain = []
    if unfed:
        chain.append(f"feeds of {unfed:,} rack{'s' if unfed > 1 else ''}")
    if tops:
        names = listing(tuple(nodes.tag[top] or nodes.id[top] for top in tops))
        chain.append(f"a transformer or generator above {names}")
    if dry:
        chain.append(f"CDUs for {dry:,} liquid-cooled rack{'s' if dry > 1 else ''}")
    if cooling.liquid_kw > 0.0 and not has_rejection(plant):
        chain.append(f"heat rejection for {cooling.liquid_kw:,.0f} kW")
    return Undrawn(
        chain=tuple(chain), spare=() if {"ups", "rectifier"} & {*nodes.kind} else ("UPSs",)
    )


def undrawn_findings(
    plant: Plant,
    rules: RuleSet,
    cooling: CoolingResult,
    cost: CostResult,
    missing: Undrawn,
    *,
    memory: Memory | None = None,
) -> Iterator[Finding]:
    """Findings on plant that nobody drew: supply, heat rejection, and what its price rests on.

    Parameters
    ----------
    plant : Plant
        The design, assembled.
    rules : RuleSet
        Wording of POW-SOURCE.
    cooling : CoolingResult
        Heat to liquid.
    cost : CostResult
        Whether there is a cost to mark.
    missing : Undrawn
        From `undrawn`.
    memory : Memory or None
        As for `engine.evaluate.evaluate`.

    Yields
    ------
    Finding
        None for a complete design.

    Notes
    -----
    Definition. A sketch may leave out what nobody has begun to draw: a warning. It blocks where
    the rest is there: racks none of whose feeds has a source, in a design that draws sources;
    no heat rejection, in a design that draws sources or pipes of facility water.
    """
    nodes = plant.power_nodes
    tops = kept(memory, _beginnings_of_racks, plant)
    tops = tuple(top for top in tops if nodes.parent[top] < 0)  # a circle is POW-LOOP
    draws_sources = any(kind in SOURCES for kind in nodes.kind)
    if tops:
        sourced = np.append(has_source(nodes), False)
        on_a, on_b = plant.racks.feed_a, plant.racks.feed_b
        in_vain = ((on_a >= 0) | (on_b >= 0)) & ~sourced[on_a] & ~sourced[on_b]
        yield rules["POW-SOURCE"].finding(
            element_ids=[nodes.id[top] for top in tops],
            measured=0.0,
            severity="blocking" if draws_sources and in_vain.any() else None,
            subject=listing(tuple(nodes.tag[top] or nodes.id[top] for top in tops)),
        )
    is_begun = draws_sources or len(plant.facility_pipes) > 0
    if cooling.liquid_kw > 0.0 and not has_rejection(plant):
        yield Finding(
            rule="COOL-REJECTION",
            severity="blocking" if is_begun else "warning",
            discipline="cooling",
            title="No heat rejection is drawn",
            detail=(
                f"{cooling.liquid_kw:,.0f} kW of liquid heat leave the hall by nothing that is "
                "drawn. Power, water and cost assume coolers of fitting size; draw dry coolers "
                "or chillers" + (", as the rest of what stands outside is." if is_begun else ".")
            ),
            source="Heat balance of the site",
            measured=0.0,
            required=cooling.liquid_kw,
            unit="kW",
        )
    if missing.everything and cost.capex_usd > 0.0:
        yield Finding(
            rule="COST-NOT-DRAWN",
            severity="warning" if missing.chain else "note",
            discipline="cost",
            title="The cost assumes plant that is not drawn",
            detail=(
                f"Not drawn: {'; '.join(missing.everything)}. The building cost per watt stands "
                "for it, in the capital cost and in the cost per token."
            ),
            source="Bill of the design",
        )


def marked(working: tuple[Working, ...], missing: Undrawn) -> tuple[Working, ...]:
    """The working of cost figures, with what they assume beyond the plan among their inputs.

    Parameters
    ----------
    working : tuple of Working
        Of the cost.
    missing : Undrawn
        From `undrawn`.

    Returns
    -------
    tuple of Working
        The same where nothing is missing.

    Notes
    -----
    Definition.
    """
    if not missing.everything:
        return working
    note = stated("assumed, not drawn", "; ".join(missing.everything))
    return tuple(
        replace(row, inputs=(note, *row.inputs)) if row.figure in MARKED else row for row in working
    )


def _doublings(nodes: PowerNodes) -> int:
    """Steps after which a pointer that doubles its reach has passed every node above."""
    return int(np.ceil(np.log2(len(nodes) + 1))) + 1
