"""How full a pool may run before its users wait, and how much its caches hold."""

import math
from typing import Final

from engine.errors import OutOfRange

THRASH: Final = 2.0
# Exponent of the hit rate once the caches overflow, from memory.


def erlang_c(servers: int, offered: float) -> float:
    r"""Probability that a request has to wait.

    Parameters
    ----------
    servers : int
        Slots that serve at the same time, >= 1.
    offered : float
        Arrival rate over the rate of one slot, 0 <= offered < servers. [erlang]

    Returns
    -------
    float
        0 to 1. [1]

    Raises
    ------
    OutOfRange
        If the slots cannot carry what is offered.

    Notes
    -----
    M/M/c queue [1]_, by the recursion of the inverse of Erlang's B, which neither
    overflows nor cancels.

    References
    ----------
    .. [1] A. O. Allen, "Probability, Statistics, and Queueing Theory," 2nd ed., Academic
       Press, 1990, sec. 5.2.
    """
    if servers < 1 or not 0.0 <= offered < servers:
        raise OutOfRange("A queue needs fewer erlangs than slots.", offered=offered)
    blocked = 1.0
    for slot in range(1, servers + 1):
        blocked = offered * blocked / (slot + offered * blocked)
    return blocked / (1.0 - offered / servers * (1.0 - blocked))


def mean_wait_s(
    servers: int,
    service_s: float,
    utilisation: float,
    arrival_scv: float = 1.0,
    service_scv: float = 1.0,
) -> float:
    r"""Mean time that a request waits for a slot.

    Parameters
    ----------
    servers : int
        Slots, >= 1.
    service_s : float
        Mean time in a slot, > 0. [s]
    utilisation : float
        Share of the slots that work, 0 to below 1. [1]
    arrival_scv, service_scv : float
        Squared coefficients of variation of gaps and of service, >= 0. [1]

    Returns
    -------
    float
        Waiting time. [s]

    Raises
    ------
    OutOfRange
        If the utilisation is not below 1.

    Notes
    -----
    Allen-Cunneen approximation [1]_,
    :math:`W_q = \frac{C_a^2+C_s^2}{2}\,\frac{C(c,\rho)}{c\mu(1-\rho)}`; exact for M/M/c.

    References
    ----------
    .. [1] A. O. Allen, "Probability, Statistics, and Queueing Theory," 2nd ed., Academic
       Press, 1990, sec. 5.3.
    """
    waiting = erlang_c(servers, utilisation * servers)
    variation = (arrival_scv + service_scv) / 2.0
    return variation * waiting * service_s / (servers * (1.0 - utilisation))


def p95_wait_s(
    servers: int, service_s: float, utilisation: float, scv: tuple[float, float] = (1.0, 1.0)
) -> float:
    """Waiting time that 95 % of requests stay under.

    Parameters
    ----------
    servers, service_s, utilisation
        As for `mean_wait_s`.
    scv : tuple of float
        Squared coefficients of variation of gaps and of service. [1]

    Returns
    -------
    float
        0 when fewer than 5 % wait at all. [s]

    Raises
    ------
    OutOfRange
        If the utilisation is not below 1.

    Notes
    -----
    Definition. The wait of those who wait is taken as exponential, as in M/M/c.
    """
    waiting = erlang_c(servers, utilisation * servers)
    if waiting <= 0.05:
        return 0.0
    mean = mean_wait_s(servers, service_s, utilisation, *scv)
    return mean / waiting * math.log(waiting / 0.05)


def usable_share(
    servers: int, service_s: float, wait_limit_s: float, scv: tuple[float, float] = (1.0, 1.0)
) -> float:
    """Greatest utilisation at which 95 % of requests wait less than a limit.

    Parameters
    ----------
    servers : int
        Slots, >= 1.
    service_s : float
        Mean time in a slot, > 0. [s]
    wait_limit_s : float
        What the target for the first token leaves for waiting, >= 0. [s]
    scv : tuple of float
        Squared coefficients of variation of gaps and of service. [1]

    Returns
    -------
    float
        0 to below 1. [1]

    Raises
    ------
    OutOfRange
        If there is no slot.

    Notes
    -----
    Definition. Bisection; the wait rises with utilisation.
    """
    low, high = 0.0, 1.0 - 1e-9
    for _ in range(60):
        middle = 0.5 * (low + high)
        if p95_wait_s(servers, service_s, middle, scv) <= wait_limit_s:
            low = middle
        else:
            high = middle
    return low


def residency_hits(
    best: float, capacity_bytes: float, demand_bytes: float, thrash: float = THRASH
) -> float:
    r"""Share of the input that agents find in their caches.

    Parameters
    ----------
    best : float
        Hits when every session's cache is kept, 0 to 1. [1]
    capacity_bytes : float
        What the tiers of memory hold, >= 0. [B]
    demand_bytes : float
        Cache of all live sessions, >= 0. [B]
    thrash : float
        How sharply hits fall once the caches overflow, > 0. [1]

    Returns
    -------
    float
        Share of input tokens. [1]

    Notes
    -----
    Definition. :math:`h = h_{max}\,\min(1, (K/D)^\gamma)`.
    """
    if capacity_bytes >= demand_bytes:
        return best
    return best * float((capacity_bytes / demand_bytes) ** thrash)


def cache_demand_bytes(
    sessions_per_s: float, session_s: float, context_tokens: float, kv_bytes_per_token: float
) -> float:
    """Cache of all sessions that are alive.

    Parameters
    ----------
    sessions_per_s : float
        Sessions that begin. [1/s]
    session_s : float
        How long one lives. [s]
    context_tokens : float
        Mean context of one. [tok]
    kv_bytes_per_token : float
        Cache of one token. [B]

    Returns
    -------
    float
        Bytes. [B]

    Notes
    -----
    Little's law [1]_ for the sessions alive.

    References
    ----------
    .. [1] J. D. C. Little, "A proof for the queuing formula L = λW," Oper. Res.,
       vol. 9, no. 3, pp. 383-387, 1961, doi:10.1287/opre.9.3.383.
    """
    return sessions_per_s * session_s * context_tokens * kv_bytes_per_token
