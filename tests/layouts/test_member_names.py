"""Members are called by their slots as the modules that make them call them."""

import json
from pathlib import Path

import pytest

from layouts.document import Document
from layouts.member_names import member_kind, member_tag, plain_group, type_of
from layouts.modules import expand

CASES = sorted((Path(__file__).parent.parent / "golden" / "modules").glob("*.json"))
TOLD = ("pipe", "tray", "cooling", "product")


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_slot_tells_kind_tag_and_plain_groups(path):
    case = json.loads(path.read_text())
    elements = case["document"]["elements"]
    document = Document.of(elements)

    for member in expand(elements, case["products"]):
        owner, _, slot = member["id"].partition("/")
        module = document.elements[owner]
        kind_of_module = type_of(document, module)
        overridden = member.get("overridden", ())
        assert member_kind(slot) == member["kind"]
        if "identity" not in overridden:
            assert member_tag(module, kind_of_module, slot) == member["identity"]["tag"]
        for group in set(TOLD) & member.keys() - set(overridden):
            assert plain_group(module, kind_of_module, slot, group) == member[group]
