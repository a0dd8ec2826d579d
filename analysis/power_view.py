"""What the page of power prints, from a stored answer: pure, and all in words."""

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.figures import ABSENT, number, significant
from analysis.losses_view import kind_name
from engine.confidence import word_for

METER = 120  # pixels for a source at its limit
MOST = 1.25
WARM = 0.8
SOURCES_SHOWN = 16
HISTOGRAM = (280, 72)  # pixels
WIDEST = 56.0
ORDINALS = ("", "Second ", "Third ", "Fourth ", "Fifth ")
LIMIT_NAMES = {
    "rating": "load within the rating",
    "mean_load": "mean load of 24 h",
    "step": "load taken at once",
    "least_load": "least load",
}

Row = dict[str, Any]


def power_page(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Figures, tables and bars of the page."""
    levels = [_level(level) for level in answer["levels"]]
    loaded = [level for level in levels if level["used"] is not None]
    fullest = max(loaded, key=lambda level: level["used"], default=None)
    for level in levels:
        level["is_open"] = level is fullest
    return {
        "levels": levels,
        "strip": _strip(answer, fullest),
        "racks": _racks(answer["racks"]),
        "swing": _swing(answer["swing"]),
        "generators": _generators(answer["generators"]),
        "batteries": _batteries(answer["batteries"]),
        "voltages": [_voltage(each) for each in answer["voltages"]],
        "busways": _busways(answer["busways"]),
        "efficiency": [_efficiency(each) for each in answer["efficiency"]],
        "working": answer["working"],
    }


def _figure(label: str, text: str, unit: str = "", state: str = "") -> dict[str, str]:
    return {"label": label, "text": text, "unit": unit, "state": state}


def _percent(fraction: float | None, digits: int = 0) -> str:
    return ABSENT if fraction is None else number(100.0 * fraction, digits)


def _strip(answer: Mapping[str, Any], fullest: Row | None) -> list[dict[str, str]]:
    found = [
        _figure("IT power", number(answer["it_kw"]), f"kW, {answer['basis']}"),
        _figure("Facility power", number(answer["facility_kw"]), "kW"),
    ]
    if fullest is not None:
        found += [
            _figure("Fullest level", fullest["name"]),
            _figure("Topology there", fullest["scheme"]),
            _figure("Used of what it allows", _percent(fullest["used"]), "%"),
        ]
    if answer["racks"]:
        found.append(_figure("Coincidence", number(answer["racks"]["coincidence"], 3)))
    sets = answer["generators"]
    found.append(_figure("Generators give here", _percent(sets["factor"], 1), "% of rating"))
    return found


def _level(level: Mapping[str, Any]) -> Row:
    told = [each for each in level["systems"] if each["state"]]
    usable = sum(each["state"]["usable_kw"] * each["alike"] for each in told)
    used = max(
        (each["state"]["load_kw"] / each["state"]["usable_kw"] for each in told), default=None
    )
    schemes = list(dict.fromkeys(each["state"]["scheme"] for each in told))
    reasons = list(dict.fromkeys(each["reason"] for each in level["systems"] if each["reason"]))
    name = kind_name(level["kind"])
    name = name[:1].upper() + name[1:] if not level["depth"] else name
    drops = max((each["state"]["dropped_kw"] for each in told), default=0.0)
    in_care = max((each["state"]["maintenance_dropped_kw"] for each in told), default=0.0)
    return {
        "name": f"{ORDINALS[min(level['depth'], 4)]}{name}",
        "scheme": ", ".join(schemes) or ABSENT,
        "sources": number(level["sources"]),
        "systems": number(sum(each["alike"] for each in level["systems"])),
        "load": number(level["load_kw"]),
        "rating": number(level["rating_kw"]),
        "usable": number(usable) if told else ABSENT,
        "limit": _percent(usable / level["rating_kw"], 1)
        if told and level["rating_kw"]
        else ABSENT,
        "used": used,
        "used_text": _percent(used),
        "is_over": used is not None and used > 1.0 + 1e-9,
        "after_loss": _after(drops, told, "worst_kw"),
        "maintenance": _maintenance(told, in_care),
        "reasons": ", ".join(reasons),
        "details": [_system(each) for each in told],
        "left_out": level["left_out"],
        "schemes": [_scheme(each, schemes) for each in level["schemes"]],
    }


def _after(dropped: float, told: Sequence[Mapping[str, Any]], column: str) -> Row:
    """What any one loss does to the fullest source."""
    if not told:
        return {"text": ABSENT, "state": ""}
    if dropped > 0.0:
        return {"text": f"drops {number(dropped)} kW", "state": "bad"}
    worst = max(each[column] / each["rating_kw"] for one in told for each in one["sources"])
    return {"text": f"{_percent(worst)} %", "state": "bad" if worst > 1.0 + 1e-9 else ""}


def _maintenance(told: Sequence[Mapping[str, Any]], dropped: float) -> Row:
    if not told:
        return {"text": ABSENT, "state": ""}
    if not all(each["state"]["is_maintainable"] for each in told):
        return {"text": "not without dropping or overload", "state": "bad"}
    if dropped > 0.0:
        return {"text": f"carried; one more drops {number(dropped)} kW", "state": ""}
    return {"text": "carried, one more loss too", "state": ""}


def _system(system: Mapping[str, Any]) -> Row:
    state = system["state"]
    trips = ""
    if state["trips"]:
        trips = (
            f"After the worst loss {state['trips']} more trip, the first after "
            f"{_seconds(state['first_trip_s'])}; {number(state['cascade_kw'])} kW stay dark."
        )
    pairing = ""
    if state["pairing_fraction"] is not None:
        worst = max(each["worst_kw"] / each["rating_kw"] for each in system["sources"])
        pairing = (
            f"Fullest source after any one loss: {_percent(worst, 1)} % as paired, "
            f"{_percent(state['pairing_fraction'], 1)} % with loads paired at best."
        )
    return {
        "scheme": state["scheme"],
        "more": system["alike"] - 1,
        "others": system["others"],
        "load": number(state["load_kw"]),
        "usable": number(state["usable_kw"]),
        "limit": _percent(state["limit_fraction"], 1),
        "binding": state["binding"],
        "groups": number(state["groups"]),
        "trips": trips,
        "pairing": pairing,
        "sources": [_source(each) for each in system["sources"][:SOURCES_SHOWN]],
        "sources_left_out": len(system["sources"][SOURCES_SHOWN:]),
    }


def _source(source: Mapping[str, Any]) -> Row:
    rating = source["rating_kw"]
    shares = {name: source[f"{name}_kw"] / rating for name in ("normal", "worst", "maintenance")}
    most = max(shares.values())
    return {
        "id": source["id"],
        "tag": source["tag"],
        "rating": number(rating),
        **{f"{name}_kw": number(source[f"{name}_kw"]) for name in shares},
        **{name: _percent(share) for name, share in shares.items()},
        "band": "over" if most > 1.0 + 1e-9 else "warm" if most > WARM else "ok",
        "normal_bar": _bar(shares["normal"]),
        "worst_bar": _bar(most),
    }


def _bar(share: float) -> float:
    return round(METER * min(share, MOST), 1)


def _scheme(scheme: Mapping[str, Any], drawn: Sequence[str]) -> Row:
    return {
        "name": scheme["name"],
        "is_drawn": scheme["name"] in drawn,
        "sources": number(scheme["sources"]),
        "limit": _percent(scheme["limit_fraction"], 1),
        "usable": number(scheme["usable_kw"]),
        "needed": number(scheme["needed"]),
        "one": "carried" if scheme["keeps_one"] else "drops load",
        "care": "carried" if scheme["keeps_in_maintenance"] else "overload or dropped load",
    }


def _racks(racks: Mapping[str, Any] | None) -> Row | None:
    if racks is None:
        return None
    edges, counts = racks["edges_kw"], racks["racks"]
    first = next(i for i, count in enumerate(counts) if count)
    edges, counts = edges[first:], counts[first:]
    width, height = HISTOGRAM
    step = width / len(counts)
    bars = [
        {
            "x": round(i * step, 1),
            "width": round(min(max(step - 2.0, 1.0), WIDEST), 1),
            "height": round(height * count / max(counts), 1),
            "y": round(height - height * count / max(counts), 1),
            "label": f"{number(edges[i])} to {number(edges[i + 1])} kW",
            "count": number(count),
        }
        for i, count in enumerate(counts)
    ]
    fullest = racks["fullest"]
    return {
        "bars": bars,
        "width": width,
        "height": height,
        "from": number(edges[0]),
        "to": number(edges[-1]),
        "figures": [
            _figure("Racks", number(racks["count"])),
            _figure("Mean of all together", number(racks["mean_kw"]), "kW"),
            _figure("Peak of all together, 99 %", number(racks["peak_kw"]), "kW"),
            _figure("Sum of the racks' own peaks", number(racks["peak_kw"] / racks["coincidence"]),
                    "kW"),
            _figure("Coincidence factor", number(racks["coincidence"], 4)),
            _figure(f"Peak of {number(racks['samples'])} samples, 99 %",
                    number(racks["sampled_kw"]["p99"]), "kW"),
        ],
        "fullest": None
        if fullest is None
        else {
            **fullest,
            "peak": number(fullest["peak_kw"]),
            "limit": number(fullest["limit_kw"]),
            "is_over": fullest["peak_kw"] > fullest["limit_kw"],
        },
    }  # fmt: skip


def _swing(swing: Mapping[str, Any] | None) -> Row | None:
    if swing is None:
        return None
    low, high = swing["band_hz"]
    is_steep = swing["ramp_kw_s"] > swing["ramp_limit_kw_s"]
    is_loud = swing["in_band_kw"] > swing["band_limit_kw"]
    return {
        "checks": [
            {
                "name": "Ramp of the supply",
                "value": f"{number(swing['ramp_kw_s'])} kW/s",
                "limit": f"{number(swing['ramp_limit_kw_s'])} kW/s",
                "is_over": is_steep,
                "remedy": f"storage of {significant(swing['ramp_storage_kwh'])} kWh and "
                f"{number(swing['ramp_storage_kw'])} kW keeps the limit",
            },
            {
                "name": f"Swing from {low:g} to {high:g} Hz, root mean square",
                "value": f"{number(swing['in_band_kw'])} kW",
                "limit": f"{number(swing['band_limit_kw'])} kW",
                "is_over": is_loud,
                "remedy": f"{number(swing['in_band_after_kw'])} kW with the ramp limited",
            },
        ],
        "figures": [
            _figure("Power at work", number(swing["high_kw"]), "kW"),
            _figure("Power while waiting", number(swing["low_kw"]), "kW"),
            _figure("Length of a step", significant(swing["period_s"]), "s"),
            _figure("Steady supply with storage", number(swing["grid_kw"]), "kW"),
            _figure("Storage that holds it still", significant(swing["storage_kwh"]), "kWh a step"),
            _figure("at a power of", number(swing["storage_kw"]), "kW"),
        ],
    }


def _generators(sets: Mapping[str, Any]) -> Row:
    return {
        "factor": _percent(sets["factor"], 1),
        "elevation": number(sets["elevation_m"]),
        "intake": number(sets["intake_c"], 1),
        "needed": number(sets["needed_kw"]),
        "sets": [
            {
                **each,
                "rating": number(each["rating_kw"]),
                "site": number(each["site_kw"]),
                "load": number(each["load_kw"]),
                "percent": _percent(each["load_kw"] / each["site_kw"]) if each["site_kw"] else "",
                "is_over": each["load_kw"] > each["site_kw"],
                "run": number(each["run_h"], 1),
                "tank": number(each["tank_l"]),
            }
            for each in sets["sets"]
        ],
        "limits": [
            {"name": LIMIT_NAMES[name], "is_kept": kept} for name, kept in sets["kept"].items()
        ],
    }


def _batteries(found: Mapping[str, Any] | None) -> Row | None:
    if found is None:
        return None
    return {
        "start": number(found["start_s"]),
        "units": [
            {
                **each,
                "more": each["alike"] - 1,
                "rating": number(each["rating_kw"]),
                "energy": number(each["energy_kwh"]),
                "normal": _seconds(each["normal_s"]),
                "worst": _seconds(each["worst_s"]),
                "is_short": 0.0 <= each["worst_s"] < found["start_s"],
            }
            for each in found["units"]
        ],
    }


def _seconds(seconds: float) -> str:
    if seconds < 0.0:
        return ABSENT
    if seconds < 100.0:
        return f"{number(seconds)} s"
    return f"{number(seconds / 60.0, 1)} min"


def _voltage(found: Mapping[str, Any]) -> Row:
    return {
        "current": found["current"],
        "nodes": number(found["nodes"]),
        "lowest": _percent(found["lowest_pu"], 2),
        "at": found["lowest"],
        "conductors": number(found["conductors_kw"], 1),
        "booked": number(found["booked_kw"], 1),
        "sweeps": found["sweeps"],
    }


def _busways(found: Mapping[str, Any] | None) -> Row | None:
    if found is None:
        return None
    fullest = found["fullest"]
    return {
        "air": number(found["air_c"], 1),
        "factor": _percent(found["factor"], 1),
        "count": number(found["count"]),
        "over": found["over"],
        "fullest": {
            **fullest,
            "rated": number(fullest["rated_a"]),
            "limit": number(fullest["limit_kw"]),
            "worst": number(fullest["worst_kw"]),
        },
    }


def _efficiency(found: Mapping[str, Any]) -> Row:
    names = ("normal_fraction", "worst_fraction", "best_fraction")
    values = ("normal_efficiency", "worst_efficiency", "best_efficiency")
    return {
        "id": found["id"],
        "tag": found["tag"],
        "kind": kind_name(found["kind"]),
        "more": found["count"] - 1,
        "confidence": found["confidence"],
        "worth": word_for(found["confidence"]) if found["confidence"] else "",
        "loss": number(found["loss_kw"][0], 1),
        "no_load": number(found["loss_kw"][1], 1),
        "curve": ", ".join(f"{part:g}" for part in found["curve"]),
        **{name: _percent(found[name]) for name in names},
        **{name: _percent(found[name], 2) for name in values},
    }
