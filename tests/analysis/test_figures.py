"""How figures are written."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.figures import (
    BY_PATH,
    MINUS,
    decimals_for,
    number,
    plain,
    rounded_parts,
    significant,
    value_at,
)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (1056, 0, "1\u202f056"),
        (1234567.891, 1, "1\u202f234\u202f567.9"),
        (-0.5, 1, f"{MINUS}0.5"),
        (-0.04, 1, "0.0"),
        (None, 0, "–"),
    ],
)
def test_numbers(value, decimals, text):
    assert number(value, decimals) == text


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (0.1181, 3, "0.118"),
        (0.9996, 3, "1.00"),
        (99.96, 3, "100"),
        (1136.4, 3, "1\u202f136"),
        (0.0, 3, "0"),
    ],
)
def test_significant_digits(value, digits, text):
    assert significant(value, digits) == text


def test_a_stated_number_keeps_no_zeros_at_its_end():
    assert plain(0.006) == "0.006"
    assert plain(1500.0) == "1\u202f500"
    assert plain(142.5) == "142.5"


@given(st.floats(1e-6, 1e9), st.integers(1, 6))
def test_significant_is_within_half_a_digit(value, digits):
    shown = float(significant(value, digits).replace("\u202f", ""))

    assert abs(shown - value) <= 0.5 * 10 ** -decimals_for(value, digits) * (1 + 1e-9)


@given(st.lists(st.floats(0, 1000), min_size=1, max_size=20), st.integers(0, 4))
def test_rounded_parts_add_up_to_the_rounded_whole(values, decimals):
    parts = rounded_parts(values, decimals)

    total = 0.0
    for value in values:
        total += value
    assert math.isclose(sum(parts), round(total, decimals), abs_tol=1e-6)
    for part, value in zip(parts, values, strict=True):
        assert abs(part - value) <= 10**-decimals + 1e-9


def test_values_are_found_by_path_or_absent():
    result = {"energy": {"pue": 1.1, "note": "text"}}

    assert value_at(result, "energy.pue") == 1.1
    assert value_at(result, "energy.note") is None
    assert value_at(result, "energy.pue.deeper") is None
    assert value_at(result, "nothing.here") is None


def test_a_figure_carries_its_unit():
    figure = BY_PATH["compute.tokens_per_s"]

    assert figure.written({"compute": {"tokens_per_s": 59.14e6}}) == "59.1\u202fM tok/s"
    assert figure.written({"compute": {"tokens_per_s": None}}) == "–"
