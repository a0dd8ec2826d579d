"""What the fabric page prints, from a stored answer: pure, and all in words."""

from collections.abc import Mapping
from typing import Any

from analysis.figures import ABSENT, number, plain, significant

TECHNOLOGIES = {
    "copper": "Copper where it reaches",
    "pluggable": "Pluggable optics",
    "cpo": "Co-packaged optics",
}
PARTS = {
    "link": "One link of a GPU",
    "leaf": "One leaf",
    "spine": "One spine",
    "core": "One core switch",
    "plane": "One plane",
}
DEFAULT = "pluggable"
SHOWN = 12  # trays over their fill


def fabric_view(answer: Mapping[str, Any], chosen: str) -> dict[str, Any]:
    """Figures and tables of the page; ``chosen`` is the kind of optics looked at."""
    technology = chosen if chosen in TECHNOLOGIES else DEFAULT
    optics = {row["technology"]: row for row in answer["optics"]}
    return {
        "technology": technology,
        "technologies": [
            {"key": key, "label": label, "is_chosen": key == technology}
            for key, label in TECHNOLOGIES.items()
        ],
        "counts": _counts(answer),
        "optics": _optics(optics[technology], answer),
        "compared": [_compared(optics[key], key == technology) for key in TECHNOLOGIES],
        "tiers": [_tier(row) for row in answer["tiers"]],
        "stock": [_stock(row) for row in answer["tiers"]],
        "budgets": [_budget(row) for row in answer.get("budgets", ())],
        "left": [_left(row) for row in answer["left"]],
        "sides": [
            {
                "fabric": row["fabric"],
                "ports": number(row["ports"]),
                "switches": number(row["switches"]),
            }
            for row in answer["side_fabrics"]
        ],
        "remarks": _remarks(answer),
        "inputs": [
            {
                **row,
                "value": plain(row["value"], 5),
                "confidence": row["confidence"],
            }
            for row in answer["inputs"]
        ],
    }


def _figure(label: str, text: str, unit: str = "") -> dict[str, str]:
    return {"label": label, "text": text, "unit": unit}


def _counts(answer: Mapping[str, Any]) -> list[dict[str, str]]:
    tree, latency = answer["tree"], answer["latency"]
    figures = [
        _figure("GPUs", number(answer["gpus"])),
        _figure("Speed of a link", plain(answer["link_gb_s"], 4), "Gb/s"),
        _figure("Tiers", number(tree["tiers"])),
        _figure("Planes", number(tree["planes"])),
        _figure("Rails", number(tree["rails"])),
        _figure("Leaves", number(tree["leaf"]), f"of {tree['radix']} ports"),
        _figure("Spines", number(tree["spine"])),
    ]
    if tree["core"]:
        figures.append(_figure("Cores", number(tree["core"])))
    return [
        *figures,
        _figure("Links", number(tree["links"])),
        _figure("Switches, without optics", number(answer["switch_kw"]), "kW"),
        _figure("Longest path", plain(latency["path_m"], 3), "m of cable"),
        _figure("Latency of it", significant(latency["worst_ns"] / 1000.0, 3), "µs"),
    ]


def _optics(row: Mapping[str, Any], answer: Mapping[str, Any]) -> list[dict[str, str]]:
    racks = number(row["extra_racks"])
    of = f"of {number(answer['rack_kw'])} kW, same feed" if answer["rack_kw"] else ""
    return [
        _figure("Power of the optics", significant(row["optics_kw"], 4), "kW"),
        _figure("Freed against pluggable", significant(row["freed_kw"], 4), "kW"),
        _figure("More racks", racks, of),
        _figure("Lasers", number(row["lasers"])),
        _figure("Pluggable modules", number(row["modules"]), "of 1.6 Tb/s"),
        _figure("Co-packaged ports", number(row["co_packaged_ports"]), "of 1.6 Tb/s"),
        _figure("External laser modules", number(row["laser_modules"])),
        _figure("Links on copper", number(row["copper_links"])),
        _figure("Optics failures", significant(row["failures_per_year"], 3), "a year"),
        _figure("A link is up", number(100.0 * row["link_availability"], 5), "%"),
    ]


def _compared(row: Mapping[str, Any], is_chosen: bool) -> dict[str, Any]:
    return {
        "label": TECHNOLOGIES[row["technology"]],
        "is_chosen": is_chosen,
        "power": significant(row["optics_kw"], 4),
        "freed": significant(row["freed_kw"], 4),
        "racks": number(row["extra_racks"]),
        "lasers": number(row["lasers"]),
        "failures": significant(row["failures_per_year"], 3),
        "up": number(100.0 * row["link_availability"], 5),
    }


def _tier(row: Mapping[str, Any]) -> dict[str, Any]:
    media = [
        f"{number(medium['links'])} {medium['label'][0].lower()}{medium['label'][1:]} "
        f"(to {plain(medium['reach_m'], 3)} m)"
        for medium in row["media"]
    ]
    if row["too_long"]:
        media.append(f"{number(row['too_long'])} longer than any medium reaches")
    return {
        "tier": row["tier"],
        "links": number(row["links"]),
        "mean": plain(row["mean_m"], 3),
        "longest": plain(row["longest_m"], 3),
        "media": "; ".join(media),
    }


def _budget(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "tier": row["tier"],
        "longest": plain(row["longest_m"], 3),
        "interfaces": [
            {
                "name": each["name"],
                "loss": number(each["loss_db"], 2),
                "limit": number(each["limit_db"], 1),
                "keeps": each["keeps"],
            }
            for each in row["interfaces"]
        ],
    }


def _stock(row: Mapping[str, Any]) -> dict[str, str]:
    return {
        "tier": row["tier"],
        "lengths": ", ".join(
            f"{number(length['links'])} × {plain(length['stock_m'], 3)} m"
            for length in row["stock"]
        )
        or ABSENT,
    }


def _left(row: Mapping[str, Any]) -> dict[str, str]:
    return {
        "part": PARTS[row["part"]],
        "hit": number(row["endpoints_hit"]),
        "cut": number(row["endpoints_cut"]),
        "worst": plain(100.0 * row["worst_fraction"], 4),
        "fabric": plain(100.0 * row["fabric_fraction"], 5),
    }


def _remarks(answer: Mapping[str, Any]) -> list[str]:
    remarks = []
    if not answer["has_network_racks"]:
        remarks.append(
            "No rack without GPUs is drawn, so leaves are taken to stand in the middle of each "
            "module and spines in the middle of the hall. Draw network racks for real lengths."
        )
    if not answer["tree"]["is_even"]:
        remarks.append(
            "With these counts some switches have a link more to one neighbour than to another. "
            "Fill the last pod, or choose another number of planes."
        )
    trays = answer.get("trays")  # not in what was kept before trays were drawn
    if trays and trays["drawn"]:
        total = sum(row["links"] for row in answer["tiers"])
        remarks.append(
            f"{number(trays['links'])} of {number(total)} links run along drawn trays from end to "
            f"end; the fullest is filled to {number(100.0 * trays['fill_max_fraction'])} %. The "
            "others are as long as along the walls."
        )
        remarks += [f"{found['title']}: {found['detail']}" for found in trays["findings"][:SHOWN]]
    if answer["scale_up"]:
        domain = answer["scale_up"]
        remarks.append(
            f"Inside the racks {number(domain['domains'])} NVLink domains of 72 GPUs hold "
            f"{number(domain['links'])} links, {plain(domain['aggregate_tb_s_each'], 4)} TB/s "
            "each; they are part of the racks and not counted here."
        )
    return remarks
