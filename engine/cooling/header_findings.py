"""Spare CDUs that no drawn header leads to where they are wanted."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from engine.evaluation import LoopState
from engine.findings import Finding
from engine.plant import Plant
from engine.provenance import listing

SLACK = 1e-9
NEEDS = ("heat_kw", "flow_lpm")


def missing_headers(plant: Plant, loops: Sequence[LoopState]) -> Iterator[tuple[int, ...]]:
    """Parts of loops that would hold with their spares lost if a header joined them.

    Parameters
    ----------
    plant : Plant
        Loops and what they are parts of.
    loops : sequence of LoopState
        Demand and capacity of each.

    Yields
    ------
    tuple of int
        The parts of one loop, by number.

    Notes
    -----
    Definition. Together the parts lose no more than the part that loses most.
    """
    parts: dict[str, list[int]] = defaultdict(list)
    for number, name in enumerate(plant.loops.part_of):
        if name and plant.loops.redundancy[number] >= 1:
            parts[name].append(number)
    for rows in parts.values():
        states = [loops[row] for row in rows]
        if all(state.is_rated_n_plus_1 or state.heat_kw <= 0.0 for state in states):
            continue
        left_kw = sum(state.capacity_kw for state in states) - max(
            state.capacity_kw - state.lost_one_capacity_kw for state in states
        )
        left_lpm = sum(state.flow_capacity_lpm for state in states) - max(
            state.flow_capacity_lpm - state.lost_one_flow_lpm for state in states
        )
        heat, flow = (sum(getattr(state, name) for state in states) for name in NEEDS)
        if heat <= left_kw * (1.0 + SLACK) and flow <= max(left_lpm, 0.0) * (1.0 + SLACK):
            yield tuple(rows)


def header_findings(plant: Plant, loops: Sequence[LoopState]) -> Iterator[Finding]:
    """Loops whose redundancy depends on a header that is not drawn.

    Parameters
    ----------
    plant : Plant
        Loops, CDUs and pipes.
    loops : sequence of LoopState
        Demand and capacity of each.

    Yields
    ------
    Finding
        One for each loop that is drawn in parts.

    Notes
    -----
    Definition. See `missing_headers`.
    """
    for rows in missing_headers(plant, loops):
        whole, states = plant.loops.part_of[rows[0]], [loops[row] for row in rows]
        short = [each for each in states if not each.is_rated_n_plus_1 and each.heat_kw > 0.0]
        ids = tuple(id_ for state in states for id_ in state.cdu_ids)
        tags = dict(zip(plant.cdus.id, plant.cdus.tag, strict=True))
        lacks = listing(tuple(state.loop for state in short))
        yield Finding(
            rule="COOL-HEADER",
            severity="warning",
            discipline="cooling",
            title=f"The spare CDUs of loop {whole} depend on a header that is not drawn",
            detail=(
                f"The pipes of {listing(tuple(tags[id_] or id_ for id_ in ids))} do not meet: they "
                f"are {len(rows)} loops. With the spares lost {lacks} "
                f"{'does' if len(short) == 1 else 'do'} not hold; all together would. Draw the "
                "header that joins the pipes, or give each part its spare."
            ),
            source="The pipes that are drawn",
            measured=float(len(rows)),
            required=1.0,
            element_ids=(
                *ids,
                *(
                    id_
                    for id_, loop in zip(plant.pipes.id, plant.pipes.loop.tolist(), strict=True)
                    if loop in rows
                ),
            ),
        )
