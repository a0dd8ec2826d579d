"""Decode speed of a serving replica from first principles, with fitted constants.

The second choice: used where nobody has measured, and to carry a measured
frontier to another prompt length.
"""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from engine.ranges import bounded
from engine.tables import GpuSystem, LanguageModel
from engine.tokens.attention import (
    attention_decode_flop,
    attention_prefill_flop,
    kv_elems_per_token,
)
from engine.tokens.speculation import NONE, Speculation

Array = npt.NDArray[np.float64]

SIGMA: Final = 0.25
# Lognormal sigma of a predicted frontier; the median error over 2,187 points is 14.0 %, and
# 0.22 in the logarithm over published results that no constant was fitted to.

DENSE_BYTES: Final = {"fp4": 1.0, "fp8": 1.0, "int4": 2.0, "bf16": 2.0}
EXPERT_BYTES: Final = {"fp4": 0.5625, "fp8": 1.0, "int4": 0.53, "bf16": 2.0}
# Bytes per weight as the benchmark's checkpoints store them: 4-bit formats carry one
# scale byte per 16 weights. Of a mixture of experts they pack the experts and keep the
# rest at 8 or 16 bit; of a dense model they pack every layer and keep the embeddings.
DENSE_FORMAT: Final = {"fp4": "fp8", "fp8": "fp8", "int4": "bf16", "bf16": "bf16"}
# What the weights beside the experts compute at: they are stored in that format.

KV_BYTES: Final = 1.0
INDEXER_READ: Final = 0.15
PREFILL_LINK_SHARE: Final = 0.5
# Of the scale-up bandwidth, that the long messages of a prompt reach; from memory.
HBM_USABLE: Final = 0.90
OVERHEAD_GB: Final = 3.9
# 3.5 GB of runtime and 0.4 GB of collective buffers per GPU.


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Bytes of weights: read at every step, and held by the experts."""

    dense: float
    experts: float
    packed_active: float  # share of the active parameters stored, and computed, in the format

    @property
    def total(self) -> float:
        """All weights. [B]"""
        return self.dense + self.experts


def weights(model: LanguageModel, precision: str) -> Weights:
    """Bytes of dense and expert weights at a precision.

    Parameters
    ----------
    model : LanguageModel
        Dimensions of the model.
    precision : {"fp4", "int4", "fp8", "bf16"}
        Format of the weights.

    Returns
    -------
    Weights
        Bytes, dense and expert apart. [B]

    Notes
    -----
    Definition. Experts hold three matrices of hidden x intermediate per expert
    and layer, capped at 97 % of the published total. A dense model has two matrices of
    hidden x vocabulary beside its layers.
    """
    if not model.experts:
        embeddings = 2.0 * model.hidden * model.vocab
        layers = model.params_total - embeddings
        return Weights(
            dense=layers * EXPERT_BYTES[precision] + embeddings * DENSE_BYTES[precision],
            experts=0.0,
            packed_active=1.0,
        )
    moe_layers = model.layers - model.first_dense_layers
    expert_params = min(
        3.0 * model.experts * model.hidden * model.moe_intermediate * moe_layers,
        0.97 * model.params_total,
    )
    active = expert_params * model.experts_active / model.experts
    dense_bytes = DENSE_BYTES["bf16" if _keeps_bf16(model) else precision]
    return Weights(
        dense=(model.params_total - expert_params) * dense_bytes,
        experts=expert_params * EXPERT_BYTES[precision],
        packed_active=min(active / model.params_active, 0.95),
    )


def _keeps_bf16(model: LanguageModel) -> bool:
    """Whether a model is published with 16 bit beside its packed experts."""
    return model.key.startswith("gpt-oss")


def _flop_seconds(model: LanguageModel, system: GpuSystem, precision: str) -> float:
    """Arithmetic of one token's weights, each at the rate of its format, at full rate. [s]"""
    packed = weights(model, precision).packed_active
    rest = "bf16" if _keeps_bf16(model) else DENSE_FORMAT[precision]
    return (
        2.0
        * model.params_active
        * (packed / flops_per_s(system, precision) + (1.0 - packed) / flops_per_s(system, rest))
    )


def weights_gb(params: float, bits_per_weight: float) -> float:
    """Memory that the weights of a model take.

    Parameters
    ----------
    params : float
        Parameters.
    bits_per_weight : float
        With the share of its scales, e.g. 4.25. [bit]

    Returns
    -------
    float
        Decimal gigabytes. [GB]

    Notes
    -----
    Definition.
    """
    return params * bits_per_weight / 8.0 / 1e9


def packages_for(gb: float, hbm_gb: float, usable: float = 1.0) -> int:
    """GPUs whose memory holds so many gigabytes.

    Parameters
    ----------
    gb : float
        What must be held. [GB]
    hbm_gb : float
        Memory of one GPU, > 0. [GB]
    usable : float
        Share of it that may be filled, (0, 1]. [1]

    Returns
    -------
    int
        Whole GPUs.

    Raises
    ------
    OutOfRange
        If a number lies outside its range.

    Notes
    -----
    Definition. Weights alone; cache and buffers come on top, see `batch_limit`.
    """
    bounded("The memory of a GPU", hbm_gb, 0.0, above_low=True, unit="GB")
    bounded("The usable share", usable, 0.0, above_low=True)
    return math.ceil(gb / (hbm_gb * usable))


def flops_per_s(system: GpuSystem, precision: str) -> float:
    """Dense arithmetic rate used by a precision. [FLOP/s]

    Notes
    -----
    Definition. A part without 4-bit arithmetic, and integer 4-bit weights
    everywhere, compute at bf16.
    """
    by_precision = {
        "fp4": system.fp4_tflops or system.bf16_tflops,
        "fp8": system.fp8_tflops,
        "int4": system.bf16_tflops,
        "bf16": system.bf16_tflops,
    }
    return 1e12 * by_precision[precision]


def kv_sharding(model: LanguageModel, gpus: int, *, dp_attention: bool) -> float:
    """Share of the cache that one GPU of a replica reads.

    Notes
    -----
    Definition. Data-parallel attention and grouped heads divide it; beyond the
    number of key-value heads, and for latent attention under tensor
    parallelism, it is replicated.
    """
    if dp_attention:
        return 1.0 / gpus
    if model.is_mla:
        return 1.0
    return 1.0 / min(gpus, max(model.kv_heads, 1))


def context_read(model: LanguageModel, context: float) -> float:
    """Tokens of cache that one decoded token reads, at full-layer equivalent.

    Notes
    -----
    Definition. Sparse attention reads its top-k and 15 % for its index.
    """
    if model.index_topk and "DSA" in model.attention:
        return min(context, float(model.index_topk)) + INDEXER_READ * context
    return context


def cache_elems(model: LanguageModel, context: float) -> float:
    """Numbers that one sequence keeps at a context, before sparse attention chooses. [1]

    Notes
    -----
    Definition. Sliding layers keep their window and no more.
    """
    return context * model.kv_elems_per_token + _sliding_elems(model, context)


def _sliding_elems(model: LanguageModel, context: float) -> float:
    window = min(float(model.sliding_window), context)
    return window * kv_elems_per_token(model.sliding_layers, model.kv_heads, model.head_dim)


def _attention_flop(model: LanguageModel, context: float, isl: float) -> tuple[float, float]:
    """Arithmetic of attention for a decoded token and for one of the input. [FLOP]"""
    full, heads, size = model.full_attn_layers, model.q_heads, model.head_dim
    rank = model.kv_lora_rank if model.is_mla else 0
    rope = model.qk_rope_dim if model.is_mla else 0
    read = context_read(model, context)
    decode = attention_decode_flop(full, heads, size, read, latent_rank=rank, rope_dim=rope)
    prefill = attention_prefill_flop(full, heads, size, isl, latent_rank=rank)
    if model.sliding_layers:
        window = float(model.sliding_window)
        decode += attention_decode_flop(model.sliding_layers, heads, size, min(window, context))
        prefill += attention_prefill_flop(model.sliding_layers, heads, size, min(2.0 * window, isl))
    return decode, prefill


def time_per_token_s(
    model: LanguageModel,
    system: GpuSystem,
    precision: str,
    *,
    gpus: int,
    batch: Array,
    isl: float,
    osl: float,
    dp_attention: bool,
    prefix_hit: float = 0.0,
    speculation: Speculation = NONE,
) -> Array:
    r"""Time between two output tokens of one user, aggregated serving.

    Parameters
    ----------
    model, system : LanguageModel, GpuSystem
        What is served and on what.
    precision : {"fp4", "int4", "fp8", "bf16"}
        Format of the weights.
    gpus : int
        GPUs of the replica.
    batch : array, shape (n,)
        Sequences in flight. [1]
    isl, osl : float
        Mean input and output length. [tok]
    dp_attention : bool
        Attention data-parallel instead of tensor-parallel.
    prefix_hit : float
        Share of the input found in the prefix cache. [1]
    speculation : Speculation
        Drafting; none by default.

    Returns
    -------
    array, shape (n,)
        Time per output token. [s]

    Notes
    -----
    :math:`T = \max(m/\eta_m, f/\eta_c) + t_{link} + t_{launch} + B/OSL\,ISL(1-h)t_{pre}`
    with the bytes :math:`m` and operations :math:`f` of one step; each weight computes at the
    rate of the format it is stored in, and the input too is reduced over the replica. The seven
    constants of a GPU are fitted together and are not to be mixed. Drafting divides
    the step by the tokens it yields, and multiplies its arithmetic and launches. Range:
    one scale-up domain; median error 14 %, worst tenth 42 %, without drafting.

    References
    ----------
    .. [1] S. Williams et al., "Roofline: an insightful visual performance model
       for multicore architectures," Commun. ACM, vol. 52, no. 4, pp. 65-76,
       2009, doi:10.1145/1498765.1498785.
    """
    step_s, prefill_s = step_and_prefill_s(
        model,
        system,
        precision,
        gpus=gpus,
        batch=batch,
        isl=isl,
        osl=osl,
        dp_attention=dp_attention,
        prefix_hit=prefix_hit,
        speculation=speculation,
    )
    return np.asarray(step_s + prefill_s)


def step_and_prefill_s(
    model: LanguageModel,
    system: GpuSystem,
    precision: str,
    *,
    gpus: int,
    batch: Array,
    isl: float,
    osl: float,
    dp_attention: bool,
    prefix_hit: float = 0.0,
    speculation: Speculation = NONE,
) -> tuple[Array, Array]:
    """Time of one output token's own step, and what prefill of other requests adds to it.

    Parameters
    ----------
    model, system, precision, gpus, batch, isl, osl, dp_attention, prefix_hit, speculation
        As for `time_per_token_s`.

    Returns
    -------
    tuple of array, shape (n,)
        Decode and prefill time per output token. [s]

    Notes
    -----
    Definition. The two terms of `time_per_token_s`; their shares split cost by GPU-time.
    """
    held = weights(model, precision)
    context = isl + osl / 2.0
    touched = (
        1.0 - (1.0 - model.experts_active / model.experts) ** batch
        if model.experts
        else np.zeros_like(batch)
    )
    dense_share = 1.0 if dp_attention else 1.0 / gpus
    read = context_read(model, context) * model.kv_elems_per_token + _sliding_elems(model, context)
    cache_bytes = batch * read * KV_BYTES
    bytes_per_gpu = (
        held.dense * dense_share
        + held.experts * touched / gpus
        + cache_bytes * kv_sharding(model, gpus, dp_attention=dp_attention)
    )
    memory_s = bytes_per_gpu / (1e12 * system.hbm_tb_s)

    decode_flop, prefill_flop = _attention_flop(model, context, isl)
    weights_s, rate_fp8 = _flop_seconds(model, system, precision), 1e12 * system.fp8_tflops
    compute_s = batch * (weights_s + decode_flop / rate_fp8) / gpus

    replicas = gpus if dp_attention else 1
    token_bytes = 2.0 * model.layers * model.hidden * 2.0 * (gpus - 1) / gpus / replicas
    full_link_s = token_bytes / (1e9 * system.scaleup_gb_s)
    link_s = batch * full_link_s / system.eta_link
    prefill_s = (weights_s + prefill_flop / rate_fp8) / (
        gpus * system.eta_prefill
    ) + full_link_s / PREFILL_LINK_SHARE
    moe_layers = model.layers - model.first_dense_layers if model.experts else 0
    launch_s = 1e-6 * (
        model.layers * system.t_attn_us
        + moe_layers * system.t_moe_us
        + 2.0 * model.layers * system.t_coll_us * (gpus > 1)
    )
    busy_s = np.maximum(
        memory_s / system.eta_mem, compute_s * speculation.compute_factor / system.eta_comp
    )
    step_s = busy_s + link_s + launch_s * speculation.overhead_factor
    return step_s / speculation.tokens_per_step, batch / osl * isl * (1.0 - prefix_hit) * prefill_s


def batch_limit(
    model: LanguageModel,
    system: GpuSystem,
    precision: str,
    *,
    gpus: int,
    context: float,
    dp_attention: bool,
) -> float:
    """Sequences whose cache fits beside the weights; below 1 it does not run.

    Parameters
    ----------
    model, system : LanguageModel, GpuSystem
        What is served and on what.
    precision : {"fp4", "int4", "fp8", "bf16"}
        Format of the weights.
    gpus : int
        GPUs of the replica.
    context : float
        Tokens that a sequence keeps at its longest. [tok]
    dp_attention : bool
        Attention data-parallel instead of tensor-parallel.

    Returns
    -------
    float
        Sequences of the replica. [1]

    Notes
    -----
    Definition. 90 % of the memory less weights and 3.9 GB of overhead.
    """
    held = weights(model, precision)
    per_gpu = held.experts / gpus + held.dense * (1.0 if dp_attention else 1.0 / gpus)
    free = HBM_USABLE * 1e9 * system.hbm_gb - 1e9 * OVERHEAD_GB - per_gpu
    per_sequence = cache_elems(model, context) * KV_BYTES
    return free / (per_sequence * kv_sharding(model, gpus, dp_attention=dp_attention))


def predicted_points(
    model: LanguageModel,
    system: GpuSystem,
    precision: str,
    *,
    isl: float,
    osl: float,
    prefix_hit: float = 0.0,
    speculation: Speculation = NONE,
) -> tuple[Array, Array]:
    """Speed per user and throughput per GPU of every layout worth trying.

    Parameters
    ----------
    model, system : LanguageModel, GpuSystem
        What is served and on what.
    precision : {"fp4", "int4", "fp8", "bf16"}
        Format of the weights.
    isl, osl : float
        Input and output length. [tok]
    prefix_hit : float
        Share of the input found in the prefix cache. [1]
    speculation : Speculation
        Drafting; none by default.

    Returns
    -------
    tuple of array, shape (n,)
        Speed of one user [tok/s] and all tokens per GPU [tok/s]; empty when the
        model fits no layout.

    Notes
    -----
    Definition. Replicas of 1, 2, 4… GPUs up to the scale-up domain, attention
    tensor- or data-parallel, 40 batch sizes on a logarithmic grid.
    """
    speeds, rates, _ = _layouts(
        model, system, precision, lengths=(isl, osl), prefix_hit=prefix_hit, speculation=speculation
    )
    return speeds, rates


def prefill_time_share(
    model: LanguageModel,
    system: GpuSystem,
    precision: str,
    *,
    isl: float,
    osl: float,
    tok_s_user: float,
    prefix_hit: float = 0.0,
) -> float:
    """Share of the GPU-time that reading the input takes, at a speed per user.

    Parameters
    ----------
    model, system, precision, isl, osl, prefix_hit
        As for `predicted_points`.
    tok_s_user : float
        Output tokens per second of one user. [tok/s]

    Returns
    -------
    float
        0 to 1; of the layout with the greatest throughput that is fast enough, or of the
        fastest. 0 when the model fits no layout. [1]

    Notes
    -----
    Definition. The prefill term of the time per output token over both terms.
    """
    speeds, rates, shares = _layouts(
        model, system, precision, lengths=(isl, osl), prefix_hit=prefix_hit, speculation=NONE
    )
    if not speeds.size:
        return 0.0
    enough = speeds >= min(tok_s_user, float(speeds.max()))
    return float(shares[np.argmax(np.where(enough, rates, -1.0))])


def _layouts(
    model: LanguageModel,
    system: GpuSystem,
    precision: str,
    *,
    lengths: tuple[float, float],
    prefix_hit: float,
    speculation: Speculation,
) -> tuple[Array, Array, Array]:
    """Speed per user, throughput per GPU and prefill's share of the time, layout by layout."""
    isl, osl = lengths
    speeds, rates, shares = [np.empty(0)], [np.empty(0)], [np.empty(0)]
    gpus = 1
    while gpus <= system.scaleup_domain:
        for dp_attention in (False, True) if gpus > 1 else (False,):
            limit = batch_limit(
                model, system, precision, gpus=gpus, context=isl + osl, dp_attention=dp_attention
            )
            if limit >= 1.0:
                batch = np.geomspace(1.0, min(limit, 8192.0), 40)
                step_s, prefill_s = step_and_prefill_s(
                    model,
                    system,
                    precision,
                    gpus=gpus,
                    batch=batch,
                    isl=isl,
                    osl=osl,
                    dp_attention=dp_attention,
                    prefix_hit=prefix_hit,
                    speculation=speculation,
                )
                token_s = step_s + prefill_s
                speeds.append(1.0 / token_s)
                rates.append(batch / token_s / gpus * (isl + osl) / osl)
                shares.append(prefill_s / token_s)
        gpus *= 2
    return np.concatenate(speeds), np.concatenate(rates), np.concatenate(shares)
