"""Headers along drawn pipes: which racks and CDUs hang on which pipe, and the ways between them.

Runs whose ends lie on another run of their loop are one network. Each rack is fed from the CDU
that is nearest along the pipes; where two ways meet, the piece between them is a tie.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from engine.assumptions import Assumptions
from engine.cooling.headers import Headers, Ties, together
from engine.cooling.pipe_graph import Hung, Ways, ways_along_runs
from engine.cooling.pipe_graphs import ways_in_graphs
from engine.memory import NO_MEMORY, Memory, kept
from engine.plant import Bools, Floats, Ints, PipeRuns, Plant
from engine.space.runs import MM_PER_M, Beside, Segments, beside, ends_m, segments_of

TOUCH_M: Final = 0.3  # a run that comes so close to the box of a giver is connected to it
AT_END_M: Final = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What hangs on drawn pipes, and what should but does not."""

    headers: Headers
    unpiped: Ints  # racks on a loop with drawn pipes, out of reach of them or of any CDU
    unpiped_cdus: Ints
    loose: Ints  # runs that lie within reach of no CDU and meet no other run
    unjoined: Ints  # runs that meet no other run


@dataclass(frozen=True, slots=True, kw_only=True)
class Stands:
    """What takes from pipes or feeds them, by its place."""

    middle_m: Floats
    half_m: Floats  # of the longer side of its box
    group: Ints  # it hangs on pipes of its group


@dataclass(frozen=True, slots=True, kw_only=True)
class Meetings:
    """What lies on which pipe."""

    segments: Segments
    taken: Hung  # takers, each on the pipe nearest to it
    given: Hung  # givers
    joints: Hung  # ends of pipes on other pipes: two points for each pipe


@dataclass(frozen=True, slots=True, kw_only=True)
class Hanging:
    """Ways from givers to takers along drawn pipes."""

    headers: Headers  # `rack` and `source` are places among takers and givers
    is_fed: Bools  # takers that a way leads to
    is_joined: Bools  # givers that stand at a pipe
    loose: Ints  # pipes that lie within reach of no giver and meet no other pipe
    unjoined: Ints  # pipes that meet no other pipe
    hung: Hung  # takers on the pipes nearest to them
    met: Meetings


def drawn_headers(
    plant: Plant, rack: Ints, assumptions: Assumptions, memory: Memory | None = None
) -> Drawn | None:
    """Headers of the racks whose loop has drawn pipes.

    Parameters
    ----------
    plant : Plant
        Runs, racks, CDUs and where they stand.
    rack : array of int
        Racks with coolant on loops with a CDU.
    assumptions : Assumptions
        Lines ``tcs.branch_reach_m``, ``tcs.pipe_join_m`` and ``pipes.k_elbow``.
    memory : Memory or None
        As for `engine.evaluate.evaluate`.

    Returns
    -------
    Drawn or None
        None where no pipe is drawn.

    Notes
    -----
    Definition. A rack hangs on the nearest run of its loop, if that lies within reach of its box;
    the way from run to box lengthens its hose. The box counts as a circle around the rack's middle
    that touches its shorter sides. A CDU joins every run that touches it, else the nearest within
    reach. The CDUs of a loop hold one pressure: those whose pipes do not meet are of several loops,
    see `engine.cooling.parts.loops_as_drawn`.
    """
    runs, loops = plant.pipes, len(plant.loops)
    if not len(runs):
        return None
    of_run = np.where(runs.loop >= 0, runs.loop, loops)
    has_runs = np.zeros(loops + 1, dtype=bool)
    has_runs[runs.loop] = True
    has_runs[-1] = False
    rack = rack[has_runs[plant.racks.loop[rack]]]
    cdu = np.flatnonzero((plant.cdus.box >= 0) & has_runs[plant.cdus.loop])
    found = hang(
        runs,
        of_run,
        stands_at(plant, plant.racks.box[rack], plant.racks.loop[rack]),
        stands_at(plant, plant.cdus.box[cdu], plant.cdus.loop[cdu]),
        reach_m=assumptions.value("tcs.branch_reach_m"),
        join_m=assumptions.value("tcs.pipe_join_m"),
        elbow_k=assumptions.value("pipes.k_elbow"),
        memory=memory,
    )
    headers = found.headers
    named = np.append(cdu, -1)
    return Drawn(
        headers=replace(
            headers,
            rack=np.append(rack, -1)[headers.rack],
            source=named[headers.source],
            ties=replace(headers.ties, source=named[headers.ties.source]),
        ),
        unpiped=rack[~found.is_fed],
        unpiped_cdus=cdu[~found.is_joined],
        loose=found.loose,
        unjoined=found.unjoined,
    )


def stands_at(plant: Plant, box: Ints, group: Ints) -> Stands:
    """Boxes by the circles around their middles.

    Notes
    -----
    Definition. The circle touches the shorter sides.
    """
    corners = plant.boxes.corners_mm[box]
    middle = (corners[:, 0] + corners[:, 2]) / (2.0 * MM_PER_M)
    x, y = (corners[:, 1:3, axis] - corners[:, :2, axis] for axis in (0, 1))
    longer = np.sqrt((x * x + y * y).max(axis=1, initial=0.0))
    return Stands(middle_m=middle, half_m=longer / (2.0 * MM_PER_M), group=group)


def hang(
    runs: PipeRuns,
    of_run: Ints,
    takers: Stands,
    givers: Stands,
    *,
    reach_m: float,
    join_m: float,
    elbow_k: float,
    memory: Memory | None = None,
) -> Hanging:
    """Ways along drawn pipes from those who give to those who take.

    Parameters
    ----------
    runs : PipeRuns
        Pipes.
    of_run : array of int, shape (n_runs,)
        Group of each; the greatest group may be one that nothing else has.
    takers, givers : Stands
        Who hangs on the nearest pipe of their group, and who feeds the pipes that touch them.
    reach_m, join_m : float
        From a box to its pipe, and from the end of a pipe to another. [m]
    elbow_k : float
        Loss of a bend. [-]
    memory : Memory or None
        As for `engine.evaluate.evaluate`.

    Returns
    -------
    Hanging
        Headers whose racks and sources are places among takers and givers.

    Notes
    -----
    Definition. See `drawn_headers`.
    """
    met = meetings(runs, of_run, takers, givers, reach_m=reach_m, join_m=join_m, memory=memory)
    segments, taken, given, joints = met.segments, met.taken, met.given, met.joints
    count = takers.half_m.size
    is_joined = np.zeros(int(of_run.max(initial=0)) + 1, dtype=bool)
    is_joined[of_run[joints.run]] = True
    unjoined = np.ones(len(runs), dtype=bool)
    unjoined[joints.run] = unjoined[joints.point // 2] = False
    loose = unjoined.copy()
    loose[given.run] = False
    alone = ~is_joined[of_run]
    hung = replace(taken, apart_m=np.zeros(taken.point.size))  # the ways do not rest on it
    found = (
        kept(
            memory,
            ways_along_runs,
            hung.of(alone[taken.run]),
            given.of(alone[given.run]),
            of_run,
        ),
        kept(memory, ways_in_graphs, hung, given, joints, of_run, segments.run_length_m),
    )
    apart = np.zeros(count)
    apart[taken.point] = taken.apart_m
    beyond_box = np.maximum(apart - takers.half_m, 0.0)
    headers = together(
        [_headers(runs, of_run, segments, ways, beyond_box, elbow_k=elbow_k) for ways in found]
    )
    is_fed = np.zeros(count, dtype=bool)
    is_fed[headers.rack[headers.rack >= 0]] = True
    has_pipe = np.zeros(givers.half_m.size, dtype=bool)
    has_pipe[given.point] = True
    return Hanging(
        headers=headers,
        is_fed=is_fed,
        is_joined=has_pipe,
        loose=np.flatnonzero(loose),
        unjoined=np.flatnonzero(unjoined),
        hung=taken,
        met=met,
    )


def meetings(
    runs: PipeRuns,
    of_run: Ints,
    takers: Stands,
    givers: Stands,
    *,
    reach_m: float,
    join_m: float,
    memory: Memory | None = None,
) -> Meetings:
    """Where takers, givers and the ends of pipes meet pipes of their group.

    Parameters
    ----------
    runs, of_run, takers, givers, reach_m, join_m, memory
        As for `hang`.

    Returns
    -------
    Meetings
        Takers on one pipe each, givers on all that touch them.

    Notes
    -----
    Definition. See `drawn_headers`.
    """
    memory = memory or NO_MEMORY
    segments = memory.step(segments_of, runs.points_mm)
    given, joints = memory.step(_between_pipes, segments, of_run, givers, reach_m, join_m)
    run, at_m, apart_m = memory.columns(
        _on_pipes,
        (takers.middle_m, takers.half_m + reach_m, takers.group),
        segments,
        of_run,
    )
    point = np.flatnonzero(run >= 0)
    return Meetings(
        segments=segments,
        taken=Hung(point=point, run=run[point], at_m=at_m[point], apart_m=apart_m[point]),
        given=given,
        joints=joints,
    )


def parts_of_runs(met: Meetings, runs: int) -> Ints:
    """The part that each pipe belongs to: the least number of its pipes.

    Notes
    -----
    Definition. Pipes meet where the end of one lies on another, and at a giver.
    """
    part = np.arange(runs)
    order = np.lexsort((met.given.run, met.given.point))
    point, run = met.given.point[order], met.given.run[order]
    same = point[1:] == point[:-1]
    a = np.concatenate([met.joints.point // 2, run[:-1][same]])
    b = np.concatenate([met.joints.run, run[1:][same]])
    while True:
        least = part.copy()
        np.minimum.at(least, a, part[b])
        np.minimum.at(least, b, part[a])
        least = least[least]
        if (least == part).all():
            return part
        part = least


def _between_pipes(
    segments: Segments, of_run: Ints, givers: Stands, reach_m: float, join_m: float
) -> tuple[Hung, Hung]:
    """Where givers touch pipes, and where ends of pipes lie on others."""
    points = np.concatenate([givers.middle_m, ends_m(segments).reshape(-1, 2)])
    near = beside(points, np.concatenate([givers.group, np.repeat(of_run, 2)]), segments, of_run)
    given = _givers_beside(near, givers.half_m, reach_m)
    return given, _joints(near, givers.half_m.size, given, segments, join_m)


def _on_pipes(
    middle_m: Floats, allowed_m: Floats, group: Ints, segments: Segments, of_run: Ints
) -> tuple[Ints, Floats, Floats]:
    """The nearest pipe of each taker within reach, where on it and how far off; -1: none."""
    near = beside(middle_m, group, segments, of_run)
    rows = np.flatnonzero(near.apart_m == _least(near, np.arange(near.point.size)))
    rows = rows[np.append(True, np.diff(near.point[rows]) > 0)[: rows.size]]
    rows = rows[near.apart_m[rows] <= allowed_m[near.point[rows]]]
    run, at, apart = np.full(group.size, -1), np.zeros(group.size), np.zeros(group.size)
    point = near.point[rows]
    run[point], at[point], apart[point] = near.run[rows], near.at_m[rows], near.apart_m[rows]
    return run, at, apart


def _givers_beside(near: Beside, half_m: Floats, reach_m: float) -> Hung:
    """The runs that touch each giver, or the nearest within reach of one that none touches."""
    rows = np.flatnonzero(near.point < half_m.size)
    own = near.point[rows]
    touches = near.apart_m[rows] <= half_m[own] + TOUCH_M
    is_touched = np.zeros(half_m.size, dtype=bool)
    is_touched[own[touches]] = True
    nearest = (near.apart_m[rows] == _least(near, rows)) & ~is_touched[own]
    return _hung(near, rows[touches | (nearest & (near.apart_m[rows] <= half_m[own] + reach_m))])


def _least(near: Beside, rows: Ints) -> Floats:
    """The least distance that the point of each row has to any run."""
    point = near.point[rows]
    if not rows.size:
        return np.zeros(0)
    begins = np.flatnonzero(np.append(True, np.diff(point) > 0))
    least = np.minimum.reduceat(near.apart_m[rows], begins)
    return np.asarray(np.repeat(least, np.diff(np.append(begins, rows.size))))


def _joints(near: Beside, before: int, givers: Hung, segments: Segments, join_m: float) -> Hung:
    """Ends of runs on other runs, without those that end at a giver."""
    at_giver = np.zeros(2 * len(segments.run_length_m), dtype=bool)
    at_giver[2 * givers.run[givers.at_m <= AT_END_M]] = True
    length = segments.run_length_m[givers.run]
    at_giver[2 * givers.run[givers.at_m >= length - AT_END_M] + 1] = True
    rows = np.flatnonzero((near.point >= before) & (near.apart_m <= join_m))
    end = near.point[rows] - before
    return replace(
        found := _hung(near, rows[(near.run[rows] != end // 2) & ~at_giver[end]]),
        point=found.point - before,
    )


def _hung(near: Beside, rows: Ints) -> Hung:
    return Hung(
        point=near.point[rows],
        run=near.run[rows],
        at_m=near.at_m[rows],
        apart_m=near.apart_m[rows],
    )


def _headers(
    runs: PipeRuns,
    of_run: Ints,
    segments: Segments,
    ways: Ways,
    reach_m: Floats,
    *,
    elbow_k: float,
) -> Headers:
    """Ways as headers, with what each run states; what lengthens the takers' hoses."""
    at = ways.point

    def bends_k(run: Ints, start_m: Floats, end_m: Floats) -> Floats:
        count = segments.bends_before(run, start_m) - segments.bends_before(run, end_m)
        return np.asarray(elbow_k * np.abs(count))

    length = np.abs(ways.to_m - ways.from_m)
    return Headers(
        rack=at,
        loop=of_run[ways.run],
        before=ways.before,
        last=ways.last,
        source=ways.source,
        run=ways.run,
        length_m=length,
        home_m=length,
        reach_m=np.where(at >= 0, np.append(reach_m, 0.0)[at], 0.0),
        bore_m=runs.bore_m[ways.run],
        factor=runs.resistance_factor[ways.run],
        bends_k=bends_k(ways.run, ways.from_m, ways.to_m),
        ties=Ties(
            start=ways.tie_start,
            end=ways.tie_end,
            length_m=ways.tie_to_m - ways.tie_from_m,
            k=bends_k(ways.tie_run, ways.tie_from_m, ways.tie_to_m),
            factor=runs.resistance_factor[ways.tie_run],
            bore_m=runs.bore_m[ways.tie_run],
            source=ways.tie_source,
            run=ways.tie_run,
        ),
    )
