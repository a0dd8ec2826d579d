from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import OutOfRange
from engine.plant import Plant, box_corners
from engine.space.density import (
    MAX_CELLS,
    Grid,
    grid_over,
    power_map,
    smooth_gaussian,
    spread_on_grid,
)
from tests.strategies import plants, pod, rectangle


def test_the_kernel_peaks_at_p_over_two_pi_sigma_squared():
    """140 kW, sigma 1.2 m: P / (2 pi s^2) = 15.473397 kW/m2, within 1 %."""
    power = np.zeros((61, 61))
    power[30, 30] = 140.0

    smooth = smooth_gaussian(power, 1.2 / 0.5)

    assert smooth.max() / 0.25 == pytest.approx(15.473397, rel=0.01)
    assert smooth.sum() == pytest.approx(140.0, rel=1e-12)


@settings(max_examples=30, deadline=None)
@given(plant=plants(), sigma=st.floats(min_value=0.0, max_value=2.0))
def test_the_map_holds_the_power_of_the_racks(plant, sigma):
    kw = np.linspace(1.0, 200.0, len(plant.racks))

    heat_map = power_map(plant, kw, 500.0, sigma)

    if heat_map is None:
        assert len(plant.racks) == 0
    else:
        assert heat_map.kw_m2.sum() * 0.25 == pytest.approx(kw.sum(), rel=1e-9)
        assert heat_map.kw_m2.min() >= 0.0


@given(turn=st.floats(min_value=0.0, max_value=359.9))
def test_a_turned_rack_keeps_its_power(turn):
    corners = box_corners([[5000.0, 5000.0]], [turn], [600.0], [1200.0])
    grid = Grid(x0_mm=0.0, y0_mm=0.0, cell_mm=500.0, columns=20, rows=20)

    power = spread_on_grid(corners, np.array([132.0]), grid)

    assert power.sum() == pytest.approx(132.0, rel=1e-9)


def test_power_is_shared_by_exact_area():
    corners = box_corners([[400.0, 0.0]], [0.0], [200.0], [500.0])
    grid = Grid(x0_mm=0.0, y0_mm=0.0, cell_mm=500.0, columns=3, rows=1)

    power = spread_on_grid(corners, np.array([10.0]), grid)

    np.testing.assert_allclose(power, [[5.0, 5.0, 0.0]], rtol=1e-12)


def test_a_huge_site_gets_larger_cells():
    plant = pod()
    halls = replace(plant.halls, outline_mm=(rectangle(0, 0, 2_000_000, 1_000_000),))

    grid = grid_over(replace(plant, halls=halls), 500.0)

    assert grid.columns * grid.rows <= MAX_CELLS
    assert grid.cell_mm == 4000.0


def test_no_racks_no_map():
    assert power_map(Plant(), np.zeros(0), 500.0, 1.2) is None


@pytest.mark.parametrize(
    "bad", [{"cell_mm": 0.0, "sigma_m": 1.0}, {"cell_mm": 500.0, "sigma_m": -1.0}]
)
def test_an_impossible_map_is_refused(bad):
    with pytest.raises(OutOfRange):
        power_map(pod(), np.full(8, 1.0), **bad)
