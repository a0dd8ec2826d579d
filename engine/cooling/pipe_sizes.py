"""Metres of coolant pipe by bore."""

from collections.abc import Iterator
from typing import Literal

import numpy as np

from engine.cooling.pipework import Pipes
from engine.evaluation import PipeSize
from engine.plant import Floats

MM_PER_M = 1000.0


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


def _summed(parts: list[tuple[Floats, Floats]]) -> Iterator[tuple[float, float]]:
    bore, of = np.unique(np.concatenate([bore for bore, _ in parts]), return_inverse=True)
    length = np.bincount(of, np.concatenate([length for _, length in parts]), bore.size)
    for bore_mm, metres in zip((MM_PER_M * bore).tolist(), length.tolist(), strict=True):
        if metres > 0.0:
            yield bore_mm, metres
