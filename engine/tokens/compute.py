"""What the GPUs give: tokens per second, and how much of it is sold."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from engine.assumptions import Assumptions
from engine.evaluation import (
    ComputeGroup,
    ComputeResult,
    EnergyResult,
    Input,
    PowerResult,
    Working,
)
from engine.findings import Finding
from engine.plant import Plant, Site
from engine.provenance import computed, listing
from engine.tables import models
from engine.tokens.measurements import Measurements, measurements
from engine.tokens.roofline import EXPERT_BYTES
from engine.tokens.throughput import frontier
from engine.tokens.workload import (
    Served,
    concurrency,
    served,
    utilisation_chain,
    utilisation_factors,
)

WORDS: Final = {"measured": "published-secondary", "scaled": "derived", "roofline": "estimate"}
REFERENCES: Final = {
    "frontier": "InferenceX by SemiAnalysis; F. N. Fritsch and J. Butland, 1984",
    "littles-law": "J. D. C. Little, Oper. Res. 9(3), 1961, doi:10.1287/opre.9.3.383",
}


def throughput(
    plant: Plant, power: PowerResult, energy: EnergyResult, assumptions: Assumptions
) -> ComputeResult:
    """Tokens per second of the plant, what is sold of them, and per megawatt.

    Parameters
    ----------
    plant : Plant
        GPUs of each rack and the workload.
    power : PowerResult
        IT power.
    energy : EnergyResult
        Site power.
    assumptions : Assumptions
        Lines ``workload.*`` and ``ops.*``.

    Returns
    -------
    ComputeResult
        Without GPUs, or when none can serve the workload, figures are None and
        the reason says why.

    Raises
    ------
    OutOfRange
        If the workload has an impossible number.

    Notes
    -----
    Definition. GPUs times throughput per GPU at the speed asked for, all tokens,
    input and output. A heat load below 1 counts as that share of the GPUs at
    work. Sold tokens follow through the utilisation chain. Power is the
    provisioned power of the same evaluation.
    """
    counted = np.bincount(
        plant.racks.gpu[plant.racks.gpu >= 0],
        plant.racks.gpu_count[plant.racks.gpu >= 0],
        len(plant.gpus),
    ).astype(np.int64)
    present = tuple((plant.gpus[i], n) for i, n in enumerate(counted.tolist()) if n > 0)
    found = delivered(
        present, plant.site, Powers(it_kw=power.it_kw, facility_kw=energy.facility_kw), assumptions
    )
    work = served(plant.site, assumptions)
    return replace(found, findings=_findings(plant, work, found.groups))


@dataclass(frozen=True, slots=True, kw_only=True)
class Powers:
    """Provisioned power of a plant at both boundaries. [kW]"""

    it_kw: float
    facility_kw: float


def delivered(
    present: tuple[tuple[str, int], ...], site: Site, powers: Powers, assumptions: Assumptions
) -> ComputeResult:
    """Tokens per second of so many GPUs, what is sold of them, and per megawatt.

    Parameters
    ----------
    present : tuple of (gpu, count)
        GPUs by kind.
    site : Site
        Workload, utilisation and heat load.
    powers : Powers
        IT and site power.
    assumptions : Assumptions
        Lines ``workload.*`` and ``ops.*``.

    Returns
    -------
    ComputeResult
        Without findings. Without GPUs, or when none can serve the workload, figures are
        None and the reason says why.

    Raises
    ------
    OutOfRange
        If the workload has an impossible number.

    Notes
    -----
    Definition. See `throughput`.
    """
    work = served(site, assumptions)
    refusal = _refusal(work, present)
    measured = measurements(assumptions)
    groups = () if refusal else tuple(_group(gpu, n, work, measured) for gpu, n in present)
    full = sum(((g.tok_s_per_gpu or 0.0) * g.gpus for g in groups), 0.0)
    if not refusal and full <= 0.0:
        refusal = _why_infeasible(work, groups)
    gpus = sum(n for _, n in present)
    workload = _workload_json(work, present)
    if refusal:
        return ComputeResult(
            gpus=gpus,
            tokens_per_s=None,
            output_tokens_per_s=None,
            sold_tokens_per_s=None,
            tokens_per_s_per_mw_it=None,
            tokens_per_s_per_mw_facility=None,
            j_per_token_facility=None,
            workload=workload,
            groups=groups,
            chain=(),
            reason=f"No throughput yet: {refusal}",
            working=_counted(gpus),
        )
    chain = utilisation_chain(site, full, assumptions)
    at_work = full * min(site.heat_load_fraction, 1.0)
    output = at_work * work.osl / (work.isl + work.osl)
    users = concurrency(output, work.osl, 0.0, work.tok_s_user)
    sold = chain[-1].tokens_per_s
    has_power = powers.it_kw > 0.0 and powers.facility_kw > 0.0
    return ComputeResult(
        gpus=gpus,
        tokens_per_s=at_work,
        output_tokens_per_s=output,
        sold_tokens_per_s=sold,
        tokens_per_s_per_mw_it=1000.0 * at_work / powers.it_kw if has_power else None,
        tokens_per_s_per_mw_facility=1000.0 * at_work / powers.facility_kw if has_power else None,
        j_per_token_facility=1000.0 * powers.facility_kw / at_work
        if has_power and at_work > 0.0
        else None,
        j_per_sold_token_facility=1000.0 * powers.facility_kw / sold
        if has_power and sold > 0.0
        else None,
        workload={**workload, "concurrent_users": users},
        groups=groups,
        chain=chain,
        reason=None,
        working=(
            *_counted(gpus),
            *_working(
                (*work.inputs, *_measured(groups)),
                tuple(origin for _, _, origin in utilisation_factors(site, assumptions)),
                (at_work, sold),
                powers,
            ),
        ),
    )


def _refusal(work: Served, present: tuple[tuple[str, int], ...]) -> str | None:
    if not present:
        return "no rack on the plan carries GPUs."
    if work.model not in models():
        return f"the model {work.model!r} is in no table."
    if work.precision is not None and work.precision not in EXPERT_BYTES:
        return f"the precision {work.precision!r} is not known."
    return None


def _group(gpu: str, gpus: int, work: Served, measured: Measurements) -> ComputeGroup:
    serving = work.on(gpu)
    best = frontier(serving, measured)
    if best is None:
        return ComputeGroup(
            gpu=gpu,
            gpus=gpus,
            tier="none",
            tok_s_per_gpu=None,
            sigma=None,
            feasible=False,
            label=f"no data, or {work.model} in {serving.precision} does not fit",
        )
    rate = best.at(work.tok_s_user)
    return ComputeGroup(
        gpu=gpu,
        gpus=gpus,
        tier=best.tier,
        tok_s_per_gpu=rate,
        sigma=best.sigma,
        feasible=rate is not None,
        label=best.label,
        points=tuple(
            {"tok_s_per_user": u, "tok_s_per_gpu": x}
            for u, x in zip(best.tok_s_per_user.tolist(), best.tok_s_per_gpu.tolist(), strict=True)
        ),
    )


def _why_infeasible(work: Served, groups: tuple[ComputeGroup, ...]) -> str:
    fastest = [group.points[-1]["tok_s_per_user"] for group in groups if group.points]
    if not fastest:
        return f"no GPU on the plan has data for {work.model}, or it fits none of them."
    return (
        f"no GPU on the plan serves {work.model} at {work.tok_s_user:g} tokens/s per user; "
        f"the fastest known is {max(fastest):.0f}."
    )


def _findings(plant: Plant, work: Served, groups: tuple[ComputeGroup, ...]) -> tuple[Finding, ...]:
    found = []
    for group in groups:
        if group.feasible:
            continue
        rows = np.flatnonzero(plant.racks.gpu == plant.gpus.index(group.gpu)).tolist()
        reach = group.points[-1]["tok_s_per_user"] if group.points else None
        tags = tuple(plant.racks.tag[i] or plant.racks.id[i] for i in rows)
        found.append(
            Finding(
                rule="COMP-INFEASIBLE",
                severity="warning",
                discipline="cost",
                title=f"{group.gpu} cannot serve {work.model} at this speed",
                detail=(
                    f"{work.tok_s_user:g} tokens/s per user are asked for, "
                    + (f"{reach:.0f} are the most known" if reach else group.label)
                    + f"; {group.gpus:,} GPUs count as idle: {listing(tags)}."
                ),
                source=group.label,
                measured=reach,
                required=work.tok_s_user,
                unit="tok/s per user",
                element_ids=tuple(plant.racks.id[i] for i in rows),
            )
        )
    return tuple(found)


def _workload_json(work: Served, present: tuple[tuple[str, int], ...]) -> Mapping[str, Any]:
    precision = work.precision
    if precision is None:
        precision = " and ".join(sorted({work.on(gpu).precision for gpu, _ in present})) or None
    return {
        "model": work.model,
        "precision": precision,
        "isl": work.isl,
        "osl": work.osl,
        "interactivity_tok_s_user": work.tok_s_user,
        "prefix_hit_fraction": work.prefix_hit,
    }


def _counted(gpus: int) -> tuple[Working, ...]:
    return (
        Working(
            figure="compute.gpus",
            formula_id="gpu-count",
            formula="sum over racks of GPUs per rack",
            function="engine.tokens.compute.throughput",
            reference="Definition",
            inputs=(computed("GPUs", gpus),),
        ),
    )


def _measured(groups: tuple[ComputeGroup, ...]) -> tuple[Input, ...]:
    return tuple(
        Input(
            name=f"{group.gpus} x {group.gpu}, {group.tier}",
            value=group.tok_s_per_gpu,
            unit="tok/s per GPU",
            source=group.label,
            confidence=WORDS.get(group.tier, ""),
        )
        for group in groups
    )


def _working(
    asked: tuple[Input, ...],
    factors: tuple[Input, ...],
    rates: tuple[float, float],
    powers: Powers,
) -> tuple[Working, ...]:
    at_work, sold = rates
    tokens = computed("compute.tokens_per_s", at_work, "tok/s")
    it = computed("power.it_kw", powers.it_kw, "kW")
    site = computed("power.facility_kw", powers.facility_kw, "kW")
    rows = (
        ("tokens_per_s", "frontier", "sum of GPUs x throughput per GPU at the speed asked for",
         asked),
        ("output_tokens_per_s", "output-share", "all tokens x OSL/(ISL + OSL)",
         (tokens, *asked)),
        ("workload.concurrent_users", "littles-law", "output tokens / speed per user", asked),
        ("sold_tokens_per_s", "utilisation", "tokens x SLO share x derate x availability x goodput"
         " x load factor", (tokens, *factors)),
        ("tokens_per_s_per_mw_it", "per-mw", "tokens / IT power", (tokens, it)),
        ("tokens_per_s_per_mw_facility", "per-mw", "tokens / site power", (tokens, site)),
        ("j_per_token_facility", "per-token", "site power / tokens", (tokens, site)),
        ("j_per_sold_token_facility", "per-token", "site power on the design day / tokens sold",
         (computed("compute.sold_tokens_per_s", sold, "tok/s"), site)),
        ("chain", "utilisation", "running product of the factors",
         (*factors, computed("compute.sold_tokens_per_s", sold, "tok/s"))),
    )  # fmt: skip
    return tuple(
        Working(
            figure=f"compute.{figure}",
            formula_id=formula_id,
            formula=formula,
            function="engine.tokens.throughput.frontier"
            if formula_id == "frontier"
            else "engine.tokens.compute.throughput",
            reference=REFERENCES.get(formula_id, "Definition"),
            inputs=inputs,
        )
        for figure, formula_id, formula, inputs in rows
    )
