"""What is wrong with the pipes that are drawn, as findings that name pipes, racks and CDUs."""

from collections import defaultdict
from collections.abc import Iterator

from engine.assumptions import Assumptions
from engine.cooling.pipework import Piping
from engine.findings import Finding
from engine.plant import Names, Plant
from engine.provenance import listing


def pipe_findings(plant: Plant, piping: Piping, assumptions: Assumptions) -> Iterator[Finding]:
    """Racks and CDUs that no drawn pipe reaches, and pipes that lead nowhere.

    Parameters
    ----------
    plant : Plant
        Pipes, racks, CDUs and loops.
    piping : Piping
        What hangs on what.
    assumptions : Assumptions
        Lines ``tcs.branch_reach_m`` and ``tcs.pipe_join_m``.

    Yields
    ------
    Finding
        One per loop; none where a loop has no drawn pipe.

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
    join = assumptions.value("tcs.pipe_join_m")
    loose: dict[int, list[int]] = defaultdict(list)
    for run in piping.loose.tolist():
        loose[int(plant.pipes.loop[run])].append(run)
    for loop, runs in sorted(loose.items()):
        tags = tuple(plant.pipes.tag[run] for run in runs)
        where = f"of loop {plant.loops.id[loop]}" if loop >= 0 else "of a loop without equipment"
        first = plant.pipes.points_mm[runs[0]][0].tolist()
        yield Finding(
            rule="COOL-PIPE-LOOSE",
            severity="warning",
            discipline="cooling",
            title=f"A pipe {where} leads nowhere",
            detail=(
                f"{listing(tags)} {'meets' if len(runs) == 1 else 'meet'} neither a CDU of the "
                f"loop nor, within {1000.0 * join:g} mm of an end, another of its pipes. Nothing "
                "flows there: lead an end to a CDU or to a pipe."
            ),
            source="The pipes that are drawn",
            measured=float(len(runs)),
            required=0.0,
            element_ids=tuple(plant.pipes.id[run] for run in runs),
            at_mm=(float(first[0]), float(first[1])),
        )


def _stand(tags: Names) -> str:
    return "stands" if len(tags) == 1 else "stand"
