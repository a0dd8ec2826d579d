"""What the editor takes for granted about the API is what the API says."""

import re
from pathlib import Path
from typing import Any

import pytest

from planner.api import api

SOURCE = Path(__file__).resolve().parents[2] / "frontend" / "src"
PAIRS = (
    ("model/wire.ts", "DocumentState", "DocumentOut"),
    ("model/wire.ts", "PushAnswer", "WayBackOut"),
    ("model/wire.ts", "Skipped", "SkippedOut"),
    ("model/wire.ts", "Revision", "RevisionOut"),
    ("model/wire.ts", "EvaluationRow", "EvaluationOut"),
    ("model/products.ts", "ProductRecord", "ProductOut"),
    ("model/products.ts", "Quantity", "QuantityOut"),
    ("model/products.ts", "Curve", "CurveOut"),
    ("api/client.ts", "HistoryRow", "HistoryOut"),
    ("app/context.ts", "SiteRow", "SiteOut"),
    ("app/context.ts", "WorkloadRow", "WorkloadOut"),
    ("app/context.ts", "AssumptionRow", "AssumptionOut"),
)
INTERFACE = r"export interface {}\b[^{{]*{{\n(.*?)\n}}"
FIELD = re.compile(r"^  readonly (\w+)\??: (.*?);$", re.MULTILINE | re.DOTALL)


def fields_of(path: str, name: str) -> dict[str, bool]:
    """By field, whether the editor expects that it may be null."""
    found = re.search(INTERFACE.format(name), (SOURCE / path).read_text(), re.DOTALL)
    assert found, f"{path} has no interface {name}"
    return {field: "null" in kind.split(" | ") for field, kind in FIELD.findall(found[1])}


def properties_of(name: str) -> dict[str, Any]:
    properties: dict[str, Any] = api.get_openapi_schema()["components"]["schemas"][name][
        "properties"
    ]
    return properties


@pytest.mark.parametrize(("path", "interface", "component"), PAIRS)
def test_the_editor_reads_only_what_the_api_sends(
    path: str, interface: str, component: str
) -> None:
    properties = properties_of(component)
    for field, may_be_null in fields_of(path, interface).items():
        assert field in properties, f"{interface}.{field} is not in {component}"
        kinds = [one.get("type") for one in properties[field].get("anyOf", [])]
        assert ("null" in kinds) <= may_be_null, f"{component}.{field} may be null"
