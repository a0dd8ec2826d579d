"""What is left of a fabric when a part of it fails, and how often its optics do."""

from dataclasses import dataclass
from typing import Literal

from engine.errors import OutOfRange
from engine.fabric.trees import FatTree
from engine.ranges import bounded

Part = Literal["link", "leaf", "spine", "core", "plane"]
HOURS_PER_YEAR = 8760.0


@dataclass(frozen=True, slots=True, kw_only=True)
class BandwidthLeft:
    """Bandwidth after a failure, over the bandwidth before."""

    part: Part
    endpoints_hit: int  # that lose something
    endpoints_cut: int  # that lose everything
    worst_fraction: float  # left to those hit worst, off their leaf
    fabric_fraction: float  # left over all endpoints


def bandwidth_left(tree: FatTree, part: Part) -> BandwidthLeft:
    """What one failed link, leaf, spine, core or plane leaves.

    Parameters
    ----------
    tree : FatTree
        The fabric.
    part : {"link", "leaf", "spine", "core", "plane"}
        What fails; a link is that of an endpoint.

    Returns
    -------
    BandwidthLeft
        Shares of the bandwidth in full use of all endpoints.

    Raises
    ------
    OutOfRange
        If the fabric has no such part.

    Notes
    -----
    Definition. Planes are disjoint, so a failure takes at most its plane's share of an endpoint.
    A leaf takes the share of all its endpoints; a spine one of the equal paths of every leaf it
    joins (all leaves with two tiers, its pod with three); a core one of the equal paths between
    pods. Traffic spreads over what is left.
    """
    planes, endpoints = tree.planes, tree.endpoints
    share = 1.0 / planes
    leaf, spine, core = tree.leaf // planes, tree.spine // planes, tree.core // planes
    if not {"link": 1, "leaf": leaf, "spine": spine, "core": core, "plane": 1}[part]:
        raise OutOfRange(f"The fabric has no {part}: it has {tree.tiers} tiers.", part=part)
    hit, lost = endpoints, share
    if part == "link":
        hit = 1
    elif part == "leaf":
        hit = min(tree.down_ports, endpoints)
    elif part == "spine":
        pod = spine if tree.tiers == 2 else min(tree.up_ports, spine)
        hit = endpoints if tree.tiers == 2 else min(pod * tree.down_ports, endpoints)
        lost = share / pod
    elif part == "core":
        lost = share / core
    left = 1.0 - lost
    return BandwidthLeft(
        part=part,
        endpoints_hit=hit,
        endpoints_cut=hit if left <= 0.0 else 0,
        worst_fraction=max(left, 0.0),
        fabric_fraction=1.0 - lost * hit / endpoints,
    )


def links_up_fraction(ends_per_link: float, failures_per_year: float, repair_h: float) -> float:
    """Share of time that one link works, its optics alone counted.

    Parameters
    ----------
    ends_per_link : float
        Transceivers or lasers that a link needs, >= 0.
    failures_per_year : float
        Of one of them, >= 0. [1/a]
    repair_h : float
        Until it is replaced, >= 0. [h]

    Returns
    -------
    float
        Availability. [-]

    Raises
    ------
    OutOfRange
        If a figure is negative.

    Notes
    -----
    Definition. (1 - q)^n with q = l r / (8760 + l r).
    """
    count = float(bounded("The ends of a link", ends_per_link, 0.0))
    hours = float(bounded("The failure rate", failures_per_year, 0.0, unit="1/a")) * float(
        bounded("The time to repair", repair_h, 0.0, unit="h")
    )
    return float((1.0 - hours / (HOURS_PER_YEAR + hours)) ** count)
