"""Loops as they are drawn: CDUs whose pipes do not meet are of different loops."""

from dataclasses import replace

import numpy as np

from engine.assumptions import Assumptions
from engine.cooling.drawn import meetings, parts_of_runs, stands_at
from engine.cooling.row_headers import middles_m
from engine.memory import NO_MEMORY, Memory
from engine.plant import Floats, Ints, Loops, Plant


def loops_as_drawn(plant: Plant, assumptions: Assumptions, memory: Memory | None = None) -> Plant:
    """The plant with a loop of its own for each part of drawn pipes that has a CDU.

    Parameters
    ----------
    plant : Plant
        Racks and CDUs by the loops that they name.
    assumptions : Assumptions
        Lines ``tcs.branch_reach_m`` and ``tcs.pipe_join_m``.
    memory : Memory or None
        As for `engine.evaluate.evaluate`.

    Returns
    -------
    Plant
        The same where the pipes of every loop meet. Parts are named after their first CDU and
        know the loop that they are parts of.

    Notes
    -----
    Definition. Pipes meet where the end of one lies on another, and at a CDU. What no pipe of its
    loop reaches is of the part whose CDU stands nearest.
    """
    runs, racks, cdus, loops = plant.pipes, plant.racks, plant.cdus, len(plant.loops)
    units = np.flatnonzero((cdus.box >= 0) & (cdus.loop >= 0))
    several = np.bincount(cdus.loop[units], minlength=loops) > 1
    of_run = np.where(runs.loop >= 0, runs.loop, loops)
    wanted = np.append(several, False)
    wanted[:loops] &= np.bincount(of_run, minlength=loops + 1)[:loops] > 0
    if not wanted.any():
        return plant
    unit = units[wanted[cdus.loop[units]]]
    rack = np.flatnonzero((racks.loop >= 0) & (racks.box >= 0) & wanted[racks.loop])
    met = (memory or NO_MEMORY).step(
        meetings,
        runs,
        of_run,
        stands_at(plant, racks.box[rack], racks.loop[rack]),
        stands_at(plant, cdus.box[unit], cdus.loop[unit]),
        reach_m=assumptions.value("tcs.branch_reach_m"),
        join_m=assumptions.value("tcs.pipe_join_m"),
        memory=memory,
    )
    part_of_run = parts_of_runs(met, len(runs))
    of_unit = np.full(unit.size, -1)
    of_unit[met.given.point] = part_of_run[met.given.run]
    placed = np.flatnonzero(of_unit >= 0)
    found, first = np.unique(of_unit[placed], return_index=True)
    if np.unique(cdus.loop[unit[placed[first]]]).size == found.size:
        return plant
    of_rack = np.full(rack.size, -1)
    of_rack[met.taken.point] = part_of_run[met.taken.run]
    of_rack[~np.isin(of_rack, found)] = -1
    here = middles_m(plant, cdus.box[unit[placed]]), cdus.loop[unit[placed]], of_unit[placed]
    of_rack = _nearest(of_rack, (middles_m(plant, racks.box[rack]), racks.loop[rack]), here)
    of_unit = _nearest(of_unit, (middles_m(plant, cdus.box[unit]), cdus.loop[unit]), here)
    return _renumbered(plant, (rack, of_rack), (unit, of_unit), part_of_run)


def _nearest(part: Ints, own: tuple[Floats, Ints], cdus: tuple[Floats, Ints, Ints]) -> Ints:
    """Parts of what hangs on no pipe: that of the nearest CDU of its loop that does."""
    middle, loop = own
    unit_middle, unit_loop, unit_part = cdus
    found = part.copy()
    for row in np.flatnonzero(part < 0).tolist():
        near = np.flatnonzero(unit_loop == loop[row])
        if near.size:
            apart = np.hypot(*(unit_middle[near] - middle[row]).T)
            found[row] = unit_part[near[int(np.argmin(apart))]]
    return found


def _renumbered(
    plant: Plant, racks: tuple[Ints, Ints], cdus: tuple[Ints, Ints], part_of_run: Ints
) -> Plant:
    """Each part of a loop as a loop; the first of a loop stays in its row, the others follow."""
    unit, part = cdus
    loop = plant.cdus.loop[unit]
    new: dict[int, int] = {}
    ids, spares = list(plant.loops.id), plant.loops.redundancy.tolist()
    whole = list(plant.loops.part_of)
    own, parts = loop[part >= 0], part[part >= 0]
    has_several = {each for each in set(own.tolist()) if np.unique(parts[own == each]).size > 1}
    for row, mine, named in zip(unit.tolist(), part.tolist(), loop.tolist(), strict=True):
        if mine < 0 or mine in new:
            continue
        name = plant.loops.id[named]
        if named not in has_several:
            new[mine] = named
            continue
        of_cdu = f"{name} at {plant.cdus.tag[row] or plant.cdus.id[row]}"
        if named in new.values():
            new[mine] = len(ids)
            ids.append(of_cdu)
            spares.append(spares[named])
            whole.append(name)
        else:
            new[mine] = named
            ids[named], whole[named] = of_cdu, name

    def renamed(before: Ints, rows: Ints, parts: Ints) -> Ints:
        after = before.copy()
        known = np.flatnonzero(parts >= 0)
        after[rows[known]] = [new[each] for each in parts[known].tolist()]
        return after

    runs = np.flatnonzero(np.isin(part_of_run, list(new)))
    return replace(
        plant,
        loops=Loops(id=tuple(ids), redundancy=spares, part_of=tuple(whole)),
        racks=replace(plant.racks, loop=renamed(plant.racks.loop, *racks)),
        cdus=replace(plant.cdus, loop=renamed(plant.cdus.loop, *cdus)),
        pipes=replace(plant.pipes, loop=renamed(plant.pipes.loop, runs, part_of_run[runs])),
    )
