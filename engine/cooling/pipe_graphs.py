"""Many networks of pipes at once: of those that are alike one is worked out."""

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any, Final

import numpy as np

from engine.cooling.pipe_graph import SAME_PLACE_DIGITS, Hung, Joint, Ways, joint, ways_in_graph
from engine.plant import Floats, Ints

COUNTED: Final = ("before", "last", "tie_start", "tie_end")  # places among the pieces


def ways_in_graphs(
    taken: Hung, given: Hung, joints: Hung, of_run: Ints, run_length_m: Floats
) -> Ways:
    """Ways along the pipes of every group that has joints and something that feeds it.

    Parameters
    ----------
    taken, given : Hung
        Takers and givers on pipes.
    joints : Hung
        Ends of pipes on other pipes: two points for each pipe.
    of_run : array of int, shape (n_runs,)
        Group of each pipe.
    run_length_m : array, shape (n_runs,)
        Lengths. [m]

    Returns
    -------
    Ways
        By group.

    Notes
    -----
    Definition. See `engine.cooling.pipe_graph.ways_in_graph`; lengths are equal to a thousandth of
    a millimetre.
    """
    groups = np.intersect1d(of_run[given.run], of_run[joints.run])
    order = np.argsort(of_run, kind="stable")
    low, high = (np.searchsorted(of_run[order], groups, side) for side in ("left", "right"))
    parts = [_by_group(each, of_run, groups) for each in (taken, given, joints)]
    known: dict[bytes, Ways] = {}
    found = []
    for place, (start, stop) in enumerate(zip(low.tolist(), high.tolist(), strict=True)):
        own = order[start:stop]
        mine = [part[place] for part in parts]
        local = [
            replace(each, point=np.arange(each.run.size), run=np.searchsorted(own, each.run))
            for each in mine[:2]
        ]
        ends_on = _joints(mine[2], own, run_length_m)
        key = _key(local, ends_on)
        if key not in known:
            known[key] = ways_in_graph(local[0], local[1], ends_on)
        ways = known[key]
        found.append(
            replace(
                ways,
                point=np.append(mine[0].point, -1)[ways.point],
                run=own[ways.run],
                source=np.append(mine[1].point, -1)[ways.source],
                tie_source=np.append(mine[1].point, -1)[ways.tie_source],
                tie_run=own[ways.tie_run],
            )
        )
    return together(found)


def _by_group(hung: Hung, of_run: Ints, groups: Ints) -> list[Hung]:
    group = of_run[hung.run]
    order = np.argsort(group, kind="stable")
    low, high = (np.searchsorted(group[order], groups, side) for side in ("left", "right"))
    columns = {name: getattr(hung, name)[order] for name in Hung.__slots__}
    return [
        Hung(**{name: values[a:b] for name, values in columns.items()})
        for a, b in zip(low.tolist(), high.tolist(), strict=True)
    ]


def _joints(joints: Hung, own: Ints, run_length_m: Floats) -> list[Joint]:
    """Joints by both their places, pipes counted within the group."""
    run = joints.point // 2
    end_m = np.where(joints.point % 2 == 1, run_length_m[run], 0.0)
    rows = zip(
        np.searchsorted(own, run).tolist(),
        end_m.tolist(),
        np.searchsorted(own, joints.run).tolist(),
        joints.at_m.tolist(),
        strict=True,
    )
    return [joint(*row) for row in rows]


def _key(local: Sequence[Hung], ends_on: Sequence[Joint]) -> bytes:
    """What makes one network like another."""
    rows = [(*each.end, *each.on) for each in ends_on]
    return b"|".join(
        (
            *(each.run.tobytes() for each in local),
            *(np.round(each.at_m, SAME_PLACE_DIGITS).tobytes() for each in local),
            np.array(rows, dtype=np.float64).tobytes(),
        )
    )


def together(parts: Sequence[Ways]) -> Ways:
    """Several sets of ways as one.

    Parameters
    ----------
    parts : sequence of Ways
        Pieces of each counted from 0.

    Returns
    -------
    Ways
        In the order given.

    Notes
    -----
    Definition.
    """
    shift = np.cumsum([0, *(part.point.size for part in parts)]).tolist()
    columns: dict[str, Any] = {}
    for item in fields(Ways):
        own = [getattr(part, item.name) for part in parts]
        if item.name in COUNTED:
            own = [np.where(c < 0, -1, c + by) for c, by in zip(own, shift, strict=False)]
        columns[item.name] = np.concatenate(own) if own else np.zeros(0, dtype=np.int64)
    return Ways(**columns)
