"""Published cases: read once, compared with the tolerance that each states."""

import json
from functools import lru_cache
from pathlib import Path

import pytest

DATA = Path(__file__).parent / "data"


@lru_cache
def cases(name):
    """The cases of one file, by id."""
    rows = json.loads((DATA / f"{name}_cases.json").read_text(encoding="utf-8"))["cases"]
    return {row["id"]: row for row in rows}


def of_operation(operation):
    """Economics cases of one operation, as parameters named by their id."""
    rows = [row for row in cases("economics").values() if row["op"] == operation]
    assert rows, operation
    return [pytest.param(row, id=row["id"]) for row in rows]


def near(case, figure):
    """The expected figure with the tolerance of its case."""
    expected = case["expected"][figure]
    if "tolerance_rel" in case:
        return pytest.approx(expected, rel=case["tolerance_rel"])
    allowed = {}
    for kind in ("rel", "abs"):
        given = case["tolerance"].get(kind)
        value = given.get(figure) if isinstance(given, dict) else given
        if value is not None:
            allowed[kind] = value
    return pytest.approx(expected, **allowed)


def printed(value):
    """A figure with the eight digits that cases are printed with, where they ask for more."""
    return float(f"{value:.8g}")
