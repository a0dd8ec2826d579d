"""What stands by and what swings on a supply, as the page of power prints it."""

from typing import Any

import numpy as np

from engine.assumptions import Assumptions
from engine.cooling.design_day import design_day
from engine.faults.redundancy import Study
from engine.plain import number
from engine.plant import Floats, Ints
from engine.power.converters import (
    best_load_fraction,
    converter_efficiency,
    converter_loss_kw,
)
from engine.power.transformers import transformer_loss_kw
from engine.reserves.standby import batteries, generator_sets, site_factor
from engine.reserves.swings import QUANTILE, spread, swing
from engine.reserves.voltages import warm_busways

CURVES = frozenset({"ups", "rectifier", "transformer"})


def node_name(study: Study, row: int) -> dict[str, str]:
    """Id and tag of a power node.

    Notes
    -----
    Definition.
    """
    nodes = study.plant.power_nodes
    return {"id": nodes.id[row], "tag": nodes.tag[row] or nodes.id[row]}


def racks_told(study: Study, assumptions: Assumptions) -> dict[str, Any] | None:
    """Classes of rack power, and how far peaks coincide; None without racks.

    Notes
    -----
    Definition.
    """
    plant, rack_kw = study.plant, study.operation.power.rack_kw
    if not len(rack_kw) or rack_kw.sum() <= 0.0:
        return None
    feed = np.where(plant.racks.feed_a >= 0, plant.racks.feed_a, plant.racks.feed_b)
    rows, group = np.unique(feed, return_inverse=True)
    found = spread(rack_kw, group.ravel(), assumptions)
    return {
        "count": len(rack_kw),
        "edges_kw": [number(each) for each in found.edges_kw.tolist()],
        "racks": found.racks.tolist(),
        "quantile": QUANTILE,
        "peak_kw": number(found.peak.quantile_kw),
        "mean_kw": number(found.peak.mean_kw),
        "coincidence": number(found.peak.coincidence),
        "samples": found.sampled.count,
        "sampled_kw": {
            f"p{each.percent:g}": number(each.value) for each in found.sampled.percentiles
        },
        "fullest": _fullest(study, rows, found.group_peak_kw),
    }


def _fullest(study: Study, rows: Ints, peak_kw: Floats) -> dict[str, Any] | None:
    """The feed of racks whose peak comes nearest to its limit, the other side lost."""
    kept = np.flatnonzero(rows >= 0)
    nodes = rows[kept]
    limit = study.limit_kw[nodes] if kept.size else np.zeros(0)
    rated = np.flatnonzero(limit > 0.0)
    if not rated.size:
        return None
    share = peak_kw[kept][rated] / limit[rated]
    worst = int(np.argmax(share))
    return {
        **node_name(study, int(nodes[rated[worst]])),
        "peak_kw": number(float(peak_kw[kept][rated][worst])),
        "limit_kw": number(float(limit[rated][worst])),
    }


def swing_told(it_kw: float, facility_kw: float, assumptions: Assumptions) -> dict[str, Any] | None:
    """A training step against the limits of the supply; None without racks.

    Notes
    -----
    Definition.
    """
    if it_kw <= 0.0:
        return None
    found = swing(it_kw, facility_kw, assumptions)
    names = tuple(name for name in found.__slots__ if name != "band_hz")
    return {
        **{name: number(getattr(found, name)) for name in names},
        "band_hz": [number(each) for each in found.band_hz],
        "period_s": number(1.0 / found.frequency_hz),
    }


def generators_told(study: Study, facility_kw: float, assumptions: Assumptions) -> dict[str, Any]:
    """Derating at the site, and the sets that are drawn.

    Notes
    -----
    Definition.
    """
    nodes = study.plant.power_nodes
    site = site_factor(design_day(study.plant, assumptions), assumptions)
    rows = np.array(
        [
            row
            for row, (kind, rating) in enumerate(zip(nodes.kind, nodes.rating_kw, strict=True))
            if kind == "generator" and rating > 0.0
        ],
        dtype=np.int64,
    )
    told: dict[str, Any] = {
        "factor": number(site.factor),
        "elevation_m": number(site.elevation_m),
        "intake_c": number(site.intake_c),
        "needed_kw": number(facility_kw / site.factor) if site.factor > 0.0 else None,
        "sets": [],
        "kept": {},
    }
    if not rows.size or site.factor <= 0.0:
        return told
    load = study.operation.power.nodes.worst_kw[rows]
    idle = load <= 0.0
    load = np.where(
        idle, facility_kw * nodes.rating_kw[rows] / float(nodes.rating_kw[rows].sum()), load
    )
    found = generator_sets(nodes.rating_kw[rows], load, site, assumptions)
    columns = (found.rating_kw, found.site_kw, found.load_kw, found.run_h, found.tank_l)
    told["kept"] = dict(found.kept)
    told["sets"] = [
        {
            **node_name(study, int(row)),
            "rating_kw": number(rating),
            "site_kw": number(at_site),
            "load_kw": number(carried),
            "run_h": number(run),
            "tank_l": number(tank),
            "is_shared": bool(shared),
        }
        for row, rating, at_site, carried, run, tank, shared in zip(
            rows.tolist(), *(each.tolist() for each in columns), idle.tolist(), strict=True
        )
    ]
    return told


def batteries_told(study: Study, assumptions: Assumptions) -> dict[str, Any] | None:
    """Ride-through of UPSs, those alike together; None without any.

    Notes
    -----
    Definition.
    """
    nodes, loads = study.plant.power_nodes, study.operation.power.nodes
    is_ups = np.array([kind == "ups" for kind in nodes.kind], dtype=bool)
    rows = np.flatnonzero(is_ups & (nodes.rating_kw > 0.0))
    if not rows.size:
        return None
    found = batteries(nodes, rows, loads.normal_kw[rows], loads.worst_kw[rows], assumptions)
    columns = (found.rating_kw, found.energy_kwh, found.normal_kw, found.worst_kw,
               found.normal_s, found.worst_s)  # fmt: skip
    table = np.round(np.column_stack(columns), 1)
    unlike, first, count = np.unique(table, axis=0, return_index=True, return_counts=True)
    names = ("rating_kw", "energy_kwh", "normal_kw", "worst_kw", "normal_s", "worst_s")
    return {
        "start_s": number(assumptions.value("transient.generator_start_s")),
        "units": [
            {
                **node_name(study, int(rows[place])),
                "alike": int(many),
                **{name: number(value) for name, value in zip(names, row.tolist(), strict=True)},
            }
            for row, place, many in zip(unlike, first.tolist(), count.tolist(), strict=True)
        ],
    }


def busways_told(study: Study, assumptions: Assumptions) -> dict[str, Any] | None:
    """Busways in warm air; None without any.

    Notes
    -----
    Definition.
    """
    found = warm_busways(study, assumptions)
    if found is None:
        return None
    share = found.worst_kw / found.limit_kw
    worst = int(np.argmax(share))
    return {
        "air_c": number(found.air_c),
        "factor": number(found.factor),
        "count": len(found.nodes),
        "over": int((share > 1.0 + 1e-9).sum()),
        "fullest": {
            **node_name(study, int(found.nodes[worst])),
            "rated_a": number(float(found.rated_a[worst])),
            "limit_kw": number(float(found.limit_kw[worst])),
            "worst_kw": number(float(found.worst_kw[worst])),
        },
    }


def efficiency_told(study: Study, assumptions: Assumptions) -> list[dict[str, Any]]:
    """Converters of each kind and curve: where they run, and where they would run best.

    Notes
    -----
    Definition.
    """
    nodes, loads = study.plant.power_nodes, study.operation.power.nodes
    told: dict[tuple[object, ...], list[int]] = {}
    for row, kind in enumerate(nodes.kind):
        if kind in CURVES and nodes.rating_kw[row] > 0.0:
            curve = (nodes.loss_a[row], nodes.loss_b[row], nodes.loss_c[row])
            key = (kind, nodes.product[row], *(round(float(each), 9) for each in curve))
            told.setdefault(key, []).append(row)
    return [
        _curve(study, rows, loads.normal_kw, loads.worst_kw)
        | {"confidence": _of_curve(study, rows[0], assumptions)}
        for rows in told.values()
    ]


def _curve(study: Study, rows: list[int], normal_kw: Floats, worst_kw: Floats) -> dict[str, Any]:
    nodes, first = study.plant.power_nodes, rows[0]
    a, b, c = (float(each[first]) for each in (nodes.loss_a, nodes.loss_b, nodes.loss_c))
    rating = float(nodes.rating_kw[rows].sum())
    at = [float(kw[rows].sum()) / rating for kw in (normal_kw, worst_kw)]
    best = float(best_load_fraction(a, c)) if c > 0.0 else None
    fractions = [*at, *([] if best is None else [best])]
    shares = [float(converter_efficiency(x, a, b, c)) if x > 0.0 else 0.0 for x in fractions]
    return {
        **node_name(study, first),
        "kind": nodes.kind[first],
        "product": nodes.product[first],
        "count": len(rows),
        "normal_fraction": number(at[0]),
        "worst_fraction": number(at[1]),
        "best_fraction": None if best is None else number(best),
        "normal_efficiency": number(shares[0]),
        "worst_efficiency": number(shares[1]),
        "best_efficiency": None if best is None else number(shares[2]),
        "loss_kw": _losses(nodes.kind[first], rating, normal_kw[rows].sum(), (a, b, c)),
        "curve": [a, b, c],
    }


def _losses(
    kind: str, rating_kw: float, load_kw: float, curve: tuple[float, float, float]
) -> list[float | int]:
    """Loss in normal operation, and the part of it that stays without load."""
    a, b, c = curve
    if kind == "transformer" and not b:
        whole = transformer_loss_kw(load_kw, rating_kw, a * rating_kw, c * rating_kw)
    else:
        whole = converter_loss_kw(load_kw, rating_kw, a, b, c)
    return [number(float(whole)), number(a * rating_kw)]


def _of_curve(study: Study, row: int, assumptions: Assumptions) -> str:
    """What the curve of a node is worth; "" where it is the record's own."""
    nodes = study.plant.power_nodes
    lines = [assumptions[f"power.{nodes.kind[row]}.loss_{part}"] for part in "abc"]
    own = (nodes.loss_a[row], nodes.loss_b[row], nodes.loss_c[row])
    is_default = np.allclose(own, [line.value for line in lines], rtol=1e-9, atol=1e-12)
    return lines[0].confidence if is_default else ""
