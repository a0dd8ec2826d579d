"""A workload as streams with their own targets: what each asks for, and the GPUs it takes."""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Final, Literal

import numpy as np

from engine.errors import Invalid, NotFound, OutOfRange
from engine.tables import DATA, gpu_systems, model_named
from engine.tokens import roofline
from engine.tokens.measurements import SHIPPED, Measurements
from engine.tokens.queueing import cache_demand_bytes, residency_hits
from engine.tokens.throughput import Serving, frontier

Kind = Literal["serving", "training", "post_training", "video", "vision", "policy", "simulation"]

AGENT_BEST_HITS: Final = 0.95
RAY_TRACING: Final = frozenset({"rtx6000pro", "l40s"})
# Parts that draw: simulation needs one of them.


class UnknownStream(NotFound):
    """There is no stream of this name."""

    code = "unknown-stream"
    title = "No such stream"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """One kind of demand: lengths, hits, and the targets it must meet."""

    name: str
    kind: Kind
    isl: float
    osl: float
    sigma_ln: float
    prefix_hit: float
    tok_s_user: float  # output tokens per second of one user; 0: as slow as it likes
    first_token_s: float
    note: str
    source: str
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """A stream at a rate, and what it takes."""

    stream: str
    requests_per_s: float
    tok_s_per_gpu_output: float | None  # of all GPUs; None when the target is out of reach
    gpus: float | None
    tier: str
    prefix_hit: float


@lru_cache(maxsize=1)
def streams() -> Mapping[str, Stream]:
    """The shipped streams, by name.

    Notes
    -----
    Definition.
    """
    with (DATA / "streams.csv").open(newline="", encoding="utf-8") as file:
        return MappingProxyType(
            {
                row["stream"]: Stream(
                    name=row["stream"],
                    kind=_kind(row["kind"]),
                    isl=float(row["isl_median"] or 0.0),
                    osl=float(row["osl_median"] or 0.0),
                    sigma_ln=float(row["sigma_ln"] or 0.0),
                    prefix_hit=float(row["prefix_hit"] or 0.0),
                    tok_s_user=float(row["tok_s_per_user"] or 0.0),
                    first_token_s=float(row["first_token_s"] or 0.0),
                    note=row["note"],
                    source=row["source"],
                    confidence=row["confidence"],
                )
                for row in csv.DictReader(file)
            }
        )


def stream_named(name: str) -> Stream:
    """The stream of this name.

    Raises
    ------
    UnknownStream
        If there is none.

    Notes
    -----
    Definition.
    """
    try:
        return streams()[name]
    except KeyError:
        raise UnknownStream(f"There is no stream named {name!r}.", stream=name) from None


def demand(
    stream: Stream,
    requests_per_s: float,
    serving_on: tuple[str, str, str],
    *,
    usable_share: float = 1.0,
    prefix_hit: float | None = None,
    measured: Measurements = SHIPPED,
) -> Demand:
    r"""GPUs that a stream takes at a rate.

    Parameters
    ----------
    stream : Stream
        A serving stream.
    requests_per_s : float
        Arrivals at peak, >= 0. [1/s]
    serving_on : tuple of str
        GPU, model and precision.
    usable_share : float
        Share of the throughput that the first-token target leaves, (0, 1]. [1]
    prefix_hit : float, optional
        Hits in place of the stream's own. [1]
    measured : Measurements
        Which points count.

    Returns
    -------
    Demand
        Lengths are the means of the stream's lognormal lengths.

    Raises
    ------
    OutOfRange
        If the rate is negative or the share is none.
    Invalid
        If the stream serves no tokens.

    Notes
    -----
    Definition. :math:`N = \lambda\,OSL / (x_{out}(u)\,U)` over all GPUs.
    """
    if requests_per_s < 0.0 or not 0.0 < usable_share <= 1.0:
        raise OutOfRange("A rate of 0 or more and a share above 0, at most 1, are needed.")
    if stream.kind != "serving":
        raise Invalid(f"The stream {stream.name} serves no tokens.", stream=stream.name)
    gpu, model, precision = serving_on
    mean = float(np.exp(stream.sigma_ln**2 / 2.0))
    isl, osl = stream.isl * mean, stream.osl * mean
    hit = stream.prefix_hit if prefix_hit is None else prefix_hit
    best = frontier(
        Serving(
            gpu=gpu,
            model=model,
            precision=precision,
            isl=max(round(isl), 1),
            osl=max(round(osl), 1),
            prefix_hit=hit,
        ),
        measured,
    )
    rate = None if best is None else best.at(stream.tok_s_user)
    output = None if rate is None else rate * osl / (isl + osl)
    return Demand(
        stream=stream.name,
        requests_per_s=requests_per_s,
        tok_s_per_gpu_output=output,
        gpus=None if output is None else requests_per_s * osl / (output * usable_share),
        tier="none" if best is None else best.tier,
        prefix_hit=hit,
    )


def pooled_gpus(hourly: Sequence[Sequence[float]], backfill: Sequence[float] = ()) -> float:
    """GPUs of a pool that streams share, by the hour with the most of them.

    Parameters
    ----------
    hourly : sequence of sequences
        GPUs of each stream in each hour, equally long. [GPU]
    backfill : sequence of float
        GPUs of batch work an hour, that yields to everything else. [GPU]

    Returns
    -------
    float
        GPUs; partitioned pools need the sum of each stream's own greatest hour. [GPU]

    Raises
    ------
    OutOfRange
        If the streams have different lengths.

    Notes
    -----
    Definition. Batch fills what is left and so never enlarges the pool by itself, unless it
    is all there is.
    """
    if len({len(stream) for stream in hourly}) > 1:
        raise OutOfRange("Every stream needs one figure per hour.")
    together = np.sum(np.array(hourly, dtype=np.float64), axis=0) if hourly else np.zeros(1)
    mean_batch = float(np.mean(backfill)) if len(backfill) else 0.0
    return max(float(together.max()), float(together.mean()) + mean_batch)


def agent_hits(
    sessions_per_s: float,
    session_s: float,
    serving_on: tuple[str, str, str],
    *,
    gpus: int,
    context_tokens: float,
    host_gb_per_gpu: float = 0.0,
    best: float = AGENT_BEST_HITS,
) -> float:
    """Prefix hits of agents whose caches compete for memory.

    Parameters
    ----------
    sessions_per_s : float
        Sessions that begin. [1/s]
    session_s : float
        How long one lives. [s]
    serving_on : tuple of str
        GPU, model and precision.
    gpus : int
        GPUs of the pool.
    context_tokens : float
        Mean context of a session. [tok]
    host_gb_per_gpu : float
        Host memory that keeps caches, per GPU. [GB]
    best : float
        Hits when every cache is kept. [1]

    Returns
    -------
    float
        Share of the input. [1]

    Raises
    ------
    UnknownModel
        If the model is not in the table.

    Notes
    -----
    Definition. Memory beside the weights, of which every scale-up domain keeps a copy, see
    `engine.tokens.queueing.residency_hits`.
    """
    dims = model_named(serving_on[1])
    capacity = gpus * _cache_bytes(serving_on, gpus, host_gb_per_gpu)
    wanted = cache_demand_bytes(sessions_per_s, session_s, context_tokens, dims.kv_elems_per_token)
    return residency_hits(best, capacity, wanted) if wanted > 0.0 else best


def cache_tokens(serving_on: tuple[str, str, str]) -> float:
    """Tokens whose cache one GPU of a scale-up domain holds beside its share of the weights.

    Parameters
    ----------
    serving_on : tuple of str
        GPU, model and precision.

    Returns
    -------
    float
        0 where the weights leave nothing, or the GPU is in no table. [tok/GPU]

    Raises
    ------
    UnknownModel
        If the model is not in the table.

    Notes
    -----
    Definition. 90 % of the memory less weights and overhead, a byte per cached element.
    """
    if serving_on[0] not in gpu_systems():
        return 0.0
    whole = gpu_systems()[serving_on[0]].scaleup_domain
    return _cache_bytes(serving_on, whole, 0.0) / model_named(serving_on[1]).kv_elems_per_token


def _cache_bytes(serving_on: tuple[str, str, str], gpus: int, host_gb: float) -> float:
    gpu, model, precision = serving_on
    system = gpu_systems()[gpu]
    held = roofline.weights(model_named(model), precision).total / min(gpus, system.scaleup_domain)
    free = roofline.HBM_USABLE * 1e9 * system.hbm_gb - held - 1e9 * roofline.OVERHEAD_GB
    return max(free, 0.0) + 1e9 * host_gb


def _kind(text: str) -> Kind:
    for kind in ("serving", "training", "post_training", "video", "vision", "policy", "simulation"):
        if text == kind:
            return kind
    raise Invalid(f"There is no kind of stream {text!r}.", kind=text)
