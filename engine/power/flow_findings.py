"""What is wrong with the supply: racks without a feed, nodes over their rating, idle equipment."""

from collections.abc import Iterable, Iterator
from typing import Final

import numpy as np

from engine.evaluation import NodeLoads
from engine.findings import Finding, Severity
from engine.plant import Bools, Ints, Plant
from engine.power.feeders import SERVING
from engine.power.supply import Consumers, Tree
from engine.provenance import listing
from engine.rules import Rule, RuleSet

SLACK_KW: Final = 1e-6
STANDBY: Final = "generator"  # takes over what others feed: it may stand beside the tree


def flow_findings(
    plant: Plant, rules: RuleSet, tree: Tree, loads: NodeLoads, consumers: Consumers
) -> Iterable[Finding]:
    """Findings of one power flow.

    Parameters
    ----------
    plant : Plant
        Racks and power nodes.
    rules : RuleSet
        Wording.
    tree : Tree
        Supply order.
    loads : NodeLoads
        Load of every node, normally and with a side lost.
    consumers : Consumers
        Everything that hangs on power nodes.

    Yields
    ------
    Finding
        Racks first, then circles, nodes over their rating, and nodes that feed nothing.

    Notes
    -----
    Definition. A rack without a feed blocks where its hall has panels, busways or fed racks: there
    the supply is drawn and leaves it out. Elsewhere it is a sketch, and a warning.
    """
    nodes, racks = plant.power_nodes, plant.racks
    feeds = (racks.feed_a >= 0).astype(int) + (racks.feed_b >= 0)
    yield from _unfed(plant, rules["POW-UNFED"], feeds)
    if (one := np.flatnonzero(feeds == 1)).size:
        yield _of_racks(plant, rules["POW-ONE-FEED"], one, measured=1.0)
    for members in tree.cycles:
        yield rules["POW-LOOP"].finding(
            element_ids=[nodes.id[node] for node in members],
            measured=float(len(members)),
            subject=listing(tuple(_node_name(plant, node) for node in members)),
        )
    is_over = (loads.limit_kw > 0.0) & (loads.worst_kw > loads.limit_kw + SLACK_KW)
    for node in np.flatnonzero(is_over).tolist():
        rating, limit = float(loads.rating_kw[node]), float(loads.limit_kw[node])
        normal, worst = float(loads.normal_kw[node]), float(loads.worst_kw[node])
        if normal > rating + SLACK_KW:
            rule, measured, required = rules["POW-OVER"], normal, rating
        elif normal > limit + SLACK_KW:
            rule, measured, required = rules["POW-80"], normal, limit
        else:
            rule, measured, required = rules["POW-SIDE-LOST"], worst, limit
        yield rule.finding(
            element_ids=[nodes.id[node]],
            measured=measured,
            required=required,
            at_mm=_middle_mm(plant, node),
            subject=_node_name(plant, node),
        )
    yield from _idle(plant, rules["POW-IDLE"], tree, consumers)


def _unfed(plant: Plant, rule: Rule, feeds: Ints) -> Iterator[Finding]:
    """Racks without a feed: in halls whose supply is drawn, and in those where none is yet."""
    unfed = np.flatnonzero(feeds == 0)
    if not unfed.size:
        return
    nodes, hall = plant.power_nodes, plant.rack_hall
    is_drawn = np.zeros(len(plant.halls) + 1, dtype=bool)  # the last is for outside every hall
    is_drawn[hall[feeds > 0]] = True
    serves = np.array([kind in SERVING for kind in nodes.kind], dtype=bool) & (nodes.box >= 0)
    is_drawn[plant.boxes.hall[nodes.box[serves]]] = True
    left_out = is_drawn[hall[unfed]]
    words: tuple[tuple[Bools, Severity, str], ...] = (
        (
            left_out,
            "blocking",
            "Power is drawn in the hall and passes them by: connect a feed.",
        ),
        (~left_out, "warning", "No panel or busway is drawn there yet: a supply is assumed."),
    )
    for mine, severity, so in words:
        if mine.any():
            yield _of_racks(plant, rule, unfed[mine], measured=0.0, severity=severity, so=so)


def _of_racks(
    plant: Plant,
    rule: Rule,
    rows: Ints,
    *,
    measured: float,
    severity: Severity | None = None,
    so: str = "",
) -> Finding:
    racks, found = plant.racks, rows.tolist()
    x, y = plant.rack_corners_mm[found].mean(axis=(0, 1))
    return rule.finding(
        element_ids=[racks.id[rack] for rack in found],
        measured=measured,
        at_mm=(float(x), float(y)),
        severity=severity,
        subject=listing(tuple(racks.tag[rack] or racks.id[rack] for rack in found)),
        so=so,
    )


def _idle(plant: Plant, rule: Rule, tree: Tree, consumers: Consumers) -> Iterator[Finding]:
    """Nodes with nothing below them; panels and busways may wait for racks."""
    nodes = plant.power_nodes
    carries = np.zeros(len(nodes) + 1, dtype=bool)
    carries[consumers.feed_a] = carries[consumers.feed_b] = True
    for level in reversed(tree.levels[1:]):
        carries[tree.parent[level[carries[level]]]] = True
    idle = np.flatnonzero(~carries[:-1]).tolist()
    idle = [node for node in idle if nodes.kind[node] != STANDBY]
    kinds: tuple[tuple[bool, Severity], ...] = ((False, "warning"), (True, "note"))
    for waits, severity in kinds:
        mine = [node for node in idle if (nodes.kind[node] in SERVING) == waits]
        if mine:
            yield rule.finding(
                element_ids=[nodes.id[node] for node in mine],
                measured=0.0,
                at_mm=_middle_mm(plant, mine[0]),
                severity=severity,
                subject=listing(tuple(_node_name(plant, node) for node in mine)),
            )


def _middle_mm(plant: Plant, node: int) -> tuple[float, float] | None:
    box = int(plant.power_nodes.box[node])
    if box < 0:
        return None
    x, y = plant.boxes.corners_mm[box].mean(axis=0).tolist()
    return x, y


def _node_name(plant: Plant, node: int) -> str:
    nodes = plant.power_nodes
    return nodes.tag[node] or f"{nodes.kind[node]} {nodes.id[node][-6:]}"
