"""What flow each rack really gets: pumps against the pipes of its loop.

Where the pumps reach the pressure that the worst rack asks for, control valves give each rack
its flow and nothing has to be solved. Else, and for racks without valves, the loop is solved as
a network; equal loops once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from engine.assumptions import Assumptions
from engine.cooling.coolants import Coolant
from engine.cooling.pipework import Pipes
from engine.hydraulics.errors import NotConverged
from engine.hydraulics.network import NO_LIMIT, Network
from engine.hydraulics.solve import Flows, solve
from engine.plant import Bools, Floats, Ints
from engine.units import STANDARD_GRAVITY_M_S2

SLACK: Final = 1e-9
LEAST_SHARE: Final = 1e-6
DIGITS: Final = 9  # metres and m3/s of pipes that count as equal


@dataclass(frozen=True, slots=True, kw_only=True)
class Pumping:
    """Pumps of each loop, one entry per loop."""

    rated_m3_s: Floats  # of all CDUs
    rated_pa: Floats  # least head of a CDU at its rated flow
    left_m3_s: Floats  # rated flow with the spares lost


@dataclass(frozen=True, slots=True, kw_only=True)
class Distribution:
    """Flows that the racks get, one entry per place, and duties, one per loop."""

    given_m3_s: Floats
    lost_m3_s: Floats  # with the spares lost
    required_pa: Floats  # per loop: head that gives the worst rack its flow
    available_pa: Floats  # per loop: head at full speed and the flow asked for
    duty_m3_s: Floats  # per loop
    duty_pa: Floats  # per loop: head that the pumps hold
    speed: Floats  # per loop: of full speed


def available_head_pa(pumping: Pumping, flow_m3_s: Floats, ratio: float, lost: bool) -> Floats:
    r"""Head of a loop's pumps at full speed.

    Parameters
    ----------
    pumping : Pumping
        Rated flows and heads of the loops.
    flow_m3_s : array, shape (n_loops,)
        Flow of each loop, shared by rated flow. [m3/s]
    ratio : float
        Head at no flow over rated head, > 1. [1]
    lost : bool
        Whether the spares are lost.

    Returns
    -------
    array, shape (n_loops,)
        Head, zero where it falls below. [Pa]

    Notes
    -----
    Definition. :math:`\Delta p_0 (r - (r - 1) q^2)`, :math:`q` the share of the rated flow.
    """
    rated = pumping.left_m3_s if lost else pumping.rated_m3_s
    share = np.divide(flow_m3_s, rated, out=np.full_like(rated, np.inf), where=rated > 0.0)
    share = np.where(flow_m3_s > 0.0, np.minimum(share, 1e6), 0.0)
    return np.maximum(pumping.rated_pa * (ratio - (ratio - 1.0) * share**2), 0.0)


def distribute(
    pipes: Pipes, pumping: Pumping, coolant: Coolant, assumptions: Assumptions
) -> Distribution:
    r"""Flow of each rack, whole and with the spares lost, and the duty of the pumps.

    Parameters
    ----------
    pipes : Pipes
        Sized pipes and losses at the flows asked for.
    pumping : Pumping
        Pumps of each loop.
    coolant : Coolant
        Properties at the mean loop temperature.
    assumptions : Assumptions
        Lines ``tcs.*`` and ``cooling.pump_static_share``.

    Returns
    -------
    Distribution
        Flows, heads and speeds.

    Notes
    -----
    Pumps run at the speed that holds the head asked for, at least the static share of their
    rated head; at full speed the loop is solved by the global gradient method [1]_. Without control
    valves their speed is what brings the flow of the whole loop, and racks share it by resistance.
    Pumps give their rated flow at most: what a curve would give beyond it nobody has stated.

    References
    ----------
    .. [1] E. Todini and S. Pilati, "A gradient algorithm for the analysis of pipe networks",
       in Computer Applications in Water Supply, vol. 1, Wiley, 1988, pp. 1-20.
    """
    loops, loop = pumping.rated_m3_s.size, pipes.headers.loop
    ratio = assumptions.value("tcs.pump_shutoff_ratio")
    asked = np.bincount(loop, pipes.flow_m3_s, loops).astype(np.float64)
    required = np.zeros(loops)
    np.maximum.at(required, loop, pipes.path_pa)
    whole = available_head_pa(pumping, asked, ratio, lost=False)
    left = available_head_pa(pumping, asked, ratio, lost=True)
    solver = LoopSolver(pipes, pumping, coolant, ratio)
    free = pipes.valve_pa <= 0.0
    given, lost = pipes.flow_m3_s.copy(), pipes.flow_m3_s.copy()
    if free:
        required = solver.shared(given, asked)
        lost[:] = given
    solver.at_full_speed(given, required > whole * (1.0 + SLACK), lost=False)
    solver.at_full_speed(lost, required > left * (1.0 + SLACK), lost=True)
    given *= most_share(given, loop, pumping.rated_m3_s)[loop]
    lost *= most_share(lost, loop, pumping.left_m3_s)[loop]
    duty = np.bincount(loop, given, loops).astype(np.float64)
    least = assumptions.value("cooling.pump_static_share") * pumping.rated_pa
    most = available_head_pa(pumping, duty, ratio, lost=False)
    held = np.where(duty > 0.0, np.minimum(np.maximum(required, least), most), 0.0)
    share = np.divide(duty, pumping.rated_m3_s, out=np.zeros(loops), where=pumping.rated_m3_s > 0)
    head = np.divide(held, pumping.rated_pa, out=np.zeros(loops), where=pumping.rated_pa > 0.0)
    return Distribution(
        given_m3_s=given,
        lost_m3_s=lost,
        required_pa=required,
        available_pa=whole,
        duty_m3_s=duty,
        duty_pa=held,
        speed=np.sqrt((head + (ratio - 1.0) * share**2) / ratio),
    )


def most_share(flow_m3_s: Floats, loop: Ints, rated_m3_s: Floats) -> Floats:
    """Share of its flows that the pumps of each loop give.

    Parameters
    ----------
    flow_m3_s : array, shape (n_places,)
        Flow of each place. [m3/s]
    loop : array of int, shape (n_places,)
        Loop of each place.
    rated_m3_s : array, shape (n_loops,)
        Rated flow of the pumps. [m3/s]

    Returns
    -------
    array, shape (n_loops,)
        1 up to the rated flow, less above it. [1]

    Notes
    -----
    Definition.
    """
    total = np.bincount(loop, flow_m3_s, rated_m3_s.size)
    share = np.divide(rated_m3_s, total, out=np.ones(rated_m3_s.size), where=total > 0.0)
    return np.asarray(np.minimum(share, 1.0))


class LoopSolver:
    """Loops as networks: built from the places of one loop, solved once for all that are equal."""

    def __init__(self, pipes: Pipes, pumping: Pumping, coolant: Coolant, ratio: float) -> None:
        self.pipes, self.pumping, self.coolant, self.ratio = pipes, pumping, coolant, ratio
        self.loops = pumping.rated_m3_s.size
        self.start = np.searchsorted(pipes.headers.loop, np.arange(self.loops + 1))
        self.known: dict[bytes, Floats] = {}

    def at_full_speed(self, flow: Floats, short: Bools, *, lost: bool) -> None:
        """Put the flows of these loops in place, with all pumps at full speed."""
        rated = self.pumping.left_m3_s if lost else self.pumping.rated_m3_s
        for i in np.flatnonzero(short).tolist():
            flow[self.places(i)] = self.of_loop(i, float(rated[i]))

    def places(self, loop: int) -> slice:
        """Where a loop's racks stand among all places."""
        return slice(int(self.start[loop]), int(self.start[loop + 1]))

    def of_loop(
        self, loop: int, rated_m3_s: float, stopped: frozenset[int] = frozenset()
    ) -> Floats:
        """Flows of one loop's places, with pumps of this rated flow at full speed.

        Nothing comes from the places of the CDUs that stopped, where drawn pipes lead from
        another one; a part of the pipes that has none left hangs on a header that is not drawn.
        """
        places, head_pa = self.places(loop), float(self.pumping.rated_pa[loop])
        if rated_m3_s <= 0.0 or head_pa <= 0.0:
            return np.zeros(places.stop - places.start)
        cut = self.cut_off(loop, stopped)
        key = self._key(places) + np.round([rated_m3_s, head_pa], DIGITS).tobytes()
        ties = self.pipes.headers.ties.source[self._ties(places)]
        own = self.pipes.headers.source[places]
        key += _numbers(own, cut).tobytes() + _numbers(ties, cut).tobytes()
        if key not in self.known:
            network = self._network(places, pump=(rated_m3_s, head_pa), cut=cut)
            flow = self._racks(network, places)
            self.known[key] = flow * (rated_m3_s / max(float(flow.sum()), rated_m3_s))
        return self.known[key]

    def cut_off(self, loop: int, stopped: frozenset[int]) -> tuple[int, ...]:
        """Stopped CDUs in whose stead drawn pipes lead from another one."""
        h, places = self.pipes.headers, self.places(loop)
        if not stopped.intersection(h.source[places].tolist()):
            return ()
        top: dict[int, int] = {}

        def part(node: int) -> int:
            while (above := top.get(node, node)) != node:
                node = above
            return node

        # Pieces count up from 0, CDUs down from -1.
        mine, ties = self._ties(places), h.ties
        links = [
            (piece, before if before >= 0 else -1 - unit)
            for piece, (before, unit) in enumerate(
                zip(
                    _within(h.before[places], places).tolist(),
                    h.source[places].tolist(),
                    strict=True,
                )
            )
            if before >= 0 or unit >= 0
        ]
        links += [
            (a if a >= 0 else -1 - unit, b if b >= 0 else -1 - unit)
            for a, b, unit in zip(
                _within(ties.start[mine], places).tolist(),
                _within(ties.end[mine], places).tolist(),
                ties.source[mine].tolist(),
                strict=True,
            )
        ]
        for a, b in links:
            top[part(a)] = part(b)
        units = {node for link in links for node in link if node < 0}
        alive = {part(node) for node in units if -1 - node not in stopped}
        return tuple(sorted(-1 - n for n in units if -1 - n in stopped and part(n) in alive))

    def shared(self, flow: Floats, asked: Floats) -> Floats:
        """Put the flows of racks without valves in place; the head that each loop needs. [Pa]"""
        required = np.zeros(self.loops)
        known: dict[bytes, tuple[Floats, float]] = {}
        for i in np.flatnonzero(asked > 0.0).tolist():
            places = self.places(i)
            key = self._key(places)
            if key not in known:
                network = self._network(places, inflow_m3_s=float(asked[i]))
                found = self._solved(network, places)
                known[key] = self._of(found.flow_m3_s, places), float(found.head_m[0])
            flow[places], head = known[key]
            required[i] = head * self.coolant.density_kg_m3 * STANDARD_GRAVITY_M_S2
        return required

    def _key(self, places: slice) -> bytes:
        p, h = self.pipes, self.pipes.headers
        columns = (
            h.length_m,
            p.return_m,
            p.supply_bore_m,
            p.return_bore_m,
            p.branch_bore_m,
            p.rack_pa,
            p.flow_m3_s,
            p.header_k,
            p.branch_m,
            h.factor,
        )
        rounded = (np.round(column[places], DIGITS).tobytes() for column in columns)
        shape = (_within(h.before[places], places), h.rack[places] < 0, h.is_drawn[places])
        mine, ties = self._ties(places), h.ties
        ends = (_within(end[mine], places) for end in (ties.start, ties.end))
        tied = (p.tie_bore_m[mine], ties.length_m[mine], ties.k[mine], ties.factor[mine])
        return b"".join([*rounded, *(part.tobytes() for part in (*shape, *ends, *tied))])

    def _ties(self, places: slice) -> Ints:
        """Ties between pieces of one loop."""
        ties = self.pipes.headers.ties
        piece = np.maximum(ties.start, ties.end)
        return np.flatnonzero((piece >= places.start) & (piece < places.stop))

    def _racks(self, network: Network, places: slice) -> Floats:
        return self._of(self._solved(network, places).flow_m3_s, places)

    def _solved(self, network: Network, places: slice) -> Flows:
        """The flows of a loop; that they do not settle is said of the drawn pipe that is worst."""
        try:
            return solve(network)
        except NotConverged as error:
            runs, link = self.pipes.piping.runs, int(error.context["element"])
            piece = places.start + link % (places.stop - places.start)
            run = int(self.pipes.headers.run[piece])
            if run < 0:
                raise
            raise NotConverged(
                f"The flows do not settle, worst in pipe {runs.tag[run]}: "
                "check its bore, length and resistance factor.",
                element=runs.id[run],
            ) from error

    def _of(self, flow: Floats, places: slice) -> Floats:
        """Flows through the branches; a millionth of what is asked for is none."""
        count = places.stop - places.start
        found = flow[count : 2 * count]
        return np.where(found > LEAST_SHARE * self.pipes.flow_m3_s[places], found, 0.0)

    def _network(
        self,
        places: slice,
        *,
        pump: tuple[float, float] | None = None,
        inflow_m3_s: float = 0.0,
        cut: tuple[int, ...] = (),
    ) -> Network:
        """Supply pieces, then branches, then return pieces, then ties both ways, then the pump.

        Nodes: delivery, suction, then a supply and a return node for each piece, then two where
        each stopped CDU stands.
        """
        p, h = self.pipes, self.pipes.headers
        n = places.stop - places.start
        weight = self.coolant.density_kg_m3 * STANDARD_GRAVITY_M_S2
        number = np.arange(n)
        supply, back = 2 + number, 2 + n + number
        source = _within(h.before[places], places)
        before = np.where(source < 0, 0, 2 + source)
        after = np.where(source < 0, 1, 2 + n + source)
        stands = _numbers(h.source[places], cut)
        before = np.where(stands >= 0, 2 + 2 * n + 2 * stands, before)
        after = np.where(stands >= 0, 3 + 2 * n + 2 * stands, after)
        nodes = 2 + 2 * n + 2 * len(cut)
        if p.reverse:
            home = np.where(h.last[places] == number + places.start, 1, back + 1)
            after = np.where(h.is_drawn[places], after, home)
        has_rack = h.rack[places] >= 0
        flow, bore = p.flow_m3_s[places], p.branch_bore_m[places]
        asked = np.where(has_rack, flow, 1.0)  # nothing flows through the branch of a joint
        dynamic = asked**2 * (4.0 / np.pi / bore**2) ** 2 / (2.0 * STANDARD_GRAVITY_M_S2)
        valve_k = p.valve_pa / weight / dynamic
        mine, ties = self._ties(places), h.ties
        tied = (_within(ties.start[mine], places), _within(ties.end[mine], places))
        pumps = 1 if pump else 0
        links = 3 * n + 2 * mine.size + pumps
        zeros = np.zeros(links)

        def column(
            a: Floats, b: Floats, c: Floats, tie: Floats | None = None, rest: float = 0.0
        ) -> Floats:
            both = np.full(2 * mine.size, rest) if tie is None else np.tile(tie, 2)
            return np.concatenate([a, b, c, both, np.full(pumps, rest)])

        none, factor, tie_factor = np.zeros(n), h.factor[places], ties.factor[mine]
        pump_0, pump_2 = zeros.copy(), zeros.copy()
        if pump:
            rated, head = pump[0], pump[1] / weight
            pump_0[-1], pump_2[-1] = self.ratio * head, (self.ratio - 1.0) * head / rated**2
        demand = np.zeros(nodes)
        demand[0] = -inflow_m3_s
        fixed = np.zeros(nodes, dtype=bool)
        fixed[1] = True
        limit = np.where((p.valve_pa > 0.0) & has_rack, flow, NO_LIMIT)
        header_k = p.header_k[places] * factor
        tie_k = (p.tee_k + ties.k[mine]) * tie_factor
        at_unit = _numbers(ties.source[mine], cut)
        near = np.where(at_unit >= 0, 2 + 2 * n + 2 * at_unit, 0)
        tie_start, tie_end = (np.where(end < 0, near, 2 + end) for end in tied)
        near = np.where(at_unit >= 0, near + 1, 1)
        back_start, back_end = (np.where(end < 0, near, 2 + n + end) for end in tied)
        return Network(
            node_id=("delivery", "suction", *map(str, range(nodes - 2))),
            demand_m3_s=demand,
            is_fixed=fixed,
            fixed_head_m=np.zeros(nodes),
            link_id=tuple(map(str, range(links))),
            start=_ends((before, supply, back, tie_start, back_start), pumps, 1),
            end=_ends((supply, back, after, tie_end, back_end), pumps, 0),
            length_m=column(
                h.length_m[places] * factor,
                p.branch_m[places],
                p.return_m[places] * factor,
                ties.length_m[mine] * tie_factor,
            ),
            bore_m=column(
                p.supply_bore_m[places], bore, p.return_bore_m[places], p.tie_bore_m[mine]
            ),
            roughness_m=np.full(links, p.roughness_m),
            minor_k=column(header_k, p.branch_k + valve_k, header_k, tie_k),
            resistance=column(none, p.rack_pa[places] / weight / asked**p.exponent, none),
            exponent=np.full(links, p.exponent),
            pump_0=pump_0,
            pump_1=zeros,
            pump_2=pump_2,
            limit_m3_s=column(none + NO_LIMIT, limit, none + NO_LIMIT, None, NO_LIMIT),
            one_way=np.arange(links) >= links - pumps,
            is_closed=column(none, np.where(has_rack, 0.0, 1.0), none).astype(bool),
            kinematic_viscosity_m2_s=self.coolant.viscosity_pa_s / self.coolant.density_kg_m3,
        )


def _ends(parts: Sequence[Ints], pumps: int, pump_node: int) -> Ints:
    return np.concatenate([*parts, np.full(pumps, pump_node)]).astype(np.int64)


def _within(piece: Ints, places: slice) -> Ints:
    """Numbers of pieces counted from the first of a loop; -1 stays."""
    return np.asarray(np.where(piece < 0, -1, piece - places.start))


def _numbers(source: Ints, cut: tuple[int, ...]) -> Ints:
    """Which of the CDUs that are cut off each piece comes from; -1 for the others."""
    found = np.full(source.size, -1)
    for number, unit in enumerate(cut):
        found[source == unit] = number
    return found
