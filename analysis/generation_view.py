"""What the page of generations prints, from a stored answer: pure, and all in words."""

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.figures import number, plain, significant

TOKENS = "compute.tokens_per_s"
PUMP_HEAD = "pump head"
SUMMARY = (
    "power.it_kw",
    "cooling.flow_lpm",
    TOKENS,
    "cost.usd_per_mtok",
)
BY_RACK = frozenset({
    "SPC-OVERLAP", "SPC-COLUMN", "SPC-OUTSIDE", "SPC-KEEPOUT", "SPC-DOOR", "FLOOR-LOAD",
    "CLR-FRONT", "CLR-REAR", "CLR-SIDE", "AISLE-COLD", "AISLE-HOT",
    "COOL-TCS-MAX", "COOL-TCS-RETURN", "COOL-CURVE-RANGE", "COOL-NOLOOP",
})  # fmt: skip
"""Rules that judge each rack by itself: one is enough to break them."""

Row = dict[str, Any]


def generation_view(answer: Mapping[str, Any], chosen: str) -> Row:
    """Tables and charts of the page; ``chosen`` is the candidate looked at."""
    old, candidates = answer["old"], answer["candidates"]
    one = next((each for each in candidates if each["key"] == chosen), None)
    labels = next((_labels(each) for each in candidates if each["figures"]), [])
    return {
        "old": old,
        "labels": labels,
        "candidates": [_summary(each, old["racks"], each is one) for each in candidates],
        "alike": _alike(candidates),
        "one": None if one is None or one["reason"] else _detail(one, old),
    }


def _alike(candidates: Sequence[Mapping[str, Any]]) -> list[str]:
    """Modes of one product that deliver alike, because points are measured per kind of GPU."""
    modes: dict[tuple[str, str], list[str]] = {}
    for each in candidates:
        product, _, variant = each["key"].partition("/")
        rows = {row["path"]: row for row in each["figures"]}
        if variant and rows:
            modes.setdefault((product, rows[TOKENS]["new"]), []).append(each["label"])
    return [" and ".join(labels) for labels in modes.values() if len(labels) > 1]


def _labels(candidate: Mapping[str, Any]) -> list[str]:
    rows = {row["path"]: row for row in candidate["figures"]}
    return [f"{rows[path]['label']} {rows[path]['unit']}" for path in SUMMARY]


def _summary(candidate: Mapping[str, Any], racks: int, is_chosen: bool) -> Row:
    rows = {row["path"]: row for row in candidate["figures"]}
    steps = _steps(candidate, racks)
    return {
        "key": candidate["key"],
        "label": candidate["label"],
        "reason": candidate["reason"],
        "is_chosen": is_chosen,
        "figures": [rows[path] for path in SUMMARY] if rows else [],
        "note": candidate["note"],
        "state": "bad" if candidate["racks_short"] else "warn",
        "breaks": len(steps),
        "first": f"{steps[0]['what']}, {steps[0]['when']}" if steps else "",
    }


def _detail(candidate: Mapping[str, Any], old: Mapping[str, Any]) -> Row:
    return {
        "key": candidate["key"],
        "label": candidate["label"],
        "note": candidate["note"],
        "state": "bad" if candidate["racks_short"] else "warn",
        "steps": _steps(candidate, old["racks"]),
        "pump_head": _pump_head(candidate, old),
        "holds": [
            {
                "what": _what(row),
                "assumed": _assumed(row, candidate),
                "who": row["subjects"],
                "numbers": _numbers(row),
            }
            for row in candidate["holds"]
        ],
        "figures": candidate["figures"],
    }


def _steps(candidate: Mapping[str, Any], racks: int) -> list[Row]:
    """What each rack breaks by itself, then limits by their share, then what comes on the way."""
    by_rack = [row for row in candidate["first"] if row["rule"] in BY_RACK]
    on_the_way = [row for row in candidate["first"] if row["rule"] not in BY_RACK]
    return [
        *(_told(row, "with the first rack") for row in by_rack),
        *(
            {
                "what": _what(row),
                "assumed": _assumed(row, candidate),
                "who": row["subjects"],
                "ids": row["element_ids"],
                "when": _when(row, racks),
                "numbers": _numbers(row),
            }
            for row in candidate["breaks"]
        ),
        *(_told(row, "on the way") for row in on_the_way),
    ]


def _pump_head(candidate: Mapping[str, Any], old: Mapping[str, Any]) -> str:
    """Why the head of the pumps need not follow the flow; empty where no loop has pumps."""
    rows = (*candidate["breaks"], *candidate["holds"])
    if not any(row["kind"] == PUMP_HEAD for row in rows):
        return ""
    losses = [f"{side['label']} {_loss(side['rack_kpa'])}" for side in (old, candidate)]
    return f"Each rack brings its own pressure loss: {', '.join(losses)}."


def _assumed(row: Mapping[str, Any], candidate: Mapping[str, Any]) -> str:
    """What a verdict rests on beyond the records; empty where nothing is assumed."""
    if row["kind"] != PUMP_HEAD or candidate["rack_kpa"] is not None:
        return ""
    return "assuming the rack's pressure loss: its maker states none"


def _loss(rack_kpa: float | None) -> str:
    if rack_kpa is None:
        return "states none, so the assumption “Rack with manifold” stands in"
    return f"{plain(rack_kpa)} kPa at its full flow"


def _told(row: Mapping[str, Any], when: str) -> Row:
    return {
        "what": row["title"],
        "who": row["detail"],
        "ids": row["element_ids"],
        "when": when,
        "numbers": None,
    }


def _what(row: Mapping[str, Any]) -> str:
    kind = str(row["kind"]).replace("_", " ")
    what = kind.upper() if kind == "ups" else kind[0].upper() + kind[1:]
    return f"{what} ({number(row['count'])})" if row["count"] > 1 else what


def _when(row: Mapping[str, Any], racks: int) -> str:
    if row["share"] <= 0.0:
        return "over already"
    on_it, holds = row["racks"] or racks, row["holds_racks"]
    # Swapped evenly, as many on each: what is alike has come as far.
    words = f"after {number(holds * racks // on_it)} of {number(racks)} racks"
    return words if on_it == racks else f"{words}: {number(holds)} of the {number(on_it)} on it"


def _numbers(row: Mapping[str, Any]) -> Row:
    limit = row["limit"]
    return {
        "before": significant(row["before"]),
        "after": significant(row["after"]),
        "limit": significant(limit),
        "unit": row["unit"],
        "percent": number(100.0 * row["after"] / limit),
    }
