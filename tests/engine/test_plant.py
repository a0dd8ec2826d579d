import numpy as np
import pytest

from engine.errors import Invalid
from engine.plant import Boxes, Plant, PlantInconsistent, Racks, Site, box_corners


def test_a_left_out_column_takes_its_default():
    racks = Racks(id=("a", "b"))

    assert racks.tcs_supply_max_c.tolist() == [45.0, 45.0]
    assert racks.tag == ("", "")


def test_a_table_without_rows_has_empty_columns():
    assert Racks().sustained_kw.shape == (0,)
    assert Boxes().corners_mm.shape == (0, 4, 2)


def test_a_column_of_the_wrong_length_is_refused():
    with pytest.raises(PlantInconsistent, match="one entry per row"):
        Racks(id=("a",), sustained_kw=[1.0, 2.0])


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_a_number_that_is_not_finite_is_refused(value):
    with pytest.raises(PlantInconsistent, match="finite"):
        Racks(id=("a",), sustained_kw=[value])


def test_columns_cannot_be_written():
    racks = Racks(id=("a",), sustained_kw=[1.0])

    with pytest.raises(ValueError, match="read-only"):
        racks.sustained_kw[0] = 2.0


def test_a_reference_to_no_row_is_refused():
    with pytest.raises(PlantInconsistent, match="points at no row"):
        Plant(boxes=Boxes(id=("a",)), racks=Racks(id=("a",), box=[0], feed_a=[0]))


@pytest.mark.parametrize("field", [{"heat_load_fraction": -0.1}, {"voltage_v": 0.0}])
def test_a_site_setting_out_of_range_is_refused(field):
    with pytest.raises(Invalid):
        Site(**field)


def test_corners_start_front_left_and_turn_counter_clockwise():
    corners = box_corners([[10.0, 20.0]], [90.0], [600.0], [1200.0])

    expected = [[10.0, 20.0], [10.0, 620.0], [-1190.0, 620.0], [-1190.0, 20.0]]
    assert np.array_equal(corners[0], expected)
