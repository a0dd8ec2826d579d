"""A fixed feed of so many megawatts: racks and tokens by the way its power is provisioned."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from engine.cost.case import Case
from engine.errors import Invalid
from engine.tables import gpu_systems

CAP_SLOPE: Final = 0.45
# Throughput falls by this power of board power near its limit: 0.8 of the power keeps 0.90.
PLUGGABLE, CPO, TRANSCEIVERS = (
    "fab.pluggable_1p6t_w", "fab.cpo_1p6t_w", "fab.transceivers_per_gpu"
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One way to use a feed: what a rack is allowed, and what it gives."""

    id: str
    label: str
    assumption: str
    rack_it_kw: float  # provisioned per rack
    pue: float  # design day
    speed: float  # throughput per GPU over that of an uncapped one


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What a feed carries under a policy."""

    policy: Policy
    racks: int
    gpus: int
    tok_s: float  # all tokens, at the speed per user asked for
    tok_s_per_mw_facility: float
    gain: float  # tokens over those of the first policy, less one


def capped_speed(power_fraction: float) -> float:
    r"""Throughput of a GPU at a share of its board power.

    Parameters
    ----------
    power_fraction : float
        Board power over what the workload would draw, (0, 1]. [1]

    Returns
    -------
    float
        Throughput over the uncapped one. [1]

    Raises
    ------
    Invalid
        If the share does not lie above 0 and up to 1.

    Notes
    -----
    Definition. :math:`p^{0.45}`: memory sets most of the pace, so clocks may fall further
    than tokens. An estimate between 0.4 and 1 of the power.
    """
    if not 0.0 < power_fraction <= 1.0:
        raise Invalid("A cap lies above 0 and up to 1 of the board power.", cap=power_fraction)
    return float(power_fraction**CAP_SLOPE)


def policies(
    case: Case,
    rack_kw: Mapping[str, float],
    cap: float,
    pues: tuple[float, float],
) -> tuple[Policy, ...]:
    """The ways to use a feed, one after the other and all together.

    Parameters
    ----------
    case : Case
        The plant; its first kind of GPU is placed.
    rack_kw : mapping
        Power of one rack by basis: ``nameplate`` and ``sustained``. [kW]
    cap : float
        Board power allowed over that of the nameplate, (0, 1]. [1]
    pues : tuple of float
        Design day, as drawn and with warmer water. [1]

    Returns
    -------
    tuple of Policy
        Nameplate first.

    Raises
    ------
    Invalid
        If the cap does not lie above 0 and up to 1.
    KeyError
        If the GPU is in no table.

    Notes
    -----
    Definition. A cap lowers the board's share of the rack. Co-packaged optics lower the
    rack by the difference of both kinds for every transceiver of a GPU.
    """
    fleet = case.basis.fleets[0]
    system = gpu_systems()[fleet.gpu]
    per_rack = fleet.gpus / fleet.racks
    value = case.assumptions.value
    board = system.tdp_w / (1000.0 * system.it_kw_per_gpu)
    nameplate, sustained = rack_kw["nameplate"], rack_kw["sustained"]
    capped = nameplate * (1.0 - board * (1.0 - cap))
    optics_kw = per_rack * value(TRANSCEIVERS) * (value(PLUGGABLE) - value(CPO)) / 1000.0
    speed, warm = capped_speed(cap), pues[1]
    return (
        Policy(
            id="nameplate",
            label="Nameplate provisioning",
            assumption=f"every rack at {nameplate:,.0f} kW, nameplate or peak, PUE {pues[0]:.3f}",
            rack_it_kw=nameplate,
            pue=pues[0],
            speed=1.0,
        ),
        Policy(
            id="sustained",
            label="Sustained power, no cap",
            assumption=f"every rack at {sustained:,.0f} kW sustained; peaks ride on the feed",
            rack_it_kw=sustained,
            pue=pues[0],
            speed=1.0,
        ),
        Policy(
            id="capped",
            label=f"Power capping at {cap:.0%}",
            assumption=f"boards held to {cap:.0%}, {board:.0%} of the rack; speed × {speed:.3f}",
            rack_it_kw=capped,
            pue=pues[0],
            speed=speed,
        ),
        Policy(
            id="cpo",
            label="Capping and co-packaged optics",
            assumption=f"{optics_kw:.1f} kW less optics in a rack",
            rack_it_kw=capped - optics_kw,
            pue=pues[0],
            speed=speed,
        ),
        Policy(
            id="warm",
            label="Capping, optics and warmer water",
            assumption=f"design day PUE {warm:.3f} in place of {pues[0]:.3f}",
            rack_it_kw=capped - optics_kw,
            pue=min(warm, pues[0]),
            speed=speed,
        ),
    )


def carried(case: Case, feed_mw: float, ways: tuple[Policy, ...]) -> tuple[Carried, ...]:
    """Racks and tokens of a feed, policy by policy.

    Parameters
    ----------
    case : Case
        The plant; its first kind of GPU is placed, whole racks.
    feed_mw : float
        What the site may draw, > 0. [MW]
    ways : tuple of Policy
        As `policies` gives them.

    Returns
    -------
    tuple of Carried
        Tokens at the speed per user of the case, per MW of the feed at the site's boundary.

    Raises
    ------
    Invalid
        If the feed is not positive.

    Notes
    -----
    Definition. Racks are the feed over the rack's power times the PUE, rounded down.
    """
    if feed_mw <= 0.0:
        raise Invalid("The feed must be above 0 MW.", feed_mw=feed_mw)
    group = next((g for g in case.compute().groups if g.tok_s_per_gpu is not None), None)
    if group is None or group.tok_s_per_gpu is None:
        return ()
    fleet = next(f for f in case.basis.fleets if f.gpu == group.gpu)
    per_rack = fleet.gpus // fleet.racks
    found: list[Carried] = []
    for way in ways:
        racks = int(1000.0 * feed_mw / (way.rack_it_kw * way.pue) + 1e-9)
        tokens = racks * per_rack * group.tok_s_per_gpu * way.speed
        first = found[0].tok_s if found else tokens
        found.append(
            Carried(
                policy=way,
                racks=racks,
                gpus=racks * per_rack,
                tok_s=tokens,
                tok_s_per_mw_facility=tokens / feed_mw,
                gain=tokens / first - 1.0 if first > 0.0 else 0.0,
            )
        )
    return tuple(found)
