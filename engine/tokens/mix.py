"""A workload of several streams on one plant: GPUs, rate and losses of each."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from engine.assumptions import Assumptions
from engine.plant import Site, StreamAsked
from engine.tables import gpu_systems, model_named, models
from engine.tokens import goodput, training
from engine.tokens.latency import first_token_parts_s
from engine.tokens.measurements import Measurements, measurements
from engine.tokens.physical import clips_per_s, images_per_s, robots_per_gpu
from engine.tokens.queueing import residency_hits, usable_share
from engine.tokens.roofline import EXPERT_BYTES, SIGMA
from engine.tokens.streams import RAY_TRACING, Kind, Stream, cache_tokens, stream_named
from engine.tokens.throughput import Frontier, frontier
from engine.tokens.workload import DEFAULT_MODEL, Served, utilisation_factors

Unit = Literal["token", "clip", "image", "robot", "GPU"]
Present = tuple[tuple[str, int], ...]

POLICY_MODEL: Final = "policy-3b"
AGENT_SIGMA: Final = 0.35
# No agentic replay is among the points: lognormal, wider than a tier's own.
TRAINING_SIGMA: Final = 0.15
MOST_HITS: Final = 0.99
SLOTS_MOST: Final = 1024
UNITS: Final[Mapping[Kind, Unit]] = {
    "serving": "token",
    "training": "token",
    "post_training": "token",
    "video": "clip",
    "vision": "image",
    "policy": "robot",
    "simulation": "GPU",
}
SIGMA_BY_KIND: Final[Mapping[Kind, float]] = {"video": 0.1, "vision": 0.1, "policy": SIGMA}
NOTHING_ABLE: Final[Mapping[Kind, str]] = {
    "video": "nobody measured video clips on the GPUs of this plan.",
    "vision": "nobody measured images on the GPUs of this plan.",
    "policy": "no GPU on the plan answers within the deadline.",
    "simulation": "the GPUs of this plan draw nothing: simulation needs "
    f"{' or '.join(sorted(RAY_TRACING))}.",
}
NOTES: Final[Mapping[Kind, str]] = {
    "video": "Wan 2.2 text to video, offline",
    "vision": "Qwen3-VL-235B, offline",
    "policy": "every action within {deadline:.0f} ms, the next right after",
    "simulation": "by the GPU-hour",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One factor between what a stream's GPUs could give and what is sold."""

    factor: str
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """A stream on the plant. Rates are in its own unit per second, robots and GPUs at work."""

    stream: Stream
    unit: Unit
    model: str
    gpus: float
    share: float  # of the plant's GPUs
    per_gpu: float | None = None  # at the target, all tokens
    nameplate: float | None = None
    sold: float | None = None  # mean of the year
    sold_output: float | None = None  # tokens only
    steps: tuple[Step, ...] = ()
    prefix_hit: float = 0.0
    tier: str = "none"
    sigma: float | None = None
    read_s: float | None = None  # reading the prompt before the first token, serving only
    caches: float | None = None  # sessions whose caches the pool holds
    is_backfill: bool = False
    note: str = ""
    reason: str | None = None  # why there is no rate
    is_refused: bool = False  # no share would help


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the streams share: the GPUs by kind, the design's settings, the points that count."""

    present: Present
    site: Site
    assumptions: Assumptions
    measured: Measurements

    @property
    def gpus(self) -> int:
        """GPUs of all kinds."""
        return sum(count for _, count in self.present)

    def factors(self, asked: StreamAsked) -> dict[str, float]:
        """The design's utilisation chain with the stream's own load factor."""
        chain = utilisation_factors(self.site, self.assumptions)
        found = {name: value for name, value, _ in chain}
        if asked.load_factor_fraction is not None:
            found["load_factor"] = asked.load_factor_fraction
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """All streams of a plant, and what of its GPUs nobody asked for."""

    lanes: tuple[Lane, ...]
    gpus: int
    asked_share: float  # may exceed 1: then the plant is too small

    @property
    def free_gpus(self) -> float:
        """GPUs that no stream was given."""
        return self.gpus * max(1.0 - self.asked_share, 0.0)


def mix(present: Present, site: Site, assumptions: Assumptions) -> Mix:
    r"""Every stream of a design on its GPUs.

    Parameters
    ----------
    present : tuple of (gpu, count)
        GPUs by kind.
    site : Site
        Streams, model, precision and utilisation.
    assumptions : Assumptions
        Lines ``ops.*``.

    Returns
    -------
    Mix
        Every stream takes its share of each kind of GPU; one with a rate of requests takes
        what that needs. Batch work with neither fills the idle hours of the others.

    Raises
    ------
    UnknownStream
        If a stream is in no table.
    OutOfRange
        If the hits are no fraction below 1.

    Notes
    -----
    Definition. Partitioned pools: :math:`N = \lambda\,OSL/(x_{out}(u)\,U)`, U being every
    factor but the load factor. A length is the mean of a lognormal with the stream's median.
    """
    plan = Plan(
        present=present, site=site, assumptions=assumptions, measured=measurements(assumptions)
    )
    lanes = [_lane(asked, plan) for asked in site.streams]
    for place, asked in enumerate(site.streams):
        if asked.name == "batch" and not lanes[place].share and not lanes[place].is_refused:
            lanes[place] = _backfilled(lanes[place], asked, lanes, plan)
    return Mix(
        lanes=tuple(lanes),
        gpus=plan.gpus,
        asked_share=math.fsum(lane.share for lane in lanes),
    )


def settled(asked: StreamAsked) -> Stream:
    """The stream of the table with the design's own targets in place.

    Parameters
    ----------
    asked : StreamAsked
        What the design says of it.

    Returns
    -------
    Stream
        Complete.

    Raises
    ------
    UnknownStream
        If there is none of this name.

    Notes
    -----
    Definition.
    """
    stream = stream_named(asked.name)

    def own(value: float | None, otherwise: float) -> float:
        return otherwise if value is None else float(value)

    return replace(
        stream,
        isl=own(asked.isl, stream.isl),
        osl=own(asked.osl, stream.osl),
        prefix_hit=own(asked.prefix_hit_fraction, stream.prefix_hit),
        tok_s_user=own(asked.tok_s_user, stream.tok_s_user),
        first_token_s=own(asked.first_token_s, stream.first_token_s),
    )


def _lane(asked: StreamAsked, plan: Plan) -> Lane:
    stream = settled(asked)
    share = asked.share_fraction or 0.0
    model = asked.model or (
        POLICY_MODEL if stream.kind == "policy" else plan.site.workload.model or DEFAULT_MODEL
    )
    lane = Lane(
        stream=stream,
        unit=UNITS[stream.kind],
        model=model,
        gpus=share * plan.gpus,
        share=share,
        prefix_hit=min(stream.prefix_hit, MOST_HITS),
    )
    if not plan.present:
        return replace(lane, reason="no rack on the plan carries GPUs.")
    if model not in models():
        return replace(lane, reason=f"the model {model!r} is in no table.")
    if stream.kind == "serving":
        return _serving(lane, asked, plan)
    if not share:
        return replace(lane, reason="give it a share of the GPUs.")
    if stream.kind in ("training", "post_training"):
        return _training(lane, plan)
    return _physical(lane, asked, plan)


def _served(lane: Lane, site: Site) -> Served:
    mean = math.exp(lane.stream.sigma_ln**2 / 2.0)
    precision = site.workload.precision
    return Served(
        model=lane.model,
        precision=precision if precision in EXPERT_BYTES else None,
        isl=max(round(lane.stream.isl * mean), 1),
        osl=max(round(lane.stream.osl * mean), 1),
        tok_s_user=lane.stream.tok_s_user,
        prefix_hit=lane.prefix_hit,
        inputs=(),
    )


def _serving(lane: Lane, asked: StreamAsked, plan: Plan) -> Lane:
    work = _served(lane, plan.site)
    held = sum(
        count * lane.share * cache_tokens((gpu, lane.model, work.on(gpu).precision))
        for gpu, count in plan.present
    )
    if asked.sessions and lane.share:
        wanted = asked.sessions * (work.isl + work.osl)
        lane = replace(lane, prefix_hit=residency_hits(lane.prefix_hit, held, wanted))
        work = _served(lane, plan.site)
    curves = {
        gpu: (count, best)
        for gpu, count in plan.present
        if (best := frontier(work.on(gpu), plan.measured)) is not None
    }
    full = sum(count * (best.at(work.tok_s_user) or 0.0) for count, best in curves.values())
    if full <= 0.0:
        return replace(lane, reason=_unreachable(lane, curves), is_refused=True)
    best = max(curves.values(), key=lambda found: found[0])[1]
    lane = replace(
        lane,
        per_gpu=full / plan.gpus,
        tier=best.tier,
        sigma=max(best.sigma, AGENT_SIGMA) if lane.stream.name == "agentic" else best.sigma,
    )
    factors, output = plan.factors(asked), work.osl / (work.isl + work.osl)
    _, read_s = first_token_parts_s(work.on(next(iter(curves))), work.tok_s_user, 0.0)
    share = lane.share
    if asked.requests_per_s:
        usable = math.prod(value for name, value in factors.items() if name != "load_factor")
        if usable <= 0.0:
            return replace(lane, reason="nothing of the GPUs is usable.", is_refused=True)
        share = asked.requests_per_s * work.osl / (full * output * usable)
    elif share and lane.stream.first_token_s > 0.0:
        slots = share * full * output / work.tok_s_user
        factors["slo"] = min(factors["slo"], _queue(lane, work, read_s, slots))
    if not share:
        return replace(lane, reason="give it a share of the GPUs, or requests per second.")
    sold = share * full * math.prod(factors.values())
    return replace(
        lane,
        gpus=share * plan.gpus,
        share=share,
        nameplate=share * full,
        sold=sold,
        sold_output=sold * output,
        steps=tuple(Step(factor=name, value=value) for name, value in factors.items()),
        read_s=read_s,
        caches=held / (work.isl + work.osl) if held else None,
    )


def _unreachable(lane: Lane, curves: Mapping[str, tuple[int, Frontier]]) -> str:
    if not curves:
        return f"no GPU on the plan has data for {lane.model}, or it fits none of them."
    fastest = max(best.fastest_tok_s_user for _, best in curves.values())
    return (
        f"{lane.stream.tok_s_user:g} tokens/s per user are out of reach; the fastest known is "
        f"{fastest:.0f}."
    )


def _queue(lane: Lane, work: Served, read_s: float, slots: float) -> float:
    """What the target for the first token leaves of a pool of so many requests in flight."""
    return usable_share(
        int(min(max(slots, 1.0), SLOTS_MOST)),
        work.osl / work.tok_s_user + read_s,
        max(lane.stream.first_token_s - read_s, 0.0),
        (1.0, math.expm1(lane.stream.sigma_ln**2)),
    )


def _backfilled(lane: Lane, asked: StreamAsked, lanes: list[Lane], plan: Plan) -> Lane:
    """Batch work in the hours that the serving streams leave idle."""
    if lane.per_gpu is None:
        return lane
    idle = math.fsum(
        other.share * (1.0 - step.value)
        for other in lanes
        if other.stream.kind == "serving"
        for step in other.steps
        if step.factor == "load_factor"
    )
    filled = min(idle, 1.0) * plan.assumptions.value("ops.batch_backfill_eff")
    if filled <= 0.0:
        return replace(lane, reason="no serving stream leaves idle hours to fill.")
    factors = {
        name: value
        for name, value in plan.factors(asked).items()
        if name not in ("slo", "load_factor")
    }
    work, nameplate = _served(lane, plan.site), filled * plan.gpus * lane.per_gpu
    sold = nameplate * math.prod(factors.values())
    return replace(
        lane,
        gpus=filled * plan.gpus,
        nameplate=nameplate,
        sold=sold,
        sold_output=sold * work.osl / (work.isl + work.osl),
        steps=tuple(Step(factor=name, value=value) for name, value in factors.items()),
        is_backfill=True,
        note="idle hours of the other streams; it pays the energy that it adds",
        reason=None,
    )


def _training(lane: Lane, plan: Plan) -> Lane:
    """Tokens trained on, after what failures, checkpoints and restarts take."""
    model, value = model_named(lane.model), plan.assumptions.value
    flop = training.training_flop(
        model.params_active,
        1.0,
        layers=model.full_attn_layers if lane.stream.isl else 0,
        width=float(model.q_heads * model.head_dim),
        length=lane.stream.isl,
    )
    peak = sum(
        count * 1e12 * gpu_systems()[gpu].fp8_tflops
        for gpu, count in plan.present
        if gpu in gpu_systems()
    )
    if peak <= 0.0:
        return replace(lane, reason="no GPU on the plan is in the table of systems.")
    mfu = training.DEFAULT_MFU["moe" if model.experts else "fp8"]
    scale = training.mfu_at_scale(mfu, lane.gpus) / mfu
    # A job holds one GPU at least, however small its share.
    gpus = max(lane.gpus, 1.0)
    mtbf_h = goodput.cluster_mtbf_h(value("ops.unexpected_interrupts_per_gpu_yr"), gpus)
    write_h, restart_h = value("ops.checkpoint_write_min") / 60.0, value("ops.restart_min") / 60.0
    interval_h = goodput.checkpoint_interval_h(write_h, mtbf_h)
    steps = {
        "mfu": mfu,
        "scale": scale,
        "availability": plan.factors(StreamAsked(name=lane.stream.name))["availability"],
        "goodput": goodput.training_goodput(interval_h, write_h, restart_h, mtbf_h),
    }
    nameplate = lane.share * peak / flop
    note = f"fp8; a failure every {mtbf_h:,.1f} h, a checkpoint every {60.0 * interval_h:,.0f} min"
    trained = nameplate * math.prod(steps.values())
    if lane.stream.kind == "post_training":
        return _rolled_out(lane, plan, trained, nameplate)
    return replace(
        lane,
        per_gpu=nameplate / lane.gpus,
        nameplate=nameplate,
        sold=trained,
        sold_output=trained,
        steps=tuple(Step(factor=name, value=each) for name, each in steps.items()),
        tier="arithmetic",
        sigma=TRAINING_SIGMA,
        note=note,
    )


def _rolled_out(lane: Lane, plan: Plan, trained: float, nameplate: float) -> Lane:
    """Rollouts decoded at the frontier's slow end, and training on those accepted."""
    accepted = plan.assumptions.value("ops.rl_accepted_fraction")
    stream = replace(
        stream_named("reasoning"), tok_s_user=stream_named("batch").tok_s_user, first_token_s=0.0
    )
    rollout = _serving(
        replace(lane, stream=stream, prefix_hit=stream.prefix_hit),
        StreamAsked(name="reasoning", load_factor_fraction=1.0),
        plan,
    )
    if rollout.sold_output is None:
        return replace(lane, reason=rollout.reason)
    decode_s, train_s = 1.0 / rollout.sold_output, accepted / trained
    rate = 1.0 / (decode_s + train_s)
    return replace(
        lane,
        per_gpu=rate / lane.gpus,
        nameplate=nameplate,
        sold=rate,
        sold_output=rate,
        tier=rollout.tier,
        sigma=rollout.sigma,
        note=f"tokens of rollouts; {decode_s * rate:.0%} of the time decodes, {accepted:.0%} of "
        "the rollouts are trained on",
    )


def _physical(lane: Lane, asked: StreamAsked, plan: Plan) -> Lane:
    """Clips, images, robots or GPUs that draw, by what was measured or fits the deadline."""
    kind, deadline_s = lane.stream.kind, lane.stream.first_token_s
    per_gpu: dict[str, float] = {}
    for gpu, _ in plan.present:
        if kind == "video":
            per_gpu[gpu] = clips_per_s(gpu) or 0.0
        elif kind == "vision":
            per_gpu[gpu] = images_per_s(gpu) or 0.0
        elif kind == "simulation":
            per_gpu[gpu] = float(gpu in RAY_TRACING)
        elif gpu in gpu_systems():
            per_gpu[gpu] = float(
                robots_per_gpu(
                    gpu,
                    lane.model,
                    _served(lane, plan.site).on(gpu).precision,
                    isl=lane.stream.isl,
                    osl=lane.stream.osl,
                    deadline_s=deadline_s,
                    actions_per_s=1.0 / deadline_s,
                )
                if deadline_s > 0.0
                else 0
            )
    able = [gpu for gpu, rate in per_gpu.items() if rate > 0.0]
    if not able:
        return replace(lane, reason=NOTHING_ABLE[kind])
    full = sum(count * per_gpu.get(gpu, 0.0) for gpu, count in plan.present)
    factors = {
        name: value
        for name, value in plan.factors(asked).items()
        if name != "slo" or kind == "policy"
    }
    return replace(
        lane,
        per_gpu=full / plan.gpus,
        nameplate=lane.share * full,
        sold=lane.share * full * math.prod(factors.values()),
        steps=tuple(Step(factor=name, value=value) for name, value in factors.items()),
        tier={"policy": "roofline", "simulation": "counted"}.get(kind, "measured"),
        sigma=SIGMA_BY_KIND.get(kind),
        note=NOTES[kind].format(deadline=1000.0 * deadline_s),
    )
