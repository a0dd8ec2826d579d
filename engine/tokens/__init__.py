"""What the machines deliver: workload, throughput, tokens per second.

The functions a reader looks for by name, all with plain arguments unless they take a model and a
GPU of the tables; each says its formula, units and range of validity.
"""

from engine.tokens.attention import (
    attention_decode_flop,
    attention_prefill_flop,
    kv_elems_per_token,
)
from engine.tokens.disaggregation import matched_pools, prefill_within_network, whole_workers
from engine.tokens.goodput import (
    available_share,
    checkpoint_interval_h,
    cluster_mtbf_h,
    failures_per_gpu_year,
    throttled_share,
    training_goodput,
)
from engine.tokens.latency import task_s
from engine.tokens.queueing import (
    cache_demand_bytes,
    erlang_c,
    mean_wait_s,
    residency_hits,
    usable_share,
)
from engine.tokens.roofline import (
    batch_limit,
    packages_for,
    predicted_points,
    time_per_token_s,
    weights,
    weights_gb,
)
from engine.tokens.speculation import Speculation, accepted_tokens
from engine.tokens.throughput import Serving, frontier, measured_frontier, roofline_frontier
from engine.tokens.training import (
    mfu_at_scale,
    post_training_gpu_h,
    training_flop,
    training_gpu_h,
)
from engine.tokens.workload import concurrency

__all__ = [
    "Serving",
    "Speculation",
    "accepted_tokens",
    "attention_decode_flop",
    "attention_prefill_flop",
    "available_share",
    "batch_limit",
    "cache_demand_bytes",
    "checkpoint_interval_h",
    "cluster_mtbf_h",
    "concurrency",
    "erlang_c",
    "failures_per_gpu_year",
    "frontier",
    "kv_elems_per_token",
    "matched_pools",
    "mean_wait_s",
    "measured_frontier",
    "mfu_at_scale",
    "packages_for",
    "post_training_gpu_h",
    "predicted_points",
    "prefill_within_network",
    "residency_hits",
    "roofline_frontier",
    "task_s",
    "throttled_share",
    "time_per_token_s",
    "training_flop",
    "training_goodput",
    "training_gpu_h",
    "usable_share",
    "weights",
    "weights_gb",
    "whole_workers",
]
