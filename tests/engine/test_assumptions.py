import math

import pytest

from engine.assumptions import Assumptions, UnknownAssumption
from engine.errors import Invalid


def test_an_override_counts_as_the_users_own():
    lines = Assumptions.load({"power.ups.loss_a": 0.004})

    assert lines.value("power.ups.loss_a") == 0.004
    assert lines["power.ups.loss_a"].confidence == "user"
    assert Assumptions.load()["power.ups.loss_a"].confidence != "user"


def test_a_rule_value_is_kept_apart_from_the_lines():
    lines = Assumptions.load({"rule.AISLE-COLD": 1100.0})

    assert lines.rule_values == {"AISLE-COLD": 1100.0}


def test_an_unknown_line_is_refused_by_name():
    with pytest.raises(UnknownAssumption, match=r"no\.such\.line"):
        Assumptions.load({"no.such.line": 1.0})
    with pytest.raises(UnknownAssumption, match=r"no\.such\.line"):
        Assumptions.load().value("no.such.line")


def test_an_override_must_be_finite():
    with pytest.raises(Invalid, match="finite"):
        Assumptions.load({"power.ups.loss_a": math.nan})


def test_every_shipped_line_says_where_it_comes_from():
    for name, line in Assumptions.load().items():
        assert line.source, name
        assert line.confidence, name
        assert line.low is None or line.low <= line.value, name
        assert line.high is None or line.value <= line.high, name
