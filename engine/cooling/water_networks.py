"""Which coolers and chillers carry the heat of which CDUs and air handlers."""

import numpy as np

from engine.cooling.drawn import Hanging, parts_of_runs
from engine.cooling.headers import Headers
from engine.evaluation import WaterNetworks
from engine.plant import Ints


def networks_of(
    headers: Headers,
    found: Hanging | None,
    taker: Ints,
    giver: Ints,
    *,
    units: int,
    coolers: int,
) -> WaterNetworks:
    """Networks of facility water: what pipes join, drawn or assumed.

    Parameters
    ----------
    headers : Headers
        Ways from givers to takers, drawn and assumed.
    found : Hanging or None
        What hangs on drawn pipes; None: no pipe is drawn.
    taker, giver : array of int
        Rows of the takers and givers among all units and all coolers.
    units, coolers : int
        Number of CDUs and air handlers, and of coolers and chillers.

    Returns
    -------
    WaterNetworks
        All in one network where no pipe is drawn: the figures assume a main that joins them.

    Notes
    -----
    Definition. Pipes are one network where ends of one lie on another and where they meet at a
    cooler. A unit without a drawn pipe is of the network of the cooler that its water is assumed
    to come from. A cooler that neither a drawn nor an assumed way joins to a unit is idle.
    """
    if found is None:
        return WaterNetworks(
            of_unit=np.zeros(units, dtype=np.int64),
            of_cooler=np.zeros(coolers, dtype=np.int64),
            is_drawn=False,
        )
    runs = found.met.segments.run_length_m.size
    part = parts_of_runs(found.met, runs)
    of_giver = runs + np.arange(giver.size)
    of_giver[found.met.given.point] = part[found.met.given.run]
    of_taker = np.full(taker.size, -1)
    at = np.flatnonzero(headers.rack >= 0)
    root = np.maximum.accumulate(np.where(headers.begins, np.arange(headers.rack.size), 0))[at]
    of_taker[headers.rack[at]] = of_giver[headers.source[root]]
    of_giver = np.where(np.isin(of_giver, of_taker), of_giver, -1)
    of_unit, of_cooler = np.full(units, -1), np.full(coolers, -1)
    names = np.unique(of_taker[of_taker >= 0])
    number = np.append(names, -1)
    of_unit[taker] = _places(of_taker, number)
    of_cooler[giver] = _places(of_giver, number)
    return WaterNetworks(of_unit=of_unit, of_cooler=of_cooler, is_drawn=True)


def _places(values: Ints, number: Ints) -> Ints:
    """The place of each value in an ascending list whose last entry, -1, stands for none."""
    return np.where(values >= 0, np.searchsorted(number[:-1], values), -1)
