"""Headers along drawn pipes: which racks and CDUs hang on which pipe, and the ways between them.

Runs whose ends lie on another run of their loop are one network. Each rack is fed from the CDU
that is nearest along the pipes; where two ways meet, the piece between them is a tie.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from engine.assumptions import Assumptions
from engine.cooling.headers import Headers, Ties, together
from engine.cooling.pipe_graph import Hung, Joint, Ways, joint, ways_along_runs, ways_in_graph
from engine.plant import Floats, Ints, PipeRuns, Plant
from engine.space.runs import MM_PER_M, Beside, Segments, beside, ends_m, segments_of

CDU_REACH_M: Final = 0.3  # a run that comes so close to a CDU's box is connected to it
AT_END_M: Final = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What hangs on drawn pipes, and what should but does not."""

    headers: Headers
    unpiped: Ints  # racks on a loop with drawn pipes, out of reach of them or of any CDU
    unpiped_cdus: Ints
    loose: Ints  # runs that meet neither a CDU nor another run


def drawn_headers(plant: Plant, rack: Ints, assumptions: Assumptions) -> Drawn | None:
    """Headers of the racks whose loop has drawn pipes.

    Parameters
    ----------
    plant : Plant
        Runs, racks, CDUs and where they stand.
    rack : array of int
        Racks with coolant on loops with a CDU.
    assumptions : Assumptions
        Lines ``tcs.branch_reach_m``, ``tcs.pipe_join_m`` and ``pipes.k_elbow``.

    Returns
    -------
    Drawn or None
        None where no pipe is drawn.

    Notes
    -----
    Definition. A rack hangs on the nearest run of its loop, if that lies within reach of its box;
    the way from run to box lengthens its hose. The box counts as a circle around the rack's middle
    that touches its shorter sides. A CDU joins every run that touches it, else the nearest within
    reach. The CDUs of a loop hold one pressure, whichever pipes they stand on.
    """
    runs, loops = plant.pipes, len(plant.loops)
    if not len(runs):
        return None
    segments = segments_of(runs.points_mm)
    of_run = np.where(runs.loop >= 0, runs.loop, loops)
    has_runs = np.zeros(loops + 1, dtype=bool)
    has_runs[runs.loop] = True
    has_runs[-1] = False
    rack = rack[has_runs[plant.racks.loop[rack]]]
    cdu = np.flatnonzero((plant.cdus.box >= 0) & has_runs[plant.cdus.loop])
    middle, half = _boxes_m(plant, np.concatenate([plant.racks.box[rack], plant.cdus.box[cdu]]))
    points = np.concatenate([middle, ends_m(segments).reshape(-1, 2)])
    group = np.concatenate([plant.racks.loop[rack], plant.cdus.loop[cdu], np.repeat(of_run, 2)])
    near = beside(points, group, segments, of_run)
    reach = assumptions.value("tcs.branch_reach_m")
    racks = _racks_beside(near, rack.size, half[: rack.size] + reach)
    cdus = _cdus_beside(near, rack.size, half[rack.size :], reach)
    joints = _joints(
        near, rack.size + cdu.size, cdus, segments, assumptions.value("tcs.pipe_join_m")
    )
    is_joined = np.zeros(loops + 1, dtype=bool)
    is_joined[of_run[joints.run]] = True
    loose = np.ones(len(runs), dtype=bool)
    loose[cdus.run] = loose[joints.run] = loose[joints.point // 2] = False
    simple = racks, cdus
    if joints.run.size:
        simple = racks.of(~is_joined[of_run[racks.run]]), cdus.of(~is_joined[of_run[cdus.run]])
    found = [ways_along_runs(simple[0], simple[1], of_run)]
    for loop in np.flatnonzero(is_joined[:-1]).tolist():
        mine = of_run == loop
        found.append(
            ways_in_graph(
                racks.of(mine[racks.run]),
                cdus.of(mine[cdus.run]),
                _named(joints.of(mine[joints.run]), segments),
            )
        )
    apart = np.zeros(rack.size)
    apart[racks.point] = racks.apart_m
    beyond_box = np.maximum(apart - half[: rack.size], 0.0)
    elbow = assumptions.value("pipes.k_elbow")
    headers = together(
        [_headers(runs, segments, ways, (rack, beyond_box, cdu), elbow) for ways in found]
    )
    piped = np.zeros(len(plant.racks), dtype=bool)
    piped[headers.rack[headers.rack >= 0]] = True
    joined_cdus = np.zeros(len(plant.cdus), dtype=bool)
    joined_cdus[cdu[cdus.point]] = True
    return Drawn(
        headers=headers,
        unpiped=rack[~piped[rack]],
        unpiped_cdus=cdu[~joined_cdus[cdu]],
        loose=np.flatnonzero(loose),
    )


def _racks_beside(near: Beside, racks: int, allowed_m: Floats) -> Hung:
    """The nearest run of each rack, where it lies within reach."""
    rows = np.flatnonzero(near.point < racks)
    rows = rows[near.apart_m[rows] == _least(near, rows)]
    rows = rows[np.append(True, np.diff(near.point[rows]) > 0)[: rows.size]]
    return _hung(near, rows[near.apart_m[rows] <= allowed_m[near.point[rows]]])


def _cdus_beside(near: Beside, racks: int, half_m: Floats, reach_m: float) -> Hung:
    """The runs that touch each CDU, or the nearest within reach of one that none touches."""
    rows = np.flatnonzero((near.point >= racks) & (near.point < racks + half_m.size))
    own = near.point[rows] - racks
    touches = near.apart_m[rows] <= half_m[own] + CDU_REACH_M
    is_touched = np.zeros(half_m.size, dtype=bool)
    is_touched[own[touches]] = True
    nearest = (near.apart_m[rows] == _least(near, rows)) & ~is_touched[own]
    found = _hung(near, rows[touches | (nearest & (near.apart_m[rows] <= half_m[own] + reach_m))])
    return replace(found, point=found.point - racks)


def _least(near: Beside, rows: Ints) -> Floats:
    """The least distance that the point of each row has to any run."""
    point = near.point[rows]
    if not rows.size:
        return np.zeros(0)
    begins = np.flatnonzero(np.append(True, np.diff(point) > 0))
    least = np.minimum.reduceat(near.apart_m[rows], begins)
    return np.asarray(np.repeat(least, np.diff(np.append(begins, rows.size))))


def _joints(near: Beside, before: int, cdus: Hung, segments: Segments, join_m: float) -> Hung:
    """Ends of runs on other runs, without those that end at a CDU."""
    at_cdu = np.zeros(2 * len(segments.run_length_m), dtype=bool)
    at_cdu[2 * cdus.run[cdus.at_m <= AT_END_M]] = True
    length = segments.run_length_m[cdus.run]
    at_cdu[2 * cdus.run[cdus.at_m >= length - AT_END_M] + 1] = True
    rows = np.flatnonzero((near.point >= before) & (near.apart_m <= join_m))
    end = near.point[rows] - before
    return replace(
        found := _hung(near, rows[(near.run[rows] != end // 2) & ~at_cdu[end]]),
        point=found.point - before,
    )


def _hung(near: Beside, rows: Ints) -> Hung:
    return Hung(
        point=near.point[rows],
        run=near.run[rows],
        at_m=near.at_m[rows],
        apart_m=near.apart_m[rows],
    )


def _named(joints: Hung, segments: Segments) -> list[Joint]:
    """Joints by both their places."""
    own = joints.point // 2
    end_m = np.where(joints.point % 2 == 1, segments.run_length_m[own], 0.0)
    rows = zip(own.tolist(), end_m.tolist(), joints.run.tolist(), joints.at_m.tolist(), strict=True)
    return [joint(*row) for row in rows]


def _headers(
    runs: PipeRuns, segments: Segments, ways: Ways, hung: tuple[Ints, Floats, Ints], elbow_k: float
) -> Headers:
    """Ways as headers, with what each run states; racks, what lengthens their hoses, CDUs."""
    at, (rack, reach_m, cdu) = ways.point, hung
    named = np.append(cdu, -1)

    def bends_k(run: Ints, start_m: Floats, end_m: Floats) -> Floats:
        count = segments.bends_before(run, start_m) - segments.bends_before(run, end_m)
        return np.asarray(elbow_k * np.abs(count))

    length = np.abs(ways.to_m - ways.from_m)
    return Headers(
        rack=np.where(at >= 0, np.append(rack, -1)[at], -1),
        loop=runs.loop[ways.run],
        before=ways.before,
        last=ways.last,
        source=named[ways.source],
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
            source=named[ways.tie_source],
            run=ways.tie_run,
        ),
    )


def _boxes_m(plant: Plant, box: Ints) -> tuple[Floats, Floats]:
    """Middle and half of the longer side of some boxes. [m], [m]"""
    corners = plant.boxes.corners_mm[box]
    middle = (corners[:, 0] + corners[:, 2]) / (2.0 * MM_PER_M)
    x, y = (corners[:, 1:3, axis] - corners[:, :2, axis] for axis in (0, 1))
    longer = np.sqrt((x * x + y * y).max(axis=1, initial=0.0))
    return middle, longer / (2.0 * MM_PER_M)
