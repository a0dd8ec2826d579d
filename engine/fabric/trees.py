"""Fat trees of two and three tiers, with planes and rails: exact counts."""

from dataclasses import dataclass
from math import ceil

from engine.errors import OutOfRange
from engine.ranges import bounded


class FabricTooLarge(OutOfRange):
    """More endpoints than three tiers of these switches can join."""

    code = "fabric-too-large"
    title = "The fabric is too large for its switches"


@dataclass(frozen=True, slots=True, kw_only=True)
class FatTree:
    """Switches and links of all planes together; `planes` of them are equal and disjoint."""

    tiers: int
    planes: int
    rails: int
    radix: int  # ports of a switch at the speed of a link
    endpoints: int  # per plane: every endpoint has a link into each
    down_ports: int  # of a leaf, towards endpoints
    up_ports: int
    leaf: int
    spine: int
    core: int
    endpoint_links: int
    leaf_spine_links: int
    spine_core_links: int
    is_even: bool  # every switch reaches every one above it by equally many links

    @property
    def switches(self) -> int:
        return self.leaf + self.spine + self.core

    @property
    def links(self) -> int:
        return self.endpoint_links + self.leaf_spine_links + self.spine_core_links

    @property
    def hops_worst(self) -> int:
        """Switches on the longest path between two endpoints."""
        return 2 * self.tiers - 1


def fat_tree(
    endpoints: int,
    radix: int,
    *,
    rails: int = 1,
    planes: int = 1,
    oversubscription: float = 1.0,
    tiers: int | None = None,
    unit_endpoints: int | None = None,
) -> FatTree:
    """The smallest fat tree that joins some endpoints.

    Parameters
    ----------
    endpoints : int
        Ports to join in each plane, >= 1: GPUs or network interfaces.
    radix : int
        Ports of a switch at the speed of a plane's link, even, >= 2; see `plane_radix`.
    rails : int
        Endpoint i of every node goes to rail i; leaves serve one rail. 1: no rails.
    planes : int
        Disjoint fabrics, each with a link of every endpoint.
    oversubscription : float
        Down over up bandwidth of a leaf, >= 1. With three tiers it is 1.
    tiers : {1, 2, 3} or None
        None: as few as the endpoints allow, two at least.
    unit_endpoints : int or None
        Endpoints of a scalable unit that has leaves of its own, >= ``rails``; None: leaves are
        filled across units.

    Returns
    -------
    FatTree
        Counts of all planes together.

    Raises
    ------
    FabricTooLarge
        If the endpoints exceed the tiers.
    OutOfRange
        If a figure is out of its range.

    Notes
    -----
    A leaf has d = r o / (1 + o) ports down and u = r - d up. Two tiers: leaves ceil(N / d) in
    each rail; spines the smallest divisor of u that is at least leaf u / r, so that every leaf
    reaches every spine by equally many links; as long as there are no more leaves than a spine
    has ports, r^2 / 2 endpoints. Three tiers: leaves N / (r / 2), as many spines, half as many
    cores [1]_, up to r^3 / 4 endpoints.

    References
    ----------
    .. [1] M. Al-Fares, A. Loukissas and A. Vahdat, "A scalable, commodity data center network
       architecture," SIGCOMM 2008, pp. 63-74. doi:10.1145/1402958.1402967
    """
    count = int(bounded("The number of endpoints", endpoints, 1.0))
    ports = int(bounded("The ports of a switch", radix, 2.0))
    lanes = int(bounded("The number of rails", rails, 1.0, float(count)))
    copies = int(bounded("The number of planes", planes, 1.0))
    over = float(bounded("The oversubscription", oversubscription, 1.0))
    if ports % 2:
        raise OutOfRange(f"A switch with {ports} ports cannot halve them. Use an even number.")
    down = min(int(ports * over / (1.0 + over) + 1e-9), ports - 1)
    up = ports - down
    unit = int(bounded("The endpoints of a unit", unit_endpoints or count, lanes))
    units, in_rail = ceil(count / unit), ceil(min(unit, count) / lanes)
    leaf = units * lanes * ceil(in_rail / down)
    fits_two = leaf <= ports
    wanted = tiers or (2 if fits_two else 3)
    if wanted == 1:
        return _one_switch(count, ports, lanes, copies)
    if wanted == 2:
        if not fits_two:
            raise FabricTooLarge(
                f"{count:,} endpoints need {leaf:,} leaves, and a spine has {ports} ports. "
                "Use three tiers, more planes or larger switches.",
                endpoints=count,
                most=ports * down,
            )
        spine = spines_for(leaf, up, ports)
        core, upper = 0, 0
        is_even = up % spine == 0
    else:
        down = up = ports // 2
        leaf = units * lanes * ceil(in_rail / down)
        spine, core = leaf, ceil(leaf / 2)
        if count > ports**3 // 4 or leaf > 2 * down * down:
            raise FabricTooLarge(
                f"{count:,} endpoints are more than the {ports**3 // 4:,} that three tiers of "
                f"{ports}-port switches join. Use more planes or larger switches.",
                endpoints=count,
                most=ports**3 // 4,
            )
        pods = ceil(leaf / down)
        upper = spine * up
        is_even = leaf % down == 0 and core % down == 0 and down % max(core // down, 1) == 0
        is_even = is_even and pods * down == leaf
    return FatTree(
        tiers=wanted,
        planes=copies,
        rails=lanes,
        radix=ports,
        endpoints=count,
        down_ports=down,
        up_ports=up,
        leaf=copies * leaf,
        spine=copies * spine,
        core=copies * core,
        endpoint_links=copies * count,
        leaf_spine_links=copies * leaf * up,
        spine_core_links=copies * upper,
        is_even=is_even,
    )


def spines_for(leaf: int, up_ports: int, radix: int) -> int:
    """Spines of a two-tier fat tree.

    Parameters
    ----------
    leaf : int
        Leaves, >= 1 and at most ``radix``.
    up_ports : int
        Ports of a leaf towards the spines, >= 1.
    radix : int
        Ports of a spine, >= 1.

    Returns
    -------
    int
        The smallest divisor of ``up_ports`` that is at least leaf u / r.

    Raises
    ------
    FabricTooLarge
        If a spine has fewer ports than there are leaves.
    OutOfRange
        If a figure is less than 1.

    Notes
    -----
    Definition. With a divisor every leaf has u / spines links to every spine; fewer spines could
    have ports enough and still leave some leaves with one link more to some spines.
    """
    leaves = int(bounded("The number of leaves", leaf, 1.0))
    uplinks = int(bounded("The uplinks of a leaf", up_ports, 1.0))
    ports = int(bounded("The ports of a spine", radix, 1.0))
    if leaves > ports:
        raise FabricTooLarge(
            f"A spine has {ports} ports and there are {leaves} leaves. Use three tiers, more "
            "planes or larger switches.",
            leaves=leaves,
        )
    least = -(-leaves * uplinks // ports)
    return next(n for n in range(least, uplinks + 1) if uplinks % n == 0)


def plane_radix(switch_ports: int, port_gb_s: float, nic_gb_s: float, planes: int = 1) -> int:
    """Ports of a switch at the speed that one plane gives an endpoint.

    Parameters
    ----------
    switch_ports : int
        Ports of the switch at its own speed, >= 1.
    port_gb_s : float
        Speed of such a port, > 0. [Gb/s]
    nic_gb_s : float
        Speed of an endpoint over all planes, > 0. [Gb/s]
    planes : int
        Planes that share it, >= 1.

    Returns
    -------
    int
        Radix of each plane: 64 ports of 800 Gb/s are 128 of 400 Gb/s.

    Raises
    ------
    OutOfRange
        If a figure is out of its range, or the link is faster than a port.

    Notes
    -----
    Definition. Ports times the whole number of links that a port splits into.
    """
    ports = int(bounded("The ports of a switch", switch_ports, 1.0))
    speed = float(bounded("The speed of a port", port_gb_s, 0.0, unit="Gb/s", above_low=True))
    nic = float(bounded("The speed of an endpoint", nic_gb_s, 0.0, unit="Gb/s", above_low=True))
    share = nic / int(bounded("The number of planes", planes, 1.0))
    if share > speed * (1.0 + 1e-9):
        raise OutOfRange(
            f"A link of {share:g} Gb/s does not fit a port of {speed:g} Gb/s. Use more planes or "
            "faster switches.",
            link_gb_s=share,
        )
    return ports * int(speed / share + 1e-9)


def _one_switch(count: int, ports: int, lanes: int, copies: int) -> FatTree:
    leaf = lanes * ceil(ceil(count / lanes) / ports)
    if leaf > lanes:
        raise FabricTooLarge(
            f"{count:,} endpoints on {lanes} rails do not fit one switch of {ports} ports each. "
            "Use two tiers.",
            endpoints=count,
            most=ports * lanes,
        )
    return FatTree(
        tiers=1,
        planes=copies,
        rails=lanes,
        radix=ports,
        endpoints=count,
        down_ports=ports,
        up_ports=0,
        leaf=copies * leaf,
        spine=0,
        core=0,
        endpoint_links=copies * count,
        leaf_spine_links=0,
        spine_core_links=0,
        is_even=True,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ScaleUp:
    """Switched links inside a scale-up domain."""

    links: int
    ports_per_chip: int
    aggregate_tb_s: float
    is_even: bool  # every GPU has equally many links to every chip


def scale_up_domain(
    gpus: int, links_per_gpu: int, gb_s_per_link: float, switch_chips: int
) -> ScaleUp:
    """Links and bandwidth of a domain such as an NVL72 rack.

    Parameters
    ----------
    gpus : int
        GPUs of the domain, >= 1.
    links_per_gpu : int
        Links of each GPU, >= 1.
    gb_s_per_link : float
        Both directions together, > 0. [GB/s]
    switch_chips : int
        Switch chips, >= 1.

    Returns
    -------
    ScaleUp
        Links, ports of each chip, aggregate bandwidth.

    Raises
    ------
    OutOfRange
        If a figure is out of its range.

    Notes
    -----
    Definition. Every GPU spreads its links over all chips.
    """
    size = int(bounded("The number of GPUs", gpus, 1.0))
    each = int(bounded("The links of a GPU", links_per_gpu, 1.0))
    speed = float(bounded("The speed of a link", gb_s_per_link, 0.0, unit="GB/s", above_low=True))
    chips = int(bounded("The number of chips", switch_chips, 1.0))
    links = size * each
    return ScaleUp(
        links=links,
        ports_per_chip=ceil(links / chips),
        aggregate_tb_s=links * speed / 1000.0,
        is_even=each % chips == 0,
    )
