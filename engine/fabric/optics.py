"""Copper, pluggable and co-packaged optics side by side: power, lasers, failures, freed racks."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from engine.assumptions import Assumptions
from engine.fabric.losses import links_up_fraction
from engine.fabric.media import Medium
from engine.fabric.trees import FatTree
from engine.ranges import bounded

Technology = Literal["copper", "pluggable", "cpo"]
TECHNOLOGIES: tuple[Technology, ...] = ("copper", "pluggable", "cpo")
PORT_GB_S = 1600.0  # the lines state figures per end of 1.6 Tb/s


@dataclass(frozen=True, slots=True, kw_only=True)
class OpticsFigures:
    """One technology over a whole fabric; what is freed is against pluggable everywhere."""

    technology: Technology
    optics_kw: float
    copper_links: int
    modules: int  # pluggable transceivers
    co_packaged_ports: int  # of 1.6 Tb/s
    lasers: int
    laser_modules: int  # external ones of co-packaged switches: spares to keep
    failures_per_year: float
    link_availability: float
    freed_kw: float
    extra_racks: int


def compare_optics(
    tree: FatTree,
    link_gb_s: float,
    assumptions: Assumptions,
    *,
    copper: Sequence[tuple[Medium, int]] = (),
    rack_kw: float | None = None,
) -> tuple[OpticsFigures, ...]:
    """The three ways to build the same fabric.

    Parameters
    ----------
    tree : FatTree
        The fabric.
    link_gb_s : float
        Speed of a link, > 0. [Gb/s]
    assumptions : Assumptions
        Lines ``fabric.*`` per end of 1.6 Tb/s.
    copper : sequence of (Medium, int)
        Links that each kind of copper reaches, used by "copper" alone.
    rack_kw : float or None
        IT power of one more rack, > 0; None: none is counted. [kW]

    Returns
    -------
    tuple of OpticsFigures
        Copper where it reaches and pluggable beyond; pluggable; co-packaged.

    Raises
    ------
    OutOfRange
        If a figure is out of its range.

    Notes
    -----
    Definition. A link has two ends; the interface's end of an endpoint link stays pluggable when
    the switches are co-packaged. Power is ends times link speed over 1.6 Tb/s times power per
    1.6 Tb/s. What is freed is IT power, so that it carries freed / rack power more racks under
    the same feed at the same PUE.
    """
    share = (
        float(bounded("The speed of a link", link_gb_s, 0.0, unit="Gb/s", above_low=True))
        / PORT_GB_S
    )
    short = int(
        bounded("The number of short links", sum(n for _, n in copper), 0.0, float(tree.links))
    )
    # A cable's end carries a port of its medium; a slower link takes its share of it.
    copper_kw = sum(2 * n * link_gb_s / m.port_gb_s * m.end_w for m, n in copper) / 1000.0
    ends = 2 * tree.links
    switch_ends = ends - tree.endpoint_links
    line = assumptions.value
    found: list[OpticsFigures] = []
    freed_from = ends * share * line("fabric.pluggable_w") / 1000.0
    for technology in TECHNOLOGIES:
        wired = 2 * short if technology == "copper" else 0
        packaged = switch_ends if technology == "cpo" else 0
        modules = ends - wired - packaged
        optical = {"pluggable": share * modules, "cpo": share * packaged}
        power_kw = sum(n * line(f"fabric.{kind}_w") / 1000.0 for kind, n in optical.items())
        power_kw += copper_kw if wired else 0.0
        failing = optical | {"copper": share * wired}
        failures = sum(n * line(f"fabric.{kind}_failures_per_year") for kind, n in failing.items())
        lasers = sum(n * line(f"fabric.{kind}_lasers") for kind, n in optical.items())
        per_link = failures / tree.links if tree.links else 0.0
        freed_kw = freed_from - power_kw
        found.append(
            OpticsFigures(
                technology=technology,
                optics_kw=power_kw,
                copper_links=wired // 2,
                modules=_whole(optical["pluggable"]),
                co_packaged_ports=_whole(optical["cpo"]),
                lasers=_whole(lasers),
                laser_modules=_whole(optical["cpo"] * line("fabric.cpo_laser_modules")),
                failures_per_year=failures,
                link_availability=links_up_fraction(1.0, per_link, line("fabric.optics_repair_h")),
                freed_kw=freed_kw,
                extra_racks=_extra(freed_kw, rack_kw),
            )
        )
    return tuple(found)


def _whole(value: float) -> int:
    return int(np.ceil(value - 1e-9))


def _extra(freed_kw: float, rack_kw: float | None) -> int:
    if rack_kw is None:
        return 0
    each = float(bounded("The power of a rack", rack_kw, 0.0, unit="kW", above_low=True))
    return int(max(freed_kw, 0.0) / each + 1e-9)
