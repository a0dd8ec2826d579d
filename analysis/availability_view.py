"""What the page of availability prints, from a stored answer: pure, and all in words."""

import math
from collections.abc import Mapping
from typing import Any

from analysis.figures import ABSENT, number, plain, significant
from analysis.losses_view import kind_name

BAR = 120  # pixels for the whole of the time lost
LEAST_S = 0.1  # a year; less is not worth a digit

Row = dict[str, Any]


def availability_page(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Figures, tables and bars of the page."""
    loads = answer["loads"]
    return {
        "strip": _strip(answer) if loads else [],
        "loads": [_load(load) for load in loads],
        "left_out": answer["left_out"],
        "order": answer["order"],
        "range": _range(answer["range"]),
        "groups": [_group(group) for group in answer["groups"]],
        "job": _job(answer["job"]),
        "working": answer["working"],
    }


def _figure(label: str, text: str, unit: str = "") -> dict[str, str]:
    return {"label": label, "text": text, "unit": unit}


def written(availability: float) -> str:
    """A share of time in percent, with digits enough to tell it from all of it."""
    lost = 1.0 - availability
    if lost <= 1e-12:
        return "100"
    return number(100.0 * availability, min(9, max(2, 1 - math.floor(math.log10(100.0 * lost)))))


def lasting(hours: float) -> str:
    """A time in the unit that shows it best."""
    if hours >= 1.0:
        return f"{significant(hours)} h"
    if hours * 60.0 >= 1.0:
        return f"{significant(hours * 60.0)} min"
    if hours * 3600.0 < LEAST_S:
        return f"under {LEAST_S:g} s" if hours else "0 s"
    return f"{significant(hours * 3600.0, 2)} s"


def seldom(per_year: float) -> str:
    """How often something happens, as years between."""
    if per_year <= 0.0:
        return ABSENT
    if per_year >= 1.0:
        return f"{significant(per_year)} a year"
    return f"once in {significant(1.0 / per_year)} years"


def _between(per_year: float) -> tuple[str, str]:
    if per_year <= 0.0:
        return ABSENT, ""
    years = 1.0 / per_year
    return (significant(years), "years") if years >= 1.0 else (significant(8760.0 * years), "h")


def _strip(answer: Mapping[str, Any]) -> list[dict[str, str]]:
    worst = answer["loads"][0]
    found = [
        _figure("Least available load", written(worst["availability"]), "%"),
        _figure("Down a year", lasting(worst["down_h"])),
        _figure("Mean time between", *_between(worst["failures_per_year"])),
        _figure("Mean length", lasting(worst["mean_h"])),
        _figure("Power and cooling", worst["scheme"], "feeds of the load"),
    ]
    job = answer["job"]
    if job is not None:
        found.append(_figure("A job on all racks stops", f"every {lasting(job['mean_h'])}"))
        found.append(_figure("Goodput of it", number(100.0 * job["goodput"], 2), "%"))
    return found


def _range(found: Mapping[str, Any] | None) -> Row | None:
    if found is None:
        return None
    return {
        "factor": plain(found["factor"], 2),
        "samples": number(found["samples"]),
        **{key: lasting(hours) for key, hours in found["hours"].items()},
        "runs": number(found["bound_runs"]),
        "bound": lasting(found["bound_h"]),
        "causes": ", ".join(
            f"{kind_name(cause['kind'])} {number(100.0 * cause['share'])} %"
            for cause in found["causes"]
        ),
    }


def _load(load: Mapping[str, Any]) -> Row:
    total = sum(cut["unavailability"] for cut in load["cuts"])
    rest = max(load["cut_unavailability"] - total, 0.0)
    return {
        "name": load["first"] if load["count"] == 1 else f"{load['first']} to {load['last']}",
        "count": number(load["count"]),
        "like": load["loads"],
        "kw": number(load["kw"]),
        "select": ",".join(load["ids"]),
        "availability": written(load["availability"]),
        "down": lasting(load["down_h"]),
        "often": seldom(load["failures_per_year"]),
        "mean": lasting(load["mean_h"]),
        "scheme": load["scheme"],
        "feeds": [" → ".join(chain) for chain in load["feeds"]],
        "blocks": [
            {
                "name": block["name"],
                "works": written(block["works"]),
                "down": lasting(block["down_h"]),
                "parts": number(block["parts"]),
            }
            for block in load["blocks"]
        ],
        "cuts": [_cut(cut, load["cut_unavailability"]) for cut in load["cuts"]],
        "cuts_found": number(load["cuts_found"]),
        "rest": number(100.0 * rest / load["cut_unavailability"], 1)
        if load["cut_unavailability"]
        else "0",
        "bound": written(1.0 - load["cut_unavailability"]),
    }


def _cut(cut: Mapping[str, Any], total: float) -> Row:
    kinds = [kind_name(kind) for kind in cut["kinds"]]
    if cut["common"]:
        text = f"{kinds[0]}: common cause, both sides at once"
    else:
        text = " and ".join(cut["names"])
    share = cut["unavailability"] / total if total else 0.0
    return {
        "text": text,
        "kinds": ", ".join(dict.fromkeys(kinds)),
        "order": len(cut["names"]),
        "select": ",".join(cut["ids"][:200]),
        "share": number(100.0 * share, 1),
        "bar": round(BAR * share, 1),
        "down": lasting(8760.0 * cut["unavailability"]),
        "often": seldom(cut["per_year"]),
    }


def _group(group: Mapping[str, Any]) -> Row:
    return {
        "name": group["name"][:1].upper() + group["name"][1:],
        "more": group["alike"] - 1,
        "needed": f"{number(group['needed'])} of {number(group['units'])}",
        "select": ",".join(group["ids"]),
        "rate": significant(group["per_year"], 2),
        "repair": number(group["repair_h"]),
        "independent": lasting(group["independent_h"]),
        "crewed": lasting(group["crewed_h"]),
        "common": lasting(group["common_h"]) if group["common_h"] else ABSENT,
        "availability": written(group["availability"]),
        "often": seldom(group["below_per_year"]),
        "mean": lasting(group["below_h"]),
    }


def _job(job: Mapping[str, Any] | None) -> list[dict[str, str]]:
    if job is None:
        return []
    return [
        _figure("GPUs", number(job["gpus"])),
        _figure("Stops by machines", significant(job["machine_stops_per_year"]), "a year"),
        _figure("Stops by power and cooling", significant(job["plant_stops_per_year"]), "a year"),
        _figure("Mean time between stops", lasting(job["mean_h"])),
        _figure("Best time between checkpoints", lasting(job["interval_h"])),
        _figure("Time that is progress", number(100.0 * job["efficiency"], 2), "%"),
        _figure("A rack has power and cooling", written(job["rack_availability"]), "% of the time"),
        _figure("Racks to spare", number(job["spares"]), "at 99 % of the time"),
        _figure("Goodput", number(100.0 * job["goodput"], 2), "%"),
    ]
