"""What is left to the racks when a CDU stops, each in its place on the pipes of its loop."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from engine.cooling.coolants import Coolant
from engine.cooling.distribution import DIGITS, Distribution, LoopSolver, Pumping
from engine.cooling.pipework import Pipes
from engine.plant import Floats, Ints

SLACK: Final = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class LostCdus:
    """Flows with one CDU lost: the worst for each place, and those of every CDU that matters."""

    least_m3_s: Floats  # per place
    kind: Ints  # per loop: those that are alike have one number
    numbers: tuple[tuple[int, ...], ...]  # per kind: CDUs looked at, by their number in the loop
    flow_m3_s: tuple[Floats, ...]  # per kind: shape (CDUs, places of the loop)


class WithoutCdus:
    """Flows of loops when CDUs of theirs stop; equal losses of equal loops are solved once."""

    def __init__(
        self,
        pipes: Pipes,
        pumping: Pumping,
        *,
        given_m3_s: Floats,
        required_pa: Floats,
        coolant: Coolant,
        ratio: float,
    ) -> None:
        self.pipes, self.pumping, self.ratio = pipes, pumping, ratio
        self.given_m3_s, self.required_pa = given_m3_s, required_pa
        self.solver = LoopSolver(pipes, pumping, coolant, ratio)
        self.flow_m3_s = np.bincount(pipes.headers.loop, given_m3_s, required_pa.size)

    def of_loop(self, loop: int, stopped: frozenset[int], left_m3_s: float) -> Floats:
        """Flow of each place of a loop, with the rated flow of the pumps that are left. [m3/s]"""
        given = self.given_m3_s[self.solver.places(loop)]
        if self.flow_m3_s[loop] <= SLACK:
            return given
        has_pumps = left_m3_s > SLACK
        if has_pumps and not self.solver.cut_off(loop, stopped) and self._reaches(loop, left_m3_s):
            return given * min(left_m3_s / max(float(self.flow_m3_s[loop]), SLACK), 1.0)
        solved = self.solver.of_loop(loop, left_m3_s if has_pumps else 0.0, stopped)
        return np.minimum(solved, given)

    def held_pa(self, loop: int, left_m3_s: float) -> float:
        """Head that the pumps left hold at the flow that is given with all of them. [Pa]"""
        if left_m3_s <= SLACK:
            return 0.0
        share = float(self.flow_m3_s[loop]) / left_m3_s
        held = float(self.pumping.rated_pa[loop]) * (self.ratio - (self.ratio - 1.0) * share**2)
        return max(held, 0.0)

    def _reaches(self, loop: int, left_m3_s: float) -> bool:
        """Whether the pumps that are left hold the head that the loop asks for."""
        return bool(self.required_pa[loop] <= self.held_pa(loop, left_m3_s) * (1.0 + SLACK))


def lost_cdus(
    pipes: Pipes,
    pumping: Pumping,
    flows: Distribution,
    *,
    cdu_loop: Ints,
    cdu_rated_m3_s: Floats,
    spares: Ints,
    coolant: Coolant,
    ratio: float,
) -> LostCdus:
    """Flow of every place when one CDU of its loop is lost, the worst of them.

    Parameters
    ----------
    pipes : Pipes
        Sized pipes.
    pumping : Pumping
        Pumps of each loop.
    flows : Distribution
        Flows with everything working, and with the spares lost as one pump.
    cdu_loop : array of int, shape (n_cdus,)
        Loop of each CDU; -1: none.
    cdu_rated_m3_s : array, shape (n_cdus,)
        Rated flow of each. [m3/s]
    spares : array of int, shape (n_loops,)
        CDUs that each loop may lose.
    coolant : Coolant
        Properties at the mean loop temperature.
    ratio : float
        Head at no flow over rated head, > 1. [1]

    Returns
    -------
    LostCdus
        Never more than with the spares lost as one pump.

    Notes
    -----
    Definition. Nothing comes from the place of the CDU that is lost; drawn pipes lead there from
    another one. Only CDUs that stand at drawn pipes have a place; of a loop with several spares
    the largest of the other CDUs are lost beside each, wherever they stand. Loops that are alike
    in all that counts are looked at once.
    """
    h = pipes.headers
    solver = WithoutCdus(
        pipes,
        pumping,
        given_m3_s=flows.given_m3_s,
        required_pa=flows.required_pa,
        coolant=coolant,
        ratio=ratio,
    )
    of_loop = cdus_by_loop(cdu_loop, spares.size)
    placed = np.zeros(cdu_loop.size + 1, dtype=bool)  # the last entry is for none
    placed[h.source] = placed[h.ties.source] = True
    kinds: dict[bytes, int] = {}
    kind = np.zeros(spares.size, dtype=np.int64)
    numbers: list[tuple[int, ...]] = []
    found: list[Floats] = []
    worst = np.full(h.loop.size, np.inf)
    first = np.zeros(spares.size, dtype=np.int64)  # of each kind, where its first loop begins
    for loop, key in enumerate(_keys(pipes, pumping, of_loop, cdu_rated_m3_s, spares)):
        kind[loop] = kinds.setdefault(key, len(kinds))
        if kind[loop] < len(found):
            continue
        mine, places = of_loop[loop], solver.solver.places(loop)
        first[kind[loop]] = places.start
        looked_at = [number for number, cdu in enumerate(mine) if placed[cdu] and len(mine) > 1]
        rated, spare = cdu_rated_m3_s[mine], int(spares[loop])
        flow = np.full((len(looked_at), places.stop - places.start), np.inf)
        for row, number in enumerate(looked_at):
            left = _left(rated, number, spare)
            flow[row] = solver.of_loop(loop, frozenset([mine[number]]), left)
        worst[places] = flow.min(axis=0, initial=np.inf)
        numbers.append(tuple(looked_at))
        found.append(flow)
    start = np.searchsorted(h.loop, np.arange(spares.size))
    alike = np.arange(h.loop.size) + (first[kind] - start)[h.loop]
    return LostCdus(
        least_m3_s=np.minimum(flows.lost_m3_s, worst[alike]),
        kind=kind,
        numbers=tuple(numbers),
        flow_m3_s=tuple(found),
    )


def cdus_by_loop(cdu_loop: Ints, loops: int) -> list[list[int]]:
    """The CDUs of each loop, in order.

    Notes
    -----
    Definition.
    """
    found: list[list[int]] = [[] for _ in range(loops)]
    for cdu, loop in enumerate(cdu_loop.tolist()):
        if loop >= 0:
            found[loop].append(cdu)
    return found


def _left(rated_m3_s: Floats, gone: int, spares: int) -> float:
    """Rated flow without one of the CDUs, and without the largest others where more are spare."""
    others = np.sort(np.delete(rated_m3_s, gone))
    return float(others[: others.size - max(spares - 1, 0)].sum())


def _keys(
    pipes: Pipes,
    pumping: Pumping,
    of_loop: list[list[int]],
    rated_m3_s: Floats,
    spares: Ints,
) -> Iterator[bytes]:
    """The same for loops that are alike in all that counts, CDUs by their number in the loop."""
    h, ties, loops = pipes.headers, pipes.headers.ties, len(of_loop)
    number = np.full(rated_m3_s.size + 1, -1, dtype=np.int64)
    number[[cdu for mine in of_loop for cdu in mine]] = [
        at for mine in of_loop for at in range(len(mine))
    ]
    start = np.searchsorted(h.loop, np.arange(loops + 1))
    first = start[h.loop]
    places = np.column_stack(
        (
            np.where(h.before < 0, -1, h.before - first),
            number[h.source],
            h.rack < 0,
            h.is_drawn,
            *_rounded(
                h.length_m,
                pipes.return_m,
                pipes.supply_bore_m,
                pipes.return_bore_m,
                pipes.branch_bore_m,
                pipes.rack_pa,
                pipes.flow_m3_s,
                pipes.header_k,
                pipes.branch_m,
                h.factor,
            ),
        )
    )
    of_tie = h.loop[np.maximum(ties.start, ties.end)]
    order = np.argsort(of_tie, kind="stable")
    from_loop = start[of_tie]
    tied = np.column_stack(
        (
            *(np.where(end < 0, -1, end - from_loop) for end in (ties.start, ties.end)),
            number[ties.source],
            *_rounded(pipes.tie_bore_m, ties.length_m, ties.k, ties.factor),
        )
    )[order]
    tie_start = np.searchsorted(of_tie[order], np.arange(loops + 1)).tolist()
    rated = np.rint(rated_m3_s * 10.0**DIGITS)
    whole = np.column_stack((np.round(pumping.rated_pa, DIGITS), spares))
    begins = start.tolist()
    for loop, mine in enumerate(of_loop):
        yield b"|".join(
            (
                places[begins[loop] : begins[loop + 1]].tobytes(),
                tied[tie_start[loop] : tie_start[loop + 1]].tobytes(),
                rated[mine].tobytes(),
                whole[loop].tobytes(),
            )
        )


def _rounded(*columns: Floats) -> Iterator[Floats]:
    """Lengths and flows that count as equal are equal; much faster than `numpy.round`."""
    scale = 10.0**DIGITS
    return (np.rint(column * scale) for column in columns)
