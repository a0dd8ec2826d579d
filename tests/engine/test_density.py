from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.errors import OutOfRange
from engine.plant import Halls, Plant, box_corners
from engine.space.density import (
    MAX_CELLS,
    Grid,
    grid_over,
    power_map,
    spread_on_grid,
)
from engine.space.smoothing import smooth_gaussian, smooth_within
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


def test_a_wall_between_two_halls_stops_the_map():
    plant = pod()
    boxes = plant.rack_corners_mm
    low, high = boxes.min(axis=(0, 1)), boxes.max(axis=(0, 1))
    wall = float(np.ceil(high[1] / 500.0) * 500.0)
    left, wide = float(low[0]) - 2000.0, float(high[0] - low[0]) + 4000.0
    with_racks = rectangle(left, float(low[1]) - 2000.0, wide, wall - float(low[1]) + 2000.0)
    beside = rectangle(left, wall, wide, 6000.0)
    halls = Halls(id=("one", "two"), outline_mm=(with_racks, beside))

    heat_map = power_map(replace(plant, halls=halls), np.full(8, 132.0), 500.0, 1.5)

    cells = heat_map.kw_m2.reshape(heat_map.rows, heat_map.columns)
    first_beside = round((wall - heat_map.y0_mm) / heat_map.cell_mm)
    assert cells[first_beside - 1].max() > 1.0
    assert cells[first_beside:].max() == 0.0
    assert heat_map.kw_m2.sum() * 0.25 == pytest.approx(8 * 132.0, rel=1e-9)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), sigma=st.floats(0.0, 4.0))
def test_every_zone_keeps_its_power(seed, sigma):
    random = np.random.default_rng(seed)
    power, zone = random.uniform(0.0, 9.0, (20, 31)), random.integers(-1, 3, (20, 31))

    smooth = smooth_within(power, sigma, zone)

    for number in range(-1, 3):
        kept = smooth[zone == number].sum()
        assert kept == pytest.approx(power[zone == number].sum(), rel=1e-9)


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
