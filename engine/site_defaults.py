"""What each setting of a design is while the design says nothing about it."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final

from engine.assumptions import Assumptions
from engine.plant import Finance, Site, Utilisation, Workload
from engine.tokens.workload import DEFAULT_MODEL

LINES: Final[Mapping[str, str]] = {
    "workload.isl": "workload.isl",
    "workload.osl": "workload.osl",
    "workload.interactivity_tok_s_user": "workload.interactivity_tok_s_user",
    "workload.prefix_hit_fraction": "workload.prefix_hit_fraction",
    "utilisation.slo_fraction": "ops.peak_headroom",
    "utilisation.derate_fraction": "ops.bench_to_prod",
    "utilisation.availability_fraction": "ops.availability_fleet",
    "utilisation.goodput_fraction": "ops.inference_goodput",
    "utilisation.load_factor_fraction": "ops.load_factor_interactive",
    "finance.wacc_fraction": "fin.wacc_hyperscaler",
    "finance.it_life_years": "life.it",
    "finance.facility_life_years": "life.facility",
}
"""Settings that an assumption line stands in for."""

OF_SITE: Final[Mapping[str, tuple[str, ...]]] = {
    "power": ("basis", "feed_limit_kw", "voltage_v", "power_factor"),
    "cooling": (
        "coolant",
        "tcs_supply_c",
        "fws_supply_c",
        "air_supply_c",
        "heat_load_fraction",
        "heat_rejection",
    ),
}
"""Settings that have their default in the plant itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteDefault:
    """A setting that a design may leave out."""

    setting: str  # group and key, as a design file nests them
    value: float | str | None  # None: nothing, or by each GPU
    line: str = ""  # the assumption line it comes from


def site_defaults(assumptions: Assumptions) -> tuple[SiteDefault, ...]:
    """Every setting of a design with the value that counts while it is not stated.

    Parameters
    ----------
    assumptions : Assumptions
        Lines in use: the shipped ones, those of an organisation, those of the design.

    Returns
    -------
    tuple of SiteDefault
        Stating all that have a value changes no result.

    Notes
    -----
    Definition. No place is chosen, the model is the one with most measurements, and the
    precision is each GPU's own best.
    """
    plain = Site()
    found = [SiteDefault(setting="workload.model", value=DEFAULT_MODEL)]
    parts = (("workload", Workload()), ("utilisation", Utilisation()), ("finance", Finance()))
    for group, part in parts:
        for each in fields(part):
            setting = f"{group}.{each.name}"
            if line := LINES.get(setting):
                found.append(SiteDefault(setting=setting, value=assumptions.value(line), line=line))
            elif setting != "workload.model":
                found.append(SiteDefault(setting=setting, value=getattr(part, each.name)))
    found += [
        SiteDefault(setting=f"{group}.{name}", value=getattr(plain, name))
        for group, names in OF_SITE.items()
        for name in names
    ]
    return tuple(found)
