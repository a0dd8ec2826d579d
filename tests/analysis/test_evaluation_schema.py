"""The published schema of an evaluation holds every evaluation, and nothing that none has."""

from copy import deepcopy

import jsonschema_rs
import pytest

from analysis.assemble import assemble
from analysis.design_file import open_design
from catalog.selectors import shipped_products
from engine.evaluate import evaluate
from engine.evaluation_schema import evaluation_json_schema
from layouts.samples import sample_file


def closed(schema):
    """The schema without room for names that it does not list."""
    made = deepcopy(schema)
    todo = [made]
    while todo:
        each = todo.pop()
        if isinstance(each, dict):
            if "properties" in each:
                each["additionalProperties"] = False
            todo += each.values()
        elif isinstance(each, list):
            todo += each
    return jsonschema_rs.Draft202012Validator(made)


def evaluation_of(sample):
    design = open_design(sample_file(sample), shipped_products())
    plant, assumptions = assemble(design.document, design.products, rule_set=design.rule_set)
    return evaluate(plant, assumptions).to_json()


@pytest.mark.parametrize("sample", ["pod", "hall", "campus"])
def test_the_samples_evaluate_to_what_is_published(sample):
    errors = closed(evaluation_json_schema()).iter_errors(evaluation_of(sample))

    assert [f"{each.instance_path}: {each.message[:200]}" for each in errors] == []


def test_the_schema_notices_what_is_missing_or_of_another_kind():
    schema = jsonschema_rs.Draft202012Validator(evaluation_json_schema())
    good = evaluation_of("pod")

    assert schema.is_valid(good)
    assert schema.is_valid({**good, "more": 1}), "a newer engine may say more"
    assert not schema.is_valid({key: value for key, value in good.items() if key != "power"})
    assert not schema.is_valid({**good, "power": {**good["power"], "it_kw": "1056"}})
    assert not schema.is_valid({**good, "level": "guess"})


@pytest.mark.django_db
def test_the_schema_is_open_to_everybody_and_in_the_api_description(client, editor, client_of):
    published = client.get("/api/schema/evaluation").json()
    described = (
        client_of(editor)
        .get("/api/openapi.json")
        .json()["paths"]["/api/evaluations/{evaluation_id}/result"]["get"]["responses"]["200"][
            "content"
        ]["application/json"]["schema"]
    )

    assert published["properties"]["schema"] == {"const": "plenum.evaluation/1"}
    assert described["properties"] == published["properties"]
