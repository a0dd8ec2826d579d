"""A network of pipes, valves and pumps as arrays, and the draft that it is drawn up with.

A link runs from one node to another; its flow is positive that way. A node either has a
fixed head (a tank, an expansion vessel, a header held by a set-point) or a demand, mostly zero.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from engine.hydraulics.errors import NetworkInvalid
from engine.hydraulics.friction import ROUGHEST
from engine.hydraulics.pumps import PumpCurve
from engine.plant import Bools, Floats, Ints, Names
from engine.units import STANDARD_GRAVITY_M_S2

NO_LIMIT: Final = math.inf


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """Nodes and links, one array per quantity; SI units, heads in metres of the liquid.

    The loss of a link is that of its pipe (``length_m``, ``bore_m``, ``roughness_m``,
    ``minor_k``; bore 0: none) plus ``resistance`` times flow to the ``exponent``, less the
    head of its pump ``pump_0 - pump_1 Q - pump_2 Q^2``. Above ``limit_m3_s`` a link lets
    nothing more through; a ``one_way`` link lets nothing back.
    """

    node_id: Names
    demand_m3_s: Floats
    is_fixed: Bools
    fixed_head_m: Floats  # 0 where not fixed
    link_id: Names
    start: Ints
    end: Ints
    length_m: Floats
    bore_m: Floats
    roughness_m: Floats
    minor_k: Floats
    resistance: Floats
    exponent: Floats
    pump_0: Floats
    pump_1: Floats
    pump_2: Floats
    limit_m3_s: Floats
    one_way: Bools
    is_closed: Bools
    kinematic_viscosity_m2_s: float
    gravity_m_s2: float = STANDARD_GRAVITY_M_S2

    def __len__(self) -> int:
        return len(self.link_id)

    def closed(self, link_ids: Iterable[str]) -> "Network":
        """The same network with these links shut; names that no link has are refused."""
        wanted = set(link_ids)
        unknown = wanted.difference(self.link_id)
        if unknown:
            raise NetworkInvalid(
                f"There is no link {sorted(unknown)[0]!r} to close.", element=sorted(unknown)[0]
            )
        shut = np.fromiter((name in wanted for name in self.link_id), bool, len(self))
        return replace(self, is_closed=self.is_closed | shut)

    def scaled(self, factor: Floats | float) -> "Network":
        """The same network with every resistance of its links times a factor, pumps as they are."""
        times = np.broadcast_to(np.asarray(factor, dtype=np.float64), len(self))
        if not np.all(times > 0.0):
            raise NetworkInvalid("A factor on resistances must be positive.")
        return replace(
            self,
            length_m=self.length_m * times,
            minor_k=self.minor_k * times,
            resistance=self.resistance * times,
        )


@dataclass(slots=True)
class _Link:
    start: str
    end: str
    length_m: float = 0.0
    bore_m: float = 0.0
    roughness_m: float = 0.0
    minor_k: float = 0.0
    resistance: float = 0.0
    exponent: float = 2.0
    pump_0: float = 0.0
    pump_1: float = 0.0
    pump_2: float = 0.0
    limit_m3_s: float = NO_LIMIT
    one_way: bool = False


@dataclass(slots=True)
class Draft:
    """Draws up a network by name. Every figure is checked as it comes; `build` gives the value."""

    _nodes: dict[str, tuple[float | None, float]] = field(default_factory=dict)
    _links: dict[str, _Link] = field(default_factory=dict)

    def node(self, name: str, *, head_m: float | None = None, demand_m3_s: float = 0.0) -> None:
        """A node with a demand, or with a head that something outside holds."""
        if name in self._nodes:
            raise NetworkInvalid(f"There are two nodes {name!r}: give one another name.", node=name)
        _finite(name, head_m=0.0 if head_m is None else head_m, demand_m3_s=demand_m3_s)
        self._nodes[name] = (head_m, demand_m3_s)

    def pipe(
        self,
        name: str,
        start: str,
        end: str,
        *,
        length_m: float,
        bore_m: float,
        roughness_m: float,
        minor_k: float = 0.0,
    ) -> None:
        """A round pipe with friction and the sum of its fittings' coefficients."""
        _finite(name, length_m=length_m, bore_m=bore_m, roughness_m=roughness_m, minor_k=minor_k)
        if length_m < 0.0:
            _refuse(name, "has a negative length", "give its length in metres", length_m=length_m)
        if bore_m <= 0.0:
            _refuse(name, "has no bore", "give its inner diameter in metres", bore_m=bore_m)
        if roughness_m < 0.0:
            _refuse(
                name, "has a negative roughness", "give zero for smooth", roughness_m=roughness_m
            )
        if roughness_m > ROUGHEST * bore_m:
            _refuse(
                name,
                "is rougher than a tenth of its bore",
                "check the unit of the roughness, metres",
                roughness_m=roughness_m,
            )
        if minor_k < 0.0:
            _refuse(name, "has a negative loss coefficient", "give zero", minor_k=minor_k)
        if length_m == 0.0 and minor_k == 0.0:
            _refuse(
                name, "has neither length nor fittings", "join its two nodes", length_m=length_m
            )
        self._add(
            name,
            _Link(
                start,
                end,
                length_m=length_m,
                bore_m=bore_m,
                roughness_m=roughness_m,
                minor_k=minor_k,
            ),
        )

    def resistance(
        self,
        name: str,
        start: str,
        end: str,
        *,
        resistance: float,
        exponent: float = 2.0,
        limit_m3_s: float = NO_LIMIT,
        one_way: bool = False,
    ) -> None:
        """A link that loses ``resistance Q^exponent``: equipment, a valve, a cold-plate manifold.

        With ``limit_m3_s`` it holds that flow as long as the pressure suffices (a
        pressure-independent control valve); ``one_way`` makes it a check valve.
        """
        _finite(name, resistance=resistance, exponent=exponent)
        if resistance <= 0.0:
            _refuse(
                name,
                "has no positive resistance",
                "give the loss at a known flow",
                resistance=resistance,
            )
        if not 1.0 <= exponent <= 3.0:
            _refuse(name, "has an exponent outside 1 to 3", "use 2", exponent=exponent)
        if not limit_m3_s > 0.0:
            _refuse(
                name, "holds a flow of zero or less", "close the link instead", limit=limit_m3_s
            )
        self._add(
            name,
            _Link(
                start,
                end,
                resistance=resistance,
                exponent=exponent,
                limit_m3_s=limit_m3_s,
                one_way=one_way,
            ),
        )

    def pump(
        self,
        name: str,
        start: str,
        end: str,
        curve: PumpCurve,
        *,
        speed: float = 1.0,
        units: int = 1,
        one_way: bool = True,
    ) -> None:
        """Pumps from start to end: equal ones side by side at one speed, with check valves."""
        _finite(name, speed=speed)
        if speed <= 0.0 or units < 1:
            _refuse(
                name, "stands still", "give a speed above zero and at least one unit", speed=speed
            )
        head, slope, bend = curve.at(speed=speed, units=units)
        self._add(name, _Link(start, end, pump_0=head, pump_1=slope, pump_2=bend, one_way=one_way))

    def build(
        self, *, kinematic_viscosity_m2_s: float, gravity_m_s2: float = STANDARD_GRAVITY_M_S2
    ) -> Network:
        """The finished network.

        Raises
        ------
        NetworkInvalid
            If a link leads to a node that does not exist, or a figure is impossible.
        """
        if not kinematic_viscosity_m2_s > 0.0 or not math.isfinite(kinematic_viscosity_m2_s):
            raise NetworkInvalid(
                "The viscosity must be positive: divide Pa s by kg/m3.",
                kinematic_viscosity_m2_s=kinematic_viscosity_m2_s,
            )
        if not gravity_m_s2 > 0.0:
            raise NetworkInvalid("Gravity must be positive.", gravity_m_s2=gravity_m_s2)
        index = {name: i for i, name in enumerate(self._nodes)}
        for name, link in self._links.items():
            for node in (link.start, link.end):
                if node not in index:
                    _refuse(name, f"leads to {node!r}, which is no node", "add the node", node=node)
        nodes, links = self._nodes.values(), list(self._links.values())

        def column(quantity: str) -> Floats:
            return np.array([getattr(link, quantity) for link in links], dtype=np.float64)

        return Network(
            node_id=tuple(self._nodes),
            demand_m3_s=np.array([demand for _, demand in nodes], dtype=np.float64),
            is_fixed=np.array([head is not None for head, _ in nodes], dtype=bool),
            fixed_head_m=np.array([head or 0.0 for head, _ in nodes], dtype=np.float64),
            link_id=tuple(self._links),
            start=np.array([index[link.start] for link in links], dtype=np.int64),
            end=np.array([index[link.end] for link in links], dtype=np.int64),
            length_m=column("length_m"),
            bore_m=column("bore_m"),
            roughness_m=column("roughness_m"),
            minor_k=column("minor_k"),
            resistance=column("resistance"),
            exponent=column("exponent"),
            pump_0=column("pump_0"),
            pump_1=column("pump_1"),
            pump_2=column("pump_2"),
            limit_m3_s=column("limit_m3_s"),
            one_way=np.array([link.one_way for link in links], dtype=bool),
            is_closed=np.zeros(len(links), dtype=bool),
            kinematic_viscosity_m2_s=kinematic_viscosity_m2_s,
            gravity_m_s2=gravity_m_s2,
        )

    def _add(self, name: str, link: _Link) -> None:
        if name in self._links:
            _refuse(name, "exists twice", "give one another name", link=name)
        if link.start == link.end:
            _refuse(name, "starts where it ends", "lead it to another node", node=link.start)
        self._links[name] = link


def _finite(name: str, **figures: float) -> None:
    for quantity, value in figures.items():
        if not math.isfinite(value):
            _refuse(name, f"has a {quantity} that is not a number", "give one", **{quantity: None})


def _refuse(name: str, fault: str, remedy: str, **context: object) -> None:
    raise NetworkInvalid(f"{name} {fault}: {remedy}.", element=name, **context)


def hazen_williams_resistance(length_m: float, bore_m: float, c: float) -> float:
    r"""Resistance of a pipe by Hazen and Williams, for an exponent of 1.852.

    Parameters
    ----------
    length_m, bore_m : float
        Length and inner diameter, > 0. [m]
    c : float
        Hazen-Williams coefficient, 60 to 150. [1]

    Returns
    -------
    float
        Head over flow to the power 1.852. [m (s/m3)^1.852]

    Raises
    ------
    NetworkInvalid
        If a figure is not positive.

    Notes
    -----
    :math:`h = 10.667\,L\,Q^{1.852} / (C^{1.852} D^{4.871})` [1]_. For water near 15 °C in
    turbulent flow only: it knows no viscosity, so the planner itself never uses it.

    References
    ----------
    .. [1] L. A. Rossman, "EPANET 2 Users Manual", EPA/600/R-00/057, 2000, table 3.1.
    """
    if not (length_m > 0.0 and bore_m > 0.0 and c > 0.0):
        raise NetworkInvalid("Length, bore and coefficient must be positive.", c=c, bore_m=bore_m)
    return float(10.667 * length_m / (c**1.852 * bore_m**4.871))
