"""The form of the economics view: every setting with its value, origin and limits."""

from collections.abc import Mapping
from typing import Any

from economics.asking import EVERY_PLACE, Asked, in_use
from economics.settings import MODES, SETTINGS
from engine.cost.case import Answer, Case
from engine.cost.sensitivity import AXES, RACKS
from engine.cost.sheet import Cell
from engine.tables import gpu_systems, models, sites
from engine.tokens.measurements import measurements
from engine.tokens.workload import served


def setting_rows(asked: Asked, answer: Answer) -> list[dict[str, Any]]:
    """The form: every setting with the value in use, its origin and its limits."""
    sheet = answer.economics.sheet
    own = in_use(asked.case)
    rows = []
    for setting in SETTINGS:
        cell = sheet.cells.get(setting.cell)
        value = own[setting.name][0] if setting.name in own else cell and cell.value
        if setting.name == "rack":
            value = _rack_price(asked.case, answer)
        is_set = setting.name in asked.changed
        confidence = "user" if is_set else _confidence(setting.name, own, cell, answer)
        rows.append(
            {
                "name": setting.name,
                "label": setting.label,
                "unit": setting.unit,
                "group": setting.group,
                "low": setting.low,
                "high": setting.high,
                "step": setting.step,
                "value": "" if value is None else f"{value:.6g}",
                "asked": asked.query.get(setting.name, ""),
                "confidence": confidence,
            }
        )
    return rows


def _confidence(
    name: str, own: Mapping[str, tuple[float, str]], cell: Cell | None, answer: Answer
) -> str:
    """How far the value in use can be trusted: that of its source."""
    if name in own:
        return own[name][1]
    if name == "rack":
        priced = (
            each.origin.confidence
            for each in answer.economics.sheet.inputs()
            if each.name.startswith(RACKS) and each.origin is not None
        )
        return next(priced, "derived")
    if cell is None or cell.origin is None:
        return "derived"
    return cell.origin.confidence


def _rack_price(case: Case, answer: Answer) -> float | None:
    racks = sum(fleet.racks for fleet in case.basis.fleets)
    usd = answer.economics.figure("capex.it.racks")
    return None if not racks or usd is None else usd / racks / 1e6


def choices(asked: Asked) -> dict[str, Any]:
    """What the drop-downs offer, and what is chosen."""
    work = served(asked.case.site, asked.case.assumptions)
    measured = measurements(asked.case.assumptions)
    fleets = asked.case.basis.fleets
    precisions = sorted(
        {p.precision for fleet in fleets for p in measured.of(work.model, fleet.gpu)}
        | {work.on(fleet.gpu).precision for fleet in fleets}
    )
    with_points = sorted({model for model, _ in measured.by_key()})
    return {
        "models": [(key, key in with_points) for key in sorted(models())],
        "model": work.model,
        "precisions": precisions,
        "precision": work.precision or "",
        "sites": [(place.site_id, f"{place.name}, {place.country}") for place in sites().values()],
        "site": asked.case.site.site_id or "",
        "gpus": sorted(gpu_systems()),
        "gpu": asked.gpu,
        "supply": asked.supply_c,
        "axes": [(name, words[0]) for name, words in AXES.items()],
        "x": asked.axes[0],
        "y": asked.axes[1],
        "modes": list(MODES.items()),
        "mode": asked.mode,
        "price": f"{asked.price_usd_per_mtok:g}",
        "target": "" if asked.target_usd_per_mtok is None else f"{asked.target_usd_per_mtok:g}",
        "places": EVERY_PLACE if len(asked.places) == len(sites()) else ",".join(asked.places),
        "with_reconstructed": measured.with_reconstructed,
        "class": asked.token_class,
    }
