"""Pipes of the facility water: from coolers and chillers to CDUs and air handlers, and their loss.

Along the pipes that are drawn; where none is, along the walls from the nearest cooler.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from engine.assumptions import Assumptions
from engine.cooling.assumed_water import assumed_ways
from engine.cooling.coolants import coolant_at
from engine.cooling.drawn import Hanging, Stands, hang, stands_at
from engine.cooling.headers import Headers, beyond, from_cdu, together
from engine.cooling.pipework import Sizer
from engine.cooling.water_networks import networks_of
from engine.evaluation import FacilityPipes, FacilityUnits, PipeSize, WaterNetworks, WaterRoute
from engine.hydraulics.inventory import inventory_m3
from engine.hydraulics.sizing import steel_series
from engine.memory import NO_MEMORY, Memory, kept
from engine.plant import Bools, Floats, Ints, Plant
from engine.space.runs import beside, segments_of

MM_PER_M = 1000.0
LPM_PER_M3_S = 60_000.0
PA_PER_KPA = 1000.0
LITRES_PER_M3 = 1000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FacilityWater:
    """Pipes of the facility water, and what hangs on them as a drawing has it."""

    pipes: FacilityPipes | None  # None: no way from a cooler to a unit
    sizes: tuple[PipeSize, ...]
    unpiped: Ints  # of `units`: out of reach of the drawn pipes, or on some that lead to no cooler
    loose: Ints  # drawn pipes that join nothing
    units: tuple[tuple[str, str], ...]  # ids and tags of CDUs, then of air handlers
    networks: WaterNetworks


def facility_water(
    plant: Plant,
    cdu_kw: Floats,
    handler_kw: Floats,
    assumptions: Assumptions,
    memory: Memory | None = None,
) -> FacilityWater:
    r"""Length, bore and loss of the facility water's pipes.

    Parameters
    ----------
    plant : Plant
        Pipes of facility water, CDUs, air handlers, coolers and chillers.
    cdu_kw, handler_kw : array, shape (n_cdus,), (n_air_handlers,)
        Heat that each gives to the water. [kW]
    assumptions : Assumptions
        Lines ``cooling.fws_*``, ``pipes.*`` and ``tcs.pipe_join_m``.
    memory : Memory or None
        As for `engine.evaluate.evaluate`.

    Returns
    -------
    FacilityWater
        Without pipes where no cooler stands on the plan.

    Notes
    -----
    Flow by the assumed rise; Darcy-Weisbach there and back along each piece and
    :math:`K \rho v^2/2` at tees, bends and branches [1]_; one pressure feeds each drawn loop, and
    each cooler that is piped by assumption, and it is that of its worst unit. Where no pipe of
    facility water is drawn, each unit hangs on the nearest cooler: along x at the cooler, then
    along y, sharing what they have in common.

    References
    ----------
    .. [1] F. M. White, "Fluid Mechanics", 8th ed., McGraw-Hill, 2016, sec. 6.4-6.9.
    """
    ids = (*plant.cdus.id, *plant.air_handlers.id)
    tags = (*plant.cdus.tag, *plant.air_handlers.tag)
    box = np.concatenate([plant.cdus.box, plant.air_handlers.box])
    coolers = np.flatnonzero(plant.heat_rejection.box >= 0)
    taker = np.flatnonzero(box >= 0)
    zone = (memory or NO_MEMORY).zone
    no_group = np.zeros(taker.size, dtype=np.int64), np.zeros(coolers.size, dtype=np.int64)
    takers = zone("takers", stands_at, plant, box[taker], no_group[0])
    givers = zone("givers", stands_at, plant, plant.heat_rejection.box[coolers], no_group[1])
    ways = kept(memory, _ways, plant, takers, givers, assumptions)
    headers, found, dry = ways.headers, ways.found, ways.dry
    heat = np.concatenate([cdu_kw, handler_kw])[taker]
    rise = assumptions.value("cooling.fws_rise_k")
    water = coolant_at("water", plant.site.fws_supply_c + rise / 2.0)
    flow = heat / (water.kj_per_litre_k * rise * LITRES_PER_M3)
    is_cdu = taker < len(plant.cdus)
    lines = _Lines(headers, flow, is_cdu, plant, assumptions) if headers.rack.size else None
    named = taker.tolist()
    return FacilityWater(
        pipes=None
        if lines is None
        else lines.result(
            tuple(ids[i] for i in named),
            tuple(tags[i] for i in named),
            [plant.heat_rejection.id[i] for i in coolers.tolist()],
        ),
        sizes=() if lines is None else lines.sizes(),
        unpiped=taker[:0] if found is None else taker[dry],
        loose=taker[:0] if found is None else _loose(found),
        units=tuple(zip(ids, tags, strict=True)),
        networks=kept(
            memory,
            networks_of,
            headers,
            found,
            taker,
            coolers,
            units=len(ids),
            coolers=len(plant.heat_rejection),
        ),
    )


def _drawn(
    plant: Plant, takers: Stands, givers: Stands, assumptions: Assumptions
) -> Hanging | None:
    """What hangs on drawn pipes; everything belongs to the loop whose pipe is nearest to it."""
    runs = plant.facility_pipes
    if not len(runs):
        return None
    return hang(
        runs,
        runs.loop,
        *(replace(each, group=_nearest_loop(plant, each)) for each in (takers, givers)),
        reach_m=assumptions.value("cooling.fws_branch_reach_m"),
        join_m=assumptions.value("tcs.pipe_join_m"),
        elbow_k=assumptions.value("pipes.k_elbow"),
    )


def _nearest_loop(plant: Plant, stands: Stands) -> Ints:
    runs, loops = plant.facility_pipes, len(plant.facility_loops)
    count = stands.half_m.size
    near = beside(
        np.tile(stands.middle_m, (loops, 1)),
        np.repeat(np.arange(loops), count),
        segments_of(runs.points_mm),
        runs.loop,
    )
    apart = np.full((loops, count), np.inf)
    np.minimum.at(apart, (near.point // max(count, 1), near.point % max(count, 1)), near.apart_m)
    return np.asarray(np.argmin(apart, axis=0), dtype=np.int64)


def _loose(found: Hanging) -> Ints:
    """Pipes that meet no cooler, no unit and no other pipe."""
    return np.setdiff1d(found.loose, found.hung.run)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ways:
    """Where the water goes, whatever its flow."""

    headers: Headers
    found: Hanging | None  # along drawn pipes
    dry: Bools  # units that no drawn pipe leads to


def _ways(plant: Plant, takers: Stands, givers: Stands, assumptions: Assumptions) -> _Ways:
    found = _drawn(plant, takers, givers, assumptions)
    dry = np.ones(takers.half_m.size, dtype=bool) if found is None else ~found.is_fed
    loops = len(plant.facility_loops)
    rest = np.flatnonzero(dry) if givers.half_m.size else np.zeros(0, dtype=np.int64)
    assumed = assumed_ways(
        takers.middle_m[rest], givers.middle_m, loops + np.arange(givers.half_m.size)
    )
    assumed = replace(assumed, rack=np.append(rest, -1)[assumed.rack])
    headers = assumed if found is None else together([found.headers, assumed])
    return _Ways(headers=headers, found=found, dry=dry)


class _Lines:
    """Sized pipes of all networks."""

    def __init__(
        self,
        headers: Headers,
        flow_m3_s: Floats,
        is_cdu: Bools,
        plant: Plant,
        assumptions: Assumptions,
    ) -> None:
        value = assumptions.value
        self.headers, self.flow, self.is_cdu, self.plant = headers, flow_m3_s, is_cdu, plant
        rise = value("cooling.fws_rise_k")
        water = coolant_at("water", plant.site.fws_supply_c + rise / 2.0)
        size = Sizer(steel_series(assumptions), value("pipes.roughness_mm") / MM_PER_M, water)
        asked = np.append(flow_m3_s, 0.0)[headers.rack]
        onward = beyond(asked, headers)
        k = value("pipes.k_tee_through") + headers.bends_k
        self.bore_m, there = size.pipes(onward, headers.length_m, k, headers.bore_m)
        branch_k = 2.0 * (
            value("pipes.k_tee_branch") + value("pipes.k_valve") + 2.0 * value("pipes.k_elbow")
        )
        self.branch_m = 2.0 * headers.reach_m
        self.branch_bore_m, branch = size.pipes(asked, self.branch_m, branch_k)
        self.path_pa = from_cdu(2.0 * there * headers.factor, headers) + branch
        self.speed_m_s = onward * 4.0 / np.pi / self.bore_m**2
        ends = np.append(self.bore_m, 0.0)
        ties = headers.ties
        widest = np.maximum(ends[ties.start], ends[ties.end])
        self.tie_bore_m = np.where(ties.bore_m > 0.0, ties.bore_m, widest)
        self.equipment_kpa = value("cooling.fws_equipment_kpa")
        self.assumed_kpa = value("cooling.fws_head_kpa")

    def result(
        self, ids: Sequence[str], tags: Sequence[str], coolers: Sequence[str]
    ) -> FacilityPipes:
        h = self.headers
        at = np.flatnonzero(h.rack >= 0)
        unit = h.rack[at]
        root = np.maximum.accumulate(np.where(h.begins, np.arange(h.rack.size), 0))[at]
        way, path = np.zeros(len(ids)), np.zeros(len(ids))
        way[unit] = (from_cdu(h.length_m, h) + h.reach_m)[at]
        path[unit] = self.path_pa[at] / PA_PER_KPA
        source, route = [""] * len(ids), ["none"] * len(ids)
        drawn = h.run[at] >= 0
        for row, giver, is_drawn in zip(
            unit.tolist(), h.source[root].tolist(), drawn.tolist(), strict=True
        ):
            source[row], route[row] = coolers[giver], "drawn" if is_drawn else "assumed"
        networks = int(h.loop.max()) + 1
        worst = np.zeros(networks)
        np.maximum.at(worst, h.loop[at], path[unit])
        head = np.full(len(ids), self.assumed_kpa)
        head[unit] = self.equipment_kpa + worst[h.loop[at]]
        metres, bores = self._pieces()
        return FacilityPipes(
            pipe_m=float(metres.sum()),
            pipe_litres=LITRES_PER_M3 * inventory_m3(metres, bores),
            velocity_max_m_s=float(self.speed_m_s.max(initial=0.0)),
            cdu_head_kpa=self._mean(head, self.is_cdu),
            coil_head_kpa=self._mean(head, ~self.is_cdu),
            units=FacilityUnits(
                id=tuple(ids),
                tag=tuple(tags),
                flow_lpm=self.flow * LPM_PER_M3_S,
                way_m=way,
                path_kpa=path,
                head_kpa=head,
                source=tuple(source),
                route=_routes(route),
            ),
        )

    def sizes(self) -> tuple[PipeSize, ...]:
        """Metres by bore, there and back."""
        h, found = self.headers, []
        metres, bores = self._pieces()
        own = np.append(np.tile(h.is_drawn, 2), np.ones(h.ties.run.size, dtype=bool))
        for is_drawn in (True, False):
            mine = (own == is_drawn) & (metres > 0.0)
            bore, of = np.unique(np.round(MM_PER_M * bores[mine], 3), return_inverse=True)
            length = np.bincount(of, metres[mine], bore.size)
            found += [
                PipeSize(use="drawn" if is_drawn else "assumed", bore_mm=b, length_m=m)
                for b, m in zip(bore.tolist(), length.tolist(), strict=True)
            ]
        return tuple(found)

    def _pieces(self) -> tuple[Floats, Floats]:
        """Length and bore of every pipe: headers, then branches, then what closes rings."""
        h = self.headers
        return (
            np.concatenate([2.0 * h.length_m, self.branch_m, 2.0 * h.ties.length_m]),
            np.concatenate([self.bore_m, self.branch_bore_m, self.tie_bore_m]),
        )

    def _mean(self, head_kpa: Floats, mine: Bools) -> float | None:
        """Head that the flow of some units is pumped against, weighted by flow."""
        flow = self.flow[mine]
        if not flow.sum() > 0.0:
            return None
        return float((head_kpa[mine] * flow).sum() / flow.sum())


def _routes(found: Sequence[str]) -> tuple[WaterRoute, ...]:
    known: dict[str, WaterRoute] = {"drawn": "drawn", "assumed": "assumed", "none": "none"}
    return tuple(known[each] for each in found)
