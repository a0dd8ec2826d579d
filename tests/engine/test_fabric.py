"""Fabrics: what holds for any size, and what a design's own fabric says."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.assumptions import Assumptions
from engine.errors import OutOfRange
from engine.fabric.budgets import loss_budgets
from engine.fabric.losses import bandwidth_left, links_up_fraction
from engine.fabric.media import (
    media_for,
    path_latency_ns,
    route_length_m,
    select_medium,
    shipped_media,
    stock_length_m,
    within_loss_limit,
)
from engine.fabric.optics import compare_optics
from engine.fabric.study import fabric_study
from engine.fabric.trays import Unreachable, route_cables
from engine.fabric.trees import FabricTooLarge, fat_tree, plane_radix
from engine.plant import Plant
from tests.strategies import pod

LINES = Assumptions.load()


@given(
    st.integers(1, 20_000), st.integers(2, 64).map(lambda half: 2 * half), st.integers(1, 8),
    st.integers(1, 4),
)  # fmt: skip
@settings(max_examples=300)
def test_every_port_that_is_used_exists(endpoints, radix, rails, planes):
    rails = min(rails, endpoints)
    try:
        tree = fat_tree(endpoints, radix, rails=rails, planes=planes)
    except FabricTooLarge:
        assert endpoints * max(1, rails) > radix**3 / 8
        return

    assert tree.endpoint_links == planes * endpoints
    assert tree.leaf * tree.down_ports >= tree.endpoint_links
    assert tree.leaf_spine_links == tree.leaf * tree.up_ports
    if tree.tiers == 2:
        assert tree.spine * radix >= tree.leaf_spine_links
        assert tree.up_ports % (tree.spine // planes) == 0
        assert tree.is_even
    else:
        assert tree.core * radix >= tree.spine_core_links
    one = fat_tree(endpoints, radix, rails=rails)
    assert (tree.switches, tree.links) == (planes * one.switches, planes * one.links)


@given(st.integers(2, 400), st.floats(1.0, 4.0))
def test_oversubscription_saves_spines(endpoints, over):
    full = fat_tree(endpoints, 64, tiers=2) if endpoints <= 2048 else None
    thin = fat_tree(endpoints, 64, oversubscription=over, tiers=2)

    assert thin.down_ports / thin.up_ports <= over + 1e-9
    assert full is None or thin.leaf_spine_links <= full.leaf_spine_links


def test_units_with_leaves_of_their_own_leave_ports_free():
    shared = fat_tree(1024 * 8, 144, rails=8)
    apart = fat_tree(1024 * 8, 144, rails=8, unit_endpoints=64 * 8)

    assert (shared.leaf, apart.leaf) == (8 * 15, 8 * 16)
    assert apart.endpoint_links == shared.endpoint_links


def test_a_whole_unit_with_full_leaves_changes_nothing():
    for gpus in (512, 4096):
        assert fat_tree(gpus, 64, rails=8, unit_endpoints=256) == fat_tree(gpus, 64, rails=8)


def test_a_port_splits_into_planes():
    assert plane_radix(64, 800.0, 800.0) == 64
    assert plane_radix(64, 800.0, 800.0, planes=2) == 128
    with pytest.raises(OutOfRange, match="does not fit"):
        plane_radix(64, 400.0, 800.0)


def test_too_many_endpoints_are_refused_with_the_most_that_fits():
    with pytest.raises(FabricTooLarge) as refused:
        fat_tree(100_000, 64)

    assert refused.value.context["most"] == 65_536


@pytest.mark.parametrize("planes", [1, 2, 4])
def test_a_plane_takes_its_share_and_a_leaf_no_more(planes):
    tree = fat_tree(8192, 64, rails=8, planes=planes)

    plane, leaf, spine = (bandwidth_left(tree, part) for part in ("plane", "leaf", "spine"))

    assert plane.fabric_fraction == pytest.approx(1.0 - 1.0 / planes)
    assert leaf.worst_fraction == pytest.approx(1.0 - 1.0 / planes)
    assert leaf.endpoints_hit == 32
    assert plane.fabric_fraction <= spine.fabric_fraction < 1.0
    assert (leaf.endpoints_cut > 0) == (planes == 1)


def test_two_tiers_have_no_core_to_lose():
    with pytest.raises(OutOfRange, match="no core"):
        bandwidth_left(fat_tree(512, 64), "core")


@given(st.floats(-500.0, 500.0), st.floats(-500.0, 500.0), st.floats(0.0, 3.0))
def test_a_stock_cable_is_long_enough(dx, dy, riser):
    route, length = route_length_m(dx, dy, riser_m=riser)

    assert length >= route >= abs(dx) + abs(dy)
    assert stock_length_m(min(float(length), 1000.0)) >= min(float(length), 1000.0) * (1 - 1e-9)


@given(st.lists(st.floats(0.0, 500.0), min_size=1, max_size=20))
def test_a_chosen_medium_reaches(lengths):
    media = media_for(200.0)

    for length, row in zip(lengths, select_medium(lengths, media), strict=True):
        assert media[row].reach_m >= length * (1 - 1e-9)
        assert row == 0 or media[row - 1].reach_m < length


def test_a_cable_beyond_every_reach_is_refused():
    with pytest.raises(OutOfRange, match="more reach"):
        select_medium(2500.0, media_for(100.0))


def test_every_medium_says_where_its_figures_come_from():
    assert all(medium.source and medium.confidence for medium in shipped_media())


def test_loss_beyond_the_limit_is_seen():
    assert within_loss_limit([1.5, 2.5], "400GBASE-SR4.2 OM4").tolist() == [True, False]


def test_more_switches_take_longer():
    near, far = path_latency_ns(50.0, [1, 5])

    assert far - near == pytest.approx(4 * 600.0)


def test_cables_take_the_shortest_trays():
    trays = [(0, 1), (1, 2), (0, 3), (3, 2), (1, 2)]
    routed = route_cables(
        trays, [3.0, 4.0, 1.0, 20.0, 9.0], ends=[(0, 2), (0, 2), (3, 1)], tray_mm2=1000.0
    )

    assert routed.length_m.tolist() == [7.0, 7.0, 4.0]
    assert routed.cables.tolist() == [3, 2, 1, 0, 0]
    assert routed.fill_fraction[0] == pytest.approx(0.12)


@given(st.integers(3, 12), st.integers(0, 99))
@settings(max_examples=30)
def test_a_cable_is_as_long_as_the_trays_it_lies_in(nodes, seed):
    random = np.random.default_rng(seed)
    trays = [(k, int(random.integers(0, k))) for k in range(1, nodes)]
    length = random.uniform(1.0, 9.0, len(trays))
    ends = random.integers(0, nodes, (8, 2))

    routed = route_cables(trays, length, ends=ends)

    assert routed.length_m.sum() == pytest.approx(routed.cables @ length)


def test_a_missing_tray_is_named():
    with pytest.raises(Unreachable, match="node 0 to node 2"):
        route_cables([(0, 1)], [1.0], ends=[(0, 2)])


def test_co_packaging_changes_the_switches_ends_alone():
    tree = fat_tree(6912, 144, rails=4)

    _, pluggable, packaged = compare_optics(tree, 800.0, LINES, rack_kw=142.0)

    switch_ports = 3 * tree.endpoints * 800.0 / 1600.0
    saved = LINES.value("fabric.pluggable_w") - LINES.value("fabric.cpo_w")
    assert packaged.freed_kw == pytest.approx(switch_ports * saved / 1000.0)
    assert packaged.modules == tree.endpoints / 2
    assert packaged.lasers < pluggable.lasers
    assert packaged.link_availability > pluggable.link_availability
    assert packaged.extra_racks == int(packaged.freed_kw / 142.0)
    assert pluggable.freed_kw == 0.0


def test_a_link_without_ends_is_always_up():
    assert links_up_fraction(0.0, 1.0, 10.0) == 1.0


def test_a_design_without_gpus_has_a_reason_and_no_fabric():
    answer = fabric_study(Plant(), LINES)

    assert answer["gpus"] == 0
    assert "No GPUs" in answer["reason"]


def test_the_longest_link_is_held_against_every_loss_limit():
    lines = Assumptions.load({"fabric.connector_db": 0.9})

    (close,) = loss_budgets({"leaf": 50.0}, LINES)
    (lossy,) = loss_budgets({"leaf": 50.0}, lines)

    found = {each["name"]: each for each in close["interfaces"]}
    assert found["400GBASE-DR4"]["loss_db"] == pytest.approx(4 * 0.35 + 0.05 * 0.4)
    assert found["400GBASE-SR4.2 OM4"]["loss_db"] == pytest.approx(4 * 0.35 + 0.05 * 3.0)
    assert all(each["keeps"] for each in close["interfaces"])
    assert [each["name"] for each in lossy["interfaces"] if each["keeps"]] == [
        "400GBASE-FR4", "400GBASE-LR8",
    ]  # fmt: skip


def test_every_gpu_of_a_design_has_its_links():
    answer = fabric_study(pod(), LINES)

    assert answer["gpus"] == 8 * 72
    assert answer["reason"] is None
    assert all(
        row["links"] == sum(m["links"] for m in row["media"]) + row["too_long"]
        == sum(length["links"] for length in row["stock"])
        for row in answer["tiers"]
    )  # fmt: skip
    assert answer["scale_up"]["domains"] == 8


def test_a_rack_without_gpus_takes_the_leaves():
    plant = pod()
    counts = np.array(plant.racks.gpu_count)
    counts[0] = 0
    plant = replace(plant, racks=replace(plant.racks, gpu_count=counts))

    answer = fabric_study(plant, LINES)

    assert answer["has_network_racks"]
    # The farthest rack stands seven places of 0.6 m away: two risers and slack besides.
    assert answer["tiers"][0]["longest_m"] == pytest.approx((7 * 0.6 + 4.0) * 1.1)
