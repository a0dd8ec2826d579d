"""Whose figures count where: own tariffs, other sites, the hours of a year, levelised finance."""

import pytest
from django.urls import reverse

from analysis.site_settings import set_site_group, site_group
from economics import answers
from layouts.models import Design

pytestmark = pytest.mark.django_db


def computed_again(browser, design, work_off):
    browser.post(reverse("run-economics", args=[design.pk]))
    work_off()
    return browser.get(f"/api/designs/{design.pk}/economics").json()


def api_of(browser, design, path):
    return browser.get(f"/api/designs/{design.pk}/economics{path}").json()


def changed(design, editor, group, **values):
    design = Design.objects.get(pk=design.pk)
    value = {**site_group(design, group), **values}
    set_site_group(author=editor, design=design, group=group, value=value, label="Set")


def test_an_own_tariff_counts_at_the_own_site_only(computed, design, editor, work_off):
    changed(design, editor, "location", site_id="fi-hel")
    changed(design, editor, "assumptions", **{"op.elec": 0.5})
    here = computed_again(computed, design, work_off)["figures"]["price.electricity"]["value"]
    there = computed.get(f"/api/designs/{design.pk}/economics?site=za-jnb").json()
    typed = computed.get(f"/api/designs/{design.pk}/economics?site=za-jnb&elec=0.3").json()
    text = computed.get(reverse("economics", args=[design.pk])).content.decode()

    assert here == 0.5
    assert there["figures"]["price.electricity"]["value"] == 0.085
    assert typed["figures"]["price.electricity"]["value"] == 0.3
    assert "The electricity price set here counts at this site only" in text


def test_the_pue_of_a_computed_year_stands_in_for_the_mean_day(computed, design, monkeypatch):
    address = reverse("economics", args=[design.pk])
    before = computed.get(address).content.decode()
    year = {
        "reason": None,
        "totals": {"pue": 1.234, "wue_l_per_kwh": 0.5},
        "weather": {"name": "Kulai"},
    }
    monkeypatch.setattr(answers, "year_of", lambda design, revision: year)
    after = computed.get(address).content.decode()
    figures = computed.get(f"/api/designs/{design.pk}/economics").json()["figures"]

    assert "at the mean temperature" in before and "run the year" in before
    assert "1.234 of 8,760 hours of Kulai" in after and "run the year" not in after
    assert figures["energy.pue_mean"] == {
        "value": 1.234, "unit": "1", "label": "PUE of 8,760 hours of Kulai",
    }  # fmt: skip


def test_a_year_that_was_refused_changes_nothing(computed, design, monkeypatch):
    monkeypatch.setattr(answers, "year_of", lambda design, revision: {"reason": "no weather"})

    text = computed.get(reverse("economics", args=[design.pk])).content.decode()

    assert "at the mean temperature" in text


def test_levelised_finance_of_the_document_is_the_figure_of_the_view(
    computed, design, editor, work_off
):
    changed(design, editor, "finance", mode="levelised")
    answer = computed_again(computed, design, work_off)
    text = computed.get(reverse("economics", args=[design.pk])).content.decode()
    yearly = computed.get(reverse("economics", args=[design.pk]) + "?mode=annuity").content.decode()

    lived, annuity = answer["usd_per_mtok_levelised"], api_of(computed, design, "?mode=annuity")
    assert lived == answer["usd_per_mtok_by_class"]["blended"]
    level = annuity["usd_per_mtok_by_class"]["blended"]
    assert level < lived < 1.25 * level, "ramp and wear, and nothing that the future may bring"
    assert answer["usd_per_mtok_levelised_with_gains"] < 0.5 * level
    assert lived == annuity["usd_per_mtok_levelised"] and annuity["mode"] == "annuity"
    luck = api_of(computed, design, "/range?count=256")["figures"]["cost.usd_per_mtok"]
    assert luck["p10"] < lived < luck["p90"]
    tornado = api_of(computed, design, "/tornado")
    assert tornado["usd_per_mtok"] == pytest.approx(lived, rel=1e-9)
    assert "by the annuity" not in text and "range from the annuity" not in text
    assert (
        f"<b>${lived:.3f}</b>" in text
        and "levelised over the life, today&#x27;s speed kept" in text
    )
    assert f"<b>${lived:.3f}</b>" not in yearly


def test_an_empty_field_wears_the_badge_of_its_source(computed, design):
    text = computed.get(reverse("economics", args=[design.pk])).content.decode()
    hits = text[text.index('id="f-hit"') :][:700]

    assert 'data-confidence="published-secondary"' in hits
    assert 'data-confidence="user"' not in hits
