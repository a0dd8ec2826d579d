"""What is wrong with the pipes that are drawn, as findings that name pipes, racks and CDUs."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Final

import numpy as np

from engine.assumptions import Assumptions, Quantity
from engine.cooling.pipe_ends import Short, short_of_all
from engine.cooling.pipework import Piping
from engine.findings import Finding
from engine.plant import Names, Plant
from engine.provenance import listing
from engine.space.runs import MM_PER_M

AT_REACH_M: Final = 1e-6


def pipe_findings(plant: Plant, piping: Piping, assumptions: Assumptions) -> Iterator[Finding]:
    """Racks and CDUs that no drawn pipe reaches, and pipes that lead nowhere.

    Parameters
    ----------
    plant : Plant
        Pipes, racks, CDUs and loops.
    piping : Piping
        What hangs on what.
    assumptions : Assumptions
        Lines ``tcs.branch_reach_m``, ``tcs.hose_reach_m`` and ``tcs.pipe_join_m``.

    Yields
    ------
    Finding
        One of a kind per loop; none where a loop has no drawn pipe.

    Notes
    -----
    Definition. Warnings: the figures assume what is missing.
    """
    reach = assumptions.value("tcs.branch_reach_m")
    racks, cdus = plant.racks, plant.cdus
    dry: dict[int, list[tuple[str, str]]] = defaultdict(list)
    for table, rows in ((racks, piping.unpiped), (cdus, piping.unpiped_cdus)):
        for row in rows.tolist():
            dry[int(table.loop[row])].append((table.id[row], table.tag[row] or table.id[row]))
    for loop, members in sorted(dry.items()):
        ids, tags = zip(*members, strict=True)
        yield Finding(
            rule="COOL-UNPIPED",
            severity="warning",
            discipline="cooling",
            title=f"No drawn pipe of loop {plant.loops.id[loop]} reaches some of it",
            detail=(
                f"{listing(tags)} {_stand(tags)} more than {reach:g} m from the pipes of the loop, "
                "or on pipes that lead to no CDU. The figures assume a header along the row; draw "
                "a pipe that passes there."
            ),
            source="The pipes that are drawn",
            measured=float(len(ids)),
            required=0.0,
            element_ids=ids,
        )
    yield from _hose_findings(plant, piping, assumptions["tcs.hose_reach_m"])
    yield from _loose_findings(plant, piping, assumptions.value("tcs.pipe_join_m"))


def _hose_findings(plant: Plant, piping: Piping, reach: Quantity) -> Iterator[Finding]:
    """Racks that hang on a drawn pipe farther away than their hoses reach."""
    h = piping.headers
    far = (h.rack >= 0) & h.is_drawn & (h.reach_m > reach.value + AT_REACH_M)
    for loop in np.unique(h.loop[far]).tolist():
        here = np.flatnonzero(far & (h.loop == loop))
        here = here[np.argsort(h.rack[here])]
        racks, most = h.rack[here].tolist(), MM_PER_M * float(h.reach_m[here].max())
        x, y = plant.rack_corners_mm[racks[0]].mean(axis=0).tolist()
        tags = tuple(plant.racks.tag[rack] or plant.racks.id[rack] for rack in racks)
        yield Finding(
            rule="COOL-HOSE",
            severity="warning",
            discipline="cooling",
            title=f"Hoses of loop {plant.loops.id[loop]} do not reach",
            detail=(
                f"{listing(tags)} {_stand(tags)} up to {most:,.0f} mm beside the nearest pipe of "
                f"the loop; hoses reach {MM_PER_M * reach.value:,.0f} mm. Move the rack, or lead a "
                "pipe past it."
            ),
            source=reach.source,
            measured=most,
            required=MM_PER_M * reach.value,
            unit="mm",
            element_ids=tuple(plant.racks.id[rack] for rack in racks),
            at_mm=(x, y),
        )


def _loose_findings(plant: Plant, piping: Piping, join_m: float) -> Iterator[Finding]:
    """Pipes that stop short of every CDU and pipe, whether or not the figures bridge the gap."""
    short: dict[int, list[Short]] = defaultdict(list)
    for each in short_of_all(plant, piping.unjoined, join_m):
        short[int(plant.pipes.loop[each.run])].append(each)
    dead = frozenset(piping.loose.tolist())
    for loop, found in sorted(short.items()):
        runs = [each.run for each in found]
        tags = tuple(plant.pipes.tag[run] or plant.pipes.id[run] for run in runs)
        where = f"of loop {plant.loops.id[loop]}" if loop >= 0 else "of a loop without equipment"
        nearest = min(found, key=lambda each: each.apart_mm)
        # A pipe that touches something of another loop lacks nothing but its name.
        has_gap = MM_PER_M * join_m < nearest.apart_mm < np.inf
        assumed = [tag for tag, run in zip(tags, runs, strict=True) if run not in dead]
        yield Finding(
            rule="COOL-PIPE-LOOSE",
            severity="warning",
            discipline="cooling",
            title=f"A pipe {where} meets nothing",
            detail=(
                f"{listing(tags)} {'comes' if len(runs) == 1 else 'come'} within "
                f"{MM_PER_M * join_m:g} mm of no CDU of the loop, and no end meets another of its "
                f"pipes. {_remedy(plant, nearest)}"
                + (
                    f" Until then the figures bridge the gap of {listing(tuple(assumed))}."
                    if assumed
                    else ""
                )
            ),
            source="The pipes that are drawn",
            measured=nearest.apart_mm if has_gap else float(len(runs)),
            required=MM_PER_M * join_m if has_gap else 0.0,
            unit="mm" if has_gap else "",
            element_ids=tuple(plant.pipes.id[run] for run in runs),
            at_mm=nearest.at_mm,
        )


def _remedy(plant: Plant, short: Short) -> str:
    name = plant.pipes.tag[short.run] or plant.pipes.id[short.run]
    if not short.nearest:
        return "Nothing of a coolant loop is drawn that it could lead to."
    away = (
        f"{short.apart_mm:,.0f} mm"
        if short.apart_mm < MM_PER_M
        else f"{short.apart_mm / MM_PER_M:,.1f} m"
    )
    if short.apart_mm <= 0.5:
        return f"{name} touches {short.nearest}: give it the loop of that."
    return f"Nearest is {short.nearest}, {away} from {name}: lead an end there, or delete the pipe."


def _stand(tags: Names) -> str:
    return "stands" if len(tags) == 1 else "stand"
