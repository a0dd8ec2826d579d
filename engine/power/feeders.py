"""The lines between power nodes: how long they are, what voltage they drop, how phases balance."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np

from engine.assumptions import Assumptions
from engine.evaluation import Feeders, Working
from engine.findings import Finding, apart
from engine.plant import Bools, Floats, Ints, Names, Plant
from engine.power.direct import direct_nodes, fault_ka
from engine.power.drawn_feeders import feeder_of, run_length_m
from engine.power.lines import (
    dc_current_a,
    dc_load_voltage_v,
    line_current_a,
    voltage_drop_v,
)
from engine.power.phases import PHASE_SHARE, Connection, phase_imbalance, suggest_tap_moves
from engine.power.supply import Consumers, Tree
from engine.provenance import cited, computed, stated
from engine.rules import RuleSet

# Their output is at nominal voltage.
RESTARTS = frozenset({"ups", "rectifier", "transformer", "generator"})
SERVING = frozenset({"panel", "busway"})  # what racks hang on
CHECKED = SERVING | {"switchboard"}
FED_LOW = frozenset({"ups", "rectifier"})  # at low voltage, whatever they give
MOVES_NAMED = 4


def feeder_length_m(plant: Plant, riser_m: float) -> tuple[Floats, Floats]:
    """Length of the line into each power node, and of a busway itself.

    Parameters
    ----------
    plant : Plant
        Power nodes and where they stand.
    riser_m : float
        From equipment up to the tray at either end, >= 0. [m]

    Returns
    -------
    tuple of array, shape (n_nodes,)
        Line from the source, 0 where there is none; length of a busway, 0 for other nodes. [m, m]

    Notes
    -----
    Definition. Along the feeder that is drawn, else from middle to middle parallel to the walls,
    and two risers; a busway is fed at its nearer end. Its length is the longer side of its box.
    """
    nodes, boxes = plant.power_nodes, plant.boxes
    stands = nodes.box >= 0
    corners = np.zeros((len(nodes), 4, 2))
    corners[stands] = boxes.corners_mm[nodes.box[stands]] / 1000.0
    middle = corners.mean(axis=1)
    sides = np.abs(np.diff(corners[:, :3], axis=1)).sum(axis=2)
    is_busway = np.fromiter(map("busway".__eq__, nodes.kind), bool, len(nodes))
    own = np.where(is_busway & stands, sides.max(axis=1, initial=0.0), 0.0)
    source = np.maximum(nodes.parent, 0)
    apart = np.abs(middle - middle[source]).sum(axis=1) if len(nodes) else np.zeros(0)
    has_line = (nodes.parent >= 0) & stands & stands[source]
    run = np.maximum(apart - own / 2.0, 0.0)
    if len(plant.feeders):
        drawn = feeder_of(plant)
        run = np.where(drawn >= 0, np.append(run_length_m(plant), 0.0)[drawn], run)
        has_line |= drawn >= 0
    return np.where(has_line, run + 2.0 * riser_m, 0.0), own


@dataclass(frozen=True, slots=True, kw_only=True)
class FeederLines:
    """The lines into the power nodes of one plant, whatever they carry; one entry per node."""

    id: Names
    tag: Names
    tree: Tree
    length_m: Floats
    restarts: Bools
    per_kw: Floats  # share of nominal voltage that is lost per kilowatt
    direct: Ints  # nodes with direct current
    voltage_v: Floats
    ohm: Floats  # of one conductor; taps along a busway count as half of it
    reactance_ohm: Floats
    loop_ohm: Floats  # of both conductors of direct current, else 0
    fault_ka: Floats

    def states(self, worst_kw: Floats, imbalance: Floats) -> Feeders:
        """Length, voltage drop and phase balance of the line into each power node.

        The drop is sqrt(3) I (R cos phi + X sin phi), a busway's own length by half for its taps;
        with direct current the root of V^2 - V0 V + P R = 0 over both conductors.
        Where a drawn feeder states its conductors they count; else a conductor is taken to be
        rated for the node that it feeds: its impedance is the assumed figure over that current.
        Drops add up from the last UPS or transformer, whose output is at nominal voltage.
        """
        share = self.per_kw * worst_kw
        if self.direct.size:
            volts = self.voltage_v[self.direct]
            at_load = dc_load_voltage_v(
                volts,
                worst_kw[self.direct],
                self.loop_ohm[self.direct],
                [self.tag[node] or self.id[node] for node in self.direct.tolist()],
            )
            share[self.direct] = 1.0 - at_load / volts
        total = np.where(self.restarts, 0.0, share)
        for level in self.tree.levels[1:]:
            above = self.tree.parent[level]
            total[level] += np.where(self.restarts[level], 0.0, total[above])
        return Feeders(
            id=self.id,
            length_m=self.length_m,
            drop_fraction=share,
            total_drop_fraction=total,
            phase_imbalance=imbalance,
            fault_ka=self.fault_ka,
        )


def feeder_lines(plant: Plant, tree: Tree, assumptions: Assumptions) -> FeederLines:
    """Length and impedance of the line into each power node.

    Parameters
    ----------
    plant : Plant
        Power nodes, feeders and where they stand.
    tree : Tree
        Supply order of the nodes.
    assumptions : Assumptions
        Lines ``power.feeder.*`` and ``power.transformer.short_circuit_fraction``.

    Returns
    -------
    FeederLines
        The drop of alternating current is linear in the load: a share of nominal voltage per
        kilowatt.

    Notes
    -----
    Definition. See `FeederLines.states`.
    """
    nodes, factor = plant.power_nodes, plant.site.power_factor
    length_m, own = feeder_length_m(plant, assumptions.value("power.feeder.riser_m"))
    rating = np.where(nodes.rating_kw > 0.0, nodes.rating_kw, 1.0)
    direct = direct_nodes(nodes)
    rated = line_current_a(rating, nodes.voltage_v, factor)
    rated = np.where(direct, dc_current_a(rating, nodes.voltage_v), rated)
    r, x = (
        assumptions.value(f"power.feeder.{part}_v_per_m") / rated
        for part in ("resistance", "reactance")
    )
    line_r, line_x = _stated_ohm_per_m(plant, r, x, assumptions)
    drop = voltage_drop_v(rated, line_r * length_m, line_x * length_m, factor)
    drop = drop + voltage_drop_v(rated, r * own, x * own, factor, spread="uniform")
    # Both conductors of direct current; taps along a busway count as half of it.
    ohm = line_r * length_m + r * own / 2.0
    loop_ohm = np.where(direct, 2.0 * ohm, 0.0)
    drop = np.where(direct, rated * loop_ohm, drop)
    return FeederLines(
        id=nodes.id,
        tag=nodes.tag,
        tree=tree,
        length_m=length_m,
        restarts=np.fromiter(map(RESTARTS.__contains__, nodes.kind), bool, len(nodes)),
        per_kw=np.where(nodes.rating_kw > 0.0, drop / nodes.voltage_v / rating, 0.0),
        direct=np.flatnonzero(direct),
        voltage_v=nodes.voltage_v,
        ohm=ohm,
        reactance_ohm=line_x * length_m + x * own / 2.0,
        loop_ohm=loop_ohm,
        fault_ka=fault_ka(
            plant,
            np.where(direct, 2.0 * (line_r * length_m + r * own), 0.0),
            tree.levels,
            assumptions.value("power.transformer.short_circuit_fraction"),
        ),
    )


def _stated_ohm_per_m(
    plant: Plant, r: Floats, x: Floats, assumptions: Assumptions
) -> tuple[Floats, Floats]:
    """Resistance and reactance of each line, of its conductors where a drawn feeder states them."""
    feeders = plant.feeders
    if not feeders.conductor_mm2.any():
        return r, x
    drawn = feeder_of(plant)
    area = np.append(feeders.conductor_mm2, 0.0)[drawn]
    sets = np.append(feeders.sets, 1)[drawn]
    stated_mm2 = np.where(area > 0.0, area * sets, 1.0)
    own_r = assumptions.value("power.feeder.resistivity_ohm_mm2_m") / stated_mm2
    own_x = assumptions.value("power.feeder.reactance_ohm_km") / 1000.0 / sets
    return np.where(area > 0.0, own_r, r), np.where(area > 0.0, own_x, x)


def feeder_findings(
    plant: Plant, rules: RuleSet, feeders: Feeders, consumers: Consumers
) -> Iterator[Finding]:
    """Nodes whose voltage is too low, UPSs at their input, and phases out of balance.

    Notes
    -----
    Definition. Rules POW-DROP and POW-PHASE.
    """
    nodes = plant.power_nodes
    rule = rules["POW-DROP"]
    # What a UPS gives is at nominal voltage; what it gets is not.
    above = np.append(feeders.total_drop_fraction, 0.0)[nodes.parent]
    at_input = feeders.drop_fraction + above
    is_input = np.fromiter(map(FED_LOW.__contains__, nodes.kind), bool, len(nodes))
    drop = np.where(is_input, at_input, feeders.total_drop_fraction)
    for node in np.flatnonzero(drop > rule.value).tolist():
        if nodes.kind[node] not in CHECKED | FED_LOW:
            continue
        low, name = float(drop[node]), nodes.tag[node] or nodes.kind[node]
        percent, limit = apart(100.0 * low, 100.0 * rule.value)
        yield rule.finding(
            element_ids=[nodes.id[node]],
            measured=low,
            at_mm=_middle_mm(plant, node),
            subject=f"the input of {name}" if is_input[node] else name,
            percent=f"{percent:.1f} %",
            limit=f"{limit:.1f} %",
        )
    rule = rules["POW-PHASE"]
    for node in np.flatnonzero(feeders.phase_imbalance > rule.value + 1e-9).tolist():
        yield rule.finding(
            element_ids=[nodes.id[node]],
            measured=float(feeders.phase_imbalance[node]),
            at_mm=_middle_mm(plant, node),
            subject=nodes.tag[node] or nodes.kind[node],
            advice=_advice(plant, consumers, node, rule.value),
        )


def feeder_working(feeders: Feeders, plant: Plant, assumptions: Assumptions) -> Working:
    """How the voltage drops were reached.

    Notes
    -----
    Definition.
    """
    worst = float(feeders.total_drop_fraction.max(initial=0.0))
    return Working(
        figure="power.feeders.total_drop_fraction",
        formula_id="POW-DROP",
        formula="sum since the last UPS or transformer of sqrt(3) I (R cos phi + X sin phi) / V",
        function="engine.power.feeders.feeder_length_m",
        reference="IEC 60364-5-52:2009, annex G",
        inputs=(
            computed("greatest", worst, "fraction"),
            stated("site.power_factor", plant.site.power_factor),
            *cited(
                assumptions,
                "power.feeder.resistance_v_per_m",
                "power.feeder.reactance_v_per_m",
                "power.feeder.riser_m",
                "power.feeder.resistivity_ohm_mm2_m",
                "power.feeder.reactance_ohm_km",
            ),
        ),
    )


def imbalance_of(plant: Plant, consumers: Consumers) -> Floats:
    """Greatest phase over mean of the racks on each node; 1 where all take three phases.

    Notes
    -----
    Definition.
    """
    count, racks = len(plant.power_nodes), plant.racks
    if not racks.phases or set(racks.phases) == {"ABC"}:
        return np.ones(count)
    shares = np.array([PHASE_SHARE[cast(Connection, name)] for name in racks.phases])
    by_phase = np.zeros((count, 3))
    load = consumers.load_kw[: len(racks)]
    for feed in (racks.feed_a, racks.feed_b):
        fed = feed >= 0
        for phase in range(3):
            by_phase[:, phase] += np.bincount(feed[fed], (load * shares[:, phase])[fed], count)
    return phase_imbalance(by_phase)


def _advice(plant: Plant, consumers: Consumers, node: int, limit: float) -> str:
    """Which taps to move, in words."""
    racks = plant.racks
    mine = np.flatnonzero((racks.feed_a == node) | (racks.feed_b == node)).tolist()
    moves = suggest_tap_moves(
        consumers.load_kw[mine],
        cast(Sequence[Connection], [racks.phases[row] for row in mine]),
        limit=limit,
        ids=[racks.tag[row] or racks.id[row] for row in mine],
    )
    if not moves:
        return "No exchange of taps helps: use three-phase taps."
    named = "; ".join(f"{move.id} from {move.old} to {move.new}" for move in moves[:MOVES_NAMED])
    rest = len(moves) - MOVES_NAMED
    more = f" and {rest} more" if rest > 0 else ""
    return f"Move {named}{more}: then it is {moves[-1].imbalance:.2f}."


def _middle_mm(plant: Plant, node: int) -> tuple[float, float] | None:
    box = int(plant.power_nodes.box[node])
    if box < 0:
        return None
    x, y = plant.boxes.corners_mm[box].mean(axis=0)
    return float(x), float(y)
