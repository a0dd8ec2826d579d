"""Lines that are drawn between power nodes, and racks under the busways that feed them."""

from collections.abc import Iterator

import numpy as np

from engine.findings import Finding
from engine.memory import NO_MEMORY, Memory
from engine.plant import Floats, Ints, Plant, corners_of
from engine.provenance import listing
from engine.rules import RuleSet
from engine.space.runs import MM_PER_M, ends_m, segments_of


def feeder_of(plant: Plant) -> Ints:
    """The drawn feeder of each power node.

    Parameters
    ----------
    plant : Plant
        Feeders and power nodes.

    Returns
    -------
    array of int, shape (n_nodes,)
        The first that leads to the node; -1 where none is drawn or the node has no source.

    Notes
    -----
    Definition.
    """
    found = np.full(len(plant.power_nodes) + 1, -1)
    rows = np.arange(len(plant.feeders))[::-1]
    found[plant.feeders.node[rows]] = rows
    return np.where(plant.power_nodes.parent >= 0, found[:-1], -1)


def run_length_m(plant: Plant) -> Floats:
    """Length of each drawn feeder on the plan, shape (n_feeders,). [m]

    Notes
    -----
    Definition.
    """
    return segments_of(plant.feeders.points_mm).run_length_m


def drawn_feeder_findings(
    plant: Plant, rules: RuleSet, memory: Memory | None = None
) -> Iterator[Finding]:
    """Feeders that do not join what they should, and racks beside the busway that feeds them.

    Parameters
    ----------
    plant : Plant
        Feeders, power nodes, racks and where they stand.
    rules : RuleSet
        POW-FEEDER-LOOSE and POW-TAP-REACH.
    memory : Memory or None
        As for `engine.evaluate.evaluate`.

    Yields
    ------
    Finding
        One per feeder, and one per busway.

    Notes
    -----
    Definition. A feeder may run either way.
    """
    yield from (memory or NO_MEMORY).step(_loose_feeders, plant, rules, memory)
    yield from _out_of_tap_reach(plant, rules)


def _loose_feeders(plant: Plant, rules: RuleSet, memory: Memory | None) -> Iterator[Finding]:
    feeders, nodes = plant.feeders, plant.power_nodes
    if not len(feeders):
        return
    rule, used = rules["POW-FEEDER-LOOSE"], feeder_of(plant)
    ends = ends_m(segments_of(feeders.points_mm)) * MM_PER_M
    off = _off_mm(plant, ends, memory).tolist()
    for row, node in enumerate(feeders.node.tolist()):
        name, away = feeders.tag[row], 0.0
        parent = int(nodes.parent[node]) if node >= 0 else -1
        if node < 0:
            fault = "leads to nothing"
        elif parent < 0:
            fault = f"begins at nothing: {nodes.tag[node]} has no source"
        elif used[node] != row:
            fault = f"is a second line to {nodes.tag[node]} and counts for nothing"
        else:
            away = off[row]
            if away <= rule.value:
                continue
            fault = (
                f"ends {away:,.0f} mm from the boxes of {nodes.tag[parent]} and {nodes.tag[node]}"
            )
        yield rule.finding(
            element_ids=[feeders.id[row]],
            measured=away,
            at_mm=(float(ends[row, 0, 0]), float(ends[row, 0, 1])),
            subject=name,
            fault=fault,
        )


def _off_mm(plant: Plant, ends: Floats, memory: Memory | None) -> Floats:
    """How far the ends of each feeder lie from the boxes that it joins; 0 where one has none."""
    node, nodes = plant.feeders.node, plant.power_nodes
    parent, box = np.append(nodes.parent, -1)[node], np.append(nodes.box, -1)
    off = np.zeros(node.size)
    rows = np.flatnonzero((box[node] >= 0) & (box[parent] >= 0))
    joined = np.append(box[parent[rows]], box[node[rows]])
    corners = (memory or NO_MEMORY).zone("joined", corners_of, plant.boxes, joined)
    source, end = np.arange(rows.size), np.arange(rows.size) + rows.size
    here, there = (
        np.maximum(_gap_mm(corners, source, ends[rows, a]), _gap_mm(corners, end, ends[rows, b]))
        for a, b in ((0, 1), (1, 0))
    )
    off[rows] = np.minimum(here, there)
    return off


def _out_of_tap_reach(plant: Plant, rules: RuleSet) -> Iterator[Finding]:
    racks, nodes = plant.racks, plant.power_nodes
    is_busway = (np.array(nodes.kind, dtype=object) == "busway") & (nodes.box >= 0)
    is_busway = np.append(is_busway, False)  # the last entry is for no feed
    if not is_busway.any():
        return
    rule = rules["POW-TAP-REACH"]
    corners = plant.boxes.corners_mm[racks.box]
    half_mm = np.sqrt(((corners[:, 2] - corners[:, 1]) ** 2).sum(axis=1)) / 2.0
    middle = (corners[:, 0] + corners[:, 2]) / 2.0
    far: dict[int, list[tuple[int, float]]] = {}
    for feed in (racks.feed_a, racks.feed_b):
        rows = np.flatnonzero(is_busway[feed])
        # Equal boxes lie behind many racks: their sides are worked out once.
        box, of = np.unique(nodes.box[feed[rows]], return_inverse=True)
        gap = _gap_mm(plant.boxes.corners_mm[box], of, middle[rows]) - half_mm[rows]
        for row, away in zip(
            rows[gap > rule.value].tolist(), gap[gap > rule.value].tolist(), strict=True
        ):
            far.setdefault(int(feed[row]), []).append((row, away))
    for node, members in sorted(far.items()):
        tags = tuple(racks.tag[row] or racks.id[row] for row, _ in members)
        x, y = middle[members[0][0]].tolist()
        yield rule.finding(
            element_ids=[*(racks.id[row] for row, _ in members), nodes.id[node]],
            measured=max(away for _, away in members),
            at_mm=(x, y),
            subject=listing(tags),
            verb="stands" if len(tags) == 1 else "stand",
            other=nodes.tag[node] or "its busway",
        )


def _gap_mm(corners: Floats, of: Ints, points_mm: Floats) -> Floats:
    """Distance from each point to its box among those with these corners; 0 inside."""
    off = points_mm - ((corners[:, 0] + corners[:, 2]) / 2.0)[of]
    beyond = []
    for a, b in ((0, 1), (1, 2)):
        side = corners[:, b] - corners[:, a]
        length = np.maximum(np.hypot(side[:, 0], side[:, 1]), 1e-9)
        x, y = (side[:, axis] / length for axis in (0, 1))
        along = np.abs(off[:, 0] * x[of] + off[:, 1] * y[of])
        beyond.append(np.maximum(along - length[of] / 2.0, 0.0))
    return np.asarray(np.sqrt(beyond[0] ** 2 + beyond[1] ** 2))
