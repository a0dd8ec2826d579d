"""Prefill and decode on GPUs of their own: rates that match, and what moves between them."""

import math
from dataclasses import dataclass
from typing import Final

from engine.errors import OutOfRange
from engine.ranges import bounded

PREFILL_MATCH: Final = 0.90
DECODE_MATCH: Final = 0.92
# Shares of the two pools' rates that imperfect matching leaves, from memory.
NIC_SHARE: Final = 0.7


@dataclass(frozen=True, slots=True, kw_only=True)
class Pools:
    """Two pools in balance, per GPU of both."""

    output_tok_s_per_gpu: float  # of all GPUs, prefill and decode
    total_tok_s_per_gpu: float  # input, cached too, and output, per GPU of all GPUs
    prefill_share: float  # of all GPUs


def matched_pools(
    prefill_tok_s_per_prefill_gpu: float,
    decode_tok_s_per_decode_gpu: float,
    *,
    isl: float,
    osl: float,
    prefix_hit: float = 0.0,
    match: tuple[float, float] = (PREFILL_MATCH, DECODE_MATCH),
) -> Pools:
    r"""Throughput of two pools that neither waits for the other.

    Parameters
    ----------
    prefill_tok_s_per_prefill_gpu : float
        Input tokens of one prefill GPU, > 0. [tok/s]
    decode_tok_s_per_decode_gpu : float
        Output tokens of one decode GPU at the speed asked for, > 0. [tok/s]
    isl, osl : float
        Input and output length, > 0. [tok]
    prefix_hit : float
        Share of the input found in the prefix cache, 0 to 1. [1]
    match : tuple of float
        Shares of prefill and decode rate that matching leaves, (0, 1]. [1]

    Returns
    -------
    Pools
        Per GPU of both pools together, never per decode GPU.

    Raises
    ------
    OutOfRange
        If a rate or length is not positive, or the hits are no fraction.

    Notes
    -----
    Definition. :math:`1/x = 1/(x_d d_d) + (1-h)(ISL/OSL)/(x_p d_p)`, and the prefill
    share :math:`(1-h)(ISL/OSL)\,x/(x_p d_p)`.
    """
    rates = (prefill_tok_s_per_prefill_gpu, decode_tok_s_per_decode_gpu)
    if min(*rates, isl, osl, *match) <= 0.0 or not 0.0 <= prefix_hit <= 1.0:
        raise OutOfRange("Pools need positive rates and lengths and hits between 0 and 1.")
    fresh_per_output = (1.0 - prefix_hit) * isl / osl
    prefill_s = fresh_per_output / (rates[0] * match[0])
    output = 1.0 / (1.0 / (rates[1] * match[1]) + prefill_s)
    return Pools(
        output_tok_s_per_gpu=output,
        total_tok_s_per_gpu=output * (isl + osl) / osl,
        prefill_share=prefill_s * output,
    )


def whole_workers(
    pools: Pools, gpus: int, prefill_worker_gpus: int, decode_worker_gpus: int
) -> tuple[int, int]:
    """Workers of each pool, whole ones, that fit so many GPUs.

    Parameters
    ----------
    pools : Pools
        The balance aimed at.
    gpus : int
        GPUs of both pools.
    prefill_worker_gpus, decode_worker_gpus : int
        GPUs of one worker, >= 1.

    Returns
    -------
    tuple of int
        Prefill and decode workers; (0, 0) when not one of each fits.

    Notes
    -----
    Definition. The prefill pool is rounded up, the decode pool takes what is left: below
    a few racks this is where throughput goes.
    """
    prefill = max(math.ceil(pools.prefill_share * gpus / prefill_worker_gpus), 1)
    decode = (gpus - prefill * prefill_worker_gpus) // decode_worker_gpus
    while decode < 1 < prefill:
        prefill -= 1
        decode = (gpus - prefill * prefill_worker_gpus) // decode_worker_gpus
    return (prefill, decode) if decode >= 1 else (0, 0)


def prefill_within_network(
    prefill_tok_s: float, kv_bytes_per_token: float, nic_gb_s: float
) -> float:
    """Prefill rate that the network can carry the cache of.

    Parameters
    ----------
    prefill_tok_s : float
        Input tokens of one prefill GPU. [tok/s]
    kv_bytes_per_token : float
        Cache of one token, > 0. [B]
    nic_gb_s : float
        Network of one GPU. [GB/s]

    Returns
    -------
    float
        At most the rate given. [tok/s]

    Raises
    ------
    OutOfRange
        If a number lies outside its range.

    Notes
    -----
    Definition. The cache may take 70 % of the network.
    """
    bounded("The cache of a token", kv_bytes_per_token, 0.0, above_low=True, unit="B")
    return min(prefill_tok_s, NIC_SHARE * 1e9 * nic_gb_s / kv_bytes_per_token)


def first_token_s(
    queue_s: float, fresh_tokens: float, prefill_tok_s: float, transfer_s: float
) -> float:
    """Time to the first token of a request.

    Parameters
    ----------
    queue_s, transfer_s : float
        Waiting, and moving the cache to the decode pool. [s]
    fresh_tokens : float
        Input that the cache does not hold. [tok]
    prefill_tok_s : float
        Input tokens of one prefill replica, > 0. [tok/s]

    Returns
    -------
    float
        Without the network between user and plant. [s]

    Raises
    ------
    OutOfRange
        If a number lies outside its range.

    Notes
    -----
    Definition. Queue, prefill and transfer, one after the other.
    """
    bounded("The prefill rate", prefill_tok_s, 0.0, above_low=True, unit="tok/s")
    return queue_s + fresh_tokens / prefill_tok_s + transfer_s
