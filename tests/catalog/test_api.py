"""The catalogue over HTTP and as pages."""

import pytest

ENDPOINTS = ["products", "modules", "rules", "assumptions", "workloads", "sites"]


@pytest.mark.parametrize("name", ENDPOINTS)
def test_every_list_answers_a_member(viewer, client_of, name):
    response = client_of(viewer).get(f"/api/catalog/{name}")

    assert response.status_code == 200
    assert response.json()


@pytest.mark.parametrize("name", ENDPOINTS)
def test_nobody_else_may_read(client, viewer, name):
    assert client.get(f"/api/catalog/{name}").status_code == 401


def test_products_are_found_by_category_and_words(viewer, client_of):
    found = client_of(viewer).get("/api/catalog/products?category=rack&q=gb300").json()

    assert [product["id"] for product in found] == ["nvidia-gb300-nvl72"]


def test_a_product_comes_with_all_its_sources(viewer, client_of):
    record = client_of(viewer).get("/api/catalog/products/nvidia-gb300-nvl72").json()

    sustained = [item for item in record["quantities"] if item["name"] == "sustained_kw"]
    assert len(sustained) == 3
    assert all(item["source"] and item["year"] and item["confidence"] for item in sustained)
    assert [item["value"] for item in sustained if item["default"]] == [142]


def test_an_unknown_product_is_a_problem(viewer, client_of):
    response = client_of(viewer).get("/api/catalog/products/no-such-thing")

    assert response.status_code == 404
    assert response.json()["code"] == "product-not-found"


def test_a_template_holds_the_groups_of_a_module_type(viewer, client_of):
    templates = client_of(viewer).get("/api/catalog/modules").json()

    assert {template["template_id"] for template in templates} == {
        "liquid-pod-8",
        "scalable-unit-2x8",
        "self-contained-unit",
        "air-assisted-row",
    }
    row = next(item for item in templates if item["template_id"] == "air-assisted-row")
    assert row["groups"]["cdus"]["product_id"] is None


def test_the_page_lists_and_searches(viewer, client_of):
    page = client_of(viewer).get("/catalog/?q=coolchip").content.decode()

    assert "CoolChip CDU 1350" in page
    assert "GB300" not in page


def test_words_that_match_nothing_say_so(viewer, client_of):
    page = client_of(viewer).get("/catalog/?q=%3Cscript%3E").content.decode()

    assert "No product matches" in page
    assert "<script>&" not in page
    assert "&lt;script&gt;" in page


def test_a_record_page_shows_conflicts_and_why(viewer, client_of):
    page = client_of(viewer).get("/catalog/nvidia-gb300-nvl72/").content.decode()

    assert "Lenovo Press LP2357" in page
    assert "Used, because: three reference designs" in page
    assert 'data-plotly="curve-flow_lpm"' in page
    assert 'id="curve-flow_lpm" type="application/json"' in page


def test_an_unknown_record_page_is_not_found(viewer, client_of):
    assert client_of(viewer).get("/catalog/no-such-thing/").status_code == 404


def test_pages_ask_for_a_sign_in(client, viewer):
    assert client.get("/catalog/").status_code == 302
