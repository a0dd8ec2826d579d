"""The chapters of what a design holds in reserve: power, cooling, and availability by load."""

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.availability_view import availability_page
from analysis.cooling_view import cooling_page
from analysis.power_view import power_page
from engine.faults.redundancy import Study
from engine.reserves.availability import availability_of
from engine.reserves.cooling import cooling_of
from engine.reserves.power import power_of

LOADS_LISTED = 24
LOOPS_LISTED = 24
Table = dict[str, Any]


def reserves(study: Study) -> dict[str, Any]:
    """The three chapters, each None where there is nothing to say."""
    has_nodes = len(study.plant.power_nodes) > 0
    return {
        "power": _power(power_page(power_of(study))) if has_nodes else None,
        "cooling": _cooling(cooling_page(cooling_of(study))) if len(study.plant.racks) else None,
        "availability": _availability(availability_page(availability_of(study))),
    }


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]], words: int = 1) -> Table:
    """A table whose first ``words`` columns are words and the rest numbers."""
    return {"heads": list(heads), "rows": [list(row) for row in rows], "words": words}


def _power(page: Mapping[str, Any]) -> dict[str, Any]:
    levels = _table(
        ("Level", "As drawn", "After any one loss", "One out for maintenance", "Sources",
         "Load kW", "May carry kW", "Limit %", "Used of it %"),
        [
            (level["name"], level["scheme"], level["after_loss"]["text"],
             level["maintenance"]["text"], level["sources"], level["load"], level["usable"],
             level["limit"], level["used_text"])
            for level in page["levels"]
        ],
        4,
    )  # fmt: skip
    open_level = next((level for level in page["levels"] if level["is_open"]), None)
    schemes = _table(
        ("Topology", "Any one loss", "In maintenance, one more lost", "Sources", "Limit %",
         "May carry kW", "Sources for the load of today"),
        [
            (each["name"] + (" (as drawn)" if each["is_drawn"] else ""), each["one"],
             each["care"], each["sources"], each["limit"], each["usable"], each["needed"])
            for each in (open_level or {"schemes": []})["schemes"]
        ],
        3,
    )  # fmt: skip
    return {
        "figures": page["strip"],
        "levels": levels,
        "schemes": schemes if schemes["rows"] else None,
        "schemes_of": open_level["name"] if open_level else "",
        "lines": _power_lines(page),
    }


def _power_lines(page: Mapping[str, Any]) -> list[str]:
    """What stands by and what swings, a sentence each."""
    lines = []
    if page["swing"]:
        lines += [
            f"{check['name']}: {check['value']}, limit {check['limit']}"
            + (f"; over it: {check['remedy']}." if check["is_over"] else ".")
            for check in page["swing"]["checks"]
        ]
    sets = page["generators"]
    lines.append(
        f"Generators give {sets['factor']} % of their rating at {sets['elevation']} m and "
        f"{sets['intake']} °C; the facility asks for {sets['needed']} kW of rating."
        + ("" if sets["sets"] else " None is drawn.")
    )
    lines += [
        f"{each['tag']}: {each['load']} of {each['site']} kW, its tank lasts {each['run']} h."
        for each in sets["sets"]
    ]
    lines += [
        f"Battery of {each['tag']}: {each['normal']} normally, {each['worst']} with the other "
        "side lost."
        for each in (page["batteries"] or {"units": []})["units"]
    ]
    lines += [
        f"Load flow, {each['current']}: lowest voltage {each['lowest']} % of nominal, at "
        f"{each['at']['tag']}; conductors and windings give {each['conductors']} kW of heat."
        for each in page["voltages"]
    ]
    if page["busways"]:
        found = page["busways"]
        lines.append(
            f"Busways in air of {found['air']} °C carry {found['factor']} % of their rating; "
            f"{found['over']} of {found['count']} over it with the other side lost."
        )
    return lines


def _cooling(page: Mapping[str, Any]) -> dict[str, Any] | None:
    if not page["loops"] and page["fans"] is None:
        return None
    loops = _table(
        ("Loop", "CDUs", "Heat kW", "Duty", "Speed %", "One lost: flow %", "heat %",
         "Without heat sink", "Without pumps", "Authority, longest way"),
        [
            (loop["id"] + (f" and {loop['more']} alike" if loop["more"] else ""), loop["units"],
             loop["heat"], f"{loop['pumps'][0]['text']} {loop['pumps'][0]['unit']}",
             loop["pumps"][1]["text"],
             loop["lost"]["share"] if loop["lost"] else "none left",
             loop["lost"]["fraction"] if loop["lost"] else "",
             loop["time"][3]["text"], loop["time"][4]["text"],
             loop["valves"]["rows"][0]["authority"])
            for loop in page["loops"][:LOOPS_LISTED]
        ],
    )  # fmt: skip
    circuits = _table(
        ("Water", "Heat kW", "Set °C", "Coolers reach °C", "Free %", "Fans kW", "Chillers kW"),
        [
            (f"{row['name']}, {row['kind']}", row["heat"], row["set"], row["reach"], row["free"],
             row["fans"], row["chillers"])
            for row in page["rejection"]["circuits"]
        ],
    )  # fmt: skip
    stages = page["rejection"]["chillers"]
    return {
        "figures": page["strip"],
        "loops": loops if loops["rows"] else None,
        "left_out": len(page["loops"][LOOPS_LISTED:]),
        "circuits": circuits if circuits["rows"] else None,
        "chillers": _table(
            ("Load %", "Heat kW", "Run", "Each at %", "Power kW", "COP"),
            [
                (row["load"], row["heat"], row["running"], row["part"], row["power"], row["cop"])
                for row in stages["stages"]
            ],
            0,
        )
        if stages
        else None,
        "lines": _cooling_lines(page),
    }


def _cooling_lines(page: Mapping[str, Any]) -> list[str]:
    tank, fans = page["rejection"]["tank"], page["fans"]
    lines = [
        f"Heat rejection is away for {tank['away']} after a loss of power: "
        + (f"a tank of {tank['volume']} m³" if tank["is_needed"] else "what the pipes hold")
        + f" carries the heat with a rise of {tank['rise']} K."
    ]
    if fans and fans["left"]:
        speed, power, given = fans["left"]
        lines.append(
            f"With one of {fans['count']} air handlers lost the others run at {speed['text']} % "
            f"and {power['text']} kW each and give {given['text']} % of the air."
        )
    return lines


def _availability(page: Mapping[str, Any]) -> dict[str, Any] | None:
    if not page["loads"]:
        return None
    worst = page["loads"][0]
    return {
        "figures": page["strip"],
        "loads": _table(
            ("Load", "Most to blame", "Racks", "Available %", "Down a year", "How often",
             "Each time"),
            [
                (load["name"], load["cuts"][0]["text"] if load["cuts"] else "", load["count"],
                 load["availability"], load["down"], load["often"], load["mean"])
                for load in page["loads"][:LOADS_LISTED]
            ],
            2,
        ),
        "left_out": len(page["loads"][LOADS_LISTED:]) + page["left_out"],
        "worst": worst["name"],
        "cuts": _table(
            ("Fails together", "Order", "Share %", "Down a year", "How often"),
            [
                (cut["text"], str(cut["order"]), cut["share"], cut["down"], cut["often"])
                for cut in worst["cuts"]
            ],
        ),
        "groups": _table(
            ("Units with spares", "Needed", "Crews there are", "Common cause", "Too few"),
            [
                (group["name"], group["needed"], group["crewed"], group["common"], group["often"])
                for group in page["groups"]
            ],
        ),
        "job": page["job"],
    }  # fmt: skip
