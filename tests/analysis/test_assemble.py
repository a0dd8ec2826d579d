"""A design becomes a plant: the user's figures first, then the record's, then written rules."""

from copy import deepcopy

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.assemble import assemble
from catalog.selectors import shipped_products
from engine import evaluate
from layouts.document import Document
from layouts.errors import DesignInvalid

GB200, GB300, VR = "nvidia-gb200-nvl72", "nvidia-gb300-nvl72", "nvidia-vera-rubin-nvl72"


def id_of(n):
    return f"01985000-0000-7000-8000-{n:012x}"


def placed(n, kind, product_id, tag=None, x_mm=0, **groups):
    return {
        "id": id_of(n),
        "kind": kind,
        "placement": {"x_mm": x_mm, "y_mm": 0, "rotation_deg": 0},
        "identity": {"tag": tag or f"{kind}-{n}"},
        "product": {"product_id": product_id, **groups.pop("variant", {})},
        **groups,
    }


def rack(n, product_id=GB300, **groups):
    return placed(n, "rack", product_id, x_mm=600 * n, **groups)


def plant_of(*elements):
    return assemble(Document.of(elements), shipped_products())[0]


def problems_of(*elements):
    with pytest.raises(DesignInvalid) as caught:
        plant_of(*elements)
    return caught.value.context["errors"]


HALL = {
    "id": id_of(900),
    "kind": "hall",
    "outline": {"points_mm": [[-1000, -3000], [30000, -3000], [30000, 9000], [-1000, 9000]]},
    "identity": {"name": "Hall"},
    "hall": {"height_mm": 4000},
}
UNIT = {
    "id": id_of(500),
    "kind": "module_type",
    "identity": {"name": "Unit"},
    "template": {"template_id": "scalable-unit-2x8", "version": 1},
    "racks": {"product_id": GB300, "rows": 2, "per_row": 8, "pitch_mm": 600},
    "aisle": {"kind": "hot", "width_mm": 1200, "contained": True},
    "cdus": {"product_id": "generic-cdu-1300", "count": 3, "redundancy": 1, "position": "ends"},
    "power": {"product_id": "generic-busway-2500", "sides": 2},
}


def module(n, **groups):
    return {
        "id": id_of(n),
        "kind": "module",
        "placement": {"x_mm": 12000 * n, "y_mm": 0, "rotation_deg": 0},
        "identity": {"tag": f"SU{n}"},
        "type": {"type_id": UNIT["id"]},
        **groups,
    }


def test_an_empty_design_is_an_empty_plant():
    plant = plant_of()

    assert len(plant.racks) == len(plant.boxes) == len(plant.loops) == 0


def test_a_rack_takes_its_figures_from_the_record():
    racks = plant_of(rack(1)).racks

    assert racks.sustained_kw[0] == 142
    assert racks.tdp_kw[0] == 135
    assert racks.nameplate_kw[0] == 136
    assert racks.peak_kw[0] == 155
    assert racks.liquid_fraction[0] == 0.9
    assert racks.gpu_count[0] == 72


def test_a_figure_that_a_record_lacks_comes_from_its_neighbour():
    """GB200 has no nameplate power; its sustained power stands for it."""
    racks = plant_of(rack(1, GB200)).racks

    assert racks.nameplate_kw[0] == racks.sustained_kw[0] == 132


def test_the_users_power_stands_above_the_record():
    racks = plant_of(rack(1, load={"tdp_kw": 120})).racks

    assert racks.sustained_kw[0] == racks.tdp_kw[0] == racks.nameplate_kw[0] == 120
    assert racks.peak_kw[0] == pytest.approx(155 * 120 / 142)


def test_the_users_liquid_heat_is_a_share_of_his_power():
    racks = plant_of(rack(1, load={"sustained_kw": 132, "liquid_kw": 115})).racks

    assert racks.sustained_kw[0] * racks.liquid_fraction[0] == pytest.approx(115)


def test_a_peak_basis_does_not_change_the_liquid_share():
    load = {"sustained_kw": 132, "peak_kw": 192, "liquid_kw": 115}
    site = {"id": id_of(99), "kind": "site", "power": {"basis": "peak"}}

    racks = plant_of(site, rack(1, load=load)).racks

    assert racks.liquid_fraction[0] == pytest.approx(115 / 132)


def test_a_variant_brings_its_own_power():
    racks = plant_of(
        rack(1, VR, variant={"variant": "maxq"}), rack(2, VR, variant={"variant": "maxp"})
    ).racks

    assert racks.sustained_kw.tolist() == [188, 227]
    assert racks.liquid_fraction.tolist() == [1, 1]


def test_racks_of_one_kind_share_one_flow_curve():
    plant = plant_of(rack(1), rack(2), rack(3, GB200))

    assert plant.racks.flow_curve.tolist() == [0, 0, -1]
    assert [curve.product for curve in plant.flow_curves] == [GB300]
    # 130 L/min at 115 kW to liquid.
    assert plant.racks.flow_lpm_per_kw[2] == pytest.approx(130 / 115)


def test_a_cdu_of_another_capacity_keeps_flow_and_pump_in_proportion():
    cdus = plant_of(placed(1, "cdu", "generic-cdu-600", capacity={"capacity_kw": 500})).cdus

    assert cdus.capacity_kw[0] == 500
    assert cdus.flow_lpm[0] == pytest.approx(720 * 500 / 600)


def test_loose_racks_and_cdus_of_a_hall_share_a_loop():
    plant = plant_of(HALL, rack(1), rack(2), placed(3, "cdu", "generic-cdu-600"))

    assert plant.racks.loop.tolist() == plant.cdus.loop.tolist() * 2
    assert len(plant.loops) == 1


def test_an_air_cooled_rack_is_on_no_loop():
    assert plant_of(rack(1, "nvidia-hgx-h100-rack")).racks.loop.tolist() == [-1]


def test_feeds_and_sources_become_a_forest():
    plant = plant_of(
        placed(1, "ups", "generic-ups-1200"),
        placed(2, "panel", "generic-panel-2500", upstream={"source": id_of(1)}),
        rack(3, feeds={"a": id_of(2), "b": None}),
    )
    nodes = plant.power_nodes

    assert nodes.kind[plant.racks.feed_a[0]] == "panel"
    assert nodes.kind[nodes.parent[plant.racks.feed_a[0]]] == "ups"
    assert plant.racks.feed_b[0] == -1


def test_kinds_without_a_stated_loss_take_the_assumption_lines():
    record = shipped_products()["generic-rpp-800"]
    bare = record.to_json() | {
        "quantities": [
            item.to_json() for item in record.quantities if item.name != "efficiency_fraction"
        ]
    }
    from catalog.loader import read_products

    products = {**shipped_products(), **read_products([("panel", bare)])}
    document = Document.of([placed(1, "panel", "generic-rpp-800")])
    plant, assumptions = assemble(document, products)

    assert plant.power_nodes.loss_c[0] == assumptions.value("power.distribution.loss_c")


def test_boxes_know_their_hall():
    boxes = plant_of(HALL, rack(1), rack(100)).boxes

    assert boxes.hall.tolist() == [0, -1]


def test_a_busway_runs_overhead_and_a_containment_is_a_zone():
    boxes = plant_of(UNIT, module(1)).boxes
    levels = dict(zip(boxes.kind, boxes.level, strict=True))

    assert levels["busway"] == 1
    assert levels["containment"] == 2
    assert levels["rack"] == 0


@settings(max_examples=10, deadline=None)
@given(st.integers(1, 30))
def test_n_modules_have_n_times_the_racks_power_and_mass(count):
    one = plant_of(UNIT, module(1))
    many = plant_of(UNIT, *(module(n + 1) for n in range(count)))

    assert many.racks.sustained_kw.sum() == count * one.racks.sustained_kw.sum()
    assert many.cdus.capacity_kw.sum() == count * one.cdus.capacity_kw.sum()
    assert many.boxes.mass_kg.sum() == pytest.approx(count * one.boxes.mass_kg.sum())
    assert len(many.loops) == count


def test_one_parameter_of_a_module_type_changes_every_copy():
    changed = deepcopy(UNIT)
    changed["racks"] |= {"product_id": VR, "variant": "maxp"}

    plant = plant_of(changed, module(1), module(2))

    assert set(plant.racks.sustained_kw.tolist()) == {227}
    assert plant.gpus == ("vr200",)


def test_an_override_changes_one_rack_of_one_copy():
    own = {"rack-1-03": {"load": {"sustained_kw": 100}}}

    plant = plant_of(UNIT, module(1, overrides=own), module(2))

    changed = [
        id_ for id_, kw in zip(plant.racks.id, plant.racks.sustained_kw, strict=True) if kw == 100
    ]
    assert changed == [f"{id_of(1)}/rack-1-03"]


def test_every_problem_is_listed_with_its_path():
    problems = problems_of(
        rack(1, "no-such-rack"),
        rack(2, "generic-cdu-600"),
        rack(3, VR, variant={"variant": "maxx"}),
        rack(4, load={"sustained_kw": 100, "liquid_kw": 101}),
        rack(5, feeds={"a": f"{id_of(7)}/busway-a-9", "b": None}),
        {"id": id_of(99), "kind": "site", "assumptions": {"no.such.line": 1}},
    )
    paths = {problem["path"] for problem in problems}

    assert paths == {
        f"elements[{id_of(1)}].product",
        f"elements[{id_of(2)}].product",
        f"elements[{id_of(3)}].product",
        f"elements[{id_of(4)}].load.liquid_kw",
        f"elements[{id_of(5)}].feeds.a",
        f"elements[{id_of(99)}].assumptions.no.such.line",
    }


def test_a_module_type_of_an_unknown_product_is_a_problem():
    unknown = deepcopy(UNIT)
    unknown["racks"]["product_id"] = "no-such-rack"

    paths = [problem["path"] for problem in problems_of(unknown, module(1))]

    assert f"elements[{UNIT['id']}].racks.product_id" in paths


def test_settings_of_the_site_arrive():
    site = {
        "id": id_of(99),
        "kind": "site",
        "location": {"site_id": "us-va"},
        "cooling": {"tcs_supply_c": 30},
        "workload": {"model": "deepseek-r1", "interactivity_tok_s_user": 60},
        "assumptions": {"op.elec": 0.2, "rule.AISLE-COLD": 1500},
    }
    plant, assumptions = assemble(Document.of([site]), shipped_products())

    assert plant.site.tcs_supply_c == 30
    assert plant.site.workload.model == "deepseek-r1"
    assert {"site_id", "tcs_supply_c", "workload.model"} <= plant.site.stated
    assert assumptions.value("op.elec") == 0.2
    assert assumptions["op.elec"].confidence == "user"
    assert assumptions.rule_values["AISLE-COLD"] == 1500


def test_the_order_of_elements_does_not_matter():
    elements = [HALL, UNIT, module(1), module(2), rack(3), placed(4, "cdu", "generic-cdu-600")]

    forth, back = plant_of(*elements), plant_of(*reversed(elements))

    assert forth.racks.id == back.racks.id
    np.testing.assert_array_equal(forth.boxes.corners_mm, back.boxes.corners_mm)
    assert forth.state_hash == back.state_hash


def run(n, kind, **groups):
    path = {"points_mm": [[0, 2000], [9000, 2000]], **groups.pop("path", {})}
    return {
        "id": id_of(n),
        "kind": kind,
        "path": path,
        "identity": {"tag": f"{kind}-{n}"},
        **groups,
    }


def test_drawn_runs_become_tables():
    plant = plant_of(
        placed(1, "cdu", "generic-cdu-600", cooling={"loop": "TCS"}),
        placed(2, "ups", "generic-ups-3000"),
        run(
            10,
            "pipe",
            pipe={"loop": "TCS", "bore_mm": 80, "resistance_factor": 2},
            path={"elevation_mm": 2700},
        ),
        run(11, "pipe", pipe={"loop": "elsewhere"}),
        run(12, "tray", tray={"width_mm": 300, "depth_mm": 60}),
        run(13, "feeder", feeder={"to": id_of(2), "conductor_mm2": 240, "sets": 3}),
        run(14, "feeder", feeder={"to": None}),
    )

    assert plant.pipes.loop.tolist() == [0, -1]
    assert plant.pipes.bore_m.tolist() == [0.08, 0.0]
    assert plant.pipes.resistance_factor.tolist() == [2.0, 1.0]
    assert plant.pipes.elevation_mm.tolist() == [2700.0, 0.0]
    assert (plant.trays.width_mm[0], plant.trays.depth_mm[0]) == (300.0, 60.0)
    assert plant.feeders.node.tolist() == [0, -1]
    assert plant.feeders.conductor_mm2.tolist() == [240.0, 0.0]
    assert plant.feeders.sets.tolist() == [3, 1]
    assert plant.feeders.points_mm[0].tolist() == [[0.0, 2000.0], [9000.0, 2000.0]]


def test_a_feeder_to_what_no_module_has_is_refused():
    to = f"{id_of(1)}/busway-a-9"

    (problem,) = problems_of(UNIT, module(1), run(13, "feeder", feeder={"to": to}))

    assert problem["path"] == f"elements[{id_of(13)}].feeder.to"


def test_the_resistance_of_one_row_of_a_module_is_felt_by_its_racks_alone():
    doubled = {"pipe-1": {"pipe": {"loop": "TCS-SU1", "resistance_factor": 2}}}
    plain, other = (
        assemble(Document.of([UNIT, HALL, each]), shipped_products())
        for each in (module(1), module(1, overrides=doubled))
    )

    before, after = (evaluate(*each, "edit").cooling.rack_path_kpa for each in (plain, other))

    in_row = np.array(["/rack-1-" in id_ for id_ in plain[0].racks.id])
    assert (after[in_row] > before[in_row]).all()
    assert after[~in_row] == pytest.approx(before[~in_row])
