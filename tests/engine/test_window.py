"""The moving window and the histogram of racks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import OutOfRange
from engine.space.window import moving_window, power_histogram


@given(rows=st.integers(1, 12), columns=st.integers(1, 12), reach=st.integers(0, 5))
def test_the_window_is_the_mean_of_the_cells_around(rows, columns, reach):
    grid = np.random.default_rng(rows * 100 + columns).uniform(0.0, 20.0, (rows, columns))

    found = moving_window(grid, reach)

    for y in range(rows):
        for x in range(columns):
            near = grid[max(y - reach, 0) : y + reach + 1, max(x - reach, 0) : x + reach + 1]
            assert found[y, x] == pytest.approx(near.mean())


def test_away_from_walls_the_window_keeps_the_power():
    grid = np.zeros((41, 41))
    grid[20, 20] = 140.0

    assert moving_window(grid, 3).sum() == pytest.approx(140.0, rel=1e-12)


@given(st.lists(st.floats(0.0, 500.0), min_size=1, max_size=50))
def test_every_rack_is_in_one_class(powers):
    edges, count = power_histogram(powers, 20.0)

    assert count.sum() == len(powers)
    assert len(edges) == len(count) + 1
    assert edges[-1] > max(powers)


@pytest.mark.parametrize(
    "call",
    [
        lambda: moving_window([1.0], 1),
        lambda: moving_window([[np.nan]], 1),
        lambda: moving_window([[1.0]], -1),
        lambda: power_histogram([-1.0], 10.0),
        lambda: power_histogram([1.0], 0.0),
    ],
)
def test_what_makes_no_sense_is_refused(call):
    with pytest.raises(OutOfRange):
        call()
