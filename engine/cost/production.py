"""Tokens of a plant as cells: what the GPUs could give, and what is sold of it."""

from dataclasses import dataclass

from engine.cost.basis import Basis
from engine.cost.finance import SECONDS_PER_YEAR, TOKENS_PER_MTOK
from engine.cost.formulas import Formula, formula, total
from engine.cost.sheet import SheetBuilder
from engine.cost.terms import FACTORS, factor_cells
from engine.evaluation import ComputeResult, Input
from engine.plant import Site
from engine.provenance import computed, stated

CONFIDENCE = {"measured": "published-secondary", "scaled": "derived", "roofline": "estimate"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """Throughput of one GPU at the speed asked for, and its greatest, all tokens. [tok/s]"""

    at: Formula
    most: Formula


@dataclass(frozen=True, slots=True, kw_only=True)
class Production:
    """Tokens per second as cells; ``sold`` is None when no GPU can serve the workload."""

    gpus: Formula
    rates: dict[str, Rate]
    factors: dict[str, Formula]
    nameplate: Formula | None
    sold: Formula | None
    sold_output: Formula
    mtok_per_year: Formula | None
    output_mtok_per_year: Formula | None


def production(build: SheetBuilder, basis: Basis, compute: ComputeResult, site: Site) -> Production:
    """Add the chain from what the GPUs could give to what is sold.

    Parameters
    ----------
    build : SheetBuilder
        Where the cells go.
    basis : Basis
        How many GPUs there are.
    compute : ComputeResult
        Throughput per GPU at the speed asked for.
    site : Site
        The factors that the design states.

    Returns
    -------
    Production
        Cells. [tok/s], [Mtok/yr]

    Notes
    -----
    Definition. A product; order does not change its end. The software gain is 1 until
    somebody moves it.
    """
    factors = factor_cells(build, site)
    gpus = build.stated(
        "gpus", "GPUs", float(basis.gpus), "GPU", computed("compute.gpus", basis.gpus)
    )
    rates, given = {}, []
    for group in compute.groups:
        if group.tok_s_per_gpu is None or not group.points:
            continue
        name = group.gpu.upper()
        source = Input(
            name=f"{group.gpu}, {group.tier}",
            value=group.tok_s_per_gpu,
            unit="tok/s per GPU",
            source=group.label,
            confidence=CONFIDENCE.get(group.tier, "estimate"),
        )
        at = build.stated(
            f"tok_s_per_gpu.{group.gpu}",
            f"{name}, all tokens per GPU at the speed asked for",
            group.tok_s_per_gpu,
            "tok/s per GPU",
            source,
        )
        highest = build.stated(
            f"tok_s_per_gpu_most.{group.gpu}",
            f"{name}, all tokens per GPU at saturation",
            float(group.points[0]["tok_s_per_gpu"]),
            "tok/s per GPU",
            source,
        )
        rates[group.gpu] = Rate(at=at, most=highest)
        count = build.stated(
            f"gpus.{group.gpu}",
            f"{name} GPUs",
            float(group.gpus),
            "GPU",
            computed(f"{group.gpu} GPUs", group.gpus),
        )
        given.append(count * at)
    if not given or not compute.sold_tokens_per_s:
        return Production(
            gpus=gpus,
            rates=rates,
            factors=factors,
            nameplate=None,
            sold=None,
            sold_output=formula(0.0),
            mtok_per_year=None,
            output_mtok_per_year=None,
        )
    gain = build.stated(
        "software_gain",
        "Software gain since the measurement",
        1.0,
        "ratio",
        stated("software gain at the start", 1.0, "ratio"),
    )
    nameplate = build.figure(
        "tokens.nameplate", "What the GPUs could give", "tok/s", "tokens", total(*given) * gain
    )
    sold = nameplate
    for name in factors:
        sold = sold * factors[name]
    sold = build.figure("tokens.sold", "Tokens sold", "tok/s", "tokens", sold)
    osl, isl = (
        build.stated(
            f"workload.{name}.used",
            label,
            float(compute.workload[name]),
            "tok",
            stated(name, compute.workload[name], "tok"),
        )
        for name, label in (("osl", "Output length"), ("isl", "Input length"))
    )
    output = build.figure(
        "tokens.sold_output", "Output tokens sold", "tok/s", "tokens", sold * osl / (isl + osl)
    )
    per_year = SECONDS_PER_YEAR / TOKENS_PER_MTOK
    return Production(
        gpus=gpus,
        rates=rates,
        factors=factors,
        nameplate=nameplate,
        sold=sold,
        sold_output=output,
        mtok_per_year=build.figure(
            "tokens.mtok_per_year", "Tokens sold in a year", "Mtok/yr", "tokens", sold * per_year
        ),
        output_mtok_per_year=build.figure(
            "tokens.output_mtok_per_year",
            "Output tokens sold in a year",
            "Mtok/yr",
            "tokens",
            output * per_year,
        ),
    )


def factor_names() -> tuple[str, ...]:
    """Names of the factors of the utilisation chain, in order.

    Notes
    -----
    Definition.
    """
    return tuple(name for name, *_ in FACTORS)
