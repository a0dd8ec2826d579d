"""What the page of generations prints, from a stored answer: pure, and all in words."""

from collections.abc import Mapping
from typing import Any

from analysis.figures import number, significant

SUMMARY = (
    "power.it_kw",
    "cooling.flow_lpm",
    "compute.tokens_per_s",
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
        "one": None if one is None or one["reason"] else _detail(one, old["racks"]),
    }


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
        "breaks": len(steps),
        "first": f"{steps[0]['what']}, {steps[0]['when']}" if steps else "",
    }


def _detail(candidate: Mapping[str, Any], racks: int) -> Row:
    return {
        "label": candidate["label"],
        "steps": _steps(candidate, racks),
        "holds": [
            {"what": _what(row), "who": row["subjects"], "numbers": _numbers(row)}
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
                "who": row["subjects"],
                "ids": row["element_ids"],
                "when": _when(row, racks),
                "numbers": _numbers(row),
            }
            for row in candidate["breaks"]
        ),
        *(_told(row, "on the way") for row in on_the_way),
    ]


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
    share = row["share"]
    if share <= 0.0:
        return "over already"
    return f"after {number(int(share * racks))} of {number(racks)} racks"


def _numbers(row: Mapping[str, Any]) -> Row:
    limit = row["limit"]
    return {
        "before": significant(row["before"]),
        "after": significant(row["after"]),
        "limit": significant(limit),
        "unit": row["unit"],
        "percent": number(100.0 * row["after"] / limit),
    }
