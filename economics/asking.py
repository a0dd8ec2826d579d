"""Reading what somebody asks of a survey: text in, a changed case out.

A value that cannot be is left at the design's own and named among the faults, so that a page
always has an answer.
"""

import math
from collections.abc import Container, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from economics.settings import BY_NAME, CLASSES, MODES, SETTINGS
from engine.assumptions import Assumptions
from engine.cost.basis import Basis
from engine.cost.case import Case
from engine.cost.sensitivity import AXES
from engine.cost.survey import Survey, at_conditions, at_site, case_of, with_gpu
from engine.cost.terms import Mode
from engine.tables import gpu_systems, models, sites
from engine.tokens.roofline import EXPERT_BYTES
from engine.tokens.workload import served


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody asks of a survey: the changed case, and how to show it."""

    case: Case
    own: Case  # as it is drawn
    token_class: str
    mode: Mode
    price_usd_per_mtok: float  # at which the margin is told
    target_usd_per_mtok: float | None
    site_id: str | None
    gpu: str  # "" for what is drawn
    supply_c: float | None  # None for what is drawn
    places: tuple[str, ...]  # sites side by side
    short_gpus: Mapping[str, int]  # as drawn, in racks that lack coolant, air or power
    axes: tuple[str, str]
    changed: tuple[str, ...]  # settings that differ from the design
    faults: tuple[str, ...]
    query: Mapping[str, str]  # what the address holds, cleaned


DEFAULT_PLACES: Final = ("fi-hel", "za-jnb", "us-tx", "au-tas")
DEFAULT_AXES: Final = ("interactivity", "load_factor")
EVERY_PLACE: Final = "all"
MOST_PLACES: Final = 8  # chosen one by one
DEFAULT_PRICE: Final = 0.20


def asked(found: Survey, assumptions: Assumptions, query: Mapping[str, str]) -> Asked | None:
    """The case that an address asks for; None for a plant without IT load."""
    own = case_of(found, assumptions)
    if own is None:
        return None
    reading = _Reading(query)
    case = _placed(found, own, reading)
    case = _worked(case, reading)
    mode = reading.mode(own.site.finance.mode)
    case = replace(case, site=replace(case.site, finance=replace(case.site.finance, mode=mode)))
    wanted = query.get("places", ",".join(DEFAULT_PLACES)).split(",")
    places = tuple(name for name in wanted if name in sites())[:MOST_PLACES]
    if EVERY_PLACE in wanted:
        places = tuple(sites())
    return Asked(
        case=case,
        own=own,
        token_class=reading.choice("class", CLASSES, "blended"),
        mode=mode,
        price_usd_per_mtok=reading.number("price", 0.0, 1e4) or DEFAULT_PRICE,
        target_usd_per_mtok=reading.number("target", 0.0, 1e4),
        site_id=case.site.site_id,
        gpu=reading.text("gpu", gpu_systems()),
        supply_c=reading.number("fws", 0.0, 60.0),
        places=places,
        short_gpus=found.short_gpus,
        axes=reading.axes(),
        changed=tuple(sorted(reading.used)),
        faults=tuple(reading.faults),
        query=dict(reading.kept),
    )


class _Reading:
    """Reads settings one by one and remembers what was used and what was wrong."""

    def __init__(self, query: Mapping[str, str]) -> None:
        self.query = query
        self.used: set[str] = set()
        self.faults: list[str] = []
        self.kept: dict[str, str] = {}

    def number(self, name: str, low: float, high: float) -> float | None:
        text = self.query.get(name, "").strip().replace(",", ".")
        if not text:
            return None
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        label = BY_NAME[name].label if name in BY_NAME else name
        if not low <= value <= high:
            self.faults.append(f"{label} must be a number from {low:g} to {high:g}.")
            return None
        self.kept[name] = text
        return value

    def text(self, name: str, known: Container[str]) -> str:
        text = self.query.get(name, "")
        if text and text not in known:
            self.faults.append(f"There is no {name} {text[:40]!r}.")
            return ""
        if text:
            self.kept[name] = text
        return text

    def choice(self, name: str, known: Mapping[str, str], otherwise: str) -> str:
        return self.text(name, known) or otherwise

    def mode(self, otherwise: Mode) -> Mode:
        asked = self.text("mode", MODES)
        return next((mode for mode in MODES if mode == asked), otherwise)

    def axes(self) -> tuple[str, str]:
        x, y = self.text("x", AXES), self.text("y", AXES)
        pair = (x or DEFAULT_AXES[0], y or DEFAULT_AXES[1])
        if pair[0] == pair[1]:
            return pair[0], next(name for name in AXES if name != pair[0])
        return pair


def _placed(found: Survey, case: Case, reading: _Reading) -> Case:
    """The case at another site, with warmer water, or with other GPUs."""
    name = reading.text("site", sites())
    if name and name != case.site.site_id:
        reading.used.add("site")
        case = at_site(case, name, found.elsewhere[name])
    supply = reading.number("fws", 0.0, 60.0)
    if supply is not None and found.supplies and not name:
        nearest = min(found.supplies, key=lambda known: abs(known - supply))
        reading.used.add("fws")
        case = replace(
            case,
            basis=at_conditions(case.basis, found.supplies[nearest]),
            site=replace(case.site, fws_supply_c=nearest),
        )
    gpu = reading.text("gpu", gpu_systems())
    if gpu and gpu not in {fleet.gpu for fleet in case.basis.fleets}:
        reading.used.add("gpu")
        case = replace(case, basis=with_gpu(case.basis, gpu))
    return case


def _worked(case: Case, reading: _Reading) -> Case:
    """The case with another workload, other utilisation, terms and lines."""
    groups: dict[str, dict[str, Any]] = {"workload": {}, "utilisation": {}, "finance": {}}
    lines: dict[str, float] = {}
    for setting in SETTINGS:
        value = reading.number(setting.name, setting.low, setting.high)
        if value is None:
            continue
        reading.used.add(setting.name)
        group, _, field = setting.target.partition(".")
        if setting.target == "rack_price":
            case = replace(case, basis=priced(case.basis, 1e6 * value))
        elif group in groups:
            groups[group][field] = int(value) if setting.name in ("isl", "osl") else value
        else:
            lines[setting.target] = value
    model = reading.text("model", models())
    if model:
        groups["workload"]["model"] = model
        reading.used.add("model")
    precision = reading.text("precision", EXPERT_BYTES)
    if precision:
        groups["workload"]["precision"] = precision
        reading.used.add("precision")
    if reading.query.get("points") == "direct":
        lines["data.reconstructed"] = 0.0
        reading.kept["points"] = "direct"
        reading.used.add("points")
    site = replace(
        case.site,
        workload=replace(case.site.workload, **groups["workload"]),
        utilisation=replace(case.site.utilisation, **groups["utilisation"]),
        finance=replace(case.site.finance, **groups["finance"]),
    )
    case = replace(case, site=site)
    return case.with_lines(lines) if lines else case


def priced(basis: Basis, rack_usd: float) -> Basis:
    """The same plant with every GPU rack at one price."""
    fleets = tuple(
        replace(
            fleet,
            recorded_racks=fleet.racks,
            recorded_usd=fleet.racks * rack_usd,
            unrecorded_gpus=0,
        )
        for fleet in basis.fleets
    )
    return replace(basis, fleets=fleets)


def in_use(case: Case) -> dict[str, tuple[float, str]]:
    """Value and confidence of the settings that the sheet does not hold: the workload's."""
    work = served(case.site, case.assumptions)
    trust = {item.name.removeprefix("workload."): item.confidence for item in work.inputs}
    return {
        "u": (work.tok_s_user, trust["interactivity_tok_s_user"]),
        "isl": (float(work.isl), trust["isl"]),
        "osl": (float(work.osl), trust["osl"]),
        "hit": (work.prefix_hit, trust["prefix_hit_fraction"]),
    }
