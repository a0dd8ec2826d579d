"""Metres of coolant pipe by bore, and what flows in each drawn pipe."""

from collections.abc import Iterator
from typing import Literal

import numpy as np

from engine.cooling.coolants import Coolant
from engine.cooling.pipework import Pipes
from engine.evaluation import PipeSize, PipeStates
from engine.hydraulics.friction import pressure_gradient_pa_m
from engine.plant import Floats

MM_PER_M = 1000.0
LPM_PER_M3_S = 60_000.0


def pipe_sizes(pipes: Pipes) -> tuple[PipeSize, ...]:
    """Metres of each bore: drawn pipes, assumed headers, hoses of racks.

    Parameters
    ----------
    pipes : Pipes
        Sized pipes of all loops.

    Returns
    -------
    tuple of PipeSize
        From the narrowest bore up in each use; supply and return together.

    Notes
    -----
    Definition. What is drawn beyond the last rack of a run carries nothing and is not counted.
    """
    headers, ties = pipes.headers, pipes.headers.ties
    drawn, has_rack = headers.is_drawn, headers.rack >= 0
    there = (pipes.supply_bore_m, headers.length_m)
    back = (pipes.return_bore_m, pipes.return_m)
    closing = (pipes.tie_bore_m, 2.0 * ties.length_m)
    hoses = (pipes.branch_bore_m[has_rack], pipes.branch_m[has_rack])
    uses: tuple[tuple[Literal["drawn", "assumed", "hose"], list[tuple[Floats, Floats]]], ...] = (
        ("drawn", [(bore[drawn], length[drawn]) for bore, length in (there, back)] + [closing]),
        ("assumed", [(bore[~drawn], length[~drawn]) for bore, length in (there, back)]),
        ("hose", [hoses]),
    )
    return tuple(
        PipeSize(use=use, bore_mm=bore_mm, length_m=length_m)
        for use, parts in uses
        for bore_mm, length_m in _summed(parts)
    )


def pipe_states(pipes: Pipes, coolant: Coolant) -> PipeStates | None:
    """What flows in each drawn pipe, and how fast.

    Parameters
    ----------
    pipes : Pipes
        Sized pipes of all loops.
    coolant : Coolant
        Properties at the mean loop temperature.

    Returns
    -------
    PipeStates or None
        At the flows asked for; None where nothing flows in a drawn pipe.

    Notes
    -----
    Definition. Each pipe where it is fastest; Darcy-Weisbach as in
    `engine.cooling.pipework.lay_pipes`. Ties, which carry nothing in normal operation, are left
    out.
    """
    headers, runs = pipes.headers, pipes.piping.runs
    piece = np.flatnonzero(headers.is_drawn & (pipes.velocity_m_s > 0.0))
    if not piece.size:
        return None
    run = headers.run[piece]
    order = np.lexsort((-pipes.velocity_m_s[piece], run))
    there, first = np.unique(run[order], return_index=True)
    at = piece[order[first]]
    bore, velocity = pipes.supply_bore_m[at], pipes.velocity_m_s[at]
    flow = velocity * np.pi / 4.0 * bore**2
    rho, viscosity = coolant.density_kg_m3, coolant.viscosity_pa_s
    gradient = pressure_gradient_pa_m(flow, bore, pipes.roughness_m, rho, viscosity)
    least, most = np.full(len(runs), np.inf), np.zeros(len(runs))
    np.minimum.at(least, run, pipes.supply_bore_m[piece])
    np.maximum.at(most, run, pipes.supply_bore_m[piece])
    return PipeStates(
        id=tuple(runs.id[row] for row in there.tolist()),
        flow_lpm=LPM_PER_M3_S * flow,
        bore_mm=MM_PER_M * bore,
        velocity_m_s=velocity,
        gradient_pa_m=np.asarray(gradient) * headers.factor[at],
        bore_least_mm=MM_PER_M * least[there],
        bore_most_mm=MM_PER_M * most[there],
    )


def _summed(parts: list[tuple[Floats, Floats]]) -> Iterator[tuple[float, float]]:
    bore, of = np.unique(np.concatenate([bore for bore, _ in parts]), return_inverse=True)
    length = np.bincount(of, np.concatenate([length for _, length in parts]), bore.size)
    for bore_mm, metres in zip((MM_PER_M * bore).tolist(), length.tolist(), strict=True):
        if metres > 0.0:
            yield bore_mm, metres
