"""What was measured and what it is held against, in print."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.findings import MOST_DECIMALS, Finding, apart, decimals_apart
from engine.rules import load_rules
from reports.formats.pdf import measure


@pytest.mark.parametrize(
    ("measured", "required", "decimals"),
    [(41.04, 41.0, 2), (41.0004, 41.0, 4), (41.0, 41.0, 0), (1400.2, 1399.9, 1), (3.0, None, 0)],
)
def test_decimals_are_the_fewest_that_tell_two_numbers_apart(measured, required, decimals):
    assert decimals_apart(measured, required) == decimals


@given(a=st.floats(-1e5, 1e5), b=st.floats(-1e5, 1e5))
def test_two_numbers_that_differ_read_as_different_ones(a, b):
    one, other = apart(a, b)

    if round(a, MOST_DECIMALS) != round(b, MOST_DECIMALS):
        assert f"{one:,.0f}" != f"{other:,.0f}"
        assert f"{one:.1f}" != f"{other:.1f}"
    assert (one, other) == (a, b)


def test_a_rule_writes_both_numbers_apart_and_the_report_too():
    rule = load_rules("us-nec")["CLR-FRONT"]

    found = rule.finding(
        element_ids=["a"], measured=1066.8, required=1067.2, subject="A", other="B"
    ).to_json()

    assert "1066.8 mm" in found["detail"] and "1067.2 mm" in found["detail"]
    assert measure(found, "measured") != measure(found, "required")


def test_a_set_point_missed_by_little_is_not_printed_as_met():
    found = Finding(
        rule="COOL-FWS-REACH",
        severity="warning",
        discipline="cooling",
        title="",
        detail="",
        measured=41.0004,
        required=41.0,
        unit="°C",
    ).to_json()

    assert measure(found, "measured") == "41.0004 °C"
    assert measure(found, "required") == "41.0000 °C"
