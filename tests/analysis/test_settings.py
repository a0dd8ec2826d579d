"""What the screen says counts by default is what the engine takes."""

from collections import defaultdict

import pytest
from django.utils import timezone

from analysis.assemble import assemble
from analysis.models import OwnTable
from analysis.selectors import settings_of
from catalog.selectors import shipped_products
from engine.assumptions import Assumptions
from engine.evaluate import evaluate
from engine.site_defaults import site_defaults
from layouts.document import Document
from layouts.samples import sample_file

GROUPS = ("workload", "utilisation", "finance", "power", "cooling")


def figures_of(elements):
    plant, assumptions = assemble(Document.of(elements), shipped_products())
    result = evaluate(plant, assumptions).to_json()
    return {name: result[name] for name in ("power", "cooling", "energy", "compute", "cost")}


def test_stating_every_default_changes_nothing():
    elements = [each for each in sample_file("pod")["elements"] if each["kind"] != "site"]
    site = {"id": "0190aaaa-0000-7000-8000-000000000001", "kind": "site"}
    stated = defaultdict(dict)
    for each in site_defaults(Assumptions.load({})):
        group, key = each.setting.split(".")
        if each.value is not None:
            stated[group][key] = int(each.value) if key in ("isl", "osl") else each.value

    assert set(stated) == set(GROUPS)
    assert figures_of([*elements, {**site, **stated}]) == figures_of([*elements, site])


@pytest.mark.django_db
def test_an_organisations_own_line_is_its_default(design):
    OwnTable.objects.create(
        organisation=design.project.organisation,
        kind="lines",
        file_name="own.csv",
        rows=[{"line": "life.it", "value": "4", "source": "our books"}],
        digest="d",
        imported_at=timezone.now(),
    )

    row = next(each for each in settings_of(design) if each["setting"] == "finance.it_life_years")

    assert row == {"setting": "finance.it_life_years", "value": 4.0, "line": "life.it"}
