from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from engine.findings import Finding
from engine.plant import Waiver
from engine.rules import FILES, UnknownRule, apply_waivers, load_rules

DOCS = Path(__file__).parents[2] / "docs" / "findings.md"
NEC = load_rules("us-nec")


def finding():
    return NEC["CLR-FRONT"].finding(
        element_ids=["a", "b"], measured=800.0, subject="R01", other="R02"
    )


def waiver(**changes):
    granted = Waiver(
        id="w",
        rule="CLR-FRONT",
        element_ids=("a", "b"),
        reason="existing building",
        expires_on=date(2027, 6, 30),
        granted_by="Lead",
    )
    return replace(granted, **changes)


@pytest.mark.parametrize("name", FILES)
def test_every_rule_has_a_source_and_a_row_in_the_docs(name):
    text = DOCS.read_text(encoding="utf-8")
    for code, rule in load_rules(name).rules.items():
        assert rule.source, code
        assert rule.confidence, code
        assert f"`{code}`" in text, code


def test_the_iec_set_replaces_the_working_space_rule():
    iec = load_rules("iec")

    assert iec.for_check("working-space").code == "IEC-729"
    assert "NEC-110.26" not in iec.rules
    assert iec["AISLE-COLD"] == NEC["AISLE-COLD"]


@pytest.mark.parametrize(
    ("volts", "label", "depths"),
    [
        (120.0, "0-150 V", (914.0, 914.0, 914.0)),
        (150.0, "0-150 V", (914.0, 914.0, 914.0)),
        (240.0, "151-600 V", (914.0, 1067.0, 1219.0)),
        (800.0, "601-1000 V", (914.0, 1219.0, 1524.0)),
    ],
)
def test_working_space_depth_by_voltage_to_ground(volts, label, depths):
    """NEC table 110.26(A)(1)."""
    band = NEC.for_check("working-space").band(volts)

    assert (band.label, band.depth_mm) == (label, depths)


def test_the_designs_own_value_replaces_the_default():
    rules = NEC.with_values({"AISLE-COLD": 1100.0, "NEC-110.26": 1500.0})

    assert rules["AISLE-COLD"].value == 1100.0
    assert rules["AISLE-COLD"].confidence == "user"
    assert rules["NEC-110.26"].band(240.0).depth_mm == (1500.0, 1500.0, 1500.0)


def test_a_value_for_a_rule_of_another_set_is_kept_quiet():
    assert load_rules("iec").with_values({"NEC-110.26": 1500.0}).rules == load_rules("iec").rules


def test_a_value_for_no_rule_at_all_is_refused():
    with pytest.raises(UnknownRule, match="NO-SUCH"):
        NEC.with_values({"NO-SUCH": 1.0})


def test_an_unknown_set_is_refused():
    with pytest.raises(UnknownRule, match="martian"):
        load_rules("martian")


def test_a_waived_finding_stays_in_the_list():
    (waived,) = apply_waivers([finding()], [waiver()], date(2027, 6, 30))

    assert waived.waiver.in_force
    assert waived.waiver.reason == "existing building"
    assert waived.id == finding().id


def test_an_expired_waiver_fails_again_and_says_so():
    (failed,) = apply_waivers([finding()], [waiver()], date(2027, 7, 1))

    assert not failed.waiver.in_force
    assert "expired on 2027-06-30" in failed.detail


def test_a_waived_blocking_finding_blocks_again_after_expiry():
    blocking = replace(finding(), severity="blocking")

    (before,) = apply_waivers([blocking], [waiver()], date(2027, 1, 1))
    (after,) = apply_waivers([blocking], [waiver()], date(2028, 1, 1))

    assert not before.is_blocking
    assert after.is_blocking


@pytest.mark.parametrize("change", [{"rule": "CLR-REAR"}, {"element_ids": ("a",)}])
def test_a_waiver_covers_only_its_rule_and_elements(change):
    assert apply_waivers([finding()], [waiver(**change)], None) == (finding(),)


def test_the_longest_waiver_counts():
    late = waiver(id="late", expires_on=date(2030, 1, 1))

    (waived,) = apply_waivers([finding()], [late, waiver()], date(2029, 1, 1))

    assert waived.waiver.id == "late"
    assert waived.waiver.in_force


@pytest.mark.parametrize(
    ("measured", "required", "compares", "bound"),
    [
        (227.2, 200.0, None, "limit"),
        (1000.0, 1067.0, None, "required"),
        (50.0, 30.0, "expected", "expected"),
        (None, None, None, None),
    ],
)
def test_a_finding_says_what_its_measure_is_held_against(measured, required, compares, bound):
    finding = Finding(
        rule="COOL-CAP",
        severity="blocking",
        discipline="cooling",
        title="T",
        detail="D",
        measured=measured,
        required=required,
        compares=compares,
    )

    assert finding.to_json()["bound"] == bound
