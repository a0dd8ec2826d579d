"""Cables and transceivers: route, stock length, medium, optical loss and delay."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike

from engine.errors import Invalid, OutOfRange
from engine.plant import Bools, Floats, Ints
from engine.ranges import bounded

DATA = Path(__file__).parent.parent / "data"
SPEED_OF_LIGHT_M_S = 299_792_458.0
STOCK_M = (0.5, 1, 1.5, 2, 3, 5, 7, 10, 15, 20, 30, 50, 75, 100, 150, 200, 300, 500, 750, 1000)
# Greatest channel loss in dB by interface; TIA FOTC for SR4.2 and LR8, the others from memory.
LOSS_LIMIT_DB: Mapping[str, float] = MappingProxyType(
    {
        "400GBASE-SR4.2 OM3": 1.7,
        "400GBASE-SR4.2 OM4": 1.8,
        "400GBASE-SR4.2 OM5": 2.0,
        "400GBASE-DR4": 3.0,
        "400GBASE-FR4": 4.0,
        "400GBASE-LR8": 6.3,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Medium:
    """One way to join two ports. The ends of copper belong to the cable."""

    name: str
    label: str
    kind: str  # copper or fibre
    lane_gb_s: float
    port_gb_s: float  # what one end carries; a slower link takes its share of it
    reach_m: float
    end_w: float
    lasers_per_end: int
    cost_ratio: float  # to passive copper
    source: str
    confidence: str


@lru_cache(maxsize=1)
def shipped_media() -> tuple[Medium, ...]:
    """The shipped table of media, by lane speed and reach.

    Notes
    -----
    Definition. Sources and confidence stand with each row.
    """
    with (DATA / "media.csv").open(newline="", encoding="utf-8") as file:
        rows = [
            Medium(
                name=row["medium"],
                label=row["label"],
                kind=row["kind"],
                lane_gb_s=float(row["lane_gb_s"]),
                port_gb_s=float(row["port_gb_s"]),
                reach_m=float(row["reach_m"]),
                end_w=float(row["end_w"]),
                lasers_per_end=int(row["lasers_per_end"]),
                cost_ratio=float(row["cost_ratio"]),
                source=row["source"],
                confidence=row["confidence"],
            )
            for row in csv.DictReader(file)
        ]
    return tuple(sorted(rows, key=lambda medium: (medium.lane_gb_s, medium.reach_m)))


def media_for(lane_gb_s: float, media: Sequence[Medium] | None = None) -> tuple[Medium, ...]:
    """The media of a lane speed, shortest reach first.

    Parameters
    ----------
    lane_gb_s : float
        Speed of one electrical lane. [Gb/s]
    media : sequence of Medium or None
        None: the shipped table.

    Returns
    -------
    tuple of Medium
        At least one.

    Raises
    ------
    OutOfRange
        If the table has none for this speed.

    Notes
    -----
    Definition.
    """
    rows = shipped_media() if media is None else media
    found = tuple(sorted((m for m in rows if m.lane_gb_s == lane_gb_s), key=lambda m: m.reach_m))
    if not found:
        speeds = ", ".join(f"{speed:g}" for speed in sorted({m.lane_gb_s for m in rows}))
        raise OutOfRange(
            f"No medium is known for lanes of {lane_gb_s:g} Gb/s. Known are {speeds} Gb/s.",
            lane_gb_s=lane_gb_s,
        )
    return found


def route_length_m(
    dx_m: ArrayLike, dy_m: ArrayLike, *, riser_m: ArrayLike = 2.0, slack_fraction: ArrayLike = 0.1
) -> tuple[Floats, Floats]:
    """Length of a cable along trays, without and with slack.

    Parameters
    ----------
    dx_m, dy_m : array_like
        Distance of the two ends along and across the trays, either sign. [m]
    riser_m : array_like
        From tray to port at each end, >= 0. [m]
    slack_fraction : array_like
        Added for dressing and re-termination, >= 0. [-]

    Returns
    -------
    tuple of array
        Route, and route with slack. [m, m]

    Raises
    ------
    OutOfRange
        If riser or slack is negative.

    Notes
    -----
    Definition. |dx| + |dy| + 2 risers, times 1 + slack.
    """
    across = np.abs(bounded("The distance", dx_m, unit="m")) + np.abs(
        bounded("The distance", dy_m, unit="m")
    )
    riser = bounded("The riser", riser_m, 0.0, unit="m")
    slack = bounded("The slack", slack_fraction, 0.0)
    route = across + 2.0 * riser
    return np.asarray(route), np.asarray(route * (1.0 + slack))


def stock_length_m(length_m: ArrayLike, stock_m: Sequence[float] = STOCK_M) -> Floats:
    """The shortest stock cable that is long enough.

    Parameters
    ----------
    length_m : array_like
        Length needed, >= 0. [m]
    stock_m : sequence of float
        Lengths that can be bought, rising. [m]

    Returns
    -------
    array
        Stock length. [m]

    Raises
    ------
    OutOfRange
        If a cable is longer than the longest in stock.
    Invalid
        If the stock does not rise.

    Notes
    -----
    Definition.
    """
    stock = np.asarray(stock_m, dtype=np.float64)
    if not len(stock) or (np.diff(stock) <= 0.0).any():
        raise Invalid("Stock lengths must rise.")
    length = bounded(
        "The cable", length_m, 0.0, float(stock[-1]), unit="m",
        remedy="Move the ends closer, or order a length of its own.",
    )  # fmt: skip
    # A length that differs from a stock length by rounding alone is that stock length.
    return np.asarray(stock[np.searchsorted(stock * (1.0 + 1e-12), length, side="left")])


def select_medium(length_m: ArrayLike, media: Sequence[Medium]) -> Ints:
    """The medium of shortest reach that still reaches.

    Parameters
    ----------
    length_m : array_like
        Length of each cable, >= 0. [m]
    media : sequence of Medium
        Shortest reach first, see `media_for`.

    Returns
    -------
    array of int
        Index into ``media``.

    Raises
    ------
    OutOfRange
        If a cable is longer than any medium reaches.

    Notes
    -----
    Definition. Reach is what makers state; copper first because it needs no power and no laser.
    """
    reach = np.array([medium.reach_m for medium in media])
    length = bounded(
        "The cable", length_m, 0.0, float(reach[-1]), unit="m",
        remedy="Move the ends closer, or choose a medium with more reach.",
    )  # fmt: skip
    return np.asarray(np.searchsorted(reach * (1.0 + 1e-12), length, side="left"))


def optical_loss_db(length_m: ArrayLike, fibre_db_km: ArrayLike, connector_db: ArrayLike) -> Floats:
    """Loss of an optical channel.

    Parameters
    ----------
    length_m : array_like
        Length of the fibre, >= 0. [m]
    fibre_db_km : array_like
        Attenuation, >= 0; 3.0 multimode, 0.4 single-mode. [dB/km]
    connector_db : array_like
        All connectors and splices together, >= 0. [dB]

    Returns
    -------
    array
        Loss. [dB]

    Raises
    ------
    OutOfRange
        If a figure is negative.

    Notes
    -----
    Sum of connections and length times attenuation [1]_.

    References
    ----------
    .. [1] ANSI/TIA-568.3-E-2022, annex on optical link loss.
    """
    length = bounded("The length", length_m, 0.0, unit="m")
    fibre = bounded("The attenuation", fibre_db_km, 0.0, unit="dB/km")
    joints = bounded("The loss of the connectors", connector_db, 0.0, unit="dB")
    return np.asarray(joints + length / 1000.0 * fibre)


def within_loss_limit(loss_db: ArrayLike, interface: str) -> Bools:
    """Whether an interface still works over a channel.

    Parameters
    ----------
    loss_db : array_like
        Loss of the channel, >= 0. [dB]
    interface : str
        One of `LOSS_LIMIT_DB`.

    Returns
    -------
    array of bool
        True where the loss is within the limit.

    Raises
    ------
    Invalid
        If the interface is not in the table.
    OutOfRange
        If a loss is negative.

    Notes
    -----
    Definition.
    """
    limit = LOSS_LIMIT_DB.get(interface)
    if limit is None:
        raise Invalid(
            f"No loss limit is known for {interface}. Known are {', '.join(LOSS_LIMIT_DB)}.",
            interface=interface,
        )
    return np.asarray(bounded("The loss", loss_db, 0.0, unit="dB") <= limit * (1.0 + 1e-12))


def propagation_delay_ns(length_m: ArrayLike, group_index: ArrayLike = 1.468) -> Floats:
    """Time that a signal takes along a cable.

    Parameters
    ----------
    length_m : array_like
        Length, >= 0. [m]
    group_index : array_like
        Speed of light in vacuum over that of the signal, >= 1: 1.468 in single-mode fibre, 1.29
        to 1.38 in copper. [-]

    Returns
    -------
    array
        Delay. [ns]

    Raises
    ------
    OutOfRange
        If a figure is out of its range.

    Notes
    -----
    Definition. L n / c.
    """
    length = bounded("The length", length_m, 0.0, unit="m")
    index = bounded("The group index", group_index, 1.0)
    return np.asarray(length * index / SPEED_OF_LIGHT_M_S * 1e9)


def path_latency_ns(
    length_m: ArrayLike,
    switches: ArrayLike,
    *,
    switch_ns: ArrayLike = 500.0,
    fec_ns: ArrayLike = 100.0,
    group_index: ArrayLike = 1.468,
) -> Floats:
    """One-way latency of a path through a fabric.

    Parameters
    ----------
    length_m : array_like
        Cable on the whole path, >= 0. [m]
    switches : array_like
        Switches passed, >= 0; there is one link more than switches.
    switch_ns : array_like
        Of one switch, >= 0; 250 to 800. [ns]
    fec_ns : array_like
        Forward error correction of one link, >= 0; 50 to 120. [ns]
    group_index : array_like
        Of the cables, >= 1. [-]

    Returns
    -------
    array
        Latency, the interfaces of the endpoints apart. [ns]

    Raises
    ------
    OutOfRange
        If a figure is out of its range.

    Notes
    -----
    Definition. Propagation + switches x switch + (switches + 1) x FEC.
    """
    hops = bounded("The number of switches", switches, 0.0)
    each = bounded("The latency of a switch", switch_ns, 0.0, unit="ns")
    correction = bounded("The latency of error correction", fec_ns, 0.0, unit="ns")
    flight = propagation_delay_ns(length_m, group_index)
    return np.asarray(flight + hops * each + (hops + 1.0) * correction)
