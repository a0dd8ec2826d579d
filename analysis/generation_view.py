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
HOLDS_SHOWN = 12

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
    first = candidate["first"][0]["title"] if candidate["first"] else ""
    broken = candidate["breaks"]
    return {
        "key": candidate["key"],
        "label": candidate["label"],
        "reason": candidate["reason"],
        "is_chosen": is_chosen,
        "figures": [rows[path] for path in SUMMARY] if rows else [],
        "breaks": len(broken) + len(candidate["first"]),
        "first": first or (f"{_what(broken[0])}, {_when(broken[0], racks)}" if broken else ""),
    }


def _detail(candidate: Mapping[str, Any], racks: int) -> Row:
    steps = [
        {
            "order": order,
            "what": row["title"],
            "who": row["detail"],
            "ids": row["element_ids"],
            "when": "with the first rack",
            "numbers": None,
        }
        for order, row in enumerate(candidate["first"], start=1)
    ]
    steps += [
        {
            "order": order,
            "what": _what(row),
            "who": row["subjects"],
            "ids": row["element_ids"],
            "when": _when(row, racks),
            "numbers": _numbers(row),
        }
        for order, row in enumerate(candidate["breaks"], start=len(steps) + 1)
    ]
    return {
        "label": candidate["label"],
        "key": candidate["key"],
        "steps": steps,
        "holds": [
            {"what": _what(row), "who": row["subjects"], "numbers": _numbers(row)}
            for row in candidate["holds"][:HOLDS_SHOWN]
        ],
        "figures": candidate["figures"],
    }


def _what(row: Mapping[str, Any]) -> str:
    what = str(row["kind"]).replace("_", " ")
    what = what if what[:2].isupper() else what.capitalize()
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
