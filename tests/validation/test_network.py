"""Fat trees, the scale-up domain, loss, length, delay and medium against published cases.

Sources per case: NVIDIA's DGX SuperPOD reference architectures for B200 (NW-01) and H100 (NW-04);
Al-Fares, Loukissas and Vahdat 2008 (NW-05); NVIDIA on GB200 (NW-06); TIA FOTC on 400GBASE-SR4.2
(NW-07); geometry (NW-09); the speed of light (NW-10); NVIDIA's LinkX guide (NW-12). Tolerances are
those of the cases.
"""

import pytest

from engine.fabric.media import (
    LOSS_LIMIT_DB,
    media_for,
    optical_loss_db,
    propagation_delay_ns,
    route_length_m,
    select_medium,
    stock_length_m,
)
from engine.fabric.trees import fat_tree, scale_up_domain, spines_for
from tests.validation.cases import cases, near

PHYSICS = cases("physics")


def test_compute_fabric_of_scalable_units():
    case = PHYSICS["NW-01"]
    given, expected = case["inputs"], case["expected"]

    for row, units in enumerate(given["SU"]):
        gpus = units * given["nodes_per_SU"] * given["rails"]
        tree = fat_tree(gpus, given["switch_ports"], rails=given["rails"])

        assert gpus == expected["gpus"][row]
        assert tree.leaf == expected["leaf"][row]
        assert tree.spine == expected["spine"][row]
        assert tree.core == expected["core"][row]
        assert tree.endpoint_links == expected["node_leaf_cables"][row]
        assert tree.leaf_spine_links == expected["leaf_spine_cables"][row]
        assert tree.spine_core_links == expected["spine_core_cables"][row]
        assert tree.is_even


def test_spines_are_a_divisor_of_the_uplinks():
    case = PHYSICS["NW-04"]
    given, expected = case["inputs"], case["expected"]

    for row, leaf in enumerate(given["leaf"]):
        spine = spines_for(leaf, given["uplinks_per_leaf"], given["switch_ports"])

        assert spine == expected["spine"][row]
        assert leaf * given["uplinks_per_leaf"] == expected["leaf_spine_cables"][row]


def test_k_ary_fat_tree():
    case = PHYSICS["NW-05"]
    expected = case["expected"]

    tree = fat_tree(expected["hosts"], case["inputs"]["k"])

    assert tree.core == expected["core"]
    assert tree.spine == expected["aggregation"]
    assert tree.leaf == expected["edge"]
    assert tree.switches == expected["switches"]
    assert tree.links == expected["links_total"]


def test_scale_up_domain():
    case = PHYSICS["NW-06"]
    given, expected = case["inputs"], case["expected"]

    domain = scale_up_domain(
        given["gpus"],
        given["links_per_gpu"],
        given["GB_s_per_link_bidirectional"],
        given["switch_chips"],
    )

    assert domain.links == expected["links"]
    assert domain.ports_per_chip == expected["ports_per_chip"]
    assert domain.aggregate_tb_s == expected["aggregate_TB_s"]


def test_loss_of_a_multimode_channel():
    case = PHYSICS["NW-07"]
    given = case["inputs"]

    loss = optical_loss_db(given["length_m"], given["fibre_dB_km"], given["connector_dB_total"])

    assert loss == near(case, "loss_dB")
    limits = [LOSS_LIMIT_DB[f"400GBASE-SR4.2 OM{n}"] for n in (3, 4, 5)]
    assert limits == case["expected"]["limit_dB"]


def test_length_through_trays():
    case = PHYSICS["NW-09"]
    given = case["inputs"]

    route, with_slack = route_length_m(
        given["dx_m"],
        given["dy_m"],
        riser_m=given["riser_each_end_m"],
        slack_fraction=given["slack"],
    )

    assert route == near(case, "route_m")
    assert with_slack == near(case, "with_slack_m")
    assert stock_length_m(with_slack, given["stock_lengths_m"]) == near(case, "stock_m")


def test_delay_of_a_fibre():
    case = PHYSICS["NW-10"]
    given = case["inputs"]

    delay = propagation_delay_ns(given["length_m"], given["group_index"])

    assert delay == near(case, "delay_ns")
    assert delay / given["length_m"] == pytest.approx(case["expected"]["ns_per_m"], rel=1e-6)


def test_medium_by_length():
    case = PHYSICS["NW-12"]
    media = media_for(100.0)

    chosen = select_medium(case["inputs"]["lengths_m"], media)

    assert [media[row].name for row in chosen] == case["expected"]["medium"]
