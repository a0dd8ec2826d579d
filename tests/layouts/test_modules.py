"""Modules expand into the same members as in the browser, wherever and however they stand."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layouts.modules import expand, plan

GOLDEN = sorted((Path(__file__).parents[1] / "golden" / "modules").glob("*.json"))
SIZES = {
    "rack": {"width_mm": 600, "depth_mm": 1068, "height_mm": 2236},
    "cdu": {"width_mm": 800, "depth_mm": 1200, "height_mm": 2100},
    "busway": {"width_mm": 4800, "depth_mm": 200, "height_mm": 250},
}
TYPE = {
    "id": "type",
    "kind": "module_type",
    "racks": {"product_id": "rack", "rows": 2, "per_row": 4, "pitch_mm": 600},
    "aisle": {"kind": "hot", "width_mm": 1200, "contained": True},
    "cdus": {"product_id": "cdu", "count": 3, "redundancy": 1, "position": "ends"},
    "power": {"product_id": "busway", "sides": 2},
}


def module(x_mm=0.0, y_mm=0.0, rotation_deg=0.0, *, id_="m", **groups):
    placement = {"x_mm": x_mm, "y_mm": y_mm, "rotation_deg": rotation_deg}
    mirrored = groups.pop("mirrored", False)
    return {
        "id": id_,
        "kind": "module",
        "placement": placement | ({"mirrored": True} if mirrored else {}),
        "identity": {"tag": id_.upper()},
        "type": {"type_id": "type"},
        **groups,
    }


def slot(members, name):
    return next(member for member in members if member["id"].partition("/")[2] == name)


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_golden_case(path):
    case = json.loads(path.read_text())

    members = expand(case["document"]["elements"], case["products"])

    assert members == case["members"]


def test_there_are_golden_cases():
    assert len(GOLDEN) >= 7


@given(st.integers(1, 20), st.sampled_from([0.0, 90.0, 180.0, 270.0, 33.3]), st.booleans())
def test_every_copy_has_the_same_members(copies, rotation_deg, mirrored):
    modules = [
        module(i * 9000.0, 0.0, rotation_deg, id_=f"m{i}", mirrored=mirrored) for i in range(copies)
    ]

    members = expand([TYPE, *modules], SIZES)

    planned = plan(TYPE, SIZES)
    assert len(members) == copies * len(planned.parts + planned.runs)
    assert len({member["id"] for member in members}) == len(members)


@given(
    st.floats(-1e6, 1e6),
    st.floats(-1e6, 1e6),
    st.sampled_from([0.0, 90.0, 180.0, 270.0]),
    st.booleans(),
)
def test_a_quarter_turn_keeps_racks_edge_to_edge(x_mm, y_mm, rotation_deg, mirrored):
    members = expand([TYPE, module(x_mm, y_mm, rotation_deg, mirrored=mirrored)], SIZES)

    first, second = slot(members, "rack-1-01")["placement"], slot(members, "rack-1-02")["placement"]
    apart = abs(first["x_mm"] - second["x_mm"]) + abs(first["y_mm"] - second["y_mm"])
    assert round(apart, 1) == 600


def test_rows_around_a_hot_aisle_turn_their_backs_to_it():
    members = expand([TYPE, module()], SIZES)

    assert slot(members, "rack-1-01")["placement"]["rotation_deg"] == 0
    assert slot(members, "rack-2-01")["placement"]["rotation_deg"] == 180
    # A turned rack reaches from its origin towards -y: its back is at 1068 + 1200.
    assert slot(members, "rack-2-01")["placement"]["y_mm"] == 2 * 1068 + 1200


def test_mirroring_twice_along_the_same_line_is_the_plain_block_seen_from_behind():
    """A mirrored block takes the same room on the other side of its origin."""
    plain = slot(expand([TYPE, module()], SIZES), "rack-1-01")["placement"]
    mirrored = slot(expand([TYPE, module(mirrored=True)], SIZES), "rack-1-01")["placement"]

    assert mirrored["x_mm"] == -(plain["x_mm"] + 600)
    assert mirrored["rotation_deg"] == 0


def test_a_parameter_shows_in_every_copy():
    narrower = {**TYPE, "racks": {**TYPE["racks"], "per_row": 3}}

    members = expand([narrower, module(id_="a"), module(0.0, 9000.0, id_="b")], SIZES)

    racks = [member["id"] for member in members if member["kind"] == "rack"]
    assert sum(id_.startswith("a/") for id_ in racks) == 6
    assert sum(id_.startswith("b/") for id_ in racks) == 6


def test_pipes_run_behind_their_row_from_cdu_to_cdu_or_to_its_last_rack():
    members = expand([TYPE, module()], SIZES)

    # CDUs 1 and 3 stand at both ends of row 1, CDU 2 at the left of row 2, all 800 x 1200 mm.
    assert slot(members, "pipe-1")["path"] == {
        "points_mm": [[400, 600], [400, 1218], [3600, 1218], [3600, 600]]
    }
    assert slot(members, "pipe-2")["path"] == {
        "points_mm": [[400, 2736], [400, 2118], [2900, 2118]]
    }
    assert slot(members, "pipe-2")["pipe"] == {"loop": "TCS-M"}
    assert slot(members, "pipe-2")["identity"] == {"tag": "M-P2"}


def test_a_row_without_a_cdu_of_its_own_is_piped_from_the_first():
    one = {**TYPE, "cdus": {**TYPE["cdus"], "count": 1, "position": "right"}}

    members = expand([one, module()], SIZES)

    assert slot(members, "pipe-2")["path"] == {
        "points_mm": [[2800, 600], [2800, 2118], [300, 2118]]
    }


def test_a_module_without_cdus_has_no_pipes():
    dry = {**TYPE, "cdus": {**TYPE["cdus"], "product_id": None}}

    kinds = {member["kind"] for member in expand([dry, module()], SIZES)}

    assert "pipe" not in kinds
    assert "tray" in kinds


def test_trays_run_over_the_fronts_of_the_racks():
    members = expand([TYPE, module()], SIZES)

    assert slot(members, "tray-1")["path"] == {"points_mm": [[1100, 200], [2900, 200]]}
    assert slot(members, "tray-2")["path"] == {"points_mm": [[1100, 3136], [2900, 3136]]}


def test_a_tray_over_one_rack_is_as_long_as_the_rack():
    single = {**TYPE, "racks": {**TYPE["racks"], "per_row": 1}}

    members = expand([single, module()], SIZES)

    assert slot(members, "tray-1")["path"] == {"points_mm": [[800, 200], [1400, 200]]}


def test_runs_turn_and_mirror_with_their_module():
    members = expand([TYPE, module(1000.0, 2000.0, 90.0, mirrored=True)], SIZES)

    assert slot(members, "tray-1")["path"] == {"points_mm": [[800, 900], [800, -900]]}


def test_an_override_belongs_to_one_copy_and_shows():
    own = {"rack-1-02": {"load": {"sustained_kw": 120}}}
    members = expand([TYPE, module(id_="a", overrides=own), module(0, 9000.0, id_="b")], SIZES)

    changed = [member for member in members if "overridden" in member]
    assert [member["id"] for member in changed] == ["a/rack-1-02"]
    assert changed[0]["overridden"] == ["load"]
    assert changed[0]["load"] == {"sustained_kw": 120}


def test_an_overridden_place_moves_with_its_module():
    own = {"rack-1-02": {"placement": {"x_mm": 100, "y_mm": 200, "rotation_deg": 0}}}

    members = expand([TYPE, module(1000.0, 0.0, 90.0, overrides=own)], SIZES)

    assert slot(members, "rack-1-02")["placement"] == {
        "x_mm": 800,
        "y_mm": 100,
        "rotation_deg": 90,
    }


def test_an_overridden_run_is_in_the_frame_of_its_module_and_keeps_what_else_it_is():
    own = {"pipe-1": {"path": {"points_mm": [[0, 100], [500, 100]], "elevation_mm": 300}}}

    pipe = slot(expand([TYPE, module(1000.0, 0.0, 90.0, overrides=own)], SIZES), "pipe-1")

    assert pipe["path"] == {"points_mm": [[900, 0], [900, 500]], "elevation_mm": 300}
    assert pipe["pipe"] == {"loop": "TCS-M"}
    assert pipe["overridden"] == ["path"]


def test_rows_draw_from_their_own_busways():
    members = expand([TYPE, module()], SIZES)

    assert slot(members, "rack-1-01")["feeds"] == {"a": "m/busway-a-1", "b": "m/busway-b-1"}
    assert slot(members, "rack-2-01")["feeds"] == {"a": "m/busway-a-2", "b": "m/busway-b-2"}


def test_a_module_of_an_unknown_type_has_no_members():
    assert expand([module()], SIZES) == []
