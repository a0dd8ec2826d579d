"""What the page of loops prints and draws, from a stored answer: pure, and all in words."""

from collections.abc import Mapping
from typing import Any

from analysis.figures import ABSENT, number, plain, significant
from analysis.loop_diagram import (
    ROW_HEAD,
    Schematic,
    Spot,
    alike,
    band,
    holds,
    lack,
    schematic,
)
from analysis.one_line import band as limit_band

SHOWN = 24
ALIKE_SHOWN = 200
BAR = 100  # pixels for a CDU at its limit
MOST = 1.25
BINDS = {
    "heat": "heat binds",
    "flow": "flow binds",
    "valve": "its valve binds",
    "facility water": "facility water binds",
    "none": "nothing binds",
}

Row = dict[str, Any]


def loop_page(answer: Mapping[str, Any], at: str = "") -> dict[str, Any]:
    """The facility water, and every loop that is not like one before."""
    loops = answer["loops"]
    groups = alike(loops, at)
    return {
        "facility": _facility(answer["facility"], loops),
        "loops": [_loop(loops, places, answer["facility"], at) for places in groups[:SHOWN]],
        "left_out": len(groups[SHOWN:]),
        "working": [each for each in answer["working"] if each["figure"].startswith("cooling.")],
    }


def _facility(found: Mapping[str, Any], loops: list[Mapping[str, Any]]) -> Row:
    kinds: dict[str, list[Mapping[str, Any]]] = {}
    for unit in found["units"]:
        kinds.setdefault(unit["kind"], []).append(unit)
    capacity = sum(map(_counted_kw, found["units"]))
    return {
        "supply": number(found["supply_c"], 1),
        "return": number(found["return_c"], 1),
        "heat": number(found["heat_kw"]),
        "flow": number(found["flow_lpm"]),
        "pipes": _facility_pipes(found.get("pipes")),
        "loops": number(len(loops)),
        "cdus": number(sum(len(loop["cdus"]) for loop in loops)),
        "units": [
            {
                "kind": kind.replace("_", " "),
                "count": len(units),
                "tag": units[0]["tag"],
                "select": ",".join(unit["id"] for unit in units[:ALIKE_SHOWN]),
                "capacity": number(sum(map(_counted_kw, units))),
            }
            for kind, units in kinds.items()
        ],
        "share": number(100.0 * found["heat_kw"] / capacity) if capacity else ABSENT,
    }


def _counted_kw(unit: Mapping[str, Any]) -> float:
    """Capacity of a cooler; none where no drawn pipe joins it to a unit."""
    return float(unit["capacity_kw"]) if unit.get("is_joined", True) else 0.0


def _facility_pipes(pipes: Mapping[str, Any] | None) -> Row | None:
    """What the facility water flows through; none of what was kept before pipes were told."""
    if not pipes:
        return None
    routes, worst = pipes["routes"], pipes["worst"]
    return {
        "metres": number(pipes["pipe_m"]),
        "litres": number(pipes["pipe_litres"]),
        "velocity": number(pipes["velocity_max_m_s"], 2),
        "head": number(pipes["cdu_head_kpa"]) if pipes["cdu_head_kpa"] is not None else "",
        "worst": worst["tag"] or worst["id"],
        "worst_id": worst["id"],
        "worst_m": number(worst["way_m"]),
        "worst_kpa": number(worst["path_kpa"], 1),
        "drawn": number(len(routes["drawn"])),
        "assumed": number(len(routes["assumed"])),
        "assumed_ids": ",".join(routes["assumed"][:ALIKE_SHOWN]),
        "has_assumed": bool(routes["assumed"]),
        "has_drawn": bool(routes["drawn"]),
    }


def _loop(
    loops: list[Mapping[str, Any]], places: list[int], facility: Mapping[str, Any], at: str
) -> Row:
    loop = loops[places[0]]
    drawn = schematic(loop)
    racks = [rack for row in loop["headers"] for rack in row["racks"]]
    given = sum(rack["given_lpm"] for rack in racks)
    return {
        "id": loop["id"],
        "is_at": bool(at) and holds(loop, at),
        "alike": [
            {"id": loops[place]["id"], "key": loops[place]["id"]}
            for place in places[1 : 1 + ALIKE_SHOWN]
        ],
        "more": len(places) - 1,
        "figures": _figures(loop, racks, given),
        "drawn": drawn,
        "cdus": [_cdu(loop["cdus"][s.index], s, at) for s in drawn.spots if s.kind == "cdu"],
        "rows": [_row(loop["headers"][s.row], s) for s in drawn.spots if s.kind == "row"],
        "racks": [
            _rack(loop["headers"][s.row]["racks"][s.index], s, at)
            for s in drawn.spots
            if s.kind == "rack"
        ],
        "lines": _lines(drawn),
        "supply": number(facility["tcs_supply_c"], 1),
        "return": _mean_return(racks),
        "short": sum(band(rack) == "short" for rack in racks),
    }


def _figures(loop: Mapping[str, Any], racks: list[Mapping[str, Any]], given: float) -> list[Row]:
    asked = loop["flow_lpm"]
    found = [
        ("Heat", number(loop["heat_kw"]), "kW"),
        ("Flow asked for", number(asked), "L/min"),
        ("Flow given", number(given) if racks else ABSENT, "L/min"),
        ("CDU capacity", number(loop["capacity_kw"]), "kW"),
        ("with the spares lost", number(loop["lost_one_capacity_kw"]), "kW"),
        ("What binds", loop["binds"], ""),
    ]
    pipes = loop["hydraulics"]
    if pipes is not None:
        found += [
            ("Head asked for", number(pipes["required_kpa"]), "kPa"),
            ("Head at full speed", number(pipes["available_kpa"]), "kPa"),
            ("Pump speed", number(100.0 * pipes["pump_speed_fraction"]), "%"),
            ("Fastest flow", number(pipes["velocity_max_m_s"], 2), "m/s"),
            ("Pipes", number(pipes["pipe_m"]), f"m, {number(pipes['pipe_litres'])} L"),
            ("Return", pipes["return_kind"], ""),
        ]
    filled = loop.get("filling")
    if filled is not None:
        found += [
            ("Coolant in all", number(filled["litres"]), "L"),
            ("Expansion vessel", number(filled["vessel_litres"]), "L"),
            ("Suction head above boiling", number(filled["npsh_m"], 1), "m"),
        ]
    return [{"label": label, "text": text, "unit": unit} for label, text, unit in found]


def _mean_return(racks: list[Mapping[str, Any]]) -> str:
    flow = sum(rack["given_lpm"] for rack in racks if rack["return_c"] is not None)
    if not flow:
        return ABSENT
    warm = sum(
        rack["given_lpm"] * rack["return_c"] for rack in racks if rack["return_c"] is not None
    )
    return number(warm / flow, 1)


def _place(spot: Spot) -> Row:
    return {"x": spot.x, "y": spot.y, "width": spot.width, "height": spot.height}


def _cdu(cdu: Mapping[str, Any], spot: Spot, at: str) -> Row:
    fraction = cdu["load_fraction"]
    return {
        **_place(spot),
        "id": cdu["id"],
        "tag": cdu["tag"] or cdu["id"],
        "is_at": cdu["id"] == at,
        "load": number(100.0 * fraction),
        "lost_one": number(100.0 * cdu["lost_one_fraction"]),
        "band": limit_band(cdu["lost_one_fraction"]),
        "bar": round(BAR * min(fraction, MOST), 1),
        "lost_bar": round(BAR * min(cdu["lost_one_fraction"], MOST), 1),
        "limit_bar": BAR,
        "kw": number(cdu["load_kw"]),
        "capacity": number(cdu["capacity_kw"]),
        "flow": number(cdu["flow_lpm"]),
        "head": number(cdu["pump_head_kpa"]),
        "speed": number(100.0 * cdu["pump_speed_fraction"]),
        "approach": number(cdu["approach_k"], 1),
        "valve": number(100.0 * cdu["valve_fraction"]),
        "limit": number(cdu["limit_kw"]),
        "binds": BINDS.get(cdu["binds"], cdu["binds"]),
    }


def _row(header: Mapping[str, Any], spot: Spot) -> Row:
    racks = header["racks"]
    asked = sum(rack["asked_lpm"] for rack in racks)
    given = sum(rack["given_lpm"] for rack in racks)
    worst = max((lack(rack) for rack in racks), default=0.0)
    text = f"{racks[0]['tag']} to {racks[-1]['tag']}" if len(racks) > 1 else racks[0]["tag"]
    factor = header["resistance_factor"]
    return {
        **_place(spot),
        "text": text,
        "words_y": spot.y + 10,
        "flow": f"{number(given)} of {number(asked)} L/min"
        + (f", worst −{number(100.0 * worst)} %" if worst > 0.005 else ""),
        "pipe": f"bore {plain(header['bore_mm'])} mm, {significant(header['length_m'], 3)} m"
        + (f", {_factor(factor)}" if factor != 1.0 else ""),
        "pipe_id": header["pipe_id"],
        "factor": _factor(factor) if factor != 1.0 else "",
        "is_short": any(band(rack) == "short" for rack in racks),
    }


def _factor(factor: float) -> str:
    """In words: × before a number says how many are alike."""
    return f"resistance factor {plain(factor, 3)}"


def _rack(rack: Mapping[str, Any], spot: Spot, at: str) -> Row:
    got = rack["given_lpm"] / rack["asked_lpm"] if rack["asked_lpm"] else 0.0
    full = spot.height * min(got, 1.0)
    return {
        **_place(spot),
        "id": rack["id"],
        "tag": rack["tag"] or rack["id"],
        "is_at": rack["id"] == at,
        "band": band(rack),
        "fill_y": round(spot.height - full, 1),
        "fill_height": round(full, 1),
        "asked": number(rack["asked_lpm"], 1),
        "given": number(rack["given_lpm"], 1),
        "percent": number(100.0 * got),
        "return": number(rack["return_c"], 1),
        "heat": number(rack["heat_kw"], 1),
        "path": number(rack["path_kpa"]),
    }


def _lines(drawn: Schematic) -> list[Row]:
    """The two mains, and their branches to CDUs and rows."""
    found = []
    for kind, x, shift in (("supply", drawn.supply_x, -5.0), ("return", drawn.return_x, 5.0)):
        parts = [f"M{x:g} {drawn.top_y:g}V{drawn.bottom_y - 12:g}"]
        for spot in drawn.spots:
            if spot.kind == "cdu":
                parts.append(f"M{spot.x + spot.width:g} {spot.y + 20 + shift:g}H{x:g}")
            elif spot.kind == "row":
                y = spot.y + (ROW_HEAD - 4 if kind == "supply" else spot.height - 8)
                ends = max(
                    each.x + each.width
                    for each in drawn.spots
                    if each.kind == "rack" and each.row == spot.row
                )
                parts.append(f"M{x:g} {y:g}H{ends:g}")
        found.append({"kind": kind, "path": "".join(parts), "x": x})
    return found
