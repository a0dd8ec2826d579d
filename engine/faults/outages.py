"""What can stop in the cooling, one thing at a time, and what flow and heat sink it leaves."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from engine.cooling.headers import Headers
from engine.faults.redundancy import UTILITY, Study
from engine.faults.remaining import Remaining
from engine.faults.ride_through import Outage
from engine.faults.transients import NEVER
from engine.plant import Bools, Floats, Ints, Plant

MOST_VALVES: Final = 1000  # lost one by one
JOINTS_PER_RACK: Final = 2  # quick disconnects between a rack and its headers


@dataclass(frozen=True, slots=True, kw_only=True)
class CoolingOutage:
    """One loss of cooling: who it is, which racks it may reach, and what it leaves them."""

    id: str
    tag: str
    kind: str
    title: str
    loops: Ints  # that it reaches
    outage: Outage  # `left` and `is_off` for all racks of the plant
    gone: Bools  # CDUs that it stops
    is_dry: bool = False  # facility water stands still: none to ride on
    head_kpa: tuple[float, float] | None = None  # asked for by the loop, held by the pumps left
    fails: str = ""  # what of it fails, in the lines ``reliability.*``; empty: not known how often
    parts: int = 1  # how many of them


def cooling_outages(study: Study) -> Iterator[CoolingOutage]:
    """Everything in the cooling that can stop, one at a time.

    Parameters
    ----------
    study : Study
        The plant in steady operation, and what each loss of power takes along.

    Yields
    ------
    CoolingOutage
        CDUs, row headers, control valves, sensors, the facility water's pump and the heat sink;
        then what a lost feed or power node does to CDUs.

    Raises
    ------
    OutOfRange
        If a line ``transient.*`` is impossible.

    Notes
    -----
    Definition. A lost CDU stays away: nothing comes from its place where drawn pipes lead from
    another one; CDUs whose pipes do not meet share a header that is not drawn. The racks of a
    header that is shut off stay away too, and that of a valve that sticks. Of more than a thousand
    valves one stands for all of its loop: that of the rack that asks for most. A sensor that reads
    too low makes its loop too warm. Facility water has a standby pump where the line says so. Racks
    without power give no heat. CDUs that are left speed up for the one that is lost.
    """
    value = study.assumptions.value
    plant, racks = study.plant, len(study.plant.racks)
    remaining = study.shortage.remaining
    nothing = np.zeros(len(plant.cdus), dtype=bool)
    every = np.unique(plant.racks.loop[study.operation.cooling.rack_given_lpm > 0.0])
    every = every[every >= 0]
    yield from _lost_cdus(study, remaining)
    yield from _shut_pipes(study, remaining, nothing)
    for loop in every.tolist():
        yield CoolingOutage(
            id=f"sensor:{plant.loops.id[loop]}",
            tag=f"Sensor of {plant.loops.id[loop]}",
            kind="sensor",
            fails="sensor",
            title="The supply temperature sensor reads too low",
            loops=np.array([loop]),
            outage=Outage(left=np.ones(racks), set_point_rise_k=value("transient.sensor_drift_k")),
            gone=nothing,
        )
    standby = value("transient.fws_standby") >= 0.5
    restart = value("transient.pump_restart_s") if standby else NEVER
    yield CoolingOutage(
        id="fws-pump",
        tag="FWS pump",
        kind="fws_pump",
        fails="fws_pump",
        title="A facility water pump stops" + (", its standby starts" if standby else ""),
        loops=every,
        outage=Outage(left=np.ones(racks), heat_sink_stops=True, heat_sink_back_s=restart),
        gone=nothing,
        is_dry=True,
    )
    yield from _lost_rejection(study, every, nothing)
    yield from _lost_power(study, remaining)


def _lost_rejection(study: Study, every: Ints, nothing: Bools) -> Iterator[CoolingOutage]:
    """Units of heat rejection without which the rest cannot carry the heat."""
    units = study.plant.heat_rejection
    for row, (id_, tag, kind) in enumerate(zip(units.id, units.tag, units.kind, strict=True)):
        lost = study.shortage.rejection(row)
        reached = study.shortage.water.reached(lost)
        loops = (
            every if not study.shortage.water.networks.is_drawn else np.intersect1d(every, reached)
        )
        if lost.missing <= 0.0 or not loops.size:
            continue
        yield CoolingOutage(
            id=id_,
            tag=tag,
            kind=kind,
            title="A unit of heat rejection stops",
            loops=loops,
            outage=Outage(
                left=np.ones(len(study.plant.racks)),
                heat_sink_stops=True,
                sink_left=1.0 - lost.missing,
            ),
            gone=nothing,
        )


def _lost_cdus(study: Study, remaining: Remaining) -> Iterator[CoolingOutage]:
    plant = study.plant
    for row in np.flatnonzero(plant.cdus.loop >= 0).tolist():
        gone = np.zeros(len(plant.cdus), dtype=bool)
        gone[row] = True
        yield CoolingOutage(
            id=plant.cdus.id[row],
            tag=plant.cdus.tag[row],
            kind="cdu",
            title="The CDU stops",
            loops=plant.cdus.loop[row : row + 1],
            outage=replace(
                _flow_left(study, remaining.given_lpm(gone)),
                handed_over=float(remaining.share_of(gone, int(plant.cdus.loop[row]))),
            ),
            gone=gone,
            head_kpa=remaining.head_kpa(gone, int(plant.cdus.loop[row])),
        )


def _shut_pipes(study: Study, remaining: Remaining, nothing: Bools) -> Iterator[CoolingOutage]:
    """Each drawn pipe or row's header shut off, and each control valve stuck shut."""
    plant, headers = study.plant, remaining.pipes.headers
    coast = study.assumptions.value("transient.valve_close_s")
    for kind, id_, tag, loop, behind in shut_off_pipes(plant, headers):
        left = np.ones(len(plant.racks))
        left[behind] = 0.0
        yield CoolingOutage(
            id=id_,
            tag=tag,
            kind=kind,
            fails="quick_disconnect",
            parts=JOINTS_PER_RACK * len(behind),
            title="A leak: it is shut off",
            loops=np.array([loop]),
            outage=Outage(pumps_stop=True, left=left, coast_s=coast),
            gone=nothing,
        )
    if remaining.pipes.valve_pa <= 0.0:
        return
    asked = headers.of_racks(study.operation.cooling.rack_flow_lpm)
    order = np.lexsort((-asked, headers.loop))
    order = order[headers.rack[order] >= 0]
    if order.size > MOST_VALVES:
        order = order[np.unique(headers.loop[order], return_index=True)[1]]
    for loop, rack in zip(headers.loop[order].tolist(), headers.rack[order].tolist(), strict=True):
        left = np.ones(len(plant.racks))
        left[rack] = 0.0
        yield CoolingOutage(
            id=f"valve:{plant.racks.id[rack]}",
            tag=f"Valve of {plant.racks.tag[rack]}",
            kind="valve",
            fails="valve",
            title="The control valve of a rack sticks shut",
            loops=np.array([loop]),
            outage=Outage(pumps_stop=True, left=left, coast_s=coast),
            gone=nothing,
        )


def shut_off_pipes(plant: Plant, headers: Headers) -> Iterator[tuple[str, str, str, int, Ints]]:
    """Every pipe that valves can shut off, drawn or along a row.

    Parameters
    ----------
    plant : Plant
        Racks and drawn pipes.
    headers : Headers
        Their order along the pipes.

    Yields
    ------
    tuple
        Kind, id, name and loop of the pipe, and the rows of the racks behind it.

    Notes
    -----
    Definition. A rack is behind the pipe that its coolant comes through.
    """
    racks = plant.racks
    for first in np.flatnonzero(headers.begins & ~headers.is_drawn).tolist():
        behind = headers.rack[first : int(headers.last[first]) + 1]
        near, far = (racks.tag[behind[i]] for i in (0, -1))
        tag = f"Header {near} to {far}" if near != far else f"Header of {near}"
        yield "header", f"header:{racks.id[behind[0]]}", tag, int(headers.loop[first]), behind
    # Where a run begins: the piece before is none of its own.
    onto = headers.is_drawn & (headers.run != np.append(headers.run, -1)[headers.before])
    ranges: dict[int, list[Ints]] = {}
    for first in np.flatnonzero(onto).tolist():
        behind = headers.rack[first : int(headers.last[first]) + 1]
        ranges.setdefault(int(headers.run[first]), []).append(behind[behind >= 0])
    for run, parts in sorted(ranges.items()):
        behind = np.concatenate(parts)
        if behind.size:
            pipes = plant.pipes
            tag = pipes.tag[run] or f"Pipe to {racks.tag[behind[0]]}"
            yield "pipe", pipes.id[run], tag, int(pipes.loop[run]), behind


def _lost_power(study: Study, remaining: Remaining) -> Iterator[CoolingOutage]:
    """Feeds and power nodes that take CDUs along."""
    plant = study.plant
    for case in study.cases():
        if case.kind != UTILITY and case.kind not in plant.power_nodes.kind:
            continue
        off, gone = study.stopped(case)
        gone = gone & (plant.cdus.loop >= 0)
        if not gone.any():
            continue
        yield CoolingOutage(
            id=case.id,
            tag=case.tag,
            kind=case.kind,
            title=_stopped(plant.cdus.tag, gone),
            loops=np.unique(plant.cdus.loop[gone]),
            outage=_flow_left(study, remaining.given_lpm(gone), off),
            gone=gone,
        )


def _stopped(tags: tuple[str, ...], gone: Bools) -> str:
    rows = np.flatnonzero(gone).tolist()
    return f"{tags[rows[0]]} stops" if len(rows) == 1 else f"{len(rows)} CDUs stop"


def _flow_left(study: Study, given_lpm: Floats, off: Bools | None = None) -> Outage:
    """Pumps run out to what is left, and stay there."""
    before = study.operation.cooling.rack_given_lpm
    left = np.divide(given_lpm, before, out=np.ones_like(before), where=before > 0.0)
    return Outage(
        pumps_stop=True,
        left=left,
        coast_s=study.assumptions.value("transient.pump_coast_s"),
        ramp_s=study.assumptions.value("transient.pump_restart_s"),
        is_off=off,
    )
