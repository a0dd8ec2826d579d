"""Training and post-training as arithmetic: FLOPs and GPU-hours."""

from typing import Final

from engine.errors import OutOfRange
from engine.ranges import bounded

SECONDS_PER_HOUR: Final = 3600.0
REFERENCE_GPUS: Final = 64.0
SCALING_LOSS: Final = 0.02
# Exponent of MFU over cluster size: 38.1 % at 64 and 35.5 % at 2,048 H100 in fp8 give 0.0204.
DEFAULT_MFU: Final = {"bf16": 0.40, "fp8": 0.35, "moe": 0.30}
# Priors from memory.


def training_flop(
    active_params: float, tokens: float, *, layers: int = 0, width: float = 0.0, length: float = 0.0
) -> float:
    r"""Arithmetic of training a model.

    Parameters
    ----------
    active_params : float
        Parameters that one token passes through.
    tokens : float
        Tokens trained on. [tok]
    layers : int
        Layers with full attention; 0 leaves attention out.
    width : float
        Heads times head size. [1]
    length : float
        Sequence length. [tok]

    Returns
    -------
    float
        Floating-point operations. [FLOP]

    Notes
    -----
    :math:`6PD + 12\,L\,w\,S\,D` [1]_.

    References
    ----------
    .. [1] D. Narayanan et al., "Efficient large-scale language model training on GPU
       clusters using Megatron-LM," SC21, 2021, doi:10.1145/3458817.3476209.
    """
    return tokens * (6.0 * active_params + 12.0 * layers * width * length)


def training_gpu_h(flop: float, flop_s_per_gpu: float, mfu: float, goodput: float = 1.0) -> float:
    """GPU-hours that a training run takes.

    Parameters
    ----------
    flop : float
        Arithmetic of the run. [FLOP]
    flop_s_per_gpu : float
        Dense peak of one GPU. [FLOP/s]
    mfu : float
        Share of the peak that is useful, (0, 1]. [1]
    goodput : float
        Share of the time that is not lost to failures, (0, 1]. [1]

    Returns
    -------
    float
        GPU-hours. [GPU-h]

    Raises
    ------
    OutOfRange
        If a share does not lie above 0 and up to 1.

    Notes
    -----
    Definition.
    """
    if not (0.0 < mfu <= 1.0 and 0.0 < goodput <= 1.0):
        raise OutOfRange("MFU and goodput lie above 0 and up to 1.", mfu=mfu, goodput=goodput)
    return flop / (flop_s_per_gpu * mfu * goodput) / SECONDS_PER_HOUR


def mfu_at_scale(mfu_at_64: float, gpus: float, loss: float = SCALING_LOSS) -> float:
    r"""Share of the peak that is useful in a cluster of a size.

    Parameters
    ----------
    mfu_at_64 : float
        Share at 64 GPUs. [1]
    gpus : float
        GPUs of the job, > 0.
    loss : float
        Exponent. [1]

    Returns
    -------
    float
        Share; never above that of 64 GPUs. [1]

    Raises
    ------
    OutOfRange
        If a number lies outside its range.

    Notes
    -----
    :math:`MFU_{64}(N/64)^{-\beta}`, :math:`\beta` fitted to two published points [1]_.

    References
    ----------
    .. [1] NVIDIA performance of fp8 training on H100 at 64 and 2,048 GPUs.
    """
    bounded("The number of GPUs", gpus, 0.0, above_low=True)
    return mfu_at_64 * min(1.0, float((gpus / REFERENCE_GPUS) ** -loss))


def post_training_gpu_h(
    rollout_tokens: float,
    decode_tok_s_per_gpu: float,
    accepted: float,
    train_gpu_h_per_token: float,
) -> float:
    """GPU-hours of reinforcement learning: rollouts decoded, accepted ones trained on.

    Parameters
    ----------
    rollout_tokens : float
        Output tokens of all rollouts. [tok]
    decode_tok_s_per_gpu : float
        Output tokens of one GPU, > 0. [tok/s]
    accepted : float
        Share of the rollouts that is trained on, 0 to 1. [1]
    train_gpu_h_per_token : float
        GPU-hours of training per token. [GPU-h]

    Returns
    -------
    float
        GPU-hours of both. [GPU-h]

    Raises
    ------
    OutOfRange
        If a number lies outside its range.

    Notes
    -----
    Definition. The two at their own throughput, one after the other or side by side.
    """
    bounded("The decode rate", decode_tok_s_per_gpu, 0.0, above_low=True, unit="tok/s")
    bounded("The share accepted", accepted, 0.0, 1.0)
    decode = rollout_tokens / decode_tok_s_per_gpu / SECONDS_PER_HOUR
    return decode + rollout_tokens * accepted * train_gpu_h_per_token
