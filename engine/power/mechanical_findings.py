"""Cooling plant that hangs on nothing drawn: what the transformers would carry with it."""

from collections.abc import Iterator

import numpy as np

from engine.findings import Finding
from engine.plant import Bools, Floats, Plant
from engine.provenance import listing


def unfed_plant_findings(
    plant: Plant,
    unfed_kw: tuple[float, float],
    tops: Bools,
    limit_kw: Floats,
    carried: tuple[tuple[Bools, Floats], ...],
) -> Iterator[Finding]:
    """Whether the transformers would carry the cooling plant that no drawn node feeds.

    Parameters
    ----------
    plant : Plant
        Power nodes.
    unfed_kw : tuple of float
        Power of CDUs and air handlers without a feed; of coolers, chillers, pumps of facility water
        and lighting, which take none on a plan. [kW, kW]
    tops : array of bool, shape (n_nodes,)
        Transformers that no other feeds.
    limit_kw : array, shape (n_nodes,)
        What each may carry for hours; 0: not stated. [kW]
    carried : tuple
        For each side, its nodes and what all nodes carry with the other side lost. [kW]

    Yields
    ------
    Finding
        At most one: for the side that is fullest with it.

    Notes
    -----
    Definition. All of it on the one side that is left: a warning where that does not fit, else a
    note where there is something to feed.
    """
    to_feed_kw, total_kw = unfed_kw[0], sum(unfed_kw)
    if total_kw <= 0.0 or not tops.any():
        return
    fullest: tuple[float, float, float, tuple[int, ...]] | None = None
    for is_side, load_kw in carried:
        mine = tops & is_side & (limit_kw > 0.0)
        if not mine.any():
            continue
        limit, load = float(limit_kw[mine].sum()), float(load_kw[mine].sum())
        found = ((load + total_kw) / limit, load, limit, tuple(np.flatnonzero(mine).tolist()))
        fullest = found if fullest is None else max(fullest, found)
    if fullest is None:
        return
    share, load, limit, rows = fullest
    if share <= 1.0 and to_feed_kw <= 0.0:
        return
    nodes = plant.power_nodes
    names = listing(tuple(nodes.tag[row] or nodes.id[row] for row in rows))
    verb = "carries" if len(rows) == 1 else "carry"
    yield Finding(
        rule="POW-MECH-UNFED",
        severity="warning" if share > 1.0 else "note",
        discipline="power",
        title="Cooling plant hangs on no transformer that is drawn"
        + (", and would overload it" if share > 1.0 else ""),
        detail=(
            f"{total_kw:,.0f} kW of coolers, pumps of facility water, chillers, lighting, and CDUs "
            f"and air handlers without a feed count on the utility alone. With the other side lost "
            f"{names} {verb} {load:,.0f} kW; with them {load + total_kw:,.0f} of {limit:,.0f} kW. "
            "Feed CDUs and air handlers from a drawn node, and leave room on the transformers or "
            "give the plant outside one of its own."
        ),
        source="Power of the site on its design day",
        measured=load + total_kw,
        required=limit,
        unit="kW",
        element_ids=tuple(nodes.id[row] for row in rows),
    )
