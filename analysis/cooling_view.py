"""What the page of cooling prints, from a stored answer: pure, and all in words."""

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.figures import ABSENT, number, significant

CHART = (420.0, 200.0)  # pixels
MARGIN = (44.0, 12.0, 24.0, 8.0)  # left, top, bottom, right
NEVER_S = 1e8
COOLANTS = {
    "pg25_volume": "25 % propylene glycol by volume",
    "pg25_mass": "25 % propylene glycol by mass",
    "water": "water",
}

Row = dict[str, Any]


def cooling_page(answer: Mapping[str, Any]) -> dict[str, Any]:
    """Figures, tables and curves of the page."""
    loops = [_loop(loop) for loop in answer["loops"]]
    return {
        "strip": _strip(answer),
        "loops": loops,
        "fans": _fans(answer["fans"]),
        "rejection": _rejection(answer["rejection"]),
        "coolant": _coolant(answer["coolant"]),
        "working": answer["working"],
    }


def _figure(label: str, text: str, unit: str = "") -> dict[str, str]:
    return {"label": label, "text": text, "unit": unit}


def _percent(fraction: float | None, digits: int = 0) -> str:
    return ABSENT if fraction is None else number(100.0 * fraction, digits)


def seconds(value: float) -> str:
    """A short time in seconds or minutes."""
    if value >= NEVER_S:
        return "never"
    return f"{significant(value, 2)} s" if value < 100.0 else f"{number(value / 60.0, 1)} min"


def _strip(answer: Mapping[str, Any]) -> list[dict[str, str]]:
    found = [
        _figure("Heat to coolant", number(answer["heat_kw"]), "kW"),
        _figure("Heat to air", number(answer["air_kw"]), "kW"),
    ]
    loops = answer["loops"]
    if loops:
        soonest = min(loops, key=lambda loop: loop["time"]["throttle_s"])["time"]
        weakest = min(loops, key=lambda loop: loop["pumps"]["left_share"])
        found += [
            _figure("Without heat sink", seconds(soonest["throttle_s"]),
                    f"to {number(soonest['limit_c'])} °C"),
            _figure("Without pumps",
                    seconds(min(loop["time"]["pumps_s"] for loop in loops)), "at the cold plates"),
            _figure("Flow with one CDU lost", _percent(weakest["pumps"]["left_share"]), "%"),
        ]  # fmt: skip
    fans = answer["fans"]
    if fans and fans["left"]:
        found.append(_figure("Air with one unit lost", _percent(fans["left"]["given"]), "%"))
    circuits = answer["rejection"]["circuits"]
    if circuits:
        free = min(circuit["free"] for circuit in circuits)
        found.append(_figure("Free on the design day, least", _percent(free), "%"))
    return found


def _loop(loop: Mapping[str, Any]) -> Row:
    pumps, cdus, time = loop["pumps"], loop["cdus"], loop["time"]
    left = cdus["left"]
    short = pumps["left_share"] < 1.0 - 1e-6
    return {
        "id": loop["id"],
        "select": ",".join(loop["cdu_ids"][:200]),
        "units": number(loop["units"]),
        "more": loop["alike"] - 1,
        "heat": number(loop["heat_kw"]),
        "chart": _chart(pumps),
        "pumps": [
            _figure("Flow and head", f"{number(pumps['flow_lpm'])} L/min,"
                    f" {number(pumps['head_kpa'])}", "kPa"),
            _figure("Speed", _percent(pumps["speed"]), "%"),
            _figure("Efficiency there, wire to water", _percent(pumps["efficiency"], 1), "%"),
            _figure("Power there", significant(pumps["power_kw"]), "kW"),
            _figure("at half the flow, set-point held", significant(pumps["half_kw"]), "kW"),
            _figure("by the cube alone it would be", significant(pumps["cube_kw"]), "kW"),
        ],
        "lost": {
            "flow": number(pumps["left_lpm"]),
            "share": _percent(pumps["left_share"]),
            "is_short": short,
            "load": number(left["load_kw"]) if left else "",
            "fraction": _percent(left["fraction"]) if left else "",
            "is_over": bool(left) and left["fraction"] > 1.0 + 1e-9,
            "each": number(left["flow_lpm"]) if left else "",
            "capacity": number(cdus["capacity_kw"]),
        }
        if left
        else None,
        "time": [
            _figure("Coolant in all", number(time["litres"]), "L"),
            _figure("Warms without heat sink", significant(time["rate_k_s"], 2), "K/s"),
            _figure("Alarm after", seconds(time["alarm_s"])),
            _figure(f"Racks slow down at {number(time['limit_c'])} °C after",
                    seconds(time["throttle_s"])),
            _figure("Pumps away: cold plates there after", seconds(time["pumps_s"])),
            _figure("Once round the loop", seconds(time["round_s"])),
        ],
        "valves": _valves(loop["valves"]),
        "pipes": [
            {
                "bore": number(pipe["bore_mm"], 1),
                "metres": number(pipe["metres"], 1),
                "kg_m": number(pipe["kg_m"], 1),
                "kg": number(pipe["kg"]),
            }
            for pipe in loop["pipes"]
        ],
    }  # fmt: skip


def _valves(valves: Mapping[str, Any]) -> Row:
    return {
        "control": valves["control"],
        "racks": number(valves["racks"]),
        "least": number(valves["least_kpa"]),
        "balancing": number(valves["most_balancing_kpa"], 1),
        "poor": valves["poor"],
        "limit": number(valves["authority_min"], 2),
        "least_flow": _percent(valves["least_flow_fraction"], 1),
        "rows": [
            {
                "name": name,
                "id": valves[key]["id"],
                "tag": valves[key]["tag"],
                "loss": number(valves[key]["loss_kpa"], 1),
                "authority": number(valves[key]["authority"], 2),
                "kv": significant(valves[key]["kv_m3_h"]),
            }
            for key, name in (("worst", "longest way"), ("nearest", "shortest way"))
        ],
    }


def _chart(pumps: Mapping[str, Any]) -> Row:
    """Pump curves against the curve of the loop, as polylines."""
    left, top, bottom, right = MARGIN
    width, height = CHART
    most_flow = float(pumps["flows_lpm"][-1])
    most_head = 1.05 * float(max(pumps["full_kpa"]))

    def x(flow: float) -> float:
        return round(left + (width - left - right) * flow / most_flow, 1)

    def y(head: float) -> float:
        return round(
            height - bottom - (height - top - bottom) * min(head, most_head) / most_head, 1
        )

    def line(heads: Sequence[float]) -> str:
        pairs = zip(pumps["flows_lpm"], heads, strict=False)
        return " ".join(f"{x(flow):g},{y(head):g}" for flow, head in pairs if head <= most_head)

    return {
        "width": width,
        "height": height,
        "left": left,
        "base": height - bottom,
        "end": width - right,
        "lines": [
            {"kind": kind, "points": line(pumps[f"{kind}_kpa"])}
            for kind in ("lost", "full", "held", "system")
            if pumps[f"{kind}_kpa"]
        ],
        "duty": {"x": x(pumps["flow_lpm"]), "y": y(pumps["head_kpa"])},
        "most_flow": number(most_flow),
        "most_head": number(most_head),
    }


def _fans(fans: Mapping[str, Any] | None) -> Row | None:
    if fans is None:
        return None
    left, coils = fans["left"], fans["coils"]
    return {
        "select": ",".join(fans["ids"]),
        "count": number(fans["count"]),
        "figures": [
            _figure("Heat of the air", number(fans["heat_kw"]), "kW"),
            _figure("Capacity of one", number(fans["capacity_kw"]), "kW"),
            _figure("Speed of the fans", _percent(fans["speed"]), "%"),
            _figure("Fan power of one", significant(fans["fan_kw"], 2), "kW"),
        ],
        "left": [
            _figure("Speed of those left", _percent(left["speed"]), "%"),
            _figure("Fan power of one", significant(left["fan_kw"], 2), "kW"),
            _figure("Airflow still given", _percent(left["given"]), "%"),
        ]
        if left
        else [],
        "is_short": bool(left) and left["given"] < 1.0 - 1e-9,
        "coils": None
        if coils is None
        else {
            "ua": significant(coils["ua_kw_k"]),
            "lmtd": number(coils["lmtd_k"], 1),
            "air": number(coils["air_in_c"], 1),
            "rows": [
                {
                    "water": number(row["water_c"], 1),
                    "capacity": number(row["capacity_kw"]),
                    "is_short": row["capacity_kw"] < coils["load_kw"],
                }
                for row in coils["rows"]
            ],
            "load": number(coils["load_kw"]),
        },
    }


def _rejection(found: Mapping[str, Any]) -> Row:
    chillers, water, tank = found["chillers"], found["water"], found["tank"]
    return {
        "dry": number(found["dry_bulb_c"], 1),
        "wet": number(found["wet_bulb_c"], 1),
        "circuits": [
            {
                "name": circuit["name"][:1].upper() + circuit["name"][1:],
                "kind": circuit["kind"].replace("_", " "),
                "heat": number(circuit["heat_kw"]),
                "set": number(circuit["set_c"], 1),
                "class": circuit["class"]
                + (
                    f", to {number(circuit['class_limit_c'])} °C"
                    if circuit["class_limit_c"] is not None
                    else ""
                ),
                "return": number(circuit["return_c"], 1),
                "reach": number(circuit["reach_c"], 1),
                "free": _percent(circuit["free"]),
                "load": _percent(circuit["load_fraction"]),
                "fans": number(circuit["fan_kw"], 1),
                "chillers": number(circuit["chiller_kw"], 1),
                "tower": [
                    f"{_percent(row['load'])} % load {number(row['outlet_c'], 1)} °C"
                    for row in circuit["tower"] or ()
                ],
            }
            for circuit in found["circuits"]
        ],
        "chillers": None
        if chillers is None
        else {
            "select": ",".join(chillers["ids"]),
            "count": number(chillers["count"]),
            "rated": number(chillers["rated_kw"]),
            "set": number(chillers["set_c"], 1),
            "air": number(chillers["air_c"], 1),
            "spare": chillers["spare"],
            "is_fitted": chillers["is_fitted"],
            "cop": number(chillers["reversible_cop"], 1),
            "stages": [
                {
                    "load": _percent(row["load"]),
                    "heat": number(row["heat_kw"]),
                    "running": number(row["running"]),
                    "part": _percent(row["part_load"]),
                    "power": number(row["power_kw"]),
                    "cop": number(row["cop"], 1),
                    "over": row["over"],
                }
                for row in chillers["stages"]
            ],
        },
        "water": None
        if water is None
        else [
            _figure("Evaporation", number(water["evaporation_l"]), "L/h"),
            _figure("Blow-down", number(water["blowdown_l"]), "L/h"),
            _figure("Make-up", number(water["make_up_l"]), "L/h"),
        ],
        "tank": {
            "away": seconds(tank["away_s"]),
            "rise": number(tank["rise_k"], 1),
            "pipes": number(tank["pipes_m3"], 1),
            "volume": number(tank["m3"], 1),
            "is_needed": tank["m3"] > 0.0,
        },
    }


def _coolant(found: Mapping[str, Any]) -> Row:
    return {
        "name": COOLANTS.get(found["name"], found["name"]),
        "freezing": number(found["freezing_c"], 1),
        "rows": [
            {
                "at": number(row["temp_c"], 1),
                "density": number(row["density_kg_m3"], 1),
                "heat": number(row["heat_capacity_kj_kg_k"], 3),
                "viscosity": number(1000.0 * row["viscosity_pa_s"], 3),
                "conductivity": number(row["conductivity_w_m_k"], 3),
            }
            for row in found["rows"]
        ],
    }
