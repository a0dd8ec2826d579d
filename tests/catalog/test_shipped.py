"""The shipped records: complete, and true to what their sources say."""

import pytest

from catalog.schema import CATEGORIES, DIMENSIONS
from catalog.selectors import find_products, module_templates, product_named, shipped_products
from engine.tables import gpu_systems


def values(product_id, name):
    record = product_named(product_id)
    return {item.value for item in record.quantities if item.name == name}


def test_every_category_has_products():
    assert {product.category for product in shipped_products().values()} == set(CATEGORIES)


@pytest.mark.parametrize("product", shipped_products().values(), ids=lambda product: product.id)
def test_every_product_has_a_size_and_a_mass(product):
    for name in DIMENSIONS:
        assert product.defaults[name].value > 0


def test_every_gpu_has_throughput_data():
    gpus = {product.gpu for product in shipped_products().values()} - {""}

    assert gpus <= set(gpu_systems())


def test_gb300_keeps_what_its_sources_disagree_on():
    """Sustained power 132, 135 and 142 kW; peak 155 and 204 kW; nameplate 136 and 192 kW."""
    rack = "nvidia-gb300-nvl72"

    assert values(rack, "sustained_kw") == {132, 135, 142}
    assert values(rack, "peak_kw") == {155, 204}
    assert values(rack, "nameplate_kw") == {136, 192}
    assert product_named(rack).defaults["sustained_kw"].value == 142
    flows = [curve for curve in product_named(rack).curves if curve.name == "flow_lpm"]
    assert len(flows) == 2
    assert sum(curve.default for curve in flows) == 1


def test_gb200_splits_its_heat_as_published():
    """HPE: 132 kW TDP, 115 kW to liquid, 17 kW to air."""
    figures = product_named("nvidia-gb200-nvl72").defaults

    liquid_kw = figures["sustained_kw"].value * figures["liquid_fraction"].value

    assert liquid_kw == pytest.approx(115)


@pytest.mark.parametrize(("variant", "kw"), [("maxq", 188), ("maxp", 227), (None, 227)])
def test_vera_rubin_has_two_modes(variant, kw):
    rack = product_named("nvidia-vera-rubin-nvl72")

    assert rack.figures(variant).defaults["sustained_kw"].value == kw
    assert rack.figures(variant).defaults["liquid_fraction"].value == 1


def test_a_rack_of_nodes_adds_up():
    """Four DGX H100 nodes of 10.2 kW; the datasheet of four B300 nodes against a rounded 56 kW."""
    assert product_named("nvidia-hgx-h100-rack").defaults["sustained_kw"].value == 4 * 10.2
    assert values("nvidia-dgx-b300-rack", "sustained_kw") == {4 * 14.3, 56}


def test_search_takes_every_word():
    assert [product.id for product in find_products(words="vera rubin")] == [
        "nvidia-vera-rubin-nvl72"
    ]
    assert find_products(words="vera cdu") == ()
    assert {product.category for product in find_products(category="cdu")} == {"cdu"}


def test_every_template_places_known_products():
    for template in module_templates():
        for group in template["groups"].values():
            if group.get("product_id"):
                assert group["product_id"] in shipped_products()


@pytest.mark.parametrize("product", find_products(category="rack"), ids=lambda product: product.id)
def test_a_record_says_which_of_two_liquid_heats_is_calculated_with(product):
    """The engine takes the share; a figure in kW that says otherwise needs a word about it."""
    figures = {name: line.value for name, line in product.defaults.items()}
    if not {"liquid_kw", "liquid_fraction"} <= figures.keys():
        return
    calculated = figures["liquid_fraction"] * figures["sustained_kw"]
    if calculated != pytest.approx(figures["liquid_kw"], rel=0.02):
        assert f"{calculated:.1f} kW" in product.note
        assert f"{figures['liquid_kw']:g} kW" in product.note


@pytest.mark.parametrize("product", find_products(category="rack"), ids=lambda product: product.id)
def test_a_record_whose_sustained_power_passes_its_tdp_says_why(product):
    figures = {name: line.value for name, line in product.defaults.items()}
    if figures.get("tdp_kw", figures["sustained_kw"]) < figures["sustained_kw"]:
        assert f"TDP, {figures['tdp_kw']:g} kW" in product.note
