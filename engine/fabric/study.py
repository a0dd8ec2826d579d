"""The fabric of a design: switches, cables and optics from its GPUs and where they stand."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from engine.assumptions import Assumptions
from engine.fabric.budgets import loss_budgets
from engine.fabric.losses import Part, bandwidth_left
from engine.fabric.media import (
    STOCK_M,
    Medium,
    media_for,
    path_latency_ns,
    route_length_m,
    select_medium,
    stock_length_m,
)
from engine.fabric.optics import compare_optics
from engine.fabric.tray_ways import Leg, OnTrays, along_trays
from engine.fabric.trees import FatTree, fat_tree, plane_radix, scale_up_domain
from engine.plain import number
from engine.plant import Bools, Floats, Ints, Plant
from engine.power.flow import rack_power_kw
from engine.rules import load_rules

PARTS: tuple[Part, ...] = ("link", "leaf", "spine", "core", "plane")
NO_GPUS = "No GPUs are drawn, so there is nothing to connect."
LINES = (
    "fabric.nic_gb_s", "fabric.gpus_per_node", "fabric.planes", "fabric.switch_ports",
    "fabric.switch_port_gb_s", "fabric.switch_kw", "fabric.oversubscription", "fabric.lane_gb_s",
    "fabric.riser_m", "fabric.slack_fraction", "fabric.tray_reach_m", "fabric.tray_join_m",
    "fabric.cable_mm2", "fabric.switch_ns", "fabric.fec_ns",
    "fabric.pluggable_w", "fabric.cpo_w", "fabric.pluggable_lasers",
    "fabric.cpo_lasers", "fabric.cpo_laser_modules", "fabric.pluggable_failures_per_year",
    "fabric.cpo_failures_per_year", "fabric.copper_failures_per_year", "fabric.optics_repair_h",
)  # fmt: skip
# One NVLink domain of 72 GPUs: 18 links each to 18 chips, 100 GB/s a link (NVIDIA GB200 RA).
DOMAIN_GPUS, DOMAIN_LINKS, DOMAIN_GB_S, DOMAIN_CHIPS = 72, 18, 100.0, 18


@dataclass(frozen=True, slots=True, kw_only=True)
class Runs:
    """Cables of one tier: a length and a number of links per run."""

    tier: str
    length_m: Floats
    links: Ints
    on_tray: Bools  # along drawn trays


def fabric_study(plant: Plant, assumptions: Assumptions) -> dict[str, Any]:
    """The scale-out fabric that joins all GPUs of a design.

    Parameters
    ----------
    plant : Plant
        Racks with GPUs; racks without GPUs are taken as network racks.
    assumptions : Assumptions
        Lines ``fabric.*``.

    Returns
    -------
    dict
        Counts, cables by medium, what failures leave, the three kinds of optics; ``reason`` says
        why there is none.

    Raises
    ------
    FabricTooLarge
        If three tiers of the assumed switches do not join the GPUs.
    OutOfRange
        If an assumption line is out of its range.

    Notes
    -----
    Definition. Cables run along the trays that are drawn where these lead from end to end, else as
    along trays parallel to the walls. Leaves stand in the nearest network rack of the hall, else in
    the middle of the rack's module (without modules, of its hall); spines in the middle of the
    hall's network racks or of its racks; cores in the middle of the site.
    """
    racks = plant.racks
    has_gpus = racks.gpu_count > 0
    gpus = int(racks.gpu_count.sum())
    if not gpus:
        return {"reason": NO_GPUS, "gpus": 0}
    line = assumptions.value
    planes = round(line("fabric.planes"))
    link_gb_s = line("fabric.nic_gb_s") / planes
    radix = plane_radix(
        round(line("fabric.switch_ports")),
        line("fabric.switch_port_gb_s"),
        line("fabric.nic_gb_s"),
        planes,
    )
    rails = min(round(line("fabric.gpus_per_node")), gpus)
    tree = fat_tree(
        gpus,
        radix - radix % 2,
        rails=rails,
        planes=planes,
        oversubscription=line("fabric.oversubscription"),
    )
    runs, trays = _runs(plant, tree, assumptions)
    tables, copper = _cables(runs, line("fabric.lane_gb_s"))
    power = rack_power_kw(plant)[has_gpus]
    rack_kw = float(power.mean()) if power.size and float(power.mean()) > 0.0 else None
    optics = compare_optics(tree, link_gb_s, assumptions, copper=copper, rack_kw=rack_kw)
    longest = {run.tier: float(run.length_m.max()) for run in runs}
    path_m = 2.0 * sum(longest.values())
    return {
        "reason": None,
        "gpus": gpus,
        "nodes": -(-gpus // rails),
        "rack_kw": None if rack_kw is None else number(rack_kw),
        "link_gb_s": number(link_gb_s),
        "tree": asdict(tree) | {"switches": tree.switches, "links": tree.links},
        "switch_kw": number(tree.switches * line("fabric.switch_kw")),
        "budgets": loss_budgets(longest, assumptions),
        "side_fabrics": _side_fabrics(plant, rails, assumptions),
        "scale_up": _scale_up(racks.gpu_count),
        "has_network_racks": bool((~has_gpus).any()),
        "tiers": tables,
        "trays": _trays(plant, runs, trays, assumptions),
        "latency": {
            "switches_worst": tree.hops_worst,
            "path_m": number(path_m),
            "worst_ns": number(
                float(
                    path_latency_ns(
                        path_m,
                        tree.hops_worst,
                        switch_ns=line("fabric.switch_ns"),
                        fec_ns=line("fabric.fec_ns"),
                        group_index=line("fabric.group_index"),
                    )
                )
            ),
        },
        "left": [
            asdict(bandwidth_left(tree, part)) for part in PARTS if part != "core" or tree.core
        ],
        "optics": [
            {key: number(v) if isinstance(v, float) else v for key, v in asdict(row).items()}
            for row in optics
        ],
        "inputs": [
            {
                "name": name,
                "value": assumptions[name].value,
                "unit": assumptions[name].unit,
                "source": assumptions[name].source,
                "confidence": assumptions[name].confidence,
            }
            for name in LINES
        ],
    }


def _runs(
    plant: Plant, tree: FatTree, assumptions: Assumptions
) -> tuple[tuple[Runs, ...], OnTrays]:
    """Cable runs from racks to leaves, leaves to spines, spines to cores."""
    racks = plant.racks
    middle = plant.rack_corners_mm.mean(axis=1) / 1000.0
    hall = np.where(racks.box >= 0, plant.boxes.hall[racks.box], -1)
    has_gpus = racks.gpu_count > 0
    computing, network = np.flatnonzero(has_gpus), np.flatnonzero(~has_gpus)
    at_leaf = _group_middle(middle, np.where(plant.rack_module >= 0, plant.rack_module, -2 - hall))
    at_spine = _group_middle(middle, hall)
    for place in np.unique(hall[network]).tolist():
        near, here = network[hall[network] == place], np.flatnonzero(hall == place)
        away = np.abs(middle[here, None, :] - middle[None, near, :]).sum(axis=2)
        at_leaf[here] = middle[near][away.argmin(axis=1)]
        at_spine[here] = middle[near].mean(axis=0)
    at_core = np.broadcast_to(middle[computing].mean(axis=0), middle.shape)
    riser, slack = assumptions.value("fabric.riser_m"), assumptions.value("fabric.slack_fraction")

    weight = racks.gpu_count[computing]
    tiers = [("Rack to leaf", middle, at_leaf, tree.endpoint_links)]
    if tree.spine:
        tiers.append(("Leaf to spine", at_leaf, at_spine, tree.leaf_spine_links))
    if tree.core:
        tiers.append(("Spine to core", at_spine, at_core, tree.spine_core_links))
    legs = tuple(
        Leg(start_m=start[computing], end_m=end[computing], links=_apportioned(weight, links))
        for _, start, end, links in tiers
    )
    laid = along_trays(
        plant.trays,
        legs,
        reach_m=assumptions.value("fabric.tray_reach_m"),
        join_m=assumptions.value("fabric.tray_join_m"),
        cable_mm2=assumptions.value("fabric.cable_mm2"),
    )
    runs = []
    for (tier, *_), leg, tray_m in zip(tiers, legs, laid.length_m, strict=True):
        apart = np.abs(leg.end_m - leg.start_m).sum(axis=1)
        on_tray = np.isfinite(tray_m)
        route = np.where(on_tray, np.where(on_tray, tray_m, 0.0), apart)
        length = route_length_m(route, 0.0, riser_m=riser, slack_fraction=slack)[1]
        runs.append(Runs(tier=tier, length_m=length, links=leg.links, on_tray=on_tray))
    return tuple(runs), laid


def _trays(
    plant: Plant, runs: tuple[Runs, ...], laid: OnTrays, assumptions: Assumptions
) -> dict[str, Any]:
    """What drawn trays carry, and those over their fill."""
    rule = load_rules(plant.rule_set).with_values(assumptions.rule_values)["NET-TRAY-FILL"]
    trays = plant.trays
    over = np.flatnonzero(laid.fill_fraction > rule.value).tolist()
    findings = [
        rule.finding(
            element_ids=[trays.id[row]],
            measured=float(laid.fill_fraction[row]),
            subject=trays.tag[row],
            percent=f"{100.0 * laid.fill_fraction[row]:.0f} %",
            limit=f"{100.0 * rule.value:g} %",
            cables=f"{laid.cables[row]:,}",
        )
        for row in over
    ]
    return {
        "drawn": len(trays),
        "links": int(sum(run.links[run.on_tray].sum() for run in runs)),
        "fill_max_fraction": number(float(laid.fill_fraction.max(initial=0.0))),
        "findings": [dict(finding.to_json()) for finding in findings],
    }


def _group_middle(middle: Floats, group: Ints) -> Floats:
    """For each rack the mean position of its group."""
    _, of_rack = np.unique(group, return_inverse=True)
    count = np.bincount(of_rack)
    mean = np.stack([np.bincount(of_rack, middle[:, axis]) / count for axis in (0, 1)], axis=1)
    return np.asarray(mean[of_rack])


def _apportioned(weight: Ints, total: int) -> Ints:
    """``total`` whole links over the racks by weight; the remainder where it is greatest."""
    exact = weight * (total / weight.sum())
    whole = np.floor(exact + 1e-9).astype(np.int64)
    short = total - int(whole.sum())
    whole[np.argsort(whole - exact, kind="stable")[:short]] += 1
    return np.asarray(whole, dtype=np.int64)


def _cables(
    runs: tuple[Runs, ...], lane_gb_s: float
) -> tuple[list[dict[str, Any]], tuple[tuple[Medium, int], ...]]:
    """Links of each tier by medium and by stock length, and how many copper reaches."""
    media = media_for(lane_gb_s)
    stock = np.array(STOCK_M, dtype=np.float64)
    tables: list[dict[str, Any]] = []
    reached = np.zeros(len(media), dtype=np.int64)
    for run in runs:
        fits = run.length_m <= media[-1].reach_m
        chosen = select_medium(run.length_m[fits], media)
        by_medium = np.bincount(chosen, run.links[fits], minlength=len(media)).astype(np.int64)
        reached += by_medium
        ordered = stock_length_m(np.minimum(run.length_m, stock[-1]))
        rung = np.searchsorted(stock, ordered)
        by_length = np.bincount(rung, run.links, minlength=len(stock)).astype(np.int64)
        tables.append(
            {
                "tier": run.tier,
                "links": int(run.links.sum()),
                "mean_m": number(float(run.length_m @ run.links / run.links.sum())),
                "longest_m": number(float(run.length_m.max())),
                "too_long": int(run.links[~fits].sum()),
                "media": [
                    {"medium": m.name, "label": m.label, "links": count, "reach_m": m.reach_m,
                     "confidence": m.confidence}
                    for m, count in zip(media, by_medium.tolist(), strict=True)
                    if count
                ],
                "stock": [
                    {"stock_m": number(float(length)), "links": count}
                    for length, count in zip(stock, by_length.tolist(), strict=True)
                    if count
                ],
            }
        )  # fmt: skip
    copper = tuple(
        (medium, count)
        for medium, count in zip(media, reached.tolist(), strict=True)
        if medium.kind == "copper" and count
    )
    return tables, copper


def _side_fabrics(plant: Plant, rails: int, assumptions: Assumptions) -> list[dict[str, Any]]:
    """Storage, in-band and out-of-band networks: ports and switches, one network per hall."""
    line = assumptions.value
    racks = plant.racks
    hall = np.where(racks.box >= 0, plant.boxes.hall[racks.box], -1)
    _, of_rack = np.unique(hall, return_inverse=True)
    nodes = -(-np.bincount(of_rack, racks.gpu_count).astype(np.int64) // rails)
    devices = np.rint(line("fabric.trays_per_rack") * np.bincount(of_rack)).astype(np.int64)
    size = round(line("fabric.side_switch_ports"))
    found = []
    for name, key in (("Storage", "storage"), ("In-band", "in_band")):
        ports = np.rint(line(f"fabric.{key}_ports_per_node") * nodes).astype(np.int64)
        trees = [fat_tree(count, size) for count in ports.tolist() if count]
        if trees:
            switches = sum(tree.switches for tree in trees)
            found.append({"fabric": name, "ports": int(ports.sum()), "switches": switches})
    each = round(line("fabric.oob_switch_ports"))
    switches = int((-(-devices // each)).sum())
    found.append({"fabric": "Out-of-band", "ports": int(devices.sum()), "switches": switches})
    return found


def _scale_up(gpu_count: Ints) -> dict[str, Any] | None:
    """NVLink inside the racks of 72; None without such racks."""
    domains = int((gpu_count == DOMAIN_GPUS).sum())
    if not domains:
        return None
    one = scale_up_domain(DOMAIN_GPUS, DOMAIN_LINKS, DOMAIN_GB_S, DOMAIN_CHIPS)
    return {
        "domains": domains,
        "links_each": one.links,
        "links": one.links * domains,
        "aggregate_tb_s_each": number(one.aggregate_tb_s),
    }
